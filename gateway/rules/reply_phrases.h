/*
 * The words by which an answer says what it is, and those that open a matter in which
 * such words do not count. Data for gateway/rules/reply_kind.c; rows, and words in the
 * lists they are made of, may be added freely.
 */
#pragma once

#include <stddef.h>

#include "gateway/model/event.h"

/* What beside its words a phrase needs to count. */
enum reply_need {
	SAYS_PLAIN, /* nothing */
	SAYS_NOT_OURS, /* no matter before it, or "… của đơn vị" behind it: ourselves */
	SAYS_EXTENDS, /* "gia hạn": a request before it, or a time to extend behind it
		       */
	SAYS_MOVES_TIME, /* "điều chỉnh": a time behind it that is the task's own */
	SAYS_HANDS_ON, /* "đề nghị chuyển": a document or a duty, not land or money */
	SAYS_AT_HEAD, /* only as the first words the sender says */
	SAYS_STATE, /* "đang thực hiện": said of the task, not of the projects looked at
		     */
	SAYS_DAYS,     /* "thêm 10 ngày": days behind it, asked for right before */
	SAYS_GIVES_ON, /* "giao Sở Xây dựng": asked for, and an organ behind it */
	SAYS_LEADS, /* "Sở Tài chính chủ trì": an organ is asked to, and no meeting */
	SAYS_LATE,        /* "chậm": asked for, beside what is to be handed in */
	SAYS_NOT_IN_TIME, /* "chưa thể trình": "đúng thời hạn" follows */
	SAYS_ELSEWHERE,   /* "chuyển đơn": to whoever has "thẩm quyền" */
	SAYS_PART,        /* "đợt 1": where a report's subject pauses or ends */
	SAYS_REQUEST,     /* "hướng dẫn": somebody is asked for it right before */
};

/* Whom an opener of a matter silences: bits of enum reply_kind, one for SAYS_STATE and
 * one for SAYS_PART. */
enum {
	E = 1 << REPLY_KIND_EXTENSION,
	H = 1 << REPLY_KIND_HAND_BACK,
	G = 1 << REPLY_KIND_GUIDANCE,
	I = 1 << REPLY_KIND_INTERIM,
	S = 1 << 7,
	P = 1 << 8,
};

enum {
	MATTER = 0,
	ANSWERS = 1, /* a letter, behind whose code the sender may speak */
	YIELDS = 2,  /* not after the sender's own request: "đề nghị xem xét" */
};

enum { REPLY_PHRASE_PARTS = 3 };

/* One after another, one of each list; a list ends with NULL, and one that begins with
 * "" may be left out (never the first). */
struct reply_phrase {
	enum reply_kind kind;
	enum reply_need need;
	const char *const *parts[REPLY_PHRASE_PARTS];
};

struct reply_opener {
	unsigned how, silences;
	const char *words;
};

/* What senders say; of several phrases in one subject the one that stands first counts.
 */
extern const struct reply_phrase reply_phrases[];
extern const size_t reply_phrases_n;

/* Words whose object is a matter: whoever asks behind them is not the sender. */
extern const struct reply_opener reply_openers[];
extern const size_t reply_openers_n;

/* What is handed in by a day: "nộp", "báo cáo", "hoàn thành". */
extern const char *const reply_delivers[];
