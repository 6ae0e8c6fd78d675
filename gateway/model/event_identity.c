#include "gateway/model/event_identity.h"

bool event_ensure_document_id(struct event *ev, const char *path)
{
	const char *code = event_code_text(ev);
	int year, month, mday;

	if (ev->document_id)
		return true;
	if (!ev->from.organ_id || !ev->code.number || !ev->code.notation ||
		ev->issued_on == DAY_NONE)
		return false;
	day_split(ev->issued_on, &year, &month, &mday);
	ev->document_id = arena_printf(&ev->arena, "%s,%04d/%02d/%02d,%s",
		ev->from.organ_id, year, month, mday, code);
	event_add_quirk(ev, "id.missing", path, ev->document_id);
	return true;
}
