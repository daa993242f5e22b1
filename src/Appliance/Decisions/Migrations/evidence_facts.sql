-- What was measured, as JSON; rows of earlier versions have the sentence alone.
ALTER TABLE evidence ADD COLUMN facts TEXT;
