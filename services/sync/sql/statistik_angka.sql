-- How often does each last digit stand in the votes of candidates of a kabupaten?
-- $1 kontes, $2 kabupaten; $3 angka_suara_min, $4 angka_sebaran_min. Only candidates whose votes have two digits nearly
-- everywhere and spread over more than a few tens: of others the last digits are not uniform by nature.
WITH asked_of AS MATERIALIZED (
    -- Whoever has two digits nearly everywhere has nine votes a form on average, and more than five in some kecamatan,
    -- however many of its forms do not say.
    SELECT DISTINCT calon
    FROM rekap_suara AS votes JOIN rekap_hasil AS whole USING (kontes, wilayah)
    WHERE kontes = $1::text AND wilayah >= $2::text AND wilayah <= $2 || '99' AND length(wilayah) = 6
      AND votes.suara >= whole.tps_masuk * $3::integer / 2.0
),
suara AS MATERIALIZED (
    SELECT calon, suara::integer AS suara
    FROM c_hasil CROSS JOIN jsonb_each_text(perolehan_suara) AS pilihan (calon, suara)
    WHERE kontes = $1 AND tps >= $2 || '000000000' AND tps <= $2 || '999999999'
      AND state = 'accepted' AND NOT conflicted AND suara IS NOT NULL
      AND calon IN (SELECT calon FROM asked_of)
),
pusat AS (
    SELECT calon, percentile_cont(ARRAY[0.1, 0.5]) WITHIN GROUP (ORDER BY suara) AS kuantil
    FROM suara GROUP BY calon
),
fit AS (
    SELECT calon
    FROM suara JOIN pusat USING (calon)
    WHERE kuantil[1] >= $3
    GROUP BY calon
    HAVING 1.4826 * percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(suara - kuantil[2])) >= $4::double precision
),
counted AS (
    SELECT suara % 10 AS digit, count(*) AS angka
    FROM suara JOIN fit USING (calon)
    WHERE suara >= $3
    GROUP BY 1
)
SELECT array_agg(coalesce(angka, 0)::integer ORDER BY digits.digit) AS digit, (SELECT count(*) FROM fit) AS calon
FROM generate_series(0, 9) AS digits (digit) LEFT JOIN counted USING (digit)
