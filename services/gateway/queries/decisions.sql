-- What has been decided about these versions, oldest first? $1 and $2: office and digest of each.
SELECT about.office, about.digest, said.office AS decider, said.data ->> 'putusan' AS putusan,
       said.data ->> 'alasan' AS alasan, said.data ->> 'dokumen' AS dokumen, said.data ->> 'jabatan' AS jabatan,
       v.time, v.merged_time
FROM unnest($1::text[], $2::uuid[]) AS about (office, digest)
-- Only these two can decide (AUT-DECISION).
CROSS JOIN LATERAL (SELECT left(about.office, 2) UNION SELECT about.office) AS decider (office)
JOIN pernyataan AS said
    ON said.subject = 'keputusan/' || decider.office || '/' || replace(about.digest::text, '-', '')
JOIN journal_hasil AS v ON v.office = said.office AND v.epoch = said.epoch AND v.sequence = said.sequence
WHERE said.state = 'accepted' AND NOT said.conflicted AND said.data ->> 'tentang' = 'versi'
  AND said.data ->> 'kantor' = about.office AND said.data ->> 'lajur' = 'hasil'
ORDER BY v.merged_time, decider.office
