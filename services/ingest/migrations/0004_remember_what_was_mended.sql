-- What the province mends, and how far it has been said again (decision 0017).

-- The newest value that was seen under each key changes may wait for, and what it held when it was looked at last. Only
-- digests were kept until now, so the topic is read anew; a first value moves nothing but what is open or taken back.
DROP TABLE reference_value;
CREATE TABLE reference_value (
    key    TEXT PRIMARY KEY,
    value  BLOB NOT NULL,
    parts  TEXT NOT NULL
) WITHOUT ROWID;
DELETE FROM feed_position WHERE topic = 'reference';

-- A way through what was held or rejected that is still ahead or under way, for the causes that one value has mended.
CREATE TABLE going_through (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    causes   TEXT NOT NULL,
    -- Not before: all validators have to have read the value as well.
    due_ms   INTEGER NOT NULL,
    -- How far each lane had come when it began, by number of the lane: [[epoch, sequence], …]; null before.
    bounds   TEXT,
    -- The last objection that was looked at.
    lane      INTEGER NOT NULL DEFAULT -1,
    epoch     INTEGER NOT NULL DEFAULT 0,
    sequence  INTEGER NOT NULL DEFAULT 0
);

-- Up to where each cause is mended: what is held for it below the bounds, and not said since, is said again.
CREATE TABLE mended (
    cause   TEXT PRIMARY KEY,
    bounds  TEXT NOT NULL
) WITHOUT ROWID;
