/*
 * What documents are called (M8). People and systems write one name in many ways; here
 * two spellings are compared after folding: NFC, case, spaces, dash variants, leading
 * zeros of the number, both document-id conventions. A lost Đ ("TTDT" for "TTĐT") fits
 * only loosely, and the caller decides whether loose is good enough.
 */
#pragma once

#include <stdbool.h>

#include "gateway/base/arena.h"
#include "gateway/base/day.h"
#include "gateway/model/event.h"

enum name_fit { NAME_DIFFERENT, NAME_LOOSE, NAME_EXACT };

/* A document's code folded for comparing; NULL when @code holds nothing. */
const char *name_fold_code(struct arena *arena, const char *code);

/* A folded code with Đ written d: equal for all spellings that fit at least loosely. */
const char *name_loose_code(struct arena *arena, const char *folded_code);

/* How two folded codes fit. NULL fits nothing. */
enum name_fit name_fit_codes(const char *folded_a, const char *folded_b);

/* A document id taken apart. Conventional: `organ,date,number/notation`, also with the
 * code's halves swapped; everything else is opaque. */
struct name_id {
	const char *folded; /* the whole, folded; NULL: there is no id */
	bool conventional;
	const char *organ;        /* conventional only */
	const char *date_text;    /* as written, for ids whose date is no date */
	day_t day;                /* DAY_NONE when it is none */
	const char *code;         /* folded */
	const char *written_code; /* as it came */
};
struct name_id name_read_id(struct arena *arena, const char *document_id);

/*
 * M9: in which ways two spellings of one name differ ("leading zeros, dashes"); NULL
 * where they do not, or are no names of one thing. Names as they came, either may be
 * NULL.
 */
const char *name_differences(struct arena *arena, const char *a, const char *b);

/* The number a code begins with, for ordering; 0 when it has none. */
int64_t name_number(const char *folded_code);

/* Is @code one of @codes, the codes a task was given (one a line), once folded? */
bool name_has_task_code(struct arena *arena, const char *codes, const char *code);
