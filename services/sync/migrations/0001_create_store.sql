-- The provincial store. Codes are Kemendagri codes without dots; tokens and digests are 128 bits, kept as uuid
-- because that is sixteen bytes where their 32 hex digits would be thirty-three.
--
-- `version` is (epoch << 32) | revision everywhere: one number that orders the statements about a record.

-- Reference ---------------------------------------------------------------------------------------------------

CREATE TABLE wilayah (
    kode     text PRIMARY KEY CHECK (kode ~ '^\d{2}(\d{2}(\d{2}(\d{4})?)?)?$'),
    nama     text NOT NULL,
    tingkat  smallint NOT NULL CHECK (tingkat = length(kode)),
    induk    text NOT NULL,
    lintang  double precision,
    bujur    double precision
);
CREATE INDEX wilayah_induk ON wilayah (induk);

CREATE TABLE kontes (
    kode          text PRIMARY KEY,
    nama          text NOT NULL,
    jenis         text NOT NULL,
    pemilihan     text NOT NULL,
    hari          date NOT NULL,
    -- Digits of the code that carries the list of candidates; 0 for one list for the whole nation.
    tingkat_calon smallint NOT NULL
);

CREATE TABLE calon (
    kontes          text NOT NULL REFERENCES kontes,
    wilayah         text NOT NULL,
    id              text NOT NULL,
    nomor_urut      integer NOT NULL,
    nama            text NOT NULL,
    berlaku_mulai   date NOT NULL,
    berlaku_sampai  date,
    PRIMARY KEY (kontes, wilayah, id)
);

-- Delivery ----------------------------------------------------------------------------------------------------

-- Where sync stands in each partition. An instance that is given a partition raises the fence; a transaction that
-- finds another fence than its own belongs to an instance that has been replaced, and is refused.
CREATE TABLE consumer_position (
    topic        text NOT NULL,
    partition    integer NOT NULL,
    next_offset  bigint NOT NULL CHECK (next_offset >= 0),
    fence        bigint NOT NULL,
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);

-- The books of one office and lane: what it numbered, what has been seen of that, and what became of it (I2).
CREATE TABLE neraca (
    office         text NOT NULL CHECK (office ~ '^\d{2}(\d{2})?$'),
    lane           text NOT NULL CHECK (lane IN ('hasil', 'pemilih')),
    epoch          integer NOT NULL CHECK (epoch >= 1),
    -- What the office says of itself in its heartbeat.
    stamped        bigint NOT NULL DEFAULT 0,
    published      bigint NOT NULL DEFAULT 0,
    recorded_time  timestamptz,
    sent_time      timestamptz,
    -- Which numbers have been merged or refused: exact under repetition, reordering and holes (decision 0002).
    seen           int8multirange NOT NULL DEFAULT '{}',
    accepted       bigint NOT NULL DEFAULT 0,
    held           bigint NOT NULL DEFAULT 0,
    rejected       bigint NOT NULL DEFAULT 0,
    applied        bigint NOT NULL DEFAULT 0,
    duplicate      bigint NOT NULL DEFAULT 0,
    stale          bigint NOT NULL DEFAULT 0,
    conflict       bigint NOT NULL DEFAULT 0,
    parked         bigint NOT NULL DEFAULT 0,
    -- `recordedtime` of the newest change merged, and when that was done.
    merged_recorded_time  timestamptz,
    merged_time           timestamptz,
    PRIMARY KEY (office, lane, epoch)
) WITH (fillfactor = 50);

CREATE FUNCTION cardinality(numbers int8multirange) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT coalesce(sum(upper(stretch) - lower(stretch)), 0)::bigint FROM unnest(numbers) AS stretch);

-- Versions and outcomes -----------------------------------------------------------------------------------------

-- Every change that was not rejected, with its content and its one outcome (I1). Append-only (I14).
-- One table per lane: they grow at different rates, and only one of them may ever be read by the gateway.
CREATE TABLE journal_hasil (
    office         text NOT NULL,
    epoch          integer NOT NULL,
    sequence       bigint NOT NULL,
    id             text NOT NULL,
    type           text NOT NULL,
    subject        text NOT NULL,
    version        bigint NOT NULL,
    base           uuid,
    digest         uuid NOT NULL,
    -- Canonical JSON, byte for byte as the office stamped it: the digest can be recomputed from it.
    data           text NOT NULL,
    time           timestamptz NOT NULL,
    recorded_time  timestamptz NOT NULL,
    merged_time    timestamptz NOT NULL DEFAULT now(),
    held           boolean NOT NULL,
    outcome        text NOT NULL CHECK (outcome IN ('applied', 'duplicate', 'stale', 'conflict', 'parked')),
    PRIMARY KEY (office, epoch, sequence)
);
CREATE INDEX journal_hasil_subject ON journal_hasil (subject, version);

CREATE TABLE journal_pemilih (
    office         text NOT NULL,
    epoch          integer NOT NULL,
    sequence       bigint NOT NULL,
    id             text NOT NULL,
    type           text NOT NULL,
    nik_token      uuid NOT NULL,
    version        bigint NOT NULL,
    base           uuid,
    digest         uuid NOT NULL,
    data           text NOT NULL,
    time           timestamptz NOT NULL,
    recorded_time  timestamptz NOT NULL,
    merged_time    timestamptz NOT NULL DEFAULT now(),
    held           boolean NOT NULL,
    outcome        text NOT NULL CHECK (outcome IN ('applied', 'duplicate', 'stale', 'conflict', 'parked')),
    PRIMARY KEY (office, epoch, sequence)
);

-- What the rules found in a change that was accepted or held.
CREATE TABLE finding (
    lane      text NOT NULL,
    office    text NOT NULL,
    epoch     integer NOT NULL,
    sequence  bigint NOT NULL,
    nth       smallint NOT NULL,
    code      text NOT NULL,
    -- What a validator may say of a line it lets through is for it to decide: a column that refuses it would hold up
    -- everything that came with it.
    tier      text NOT NULL CHECK (tier IN ('reject', 'hold', 'flag', 'warn', 'info')),
    pointer   text NOT NULL,
    seen      text NOT NULL,
    expected  text NOT NULL,
    pesan     text NOT NULL,
    message   text NOT NULL,
    PRIMARY KEY (lane, office, epoch, sequence, nth)
);
CREATE INDEX finding_code ON finding (code, office);

-- What was refused, and why. `sequence` is 0 for a record that carries no readable numbering; `id` then names
-- its place in Kafka.
CREATE TABLE rejection (
    lane           text NOT NULL,
    office         text NOT NULL,
    epoch          integer NOT NULL,
    sequence       bigint NOT NULL,
    id             text NOT NULL,
    type           text NOT NULL,
    subject        text NOT NULL,
    -- Codes of the findings, for filters; the findings themselves as the validator wrote them.
    codes          text[] NOT NULL,
    findings       jsonb NOT NULL,
    received_time  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (lane, office, epoch, sequence, id)
);
CREATE INDEX rejection_newest ON rejection (received_time DESC, lane, office, epoch, sequence);

-- Current state -------------------------------------------------------------------------------------------------

-- A current row names its version in the journal by (office, epoch, sequence). `state` says what the record counts
-- for: only `accepted` rows without `conflicted` are in a published total (decision 0003, 0006).

CREATE TABLE tps (
    pemilihan       text NOT NULL,
    tps             text NOT NULL CHECK (tps ~ '^\d{13}$'),
    office          text NOT NULL CHECK (office = left(tps, 4)),
    version         bigint NOT NULL,
    epoch           integer NOT NULL,
    sequence        bigint NOT NULL,
    digest          uuid NOT NULL,
    state           text NOT NULL CHECK (state IN ('accepted', 'held', 'retracted')),
    conflicted      boolean NOT NULL DEFAULT false,
    dpt_l           integer,
    dpt_p           integer,
    alamat          text,
    berlaku_mulai   date,
    berlaku_sampai  date,
    PRIMARY KEY (pemilihan, tps)
) WITH (fillfactor = 90);

CREATE TABLE c_hasil (
    kontes            text NOT NULL,
    tps               text NOT NULL CHECK (tps ~ '^\d{13}$'),
    office            text NOT NULL CHECK (office = left(tps, 4)),
    version           bigint NOT NULL,
    epoch             integer NOT NULL,
    sequence          bigint NOT NULL,
    digest            uuid NOT NULL,
    state             text NOT NULL CHECK (state IN ('accepted', 'held', 'retracted')),
    conflicted        boolean NOT NULL DEFAULT false,
    -- Votes by candidate; null while block IV has not been read. Null is not zero.
    perolehan_suara   jsonb,
    suara_sah         integer,
    suara_tidak_sah   integer,
    suara_total       integer,
    pemilih_dpt_j     integer,
    pengguna_total_j  integer,
    jenis_kejadian    text,
    PRIMARY KEY (kontes, tps)
) WITH (fillfactor = 90);
CREATE INDEX c_hasil_tps ON c_hasil (tps);

CREATE TABLE d_hasil (
    kontes      text NOT NULL,
    jalur       text NOT NULL CHECK (jalur IN ('hitung', 'rekap')),
    wilayah     text NOT NULL,
    office      text NOT NULL CHECK (office = left(wilayah, 4)),
    version     bigint NOT NULL,
    epoch       integer NOT NULL,
    sequence    bigint NOT NULL,
    digest      uuid NOT NULL,
    state       text NOT NULL CHECK (state IN ('accepted', 'held', 'retracted')),
    conflicted  boolean NOT NULL DEFAULT false,
    data        jsonb,
    PRIMARY KEY (kontes, jalur, wilayah)
);

-- One partition per office, made by the migration step for the province it serves.
CREATE TABLE pemilih (
    office         text NOT NULL,
    nik_token      uuid NOT NULL,
    version        bigint NOT NULL,
    epoch          integer NOT NULL,
    sequence       bigint NOT NULL,
    digest         uuid NOT NULL,
    state          text NOT NULL CHECK (state IN ('accepted', 'held', 'retracted')),
    conflicted     boolean NOT NULL DEFAULT false,
    desa           text CHECK (left(desa, 4) = office),
    tps            text,
    jenis_kelamin  text,
    kelas_lahir    smallint,
    status         text,
    tms            text,
    disabilitas    text,
    PRIMARY KEY (office, nik_token)
) PARTITION BY LIST (office);

-- Roll-ups ------------------------------------------------------------------------------------------------------

-- One row per wilayah from desa up to kabupaten, moved by the difference in the transaction that merges (I10).
-- The province is a view over the kabupaten: a stored row would make every instance wait for every other.

CREATE TABLE rekap_tps (
    pemilihan  text NOT NULL,
    wilayah    text NOT NULL,
    terdaftar  integer NOT NULL DEFAULT 0,
    PRIMARY KEY (pemilihan, wilayah)
) WITH (fillfactor = 50);

CREATE TABLE rekap_hasil (
    kontes            text NOT NULL,
    wilayah           text NOT NULL,
    -- TPS whose votes count, whose form is held, and whose form is in conflict.
    tps_masuk         integer NOT NULL DEFAULT 0,
    tps_ditahan       integer NOT NULL DEFAULT 0,
    tps_konflik       integer NOT NULL DEFAULT 0,
    suara_sah         bigint NOT NULL DEFAULT 0,
    suara_tidak_sah   bigint NOT NULL DEFAULT 0,
    suara_total       bigint NOT NULL DEFAULT 0,
    pemilih_dpt       bigint NOT NULL DEFAULT 0,
    pengguna_total    bigint NOT NULL DEFAULT 0,
    -- `merged_time` of the transaction that moved it last.
    as_of             timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kontes, wilayah)
) WITH (fillfactor = 50);

CREATE TABLE rekap_suara (
    kontes   text NOT NULL,
    wilayah  text NOT NULL,
    calon    text NOT NULL,
    suara    bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (kontes, wilayah, calon)
) WITH (fillfactor = 50);

CREATE TABLE rekap_pemilih (
    wilayah       text PRIMARY KEY,
    aktif_l       bigint NOT NULL DEFAULT 0,
    aktif_p       bigint NOT NULL DEFAULT 0,
    tms           bigint NOT NULL DEFAULT 0,
    ditangguhkan  bigint NOT NULL DEFAULT 0,
    ditahan       bigint NOT NULL DEFAULT 0,
    konflik       bigint NOT NULL DEFAULT 0,
    as_of         timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
