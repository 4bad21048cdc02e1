-- Which statements have been made about these records, newest first?
-- $1: subjects; $2: how many at most of each.
SELECT v.*
FROM unnest($1::text[]) AS about (subject)
CROSS JOIN LATERAL (
    SELECT
        office, subject, epoch, sequence, id, type, version, base, digest, data, time, recorded_time, merged_time, held,
        outcome, count(*) OVER () AS total
    FROM journal_hasil
    WHERE subject = about.subject
    ORDER BY version DESC, merged_time DESC, epoch DESC, sequence DESC
    LIMIT $2::integer
) AS v
ORDER BY v.subject, v.version DESC, v.merged_time DESC, v.epoch DESC, v.sequence DESC
