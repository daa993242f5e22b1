-- What is known of client fingerprints. A shipped entry that was removed stays as such, so that an upgrade does not bring it back.
CREATE TABLE fingerprint (
    kind       TEXT NOT NULL,
    value      TEXT NOT NULL,
    label      TEXT NOT NULL,
    category   TEXT NOT NULL,
    confidence REAL NOT NULL,
    source     TEXT NOT NULL,
    note       TEXT,
    state      INTEGER NOT NULL, -- 0 shipped, 1 of the operator, 2 removed
    revision   INTEGER NOT NULL,
    PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;
