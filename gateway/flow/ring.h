/*
 * A bounded ring: many threads put in, one takes out whatever has gathered. Bounded in
 * number and in bytes, so that a slow ledger slows the sources down instead of filling
 * the memory.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct ring;

/* At most @max_n things; a thing is let in while fewer than @max_bytes are held. */
struct ring *ring_new(size_t max_n, size_t max_bytes);
void ring_free(struct ring *r); /* what is still in it is the caller's to free first */

/* Put @thing in, waiting for room. false: the ring is closed, @thing stays the
 * caller's. */
bool ring_put(struct ring *r, void *thing, size_t bytes);

/*
 * Wait until something is there, then take up to @max_n things, stopping at the one
 * that makes it @max_bytes (at least one). Returns how many; 0 when poked or closed.
 */
size_t ring_take(struct ring *r, void **ret_things, size_t max_n, size_t max_bytes);

/* Let the next ring_take return even if nothing is there. */
void ring_poke(struct ring *r);

/* Nothing more is let in; what is there can still be taken. */
void ring_close(struct ring *r);
