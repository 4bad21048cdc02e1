-- Counts the statements by which voters were declared TMS, by kecamatan and ten minutes, and says which of these were
-- touched. $1 office, $2 epoch, $3 first, $4 last: stretches that are counted now and never again.
WITH declared AS MATERIALIZED (
    SELECT left(journal.data::jsonb ->> 'desa', 6) AS wilayah,
           date_bin('10 minutes', journal.recorded_time, '2000-01-01 00:00Z') AS mulai, count(*) AS jumlah
    FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[]) AS stretch (office, epoch, first, last)
    JOIN journal_pemilih AS journal
        ON journal.office = stretch.office AND journal.epoch = stretch.epoch
        AND journal.sequence BETWEEN stretch.first AND stretch.last
    WHERE journal.outcome = 'applied' AND journal.data LIKE '%"status":"tms"%'
    GROUP BY 1, 2
)
INSERT INTO laju_tms AS laju (wilayah, mulai, jumlah, pemilih)
SELECT wilayah, mulai, jumlah,
       coalesce((SELECT aktif_l + aktif_p + tms FROM rekap_pemilih AS rekap WHERE rekap.wilayah = declared.wilayah), 0)
FROM declared
WHERE wilayah IS NOT NULL
ON CONFLICT (wilayah, mulai) DO UPDATE SET jumlah = laju.jumlah + excluded.jumlah, pemilih = excluded.pemilih
RETURNING wilayah, to_char(mulai AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') AS mulai
