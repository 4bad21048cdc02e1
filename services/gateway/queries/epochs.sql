-- How far has each lane of one office come, in each epoch of its numbering?
-- $1: the office.
SELECT
    lane,
    epoch,
    stamped,
    published,
    coalesce((SELECT upper(stretch) - 1 FROM unnest(seen) AS stretch WHERE lower(stretch) = 1), 0) AS through,
    cardinality(seen) AS seen
FROM neraca
WHERE office = $1
ORDER BY lane, epoch
