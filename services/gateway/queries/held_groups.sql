-- How many records stand held, by cause and office? One that has several causes is in each of them.
-- $1 office, $2 lane, $3 code: filters, or null.
WITH standing AS (
    SELECT office, epoch, sequence FROM tps WHERE state = 'held' AND NOT conflicted
    UNION ALL
    SELECT office, epoch, sequence FROM c_hasil WHERE state = 'held' AND NOT conflicted
    UNION ALL
    SELECT office, epoch, sequence FROM d_hasil WHERE state = 'held' AND NOT conflicted
    UNION ALL
    SELECT office, epoch, sequence FROM pernyataan WHERE state = 'held' AND NOT conflicted
),
grouped AS (
    SELECT 'hasil' AS lane, found.office, found.code, count(*) AS records, min(v.merged_time) AS since
    FROM standing
    CROSS JOIN LATERAL (
        SELECT DISTINCT f.office, f.code
        FROM finding AS f
        WHERE f.lane = 'hasil' AND f.office = standing.office AND f.epoch = standing.epoch
          AND f.sequence = standing.sequence AND f.tier = 'hold'
    ) AS found
    JOIN journal_hasil AS v
        ON v.office = standing.office AND v.epoch = standing.epoch AND v.sequence = standing.sequence
    GROUP BY found.office, found.code
    UNION ALL
    SELECT 'pemilih', office, code, voters, since FROM pemilih_ditahan
)
SELECT lane, office, code, records, since
FROM grouped
WHERE ($1::text IS NULL OR office = $1)
  AND ($2::text IS NULL OR lane = $2)
  AND ($3::text IS NULL OR code = $3)
ORDER BY records DESC, lane, code, office
LIMIT 2000
