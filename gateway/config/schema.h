/*
 * What may stand in a configuration file, as data: tables of fields, and the one reader
 * that all of them share. It complains of every unknown key, wrong type, value out of
 * range and missing key, says what would be right, and fills the struct the table
 * describes. The tests compare the manual and the JSON Schema with the same tables.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/config/complain.h"
#include "gateway/config/node.h"

enum field_type {
	FIELD_TEXT,  /* const char *, cleaned (E3) */
	FIELD_NAME,  /* const char *, [a-z0-9-]+ */
	FIELD_ORGAN, /* const char *, an organ id */
	FIELD_PATH,  /* const char *, made absolute */
	FIELD_URL,   /* const char *, amqp:// or amqps://, without a password */
	FIELD_HTTP,  /* const char *, http:// or https://, without user and password */
	FIELD_VARIABLE, /* const char *, name of an environment variable */
	FIELD_INT,      /* int */
	FIELD_SIZE,     /* size_t */
	FIELD_LONG,     /* long long */
	FIELD_BOOL,     /* bool */
	FIELD_WORD,     /* an enum */
	FIELD_DAY,      /* day_t */
	FIELD_HOURS,    /* int[8] as policy.working_minutes */
	FIELD_TEXTS,    /* const char *const *, and size_t */
	FIELD_ORGANS,   /* the same, of organ ids */
	FIELD_DAYS,     /* day_t * and size_t; nodes stay where they are */
	FIELD_MAP,      /* a struct of its own, in place */
	FIELD_ITEMS,    /* T * and size_t: a list of maps */
	/* Read by the caller; the table is for checking keys and for the manual. */
	FIELD_OWN_MAP,
	FIELD_OWN_ITEMS,
	FIELD_OWN_YEARS,  /* a map of years, each such a table */
	FIELD_OWN_EVENTS, /* a map of names of events, each such a table */
};

struct word {
	const char *name;
	int value;
};

struct table;

struct field {
	const char *name;
	enum field_type type;
	bool required;
	size_t offset;             /* of the value in the table's struct */
	size_t count_offset;       /* of a list's length */
	long long low, high;       /* numbers: inclusive */
	const struct word *words;  /* ended by a NULL name */
	const struct table *table; /* maps and items */
};

struct table {
	const struct field *fields;
	size_t fields_n;
	size_t size;         /* of an item's struct */
	const void *initial; /* what an item starts as; NULL: zero */
};

/* For writing tables: where a value, or a list and its length `<member>_n`, goes. */
#define AT(type, member) .offset = offsetof(struct type, member)
#define LIST_AT(type, member)                                                          \
	.offset = offsetof(struct type, member),                                       \
	.count_offset = offsetof(struct type, member##_n)
#define TABLE(rows, type)                                                              \
	.fields = (rows), .fields_n = sizeof(rows) / sizeof(*(rows)),                  \
	.size = sizeof(struct type)

/* Read the map @node into @target as @table says. */
void schema_read(struct reading *r, const struct table *table, const struct node *node,
	void *target);

/* The same in steps, for a map whose keys several tables know. Are there keys at all?
 * Else complains. */
bool schema_is_map(
	struct reading *r, const struct table *table, const struct node *node);
/* Read what @table knows, and leave the rest alone. */
void schema_read_known(struct reading *r, const struct table *table,
	const struct node *node, void *target);
/* Complain of the key @at if none of @tables knows it. */
void schema_refuse_unknown(struct reading *r, const struct table *const *tables,
	size_t tables_n, const struct node *at);

/* Does @table have the key @name? */
bool schema_has(const struct table *table, const char *name);

/* True if @node is a list of maps; else complains. */
bool schema_is_list(struct reading *r, const struct node *node);

/* @path as it is, or after the reading's folder; without `.` and repeated slashes. */
const char *schema_absolute(struct arena *arena, const char *folder, const char *path);
