-- Which numbers of one office have not been seen although later ones have?
-- $1: the office.
SELECT lane, epoch, lower(hole) AS first, upper(hole) - 1 AS last
FROM neraca
CROSS JOIN LATERAL unnest(int8multirange(int8range(1, upper(seen))) - seen) AS hole
WHERE office = $1 AND NOT isempty(seen)
ORDER BY lane, epoch, first
LIMIT 100
