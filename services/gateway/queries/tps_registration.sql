-- In which pemilihan is this TPS registered, and how?
-- $1: its code.
SELECT
    t.pemilihan, t.state, t.conflicted, t.dpt_l, t.dpt_p, t.dpt_l + t.dpt_p AS dpt, t.alamat, t.berlaku_mulai,
    t.berlaku_sampai, t.epoch, t.sequence, t.version, changed.as_of
FROM tps AS t
CROSS JOIN LATERAL (
    SELECT max(j.merged_time) AS as_of
    FROM journal_hasil AS j
    WHERE j.subject = 'tps/' || t.pemilihan || '/' || t.tps AND j.outcome IN ('applied', 'conflict')
) AS changed
WHERE t.pemilihan = ANY(SELECT pemilihan FROM kontes) AND t.tps = $1
ORDER BY t.pemilihan
