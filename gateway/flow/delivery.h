/*
 * How hard a sink's receiver is tried, the same for all types (docs/decisions/0011).
 */
#pragma once

struct delivery_policy {
	int retry_first_ms, retry_limit_ms; /* between attempts at one event, or at the
					       sink: from the first, doubled, up to */
	int breaker_after; /* so many failures in a row suspend the sink … */
	int breaker_first_ms, breaker_limit_ms; /* … for so long, doubled, up to */
	int give_up_days;    /* an event put off for longer is a dead letter */
	int answer_limit_ms; /* the longest a receiver may ask us to wait */
};

extern const struct delivery_policy delivery_policy_default;
