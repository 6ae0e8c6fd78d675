/* M4: what kind of answer a document is. */
#pragma once

#include <stdbool.h>

#include "gateway/base/arena.h"
#include "gateway/model/event.h"

/*
 * @said when the source said it, else what the sender says in @subject (NULL: nothing);
 * final when it says no other. Words of the answered document's own subject ("… về việc
 * …" after a cited code) and of the matter ("hồ sơ xin gia hạn") do not count. In doubt
 * it is not final: a task left open is seen, one wrongly closed is not. Of a very long
 * subject the first words are read.
 */
enum reply_kind reply_kind_of(
	struct arena *arena, enum reply_kind said, const char *subject);

/* The kind @subject says of a reply to the document of the subject @answered (NULL:
 * none): what it repeats of that, word for word, says nothing about the reply. Progress
 * reports are the exception: reply_kind_asks_progress decides whether they answer. */
enum reply_kind reply_kind_to(
	struct arena *arena, const char *subject, const char *answered);

/* Does @text (an assignment's subject or content; may be NULL) itself ask for a
 * progress report? "Đẩy nhanh tiến độ" asks for none. */
bool reply_kind_asks_progress(struct arena *arena, const char *text);
