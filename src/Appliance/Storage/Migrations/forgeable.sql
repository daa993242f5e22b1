-- What anybody can forge has bounds of its own, so that a flood of it does not push out what is proven.
CREATE INDEX evidence_proven ON evidence (id) WHERE class > 0;
CREATE INDEX evidence_forgeable ON evidence (id) WHERE class = 0;
ALTER TABLE decision_history ADD COLUMN forgeable INTEGER NOT NULL DEFAULT 0;
CREATE INDEX decision_history_forgeable ON decision_history (seq) WHERE forgeable = 1;
CREATE INDEX decision_history_proven ON decision_history (seq) WHERE forgeable = 0;
