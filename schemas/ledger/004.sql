-- How far a source has come: its own text, committed with the events it covers.
CREATE TABLE source_cursor (
	adapter TEXT PRIMARY KEY,
	cursor TEXT NOT NULL,
	at INTEGER NOT NULL       -- when that event was taken
) STRICT, WITHOUT ROWID;
