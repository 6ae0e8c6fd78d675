#include "adapters/fill.h"

#include <stdio.h>
#include <string.h>

#include "adapters/http_url.h"
#include "gateway/base/json.h"

/* The name in the braces that open at @at, its length; 0: only a brace. */
static size_t name_at(const char *at)
{
	size_t n = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_");

	return at[n + 1] == '}' && n < FILL_NAME ? n : 0;
}

/* The next name of @template, after its brace; NULL: there is none. */
static const char *next_name(const char *template, size_t *ret_n)
{
	for (const char *at = template; (at = strchr(at, '{')); at++)
		if ((*ret_n = name_at(at)))
			return at + 1;
	return NULL;
}

static bool is_name(const char *at, size_t n, const char *name)
{
	return strlen(name) == n && !memcmp(at, name, n);
}

bool fill_judge(
	const char *template, const char *const *names, char ret_name[FILL_NAME])
{
	size_t n = 0;

	for (const char *at = template; (at = next_name(at, &n));) {
		const char *const *known = names;

		while (*known && !is_name(at, n, *known))
			known++;
		if (!*known) {
			snprintf(ret_name, FILL_NAME, "%.*s", (int)n, at);
			return false;
		}
	}
	return true;
}

bool fill_asks(const char *template, const char *name)
{
	size_t n = 0;
	const char *at = template;

	while ((at = next_name(at, &n)) && !is_name(at, n, name))
		continue;
	return at != NULL;
}

static void add_json(const char *value, struct buf *out)
{
	cleanup_buf struct buf quoted = {0};
	struct json j = {.out = &quoted};

	json_text(&j, value);
	buf_add(out, quoted.data + 1, quoted.n - 2);
}

static void add_xml(const char *value, struct buf *out)
{
	for (const char *at = value; *at; at++) {
		if (strchr("<>&\"'", *at))
			buf_printf(out, "&#%d;", *at);
		else
			buf_add_char(out, *at);
	}
}

static void add(const char *value, enum fill_escape escape, struct buf *out)
{
	switch (escape) {
	case FILL_URL:
		http_url_escape(value, out);
		break;
	case FILL_JSON:
		add_json(value, out);
		break;
	case FILL_XML:
		add_xml(value, out);
		break;
	case FILL_PLAIN:
		buf_add_text(out, value);
		break;
	}
}

void fill_template(const char *template, const struct fill_value *values,
	size_t values_n, enum fill_escape escape, struct buf *out)
{
	size_t n = 0;
	const char *rest = template;

	for (const char *at; (at = next_name(rest, &n)); rest = at + n + 1) {
		size_t i = 0;

		while (i < values_n && !is_name(at, n, values[i].name))
			i++;
		buf_add(out, rest, (size_t)(at - 1 - rest));
		if (i < values_n)
			add(values[i].value ? values[i].value : "", escape, out);
		else
			buf_add(out, at - 1, n + 2);
	}
	buf_add_text(out, rest);
}
