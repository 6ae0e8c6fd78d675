/* Templates of requests, and the URLs they make. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "adapters/fill.h"
#include "adapters/http_url.h"
#include "adapters/url_path.h"

#define ID "a/b &\"<công>"

static void test_a_value_is_escaped_for_where_it_stands(void **state)
{
	static const struct {
		const char *template, *filled;
		enum fill_escape escape;
	} rows[] = {
		{"/documents/{id}?x={cursor}",
			"/documents/a%2Fb%20%26%22%3Cc%C3%B4ng%3E?x=7", FILL_URL},
		{"{\"ids\": [\"{id}\"], \"n\": {}}",
			"{\"ids\": [\"a/b &\\\"<công>\"], \"n\": {}}", FILL_JSON},
		{"<id>{id}</id>", "<id>a/b &#38;&#34;&#60;công&#62;</id>", FILL_XML},
		{"{id}", ID, FILL_PLAIN},
		{"{none}{", "{none}{", FILL_URL},
		{"{cursor}{cursor}", "77", FILL_URL},
		{"{empty}.", ".", FILL_URL},
		{"", "", FILL_URL},
	};
	const struct fill_value values[] = {
		{"id", ID}, {"cursor", "7"}, {"empty", NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		cleanup_buf struct buf out = {0};

		fill_template(rows[i].template, values, 3, rows[i].escape, &out);
		assert_string_equal(buf_text(&out), rows[i].filled);
	}
}

static void test_a_name_nobody_knows_is_named(void **state)
{
	static const char *const names[] = {"id", "page", NULL};
	char name[FILL_NAME];

	(void)state;
	assert_true(fill_judge("/{id}/{page}/{}/{ID}/{ id }", names, name));
	assert_false(fill_judge("/{id}/{pages}", names, name));
	assert_string_equal(name, "pages");
	assert_true(fill_asks("a{page}", "page"));
	assert_false(fill_asks("a{pages}", "page"));
}

static void test_a_path_that_climbs_is_known(void **state)
{
	static const struct {
		const char *url;
		bool climbs;
	} rows[] = {
		{"http://x/d/../e", true},
		{"http://x/d/..", true},
		{"http://x:80/./e?a=1", true},
		{"https://x/d/.?a", true},
		{"https://x/d/..#a", true},
		{"http://../d", false},
		{"http://x", false},
		{"http://x?a=/../", false},
		{"http://x/d?a=/../", false},
		{"http://x/d/...", false},
		{"http://x/d/..a/.b/c..", false},
		{"http://x/d/%2E%2E/e", true},
		{"http://x/d/.%2e", true},
		{"http://x/d/%252E%252E/e", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(url_climbs(rows[i].url), rows[i].climbs);
}

static void test_a_reference_is_what_it_means_on_its_page(void **state)
{
	static const struct {
		const char *reference, *url;
		bool same;
	} rows[] = {
		{"/b?page=2", "https://h.example:8443/b?page=2", true},
		{"?page=2", "https://h.example:8443/a/list?page=2", true},
		{"https://h.example:8443/c", "https://h.example:8443/c", true},
		{"https://H.EXAMPLE:8443/c", "https://H.EXAMPLE:8443/c", true},
		{"https://h.example/c", "https://h.example/c", false},
		{"http://h.example:8443/c", "http://h.example:8443/c", false},
		{"//other.example/c", "https://other.example/c", false},
	};
	static const char page[] = "https://h.example:8443/a/list?page=1";
	char peer[HTTP_URL_PEER];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		cleanup_buf struct buf url = {0};

		assert_true(http_url_resolve(page, rows[i].reference, &url));
		assert_string_equal(buf_text(&url), rows[i].url);
		assert_int_equal(
			http_url_same_origin(page, buf_text(&url)), rows[i].same);
	}
	assert_int_equal(http_url_peer("http://h.example/x", peer, NULL), 0);
	assert_string_equal(peer, "h.example:80");
	assert_int_equal(http_url_peer("h.example", peer, NULL), -1);
	assert_false(http_url_same_origin(page, "not one"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_value_is_escaped_for_where_it_stands),
		cmocka_unit_test(test_a_name_nobody_knows_is_named),
		cmocka_unit_test(test_a_path_that_climbs_is_known),
		cmocka_unit_test(test_a_reference_is_what_it_means_on_its_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
