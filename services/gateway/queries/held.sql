-- Which records stand held, newest first, from a place on? Of voters none is named (held_groups.sql counts them).
-- $1 to $4: the place, or nulls for the beginning; $5 office, $6 code: filters, or null; $7: how many.
WITH standing AS (
    SELECT office, epoch, sequence FROM tps WHERE state = 'held' AND NOT conflicted
    UNION ALL
    SELECT office, epoch, sequence FROM c_hasil WHERE state = 'held' AND NOT conflicted
    UNION ALL
    SELECT office, epoch, sequence FROM d_hasil WHERE state = 'held' AND NOT conflicted
    UNION ALL
    SELECT office, epoch, sequence FROM pernyataan WHERE state = 'held' AND NOT conflicted
)
SELECT v.office, v.epoch, v.sequence, v.subject, v.type, v.version, v.digest, v.merged_time AS since
FROM standing
JOIN journal_hasil AS v USING (office, epoch, sequence)
WHERE ($5::text IS NULL OR standing.office = $5)
  AND (
      $1::timestamptz IS NULL
      OR (v.merged_time, v.office, v.epoch, v.sequence) < ($1, $2::text, $3::integer, $4::bigint)
  )
  AND (
      $6::text IS NULL
      OR EXISTS (
          SELECT FROM finding AS f
          WHERE f.lane = 'hasil' AND f.office = v.office AND f.epoch = v.epoch AND f.sequence = v.sequence
            AND f.code = $6 AND f.tier = 'hold'
      )
  )
ORDER BY v.merged_time DESC, v.office DESC, v.epoch DESC, v.sequence DESC
LIMIT $7::integer
