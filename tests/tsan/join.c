/*
 * pthread_clockjoin_np() for a build under ThreadSanitizer. That of GCC 12 and clang 14
 * does not know it, so it would see threads that nobody waits for, and a race in
 * whatever is freed once they have ended. It knows the same join by the wall clock.
 */
#include <pthread.h>
#include <time.h>

enum { SECOND_NS = 1000000000 };

static long long read_ns(clockid_t clock)
{
	struct timespec now = {0};

	clock_gettime(clock, &now);
	return (long long)now.tv_sec * SECOND_NS + now.tv_nsec;
}

int pthread_clockjoin_np(pthread_t thread, void **ret_value, clockid_t clock,
	const struct timespec *until)
{
	long long until_ns = (long long)until->tv_sec * SECOND_NS + until->tv_nsec;
	long long wall_ns = until_ns - read_ns(clock) + read_ns(CLOCK_REALTIME);
	struct timespec wall = {wall_ns / SECOND_NS, wall_ns % SECOND_NS};

	return pthread_timedjoin_np(thread, ret_value, &wall);
}
