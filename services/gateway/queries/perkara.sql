-- Which contradictions between records are there, the newest opened first, from a place on?
-- $1 opened_time, $2 id: the place, or nulls for the beginning; $3 code, $4 office, $5 state: filters, or null;
-- $6: how many.
SELECT id, code, about, offices, state, opened_time, changed_time, closed_time, seen, expected, evidence::text AS evidence
FROM perkara
WHERE opened_time <= coalesce($1::timestamptz, 'infinity')
  AND ($1 IS NULL OR opened_time < $1 OR id > $2::uuid)
  AND ($3::text IS NULL OR code = $3)
  AND ($4::text IS NULL OR offices @> ARRAY[$4::text])
  AND ($5::text IS NULL OR state = $5)
ORDER BY opened_time DESC, id
LIMIT $6::integer
