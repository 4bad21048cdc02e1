-- Has the events of PDPB periods counted again whose recapitulations or voters were touched.
-- $1 and $2: periode and wilayah of recapitulations; $3 office, $4 epoch, $5 first, $6 last: stretches of voters.
WITH touched AS (
    SELECT left(wilayah, 4) AS office, periode
    FROM unnest($1::text[], $2::text[]) AS recap (periode, wilayah)
    WHERE length(wilayah) >= 4
    UNION
    SELECT rekap.office, rekap.periode
    FROM unnest($3::text[], $4::integer[], $5::bigint[], $6::bigint[]) AS stretch (office, epoch, first, last)
    JOIN rekap_pdpb AS rekap ON rekap.office = stretch.office
    -- What was recorded after a period is none of its events.
    WHERE EXISTS (
        SELECT
        FROM journal_pemilih AS journal
        WHERE journal.office = stretch.office AND journal.epoch = stretch.epoch
          AND journal.sequence BETWEEN stretch.first AND stretch.last
          AND journal.recorded_time < upper(masa_periode(rekap.periode))
    )
)
INSERT INTO periksa_pdpb (office, periode) SELECT office, periode FROM touched
