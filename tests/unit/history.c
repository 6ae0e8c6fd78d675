#include "tests/unit/history.h"
#include "tests/unit/history_pen.h"

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
	struct pen pen;
	struct history *history;
	struct paper papers[PAPERS_MOST];
	int papers_n, next;
};

static day_t some_day(struct maker *m)
{
	return day_from(2026, 3, 1) + (day_t)pen_pick(&m->pen, DAYS);
}

/* Open the next event; it arrives some days after @issued_on, rarely before. */
static void begin(struct maker *m, day_t issued_on)
{
	struct happening *h = &m->history->at[m->history->n++];
	day_t arrives = issued_on + (day_t)pen_pick(&m->pen, 4);

	if (pen_chance(&m->pen, 5))
		arrives = issued_on - 1;
	day_text(arrives, h->day);
	pen_take(&m->pen, h);
	pen_put(&m->pen, "{'source':'axis'");
}

/* A new paper of @issuer: names of its own, in one of the two shapes of ids. */
static struct paper *new_paper(struct maker *m, const char *issuer, day_t issued_on)
{
	struct paper p = {.issued_on = issued_on, .index = m->next++};
	char code[24];
	int year, month, day;

	snprintf(p.issuer, sizeof(p.issuer), "%s", issuer);
	snprintf(code, sizeof(code), "%u/VB%d", 1 + pen_pick(&m->pen, 4), p.index);
	memcpy(p.code, code, sizeof(code));
	day_split(issued_on, &year, &month, &day);
	if (pen_chance(&m->pen, 50))
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

	pen_put(&m->pen, ",'document_id':'%s','code':{'number':'%.*s','notation':'%s'}",
		p->id, (int)(slash - p->code), p->code, slash + 1);
	pen_put(&m->pen, ",'from':{'organ_id':'%s'},'subject':'V/v %d'", p->issuer,
		p->index);
	pen_put(&m->pen, ",'content':'noi dung %d'", p->index);
	pen_put_day(&m->pen, "issued_on", p->issued_on);
}

static void put_thread(struct maker *m, uint32_t percent)
{
	if (pen_chance(&m->pen, percent))
		pen_put(&m->pen, ",'thread_id':'L%u'", 1 + pen_pick(&m->pen, 2));
}

static const char *some_lead(struct maker *m)
{
	static const char *const leads[] = {
		"H99.01", "H99.02", "H99.03", "000.00.01.H99"};

	return leads[pen_pick(&m->pen, 4)];
}

static void put_to(struct maker *m)
{
	pen_put(&m->pen, ",'to':[");
	for (uint32_t i = 0, n = 1 + pen_pick(&m->pen, 3); i < n; i++)
		pen_put(&m->pen, "%s{'organ_id':'%s'}", i ? "," : "", some_lead(m));
	pen_put(&m->pen, "]");
}

static void put_due(struct maker *m, uint32_t percent, day_t issued_on)
{
	if (pen_chance(&m->pen, percent))
		pen_put_day(&m->pen, "due_on",
			issued_on + (day_t)pen_pick(&m->pen, 20) - 1);
}

static void put_assignments(struct maker *m, struct paper *p)
{
	p->tasks = 1 + (int)pen_pick(&m->pen, 2);
	pen_put(&m->pen, ",'assignments':[");
	for (int i = 0; i < p->tasks; i++) {
		pen_put(&m->pen, "%s{'code':'T%d.%d','content':'viec %d','lead':'%s'",
			i ? "," : "", p->index, i, i, some_lead(m));
		if (pen_chance(&m->pen, 30))
			pen_put(&m->pen, ",'coordinating':['%s']", some_lead(m));
		put_due(m, 50, p->issued_on);
		pen_put(&m->pen, "}");
	}
	pen_put(&m->pen, "]");
}

static const struct paper *some_paper(struct maker *m, bool assigns)
{
	const struct paper *found = NULL;

	for (int tries = 0; tries < 8 && !found; tries++) {
		const struct paper *p =
			&m->papers[pen_pick(&m->pen, (uint32_t)m->papers_n)];

		found = p->assigns == assigns && !p->draft ? p : NULL;
	}
	return found ? found : &m->papers[0];
}

static void make_assignment(struct maker *m)
{
	struct paper *p =
		new_paper(m, pen_chance(&m->pen, 80) ? "H99" : "H99.06", some_day(m));

	begin(m, p->issued_on);
	put_paper(m, p);
	p->assigns = true;
	put_thread(m, 40);
	put_due(m, 70, p->issued_on);
	if (pen_chance(&m->pen, 70))
		put_to(m);
	else
		put_assignments(m, p);
	if (pen_chance(&m->pen, 85))
		pen_put(&m->pen, ",'steering':'directive'");
	pen_put(&m->pen, "}");
}

/* By id, by code with date and organ, or both; rarely of two different papers. */
static void put_reference(struct maker *m)
{
	const struct paper *p = some_paper(m, true), *other = p;
	uint32_t how = pen_pick(&m->pen, 3);

	pen_put(&m->pen, "{'organ_id':'%s'", p->issuer);
	if (how != 1)
		pen_put(&m->pen, ",'document_id':'%s'", p->id);
	if (pen_chance(&m->pen, 10))
		other = some_paper(m, true);
	if (how != 0) {
		pen_put(&m->pen, ",'code':'%s'", other->code);
		pen_put_day(&m->pen, "issued_on", other->issued_on);
	}
	pen_put(&m->pen, "}");
}

static void put_references(struct maker *m)
{
	pen_put(&m->pen, ",'response_for':[");
	for (uint32_t i = 0, n = 1 + (pen_pick(&m->pen, 4) == 0); i < n; i++) {
		pen_put(&m->pen, "%s", i ? "," : "");
		put_reference(m);
	}
	pen_put(&m->pen, "]");
}

static void put_task_codes(struct maker *m)
{
	const struct paper *p = some_paper(m, true);

	if (p->tasks)
		pen_put(&m->pen, ",'response_for_tasks':['T%d.%u']", p->index,
			pen_pick(&m->pen, (uint32_t)p->tasks));
}

static const char *some_sender(struct maker *m)
{
	static const char *const senders[] = {"H99.01", "H99.01", "H99.02", "H99.02",
		"H99.03", "000.00.01.H99", "H99.04", "H99.05", "H99"};

	return senders[pen_pick(&m->pen, sizeof(senders) / sizeof(senders[0]))];
}

static void put_reply_kind(struct maker *m)
{
	static const char *const kinds[] = {
		"interim", "extension", "hand_back", "guidance"};

	if (pen_chance(&m->pen, 30))
		pen_put(&m->pen, ",'reply_kind':'%s'", kinds[pen_pick(&m->pen, 4)]);
}

static void make_reply(struct maker *m)
{
	struct paper *p = new_paper(m, some_sender(m), some_day(m));

	begin(m, p->issued_on);
	put_paper(m, p);
	pen_put(&m->pen, ",'to':[{'organ_id':'%s'}]",
		pen_chance(&m->pen, 80)   ? "H99"
		: pen_chance(&m->pen, 50) ? "H99.06"
					  : "H99.05");
	put_thread(m, 40);
	if (pen_chance(&m->pen, 75))
		put_references(m);
	if (pen_chance(&m->pen, 15))
		put_task_codes(m);
	put_reply_kind(m);
	if (pen_chance(&m->pen, 10))
		put_due(m, 100, p->issued_on);
	if (pen_chance(&m->pen, 15)) {
		p->draft = true;
		pen_put(&m->pen, ",'stage':'draft'");
	}
	pen_put(&m->pen, "}");
}

/* T8: H99.03 sends what it was given on to its sub-unit, by name or on a thread. */
static void make_forward(struct maker *m)
{
	struct paper *p = new_paper(m, "H99.03", some_day(m));

	begin(m, p->issued_on);
	put_paper(m, p);
	pen_put(&m->pen, ",'to':[{'organ_id':'H99.05'}%s]",
		pen_chance(&m->pen, 30) ? ",{'organ_id':'H99'}" : "");
	put_thread(m, 50);
	if (pen_chance(&m->pen, 75))
		put_references(m);
	put_due(m, 30, p->issued_on);
	if (pen_chance(&m->pen, 30))
		pen_put(&m->pen, ",'steering':'directive'");
	p->assigns = true;
	pen_put(&m->pen, "}");
}

/* The day an amendment of @p bears: mostly its own, at times its target's, or none. */
static day_t amend_day(struct maker *m, const struct paper *p)
{
	if (pen_chance(&m->pen, 15))
		return DAY_NONE;
	return pen_chance(&m->pen, 20) ? p->issued_on
				       : p->issued_on + (day_t)pen_pick(&m->pen, 6);
}

static const char *amender(struct maker *m, const struct paper *p)
{
	if (pen_chance(&m->pen, 5))
		return "H99.01";
	return strcmp(p->issuer, "H99") == 0 && pen_chance(&m->pen, 10) ? "H99.06"
									: p->issuer;
}

static void put_target(struct maker *m, const struct paper *p)
{
	pen_put(&m->pen, ",'targets':[{");
	if (pen_chance(&m->pen, 80))
		pen_put(&m->pen, "'document_id':'%s'", p->id);
	else
		pen_put(&m->pen, "'code':'%s'", p->code);
	pen_put_day(&m->pen, "issued_on", p->issued_on);
	pen_put(&m->pen, "}]");
}

static void put_receivers(struct maker *m)
{
	if (pen_chance(&m->pen, 40))
		pen_put(&m->pen, ",'receivers_added':['%s']", some_lead(m));
	if (pen_chance(&m->pen, 40))
		pen_put(&m->pen, ",'receivers_removed':['%s']", some_lead(m));
}

static void begin_amendment(
	struct maker *m, const char *business, const struct paper *p)
{
	day_t day = amend_day(m, p);
	int index = m->next++;

	begin(m, day == DAY_NONE ? p->issued_on + (day_t)pen_pick(&m->pen, 6) : day);
	pen_put(&m->pen,
		",'business':'%s','document_id':'a-%d','from':{'organ_id':'%s'}",
		business, index, amender(m, p));
	pen_put(&m->pen, ",'subject':'V/v %d'", index);
	pen_put_day(&m->pen, "issued_on", day);
	put_target(m, p);
}

static void make_update(struct maker *m)
{
	const struct paper *p = some_paper(m, true);

	begin_amendment(m, "update", p);
	put_due(m, 60, p->issued_on + 5);
	put_receivers(m);
	pen_put(&m->pen, "}");
}

static void make_recall(struct maker *m)
{
	const struct paper *p = some_paper(m, pen_chance(&m->pen, 50));

	begin_amendment(m, "recall", p);
	pen_put(&m->pen, "}");
}

static void make_replacement(struct maker *m)
{
	struct paper old = *some_paper(m, pen_chance(&m->pen, 70)), *p;
	day_t day = amend_day(m, &old);

	if (day == DAY_NONE)
		day = old.issued_on + (day_t)pen_pick(&m->pen, 6);
	p = new_paper(m, amender(m, &old), day);
	begin(m, day);
	put_paper(m, p);
	pen_put(&m->pen, ",'business':'replace'");
	put_target(m, &old);
	p->assigns = old.assigns;
	if (old.assigns) {
		put_due(m, 70, day);
		put_to(m);
		if (pen_chance(&m->pen, 70))
			pen_put(&m->pen, ",'steering':'directive'");
	} else {
		pen_put(&m->pen, ",'to':[{'organ_id':'H99'}]");
		if (pen_chance(&m->pen, 60))
			put_references(m);
	}
	pen_put(&m->pen, "}");
}

static void make_status(struct maker *m)
{
	static const int codes[] = {1, 2, 4, 5, 6, 13, 15};
	const struct paper *p = some_paper(m, true);
	int index = m->next++;

	begin(m, p->issued_on + (day_t)pen_pick(&m->pen, 4));
	pen_put(&m->pen,
		",'kind':'status','document_id':'s-%d','from':{'organ_id':'%s'}", index,
		some_sender(m));
	put_target(m, p);
	pen_put(&m->pen, ",'status':{'code':%d,'at':'2026-03-05T11:%02d:36+07:00'}}",
		codes[pen_pick(&m->pen, sizeof(codes) / sizeof(codes[0]))], index);
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
		pen_put(&m->pen, ",'to':[{'organ_id':'H99'}]");
		if (pen_chance(&m->pen, 60))
			pen_put(&m->pen, ",'stage':'withdrawn'");
		else
			put_references(m);
		pen_put(&m->pen, "}");
		return;
	}
	make_reply(m);
}

static void make_duplicate(struct maker *m)
{
	struct history *h = m->history;

	h->at[h->n] = h->at[pen_pick(&m->pen, (uint32_t)h->n)];
	h->n++;
}

static void (*const makers[])(struct maker *) = {make_assignment, make_reply,
	make_reply, make_reply, make_forward, make_update, make_recall, make_recall,
	make_replacement, make_replacement, make_status, make_end_of_draft,
	make_duplicate};

void history_make(uint64_t seed, struct history *ret_history)
{
	struct maker m = {.pen.random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1,
		.history = ret_history};

	ret_history->n = 0;
	for (int i = 0; i < 8; i++)
		pen_pick(&m.pen, 2);
	uint32_t n = 3 + pen_pick(&m.pen, 6);

	make_assignment(&m);
	while (ret_history->n < n)
		makers[pen_pick(&m.pen, sizeof(makers) / sizeof(makers[0]))](&m);
}
