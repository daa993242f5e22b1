-- What owners claim of scopes. Before, two owners of one origin shared a row. The key is what makes two claims the same one; it is also the order
-- in which the board wants them back.
CREATE TABLE claim (
    address    BLOB    NOT NULL CHECK (length(address) = 16), -- network order, IPv4 as ::ffff:a.b.c.d
    length     INTEGER NOT NULL,
    origin     INTEGER NOT NULL,
    owner      INTEGER NOT NULL,                              -- word.id
    id         INTEGER NOT NULL,
    verdict    INTEGER NOT NULL,
    start      INTEGER NOT NULL,                              -- ms since 1970
    expiry     INTEGER NOT NULL,                              -- ms since 1970; 9223372036854775807: without end
    confidence INTEGER NOT NULL,                              -- 0..10000
    reason     INTEGER NOT NULL,                              -- word.id
    actor      INTEGER NOT NULL,                              -- word.id
    comment    TEXT,
    evidence   TEXT,                                          -- ids, comma between
    PRIMARY KEY (address, length, origin, owner)
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO word (text) VALUES ('operator'), ('config'), ('appliance');

-- A rule of the operator (origin 1) is the configuration's where that made it, else of all operators; what detection decided (origin 2) is this
-- appliance's; everything else belongs to whoever said it.
INSERT INTO claim (address, length, origin, owner, id, verdict, start, expiry, confidence, reason, actor, comment, evidence)
SELECT address, length, origin,
       CASE
           WHEN origin = 1 AND actor = (SELECT id FROM word WHERE text = 'config') AND reason = (SELECT id FROM word WHERE text = 'configured') THEN actor
           WHEN origin = 1 THEN (SELECT id FROM word WHERE text = 'operator')
           WHEN origin = 2 THEN (SELECT id FROM word WHERE text = 'appliance')
           ELSE actor
       END,
       id, verdict, start, expiry, confidence, reason, actor, comment, evidence
FROM decision ORDER BY address, length, origin;

DROP TABLE decision;

ALTER TABLE decision_history ADD COLUMN owner TEXT;
