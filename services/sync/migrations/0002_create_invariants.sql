-- What must always hold, asked of the data itself. Each view lists what breaks its invariant and must be empty; the
-- second guard behind the code (docs/invariants.md). Nothing here names a single voter.

-- I2: the books balance.
CREATE VIEW invariant_neraca AS
SELECT office, lane, epoch, cardinality(seen) AS seen, accepted, held, rejected, applied, duplicate, stale, conflict, parked
FROM neraca
WHERE cardinality(seen) <> accepted + held + rejected
   OR accepted + held <> applied + duplicate + stale + conflict + parked;

-- I1: every change that was not rejected has exactly one outcome in the journal.
CREATE VIEW invariant_journal AS
WITH journal AS (
    SELECT office, 'hasil' AS lane, epoch, count(*) AS changes FROM journal_hasil GROUP BY office, epoch
    UNION ALL
    SELECT office, 'pemilih', epoch, count(*) FROM journal_pemilih GROUP BY office, epoch
)
SELECT office, lane, epoch, coalesce(journal.changes, 0) AS in_journal, neraca.accepted + neraca.held AS in_books
FROM neraca FULL JOIN journal USING (office, lane, epoch)
WHERE coalesce(journal.changes, 0) <> coalesce(neraca.accepted + neraca.held, 0);

-- I3, I4: the current row is the newest version that was applied.
CREATE VIEW invariant_newest AS
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

-- I9: an office's journal speaks of its own records only.
CREATE VIEW invariant_authority AS
SELECT office, subject FROM journal_hasil
WHERE outcome <> 'parked' AND left(split_part(subject, '/', CASE WHEN type LIKE 'd\_hasil.%' THEN 4 ELSE 3 END), 4) <> office;

-- I10: every roll-up is the exact sum of the records below it.
CREATE VIEW invariant_rekap_tps AS
WITH recomputed AS (
    SELECT pemilihan, left(tps, digits) AS wilayah, count(*) AS terdaftar
    FROM tps CROSS JOIN (VALUES (10), (6), (4)) AS tingkat (digits)
    WHERE state = 'accepted' AND NOT conflicted
    GROUP BY 1, 2
)
SELECT pemilihan, wilayah, rekap.terdaftar AS kept, recomputed.terdaftar AS recomputed
FROM rekap_tps AS rekap FULL JOIN recomputed USING (pemilihan, wilayah)
WHERE coalesce(rekap.terdaftar, 0) <> coalesce(recomputed.terdaftar, 0);

CREATE VIEW invariant_rekap_hasil AS
WITH weighed AS (
    SELECT *, state = 'accepted' AND NOT conflicted AND perolehan_suara IS NOT NULL AS counts FROM c_hasil
),
recomputed AS (
    SELECT kontes, left(tps, digits) AS wilayah,
           count(*) FILTER (WHERE counts) AS tps_masuk,
           count(*) FILTER (WHERE NOT conflicted AND state = 'held') AS tps_ditahan,
           count(*) FILTER (WHERE conflicted) AS tps_konflik,
           coalesce(sum(suara_sah) FILTER (WHERE counts), 0) AS suara_sah,
           coalesce(sum(suara_tidak_sah) FILTER (WHERE counts), 0) AS suara_tidak_sah,
           coalesce(sum(suara_total) FILTER (WHERE counts), 0) AS suara_total,
           coalesce(sum(pemilih_dpt_j) FILTER (WHERE counts), 0) AS pemilih_dpt,
           coalesce(sum(pengguna_total_j) FILTER (WHERE counts), 0) AS pengguna_total
    FROM weighed CROSS JOIN (VALUES (10), (6), (4)) AS tingkat (digits)
    GROUP BY 1, 2
)
SELECT kontes, wilayah
FROM rekap_hasil AS rekap FULL JOIN recomputed USING (kontes, wilayah)
WHERE (coalesce(rekap.tps_masuk, 0), coalesce(rekap.tps_ditahan, 0), coalesce(rekap.tps_konflik, 0),
       coalesce(rekap.suara_sah, 0), coalesce(rekap.suara_tidak_sah, 0), coalesce(rekap.suara_total, 0),
       coalesce(rekap.pemilih_dpt, 0), coalesce(rekap.pengguna_total, 0))
   <> (coalesce(recomputed.tps_masuk, 0), coalesce(recomputed.tps_ditahan, 0), coalesce(recomputed.tps_konflik, 0),
       coalesce(recomputed.suara_sah, 0), coalesce(recomputed.suara_tidak_sah, 0), coalesce(recomputed.suara_total, 0),
       coalesce(recomputed.pemilih_dpt, 0), coalesce(recomputed.pengguna_total, 0));

CREATE VIEW invariant_rekap_suara AS
WITH recomputed AS (
    SELECT kontes, left(tps, digits) AS wilayah, calon, sum(coalesce(suara::bigint, 0)) AS suara
    FROM c_hasil
    CROSS JOIN jsonb_each_text(perolehan_suara) AS pilihan (calon, suara)
    CROSS JOIN (VALUES (10), (6), (4)) AS tingkat (digits)
    WHERE state = 'accepted' AND NOT conflicted
    GROUP BY 1, 2, 3
)
SELECT kontes, wilayah, calon, rekap.suara AS kept, recomputed.suara AS recomputed
FROM rekap_suara AS rekap FULL JOIN recomputed USING (kontes, wilayah, calon)
WHERE coalesce(rekap.suara, 0) <> coalesce(recomputed.suara, 0);

CREATE VIEW invariant_rekap_pemilih AS
WITH recomputed AS (
    SELECT left(desa, digits) AS wilayah,
           count(*) FILTER (WHERE counts AND status = 'aktif' AND jenis_kelamin = 'L') AS aktif_l,
           count(*) FILTER (WHERE counts AND status = 'aktif' AND jenis_kelamin = 'P') AS aktif_p,
           count(*) FILTER (WHERE counts AND status = 'tms') AS tms,
           count(*) FILTER (WHERE counts AND status = 'ditangguhkan') AS ditangguhkan,
           count(*) FILTER (WHERE NOT conflicted AND state = 'held') AS ditahan,
           count(*) FILTER (WHERE conflicted) AS konflik
    FROM (SELECT *, state = 'accepted' AND NOT conflicted AS counts FROM pemilih WHERE desa IS NOT NULL) AS weighed
    CROSS JOIN (VALUES (10), (6), (4)) AS tingkat (digits)
    GROUP BY 1
)
SELECT wilayah
FROM rekap_pemilih AS rekap FULL JOIN recomputed USING (wilayah)
WHERE (coalesce(rekap.aktif_l, 0), coalesce(rekap.aktif_p, 0), coalesce(rekap.tms, 0), coalesce(rekap.ditangguhkan, 0),
       coalesce(rekap.ditahan, 0), coalesce(rekap.konflik, 0))
   <> (coalesce(recomputed.aktif_l, 0), coalesce(recomputed.aktif_p, 0), coalesce(recomputed.tms, 0),
       coalesce(recomputed.ditangguhkan, 0), coalesce(recomputed.ditahan, 0), coalesce(recomputed.konflik, 0));

-- I14: what has been written about a change is never rewritten. Statement triggers cost one call per statement.
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_hasil
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_pemilih
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- The books of each office and lane over all its epochs, with what is still on the way.
CREATE VIEW neraca_per_lane AS
SELECT office, lane,
       sum(greatest(stamped, coalesce(upper(seen) - 1, 0)))::bigint AS submitted,
       sum(published)::bigint AS published,
       sum(accepted)::bigint AS accepted, sum(held)::bigint AS held, sum(rejected)::bigint AS rejected,
       sum(greatest(stamped, coalesce(upper(seen) - 1, 0)) - cardinality(seen))::bigint AS in_flight,
       sum(applied)::bigint AS applied, sum(duplicate)::bigint AS duplicate, sum(stale)::bigint AS stale,
       sum(conflict)::bigint AS conflict, sum(parked)::bigint AS parked,
       max(recorded_time) AS recorded_time, max(sent_time) AS sent_time,
       max(merged_recorded_time) AS merged_recorded_time, max(merged_time) AS merged_time
FROM neraca
GROUP BY office, lane;

-- The state of one office's records of one kind as one value that no order, split or repetition changes (I4). A record in
-- conflict names no content: none was chosen (decision 0003).
CREATE FUNCTION state_hash(of_office text, of_noun text) RETURNS text LANGUAGE sql STABLE AS $$
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
    ) AS records
$$;
