/*
 * A fault on its way up: what went wrong, where, and who must act. It lives on the
 * caller's stack. Functions that fail fill it and return -1; on the way up anybody may
 * add context with err_wrap, nobody interprets it; whoever stops passing it on logs it.
 */
#pragma once

enum err_code {
	ERR_NONE = 0,
	ERR_USAGE,       /* the person at the command line */
	ERR_INPUT,       /* whoever made the document */
	ERR_UNAVAILABLE, /* a peer: wait and try again */
	ERR_IO,          /* this machine's disk or descriptors: make room, then again */
	ERR_CONFIG,      /* the operator's configuration */
	ERR_BUG,         /* us */
};

struct err {
	enum err_code code;
	int system; /* errno, or 0 */
	char text[512];
};

/* Fill @e (which may be NULL) and return -1. */
int err_set(struct err *e, enum err_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same for a failed system call: code ERR_IO, errno and its words appended. */
int err_errno(struct err *e, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Put "context: " before the text of @e and return -1. */
int err_wrap(struct err *e, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The process's exit code for @code (docs/cli.md): 64, 65, 69, 70, 78. */
int err_exit_code(enum err_code code);
