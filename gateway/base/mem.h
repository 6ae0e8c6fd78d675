/*
 * Memory that is there. A gateway that commits before it acknowledges loses nothing
 * when it is killed, so running out of memory is treated as being killed: these
 * functions never return NULL, they abort (docs/decisions/0003). What outsiders can
 * make us hold is bounded where it comes in.
 */
#pragma once

#include <stddef.h>

void *mem_alloc(size_t size);                 /* zeroed */
void *mem_resize(void *p, size_t size);       /* like realloc */
char *mem_dup(const char *text);              /* NULL gives NULL */
char *mem_dup_n(const char *bytes, size_t n); /* NUL-terminated copy */

/*
 * X1: overwrite what malloc gave, then free it; and grow it without leaving the old
 * bytes where they were. Libraries that hold a document's text are given these, too.
 */
void mem_wipe(void *p);
void mem_wipe_stack(void); /* what returned calls left below the caller's frame */
void *mem_resize_wiping(void *p, size_t size); /* NULL where realloc gives NULL */

/* `cleanup_free char *p` frees @p when it leaves its scope. */
void mem_cleanup(void *pointer_to_pointer);
#define cleanup_free __attribute__((__cleanup__(mem_cleanup)))

/* Take the pointer out of an owning local: STEAL(p) is p's value, p becomes NULL. */
#define STEAL(p)                                                                       \
	({                                                                             \
		__typeof__(p) stolen_ = (p);                                           \
		(p) = NULL;                                                            \
		stolen_;                                                               \
	})

/* Declare cleanup_NAME for a type whose destructor takes NULL. */
#define MEM_CLEANUP(name, type, destroy)                                               \
	static inline void name##_cleanup_(type **p)                                   \
	{                                                                              \
		destroy(*p);                                                           \
	}
#define cleanup(name) __attribute__((__cleanup__(name##_cleanup_)))
