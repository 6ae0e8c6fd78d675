#include "gateway/web/answer.h"

#include <stdio.h>
#include <string.h>

static void put_id(struct json *j, const char *name, int64_t id)
{
	json_key(j, name);
	if (id)
		json_int(j, id);
	else
		json_absent(j);
}

static void put_error(struct json *j, const struct settled *at)
{
	json_key(j, "error");
	if (!at->error_code) {
		json_absent(j);
		return;
	}
	json_open(j, '{');
	json_put_text(j, "code", at->error_code);
	put_id(j, "line", at->error_line);
	put_id(j, "column", at->error_column);
	json_put_text(j, "message", at->error_message);
	json_close(j, '}');
}

static void put_members(struct json *j, const struct settled *at)
{
	char id[32];

	json_put_text(j, "outcome", at->outcome);
	put_id(j, "document", at->document);
	json_key(j, "tasks");
	json_open(j, '[');
	for (size_t i = 0; i < at->tasks_n; i++) {
		snprintf(id, sizeof(id), "NV-%lld", (long long)at->tasks[i]);
		json_text(j, id);
	}
	json_close(j, ']');
	put_id(j, "quarantine", at->quarantine);
	put_error(j, at);
	json_close(j, '}');
}

/* A fault of ours is no refusal: the document is kept, and taken in once we are mended.
 */
static bool is_refused(const struct settled *at)
{
	return at->error_code && strcmp(at->error_code, "internal.fault") != 0;
}

void answer_settled(struct reply *r, const struct settled *at)
{
	struct json j;

	if (!is_refused(at)) {
		reply_json(r, 202, &j);
		json_open(&j, '{');
	} else if (!strcmp(at->error_code, "event.conflict")) {
		reply_problem_open(r, PROBLEM_CONFLICT, &j,
			"set aside; the first one stands. Do not send it again");
	} else {
		reply_problem_open(r, PROBLEM_UNREADABLE, &j,
			"set aside whole, with its reason. Do not send it again as it "
			"is");
	}
	put_members(&j, at);
}
