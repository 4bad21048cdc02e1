-- Gives forms the state that the decisions about them ask for, and moves the roll-ups by the difference, as
-- merge_c_hasil.sql does. $1 and $2: office and digest of the versions to look at. Doing it again changes nothing.
WITH judged AS MATERIALIZED (
    SELECT stored.*, version.subject,
           CASE WHEN is_dilepas('hasil', stored.office, stored.digest) THEN 'accepted' ELSE 'held' END AS new_state
    FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::uuid[]) AS given (office, digest)) AS aimed
    JOIN journal_hasil AS version
        ON version.office = aimed.office AND version.digest = aimed.digest AND version.held
       AND version.type LIKE 'c\_hasil.%'
    -- Only where the record still stands at that very version: a correction is judged anew.
    JOIN c_hasil AS stored
        ON stored.kontes = split_part(version.subject, '/', 2) AND stored.tps = split_part(version.subject, '/', 3)
       AND stored.office = version.office AND stored.epoch = version.epoch AND stored.sequence = version.sequence
    WHERE stored.state <> 'retracted'
),
turned AS MATERIALIZED (
    SELECT *, CASE new_state WHEN 'accepted' THEN 1 ELSE -1 END AS sign FROM judged WHERE state <> new_state
),
figures AS (
    SELECT kontes, left(tps, digits) AS wilayah,
           coalesce(sum(sign) FILTER (WHERE counts), 0) AS tps_masuk,
           -sum(sign) AS tps_ditahan,
           coalesce(sum(sign * suara_sah) FILTER (WHERE counts), 0) AS suara_sah,
           coalesce(sum(sign * suara_tidak_sah) FILTER (WHERE counts), 0) AS suara_tidak_sah,
           coalesce(sum(sign * suara_total) FILTER (WHERE counts), 0) AS suara_total,
           coalesce(sum(sign * pemilih_dpt_j) FILTER (WHERE counts), 0) AS pemilih_dpt,
           coalesce(sum(sign * pengguna_total_j) FILTER (WHERE counts), 0) AS pengguna_total
    -- A form in conflict counts as that and nothing else, whatever was decided about one of its contents.
    FROM (SELECT *, perolehan_suara IS NOT NULL AS counts FROM turned WHERE NOT conflicted) AS weighed
    CROSS JOIN (VALUES (10), (6), (4)) AS tingkat (digits)
    GROUP BY 1, 2
),
rolled AS (
    INSERT INTO rekap_hasil AS rekap (kontes, wilayah, tps_masuk, tps_ditahan, suara_sah, suara_tidak_sah, suara_total,
                                      pemilih_dpt, pengguna_total)
    SELECT kontes, wilayah, tps_masuk, tps_ditahan, suara_sah, suara_tidak_sah, suara_total, pemilih_dpt, pengguna_total
    FROM figures
    ORDER BY kontes, wilayah
    ON CONFLICT (kontes, wilayah) DO UPDATE SET
        tps_masuk = rekap.tps_masuk + excluded.tps_masuk,
        tps_ditahan = rekap.tps_ditahan + excluded.tps_ditahan,
        suara_sah = rekap.suara_sah + excluded.suara_sah,
        suara_tidak_sah = rekap.suara_tidak_sah + excluded.suara_tidak_sah,
        suara_total = rekap.suara_total + excluded.suara_total,
        pemilih_dpt = rekap.pemilih_dpt + excluded.pemilih_dpt,
        pengguna_total = rekap.pengguna_total + excluded.pengguna_total,
        as_of = greatest(rekap.as_of, excluded.as_of)
),
votes AS (
    SELECT kontes, left(tps, digits) AS wilayah, calon, sum(sign * coalesce(suara::bigint, 0)) AS suara
    FROM turned
    CROSS JOIN jsonb_each_text(perolehan_suara) AS pilihan (calon, suara)
    CROSS JOIN (VALUES (10), (6), (4)) AS tingkat (digits)
    WHERE NOT conflicted
    GROUP BY 1, 2, 3
),
counted AS (
    INSERT INTO rekap_suara AS rekap (kontes, wilayah, calon, suara)
    SELECT kontes, wilayah, calon, suara FROM votes
    ORDER BY kontes, wilayah, calon
    ON CONFLICT (kontes, wilayah, calon) DO UPDATE SET suara = rekap.suara + excluded.suara
),
kept AS (
    UPDATE c_hasil AS stored SET state = turned.new_state
    FROM turned
    WHERE stored.kontes = turned.kontes AND stored.tps = turned.tps
)
SELECT office, subject, new_state AS state, epoch, sequence FROM turned
