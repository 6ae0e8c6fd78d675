-- The lists of each policy that ever took an event in (T7: who answers proposals, and how
-- soon), once each; `event.policy` holds the number beside its bits.
CREATE TABLE policy (
	id INTEGER PRIMARY KEY,
	lists TEXT NOT NULL UNIQUE -- JSON
) STRICT;
