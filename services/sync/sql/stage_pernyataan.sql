-- Changes about the nouns of table pernyataan on their way into the store; one round of them at a time
-- (core/records.py, rounds_of). What only the journal keeps is copied there, once it is known what became of each change.
CREATE TEMPORARY TABLE IF NOT EXISTS arrived_pernyataan (
    office         text NOT NULL,
    epoch          integer NOT NULL,
    sequence       bigint NOT NULL,
    version        bigint NOT NULL,
    digest         uuid NOT NULL,
    recorded_time  timestamptz NOT NULL,
    held           boolean NOT NULL,
    retracted      boolean NOT NULL,
    subject        text NOT NULL,
    data           jsonb
) ON COMMIT DELETE ROWS
