/*
 * One door: what a receiver answers. Whatever it is, there is a verdict; what is said
 * of it begins with the receiver's place, and an id taken from it is one line.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/http_verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const struct http_status_range good[] = {{200, 299}};
static const char *const zero[] = {"0", "00"};
static const struct http_verdict_rules json = {
	.already = {.at = "/error/0", .equals = zero, .equals_n = 2},
	.later = {.at = "/later"},
	.success = {.statuses = good,
		.statuses_n = 1,
		.at = "/kind",
		.equals = zero,
		.equals_n = 2},
	.known_as = "/document_id",
};
static const struct http_verdict_rules xml = {
	.body = HTTP_BODY_XML,
	.later = {.at = "//later/@at"},
	.success = {.statuses = good, .statuses_n = 1, .at = "//*"},
	.known_as = "//*[local-name()='DocumentId']",
};

static void try_rules(
	const struct http_verdict_rules *rules, const char *bytes, size_t n)
{
	static const int statuses[] = {200, 404, 503};

	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
		struct sink_news news = {0};
		const struct http_response response = {.status = statuses[i],
			.where = "h:1",
			.retry_after_ms = -1,
			.body = {bytes, n}};

		http_verdict(rules, &response, &news);
		bool delivered = news.verdict == SINK_DELIVERED;

		if (delivered != !news.reason[0] ||
			(!delivered && strncmp(news.reason, "h:1: HTTP ", 10) != 0) ||
			news.known_as[strcspn(news.known_as, "\r\n")] ||
			(news.known_as[0] && !delivered))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	try_rules(&json, (const char *)bytes, n);
	try_rules(&xml, (const char *)bytes, n);
	return 0;
}
