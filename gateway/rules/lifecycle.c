/*
 *            draft, interim, 04/05                 final answer (auto)
 *  assigned ───────────────────────▶ in_progress ─────────────────────▶ completed
 *     │  │                             │  │   ▲                            │
 *     │  └───────── final (required) ──┼──┴─▶ reported ── confirm ─────────▶│
 *     │                                │   │   │                            │
 *     │                                │   └───┴──── refuse, answer recalled┘
 *     └── recalled ──▶ cancelled ◀─────┘
 *         hand-back accepted (assigned, in_progress, reported) ──▶ handed_back
 *
 * Withdrawn (T4) is no step of a life: the task turned out never to have been one.
 */
#include "gateway/rules/lifecycle.h"

#include <stddef.h>

const char *const lifecycle_act_words[LIFECYCLE_ACTS] = {"lift", "answer_unconfirmed",
	"answer", "confirm", "refuse", "accept_hand_back", "recall", "recall_answer",
	"report_unconfirmed", "report", "extend", "accept_deadline"};

#define IN(state) (1u << (state))
#define OPEN      (IN(TASK_ASSIGNED) | IN(TASK_IN_PROGRESS))
#define SAME      (-1)

static const struct lifecycle_row {
	enum lifecycle_act act;
	unsigned from;
	int to;
} rows[] = {
	{ACT_LIFT, IN(TASK_ASSIGNED), TASK_IN_PROGRESS},
	{ACT_ANSWER_UNCONFIRMED, OPEN, TASK_REPORTED},
	{ACT_ANSWER, OPEN, TASK_COMPLETED},
	{ACT_CONFIRM, IN(TASK_REPORTED), TASK_COMPLETED},
	{ACT_REFUSE, IN(TASK_REPORTED) | IN(TASK_COMPLETED), TASK_IN_PROGRESS},
	{ACT_ACCEPT_HAND_BACK, OPEN | IN(TASK_REPORTED), TASK_HANDED_BACK},
	{ACT_RECALL, OPEN, TASK_CANCELLED},
	{ACT_RECALL_ANSWER, IN(TASK_REPORTED) | IN(TASK_COMPLETED), TASK_IN_PROGRESS},
	{ACT_REPORT_UNCONFIRMED, OPEN, TASK_REPORTED},
	{ACT_REPORT, OPEN, TASK_COMPLETED},
	{ACT_EXTEND, OPEN, SAME},
	{ACT_ACCEPT_DEADLINE, OPEN, SAME},
};

bool lifecycle_next(
	enum task_state state, enum lifecycle_act act, enum task_state *ret_state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].act != act || !(rows[i].from & IN(state)))
			continue;
		*ret_state = rows[i].to == SAME ? state : (enum task_state)rows[i].to;
		return true;
	}
	return false;
}

unsigned lifecycle_from(enum lifecycle_act act)
{
	unsigned from = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].act == act)
			from |= rows[i].from;
	return from;
}

bool lifecycle_is_open(enum task_state state)
{
	return OPEN & IN(state);
}
