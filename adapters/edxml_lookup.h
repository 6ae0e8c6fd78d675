/*
 * The element table as the parser asks it: names and namespaces are interned in its
 * dictionary, so that equal texts are equal pointers and a lookup is a short hash walk
 * and one load. Names are the library's bytes; they live as long as its dictionary.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapters/edxml_table.h"

enum {
	EDXML_NAMES = 128, /* more than edxml_rows has different names */
	EDXML_SLOTS = 512, /* of the name hash; a power of two */
	EDXML_NAMESPACES = 8,
};

struct edxml_lookup {
	struct {
		const unsigned char *name;
		uint8_t id;
	} slots[EDXML_SLOTS];
	uint8_t next[EDXML_STATES][EDXML_NAMES]; /* state by parent and name */
	uint8_t ranks[EDXML_STATES][EDXML_NAMES];
	uint8_t names_n;
	const unsigned char *namespaces[EDXML_NAMESPACES];
	const unsigned char *last_known; /* the namespace most elements have */
	const unsigned char *soap[2], *soap_envelope, *soap_header, *soap_body;
};

/* Fill @l from the tables; @intern gives the dictionary's copy of a text. */
void edxml_lookup_fill(struct edxml_lookup *l,
	const unsigned char *(*intern)(void *dictionary, const char *text),
	void *dictionary);

/* Is @uri (interned, or NULL) one of edXML's namespaces? */
bool edxml_lookup_knows(struct edxml_lookup *l, const unsigned char *uri);

/* The quirk of a known namespace, NULL if there is none. */
const char *edxml_lookup_namespace_quirk(
	const struct edxml_lookup *l, const unsigned char *uri);

/* The number of an interned name, 0 when no row has it. */
unsigned edxml_lookup_name(const struct edxml_lookup *l, const unsigned char *name);

bool edxml_lookup_is_soap(const struct edxml_lookup *l, const unsigned char *uri);
