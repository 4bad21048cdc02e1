-- How many contradictions concern each office, by code and state?
-- $1 code, $2 office, $3 state: filters, or null.
SELECT code, concerned.office, state, count(*) AS cases
FROM perkara
CROSS JOIN LATERAL unnest(offices) AS concerned (office)
WHERE ($1::text IS NULL OR code = $1)
  AND ($2::text IS NULL OR concerned.office = $2)
  AND ($3::text IS NULL OR state = $3)
GROUP BY code, concerned.office, state
ORDER BY code, concerned.office, state
