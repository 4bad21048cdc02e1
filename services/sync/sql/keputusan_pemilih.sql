-- Gives voters the state that the decisions about them ask for, and moves the roll-ups by the difference, as
-- merge_pemilih.sql does; the shape is that of keputusan_c_hasil.sql. Whom it was about is not said.
WITH judged AS MATERIALIZED (
    SELECT stored.*,
           CASE WHEN is_dilepas('pemilih', stored.office, stored.digest) THEN 'accepted' ELSE 'held' END AS new_state
    FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::uuid[]) AS given (office, digest)) AS aimed
    JOIN journal_pemilih AS version
        ON version.office = aimed.office AND version.digest = aimed.digest AND version.held
    JOIN pemilih AS stored
        ON stored.office = version.office AND stored.nik_token = version.nik_token
       AND stored.epoch = version.epoch AND stored.sequence = version.sequence
    WHERE stored.state <> 'retracted'
),
turned AS MATERIALIZED (
    SELECT *, CASE new_state WHEN 'accepted' THEN 1 ELSE -1 END AS sign FROM judged WHERE state <> new_state
),
rolled AS (
    INSERT INTO rekap_pemilih AS rekap (wilayah, aktif_l, aktif_p, tms, ditangguhkan, ditahan)
    SELECT left(desa, digits),
           coalesce(sum(sign) FILTER (WHERE status = 'aktif' AND jenis_kelamin = 'L'), 0),
           coalesce(sum(sign) FILTER (WHERE status = 'aktif' AND jenis_kelamin = 'P'), 0),
           coalesce(sum(sign) FILTER (WHERE status = 'tms'), 0),
           coalesce(sum(sign) FILTER (WHERE status = 'ditangguhkan'), 0),
           -sum(sign)
    FROM turned CROSS JOIN (VALUES (10), (6), (4)) AS tingkat (digits)
    WHERE NOT conflicted AND desa IS NOT NULL
    GROUP BY 1
    ORDER BY 1
    ON CONFLICT (wilayah) DO UPDATE SET
        aktif_l = rekap.aktif_l + excluded.aktif_l,
        aktif_p = rekap.aktif_p + excluded.aktif_p,
        tms = rekap.tms + excluded.tms,
        ditangguhkan = rekap.ditangguhkan + excluded.ditangguhkan,
        ditahan = rekap.ditahan + excluded.ditahan,
        as_of = greatest(rekap.as_of, excluded.as_of)
),
rolled_tps AS (
    INSERT INTO rekap_pemilih_tps AS rekap (tps, aktif_l, aktif_p, ditahan)
    SELECT desa || tps,
           coalesce(sum(sign) FILTER (WHERE status = 'aktif' AND jenis_kelamin = 'L'), 0),
           coalesce(sum(sign) FILTER (WHERE status = 'aktif' AND jenis_kelamin = 'P'), 0),
           -sum(sign)
    FROM turned
    WHERE NOT conflicted AND desa IS NOT NULL AND tps IS NOT NULL
    GROUP BY 1
    ORDER BY 1
    ON CONFLICT (tps) DO UPDATE SET
        aktif_l = rekap.aktif_l + excluded.aktif_l,
        aktif_p = rekap.aktif_p + excluded.aktif_p,
        ditahan = rekap.ditahan + excluded.ditahan
),
queued AS (
    INSERT INTO periksa_tps (tps)
    SELECT DISTINCT desa || tps FROM turned WHERE NOT conflicted AND desa IS NOT NULL AND tps IS NOT NULL
),
kept AS (
    UPDATE pemilih AS stored SET state = turned.new_state
    FROM turned
    WHERE stored.office = turned.office AND stored.nik_token = turned.nik_token
)
SELECT office, NULL AS subject, new_state AS state, epoch, sequence FROM turned
