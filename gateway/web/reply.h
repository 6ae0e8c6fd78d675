/*
 * What a request is answered with. Every refusal is a problem (RFC 9457,
 * application/problem+json) whose type says what is wrong; docs/http.md lists them.
 */
#pragma once

#include <stdbool.h>

#include "gateway/base/buf.h"
#include "gateway/base/json.h"

struct reply {
	unsigned status; /* 0: not answered yet */
	const char *content_type;
	struct buf body;
	const char *allow;     /* 405: the methods there are */
	const char *challenge; /* 401: WWW-Authenticate */
	int retry_after;       /* seconds; 0: not said */
	bool close;            /* the connection is of no use after it */
};

enum problem {
	PROBLEM_BAD_REQUEST,
	PROBLEM_UNAUTHORIZED,
	PROBLEM_FORBIDDEN,
	PROBLEM_NOT_FOUND,
	PROBLEM_METHOD,
	PROBLEM_CONFLICT,
	PROBLEM_UNKNOWN_TAG,
	PROBLEM_NO_LENGTH,
	PROBLEM_TOO_LARGE,
	PROBLEM_MEDIA_TYPE,
	PROBLEM_UNREADABLE,
	PROBLEM_BUSY,
	PROBLEM_USE_BROKER,
	PROBLEM_LEDGER,
	PROBLEM_NOT_READY,
	PROBLEM_QUEUE,
	PROBLEM_STOPPING,
	PROBLEM_TIMEOUT,
};

void reply_deinit(struct reply *r);

/* Answer with the problem @which; @detail is for people, without contents or secrets.
 */
void reply_problem(struct reply *r, enum problem which, const char *detail, ...)
	__attribute__((format(printf, 3, 4)));

/* The same, left open for further members: close it with json_close(j, '}'). */
void reply_problem_open(
	struct reply *r, enum problem which, struct json *j, const char *detail);

/* Answer @status with JSON: write one object or list through @j. */
void reply_json(struct reply *r, unsigned status, struct json *j);
