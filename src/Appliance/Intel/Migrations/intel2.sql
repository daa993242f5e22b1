-- Day on which an indicator was first published: it stays in the MISP event of that day, because a consumer knows an attribute only within its event.
ALTER TABLE indicator ADD COLUMN created INTEGER NOT NULL DEFAULT 0;
UPDATE indicator SET created = changed;
DROP INDEX indicator_changed;
CREATE INDEX indicator_created ON indicator (created, changed) WHERE kind > 0;
