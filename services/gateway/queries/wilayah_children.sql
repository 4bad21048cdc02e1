-- Which wilayah lie directly in this one?
-- $1: its code.
SELECT kode, nama, tingkat, lintang, bujur
FROM wilayah
WHERE induk = $1
ORDER BY kode
