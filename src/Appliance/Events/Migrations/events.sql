-- What the stream of events told, for who asks later.
CREATE TABLE event (
    seq  INTEGER PRIMARY KEY,
    id   TEXT    NOT NULL,                                    -- as in the stream
    time INTEGER NOT NULL,                                    -- ms since 1970
    kind TEXT    NOT NULL,
    data TEXT    NOT NULL                                     -- JSON
) STRICT;

CREATE INDEX event_time ON event (time);
