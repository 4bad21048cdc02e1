-- Writes decisions about cases into their trails. $1 and $2: an office concerned, and the case. Doing it again changes
-- nothing: a statement is written into a trail once, under its subject and digest, also where the case is open again.
SELECT putuskan_perkara(id, named, putusan, alasan, jabatan) AS written
FROM (
    SELECT perkara.id, said.subject || '@' || said.digest AS named, said.data ->> 'putusan' AS putusan,
           said.data ->> 'alasan' AS alasan, said.data ->> 'jabatan' AS jabatan
    FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::uuid[]) AS given (office, id)) AS aimed
    JOIN perkara ON perkara.id = aimed.id AND perkara.state = 'open'
    CROSS JOIN LATERAL (SELECT left(aimed.office, 2) UNION SELECT aimed.office) AS decider (office)
    JOIN pernyataan AS said
        ON said.subject = 'keputusan/' || decider.office || '/' || replace(aimed.id::text, '-', '')
    WHERE said.state = 'accepted' AND NOT said.conflicted
      AND said.data ->> 'tentang' = 'perkara' AND said.data ->> 'putusan' = 'selesai'
      AND said.data ->> 'kantor' = aimed.office
      -- The second guard of AUT-DECISION: whom the case does not concern does not settle it.
      AND (length(said.office) = 2 OR said.office = ANY (perkara.offices))
    -- One order for everybody, so that no two transactions wait for one another.
    ORDER BY perkara.id, said.subject
) AS settled
