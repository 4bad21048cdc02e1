-- Keeps median and MAD of each share in a kabupaten and its kecamatan, and names the TPS that lie far from them.
-- $1 kontes, $2 kabupaten; $3 tps_min, $4 penyebut_min, $5 skor_maks (docs/statistics.md).
-- A TPS is compared with its kecamatan, and only where that has too few with its kabupaten.
WITH formulir AS MATERIALIZED (
    SELECT tps, jenis_kejadian, perolehan_suara, suara_sah, suara_tidak_sah, suara_total, pemilih_dpt_j, pengguna_total_j
    FROM c_hasil
    WHERE kontes = $1::text AND tps >= $2::text || '000000000' AND tps <= $2 || '999999999'
      AND state = 'accepted' AND NOT conflicted AND perolehan_suara IS NOT NULL
),
-- The candidate with most votes in each wilayah; of equals the first by id. The roll-ups are of the very same forms (I10),
-- and need not go through hundreds of candidates of a legislative form.
unggulan AS MATERIALIZED (
    SELECT DISTINCT ON (wilayah) wilayah, calon
    FROM rekap_suara
    WHERE kontes = $1 AND wilayah >= $2 AND wilayah <= $2 || '99' AND length(wilayah) IN (4, 6) AND suara > 0
    ORDER BY wilayah, suara DESC, calon COLLATE "C"
),
pecahan AS (
    SELECT left(tps, digits) AS wilayah, tps, jenis_kejadian, ukuran, '' AS calon, pembilang, penyebut
    FROM formulir
    CROSS JOIN LATERAL (
        VALUES ('partisipasi', pengguna_total_j, pemilih_dpt_j), ('tidak_sah', suara_tidak_sah, suara_total)
    ) AS satu (ukuran, pembilang, penyebut)
    CROSS JOIN (VALUES (4), (6)) AS tingkat (digits)
    UNION ALL
    SELECT wilayah, tps, jenis_kejadian, 'unggulan', calon, (perolehan_suara ->> calon)::integer, suara_sah
    FROM formulir
    CROSS JOIN (VALUES (4), (6)) AS tingkat (digits)
    JOIN unggulan ON unggulan.wilayah = left(tps, digits)
),
nilai AS MATERIALIZED (
    SELECT *, pembilang::double precision / penyebut AS pangsa
    FROM pecahan
    WHERE pembilang IS NOT NULL AND penyebut >= $4::integer
),
pusat AS (
    SELECT wilayah, ukuran, calon, count(*) AS tps,
           percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY pangsa) AS kuartil
    FROM nilai
    GROUP BY wilayah, ukuran, calon
),
figures AS MATERIALIZED (
    SELECT wilayah, ukuran, calon, pusat.tps, kuartil[1] AS kuartil_1, kuartil[2] AS median, kuartil[3] AS kuartil_3,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(pangsa - kuartil[2])) AS mad
    FROM nilai JOIN pusat USING (wilayah, ukuran, calon)
    GROUP BY wilayah, ukuran, calon, pusat.tps, kuartil
),
kept AS (
    INSERT INTO statistik_ukuran (kontes, kabupaten, wilayah, ukuran, calon, tps, kuartil_1, median, kuartil_3, mad)
    SELECT $1, $2, wilayah, ukuran, calon, tps, kuartil_1, median, kuartil_3, mad FROM figures
),
-- Of TPS that are all alike but for chance, a small one lies further away: never less is usual than a draw allows.
scored AS (
    SELECT nilai.*, median,
           greatest(
               1.4826 * mad, sqrt(least(greatest(median, 0.01), 0.99) * (1 - least(greatest(median, 0.01), 0.99)) / penyebut)
           ) AS sebaran
    FROM nilai
    JOIN figures USING (wilayah, ukuran, calon)
    WHERE figures.tps >= $3::integer
      AND (length(wilayah) = 6 OR NOT EXISTS (
          SELECT FROM figures AS nearer
          WHERE nearer.wilayah = left(nilai.tps, 6) AND nearer.ukuran = nilai.ukuran AND nearer.tps >= $3
      ))
)
INSERT INTO statistik_temuan (kontes, kabupaten, wilayah, tps, uji, calon, pembilang, penyebut, pusat, batas_bawah,
                              batas_atas, skor, jenis_kejadian)
SELECT $1, $2, wilayah, tps, ukuran, calon, pembilang, penyebut, median,
       greatest(median - $5::double precision * sebaran, 0),
       CASE WHEN ukuran = 'partisipasi' THEN median + $5 * sebaran ELSE least(median + $5 * sebaran, 1) END,
       (pangsa - median) / sebaran, jenis_kejadian
FROM scored
WHERE abs(pangsa - median) > $5 * sebaran
