-- How often was each reason given?
-- $1 office, $2 lane, $3 code: filters, or null.
SELECT r.lane, given.code, count(*) AS changes, max(r.received_time) AS newest_time
FROM rejection AS r
CROSS JOIN LATERAL (SELECT DISTINCT unnest(r.codes) AS code) AS given
WHERE ($1::text IS NULL OR r.office = $1)
  AND ($2::text IS NULL OR r.lane = $2)
  AND ($3::text IS NULL OR given.code = $3)
GROUP BY r.lane, given.code
ORDER BY changes DESC, r.lane, given.code
LIMIT 500
