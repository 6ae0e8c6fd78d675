/* The members that `ingest` and `quarantine replay` print of one answered event. */
#pragma once

#include "gateway/base/json.h"
#include "gateway/ledger/ledger.h"

/* outcome, document, tasks, quarantine, error. */
void line_put_answer(struct json *j, const struct ledger_answer *answer);
