-- What is this contradiction?
-- $1: its id.
SELECT id, code, about, offices, state, opened_time, changed_time, closed_time, seen, expected, evidence::text AS evidence
FROM perkara
WHERE id = $1::uuid
