#include "gateway/rules/policy.h"

const struct policy policy_default = {
	.due_soon_days = 3,
	.working_minutes = {7 * 60, 11 * 60 + 30, 13 * 60 + 30, 17 * 60, -1, -1, -1,
		-1},
};
