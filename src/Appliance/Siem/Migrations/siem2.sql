-- Kind of each refused event, so that it can be sent again.
ALTER TABLE sink_refused ADD COLUMN kind TEXT NOT NULL DEFAULT '';
