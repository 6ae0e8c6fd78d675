/*
 * INV-2 to INV-5 are looked after: verify sees whatever somebody changed behind the
 * ledger's back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/story.h"

#define FROM_PROVINCE "'from':{'organ_id':'H99'},"
#define ASSIGNS       FROM_PROVINCE "'to':[{'organ_id':'H99.01'}],'steering':'directive',"

static const char directive[] =
	"{'document_id':'A'," ASSIGNS
	"'code':{'number':'1','notation':'UB'},'subject':'V/v a',"
	"'issued_on':'2026-03-02','due_on':'2026-03-20'}";
static const char reply[] =
	"{'document_id':'R','from':{'organ_id':'H99.01'},'to':[{'organ_id':'H99'}],"
	"'code':{'number':'7','notation':'SO'},'issued_on':'2026-03-04','subject':'V/v "
	"r',"
	"'response_for':[{'document_id':'A'}]}";

static const struct {
	const char *sql, *invariant, *says;
} rows[] = {
	{"UPDATE journal SET at = at + 1 WHERE seq = 2", "INV-4", "chain is broken"},
	{"UPDATE journal SET data = replace(data, 'assigned', 'completed') "
	 "WHERE seq = 2",
		"INV-4", "chain is broken"},
	{"UPDATE journal SET organ = 'H99.02' WHERE seq = 2", "INV-4",
		"chain is broken"},
	{"UPDATE journal SET name = 'task.updated' WHERE seq = 2", "INV-4",
		"chain is broken"},
	{"UPDATE journal SET event = NULL WHERE seq = 2", "INV-4", "chain is broken"},
	{"DELETE FROM journal WHERE seq = 2", "INV-4", "has a gap"},
	{"DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal WHERE "
	 "task "
	 "IS NOT NULL)",
		"INV-4", ""},
	{"UPDATE journal SET hash = x'00' WHERE seq = 1", "INV-4", "chain is broken"},
	{"UPDATE task SET state = 0", "INV-4", "differs from its last change"},
	{"UPDATE task SET due_on = due_on + 1", "INV-4",
		"differs from its last change"},
	{"UPDATE task SET lead = 'H99.02'", "INV-4", "differs from its last change"},
	{"UPDATE task SET revision = 9", "INV-4", "differs from its last change"},
	{"UPDATE task SET completed_on = completed_on - 1", "INV-4",
		"differs from its last change"},
	{"UPDATE task SET closed_by = 1", "INV-4", "differs from its last change"},
	{"UPDATE task SET flags = 1", "INV-4", "differs from its last change"},
	{"INSERT INTO task SELECT 77, origin, via, ordinal, document, kind, "
	 "parent, "
	 "lead, coordinating, code, content, due_on, due_source, due_flags, "
	 "proposed_due_on, state, revision, flags, completed_on, closed_by, "
	 "rung, NULL, NULL, NULL "
	 "FROM task",
		"INV-4", "journal does not know"},
	{"DELETE FROM task", "INV-4", "that is gone"},
	{"UPDATE task SET document = 55", "INV-4", "stands on no document"},
	{"UPDATE outbox SET journal = 999 WHERE id = 1", "INV-5",
		"without its journal"},
	{"UPDATE outbox SET sink = 999 WHERE id = 1", "INV-5", "without its journal"},
	{"UPDATE outbox SET journal = 4 WHERE id = 1", "INV-5", "out of order"},
	{"INSERT INTO dead_letter (sink, journal, state, attempts, at, cause) "
	 "VALUES (1, 999, 'open', 1, 0, 'x')",
		"INV-5", "a dead letter without its journal"},
	{"INSERT INTO dead_letter (sink, journal, state, attempts, at, cause) "
	 "SELECT sink, journal, 'open', 1, 0, 'x' FROM outbox WHERE id = 1",
		"INV-5", "still to be told"},
	{"UPDATE event SET outcome = 9 WHERE id = 1", "INV-2",
		"an outcome that is none"},
	{"UPDATE event SET outcome = 4 WHERE id = 1", "INV-2",
		"without its quarantine entry"},
	{"UPDATE event SET outcome = 1, first = 44 WHERE id = 2", "INV-2",
		"of nothing"},
	{"UPDATE event SET outcome = 5 WHERE id = 1", "INV-2", "left something"},
	{"INSERT INTO event (id, outcome, arrived_at, adapter, issuer, "
	 "document_id) "
	 "SELECT 50, 0, arrived_at, adapter, issuer, document_id FROM event "
	 "WHERE id = 1",
		"INV-3", "applied twice"},
};

static void test_verify_sees_each_tampering(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup_buf struct buf json = {0};
		struct story s;

		story_init(&s);
		story_tell(&s, "2026-03-02", directive);
		story_tell(&s, "2026-03-04", reply);
		story_close(&s);
		assert_int_equal(story_verify(&s, NULL), 0);
		story_tamper(&s, rows[i].sql);
		if (story_verify(&s, &json) == 0)
			fail_msg("verify saw nothing: %s", rows[i].sql);
		if (!strstr(buf_text(&json), rows[i].invariant) ||
			!strstr(buf_text(&json), rows[i].says))
			fail_msg("%s: %s", rows[i].sql, buf_text(&json));
		story_deinit(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verify_sees_each_tampering),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
