-- Contradictions between forms, recapitulations, lists and the register (decision 0016). Each view kontradiksi_* lists
-- what contradicts what among the committed records: the examiner asks it about what was touched, the invariant about all.

-- Reference -------------------------------------------------------------------------------------------------------

CREATE TABLE pemilihan (
    kode             text PRIMARY KEY,
    nama             text NOT NULL,
    hari             date NOT NULL,
    dpt_per_tps_max  integer NOT NULL
);

-- The voters of each TPS --------------------------------------------------------------------------------------------

CREATE TABLE rekap_pemilih_tps (
    -- Desa and number of the TPS, thirteen digits.
    tps      text PRIMARY KEY,
    aktif_l  bigint NOT NULL DEFAULT 0,
    aktif_p  bigint NOT NULL DEFAULT 0,
    ditahan  bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- TPS whose voters have changed and that have not been examined since; only ever appended to and taken from.
CREATE TABLE periksa_tps (
    nomor  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tps    text NOT NULL
);

INSERT INTO rekap_pemilih_tps (tps, aktif_l, aktif_p, ditahan)
SELECT desa || tps,
       count(*) FILTER (WHERE state = 'accepted' AND status = 'aktif' AND jenis_kelamin = 'L'),
       count(*) FILTER (WHERE state = 'accepted' AND status = 'aktif' AND jenis_kelamin = 'P'),
       count(*) FILTER (WHERE state = 'held')
FROM pemilih
WHERE desa IS NOT NULL AND tps IS NOT NULL AND NOT conflicted
GROUP BY 1;
INSERT INTO periksa_tps (tps) SELECT tps FROM rekap_pemilih_tps ORDER BY tps;

-- I10.
CREATE VIEW invariant_rekap_pemilih_tps AS
WITH recomputed AS (
    SELECT desa || tps AS tps,
           count(*) FILTER (WHERE state = 'accepted' AND status = 'aktif' AND jenis_kelamin = 'L') AS aktif_l,
           count(*) FILTER (WHERE state = 'accepted' AND status = 'aktif' AND jenis_kelamin = 'P') AS aktif_p,
           count(*) FILTER (WHERE state = 'held') AS ditahan
    FROM pemilih
    WHERE desa IS NOT NULL AND tps IS NOT NULL AND NOT conflicted
    GROUP BY 1
)
SELECT tps
FROM rekap_pemilih_tps AS rekap FULL JOIN recomputed USING (tps)
WHERE (coalesce(rekap.aktif_l, 0), coalesce(rekap.aktif_p, 0), coalesce(rekap.ditahan, 0))
   <> (coalesce(recomputed.aktif_l, 0), coalesce(recomputed.aktif_p, 0), coalesce(recomputed.ditahan, 0));

-- What the examiner keeps for itself -------------------------------------------------------------------------------

-- Photographs of the current forms. Written by the examiner alone, from the journal.
CREATE TABLE foto_formulir (
    foto    text NOT NULL,
    kontes  text NOT NULL,
    tps     text NOT NULL,
    PRIMARY KEY (foto, kontes, tps)
);
CREATE INDEX foto_formulir_form ON foto_formulir (kontes, tps);

-- How many statements declared voters of a kecamatan TMS within ten minutes. A key of `periksa` is taken once, so each
-- statement is counted once.
CREATE TABLE laju_tms (
    wilayah  text NOT NULL,
    mulai    timestamptz NOT NULL,
    jumlah   bigint NOT NULL,
    -- Voters of the kecamatan when the last of them was counted.
    pemilih  bigint NOT NULL,
    PRIMARY KEY (wilayah, mulai)
);

-- Recapitulations whose events are to be counted again: that reads much of the journal, and nothing else waits for it.
CREATE TABLE periksa_pdpb (
    nomor    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office   text NOT NULL,
    periode  text NOT NULL
);

-- Whether a stretch may declare somebody TMS: most declare nobody, and need not be read once more to be counted.
ALTER TABLE periksa ADD COLUMN has_tms boolean NOT NULL DEFAULT true;

-- Keys that PostgreSQL could not examine for what stands behind them. They hold up nobody and wait for whoever mends it:
-- put back into `periksa` or `periksa_tps` they are examined as any other.
CREATE TABLE periksa_gagal (
    nomor   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kunci   jsonb NOT NULL,
    sebab   text NOT NULL,
    time    timestamptz NOT NULL DEFAULT now()
);

CREATE VIEW invariant_periksa AS SELECT nomor, kunci, sebab FROM periksa_gagal;

-- A period is a narrow stretch of the journal.
CREATE INDEX journal_pemilih_recorded ON journal_pemilih USING brin (recorded_time);

-- Pieces of the comparisons ----------------------------------------------------------------------------------------

-- Which of the figures that both name are not equal: {column: [written, below]}, or null. Null is no figure, not zero.
CREATE FUNCTION selisih(tertulis jsonb, di_bawah jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE RETURN (
    SELECT jsonb_object_agg(kolom, jsonb_build_array(nilai, di_bawah -> kolom))
    FROM jsonb_each(CASE jsonb_typeof(tertulis) WHEN 'object' THEN tertulis ELSE '{}' END) AS satu (kolom, nilai)
    WHERE jsonb_typeof(nilai) = 'number' AND jsonb_typeof(di_bawah -> kolom) = 'number' AND nilai <> di_bawah -> kolom
);

-- The figures of a recapitulation or of one of its rows, the votes beside the others.
CREATE FUNCTION angka_rekap(data jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE RETURN
    CASE WHEN jsonb_typeof(data -> 'perolehan_suara') = 'object' THEN data -> 'perolehan_suara' ELSE '{}'::jsonb END
    || (data - 'perolehan_suara');

-- The first difference in words, and how many more there are.
CREATE FUNCTION sebut(beda jsonb, sisi integer) RETURNS text LANGUAGE sql IMMUTABLE RETURN (
    SELECT min(kolom) || ' ' || (array_agg(nilai ->> sisi ORDER BY kolom))[1]
           || CASE WHEN count(*) > 1 THEN ' (+' || count(*) - 1 || ')' ELSE '' END
    FROM jsonb_each(beda) AS satu (kolom, nilai)
);

-- The sum of the C.Hasil that count below a wilayah; the province is the sum of its kabupaten.
CREATE FUNCTION jumlah_c_hasil(of_kontes text, of_wilayah text) RETURNS jsonb LANGUAGE sql STABLE RETURN (
    WITH bagian AS MATERIALIZED (
        SELECT of_wilayah AS wilayah WHERE length(of_wilayah) > 2
        UNION ALL
        SELECT kode FROM wilayah WHERE length(of_wilayah) = 2 AND induk = of_wilayah
    )
    SELECT coalesce((
               SELECT jsonb_object_agg(calon, suara)
               FROM (
                   SELECT calon, sum(suara) AS suara
                   FROM rekap_suara JOIN bagian USING (wilayah) WHERE kontes = of_kontes GROUP BY calon
               ) AS votes
           ), '{}')
           || jsonb_build_object(
               'tps_masuk', coalesce(sum(tps_masuk), 0), 'tps_belum', coalesce(sum(tps_ditahan + tps_konflik), 0),
               'suara_sah', sum(suara_sah), 'suara_tidak_sah', sum(suara_tidak_sah), 'suara_total', sum(suara_total)
           )
    FROM rekap_hasil JOIN bagian USING (wilayah) WHERE kontes = of_kontes
);

-- Figures that some form in such a sum has not: the sum is then not of all of them, and says nothing against anybody.
CREATE FUNCTION angka_tak_lengkap(of_kontes text, of_wilayah text) RETURNS text[] LANGUAGE sql STABLE RETURN (
    SELECT array_remove(ARRAY[
               CASE WHEN bool_or(suara_sah IS NULL) THEN 'suara_sah' END,
               CASE WHEN bool_or(suara_tidak_sah IS NULL) THEN 'suara_tidak_sah' END,
               CASE WHEN bool_or(suara_total IS NULL) THEN 'suara_total' END
           ], NULL)
           || ARRAY(
               SELECT DISTINCT calon
               FROM c_hasil AS form CROSS JOIN LATERAL jsonb_each(form.perolehan_suara) AS pilihan (calon, suara)
               WHERE form.kontes = of_kontes AND form.tps BETWEEN of_wilayah AND rpad(of_wilayah, 13, '9')
                 AND form.state = 'accepted' AND NOT form.conflicted AND jsonb_typeof(suara) = 'null'
           )
    FROM c_hasil
    WHERE kontes = of_kontes AND tps BETWEEN of_wilayah AND rpad(of_wilayah, 13, '9')
      AND state = 'accepted' AND NOT conflicted AND perolehan_suara IS NOT NULL
);

-- What a recapitulation says otherwise than the sum of the forms below it.
CREATE FUNCTION selisih_c_hasil(of_kontes text, of_wilayah text, data jsonb, jumlah jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN CASE
        WHEN selisih(angka_rekap(data), jumlah) IS NOT NULL
            THEN selisih(angka_rekap(data) - angka_tak_lengkap(of_kontes, of_wilayah), jumlah)
    END;

CREATE FUNCTION jumlah_tps(of_kontes text, of_wilayah text) RETURNS bigint LANGUAGE sql STABLE RETURN (
    SELECT coalesce(sum(terdaftar), 0)::bigint
    FROM kontes JOIN rekap_tps AS rekap ON rekap.pemilihan = kontes.pemilihan
    WHERE kontes.kode = of_kontes
      AND rekap.wilayah = ANY (
          CASE length(of_wilayah)
              WHEN 2 THEN ARRAY(SELECT kode FROM wilayah WHERE induk = of_wilayah)
              ELSE ARRAY[of_wilayah]
          END
      )
);

-- Whether the list of a TPS is that of this election still (decision 0016).
CREATE FUNCTION is_daftar_dari(of_pemilihan text, of_tps text) RETURNS boolean LANGUAGE sql STABLE RETURN (
    EXISTS (
        SELECT FROM tps WHERE pemilihan = of_pemilihan AND tps = of_tps AND state = 'accepted' AND NOT conflicted
    )
    AND NOT EXISTS (
        SELECT
        FROM pemilihan AS own
        JOIN pemilihan AS newer ON newer.hari > own.hari
        JOIN tps ON tps.pemilihan = newer.kode AND tps.tps = of_tps AND tps.state = 'accepted' AND NOT tps.conflicted
        WHERE own.kode = of_pemilihan
    )
);

-- Offices whose list moves on because a PDPB period has been opened for them.
CREATE VIEW pdpb_dibuka AS
SELECT DISTINCT data ->> 'kantor' AS office
FROM pernyataan
WHERE noun = 'jadwal' AND state = 'accepted' AND NOT conflicted
  AND data ->> 'tahap' LIKE 'pdpb-%' AND data ->> 'lajur' = 'pemilih' AND jsonb_array_length(data -> 'masa') > 0;

-- The period before one, and its time: pdpb-2025-tw4 is the last quarter, pdpb-2025-s1 the first half of a year.
CREATE FUNCTION periode_lalu(periode text) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN periode ~ '^pdpb-\d{4}-tw[2-4]$' THEN left(periode, 12) || (right(periode, 1)::integer - 1)
        WHEN periode ~ '^pdpb-\d{4}-tw1$' THEN 'pdpb-' || (substr(periode, 6, 4)::integer - 1) || '-tw4'
        WHEN periode ~ '^pdpb-\d{4}-s2$' THEN left(periode, 11) || '1'
        WHEN periode ~ '^pdpb-\d{4}-s1$' THEN 'pdpb-' || (substr(periode, 6, 4)::integer - 1) || '-s2'
    END;

CREATE FUNCTION masa_periode(periode text) RETURNS tstzrange LANGUAGE sql STABLE RETURN (
    SELECT tstzrange(
               make_timestamptz(tahun, bulan, 1, 0, 0, 0, 'Asia/Jakarta'),
               make_timestamptz(tahun + (bulan + lama) / 13, (bulan + lama - 1) % 12 + 1, 1, 0, 0, 0, 'Asia/Jakarta')
           )
    FROM (
        SELECT substr(periode, 6, 4)::integer AS tahun,
               CASE WHEN periode LIKE '%-tw_' THEN 3 ELSE 6 END AS lama,
               (right(periode, 1)::integer - 1) * CASE WHEN periode LIKE '%-tw_' THEN 3 ELSE 6 END + 1 AS bulan
        WHERE periode ~ '^pdpb-[12]\d{3}-(tw[1-4]|s[12])$'
    ) AS named
);

CREATE VIEW rekap_pdpb AS
SELECT data ->> 'periode' AS periode, data ->> 'wilayah' AS wilayah, office, data
FROM pernyataan
WHERE noun = 'rekap_pdpb' AND state <> 'retracted' AND NOT conflicted;
CREATE INDEX pernyataan_rekap_pdpb ON pernyataan ((data ->> 'periode'), (data ->> 'wilayah'))
    WHERE noun = 'rekap_pdpb';

-- Contradictions ---------------------------------------------------------------------------------------------------

CREATE VIEW kontradiksi_dpt AS
SELECT form.kontes, form.tps, 'c_hasil/' || form.kontes || '/' || form.tps AS about, ARRAY[form.office] AS offices,
       form.pemilih_dpt_j::text AS seen, (daftar.aktif_l + daftar.aktif_p)::text AS expected,
       jsonb_build_object('aktif_l', daftar.aktif_l, 'aktif_p', daftar.aktif_p, 'ditahan', daftar.ditahan) AS evidence
FROM c_hasil AS form
JOIN kontes ON kontes.kode = form.kontes
JOIN rekap_pemilih_tps AS daftar ON daftar.tps = form.tps
WHERE form.state <> 'retracted' AND NOT form.conflicted
  AND daftar.aktif_l + daftar.aktif_p > 0 AND form.pemilih_dpt_j <> daftar.aktif_l + daftar.aktif_p
  AND is_daftar_dari(kontes.pemilihan, form.tps)
  AND form.office NOT IN (SELECT office FROM pdpb_dibuka);

CREATE VIEW kontradiksi_tps_penuh AS
SELECT daftar.tps, 'tps/' || pemilihan.kode || '/' || daftar.tps AS about, ARRAY[left(daftar.tps, 4)] AS offices,
       (daftar.aktif_l + daftar.aktif_p)::text AS seen, pemilihan.dpt_per_tps_max::text AS expected,
       jsonb_build_object('pemilihan', pemilihan.kode) AS evidence
FROM rekap_pemilih_tps AS daftar
CROSS JOIN pemilihan
WHERE daftar.aktif_l + daftar.aktif_p > pemilihan.dpt_per_tps_max AND is_daftar_dari(pemilihan.kode, daftar.tps);

CREATE VIEW kontradiksi_foto AS
SELECT foto, 'foto/' || foto AS about, array_agg(DISTINCT left(tps, 4) ORDER BY left(tps, 4)) AS offices,
       -- A picture of nothing stands for every form: how many they are is no news from some point on.
       CASE WHEN count(DISTINCT tps) > 20 THEN '> 20' ELSE count(DISTINCT tps)::text END || ' TPS' AS seen,
       '1 TPS' AS expected,
       jsonb_build_object('formulir', (array_agg(kontes || '/' || tps ORDER BY kontes, tps))[1:20]) AS evidence
FROM foto_formulir
GROUP BY foto
HAVING count(DISTINCT tps) > 1;

-- Each row of a recapitulation beside what it stands for, where both are there.
CREATE VIEW perbandingan_rekap AS
SELECT induk.kontes, induk.jalur, induk.wilayah, anak.wilayah AS dengan, anak.office,
       selisih(angka_rekap(baris.isi), angka_rekap(anak.data)) AS beda,
       CASE
           WHEN induk.data ->> 'waktu_sumber' = anak.data ->> 'waktu_sumber' THEN true
           WHEN (baris.isi ->> 'tps_masuk') = (baris.isi ->> 'tps_total')
                AND (anak.data ->> 'tps_masuk') = (anak.data ->> 'tps_total') THEN true
           ELSE coalesce(induk.data ->> 'waktu_sumber', anak.data ->> 'waktu_sumber') IS NULL
                AND baris.isi ->> 'tps_masuk' IS NOT DISTINCT FROM anak.data ->> 'tps_masuk'
       END AS sebanding,
       jsonb_build_array(induk.data -> 'waktu_sumber', anak.data -> 'waktu_sumber') AS waktu
FROM d_hasil AS induk
CROSS JOIN LATERAL jsonb_each(
    CASE jsonb_typeof(induk.data -> 'rincian') WHEN 'object' THEN induk.data -> 'rincian' ELSE '{}' END
) AS baris (kode, isi)
JOIN d_hasil AS anak ON anak.kontes = induk.kontes AND anak.jalur = induk.jalur AND anak.wilayah = baris.kode
WHERE induk.state <> 'retracted' AND NOT induk.conflicted AND anak.state <> 'retracted' AND NOT anak.conflicted
UNION ALL
-- The running count is of the same forms as the sum of C.Hasil only once both count every form there is.
SELECT kontes, jalur, wilayah, 'c_hasil', office, selisih_c_hasil(kontes, wilayah, data, jumlah),
       (data ->> 'tps_masuk')::bigint = (jumlah ->> 'tps_masuk')::bigint
           AND (jumlah ->> 'tps_masuk')::bigint = jumlah_tps(kontes, wilayah),
       jsonb_build_array(data -> 'waktu_sumber', NULL)
FROM (
    SELECT d_hasil.*, jumlah_c_hasil(kontes, wilayah) AS jumlah
    FROM d_hasil
    WHERE jalur = 'hitung' AND state <> 'retracted' AND NOT conflicted
) AS hitung
WHERE (jumlah ->> 'tps_masuk')::bigint > 0;

CREATE VIEW kontradiksi_rekap AS
SELECT kontes, jalur, wilayah, 'd_hasil/' || kontes || '/' || jalur || '/' || wilayah AS about,
       ARRAY(SELECT DISTINCT kantor FROM unnest(array_append(array_agg(office), left(wilayah, 4))) AS kantor ORDER BY 1)
           AS offices,
       (array_agg(dengan || ': ' || sebut(beda, 0) ORDER BY dengan))[1] AS seen,
       (array_agg(dengan || ': ' || sebut(beda, 1) ORDER BY dengan))[1] AS expected,
       jsonb_object_agg(dengan, beda) AS evidence
FROM perbandingan_rekap
WHERE sebanding AND beda IS NOT NULL
GROUP BY kontes, jalur, wilayah;

CREATE VIEW kontradiksi_saat_rekap AS
SELECT kontes, jalur, wilayah, 'd_hasil/' || kontes || '/' || jalur || '/' || wilayah AS about,
       ARRAY(SELECT DISTINCT kantor FROM unnest(array_append(array_agg(office), left(wilayah, 4))) AS kantor ORDER BY 1)
           AS offices,
       (array_agg(dengan || ' ' || coalesce(waktu ->> 1, '-') ORDER BY dengan))[1]
           || CASE WHEN count(*) > 1 THEN ' (+' || count(*) - 1 || ')' ELSE '' END AS seen,
       coalesce(min(waktu ->> 0), '-') AS expected,
       jsonb_object_agg(dengan, beda || jsonb_build_object('waktu_sumber', waktu)) AS evidence
FROM perbandingan_rekap
-- With the sum of C.Hasil there is nothing to wait for: forms come one after the other.
WHERE NOT sebanding AND beda IS NOT NULL AND dengan <> 'c_hasil'
GROUP BY kontes, jalur, wilayah;

CREATE VIEW kontradiksi_jalur AS
SELECT kontes, wilayah, 'd_hasil/' || kontes || '/rekap/' || wilayah AS about, ARRAY[office] AS offices,
       sebut(beda, 1) AS seen, sebut(beda, 0) AS expected, beda AS evidence
FROM (
    SELECT kontes, wilayah, office, jumlah, selisih_c_hasil(kontes, wilayah, data, jumlah) AS beda
    FROM (
        SELECT d_hasil.*, jumlah_c_hasil(kontes, wilayah) AS jumlah
        FROM d_hasil
        WHERE jalur = 'rekap' AND state <> 'retracted' AND NOT conflicted
    ) AS rekap
) AS compared
WHERE beda IS NOT NULL AND (jumlah ->> 'tps_masuk')::bigint > 0
  AND (jumlah ->> 'tps_masuk')::bigint = jumlah_tps(kontes, wilayah);

-- Which votes moved, of the recapitulation or of one of its rows, while no TPS more had reported: {row: {column: …}}.
CREATE FUNCTION bergerak(kini jsonb, lalu jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE RETURN (
    SELECT jsonb_object_agg(kode, beda)
    FROM (
        SELECT 'jumlah' AS kode, selisih(kini -> 'perolehan_suara', lalu -> 'perolehan_suara') AS beda
        WHERE kini ->> 'tps_masuk' = lalu ->> 'tps_masuk'
        UNION ALL
        SELECT kode, selisih(isi -> 'perolehan_suara', lalu #> ARRAY['rincian', kode, 'perolehan_suara'])
        FROM jsonb_each(
            CASE jsonb_typeof(kini -> 'rincian') WHEN 'object' THEN kini -> 'rincian' ELSE '{}' END
        ) AS baris (kode, isi)
        WHERE isi ->> 'tps_masuk' = lalu #>> ARRAY['rincian', kode, 'tps_masuk']
    ) AS moved
    WHERE beda IS NOT NULL
);

-- More TPS than are registered, or votes that moved though the counter stood still and nobody said why.
CREATE VIEW kontradiksi_jumlah_tps AS
SELECT kontes, jalur, wilayah, 'd_hasil/' || kontes || '/' || jalur || '/' || wilayah AS about, ARRAY[office] AS offices,
       CASE WHEN masuk > terdaftar THEN masuk::text ELSE kode || ': ' || sebut(moved -> kode, 0) END AS seen,
       CASE WHEN masuk > terdaftar THEN terdaftar::text ELSE kode || ': ' || sebut(moved -> kode, 1) END AS expected,
       jsonb_strip_nulls(jsonb_build_object('tps_masuk', masuk, 'terdaftar', terdaftar, 'bergerak', moved)) AS evidence
FROM (
    SELECT d_hasil.*, (d_hasil.data ->> 'tps_masuk')::bigint AS masuk, jumlah_tps(kontes, wilayah) AS terdaftar,
           bergerak(d_hasil.data, lalu.data) AS moved,
           (SELECT min(named) FROM jsonb_object_keys(bergerak(d_hasil.data, lalu.data)) AS named) AS kode
    FROM d_hasil
    LEFT JOIN LATERAL (
        SELECT version.data::jsonb AS data
        FROM journal_hasil AS version
        WHERE version.subject = 'd_hasil/' || d_hasil.kontes || '/' || d_hasil.jalur || '/' || d_hasil.wilayah
          AND version.version < d_hasil.version AND version.outcome <> 'parked'
        ORDER BY version.version DESC, version.digest
        LIMIT 1
    ) AS lalu ON jalur = 'hitung' AND d_hasil.data -> 'koreksi' IS NULL
    WHERE state <> 'retracted' AND NOT conflicted
) AS counted
WHERE (masuk > terdaftar AND terdaftar > 0) OR moved IS NOT NULL;

CREATE VIEW kontradiksi_rekap_pdpb AS
SELECT induk.periode, induk.wilayah, 'rekap_pdpb/' || induk.periode || '/' || induk.wilayah AS about,
       ARRAY(SELECT DISTINCT kantor FROM unnest(array_append(array_agg(anak.office), induk.office)) AS kantor ORDER BY 1)
           AS offices,
       (array_agg(anak.wilayah || ': ' || sebut(beda, 0) ORDER BY anak.wilayah))[1] AS seen,
       (array_agg(anak.wilayah || ': ' || sebut(beda, 1) ORDER BY anak.wilayah))[1] AS expected,
       jsonb_object_agg(anak.wilayah, beda) AS evidence
FROM rekap_pdpb AS induk
CROSS JOIN LATERAL jsonb_each(
    CASE WHEN jsonb_typeof(induk.data -> 'rincian') = 'object' THEN induk.data -> 'rincian' ELSE '{}' END
) AS baris (kode, isi)
-- One row after the other by key, which OFFSET 0 holds fast: joined by the period alone it would be all of it for each.
CROSS JOIN LATERAL (
    SELECT * FROM rekap_pdpb AS satu WHERE satu.periode = induk.periode AND satu.wilayah = baris.kode OFFSET 0
) AS anak
CROSS JOIN LATERAL selisih(baris.isi, anak.data) AS beda
WHERE beda IS NOT NULL AND induk.data ->> 'basis' = anak.data ->> 'basis'
GROUP BY induk.periode, induk.wilayah, induk.office;

-- With the basis dpt: the DPT as the register has it, where every TPS says its own; and the period before, which began alike.
CREATE VIEW kontradiksi_awal_pdpb AS
SELECT periode, wilayah, 'rekap_pdpb/' || periode || '/' || wilayah AS about, ARRAY[office] AS offices,
       awal::text AS seen, seharusnya::text AS expected,
       jsonb_build_object('basis', basis, 'menurut', menurut) AS evidence
FROM (
    SELECT rekap.*, rekap.data ->> 'basis' AS basis, (rekap.data ->> 'awal')::bigint AS awal,
           coalesce(dpt.jumlah, (lalu.data ->> CASE rekap.data ->> 'basis' WHEN 'dpt' THEN 'awal' ELSE 'akhir' END)::bigint)
               AS seharusnya,
           CASE WHEN dpt.jumlah IS NULL THEN lalu.periode ELSE dpt.pemilihan END AS menurut
    FROM rekap_pdpb AS rekap
    LEFT JOIN rekap_pdpb AS lalu
        ON lalu.periode = periode_lalu(rekap.periode) AND lalu.wilayah = rekap.wilayah
       AND (rekap.data ->> 'basis' <> 'dpt' OR lalu.data ->> 'basis' = 'dpt')
    LEFT JOIN LATERAL (
        SELECT tps.pemilihan, sum(dpt_l + dpt_p) AS jumlah
        FROM tps
        WHERE rekap.data ->> 'basis' = 'dpt' AND tps.office = ANY (
                  CASE length(rekap.wilayah)
                      WHEN 2 THEN ARRAY(SELECT kode FROM wilayah WHERE induk = rekap.wilayah)
                      ELSE ARRAY[left(rekap.wilayah, 4)]
                  END
              )
          AND tps.tps BETWEEN rekap.wilayah AND rpad(rekap.wilayah, 13, '9') AND state = 'accepted' AND NOT conflicted
          AND tps.pemilihan = (
              SELECT kode FROM pemilihan WHERE hari <= upper(masa_periode(rekap.periode)) ORDER BY hari DESC LIMIT 1
          )
        GROUP BY tps.pemilihan
        HAVING count(dpt_l + dpt_p) = count(*)
           -- A register that is only begun says nothing of the whole.
           AND count(DISTINCT left(tps.tps, 10)) = (
               SELECT count(*) FROM wilayah AS desa
               WHERE desa.tingkat = 10 AND desa.kode BETWEEN rekap.wilayah AND rpad(rekap.wilayah, 10, '9')
           )
    ) AS dpt ON true
) AS chained
WHERE awal <> seharusnya;

CREATE VIEW kontradiksi_tms_massal AS
SELECT wilayah, to_char(mulai AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') AS mulai,
       'wilayah/' || wilayah AS about, ARRAY[left(wilayah, 4)] AS offices,
       jumlah || ' TMS / 10 menit' AS seen, '< ' || greatest(100, (pemilih + 9) / 10) AS expected,
       jsonb_build_object('jumlah', jumlah, 'pemilih', pemilih, 'mulai', mulai) AS evidence
FROM laju_tms
WHERE jumlah >= greatest(100, (pemilih + 9) / 10);

-- A correction names another digest than that of the version it follows.
CREATE VIEW kontradiksi_dasar AS
SELECT stood.subject, stood.subject AS about, ARRAY[stood.office] AS offices,
       replace(stood.base::text, '-', '') AS seen, replace(lalu.digest::text, '-', '') AS expected, '{}'::jsonb AS evidence
FROM journal_hasil AS stood
CROSS JOIN LATERAL (
    -- One version may have been said with two contents: either may have been meant.
    SELECT version.version, array_agg(version.digest) AS digests, min(version.digest::text)::uuid AS digest
    FROM journal_hasil AS version
    WHERE version.subject = stood.subject AND version.version < stood.version AND version.outcome <> 'parked'
    GROUP BY version.version
    ORDER BY version.version DESC
    LIMIT 1
) AS lalu
WHERE stood.outcome = 'applied' AND stood.base IS NOT NULL AND stood.base <> ALL (lalu.digests)
  -- A revision between them was rejected and never came here: it may be the one that was meant.
  AND (lalu.version & 4294967295) + 1 = (stood.version & 4294967295)
  AND CASE split_part(stood.subject, '/', 1)
      WHEN 'c_hasil' THEN EXISTS (
          SELECT FROM c_hasil
          WHERE kontes = split_part(stood.subject, '/', 2) AND tps = split_part(stood.subject, '/', 3)
            AND version = stood.version AND NOT conflicted
      )
      WHEN 'd_hasil' THEN EXISTS (
          SELECT FROM d_hasil
          WHERE kontes = split_part(stood.subject, '/', 2) AND jalur = split_part(stood.subject, '/', 3)
            AND wilayah = split_part(stood.subject, '/', 4) AND version = stood.version AND NOT conflicted
      )
      WHEN 'rekap_pdpb' THEN EXISTS (
          SELECT FROM pernyataan
          WHERE subject = stood.subject AND version = stood.version AND NOT conflicted
      )
      ELSE false
  END;

-- Events of a period: who became active in a wilayah, or stopped to be, between its beginning and its end. A person counts
-- once, and moving inside a wilayah is no loss (TMS code 8). From desa to kabupaten.
CREATE FUNCTION peristiwa_pdpb(of_office text, mulai timestamptz, sampai timestamptz)
RETURNS TABLE (wilayah text, baru bigint, tms bigint) LANGUAGE sql STABLE
-- Reads much of a journal: what sync asks of its planner elsewhere would have it look up each voter in all of it.
SET enable_hashjoin = on SET enable_mergejoin = on SET enable_seqscan = on AS $$
    WITH touched AS MATERIALIZED (
        SELECT DISTINCT nik_token
        FROM journal_pemilih
        WHERE office = of_office AND recorded_time >= mulai AND recorded_time < sampai AND outcome <> 'parked'
    ),
    said AS MATERIALIZED (
        SELECT version.nik_token, version.version, version.recorded_time < mulai AS is_before,
               CASE WHEN version.data::jsonb ->> 'status' = 'aktif' THEN version.data::jsonb ->> 'desa' END AS desa
        FROM journal_pemilih AS version
        JOIN pemilih AS stored ON stored.office = of_office AND stored.nik_token = version.nik_token
        -- Asked for its truth it stays a look-up by hash, whatever the planner believes of its size: as a join it would go
        -- through all who were touched for each line of the journal.
        WHERE (version.nik_token IN (SELECT touched.nik_token FROM touched)) IS TRUE
          AND version.office = of_office AND version.recorded_time < sampai AND version.outcome <> 'parked'
          AND NOT stored.conflicted AND (NOT version.held OR is_dilepas('pemilih', of_office, version.digest))
    ),
    lived AS (
        SELECT nik_token,
               (array_agg(desa ORDER BY version DESC) FILTER (WHERE is_before))[1] AS dulu,
               (array_agg(desa ORDER BY version DESC))[1] AS kini
        FROM said
        GROUP BY nik_token
    ),
    moved AS (
        SELECT left(dulu, digits) AS dulu, left(kini, digits) AS kini
        FROM lived CROSS JOIN (VALUES (10), (6), (4)) AS tingkat (digits)
        WHERE left(dulu, digits) IS DISTINCT FROM left(kini, digits)
    )
    SELECT there.wilayah, count(*) FILTER (WHERE there.is_baru), count(*) FILTER (WHERE NOT there.is_baru)
    FROM (SELECT kini AS wilayah, true AS is_baru FROM moved UNION ALL SELECT dulu, false FROM moved) AS there
    WHERE there.wilayah IS NOT NULL
    GROUP BY there.wilayah
$$;

-- Everything merged before is examined, piece by piece.
INSERT INTO periksa (lane, office, epoch, first, last)
SELECT lane, office, epoch, piece, least(piece + 999, upper(stretch) - 1)
FROM neraca
CROSS JOIN LATERAL unnest(seen) AS stretch
CROSS JOIN LATERAL generate_series(lower(stretch), upper(stretch) - 1, 1000) AS piece
WHERE lane = 'hasil'
ORDER BY office, epoch, piece;

-- Where nothing waits, the cases that are not closed are the contradictions there are.
CREATE VIEW kontradiksi AS
SELECT 'RES-DPT-MATCH' AS code, kontes || '/' || tps AS kunci FROM kontradiksi_dpt
UNION ALL
SELECT 'VTR-TPS-CAP', tps FROM kontradiksi_tps_penuh
UNION ALL
SELECT 'RES-PHOTO-SHARED', foto FROM kontradiksi_foto
UNION ALL
SELECT 'RUP-CHILD-SUM', kontes || '/' || jalur || '/' || wilayah FROM kontradiksi_rekap
UNION ALL
SELECT 'RUP-SNAPSHOT', kontes || '/' || jalur || '/' || wilayah FROM kontradiksi_saat_rekap
UNION ALL
SELECT 'RUP-SIREKAP-VS-D', kontes || '/' || wilayah FROM kontradiksi_jalur
UNION ALL
SELECT 'RUP-CHILD-COUNT', kontes || '/' || jalur || '/' || wilayah FROM kontradiksi_jumlah_tps
UNION ALL
SELECT 'PDPB-ROLLUP', periode || '/' || wilayah FROM kontradiksi_rekap_pdpb
UNION ALL
SELECT 'PDPB-CHAIN', periode || '/' || wilayah FROM kontradiksi_awal_pdpb
UNION ALL
SELECT 'VTR-MASS-TMS', wilayah || '/' || mulai FROM kontradiksi_tms_massal
UNION ALL
SELECT 'KOR-BASE-KNOWN', subject FROM kontradiksi_dasar;

CREATE VIEW invariant_perkara AS
SELECT code, kunci
FROM kontradiksi
FULL JOIN (
    SELECT code, kunci FROM perkara WHERE state <> 'closed' AND code NOT IN ('VTR-GANDA', 'PDPB-EVENTS')
) AS cases USING (code, kunci)
WHERE (kontradiksi.kunci IS NULL OR cases.kunci IS NULL)
  AND NOT EXISTS (SELECT FROM periksa) AND NOT EXISTS (SELECT FROM periksa_tps) AND NOT EXISTS (SELECT FROM periksa_gagal);
