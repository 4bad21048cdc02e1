-- Which tokens that a stretch of changes touched stand at more than one office? Remembers who has them on the way.
-- $1 office, $2 epoch, $3 first, $4 last: the stretches.
WITH touched AS MATERIALIZED (
    SELECT DISTINCT journal.nik_token, journal.office
    FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[]) AS stretch (office, epoch, first, last)
    JOIN journal_pemilih AS journal
        ON journal.office = stretch.office AND journal.epoch = stretch.epoch
        AND journal.sequence BETWEEN stretch.first AND stretch.last
    WHERE journal.outcome IN ('applied', 'conflict')
),
added AS (
    INSERT INTO pemilih_kantor (nik_token, office)
    -- In the order of the index: neighbours share its pages.
    SELECT nik_token, office FROM touched ORDER BY nik_token, office
    ON CONFLICT DO NOTHING
)
SELECT touched.nik_token
FROM touched
JOIN pemilih_kantor AS kantor ON kantor.nik_token = touched.nik_token AND kantor.office <> touched.office
UNION
-- What this statement adds it does not see yet: two offices may have come together.
SELECT nik_token FROM touched GROUP BY nik_token HAVING count(*) > 1
