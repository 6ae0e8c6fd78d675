#include "gateway/flow/breaker.h"

#include "gateway/flow/backoff.h"

bool breaker_failed(
	struct breaker *b, const struct delivery_policy *d, int64_t now, int least_ms)
{
	b->failures++;
	if (b->state == BREAKER_OPEN ||
		(b->state == BREAKER_CLOSED && b->failures < d->suspend_after))
		return false;
	int pause_ms = backoff_pause_ms(
		d->suspend_first_ms, d->suspend_limit_ms, ++b->opened, &b->seed);

	b->state = BREAKER_OPEN;
	b->until = now + (int64_t)(pause_ms < least_ms ? least_ms : pause_ms) * 1000000;
	return true;
}

bool breaker_worked(struct breaker *b)
{
	bool was = b->state != BREAKER_CLOSED;

	b->generation++;
	b->failures = b->opened = 0;
	b->state = BREAKER_CLOSED;
	return was;
}

int breaker_room(struct breaker *b, int64_t now, int window)
{
	if (b->state == BREAKER_OPEN && now >= b->until)
		b->state = BREAKER_HALF_OPEN;
	switch (b->state) {
	case BREAKER_CLOSED:
		return window;
	case BREAKER_HALF_OPEN:
		return 1;
	case BREAKER_OPEN:
		break;
	}
	return 0;
}
