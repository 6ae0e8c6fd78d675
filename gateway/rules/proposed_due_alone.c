#include "gateway/rules/proposed_due_alone.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *const bodies[] = {"sở", "ubnd", "ủy ban", "văn phòng", "công an",
	"ban", "bộ", "thanh tra", "chi cục", "cục", "phòng", "trung tâm", "trường",
	"bệnh viện", "các sở", "các đơn vị", "các cơ quan", "các xã", "các phường",
	"các địa phương", "các phòng", "các trường", "các ban", "cấp xã", "cấp tỉnh",
	"cấp huyện", "đơn vị", "bộ chỉ huy", "kho bạc", "bảo hiểm"};

/* Behind these and a colon stands until when. */
static const char *const labels[] = {"thời gian", "thời hạn", "hạn", "tiến độ",
	"thời hạn chung", "thời hạn cụ thể", "thời gian cụ thể"};

/* A sentence that goes on like this tells somebody to do something. */
static const char *const demands[] = {
	"đề nghị", "yêu cầu", "giao", "quý cơ quan", "quý đơn vị", "quý sở"};

size_t due_body_at(const struct words *w, size_t i)
{
	size_t longest = 0;

	for (size_t k = 0; k < COUNT(bodies); k++) {
		size_t n = words_match(w, i, bodies[k]);

		longest = n > longest ? n : longest;
	}
	return longest;
}

static bool opens_sentence(const struct words *w, size_t at)
{
	return at == 0 || words_end_sentence(w, at - 1);
}

static bool ends_sentence(const struct words *w, size_t end)
{
	return end == w->n || words_end_sentence(w, end) || words_sign(w, end, ';');
}

static bool has_label(const struct words *w, size_t at)
{
	if (at == 0 || !words_sign(w, at - 1, ':'))
		return false;
	for (size_t k = 0; k < COUNT(labels); k++)
		if (words_match_before(w, at - 1, labels[k]))
			return true;
	return false;
}

/* "…, Sở Y tế", "…, đề nghị": what follows is for somebody to do. */
static bool addresses_somebody(const struct words *w, size_t end)
{
	if (!words_sign(w, end, ','))
		return false;
	for (size_t k = 0; k < COUNT(demands); k++)
		if (words_match(w, end + 1, demands[k]))
			return true;
	return due_body_at(w, end + 1) > 0;
}

bool due_stands_alone(const struct words *w, const struct due_phrase *phrase)
{
	if (phrase->counted && !phrase->anchored)
		return false;
	if (opens_sentence(w, phrase->at) && ends_sentence(w, phrase->end))
		return true;
	if (has_label(w, phrase->at))
		return phrase->counted || !phrase->within;
	return opens_sentence(w, phrase->at) && (phrase->before || phrase->counted) &&
	       addresses_somebody(w, phrase->end);
}
