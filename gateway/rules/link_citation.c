/*
 * The rung `citation` (M1, M2): codes cited in the subject or the content. With its
 * date or its organ a citation suggests; bare it suggests when one document alone fits;
 * with a wrong date and no organ it is a near miss. It closes only where the policy
 * says so.
 */
#include "gateway/rules/link_judge.h"

#include <string.h>

#include "gateway/base/text.h"
#include "gateway/rules/names.h"

enum { NAME_LEAST = 4 }; /* a shorter organ name says nothing */

enum cited { CITED_NOT, CITED_WRONG_DATE, CITED_BARE, CITED_DATED, CITED_BY_ORGAN };

/* "Ủy ban nhân dân" and "UBND" are one word. */
static const char *short_name(struct arena *arena, const char *name)
{
	const char *folded = text_fold_ascii(arena, name);
	const char *whole = strstr(folded, "uy ban nhan dan");

	return whole ? arena_printf(arena, "%.*subnd%s", (int)(whole - folded), folded,
			       whole + strlen("uy ban nhan dan"))
		     : folded;
}

static bool same_name(struct arena *arena, const char *cited, const char *name)
{
	const char *a = short_name(arena, cited), *b = short_name(arena, name);

	return strlen(a) >= NAME_LEAST && strlen(b) >= NAME_LEAST &&
	       (strstr(a, b) || strstr(b, a));
}

static bool is_called(struct judge *j, const char *cited, const struct organ *organ)
{
	for (size_t i = 0; organ && cited && i < organ->names_n; i++)
		if (same_name(j->arena, cited, organ->names[i]))
			return true;
	return false;
}

/* The issuer, or an organ whose own its document may be (O1). */
static bool is_issuer(
	struct judge *j, const char *cited, const struct link_candidate *c)
{
	const struct organ_table *organs = j->in->organs;
	const struct organ *organ =
		organ_find(organs, c->known.issuer, c->known.issued_on);

	if (is_called(j, cited, organ))
		return true;
	for (size_t i = 0; organ && i < organ->issues_for_n; i++)
		if (is_called(j, cited,
			    organ_find(organs, organ->issues_for[i], DAY_NONE)))
			return true;
	return false;
}

static enum cited fit(struct judge *j, const struct citation *cited,
	const struct link_candidate *c, enum name_fit wanted)
{
	if (name_fit_codes(cited->code, c->code) != wanted)
		return CITED_NOT;
	if (cited->on != DAY_NONE && cited->on == c->known.issued_on)
		return CITED_DATED;
	if (is_issuer(j, cited->organ, c))
		return CITED_BY_ORGAN;
	return cited->on != DAY_NONE ? CITED_WRONG_DATE : CITED_BARE;
}

static bool is_linked(const struct judge *j, const struct link_candidate *c)
{
	for (size_t i = 0; i < j->v->links.n; i++) {
		const struct link *l = &j->v->links.at[i];

		if (l->task && l->document == c->known.id)
			return true;
		for (size_t k = 0; l->task && k < c->mine_n; k++)
			if (c->mine[k]->id == l->task)
				return true;
	}
	return false;
}

/* Could this document be @c's answer at all (M3)? */
static bool could_answer(struct judge *j, const struct link_candidate *c)
{
	for (size_t i = 0; i < c->mine_n; i++)
		if (!judge_is_sender(
			    j, c->mine[i]->assigner, c->mine[i]->assigned_on) &&
			judge_is_addressed(j, c->mine[i]) != JUDGE_ELSEWHERE)
			return true;
	return false;
}

struct found {
	const struct link_candidate *c;
	enum cited how;
};
typedef LIST_OF(struct found) found_list;

/* What one citation fits; loose spellings only where none fits exactly (M8). */
static void find(struct judge *j, const struct citation *cited, found_list *list)
{
	static const enum name_fit fits[] = {NAME_EXACT, NAME_LOOSE};

	for (size_t f = 0; f < 2 && !list->n; f++) {
		for (size_t i = 0; i < j->in->candidates_n; i++) {
			const struct link_candidate *c = &j->in->candidates[i];
			enum cited how = fit(j, cited, c, fits[f]);

			if (how != CITED_NOT)
				*LIST_ADD(j->arena, list) = (struct found){c, how};
		}
		if (fits[f] == NAME_LOOSE && list->n > 1)
			list->n = 0;
	}
}

/* Those of one citation that the sender owes, of the last twelve months. */
struct owed {
	day_t from, to;
	const struct link_candidate *first;
	bool several; /* … and another obligation than the first's */
};

static bool is_recent(const struct owed *owed, const struct link_candidate *c)
{
	return judge_issued_on(c) >= owed->from && judge_issued_on(c) <= owed->to;
}

static struct owed find_owed(struct judge *j, const found_list *list)
{
	struct owed owed = {.from = day_add_months(j->in->sent_on, -LINK_MONTHS_BACK),
		.to = j->in->sent_on};

	for (size_t i = 0; i < list->n; i++) {
		const struct link_candidate *c = list->at[i].c;

		if (!c->mine_n || !is_recent(&owed, c))
			continue;
		if (!owed.first)
			owed.first = c;
		owed.several |= !judge_same_tasks(owed.first, c);
	}
	return owed;
}

/* A bare code: no other that is owed bears it. */
static bool is_unique(const struct owed *owed, const struct link_candidate *c)
{
	return is_recent(owed, c) && !owed->several &&
	       (!owed->first || owed->first == c || judge_same_tasks(owed->first, c));
}

/* Does the subject cite one of the documents that are answered? */
static bool cites_linked(struct judge *j)
{
	for (size_t i = 0; i < j->in->citations_n; i++) {
		found_list list = {0};

		if (!j->in->citations[i].in_subject)
			continue;
		find(j, j->in->citations[i].citation, &list);
		for (size_t k = 0; k < list.n; k++)
			if (is_linked(j, list.at[k].c))
				return true;
	}
	return false;
}

static bool answers_any(const struct judge *j)
{
	for (size_t i = 0; i < j->v->links.n; i++)
		if (j->v->links.at[i].task)
			return true;
	return false;
}

static void judge_fit(struct judge *j, const struct link_citation *cited,
	const found_list *list, const struct owed *owed, const struct found *f,
	bool only_subject_cites)
{
	bool sure = f->how == CITED_DATED || f->how == CITED_BY_ORGAN;

	if (!sure && (f->how == CITED_WRONG_DATE || !is_unique(owed, f->c))) {
		judge_trace(j, f->c, RUNG_CITATION, false,
			f->how == CITED_WRONG_DATE
				? "near miss: the cited code fits, its date does not"
				: "near miss: several documents bear the cited code");
		return;
	}
	judge_trace(j, f->c, RUNG_CITATION, true,
		f->how == CITED_DATED      ? "cited with its date"
		: f->how == CITED_BY_ORGAN ? "cited with its organ"
					   : "its code is cited");
	if (is_linked(j, f->c))
		return;
	if (!could_answer(j, f->c)) {
		if (sure && !answers_any(j))
			judge_answer(j, f->c, RUNG_CITATION, NULL);
		return;
	}
	/* M2: what closes is A alone, and the subject cites B alone. */
	if (only_subject_cites && cited->in_subject && answers_any(j))
		judge_withdraw(j);
	if (j->in->citation_closes && f->how == CITED_DATED && list->n == 1 &&
		!answers_any(j) && !j->contradicted)
		judge_answer(j, f->c, RUNG_CITATION, NULL);
	else
		judge_suggest(j, f->c, RUNG_CITATION, "citation");
}

void judge_citations(struct judge *j)
{
	const struct link_input *in = j->in;
	bool contrary = answers_any(j) && !cites_linked(j);

	for (size_t i = 0; i < in->citations_n; i++) {
		found_list list = {0};

		find(j, in->citations[i].citation, &list);
		struct owed owed = find_owed(j, &list);

		for (size_t k = 0; k < list.n; k++)
			judge_fit(j, &in->citations[i], &list, &owed, &list.at[k],
				contrary);
	}
}
