#include "gateway/rules/reply_kind.h"

#include <ctype.h>
#include <string.h>

#include "gateway/base/text.h"

struct phrase {
	enum reply_kind kind;
	const char *words; /* folded to ASCII */
};

/*
 * The first row whose words stand in the subject decides. Rows are compared without
 * Vietnamese marks, since subjects often lose them.
 */
static const struct phrase phrases[] = {
	{REPLY_KIND_EXTENSION, "xin gia han"},
	{REPLY_KIND_EXTENSION, "de nghi gia han"},
	{REPLY_KIND_EXTENSION, "de xuat gia han"},
	{REPLY_KIND_EXTENSION, "gia han thoi gian"},
	{REPLY_KIND_EXTENSION, "gia han thoi han"},
	{REPLY_KIND_EXTENSION, "lui thoi han"},
	{REPLY_KIND_EXTENSION, "lui thoi gian"},
	{REPLY_KIND_EXTENSION, "xin lui"},
	{REPLY_KIND_EXTENSION, "de nghi lui"},
	{REPLY_KIND_EXTENSION, "keo dai thoi"},
	{REPLY_KIND_EXTENSION, "dieu chinh thoi han"},
	{REPLY_KIND_EXTENSION, "dieu chinh thoi gian thuc hien"},
	{REPLY_KIND_EXTENSION, "xin them thoi gian"},
	{REPLY_KIND_HAND_BACK, "khong thuoc tham quyen"},
	{REPLY_KIND_HAND_BACK, "khong thuoc chuc nang"},
	{REPLY_KIND_HAND_BACK, "khong thuoc pham vi"},
	{REPLY_KIND_HAND_BACK, "chuyen tra"},
	{REPLY_KIND_HAND_BACK, "tra lai van ban"},
	{REPLY_KIND_HAND_BACK, "tra lai nhiem vu"},
	{REPLY_KIND_HAND_BACK, "de nghi chuyen"},
	{REPLY_KIND_GUIDANCE, "xin y kien"},
	{REPLY_KIND_GUIDANCE, "xin huong dan"},
	{REPLY_KIND_GUIDANCE, "de nghi huong dan"},
	{REPLY_KIND_GUIDANCE, "xin chu truong"},
	{REPLY_KIND_INTERIM, "bao cao tien do"},
	{REPLY_KIND_INTERIM, "tien do thuc hien"},
	{REPLY_KIND_INTERIM, "ket qua buoc dau"},
	{REPLY_KIND_INTERIM, "bao cao buoc dau"},
	{REPLY_KIND_INTERIM, "bao cao so bo"},
	{REPLY_KIND_INTERIM, "ket qua so bo"},
	{REPLY_KIND_INTERIM, "so bo ket qua"},
};

/* Is @word (of @n bytes) at @at of @text a whole run of words? */
static bool is_whole(const char *text, const char *at, size_t n)
{
	return (at == text || !isalnum((unsigned char)at[-1])) &&
	       !isalnum((unsigned char)at[n]);
}

static const char *find_words(const char *text, const char *words)
{
	size_t n = strlen(words);

	for (const char *at = text; (at = strstr(at, words)); at++)
		if (is_whole(text, at, n))
			return at;
	return NULL;
}

/*
 * Cut what quotes the answered document's subject: what follows "về việc", "v/v" or
 * "về" after a cited code. What stands before the code is the answer's own.
 */
static void cut_quoted(char *folded)
{
	static const char *const openings[] = {"ve viec", "v/v", "ve"};
	char *code = NULL;

	for (char *p = folded; *p && !code; p++)
		if (isdigit((unsigned char)p[0]) && p[1] == '/' && !isdigit((unsigned char)p[2]))
			code = p;
	if (!code)
		return;
	for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++) {
		char *from = strstr(code, openings[i]);

		if (from && is_whole(folded, from, strlen(openings[i]))) {
			*from = '\0';
			return;
		}
	}
}

/* "kết quả giải quyết hồ sơ xin gia hạn giấy phép": the matter asks, not the sender. */
static bool is_the_matter(const char *folded, const char *at)
{
	static const char *const matters[] = {
		"ho so", "thu tuc", "truong hop", "ket qua giai quyet"};

	for (size_t i = 0; i < sizeof(matters) / sizeof(matters[0]); i++) {
		const char *matter = find_words(folded, matters[i]);

		if (matter && matter < at)
			return true;
	}
	return false;
}

enum reply_kind reply_kind_of(
	struct arena *arena, enum reply_kind said, const char *subject)
{
	if (said != REPLY_KIND_UNKNOWN)
		return said;
	char *folded = arena_dup(arena, text_fold_ascii(arena, subject));

	cut_quoted(folded);
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
		const char *at = find_words(folded, phrases[i].words);

		if (at && !is_the_matter(folded, at))
			return phrases[i].kind;
	}
	return REPLY_KIND_FINAL;
}

bool reply_kind_asks_progress(struct arena *arena, const char *text)
{
	const char *folded = text_fold_ascii(arena, text);

	return find_words(folded, "bao cao tien do") || find_words(folded, "tien do thuc hien");
}
