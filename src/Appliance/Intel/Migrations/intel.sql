-- What can be shared: the state of each indicator, and every STIX object as it is served.
CREATE TABLE indicator (
    kind INTEGER NOT NULL,
    value TEXT NOT NULL,
    ends INTEGER,
    decided INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX indicator_changed ON indicator (changed) WHERE kind > 0;

-- added: microseconds since 1970, each given once and always more than the one before: the order of every page.
-- modified: microseconds since 1970; version: the same as the object spells it.
CREATE TABLE stix_object (
    added INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL,
    type TEXT NOT NULL,
    uuid BLOB NOT NULL,
    modified INTEGER NOT NULL,
    version TEXT NOT NULL,
    is_first INTEGER NOT NULL,
    is_last INTEGER NOT NULL,
    is_pinned INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX stix_object_version ON stix_object (uuid, type, collection, modified);
CREATE INDEX stix_object_type ON stix_object (collection, type, added);
CREATE INDEX stix_object_last ON stix_object (collection, added) WHERE is_last = 1;

CREATE TABLE taxii_status (
    id TEXT PRIMARY KEY,
    collection INTEGER NOT NULL,
    made INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
