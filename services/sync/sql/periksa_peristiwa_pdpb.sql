-- Do the events of a period tell what its recapitulations say? One row for each recapitulation of the office that can be
-- compared; without `seen` where it agrees. $1 office, $2 periode.
WITH rekap AS MATERIALIZED (
    SELECT wilayah, data, data ->> 'basis' AS basis, masa_periode(periode) AS masa
    FROM rekap_pdpb
    WHERE office = $1 AND periode = $2 AND masa_periode(periode) IS NOT NULL
),
-- Against the DPT everything since its polling day counts, against the period before only the period itself.
since AS MATERIALIZED (
    SELECT basis,
           CASE basis
               WHEN 'dpt' THEN (
                   SELECT max(hari)::timestamp AT TIME ZONE 'Asia/Jakarta' FROM pemilihan WHERE hari < lower(masa)
               )
               ELSE lower(masa)
           END AS mulai,
           upper(masa) AS sampai
    FROM (SELECT DISTINCT basis, masa FROM rekap) AS declared
),
-- An office whose voters were all recorded since has no list that the events could have changed.
comparable AS MATERIALIZED (
    SELECT since.*
    FROM since
    WHERE EXISTS (SELECT FROM journal_pemilih WHERE office = $1 AND recorded_time < mulai AND outcome <> 'parked')
),
counted AS MATERIALIZED (
    SELECT basis, event.*
    FROM comparable CROSS JOIN LATERAL peristiwa_pdpb($1, mulai, sampai) AS event
)
SELECT rekap.wilayah, (rekap.data ->> 'baru')::bigint AS baru, (rekap.data ->> 'tms')::bigint AS tms,
       coalesce(counted.baru, 0) AS baru_dihitung, coalesce(counted.tms, 0) AS tms_dihitung,
       EXISTS (SELECT FROM comparable WHERE comparable.basis = rekap.basis) AS is_counted
FROM rekap
LEFT JOIN counted ON counted.basis = rekap.basis AND counted.wilayah = rekap.wilayah
ORDER BY rekap.wilayah
