-- How many votes has each candidate in these wilayah together?
-- $1: their codes.
SELECT kontes, calon, sum(suara)::bigint AS suara
FROM rekap_suara
WHERE kontes = ANY(SELECT kode FROM kontes) AND wilayah = ANY($1::text[])
GROUP BY kontes, calon
