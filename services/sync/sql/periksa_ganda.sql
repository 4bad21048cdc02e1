-- Who claims each of these tokens, and by which class are the claims one person? One row for each token that has or
-- had a case: without offices where at most one of them claims it.
-- $1: tokens that stand at more than one office.
WITH claim AS MATERIALIZED (
    SELECT kantor.nik_token, kantor.office, pemilih.desa, journal.data::jsonb -> 'match' AS match
    FROM unnest($1::uuid[]) AS asked (nik_token)
    JOIN pemilih_kantor AS kantor ON kantor.nik_token = asked.nik_token
    JOIN pemilih ON pemilih.office = kantor.office AND pemilih.nik_token = kantor.nik_token
    JOIN journal_pemilih AS journal
        ON journal.office = pemilih.office AND journal.epoch = pemilih.epoch AND journal.sequence = pemilih.sequence
    WHERE pemilih.status = 'aktif' AND pemilih.state IN ('accepted', 'held') AND NOT pemilih.conflicted
),
found AS MATERIALIZED (
    SELECT nik_token, array_agg(office ORDER BY office) AS offices,
           jsonb_agg(jsonb_build_object('office', office, 'desa', desa) ORDER BY office) AS claims,
           -- Equal K1 is equal K2 and so on: the strongest class in which two agree.
           CASE
               WHEN count(DISTINCT match ->> 'k1') < count(*) THEN 'K1'
               WHEN count(DISTINCT match ->> 'k2') < count(*) THEN 'K2'
               WHEN count(DISTINCT match ->> 'k3') < count(*) THEN 'K3'
               WHEN count(DISTINCT match ->> 'k4') < count(*) THEN 'K4'
               ELSE 'NIK'
           END AS kelas
    FROM claim
    GROUP BY nik_token
    HAVING count(*) > 1
),
named AS (
    INSERT INTO pemilih_perkara (nik_token) SELECT nik_token FROM found ORDER BY nik_token
    ON CONFLICT DO NOTHING
    RETURNING nik_token, perkara
),
cases AS (
    SELECT nik_token, perkara FROM named
    UNION ALL
    SELECT known.nik_token, known.perkara
    FROM unnest($1::uuid[]) AS asked (nik_token) JOIN pemilih_perkara AS known ON known.nik_token = asked.nik_token
)
SELECT cases.perkara, found.offices, found.kelas, found.claims::text AS claims
FROM cases LEFT JOIN found ON found.nik_token = cases.nik_token
ORDER BY cases.perkara
