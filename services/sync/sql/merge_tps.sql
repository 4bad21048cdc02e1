-- Merges one round of the TPS register; the shape is that of merge_pemilih.sql.
WITH judged AS MATERIALIZED (
    SELECT arrived.*,
           stored.version IS NOT NULL AND stored.state = 'accepted' AND NOT stored.conflicted AS counted,
           CASE
               WHEN stored.version IS NULL OR arrived.version > stored.version THEN 'applied'
               WHEN arrived.version < stored.version THEN 'stale'
               WHEN arrived.digest = stored.digest THEN 'duplicate'
               ELSE 'conflict'
           END AS outcome,
           CASE WHEN arrived.retracted THEN 'retracted' WHEN arrived.held THEN 'held' ELSE 'accepted' END AS state
    FROM arrived_tps AS arrived
    LEFT JOIN tps AS stored ON stored.pemilihan = arrived.pemilihan AND stored.tps = arrived.tps
),
moved AS (
    SELECT pemilihan, left(tps, digits) AS wilayah,
           sum((outcome = 'applied' AND state = 'accepted')::integer - counted::integer) AS terdaftar
    FROM judged CROSS JOIN (VALUES (10), (6), (4)) AS tingkat (digits)
    WHERE outcome IN ('applied', 'conflict')
    GROUP BY 1, 2
),
rolled AS (
    INSERT INTO rekap_tps AS rekap (pemilihan, wilayah, terdaftar)
    SELECT pemilihan, wilayah, terdaftar FROM moved WHERE terdaftar <> 0
    ORDER BY pemilihan, wilayah
    ON CONFLICT (pemilihan, wilayah) DO UPDATE SET terdaftar = rekap.terdaftar + excluded.terdaftar
),
kept AS (
    INSERT INTO tps AS stored (pemilihan, tps, office, version, epoch, sequence, digest, state, conflicted, dpt_l, dpt_p,
                               alamat, berlaku_mulai, berlaku_sampai)
    SELECT pemilihan, tps, office, version, epoch, sequence, digest, state, false, dpt_l, dpt_p, alamat, berlaku_mulai,
           berlaku_sampai
    FROM judged
    WHERE outcome = 'applied'
    ON CONFLICT (pemilihan, tps) DO UPDATE SET
        version = excluded.version, epoch = excluded.epoch, sequence = excluded.sequence, digest = excluded.digest,
        state = excluded.state, conflicted = excluded.conflicted, dpt_l = excluded.dpt_l, dpt_p = excluded.dpt_p,
        alamat = excluded.alamat, berlaku_mulai = excluded.berlaku_mulai, berlaku_sampai = excluded.berlaku_sampai
    WHERE stored.version < excluded.version
),
forked AS (
    UPDATE tps AS stored SET conflicted = true
    FROM judged
    WHERE judged.outcome = 'conflict' AND NOT stored.conflicted
      AND stored.pemilihan = judged.pemilihan AND stored.tps = judged.tps
)
SELECT office, epoch, outcome, count(*) AS changes, count(*) FILTER (WHERE held) AS held,
       max(recorded_time) AS recorded_time, array_agg(sequence) FILTER (WHERE outcome <> 'applied') AS sequences
FROM judged
GROUP BY 1, 2, 3
