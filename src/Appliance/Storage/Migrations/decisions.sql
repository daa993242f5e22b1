-- Decisions in force. The key is what makes two decisions the same one; it is also the order in which the board wants them back.
CREATE TABLE decision (
    address    BLOB    NOT NULL CHECK (length(address) = 16), -- network order, IPv4 as ::ffff:a.b.c.d
    length     INTEGER NOT NULL,
    origin     INTEGER NOT NULL,
    id         INTEGER NOT NULL,
    verdict    INTEGER NOT NULL,
    start      INTEGER NOT NULL,                              -- ms since 1970
    expiry     INTEGER NOT NULL,                              -- ms since 1970; 9223372036854775807: without end
    confidence INTEGER NOT NULL,                              -- 0..10000
    reason     INTEGER NOT NULL,                              -- word.id
    actor      INTEGER NOT NULL,                              -- word.id
    comment    TEXT,
    evidence   TEXT,                                          -- ids, comma between
    PRIMARY KEY (address, length, origin)
) STRICT, WITHOUT ROWID;

CREATE TABLE word (
    id   INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE decision_history (
    seq      INTEGER PRIMARY KEY,
    id       INTEGER NOT NULL,
    address  BLOB    NOT NULL,
    length   INTEGER NOT NULL,
    origin   INTEGER NOT NULL,
    verdict  INTEGER NOT NULL,
    start    INTEGER NOT NULL,
    expiry   INTEGER NOT NULL,
    reason   TEXT    NOT NULL,
    actor    TEXT    NOT NULL,
    comment  TEXT,
    ended    INTEGER NOT NULL,
    cause    INTEGER NOT NULL,                                -- DecisionChangeKind: 2 lifted, 3 expired
    ended_by TEXT    NOT NULL
) STRICT;

CREATE INDEX decision_history_ended ON decision_history (ended);

CREATE TABLE evidence (
    id     INTEGER PRIMARY KEY,
    source BLOB    NOT NULL,
    kind   TEXT    NOT NULL,
    class  INTEGER NOT NULL,
    weight REAL    NOT NULL,
    seen   INTEGER NOT NULL,
    detail TEXT    NOT NULL
) STRICT;

CREATE INDEX evidence_seen ON evidence (seen);

CREATE TABLE high_water (
    name  TEXT    PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_key (
    id      INTEGER PRIMARY KEY,
    name    TEXT    NOT NULL UNIQUE,
    sha256  BLOB    NOT NULL CHECK (length(sha256) = 32),
    created INTEGER NOT NULL
) STRICT;
