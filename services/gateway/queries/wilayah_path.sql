-- What are these wilayah called, from the provinsi down?
-- $1: the code and those of everything that contains it.
SELECT kode, nama, tingkat, lintang, bujur
FROM wilayah
WHERE kode = ANY($1::text[])
ORDER BY tingkat
