/* What organs_write writes, config_load reads back, member by member. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/base/buf.h"
#include "gateway/base/mem.h"
#include "gateway/config/config.h"
#include "gateway/config/file.h"
#include "gateway/config/organs_write.h"

struct scratch {
	char folder[64], organs[96], adapters[96];
};

static int set_up(void **state)
{
	struct scratch *s = mem_alloc(sizeof(*s));
	struct buf bytes = {0};
	struct err e = {0};

	snprintf(s->folder, sizeof(s->folder), "/tmp/congvan-organs-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	snprintf(s->organs, sizeof(s->organs), "%s/organs.yaml", s->folder);
	snprintf(s->adapters, sizeof(s->adapters), "%s/adapters.yaml", s->folder);
	buf_add_text(&bytes, "site: H99\norgans: organs.yaml\n");
	assert_int_equal(file_write(s->adapters, &bytes, &e), 0);
	buf_deinit(&bytes);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct scratch *s = *state;

	unlink(s->organs);
	unlink(s->adapters);
	assert_int_equal(rmdir(s->folder), 0); /* no half-written file stays behind */
	free(s);
	return 0;
}

static void same_text(const char *a, const char *b)
{
	assert_int_equal(!a, !b);
	if (a)
		assert_string_equal(a, b);
}

static void same_texts(
	const char *const *a, size_t a_n, const char *const *b, size_t b_n)
{
	assert_int_equal(a_n, b_n);
	for (size_t i = 0; i < a_n; i++)
		assert_string_equal(a[i], b[i]);
}

static void same_organ(const struct organ *a, const struct organ *b)
{
	assert_string_equal(a->id, b->id);
	same_texts(a->names, a->names_n, b->names, b->names_n);
	same_text(a->parent, b->parent);
	assert_int_equal(a->aliases_n, b->aliases_n);
	for (size_t i = 0; i < a->aliases_n; i++) {
		assert_string_equal(a->aliases[i].id, b->aliases[i].id);
		assert_int_equal(a->aliases[i].from, b->aliases[i].from);
		assert_int_equal(a->aliases[i].to, b->aliases[i].to);
	}
	same_text(a->successor, b->successor);
	assert_int_equal(a->successor_from, b->successor_from);
	assert_int_equal(a->uses_eoffice, b->uses_eoffice);
	same_texts(a->answered_by, a->answered_by_n, b->answered_by, b->answered_by_n);
	same_texts(
		a->receives_for, a->receives_for_n, b->receives_for, b->receives_for_n);
	same_texts(a->issues_for, a->issues_for_n, b->issues_for, b->issues_for_n);
}

static void check_round_trip(
	const struct scratch *s, const struct organ *organs, size_t n)
{
	struct config_complaints complaints = {0};
	struct config *config = NULL;
	cleanup_buf struct buf yaml = {0};
	struct err e = {0};

	if (organs_write(organs, n, &yaml, &e) || file_write(s->organs, &yaml, &e))
		fail_msg("%s", e.text);
	int failed = config_load(s->adapters, NULL, &config, &complaints);

	for (size_t i = 0; i < complaints.list.n; i++)
		print_error("%d:%d %s\n", complaints.list.at[i].line,
			complaints.list.at[i].column, complaints.list.at[i].message);
	assert_int_equal(failed, 0);
	assert_int_equal(organ_table_size(config->organs), n);
	for (size_t i = 0; i < n; i++)
		same_organ(organ_table_at(config->organs, i), &organs[i]);
	config_free(config);
	config_complaints_deinit(&complaints);
}

static void what_is_written_is_read_back_with_every_member(void **state)
{
	static const char *const names[] = {"UBND xã Cũ", "Xã \"Cũ\": số #6 \\ 0"};
	static const char *const ids[] = {"H99", "000.00.00.H99", "vxp:saas.03_1-a"};
	const struct organ_alias aliases[] = {
		{"000.00.60.H99", day_from(2020, 1, 1), day_from(2025, 6, 30)},
		{"H99.60.a", DAY_NONE, day_from(2024, 2, 29)},
		{"H99.60.b", day_from(1999, 12, 31), DAY_NONE},
		{"60", DAY_NONE, DAY_NONE},
	};
	const struct organ organs[] = {
		{.id = "H99.60",
			.names = names,
			.names_n = 2,
			.parent = "H99",
			.aliases = aliases,
			.aliases_n = 4,
			.successor = "H99.30",
			.successor_from = day_from(2025, 7, 1),
			.uses_eoffice = false,
			.answered_by = ids,
			.answered_by_n = 3,
			.receives_for = ids,
			.receives_for_n = 2,
			.issues_for = ids + 1,
			.issues_for_n = 2},
		{.id = "H99",
			.successor = "vxp:saas.03",
			.successor_from = DAY_NONE,
			.uses_eoffice = true},
	};

	check_round_trip(*state, organs, 2);
}

/* Each as an id or a name: none of them may be taken for anything but a text. */
static void a_text_stays_a_text_whatever_it_looks_like(void **state)
{
	static const char *const texts[] = {"null", "~", "true", "no", "1e5", "0x1F",
		".5", "2025-07-01", "- a", "? b", "a: b", "a #b", "#", "&a", "*a", "!a",
		"%a", "@a", "`a", "'a'", "\"a\"", "{a}", "[a]", "|", ">", "a\\nb",
		"---", "...", "<<", "=", "Sở “Y tế” – ½ €", "Xã \xf0\x9f\x8f\xa0",
		"\xef\xbf\xbd", "\xc2\xad", "a\x01\x1b[2Jb\x7f"};
	static const char *const ids[] = {"null", "true", "1e5", "0x1F", "020100107370",
		"12:30:45", "2025-07-01", "1_000", "NaN", "no"};
	struct organ organs[sizeof(ids) / sizeof(*ids)];
	size_t n = sizeof(ids) / sizeof(*ids);

	for (size_t i = 0; i < n; i++)
		organs[i] = (struct organ){.id = ids[i],
			.names = texts,
			.names_n = sizeof(texts) / sizeof(*texts),
			.parent = i ? ids[0] : NULL,
			.successor_from = DAY_NONE,
			.uses_eoffice = true};
	check_round_trip(*state, organs, n);
}

static void a_name_is_never_folded_over_lines(void **state)
{
	char name[5000];
	const char *const names[] = {name};
	struct organ organ = {.id = "H99",
		.names = names,
		.names_n = 1,
		.successor_from = DAY_NONE,
		.uses_eoffice = true};

	memset(name, 'a', sizeof(name) - 1);
	for (size_t i = 7; i < sizeof(name); i += 8)
		name[i] = ' ';
	name[sizeof(name) - 2] = 'z';
	name[sizeof(name) - 1] = '\0';
	check_round_trip(*state, &organ, 1);
}

static void a_table_larger_than_is_ever_read_is_not_written(void **state)
{
	enum { BIG = 1 << 20 };
	cleanup_free char *name = mem_alloc(BIG + 1);
	const char *names[80];
	struct organ organ = {.id = "H99", .names = names, .names_n = 80};
	cleanup_buf struct buf yaml = {0};
	struct err e = {0};

	(void)state;
	memset(name, 'a', BIG);
	for (size_t i = 0; i < 80; i++)
		names[i] = name;
	assert_int_equal(organs_write(&organ, 1, &yaml, &e), -1);
	assert_int_equal(e.code, ERR_INPUT);
}

static void a_replaced_file_keeps_its_rights_and_its_link(void **state)
{
	const struct scratch *s = *state;
	char link[128];
	struct buf bytes = {0};
	struct stat what;
	struct err e = {0};

	snprintf(link, sizeof(link), "%s/link.yaml", s->folder);
	buf_add_text(&bytes, "organs: []\n");
	assert_int_equal(file_write(s->organs, &bytes, &e), 0);
	assert_int_equal(chmod(s->organs, 0640), 0);
	assert_int_equal(symlink(s->organs, link), 0);
	assert_int_equal(file_write(link, &bytes, &e), 0);
	assert_int_equal(lstat(link, &what), 0);
	assert_true(S_ISLNK(what.st_mode));
	assert_int_equal(stat(s->organs, &what), 0);
	assert_int_equal(what.st_mode & 07777, 0640);
	assert_int_equal(unlink(link), 0);
	buf_deinit(&bytes);
}

static void a_file_that_cannot_be_written_leaves_nothing_behind(void **state)
{
	const struct scratch *s = *state;
	struct buf bytes = {0};
	char path[160];
	struct err e = {0};

	buf_add_text(&bytes, "organs: []\n");
	snprintf(path, sizeof(path), "%s/none/organs.yaml", s->folder);
	assert_int_equal(file_write(path, &bytes, &e), -1);
	assert_int_equal(e.code, ERR_IO);
	snprintf(path, sizeof(path), "%s/folder", s->folder);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(file_write(path, &bytes, &e), -1);
	assert_int_equal(rmdir(path), 0);
	buf_deinit(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_is_written_is_read_back_with_every_member, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			a_text_stays_a_text_whatever_it_looks_like, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_name_is_never_folded_over_lines, set_up, tear_down),
		cmocka_unit_test(a_table_larger_than_is_ever_read_is_not_written),
		cmocka_unit_test_setup_teardown(
			a_replaced_file_keeps_its_rights_and_its_link, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			a_file_that_cannot_be_written_leaves_nothing_behind, set_up,
			tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
