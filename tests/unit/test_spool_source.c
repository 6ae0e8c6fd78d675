/* The folder source: whole files only, in order, out of the way after the commit. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/spool_source.h"
#include "tests/lib/scratch.h"

static struct spool_source_options options;

static void *open_source(struct scratch *s)
{
	struct err e = {0};
	void *source;

	options.path = s->path;
	if (spool_source_ops.open(&options, &source, &e) < 0)
		fail_msg("%s", e.text);
	return source;
}

/* The origin of the next delivery, NULL for none. */
static const char *next(void *source, struct delivery *ret)
{
	struct err e = {0};

	switch (spool_source_ops.next(source, ret, &e)) {
	case SOURCE_NEXT_OK:
		return ret->origin;
	case SOURCE_NEXT_NONE:
		return NULL;
	case SOURCE_NEXT_ASKED:
	case SOURCE_NEXT_LATER:
	case SOURCE_NEXT_FAULT:
		break;
	}
	fail_msg("%s", e.text);
	return NULL;
}

static void assert_next(void *source, const char *name, struct delivery *ret)
{
	const char *origin = next(source, ret);

	if (!name)
		assert_null(origin);
	else
		assert_string_equal(origin, name);
}

static void settle(void *source, uint64_t handle, enum settlement how)
{
	struct settled settled = {
		.handle = handle,
		.how = how,
		.outcome = how == SETTLEMENT_SET_ASIDE ? "quarantined" : "applied",
		.at = 1000,
	};
	struct err e = {0};

	if (how == SETTLEMENT_SET_ASIDE) {
		settled.error_code = "xml.malformed";
		settled.error_message = "no end";
		settled.error_line = 3;
		settled.error_column = 14;
		settled.quarantine = 5;
	}
	if (spool_source_ops.settle(source, &settled, 1, &e) < 0)
		fail_msg("%s", e.text);
}

static bool drained(void *source)
{
	struct err e = {0};
	bool is = false;

	assert_int_equal(spool_source_ops.drained(source, &is, &e), 0);
	return is;
}

static void test_what_waits_is_taken_by_name_and_what_comes_later_too(void **state)
{
	struct scratch *s = *state;
	struct delivery d;

	scratch_write(s, "b.xml", "2");
	scratch_write(s, "a.xml", "1");
	void *source = open_source(s);

	assert_next(source, "a.xml", &d);
	char byte = 0;

	assert_int_equal(read(d.fd, &byte, 1), 1);
	assert_int_equal(byte, '1');
	assert_string_equal(d.path, scratch_path(s, "a.xml"));
	assert_next(source, "b.xml", &d);
	assert_next(source, NULL, &d);
	scratch_write(s, "c.xml", "3");
	scratch_write(s, ".d.xml", "4");
	assert_int_equal(
		rename(scratch_path(s, ".d.xml"), scratch_path(s, "d.xml")), 0);
	assert_next(source, "c.xml", &d);
	assert_next(source, "d.xml", &d);
	assert_next(source, NULL, &d);
	spool_source_ops.close(source);
}

static void test_what_is_no_document_file_stays_where_it_is(void **state)
{
	struct scratch *s = *state;
	struct delivery d;

	scratch_write(s, ".hidden", "x");
	scratch_write(s, "a.tmp", "x");
	scratch_write(s, "a.xml.part", "x");
	assert_int_equal(symlink("/etc/hostname", scratch_path(s, "link.xml")), 0);
	assert_int_equal(mkfifo(scratch_path(s, "pipe.xml"), 0600), 0);
	assert_int_equal(mkdir(scratch_path(s, "folder.xml"), 0700), 0);
	void *source = open_source(s);

	assert_next(source, NULL, &d);
	/* The same when they come under the watch. */
	assert_int_equal(
		rename(scratch_path(s, "link.xml"), scratch_path(s, "l.xml")), 0);
	assert_int_equal(
		rename(scratch_path(s, "pipe.xml"), scratch_path(s, "p.xml")), 0);
	assert_next(source, NULL, &d);
	assert_true(drained(source));
	assert_int_equal(scratch_count(s, "."), 5);
	spool_source_ops.close(source);
}

static void test_a_file_somebody_is_writing_is_taken_once_it_is_closed(void **state)
{
	struct scratch *s = *state;
	struct delivery d;
	int fd = open(scratch_path(s, "a.xml"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "half", 4), 4);
	void *source = open_source(s);

	assert_next(source, NULL, &d);
	assert_int_equal(write(fd, "whole", 5), 5);
	close(fd);
	assert_next(source, "a.xml", &d);
	spool_source_ops.close(source);
}

static void test_without_leases_a_file_must_hold_still_between_two_looks(void **state)
{
	struct scratch *s = *state;
	struct delivery d;

	options.no_lease = true;
	options.quiet_ms = 0;
	scratch_write(s, "a.xml", "1");
	void *source = open_source(s);

	/* The default pause lies between the two: not yet. */
	assert_next(source, NULL, &d);
	assert_false(drained(source));
	assert_next(source, NULL, &d);
	spool_source_ops.close(source);

	options.quiet_ms = 1;
	source = open_source(s);
	const char *origin = NULL;

	for (int i = 0; i < 10000000 && !origin; i++)
		origin = next(source, &d);
	assert_string_equal(origin, "a.xml");
	assert_true(drained(source));
	spool_source_ops.close(source);
	options = (struct spool_source_options){0};
}

static void test_a_settled_file_is_out_of_the_way(void **state)
{
	struct scratch *s = *state;
	struct delivery d;

	scratch_write(s, "a.xml", "a");
	scratch_write(s, "b.xml", "b");
	scratch_write(s, "c.xml", "c");
	void *source = open_source(s);

	assert_next(source, "a.xml", &d);
	settle(source, d.handle, SETTLEMENT_ACCEPTED);
	assert_next(source, "b.xml", &d);
	settle(source, d.handle, SETTLEMENT_SET_ASIDE);
	assert_next(source, "c.xml", &d);
	settle(source, d.handle, SETTLEMENT_RESTRICTED);

	assert_string_equal(scratch_read(s, "done/a.xml"), "a");
	assert_string_equal(scratch_read(s, "failed/b.xml"), "b");
	assert_string_equal(scratch_read(s, "failed/b.xml.reason.json"),
		"{\"outcome\":\"quarantined\",\"error\":{\"code\":\"xml.malformed\","
		"\"line\":3,\"column\":14,\"message\":\"no end\"},\"quarantine\":5,"
		"\"at\":\"1970-01-01T07:00:01+07:00\"}\n");
	assert_int_equal(scratch_count(s, "."), 0);
	assert_int_equal(scratch_count(s, "done"), 1);
	assert_int_equal(scratch_count(s, "failed"), 2);
	spool_source_ops.close(source);
}

static void test_files_of_one_name_do_not_overwrite_each_other(void **state)
{
	struct scratch *s = *state;
	struct delivery d;
	void *source = open_source(s);

	for (int i = 0; i < 3; i++) {
		scratch_write(s, "a.xml", "a");
		assert_next(source, "a.xml", &d);
		settle(source, d.handle, SETTLEMENT_ACCEPTED);
	}
	assert_int_equal(scratch_count(s, "done"), 3);
	assert_int_equal(scratch_count(s, "."), 0);
	spool_source_ops.close(source);
}

static void test_what_was_not_settled_is_given_again_after_a_crash(void **state)
{
	struct scratch *s = *state;
	struct delivery d;

	scratch_write(s, "a.xml", "a");
	void *source = open_source(s);

	assert_next(source, "a.xml", &d);
	spool_source_ops.close(source);
	source = open_source(s);
	assert_next(source, "a.xml", &d);
	settle(source, d.handle, SETTLEMENT_ACCEPTED);
	assert_true(scratch_has(s, "done/a.xml"));
	spool_source_ops.close(source);
}

static void test_a_newer_file_of_the_name_is_never_moved_unread(void **state)
{
	struct scratch *s = *state;
	struct delivery d;

	for (int how = SETTLEMENT_ACCEPTED; how <= SETTLEMENT_RESTRICTED; how++) {
		scratch_write(s, "a.xml", "old");
		void *source = open_source(s);

		assert_next(source, "a.xml", &d);
		scratch_write(s, ".a", "newer");
		assert_int_equal(
			rename(scratch_path(s, ".a"), scratch_path(s, "a.xml")), 0);
		settle(source, d.handle, (enum settlement)how);
		assert_next(source, "a.xml", &d);
		char bytes[8] = {0};

		assert_int_equal(read(d.fd, bytes, sizeof(bytes) - 1), 5);
		assert_string_equal(bytes, "newer");
		settle(source, d.handle, SETTLEMENT_RESTRICTED);
		assert_next(source, NULL, &d);
		assert_int_equal(scratch_count(s, "."), 0);
		assert_int_equal(scratch_count(s, "done"), 0);
		spool_source_ops.close(source);
	}
}

static void test_x1_a_restricted_file_half_deleted_is_judged_again(void **state)
{
	struct scratch *s = *state;
	struct delivery d;

	scratch_write(s, ".restricted", "kín");
	void *source = open_source(s);

	assert_next(source, "restricted", &d);
	settle(source, d.handle, SETTLEMENT_RESTRICTED);
	assert_int_equal(scratch_count(s, "."), 0);
	assert_int_equal(scratch_count(s, "failed"), 0);
	spool_source_ops.close(source);
}

static void test_twenty_thousand_files_come_in_order_each_once(void **state)
{
	enum { FILES = 20000 };
	struct scratch *s = *state;
	struct delivery d;
	char name[32];

	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "%05d.xml", (i * 7919) % FILES);
		int fd = open(
			scratch_path(s, name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

		assert_true(fd >= 0);
		close(fd);
	}
	void *source = open_source(s);

	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "%05d.xml", i);
		assert_next(source, name, &d);
		settle(source, d.handle, SETTLEMENT_ACCEPTED);
	}
	assert_next(source, NULL, &d);
	assert_true(drained(source));
	spool_source_ops.close(source);
}

static void test_a_folder_that_goes_away_is_a_fault(void **state)
{
	struct scratch *s = *state;
	struct err e = {0};
	struct delivery d;
	void *source;

	options.path = scratch_path(s, "in");
	assert_int_equal(spool_source_ops.open(&options, &source, &e), 0);
	assert_int_equal(rename(scratch_path(s, "in"), scratch_path(s, "gone")), 0);
	assert_int_equal(spool_source_ops.next(source, &d, &e), SOURCE_NEXT_FAULT);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	spool_source_ops.close(source);
}

static void test_a_folder_that_is_deleted_is_a_fault(void **state)
{
	struct scratch *s = *state;
	struct err e = {0};
	struct delivery d;
	void *source;

	options.path = scratch_path(s, "in");
	assert_int_equal(spool_source_ops.open(&options, &source, &e), 0);
	assert_int_equal(rmdir(scratch_path(s, "in/done")), 0);
	assert_int_equal(rmdir(scratch_path(s, "in/failed")), 0);
	assert_int_equal(spool_source_ops.next(source, &d, &e), SOURCE_NEXT_NONE);
	assert_int_equal(rmdir(scratch_path(s, "in")), 0);
	assert_int_equal(spool_source_ops.next(source, &d, &e), SOURCE_NEXT_FAULT);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	spool_source_ops.close(source);
}

int main(void)
{
#define IN_SCRATCH(test)                                                               \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_what_waits_is_taken_by_name_and_what_comes_later_too),
		IN_SCRATCH(test_what_is_no_document_file_stays_where_it_is),
		IN_SCRATCH(test_a_file_somebody_is_writing_is_taken_once_it_is_closed),
		IN_SCRATCH(
			test_without_leases_a_file_must_hold_still_between_two_looks),
		IN_SCRATCH(test_a_settled_file_is_out_of_the_way),
		IN_SCRATCH(test_files_of_one_name_do_not_overwrite_each_other),
		IN_SCRATCH(test_what_was_not_settled_is_given_again_after_a_crash),
		IN_SCRATCH(test_a_newer_file_of_the_name_is_never_moved_unread),
		IN_SCRATCH(test_x1_a_restricted_file_half_deleted_is_judged_again),
		IN_SCRATCH(test_twenty_thousand_files_come_in_order_each_once),
		IN_SCRATCH(test_a_folder_that_goes_away_is_a_fault),
		IN_SCRATCH(test_a_folder_that_is_deleted_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
