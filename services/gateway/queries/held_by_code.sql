-- Why are changes of one office held, and which of these records are held at this moment?
-- $1: the office. A voter's record is not readable here, so what stands of them is not known by code.
WITH given AS (
    SELECT DISTINCT lane, epoch, sequence, code
    FROM finding
    WHERE office = $1 AND lane IN ('hasil', 'pemilih') AND tier = 'hold'
),
standing AS (
    SELECT epoch, sequence FROM c_hasil
    WHERE office = $1 AND tps BETWEEN rpad($1, 13, '0') AND rpad($1, 13, '9') AND state = 'held' AND NOT conflicted
    UNION ALL
    SELECT epoch, sequence FROM d_hasil WHERE office = $1 AND state = 'held' AND NOT conflicted
    UNION ALL
    SELECT epoch, sequence FROM tps WHERE office = $1 AND state = 'held' AND NOT conflicted
)
SELECT
    given.lane,
    given.code,
    count(*) AS changes,
    CASE WHEN given.lane = 'hasil' THEN count(standing.sequence) END AS standing
FROM given
LEFT JOIN standing ON given.lane = 'hasil' AND standing.epoch = given.epoch AND standing.sequence = given.sequence
GROUP BY given.lane, given.code
ORDER BY changes DESC, given.lane, given.code
LIMIT 500
