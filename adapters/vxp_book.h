/*
 * What a vxp source knows of the documents on the axis's list: which wait to be
 * fetched, which are with the gateway, which are done but still listed, and which could
 * not be had. It lives as long as the opened source; after that the ledger knows.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum vxp_stand {
	VXP_WAITS,   /* to be fetched */
	VXP_GIVEN,   /* with the gateway, not settled */
	VXP_SETTLED, /* committed; the axis is told so until it lists it no more */
	VXP_STUCK,   /* could not be had; looked for again in the next round */
	VXP_TOO_BIG  /* not looked for again */
};

struct vxp_paper {
	char *doc_id;
	enum vxp_stand stand;
	int kind;        /* which list it is on */
	uint64_t handle; /* given */
	unsigned round;  /* stuck: the round in which it was last looked for */
	int failures;    /* replies about it that nobody could read */
	bool listed;     /* in the list read last */
};

/* Zeroed it is empty. Pointers to papers hold until the next add or drop. */
struct vxp_book {
	struct vxp_paper *at;
	size_t n, cap;
	uint64_t last_handle;
};

void vxp_book_deinit(struct vxp_book *book);

struct vxp_paper *vxp_book_find(struct vxp_book *book, const char *doc_id);
struct vxp_paper *vxp_book_find_handle(struct vxp_book *book, uint64_t handle);
struct vxp_paper *vxp_book_add(struct vxp_book *book, const char *doc_id, int kind);

/* The first that stands so, NULL: none. */
struct vxp_paper *vxp_book_first(struct vxp_book *book, enum vxp_stand stand);
size_t vxp_book_count(const struct vxp_book *book, enum vxp_stand stand);

/* Before a list of @kind is read: none of it is listed. */
void vxp_book_unlist(struct vxp_book *book, int kind);
/* After the whole list of @kind was read: what was settled and is gone is forgotten. */
void vxp_book_forget(struct vxp_book *book, int kind);
