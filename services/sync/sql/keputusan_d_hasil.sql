-- Gives recapitulations the state that the decisions about them ask for; no roll-up holds them.
WITH judged AS MATERIALIZED (
    SELECT stored.*, version.subject,
           CASE WHEN is_dilepas('hasil', stored.office, stored.digest) THEN 'accepted' ELSE 'held' END AS new_state
    FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::uuid[]) AS given (office, digest)) AS aimed
    JOIN journal_hasil AS version
        ON version.office = aimed.office AND version.digest = aimed.digest AND version.held
       AND version.type LIKE 'd\_hasil.%'
    JOIN d_hasil AS stored
        ON stored.kontes = split_part(version.subject, '/', 2) AND stored.jalur = split_part(version.subject, '/', 3)
       AND stored.wilayah = split_part(version.subject, '/', 4)
       AND stored.office = version.office AND stored.epoch = version.epoch AND stored.sequence = version.sequence
    WHERE stored.state <> 'retracted'
),
kept AS (
    UPDATE d_hasil AS stored SET state = judged.new_state
    FROM judged
    WHERE stored.kontes = judged.kontes AND stored.jalur = judged.jalur AND stored.wilayah = judged.wilayah
      AND stored.state <> judged.new_state
)
SELECT office, subject, new_state AS state, epoch, sequence FROM judged WHERE state <> new_state
