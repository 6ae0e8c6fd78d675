/*
 * The documents a Vietnamese subject or content cites (M1): "Trả lời Công văn số
 * 6795/UBND-PVHCC ngày 20/11/2025 của UBND tỉnh về việc …". One code or several, lists
 * that share a notation, a date or an issuing organ, codes with a year inside, dash and
 * slash variants. A citation says why it stands there, so that what is answered is told
 * from what is relied on. It names; whether it answers is the ladder's business (M1).
 *
 * A code is a number, a slash (a dash in Party documents) and a notation. Dates,
 * amounts, addresses, standards ("QCVN 40:2011/BTNMT"), forms ("Mẫu số 01/ĐK") and
 * numbers alone are none.
 */
#pragma once

#include <stdbool.h>

#include "gateway/base/arena.h"
#include "gateway/base/day.h"

enum citation_role {
	CITATION_OTHER, /* attached, replaced, part of a quoted subject, or no word why
			 */
	CITATION_BASIS, /* "Căn cứ …"; laws and decrees however they are introduced */
	CITATION_ANSWERED, /* trả lời, phúc đáp, thực hiện, theo đề nghị tại … */
	CITATION_OWN, /* the document's own code */
};

struct citation {
	const char
		*code; /* folded as by name_fold_code; of "12, 15/UBND-VX" each whole */
	day_t on;      /* DAY_NONE: none given, no such day, or one without a year */
	const char *organ; /* who issued it, as written; NULL when nobody is named */
	enum citation_role role;
	bool shared_date;  /* one date stands for a whole list this is part of */
	bool shared_organ; /* the organ is named behind a later one of the list */
};

enum { CITATIONS_MAX = 200 };

/* In the order of the text, each code and date once. */
struct citations {
	struct citation *at;
	size_t n, cap;
};

/* Words for people and JSON. */
extern const char *const citation_role_words[4];

/* What @text cites; @own_code (may be NULL) is the code of the document it is from. Of
 * a text with more than CITATIONS_MAX citations the first are given. */
void citation_read(struct arena *arena, const char *text, const char *own_code,
	struct citations *ret_list);
