#include "gateway/flow/backoff.h"

#include "gateway/base/day.h"
#include "gateway/base/text.h"

/* Somewhere in its upper half. */
static int drawn(int pause_ms, uint64_t *seed)
{
	int64_t ticks = clock_ticks();
	int half = pause_ms / 2;

	*seed = text_hash(*seed ^ TEXT_HASH_SEED, &ticks, sizeof(ticks));
	return pause_ms - half + (int)(*seed % (uint64_t)(half + 1));
}

int backoff_pause_ms(int first_ms, int limit_ms, int nth, uint64_t *seed)
{
	int pause_ms = first_ms;

	for (int i = 1; i < nth && pause_ms < limit_ms; i++)
		pause_ms = pause_ms > limit_ms / 2 ? limit_ms : pause_ms * 2;
	return drawn(pause_ms < limit_ms ? pause_ms : limit_ms, seed);
}

int backoff_failed(struct backoff *b, bool *ret_first)
{
	*ret_first = b->pause_ms == 0;
	if (*ret_first) {
		b->since = clock_ticks();
		b->pause_ms = b->first_ms;
	} else if (b->pause_ms < b->limit_ms) {
		b->pause_ms *= 2;
	}
	if (b->pause_ms > b->limit_ms)
		b->pause_ms = b->limit_ms;
	return drawn(b->pause_ms, &b->seed);
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
