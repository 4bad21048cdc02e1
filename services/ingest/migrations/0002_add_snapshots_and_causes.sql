-- What a file is compared with, and what waits for something. Nothing here is read when a change is taken.

-- The desa of a voter as a number; null where it is not known, and for everything that is no voter.
ALTER TABLE ledger ADD COLUMN place INTEGER;
-- Keyed digest of the row of a file that stated the newest version; null when it came another way.
ALTER TABLE ledger ADD COLUMN row_digest BLOB;

-- Which record an objection is about, so that one can tell whether it is still about the newest version.
ALTER TABLE objection ADD COLUMN key BLOB;
ALTER TABLE objection ADD COLUMN type TEXT;
CREATE INDEX objection_key ON objection (key) WHERE key IS NOT NULL;

-- What the province has published that changes may wait for: its newest value, and when it was seen.
CREATE TABLE reference_value (
    key      TEXT PRIMARY KEY,
    digest   BLOB NOT NULL,
    seen_ms  INTEGER NOT NULL
) WITHOUT ROWID;

-- One file of the office on its way through ingest, and what came of it. The file itself is gone when it is done.
CREATE TABLE snapshot (
    number       INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    kind         TEXT,
    kontes       TEXT,
    state        TEXT NOT NULL CHECK (state IN ('received', 'reading', 'waiting', 'done', 'refused')),
    scope        TEXT,
    received_ms  INTEGER NOT NULL,
    ended_ms     INTEGER,
    bytes_total  INTEGER NOT NULL,
    counts       TEXT NOT NULL DEFAULT '{}',
    reason       TEXT
);

-- What could not be taken of a file, cell by cell; what was seen is masked.
CREATE TABLE snapshot_problem (
    snapshot  INTEGER NOT NULL,
    nth       INTEGER NOT NULL,
    code      TEXT NOT NULL,
    problem   TEXT NOT NULL,
    PRIMARY KEY (snapshot, nth)
) WITHOUT ROWID;

-- Voters that a list no longer names: proposals to take them back, each about one version.
CREATE TABLE snapshot_disappeared (
    snapshot  INTEGER NOT NULL,
    key       BLOB NOT NULL,
    epoch     INTEGER NOT NULL,
    sequence  INTEGER NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'dismissed', 'outdated')),
    PRIMARY KEY (snapshot, key)
) WITHOUT ROWID;
