-- Changes of the policy with their course, so that one that nobody confirmed is taken back after a crash too.
CREATE TABLE change (
    id     INTEGER PRIMARY KEY,
    wanted TEXT NOT NULL, -- JSON
    course TEXT NOT NULL  -- JSON
) STRICT;
