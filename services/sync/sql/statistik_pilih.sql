-- Which kabupaten has forms that its statistics do not know of, the one computed longest ago first?
-- $1: name of the thresholds; $2: how long what was computed is good enough, in seconds.
-- Every merge and decision that moves a form writes the row of its kabupaten, also where no sum changes, and the new row
-- bears the number of the transaction that wrote it. It is compared for being another one, never for being a later one:
-- what commits late with an early time is not missed. `as_of` tells a restored store apart, which counts anew.
SELECT rekap.kontes, rekap.wilayah, rekap.as_of,
       rekap.xmin::text || '@' || extract(epoch FROM rekap.as_of) AS tanda
FROM kontes
CROSS JOIN wilayah
JOIN rekap_hasil AS rekap ON rekap.kontes = kontes.kode AND rekap.wilayah = wilayah.kode
LEFT JOIN statistik ON statistik.kontes = rekap.kontes AND statistik.kabupaten = rekap.wilayah
WHERE wilayah.tingkat = 4
  AND (statistik.ambang, statistik.tanda)
      IS DISTINCT FROM ($1::text, rekap.xmin::text || '@' || extract(epoch FROM rekap.as_of))
  AND (statistik.dihitung IS NULL OR statistik.dihitung <= now() - make_interval(secs => $2::double precision))
ORDER BY statistik.dihitung NULLS FIRST, rekap.kontes, rekap.wilayah
LIMIT 1
