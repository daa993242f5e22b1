-- Questions to models and what came of them; times in milliseconds since 1970.
CREATE TABLE model_exchange (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    time INTEGER NOT NULL,
    model TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT,
    sources INTEGER NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    answer_tokens INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL
) STRICT;
