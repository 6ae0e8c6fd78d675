#include "gateway/rules/delivery.h"

const struct delivery_policy delivery_policy_default = {
	.retry_first_ms = 500,
	.retry_limit_ms = 10 * 60 * 1000,
	.suspend_after = 5,
	.suspend_first_ms = 60 * 1000,
	.suspend_limit_ms = 10 * 60 * 1000,
	.retry_after_limit_ms = 60 * 60 * 1000,
	.give_up_days = 7,
};
