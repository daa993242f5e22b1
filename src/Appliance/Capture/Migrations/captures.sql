-- Captures of packets, and which decisions each belongs to. The packets themselves lie in files.
CREATE TABLE capture (
    id      INTEGER PRIMARY KEY,
    network BLOB NOT NULL,    -- 16 bytes, network order
    length  INTEGER NOT NULL, -- prefix length in the address's own family
    cause   TEXT NOT NULL,    -- decision or operator
    actor   TEXT NOT NULL,
    started INTEGER NOT NULL, -- ms since 1970, as all times here
    until   INTEGER NOT NULL,
    ended   INTEGER,
    outcome TEXT,
    packets INTEGER NOT NULL,
    bytes   INTEGER NOT NULL, -- of the files, before compression
    files   INTEGER NOT NULL
) STRICT;
CREATE INDEX capture_by_source ON capture (network, length);
CREATE TABLE capture_decision (
    decision INTEGER NOT NULL,
    capture  INTEGER NOT NULL,
    PRIMARY KEY (decision, capture)
) STRICT, WITHOUT ROWID;
CREATE INDEX capture_decision_by_capture ON capture_decision (capture);
