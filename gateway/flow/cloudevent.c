#include "gateway/flow/cloudevent.h"

#include <string.h>

#include "gateway/base/json.h"

/* `/congvan/H21` or `vn.congvan.task.assigned.v1`: a text in three pieces. */
static void put_joined(struct json *j, const char *name, const char *before,
	const char *middle, const char *after)
{
	cleanup_buf struct buf text = {0};

	buf_printf(&text, "%s%s%s", before, middle, after);
	json_put_text(j, name, buf_text(&text));
}

void cloudevent_write(struct buf *out, const char *site, const struct outbox_row *row)
{
	char at[INSTANT_TEXT];
	struct json j = {.out = out};

	json_open(&j, '{');
	json_put_text(&j, "specversion", "1.0");
	json_put_text(&j, "id", row->event_id);
	put_joined(&j, "source", "/congvan/", site, "");
	put_joined(&j, "type", "vn.congvan.", row->name, ".v1");
	/* CloudEvents: absent rather than empty. */
	if (row->subject && *row->subject)
		json_put_text(&j, "subject", row->subject);
	if (instant_text(row->at, at))
		json_put_text(&j, "time", at);
	json_put_text(&j, "datacontenttype", "application/json");
	if (row->traceparent)
		json_put_text(&j, "traceparent", row->traceparent);
	if (row->data.n) {
		json_key(&j, "data");
		json_raw(&j, row->data.at, row->data.n);
	}
	json_close(&j, '}');
}

/* How much of @organ a key has room for: ids from outside know no limit, AMQP's short
 * strings do, and an event that no queue takes would hold up all behind it. No queue
 * can be bound to an id that long; the whole of it is in the event. */
static size_t organ_room(const char *name, const char *organ)
{
	size_t n = strlen(organ), room = CLOUDEVENT_KEY_MAX - strlen(name) - 1;

	if (n <= room)
		return n;
	while (room && ((unsigned char)organ[room] & 0xC0) == 0x80)
		room--;
	return room;
}

void cloudevent_write_key(struct buf *out, const struct outbox_row *row)
{
	const char *organ = row->organ && *row->organ ? row->organ : "-";

	buf_printf(out, "%s.%.*s", row->name, (int)organ_room(row->name, organ), organ);
}
