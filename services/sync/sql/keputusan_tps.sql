-- Gives polling stations the state that the decisions about them ask for; the shape is that of keputusan_c_hasil.sql.
WITH judged AS MATERIALIZED (
    SELECT stored.*, version.subject,
           CASE WHEN is_dilepas('hasil', stored.office, stored.digest) THEN 'accepted' ELSE 'held' END AS new_state
    FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::uuid[]) AS given (office, digest)) AS aimed
    JOIN journal_hasil AS version
        ON version.office = aimed.office AND version.digest = aimed.digest AND version.held AND version.type LIKE 'tps.%'
    JOIN tps AS stored
        ON stored.pemilihan = split_part(version.subject, '/', 2) AND stored.tps = split_part(version.subject, '/', 3)
       AND stored.office = version.office AND stored.epoch = version.epoch AND stored.sequence = version.sequence
    WHERE stored.state <> 'retracted'
),
turned AS MATERIALIZED (
    SELECT *, CASE new_state WHEN 'accepted' THEN 1 ELSE -1 END AS sign FROM judged WHERE state <> new_state
),
rolled AS (
    INSERT INTO rekap_tps AS rekap (pemilihan, wilayah, terdaftar)
    SELECT pemilihan, left(tps, digits), sum(sign)
    FROM turned CROSS JOIN (VALUES (10), (6), (4)) AS tingkat (digits)
    WHERE NOT conflicted
    GROUP BY 1, 2
    ORDER BY 1, 2
    ON CONFLICT (pemilihan, wilayah) DO UPDATE SET terdaftar = rekap.terdaftar + excluded.terdaftar
),
kept AS (
    UPDATE tps AS stored SET state = turned.new_state
    FROM turned
    WHERE stored.pemilihan = turned.pemilihan AND stored.tps = turned.tps
)
SELECT office, subject, new_state AS state, epoch, sequence FROM turned
