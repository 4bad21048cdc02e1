-- Merges one round of recapitulations; they stand beside the sums of C.Hasil and are never added to them.
WITH judged AS MATERIALIZED (
    SELECT arrived.*,
           CASE
               WHEN stored.version IS NULL OR arrived.version > stored.version THEN 'applied'
               WHEN arrived.version < stored.version THEN 'stale'
               WHEN arrived.digest = stored.digest THEN 'duplicate'
               ELSE 'conflict'
           END AS outcome,
           CASE WHEN arrived.retracted THEN 'retracted' WHEN arrived.held THEN 'held' ELSE 'accepted' END AS state
    FROM arrived_d_hasil AS arrived
    LEFT JOIN d_hasil AS stored
        ON stored.kontes = arrived.kontes AND stored.jalur = arrived.jalur AND stored.wilayah = arrived.wilayah
),
kept AS (
    INSERT INTO d_hasil AS stored (kontes, jalur, wilayah, office, version, epoch, sequence, digest, state, conflicted,
                                   data)
    SELECT kontes, jalur, wilayah, office, version, epoch, sequence, digest, state, false,
           data
    FROM judged
    WHERE outcome = 'applied'
    ON CONFLICT (kontes, jalur, wilayah) DO UPDATE SET
        version = excluded.version, epoch = excluded.epoch, sequence = excluded.sequence, digest = excluded.digest,
        state = excluded.state, conflicted = excluded.conflicted, data = excluded.data
    WHERE stored.version < excluded.version
),
forked AS (
    UPDATE d_hasil AS stored SET conflicted = true
    FROM judged
    WHERE judged.outcome = 'conflict' AND NOT stored.conflicted
      AND stored.kontes = judged.kontes AND stored.jalur = judged.jalur AND stored.wilayah = judged.wilayah
)
SELECT office, epoch, outcome, count(*) AS changes, count(*) FILTER (WHERE held) AS held,
       max(recorded_time) AS recorded_time, array_agg(sequence) FILTER (WHERE outcome <> 'applied') AS sequences
FROM judged
GROUP BY 1, 2, 3
