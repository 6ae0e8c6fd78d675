#include "gateway/rules/link.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gateway/base/text.h"
#include "gateway/rules/link_judge.h"
#include "gateway/rules/names.h"
#include "gateway/rules/reply_kind.h"

const char *const link_role_words[13] = {"", "answer", "interim", "extension",
	"hand_back", "guidance", "draft", "mention", "status", "update", "replace",
	"recall", "rival"};

enum { DAYS_OFF = 31 };

/* How one response_for entry fits one candidate. */
struct fit {
	enum name_fit id;
	enum rung rung; /* by code: number_date_organ, number_organ or none */
	enum name_fit code;
};

day_t link_sent_on(day_t sent_on, day_t arrived_on, day_t assigned_on)
{
	return sent_on < assigned_on ? arrived_on : sent_on;
}

int64_t link_task_number(const char *code, const char *site, const char *source)
{
	const char *slash = strrchr(code, '/');

	if (slash) {
		size_t n = (size_t)(slash - code);

		return strlen(site) == n && strncasecmp(code, site, n) == 0
			       ? task_id_parse(slash + 1)
			       : 0;
	}
	if (source && !text_same_id(source, site))
		return 0;
	return task_id_parse(code);
}

void judge_trace(struct judge *j, const struct link_candidate *c, enum rung rung,
	bool fits, const char *finding)
{
	*LIST_ADD(j->arena, &j->v->trace) =
		(struct link_trace){c ? c->known.id : 0, rung, fits, finding};
}

/* S3: a reply dated before the assignment counts on the day it came. */
static day_t day_for(const struct link_input *in, const struct link_task *t)
{
	return link_sent_on(in->sent_on, in->arrived_on, t->assigned_on);
}

/* Its own task, or one it took over with a dissolved organ (M3). */
static bool is_own(const struct judge *j, const struct link_task *t)
{
	const struct link_input *in = j->in;

	return text_same_id(organ_successor(in->organs, t->lead, day_for(in, t)),
		organ_successor(in->organs, in->event->from.organ_id, day_for(in, t)));
}

/* M3: the tasks of @c its sender may answer; its own ones before those of others. */
static void find_mine(struct judge *j, struct link_candidate *c)
{
	const struct link_input *in = j->in;
	const char *sender = in->event->from.organ_id;
	bool own = false;

	c->mine = arena_alloc(j->arena, (c->tasks_n + 1) * sizeof(*c->mine));
	c->mine_n = 0;
	for (size_t i = 0; i < c->tasks_n && sender; i++)
		own |= is_own(j, &c->tasks[i]);
	for (size_t i = 0; i < c->tasks_n && sender; i++) {
		const struct link_task *t = &c->tasks[i];

		if (in->sent_on < t->given_on)
			continue;
		if (own ? is_own(j, t)
			: organ_may_answer(in->organs, sender, day_for(in, t), t->lead,
				  t->assigned_on))
			c->mine[c->mine_n++] = t;
	}
}

bool judge_is_sender(struct judge *j, const char *organ_id, day_t day)
{
	const struct link_input *in = j->in;

	return organ_id && in->event->from.organ_id &&
	       organ_same(in->organs, in->event->from.organ_id, in->sent_on, organ_id,
		       day);
}

/* M3: does it also go to the assigner, or to nobody at all? */
bool judge_is_addressed(struct judge *j, const struct link_task *t)
{
	const struct link_input *in = j->in;

	for (size_t i = 0; i < in->event->to.n; i++)
		if (in->event->to.at[i].organ_id &&
			organ_receives(in->organs, in->event->to.at[i].organ_id,
				in->sent_on, t->assigner, t->assigned_on))
			return true;
	return in->event->to.n == 0;
}

static enum link_role role_for(struct judge *j, const struct link_candidate *c)
{
	static const enum link_role roles[] = {[REPLY_KIND_UNKNOWN] = LINK_ANSWER,
		[REPLY_KIND_FINAL] = LINK_ANSWER,
		[REPLY_KIND_INTERIM] = LINK_INTERIM,
		[REPLY_KIND_EXTENSION] = LINK_EXTENSION,
		[REPLY_KIND_HAND_BACK] = LINK_HAND_BACK,
		[REPLY_KIND_GUIDANCE] = LINK_GUIDANCE};
	enum reply_kind kind = j->v->kind;

	if (j->in->event->stage == STAGE_DRAFT && !j->in->close_on_drafted)
		return LINK_DRAFT;
	if (kind == REPLY_KIND_INTERIM &&
		reply_kind_asks_progress(j->arena, c->subject))
		return LINK_ANSWER;
	return roles[kind];
}

static void add_link(struct judge *j, int64_t document, int64_t task,
	enum link_role role, enum rung rung, const char *why)
{
	for (size_t i = 0; i < j->v->links.n; i++) {
		struct link *l = &j->v->links.at[i];

		if (l->task != task || (!task && l->document != document))
			continue;
		if (rung < l->rung) {
			l->rung = rung;
			l->document = document;
		}
		return;
	}
	*LIST_ADD(j->arena, &j->v->links) =
		(struct link){document, task, role, rung, why};
}

static int64_t document_of(const struct link_candidate *c, const struct link_task *t)
{
	return t->document ? t->document : c->known.id;
}

/* @c is answered on @rung: every task of the sender there, or a mention. */
void judge_answer(struct judge *j, const struct link_candidate *c, enum rung rung,
	const struct link_task *only)
{
	size_t linked = 0;
	const char *why = "the sender leads none of its tasks";

	for (size_t i = 0; i < c->mine_n; i++) {
		const struct link_task *t = c->mine[i];

		if (only && t != only)
			continue;
		if (judge_is_sender(j, t->assigner, t->assigned_on)) {
			why = "the assigner's own document";
			continue;
		}
		if (!judge_is_addressed(j, t)) {
			why = "not sent to the assigner";
			continue;
		}
		add_link(j, document_of(c, t), t->id, role_for(j, c), rung, NULL);
		linked++;
	}
	if (!linked)
		add_link(j, c->known.id, 0, LINK_MENTION, rung, why);
}

void judge_suggest(struct judge *j, const struct link_candidate *c, enum rung rung,
	const char *reason)
{
	for (size_t i = 0; i < c->mine_n; i++) {
		struct link_suggestion *s = NULL;

		for (size_t k = 0; k < j->v->suggestions.n; k++)
			if (j->v->suggestions.at[k].task == c->mine[i]->id)
				s = &j->v->suggestions.at[k];
		if (!s) {
			s = LIST_ADD(j->arena, &j->v->suggestions);
			s->document = document_of(c, c->mine[i]);
			s->task = c->mine[i]->id;
			s->role = role_for(j, c);
		}
		s->rungs |= 1u << rung;
		if (!j->v->suggestion_reason)
			j->v->suggestion_reason = reason;
	}
}

static bool same_organ_ever(struct judge *j, const char *a, const char *b, day_t day)
{
	return a && b &&
	       (organ_same(j->in->organs, a, day, b, day) ||
		       organ_same(j->in->organs, a, DAY_NONE, b, DAY_NONE));
}

static enum name_fit fit_id(struct judge *j, const struct event_reference *r,
	const struct link_candidate *c)
{
	if (!r->document_id)
		return NAME_DIFFERENT;
	enum name_fit fit =
		target_id_names(j->arena, j->in->organs, r->document_id, &c->known);

	if (fit == NAME_DIFFERENT) {
		return fit;
	}
	if (!name_read_id(j->arena, r->document_id).conventional && r->organ_id &&
		!same_organ_ever(j, r->organ_id, c->known.issuer, c->known.issued_on)) {
		judge_trace(j, c, RUNG_DOCUMENT_ID, false,
			"near miss: the same opaque id, another issuer");
		return NAME_DIFFERENT;
	}
	return fit;
}

/*
 * What an entry says beside its code. A conventional id that bears the same code, of a
 * document we do not have, still says when and by whom that one was issued.
 */
static struct event_reference complete(struct judge *j, const struct event_reference *r)
{
	struct event_reference whole = *r;
	struct name_id id = name_read_id(j->arena, r->document_id);

	if (!id.conventional ||
		name_fit_codes(id.code, name_fold_code(j->arena, r->code)) ==
			NAME_DIFFERENT)
		return whole;
	if (whole.issued_on == DAY_NONE)
		whole.issued_on = id.day;
	if (!whole.organ_id)
		whole.organ_id = id.organ;
	return whole;
}

/* The two number rungs; a code that fits without enough beside it is a near miss. */
static enum rung fit_code(struct judge *j, const struct event_reference *entry,
	const struct link_candidate *c, enum name_fit *ret_code)
{
	struct event_reference r = complete(j, entry);

	*ret_code = name_fit_codes(name_fold_code(j->arena, r.code), c->code);
	if (*ret_code == NAME_DIFFERENT)
		return RUNG_NONE;
	bool organ =
		same_organ_ever(j, r.organ_id, c->known.issuer, c->known.issued_on);
	bool dated = r.issued_on != DAY_NONE && c->known.issued_on != DAY_NONE;
	day_t off = dated ? abs(r.issued_on - c->known.issued_on) : 0;

	if (organ && dated && off == 0)
		return RUNG_NUMBER_DATE_ORGAN;
	if (organ && off <= DAYS_OFF)
		return RUNG_NUMBER_ORGAN;
	if (!r.organ_id && dated && off == 0)
		return RUNG_NUMBER_ORGAN;
	judge_trace(j, c, RUNG_NUMBER_ORGAN, false,
		organ ? "near miss: code and organ fit, the date is over 31 days off"
		: r.organ_id ? "near miss: the code fits, the organ differs"
		: dated ? "near miss: the code fits, the date differs and no organ is "
			  "named"
			: "near miss: the bare code fits");
	*ret_code = NAME_DIFFERENT;
	return RUNG_NONE;
}

bool judge_same_tasks(const struct link_candidate *a, const struct link_candidate *b)
{
	if (a->mine_n != b->mine_n || !a->mine_n)
		return false;
	for (size_t i = 0; i < a->mine_n; i++)
		if (a->mine[i]->id != b->mine[i]->id)
			return false;
	return true;
}

/* M8: loose fits count only where nothing fits exactly and one document fits loosely.
 */
static void drop_loose(struct judge *j, struct fit *fits)
{
	size_t n = j->in->candidates_n, exact_ids = 0, exact_codes = 0;
	size_t loose_ids = 0, loose_codes = 0;

	for (size_t i = 0; i < n; i++) {
		exact_ids += fits[i].id == NAME_EXACT;
		loose_ids += fits[i].id == NAME_LOOSE;
		exact_codes += fits[i].rung && fits[i].code == NAME_EXACT;
		loose_codes += fits[i].rung && fits[i].code == NAME_LOOSE;
	}
	for (size_t i = 0; i < n; i++) {
		if (fits[i].id == NAME_LOOSE && (exact_ids || loose_ids > 1))
			fits[i].id = NAME_DIFFERENT;
		if (fits[i].code == NAME_LOOSE && (exact_codes || loose_codes > 1))
			fits[i].rung = RUNG_NONE;
	}
}

/* M1: number_organ closes when exactly one document fits among those the sender leads a
 * task of, issued within the 12 months before the reply. */
static void answer_by_number_organ(struct judge *j, const struct fit *fits)
{
	const struct link_input *in = j->in;
	struct link_candidate *only = NULL, *mentioned = NULL;
	size_t fitting = 0, owed = 0;
	day_t from = day_add_months(in->sent_on, -LINK_MONTHS_BACK);

	for (size_t i = 0; i < in->candidates_n; i++) {
		struct link_candidate *c = &in->candidates[i];

		if (fits[i].rung != RUNG_NUMBER_ORGAN)
			continue;
		mentioned = c;
		owed += c->mine_n > 0;
		if (c->mine_n && c->known.issued_on >= from &&
			c->known.issued_on <= in->sent_on) {
			fitting += !only || !judge_same_tasks(only, c);
			only = c;
		}
	}
	if (fitting == 1) {
		judge_answer(j, only, RUNG_NUMBER_ORGAN, NULL);
		return;
	}
	for (size_t i = 0; i < in->candidates_n; i++)
		if (fits[i].rung == RUNG_NUMBER_ORGAN && in->candidates[i].mine_n) {
			judge_trace(j, &in->candidates[i], RUNG_NUMBER_ORGAN, true,
				"not the only one that fits");
			judge_suggest(j, &in->candidates[i], RUNG_NUMBER_ORGAN,
				"number_organ");
		}
	if (!owed && mentioned)
		judge_answer(j, mentioned, RUNG_NUMBER_ORGAN, NULL);
}

/* M2 inside one entry: the id names A and the code names B. */
static bool entry_contradicts(struct judge *j, const struct fit *fits)
{
	bool by_id = false, by_code = false, by_both = false;

	for (size_t i = 0; i < j->in->candidates_n; i++) {
		by_id |= fits[i].id != NAME_DIFFERENT;
		by_code |= fits[i].rung != RUNG_NONE;
		by_both |= fits[i].id != NAME_DIFFERENT && fits[i].rung != RUNG_NONE;
	}
	return by_id && by_code && !by_both;
}

static void answer_by_id(struct judge *j, const struct fit *fits)
{
	const struct link_input *in = j->in;
	struct link_candidate *first = NULL;
	bool several = false;

	for (size_t i = 0; i < in->candidates_n; i++) {
		if (fits[i].id == NAME_DIFFERENT)
			continue;
		several |= first && !judge_same_tasks(first, &in->candidates[i]);
		first = first ? first : &in->candidates[i];
	}
	for (size_t i = 0; i < in->candidates_n; i++) {
		struct link_candidate *c = &in->candidates[i];

		if (fits[i].id == NAME_DIFFERENT)
			continue;
		judge_trace(j, c, RUNG_DOCUMENT_ID, true,
			several                    ? "several documents bear this id"
			: fits[i].id == NAME_LOOSE ? "the id fits with a lost Đ"
						   : "the id names it");
		if (several && c->mine_n)
			judge_suggest(j, c, RUNG_DOCUMENT_ID, "several_documents");
		else
			judge_answer(j, c, RUNG_DOCUMENT_ID, NULL);
	}
}

static void suggest_both_sides(struct judge *j, const struct fit *fits)
{
	for (size_t i = 0; i < j->in->candidates_n; i++) {
		struct link_candidate *c = &j->in->candidates[i];

		if (fits[i].id != NAME_DIFFERENT) {
			judge_trace(j, c, RUNG_DOCUMENT_ID, true, "the id names it");
			judge_suggest(j, c, RUNG_DOCUMENT_ID, "different_documents");
		} else if (fits[i].rung) {
			judge_trace(j, c, fits[i].rung, true,
				"the code beside the id names it instead");
			judge_suggest(j, c, fits[i].rung, "different_documents");
		}
		if ((fits[i].id != NAME_DIFFERENT || fits[i].rung) && !c->mine_n)
			add_link(j, c->known.id, 0, LINK_MENTION, RUNG_DOCUMENT_ID,
				"its id and its code name different documents");
	}
}

/* A document is none of its own candidates. */
static bool names_itself(struct judge *j, const struct event_reference *r)
{
	const struct event *ev = j->in->event;
	struct known_document self = {.issuer = ev->from.organ_id,
		.document_id = ev->document_id,
		.issued_on = ev->issued_on,
		.arrived_on = j->in->arrived_on};

	return r->document_id && target_id_names(j->arena, j->in->organs,
					 r->document_id, &self) == NAME_EXACT;
}

/* ---- What a name is found by: two that fit, also loosely, have one calling in common.
 * Of many entries, each looks closely only at the candidates it may name. */

static uint64_t calling_of(struct arena *arena, const char *folded)
{
	const char *loose = name_loose_code(arena, folded);

	return text_hash(TEXT_HASH_SEED, loose, strlen(loose));
}

static void add_callings(
	struct judge *j, const char *document_id, const char *code, uint64_t ret_two[2])
{
	struct name_id id = name_read_id(j->arena, document_id);
	const char *named = id.conventional ? id.code : id.folded;

	ret_two[0] = named ? calling_of(j->arena, named) : 0;
	ret_two[1] = code ? calling_of(j->arena, code) : 0;
}

static void find_callings(struct judge *j, struct link_candidate *c)
{
	const struct known_document *known = &c->known;

	for (size_t i = 0; i <= known->also_n; i++) {
		uint64_t two[2];

		add_callings(j, i ? known->also[i - 1] : known->document_id,
			i ? NULL : c->code, two);
		for (size_t k = 0; k < 2; k++)
			if (two[k])
				*LIST_ADD(j->arena, &c->callings) = two[k];
	}
}

static bool may_name(const uint64_t two[2], const struct link_candidate *c)
{
	if (!c->callings.n)
		return true;
	for (size_t i = 0; i < c->callings.n; i++)
		if (c->callings.at[i] == two[0] || c->callings.at[i] == two[1])
			return true;
	return false;
}

static void fit_all(struct judge *j, const struct event_reference *r, struct fit *fits)
{
	uint64_t two[2];

	add_callings(j, r->document_id, name_fold_code(j->arena, r->code), two);
	for (size_t i = 0; i < j->in->candidates_n; i++) {
		struct link_candidate *c = &j->in->candidates[i];

		fits[i] = (struct fit){.id = NAME_DIFFERENT};
		if (!may_name(two, c))
			continue;
		fits[i].id = fit_id(j, r, c);
		fits[i].rung = fit_code(j, r, c, &fits[i].code);
	}
}

/* @answers: false only gathers which documents are named, for task codes (M5). */
static void judge_entry(struct judge *j, const struct event_reference *r, bool answers)
{
	const struct link_input *in = j->in;
	struct fit *fits = j->fits;
	bool by_id = false, by_date = false, by_organ = false;

	fit_all(j, r, fits);
	drop_loose(j, fits);
	for (size_t i = 0; i < in->candidates_n; i++) {
		by_id |= fits[i].id != NAME_DIFFERENT;
		by_date |= fits[i].rung == RUNG_NUMBER_DATE_ORGAN;
		by_organ |= fits[i].rung == RUNG_NUMBER_ORGAN;
		j->in->candidates[i].referred |=
			fits[i].id != NAME_DIFFERENT || fits[i].rung;
	}
	j->references_known |= by_id || by_date || by_organ;
	if (!answers)
		return;
	if (entry_contradicts(j, fits)) {
		suggest_both_sides(j, fits);
	} else if (by_id) {
		answer_by_id(j, fits);
	} else if (by_date) {
		for (size_t i = 0; i < in->candidates_n; i++)
			if (fits[i].rung == RUNG_NUMBER_DATE_ORGAN) {
				judge_trace(j, &in->candidates[i],
					RUNG_NUMBER_DATE_ORGAN, true,
					fits[i].code == NAME_LOOSE
						? "number (with a lost Đ), date and "
						  "organ fit"
						: "number, date and organ fit");
				judge_answer(j, &in->candidates[i],
					RUNG_NUMBER_DATE_ORGAN, NULL);
			}
	} else if (by_organ) {
		answer_by_number_organ(j, fits);
	} else {
		judge_trace(j, NULL, RUNG_NONE, false,
			names_itself(j, r)
				? "it names itself; no document answers itself"
				: "nothing known under this reference");
	}
}

static bool task_is_named(struct judge *j, const struct link_task *t)
{
	const struct event *ev = j->in->event;

	for (size_t i = 0; i < ev->response_for_tasks.n; i++) {
		const char *code = ev->response_for_tasks.at[i];

		if (link_task_number(code, j->in->site, ev->source) == t->id)
			return true;
		if (name_has_task_code(j->arena, t->code, code))
			return true;
	}
	return false;
}

/* M2: a task code of A beside a response_for of B alone. Otherwise M5: only the named.
 */
static bool answer_by_task_code(struct judge *j)
{
	const struct link_input *in = j->in;
	bool any = false, agrees = !j->references_known;

	for (size_t i = 0; i < in->candidates_n; i++)
		for (size_t k = 0; k < in->candidates[i].tasks_n; k++)
			if (task_is_named(j, &in->candidates[i].tasks[k])) {
				any = true;
				agrees |= j->in->candidates[i].referred;
			}
	for (size_t i = 0; any && i < in->candidates_n; i++) {
		struct link_candidate *c = &in->candidates[i];
		bool named = false;

		for (size_t k = 0; k < c->tasks_n; k++) {
			if (!task_is_named(j, &c->tasks[k]))
				continue;
			named = true;
			judge_trace(j, c, RUNG_TASK_CODE, true,
				"a task code names its task");
			if (agrees)
				judge_answer(j, c, RUNG_TASK_CODE, &c->tasks[k]);
		}
		if (!agrees && named)
			judge_suggest(j, c, RUNG_TASK_CODE, "different_documents");
		else if (!agrees && j->in->candidates[i].referred)
			judge_suggest(j, c, RUNG_DOCUMENT_ID, "different_documents");
	}
	j->v->known |= any;
	return any;
}

/*
 * The thread: its tasks the sender leads. References decide when they name something
 * the sender owes; a thread that then says otherwise is M2's case.
 */
static void judge_thread(struct judge *j)
{
	const struct link_input *in = j->in;
	bool referred_owed = false, both = false, thread_owed = false;

	for (size_t i = 0; i < in->candidates_n; i++) {
		const struct link_candidate *c = &in->candidates[i];

		referred_owed |= j->in->candidates[i].referred && c->mine_n;
		thread_owed |= c->on_thread && c->mine_n;
		both |= j->in->candidates[i].referred && c->on_thread && c->mine_n;
	}
	bool differ = referred_owed && thread_owed && !both;

	if (differ) {
		j->v->links.n = 0;
		for (size_t i = 0; i < in->candidates_n; i++)
			if (j->in->candidates[i].referred)
				judge_suggest(j, &in->candidates[i], RUNG_DOCUMENT_ID,
					"different_documents");
	}
	for (size_t i = 0; i < in->candidates_n; i++) {
		struct link_candidate *c = &in->candidates[i];

		if (!c->on_thread ||
			(referred_owed && !differ && !j->in->candidates[i].referred))
			continue;
		judge_trace(j, c, RUNG_THREAD, true, "on the same thread");
		if (differ)
			judge_suggest(j, c, RUNG_THREAD, "different_documents");
		else if (c->mine_n || !j->v->links.n)
			judge_answer(j, c, RUNG_THREAD, NULL);
		j->v->known = true;
	}
}

/* A mention says that nothing was answered; beside an answer of that document it is
 * noise. */
static void drop_void_mentions(struct link_verdict *v)
{
	size_t kept = 0;

	for (size_t i = 0; i < v->links.n; i++) {
		bool answered = false;

		for (size_t k = 0; k < v->links.n; k++)
			answered |= v->links.at[k].task &&
				    v->links.at[k].document == v->links.at[i].document;
		if (v->links.at[i].task || !answered)
			v->links.at[kept++] = v->links.at[i];
	}
	v->links.n = kept;
}

struct link link_accepted(const struct link_suggestion *suggestion)
{
	enum rung rung = RUNG_TASK_CODE;

	while (rung < RUNG_MANUAL && !(suggestion->rungs & 1u << rung))
		rung++;
	return (struct link){
		suggestion->document, suggestion->task, suggestion->role, rung, NULL};
}

void link_judge(struct arena *arena, const struct link_input *in,
	struct link_verdict *ret_verdict)
{
	struct judge j = {.arena = arena, .in = in, .v = ret_verdict};
	const struct event *ev = in->event;

	*ret_verdict = (struct link_verdict){
		.kind = reply_kind_of(arena, ev->reply_kind, ev->subject),
		.refers = ev->response_for.n || ev->response_for_tasks.n,
	};
	for (size_t i = 0; i < in->candidates_n; i++) {
		struct link_candidate *c = &in->candidates[i];

		find_mine(&j, c);
		c->code = name_fold_code(arena, c->known.code);
		c->callings.n = 0;
		if (ev->response_for.n > 1)
			find_callings(&j, c);
	}
	j.fits = arena_alloc(arena, (in->candidates_n + 1) * sizeof(*j.fits));
	bool by_code = false;

	if (ev->response_for_tasks.n) {
		for (size_t i = 0; i < ev->response_for.n; i++)
			judge_entry(&j, &ev->response_for.at[i], false);
		ret_verdict->trace.n = 0;
		by_code = answer_by_task_code(&j);
	}
	if (!by_code) {
		for (size_t i = 0; i < ev->response_for.n; i++)
			judge_entry(&j, &ev->response_for.at[i], true);
		ret_verdict->known |= j.references_known;
		judge_thread(&j);
	}
	judge_citations(&j);
	drop_void_mentions(ret_verdict);
}
