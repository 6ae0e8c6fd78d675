/*
 * What a recall, update, replacement, status or read event is about (B1, B5).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/base/arena.h"
#include "gateway/model/event.h"
#include "gateway/model/organ.h"
#include "gateway/rules/names.h"

/* A document the ledger knows, as much of it as comparing names needs. */
struct known_document {
	int64_t id;
	const char *issuer;             /* organ id as it came; may be NULL */
	const char *document_id, *code; /* as they came; may be NULL */
	const char *const *also;        /* ids other carriers gave it */
	size_t also_n;
	day_t issued_on, arrived_on;
	enum event_stage stage;
};

enum target_fit {
	TARGET_NOT,
	TARGET_OWN,      /* found, and the sender may amend it */
	TARGET_ANOTHERS, /* found, and it is not the sender's: B5 */
	TARGET_LOOSELY,  /* the sender's own, by a weaker fit: good only where nothing
			    else fits and one document does (M8) */
};

/*
 * B1: is @known what target @t of @ev (NULL: the event's own document id) is about? By
 * id everywhere; by code and date only among the sender's own. @code_only tells that
 * the code fits an own document but no date confirms it: good only when unique within
 * 12 months.
 */
enum target_fit target_fit_amended(struct arena *arena,
	const struct organ_table *organs, const struct event *ev, day_t sent_on,
	const struct event_target *t, const struct known_document *known,
	bool *ret_code_only);

/* B4: is @known the document a status or read event reports on? Loosely: as
 * TARGET_LOOSELY. */
enum name_fit target_fit_reported(struct arena *arena, const struct organ_table *organs,
	const struct event_target *t, const struct known_document *known);

/*
 * How does @document_id name @known? Conventional ids name it under any of its organ's
 * ids, also where its own id is opaque; loosely with a lost Đ (M8), or under an organ
 * its issuer may issue for (O1). Opaque ones name it only literally.
 */
enum name_fit target_id_names(struct arena *arena, const struct organ_table *organs,
	const char *document_id, const struct known_document *known);
