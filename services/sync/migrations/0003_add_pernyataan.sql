-- Statements that are few and are looked up by their subject: PDPB recapitulations, the calendar, decisions of people.
-- One table serves them all; what a noun needs beyond it is a view or an index of its own.
CREATE TABLE pernyataan (
    subject     text PRIMARY KEY,
    noun        text NOT NULL CHECK (noun = split_part(subject, '/', 1)),
    office      text NOT NULL,
    version     bigint NOT NULL,
    epoch       integer NOT NULL,
    sequence    bigint NOT NULL,
    digest      uuid NOT NULL,
    state       text NOT NULL CHECK (state IN ('accepted', 'held', 'retracted')),
    conflicted  boolean NOT NULL DEFAULT false,
    -- Null when retracted.
    data        jsonb
) WITH (fillfactor = 90);
CREATE INDEX pernyataan_noun ON pernyataan (noun, office);

-- I3, I4: the current row is the newest version that was applied.
CREATE OR REPLACE VIEW invariant_newest AS
SELECT 'hasil' AS lane, subject AS record
FROM (
    SELECT subject, max(version) AS newest FROM journal_hasil WHERE outcome = 'applied' GROUP BY subject
) AS journal
FULL JOIN (
    SELECT 'tps/' || pemilihan || '/' || tps AS subject, version FROM tps
    UNION ALL
    SELECT 'c_hasil/' || kontes || '/' || tps, version FROM c_hasil
    UNION ALL
    SELECT 'd_hasil/' || kontes || '/' || jalur || '/' || wilayah, version FROM d_hasil
    UNION ALL
    SELECT subject, version FROM pernyataan
) AS stored USING (subject)
WHERE newest IS DISTINCT FROM version
UNION ALL
SELECT 'pemilih', office || ': ' || count(*)
FROM (
    SELECT office, nik_token, max(version) AS newest FROM journal_pemilih WHERE outcome = 'applied' GROUP BY 1, 2
) AS journal
FULL JOIN pemilih USING (office, nik_token)
WHERE newest IS DISTINCT FROM version
GROUP BY office;

-- I9: an office's journal speaks of its own records only. The calendar is the province's, a decision whoever's made it.
CREATE OR REPLACE VIEW invariant_authority AS
SELECT office, subject FROM journal_hasil
WHERE outcome <> 'parked'
  AND office <> CASE
      WHEN type LIKE 'd\_hasil.%' THEN left(split_part(subject, '/', 4), 4)
      WHEN type LIKE 'jadwal.%' THEN left(split_part(subject, '/', 3), 2)
      WHEN type LIKE 'keputusan.%' THEN split_part(subject, '/', 2)
      ELSE left(split_part(subject, '/', 3), 4)
  END;

CREATE OR REPLACE FUNCTION state_hash(of_office text, of_noun text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT md5(coalesce(string_agg(record || '/' || version || '/' || CASE WHEN conflicted THEN 'conflict' ELSE digest::text END,
                                   ',' ORDER BY record COLLATE "C"), ''))
    FROM (
        SELECT nik_token::text AS record, version, conflicted, digest FROM pemilih
        WHERE of_noun = 'pemilih' AND office = of_office
        UNION ALL
        SELECT pemilihan || '/' || tps, version, conflicted, digest FROM tps WHERE of_noun = 'tps' AND office = of_office
        UNION ALL
        SELECT kontes || '/' || tps, version, conflicted, digest FROM c_hasil WHERE of_noun = 'c_hasil' AND office = of_office
        UNION ALL
        SELECT kontes || '/' || jalur || '/' || wilayah, version, conflicted, digest FROM d_hasil
        WHERE of_noun = 'd_hasil' AND office = of_office
        UNION ALL
        SELECT substr(subject, length(noun) + 2), version, conflicted, digest FROM pernyataan WHERE noun = of_noun AND office = of_office
    ) AS records
$$;
