-- What has become of this contradiction, in order?
-- $1: its id.
SELECT time, action, offices, seen, expected, evidence::text AS evidence, putusan, alasan, jabatan
FROM perkara_riwayat
WHERE perkara = $1::uuid
ORDER BY nomor
LIMIT 1000
