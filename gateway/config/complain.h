/*
 * Complaints about a configuration file: where, which key, what is wrong and what would
 * be right. A value from the file is shown only through complain_quote, which hides
 * what may hold a secret.
 */
#pragma once

#include "gateway/base/arena.h"
#include "gateway/config/config.h"
#include "gateway/config/node.h"

/* One file being read. */
struct reading {
	const char *file;    /* as shown */
	const char *folder;  /* absolute: what its relative paths start from */
	struct arena *arena; /* where what is read shall live */
	struct config_complaints *complaints;
	bool failed; /* a complaint, not only a warning, was made */
};

/* About the value @at. */
void complain(struct reading *r, const struct node *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void complain_warn(struct reading *r, const struct node *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* About the key of @at. */
void complain_key(struct reading *r, const struct node *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* About @name, which is not there, in @map. */
void complain_missing(struct reading *r, const struct node *map, const char *name,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* About the file itself. */
void complain_file(struct reading *r, int line, int column, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* @text between back-ticks, clipped, printable; never what looks like an address. */
const char *complain_quote(struct arena *arena, const char *text);

/* Put the complaints into the order of files (@first, then as met) and their lines. */
void complain_sort(struct config_complaints *c, const char *first);
