-- Decisions of people take effect (decision 0013). What a decision aims at may belong to another partition than the
-- decision itself, and a partition has one writer: so the merge of a decision only notes here that it has to be looked
-- at, and whoever merges the office that owns the record does that, in a transaction of its own.
CREATE TABLE keputusan_tertunda (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Of the record, not of the decision.
    lane    text NOT NULL,
    office  text NOT NULL,
    digest  uuid NOT NULL
);
CREATE INDEX keputusan_tertunda_office ON keputusan_tertunda (lane, office, id);

-- A trigger, so that nothing that ever changes a decision can forget to say so. Each change is a row of its own: whoever
-- takes one away has looked at the decision after it was written, and takes no later one with it.
CREATE FUNCTION note_keputusan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO keputusan_tertunda (lane, office, digest)
    SELECT DISTINCT said.data ->> 'lajur', said.data ->> 'kantor', (said.data ->> 'sasaran')::uuid
    -- A retraction says nothing, and a correction may aim elsewhere: what was said before it counts no longer.
    FROM (VALUES (NEW.data), (CASE WHEN TG_OP = 'UPDATE' THEN OLD.data END)) AS said (data)
    WHERE said.data ->> 'tentang' = 'versi';
    RETURN NULL;
END
$$;
CREATE TRIGGER noted_on_insert AFTER INSERT ON pernyataan
    FOR EACH ROW WHEN (NEW.noun = 'keputusan') EXECUTE FUNCTION note_keputusan();
CREATE TRIGGER noted_on_update AFTER UPDATE ON pernyataan
    FOR EACH ROW WHEN (NEW.noun = 'keputusan') EXECUTE FUNCTION note_keputusan();

-- Decisions that were merged before they had an effect.
INSERT INTO keputusan_tertunda (lane, office, digest)
SELECT data ->> 'lajur', data ->> 'kantor', (data ->> 'sasaran')::uuid
FROM pernyataan
WHERE noun = 'keputusan' AND data ->> 'tentang' = 'versi';

-- A version is found by its digest; only held ones can be aimed at, and they are few.
CREATE INDEX journal_hasil_held ON journal_hasil (office, digest) WHERE held;
CREATE INDEX journal_pemilih_held ON journal_pemilih (office, digest) WHERE held;
-- What stands held, for the desk. Of columns that a correction leaves alone, so that it still rewrites no index.
CREATE INDEX c_hasil_held ON c_hasil (office) WHERE state = 'held';
CREATE INDEX d_hasil_held ON d_hasil (office) WHERE state = 'held';
CREATE INDEX tps_held ON tps (office) WHERE state = 'held';
CREATE INDEX pernyataan_held ON pernyataan (office) WHERE state = 'held';

-- Whether the province has released a version of one of its offices, and stands by it. Nobody else can (AUT-DECISION);
-- the subject of the decision says who made it.
CREATE FUNCTION is_dilepas(of_lane text, of_office text, of_digest uuid) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN EXISTS (
        SELECT FROM pernyataan
        WHERE subject = 'keputusan/' || left(of_office, 2) || '/' || replace(of_digest::text, '-', '')
          AND state = 'accepted' AND NOT conflicted
          AND data ->> 'tentang' = 'versi' AND data ->> 'putusan' = 'dilepas'
          AND data ->> 'kantor' = of_office AND data ->> 'lajur' = of_lane
    );

-- How many voters stand held, by cause. The gateway may not read single voters, but how many there are.
CREATE VIEW pemilih_ditahan AS
SELECT found.office, found.code, count(*) AS voters, min(version.merged_time) AS since
FROM (
    SELECT DISTINCT office, epoch, sequence, code FROM finding WHERE lane = 'pemilih' AND tier = 'hold'
) AS found
JOIN journal_pemilih AS version USING (office, epoch, sequence)
JOIN pemilih AS stored
    ON stored.office = version.office AND stored.nik_token = version.nik_token
   AND stored.epoch = version.epoch AND stored.sequence = version.sequence
WHERE stored.state = 'held' AND NOT stored.conflicted
GROUP BY found.office, found.code;

-- I4: a held version counts exactly where the decisions say so, unless one of them has yet to be looked at.
CREATE VIEW invariant_keputusan AS
WITH standing AS (
    SELECT 'tps/' || pemilihan || '/' || tps AS subject, office, epoch, sequence, state FROM tps
    UNION ALL
    SELECT 'c_hasil/' || kontes || '/' || tps, office, epoch, sequence, state FROM c_hasil
    UNION ALL
    SELECT 'd_hasil/' || kontes || '/' || jalur || '/' || wilayah, office, epoch, sequence, state FROM d_hasil
    UNION ALL
    SELECT subject, office, epoch, sequence, state FROM pernyataan
),
held AS (
    SELECT 'hasil' AS lane, standing.office, standing.subject AS record, version.digest, standing.state
    FROM journal_hasil AS version JOIN standing USING (subject, office, epoch, sequence)
    WHERE version.held
    UNION ALL
    -- Nothing here names a single voter.
    SELECT 'pemilih', stored.office, stored.office, version.digest, stored.state
    FROM journal_pemilih AS version JOIN pemilih AS stored USING (office, nik_token, epoch, sequence)
    WHERE version.held
)
SELECT lane, record
FROM held
WHERE state <> 'retracted' AND (state = 'accepted') <> is_dilepas(lane, office, digest)
  AND NOT EXISTS (
      SELECT FROM keputusan_tertunda AS noted
      WHERE noted.lane = held.lane AND noted.office = held.office AND noted.digest = held.digest
  );
