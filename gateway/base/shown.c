#include "gateway/base/shown.h"

#include <stdbool.h>
#include <utf8proc.h>

#include "gateway/base/buf.h"

/* C0, C1 and the invisible marks that turn the direction of the text around. */
static bool is_hidden(utf8proc_int32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200e && c <= 0x200f) ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* One character of @text: its bytes, or 1 for a byte that is none; *@ret_width columns.
 */
static size_t next_character(const char *text, bool *ret_hidden, size_t *ret_width)
{
	utf8proc_int32_t c;
	utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text, -1, &c);

	*ret_hidden = n <= 0 || is_hidden(c);
	*ret_width = *ret_hidden ? 1 : (size_t)utf8proc_charwidth(c);
	return n <= 0 ? 1 : (size_t)n;
}

size_t shown_columns(const char *text)
{
	size_t columns = 0, width;
	bool hidden;

	while (*text) {
		text += next_character(text, &hidden, &width);
		columns += width;
	}
	return columns;
}

const char *shown_text(struct arena *arena, const char *text, size_t columns)
{
	cleanup_buf struct buf shown = {0};
	size_t used = 0, width;
	bool hidden;

	if (!text)
		return "-";
	bool cut = columns && shown_columns(text) > columns;

	while (*text) {
		size_t n = next_character(text, &hidden, &width);

		if (cut && used + width > columns - 1) {
			buf_add_text(&shown, "…");
			break;
		}
		if (hidden)
			buf_add_text(&shown, "\xef\xbf\xbd");
		else
			buf_add(&shown, text, n);
		used += width;
		text += n;
	}
	return arena_dup(arena, buf_text(&shown));
}
