#include "tests/lib/mapped.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/config/config.h"
#include "gateway/model/event_json.h"
#include "gateway/rules/secrecy.h"

const struct mapping *mapped_load(struct arena *arena, const char *text)
{
	struct config_complaints complaints = {0};
	const struct mapping *m = NULL;
	char path[64];
	int fd = memfd_create("mapping", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (config_load_mapping(path, arena, &m, &complaints))
		fail_msg("%d:%d: %s: %s in %s", complaints.list.at[0].line,
			complaints.list.at[0].column, complaints.list.at[0].key,
			complaints.list.at[0].message, text);
	config_complaints_deinit(&complaints);
	close(fd);
	return m;
}

static void say(const struct codec *c, enum codec_result result, const struct event *ev,
	const struct codec_error *error, struct buf *out)
{
	struct json j = {.out = out};
	struct slice own = codec_bytes(c);

	if (ev && secrecy_restricts(ev)) {
		buf_printf(out, "restricted %s", ev->document_id);
	} else if (result == CODEC_OK) {
		buf_add_text(out, "ok ");
		event_json_write(&j, ev, false);
	} else {
		buf_printf(out, "refused %s %d:%d %s", error->code, error->line,
			error->column, error->message);
	}
	if (codec_number(c)) {
		buf_add_text(out, " | ");
		buf_add(out, own.at, own.n);
	}
	buf_add_char(out, '\n');
}

void mapped_read(const struct mapping *m, const struct codec_options *limits,
	struct slice message, struct buf *out)
{
	struct codec_options options = limits ? *limits : (struct codec_options){0};
	struct codec_error error = {0};
	struct event *ev = NULL;
	struct err e = {0};

	options.format = CODEC_MAPPING;
	options.mapping = m;
	options.is_restricted = secrecy_restricts;
	struct codec *c = codec_new(&options);
	enum codec_result result = codec_read_bytes(c, message, &ev, &error, &e);

	for (;;) {
		assert_int_not_equal(result, CODEC_FAULT);
		say(c, result, ev, &error, out);
		event_free(ev);
		if (!codec_left(c))
			break;
		result = codec_next(c, &ev, &error, &e);
	}
	codec_free(c);
}
