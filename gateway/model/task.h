/*
 * A task as it stands (docs/cli.md), and its JSON. A value: the ledger fills it,
 * the rules compute it, nobody keeps it. Texts are borrowed from whoever filled it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gateway/base/day.h"
#include "gateway/base/json.h"
#include "gateway/model/event.h"

enum task_state {
	TASK_ASSIGNED,
	TASK_IN_PROGRESS,
	TASK_REPORTED,
	TASK_COMPLETED,
	TASK_HANDED_BACK,
	TASK_CANCELLED,
	TASK_WITHDRAWN
};
enum due_source {
	DUE_FROM_NOTHING, /* null */
	DUE_FROM_METADATA,
	DUE_FROM_ASSIGNMENT,
	DUE_FROM_TEXT,
	DUE_FROM_RULE,
	DUE_FROM_EXTENSION,
	DUE_FROM_OPERATOR
};
/* The evidence ladder (M1), strongest first; RUNG_NONE is null. */
enum rung {
	RUNG_NONE,
	RUNG_TASK_CODE,
	RUNG_THREAD,
	RUNG_DOCUMENT_ID,
	RUNG_NUMBER_DATE_ORGAN,
	RUNG_NUMBER_ORGAN,
	RUNG_CITATION,
	RUNG_MANUAL /* a person's report or acceptance */
};
enum timeliness {
	TIMELINESS_NONE,
	TIMELINESS_PENDING,
	TIMELINESS_DUE_SOON,
	TIMELINESS_OVERDUE,
	TIMELINESS_NO_DEADLINE,
	TIMELINESS_ON_TIME,
	TIMELINESS_LATE
};

/* D1: why a deadline is shown but counts as none; bits of task.due_flags. */
enum due_flag {
	DUE_BEFORE_ISSUE = 1,
	DUE_SAME_DAY = 2,
	DUE_BEFORE_2000 = 4,
	DUE_TOO_FAR = 8,
	DUE_UNREADABLE = 16,
};

/* What a person should look at; bits of task.flags. */
enum task_flag {
	TASK_FLAG_REFUSED = 1,               /* B4: the lead's status 02 */
	TASK_FLAG_CLAIMED_DONE = 2,          /* B4: status 06 */
	TASK_FLAG_REPLACED_AFTER_ANSWER = 4, /* B3 */
	TASK_FLAG_UPDATES_DISAGREE = 8,      /* B2: two updates of one day */
	TASK_FLAG_ANSWER_DATE = 16, /* S3: before the assignment or in the future */
	TASK_FLAG_EXTENSION_REQUESTED = 32, /* M4 */
	TASK_FLAG_HAND_BACK_REQUESTED = 64, /* M4 */
	TASK_FLAG_RIVAL = 128,              /* M1: number_organ is no longer unique */
	TASK_FLAG_ACT_OVERTAKEN = 256,      /* M6 */
	TASK_FLAG_GUIDANCE_REQUESTED = 512, /* M4 */
	TASK_FLAG_NO_OPINION_GIVEN = 1024,  /* T7; derived when shown, never stored */
};

extern const char *const task_state_words[7];
extern const char *const due_source_words[7];
extern const char *const rung_words[8];
extern const char *const timeliness_words[7];

struct task {
	int64_t id; /* NV-<id> */
	enum owed_kind kind;
	int64_t parent; /* 0: none */
	struct {
		int64_t id;
		const char *document_id, *code, *from, *subject;
		day_t issued_on;
		const char *json; /* all of this as JSON; NULL: yet to be written */
	} document;
	const char *lead;
	const char *coordinating; /* a JSON list, "[]" when empty */
	const char *code; /* its assignments' own codes, one a line; not printed */
	const char *content;
	const char *content_json; /* the same as JSON; NULL: yet to be written */
	day_t due_on;
	enum due_source due_source;
	unsigned due_flags;
	day_t proposed_due_on;
	enum task_state state;
	int64_t revision;
	unsigned flags;
	day_t completed_on;
	struct {
		int64_t document; /* 0: nothing closed it */
		const char *document_id, *code;
		enum rung rung;
	} closed_by;
};

/* One object, as docs/cli.md shows a task, with the given timeliness. */
void task_json_write(
	struct json *j, const struct task *task, enum timeliness timeliness);

/* Its flags in words, for people: "refused, claimed_done"; what follows from
 * @timeliness (T7) among them. Nothing is added when there are none. */
void task_flags_text(
	const struct task *task, enum timeliness timeliness, struct buf *out);

/*
 * Read back what task_json_write wrote; texts live in @arena. Members that are not
 * printed stay absent. False when @json is no such object.
 */
bool task_json_read(struct arena *arena, const char *json, struct task *ret_task);

/* `NV-<n>` for a number from 1 on; somewhere in @out. */
enum { TASK_ID_TEXT = 24 };
const char *task_id_text(int64_t id, char out[TASK_ID_TEXT]);

/* `NV-<n>` to n, 0 if @text is no such id. */
int64_t task_id_parse(const char *text);
