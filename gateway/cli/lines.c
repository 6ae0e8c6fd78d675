#include "gateway/cli/lines.h"

void line_put_id(struct json *j, const char *name, int64_t id)
{
	json_key(j, name);
	if (id)
		json_int(j, id);
	else
		json_absent(j);
}

void line_put_error(
	struct json *j, const char *code, int line, int column, const char *message)
{
	json_key(j, "error");
	if (!code) {
		json_absent(j);
		return;
	}
	json_open(j, '{');
	json_put_text(j, "code", code);
	line_put_id(j, "line", line);
	line_put_id(j, "column", column);
	json_put_text(j, "message", message);
	json_close(j, '}');
}

void line_put_restricted(
	struct json *j, const struct event *ev, enum event_secrecy secrecy)
{
	json_key(j, "restricted");
	json_open(j, '{');
	json_put_text(j, "document_id", ev->document_id);
	json_put_text(j, "secrecy", event_secrecy_words[secrecy]);
	json_close(j, '}');
}

void line_put_part(struct json *j, size_t part)
{
	if (part)
		json_put_int(j, "part", (int64_t)part);
}
