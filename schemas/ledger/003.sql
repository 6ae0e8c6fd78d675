-- Delivery (docs/decisions/0011): what a receiver put off or refused, how each sink fares,
-- and what each receiver calls our subjects.

ALTER TABLE outbox ADD COLUMN first_attempt_at INTEGER; -- the first that failed
ALTER TABLE outbox ADD COLUMN next_attempt_at INTEGER;  -- not before
-- A dead letter that was put back: it stands outside the order of its task.
ALTER TABLE outbox ADD COLUMN again INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_again ON outbox (id) WHERE again = 1;

-- A row that one receiver refused for good: it left the outbox and waits for a person.
CREATE TABLE dead_letter (
	id INTEGER PRIMARY KEY,
	sink INTEGER NOT NULL,
	journal INTEGER NOT NULL,
	state TEXT NOT NULL,      -- open | replayed | discarded
	attempts INTEGER NOT NULL,
	at INTEGER NOT NULL,
	cause TEXT NOT NULL,
	by TEXT,
	reason TEXT
) STRICT;
CREATE INDEX dead_letter_open ON dead_letter (sink, id) WHERE state = 'open';

-- The breaker as other processes see it. `config` is a fingerprint of the section a
-- stopped sink stopped under: with another one it begins anew.
ALTER TABLE sink ADD COLUMN state TEXT NOT NULL DEFAULT 'working';
ALTER TABLE sink ADD COLUMN since INTEGER;
ALTER TABLE sink ADD COLUMN next_at INTEGER;
ALTER TABLE sink ADD COLUMN error TEXT;
ALTER TABLE sink ADD COLUMN config TEXT;

-- The id a receiver gave to a task or document of ours.
CREATE TABLE known_as (
	sink INTEGER NOT NULL,
	subject TEXT NOT NULL,
	known_as TEXT NOT NULL,
	PRIMARY KEY (sink, subject)
) STRICT, WITHOUT ROWID;
