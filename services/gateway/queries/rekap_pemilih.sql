-- How many voters do these wilayah have?
-- $1 and $2: codes and their parts, as in rekap.sql.
SELECT
    w.kode AS wilayah,
    sum(r.aktif_l)::bigint AS aktif_l,
    sum(r.aktif_p)::bigint AS aktif_p,
    sum(r.aktif_l + r.aktif_p)::bigint AS aktif,
    sum(r.tms)::bigint AS tms,
    sum(r.ditangguhkan)::bigint AS ditangguhkan,
    sum(r.aktif_l + r.aktif_p + r.tms + r.ditangguhkan)::bigint AS tercatat,
    sum(r.ditahan)::bigint AS ditahan,
    sum(r.konflik)::bigint AS konflik,
    max(r.as_of) AS as_of
FROM unnest($1::text[], $2::text[]) AS w (kode, part)
JOIN rekap_pemilih AS r ON r.wilayah = w.part
GROUP BY w.kode
