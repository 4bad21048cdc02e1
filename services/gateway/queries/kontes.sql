-- Which kontes are under way: those of every pemilihan in which a TPS is registered or a recapitulation stands?
SELECT k.kode, k.nama, k.pemilihan, k.hari, k.tingkat_calon
FROM kontes AS k
WHERE EXISTS (SELECT FROM rekap_tps AS t WHERE t.pemilihan = k.pemilihan)
   OR EXISTS (SELECT FROM rekap_hasil AS r WHERE r.kontes = k.kode)
   OR EXISTS (SELECT FROM d_hasil AS d WHERE d.kontes = k.kode)
ORDER BY k.hari DESC, k.kode
