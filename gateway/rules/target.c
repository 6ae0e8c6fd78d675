#include "gateway/rules/target.h"

#include <string.h>

#include "gateway/base/text.h"
#include "gateway/rules/names.h"

static bool same_organ(
	const struct organ_table *organs, const char *a, const char *b, day_t day)
{
	return a && b &&
	       (organ_same(organs, a, day, b, day) ||
		       organ_same(organs, a, DAY_NONE, b, DAY_NONE));
}

/* How @organ, as somebody names an issuer, fits @issuer: loosely where @issuer may
 * issue for it (O1). */
static enum name_fit fits_organ(const struct organ_table *organs, const char *organ,
	const char *issuer, day_t day)
{
	if (same_organ(organs, organ, issuer, day))
		return NAME_EXACT;
	return organ_issues_for(organs, issuer, day, organ) ? NAME_LOOSE
							    : NAME_DIFFERENT;
}

static enum name_fit weaker(enum name_fit a, enum name_fit b)
{
	return a < b ? a : b;
}

/* Conventional @id against one conventional or spelled-out name. */
static enum name_fit fits_name(const struct organ_table *organs,
	const struct name_id *id, const char *organ, day_t day, const char *date_text,
	const char *code)
{
	bool same_day = id->day != DAY_NONE && day != DAY_NONE
				? id->day == day
				: date_text && strcmp(id->date_text, date_text) == 0;

	if (!same_day)
		return NAME_DIFFERENT;
	return weaker(fits_organ(organs, id->organ, organ, day),
		name_fit_codes(id->code, code));
}

enum name_fit target_id_names(struct arena *arena, const struct organ_table *organs,
	const char *document_id, const struct known_document *known)
{
	struct name_id id = name_read_id(arena, document_id);
	enum name_fit best = NAME_DIFFERENT, fit;

	if (!id.folded)
		return NAME_DIFFERENT;
	for (size_t i = 0; i <= known->also_n; i++) {
		const char *name = i ? known->also[i - 1] : known->document_id;
		struct name_id own = name_read_id(arena, name);

		if (!own.folded)
			continue;
		if (strcmp(own.folded, id.folded) == 0)
			return NAME_EXACT;
		if (!id.conventional || !own.conventional)
			continue;
		fit = fits_name(
			organs, &id, own.organ, own.day, own.date_text, own.code);
		best = fit > best ? fit : best;
	}
	if (!id.conventional)
		return best;
	fit = fits_name(organs, &id, known->issuer, known->issued_on, NULL,
		name_fold_code(arena, known->code));
	return fit > best ? fit : best;
}

enum target_fit target_fit_amended(struct arena *arena,
	const struct organ_table *organs, const struct event *ev, day_t sent_on,
	const struct event_target *t, const struct known_document *known,
	bool *ret_code_only)
{
	const char *id = t ? t->document_id : ev->document_id;
	enum name_fit by_id = target_id_names(arena, organs, id, known);
	bool own = known->issuer && ev->from.organ_id &&
		   organ_may_amend(organs, ev->from.organ_id, sent_on, known->issuer,
			   known->issued_on);

	*ret_code_only = false;
	if (by_id == NAME_EXACT)
		return own ? TARGET_OWN : TARGET_ANOTHERS;
	if (!own)
		return TARGET_NOT;
	if (by_id == NAME_LOOSE)
		return TARGET_LOOSELY;
	if (!t || !t->code)
		return TARGET_NOT;
	enum name_fit by_code = name_fit_codes(
		name_fold_code(arena, t->code), name_fold_code(arena, known->code));
	bool dated = t->issued_on != DAY_NONE;
	bool near = dated ? t->issued_on == known->issued_on
			  : known->issued_on <= sent_on &&
				    known->issued_on >= day_add_months(sent_on, -12);

	if (by_code == NAME_DIFFERENT || !near)
		return TARGET_NOT;
	*ret_code_only = !dated;
	return by_code == NAME_EXACT ? TARGET_OWN : TARGET_LOOSELY;
}

enum name_fit target_fit_reported(struct arena *arena, const struct organ_table *organs,
	const struct event_target *t, const struct known_document *known)
{
	enum name_fit by_id = target_id_names(arena, organs, t->document_id, known);

	if (by_id != NAME_DIFFERENT) {
		bool opaque = !name_read_id(arena, t->document_id).conventional;

		return !opaque || !t->organ_id
			       ? by_id
			       : weaker(by_id,
					 fits_organ(organs, t->organ_id, known->issuer,
						 known->issued_on));
	}
	if (!t->code || !t->organ_id ||
		(t->issued_on != DAY_NONE && t->issued_on != known->issued_on))
		return NAME_DIFFERENT;
	return weaker(fits_organ(organs, t->organ_id, known->issuer, known->issued_on),
		name_fit_codes(name_fold_code(arena, t->code),
			name_fold_code(arena, known->code)));
}
