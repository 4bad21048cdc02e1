-- How uniform are last digits in these kabupaten, among all kabupaten of the kontes?
-- $1: kontes; $2: codes of kabupaten.
WITH ranked AS (
    SELECT a.*, count(*) OVER () AS kabupaten_diuji, row_number() OVER (ORDER BY a.peluang, a.kabupaten) AS nomor
    FROM statistik_angka AS a
    WHERE a.kontes = $1
),
-- Benjamini and Hochberg: the share of false alarms among all that are no more likely than this one.
adjusted AS (
    SELECT *, least(min(peluang * kabupaten_diuji / nomor) OVER (ORDER BY nomor DESC), 1) AS q FROM ranked
)
SELECT adjusted.kabupaten, w.nama, adjusted.calon, adjusted.digit, adjusted.khi_kuadrat, adjusted.peluang, adjusted.q,
       adjusted.kabupaten_diuji
FROM adjusted JOIN wilayah AS w ON w.kode = adjusted.kabupaten
WHERE adjusted.kabupaten = ANY($2::text[])
ORDER BY adjusted.kabupaten
