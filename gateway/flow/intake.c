#include "gateway/flow/intake.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/flow/spill.h"
#include "gateway/rules/secrecy.h"

/* What a spilled item weighs: disk is not free either. */
enum { SPILL_WEIGHT = 256 * 1024 };

/* What a restricted document leaves behind: who, which, and how secret. */
static struct event *event_stub(const struct event *ev, enum event_secrecy secrecy)
{
	struct event *remnant = event_new();

	remnant->kind = ev->kind;
	remnant->business = ev->business;
	remnant->source = arena_dup(&remnant->arena, ev->source);
	remnant->document_id = arena_dup(&remnant->arena, ev->document_id);
	remnant->from.organ_id = arena_dup(&remnant->arena, ev->from.organ_id);
	remnant->secrecy = secrecy;
	return remnant;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void item_start(struct intake_item *item, const struct intake_context *context)
{
	*item = (struct intake_item){0};
	item->arrival = (struct arrival){
		.adapter = context->adapter,
		.at = context->at,
		.policy = context->policy,
		.origin = arena_dup(&item->arena, context->origin),
		.traceparent = arena_dup(&item->arena, context->traceparent),
	};
}

static void set_error(struct intake_item *item)
{
	item->arrival.error_code = item->error.code;
	/* The item may move. */
	item->arrival.error_message = arena_dup(&item->arena, item->error.message);
	item->arrival.error_line = item->error.line;
	item->arrival.error_column = item->error.column;
}

/* X1 first: a mark read before a syntax error counts, so it is judged whatever the
 * codec answered. */
static void item_judge(struct intake_item *item, struct codec *c,
	enum codec_result result, struct event *ev)
{
	enum event_secrecy secrecy = ev ? secrecy_of(ev) : SECRECY_NONE;

	if (secrecy != SECRECY_NONE) {
		item->event = event_stub(ev, secrecy);
		item->arrival.restricted = true;
		explicit_bzero(&item->error, sizeof(item->error));
		event_wipe(ev);
		codec_forget(c);
	} else if (result == CODEC_OK) {
		item->event = ev;
	} else {
		event_free(ev);
		set_error(item);
	}
	item->arrival.event = item->event;
}

static void item_weigh(struct intake_item *item)
{
	item->held = sizeof(*item) + item->arena.used +
		     (item->event ? item->event->arena.used : 0) +
		     (item->spilled ? SPILL_WEIGHT : 0);
}

static int item_fault(struct intake_item *item, struct event *ev)
{
	if (ev)
		event_wipe(ev);
	arena_deinit(&item->arena);
	*item = (struct intake_item){0};
	return -1;
}

static void item_own_spill(struct intake_item *item, int fd)
{
	char path[SPILL_PATH];

	item->spilled = true;
	item->spill = fd;
	item->arrival.raw_path = arena_dup(&item->arena, spill_path(fd, path));
}

/* Large bytes wait for the ledger on disk. False when there is no room for it; memory
 * must do then. */
static bool item_spill(struct intake_item *item, struct slice bytes, const char *folder)
{
	int fd = spill_open(folder);

	if (fd < 0)
		return false;
	if (!spill_write(fd, bytes.at, bytes.n)) {
		close(fd);
		return false;
	}
	item_own_spill(item, fd);
	return true;
}

static void item_keep(
	struct intake_item *item, struct slice bytes, const char *spill_folder)
{
	if (bytes.n > INTAKE_SPILL && spill_folder &&
		item_spill(item, bytes, spill_folder))
		return;
	item->arrival.raw =
		(struct slice){arena_dup_n(&item->arena, bytes.at, bytes.n), bytes.n};
}

/* Where the bytes are that are set aside if they must be: a file, else memory. */
struct whole {
	const char *path;
	struct slice bytes;
	bool unnamed; /* @path leads to @fd only while that is open (spill.h) */
	int fd;
};

/* One of several documents has bytes of its own, and a number behind its origin. */
static void item_keep_own(struct intake_item *item, const struct codec *c,
	const struct intake_context *context)
{
	const char *origin = item->arrival.origin;

	if (origin)
		item->arrival.origin =
			arena_printf(&item->arena, "%s#%zu", origin, codec_number(c));
	/* The codec's bytes live no longer than the call; a restricted document's must
	 * not live even so long. */
	if (!item->arrival.restricted)
		item_keep(item, codec_bytes(c), context->spill_folder);
}

static void item_keep_whole(struct intake_item *item, const struct whole *whole,
	const struct intake_context *context)
{
	bool unreadable =
		item->error.code && !strcmp(item->error.code, "file.unreadable");

	/* The ledger copies the file into its quarantine: not one that cannot be read.
	 */
	if (item->arrival.restricted || unreadable)
		return;
	/* The number of a descriptor may soon be another file's: the item has its own.
	 */
	int own = whole->unnamed ? fcntl(whole->fd, F_DUPFD_CLOEXEC, 0) : -1;

	if (own >= 0)
		item_own_spill(item, own);
	else if (whole->path)
		item->arrival.raw_path = arena_dup(&item->arena, whole->path);
	else
		item_keep(item, whole->bytes, context->spill_folder);
}

static int item_finish(struct intake_item *item, struct codec *c,
	enum codec_result result, struct event *ev, const struct whole *whole,
	const struct intake_context *context)
{
	if (result == CODEC_FAULT)
		return item_fault(item, ev);
	item_judge(item, c, result, ev);
	if (codec_number(c))
		item_keep_own(item, c, context);
	else
		item_keep_whole(item, whole, context);
	item_weigh(item);
	return 0;
}

int intake_read_bytes(struct codec *c, struct slice bytes,
	const struct intake_context *context, struct intake_item *item, struct err *e)
{
	struct whole whole = {.bytes = bytes};
	struct event *ev = NULL;

	item_start(item, context);
	enum codec_result result = codec_read_bytes(c, bytes, &ev, &item->error, e);

	return item_finish(item, c, result, ev, &whole, context);
}

int intake_read_file(struct codec *c, const char *path,
	const struct intake_context *context, struct intake_item *item, struct err *e)
{
	struct whole whole = {.path = path};
	struct event *ev = NULL;

	item_start(item, context);
	if (!context->origin)
		item->arrival.origin = arena_dup(&item->arena, base_name(path));
	enum codec_result result = codec_read_file(c, path, &ev, &item->error, e);

	return item_finish(item, c, result, ev, &whole, context);
}

int intake_read_fd(struct codec *c, int fd, const char *path,
	const struct intake_context *context, struct intake_item *item, struct err *e)
{
	struct whole whole = {.path = path, .fd = fd};
	struct event *ev = NULL;
	char unnamed[SPILL_PATH];

	if (fd < 0)
		return intake_read_file(c, path, context, item, e);
	whole.unnamed = strcmp(path, spill_path(fd, unnamed)) == 0;
	item_start(item, context);
	if (!context->origin)
		item->arrival.origin = arena_dup(&item->arena, base_name(path));
	enum codec_result result = codec_read_fd(c, fd, &ev, &item->error, e);

	return item_finish(item, c, result, ev, &whole, context);
}

int intake_next(struct codec *c, const struct intake_context *context,
	struct intake_item *item, struct err *e)
{
	struct event *ev = NULL;

	item_start(item, context);
	enum codec_result result = codec_next(c, &ev, &item->error, e);

	return item_finish(item, c, result, ev, &(struct whole){0}, context);
}

void intake_item_deinit(struct intake_item *item)
{
	event_free(item->event);
	if (item->spilled)
		close(item->spill);
	arena_deinit(&item->arena);
	*item = (struct intake_item){0};
}

void intake_item_condemn(
	struct intake_item *item, const char *code, const char *message)
{
	item->error = (struct codec_error){.code = code};
	snprintf(item->error.message, sizeof(item->error.message), "%s", message);
	item->arrival.event = NULL;
	set_error(item);
}

void intake_clear_spills(const char *folder)
{
	DIR *dir = opendir(folder);

	if (!dir)
		return;
	for (struct dirent *d; (d = readdir(dir));)
		if (!strncmp(d->d_name, INTAKE_SPILL_NAME, strlen(INTAKE_SPILL_NAME)))
			unlinkat(dirfd(dir), d->d_name, 0);
	closedir(dir);
}
