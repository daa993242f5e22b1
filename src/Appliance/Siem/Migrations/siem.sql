-- Where events are forwarded to, and how far each sink has got in the event log.
CREATE TABLE sink (
    name TEXT PRIMARY KEY,
    settings TEXT NOT NULL,
    secrets TEXT NOT NULL,
    revision INTEGER NOT NULL,
    place INTEGER NOT NULL
) STRICT;

-- Events that a sink refused for what they are.
CREATE TABLE sink_refused (
    id INTEGER PRIMARY KEY,
    sink TEXT NOT NULL,
    seq INTEGER NOT NULL,
    time INTEGER NOT NULL,
    why TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX sink_refused_sink ON sink_refused (sink, id);
