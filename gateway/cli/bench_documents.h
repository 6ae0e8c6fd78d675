/*
 * The documents `bench` works with: edXML of about 5 kB from an invented province.
 * Number @i always gives the same bytes, so both sides of a comparison get the same.
 */
#pragma once

#include <stdint.h>

#include "adapters/codec.h"
#include "gateway/base/buf.h"
#include "gateway/base/err.h"
#include "gateway/cli/bench.h"
#include "gateway/flow/intake.h"
#include "gateway/ledger/ledger.h"

enum bench_kind {
	BENCH_LETTER,    /* makes no task: one event */
	BENCH_DIRECTIVE, /* three addressees, so three tasks: four events */
	BENCH_REPLY,     /* of the first addressee of directive @i: closes one task */
};

void bench_document(struct buf *out, enum bench_kind kind, int64_t i);

/* The @i-th of a stream of directives in which every fourth document is a reply to the
 * one three before it. */
void bench_stream(struct buf *out, int64_t i);

/* What stands before the number in each document's id, and is in its events. */
#define BENCH_NUMBER "H99,2025/11/20,"
enum { BENCH_FIRST = 100000 }; /* the number of document 0 */

/* An attachment of @bytes that hangs on letter @i. */
void bench_document_large(struct buf *out, int64_t i, size_t bytes);

/* Writes document @i, one of the above, to @out. */
typedef void (*bench_make)(const void *context, struct buf *out, int64_t i);

/* What @make writes from @from on, @n of them, decoded and ready for the ledger. */
struct intake_item *bench_items_of(
	bench_make make, const void *context, int64_t from, int64_t n, struct err *e);

/* The same of the stream. */
struct intake_item *bench_items(int64_t from, int64_t n, struct err *e);
void bench_items_free(struct intake_item *items, int64_t n);

/* A mapping by which bench_document's are a vendor's XML; lives in @b's arena. */
int bench_mapping(struct bench *b, const struct mapping **ret_mapping, struct err *e);

/* Take @items in, in commits of @batch; every one must be applied. */
int bench_apply(struct ledger *l, const struct intake_item *items, int64_t n,
	int64_t batch, struct err *e);
/* The first @size documents of the stream, into a new ledger. */
int bench_fill(struct ledger *l, int64_t size, struct err *e);
