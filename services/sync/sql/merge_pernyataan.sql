-- Merges one round of the few statements that are kept as they are; the shape is that of merge_pemilih.sql.
WITH judged AS MATERIALIZED (
    SELECT arrived.*,
           CASE
               WHEN stored.version IS NULL OR arrived.version > stored.version THEN 'applied'
               WHEN arrived.version < stored.version THEN 'stale'
               WHEN arrived.digest = stored.digest THEN 'duplicate'
               ELSE 'conflict'
           END AS outcome,
           CASE WHEN arrived.retracted THEN 'retracted' WHEN arrived.held THEN 'held' ELSE 'accepted' END AS state
    FROM arrived_pernyataan AS arrived
    LEFT JOIN pernyataan AS stored ON stored.subject = arrived.subject
),
kept AS (
    INSERT INTO pernyataan AS stored (subject, noun, office, version, epoch, sequence, digest, state, conflicted, data)
    SELECT subject, split_part(subject, '/', 1), office, version, epoch, sequence, digest, state, false, data
    FROM judged
    WHERE outcome = 'applied'
    ON CONFLICT (subject) DO UPDATE SET
        version = excluded.version, epoch = excluded.epoch, sequence = excluded.sequence, digest = excluded.digest,
        state = excluded.state, conflicted = excluded.conflicted, data = excluded.data
    WHERE stored.version < excluded.version
),
forked AS (
    UPDATE pernyataan AS stored SET conflicted = true
    FROM judged
    WHERE judged.outcome = 'conflict' AND NOT stored.conflicted AND stored.subject = judged.subject
)
SELECT office, epoch, outcome, count(*) AS changes, count(*) FILTER (WHERE held) AS held,
       max(recorded_time) AS recorded_time, array_agg(sequence) FILTER (WHERE outcome <> 'applied') AS sequences
FROM judged
GROUP BY 1, 2, 3
