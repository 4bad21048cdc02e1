-- What is usual among the TPS of these wilayah?
-- $1: kontes; $2: codes of kabupaten and kecamatan.
SELECT u.wilayah, w.nama, u.ukuran, u.calon, u.tps, u.kuartil_1, u.median, u.kuartil_3, u.mad
FROM statistik_ukuran AS u
JOIN wilayah AS w ON w.kode = u.wilayah
WHERE u.kontes = $1 AND u.wilayah = ANY($2::text[])
ORDER BY u.wilayah, u.ukuran
