-- Statistics that look for what rules cannot (docs/statistics.md). All of them are a function of the forms that count,
-- computed for one kontes in one kabupaten at a time, and never a verdict.

-- Thresholds under which something was computed, by the name of exactly these values.
CREATE TABLE statistik_ambang (
    sidik  text PRIMARY KEY,
    nilai  jsonb NOT NULL
);

-- Up to which state of its forms a kabupaten has been computed.
CREATE TABLE statistik (
    kontes     text NOT NULL,
    kabupaten  text NOT NULL CHECK (length(kabupaten) = 4),
    -- Of the row in rekap_hasil that was there; another one there now means that something has changed since.
    tanda      text NOT NULL,
    ambang     text NOT NULL REFERENCES statistik_ambang,
    as_of      timestamptz NOT NULL,
    dihitung   timestamptz NOT NULL,
    PRIMARY KEY (kontes, kabupaten)
) WITH (fillfactor = 50);

-- Quartiles and MAD of a share over the TPS of a kabupaten or kecamatan.
CREATE TABLE statistik_ukuran (
    kontes      text NOT NULL,
    kabupaten   text NOT NULL,
    wilayah     text NOT NULL CHECK (left(wilayah, 4) = kabupaten),
    ukuran      text NOT NULL CHECK (ukuran IN ('partisipasi', 'tidak_sah', 'unggulan')),
    -- Whose share it is; empty where it is nobody's.
    calon       text NOT NULL,
    tps         integer NOT NULL,
    kuartil_1   double precision NOT NULL,
    median      double precision NOT NULL,
    kuartil_3   double precision NOT NULL,
    mad         double precision NOT NULL,
    PRIMARY KEY (kontes, wilayah, ukuran)
);

-- TPS that are worth a look, each beside the wilayah that it was compared with.
CREATE TABLE statistik_temuan (
    kontes          text NOT NULL,
    kabupaten       text NOT NULL,
    wilayah         text NOT NULL CHECK (left(wilayah, 4) = kabupaten),
    tps             text NOT NULL CHECK (left(tps, 4) = kabupaten),
    uji             text NOT NULL CHECK (uji IN ('partisipasi', 'tidak_sah', 'unggulan', 'ekstrem')),
    calon           text NOT NULL,
    pembilang       integer NOT NULL,
    penyebut        integer NOT NULL CHECK (penyebut > 0),
    -- What was to be expected as shares: the middle, and for all but `ekstrem` from where to where.
    pusat           double precision NOT NULL,
    batas_bawah     double precision,
    batas_atas      double precision,
    -- Modified z-score, or of `ekstrem` the probability.
    skor            double precision,
    peluang         double precision,
    jenis_kejadian  text,
    PRIMARY KEY (kontes, tps, uji, calon),
    CHECK ((skor IS NULL) = (uji = 'ekstrem') AND (peluang IS NULL) = (uji <> 'ekstrem'))
);

-- How often each last digit stands in the votes of candidates of a kabupaten.
CREATE TABLE statistik_angka (
    kontes       text NOT NULL,
    kabupaten    text NOT NULL,
    calon        integer NOT NULL,
    digit        integer[] NOT NULL CHECK (cardinality(digit) = 10),
    khi_kuadrat  double precision NOT NULL,
    peluang      double precision NOT NULL CHECK (peluang BETWEEN 0 AND 1),
    PRIMARY KEY (kontes, kabupaten)
);

-- What is kept is what the forms say, wherever nothing has changed since.
CREATE VIEW invariant_statistik AS
WITH current AS (
    SELECT statistik.kontes, kabupaten, (nilai ->> 'penyebut_min')::integer AS penyebut_min
    FROM statistik
    JOIN statistik_ambang ON statistik_ambang.sidik = statistik.ambang
    JOIN rekap_hasil AS rekap ON rekap.kontes = statistik.kontes AND rekap.wilayah = statistik.kabupaten
    WHERE tanda = rekap.xmin::text || '@' || extract(epoch FROM rekap.as_of)
),
recomputed AS (
    SELECT kontes, left(tps, digits) AS wilayah, ukuran, count(*) AS tps,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY pembilang::double precision / penyebut) AS median
    FROM c_hasil
    JOIN current USING (kontes)
    CROSS JOIN LATERAL (
        VALUES ('partisipasi', pengguna_total_j, pemilih_dpt_j), ('tidak_sah', suara_tidak_sah, suara_total)
    ) AS satu (ukuran, pembilang, penyebut)
    CROSS JOIN (VALUES (4), (6)) AS tingkat (digits)
    WHERE left(tps, 4) = kabupaten AND state = 'accepted' AND NOT conflicted AND perolehan_suara IS NOT NULL
      AND pembilang IS NOT NULL AND penyebut >= penyebut_min
    GROUP BY 1, 2, 3
),
kept AS (
    SELECT kontes, wilayah, ukuran, tps, median
    FROM statistik_ukuran JOIN current USING (kontes, kabupaten)
    WHERE ukuran <> 'unggulan'
)
SELECT kontes, wilayah, ukuran, kept.tps AS kept, recomputed.tps AS recomputed
FROM kept FULL JOIN recomputed USING (kontes, wilayah, ukuran)
WHERE (kept.tps, kept.median) IS DISTINCT FROM (recomputed.tps, recomputed.median);
