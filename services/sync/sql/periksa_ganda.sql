-- Who claims each of these tokens, and by which class are the claims one person? One row for each token that has or
-- had a case: without offices where at most one of them claims it.
-- $1: tokens that stand at more than one office.
WITH kantor AS MATERIALIZED (
    SELECT kantor.nik_token, kantor.office
    FROM unnest($1::uuid[]) AS asked (nik_token)
    JOIN pemilih_kantor AS kantor ON kantor.nik_token = asked.nik_token
),
claim AS MATERIALIZED (
    SELECT kantor.nik_token, kantor.office, voter.desa, journal.match
    FROM kantor
    -- One voter after the other by key, which OFFSET 0 holds fast: while a bulk load runs, no table of voters has
    -- statistics yet, and the planner would read all of them through for a hundred tokens.
    CROSS JOIN LATERAL (
        SELECT pemilih.office, pemilih.epoch, pemilih.sequence, pemilih.desa
        FROM pemilih
        WHERE pemilih.office = kantor.office AND pemilih.nik_token = kantor.nik_token
          AND pemilih.status = 'aktif' AND pemilih.state IN ('accepted', 'held') AND NOT pemilih.conflicted
        OFFSET 0
    ) AS voter
    CROSS JOIN LATERAL (
        SELECT journal_pemilih.data::jsonb -> 'match' AS match
        FROM journal_pemilih
        WHERE journal_pemilih.office = voter.office AND journal_pemilih.epoch = voter.epoch
          AND journal_pemilih.sequence = voter.sequence
        OFFSET 0
    ) AS journal
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
