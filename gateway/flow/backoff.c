#include "gateway/flow/backoff.h"

#include "gateway/base/day.h"
#include "gateway/base/text.h"

int backoff_failed(struct backoff *b, bool *ret_first)
{
	int64_t ticks = clock_ticks();

	*ret_first = b->pause_ms == 0;
	if (*ret_first) {
		b->since = ticks;
		b->pause_ms = b->first_ms;
	} else if (b->pause_ms < b->limit_ms) {
		b->pause_ms *= 2;
	}
	if (b->pause_ms > b->limit_ms)
		b->pause_ms = b->limit_ms;
	b->seed = text_hash(b->seed ^ TEXT_HASH_SEED, &ticks, sizeof(ticks));
	int half = b->pause_ms / 2;

	return half + (int)(b->seed % (uint64_t)(half + 1));
}

bool backoff_worked(struct backoff *b)
{
	bool was = b->pause_ms != 0;

	b->pause_ms = 0;
	return was;
}

int64_t backoff_trouble_ms(const struct backoff *b)
{
	return b->pause_ms ? (clock_ticks() - b->since) / 1000000 : 0;
}
