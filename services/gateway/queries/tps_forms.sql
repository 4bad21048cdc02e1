-- What does the C.Hasil of this TPS say in each kontes?
-- $1: code of the TPS.
SELECT
    k.kode AS kontes, k.nama, k.pemilihan, c.state, c.conflicted, c.perolehan_suara IS NOT NULL AS terbaca,
    c.perolehan_suara::text AS perolehan_suara, c.suara_sah, c.suara_tidak_sah, c.suara_total,
    c.pemilih_dpt_j AS pemilih_dpt, c.pengguna_total_j AS pengguna_total, c.jenis_kejadian, c.epoch, c.sequence, c.version,
    changed.as_of
FROM kontes AS k
JOIN c_hasil AS c ON c.kontes = k.kode AND c.tps = $1
CROSS JOIN LATERAL (
    SELECT max(j.merged_time) AS as_of
    FROM journal_hasil AS j
    WHERE j.subject = 'c_hasil/' || c.kontes || '/' || c.tps AND j.outcome IN ('applied', 'conflict')
) AS changed
ORDER BY k.hari DESC, k.kode
