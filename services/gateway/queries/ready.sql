-- Is this the store of the province, with its reference data in place?
-- $1: code of the provinsi.
SELECT EXISTS (SELECT FROM wilayah WHERE kode = $1) AS is_ours
