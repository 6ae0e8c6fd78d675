-- A document is found by its id through its names. This is for what bears none: recalls,
-- updates, reports, and rows without a body (duplicates, what was set aside).
CREATE INDEX event_by_document_id ON event (document_id)
	WHERE document_id IS NOT NULL AND (business IN (1, 2) OR kind <> 0 OR body IS NULL);
