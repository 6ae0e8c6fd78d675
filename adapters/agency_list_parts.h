/* What the two readers of agency lists share with agency_list.c; nobody else's. */
#pragma once

#include "adapters/agency_list.h"

/* The list is refused: fill @e and the list's place, return -1. */
int agency_list_refuse(struct agency_list *list, int line, int column, struct err *e,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/* A text of the list as it is kept: cleaned, NULL where it says nothing. */
const char *agency_list_text(struct agency_list *list, const char *bytes, size_t n);

/* Judge the ids of @agency, whose texts are the list's, and keep it. */
void agency_list_add(struct agency_list *list, struct agency agency);

int agency_list_read_json(
	struct agency_list *list, const char *bytes, size_t n, struct err *e);
int agency_list_read_xml(
	struct agency_list *list, const char *bytes, size_t n, struct err *e);
