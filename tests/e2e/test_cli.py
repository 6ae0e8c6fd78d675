"""The command line without a ledger (docs/cli.md): words, exit codes, what goes where."""
import json
import os
import sqlite3
import stat
import subprocess
import unittest

from cli import CONGVAN, DIRECTIVE, EDXML, Cli


class Usage(Cli):
    ROWS = [
        ([], "no command"),
        (["tsks"], "did you mean 'tasks'?"),
        (["frobnicate"], "no command 'frobnicate'"),
        (["tasks", "--stat", "x"], "did you mean '--state'?"),
        (["tasks", "--state"], "--state needs a value"),
        (["tasks", "--state="], "--state needs a value"),
        (["tasks", "--overdue=yes"], "takes no value"),
        (["tasks", "--state", "done"], "assigned, in_progress, reported"),
        (["tasks", "one"], "one argument too many"),
        (["run", "--connect"], "no option '--connect'"),
        (["--now", "yesterday", "tasks"], "RFC 3339"),
        (["parse"], "parse needs FILE"),
        (["explain"], "explain needs ID"),
        (["quarantine"], "list, show, replay, discard"),
        (["quarantine", "shw"], "there is no 'shw'"),
        (["quarantine", "discard", "1"], "--by WHO and --reason R"),
        (["calendar", "next"], "is no year"),
        (["calendar", "0"], "is no year"),
        (["calendar", "add", "2026-02-30", "1"], "is no date"),
        (["calendar", "add", "2026-02-13", "1.5"], "is no number of days"),
        (["calendar", "add", "2026-02-13", "10001"], "is no number of days"),
        (["calendar", "add", "2026-02-13"], "needs DATE N"),
        (["calendar", "add", "9999-12-30", "9"], "beyond the year 9999"),
        (["help", "nothing"], "no command 'nothing'"),
    ]

    def test_every_misuse_ends_with_64_and_a_usage_line(self):
        for words, said in self.ROWS:
            with self.subTest(words=words):
                out, err = self.call(*words, code=64)
                self.assertEqual(out, "")
                self.assertIn(said, err)
                self.assertIn("\nusage: congvan ", err)

    def test_with_json_a_misuse_is_a_line_on_stdout(self):
        for words, said in self.ROWS:
            with self.subTest(words=words):
                line, = self.lines("--json", *words, code=64)
                self.assertEqual(line["error"]["code"], "usage")
                self.assertIn(said, line["error"]["message"])

    def test_json_may_stand_before_or_after_the_command(self):
        self.assertEqual(self.lines("--json", "version"), self.lines("version", "--json"))

    def test_help_and_version_need_nothing(self):
        for words in (["help"], ["--help"], ["-h"]):
            self.assertIn("quarantine replay", self.call(*words)[0])
        for words in (["help", "tasks"], ["tasks", "--help"]):
            self.assertIn("--overdue", self.call(*words)[0])
        self.assertIn("--dry-run", self.call("help", "quarantine", "replay")[0])
        self.assertIn("--by WHO", self.call("help", "quarantine")[0])
        for words in (["version"], ["--version"]):
            self.assertRegex(self.call(*words)[0], r"^congvan \d+\.\d+\.\d+\n")

    def test_a_file_called_like_an_option_can_be_named(self):
        self.write("--json", DIRECTIVE)
        self.assertEqual(self.lines("parse", "--", "--json")[0]["file"], "--json")


class Stdout(Cli):
    def test_a_full_or_closed_stdout_is_no_success(self):
        for command in ("exec \"$0\" help >/dev/full", "exec \"$0\" help >&-"):
            ran = subprocess.run(["sh", "-c", command, CONGVAN], cwd=self.folder,
                                 capture_output=True, timeout=60)
            self.assertEqual(ran.returncode, 69)
            self.assertIn(b"standard output", ran.stderr)

    def test_a_reader_that_left_is_noticed(self):
        out, into = os.pipe()
        os.close(out)
        ran = subprocess.run([CONGVAN, "help"], stdout=into, stderr=subprocess.PIPE,
                             timeout=60)
        os.close(into)
        self.assertEqual(ran.returncode, 69)

    def test_a_closed_stdout_never_becomes_a_file_of_ours(self):
        self.configure()
        self.write("a.json", DIRECTIVE)
        subprocess.run(["sh", "-c", "exec \"$0\" parse a.json >&- 2>&-", CONGVAN],
                       cwd=self.folder, timeout=60)
        with open(self.path("a.json"), "rb") as file:
            self.assertEqual(json.load(file), DIRECTIVE)


class Parse(Cli):
    def test_each_file_gives_a_line_in_order(self):
        self.write("a.json", DIRECTIVE)
        self.write("b.edxml", EDXML % ("V/v báo cáo", "0"))
        self.write("empty.edxml", "")
        self.write("broken.edxml", (EDXML % ("V/v báo cáo", "0"))[:-20])
        a, b, empty, broken, missing = self.lines(
            "parse", "a.json", "b.edxml", "empty.edxml", "broken.edxml", "missing",
            code=65)
        self.assertEqual(a["event"]["due_on"], "2025-12-10")
        self.assertEqual(a["event"]["attachments"], [])
        self.assertIsNone(a["event"]["thread_id"])
        self.assertEqual(b["event"]["code"], {"number": "12", "notation": "UBND-VP"})
        self.assertEqual(empty["error"]["code"], "file.empty")
        self.assertIsNone(empty["error"]["line"])
        self.assertEqual(broken["error"]["code"], "xml.malformed")
        self.assertGreater(broken["error"]["line"], 10)
        self.assertEqual(missing["error"]["code"], "file.unreadable")
        self.assertEqual([a["file"], missing["file"]], ["a.json", "missing"])

    def test_what_is_printed_can_be_parsed_again(self):
        self.write("a.json", DIRECTIVE)
        event = self.lines("parse", "a.json")[0]["event"]
        self.write("b.json", event)
        self.assertEqual(self.lines("parse", "b.json")[0]["event"], event)

    def test_a_dash_is_stdin(self):
        line, = self.lines("parse", "-", stdin=json.dumps(DIRECTIVE).encode())
        self.assertEqual(line["file"], "-")
        self.assertEqual(line["event"]["issued_on"], "2025-11-20")

    def test_of_a_secret_document_only_id_and_class_are_said(self):
        self.write("a.json", dict(DIRECTIVE, secrecy="top_secret"))
        self.write("b.edxml", EDXML % ("TUYỆT MẬT: kế hoạch", "0"))
        self.write("c.edxml", (EDXML % ("MẬT - kế hoạch", "0"))[:-20])
        for name, secrecy in (("a.json", "top_secret"), ("b.edxml", "top_secret"),
                              ("c.edxml", "confidential")):
            for words in (["parse"], ["lint", "--json"]):
                line, = self.lines(*words, name)
                self.assertEqual(sorted(line), ["file", "restricted"])
                self.assertEqual(line["restricted"]["secrecy"], secrecy)
                self.assertTrue(line["restricted"]["document_id"])
        out, err = self.call("lint", "b.edxml")
        self.assertNotIn("kế hoạch", out + err)

    def test_a_configuration_is_only_read_when_it_is_named(self):
        self.write("adapters.yaml", "site: [")
        self.write("a.json", DIRECTIVE)
        self.lines("parse", "a.json")
        self.lines("lint", "--json", "a.json")
        self.call("-c", "adapters.yaml", "parse", "a.json", code=78)
        self.call("parse", "--adapter", "inbox", "a.json", code=78)

    def test_an_adapter_decides_how_bytes_are_read(self):
        steering = "    policy: {steering: \"012\"}\n"
        self.configure()
        with open(self.path("adapters.yaml"), "a") as file:
            file.write("  - name: partner\n    type: spool\n    direction: in\n"
                       "    format: edxml\n    path: spool/partner\n" + steering)
        self.write("a.edxml", EDXML % ("V/v báo cáo", "1"))
        self.write("a.json", DIRECTIVE)
        plain, = self.lines("parse", "a.edxml")
        named, = self.lines("parse", "--adapter", "partner", "a.edxml")
        self.assertIsNone(plain["event"]["steering"])
        self.assertEqual(named["event"]["steering"], "directive")
        wrong, = self.lines("parse", "--adapter", "partner", "a.json", code=65)
        self.assertIn("error", wrong)

    def test_an_unknown_adapter_is_a_misuse_that_names_the_right_ones(self):
        self.configure()
        for name in ("outbox", "copies"):
            self.assertIn(name, self.call("parse", "--adapter", name, "x", code=64)[1])
        self.assertIn("inbox", self.call("parse", "--adapter", "x", "x", code=64)[1])


class Lint(Cli):
    def test_quirks_are_said_and_are_no_failure(self):
        self.write("a.edxml", EDXML % ("V/v báo cáo", "0"))
        quirks = self.lines("lint", "--json", "a.edxml")
        first = next(q for q in quirks if q["code"] == "date.day-first")
        self.assertEqual(sorted(first), ["code", "file", "meaning", "path", "severity",
                                         "value"])
        self.assertEqual([first["value"], first["severity"]], ["30/11/2025", "info"])
        out, _ = self.call("lint", "a.edxml")
        self.assertIn("date.day-first", out)
        self.assertIn(first["meaning"], out)

    def test_a_file_that_cannot_be_read_ends_with_65(self):
        self.write("a.edxml", "<a>")
        out, err = self.call("lint", "a.edxml", "missing", code=65)
        self.assertIn("a.edxml:1:", err)
        self.assertIn("missing: file.unreadable", err)
        for line in self.lines("lint", "--json", "a.edxml", "missing", code=65):
            if "error" in line:
                self.assertEqual(sorted(line["error"]),
                                 ["code", "column", "line", "message"])

    def test_a_value_from_outside_does_not_drive_the_terminal(self):
        self.write("a.edxml\x1b[2J", EDXML % ("V/v báo cáo", "0"))
        out, err = self.call("lint", "a.edxml\x1b[2J")
        self.assertNotIn("\x1b", out + err)


class Check(Cli):
    def test_without_a_configuration_it_says_where_it_looked(self):
        self.assertIn("./adapters.yaml", self.call("check", code=78)[1])
        self.assertEqual(self.lines("check", "--json", code=78)[0]["error"]["code"],
                         "config")

    def test_all_complaints_come_at_once(self):
        self.write("adapters.yaml", "site: H99\ncolour: red\ndata: [1]\n")
        _, err = self.call("check", code=78)
        self.assertIn("adapters.yaml:2:1: colour:", err)
        self.assertIn("adapters.yaml:3:", err)
        rows = self.lines("check", "--json", code=78)
        self.assertEqual(len(rows), 2)
        self.assertEqual(sorted(rows[0]), ["column", "file", "key", "line", "message",
                                           "severity"])
        self.assertEqual(rows[0]["severity"], "error")

    def test_a_good_one_is_one_line(self):
        self.configure()
        out, err = self.call("check")
        self.assertRegex(out, r"adapters\.yaml: no errors; 2 adapters, 2 organs\n$")
        row, = self.lines("-c", "adapters.yaml", "check", "--json")
        self.assertEqual(row, {"file": "adapters.yaml", "ok": True, "site": "H99",
                               "adapters": 2, "organs": 2})

    def test_connect_tries_each_peer(self):
        self.configure()
        rows = self.lines("check", "--connect", "--json")[1:]
        self.assertEqual([r["adapter"] for r in rows], ["queue", "inbox", "copies"])
        self.assertTrue(all(r["ok"] for r in rows))

    def test_connect_ends_with_69_when_a_peer_is_away(self):
        # Port 1 of loopback: nobody listens there.
        self.configure("site: H99\nqueue:\n  type: amqp\n"
                       "  url: amqp://127.0.0.1:1/x\n")
        row, = self.lines("check", "--connect", "--json", code=69)[1:]
        self.assertFalse(row["ok"])
        self.assertTrue(row["message"])

    def test_connect_ends_with_69_when_a_folder_cannot_be_made(self):
        self.configure("site: H99\nadapters:\n  - name: inbox\n    type: spool\n"
                       "    direction: in\n    format: edxml\n    path: organs.yaml/in\n")
        rows = self.lines("check", "--connect", "--json", code=69)[1:]
        self.assertEqual([r["ok"] for r in rows], [True, False])


class Topology(Cli):
    """With the embedded queue; over RabbitMQ it is tests/e2e/test_topology.py."""

    QUEUES = [{"queue": f"congvan.agency.{organ}", "receives": f"*.*.{organ}"}
              for organ in ("H99", "H99.05")]

    def test_it_prints_a_row_a_queue_and_makes_nothing(self):
        self.configure()
        self.assertEqual(self.lines("topology", "--json"), self.QUEUES)
        rows = self.call("topology")[0].splitlines()
        self.assertEqual([row.split() for row in rows],
                         [["queue", "receives"],
                          *[list(queue.values()) for queue in self.QUEUES]])
        self.assertFalse(os.path.exists(self.path("var")))

    def tables(self):
        """All that the queue's file holds."""
        with sqlite3.connect(self.path("var/queue.db")) as db:
            return list(db.iterdump())

    def test_apply_makes_them_in_a_data_folder_that_was_not_there(self):
        self.configure()
        out, _ = self.call("topology", "--apply")
        self.assertEqual(out, "declared: 2 agency queues, each with its dead-letter queue\n")
        self.assertEqual(stat.S_IMODE(os.stat(self.path("var")).st_mode), 0o700)
        made = self.tables()
        for queue in self.QUEUES:
            self.assertIn(queue["queue"], "".join(made))
        self.assertEqual(self.lines("topology", "--apply", "--json"),
                         [{"agencies": 2, "applied": True}])
        self.assertEqual(self.tables(), made, "doing it again changes nothing")

    def test_apply_says_where_it_cannot(self):
        self.configure()
        self.write("var", "no folder")
        self.assertIn("var", self.call("topology", "--apply", code=69)[1])


class Calendar(Cli):
    def test_a_year_nobody_decreed_says_so(self):
        days = {d["date"]: d for d in self.lines("calendar", "2025", "--json")}
        self.assertEqual(days["2025-09-02"]["weekday"], "tuesday")
        self.assertTrue(days["2025-09-02"]["off"])
        self.assertTrue(days["2025-09-02"]["name"])
        self.assertFalse(days["2025-09-02"]["decreed"])
        self.assertIn("computed", self.call("calendar", "2025")[0])

    def test_the_year_is_the_one_of_now(self):
        days = self.lines("--now", "2031-12-31T23:30:00Z", "calendar", "--json")
        self.assertEqual({d["date"][:4] for d in days}, {"2032"})

    def test_a_decreed_year_is_taken_from_the_configuration(self):
        self.configure("site: H99\ncalendar: calendar.yaml\n")
        self.write("calendar.yaml",
                   "years: {2026: {off: [2026-02-16, 2026-03-02], work: [2026-02-28]}}\n")
        days = {d["date"]: d["off"] for d in self.lines("calendar", "2026", "--json")}
        self.assertEqual(days, {"2026-02-16": True, "2026-03-02": True,
                                "2026-02-28": False})
        self.assertEqual(self.lines("calendar", "add", "2026-02-27", "2", "--json"),
                         [{"from": "2026-02-27", "working_days": 2,
                           "date": "2026-03-03", "decreed": True}])

    def test_a_broken_configuration_gives_no_calendar(self):
        self.write("adapters.yaml", "site: [")
        self.call("calendar", code=78)

    def test_working_days_count_from_the_next_day(self):
        for start, days, end in (("2025-12-05", "0", "2025-12-05"),
                                 ("2025-12-05", "1", "2025-12-08"),
                                 ("2025-12-05", "5", "2025-12-12"),
                                 ("2025-12-06", "1", "2025-12-08"),
                                 ("2025-12-31", "1", "2026-01-02")):
            row, = self.lines("calendar", "add", start, days, "--json")
            self.assertEqual(row["date"], end)
        self.assertEqual(self.call("calendar", "add", "2025-12-05", "1")[0][:10],
                         "2025-12-08")


if __name__ == "__main__":
    unittest.main()
