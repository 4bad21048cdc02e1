-- What was refused, newest first, from a place on?
-- $1 to $5: the place, or nulls for the beginning; $6: how many of that very place have been shown;
-- $7 office, $8 lane, $9 code: filters, or null; $10: how many.
SELECT lane, office, epoch, sequence, id, type, subject, codes, findings::text AS findings, received_time
FROM rejection
WHERE received_time <= coalesce($1::timestamptz, 'infinity')
  AND (
      $1 IS NULL
      OR received_time < $1
      OR (lane, office, epoch, sequence) >= ($2::text, $3::text, $4::integer, $5::bigint)
  )
  AND ($7::text IS NULL OR office = $7)
  AND ($8::text IS NULL OR lane = $8)
  AND ($9::text IS NULL OR codes @> ARRAY[$9::text])
ORDER BY received_time DESC, lane, office, epoch, sequence, id
OFFSET $6::integer
LIMIT $10::integer
