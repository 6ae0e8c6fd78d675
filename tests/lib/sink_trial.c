#include "tests/lib/sink_trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENCE_MS = 20000 };

void sink_trial_open(
	struct sink_trial *t, const struct sink_ops *ops, const void *options)
{
	struct err e = {0};

	*t = (struct sink_trial){.ops = ops};
	if (ops->open(options, &t->sink, &e) < 0)
		fail_msg("%s", e.text);
}

void sink_trial_close(struct sink_trial *t)
{
	t->ops->close(t->sink);
}

const char *sink_trial_body(const char *id, const char *name)
{
	static char body[1024];

	snprintf(body, sizeof(body),
		"{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/congvan/H99\","
		"\"type\":\"vn.congvan.%s.v1\",\"subject\":\"NV-1\","
		"\"time\":\"2025-11-20T08:00:00+07:00\",\"data\":{\"id\":\"NV-1\","
		"\"lead\":\"H99.05\",\"content\":\"Rà soát \\\"gấp\\\" & <b>\","
		"\"due_on\":\"2025-12-10\",\"completed_on\":null,\"state\":"
		"\"assigned\","
		"\"revision\":1}}",
		id, name);
	return body;
}

uint64_t sink_trial_send(
	struct sink_trial *t, const char *id, const char *name, const char *known_as)
{
	const char *body = sink_trial_body(id, name);
	struct sink_event event = {
		.id = id,
		.name = name,
		.subject = "NV-1",
		.key = "task.assigned.H99.05",
		.traceparent =
			"00-0123456789abcdef0123456789abcdef-0123456789abcdef-01",
		.known_as = known_as,
		.body = {body, strlen(body)},
	};
	struct err e = {0};
	uint64_t number;

	if (t->ops->send(t->sink, &event, &number, &e) < 0)
		fail_msg("%s", e.text);
	assert_in_range(number, 1, SINK_TRIAL_MOST);
	return number;
}

void sink_trial_wait(struct sink_trial *t, size_t n)
{
	while (t->news_n < n) {
		struct sink_report report = {0};
		struct err e = {0};

		if (t->ops->collect(t->sink, PATIENCE_MS, &report, &e) < 0)
			fail_msg("%s", e.text);
		assert_int_equal(report.upto, 0);
		assert_true(report.news_n > 0);
		for (size_t i = 0; i < report.news_n; i++) {
			const struct sink_news *news = &report.news[i];

			assert_in_range(news->number, 1, SINK_TRIAL_MOST);
			assert_int_equal(t->news[news->number].number, 0);
			t->news[news->number] = *news;
			t->news_n++;
		}
	}
}
