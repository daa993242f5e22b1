-- Threat feeds, what is remembered of each between two fetches, and what became of the last attempts.
CREATE TABLE feed (
    name TEXT PRIMARY KEY,
    settings TEXT NOT NULL,
    token TEXT,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL
) STRICT;

CREATE TABLE feed_run (
    id INTEGER PRIMARY KEY,
    feed TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX feed_run_feed ON feed_run (feed, id);
