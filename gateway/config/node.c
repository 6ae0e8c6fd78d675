#include "gateway/config/node.h"

#include <string.h>
#include <yaml.h>

#include "gateway/base/text.h"
#include "gateway/config/complain.h"
#include "gateway/config/file.h"

struct builder {
	struct reading *reading;
	yaml_parser_t parser;
	const char *bytes;
	size_t bytes_n;
	int depth;
	/* Where a line begins; asked for by ascending numbers, so it only goes on. */
	size_t line_at;
	int line;
};

/* How many bytes the character at @bytes has; 0 if it is none. */
static size_t character_bytes(const char *bytes, size_t n)
{
	for (size_t k = 1; k <= 4 && k <= n; k++)
		if (text_is_utf8(bytes, k))
			return k;
	return 0;
}

/* Line and column of the byte at @offset, or of the first one that is no UTF-8. */
static void find_place(
	const char *bytes, size_t n, size_t offset, int *line, int *column)
{
	*line = *column = 1;
	for (size_t i = 0, step; i < n && i < offset; i += step) {
		step = character_bytes(bytes + i, n - i);
		if (!step)
			return;
		(*column)++;
		if (bytes[i] == '\n') {
			(*line)++;
			*column = 1;
		}
	}
}

/* Does a tab stand at @line and @column? */
static bool is_tab(const struct builder *b, int line, int column)
{
	size_t i = 0;

	for (; i < b->bytes_n && line > 1; i++)
		line -= b->bytes[i] == '\n';
	for (; i < b->bytes_n && column > 1; column--)
		i += character_bytes(b->bytes + i, b->bytes_n - i);
	return i < b->bytes_n && b->bytes[i] == '\t';
}

static int complain_syntax(struct builder *b)
{
	const yaml_parser_t *p = &b->parser;
	int line = (int)p->problem_mark.line + 1,
	    column = (int)p->problem_mark.column + 1;

	if (p->error == YAML_READER_ERROR)
		find_place(b->bytes, b->bytes_n, p->problem_offset, &line, &column);
	if (is_tab(b, line, column))
		complain_file(b->reading, line, column,
			"a tab cannot indent YAML; use spaces");
	else
		complain_file(b->reading, line, column,
			"this is not YAML: %s%s%s; look at the indentation, quotes and "
			"brackets here",
			p->problem ? p->problem : "it cannot be read",
			p->context ? ", " : "", p->context ? p->context : "");
	return -1;
}

/* The next event; the caller deletes it. */
static int next_event(struct builder *b, yaml_event_t *event)
{
	return yaml_parser_parse(&b->parser, event) ? 0 : complain_syntax(b);
}

static struct node *node_new(struct builder *b, const struct node *parent,
	enum node_kind kind, yaml_mark_t mark)
{
	struct node *node = arena_alloc(b->reading->arena, sizeof(*node));

	node->kind = kind;
	node->parent = parent;
	node->line = (int)mark.line + 1;
	node->column = (int)mark.column + 1;
	return node;
}

static void node_append(struct node *parent, struct node *child)
{
	child->index = parent->n++;
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
}

static void refuse_marks(struct builder *b, struct node *node,
	const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor)
		complain(b->reading, node,
			"anchors and aliases are not allowed; write the value out");
	if (tag)
		complain(b->reading, node,
			"tags (`!`) are not allowed; quotes make a text");
	if (tag && node->kind == NODE_TEXT)
		node->kind = NODE_BROKEN;
}

static size_t count_spaces(const char *text, size_t n)
{
	size_t i = 0;

	while (i < n && text[i] == ' ')
		i++;
	return i;
}

/* How far the lines of the literal @text that begins under @line are indented: as its
 * first line that is not empty is, but for what belongs to the text. */
static int find_indent(struct builder *b, int line, const char *text)
{
	size_t empty = strspn(text, "\n");
	int wanted = line + 1 + (int)empty;

	while (b->line < wanted && b->line_at < b->bytes_n) {
		const char *from = b->bytes + b->line_at;
		const char *end = memchr(from, '\n', b->bytes_n - b->line_at);

		b->line_at = end ? (size_t)(end + 1 - b->bytes) : b->bytes_n;
		b->line++;
	}
	size_t there = count_spaces(b->bytes + b->line_at, b->bytes_n - b->line_at);
	size_t own = count_spaces(text + empty, strlen(text + empty));

	return (int)(there > own ? there - own : 0);
}

static void fill_quote(struct builder *b, struct node *node, const yaml_event_t *event)
{
	static const enum node_quote quotes[] = {
		[YAML_PLAIN_SCALAR_STYLE] = QUOTE_PLAIN,
		[YAML_SINGLE_QUOTED_SCALAR_STYLE] = QUOTE_SINGLE,
		[YAML_DOUBLE_QUOTED_SCALAR_STYLE] = QUOTE_DOUBLE,
		[YAML_LITERAL_SCALAR_STYLE] = QUOTE_LITERAL,
		[YAML_FOLDED_SCALAR_STYLE] = QUOTE_FOLDED,
	};

	node->quote = quotes[event->data.scalar.style];
	node->plain = node->quote == QUOTE_PLAIN;
	if (node->quote == QUOTE_LITERAL)
		node->indent = find_indent(b, node->line, node->text);
}

static void fill_scalar(struct builder *b, struct node *node, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t n = event->data.scalar.length;

	node->text = arena_dup_n(b->reading->arena, text, n);
	fill_quote(b, node, event);
	if (!text_is_utf8(text, n)) {
		complain(
			b->reading, node, "the character \\0 is not allowed in a text");
		node->kind = NODE_BROKEN;
	}
}

static int build_value(struct builder *b, yaml_event_t *event, struct node *parent,
	struct node *key, struct node **ret_node);

static int build_list(struct builder *b, struct node *list)
{
	for (;;) {
		yaml_event_t event;
		struct node *child = NULL;

		if (next_event(b, &event))
			return -1;
		bool end = event.type == YAML_SEQUENCE_END_EVENT;
		int result = end ? 0 : build_value(b, &event, list, NULL, &child);

		yaml_event_delete(&event);
		if (end || result)
			return result;
	}
}

/* Stands where @map stands and takes what must not go into it. */
static struct node *node_aside(
	struct builder *b, const struct node *map, yaml_mark_t mark)
{
	struct node *aside = node_new(b, map->parent, NODE_BROKEN, mark);

	aside->key = map->key;
	aside->index = map->index;
	return aside;
}

/* Read the value of @key into @map, or past it when the key cannot stand there. */
static int build_pair(struct builder *b, struct node *map, struct node *key)
{
	yaml_event_t event;
	struct node *value = NULL, *home = map;
	const struct node *earlier = NULL;

	if (next_event(b, &event))
		return -1;
	if (key->kind == NODE_TEXT)
		earlier = node_find(map, key->text);
	if (key->kind != NODE_TEXT || earlier)
		home = node_aside(b, map, event.start_mark);
	int result = build_value(b, &event, home, key, &value);

	yaml_event_delete(&event);
	if (result)
		return -1;
	if (key->kind == NODE_LIST || key->kind == NODE_MAP)
		complain(b->reading, key, "a key must be a plain word");
	if (earlier)
		complain_key(b->reading, value,
			"this key is already in line %d; write it once",
			earlier->key_line);
	if (map->n < NODE_MAX_KEYS)
		return 0;
	complain_key(b->reading, value, "more than %d keys in one map", NODE_MAX_KEYS);
	return -1;
}

static int build_map(struct builder *b, struct node *map)
{
	for (;;) {
		yaml_event_t event;
		struct node *key = NULL, *nowhere;

		if (next_event(b, &event))
			return -1;
		bool end = event.type == YAML_MAPPING_END_EVENT;

		nowhere = end ? NULL : node_aside(b, map, event.start_mark);
		int result = end ? 0 : build_value(b, &event, nowhere, NULL, &key);

		yaml_event_delete(&event);
		if (end || result)
			return result;
		if (build_pair(b, map, key))
			return -1;
	}
}

static int build_inside(struct builder *b, struct node *node)
{
	if (b->depth == NODE_MAX_DEPTH) {
		complain(b->reading, node, "nested deeper than %d", NODE_MAX_DEPTH);
		return -1;
	}
	b->depth++;
	int result = node->kind == NODE_LIST ? build_list(b, node) : build_map(b, node);

	b->depth--;
	return result;
}

/* The value that begins with @event, put into @parent (NULL: the root) under @key. */
static int build_value(struct builder *b, yaml_event_t *event, struct node *parent,
	struct node *key, struct node **ret_node)
{
	enum node_kind kind = event->type == YAML_SCALAR_EVENT           ? NODE_TEXT
			      : event->type == YAML_SEQUENCE_START_EVENT ? NODE_LIST
			      : event->type == YAML_MAPPING_START_EVENT  ? NODE_MAP
									 : NODE_BROKEN;
	struct node *node = node_new(b, parent, kind, event->start_mark);

	if (parent)
		node_append(parent, node);
	if (key) {
		node->key = key->text ? key->text : "?";
		node->key_line = key->line;
		node->key_column = key->column;
	}
	*ret_node = node;
	switch (kind) {
	case NODE_TEXT:
		fill_scalar(b, node, event);
		refuse_marks(
			b, node, event->data.scalar.anchor, event->data.scalar.tag);
		return 0;
	case NODE_LIST:
		refuse_marks(b, node, event->data.sequence_start.anchor,
			event->data.sequence_start.tag);
		return build_inside(b, node);
	case NODE_MAP:
		refuse_marks(b, node, event->data.mapping_start.anchor,
			event->data.mapping_start.tag);
		return build_inside(b, node);
	case NODE_BROKEN:
		break;
	}
	complain(b->reading, node,
		"anchors and aliases are not allowed; write the value out");
	return 0;
}

/* The next event that is no frame (stream and document starts and ends). */
static int next_content(struct builder *b, yaml_event_t *event, bool *ret_end)
{
	for (*ret_end = false;;) {
		if (next_event(b, event))
			return -1;
		yaml_event_type_t type = event->type;

		if (type == YAML_STREAM_END_EVENT || type == YAML_NO_EVENT)
			*ret_end = true;
		else if (type != YAML_STREAM_START_EVENT &&
			 type != YAML_DOCUMENT_START_EVENT &&
			 type != YAML_DOCUMENT_END_EVENT)
			return 0;
		yaml_event_delete(event);
		if (*ret_end)
			return 0;
	}
}

static int build_root(struct builder *b, struct node **ret_root)
{
	yaml_event_t event;
	bool end;

	if (next_content(b, &event, &end))
		return -1;
	if (end) {
		complain_file(b->reading, 1, 1, "the file is empty");
		return -1;
	}
	int result = build_value(b, &event, NULL, NULL, ret_root);

	yaml_event_delete(&event);
	if (result || next_content(b, &event, &end))
		return -1;
	if (end)
		return 0;
	complain_file(b->reading, (int)event.start_mark.line + 1,
		(int)event.start_mark.column + 1,
		"a second document begins here; one file holds one");
	yaml_event_delete(&event);
	return -1;
}

const struct node *node_read(struct reading *r, const char *bytes, size_t n)
{
	struct builder b = {.reading = r, .bytes = bytes, .bytes_n = n, .line = 1};
	struct node *root = NULL;
	int line, column;

	if (!text_is_utf8(bytes, n)) {
		find_place(bytes, n, n, &line, &column);
		complain_file(r, line, column,
			"this byte is no UTF-8 text; save the file as UTF-8");
		return NULL;
	}
	if (!yaml_parser_initialize(&b.parser)) {
		complain_file(r, 1, 1, "there is not enough memory to read the file");
		return NULL;
	}
	yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&b.parser, (const unsigned char *)bytes, n);
	int result = build_root(&b, &root);

	yaml_parser_delete(&b.parser);
	return result ? NULL : root;
}

const struct node *node_read_file(struct reading *r, const char *path)
{
	cleanup_buf struct buf bytes = {0};
	struct err e = {0};

	if (file_read(path, NODE_MAX_BYTES, &bytes, &e)) {
		complain_file(r, 1, 1, "the file cannot be read: %s", e.text);
		return NULL;
	}
	return node_read(r, buf_text(&bytes), bytes.n);
}

/* How many columns the first @n bytes of @text take when written so. */
static int count_columns(enum node_quote quote, const char *text, size_t n)
{
	static const char *const doubled[] = {[QUOTE_PLAIN] = "",
		[QUOTE_SINGLE] = "'",
		[QUOTE_DOUBLE] = "\"\\\t\n\r",
		[QUOTE_LITERAL] = "",
		[QUOTE_FOLDED] = ""};
	int columns = quote == QUOTE_SINGLE || quote == QUOTE_DOUBLE;

	for (size_t i = 0; i < n; i++) {
		columns += (text[i] & 0xc0) != 0x80;
		columns += strchr(doubled[quote], text[i]) != NULL;
	}
	return columns;
}

struct node node_inside(const struct node *node, size_t at)
{
	struct node inside = *node;
	const char *line = node->text;

	if (node->quote == QUOTE_FOLDED)
		return inside;
	if (node->quote != QUOTE_LITERAL) {
		inside.column += count_columns(node->quote, line, at);
		return inside;
	}
	inside.line++;
	for (const char *end; (end = memchr(line, '\n', at)); line = end + 1) {
		at -= (size_t)(end + 1 - line);
		inside.line++;
	}
	inside.column = 1 + node->indent + count_columns(node->quote, line, at);
	return inside;
}

const struct node *node_find(const struct node *map, const char *key)
{
	if (!map || map->kind != NODE_MAP)
		return NULL;
	for (const struct node *at = map->first; at; at = at->next)
		if (strcmp(at->key, key) == 0)
			return at;
	return NULL;
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
	return text_hash(hash, text ? text : "", text ? strlen(text) + 1 : 0);
}

static uint64_t hash_node(uint64_t hash, const struct node *node, int depth)
{
	hash = text_hash(hash, &node->kind, sizeof(node->kind));
	hash = hash_text(hash_text(hash, node->key), node->text);
	for (const struct node *at = node->first; at && depth; at = at->next)
		hash = hash_node(hash, at, depth - 1);
	return hash;
}

uint64_t node_hash(const struct node *node)
{
	return hash_node(TEXT_HASH_SEED, node, NODE_MAX_DEPTH);
}
