"""A vendor's documents by a mapping, from the samples beside it to the closed task."""
import json
import os
import shutil
import unittest
from pathlib import Path

from cli import Cli

SOURCE = Path(os.environ["CONGVAN_SOURCE"])
PROFILES = SOURCE / "adapters/profiles"
WORD = "qkzvxwj"  # stands in what is secret, and nowhere else

ADAPTERS = """\
site: H99
organs: organs.yaml
adapters:
  - {name: idesk, type: spool, direction: in, path: spool/in, format: mapping, mapping: idesk/idesk.yaml}
  - {name: again, type: spool, direction: in, path: spool/in2, format: mapping, mapping: idesk/idesk.yaml}
  - {name: office, type: spool, direction: in, path: spool/json, format: mapping, mapping: json-office/json-office.yaml}
"""
ORGANS = """\
organs:
  - {id: "H99", names: ["UBND tỉnh Ví Dụ"]}
  - {id: "H99.05", names: ["Sở Y tế"], parent: "H99"}
  - {id: "H99.07", names: ["Sở Giáo dục"], parent: "H99"}
"""

SMALL = """\
syntax: xml
document: /list/letter
event:
  document_id: "@id"
  subject: about
  stage: {path: "@state", values: {open: draft, sent: issued}}
  from: {organ_id: {constant: H99}}
  to: {each: to, organ_id: .}
  steering: {constant: directive}
  secrecy: {path: secret, default: none, otherwise: top_secret, values: {no: none}}
"""


def letter(number, about="V/v giao việc", state="sent", more=""):
    return (f'<letter id="{number}" state="{state}"><about>{about}</about>'
            f"<to>H99.05</to>{more}</letter>")


def listing(*letters):
    return "<list><head>Danh sách</head>\n" + "\n".join(letters) + "\n</list>"


class Mapping(Cli):
    def setUp(self):
        super().setUp()
        for name in ["idesk", "json-office"]:
            shutil.copytree(PROFILES / name, self.path(name))
        self.write("adapters.yaml", ADAPTERS)
        self.write("organs.yaml", ORGANS)

    def small(self, mapping=SMALL):
        """A configuration with one folder read by @mapping."""
        self.write("small.yaml", mapping)
        self.write("adapters.yaml", "site: H99\norgans: organs.yaml\nadapters:\n"
                   "  - {name: inbox, type: spool, direction: in, path: spool/in,"
                   " format: mapping, mapping: small.yaml}\n")
        os.makedirs(self.path("spool/in"), exist_ok=True)

    def where(self, word, folder="."):
        return [str(path) for path in Path(self.folder, folder).rglob("*")
                if path.is_file() and word.encode() in path.read_bytes()]


class Samples(Mapping):
    def test_the_shipped_mappings_give_what_they_promise(self):
        lines = self.lines("test", "--json")
        self.assertEqual({line["result"] for line in lines}, {"ok"})
        # Two adapters share the first mapping; its samples are looked at once.
        self.assertEqual(sorted(line["sample"] for line in lines),
                         ["directive.xml", "draft-and-reply.xml", "recall.xml",
                          "two-documents.json"])
        named = self.lines("test", "--json", "idesk/idesk.yaml")
        self.assertEqual(len(named), 3)

    def test_idesk_says_in_its_first_line_that_nothing_is_published(self):
        first = (PROFILES / "idesk/idesk.yaml").read_text(encoding="utf-8").splitlines()[0]
        self.assertRegex(first, "iDesk publishes no interface")

    def test_a_difference_is_shown_field_by_field(self):
        path = self.path("idesk/samples/directive.expected.json")
        expected = json.loads(Path(path).read_text(encoding="utf-8"))
        expected["issued_on"] = "2025-11-21"
        expected["assignments"][0]["coordinating"] = ["H99.07"]
        del expected["thread_id"]
        Path(path).write_text(json.dumps(expected), encoding="utf-8")
        line = self.lines("test", "--json", "idesk/idesk.yaml", code=65)[0]
        self.assertEqual(line["result"], "differs")
        self.assertEqual(line["differences"], [
            {"part": 1, "path": "/thread_id", "expected": None, "found": "88213"},
            {"part": 1, "path": "/issued_on", "expected": "2025-11-21",
             "found": "2025-11-20"},
            {"part": 1, "path": "/assignments/0/coordinating/1", "expected": None,
             "found": "H99.30"}])
        out, _ = self.call("test", "idesk/idesk.yaml", code=65)
        self.assertIn("differs      directive.xml\n", out)
        self.assertIn('/issued_on: expected "2025-11-21", found "2025-11-20"', out)
        self.assertIn("ok           recall.xml\n", out)

    def test_several_documents_are_compared_one_by_one(self):
        path = self.path("idesk/samples/draft-and-reply.expected.json")
        expected = json.loads(Path(path).read_text(encoding="utf-8"))
        expected[2] = {"error": "mapping.no-identity"}
        del expected[3]
        Path(path).write_text(json.dumps(expected), encoding="utf-8")
        line = self.lines("test", "--json", "idesk/idesk.yaml", code=65)[1]
        self.assertEqual(line["differences"], [
            {"part": 3, "path": "/error", "expected": "mapping.no-identity",
             "found": "mapping.unknown-value"},
            {"part": 4, "path": "", "expected": None, "found": {"restricted": "secret"}}])

    def test_a_mapping_without_samples_is_not_tested(self):
        self.small()
        line, = self.lines("test", "--json", code=65)
        self.assertEqual((line["sample"], line["result"]), (None, "no-samples"))
        out, _ = self.call("test", code=65)
        self.assertIn("no samples", out)

    def test_a_sample_without_expectation_fails_until_it_is_written(self):
        self.small()
        self.write("samples/one.xml", listing(letter(1)))
        line, = self.lines("test", "--json", "small.yaml", code=65)
        self.assertEqual(line["result"], "no-expected")
        out, _ = self.call("test", "small.yaml", code=65)
        self.assertIn("--write", out)
        self.assertEqual(self.lines("test", "--json", "--write", "small.yaml")[0]["result"],
                         "written")
        written = json.loads(Path(self.path("samples/one.expected.json")).read_text("utf-8"))
        self.assertEqual(written["document_id"], "1")
        self.assertNotIn("thread_id", written)
        self.assertEqual(self.lines("test", "--json", "small.yaml")[0]["result"], "ok")

    def test_an_expectation_that_is_none_is_told(self):
        self.small()
        self.write("samples/one.xml", listing(letter(1)))
        for text, message in [("{", "not JSON"), ('{"documentid":"1"}', "no such member")]:
            self.write("samples/one.expected.json", text)
            line, = self.lines("test", "--json", "small.yaml", code=65)
            self.assertEqual(line["result"], "bad-expected")
            self.assertIn(message, line["message"])

    def test_a_bad_mapping_is_bad_configuration(self):
        self.small(SMALL.replace("about", "about[").replace("document_id", "document-id"))
        complaints = self.lines("test", "--json", "small.yaml", code=78)
        self.assertIn("event.document-id", {c["key"] for c in complaints})
        self.assertIn("event.subject", {c["key"] for c in complaints})
        _, err = self.call("test", "small.yaml", code=78)
        self.assertIn("small.yaml:5:12: event.subject: must be an XPath", err)
        _, err = self.call("check", code=78)
        self.assertIn("small.yaml:5:12: event.subject: must be an XPath", err)
        self.call("test", "nowhere.yaml", code=78)

    def test_a_configuration_without_mappings_has_nothing_to_test(self):
        self.configure()
        _, err = self.call("test", code=65)
        self.assertIn("names no mapping", err)


class Reading(Mapping):
    def test_parse_and_lint_read_by_a_mapping_or_as_an_adapter(self):
        sample = "idesk/samples/recall.xml"
        by_mapping = self.lines("parse", "--mapping", "idesk/idesk.yaml", sample)
        by_adapter = self.lines("parse", "--adapter", "idesk", sample)
        self.assertEqual(by_mapping, by_adapter)
        self.assertEqual(by_mapping[0]["event"]["business"], "recall")
        quirks = self.lines("lint", "--json", "--mapping", "idesk/idesk.yaml", sample)
        self.assertEqual(quirks, self.lines("lint", "--json", "--adapter", "idesk", sample))
        self.assertEqual(
            [(q["code"], q["severity"], q["path"], q["value"]) for q in quirks],
            [("date.invalid", "warning", "d:ngayBanHanh", "31/11/2025"),
             ("value.unknown", "warning", "d:noiNhan/d:donVi[2]/@ma", "STC")])

    def test_one_of_the_two_is_named_and_a_bad_mapping_is_told(self):
        self.call("parse", "--mapping", "idesk/idesk.yaml", "--adapter", "idesk", "x",
                  code=64)
        self.write("bad.yaml", "syntax: xml\n")
        _, err = self.call("lint", "--mapping", "bad.yaml", "idesk/samples/recall.xml",
                           code=78)
        self.assertIn("bad.yaml:1:1: document: is missing", err)

    def test_each_document_of_a_file_has_its_line(self):
        sample = "idesk/samples/draft-and-reply.xml"
        lines = self.lines("parse", "--adapter", "idesk", sample, code=65)
        self.assertEqual([line["part"] for line in lines], [1, 2, 3, 4])
        self.assertEqual(lines[2]["error"],
                         {"code": "mapping.unknown-value", "line": 36, "column": 5,
                          "message": "stage: `7` stands in no value table of the mapping"})
        self.assertEqual(lines[3]["restricted"],
                         {"document_id": "idesk-2025-000513", "secrecy": "secret"})
        out, err = self.call("lint", "--adapter", "idesk", sample, code=65)
        self.assertIn(f"{sample}#1: 1 quirk", out)
        self.assertIn(f"{sample}:36:5: mapping.unknown-value", err)


class Taking(Mapping):
    def tasks(self):
        return [(task["id"], task["lead"], task["state"])
                for task in self.lines("tasks", "--json")]

    def test_the_answer_on_the_thread_closes_the_task(self):
        now = ["--now", "2025-12-09T09:00:00+07:00"]
        taken, = self.lines(*now, "ingest", "--adapter", "idesk", "idesk/samples/directive.xml")
        self.assertEqual((taken["outcome"], taken["tasks"]), ("applied", ["NV-1"]))
        self.assertNotIn("part", taken)
        self.assertEqual(self.tasks(), [("NV-1", "H99.05", "assigned")])
        lines = self.lines(*now, "ingest", "--adapter", "idesk",
                           "idesk/samples/draft-and-reply.xml", code=65)
        self.assertEqual([(line["part"], line["outcome"]) for line in lines],
                         [(1, "applied"), (2, "applied"), (3, "quarantined"),
                          (4, "restricted")])
        self.assertEqual(self.tasks(), [("NV-1", "H99.05", "completed")])
        again = self.lines(*now, "ingest", "--adapter", "idesk",
                           "idesk/samples/draft-and-reply.xml")
        self.assertEqual([line["outcome"] for line in again],
                         ["duplicate", "duplicate", "duplicate", "restricted"])
        self.assertEqual(again[2]["quarantine"], lines[2]["quarantine"])
        self.assertEqual(self.lines("verify", "--json")[0]["failed"], 0)

    def test_json_comes_in_too(self):
        lines = self.lines("--now", "2025-12-09T09:00:00+07:00", "ingest", "--adapter",
                           "office", "json-office/samples/two-documents.json")
        self.assertEqual([line["outcome"] for line in lines], ["applied", "applied"])
        self.assertEqual(self.tasks(), [("NV-1", "H99.05", "completed")])

    def test_what_was_set_aside_is_replayed_alone_with_a_mended_mapping(self):
        self.small()
        self.write("many.xml", listing(letter(1), letter(2, state="signed"), letter(3)))
        lines = self.lines("ingest", "--adapter", "inbox", "many.xml", code=65)
        self.assertEqual([line["outcome"] for line in lines],
                         ["applied", "quarantined", "applied"])
        out, _ = self.call("quarantine", "show", "1")
        raw = Path(out.split()[-1]).read_text(encoding="utf-8")
        self.assertEqual(raw, "<list><head>Danh sách</head>\n\n"
                         + letter(2, state="signed") + "\n\n</list>")
        shown, = self.lines("quarantine", "list", "--json")
        self.assertEqual(shown["origin"], "many.xml#2")
        self.write("small.yaml", SMALL.replace("sent: issued", "sent: issued, signed: draft"))
        replayed, = self.lines("quarantine", "replay")
        self.assertEqual((replayed["id"], replayed["outcome"]), (1, "applied"))
        self.assertEqual(self.lines("quarantine", "list", "--json"), [])

    def test_a_message_set_aside_whole_may_turn_out_to_hold_several(self):
        self.small(SMALL.replace("/list/letter", "/lists/letter"))
        self.write("many.xml", listing(letter(1), letter(2, state="signed"), letter(3)))
        line, = self.lines("ingest", "--adapter", "inbox", "many.xml", code=65)
        self.assertEqual(line["error"]["code"], "mapping.no-document")
        self.small()
        dry = self.lines("quarantine", "replay", "--dry-run", code=65)
        lines = self.lines("quarantine", "replay", code=65)
        self.assertEqual(lines, dry)
        self.assertEqual([(line["id"], line["part"], line["outcome"]) for line in lines],
                         [(1, 1, "applied"), (1, 2, "quarantined"), (1, 3, "applied")])
        left, = self.lines("quarantine", "list", "--json")
        self.assertEqual((left["id"], left["origin"]), (2, "many.xml#2"))
        self.assertEqual(self.lines("verify", "--json")[0]["failed"], 0)

    def test_x1_what_proves_secret_when_it_is_replayed_does_not_stay(self):
        self.small(SMALL.replace("/list/letter", "/lists/letter"))
        self.write("many.xml", listing(letter(1, "mở"), letter(2, f"MẬT: {WORD}"),
                                       letter(3, state="signed")))
        self.lines("ingest", "--adapter", "inbox", "many.xml", code=65)
        os.remove(self.path("many.xml"))
        self.assertEqual(len(self.where(WORD)), 1)
        self.small()
        self.lines("quarantine", "replay", "--dry-run", code=65)
        self.assertEqual(len(self.where(WORD)), 1)
        lines = self.lines("quarantine", "replay", code=65)
        self.assertEqual([line["outcome"] for line in lines],
                         ["applied", "restricted", "quarantined"])
        self.assertEqual(self.where(WORD), [])
        self.assertEqual([line["id"] for line in self.lines("quarantine", "list", "--json")],
                         [2])
        self.assertEqual(self.lines("verify", "--json")[0]["failed"], 0)

    def test_standard_input_may_hold_several(self):
        self.small()
        message = listing(letter(1), letter(2)).encode()
        lines = self.lines("ingest", "--adapter", "inbox", "-", stdin=message)
        self.assertEqual([line["outcome"] for line in lines], ["applied", "applied"])
        parsed = self.lines("parse", "--adapter", "inbox", "-", stdin=message)
        self.assertEqual([line["event"]["document_id"] for line in parsed], ["1", "2"])

    def test_more_documents_than_one_commit_takes(self):
        self.small()
        self.write("many.xml", listing(*[letter(n) for n in range(1, 1202)]))
        lines = self.lines("ingest", "--adapter", "inbox", "many.xml")
        self.assertEqual([line["part"] for line in lines], list(range(1, 1202)))
        self.assertEqual({line["outcome"] for line in lines}, {"applied"})


class Running(Mapping):
    def run_once(self, **messages):
        for name, text in messages.items():
            self.write(f"spool/in/{name}.xml", text)
        return self.call("run", "--once")[1]

    def names(self, folder):
        return sorted(path.name for path in Path(self.path(folder)).iterdir()
                      if path.is_file())

    def outcomes(self):
        return {name: n for name, n in
                self.lines("verify", "--json")[0]["outcomes"].items() if n}

    def test_a_file_is_put_away_once_by_the_weightiest_of_its_documents(self):
        self.small()
        self.run_once(good=listing(letter(1), letter(2)),
                      odd=listing(letter(3), letter(4, state="signed"), letter(5)),
                      kept=listing(letter(6), letter(7, WORD, more="<secret>yes</secret>"),
                                   letter(8, state="signed")))
        self.assertEqual(self.names("spool/in"), [])
        self.assertEqual(self.names("spool/in/done"), ["good.xml"])
        self.assertEqual(self.names("spool/in/failed"), ["odd.xml", "odd.xml.reason.json"])
        reason = json.loads(Path(self.path("spool/in/failed/odd.xml.reason.json"))
                            .read_text("utf-8"))
        self.assertEqual(reason["error"]["code"], "mapping.unknown-value")
        self.assertRegex(reason["error"]["message"], "^document 2: stage: `signed` stands")
        self.assertEqual(self.outcomes(),
                         {"applied": 5, "quarantined": 2, "restricted": 1})
        self.assertEqual(self.where(WORD), [])
        # The one beside the secret one is in the quarantine, with its own bytes.
        self.assertEqual(len(self.where('id="8"', "var/quarantine")), 1)

    def test_a_file_given_again_changes_nothing(self):
        self.small()
        message = listing(letter(1), letter(2, state="signed"), letter(3))
        self.run_once(one=message)
        before = self.outcomes()
        self.run_once(two=message)
        self.assertEqual(before, {"applied": 2, "quarantined": 1})
        self.assertEqual(self.outcomes(), {"applied": 2, "quarantined": 1, "duplicate": 3})
        self.assertEqual(len(self.names("var/quarantine")), 1)

    def test_x1_nothing_of_it_stays_of_a_broken_message_either(self):
        self.small()
        secret = letter(2, f"MẬT: {WORD}")
        log = self.run_once(
            a=listing(letter(1), secret).replace("</list>", "<"),
            b=listing(letter(1), f'<letter id="3"><about>TUYỆT MẬT - {WORD}</about><x>&{WORD};'),
            c=listing(secret, f"<{WORD}"),
            d=f"<list>{secret}<letter id='4'><broken </letter></list>")
        self.assertNotIn(WORD, log)
        self.assertEqual(self.where(WORD), [])
        self.assertEqual(self.names("spool/in"), [])
        self.assertEqual(self.names("spool/in/failed"), [])
        # What else could be read of them is kept, but nothing that stands behind the break.
        self.assertEqual(self.outcomes(), {"restricted": 4, "quarantined": 3})
        self.assertEqual(len(self.where("id='4'", "var/quarantine")), 1)
        self.assertEqual(self.where("</list>", "var/quarantine"), [])
        self.assertEqual(self.lines("verify", "--json")[0]["failed"], 0)


if __name__ == "__main__":
    unittest.main()
