/*
 * Passwords (SPEC section 13): they come from a file or from the environment, never
 * from the YAML, and no complaint repeats one, nor anything that may be one by mistake.
 */
#pragma once

#include "gateway/config/complain.h"

/* What is wrong with @url as a broker's address, NULL if nothing. Never repeats it. */
const char *secret_judge_url(const char *url);

/* Does the (well-formed) @url name a user? */
bool secret_url_has_user(const char *url);

/*
 * The password that `password_file` (@file) or `password_env` (@variable) of @map
 * gives, in the reading's arena; NULL when neither is there, or after a complaint.
 */
const char *secret_read(struct reading *r, const struct node *map, const char *file,
	const char *variable);
