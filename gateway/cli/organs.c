/*
 * `organs list` and `organs find`: the configured organ table (O1), for people who ask
 * who is who.
 */
#include <string.h>
#include <strings.h>
#include <sysexits.h>

#include "gateway/base/json.h"
#include "gateway/base/text.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/output.h"
#include "gateway/cli/setup.h"

enum { NAME_COLUMNS = 48, IDS_COLUMNS = 40 };

static void put_texts(
	struct json *j, const char *name, const char *const *texts, size_t n)
{
	json_key(j, name);
	json_open(j, '[');
	for (size_t i = 0; i < n; i++)
		json_text(j, texts[i]);
	json_close(j, ']');
}

static void put_day(struct json *j, const char *name, day_t day)
{
	char text[DAY_TEXT];

	json_put_text(j, name, day_text(day, text));
}

static void put_aliases(struct json *j, const struct organ *organ)
{
	json_key(j, "aliases");
	json_open(j, '[');
	for (size_t i = 0; i < organ->aliases_n; i++) {
		json_open(j, '{');
		json_put_text(j, "id", organ->aliases[i].id);
		put_day(j, "from", organ->aliases[i].from);
		put_day(j, "to", organ->aliases[i].to);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_successor(struct json *j, const struct organ *organ)
{
	json_key(j, "successor");
	if (!organ->successor) {
		json_absent(j);
		return;
	}
	json_open(j, '{');
	json_put_text(j, "id", organ->successor);
	put_day(j, "from", organ->successor_from);
	json_close(j, '}');
}

static void print_organ(const struct organ *organ)
{
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};

	json_open(&j, '{');
	json_put_text(&j, "id", organ->id);
	put_texts(&j, "names", organ->names, organ->names_n);
	json_put_text(&j, "parent", organ->parent);
	put_aliases(&j, organ);
	put_successor(&j, organ);
	json_key(&j, "uses_eoffice");
	json_bool(&j, organ->uses_eoffice);
	put_texts(&j, "answered_by", organ->answered_by, organ->answered_by_n);
	put_texts(&j, "receives_for", organ->receives_for, organ->receives_for_n);
	put_texts(&j, "issues_for", organ->issues_for, organ->issues_for_n);
	json_close(&j, '}');
	out_line(&line);
}

static void add_row(struct table *table, const struct organ *organ)
{
	cleanup_buf struct buf ids = {0};

	for (size_t i = 0; i < organ->aliases_n; i++)
		buf_printf(&ids, "%s%s", i ? ", " : "", organ->aliases[i].id);
	table_add(table, organ->id, 0);
	table_add(table, organ->names_n ? organ->names[0] : NULL, NAME_COLUMNS);
	table_add(table, organ->parent, 0);
	table_add(table, ids.n ? buf_text(&ids) : NULL, IDS_COLUMNS);
	table_add(table, organ->successor, 0);
}

/* What is looked for; a zeroed one matches every organ. */
struct wanted {
	struct arena scratch;
	const char *id, *folded;
};

static bool is_wanted(struct wanted *w, const struct organ *organ)
{
	size_t n = w->id ? strlen(w->id) : 0;
	bool found = !w->id || !strncasecmp(organ->id, w->id, n);

	for (size_t i = 0; i < organ->aliases_n && !found; i++)
		found = !strncasecmp(organ->aliases[i].id, w->id, n);
	arena_reset(&w->scratch);
	for (size_t i = 0; i < organ->names_n && !found; i++)
		found = strstr(
			text_fold_ascii(&w->scratch, organ->names[i]), w->folded);
	return found;
}

/* Returns how many there are. */
static size_t print_wanted(
	const struct cli *cli, const struct organ_table *organs, struct wanted *w)
{
	cleanup_table struct table table = {
		.headings = {"id", "name", "parent", "other ids", "successor"}};
	size_t found = 0;

	for (size_t i = 0; i < organ_table_size(organs); i++) {
		const struct organ *organ = organ_table_at(organs, i);

		if (!is_wanted(w, organ))
			continue;
		found++;
		if (cli->json)
			print_organ(organ);
		else
			add_row(&table, organ);
	}
	if (!cli->json && found)
		table_print(&table);
	return found;
}

int command_organs_list(const struct cli *cli)
{
	cleanup_config struct config *config = NULL;
	struct wanted all = {0};
	int code = setup_config(cli, false, &config);

	if (code)
		return code;
	if (!print_wanted(cli, config->organs, &all) && !cli->json)
		out_text("the organ table is empty");
	return 0;
}

int command_organs_find(const struct cli *cli)
{
	cleanup_config struct config *config = NULL;
	cleanup_arena struct arena arena = {0};
	cleanup_buf struct buf words = {0};
	struct wanted w = {0};
	int code = setup_config(cli, false, &config);

	if (code)
		return code;
	for (size_t i = 0; i < cli->words_n; i++)
		buf_printf(&words, "%s%s", i ? " " : "", cli->words[i]);
	w.id = text_clean(&arena, buf_text(&words), words.n, NULL);
	w.folded = text_fold_ascii(&arena, w.id);
	size_t found = *w.id ? print_wanted(cli, config->organs, &w) : 0;

	arena_deinit(&w.scratch);
	if (found)
		return 0;
	out_complain(cli, "id.unknown", "the organ table has nobody called '%s'", w.id);
	return EX_DATAERR;
}
