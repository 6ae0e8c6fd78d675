/*
 * The shipped example of a task system: what each sample event becomes there, and what
 * the answer beside it means. Every `*.expected.json` is a test.
 */
#include <glob.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/http_sink.h"
#include "gateway/config/config.h"
#include "gateway/config/file.h"
#include "tests/lib/fake_http_process.h"
#include "tests/lib/sink_trial.h"

#define PROFILE "adapters/profiles/theodoichidao"
#define ADDRESS "https://theodoichidao.example.vn"

static json_t *read_json(struct scratch *s, const char *path)
{
	json_error_t wrong;
	json_t *json = json_load_file(path, 0, &wrong);

	(void)s;
	if (!json)
		fail_msg("%s:%d: %s", path, wrong.line, wrong.text);
	return json;
}

/* The profile with the fake's address in place of theirs. */
static struct config *load_profile(struct scratch *s, const struct fake_http *fake)
{
	cleanup_buf struct buf bytes = {0}, text = {0};
	struct config_complaints complaints = {0};
	struct config *config;
	struct err e = {0};

	if (file_read(PROFILE "/theodoichidao.yaml", 1 << 20, &bytes, &e))
		fail_msg("%s", e.text);
	const char *at = strstr(buf_text(&bytes), ADDRESS);

	assert_non_null(at);
	buf_printf(&text, "%.*s%s%s", (int)(at - bytes.data), bytes.data, fake->url,
		at + strlen(ADDRESS));
	scratch_write(s, "profile.yaml", buf_text(&text));
	if (config_load(scratch_path(s, "profile.yaml"), NULL, &config, &complaints))
		fail_msg("%s", complaints.list.at[0].message);
	assert_int_equal(complaints.list.n, 0);
	config_complaints_deinit(&complaints);
	return config;
}

/* What the fake shall be asked and answer; it compares for us. */
static const char *make_case(struct scratch *s, json_t *expected)
{
	json_t *request = json_object_get(expected, "request");

	if (json_is_null(request))
		return "{\"steps\": []}";
	json_t *whole = json_pack("{s:[{s:{s:O,s:s,s:O},s:O}]}", "steps", "expect",
		"method", json_object_get(request, "method"), "path",
		arena_printf(&s->arena, "/api/v1%s",
			json_string_value(json_object_get(request, "path"))),
		"json", json_object_get(request, "json"), "answer",
		json_object_get(expected, "answer"));
	char *text = json_dumps(whole, JSON_COMPACT);
	const char *kept = arena_dup(&s->arena, text);

	free(text);
	json_decref(whole);
	return kept;
}

static void send_sample(struct sink_trial *t, json_t *event, const char *known_as)
{
	char *body = json_dumps(event, JSON_COMPACT), name[64] = "";
	const char *type = json_string_value(json_object_get(event, "type"));
	struct err e = {0};
	uint64_t number;

	assert_int_equal(sscanf(type, "vn.congvan.%63s", name), 1);
	name[strlen(name) - strlen(".v1")] = '\0';
	struct sink_event sent = {
		.id = json_string_value(json_object_get(event, "id")),
		.name = name,
		.subject = json_string_value(json_object_get(event, "subject")),
		.key = name,
		.known_as = known_as,
		.body = {body, strlen(body)},
	};

	assert_int_equal(t->ops->send(t->sink, &sent, &number, &e), 0);
	free(body);
}

static void try_sample(struct scratch *s, const char *path)
{
	static const char *const verdicts[] = {"delivered", "deferred", "rejected"};
	const char *event_path = arena_printf(&s->arena, "%.*sevent.json",
		(int)(strlen(path) - strlen("expected.json")), path);
	json_t *expected = read_json(s, path), *event = read_json(s, event_path);
	struct fake_http fake;
	struct sink_trial t;

	fake_http_start(&fake, s, make_case(s, expected), NULL, false);
	struct config *config = load_profile(s, &fake);

	sink_trial_open(&t, config->adapters[0].sink, config->adapters[0].options);
	send_sample(
		&t, event, json_string_value(json_object_get(expected, "known_as")));
	sink_trial_wait(&t, 1);
	if (strcmp(verdicts[t.news[1].verdict],
		    json_string_value(json_object_get(expected, "verdict"))) != 0)
		fail_msg("%s: %s: %s", path, verdicts[t.news[1].verdict],
			t.news[1].reason);
	assert_string_equal(t.news[1].known_as,
		json_string_value(json_object_get(expected, "learned")));
	sink_trial_close(&t);
	config_free(config);
	fake_http_stop(&fake);
	json_decref(event);
	json_decref(expected);
}

static void test_each_sample_becomes_what_stands_beside_it(void **state)
{
	struct scratch *s = *state;
	const char *source = getenv("CONGVAN_SOURCE");
	glob_t files = {0};

	setenv("THEODOICHIDAO_TOKEN", "a-token", 1);
	assert_int_equal(chdir(source ? source : "."), 0);
	assert_int_equal(glob(PROFILE "/samples/*.expected.json", 0, NULL, &files), 0);
	assert_true(files.gl_pathc >= 9);
	for (size_t i = 0; i < files.gl_pathc; i++)
		try_sample(s, files.gl_pathv[i]);
	globfree(&files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_each_sample_becomes_what_stands_beside_it, scratch_setup,
			scratch_teardown),
	};

	return cmocka_run_group_tests_name("http profile", tests, NULL, NULL);
}
