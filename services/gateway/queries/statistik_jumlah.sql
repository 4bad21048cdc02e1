-- How many TPS of this wilayah are named, by what they are named for?
-- $1: kontes; $2: code of the wilayah.
SELECT uji, count(*) AS temuan
FROM statistik_temuan
WHERE kontes = $1 AND tps >= $2::text AND tps <= rpad($2, 13, '9')
GROUP BY uji
