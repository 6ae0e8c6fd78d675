/*
 * The axis without a wire: the signature to the byte, what its replies say, and what a
 * status becomes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/vxp_book.h"
#include "adapters/vxp_sink.h"

/* ---- The signature */

static const char *header(const struct http_header *headers, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(headers[i].name, name) == 0)
			return headers[i].value;
	fail_msg("no header %s", name);
	return NULL;
}

static void test_what_is_signed_is_what_is_sent_in_its_order(void **state)
{
	struct arena arena = {0};
	struct http_header headers[VXP_HEADERS_MOST];
	static const char *const to[] = {"G22", "000.00.01.H99"};
	const struct vxp_param params[] = {
		{"from", "H99"}, {"to", vxp_list(&arena, to, 2)}};
	struct vxp_signing signing = {.system_id = "H99", .secret = "opensesame"};

	(void)state;
	assert_true(instant_parse("2026-03-05T23:04:06.078+07:00", &signing.at));
	size_t n = vxp_sign(&arena, &signing, params, 2, headers);

	assert_int_equal(n, 8);
	assert_string_equal(
		header(headers, n, "XroadVnpt-timestamp"), "05032026T230406+0078");
	assert_string_equal(header(headers, n, "XroadVnpt-version"), "3.0.201608");
	assert_string_equal(header(headers, n, "XroadVnpt-sign-header-key"),
		"XroadVnpt-timestamp;XroadVnpt-systemid;XroadVnpt-version;"
		"XroadVnpt-from;XroadVnpt-to");
	assert_string_equal(header(headers, n, "XroadVnpt-sign-header"),
		"{\"XroadVnpt-timestamp\":\"05032026T230406+0078\","
		"\"XroadVnpt-systemid\":\"H99\",\"XroadVnpt-version\":\"3.0.201608\","
		"\"XroadVnpt-from\":\"H99\","
		"\"XroadVnpt-to\":\"[\\\"G22\\\",\\\"000.00.01.H99\\\"]\"}");
	/* openssl dgst -sha256 -hmac opensesame, over those bytes */
	assert_string_equal(header(headers, n, "XroadVnpt-hash-header"),
		"d0461828084caf33f6cf728afebda0b7eb341b073b2f666afe0fbcb5978da26b");
	arena_deinit(&arena);
}

static void test_a_hash_keeps_its_zeros(void **state)
{
	struct arena arena = {0};

	(void)state;
	/* The SHA-256 of "39" begins with a zero. */
	assert_string_equal(vxp_hash_file(&arena, "39", 2),
		"0b918943df0962bc7a1824c0555a389347b4febdc7cf9d1254406d80ce44e3f9");
	arena_deinit(&arena);
}

static void test_only_plain_text_goes_into_a_header(void **state)
{
	(void)state;
	assert_true(vxp_is_plain("000.00.01.H99"));
	assert_true(vxp_is_plain("5f3b-A"));
	assert_false(vxp_is_plain(""));
	assert_false(vxp_is_plain(NULL));
	assert_false(vxp_is_plain("a b"));
	assert_false(vxp_is_plain("a\r\nX: y"));
	assert_false(vxp_is_plain("hộp"));
}

/* ---- Replies */

static struct slice slice_of(const char *text)
{
	return (struct slice){text, strlen(text)};
}

static const struct {
	const char *body;
	enum vxp_reply reply;
	size_t entries;
	const char *says;
} lists[] = {
	{"{\"status\":\"OK\",\"ErrorCode\":\"0\",\"data\":[]}", VXP_REPLY_OK, 0, ""},
	{"{\"status\":\"ok\",\"ErrorCode\":0,\"data\":[{\"docId\":\"a-1\"},"
	 "{\"docId\":\"a b\"},{\"x\":1}]}",
		VXP_REPLY_OK, 3, ""},
	{"{\"status\":\"OK\",\"ErrorCode\":\"0\"}", VXP_REPLY_UNREADABLE, 0,
		"`data` is no list"},
	{"{\"status\":\"OK\",\"data\":null}", VXP_REPLY_UNREADABLE, 0,
		"`data` is no list"},
	{"{\"status\":\"OK\",\"data\":\"[]\"}", VXP_REPLY_UNREADABLE, 0,
		"`data` is no list"},
	{"{\"status\":\"OK\",\"data\":{\"docId\":\"a\"}}", VXP_REPLY_UNREADABLE, 0,
		"`data` is no list"},
	{"{\"status\":\"OK\",\"data\":[\"a-1\"]}", VXP_REPLY_UNREADABLE, 0,
		"an entry of its list is no JSON object"},
	{"{\"status\":\"OK\",\"data\":[{\"docId\":\"a\"}", VXP_REPLY_UNREADABLE, 0,
		"it is no JSON"},
	{"[]", VXP_REPLY_UNREADABLE, 0, "it is no JSON object"},
	{"{\"data\":[]}", VXP_REPLY_UNREADABLE, 0, "does not say OK or FAIL"},
	{"", VXP_REPLY_UNREADABLE, 0, "it is empty"},
	{"<html>", VXP_REPLY_UNREADABLE, 0, "it is no JSON"},
	{"{\"status\":\"FAIL\",\"ErrorCode\":\"12\",\"ErrorDesc\":\"Sai chu ky\"}",
		VXP_REPLY_FAIL, 0, "the axis says FAIL, ErrorCode 12: Sai chu ky"},
	/* It contradicts itself: no list is no list. */
	{"{\"status\":\"OK\",\"ErrorCode\":\"7\",\"data\":[]}", VXP_REPLY_FAIL, 0,
		"the axis says OK, ErrorCode 7: "},
};

static void test_an_unreadable_list_is_never_an_empty_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct arena arena = {0};
		vxp_entries entries = {0};
		struct err e = {0};

		assert_int_equal(
			vxp_reply_list(&arena, slice_of(lists[i].body), &entries, &e),
			lists[i].reply);
		if (lists[i].reply == VXP_REPLY_OK)
			assert_int_equal(entries.n, lists[i].entries);
		if (!strstr(e.text, lists[i].says))
			fail_msg("%s: %s", lists[i].body, e.text);
		arena_deinit(&arena);
	}
}

static void test_an_id_that_no_header_can_hold_is_none(void **state)
{
	struct arena arena = {0};
	vxp_entries entries = {0};
	struct err e = {0};

	(void)state;
	assert_int_equal(vxp_reply_list(&arena, slice_of(lists[1].body), &entries, &e),
		VXP_REPLY_OK);
	assert_string_equal(entries.at[0].doc_id, "a-1");
	assert_null(entries.at[1].doc_id);
	assert_null(entries.at[2].doc_id);
	arena_deinit(&arena);
}

static const struct {
	const char *body;
	bool whole;
	const char *bytes;
} files[] = {
	{"{\"status\":\"OK\",\"data\":\"PGE+xJE8L2E+\"}", true, "<a>đ</a>"},
	{"{\"status\":\"OK\",\"data\":\"PGE+\\nxJE8\\r\\nL2E+\\n\"}", true, "<a>đ</a>"},
	{"{\"status\":\"OK\",\"data\":\"PGE+Cg==\"}", true, "<a>\n"},
	{"{\"status\":\"OK\",\"data\":\"khong co\"}", false, ""},
	{"{\"status\":\"OK\",\"data\":\"PGE+C\"}", false, ""},
	{"{\"status\":\"OK\",\"data\":\"\"}", false, ""},
	{"{\"status\":\"OK\",\"data\":null}", false, ""},
	{"{\"status\":\"OK\"}", false, ""},
};

static void test_a_document_is_whole_or_not_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		cleanup_buf struct buf bytes = {0};
		struct err e = {0};
		bool whole;

		assert_int_equal(
			vxp_reply_file(slice_of(files[i].body), &bytes, &whole, &e),
			VXP_REPLY_OK);
		if (whole != files[i].whole ||
			strcmp(buf_text(&bytes), files[i].bytes) != 0)
			fail_msg("%s: %s", files[i].body, buf_text(&bytes));
	}
}

/* ---- The book */

static void test_what_left_the_list_is_forgotten_once_it_is_settled(void **state)
{
	struct vxp_book book = {0};

	(void)state;
	vxp_book_add(&book, "a", 0)->stand = VXP_SETTLED;
	vxp_book_add(&book, "b", 0)->stand = VXP_GIVEN;
	vxp_book_add(&book, "c", 1)->stand = VXP_SETTLED;
	vxp_book_add(&book, "d", 0)->stand = VXP_SETTLED;
	vxp_book_unlist(&book, 0);
	vxp_book_find(&book, "d")->listed = true;
	vxp_book_forget(&book, 0);
	assert_null(vxp_book_find(&book, "a"));
	assert_non_null(vxp_book_find(&book, "b"));
	assert_non_null(vxp_book_find(&book, "c"));
	assert_non_null(vxp_book_find(&book, "d"));
	assert_string_equal(vxp_book_first(&book, VXP_GIVEN)->doc_id, "b");
	assert_int_equal(vxp_book_count(&book, VXP_SETTLED), 2);
	vxp_book_deinit(&book);
}

/* ---- What goes out */

#define EVENT(id, status)                                                                \
	"{\"id\":\"H99-1\",\"data\":{\"document\":{\"id\":7,\"document_id\":\"" id       \
	"\",\"code\":\"1/VPCP\",\"issued_on\":\"2026-03-02\",\"from\":\"G22\","          \
	"\"subject\":\"x\"},\"from\":{\"organ_id\":\"H99.01\",\"name\":\"Sở Một\"}," \
	"\"to\":{\"organ_id\":\"G22\",\"name\":null},\"status\":" status                 \
	",\"description\":\"Đã đến\",\"at\":\"2026-03-03T09:00:00+07:00\"}}"

static void test_the_same_event_gives_the_same_bytes(void **state)
{
	struct arena arena = {0};
	struct vxp_message one = {0}, two = {0};
	char why[SINK_REASON] = "";

	(void)state;
	assert_true(vxp_message_write(
		&arena, slice_of(EVENT("G22,2026/03/02,1/VPCP", "1")), &one, why));
	assert_true(vxp_message_write(
		&arena, slice_of(EVENT("G22,2026/03/02,1/VPCP", "1")), &two, why));
	assert_string_equal(buf_text(&one.edxml), buf_text(&two.edxml));
	assert_string_equal(one.to, "G22");
	buf_deinit(&one.edxml);
	buf_deinit(&two.edxml);
	arena_deinit(&arena);
}

static void test_what_is_no_status_is_refused(void **state)
{
	static const char *const bodies[] = {"", "{}", "{\"data\":{\"id\":\"NV-1\"}}",
		EVENT("A", "0"), EVENT("A", "null")};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct vxp_message message = {0};
		char why[SINK_REASON] = "";

		assert_false(
			vxp_message_write(&arena, slice_of(bodies[i]), &message, why));
		assert_string_equal(why, "this is no status of a document");
	}
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_signed_is_what_is_sent_in_its_order),
		cmocka_unit_test(test_a_hash_keeps_its_zeros),
		cmocka_unit_test(test_only_plain_text_goes_into_a_header),
		cmocka_unit_test(test_an_unreadable_list_is_never_an_empty_one),
		cmocka_unit_test(test_an_id_that_no_header_can_hold_is_none),
		cmocka_unit_test(test_a_document_is_whole_or_not_there),
		cmocka_unit_test(
			test_what_left_the_list_is_forgotten_once_it_is_settled),
		cmocka_unit_test(test_the_same_event_gives_the_same_bytes),
		cmocka_unit_test(test_what_is_no_status_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
