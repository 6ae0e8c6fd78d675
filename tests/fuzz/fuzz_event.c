/*
 * One door: bytes that claim to be a JSON event. What is read is written and read again
 * to the same text; what is not is refused with a message.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/model/event_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	cleanup_event struct event *ev = NULL, *again = NULL;
	cleanup_buf struct buf once = {0}, twice = {0};
	struct json j = {.out = &once}, k = {.out = &twice};
	struct event_json_error wrong = {0};

	if (event_json_read((const char *)bytes, n, &ev, &wrong) != 0) {
		if (!wrong.message[0] || !ev)
			abort();
		return 0;
	}
	event_json_write(&j, ev, 1);
	if (event_json_read(once.data, once.n, &again, &wrong) != 0)
		abort();
	event_json_write(&k, again, 1);
	if (strcmp(once.data, twice.data) != 0)
		abort();
	return 0;
}
