-- Which TPS of this wilayah lie far from what is usual, the furthest first?
-- $1: kontes; $2: code of the wilayah; $3: how many.
SELECT t.tps, t.uji, t.calon, t.pembilang, t.penyebut, t.pusat, t.batas_bawah, t.batas_atas, t.skor, t.peluang,
       t.jenis_kejadian, t.wilayah, w.nama AS nama_wilayah, d.nama AS nama_desa
FROM statistik_temuan AS t
JOIN wilayah AS w ON w.kode = t.wilayah
LEFT JOIN wilayah AS d ON d.kode = left(t.tps, 10)
WHERE t.kontes = $1 AND t.tps >= $2::text AND t.tps <= rpad($2, 13, '9')
-- A probability as the score that is as unlikely, so that one order holds for both.
ORDER BY coalesce(abs(t.skor), sqrt(-2 * ln(greatest(t.peluang, 1e-300)))) DESC, t.tps, t.uji, t.calon
LIMIT $3::integer
