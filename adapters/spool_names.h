/*
 * The files a spool source knows of: which wait their turn, which were given and are
 * not settled. By name, in constant time, however many there are.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

enum spool_state {
	SPOOL_WAITING,
	SPOOL_YOUNG, /* to be looked at again: it may still be growing */
	SPOOL_TAKEN
};

/* Which file, and in which version, a name stood for. */
struct spool_print {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

struct spool_entry {
	char *name;
	enum spool_state state;
	bool again;               /* while taken: something new came under this name */
	struct spool_print print; /* young: at the last look; taken: what was given */
	int64_t look_at;          /* young: ticks of the next look */
	struct spool_entry *next; /* of its bucket */
};

struct spool_names {
	struct spool_entry **buckets;
	size_t buckets_n, n;
};

void spool_names_deinit(struct spool_names *names);

/* The entry of @name, NULL if it is not known. */
struct spool_entry *spool_names_find(const struct spool_names *names, const char *name);

/* A new waiting entry; @name must not be known. */
struct spool_entry *spool_names_add(struct spool_names *names, const char *name);

void spool_names_remove(struct spool_names *names, struct spool_entry *entry);

struct spool_print spool_print_of(const struct stat *st);
bool spool_print_same(const struct spool_print *a, const struct spool_print *b);
