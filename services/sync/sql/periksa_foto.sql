-- Keeps which photographs the current forms have, and says which photographs of theirs have to be looked at: those they
-- have and those they had. $1 kontes, $2 tps: the forms. A name shorter than a digest may stand for different pictures.
WITH form AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::text[]) AS asked (kontes, tps)
),
current AS MATERIALIZED (
    SELECT DISTINCT foto, form.kontes, form.tps
    FROM form
    JOIN c_hasil AS stored ON stored.kontes = form.kontes AND stored.tps = form.tps
    JOIN journal_hasil AS version
        ON version.office = stored.office AND version.epoch = stored.epoch AND version.sequence = stored.sequence
    CROSS JOIN LATERAL jsonb_array_elements_text(
        CASE jsonb_typeof(version.data::jsonb -> 'foto') WHEN 'array' THEN version.data::jsonb -> 'foto' ELSE '[]' END
    ) AS named (foto)
    WHERE stored.state <> 'retracted' AND NOT stored.conflicted AND length(foto) >= 32
),
gone AS (
    DELETE FROM foto_formulir AS known USING form
    WHERE known.kontes = form.kontes AND known.tps = form.tps
      AND NOT EXISTS (
          SELECT FROM current
          WHERE current.foto = known.foto AND current.kontes = known.kontes AND current.tps = known.tps
      )
    RETURNING known.foto
),
added AS (
    INSERT INTO foto_formulir (foto, kontes, tps) SELECT foto, kontes, tps FROM current
    ON CONFLICT DO NOTHING
    RETURNING foto
)
SELECT foto FROM gone UNION SELECT foto FROM added
