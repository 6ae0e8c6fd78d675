/* M4: what kind of answer a document is. */
#pragma once

#include <stdbool.h>

#include "gateway/base/arena.h"
#include "gateway/model/event.h"

/*
 * @said when the source said it, else what the plain words of @subject say; final when
 * they say nothing. Words of the answered document's own subject ("… về việc …" after a
 * cited code) do not count.
 */
enum reply_kind reply_kind_of(
	struct arena *arena, enum reply_kind said, const char *subject);

/* Does @text (an assignment's subject or content) itself ask for a progress report? */
bool reply_kind_asks_progress(struct arena *arena, const char *text);
