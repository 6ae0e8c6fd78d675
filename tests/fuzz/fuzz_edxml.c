/*
 * One door: bytes that claim to be edXML. Whatever they are, the codec answers, with an
 * event that can be written and read again, or with a refusal that has a code.
 */
#include <stdint.h>
#include <stdlib.h>

#include "adapters/codec.h"
#include "gateway/model/event_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_round_trip(const struct event *ev)
{
	cleanup_buf struct buf out = {0};
	struct json j = {.out = &out};
	cleanup_event struct event *again = NULL;
	struct event_json_error wrong;

	event_json_write(&j, ev, 1);
	if (!out.full && event_json_read(out.data, out.n, &again, &wrong) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct codec *codec;
	struct codec_options options = {
		.format = CODEC_EDXML, .hash_attachments = true};
	cleanup_event struct event *ev = NULL;
	struct codec_error error = {0};

	if (!codec)
		codec = codec_new(&options);
	switch (codec_read_bytes(
		codec, (struct slice){(const char *)bytes, n}, &ev, &error, NULL)) {
	case CODEC_OK:
		check_round_trip(ev);
		break;
	case CODEC_REFUSED:
		if (!error.code || !error.message[0])
			abort();
		break;
	case CODEC_FAULT:
		abort();
	}
	return 0;
}
