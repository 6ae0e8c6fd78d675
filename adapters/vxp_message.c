/* From an event of the ledger (document.status) to the bytes for the axis. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "adapters/edxml_writer.h"
#include "adapters/vxp_sink.h"

static const char *text_at(
	struct arena *arena, const json_t *data, const char *member, const char *name)
{
	return arena_dup(arena, json_string_value(json_object_get(
					json_object_get(data, member), name)));
}

static bool read_status(
	struct arena *arena, const json_t *data, struct edxml_status *status)
{
	const char *at = json_string_value(json_object_get(data, "at"));

	*status = (struct edxml_status){
		.from_id = text_at(arena, data, "from", "organ_id"),
		.from_name = text_at(arena, data, "from", "name"),
		.issuer_id = text_at(arena, data, "to", "organ_id"),
		.document_id = text_at(arena, data, "document", "document_id"),
		.code = text_at(arena, data, "document", "code"),
		.issued_on = day_parse(text_at(arena, data, "document", "issued_on")),
		.status = (int)json_integer_value(json_object_get(data, "status")),
		.description = arena_dup(
			arena, json_string_value(json_object_get(data, "description"))),
	};
	return status->from_id && status->issuer_id && status->document_id &&
	       status->status && instant_parse(at, &status->at);
}

bool vxp_message_write(struct arena *arena, struct slice body,
	struct vxp_message *ret_message, char why[SINK_REASON])
{
	json_t *event = json_loadb(body.at ? body.at : "", body.n, 0, NULL);
	struct edxml_status status;
	struct err e = {0};
	bool is_status = read_status(arena, json_object_get(event, "data"), &status);

	json_decref(event);
	if (!is_status) {
		snprintf(why, SINK_REASON, "this is no status of a document");
		return false;
	}
	/* It stands in a header. */
	if (!vxp_is_plain(status.issuer_id)) {
		snprintf(why, SINK_REASON,
			"the issuer's id cannot be an address on the axis");
		return false;
	}
	if (edxml_write_status(&ret_message->edxml, &status, &e) < 0) {
		snprintf(why, SINK_REASON, "%.200s", e.text);
		return false;
	}
	ret_message->to = status.issuer_id;
	return true;
}
