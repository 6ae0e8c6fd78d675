/* How a document's fate is told over HTTP. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/web/answer.h"

static const int64_t tasks[] = {3, 4};

static const struct {
	struct settled at;
	unsigned status;
	const char *says; /* a part of the body */
} rows[] = {
	{{.outcome = "applied", .document = 7, .tasks = tasks, .tasks_n = 2}, 202,
		"{\"outcome\":\"applied\",\"document\":7,\"tasks\":[\"NV-3\",\"NV-4\"],"
		"\"quarantine\":null,\"error\":null}"},
	{{.outcome = "parked", .document = 8}, 202, "\"tasks\":[]"},
	{{.outcome = "restricted", .how = SETTLEMENT_RESTRICTED}, 202,
		"{\"outcome\":\"restricted\",\"document\":null,\"tasks\":[],"
		"\"quarantine\":null,\"error\":null}"},
	{{.outcome = "duplicate", .document = 7}, 202, "\"document\":7"},
	{{.outcome = "conflict",
		 .quarantine = 2,
		 .error_code = "event.conflict",
		 .error_message = "m"},
		409, "urn:congvan:problem:document-conflict"},
	{{.outcome = "quarantined",
		 .quarantine = 2,
		 .error_code = "xml.malformed",
		 .error_message = "m",
		 .error_line = 3},
		422,
		"\"error\":{\"code\":\"xml.malformed\",\"line\":3,\"column\":null,"},
	/* Like the first time (INV-3). */
	{{.outcome = "duplicate", .quarantine = 2, .error_code = "xml.malformed"}, 422,
		"\"outcome\":\"duplicate\""},
	{{.outcome = "duplicate", .quarantine = 2, .error_code = "event.conflict"}, 409,
		"\"outcome\":\"duplicate\""},
	/* Ours to mend. */
	{{.outcome = "quarantined", .quarantine = 2, .error_code = "internal.fault"},
		202, "\"code\":\"internal.fault\""},
};

static void the_status_says_whether_to_send_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct reply r = {0};

		answer_settled(&r, &rows[i].at);
		if (r.status != rows[i].status ||
			!strstr(buf_text(&r.body), rows[i].says))
			fail_msg("row %zu: %u %s", i, r.status, buf_text(&r.body));
		assert_string_equal(
			r.content_type, r.status == 202 ? "application/json"
							: "application/problem+json");
		reply_deinit(&r);
	}
}

static void a_problem_says_what_is_wrong_and_when_to_come_again(void **state)
{
	struct reply r = {0};

	(void)state;
	reply_problem(&r, PROBLEM_BUSY, "%d wait", 5);
	assert_int_equal(r.status, 429);
	assert_int_equal(r.retry_after, 1);
	assert_string_equal(buf_text(&r.body),
		"{\"type\":\"urn:congvan:problem:busy\",\"title\":\"Too many documents "
		"wait\",\"status\":429,\"detail\":\"5 wait\"}");
	/* The last one said holds. */
	reply_problem(&r, PROBLEM_NOT_FOUND, "no");
	assert_int_equal(r.status, 404);
	assert_int_equal(r.retry_after, 0);
	reply_deinit(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_status_says_whether_to_send_again),
		cmocka_unit_test(a_problem_says_what_is_wrong_and_when_to_come_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
