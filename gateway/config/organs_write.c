#include "gateway/config/organs_write.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "gateway/config/node.h"

static const char opening[] =
	"# Written by `congvan organs import`. Change it by hand as you like: a later\n"
	"# import with --merge keeps what is written here, but not its comments.\n";

struct writer {
	yaml_emitter_t emitter;
	struct buf *out;
	bool failed;
};

static int on_bytes(void *context, unsigned char *bytes, size_t n)
{
	struct writer *w = context;

	buf_add(w->out, (const char *)bytes, n);
	return !w->out->full;
}

/* The emitter takes the event, also when it fails. */
static void emit(struct writer *w, yaml_event_t *event)
{
	if (w->failed)
		yaml_event_delete(event);
	else
		w->failed = !yaml_emitter_emit(&w->emitter, event);
}

/* libyaml's initialisers fail only for want of memory or for text that is not UTF-8. */
static void put_scalar(struct writer *w, const char *text, yaml_scalar_style_t style)
{
	yaml_event_t event;

	if (yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text,
		    (int)strlen(text), 1, 1, style))
		emit(w, &event);
	else
		w->failed = true;
}

static void put_key(struct writer *w, const char *name)
{
	put_scalar(w, name, YAML_PLAIN_SCALAR_STYLE);
}

static void put_text(struct writer *w, const char *text)
{
	put_scalar(w, text, YAML_DOUBLE_QUOTED_SCALAR_STYLE);
}

static void open_map(struct writer *w, yaml_mapping_style_t style)
{
	yaml_event_t event;

	yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, style);
	emit(w, &event);
}

static void close_map(struct writer *w)
{
	yaml_event_t event;

	yaml_mapping_end_event_initialize(&event);
	emit(w, &event);
}

static void open_list(struct writer *w, yaml_sequence_style_t style)
{
	yaml_event_t event;

	yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, style);
	emit(w, &event);
}

static void close_list(struct writer *w)
{
	yaml_event_t event;

	yaml_sequence_end_event_initialize(&event);
	emit(w, &event);
}

static void write_text(struct writer *w, const char *name, const char *text)
{
	if (!text)
		return;
	put_key(w, name);
	put_text(w, text);
}

static void write_day(struct writer *w, const char *name, day_t day)
{
	char text[DAY_TEXT];

	write_text(w, name, day_text(day, text));
}

static void write_texts(
	struct writer *w, const char *name, const char *const *texts, size_t n)
{
	if (!n)
		return;
	put_key(w, name);
	open_list(w, YAML_FLOW_SEQUENCE_STYLE);
	for (size_t i = 0; i < n; i++)
		put_text(w, texts[i]);
	close_list(w);
}

static void write_aliases(struct writer *w, const struct organ *organ)
{
	if (!organ->aliases_n)
		return;
	put_key(w, "aliases");
	open_list(w, YAML_BLOCK_SEQUENCE_STYLE);
	for (size_t i = 0; i < organ->aliases_n; i++) {
		const struct organ_alias *alias = &organ->aliases[i];

		open_map(w, YAML_FLOW_MAPPING_STYLE);
		write_text(w, "id", alias->id);
		write_day(w, "from", alias->from);
		write_day(w, "to", alias->to);
		close_map(w);
	}
	close_list(w);
}

static void write_successor(struct writer *w, const struct organ *organ)
{
	if (!organ->successor)
		return;
	put_key(w, "successor");
	open_map(w, YAML_FLOW_MAPPING_STYLE);
	write_text(w, "id", organ->successor);
	write_day(w, "from", organ->successor_from);
	close_map(w);
}

static void write_organ(struct writer *w, const struct organ *organ)
{
	open_map(w, YAML_BLOCK_MAPPING_STYLE);
	write_text(w, "id", organ->id);
	write_texts(w, "names", organ->names, organ->names_n);
	write_text(w, "parent", organ->parent);
	write_aliases(w, organ);
	write_successor(w, organ);
	if (!organ->uses_eoffice) {
		put_key(w, "uses_eoffice");
		put_scalar(w, "false", YAML_PLAIN_SCALAR_STYLE);
	}
	write_texts(w, "answered_by", organ->answered_by, organ->answered_by_n);
	write_texts(w, "receives_for", organ->receives_for, organ->receives_for_n);
	write_texts(w, "issues_for", organ->issues_for, organ->issues_for_n);
	close_map(w);
}

static void write_document(struct writer *w, const struct organ *organs, size_t n)
{
	yaml_event_t event;

	yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING);
	emit(w, &event);
	yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1);
	emit(w, &event);
	open_map(w, YAML_BLOCK_MAPPING_STYLE);
	put_key(w, "organs");
	open_list(w, YAML_BLOCK_SEQUENCE_STYLE);
	for (size_t i = 0; i < n && !w->failed; i++)
		write_organ(w, &organs[i]);
	close_list(w);
	close_map(w);
	yaml_document_end_event_initialize(&event, 1);
	emit(w, &event);
	yaml_stream_end_event_initialize(&event);
	emit(w, &event);
}

int organs_write(const struct organ *organs, size_t n, struct buf *out, struct err *e)
{
	struct writer w = {.out = out};

	out->max = NODE_MAX_BYTES;
	buf_add_text(out, opening);
	if (!yaml_emitter_initialize(&w.emitter))
		abort(); /* there is no memory (docs/decisions/0003) */
	yaml_emitter_set_output(&w.emitter, on_bytes, &w);
	yaml_emitter_set_unicode(&w.emitter, 1);
	yaml_emitter_set_width(&w.emitter, -1);
	write_document(&w, organs, n);
	yaml_emitter_delete(&w.emitter);
	if (out->full)
		return err_set(e, ERR_INPUT,
			"%zu organs make a table of more than %d bytes, which is more "
			"than the configuration may have",
			n, NODE_MAX_BYTES);
	return w.failed ? err_set(e, ERR_BUG, "the organ table cannot be written") : 0;
}
