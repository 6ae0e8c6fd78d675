"""The national axis, both ways: documents come in and are told `done` once they are
committed, their issuers are told how far they have come, and no fault loses or doubles
anything.
"""
import base64
import re
import subprocess
import tempfile
import unittest
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path

import queues
from congvan import SOURCE, Gateway
from documents import LEAD, NS, directive, directive_id, reply
from fake_axis import SECRET, FakeAxis, failure

AXIS = """\
  - name: axis-in
    type: vxp
    direction: in
    url: {url}
    system_id: H99
    secret_env: AXIS_SECRET
    interval_s: 1
    page_size: {page_size}
    timeout_s: {timeout_s}
    statuses_to: axis-out
{more}
  - {{name: axis-out, type: vxp, direction: out, url: {url}, system_id: H99,
     secret_env: AXIS_SECRET, timeout_s: {timeout_s}{tls}}}
"""

def element(name, text):
    found = re.findall(f"<edXML:{name}>([^<]*)</edXML:{name}>", text)
    return found[0] if len(found) == 1 else found


def status_message(sender, code, document_id, at="2025/11/21 08:00:00"):
    """A status as another organ's system would send it over the axis."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<edXML:edXML xmlns:edXML="{NS}"><edXML:edXMLEnvelope><edXML:edXMLHeader><edXML:MessageHeader>
<edXML:From><edXML:OrganId>{sender}</edXML:OrganId></edXML:From>
<edXML:ResponseFor><edXML:OrganId>H99</edXML:OrganId>
<edXML:DocumentId>{document_id}</edXML:DocumentId></edXML:ResponseFor>
<edXML:StatusCode>{code}</edXML:StatusCode><edXML:Timestamp>{at}</edXML:Timestamp>
</edXML:MessageHeader></edXML:edXMLHeader></edXML:edXMLEnvelope></edXML:edXML>
"""


class Axis(unittest.TestCase):
    def begin(self, axis=None, page_size=100, timeout_s=30, more="", tls=""):
        self.axis = axis or FakeAxis()
        self.addCleanup(self.axis.__exit__)
        self.gateway = Gateway(more=AXIS.format(
            url=self.axis.url, page_size=page_size, timeout_s=timeout_s, more=more, tls=tls))
        self.gateway.give(AXIS_SECRET=SECRET)
        self.addCleanup(self.gateway.__exit__)

    def wait_for(self, condition):
        return self.gateway.wait_until(condition)

    def wait_taken(self):
        """Until the axis has nothing left that was not told to be done."""
        self.wait_for(lambda: not self.axis.waiting())

    def statuses(self):
        """What the axis was sent, without repetitions: (document, organ, code, to)."""
        told = []
        for message in self.axis.sent:
            text = message["body"].decode()
            one = (element("DocumentId", text), element("OrganId", text)[0],
                   int(element("StatusCode", text)), *message["to"])
            if one not in told:
                told.append(one)
        return told

    def check_sent(self):
        """All that was sent is a status, is valid, and what came twice came the same."""
        bodies = Counter(message["body"] for message in self.axis.sent)
        self.assertEqual(len(bodies), len(self.statuses()))
        with tempfile.TemporaryDirectory() as folder:
            for number, body in enumerate(bodies):
                file = Path(folder) / f"{number}.edxml"
                file.write_bytes(body)
                done = subprocess.run(
                    ["xmllint", "--noout", "--schema", SOURCE / "schemas/edxml.xsd", file],
                    capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual({message["type"] for message in self.axis.sent}, {"status"})

    def finish(self, applied):
        """It ends well, the ledger is whole, each document counts once."""
        self.wait_for(lambda: not self.gateway.untold())
        self.assertEqual(self.gateway.stop(), 0)
        counted = self.gateway.verified()["outcomes"]
        self.assertEqual([counted["applied"], counted["conflict"]], [applied, 0])
        self.check_sent()
        self.axis.check()


class Story(Axis):
    def test_from_the_axis_to_the_agency_and_back_to_status_6(self):
        self.begin()
        place = queues.both("embedded")
        self.gateway.start()
        self.axis.put("a-1", directive(1))
        self.wait_for(lambda: self.gateway.tasks(state="assigned", organ=LEAD))
        self.wait_taken()
        self.wait_for(lambda: self.statuses() == [(directive_id(1), LEAD, 1, "H99")])
        # The agency's program reads its queue and answers through its e-office.
        self.wait_for(lambda: not self.gateway.untold())
        told = [message.event for message in place.take(self.gateway, queues.agency(LEAD))]
        assigned, = [event for event in told if event["type"].endswith("task.assigned.v1")]
        self.assertEqual(assigned["data"]["document"]["document_id"], directive_id(1))
        self.gateway.drop("reply.edxml", reply(1))
        self.wait_for(lambda: self.gateway.tasks(state="completed", organ=LEAD))
        self.wait_for(lambda: self.statuses() == [(directive_id(1), LEAD, 1, "H99"),
                                                  (directive_id(1), LEAD, 6, "H99")])
        self.assertEqual(self.axis.done, [("a-1", "done")])
        self.finish(applied=2)
        self.assertEqual(len(self.axis.sent), 2)
        told, = self.gateway.command("explain", directive_id(1)).lines
        self.assertEqual(
            [[one["organ"], one["status"], one["sink"], one["waits"]]
             for one in told["statuses"]],
            [[LEAD, 1, "axis-out", False], [LEAD, 6, "axis-out", False]])
        # No other sink heard of it.
        self.assertEqual(self.gateway.told("document.status"), [])

    def test_statuses_of_others_come_in_and_are_no_documents(self):
        self.begin()
        self.axis.put("s-1", status_message(LEAD, "05", directive_id(1)), "status")
        self.axis.put("a-1", directive(1))
        self.gateway.start()
        self.wait_taken()
        self.wait_for(lambda: self.gateway.tasks(state="in_progress", organ=LEAD))
        # The lead told the issuer itself, by the same axis: it is not told again.
        self.finish(applied=2)
        self.assertEqual([code for _, _, code, _ in self.statuses()][-1:], [1])

    def test_a_long_list_is_read_page_by_page(self):
        self.begin(page_size=3)
        for number in range(1, 11):
            self.axis.put(f"a-{number}", directive(number))
        self.gateway.start()
        self.wait_taken()
        self.finish(applied=10)
        self.assertEqual(self.axis.count("getEdoc"), 10)

    def test_what_is_older_than_since_days_is_not_looked_at(self):
        self.begin(more="    since_days: 30")
        today = datetime.now(timezone(timedelta(hours=7))).date()
        day = {back: (today - timedelta(days=back)).strftime("%Y/%m/%d")
               for back in (0, 29, 32)}
        self.axis.put("old", directive(1), day=day[32])
        self.axis.put("just", directive(2), day=day[29])
        self.axis.put("new", directive(3), day=day[0])
        done = self.gateway.command("run", "--once", as_json=False)
        self.assertEqual(done.code, 0, done.stderr)
        self.assertEqual(self.axis.waiting(), ["old"])
        self.axis.check()

    def test_without_since_days_however_old_it_is_taken(self):
        self.begin()
        self.axis.put("old", directive(1), day="2001/01/01")
        self.assertEqual(self.gateway.command("run", "--once", as_json=False).code, 0)
        self.assertEqual(self.axis.waiting(), [])

    def test_only_what_is_to_the_organs_named_is_looked_at(self):
        self.begin(more='    to: ["H99", "H99.05"]')
        self.axis.put("ours", directive(1))
        self.axis.put("of-a-department", directive(2), to="H99.05")
        self.axis.put("of-others", directive(3), to="H99.07")
        done = self.gateway.command("run", "--once", as_json=False)
        self.assertEqual(done.code, 0, done.stderr)
        self.assertEqual(self.axis.waiting(), ["of-others"])
        self.axis.check()

    def test_it_downloads_bytes_as_well(self):
        self.begin(more="    fetch: downloadEdoc")
        self.axis.put("a-1", directive(1))
        self.gateway.start()
        self.wait_taken()
        self.finish(applied=1)
        self.assertEqual([self.axis.count("getEdoc"), self.axis.count("downloadEdoc")], [0, 1])

    def test_once_takes_all_that_waits_tells_and_ends(self):
        self.begin(page_size=2)
        for number in range(1, 6):
            self.axis.put(f"a-{number}", directive(number))
        done = self.gateway.command("run", "--once", as_json=False)
        self.assertEqual(done.code, 0, done.stderr)
        self.assertEqual(self.axis.waiting(), [])
        self.assertEqual(len(self.statuses()), 5)
        self.check_sent()
        self.axis.check()

    def test_what_cannot_be_read_is_set_aside_and_never_comes_again(self):
        self.begin()
        self.axis.put("bad", "<edXML:broken")
        self.axis.put("good", directive(1))
        self.gateway.start()
        self.wait_taken()
        self.finish(applied=1)
        row, = self.gateway.command("quarantine", "list").lines
        self.assertEqual([row["adapter"], row["origin"]], ["axis-in", "bad"])
        self.assertEqual(self.axis.count("getEdoc"), 2)
        self.assertEqual(sorted(self.axis.done), [("bad", "done"), ("good", "done")])

    def test_a_secret_document_leaves_the_list_and_nothing_behind(self):
        self.begin()
        self.axis.put("secret", directive(1, subject="MẬT: kế hoạch"))
        self.gateway.start()
        self.wait_taken()
        self.assertEqual(self.gateway.stop(), 0)
        self.assertEqual(self.gateway.verified()["outcomes"]["restricted"], 1)
        self.assertEqual([self.axis.sent, self.axis.done], [[], [("secret", "done")]])
        for file in self.gateway.data.rglob("*"):
            if file.is_file():
                self.assertNotIn("kế hoạch".encode(), file.read_bytes())

    def test_of_a_secret_document_nothing_stays_in_memory(self):
        phrase = "mot-cau-rieng-khong-o-dau-khac"
        plain, secret = f"{phrase}-thuong", f"{phrase}-mat"
        coming = {"plain": directive(1, content=plain),
                  "secret": directive(2, subject="MẬT: việc kín", content=secret * 100)}
        # In the middle of its last part, as the axis codes it; alone it is in no header.
        coded = base64.b64encode(coming["secret"].encode())[-1600:-1500]
        for more in "", "    fetch: downloadEdoc\n":
            with self.subTest(more):
                self.begin(more=more)
                self.gateway.start()
                for name, text in coming.items():
                    self.axis.put(name, text)
                self.wait_taken()
                self.gateway.wait_settled()
                found = [self.gateway.in_memory(text.encode()) for text in (plain, secret)]
                self.assertGreater(found[0], 0, "or this test would see nothing")
                self.assertEqual([found[1], self.gateway.in_memory(coded)], [0, 0])
                self.assertEqual(self.gateway.stop(), 0)

    def test_the_agency_list_is_fetched_into_the_organ_table(self):
        self.begin(FakeAxis(agencies=[
            {"id": 1, "pid": 0, "code": "H99", "name": "UBND tỉnh Ví Dụ", "mail": "",
             "oldCode": "000.00.00.H99"},
            {"id": 2, "pid": 1, "code": "H99.05", "name": "Sở Ví Dụ", "mail": "",
             "oldCode": ""}]))
        done = self.gateway.command("organs", "import", "--adapter", "axis-in", as_json=False)
        self.assertEqual(done.code, 0, done.stderr)
        self.assertIn('"H99.05"', done.stdout)
        self.assertIn('"000.00.00.H99"', done.stdout)
        self.axis.fault("getAgenciesList", {"status": 503})
        done = self.gateway.command("organs", "import", "--adapter", "axis-in", as_json=False)
        self.assertEqual(done.code, 69, done.stderr)
        self.assertIn("HTTP 503", done.stderr)
        self.axis.fault("getAgenciesList", failure("Het phien"))
        done = self.gateway.command("organs", "import", "--adapter", "axis-in", as_json=False)
        self.assertEqual(done.code, 69, done.stderr)
        self.assertIn("getAgenciesList: the axis says FAIL, ErrorCode 99: Het phien",
                      done.stderr)
        self.axis.fault("getAgenciesList", {"json": {"status": "OK", "ErrorCode": "0",
                                                     "data": "none"}})
        done = self.gateway.command("organs", "import", "--adapter", "axis-in", as_json=False)
        self.assertEqual(done.code, 65, done.stderr)
        self.assertEqual(self.axis.count("getAgenciesListQD20"), 0)
        self.axis.check()

    def test_the_agency_list_comes_by_the_call_that_is_configured(self):
        self.begin(FakeAxis(agencies=[]), more="    agency_list: getAgenciesListQD20")
        self.axis.qd20 = [{"id": 1, "pid": 0, "code": "H99", "name": "UBND tỉnh Ví Dụ",
                           "mail": "", "oldCode": ""}]
        done = self.gateway.command("organs", "import", "--adapter", "axis-in", as_json=False)
        self.assertEqual(done.code, 0, done.stderr)
        self.assertIn('"UBND tỉnh Ví Dụ"', done.stdout)
        self.assertEqual(self.axis.calls, ["getAgenciesListQD20"])
        self.axis.check()

    def test_check_connect_says_whether_the_axis_takes_our_signature(self):
        self.begin()
        self.axis.put("a-1", directive(1))
        rows = {row["adapter"]: row for row in
                self.gateway.command("check", "--connect").lines if "adapter" in row}
        self.assertEqual([rows["axis-in"]["ok"], rows["axis-in"]["message"]],
                         [True, "documents are waiting"])
        self.gateway.environment["AXIS_SECRET"] = "another"
        done = self.gateway.command("check", "--connect")
        rows = {row["adapter"]: row for row in done.lines if "adapter" in row}
        self.assertEqual([done.code, rows["axis-out"]["ok"]], [69, False])
        self.assertIn("the axis says FAIL", rows["axis-out"]["message"])
        self.assertNotIn("another", done.stdout + done.stderr)
        self.assertEqual(self.axis.waiting(), ["a-1"])


# What goes wrong once on the way in: the call, the fault, and what the log must name.
FAULTS_IN = [
    ("getReceivedEdocList", "half", "source-unavailable", "getReceivedEdocList"),
    ("getReceivedEdocList", {"cut": 10}, "source-unavailable", "getReceivedEdocList"),
    ("getReceivedEdocList", "no answer", "source-unavailable", "getReceivedEdocList"),
    ("getReceivedEdocList", "wrong json", "source-unavailable", "it is no JSON"),
    ("getReceivedEdocList", "not http", "source-unavailable", "getReceivedEdocList"),
    ("getReceivedEdocList", {"status": 500}, "source-unavailable", "HTTP 500"),
    ("getReceivedEdocList", {"status": 429, "headers": {"Retry-After": "1"}},
     "source-remark", "HTTP 429"),
    ("getReceivedEdocList", {"json": {"status": "OK", "ErrorCode": "0", "data": "[a-1]"}},
     "source-unavailable", "`data` is no list"),
    ("getReceivedEdocList", {"json": {"status": "OK", "ErrorCode": "0"}},
     "source-unavailable", "`data` is no list"),
    ("getReceivedEdocList", failure("Sai chu ky", "12"), "source-unavailable", "ErrorCode 12"),
    ("getEdoc", "half", "source-remark", "a-1: getEdoc"),
    ("getEdoc", "wrong json", "source-remark", "a-1: the reply cannot be read"),
    ("getEdoc", {"status": 500}, "source-remark", "HTTP 500"),
    ("getEdoc", {"status": 429, "headers": {"Retry-After": "1"}}, "source-remark", "HTTP 429"),
    ("getEdoc", failure("Dang xu ly"), "source-remark", "the axis says FAIL"),
    ("updateStatus", "half", "source-remark", ": updateStatus: "),
    ("updateStatus", {"status": 500}, "source-remark", "HTTP 500"),
    ("updateStatus", failure("Khong thay"), "source-remark", "the axis says FAIL"),
]
# And on the way out.
FAULTS_OUT = [
    ("half", True, "sink-unavailable", "sendEdoc"),
    ("no answer", False, "sink-unavailable", "sendEdoc"),
    ("no answer", True, "sink-unavailable", "sendEdoc"),
    ({"status": 500}, False, "event-deferred", "HTTP 500"),
    ({"status": 429, "headers": {"Retry-After": "1"}}, False, "event-deferred", "HTTP 429"),
    ("wrong json", True, "event-deferred", "it is no JSON"),
]


class Faults(Axis):
    def test_on_the_way_in_nothing_is_lost_and_nothing_counts_twice(self):
        for call, fault, event, words in FAULTS_IN:
            with self.subTest(call=call, fault=fault):
                self.begin()
                self.axis.put("a-1", directive(1))
                self.axis.put("a-2", directive(2))
                self.axis.fault(call, fault)
                self.gateway.start()
                self.wait_taken()
                self.wait_for(lambda: any(
                    words in line for line in self.gateway.logged(f"warning {event} ")))
                self.wait_for(lambda: len(self.statuses()) == 2)
                self.finish(applied=2)
                self.assertEqual(len(self.gateway.tasks()), 2)

    def test_on_the_way_out_each_status_arrives(self):
        for fault, does, event, words in FAULTS_OUT:
            with self.subTest(fault=fault, does=does):
                self.begin()
                self.axis.put("a-1", directive(1))
                self.axis.fault("sendEdoc", fault, does=does)
                self.gateway.start()
                self.wait_for(lambda: len(self.statuses()) == 1 and
                              not self.gateway.untold())
                self.assertTrue([line for line in self.gateway.log
                                 if event in line and words in line], self.gateway.log)
                self.finish(applied=1)

    def test_a_status_the_axis_refuses_is_a_dead_letter_and_not_sent_for_ever(self):
        self.begin()
        self.axis.put("a-1", directive(1))
        self.axis.put("a-2", directive(2))
        self.axis.fault("sendEdoc", failure("Da ton tai", "7"))
        self.gateway.start()
        self.wait_for(lambda: len(self.statuses()) == 1 and not self.gateway.untold())
        self.assertTrue([line for line in self.gateway.log if "ErrorCode 7" in line],
                        self.gateway.log)
        self.finish(applied=2)
        self.assertEqual(self.axis.count("sendEdoc"), 2)

    def test_an_axis_that_refuses_our_signature_has_judged_no_status(self):
        self.begin()
        self.axis.put("a-1", directive(1))
        self.axis.fault("sendEdoc", "slow")
        self.gateway.start()
        self.wait_for(lambda: self.axis.count("sendEdoc"))
        self.gateway.kill()
        self.axis.locked = True
        self.gateway.start()
        self.wait_for(lambda: [line for line in self.gateway.logged("warning sink-unavailable ")
                               if "ErrorCode 12" in line])
        self.assertEqual(
            len([row for row in self.gateway.untold() if row["sink"] == "axis-out"]), 1)
        self.axis.locked = False
        self.wait_for(lambda: len(self.statuses()) == 1)
        self.wait_taken()
        self.finish(applied=1)

    def test_one_that_cannot_be_had_holds_up_nobody(self):
        self.begin()
        for number in range(1, 4):
            self.axis.put(f"a-{number}", directive(number))
        self.axis.fault("getEdoc", failure("Loi"), times=3)
        self.axis.put("a-4", directive(4))
        self.gateway.start()
        self.wait_taken()
        self.finish(applied=4)
        said = self.gateway.logged("warning source-remark ")
        self.assertEqual(len(said), 1, said)
        self.assertIn("3 documents cannot be had", said[0])

    def test_one_that_never_gets_across_holds_up_nobody(self):
        self.begin()
        for number in range(1, 4):
            self.axis.put(f"a-{number}", directive(number))
        self.axis.fault("getEdoc", "half")
        self.gateway.start()
        self.wait_for(lambda: len(self.gateway.tasks()) == 2)
        self.wait_taken()
        self.finish(applied=3)

    def test_an_axis_that_answers_nothing_but_lists_is_unavailable(self):
        self.begin()
        for number in range(1, 5):
            self.axis.put(f"a-{number}", directive(number))
        self.axis.fault("getEdoc", "half", times=3)
        self.gateway.start()
        self.wait_taken()
        self.assertTrue(self.gateway.logged("warning source-unavailable "))
        self.finish(applied=4)

    def test_what_cannot_be_had_leaves_room_on_the_page(self):
        self.begin(page_size=2)
        for number in range(1, 4):
            self.axis.put(f"a-{number}", directive(number))
        self.axis.refused = {"a-1", "a-2"}
        self.gateway.start()
        self.wait_for(lambda: self.axis.waiting() == ["a-1", "a-2"])
        self.axis.refused = set()
        self.wait_taken()
        self.finish(applied=3)

    def test_what_nobody_can_read_in_the_end_goes_into_quarantine(self):
        self.begin()
        self.axis.put("a-1", directive(1))
        self.axis.fault("getEdoc", {"body": "<html>502</html>"}, times=5)
        self.gateway.start()
        self.wait_taken()
        self.assertEqual(self.axis.count("getEdoc"), 5)
        row, = self.gateway.command("quarantine", "list").lines
        self.assertEqual(row["origin"], "a-1")

    def test_a_list_that_goes_on_after_done_is_told_again_and_not_fetched(self):
        self.begin()
        self.axis.put("a-1", directive(1))
        self.axis.fault("updateStatus", {"json": {"status": "OK", "ErrorCode": "0"}}, times=2)
        self.gateway.start()
        self.wait_taken()
        self.assertEqual([self.axis.count("getEdoc"), self.axis.count("updateStatus")], [1, 3])
        self.finish(applied=1)

    def test_the_same_document_under_two_ids_counts_once(self):
        self.begin()
        self.axis.put("a-1", directive(1))
        self.axis.put("a-2", directive(1))
        self.gateway.start()
        self.wait_taken()
        self.finish(applied=1)
        self.assertEqual(self.gateway.verified()["outcomes"]["duplicate"], 1)
        self.assertEqual(len(self.axis.sent), 1)

    def test_an_expired_certificate_is_named_and_nobody_is_talked_to(self):
        axis = FakeAxis(certificate="expired")
        ca = axis.http.certificates.ca
        self.begin(axis, more=f"    ca_file: {ca}", tls=f", ca_file: {ca}")
        axis.put("a-1", directive(1))
        self.gateway.start()
        self.wait_for(lambda: any("expired" in line for line in
                                  self.gateway.logged("warning source-unavailable ")))
        self.assertEqual(axis.calls, [])
        axis.http.certificate = "good"
        self.wait_taken()
        self.finish(applied=1)

    def test_an_axis_that_says_nothing_is_named_and_asked_again(self):
        self.begin(timeout_s=1)
        self.axis.put("a-1", directive(1))
        self.axis.fault("getReceivedEdocList", "slow")
        self.axis.fault("sendEdoc", "slow")
        self.gateway.start()
        self.wait_taken()
        self.wait_for(lambda: self.gateway.logged("warning source-unavailable "))
        self.wait_for(lambda: len(self.statuses()) == 1)
        self.finish(applied=1)

    def test_no_secret_is_shown(self):
        self.begin()
        self.axis.put("a-1", directive(1))
        self.axis.fault("getReceivedEdocList", failure("Sai"))
        self.axis.fault("sendEdoc", {"status": 500})
        self.gateway.start()
        self.wait_for(lambda: self.statuses())
        self.finish(applied=1)
        self.gateway.check_unseen()


class Killed(Axis):
    """Killed while the axis keeps it waiting, at each of its calls."""

    def run_through(self, call, fault, does):
        self.begin()
        self.axis.put("a-1", directive(1))
        self.axis.put("a-2", directive(2))
        self.axis.fault(call, fault, does=does)
        self.gateway.start()
        self.wait_for(lambda: self.axis.count(call))
        self.gateway.kill()
        self.gateway.start()
        self.wait_taken()
        self.wait_for(lambda: len(self.statuses()) == 2)
        self.axis.fault("sendEdoc", "slow", does=does)
        self.gateway.drop("reply.edxml", reply(1))
        before = self.axis.count("sendEdoc")
        self.wait_for(lambda: self.axis.count("sendEdoc") > before)
        self.gateway.kill()
        self.gateway.start()
        self.wait_for(lambda: len(self.statuses()) == 3)
        self.finish(applied=3)
        self.assertEqual(sorted(self.statuses()), [
            (directive_id(1), LEAD, 1, "H99"), (directive_id(1), LEAD, 6, "H99"),
            (directive_id(2), LEAD, 1, "H99")])

    def test_each_status_is_told_once_whenever_it_was_killed(self):
        for call in ("getReceivedEdocList", "getEdoc", "updateStatus", "sendEdoc"):
            for does in (False, True):
                with self.subTest(call=call, does=does):
                    self.run_through(call, "slow", does)


if __name__ == "__main__":
    unittest.main()
