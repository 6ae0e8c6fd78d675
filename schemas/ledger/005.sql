-- Statuses: how far a document has come, told to whoever sent it.

-- Documents that came by an adapter with `statuses_to`, and the sink named there. Kept
-- with the document: a later configuration does not change who waits for its statuses.
CREATE TABLE status_route (
	document INTEGER NOT NULL,
	sink INTEGER NOT NULL,
	PRIMARY KEY (document, sink)
) STRICT, WITHOUT ROWID;

-- What was told already, once for each document, organ and code. `journal` is NULL where
-- the issuer had it from the organ itself, by the same way.
CREATE TABLE status_told (
	document INTEGER NOT NULL,
	sink INTEGER NOT NULL,
	organ TEXT NOT NULL COLLATE NOCASE,
	code INTEGER NOT NULL,
	journal INTEGER,
	PRIMARY KEY (document, sink, organ, code)
) STRICT, WITHOUT ROWID;
