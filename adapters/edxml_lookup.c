#include "adapters/edxml_lookup.h"

#include <string.h>

static unsigned slot_of(const unsigned char *name)
{
	uintptr_t p = (uintptr_t)name;

	return (unsigned)((p >> 1) ^ (p >> 9)) % EDXML_SLOTS;
}

unsigned edxml_lookup_name(const struct edxml_lookup *l, const unsigned char *name)
{
	for (unsigned i = slot_of(name);; i = (i + 1) % EDXML_SLOTS) {
		if (l->slots[i].name == name)
			return l->slots[i].id;
		if (!l->slots[i].name)
			return 0;
	}
}

static unsigned add_name(struct edxml_lookup *l, const unsigned char *name)
{
	unsigned known = edxml_lookup_name(l, name), i = slot_of(name);

	if (known)
		return known;
	while (l->slots[i].name)
		i = (i + 1) % EDXML_SLOTS;
	l->slots[i].name = name;
	l->slots[i].id = ++l->names_n;
	return l->names_n;
}

bool edxml_lookup_knows(struct edxml_lookup *l, const unsigned char *uri)
{
	if (uri == l->last_known)
		return uri != NULL;
	for (unsigned i = 0; uri && i < edxml_namespaces_n; i++)
		if (l->namespaces[i] == uri) {
			l->last_known = uri;
			return true;
		}
	return false;
}

const char *edxml_lookup_namespace_quirk(
	const struct edxml_lookup *l, const unsigned char *uri)
{
	for (unsigned i = 0; i < edxml_namespaces_n; i++)
		if (l->namespaces[i] == uri)
			return edxml_namespaces[i].quirk;
	return NULL;
}

bool edxml_lookup_is_soap(const struct edxml_lookup *l, const unsigned char *uri)
{
	return uri && (uri == l->soap[0] || uri == l->soap[1]);
}

void edxml_lookup_fill(struct edxml_lookup *l,
	const unsigned char *(*intern)(void *dictionary, const char *text),
	void *dictionary)
{
	memset(l, 0, sizeof(*l));
	for (unsigned i = 0; i < edxml_rows_n; i++) {
		const struct edxml_row *row = &edxml_rows[i];
		unsigned id = add_name(l, intern(dictionary, row->name));

		l->next[row->parent][id] = (uint8_t)row->state;
		l->ranks[row->parent][id] = row->rank;
	}
	for (unsigned i = 0; i < edxml_namespaces_n; i++)
		l->namespaces[i] = intern(dictionary, edxml_namespaces[i].uri);
	for (unsigned i = 0; i < 2; i++)
		l->soap[i] = intern(dictionary, edxml_soap_namespaces[i]);
	l->soap_envelope = intern(dictionary, "Envelope");
	l->soap_header = intern(dictionary, "Header");
	l->soap_body = intern(dictionary, "Body");
}
