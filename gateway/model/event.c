#include "gateway/model/event.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"
#include "gateway/base/text.h"

const char *const event_kind_words[4] = {"document", "status", "read", "opinion"};
const char *const event_stage_words[3] = {"issued", "draft", "withdrawn"};
const char *const event_business_words[4] = {"new", "recall", "update", "replace"};
const char *const event_priority_words[5] = {
	"normal", "urgent", "very_urgent", "express", "express_timed"};
const char *const event_steering_words[4] = {"", "none", "directive", "report"};
const char *const event_secrecy_words[4] = {
	"none", "confidential", "secret", "top_secret"};
const char *const reply_kind_words[6] = {
	"", "final", "interim", "extension", "hand_back", "guidance"};
const char *const owed_kind_words[4] = {"task", "proposal", "opinion", "notice"};

int event_word_index(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], word ? word : "") == 0)
			return (int)i;
	return -1;
}

struct event *event_new(void)
{
	struct event *ev = mem_alloc(sizeof(*ev));

	ev->issued_on = ev->due_on = ev->first_hop_on = DAY_NONE;
	ev->at = ev->status.at = MSEC_NONE;
	ev->status.code = -1;
	return ev;
}

void event_free(struct event *ev)
{
	if (!ev)
		return;
	arena_deinit(&ev->arena);
	free(ev);
}

void event_wipe(struct event *ev)
{
	if (!ev)
		return;
	struct arena arena = ev->arena;

	ev->arena = (struct arena){0};
	event_free(ev);
	arena_wipe(&arena);
}

bool event_secrecy_read(
	struct arena *arena, const char *text, enum event_secrecy *ret_secrecy)
{
	static const struct {
		const char *word;
		enum event_secrecy secrecy;
	} words[] = {
		{"none", SECRECY_NONE},
		{"thuong", SECRECY_NONE},
		{"khong", SECRECY_NONE},
		{"khongmat", SECRECY_NONE},
		{"confidential", SECRECY_CONFIDENTIAL},
		{"mat", SECRECY_CONFIDENTIAL},
		{"secret", SECRECY_SECRET},
		{"toimat", SECRECY_SECRET},
		{"topsecret", SECRECY_TOP_SECRET},
		{"tuyetmat", SECRECY_TOP_SECRET},
	};
	const char *clean = text_clean(arena, text, strlen(text), NULL);
	char *word = arena_dup(arena, text_fold_ascii(arena, clean)), *end = word;

	for (const char *p = word; *p; p++)
		if (!strchr(" _-", *p))
			*end++ = *p;
	*end = '\0';
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(word, words[i].word) == 0) {
			*ret_secrecy = words[i].secrecy;
			return true;
		}
	*ret_secrecy = SECRECY_NONE;
	return text_is_filler(clean);
}

void event_cleanup_(struct event **ev)
{
	event_free(*ev);
}

void event_add_quirk(
	struct event *ev, const char *code, const char *path, const char *value)
{
	struct event_quirk *quirk = LIST_ADD(&ev->arena, &ev->quirks);

	quirk->code = code;
	quirk->path = arena_dup(&ev->arena, path);
	quirk->value = arena_dup(&ev->arena, value);
}

const char *event_code_text(struct event *ev)
{
	if (ev->code.number && ev->code.notation)
		return arena_printf(
			&ev->arena, "%s/%s", ev->code.number, ev->code.notation);
	return ev->code.number ? ev->code.number : ev->code.notation;
}
