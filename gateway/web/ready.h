/*
 * Is the gateway ready? What /readyz says, judged from the meter's numbers, what is
 * known of the disk and a time; no clock, no file.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gateway/flow/meter.h"

enum { READY_COMMIT_LIMIT_MS = 10000 }; /* how long a commit may take */

/* Why not; NULL: that much holds. */
struct ready {
	const char *running, *take, *commit, *tell;
};

/* @disk: why the disk cannot be written, NULL: it can; @now in ticks. */
struct ready ready_judge(
	const struct meter *meter, bool stopping, const char *disk, int64_t now);
bool ready_is(const struct ready *r);
/* Is @sink one that can be told? */
bool ready_sink_works(const struct meter_sink *sink);
