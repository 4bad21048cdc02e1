-- Changes about pemilih on their way into the store; one round of them at a time (core/records.py, rounds_of).
-- What only the journal keeps is copied there, once it is known what became of each change.
CREATE TEMPORARY TABLE IF NOT EXISTS arrived_pemilih (
    office         text NOT NULL,
    epoch          integer NOT NULL,
    sequence       bigint NOT NULL,
    version        bigint NOT NULL,
    digest         uuid NOT NULL,
    recorded_time  timestamptz NOT NULL,
    held           boolean NOT NULL,
    retracted      boolean NOT NULL,
    nik_token      uuid NOT NULL,
    -- In the order of the keys of `data`, which are sorted (core/records.py).
    desa           text,
    disabilitas    text,
    jenis_kelamin  text,
    kelas_lahir    smallint,
    status         text,
    tms            text,
    tps            text
) ON COMMIT DELETE ROWS
