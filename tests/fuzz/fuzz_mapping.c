/*
 * One door: bytes that claim to be a vendor's message, read by a mapping of XML and by
 * one of JSON. Whatever they are, every answer is an event that can be written and read
 * again, or a refusal that has a code; and what would be set aside of a document reads
 * to that document alone.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "adapters/codec.h"
#include "gateway/config/config.h"
#include "gateway/model/event_json.h"
#include "gateway/rules/secrecy.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* As adapters/profiles has them, in short. */
static const char *const texts[] = {
	"syntax: xml\n"
	"namespaces: {d: \"urn:example:idesk:trao-doi:1\"}\n"
	"document: \"//d:vanBan[not(ancestor::d:vanBan)]\"\n"
	"dates: [dd/MM/yyyy, \"dd/MM/yyyy HH:mm\"]\n"
	"event:\n"
	"  document_id: \"@ma\"\n"
	"  thread_id: d:luong/@so\n"
	"  code: {number: d:so, notation: d:kyHieu}\n"
	"  issued_on: d:ngayBanHanh\n"
	"  subject: d:trichYeu\n"
	"  stage: {path: d:trangThai, values: {1: draft, 3: issued}, default: issued}\n"
	"  secrecy: {path: d:doMat, values: {mat: confidential, toiMat: secret}}\n"
	"  from: {organ_id: d:noiGui/@ma, name: d:noiGui}\n"
	"  to: {each: d:noiNhan/d:donVi, organ_id: \"@ma\", name: .}\n"
	"  due_on: d:hanXuLy\n"
	"  assignments: {each: d:giaoViec/d:viec, lead: "
	"\"d:donVi[@vaiTro='chuTri']/@ma\","
	" coordinating: \"d:donVi[@vaiTro='phoiHop']/@ma\", due_on: d:han}\n"
	"  response_for_tasks: {path: d:traLoi/d:nhiemVu, split: \",; \"}\n"
	"  attachments: {each: d:dinhKem/d:tep, name: \"@ten\","
	" bytes: {path: d:duLieu, base64: true}}\n",

	"syntax: json\n"
	"document: /data/items\n"
	"dates: [\"yyyy-MM-ddTHH:mm:sszzz\", unix-ms]\n"
	"event:\n"
	"  document_id: /id\n"
	"  thread_id: /thread/id\n"
	"  code: /code\n"
	"  issued_on: /issuedAt\n"
	"  subject: /title\n"
	"  stage: {path: /state, values: {DRAFT: draft, ISSUED: issued}, default: "
	"issued}\n"
	"  secrecy: {path: /confidential, values: {\"true\": secret, \"false\": "
	"none}}\n"
	"  from: {organ_id: /sender}\n"
	"  to: {each: /receivers, organ_id: /unit, name: /name}\n"
	"  due_on: /deadline\n"
	"  assignments: {each: /tasks, lead: /lead, coordinating: /with, due_on: "
	"/deadline}\n"
	"  attachments: {each: /files, name: /name, bytes: {path: /base64, base64: "
	"true}}\n",
};
enum { MAPPINGS = sizeof(texts) / sizeof(texts[0]) };

static struct codec *open_codec(const char *text)
{
	static struct arena arena;
	struct config_complaints complaints = {0};
	struct codec_options options = {
		.format = CODEC_MAPPING, .is_restricted = secrecy_restricts};
	char path[64];
	int fd = memfd_create("mapping", MFD_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (config_load_mapping(path, &arena, &options.mapping, &complaints))
		abort();
	config_complaints_deinit(&complaints);
	close(fd);
	return codec_new(&options);
}

static void check_round_trip(const struct event *ev, struct buf *ret_text)
{
	struct json j = {.out = ret_text};
	cleanup_event struct event *again = NULL;
	struct event_json_error wrong;

	event_json_write(&j, ev, 1);
	if (!ret_text->full &&
		event_json_read(ret_text->data, ret_text->n, &again, &wrong) != 0)
		abort();
}

/* What is set aside of a document: it alone, and the same. */
static void check_own(struct codec *other, struct slice own, const struct buf *text)
{
	cleanup_event struct event *ev = NULL;
	cleanup_buf struct buf again = {0};
	struct codec_error error = {0};

	if (codec_read_bytes(other, own, &ev, &error, NULL) != CODEC_OK ||
		codec_left(other) != 0)
		abort();
	check_round_trip(ev, &again);
	if (again.n != text->n || memcmp(again.data, text->data, text->n) != 0)
		abort();
}

static void check_answer(struct codec *c, struct codec *other, enum codec_result result,
	const struct event *ev, const struct codec_error *error)
{
	cleanup_buf struct buf text = {0};

	switch (result) {
	case CODEC_OK:
		check_round_trip(ev, &text);
		if (secrecy_restricts(ev) && codec_bytes(c).n)
			abort();
		if (codec_number(c) && !secrecy_restricts(ev))
			check_own(other, codec_bytes(c), &text);
		break;
	case CODEC_REFUSED:
		if (!error->code || !error->message[0])
			abort();
		break;
	case CODEC_FAULT:
		abort();
	}
}

static void read_all(struct codec *c, struct codec *other, struct slice bytes)
{
	struct event *ev = NULL;
	struct codec_error error = {0};
	enum codec_result result = codec_read_bytes(c, bytes, &ev, &error, NULL);

	for (;;) {
		check_answer(c, other, result, ev, &error);
		event_free(ev);
		if (!codec_left(c))
			return;
		result = codec_next(c, &ev, &error, NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct codec *codecs[MAPPINGS], *others[MAPPINGS];

	for (int i = 0; i < MAPPINGS; i++) {
		if (!codecs[i]) {
			codecs[i] = open_codec(texts[i]);
			others[i] = open_codec(texts[i]);
		}
		read_all(codecs[i], others[i], (struct slice){(const char *)bytes, n});
	}
	return 0;
}
