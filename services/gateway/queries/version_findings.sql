-- What did the rules find in these changes of one office?
-- $1: the office; $2 and $3: epoch and sequence of each.
SELECT f.epoch, f.sequence, f.code, f.tier, f.pointer, f.seen, f.expected, f.pesan, f.message
FROM unnest($2::integer[], $3::bigint[]) AS about (epoch, sequence)
JOIN finding AS f
    ON f.lane = 'hasil' AND f.office = $1 AND f.epoch = about.epoch AND f.sequence = about.sequence
ORDER BY f.epoch, f.sequence, f.nth
