-- Keys that may do less than everything. What was there before is the admin key.
ALTER TABLE api_key ADD COLUMN lead      TEXT    NOT NULL DEFAULT '';      -- the first characters of the secret, to recognise it
ALTER TABLE api_key ADD COLUMN scopes    TEXT    NOT NULL DEFAULT 'admin'; -- words, blank between
ALTER TABLE api_key ADD COLUMN networks  TEXT    NOT NULL DEFAULT '';      -- prefixes, blank between; empty: anywhere
ALTER TABLE api_key ADD COLUMN expiry    INTEGER;                          -- ms since 1970
ALTER TABLE api_key ADD COLUMN last_used INTEGER;                          -- ms since 1970
