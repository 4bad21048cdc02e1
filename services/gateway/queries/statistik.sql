-- How far are the statistics of this kontes computed in these kabupaten, of those that have any form?
-- $1: kontes; $2: codes of kabupaten.
SELECT rekap.wilayah AS kabupaten, statistik.as_of, statistik.dihitung, ambang.nilai::text AS ambang,
       coalesce(statistik.tanda = rekap.xmin::text || '@' || extract(epoch FROM rekap.as_of), false) AS mutakhir
FROM rekap_hasil AS rekap
LEFT JOIN statistik ON statistik.kontes = rekap.kontes AND statistik.kabupaten = rekap.wilayah
LEFT JOIN statistik_ambang AS ambang ON ambang.sidik = statistik.ambang
WHERE rekap.kontes = $1 AND rekap.wilayah = ANY($2::text[])
ORDER BY rekap.wilayah
