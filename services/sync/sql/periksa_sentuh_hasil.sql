-- Which results, recapitulations, TPS and statements did stretches of changes touch?
-- $1 office, $2 epoch, $3 first, $4 last: the stretches.
SELECT DISTINCT journal.subject
FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[]) AS stretch (office, epoch, first, last)
JOIN journal_hasil AS journal
    ON journal.office = stretch.office AND journal.epoch = stretch.epoch
    AND journal.sequence BETWEEN stretch.first AND stretch.last
WHERE journal.outcome <> 'parked'
