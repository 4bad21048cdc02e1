-- Decisions about cases are looked at as those about versions are (decisions 0012 and 0013).
CREATE OR REPLACE FUNCTION note_keputusan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO keputusan_tertunda (lane, office, digest)
    SELECT DISTINCT said.data ->> 'lajur', said.data ->> 'kantor', (said.data ->> 'sasaran')::uuid
    -- A retraction says nothing, and a correction may aim elsewhere: what was said before it counts no longer.
    FROM (VALUES (NEW.data), (CASE WHEN TG_OP = 'UPDATE' THEN OLD.data END)) AS said (data)
    WHERE said.data IS NOT NULL;
    RETURN NULL;
END
$$;

-- Decisions about cases that were merged before this.
INSERT INTO keputusan_tertunda (lane, office, digest)
SELECT data ->> 'lajur', data ->> 'kantor', (data ->> 'sasaran')::uuid
FROM pernyataan
WHERE noun = 'keputusan' AND data ->> 'tentang' = 'perkara';
