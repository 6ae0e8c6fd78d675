/* X1: is a document of a secret class, by its metadata or by the mark that leads its
 * subject or an attachment's name? */
#pragma once

#include "gateway/model/event.h"

/* The highest class found; SECRECY_NONE for an ordinary document. @ev may be partial.
 */
enum event_secrecy secrecy_of(const struct event *ev);

/* Is it of any secret class at all? */
bool secrecy_restricts(const struct event *ev);
