#include "tests/unit/test_queue.h"

int amqp_only(void)
{
	return 0;
}
