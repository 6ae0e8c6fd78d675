/* How hard a sink's receiver is tried, the same for all types (docs/decisions/0011). */
#pragma once

struct delivery_policy {
	/* Between attempts at one event, or at the sink: from the first, doubled, up to
	 * the limit. */
	int retry_first_ms, retry_limit_ms;
	/* So many failures in a row suspend the sink for so long, doubled, up to. */
	int suspend_after, suspend_first_ms, suspend_limit_ms;
	int retry_after_limit_ms; /* the longest a receiver may ask us to wait */
	int give_up_days;         /* an event put off for longer is a dead letter */
};

extern const struct delivery_policy delivery_policy_default;
