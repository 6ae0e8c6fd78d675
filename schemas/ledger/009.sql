-- A task row grows when it closes. The room kept for that is given back then, so that the
-- pages of old tasks, full since they were written, need not be split.
ALTER TABLE task ADD COLUMN room BLOB;

-- S4: deadlines of which a reminder may still be due. A row is added with a deadline, and
-- taken away when its day comes, not when its task closes: closing writes no page for it.
CREATE TABLE reminder (
	due_on INTEGER NOT NULL,
	task INTEGER NOT NULL,
	PRIMARY KEY (due_on, task)
) STRICT, WITHOUT ROWID;
INSERT INTO reminder SELECT due_on, id FROM task
	WHERE state < 2 AND due_on IS NOT NULL AND due_flags = 0 AND overdue_for IS NOT due_on;
DROP INDEX task_by_due;
CREATE TRIGGER task_added_due AFTER INSERT ON task
	WHEN new.state < 2 AND new.due_on IS NOT NULL AND new.due_flags = 0
BEGIN
	INSERT INTO reminder VALUES (new.due_on, new.id);
END;
CREATE TRIGGER task_again_due AFTER UPDATE OF state, due_on, due_flags ON task
	WHEN new.state < 2 AND new.due_on IS NOT NULL AND new.due_flags = 0 AND
		(old.state >= 2 OR old.due_on IS NOT new.due_on OR old.due_flags <> 0)
BEGIN
	INSERT OR IGNORE INTO reminder VALUES (new.due_on, new.id);
END;
