/*
 * One `response_for` entry: which documents its id and its code name, on which rungs
 * (M1), and where the two name different ones (M2). Part of gateway/rules/link.c.
 */
#include "gateway/rules/link_judge.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/text.h"
#include "gateway/rules/names.h"

enum { DAYS_OFF = 31 };

/* How one response_for entry fits one candidate. */
struct fit {
	enum name_fit id;
	enum rung rung; /* by code: number_date_organ, number_organ or none */
	enum name_fit code;
	bool office; /* its issuer only issues for the organ named (O1) */
	bool bare;   /* M2: the code alone names it */
};

static bool same_organ_ever(struct judge *j, const char *a, const char *b, day_t day)
{
	return a && b &&
	       (organ_same(j->in->organs, a, day, b, day) ||
		       organ_same(j->in->organs, a, DAY_NONE, b, DAY_NONE));
}

/* How the organ an entry names fits the issuer: exactly under any of its ids, loosely
 * where the issuer may issue for that organ (O1). */
static enum name_fit fit_organ(
	struct judge *j, const char *organ_id, const struct link_candidate *c)
{
	if (same_organ_ever(j, organ_id, c->known.issuer, c->known.issued_on))
		return NAME_EXACT;
	return organ_issues_for(
		       j->in->organs, c->known.issuer, c->known.issued_on, organ_id)
		       ? NAME_LOOSE
		       : NAME_DIFFERENT;
}

static enum name_fit fit_id(struct judge *j, const struct event_reference *r,
	const struct link_candidate *c)
{
	if (!r->document_id)
		return NAME_DIFFERENT;
	enum name_fit fit =
		target_id_names(j->arena, j->in->organs, r->document_id, &c->known);

	if (fit == NAME_DIFFERENT || !r->organ_id ||
		name_read_id(j->arena, r->document_id).conventional)
		return fit;
	enum name_fit organ = fit_organ(j, r->organ_id, c);

	if (organ == NAME_DIFFERENT)
		judge_trace(j, c, RUNG_DOCUMENT_ID, false,
			"near miss: the same opaque id, another issuer");
	return organ < fit ? organ : fit;
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

/* Why a code that fits is no evidence. */
static const char *near_miss(const struct event_reference *r, bool organ, bool dated)
{
	return organ ? "near miss: code and organ fit, the date is over 31 days off"
	       : r->organ_id ? "near miss: the code fits, the organ differs"
	       : dated ? "near miss: the code fits, the date differs and no organ is "
			 "named"
		       : "near miss: the bare code fits";
}

/* The two number rungs; a code that fits without enough beside it is a near miss. */
static void fit_code(struct judge *j, const struct event_reference *entry,
	const struct link_candidate *c, struct fit *f)
{
	struct event_reference r = complete(j, entry);
	enum name_fit code = name_fit_codes(name_fold_code(j->arena, r.code), c->code);

	if (code == NAME_DIFFERENT)
		return;
	enum name_fit organ = fit_organ(j, r.organ_id, c);
	bool dated = r.issued_on != DAY_NONE && c->known.issued_on != DAY_NONE;
	day_t off = dated ? abs(r.issued_on - c->known.issued_on) : 0;

	f->office = organ == NAME_LOOSE;
	if (organ && dated && off == 0)
		f->rung = RUNG_NUMBER_DATE_ORGAN;
	else if ((organ && off <= DAYS_OFF) || (!r.organ_id && dated && off == 0))
		f->rung = RUNG_NUMBER_ORGAN;
	if (f->rung) {
		f->code = code;
		return;
	}
	f->bare = code == NAME_EXACT && (organ || !r.organ_id);
	judge_trace(j, c, RUNG_NUMBER_ORGAN, false, near_miss(&r, organ, dated));
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

bool judge_share_task(const struct link_candidate *a, const struct link_candidate *b)
{
	for (size_t i = 0; i < a->mine_n; i++)
		for (size_t k = 0; k < b->mine_n; k++)
			if (a->mine[i]->id == b->mine[k]->id)
				return true;
	return false;
}

/* M8: loose fits count only where nothing fits exactly and one document fits loosely;
 * O1: what an office issued for an organ, only where nothing of that organ's own fits.
 */
static void drop_loose(struct judge *j, struct fit *fits)
{
	size_t n = j->in->candidates_n, exact_ids = 0, exact_codes = 0;
	size_t loose_ids = 0, loose_codes = 0, own_codes = 0;

	for (size_t i = 0; i < n; i++) {
		exact_ids += fits[i].id == NAME_EXACT;
		loose_ids += fits[i].id == NAME_LOOSE;
		exact_codes += fits[i].rung && fits[i].code == NAME_EXACT;
		own_codes +=
			fits[i].rung && fits[i].code == NAME_EXACT && !fits[i].office;
		loose_codes += fits[i].rung && fits[i].code == NAME_LOOSE;
	}
	for (size_t i = 0; i < n; i++) {
		if (fits[i].id == NAME_LOOSE && (exact_ids || loose_ids > 1))
			fits[i].id = NAME_DIFFERENT;
		if (fits[i].code == NAME_LOOSE && (exact_codes || loose_codes > 1))
			fits[i].rung = RUNG_NONE;
		if (fits[i].office && own_codes)
			fits[i].rung = RUNG_NONE;
	}
}

static bool is_named_on(const struct fit *f, enum rung rung)
{
	return rung == RUNG_DOCUMENT_ID ? f->id != NAME_DIFFERENT : f->rung == rung;
}

/* Does @code belong to @c, as its own or within its id, also with a lost Đ? */
static bool bears(struct judge *j, const struct link_candidate *c, const char *code)
{
	struct name_id id = name_read_id(j->arena, c->known.document_id);

	return name_fit_codes(code, c->code) != NAME_DIFFERENT ||
	       name_fit_codes(code, id.code) != NAME_DIFFERENT;
}

/*
 * M2: a code that is not that of the document the id names, and that is some other's.
 * A bare one says whose it is only by company: it is the same issuer's, or the sender
 * owes something there.
 */
static void believe_bare_codes(
	struct judge *j, const struct event_reference *r, struct fit *fits)
{
	const struct link_input *in = j->in;
	const char *code = name_fold_code(j->arena, r->code);
	const struct link_candidate *named = NULL;

	bool borne = false;

	for (size_t i = 0; i < in->candidates_n; i++)
		if (fits[i].id != NAME_DIFFERENT) {
			named = &in->candidates[i];
			borne |= bears(j, named, code);
		}
	for (size_t i = 0; i < in->candidates_n; i++) {
		const struct link_candidate *c = &in->candidates[i];

		fits[i].bare = fits[i].bare && named && !borne &&
			       judge_issued_on(c) <= in->sent_on &&
			       (r->organ_id || c->mine_n ||
				       fit_organ(j, named->known.issuer, c));
	}
}

/* M2 inside one entry: the id names A and the code names B. */
static bool entry_contradicts(struct judge *j, const struct fit *fits)
{
	bool by_id = false, by_code = false, by_both = false;

	for (size_t i = 0; i < j->in->candidates_n; i++) {
		bool code = fits[i].rung != RUNG_NONE || fits[i].bare;

		by_id |= fits[i].id != NAME_DIFFERENT;
		by_code |= code;
		by_both |= fits[i].id != NAME_DIFFERENT && code;
	}
	return by_id && by_code && !by_both;
}

/* How the name an entry gives of @c is spelled otherwise than @c's own. */
static const char *respelled(struct judge *j, const struct event_reference *r,
	const struct link_candidate *c, enum rung rung)
{
	struct name_id id = name_read_id(j->arena, r->document_id);
	struct name_id own = name_read_id(j->arena, c->known.document_id);

	if (rung != RUNG_DOCUMENT_ID)
		return name_differences(j->arena, r->code, c->known.code);
	if (!id.conventional)
		return name_differences(j->arena, r->document_id, c->known.document_id);
	return name_differences(j->arena, id.written_code,
		c->known.code ? c->known.code : own.written_code);
}

/* M9: @says, and in brackets what had to be folded before it fitted. */
static const char *finding(struct judge *j, const char *says,
	const struct event_reference *r, const struct link_candidate *c, enum rung rung)
{
	struct event_reference whole = complete(j, r);
	struct name_id id = name_read_id(j->arena, r->document_id);
	const char *organ =
		rung == RUNG_DOCUMENT_ID && id.conventional ? id.organ : whole.organ_id;
	const char *spelled = respelled(j, &whole, c, rung);
	const char *other =
		!organ || !c->known.issuer || text_same_id(organ, c->known.issuer)
			? NULL
		: same_organ_ever(j, organ, c->known.issuer, c->known.issued_on)
			? "another id of its organ"
			: "its issuer issues for that organ";

	if (!spelled && !other)
		return says;
	return arena_printf(j->arena, "%s (folded: %s%s%s)", says,
		spelled ? spelled : "", spelled && other ? ", " : "",
		other ? other : "");
}

/* M1: number_organ closes when exactly one document fits among those the sender leads a
 * task of, issued within the 12 months before the reply. */
static void answer_by_number_organ(
	struct judge *j, const struct event_reference *r, const struct fit *fits)
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
		if (c->mine_n && judge_issued_on(c) >= from &&
			judge_issued_on(c) <= in->sent_on) {
			fitting += !only || !judge_same_tasks(only, c);
			only = c;
		}
	}
	if (fitting == 1) {
		judge_trace(j, only, RUNG_NUMBER_ORGAN, true,
			finding(j, "it alone fits by its number", r, only,
				RUNG_NUMBER_ORGAN));
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

/* @rung closes by itself; but where several documents of different tasks bear the name,
 * none is picked. */
static void answer_named(struct judge *j, const struct event_reference *r,
	const struct fit *fits, enum rung rung)
{
	const struct link_input *in = j->in;
	struct link_candidate *first = NULL;
	bool several = false, by_id = rung == RUNG_DOCUMENT_ID;

	for (size_t i = 0; i < in->candidates_n; i++) {
		struct link_candidate *c = &in->candidates[i];

		if (!is_named_on(&fits[i], rung) || (!by_id && !c->mine_n))
			continue;
		several |= first && !(by_id ? judge_same_tasks(first, c)
					    : judge_share_task(first, c));
		first = first ? first : c;
	}
	for (size_t i = 0; i < in->candidates_n; i++) {
		struct link_candidate *c = &in->candidates[i];

		if (!is_named_on(&fits[i], rung))
			continue;
		judge_trace(j, c, rung, true,
			several ? by_id ? "several documents bear this id"
					: "several documents bear this number"
				: finding(j,
					  by_id ? "the id names it"
						: "number, date and organ fit",
					  r, c, rung));
		if (several && c->mine_n)
			judge_suggest(j, c, rung, "several_documents");
		else
			judge_answer(j, c, rung, NULL);
	}
}

/* M2: neither is picked, on this rung or any other. */
static void contest(struct judge *j, const struct fit *fits)
{
	j->contradicted = true;
	for (size_t i = 0; i < j->in->candidates_n; i++) {
		struct link_candidate *c = &j->in->candidates[i];
		enum rung rung = fits[i].id != NAME_DIFFERENT ? RUNG_DOCUMENT_ID
				 : fits[i].bare               ? RUNG_NUMBER_ORGAN
							      : fits[i].rung;

		if (!rung)
			continue;
		c->contested = true;
		c->referred_on = c->referred_on ? c->referred_on : rung;
	}
}

static void suggest_both_sides(struct judge *j, const struct fit *fits)
{
	for (size_t i = 0; i < j->in->candidates_n; i++) {
		struct link_candidate *c = &j->in->candidates[i];
		bool by_id = fits[i].id != NAME_DIFFERENT;
		enum rung rung = by_id          ? RUNG_DOCUMENT_ID
				 : fits[i].bare ? RUNG_NUMBER_ORGAN
						: fits[i].rung;

		if (!rung)
			continue;
		judge_trace(j, c, rung, true,
			by_id ? "the id names it"
			      : "the code beside the id names it instead");
		judge_suggest(j, c, rung, "different_documents");
		if (!c->mine_n)
			judge_link(j, c->known.id, 0, LINK_MENTION, RUNG_DOCUMENT_ID,
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

void judge_find_callings(struct judge *j, struct link_candidate *c)
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
		fit_code(j, r, c, &fits[i]);
	}
	drop_loose(j, fits);
	believe_bare_codes(j, r, fits);
}

void judge_entry(struct judge *j, const struct event_reference *r, bool answers)
{
	const struct link_input *in = j->in;
	struct fit *fits = j->fits;
	bool by_id = false, by_date = false, by_organ = false;

	if (!fits)
		fits = j->fits =
			arena_alloc(j->arena, (in->candidates_n + 1) * sizeof(*fits));
	fit_all(j, r, fits);
	for (size_t i = 0; i < in->candidates_n; i++) {
		struct link_candidate *c = &in->candidates[i];
		bool id = fits[i].id != NAME_DIFFERENT;

		by_id |= id;
		by_date |= fits[i].rung == RUNG_NUMBER_DATE_ORGAN;
		by_organ |= fits[i].rung == RUNG_NUMBER_ORGAN;
		c->referred |= id || fits[i].rung;
		if (!c->referred_on)
			c->referred_on = id ? RUNG_DOCUMENT_ID : fits[i].rung;
	}
	j->references_known |= by_id || by_date || by_organ;
	bool contradicts = entry_contradicts(j, fits);

	if (contradicts)
		contest(j, fits);
	if (!answers)
		return;
	if (contradicts)
		suggest_both_sides(j, fits);
	else if (by_id || by_date)
		answer_named(
			j, r, fits, by_id ? RUNG_DOCUMENT_ID : RUNG_NUMBER_DATE_ORGAN);
	else if (by_organ)
		answer_by_number_organ(j, r, fits);
	else
		judge_trace(j, NULL, RUNG_NONE, false,
			names_itself(j, r)
				? "it names itself; no document answers itself"
				: "nothing known under this reference");
}
