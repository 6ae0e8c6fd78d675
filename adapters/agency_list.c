#include "adapters/agency_list.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "adapters/agency_list_parts.h"
#include "gateway/base/text.h"

enum { ID_MIN = 2, ID_MAX = 64 };

static const char byte_order_mark[] = "\xef\xbb\xbf";

void agency_list_deinit(struct agency_list *list)
{
	if (!list)
		return;
	arena_deinit(&list->arena);
	*list = (struct agency_list){0};
}

/* O1: can @text be an organ's id? NULL cannot. */
static bool is_organ_id(const char *text)
{
	size_t n = text ? strlen(text) : 0;

	if (n < ID_MIN || n > ID_MAX || !isalnum((unsigned char)text[0]))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("._:-", text[i]))
			return false;
	return true;
}

void agency_list_complain(
	struct agency_list *list, int line, int column, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	*LIST_ADD(&list->arena, &list->complaints) = (struct agency_complaint){
		.line = line,
		.column = column,
		.text = arena_dup(&list->arena, text),
	};
}

int agency_list_refuse(struct agency_list *list, int line, int column, struct err *e,
	const char *format, ...)
{
	char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	list->line = line;
	list->column = column;
	return err_set(e, ERR_INPUT, "%s", text);
}

const char *agency_list_text(struct agency_list *list, const char *bytes, size_t n)
{
	const char *text = text_clean(&list->arena, bytes, n, NULL);

	return text_is_filler(text) ? NULL : text;
}

/* @text if it is an organ id; else NULL, complained of. */
static const char *judge_id(struct agency_list *list, const struct agency *agency,
	const char *what, const char *text)
{
	if (!text || is_organ_id(text))
		return text;
	agency_list_complain(list, agency->line, agency->column,
		"%s \"%.80s\" is no organ id and is not taken over: 2 to 64 letters, "
		"digits, '.', '_', ':' or '-'",
		what, text);
	return NULL;
}

void agency_list_add(struct agency_list *list, struct agency agency)
{
	agency.id = judge_id(list, &agency, "the id", agency.id);
	agency.old_id = judge_id(list, &agency, "the old id", agency.old_id);
	if (!agency.id && agency.old_id) {
		agency_list_complain(list, agency.line, agency.column,
			"organ %s has no new id; its old one is taken as its id",
			agency.old_id);
		agency.id = agency.old_id;
		agency.old_id = NULL;
	} else if (!agency.id) {
		agency_list_complain(list, agency.line, agency.column,
			"\"%.120s\" has no organ id and is passed over",
			agency.name ? agency.name : "");
	} else if (agency.old_id && text_same_id(agency.id, agency.old_id)) {
		agency_list_complain(list, agency.line, agency.column,
			"organ %s: its old id is its new one", agency.id);
		agency.old_id = NULL;
	}
	*LIST_ADD(&list->arena, &list->agencies) = agency;
}

/* The list is refused when it names nobody: an empty table is no import. */
static int judge_whole(struct agency_list *list, struct err *e)
{
	for (size_t i = 0; i < list->agencies.n; i++)
		if (list->agencies.at[i].id)
			return 0;
	if (!list->agencies.n)
		return agency_list_refuse(list, 1, 1, e, "the list is empty");
	return agency_list_refuse(list, 1, 1, e,
		"none of the list's %zu entries has an organ id", list->agencies.n);
}

int agency_list_read(
	struct agency_list *list, const char *bytes, size_t n, struct err *e)
{
	size_t mark = sizeof(byte_order_mark) - 1, first = 0;

	if (n >= mark && memcmp(bytes, byte_order_mark, mark) == 0) {
		bytes += mark;
		n -= mark;
	}
	while (first < n && strchr(" \t\r\n", bytes[first]) && bytes[first])
		first++;
	if (first == n)
		return agency_list_refuse(list, 1, 1, e, "the file is empty");

	char begins = bytes[first];
	int failed = begins == '{' || begins == '['
			     ? agency_list_read_json(list, bytes, n, e)
		     : begins == '<'
			     ? agency_list_read_xml(list, bytes, n, e)
			     : agency_list_refuse(list, 1, 1, e,
				       "this is neither JSON nor XML: an agency list "
				       "begins with '{', '[' or '<'");

	return failed ? -1 : judge_whole(list, e);
}
