-- Has the events of PDPB periods counted again whose recapitulations or voters were touched.
-- $1 and $2: periode and wilayah of recapitulations; $3 office, $4 epoch, $5 first, $6 last: stretches of voters.
WITH since AS MATERIALIZED (
    SELECT stretch.office, min(journal.recorded_time) AS since
    FROM unnest($3::text[], $4::integer[], $5::bigint[], $6::bigint[]) AS stretch (office, epoch, first, last)
    JOIN journal_pemilih AS journal
        ON journal.office = stretch.office AND journal.epoch = stretch.epoch
        AND journal.sequence BETWEEN stretch.first AND stretch.last
    WHERE EXISTS (SELECT FROM pernyataan WHERE noun = 'rekap_pdpb' AND pernyataan.office = stretch.office)
    GROUP BY stretch.office
),
periods AS MATERIALIZED (
    SELECT DISTINCT rekap.office, rekap.periode FROM since JOIN rekap_pdpb AS rekap ON rekap.office = since.office
),
touched AS (
    SELECT left(wilayah, 4) AS office, periode
    FROM unnest($1::text[], $2::text[]) AS recap (periode, wilayah)
    WHERE length(wilayah) >= 4
    UNION
    SELECT periods.office, periods.periode
    FROM periods JOIN since ON since.office = periods.office
    -- What was recorded after a period is none of its events.
    WHERE since.since < upper(masa_periode(periods.periode))
)
INSERT INTO periksa_pdpb (office, periode) SELECT office, periode FROM touched
