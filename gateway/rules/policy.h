/* The site's choices (`policy:` in docs/configuration.md), each also per adapter. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum policy_confirmation { CONFIRMATION_AUTO, CONFIRMATION_REQUIRED };
enum policy_close_on { CLOSE_ON_ISSUED, CLOSE_ON_DRAFTED };
enum policy_tasks {
	POLICY_TASKS_DEFAULT,
	POLICY_TASKS_EXPLICIT,
	POLICY_TASKS_DIRECTIVE,
	POLICY_TASKS_DUE,
	POLICY_TASKS_ALL
};
/* Which coding of edXML's SteeringType a partner uses (T2). */
enum policy_steering {
	POLICY_STEERING_UNKNOWN,
	POLICY_STEERING_012,
	POLICY_STEERING_123
};

struct policy_rule {
	const char *type;
	int working_days;
};

struct policy {
	enum policy_confirmation confirmation;
	enum policy_close_on close_on;
	enum policy_tasks tasks;
	enum policy_steering steering;
	const char *const *assigners; /* empty: any organ */
	size_t assigners_n;
	const char *const *answers_proposals;
	size_t answers_proposals_n;
	const struct policy_rule *rules;
	size_t rules_n;
	bool citation_closes, accept_proposed_due;
	int due_soon_days;
	int working_minutes[8]; /* from, to pairs in minutes of the day; -1 ends */
};

/* What holds where the configuration is silent. */
extern const struct policy policy_default;
