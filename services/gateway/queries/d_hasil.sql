-- What do the recapitulation forms of this wilayah say?
-- $1: its code.
SELECT d.kontes, d.jalur, d.office, d.state, d.conflicted, d.data::text AS data, changed.as_of
FROM d_hasil AS d
CROSS JOIN LATERAL (
    SELECT max(j.merged_time) AS as_of
    FROM journal_hasil AS j
    WHERE j.subject = 'd_hasil/' || d.kontes || '/' || d.jalur || '/' || d.wilayah
      AND j.outcome IN ('applied', 'conflict')
) AS changed
WHERE d.kontes = ANY(SELECT kode FROM kontes) AND d.jalur IN ('hitung', 'rekap') AND d.wilayah = $1
ORDER BY d.kontes, d.jalur
