/*
 * Elements that hold other elements: what begins with them, and what is put together
 * when they end. They are rows of the field table (edxml_fields.c).
 */
#pragma once

#include "adapters/edxml_reader.h"

void edxml_take_hop_organ(struct edxml_reader *r, const char *text);
void edxml_take_hop_at(struct edxml_reader *r, const char *text);
void edxml_end_hop(struct edxml_reader *r);
void edxml_begin_business(struct edxml_reader *r);
void edxml_take_business_id(struct edxml_reader *r, const char *text);
void edxml_take_business_type(struct edxml_reader *r, const char *text);
void edxml_end_from(struct edxml_reader *r);
void edxml_end_to(struct edxml_reader *r);
void edxml_begin_response(struct edxml_reader *r);
void edxml_end_response(struct edxml_reader *r);
void edxml_end_receiver(struct edxml_reader *r);
void edxml_end_replaced_organ(struct edxml_reader *r);
void edxml_end_replacement(struct edxml_reader *r);
void edxml_begin_file(struct edxml_reader *r);
void edxml_end_reference(struct edxml_reader *r);
void edxml_begin_bytes(struct edxml_reader *r);
void edxml_end_bytes(struct edxml_reader *r);
void edxml_end_attachment(struct edxml_reader *r);
void edxml_begin_status(struct edxml_reader *r);

/* @text into @place; a second, different text for one place is a quirk. */
void edxml_put_text(struct edxml_reader *r, const char **place, const char *text);

/* A small whole number, or -1. */
int edxml_number(const char *text);
