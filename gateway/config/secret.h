/*
 * Passwords (docs/configuration.md): they come from a file or from the environment,
 * never from the YAML, and no complaint repeats one, nor anything that may be one by
 * mistake.
 */
#pragma once

#include "gateway/base/tokens.h"
#include "gateway/config/complain.h"

/* What is wrong with @url as a broker's address, NULL if nothing. Never repeats it. */
const char *secret_judge_url(const char *url);

/* The same for an HTTP address, which names no user either. */
const char *secret_judge_http(const char *url);

/*
 * The secret called @what (`password`, `token`) that the keys `<what>_file` (@file) or
 * `<what>_env` (@variable) of @map give, in the reading's arena; NULL when neither is
 * there, or after a complaint.
 */
const char *secret_read(struct reading *r, const struct node *map, const char *what,
	const char *file, const char *variable);

/*
 * The same for bearer tokens: one a line, so that a new one and the old may hold side
 * by side while they are exchanged. Complains when there is none, and of one that is
 * too short to be kept from guessing.
 */
struct tokens secret_read_tokens(struct reading *r, const struct node *map,
	const char *what, const char *file, const char *variable);

/* Which of the two keys of @what @map has; NULL: none. */
const struct node *secret_key(
	struct reading *r, const struct node *map, const char *what);

/*
 * The password of the broker at @url of @map, with what is missing or too much beside
 * `url` complained of; NULL when there is none.
 */
const char *secret_read_broker(struct reading *r, const struct node *map,
	const char *url, const char *file, const char *variable);
