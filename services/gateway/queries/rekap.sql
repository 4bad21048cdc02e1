-- What do these wilayah say, each in each kontes?
-- $1 and $2: codes, and beside each the code of a wilayah whose stored sums are a part of it. A provinsi stands there
-- once for each of its kabupaten, everything else once with itself.
SELECT
    w.kode AS wilayah,
    k.kode AS kontes,
    coalesce(sum(t.terdaftar), 0)::bigint AS terdaftar,
    coalesce(sum(r.tps_masuk), 0)::bigint AS tps_masuk,
    coalesce(sum(r.tps_ditahan), 0)::bigint AS tps_ditahan,
    coalesce(sum(r.tps_konflik), 0)::bigint AS tps_konflik,
    coalesce(sum(r.suara_sah), 0)::bigint AS suara_sah,
    coalesce(sum(r.suara_tidak_sah), 0)::bigint AS suara_tidak_sah,
    coalesce(sum(r.suara_total), 0)::bigint AS suara_total,
    coalesce(sum(r.pemilih_dpt), 0)::bigint AS pemilih_dpt,
    coalesce(sum(r.pengguna_total), 0)::bigint AS pengguna_total,
    max(r.as_of) AS as_of
FROM unnest($1::text[], $2::text[]) AS w (kode, part)
CROSS JOIN kontes AS k
LEFT JOIN rekap_tps AS t ON t.pemilihan = k.pemilihan AND t.wilayah = w.part
LEFT JOIN rekap_hasil AS r ON r.kontes = k.kode AND r.wilayah = w.part
WHERE t.wilayah IS NOT NULL OR r.wilayah IS NOT NULL
GROUP BY w.kode, k.kode
