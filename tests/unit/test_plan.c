/*
 * T1 to T5, B1 to B3 and M6's corners: who owes what, from the documents of a chain.
 * Each row is a chain and what it makes: one line an obligation, in order,
 * `lead due steps…` with `-` for what is no longer owed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/rules/plan.h"
#include "tests/lib/story.h"

enum { MOST = 4 };

#define DIRECTIVE "'steering':'directive','from':{'organ_id':'H99'},"
#define TO(id)    "{'organ_id':'" id "'}"
#define ONE       "'lead':'H99.01'"
#define TWO       "'from':{'organ_id':'H99'},'issued_on':'2026-03-02','due_on':'2026-03-20',"
#define REPLACES                                                                       \
	DIRECTIVE "'business':'replace','issued_on':'2026-03-05','due_on':'2026-03-"   \
		  "28',"
#define UPDATES                                                                        \
	"'business':'update','from':{'organ_id':'H99'},'issued_on':'2026-03-05',"

struct row {
	const char *says;
	struct {
		const char *json;
		int target; /* which of the chain, from 1; 0: none */
		bool is_reply;
	} documents[MOST];
	const char *owed;
	enum policy_tasks tasks;
	bool not_assigner;
};

static const struct row rows[] = {
	/* T1 */
	{.says = "T1: an assignment each, owned by its lead",
		{{.json = "{'from':{'organ_id':'H99'},'issued_on':'2026-03-02','due_on'"
			  ":'2026-03-20',"
			  "'to':[" TO(
				  "H99.06") "],'assignments':["
					    "{'lead':'H99.01','due_on':'2026-03-10'},"
					    "{'lead':'000.00.01.H99'},{'lead':'H99.02',"
					    "'coordinating':['H99.03']}]}"}},
		"H99.01 2026-03-10 assignment\nH99.01 2026-03-20 metadata\n"
		"H99.02 2026-03-20 metadata\n"},
	/* T2 */
	{.says = "T2: a directive, one task for each distinct addressee",
		{{.json = "{" DIRECTIVE
			  "'issued_on':'2026-03-02','to':[" TO("H99.01") "," TO(
				  "000.00.01.H99") "," TO("H99.02") "," TO("h99.02") "]"
										     "}"}},
		"H99.01 none\nH99.02 none\n"},
	{.says = "T2: a deadline assigns",
		{{.json = "{'from':{'organ_id':'H99'},'issued_on':'2026-03-02','due_on'"
			  ":'2026-03-20',"
			  "'to':[" TO("H99.01") "]}"}},
		"H99.01 2026-03-20 metadata\n"},
	{.says = "T2: a report with a deadline does not",
		{{.json = "{'from':{'organ_id':'H99'},'issued_on':'2026-03-02','due_on'"
			  ":'2026-03-20',"
			  "'steering':'report','to':[" TO("H99.01") "]}"}},
		""},
	{.says = "T2: nor does the epoch",
		{{.json = "{'from':{'organ_id':'H99'},'issued_on':'2026-03-02','due_on'"
			  ":'1970-01-01',"
			  "'to':[" TO("H99.01") "]}"}},
		""},
	{.says = "T2: an unreadable deadline does, flagged",
		{{.json = "{'from':{'organ_id':'H99'},'issued_on':'2026-03-02','due_on'"
			  ":'30/02/2026',"
			  "'to':[" TO("H99.01") "]}"}},
		"H99.01 none! metadata\n"},
	{.says = "T2: a plain letter does not",
		{{.json = "{'from':{'organ_id':'H99'},'to':[" TO("H99.01") "]}"}},
		""},
	{.says = "T2: what is sent upward makes no task",
		{{.json = "{'from':{'organ_id':'H99.05'},'steering':'directive','to':"
			  "[" TO("H99.03") "," TO("H99") "," TO("H99.01") "]}"}},
		"H99.01 none\n"},
	/* T3 */
	{.says = "T3 explicit: nothing but assignments",
		{{.json = "{" DIRECTIVE "'to':[" TO("H99.01") "]}"}},
		"",
		POLICY_TASKS_EXPLICIT},
	{.says = "T3 explicit: assignments do",
		{{.json = "{'from':{'organ_id':'H99'},'assignments':[{'lead':'H99.01'}]"
			  "}"}},
		"H99.01 none\n",
		POLICY_TASKS_EXPLICIT},
	{.says = "T3 directive: a deadline alone does not",
		{{.json = "{'from':{'organ_id':'H99'},'due_on':'2026-03-20','to':[" TO(
			  "H99.01") "]}"}},
		"",
		POLICY_TASKS_DIRECTIVE},
	{.says = "T3 due: a directive alone does not",
		{{.json = "{" DIRECTIVE "'to':[" TO("H99.01") "]}"}},
		"",
		POLICY_TASKS_DUE},
	{.says = "T3 all: a plain letter does",
		{{.json = "{'from':{'organ_id':'H99'},'to':[" TO("H99.01") "]}"}},
		"H99.01 none\n",
		POLICY_TASKS_ALL},
	{.says = "T3 all: a report does not",
		{{.json = "{'from':{'organ_id':'H99'},'steering':'report','to':[" TO(
			  "H99.01") "]}"}},
		"",
		POLICY_TASKS_ALL},
	{.says = "T3: who is no assigner assigns nothing",
		{{.json = "{" DIRECTIVE "'to':[" TO(
			  "H99.01") "],'assignments':[{'lead':'H99.02'}]}"}},
		"",
		POLICY_TASKS_DEFAULT,
		true},
	/* T4 */
	{.says = "T4: a reply makes no tasks",
		{{.json = "{" DIRECTIVE
			  "'due_on':'2026-03-20','to':[" TO("H99.01") "]}",
			0,
			true}},
		""},
	{.says = "T4: unless it has explicit ones",
		{{.json = "{" DIRECTIVE
			  "'assignments':[{'lead':'H99.02'}],'to':[" TO("H99.01") "]}",
			0,
			true}},
		"H99.04 none\n"},
	{.says = "T4: a draft makes none",
		{{.json = "{" DIRECTIVE "'stage':'draft','to':[" TO("H99.01") "]}"}},
		""},
	/* T5 */
	{.says = "T5: a recall, an update makes none",
		{{.json = "{" DIRECTIVE "'business':'recall','to':[" TO("H99.01") "]}"},
			{.json = "{" DIRECTIVE
				 "'business':'update','due_on':'2026-03-20','to':[" TO(
					 "H99.01") "]}"}},
		""},
	/* B1 */
	{.says = "B1: a recall cancels what is owed",
		{{.json = "{" DIRECTIVE "'issued_on':'2026-03-02','to':[" TO(
			  "H99.01") "," TO("H99.02") "]}"},
			{.json = "{'business':'recall','issued_on':'2026-03-05'}", 1}},
		"-H99.01 none recalled:2\n-H99.02 none recalled:2\n"},
	/* B2 */
	{.says = "B2: an update changes the deadline, adds one and removes one",
		{{.json = "{" DIRECTIVE
			  "'issued_on':'2026-03-02','due_on':'2026-03-20','to':[" TO(
				  "H99.01") "," TO("H99.02") "]}"},
			{.json = "{'business':'update','from':{'organ_id':'H99'},'"
				 "issued_on':'2026-03-05',"
				 "'due_on':'2026-03-25','receivers_added':['H99.03'],"
				 "'receivers_removed':['H99.02']}",
				1}},
		"H99.01 2026-03-20 metadata due:2=2026-03-25\n"
		"-H99.02 2026-03-20 metadata removed:2\nH99.03 2026-03-25 metadata "
		"via:2\n"},
	{.says = "B2: whoever has it already is not added again",
		{{.json = "{" DIRECTIVE
			  "'issued_on':'2026-03-02','to':[" TO("H99.01") "]}"},
			{.json = "{'business':'update','issued_on':'2026-03-05',"
				 "'receivers_added':['000.00.01.H99']}",
				1}},
		"H99.01 none\n"},
	{.says = "B2: without a receiver list `to` names whom it adds",
		{{.json = "{" DIRECTIVE
			  "'issued_on':'2026-03-02','to':[" TO("H99.01") "]}"},
			{.json = "{'business':'update','issued_on':'2026-03-05','to':"
				 "[" TO("H99.01") "," TO("H99.02") "]}",
				1}},
		"H99.01 none\nH99.04 none via:2\n"},
	{.says = "B2: the receiver list decides over `to`",
		{{.json = "{" DIRECTIVE
			  "'issued_on':'2026-03-02','to':[" TO("H99.01") "]}"},
			{.json = "{'business':'update','issued_on':'2026-03-05',"
				 "'receivers_added':['H99.03'],'to':[" TO(
					 "H99.02") "]}",
				1}},
		"H99.01 none\nH99.03 none via:2\n"},
	{.says = "B2: an update that repeats the deadline changes nothing",
		{{.json = "{" DIRECTIVE
			  "'issued_on':'2026-03-02','due_on':'2026-03-20','to':[" TO(
				  "H99.01") "]}"},
			{.json = "{'business':'update','issued_on':'2026-03-05','due_"
				 "on':'2026-03-20'}",
				1}},
		"H99.01 2026-03-20 metadata\n"},
	{.says = "B2: one without a deadline leaves the deadline",
		{{.json = "{" DIRECTIVE
			  "'issued_on':'2026-03-02','due_on':'2026-03-20','to':[" TO(
				  "H99.01") "]}"},
			{.json = "{'business':'update','issued_on':'2026-03-05','due_"
				 "on':'x'}",
				1}},
		"H99.01 2026-03-20 metadata\n"},
	{.says = "M6: the latest changed deadline holds, whichever came first",
		{{.json = "{'business':'update','issued_on':'2026-03-06','due_on':'"
			  "2026-03-30'}",
			 3},
			{.json = "{'business':'update','issued_on':'2026-03-05','due_"
				 "on':'2026-03-25'}",
				3},
			{.json = "{" DIRECTIVE
				 "'issued_on':'2026-03-02','due_on':'2026-03-20',"
				 "'to':[" TO("H99.01") "]}"}},
		"H99.01 2026-03-20 metadata due:2=2026-03-25 due:1=2026-03-30\n"},
	{.says = "B2: two updates of one day that differ are told apart and flagged",
		{{.json = "{" DIRECTIVE
			  "'issued_on':'2026-03-02','due_on':'2026-03-20','to':[" TO(
				  "H99.01") "]}"},
			{.json = "{'document_id':'b','business':'update','issued_on':'"
				 "2026-03-05',"
				 "'due_on':'2026-03-25'}",
				1},
			{.json = "{'document_id':'a','business':'update','issued_on':'"
				 "2026-03-05',"
				 "'due_on':'2026-03-26'}",
				1}},
		"H99.01 2026-03-20 metadata due:3=2026-03-26 due:2=2026-03-25?\n"},
	{.says = "B2: an update of what was recalled brings nobody back",
		{{.json = "{" DIRECTIVE
			  "'issued_on':'2026-03-02','to':[" TO("H99.01") "]}"},
			{.json = "{'business':'recall','issued_on':'2026-03-04'}", 1},
			{.json = "{'business':'update','issued_on':'2026-03-05',"
				 "'receivers_added':['H99.01','H99.02']}",
				1}},
		"-H99.01 none recalled:2\n"},
	/* B3 */
	{.says = "B3: a replacement moves, ends and makes",
		{{.json = "{" DIRECTIVE
			  "'issued_on':'2026-03-02','due_on':'2026-03-20','to':[" TO(
				  "H99.01") "," TO("H99.02") "]}"},
			{.json = "{" DIRECTIVE
				 "'business':'replace','issued_on':'2026-03-05',"
				 "'due_on':'2026-03-28','to':[" TO("H99.01") "," TO(
					 "H99.03") "]}",
				1}},
		"H99.01 2026-03-20 metadata moved:2=2026-03-28\n"
		"-H99.02 2026-03-20 metadata removed:2\nH99.03 2026-03-28 metadata\n"},
	{.says = "B3: those a replacement does not name are untouched",
		{{.json = "{" DIRECTIVE "'issued_on':'2026-03-02','to':[" TO(
			  "H99.01") "," TO("H99.02") "]}"},
			{.json = "{" DIRECTIVE
				 "'business':'replace','issued_on':'2026-03-05',"
				 "'targets':[{'document_id':'A','organ_ids':['H99.01']}"
				 "],'to':[" TO("H99.01") "]}",
				1}},
		"H99.01 none moved:2=none\nH99.02 none\n"},
	{.says = "B3: a plain replacement inherits what it replaces",
		{{.json = "{" DIRECTIVE
			  "'issued_on':'2026-03-02','to':[" TO("H99.01") "]}"},
			{.json = "{'business':'replace','from':{'organ_id':'H99'},"
				 "'issued_on':'2026-03-05','to':[" TO("H99.01") "]}",
				1}},
		"H99.01 none moved:2=none\n"},
	{.says = "B3: a replacement of something unknown is a document of its own",
		{{.json = "{" DIRECTIVE
			  "'business':'replace','issued_on':'2026-03-05','to':[" TO(
				  "H99.01") "]}"}},
		"H99.01 none\n"},
	{.says = "B3: the recall of a replacement cancels",
		{{.json = "{" DIRECTIVE
			  "'issued_on':'2026-03-02','to':[" TO("H99.01") "]}"},
			{.json = "{" DIRECTIVE "'business':'replace','issued_on':'2026-"
				 "03-05','to':[" TO("H99.01") "]}",
				1},
			{.json = "{'business':'recall','issued_on':'2026-03-08'}", 2}},
		"-H99.01 none moved:2=none recalled:3\n"},
	{.says = "B3: the recall of the replaced one has no effect",
		{{.json = "{" DIRECTIVE
			  "'issued_on':'2026-03-02','to':[" TO("H99.01") "]}"},
			{.json = "{" DIRECTIVE "'business':'replace','issued_on':'2026-"
				 "03-05','to':[" TO("H99.01") "]}",
				1},
			{.json = "{'business':'recall','issued_on':'2026-03-08'}", 1}},
		"H99.01 none moved:2=none\n"},
	{.says = "B3: a replacement after the recall makes new tasks",
		{{.json = "{" DIRECTIVE
			  "'issued_on':'2026-03-02','to':[" TO("H99.01") "]}"},
			{.json = "{'business':'recall','issued_on':'2026-03-04'}", 1},
			{.json = "{" DIRECTIVE "'business':'replace','issued_on':'2026-"
				 "03-05','to':[" TO("H99.01") "]}",
				1}},
		"-H99.01 none recalled:2\nH99.01 none\n"},
	/* B2, B3: which assignment is which */
	{.says = "B3: an assignment is known again by its code",
		{{.json = "{" TWO "'assignments':[{'code':'K1','content':'a'," ONE
			  "},{'code':'K2','content':'b'," ONE "}]}"},
			{.json = "{" REPLACES
				 "'assignments':[{'code':'k2','content':'c'," ONE "}]}",
				1}},
		"-H99.01 2026-03-20 metadata removed:2\n"
		"H99.01 2026-03-20 metadata moved:2=2026-03-28\n"},
	{.says = "B3: or by its words",
		{{.json = "{" TWO "'assignments':[{'content':'Lập danh mục'," ONE
			  "},{'content':'Rà soát  quỹ đất'," ONE "}]}"},
			{.json = "{" REPLACES
				 "'assignments':[{'content':'rà soát quỹ đất'," ONE
				 "}]}",
				1}},
		"-H99.01 2026-03-20 metadata removed:2\n"
		"H99.01 2026-03-20 metadata moved:2=2026-03-28\n"},
	{.says = "B3: or it is the next that is left",
		{{.json = "{" TWO "'assignments':[{'code':'K1'," ONE
			  "},{'content':'b'," ONE "},{'content':'c'," ONE "}]}"},
			{.json = "{" REPLACES
				 "'assignments':[{'content':'b, c mới'," ONE
				 ",'due_on':'2026-03-24'},{'code':'K1'," ONE "}]}",
				1}},
		"H99.01 2026-03-20 metadata moved:2=2026-03-28\n"
		"H99.01 2026-03-20 metadata moved:2=2026-03-24\n"
		"-H99.01 2026-03-20 metadata removed:2\n"},
	{.says = "B3: one of another kind comes last",
		{{.json = "{" TWO "'assignments':[{'kind':'opinion'," ONE
			  "},{'content':'b'," ONE "}]}"},
			{.json = "{" REPLACES "'assignments':[{'content':'c'," ONE
				 "}]}",
				1}},
		"-H99.01 2026-03-20 metadata opinion removed:2\n"
		"H99.01 2026-03-20 metadata moved:2=2026-03-28\n"},
	{.says = "B3: what assigns nothing by name moves all of its addressees",
		{{.json = "{" TWO "'assignments':[{'content':'a'," ONE
			  "},{'content':'b'," ONE
			  ",'coordinating':['H99.03']},{'lead':'H99.06'}]}"},
			{.json = "{" REPLACES
				 "'to':[" TO("H99.01") "," TO("H99.03") "]}",
				1}},
		"H99.01 2026-03-20 metadata moved:2=2026-03-28\n"
		"H99.01 2026-03-20 metadata moved:2=2026-03-28\n"
		"-H99.06 2026-03-20 metadata removed:2\n"
		"H99.03 2026-03-28 metadata\n"},
	{.says = "B3: a plain one gives nothing to whoever only coordinated",
		{{.json = "{" TWO "'assignments':[{'content':'a'," ONE
			  ",'coordinating':['H99.03']}]}"},
			{.json = "{'business':'replace','from':{'organ_id':'H99'},"
				 "'issued_on':'2026-03-05','to':[" TO("H99.01") "," TO(
					 "H99.03") "]}",
				1}},
		"H99.01 2026-03-20 metadata moved:2=none\n"},
	{.says = "B3: a replacement that is itself a reply still moves",
		{{.json = "{" DIRECTIVE
			  "'issued_on':'2026-03-02','to':[" TO("H99.01") "]}"},
			{.json = "{" REPLACES
				 "'to':[" TO("H99.01") "," TO("H99.03") "]}",
				1,
				true}},
		"H99.01 none moved:2=2026-03-28\n"},
	{.says = "B2: deadlines of two assignments of one lead, by their codes",
		{{.json = "{" TWO "'assignments':[{'code':'K1'," ONE
			  ",'due_on':'2026-03-10'},{'code':'K2'," ONE
			  ",'due_on':'2026-03-12'}]}"},
			{.json = "{" UPDATES "'assignments':[{'code':'K2'," ONE
				 ",'due_on':'2026-03-12'},{'code':'K1'," ONE
				 ",'due_on':'2026-03-24'}]}",
				1}},
		"H99.01 2026-03-10 assignment due:2=2026-03-24\n"
		"H99.01 2026-03-12 assignment\n"},
	{.says = "B2: one that names only its lead is about all that it owes",
		{{.json = "{" TWO "'assignments':[{'code':'K1'," ONE
			  "},{'code':'K2'," ONE "}]}"},
			{.json = "{" UPDATES "'assignments':[{" ONE
				 ",'due_on':'2026-03-24'}]}",
				1}},
		"H99.01 2026-03-20 metadata due:2=2026-03-24\n"
		"H99.01 2026-03-20 metadata due:2=2026-03-24\n"},
	{.says = "B2, T1: the document's deadline is not that of an assignment with "
		 "its own",
		{{.json = "{" TWO "'assignments':[{" ONE
			  ",'due_on':'2026-03-10'},{'lead':'H99.06'}]}"},
			{.json = "{" UPDATES "'due_on':'2026-03-26',"
				 "'receivers_added':['H99.03']}",
				1}},
		"H99.01 2026-03-10 assignment\n"
		"H99.06 2026-03-20 metadata due:2=2026-03-26\n"
		"H99.03 2026-03-26 metadata via:2\n"},
	/* B2: who is added */
	{.says = "B2: whoever only coordinates is no added receiver",
		{{.json = "{" TWO "'assignments':[{" ONE
			  ",'coordinating':['H99.06']}],'to':[" TO("H99.01") "," TO(
				  "H99.06") "]}"},
			{.json = "{" UPDATES
				 "'to':[" TO("H99.01") "," TO("H99.06") "]}",
				1}},
		"H99.01 2026-03-20 metadata\n"},
	{.says = "B2: an update may assign to whom it adds",
		{{.json = "{" TWO "'assignments':[{" ONE "}]}"},
			{.json = "{" UPDATES "'to':[" TO("H99.01") "," TO(
				 "H99.06") "],'assignments':[{'lead':'H99.06',"
					   "'due_on':'2026-03-24'},{'lead':'H99.03'}]}",
				1}},
		"H99.01 2026-03-20 metadata\nH99.06 2026-03-24 assignment via:2\n"},
	{.says = "B2, T2: nobody above the sender is added, by name or not",
		{{.json = "{'from':{'organ_id':'H99.05'},'steering':'directive',"
			  "'issued_on':'2026-03-02','to':[" TO("H99.01") "]}"},
			{.json = "{'business':'update','from':{'organ_id':'H99.05'},"
				 "'issued_on':'2026-03-05','to':[" TO("H99.01") "," TO(
					 "H99.03") "]}",
				1},
			{.json = "{'business':'update','from':{'organ_id':'H99.05'},"
				 "'issued_on':'2026-03-06',"
				 "'receivers_added':['H99.03','H99.06']}",
				1}},
		"H99.01 none\nH99.06 none via:3\n"},
	{.says = "B2, T7: whoever is added to a ballot is asked for an opinion",
		{{.json = "{" TWO "'assignments':[{'kind':'opinion','content':'a'}],"
			  "'to':[" TO("H99.01") "]}"},
			{.json = "{" UPDATES "'receivers_added':['H99.03']}", 1}},
		"H99.01 2026-03-20 metadata opinion\n"
		"H99.03 2026-03-20 metadata opinion via:2\n"},
	{.says = "B2: an added receiver has the deadline of that day",
		{{.json = "{" DIRECTIVE
			  "'issued_on':'2026-03-02','due_on':'2026-03-20',"
			  "'to':[" TO("H99.01") "]}"},
			{.json = "{" UPDATES "'due_on':'2026-03-26'}", 1},
			{.json = "{'business':'update','from':{'organ_id':'H99'},"
				 "'issued_on':'2026-03-06',"
				 "'receivers_added':['H99.03']}",
				1}},
		"H99.01 2026-03-20 metadata due:2=2026-03-26\n"
		"H99.03 2026-03-26 metadata via:3\n"},
	/* T7 */
	{.says = "T7: an opinion is asked upward, an order is not given",
		{{.json = "{'from':{'organ_id':'H99.05'},'issued_on':'2026-03-02','to':"
			  "[" TO("H99.03") "," TO("H99.01") "],"
							    "'assignments':[{'kind':'"
							    "opinion','content':'a'},"
							    "{'content':'b'}]}"}},
		"H99.03 none opinion\nH99.01 none opinion\nH99.01 none\n"},
	{.says = "M6: what repeats the original's date acts on its arrival",
		{{.json = "{" DIRECTIVE
			  "'issued_on':'2026-03-02','due_on':'2026-03-20','to':[" TO(
				  "H99.01") "]}"},
			{.json = "{'business':'update','issued_on':'2026-03-02','due_"
				 "on':'2026-03-25'}",
				1},
			{.json = "{'business':'update','issued_on':'2026-03-05','due_"
				 "on':'2026-03-26'}",
				1}},
		"H99.01 2026-03-20 metadata due:3=2026-03-26 due:2=2026-03-25\n"},
};

static const char *due_text(const struct deadline *due, char out[DAY_TEXT])
{
	return day_text(due->on, out) ? out : "none";
}

static void put_step(struct buf *out, const struct plan_step *step)
{
	static const char *const words[] = {[PLAN_MOVED] = "moved",
		[PLAN_DUE] = "due",
		[PLAN_PROPOSED] = "proposed",
		[PLAN_REMOVED] = "removed",
		[PLAN_RECALLED] = "recalled"};
	char day[DAY_TEXT];

	buf_printf(out, " %s:%d", words[step->act], (int)step->document);
	if (step->act == PLAN_MOVED || step->act == PLAN_DUE)
		buf_printf(out, "=%s%s", due_text(&step->due, day),
			step->disagrees ? "?" : "");
}

static void put_slot(struct buf *out, const struct plan_slot *slot)
{
	char day[DAY_TEXT];

	buf_printf(out, "%s%s %s%s", slot->live ? "" : "-", slot->lead,
		due_text(&slot->due, day), slot->due.flags ? "!" : "");
	if (slot->due.source)
		buf_printf(out, " %s", due_source_words[slot->due.source]);
	if (slot->kind != OWED_TASK)
		buf_printf(out, " %s", owed_kind_words[slot->kind]);
	if (slot->via)
		buf_printf(out, " via:%d", (int)slot->via);
	for (size_t i = 0; i < slot->steps.n; i++)
		put_step(out, &slot->steps.at[i]);
	buf_add_char(out, '\n');
}

static void plan_row(struct story *s, const struct row *row, const int *turn, size_t n,
	struct buf *ret_owed)
{
	struct plan_document documents[MOST] = {0};
	struct event *events[MOST] = {0};
	int64_t targets[MOST];
	struct arena arena = {0};
	struct plan plan;
	struct calendar *calendar = calendar_new();
	struct plan_context context = {s->organs, calendar};

	for (size_t i = 0; i < n; i++) {
		int which = turn[i];
		unsigned policy =
			row->tasks | (row->not_assigner ? 0 : PLAN_MAY_ASSIGN);

		events[i] = story_part(row->documents[which].json);
		targets[i] = row->documents[which].target;
		documents[i] = (struct plan_document){.id = which + 1,
			.event = events[i],
			.policy = policy,
			.lists = &policy_default,
			.arrived_on = day_parse("2026-03-06"),
			.is_reply = row->documents[which].is_reply,
			.targets = &targets[i],
			.targets_n = targets[i] ? 1 : 0};
	}
	plan_chain(&arena, &context, documents, n, &plan);
	for (size_t i = 0; i < plan.slots.n; i++)
		put_slot(ret_owed, &plan.slots.at[i]);
	for (size_t i = 0; i < n; i++)
		event_free(events[i]);
	calendar_free(calendar);
	arena_deinit(&arena);
}

static size_t documents_of(const struct row *row)
{
	size_t n = 0;

	while (n < MOST && row->documents[n].json)
		n++;
	return n;
}

static void test_a_chain_makes_what_its_documents_say(void **state)
{
	static const int as_written[MOST] = {0, 1, 2, 3};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup_buf struct buf owed = {0};

		plan_row(*state, &rows[i], as_written, documents_of(&rows[i]), &owed);
		if (strcmp(buf_text(&owed), rows[i].owed) != 0)
			fail_msg("%s:\n%s", rows[i].says, buf_text(&owed));
	}
}

static void test_m6_a_chain_makes_the_same_in_whatever_order_it_is_given(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int n = (int)documents_of(&rows[i]), turn[MOST];

		for (int first = 0; first < n; first++) {
			cleanup_buf struct buf owed = {0};

			for (int k = 0; k < n; k++)
				turn[k] = (first + n - k) % n;
			plan_row(*state, &rows[i], turn, (size_t)n, &owed);
			if (strcmp(buf_text(&owed), rows[i].owed) != 0)
				fail_msg("%s:\n%s", rows[i].says, buf_text(&owed));
		}
	}
}

static void test_t3_the_policy_of_the_day_is_kept_as_bits(void **state)
{
	static const char *const assigners[] = {"H99.06", "000.00.01.H99"};
	struct story *s = *state;
	struct policy policy = policy_default;
	struct event *ev = story_part("{'from':{'organ_id':'H99.01'}}");

	assert_int_equal(plan_policy_bits(&policy, s->organs, ev), PLAN_MAY_ASSIGN);
	policy.assigners = assigners;
	policy.assigners_n = 1;
	assert_int_equal(plan_policy_bits(&policy, s->organs, ev), 0);
	policy.assigners_n = 2;
	policy.confirmation = CONFIRMATION_REQUIRED;
	policy.close_on = CLOSE_ON_DRAFTED;
	policy.citation_closes = true;
	policy.accept_proposed_due = true;
	policy.tasks = POLICY_TASKS_ALL;
	assert_int_equal(plan_policy_bits(&policy, s->organs, ev),
		PLAN_MAY_ASSIGN | PLAN_CONFIRMATION_REQUIRED | PLAN_CLOSE_ON_DRAFTED |
			PLAN_CITATION_CLOSES | PLAN_ACCEPT_PROPOSED_DUE |
			POLICY_TASKS_ALL);
	event_free(ev);
}

static void test_t4_references_make_a_reply_and_citing_does_not(void **state)
{
	static const struct {
		const char *json;
		bool refers;
	} events[] = {
		{"{'response_for':[{'document_id':'A'}]}", true},
		{"{'response_for_tasks':['NV-1']}", true},
		{"{'content':'Thực hiện Công văn số 15/UBND ngày 02/3/2026'}", false},
		{"{'targets':[{'document_id':'A'}]}", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		struct event *ev = story_part(events[i].json);

		assert_int_equal(plan_refers(ev), events[i].refers);
		event_free(ev);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, story_setup, story_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_chain_makes_what_its_documents_say),
		TEST(test_m6_a_chain_makes_the_same_in_whatever_order_it_is_given),
		TEST(test_t3_the_policy_of_the_day_is_kept_as_bits),
		TEST(test_t4_references_make_a_reply_and_citing_does_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
