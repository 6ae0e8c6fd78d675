/*
 * Why a document is cited: the words that introduce a code, and those that open the
 * quoted subject of a document already cited. Part of gateway/rules/citation.c.
 */
#pragma once

#include "gateway/rules/citation.h"
#include "gateway/rules/words.h"

/* What kind of paper a word before the code says it is. */
enum citation_paper {
	PAPER_UNSAID,
	PAPER_LETTER, /* công văn, kế hoạch, chỉ thị …: may be answered */
	PAPER_DECISION, /* a decision is carried out ("thực hiện") or relied on ("theo")
			 */
	PAPER_LAW,      /* luật, nghị định, thông tư: relied on */
	PAPER_FORM,     /* mẫu, phụ lục, quy chuẩn …: no document */
};

/* The paper whose name is written before the word @end; *@ret_from is its first word.
 */
enum citation_paper citation_paper_before(
	const struct words *w, size_t end, size_t *ret_from);

/* What is in force at a place of a sentence. */
struct citation_state {
	enum citation_role role; /* what the last introducing words say */
	bool introduced;         /* there were such words */
	bool fresh;              /* … since the last document cited */
	bool by_theo;            /* … and they were a mere "theo" */
	bool reporting;          /* "báo cáo", "kết quả" stood before */
	bool asking;      /* "yêu cầu", "đôn đốc": others shall carry it out */
	bool cited;       /* a document was cited in this sentence */
	bool quoting;     /* inside the quoted subject of that document */
	bool quote_cited; /* … which cites documents itself */
};

/* Read the words from @from up to @to into @state. */
void citation_state_read(
	struct citation_state *state, const struct words *w, size_t from, size_t to);

/* The role of a @paper cited at @intro (its first introducing word), and note that it
 * was cited. @in_list: nothing but "," or "và" stands between it and the one before. */
enum citation_role citation_state_cite(struct citation_state *state,
	const struct words *w, size_t intro, enum citation_paper paper, bool in_list);
