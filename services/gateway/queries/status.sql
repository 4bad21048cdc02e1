-- Where does every office stand? One row for each office and lane, in order, the provincial office first.
-- $1: one office, or null for all of them.
SELECT
    w.kode AS office,
    w.nama,
    lane.name AS lane,
    now() AS as_of,
    coalesce(books.stamped, 0) AS stamped,
    coalesce(books.published, 0) AS published,
    coalesce(books.numbered, 0) AS numbered,
    coalesce(books.seen, 0) AS seen,
    coalesce(books.missing, 0) AS missing,
    coalesce(books.in_step, false) AS in_step,
    coalesce(books.accepted, 0) AS accepted,
    coalesce(books.held, 0) AS held,
    coalesce(books.rejected, 0) AS rejected,
    coalesce(books.applied, 0) AS applied,
    coalesce(books.duplicate, 0) AS duplicate,
    coalesce(books.stale, 0) AS stale,
    coalesce(books.conflict, 0) AS conflict,
    coalesce(books.parked, 0) AS parked,
    books.heartbeat_time,
    books.event_time,
    books.merged_time,
    coalesce(forms.held, voters.ditahan, 0) AS held_now,
    coalesce(forms.conflict, voters.konflik, 0) AS conflict_now
FROM wilayah AS w
CROSS JOIN (VALUES ('hasil'), ('pemilih')) AS lane (name)
LEFT JOIN LATERAL (
    SELECT
        sum(n.stamped)::bigint AS stamped,
        sum(n.published)::bigint AS published,
        -- A heartbeat may be older than what has been merged since: the numbers themselves say how many there are.
        sum(greatest(n.stamped, n.published, coalesce(upper(n.seen) - 1, 0)))::bigint AS numbered,
        sum(cardinality(n.seen))::bigint AS seen,
        sum(coalesce(upper(n.seen) - 1, 0) - cardinality(n.seen))::bigint AS missing,
        -- Every number that the office has spoken of has been seen, in every epoch.
        bool_and(int8multirange(int8range(1, n.stamped + 1)) <@ n.seen) AS in_step,
        sum(n.accepted)::bigint AS accepted,
        sum(n.held)::bigint AS held,
        sum(n.rejected)::bigint AS rejected,
        sum(n.applied)::bigint AS applied,
        sum(n.duplicate)::bigint AS duplicate,
        sum(n.stale)::bigint AS stale,
        sum(n.conflict)::bigint AS conflict,
        sum(n.parked)::bigint AS parked,
        max(n.sent_time) AS heartbeat_time,
        max(n.merged_recorded_time) AS event_time,
        max(n.merged_time) AS merged_time
    FROM neraca AS n
    WHERE n.office = w.kode AND n.lane = lane.name
) AS books ON true
LEFT JOIN LATERAL (
    SELECT sum(r.tps_ditahan)::bigint AS held, sum(r.tps_konflik)::bigint AS conflict
    FROM kontes AS k
    JOIN rekap_hasil AS r ON r.kontes = k.kode AND r.wilayah = w.kode
) AS forms ON lane.name = 'hasil'
LEFT JOIN rekap_pemilih AS voters ON lane.name = 'pemilih' AND voters.wilayah = w.kode
WHERE w.tingkat <= 4 AND ($1::text IS NULL OR w.kode = $1)
ORDER BY w.kode, lane.name
