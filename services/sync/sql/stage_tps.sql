-- Changes about tps on their way into the store; one round of them at a time (core/records.py, rounds_of).
CREATE TEMPORARY TABLE IF NOT EXISTS arrived_tps (
    office         text NOT NULL,
    epoch          integer NOT NULL,
    sequence       bigint NOT NULL,
    id             text NOT NULL,
    type           text NOT NULL,
    version        bigint NOT NULL,
    base           uuid,
    digest         uuid NOT NULL,
    time           timestamptz NOT NULL,
    recorded_time  timestamptz NOT NULL,
    held           boolean NOT NULL,
    retracted      boolean NOT NULL,
    subject        text NOT NULL,
    pemilihan       text NOT NULL,
    tps             text NOT NULL,
    dpt_l           integer,
    dpt_p           integer,
    alamat          text,
    berlaku_mulai   date,
    berlaku_sampai  date,
    -- Last, because it is the longest and goes into the row as the bytes that arrived.
    data           text NOT NULL
) ON COMMIT DELETE ROWS
