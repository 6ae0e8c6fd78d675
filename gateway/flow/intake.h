/*
 * One delivery made ready for the ledger: decoded, judged for secrecy (X1), everything
 * the ledger needs owned by the item. Shared by the running gateway and `ingest`.
 *
 * X1: of a restricted document nothing is kept but who it is from, its id and its
 * class; what was read of it is overwritten before these functions return.
 */
#pragma once

#include "adapters/codec.h"
#include "gateway/base/arena.h"
#include "gateway/base/buf.h"
#include "gateway/base/day.h"
#include "gateway/base/err.h"
#include "gateway/ledger/ledger.h"
#include "gateway/rules/policy.h"

/* Where and when it arrived. Borrowed for the call, but for the two marked ones. */
struct intake_context {
	const char *adapter;         /* must outlive the item */
	const struct policy *policy; /* must outlive the item */
	msec_t at;
	const char *origin; /* NULL: none; for a file: its name without the folder */
	const char *traceparent; /* NULL: none */
	/* Where bytes of more than INTAKE_SPILL are kept until the ledger has them;
	 * NULL: in memory. */
	const char *spill_folder;
};

enum { INTAKE_SPILL = 1024 * 1024 };
#define INTAKE_SPILL_NAME ".spill-"

struct intake_item {
	struct arrival arrival; /* ready for ledger_apply; points into this item */
	struct event *event;    /* NULL: could not be read */
	struct codec_error error;
	struct arena arena; /* the copies of origin, path, raw bytes, … */
	size_t held; /* bytes of memory it costs, about; a spill file counts too */
	bool spilled;
	int spill; /* the spill file (spill.h), gone with the item */
};

/*
 * Fill @item (any contents are overwritten, nothing is freed). 0: it is ready, whatever
 * the codec made of the bytes. -1: reading failed, nothing is known and nothing is
 * held. The file stays where it is at least until the ledger has the item: raw_path
 * names it.
 */
int intake_read_bytes(struct codec *c, struct slice bytes,
	const struct intake_context *context, struct intake_item *item, struct err *e);
int intake_read_file(struct codec *c, const char *path,
	const struct intake_context *context, struct intake_item *item, struct err *e);
/* The same for a file that is open; @path is its name. */
int intake_read_fd(struct codec *c, int fd, const char *path,
	const struct intake_context *context, struct intake_item *item, struct err *e);

/*
 * A message may hold several documents: those three give the first, and this each
 * further one, as often as codec_left() says. Each has its own bytes for the
 * quarantine: the message without the others.
 */
int intake_next(struct codec *c, const struct intake_context *context,
	struct intake_item *item, struct err *e);

void intake_item_deinit(struct intake_item *item); /* a zeroed one is fine */

/* Make of @item one that could not be read, for @code: the last way out for an event
 * that makes the ledger fault (INV-6). Its bytes are kept for the quarantine. */
void intake_item_condemn(
	struct intake_item *item, const char *code, const char *message);

/* What a crash of an earlier version, whose spill files had names, left in @folder. For
 * the one who alone spills there. */
void intake_clear_spills(const char *folder);
