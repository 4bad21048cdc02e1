-- All that one office's ingest remembers. Lanes are numbers here (0 hasil, 1 pemilih), digests and tokens sixteen
-- bytes, times milliseconds since 1970: a voter's rows are written thirty thousand times a second.

-- How far the numbering of a lane has come in an epoch: taken, confirmed by Kafka, and merged in the province.
CREATE TABLE numbering (
    lane         INTEGER NOT NULL,
    epoch        INTEGER NOT NULL,
    stamped      INTEGER NOT NULL DEFAULT 0,
    published    INTEGER NOT NULL DEFAULT 0,
    through      INTEGER NOT NULL DEFAULT 0,
    held         INTEGER NOT NULL DEFAULT 0,
    rejected     INTEGER NOT NULL DEFAULT 0,
    -- When its newest change was taken.
    recorded_ms  INTEGER,
    PRIMARY KEY (lane, epoch)
) WITHOUT ROWID;
INSERT INTO numbering (lane, epoch) VALUES (0, 1), (1, 1);

-- What this office has said last about each record. It outlives the spool: it makes re-sends harmless.
CREATE TABLE ledger (
    key        BLOB PRIMARY KEY,
    lane       INTEGER NOT NULL,
    epoch      INTEGER NOT NULL,
    revision   INTEGER NOT NULL,
    sequence   INTEGER NOT NULL,
    digest     BLOB NOT NULL,
    retracted  INTEGER NOT NULL,
    -- Null for a voter, whose key is her token.
    subject    TEXT
) WITHOUT ROWID;

-- Which statement an id stands for.
CREATE TABLE statement (
    id           TEXT PRIMARY KEY,
    lane         INTEGER NOT NULL,
    epoch        INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    sequence     INTEGER NOT NULL,
    fingerprint  BLOB NOT NULL,
    recorded_ms  INTEGER NOT NULL
) WITHOUT ROWID;

-- Lines in pieces of up to a Kafka record, NDJSON as it will be written.
CREATE TABLE spool (
    position     INTEGER PRIMARY KEY,
    lane         INTEGER NOT NULL,
    epoch        INTEGER NOT NULL,
    first        INTEGER NOT NULL,
    last         INTEGER NOT NULL,
    recorded_ms  INTEGER NOT NULL,
    lines        BLOB NOT NULL
);
CREATE UNIQUE INDEX spool_order ON spool (lane, epoch, first);

-- What the validator said against a change, as it said it.
CREATE TABLE objection (
    lane      INTEGER NOT NULL,
    epoch     INTEGER NOT NULL,
    sequence  INTEGER NOT NULL,
    verdict   TEXT NOT NULL CHECK (verdict IN ('held', 'rejected')),
    findings  TEXT NOT NULL,
    PRIMARY KEY (lane, epoch, sequence)
) WITHOUT ROWID;

-- Where reading goes on in the topics that come back to the office.
CREATE TABLE feed_position (
    topic        TEXT NOT NULL,
    partition    INTEGER NOT NULL,
    next_offset  INTEGER NOT NULL,
    PRIMARY KEY (topic, partition)
) WITHOUT ROWID;
