-- Merges one round of voters: judges each by the law of core/merge.py, moves the roll-ups by the difference, keeps the
-- newest version and says what became of each. The old row is read once and serves all of it.
WITH compared AS (
    SELECT arrived.*,
           stored.desa AS old_desa, stored.tps AS old_tps, stored.jenis_kelamin AS old_jenis_kelamin,
           stored.status AS old_status,
           stored.state AS old_state, coalesce(stored.conflicted, false) AS old_conflicted,
           -- Contents that name several desa are shown in the first of them, whichever arrived first.
           least(stored.desa, arrived.desa) AS contested_desa,
           CASE
               WHEN stored.version IS NULL OR arrived.version > stored.version THEN 'applied'
               WHEN arrived.version < stored.version THEN 'stale'
               WHEN arrived.digest = stored.digest THEN 'duplicate'
               ELSE 'conflict'
           END AS outcome,
           CASE WHEN arrived.retracted THEN 'retracted' WHEN arrived.held THEN 'held' ELSE 'accepted' END AS state
    FROM arrived_pemilih AS arrived
    LEFT JOIN pemilih AS stored ON stored.office = arrived.office AND stored.nik_token = arrived.nik_token
),
judged AS MATERIALIZED (
    SELECT *,
           outcome = 'conflict' AND (NOT old_conflicted OR old_desa IS DISTINCT FROM contested_desa) AS is_contested
    FROM compared
),
-- What a record counted for before, taken away, and what it counts for now, added.
contribution AS (
    SELECT old_desa AS desa, old_tps AS tps, old_jenis_kelamin AS jenis_kelamin, old_status AS status, old_state AS state,
           old_conflicted AS conflicted, -1 AS sign
    FROM judged
    WHERE old_desa IS NOT NULL AND (outcome = 'applied' OR is_contested)
    UNION ALL
    SELECT desa, tps, jenis_kelamin, status, state, false, 1
    FROM judged
    WHERE outcome = 'applied' AND desa IS NOT NULL
    UNION ALL
    SELECT contested_desa, NULL, NULL, NULL, NULL, true, 1
    FROM judged
    WHERE is_contested AND contested_desa IS NOT NULL
),
by_tps AS (
    SELECT desa, tps,
           sum(sign) FILTER (WHERE counts AND status = 'aktif' AND jenis_kelamin = 'L') AS aktif_l,
           sum(sign) FILTER (WHERE counts AND status = 'aktif' AND jenis_kelamin = 'P') AS aktif_p,
           sum(sign) FILTER (WHERE counts AND status = 'tms') AS tms,
           sum(sign) FILTER (WHERE counts AND status = 'ditangguhkan') AS ditangguhkan,
           sum(sign) FILTER (WHERE NOT conflicted AND state = 'held') AS ditahan,
           sum(sign) FILTER (WHERE conflicted) AS konflik
    FROM (SELECT *, state = 'accepted' AND NOT conflicted AS counts FROM contribution) AS weighed
    GROUP BY desa, tps
),
rolled AS (
    INSERT INTO rekap_pemilih AS rekap (wilayah, aktif_l, aktif_p, tms, ditangguhkan, ditahan, konflik)
    SELECT left(desa, digits), coalesce(sum(aktif_l), 0), coalesce(sum(aktif_p), 0), coalesce(sum(tms), 0),
           coalesce(sum(ditangguhkan), 0), coalesce(sum(ditahan), 0), coalesce(sum(konflik), 0)
    FROM by_tps CROSS JOIN (VALUES (10), (6), (4)) AS tingkat (digits)
    GROUP BY 1
    -- One order for everybody, so that no two transactions wait for one another.
    ORDER BY 1
    ON CONFLICT (wilayah) DO UPDATE SET
        aktif_l = rekap.aktif_l + excluded.aktif_l,
        aktif_p = rekap.aktif_p + excluded.aktif_p,
        tms = rekap.tms + excluded.tms,
        ditangguhkan = rekap.ditangguhkan + excluded.ditangguhkan,
        ditahan = rekap.ditahan + excluded.ditahan,
        konflik = rekap.konflik + excluded.konflik,
        -- The clock of the server may be set back, and another server may take over: a figure must not (I7).
        as_of = greatest(rekap.as_of, excluded.as_of)
),
rolled_tps AS (
    INSERT INTO rekap_pemilih_tps AS rekap (tps, aktif_l, aktif_p, ditahan)
    SELECT desa || tps, coalesce(aktif_l, 0), coalesce(aktif_p, 0), coalesce(ditahan, 0)
    FROM by_tps
    WHERE tps IS NOT NULL
    ORDER BY 1
    ON CONFLICT (tps) DO UPDATE SET
        aktif_l = rekap.aktif_l + excluded.aktif_l,
        aktif_p = rekap.aktif_p + excluded.aktif_p,
        ditahan = rekap.ditahan + excluded.ditahan
),
-- Which TPS a voter left nobody knows later (decision 0016).
queued AS (
    INSERT INTO periksa_tps (tps) SELECT desa || tps FROM by_tps WHERE tps IS NOT NULL
),
-- A partition, and so an office, has one writer (store.py, _lock_positions), and a round names each voter once: what was
-- not there when it was judged is not there now. An insert that looks for a conflict costs a third more.
added AS (
    INSERT INTO pemilih (office, nik_token, version, epoch, sequence, digest, state, desa, tps, jenis_kelamin, kelas_lahir,
                         status, tms, disabilitas)
    SELECT office, nik_token, version, epoch, sequence, digest, state, desa, tps, jenis_kelamin, kelas_lahir, status, tms,
           disabilitas
    FROM judged
    WHERE outcome = 'applied' AND old_state IS NULL
),
replaced AS (
    UPDATE pemilih AS stored SET
        version = judged.version, epoch = judged.epoch, sequence = judged.sequence, digest = judged.digest,
        state = judged.state, conflicted = false, desa = judged.desa, tps = judged.tps,
        jenis_kelamin = judged.jenis_kelamin, kelas_lahir = judged.kelas_lahir, status = judged.status, tms = judged.tms,
        disabilitas = judged.disabilitas
    FROM judged
    WHERE judged.outcome = 'applied' AND judged.old_state IS NOT NULL
      AND stored.office = judged.office AND stored.nik_token = judged.nik_token
      -- The second guard of I4: a version never goes back.
      AND stored.version < judged.version
),
forked AS (
    UPDATE pemilih AS stored SET conflicted = true, desa = judged.contested_desa
    FROM judged
    WHERE judged.is_contested AND stored.office = judged.office AND stored.nik_token = judged.nik_token
)
SELECT office, epoch, outcome, count(*) AS changes, count(*) FILTER (WHERE held) AS held,
       count(*) FILTER (WHERE status = 'tms') AS tms, max(recorded_time) AS recorded_time,
       array_agg(sequence) FILTER (WHERE outcome <> 'applied') AS sequences
FROM judged
GROUP BY 1, 2, 3
