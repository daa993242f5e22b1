-- The one log of what happens. The number of a row is its sequence; clients know an event by the log and that number.
DROP INDEX event_forgeable;
DROP INDEX event_told;
ALTER TABLE event DROP COLUMN id;
ALTER TABLE event ADD COLUMN version INTEGER NOT NULL DEFAULT 1;    -- of the shape of the data
ALTER TABLE event ADD COLUMN scope   TEXT;                          -- what a reader needs beside events:read
CREATE INDEX event_forgeable ON event (seq) WHERE forgeable = 1;
CREATE INDEX event_told ON event (seq) WHERE forgeable = 0;

-- Where a killed process left numbers of which nobody knows whether they were given: after the first, up to and with the second.
CREATE TABLE event_uncertain (
    after INTEGER PRIMARY KEY,
    upto  INTEGER NOT NULL
) STRICT;

-- How far readers are that go on where they were.
CREATE TABLE event_reader (
    name TEXT    PRIMARY KEY,
    seq  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
