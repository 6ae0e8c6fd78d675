/*
 * What receivers called our subjects and the ledger does not show yet: a short list,
 * from the answer to the commit.
 */
#pragma once

#include <stdint.h>

enum { LEARNED_MAX = 1000 }; /* with so many the relay sends no more */

struct learned;

struct learned *learned_new(void);
void learned_free(struct learned *l);

int learned_count(const struct learned *l);

/* Written with news @ticket (writer_known_as). */
void learned_add(
	struct learned *l, const char *subject, const char *known_as, uint64_t ticket);
/* Up to and with @ticket all is in the ledger. */
void learned_forget(struct learned *l, uint64_t ticket);
/* NULL: nothing of it. */
const char *learned_find(const struct learned *l, const char *subject);
