/*
 * One door: what the axis answers, and what the ledger addresses to it. A list that is
 * read names only what can be asked for, a document is whole or not there, a refusal
 * says why, and a status that is written is read back by our own codec.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "adapters/codec.h"
#include "adapters/vxp_reply.h"
#include "adapters/vxp_sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_list(struct slice body)
{
	struct arena arena = {0};
	vxp_entries list = {0};
	struct err e = {0};

	if (vxp_reply_list(&arena, body, &list, &e) != VXP_REPLY_OK)
		assert(e.code && e.text[0]);
	for (size_t i = 0; i < list.n; i++)
		assert(!list.at[i].doc_id || vxp_is_plain(list.at[i].doc_id));
	arena_deinit(&arena);
}

static void read_document(struct slice body)
{
	cleanup_buf struct buf bytes = {0};
	struct err e = {0};
	bool whole = false;

	if (vxp_reply_file(body, &bytes, &whole, &e) != VXP_REPLY_OK)
		assert(e.text[0] && !whole);
	assert(whole == (bytes.n > 0));
}

static void read_back(const struct buf *text)
{
	const struct codec_options options = {.format = CODEC_EDXML};
	struct codec *codec = codec_new(&options);
	struct codec_error wrong;
	struct event *ev = NULL;
	struct err e = {0};
	enum codec_result result = codec_read_bytes(
		codec, (struct slice){text->data, text->n}, &ev, &wrong, &e);

	/* What is too long, or says no more than "null", may be refused; what we write
	 * is XML all the same. */
	assert(result == CODEC_OK || strcmp(wrong.code, "xml.malformed") != 0);
	assert(result != CODEC_OK || ev->kind == EVENT_STATUS);
	event_free(ev);
	codec_free(codec);
}

static void write_status(struct slice body)
{
	struct arena arena = {0};
	struct vxp_message message = {0};
	char why[SINK_REASON] = "";

	if (vxp_message_write(&arena, body, &message, why))
		read_back(&message.edxml);
	else
		assert(why[0] && !message.edxml.n);
	buf_deinit(&message.edxml);
	arena_deinit(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice body = {(const char *)data, size};

	read_list(body);
	read_document(body);
	write_status(body);
	return 0;
}
