-- People's acts, sub-tasks, reminders.

-- What a person decided about a task: facts like documents, in the order of their day and
-- behind that day's documents.
CREATE TABLE act (
	id INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	task INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	due_on INTEGER,           -- refuse, extend
	day INTEGER,              -- report: the day it was done
	organ TEXT,               -- hand-back accepted: who owes it now
	event INTEGER,            -- undo: the document whose link is void
	by TEXT NOT NULL,
	reason TEXT
) STRICT;
CREATE INDEX act_by_task ON act (task);

-- T8: the parts of a task.
CREATE INDEX task_by_parent ON task (parent) WHERE parent IS NOT NULL;

-- S4: the deadline each reminder was sent for.
ALTER TABLE task ADD COLUMN due_soon_for INTEGER;
ALTER TABLE task ADD COLUMN overdue_for INTEGER;
CREATE INDEX task_by_due ON task (due_on)
	WHERE state < 2 AND due_on IS NOT NULL AND due_flags = 0;

-- What a person decided about a case of the confirm list.
ALTER TABLE suggestion ADD COLUMN decided TEXT;   -- JSON: tasks accepted
ALTER TABLE suggestion ADD COLUMN by TEXT;
ALTER TABLE suggestion ADD COLUMN note TEXT;
