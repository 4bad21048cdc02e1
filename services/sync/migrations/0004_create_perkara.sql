-- Contradictions between records (decision 0012).

-- Stretches of an office's numbering that have been merged and not yet been examined; only ever appended to and taken from.
CREATE TABLE periksa (
    nomor   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lane    text NOT NULL CHECK (lane IN ('hasil', 'pemilih')),
    office  text NOT NULL,
    epoch   integer NOT NULL,
    first   bigint NOT NULL,
    last    bigint NOT NULL CHECK (last >= first)
);

CREATE TABLE perkara (
    id            uuid PRIMARY KEY,
    code          text NOT NULL,
    -- The contradiction this case stands for, unique within its code; never a token.
    kunci         text NOT NULL,
    about         text NOT NULL,
    offices       text[] NOT NULL,
    state         text NOT NULL CHECK (state IN ('open', 'decided', 'closed')),
    opened_time   timestamptz NOT NULL DEFAULT now(),
    changed_time  timestamptz NOT NULL DEFAULT now(),
    closed_time   timestamptz CHECK ((closed_time IS NOT NULL) = (state = 'closed')),
    seen          text NOT NULL,
    expected      text NOT NULL,
    evidence      jsonb NOT NULL,
    UNIQUE (code, kunci)
) WITH (fillfactor = 70);
CREATE INDEX perkara_newest ON perkara (opened_time DESC, id);

CREATE TABLE perkara_riwayat (
    nomor      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    perkara    uuid NOT NULL REFERENCES perkara,
    time       timestamptz NOT NULL DEFAULT now(),
    action     text NOT NULL CHECK (action IN ('opened', 'changed', 'reopened', 'closed', 'decided')),
    offices    text[] NOT NULL,
    seen       text NOT NULL,
    expected   text NOT NULL,
    evidence   jsonb NOT NULL,
    -- Of a decision only: its subject, what was decided, why, and in which role; never a name.
    keputusan  text,
    putusan    text,
    alasan     text,
    jabatan    text,
    UNIQUE (perkara, keputusan)
);
CREATE INDEX perkara_riwayat_perkara ON perkara_riwayat (perkara, nomor);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON perkara_riwayat
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- Which offices have, or had, a record of a token: written by the examiner alone.
CREATE TABLE pemilih_kantor (
    nik_token  uuid NOT NULL,
    office     text NOT NULL,
    PRIMARY KEY (nik_token, office)
);

-- Which case stands for a token. The gateway's role may read nothing whose name begins with pemilih.
CREATE TABLE pemilih_perkara (
    nik_token  uuid PRIMARY KEY,
    perkara    uuid NOT NULL UNIQUE DEFAULT gen_random_uuid()
);

-- Everything merged before is examined, piece by piece.
INSERT INTO periksa (lane, office, epoch, first, last)
SELECT lane, office, epoch, piece, least(piece + 999, upper(stretch) - 1)
FROM neraca
CROSS JOIN LATERAL unnest(seen) AS stretch
CROSS JOIN LATERAL generate_series(lower(stretch), upper(stretch) - 1, 1000) AS piece
WHERE lane = 'pemilih'
ORDER BY office, epoch, piece;

-- Writes the decision of a person; false when there is no such open case, or when it has been written before.
CREATE FUNCTION putuskan_perkara(
    the_case uuid, the_decision text, what text, why text, role text
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    stored perkara;
BEGIN
    SELECT * INTO stored FROM perkara WHERE id = the_case AND state = 'open' FOR UPDATE;
    IF NOT FOUND OR EXISTS (SELECT FROM perkara_riwayat WHERE perkara = the_case AND keputusan = the_decision) THEN
        RETURN false;
    END IF;
    UPDATE perkara SET state = 'decided', changed_time = now() WHERE id = the_case;
    INSERT INTO perkara_riwayat (perkara, action, offices, seen, expected, evidence, keputusan, putusan, alasan, jabatan)
    VALUES (the_case, 'decided', stored.offices, stored.seen, stored.expected, stored.evidence, the_decision, what, why,
            role);
    RETURN true;
END
$$;

-- Where nothing waits to be examined, the claims are those of the records (decision 0012).
CREATE VIEW invariant_klaim AS
SELECT office, count(*) AS records
FROM pemilih FULL JOIN pemilih_kantor AS kantor USING (office, nik_token)
WHERE (pemilih.version IS NULL OR kantor.nik_token IS NULL) AND NOT EXISTS (SELECT FROM periksa WHERE lane = 'pemilih')
GROUP BY office;

-- Where nothing waits to be examined, a case of ganda is not closed exactly where two offices claim one token.
CREATE VIEW invariant_ganda AS
WITH claimed AS (
    SELECT nik_token FROM pemilih
    WHERE status = 'aktif' AND state IN ('accepted', 'held') AND NOT conflicted
    GROUP BY nik_token HAVING count(*) > 1
),
cases AS (
    SELECT nik_token FROM pemilih_perkara JOIN perkara ON perkara.id = pemilih_perkara.perkara WHERE state <> 'closed'
)
SELECT count(*) AS tokens
FROM claimed FULL JOIN cases USING (nik_token)
WHERE (claimed.nik_token IS NULL OR cases.nik_token IS NULL) AND NOT EXISTS (SELECT FROM periksa WHERE lane = 'pemilih')
HAVING count(*) > 0;
