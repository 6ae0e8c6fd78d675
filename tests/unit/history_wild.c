/*
 * Histories no office would write on purpose: everybody writes to everybody, on two
 * threads and within a few days, about papers that may be dated before what they are
 * about, bear its very names, or come by two carriers.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "gateway/base/day.h"
#include "tests/unit/history.h"
#include "tests/unit/history_pen.h"

enum { PAPERS = 8, DAYS = 4 };

static const char *const organs[] = {"H99", "H99", "H99", "H99.01", "H99.02", "H99.03",
	"H99.03", "H99.04", "H99.05", "H99.06", "000.00.01.H99"};
enum { ORGANS = sizeof(organs) / sizeof(organs[0]) };

enum business { NEW, UPDATE, REPLACE, RECALL };

/* All papers are thought out first, so that each may be about any other. */
struct paper {
	enum business business;
	int index, number, target;
	const char *issuer;
	day_t issued_on;
	char id[64], code[24];
	bool draft;
	int tasks; /* explicit assignments with codes T<index>.<0…> */
};

struct maker {
	struct pen pen;
	struct history *history;
	struct paper papers[PAPERS];
	int papers_n;
};

static const char *some_organ(struct maker *m)
{
	return organs[pen_pick(&m->pen, ORGANS)];
}

static day_t some_day(struct maker *m, uint32_t days)
{
	return day_from(2026, 3, 1) + (day_t)pen_pick(&m->pen, days);
}

/* ---- Thinking out the papers */

static void name_paper(struct maker *m, struct paper *p)
{
	char day[DAY_TEXT] = "";

	snprintf(p->code, sizeof(p->code), "%d/VB%d", p->number, p->index);
	day_text(p->issued_on, day);
	for (char *c = day; *c; c++)
		*c = *c == '-' ? '/' : *c;
	if (p->issued_on == DAY_NONE || pen_chance(&m->pen, 40))
		snprintf(p->id, sizeof(p->id), "d-%d", p->index);
	else
		snprintf(p->id, sizeof(p->id), "%s,%s,%s", p->issuer, day, p->code);
}

static enum business some_business(struct maker *m)
{
	static const enum business all[] = {
		NEW, NEW, NEW, NEW, NEW, REPLACE, REPLACE, UPDATE, RECALL};

	return all[pen_pick(&m->pen, sizeof(all) / sizeof(all[0]))];
}

static void think_out(struct maker *m, int index)
{
	struct paper *p = &m->papers[index];

	*p = (struct paper){.business = index ? some_business(m) : NEW,
		.index = index,
		.number = 1 + (int)pen_pick(&m->pen, 3),
		.issuer = some_organ(m),
		.issued_on = pen_chance(&m->pen, 4) ? DAY_NONE : some_day(m, DAYS),
		.target = (int)pen_pick(&m->pen, (uint32_t)m->papers_n)};
	if (p->target == index)
		p->target = index ? 0 : m->papers_n - 1;
	p->draft = p->business == NEW && pen_chance(&m->pen, 6);
	p->tasks = p->business != RECALL && pen_chance(&m->pen, 20)
			   ? 1 + (int)pen_pick(&m->pen, 2)
			   : 0;
}

/* At times what is about another bears its very names. */
static void borrow_names(struct maker *m, struct paper *p)
{
	const struct paper *target = &m->papers[p->target];

	if (p->business == NEW || target->issuer != p->issuer ||
		!pen_chance(&m->pen, 20))
		return;
	memcpy(p->id, target->id, sizeof(p->id));
	memcpy(p->code, target->code, sizeof(p->code));
	p->issued_on = target->issued_on;
}

static void think_out_all(struct maker *m)
{
	for (int i = 0; i < m->papers_n; i++)
		think_out(m, i);
	for (int i = 0; i < m->papers_n; i++) {
		struct paper *p = &m->papers[i];

		/* Mostly it is about what its issuer may amend. */
		if (p->business != NEW && pen_chance(&m->pen, 85))
			p->issuer = m->papers[p->target].issuer;
	}
	for (int i = 0; i < m->papers_n; i++)
		name_paper(m, &m->papers[i]);
	for (int i = 0; i < m->papers_n; i++)
		borrow_names(m, &m->papers[i]);
}

/* ---- Writing them */

static void begin(struct maker *m, const char *source)
{
	struct happening *h = &m->history->at[m->history->n++];

	day_text(some_day(m, 9), h->day);
	pen_take(&m->pen, h);
	pen_put(&m->pen, "{'source':'%s'", source);
}

static void put_organs(struct maker *m, const char *key)
{
	pen_put(&m->pen, ",'%s':[", key);
	for (uint32_t i = 0, n = 1 + pen_pick(&m->pen, 3); i < n; i++)
		pen_put(&m->pen, "%s'%s'", i ? "," : "", some_organ(m));
	pen_put(&m->pen, "]");
}

static void put_to(struct maker *m)
{
	pen_put(&m->pen, ",'to':[");
	for (uint32_t i = 0, n = 1 + pen_pick(&m->pen, 3); i < n; i++)
		pen_put(&m->pen, "%s{'organ_id':'%s'}", i ? "," : "", some_organ(m));
	pen_put(&m->pen, "]");
}

static void put_target(struct maker *m, const struct paper *t, bool receivers)
{
	uint32_t how = pen_pick(&m->pen, 10);

	pen_put(&m->pen, ",'targets':[{");
	if (how < 7) {
		pen_put(&m->pen, "'document_id':'%s'", t->id);
	} else {
		pen_put(&m->pen, "'code':'%s','organ_id':'%s'", t->code, t->issuer);
		if (how < 9)
			pen_put_day(&m->pen, "issued_on", t->issued_on);
	}
	if (receivers && pen_chance(&m->pen, 15))
		put_organs(m, "organ_ids");
	pen_put(&m->pen, "}]");
}

static const struct paper *some_paper(struct maker *m)
{
	return &m->papers[pen_pick(&m->pen, (uint32_t)m->papers_n)];
}

/* With an id or a date, so that number_organ, which may depend on the order, does not
 * come up. */
static void put_references(struct maker *m)
{
	pen_put(&m->pen, ",'response_for':[");
	for (uint32_t i = 0, n = 1 + (pen_pick(&m->pen, 4) == 0); i < n; i++) {
		const struct paper *p = some_paper(m), *other = p;
		bool dated = p->issued_on != DAY_NONE && pen_chance(&m->pen, 60);

		pen_put(&m->pen, "%s{'organ_id':'%s'", i ? "," : "", p->issuer);
		if (!dated || pen_chance(&m->pen, 50))
			pen_put(&m->pen, ",'document_id':'%s'", p->id);
		if (pen_chance(&m->pen, 10))
			other = some_paper(m);
		if (dated && other->issued_on != DAY_NONE) {
			pen_put(&m->pen, ",'code':'%s'", other->code);
			pen_put_day(&m->pen, "issued_on", other->issued_on);
		}
		pen_put(&m->pen, "}");
	}
	pen_put(&m->pen, "]");
}

static void put_subject(struct maker *m, const struct paper *p)
{
	const struct paper *cited = some_paper(m);
	char text[DAY_TEXT] = "";

	day_text(cited->issued_on, text);
	if (!pen_chance(&m->pen, 15))
		pen_put(&m->pen, ",'subject':'V/v %d'", p->index);
	else if (*text)
		pen_put(&m->pen,
			",'subject':'Trả lời Công văn số %s ngày %.2s/%.2s/%.4s'",
			cited->code, text + 8, text + 5, text);
	else
		pen_put(&m->pen, ",'subject':'Trả lời Công văn số %s'", cited->code);
}

static void put_assignments(struct maker *m, const struct paper *p)
{
	static const char *const kinds[] = {
		"task", "task", "task", "opinion", "notice", "proposal"};

	pen_put(&m->pen, ",'assignments':[");
	for (int i = 0; i < p->tasks; i++) {
		pen_put(&m->pen, "%s{'kind':'%s','code':'T%d.%d','content':'viec %d'",
			i ? "," : "", kinds[pen_pick(&m->pen, 6)], p->index, i, i);
		if (pen_chance(&m->pen, 90))
			pen_put(&m->pen, ",'lead':'%s'", some_organ(m));
		if (pen_chance(&m->pen, 30))
			put_organs(m, "coordinating");
		if (pen_chance(&m->pen, 50))
			pen_put_day(&m->pen, "due_on", some_day(m, 30));
		pen_put(&m->pen, "}");
	}
	pen_put(&m->pen, "]");
}

static void put_task_code(struct maker *m)
{
	const struct paper *p = some_paper(m);

	if (p->tasks)
		pen_put(&m->pen, ",'response_for_tasks':['T%d.%u']", p->index,
			pen_pick(&m->pen, (uint32_t)p->tasks));
}

static void put_answer(struct maker *m)
{
	static const char *const kinds[] = {
		"interim", "extension", "hand_back", "guidance", "final", "final"};

	if (pen_chance(&m->pen, 35))
		put_references(m);
	if (pen_chance(&m->pen, 10))
		put_task_code(m);
	if (pen_chance(&m->pen, 15))
		pen_put(&m->pen, ",'reply_kind':'%s'", kinds[pen_pick(&m->pen, 6)]);
}

static void put_nature(struct maker *m)
{
	if (pen_chance(&m->pen, 45))
		pen_put_day(&m->pen, "due_on", some_day(m, 30));
	if (pen_chance(&m->pen, 50))
		pen_put(&m->pen, ",'steering':'%s'",
			pen_chance(&m->pen, 90) ? "directive" : "report");
	if (pen_chance(&m->pen, 6))
		pen_put(&m->pen, ",'type_name':'Tờ trình'");
}

static void put_names(struct maker *m, const struct paper *p, const char *id)
{
	const char *slash = strchr(p->code, '/');

	pen_put(&m->pen, ",'document_id':'%s','code':{'number':'%.*s','notation':'%s'}",
		id, (int)(slash - p->code), p->code, slash + 1);
	pen_put(&m->pen, ",'from':{'organ_id':'%s'},'content':'noi dung %d'", p->issuer,
		p->index);
	pen_put_day(&m->pen, "issued_on", p->issued_on);
}

static void put_thread(struct maker *m, uint32_t percent)
{
	if (pen_chance(&m->pen, percent))
		pen_put(&m->pen, ",'thread_id':'L%u'", 1 + pen_pick(&m->pen, 2));
}

static void write_paper(struct maker *m, const struct paper *p)
{
	static const char *const businesses[] = {"new", "update", "replace", "recall"};

	begin(m, pen_chance(&m->pen, 85) ? "axis" : "eoffice");
	put_names(m, p, p->id);
	pen_put(&m->pen, ",'business':'%s'", businesses[p->business]);
	put_subject(m, p);
	put_thread(m, 65);
	put_to(m);
	put_nature(m);
	if (p->business == UPDATE && pen_chance(&m->pen, 50))
		put_organs(m, pen_chance(&m->pen, 50) ? "receivers_added"
						      : "receivers_removed");
	if (p->business != NEW)
		put_target(m, &m->papers[p->target], p->business == REPLACE);
	if (p->tasks)
		put_assignments(m, p);
	if (p->business == NEW || p->business == REPLACE)
		put_answer(m);
	pen_put(&m->pen, "%s}", p->draft ? ",'stage':'draft'" : "");
}

/* ---- What else happens */

static void write_report(struct maker *m)
{
	static const int codes[] = {1, 2, 3, 4, 5, 6, 13, 15};
	const struct paper *p = some_paper(m);
	uint32_t kind = pen_pick(&m->pen, 4);
	int n = (int)m->history->n;

	begin(m, "axis");
	pen_put(&m->pen,
		",'kind':'%s','document_id':'s-%d','content':'y','from':{'organ_id':'%"
		"s'}",
		kind == 0   ? "read"
		: kind == 1 ? "opinion"
			    : "status",
		n, some_organ(m));
	put_target(m, p, false);
	if (kind < 2)
		pen_put(&m->pen, ",'at':'2026-03-05T11:%02d:36+07:00'", n);
	else
		pen_put(&m->pen,
			",'status':{'code':%d,'at':'2026-03-05T11:%02d:36+07:00'}",
			codes[pen_pick(&m->pen, sizeof(codes) / sizeof(codes[0]))], n);
	pen_put(&m->pen, "}");
}

/* A draft is issued under its own id, or withdrawn. */
static void write_end_of_draft(struct maker *m, const struct paper *p)
{
	begin(m, "axis");
	put_names(m, p, p->id);
	put_subject(m, p);
	put_to(m);
	put_thread(m, 50);
	put_answer(m);
	pen_put(&m->pen, "%s}", pen_chance(&m->pen, 50) ? ",'stage':'withdrawn'" : "");
}

/* The same again; or the same paper by another carrier, under a name of its own and on
 * a thread of its own. */
static void write_again(struct maker *m, const struct happening *first)
{
	struct happening *h = &m->history->at[m->history->n++];
	char *source, *id;

	*h = *first;
	source = strstr(h->json, "'source':'axis'");
	id = strstr(h->json, "'document_id':'");
	if (!source || strncmp(id, "'document_id':'d-", 17) != 0 ||
		!strstr(h->json, "'business':'new'") || strstr(h->json, "'draft'") ||
		pen_chance(&m->pen, 30))
		return;
	source += strlen("'source':'");
	for (size_t i = 0; i < 4; i++)
		source[i] = "vgca"[i];
	id[strlen("'document_id':'")] = 'e';
}

/* What a person does to a task, if there is such a task when its turn comes. */
static void write_act(struct maker *m)
{
	static const char *const acts[] = {"confirm", "refuse", "extend", "extend",
		"hand_back_accept", "hand_back_decline", "report", "deadline_accept",
		"undo"};
	struct happening *h = &m->history->at[m->history->n++];
	const char *act = acts[pen_pick(&m->pen, sizeof(acts) / sizeof(acts[0]))];
	const char *lead = organs[pen_pick(&m->pen, ORGANS - 1)];
	char due[DAY_TEXT] = "-";

	day_text(some_day(m, 9), h->day);
	if (strcmp(act, "extend") == 0 ||
		(strcmp(act, "refuse") == 0 && pen_chance(&m->pen, 50)))
		day_text(day_from(2026, 4, 2) + (day_t)pen_pick(&m->pen, 5), due);
	snprintf(h->json, sizeof(h->json), "act %s %s %s %s", act, lead, due,
		some_paper(m)->id);
}

static void write_more(struct maker *m)
{
	uint32_t kind = pen_pick(&m->pen, 6);

	for (int i = 0; i < m->papers_n; i++)
		if (m->papers[i].draft) {
			m->papers[i].draft = false;
			write_end_of_draft(m, &m->papers[i]);
			return;
		}
	if (kind >= 4)
		write_act(m);
	else if (kind < 2)
		write_again(
			m, &m->history->at[pen_pick(&m->pen, (uint32_t)m->papers_n)]);
	else
		write_report(m);
}

void history_make_wild(uint64_t seed, struct history *ret_history)
{
	struct maker m = {.pen.random = seed * UINT64_C(0x9e3779b97f4a7c15) + 5,
		.history = ret_history};

	ret_history->n = 0;
	for (int i = 0; i < 8; i++)
		pen_pick(&m.pen, 2);
	m.papers_n = 3 + (int)pen_pick(&m.pen, 5);
	think_out_all(&m);
	for (int i = 0; i < m.papers_n; i++)
		write_paper(&m, &m.papers[i]);
	for (uint32_t more = pen_pick(&m.pen, 4); more > 0; more--)
		write_more(&m);
}
