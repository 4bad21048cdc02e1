-- Gives the statements that are kept as they are the state that the decisions about them ask for. A decision is one of
-- them: where it was held itself and is released, the trigger of this table notes what it aims at in its turn.
WITH judged AS MATERIALIZED (
    SELECT stored.subject, stored.office, stored.state, stored.epoch, stored.sequence,
           CASE WHEN is_dilepas('hasil', stored.office, stored.digest) THEN 'accepted' ELSE 'held' END AS new_state
    FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::uuid[]) AS given (office, digest)) AS aimed
    JOIN journal_hasil AS version
        ON version.office = aimed.office AND version.digest = aimed.digest AND version.held
    JOIN pernyataan AS stored
        ON stored.subject = version.subject
       AND stored.office = version.office AND stored.epoch = version.epoch AND stored.sequence = version.sequence
    WHERE stored.state <> 'retracted'
),
kept AS (
    UPDATE pernyataan AS stored SET state = judged.new_state
    FROM judged
    WHERE stored.subject = judged.subject AND stored.state <> judged.new_state
)
SELECT office, subject, new_state AS state, epoch, sequence FROM judged WHERE state <> new_state
