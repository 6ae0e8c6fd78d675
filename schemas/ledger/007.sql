-- What waits for its original, counted at once for whoever watches the gateway.
CREATE INDEX event_parked ON event (id) WHERE outcome = 3;
