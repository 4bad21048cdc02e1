-- Opens cases again whose settling decision has been taken back. $1: the cases to look at. Doing it again changes nothing.
WITH withdrawn AS MATERIALIZED (
    SELECT perkara.*
    FROM (SELECT DISTINCT id FROM unnest($1::uuid[]) AS given (id)) AS aimed
    JOIN perkara ON perkara.id = aimed.id AND perkara.state = 'decided'
    WHERE NOT EXISTS (
        SELECT
        FROM perkara_riwayat AS trail
        JOIN pernyataan AS said
            ON said.subject = split_part(trail.keputusan, '@', 1)
           AND said.digest::text = split_part(trail.keputusan, '@', 2)
        WHERE trail.perkara = perkara.id AND trail.action = 'decided'
          AND said.state = 'accepted' AND NOT said.conflicted
          -- What was decided before the case opened last settles nothing.
          AND trail.nomor > (
              SELECT max(nomor) FROM perkara_riwayat AS opening
              WHERE opening.perkara = perkara.id AND opening.action <> 'decided'
          )
    )
    ORDER BY perkara.id
    FOR UPDATE OF perkara
),
opened AS (
    UPDATE perkara SET state = 'open', changed_time = now() FROM withdrawn WHERE perkara.id = withdrawn.id
)
INSERT INTO perkara_riwayat (perkara, action, offices, seen, expected, evidence)
SELECT id, 'reopened', offices, seen, expected, evidence FROM withdrawn
