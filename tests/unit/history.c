#include "tests/unit/history.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "gateway/base/day.h"

enum { PAPERS_MOST = HISTORY_MOST + 2, DAYS = 9 };

/* A document that others may be about. */
struct paper {
	char id[96], code[24], issuer[16];
	day_t issued_on;
	bool assigns, draft;
	int tasks; /* explicit assignments with codes T<index>.<0…> */
	int index;
};

struct maker {
	uint64_t random;
	struct history *history;
	struct paper papers[PAPERS_MOST];
	int papers_n, next;
	char *out;
	size_t used;
};

uint32_t history_random(uint64_t *state, uint32_t below)
{
	uint64_t x = *state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	*state = x;
	return (uint32_t)((x * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % below;
}

static uint32_t pick(struct maker *m, uint32_t below)
{
	return history_random(&m->random, below);
}

static bool chance(struct maker *m, uint32_t percent)
{
	return pick(m, 100) < percent;
}

__attribute__((format(printf, 2, 3))) static void put(
	struct maker *m, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	m->used += (size_t)vsnprintf(
		m->out + m->used, HAPPENING_MOST - m->used, format, args);
	va_end(args);
}

static void put_day(struct maker *m, const char *key, day_t day)
{
	char text[DAY_TEXT];

	if (day != DAY_NONE)
		put(m, ",'%s':'%s'", key, day_text(day, text));
}

static day_t some_day(struct maker *m)
{
	return day_from(2026, 3, 1) + (day_t)pick(m, DAYS);
}

/* Open the next event; it arrives some days after @issued_on, rarely before. */
static void begin(struct maker *m, day_t issued_on)
{
	struct happening *h = &m->history->at[m->history->n++];
	day_t arrives = issued_on + (day_t)pick(m, 4);

	if (chance(m, 5))
		arrives = issued_on - 1;
	day_text(arrives, h->day);
	m->out = h->json;
	m->used = 0;
	put(m, "{'source':'axis'");
}

/* A new paper of @issuer: names of its own, in one of the two shapes of ids. */
static struct paper *new_paper(struct maker *m, const char *issuer, day_t issued_on)
{
	struct paper p = {.issued_on = issued_on, .index = m->next++};
	char code[24];
	int year, month, day;

	snprintf(p.issuer, sizeof(p.issuer), "%s", issuer);
	snprintf(code, sizeof(code), "%u/VB%d", 1 + pick(m, 4), p.index);
	memcpy(p.code, code, sizeof(code));
	day_split(issued_on, &year, &month, &day);
	if (chance(m, 50))
		snprintf(p.id, sizeof(p.id), "d-%d", p.index);
	else
		snprintf(p.id, sizeof(p.id), "%s,%04d/%02d/%02d,%s", issuer, year,
			month, day, code);
	m->papers[m->papers_n] = p;
	return &m->papers[m->papers_n++];
}

static void put_paper(struct maker *m, const struct paper *p)
{
	const char *slash = strchr(p->code, '/');

	put(m, ",'document_id':'%s','code':{'number':'%.*s','notation':'%s'}", p->id,
		(int)(slash - p->code), p->code, slash + 1);
	put(m, ",'from':{'organ_id':'%s'},'subject':'V/v %d'", p->issuer, p->index);
	put(m, ",'content':'noi dung %d'", p->index);
	put_day(m, "issued_on", p->issued_on);
}

static void put_thread(struct maker *m, uint32_t percent)
{
	if (chance(m, percent))
		put(m, ",'thread_id':'L%u'", 1 + pick(m, 2));
}

static const char *some_lead(struct maker *m)
{
	static const char *const leads[] = {
		"H99.01", "H99.02", "H99.03", "000.00.01.H99"};

	return leads[pick(m, 4)];
}

static void put_to(struct maker *m)
{
	put(m, ",'to':[");
	for (uint32_t i = 0, n = 1 + pick(m, 3); i < n; i++)
		put(m, "%s{'organ_id':'%s'}", i ? "," : "", some_lead(m));
	put(m, "]");
}

static void put_due(struct maker *m, uint32_t percent, day_t issued_on)
{
	if (chance(m, percent))
		put_day(m, "due_on", issued_on + (day_t)pick(m, 20) - 1);
}

static void put_assignments(struct maker *m, struct paper *p)
{
	p->tasks = 1 + (int)pick(m, 2);
	put(m, ",'assignments':[");
	for (int i = 0; i < p->tasks; i++) {
		put(m, "%s{'code':'T%d.%d','content':'viec %d','lead':'%s'",
			i ? "," : "", p->index, i, i, some_lead(m));
		if (chance(m, 30))
			put(m, ",'coordinating':['%s']", some_lead(m));
		put_due(m, 50, p->issued_on);
		put(m, "}");
	}
	put(m, "]");
}

static const struct paper *some_paper(struct maker *m, bool assigns)
{
	const struct paper *found = NULL;

	for (int tries = 0; tries < 8 && !found; tries++) {
		const struct paper *p = &m->papers[pick(m, (uint32_t)m->papers_n)];

		found = p->assigns == assigns && !p->draft ? p : NULL;
	}
	return found ? found : &m->papers[0];
}

static void make_assignment(struct maker *m)
{
	struct paper *p = new_paper(m, chance(m, 80) ? "H99" : "H99.06", some_day(m));

	begin(m, p->issued_on);
	put_paper(m, p);
	p->assigns = true;
	put_thread(m, 40);
	put_due(m, 70, p->issued_on);
	if (chance(m, 70))
		put_to(m);
	else
		put_assignments(m, p);
	if (chance(m, 85))
		put(m, ",'steering':'directive'");
	put(m, "}");
}

/* By id, by code with date and organ, or both; rarely of two different papers. */
static void put_reference(struct maker *m)
{
	const struct paper *p = some_paper(m, true), *other = p;
	uint32_t how = pick(m, 3);

	put(m, "{'organ_id':'%s'", p->issuer);
	if (how != 1)
		put(m, ",'document_id':'%s'", p->id);
	if (chance(m, 10))
		other = some_paper(m, true);
	if (how != 0) {
		put(m, ",'code':'%s'", other->code);
		put_day(m, "issued_on", other->issued_on);
	}
	put(m, "}");
}

static void put_references(struct maker *m)
{
	put(m, ",'response_for':[");
	for (uint32_t i = 0, n = 1 + (pick(m, 4) == 0); i < n; i++) {
		put(m, "%s", i ? "," : "");
		put_reference(m);
	}
	put(m, "]");
}

static void put_task_codes(struct maker *m)
{
	const struct paper *p = some_paper(m, true);

	if (p->tasks)
		put(m, ",'response_for_tasks':['T%d.%u']", p->index,
			pick(m, (uint32_t)p->tasks));
}

static const char *some_sender(struct maker *m)
{
	static const char *const senders[] = {"H99.01", "H99.01", "H99.02", "H99.02",
		"H99.03", "000.00.01.H99", "H99.04", "H99.05", "H99"};

	return senders[pick(m, sizeof(senders) / sizeof(senders[0]))];
}

static void put_reply_kind(struct maker *m)
{
	static const char *const kinds[] = {
		"interim", "extension", "hand_back", "guidance"};

	if (chance(m, 30))
		put(m, ",'reply_kind':'%s'", kinds[pick(m, 4)]);
}

static void make_reply(struct maker *m)
{
	struct paper *p = new_paper(m, some_sender(m), some_day(m));

	begin(m, p->issued_on);
	put_paper(m, p);
	put(m, ",'to':[{'organ_id':'%s'}]",
		chance(m, 80)   ? "H99"
		: chance(m, 50) ? "H99.06"
				: "H99.05");
	put_thread(m, 40);
	if (chance(m, 75))
		put_references(m);
	if (chance(m, 15))
		put_task_codes(m);
	put_reply_kind(m);
	if (chance(m, 10))
		put_due(m, 100, p->issued_on);
	if (chance(m, 15)) {
		p->draft = true;
		put(m, ",'stage':'draft'");
	}
	put(m, "}");
}

/* T8: H99.03 sends what it was given on to its sub-unit, by name or on a thread. */
static void make_forward(struct maker *m)
{
	struct paper *p = new_paper(m, "H99.03", some_day(m));

	begin(m, p->issued_on);
	put_paper(m, p);
	put(m, ",'to':[{'organ_id':'H99.05'}%s]",
		chance(m, 30) ? ",{'organ_id':'H99'}" : "");
	put_thread(m, 50);
	if (chance(m, 75))
		put_references(m);
	put_due(m, 30, p->issued_on);
	if (chance(m, 30))
		put(m, ",'steering':'directive'");
	p->assigns = true;
	put(m, "}");
}

/* The day an amendment of @p bears: mostly its own, at times its target's, or none. */
static day_t amend_day(struct maker *m, const struct paper *p)
{
	if (chance(m, 15))
		return DAY_NONE;
	return chance(m, 20) ? p->issued_on : p->issued_on + (day_t)pick(m, 6);
}

static const char *amender(struct maker *m, const struct paper *p)
{
	if (chance(m, 5))
		return "H99.01";
	return strcmp(p->issuer, "H99") == 0 && chance(m, 10) ? "H99.06" : p->issuer;
}

static void put_target(struct maker *m, const struct paper *p)
{
	put(m, ",'targets':[{");
	if (chance(m, 80))
		put(m, "'document_id':'%s'", p->id);
	else
		put(m, "'code':'%s'", p->code);
	put_day(m, "issued_on", p->issued_on);
	put(m, "}]");
}

static void put_receivers(struct maker *m)
{
	if (chance(m, 40))
		put(m, ",'receivers_added':['%s']", some_lead(m));
	if (chance(m, 40))
		put(m, ",'receivers_removed':['%s']", some_lead(m));
}

static void begin_amendment(
	struct maker *m, const char *business, const struct paper *p)
{
	day_t day = amend_day(m, p);
	int index = m->next++;

	begin(m, day == DAY_NONE ? p->issued_on + (day_t)pick(m, 6) : day);
	put(m, ",'business':'%s','document_id':'a-%d','from':{'organ_id':'%s'}",
		business, index, amender(m, p));
	put(m, ",'subject':'V/v %d'", index);
	put_day(m, "issued_on", day);
	put_target(m, p);
}

static void make_update(struct maker *m)
{
	const struct paper *p = some_paper(m, true);

	begin_amendment(m, "update", p);
	put_due(m, 60, p->issued_on + 5);
	put_receivers(m);
	put(m, "}");
}

static void make_recall(struct maker *m)
{
	const struct paper *p = some_paper(m, chance(m, 50));

	begin_amendment(m, "recall", p);
	put(m, "}");
}

static void make_replacement(struct maker *m)
{
	struct paper old = *some_paper(m, chance(m, 70)), *p;
	day_t day = amend_day(m, &old);

	if (day == DAY_NONE)
		day = old.issued_on + (day_t)pick(m, 6);
	p = new_paper(m, amender(m, &old), day);
	begin(m, day);
	put_paper(m, p);
	put(m, ",'business':'replace'");
	put_target(m, &old);
	p->assigns = old.assigns;
	if (old.assigns) {
		put_due(m, 70, day);
		put_to(m);
		if (chance(m, 70))
			put(m, ",'steering':'directive'");
	} else {
		put(m, ",'to':[{'organ_id':'H99'}]");
		if (chance(m, 60))
			put_references(m);
	}
	put(m, "}");
}

static void make_status(struct maker *m)
{
	static const int codes[] = {1, 2, 4, 5, 6, 13, 15};
	const struct paper *p = some_paper(m, true);
	int index = m->next++;

	begin(m, p->issued_on + (day_t)pick(m, 4));
	put(m, ",'kind':'status','document_id':'s-%d','from':{'organ_id':'%s'}", index,
		some_sender(m));
	put_target(m, p);
	put(m, ",'status':{'code':%d,'at':'2026-03-05T11:%02d:36+07:00'}}",
		codes[pick(m, sizeof(codes) / sizeof(codes[0]))], index);
}

/* A draft is issued under its own id, or withdrawn. */
static void make_end_of_draft(struct maker *m)
{
	for (int i = 0; i < m->papers_n; i++) {
		struct paper *p = &m->papers[i];

		if (!p->draft)
			continue;
		p->draft = false;
		begin(m, p->issued_on);
		put_paper(m, p);
		put(m, ",'to':[{'organ_id':'H99'}]");
		if (chance(m, 60))
			put(m, ",'stage':'withdrawn'");
		else
			put_references(m);
		put(m, "}");
		return;
	}
	make_reply(m);
}

static void make_duplicate(struct maker *m)
{
	struct history *h = m->history;

	h->at[h->n] = h->at[pick(m, (uint32_t)h->n)];
	h->n++;
}

static void (*const makers[])(struct maker *) = {make_assignment, make_reply,
	make_reply, make_reply, make_forward, make_update, make_recall, make_recall,
	make_replacement, make_replacement, make_status, make_end_of_draft,
	make_duplicate};

void history_make(uint64_t seed, struct history *ret_history)
{
	struct maker m = {.random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1,
		.history = ret_history};

	ret_history->n = 0;
	for (int i = 0; i < 8; i++)
		pick(&m, 2);
	uint32_t n = 3 + pick(&m, 6);

	make_assignment(&m);
	while (ret_history->n < n)
		makers[pick(&m, sizeof(makers) / sizeof(makers[0]))](&m);
}
