/* A sink under test: events go in, news of each comes out. Any failure ends the test.
 */
#pragma once

#include "adapters/adapter.h"

enum { SINK_TRIAL_MOST = 64 };

struct sink_trial {
	const struct sink_ops *ops;
	void *sink;
	struct sink_news news[SINK_TRIAL_MOST + 1]; /* of number n at n; 0: none yet */
	size_t news_n;
};

void sink_trial_open(
	struct sink_trial *t, const struct sink_ops *ops, const void *options);
void sink_trial_close(struct sink_trial *t);

/* Hand over an event of the task NV-1; its number. */
uint64_t sink_trial_send(
	struct sink_trial *t, const char *id, const char *name, const char *known_as);

/* Until there is news of @n events in all. Each number is told once. */
void sink_trial_wait(struct sink_trial *t, size_t n);

/* The body that sink_trial_send hands over. */
const char *sink_trial_body(const char *id, const char *name);
