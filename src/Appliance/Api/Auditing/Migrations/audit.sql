-- Who changed what, or tried to. Rows are only added, and forgotten from the oldest end; each holds the hash of the one before.
CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY,
    time    INTEGER NOT NULL,                                 -- ms since 1970
    actor   TEXT    NOT NULL,
    key     INTEGER NOT NULL,                                 -- api_key.id; 0: none
    remote  TEXT    NOT NULL,
    action  TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    status  INTEGER NOT NULL,                                 -- HTTP status of the answer
    detail  TEXT,
    before  TEXT,                                             -- JSON
    after   TEXT,                                             -- JSON
    trace   TEXT    NOT NULL,
    hash    BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- The last row that was forgotten: the first one that is kept follows it.
CREATE TABLE audit_anchor (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    seq  INTEGER NOT NULL,
    hash BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;
