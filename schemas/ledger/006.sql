-- The lists of each policy that ever took an event in (T7: who answers proposals, and how
-- soon), once each; `event.policy` holds the number beside its bits.
CREATE TABLE policy (
	id INTEGER PRIMARY KEY,
	lists TEXT NOT NULL UNIQUE -- JSON
) STRICT;

-- From which state a person acted (S1); NULL: an act older than this column.
ALTER TABLE act ADD COLUMN from_state INTEGER;
