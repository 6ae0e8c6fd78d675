/* What a reply is to each task it names: an answer, or something short of it (M4, M7).
 */
#include "gateway/rules/link_judge.h"
#include "gateway/rules/reply_kind.h"

/* M4: does the assignment itself ask for a progress report? */
static bool asks_progress(
	struct judge *j, const struct link_candidate *c, const struct link_task *t)
{
	if (!t->content && !t->subject)
		return reply_kind_asks_progress(j->arena, c->subject);
	return reply_kind_asks_progress(j->arena, t->content) ||
	       reply_kind_asks_progress(j->arena, t->subject);
}

/* M4: what the reply is to @t. The words it repeats of that document's subject do not
 * count; a reply never is more open to one document than by itself. */
static enum reply_kind kind_for(
	struct judge *j, const struct link_candidate *c, const struct link_task *t)
{
	const struct event *ev = j->in->event;
	enum reply_kind kind = j->said;

	if (kind != REPLY_KIND_FINAL && ev->reply_kind == REPLY_KIND_UNKNOWN)
		kind = reply_kind_to(j->arena, ev->subject, c->subject);
	if (kind == REPLY_KIND_INTERIM && asks_progress(j, c, t))
		return REPLY_KIND_FINAL;
	return kind;
}

enum link_role judge_role(
	struct judge *j, const struct link_candidate *c, const struct link_task *t)
{
	static const enum link_role roles[] = {[REPLY_KIND_UNKNOWN] = LINK_ANSWER,
		[REPLY_KIND_FINAL] = LINK_ANSWER,
		[REPLY_KIND_INTERIM] = LINK_INTERIM,
		[REPLY_KIND_EXTENSION] = LINK_EXTENSION,
		[REPLY_KIND_HAND_BACK] = LINK_HAND_BACK,
		[REPLY_KIND_GUIDANCE] = LINK_GUIDANCE};

	if (j->in->event->stage == STAGE_DRAFT && !j->in->close_on_drafted)
		return LINK_DRAFT;
	bool first = !j->said;

	if (first)
		j->said = j->v->kind;
	enum reply_kind kind = kind_for(j, c, t);

	/* Told of the reply as a whole: final only where it is that to all. */
	if (j->in->event->reply_kind == REPLY_KIND_UNKNOWN)
		j->v->kind = first || kind > j->v->kind ? kind : j->v->kind;
	return roles[kind];
}
