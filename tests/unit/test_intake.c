/* From bytes to what the ledger takes: E6 documents, unreadable ones, and X1. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/flow/intake.h"
#include "gateway/flow/spill.h"
#include "tests/lib/scratch.h"

static const char ordinary[] = "{\"kind\":\"document\",\"document_id\":\"d-1\","
			       "\"from\":{\"organ_id\":\"H99\"},"
			       "\"code\":{\"number\":\"1\",\"notation\":\"UBND\"},"
			       "\"issued_on\":\"2025-01-02\","
			       "\"subject\":\"V/v kiểm tra\"}";
static const char secret[] = "{\"kind\":\"document\",\"document_id\":\"d-2\",\"from\":{"
			     "\"organ_id\":\"H99\"},"
			     "\"code\":{\"number\":\"2\",\"notation\":\"UBND\"},"
			     "\"issued_on\":\"2025-01-02\","
			     "\"secrecy\":\"secret\",\"subject\":\"chuyện kín\"}";

static const struct intake_context context = {
	.adapter = "inbox",
	.policy = &policy_default,
	.at = 1000,
	.origin = "m-1",
	.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
};

static void read_text(const char *text, struct intake_item *item)
{
	struct codec_options options = {.format = CODEC_AUTO};
	struct codec *c = codec_new(&options);
	struct err e = {0};

	assert_int_equal(intake_read_bytes(c, (struct slice){text, strlen(text)},
				 &context, item, &e),
		0);
	codec_free(c);
}

static void test_a_document_is_ready_for_the_ledger_with_its_bytes(void **state)
{
	struct intake_item item;

	(void)state;
	read_text(ordinary, &item);
	assert_ptr_equal(item.arrival.event, item.event);
	assert_string_equal(item.event->document_id, "d-1");
	assert_string_equal(item.arrival.adapter, "inbox");
	assert_string_equal(item.arrival.origin, "m-1");
	assert_string_equal(item.arrival.traceparent, context.traceparent);
	assert_int_equal(item.arrival.at, 1000);
	assert_false(item.arrival.restricted);
	assert_null(item.arrival.error_code);
	assert_int_equal(item.arrival.raw.n, strlen(ordinary));
	assert_memory_equal(item.arrival.raw.at, ordinary, strlen(ordinary));
	intake_item_deinit(&item);
}

static void test_what_cannot_be_read_is_kept_whole_with_its_reason(void **state)
{
	static const struct {
		const char *text, *code;
	} rows[] = {
		{"", "file.empty"},
		{"{\"kind\":", "event.invalid"},
		{"<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">",
			"xml.malformed"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct intake_item item;

		read_text(rows[i].text, &item);
		assert_null(item.arrival.event);
		assert_string_equal(item.arrival.error_code, rows[i].code);
		assert_non_null(item.arrival.error_message);
		assert_int_equal(item.arrival.raw.n, strlen(rows[i].text));
		intake_item_deinit(&item);
	}
}

static void assert_nothing_but_who_and_which(const struct intake_item *item)
{
	assert_true(item->arrival.restricted);
	assert_string_equal(item->event->document_id, "d-2");
	assert_string_equal(item->event->from.organ_id, "H99");
	assert_int_equal(item->event->secrecy, SECRECY_SECRET);
	assert_null(item->event->subject);
	assert_null(item->event->code.number);
	assert_null(item->arrival.raw.at);
	assert_null(item->arrival.raw_path);
	assert_null(item->arrival.error_code);
	assert_null(item->arrival.error_message);
}

static void test_x1_nothing_of_a_restricted_document_is_kept_but_who_and_which(
	void **state)
{
	struct scratch *s = *state;
	struct codec_options options = {.format = CODEC_AUTO};
	struct codec *c = codec_new(&options);
	struct intake_item item;
	struct err e = {0};

	read_text(secret, &item);
	assert_nothing_but_who_and_which(&item);
	intake_item_deinit(&item);

	scratch_write(s, "b.json", secret);
	assert_int_equal(
		intake_read_file(c, scratch_path(s, "b.json"), &context, &item, &e), 0);
	assert_nothing_but_who_and_which(&item);
	intake_item_deinit(&item);
	codec_free(c);
}

static void test_a_file_is_named_not_copied_and_a_missing_one_is_not_named(void **state)
{
	struct scratch *s = *state;
	struct codec_options options = {.format = CODEC_AUTO};
	struct codec *c = codec_new(&options);
	struct intake_context nameless = context;
	struct intake_item item;
	struct err e = {0};

	nameless.origin = NULL;
	scratch_write(s, "a.json", ordinary);
	assert_int_equal(
		intake_read_file(c, scratch_path(s, "a.json"), &nameless, &item, &e),
		0);
	assert_string_equal(item.arrival.raw_path, scratch_path(s, "a.json"));
	assert_string_equal(item.arrival.origin, "a.json");
	assert_null(item.arrival.raw.at);
	intake_item_deinit(&item);

	assert_int_equal(
		intake_read_file(c, scratch_path(s, "none.json"), &nameless, &item, &e),
		0);
	assert_string_equal(item.arrival.error_code, "file.unreadable");
	assert_null(item.arrival.raw_path);
	assert_null(item.arrival.event);
	intake_item_deinit(&item);
	codec_free(c);
}

static void test_large_bytes_wait_on_disk_and_leave_no_file(void **state)
{
	struct scratch *s = *state;
	struct codec_options options = {.format = CODEC_AUTO};
	struct codec *c = codec_new(&options);
	struct intake_context spilling = context;
	struct intake_item item;
	struct err e = {0};
	size_t n = INTAKE_SPILL + 1;
	char *large = malloc(n);

	memset(large, ' ', n);
	memcpy(large, "<edXML", 6);
	spilling.spill_folder = s->path;
	assert_int_equal(
		intake_read_bytes(c, (struct slice){large, n}, &spilling, &item, &e),
		0);
	assert_null(item.arrival.raw.at);
	/* X1: kill -9 would leave nothing. */
	assert_int_equal(scratch_count(s, "."), 0);
	FILE *f = fopen(item.arrival.raw_path, "re");

	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	assert_int_equal(ftell(f), n);
	fclose(f);
	assert_true(item.held < n);
	intake_item_deinit(&item);
	assert_int_equal(scratch_count(s, "."), 0);
	scratch_write(s, INTAKE_SPILL_NAME "left", "by a crash");
	intake_clear_spills(s->path);
	assert_int_equal(scratch_count(s, "."), 0);
	free(large);
	codec_free(c);
}

static void test_an_unnamed_file_is_the_items_own_once_it_is_read(void **state)
{
	struct scratch *s = *state;
	struct codec_options options = {.format = CODEC_AUTO};
	struct codec *c = codec_new(&options);
	struct intake_item item;
	struct err e = {0};
	char path[SPILL_PATH], back[8] = "";
	int fd = spill_open(s->path);

	assert_true(fd >= 0);
	assert_true(spill_write(fd, "no XML", 6));
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(
		intake_read_fd(c, fd, spill_path(fd, path), &context, &item, &e), 0);
	close(fd);
	int other = open("/dev/null", O_RDONLY | O_CLOEXEC);
	FILE *f = fopen(item.arrival.raw_path, "re");

	assert_non_null(f);
	assert_int_equal(fread(back, 1, sizeof(back), f), 6);
	assert_memory_equal(back, "no XML", 6);
	fclose(f);
	close(other);
	intake_item_deinit(&item);
	codec_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_a_document_is_ready_for_the_ledger_with_its_bytes),
		cmocka_unit_test(
			test_what_cannot_be_read_is_kept_whole_with_its_reason),
		cmocka_unit_test_setup_teardown(
			test_x1_nothing_of_a_restricted_document_is_kept_but_who_and_which,
			scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(
			test_a_file_is_named_not_copied_and_a_missing_one_is_not_named,
			scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(
			test_large_bytes_wait_on_disk_and_leave_no_file, scratch_setup,
			scratch_teardown),
		cmocka_unit_test_setup_teardown(
			test_an_unnamed_file_is_the_items_own_once_it_is_read,
			scratch_setup, scratch_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
