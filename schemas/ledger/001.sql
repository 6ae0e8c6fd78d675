-- The ledger, first schema. Days count from 1970-01-01, instants are milliseconds of UTC;
-- words (outcome, kind, state, …) are stored as the index of gateway/model's word tables.
-- Keys follow the order of arrival wherever they can, so that one commit touches few pages.

CREATE TABLE meta (
	key TEXT PRIMARY KEY,
	value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- Organ ids as they came, once each.
CREATE TABLE organ (
	id INTEGER PRIMARY KEY,
	organ_id TEXT NOT NULL COLLATE NOCASE UNIQUE
) STRICT;

-- Everything that was ever accepted, one row an arrival (INV-2). `body` is the document
-- event as JSON; it and what follows is NULL where nothing may be or need be kept.
CREATE TABLE event (
	id INTEGER PRIMARY KEY,
	outcome INTEGER NOT NULL,
	arrived_at INTEGER NOT NULL,
	adapter TEXT NOT NULL,
	first INTEGER,            -- of a duplicate or conflict: the event that stands
	quarantine INTEGER,
	kind INTEGER NOT NULL DEFAULT 0,
	stage INTEGER NOT NULL DEFAULT 0,
	business INTEGER NOT NULL DEFAULT 0,
	issuer INTEGER,
	issued_on INTEGER,
	policy INTEGER NOT NULL DEFAULT 0,
	document_id TEXT,
	code TEXT,
	subject TEXT,
	content TEXT,
	thread TEXT,              -- source system and thread id
	also TEXT,                -- JSON list: ids other carriers gave the same paper
	traceparent TEXT,
	body TEXT,
	judgement TEXT            -- JSON: why it was linked as it is (M9)
) STRICT;

-- What can be looked up: what an event is called (role 0), what it mentions (1), the
-- thread it is on (2), and the identity of events that are no new documents (3).
CREATE TABLE name (
	key INTEGER NOT NULL,
	role INTEGER NOT NULL,
	issuer INTEGER NOT NULL,
	issued_on INTEGER NOT NULL,
	event INTEGER NOT NULL,
	PRIMARY KEY (key, role, issuer, issued_on, event)
) STRICT, WITHOUT ROWID;

-- What an event is to a document (task 0) or to one task: what it answers, and by which rung.
CREATE TABLE link (
	document INTEGER NOT NULL,
	task INTEGER NOT NULL,
	event INTEGER NOT NULL,
	role INTEGER NOT NULL,
	rung INTEGER NOT NULL,
	PRIMARY KEY (document, task, event, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_by_event ON link (event);

CREATE TABLE task (
	id INTEGER PRIMARY KEY,
	origin INTEGER NOT NULL,  -- the document that made it
	via INTEGER NOT NULL,     -- the update that added its lead, or 0
	ordinal INTEGER NOT NULL,
	document INTEGER NOT NULL, -- where it stands: the origin or its last replacement
	kind INTEGER NOT NULL,
	parent INTEGER,
	lead TEXT NOT NULL,
	coordinating TEXT,
	code TEXT,
	content TEXT,             -- NULL: the origin's content
	due_on INTEGER,
	due_source INTEGER NOT NULL,
	due_flags INTEGER NOT NULL,
	proposed_due_on INTEGER,
	state INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	flags INTEGER NOT NULL,
	completed_on INTEGER,
	closed_by INTEGER,
	rung INTEGER NOT NULL
) STRICT;
CREATE INDEX task_by_origin ON task (origin, lead COLLATE NOCASE);

-- B3: the replacements a task has moved to.
CREATE TABLE task_document (
	document INTEGER NOT NULL,
	task INTEGER NOT NULL,
	PRIMARY KEY (document, task)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_document_by_task ON task_document (task);

CREATE TABLE suggestion (
	id INTEGER PRIMARY KEY,
	event INTEGER NOT NULL UNIQUE,
	state TEXT NOT NULL,      -- open | settled
	reason TEXT NOT NULL,
	candidates TEXT NOT NULL  -- JSON list
) STRICT;

-- INV-4: append-only, each row's hash covers the row before.
CREATE TABLE journal (
	seq INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	event INTEGER,
	task INTEGER,
	name TEXT NOT NULL,
	subject TEXT,
	organ TEXT,
	data TEXT NOT NULL,
	hash BLOB NOT NULL
) STRICT;

CREATE TABLE sink (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
) STRICT;

-- INV-5: one row for each journal row and sink that is still to be told.
CREATE TABLE outbox (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	sink INTEGER NOT NULL,
	journal INTEGER NOT NULL,
	attempts INTEGER NOT NULL DEFAULT 0,
	last_error TEXT,
	last_attempt_at INTEGER
) STRICT;

CREATE TABLE quarantine (
	id INTEGER PRIMARY KEY,
	event INTEGER NOT NULL,
	state TEXT NOT NULL,      -- open | replayed | discarded
	at INTEGER NOT NULL,
	adapter TEXT NOT NULL,
	origin TEXT,              -- file name or message id, for people
	sha256 BLOB NOT NULL,
	raw TEXT NOT NULL,        -- file name under quarantine/
	code TEXT NOT NULL,
	message TEXT NOT NULL,
	line INTEGER,
	column INTEGER,
	by TEXT,
	reason TEXT
) STRICT;
CREATE INDEX quarantine_by_sha256 ON quarantine (sha256);
