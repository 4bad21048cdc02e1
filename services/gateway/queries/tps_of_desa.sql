-- Which TPS does this desa have in each pemilihan, and what does each say in each kontes?
-- $1: code of the desa. A form whose TPS has left the register is listed too.
WITH listed AS (
    SELECT p.pemilihan, t.tps, t.state = 'accepted' AND NOT t.conflicted AS terdaftar
    FROM (SELECT DISTINCT pemilihan FROM kontes) AS p
    JOIN tps AS t ON t.pemilihan = p.pemilihan AND t.tps BETWEEN $1::text || '000' AND $1::text || '999'
    UNION ALL
    SELECT DISTINCT k.pemilihan, c.tps, false
    FROM c_hasil AS c
    JOIN kontes AS k ON k.kode = c.kontes
    WHERE c.tps BETWEEN $1::text || '000' AND $1::text || '999'
      AND NOT EXISTS (SELECT FROM tps AS t WHERE t.pemilihan = k.pemilihan AND t.tps = c.tps)
)
SELECT
    listed.pemilihan,
    listed.tps,
    listed.terdaftar,
    k.kode AS kontes,
    c.state,
    coalesce(c.conflicted, false) AS conflicted,
    c.perolehan_suara IS NOT NULL AS terbaca,
    c.suara_sah,
    c.suara_tidak_sah,
    c.suara_total,
    changed.as_of
FROM listed
JOIN kontes AS k ON k.pemilihan = listed.pemilihan
LEFT JOIN c_hasil AS c ON c.kontes = k.kode AND c.tps = listed.tps
-- A conflict changes what a form counts for and leaves its version: the journal knows when that was.
LEFT JOIN LATERAL (
    SELECT max(j.merged_time) AS as_of
    FROM journal_hasil AS j
    WHERE j.subject = 'c_hasil/' || c.kontes || '/' || c.tps AND j.outcome IN ('applied', 'conflict')
) AS changed ON c.kontes IS NOT NULL
ORDER BY listed.tps, listed.pemilihan, k.hari DESC, k.kode
