-- How the board's time lies to the clocks of the machine, so that ends go on over a restart whatever the wall clock shows.
CREATE TABLE clock (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    boot   TEXT    NOT NULL,                                  -- id of the machine's start
    "offset" INTEGER NOT NULL,                                -- board's time at that start, ms
    steady INTEGER NOT NULL,                                  -- board's time when this was written, ms
    wall   INTEGER NOT NULL                                   -- wall clock at the same moment, ms since 1970
) STRICT;
