#include "adapters/spool_names.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"
#include "gateway/base/text.h"

enum { FIRST_BUCKETS = 256 };

void spool_names_deinit(struct spool_names *names)
{
	struct spool_entry *next;

	for (size_t i = 0; i < names->buckets_n; i++)
		for (struct spool_entry *entry = names->buckets[i]; entry;
			entry = next) {
			next = entry->next;
			free(entry->name);
			free(entry);
		}
	free(names->buckets);
	*names = (struct spool_names){0};
}

static struct spool_entry **bucket_of(const struct spool_names *names, const char *name)
{
	uint64_t hash = text_hash(TEXT_HASH_SEED, name, strlen(name));

	return &names->buckets[hash % names->buckets_n];
}

static void grow(struct spool_names *names)
{
	struct spool_names more = {.n = names->n};
	struct spool_entry *next;

	more.buckets_n = names->buckets_n ? names->buckets_n * 2 : FIRST_BUCKETS;
	more.buckets = mem_alloc(more.buckets_n * sizeof(struct spool_entry *));
	for (size_t i = 0; i < names->buckets_n; i++)
		for (struct spool_entry *entry = names->buckets[i]; entry;
			entry = next) {
			struct spool_entry **bucket = bucket_of(&more, entry->name);

			next = entry->next;
			entry->next = *bucket;
			*bucket = entry;
		}
	free(names->buckets);
	*names = more;
}

struct spool_entry *spool_names_find(const struct spool_names *names, const char *name)
{
	if (!names->n)
		return NULL;
	struct spool_entry *entry = *bucket_of(names, name);

	while (entry && strcmp(entry->name, name) != 0)
		entry = entry->next;
	return entry;
}

struct spool_entry *spool_names_add(struct spool_names *names, const char *name)
{
	if (names->n == names->buckets_n)
		grow(names);
	struct spool_entry *entry = mem_alloc(sizeof(*entry));
	struct spool_entry **bucket = bucket_of(names, name);

	entry->name = mem_dup(name);
	entry->next = *bucket;
	*bucket = entry;
	names->n++;
	return entry;
}

void spool_names_remove(struct spool_names *names, struct spool_entry *entry)
{
	struct spool_entry **at = bucket_of(names, entry->name);

	while (*at != entry)
		at = &(*at)->next;
	*at = entry->next;
	names->n--;
	free(entry->name);
	free(entry);
}

struct spool_print spool_print_of(const struct stat *st)
{
	return (struct spool_print){
		.device = st->st_dev,
		.inode = st->st_ino,
		.size = st->st_size,
		.changed = st->st_mtim,
	};
}

bool spool_print_same(const struct spool_print *a, const struct spool_print *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       a->changed.tv_sec == b->changed.tv_sec &&
	       a->changed.tv_nsec == b->changed.tv_nsec;
}
