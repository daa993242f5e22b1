-- What a model said that programs of the tarpit print; times in milliseconds since 1970.
CREATE TABLE tarpit_improvisation (
    question TEXT PRIMARY KEY,
    answer TEXT NOT NULL,
    asked INTEGER NOT NULL
) STRICT;
CREATE INDEX tarpit_improvisation_asked ON tarpit_improvisation (asked);
