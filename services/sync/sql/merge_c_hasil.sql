-- Merges one round of C.Hasil; the shape is that of merge_pemilih.sql. A correction replaces the figures of the version
-- before it, it never adds to them; a held or conflicted form counts in no total (decisions 0003 and 0006).
WITH judged AS MATERIALIZED (
    SELECT arrived.*,
           stored.version AS old_version, stored.state AS old_state, coalesce(stored.conflicted, false) AS old_conflicted,
           stored.perolehan_suara AS old_perolehan_suara, stored.suara_sah AS old_suara_sah,
           stored.suara_tidak_sah AS old_suara_tidak_sah, stored.suara_total AS old_suara_total,
           stored.pemilih_dpt_j AS old_pemilih_dpt_j, stored.pengguna_total_j AS old_pengguna_total_j,
           CASE
               WHEN stored.version IS NULL OR arrived.version > stored.version THEN 'applied'
               WHEN arrived.version < stored.version THEN 'stale'
               WHEN arrived.digest = stored.digest THEN 'duplicate'
               ELSE 'conflict'
           END AS outcome,
           CASE WHEN arrived.retracted THEN 'retracted' WHEN arrived.held THEN 'held' ELSE 'accepted' END AS state
    FROM arrived_c_hasil AS arrived
    LEFT JOIN c_hasil AS stored ON stored.kontes = arrived.kontes AND stored.tps = arrived.tps
),
contribution AS MATERIALIZED (
    SELECT kontes, tps, old_state AS state, old_conflicted AS conflicted, old_perolehan_suara AS perolehan_suara,
           old_suara_sah AS suara_sah, old_suara_tidak_sah AS suara_tidak_sah, old_suara_total AS suara_total,
           old_pemilih_dpt_j AS pemilih_dpt_j, old_pengguna_total_j AS pengguna_total_j, -1 AS sign
    FROM judged
    WHERE old_version IS NOT NULL AND (outcome = 'applied' OR (outcome = 'conflict' AND NOT old_conflicted))
    UNION ALL
    SELECT kontes, tps, state, false, perolehan_suara, suara_sah, suara_tidak_sah, suara_total, pemilih_dpt_j,
           pengguna_total_j, 1
    FROM judged
    WHERE outcome = 'applied'
    UNION ALL
    SELECT kontes, tps, old_state, true, NULL, NULL, NULL, NULL, NULL, NULL, 1
    FROM judged
    WHERE outcome = 'conflict' AND NOT old_conflicted
),
figures AS (
    SELECT kontes, left(tps, digits) AS wilayah,
           coalesce(sum(sign) FILTER (WHERE counts), 0) AS tps_masuk,
           coalesce(sum(sign) FILTER (WHERE NOT conflicted AND state = 'held'), 0) AS tps_ditahan,
           coalesce(sum(sign) FILTER (WHERE conflicted), 0) AS tps_konflik,
           coalesce(sum(sign * suara_sah) FILTER (WHERE counts), 0) AS suara_sah,
           coalesce(sum(sign * suara_tidak_sah) FILTER (WHERE counts), 0) AS suara_tidak_sah,
           coalesce(sum(sign * suara_total) FILTER (WHERE counts), 0) AS suara_total,
           coalesce(sum(sign * pemilih_dpt_j) FILTER (WHERE counts), 0) AS pemilih_dpt,
           coalesce(sum(sign * pengguna_total_j) FILTER (WHERE counts), 0) AS pengguna_total
    -- A sum is of the forms that are counted in it, and of no others: those whose votes have been read.
    FROM (
        SELECT *, state = 'accepted' AND NOT conflicted AND perolehan_suara IS NOT NULL AS counts FROM contribution
    ) AS weighed
    CROSS JOIN (VALUES (10), (6), (4)) AS tingkat (digits)
    GROUP BY 1, 2
),
rolled AS (
    INSERT INTO rekap_hasil AS rekap (kontes, wilayah, tps_masuk, tps_ditahan, tps_konflik, suara_sah, suara_tidak_sah,
                                      suara_total, pemilih_dpt, pengguna_total)
    SELECT kontes, wilayah, tps_masuk, tps_ditahan, tps_konflik, suara_sah, suara_tidak_sah, suara_total, pemilih_dpt,
           pengguna_total
    FROM figures
    ORDER BY kontes, wilayah
    ON CONFLICT (kontes, wilayah) DO UPDATE SET
        tps_masuk = rekap.tps_masuk + excluded.tps_masuk,
        tps_ditahan = rekap.tps_ditahan + excluded.tps_ditahan,
        tps_konflik = rekap.tps_konflik + excluded.tps_konflik,
        suara_sah = rekap.suara_sah + excluded.suara_sah,
        suara_tidak_sah = rekap.suara_tidak_sah + excluded.suara_tidak_sah,
        suara_total = rekap.suara_total + excluded.suara_total,
        pemilih_dpt = rekap.pemilih_dpt + excluded.pemilih_dpt,
        pengguna_total = rekap.pengguna_total + excluded.pengguna_total,
        -- The clock of the server may be set back, and another server may take over: a figure must not (I7).
        as_of = greatest(rekap.as_of, excluded.as_of)
),
votes AS (
    SELECT kontes, left(tps, digits) AS wilayah, calon, sum(sign * coalesce(suara::bigint, 0)) AS suara
    FROM contribution
    CROSS JOIN jsonb_each_text(perolehan_suara) AS pilihan (calon, suara)
    CROSS JOIN (VALUES (10), (6), (4)) AS tingkat (digits)
    WHERE state = 'accepted' AND NOT conflicted
    GROUP BY 1, 2, 3
),
counted AS (
    INSERT INTO rekap_suara AS rekap (kontes, wilayah, calon, suara)
    SELECT kontes, wilayah, calon, suara FROM votes
    ORDER BY kontes, wilayah, calon
    ON CONFLICT (kontes, wilayah, calon) DO UPDATE SET suara = rekap.suara + excluded.suara
),
kept AS (
    INSERT INTO c_hasil AS stored (kontes, tps, office, version, epoch, sequence, digest, state, conflicted,
                                   perolehan_suara, suara_sah, suara_tidak_sah, suara_total, pemilih_dpt_j,
                                   pengguna_total_j, jenis_kejadian)
    SELECT kontes, tps, office, version, epoch, sequence, digest, state, false, perolehan_suara, suara_sah,
           suara_tidak_sah, suara_total, pemilih_dpt_j, pengguna_total_j, jenis_kejadian
    FROM judged
    WHERE outcome = 'applied'
    ON CONFLICT (kontes, tps) DO UPDATE SET
        version = excluded.version, epoch = excluded.epoch, sequence = excluded.sequence, digest = excluded.digest,
        state = excluded.state, conflicted = excluded.conflicted, perolehan_suara = excluded.perolehan_suara,
        suara_sah = excluded.suara_sah, suara_tidak_sah = excluded.suara_tidak_sah, suara_total = excluded.suara_total,
        pemilih_dpt_j = excluded.pemilih_dpt_j, pengguna_total_j = excluded.pengguna_total_j,
        jenis_kejadian = excluded.jenis_kejadian
    WHERE stored.version < excluded.version
),
forked AS (
    UPDATE c_hasil AS stored SET conflicted = true
    FROM judged
    WHERE judged.outcome = 'conflict' AND NOT stored.conflicted
      AND stored.kontes = judged.kontes AND stored.tps = judged.tps
)
SELECT office, epoch, outcome, count(*) AS changes, count(*) FILTER (WHERE held) AS held,
       max(recorded_time) AS recorded_time, array_agg(sequence) FILTER (WHERE outcome <> 'applied') AS sequences
FROM judged
GROUP BY 1, 2, 3
