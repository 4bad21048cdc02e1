-- Who stands in this kontes, whatever list they are on?
-- $1: kontes. An id belongs to one candidate.
SELECT DISTINCT ON (id) id, nomor_urut, nama FROM calon WHERE kontes = $1 ORDER BY id, wilayah
