-- Who stands in which kontes in this wilayah?
-- $1: the code of the wilayah. A wilayah above the level of the lists has none of its own.
SELECT c.kontes, c.id, c.nomor_urut, c.nama
FROM calon AS c
JOIN kontes AS k ON k.kode = c.kontes
WHERE c.wilayah = CASE k.tingkat_calon WHEN 0 THEN '00' ELSE left($1::text, k.tingkat_calon) END
  AND length($1::text) >= k.tingkat_calon
ORDER BY c.kontes, c.nomor_urut, c.id
