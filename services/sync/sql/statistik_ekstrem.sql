-- Which TPS gave a candidate next to nothing or next to everything, where a draw of votes from all others would not?
-- $1 kontes, $2 kabupaten; $3 tps_min, $4 penyebut_min, $5 ekstrem_batas, $6 ekstrem_peluang_maks. What neighbours have in
-- common makes an end likelier than a draw does, so that whatever passes here is asked again (core/chance.py).
WITH formulir AS MATERIALIZED (
    SELECT tps, jenis_kejadian, perolehan_suara, suara_sah
    FROM c_hasil
    WHERE kontes = $1::text AND tps >= $2::text || '000000000' AND tps <= $2 || '999999999'
      AND state = 'accepted' AND NOT conflicted AND perolehan_suara IS NOT NULL AND suara_sah >= $4::integer
),
-- A legislative form has hundreds of candidates, nearly all of them near nothing everywhere. Where (1 - share) to the
-- power of all votes of a TPS is likely enough, nothing is no finding; no form has a thousand votes, and half of such a
-- share leaves room for forms that are too small to be asked.
asked_of AS MATERIALIZED (
    SELECT DISTINCT calon
    FROM rekap_suara AS votes JOIN rekap_hasil AS whole USING (kontes, wilayah)
    WHERE kontes = $1 AND wilayah >= $2 AND wilayah <= $2 || '99' AND length(wilayah) = 6
      AND votes.suara >= whole.suara_sah * -ln($6::double precision) / 2000
    UNION
    SELECT calon
    FROM formulir CROSS JOIN jsonb_each_text(perolehan_suara) AS pilihan (calon, suara)
    WHERE jsonb_path_exists(
              perolehan_suara, '$.* ? (@ >= $most)', jsonb_build_object('most', suara_sah * (1 - $5::double precision))
          )
      AND suara::integer >= suara_sah * (1 - $5)
),
suara AS MATERIALIZED (
    SELECT tps, jenis_kejadian, calon, suara::integer AS suara, suara_sah,
           least(suara::double precision / suara_sah, 1) AS pangsa
    FROM formulir CROSS JOIN jsonb_each_text(perolehan_suara) AS pilihan (calon, suara)
    WHERE suara IS NOT NULL AND calon IN (SELECT calon FROM asked_of)
),
per_kecamatan AS MATERIALIZED (
    SELECT left(tps, 6) AS kecamatan, calon, count(*) AS tps, sum(suara) AS suara, sum(suara_sah) AS suara_sah
    FROM suara GROUP BY 1, 2
),
per_wilayah AS MATERIALIZED (
    SELECT left(kecamatan, digits) AS wilayah, calon, sum(tps) AS tps, sum(suara) AS suara, sum(suara_sah) AS suara_sah
    FROM per_kecamatan CROSS JOIN (VALUES (4), (6)) AS tingkat (digits)
    GROUP BY 1, 2
    HAVING sum(tps) >= $3::integer
),
at_an_end AS (
    SELECT suara.*, per_kecamatan.tps >= $3 AS is_near
    FROM suara
    JOIN per_kecamatan ON per_kecamatan.kecamatan = left(suara.tps, 6) AND per_kecamatan.calon = suara.calon
    WHERE pangsa <= $5 OR pangsa >= 1 - $5
),
asked AS MATERIALIZED (
    SELECT whole.wilayah, ended.tps, ended.calon, ended.jenis_kejadian, ended.suara, ended.suara_sah, ended.pangsa,
           -- Of all the others: what is looked at says nothing about what was to be expected.
           greatest(least((whole.suara - ended.suara)::double precision / (whole.suara_sah - ended.suara_sah), 1), 0)
               AS harapan,
           whole.suara_sah::double precision / whole.tps AS suara_rata
    FROM at_an_end AS ended
    JOIN per_wilayah AS whole
        ON whole.wilayah = left(ended.tps, CASE WHEN is_near THEN 6 ELSE 4 END) AND whole.calon = ended.calon
),
unlikely AS MATERIALIZED (
    SELECT * FROM asked
    -- A branch that is not taken is not computed: there is no logarithm of nothing.
    WHERE CASE
              WHEN pangsa <= $5 AND harapan >= 1 OR pangsa > $5 AND harapan <= 0 THEN true
              WHEN pangsa <= $5 THEN suara_sah * ln(1 - harapan) <= ln($6)
              ELSE suara_sah * ln(harapan) <= ln($6)
          END
),
median AS (
    SELECT wilayah, suara.calon, percentile_cont(0.5) WITHIN GROUP (ORDER BY suara.pangsa) AS median
    FROM (SELECT DISTINCT wilayah, calon FROM unlikely) AS wanted
    JOIN suara ON suara.calon = wanted.calon AND left(suara.tps, length(wilayah)) = wilayah
    GROUP BY 1, 2
),
mad AS (
    SELECT wilayah, suara.calon,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(suara.pangsa - median.median)) AS mad
    FROM median JOIN suara ON suara.calon = median.calon AND left(suara.tps, length(wilayah)) = wilayah
    GROUP BY 1, 2
)
SELECT wilayah, tps, calon, jenis_kejadian, suara, suara_sah, harapan, suara_rata, 1.4826 * mad AS sebaran,
       pangsa <= $5 AS is_low
FROM unlikely JOIN mad USING (wilayah, calon)
ORDER BY tps, calon
