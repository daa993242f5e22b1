-- As for decisions: a flood of what anybody can forge does not push out what is proven.
ALTER TABLE event ADD COLUMN forgeable INTEGER NOT NULL DEFAULT 0;
CREATE INDEX event_forgeable ON event (seq) WHERE forgeable = 1;
CREATE INDEX event_told ON event (seq) WHERE forgeable = 0;
