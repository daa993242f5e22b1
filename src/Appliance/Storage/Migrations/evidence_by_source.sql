-- What was seen of one source, newest first: the row id, which counts up with time, is the index's second part.
CREATE INDEX evidence_source ON evidence (source);
