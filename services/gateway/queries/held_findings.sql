-- What did the rules find in these changes? $1, $2 and $3: office, epoch and sequence of each.
SELECT f.office, f.epoch, f.sequence, f.code, f.tier, f.pointer, f.seen, f.expected, f.pesan, f.message
FROM unnest($1::text[], $2::integer[], $3::bigint[]) AS about (office, epoch, sequence)
JOIN finding AS f
    ON f.lane = 'hasil' AND f.office = about.office AND f.epoch = about.epoch AND f.sequence = about.sequence
ORDER BY f.office, f.epoch, f.sequence, f.nth
