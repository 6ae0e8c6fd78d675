"""The command line on a ledger (docs/cli.md): JSON members, exit codes, who is told."""
import contextlib
import json
import os
import resource
import sqlite3
import subprocess
import unittest

from cli import ADAPTERS, CONGVAN, DIRECTIVE, EDXML, REPLY, Cli

NOW = ["--now", "2025-12-08T09:00:00+07:00"]


class OnALedger(Cli):
    def setUp(self):
        super().setUp()
        self.configure()
        self.write("directive.json", DIRECTIVE)
        self.write("reply.json", REPLY)

    def tasks(self, *words):
        return self.lines(*NOW, "tasks", "--json", *words)


class Ingest(OnALedger):
    def test_a_directive_makes_a_task_and_its_reply_closes_it(self):
        made, closed = self.lines(*NOW, "ingest", "directive.json", "reply.json")
        self.assertEqual(sorted(made), ["document", "error", "file", "outcome",
                                        "quarantine", "tasks"])
        self.assertEqual([made["file"], made["outcome"], made["tasks"]],
                         ["directive.json", "applied", ["NV-1"]])
        self.assertEqual([closed["outcome"], closed["tasks"], closed["error"]],
                         ["applied", [], None])
        task, = self.tasks()
        self.assertEqual(sorted(task), [
            "closed_by", "completed_on", "content", "coordinating", "document",
            "due_flags", "due_on", "due_source", "flags", "id", "kind", "lead",
            "parent", "proposed_due_on", "revision", "state", "timeliness"])
        self.assertEqual(task["document"], {
            "id": made["document"], "document_id": DIRECTIVE["document_id"],
            "code": "6795/UBND-PVHCC", "issued_on": "2025-11-20", "from": "H99",
            "subject": DIRECTIVE["subject"]})
        self.assertEqual([task["state"], task["timeliness"], task["completed_on"]],
                         ["completed", "on_time", "2025-12-08"])
        self.assertEqual(task["closed_by"], {
            "document": closed["document"], "document_id": REPLY["document_id"],
            "code": "88/SVD-VP", "rung": "document_id"})

    def test_the_reply_may_come_first(self):
        parked, = self.lines("ingest", "reply.json")
        self.assertEqual(parked["outcome"], "parked")
        self.lines("ingest", "directive.json")
        self.assertEqual(self.tasks()[0]["state"], "completed")

    def test_a_duplicate_is_answered_like_the_first(self):
        first, = self.lines("ingest", "directive.json")
        again, = self.lines("ingest", "directive.json")
        self.assertEqual(again, dict(first, outcome="duplicate"))
        self.assertEqual(len(self.tasks()), 1)

    def test_the_same_identity_with_other_content_is_a_conflict(self):
        self.write("other.json", dict(DIRECTIVE, subject="V/v việc khác"))
        _, other = self.lines("ingest", "directive.json", "other.json")
        self.assertEqual(other["outcome"], "conflict")
        self.assertEqual(self.tasks()[0]["document"]["subject"], DIRECTIVE["subject"])

    def test_a_file_that_is_not_there_stops_nobody(self):
        missing, made = self.lines("ingest", "missing", "directive.json", code=65)
        self.assertEqual(missing["error"]["code"], "file.unreadable")
        self.assertEqual([missing[m] for m in ("outcome", "document", "tasks",
                                               "quarantine")], [None, None, [], None])
        self.assertEqual(made["outcome"], "applied")

    def test_of_a_restricted_document_nothing_is_said_or_kept(self):
        self.write("secret.json", dict(DIRECTIVE, secrecy="secret", subject="Kế hoạch Q"))
        line, = self.lines("ingest", "secret.json")
        self.assertEqual(line, {"file": "secret.json", "outcome": "restricted",
                                "document": None, "tasks": [], "quarantine": None,
                                "error": None})
        self.assertEqual(self.tasks(), [])
        for folder, _, names in os.walk(self.path("var")):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    self.assertNotIn("Kế hoạch Q".encode(), file.read())

    def test_more_files_than_fit_one_commit_are_all_taken_in_order(self):
        names = []
        for i in range(1, 1203):
            names.append(self.write(f"d{i}.json", dict(
                DIRECTIVE, document_id=f"H99,2025/11/20,{i}/UBND-X",
                code={"number": str(i), "notation": "UBND-X"})))
        lines = self.lines("ingest", *names)
        self.assertEqual([line["file"] for line in lines], names)
        self.assertEqual([line["tasks"] for line in lines],
                         [[f"NV-{i}"] for i in range(1, 1203)])

    def test_stdin_is_a_file_too(self):
        line, = self.lines("ingest", "-", stdin=json.dumps(DIRECTIVE).encode())
        self.assertEqual([line["file"], line["outcome"]], ["-", "applied"])

    def test_what_can_be_read_only_once_is_a_file_too(self):
        line, = self.lines("ingest", "/dev/stdin", stdin=json.dumps(DIRECTIVE).encode())
        self.assertEqual([line["outcome"], line["tasks"]], ["applied", ["NV-1"]])
        line, = self.lines("ingest", "/dev/stdin", stdin=b"<letter>not edXML</letter>",
                           code=65)
        self.assertEqual(line["outcome"], "quarantined")
        kept, = os.listdir(self.path("var/quarantine"))
        with open(self.path("var/quarantine/" + kept), "rb") as file:
            self.assertEqual(file.read(), b"<letter>not edXML</letter>")

    def test_what_has_no_end_is_given_up(self):
        for file in "/dev/zero", "-":
            with open("/dev/zero", "rb") as endless:
                ran = subprocess.run([CONGVAN, "ingest", file], cwd=self.folder,
                                     stdin=endless, capture_output=True, timeout=60)
            self.assertEqual(ran.returncode, 65)
            self.assertIn(b"over 67108864 bytes", ran.stdout)

    def test_a_limit_on_the_size_of_files_is_a_disk_without_room(self):
        self.call("ingest", self.write("first.json", DIRECTIVE))
        self.call("ingest", self.write("second.json", REPLY), code=69, preexec_fn=lambda:
                  resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
        self.call("verify")

    def test_a_full_stdout_loses_nothing(self):
        ran = subprocess.run(
            ["sh", "-c", "exec \"$0\" ingest directive.json >/dev/full", CONGVAN],
            cwd=self.folder, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(ran.returncode, 69)
        self.assertEqual(len(self.tasks()), 1)

    def test_without_a_configuration_there_is_no_ledger(self):
        os.remove(self.path("adapters.yaml"))
        self.call("ingest", "directive.json", code=78)
        self.call("tasks", code=78)


class Reading(OnALedger):
    def test_a_ledger_that_is_not_there_yet_is_empty(self):
        self.assertEqual(self.tasks(), [])
        self.assertIn("no tasks", self.call("tasks")[0])
        for words in (["suggestions"], ["quarantine", "list"], ["outbox"]):
            self.assertEqual(self.lines(*words, "--json"), [])
        self.lines("verify", "--json")

    def test_tasks_can_be_narrowed(self):
        self.lines("ingest", "directive.json")
        for words, n in ((["--state", "assigned"], 1), (["--state", "completed"], 0),
                         (["--organ", "h99.05"], 1), (["--organ", "H99"], 0),
                         (["--document", DIRECTIVE["document_id"]], 1),
                         (["--overdue"], 0)):
            self.assertEqual(len(self.tasks(*words)), n, words)
        late = ["--now", "2025-12-11T00:00:00+07:00", "tasks", "--json", "--overdue"]
        self.assertEqual(self.lines(*late)[0]["timeliness"], "overdue")
        self.assertIn("6795/UBND-PVHCC", self.call("tasks")[0])

    def test_explain_knows_a_task_and_a_document_by_any_of_its_names(self):
        made, _ = self.lines("ingest", "directive.json", "reply.json")
        for name in ("NV-1", str(made["document"]), REPLY["document_id"]):
            self.assertEqual(len(self.lines("explain", "--json", name)), 1)
            self.assertIn("6795/UBND-PVHCC", self.call("explain", name)[0])

    def test_an_unknown_id_ends_with_65(self):
        self.lines("ingest", "directive.json")
        for words in (["explain", "NV-9"], ["explain", "GY-9"], ["explain", "nothing"],
                      ["quarantine", "show", "9"], ["quarantine", "show", "nine"],
                      ["quarantine", "replay", "9"], ["tasks", "--document", "nothing"],
                      ["quarantine", "discard", "9", "--by", "A", "--reason", "B"]):
            self.assertIn(words[1 if words[0] == "explain" else 2],
                          self.call(*words, code=65)[1])
            self.assertEqual(self.lines("--json", *words, code=65)[0]["error"]["code"],
                             "id.unknown")

    def test_an_act_that_lacks_an_option_is_usage_and_an_empty_one_is_refused(self):
        self.lines("ingest", "directive.json")
        for words, missing in ((["task", "NV-1", "extend", "--reason", "B"], "--by"),
                               (["task", "NV-1", "extend", "--reason", "B",
                                 "--by", "A"], "--due"),
                               (["task", "NV-1", "report"], "--by"),
                               (["suggestion", "GY-1", "accept"], "--by")):
            self.assertIn(missing, self.call(*words, code=64)[1])
        for words in (["report", "--by", ""], ["report", "--by", " "],
                      ["extend", "--due", "2025-12-20", "--by", "A"],
                      ["extend", "--due", "2025-12-20", "--by", "A", "--reason", " "]):
            refused, = self.lines("task", "NV-1", *words, "--json", code=65)
            self.assertEqual(refused["error"]["code"], "act.refused")
        self.assertEqual([t["revision"] for t in self.tasks()], [1])

    def test_an_opinion_not_given_in_time_shows_in_the_table(self):
        self.write("ballot.json", dict(
            DIRECTIVE, due_on="2025-12-10", assignments=[
                {"kind": "opinion", "lead": "H99.05", "content": "Góp ý dự thảo"}]))
        self.lines("ingest", "ballot.json")
        late = ["--now", "2025-12-11T09:00:00+07:00", "tasks"]
        self.assertNotIn("no_opinion_given", self.call(*NOW, "tasks")[0])
        self.assertIn("no_opinion_given", self.call(*late)[0])
        self.assertEqual(self.lines(*late, "--json")[0]["flags"], ["no_opinion_given"])

    def test_who_and_why_are_utf8(self):
        self.lines("ingest", "directive.json")
        for name in ("--by", "--reason"):
            said = self.call("task", "NV-1", "report", name, "\udcff\udcfe", code=64)[1]
            self.assertIn(name, said)

    def test_what_fits_twice_waits_for_a_person(self):
        for day in ("03", "04"):
            self.write(f"{day}.json", dict(
                DIRECTIVE, document_id=f"H99,2025/11/{day},7/UBND-X",
                code={"number": "7", "notation": "UBND-X"}, issued_on=f"2025-11-{day}"))
        self.write("vague.json", dict(REPLY, subject="V/v báo cáo", response_for=[
            {"organ_id": "H99", "code": "7/UBND-X"}]))
        self.lines("ingest", "03.json", "04.json", "vague.json")
        row, = self.lines("suggestions", "--json")
        self.assertEqual([row["id"], row["state"], row["reply"]["code"]],
                         ["GY-1", "open", "88/SVD-VP"])
        self.assertEqual([c["task"] for c in row["candidates"]], ["NV-1", "NV-2"])
        self.assertIn("GY-1", self.call("suggestions")[0])
        self.assertEqual(len(self.lines("explain", "GY-1", "--json")), 1)

    def test_a_thousand_suggestions_are_listed_and_decided_one_by_one(self):
        names = []
        for n in range(1, 1001):
            names.append(f"{n}.json")
            self.write(names[-1], dict(
                REPLY, document_id=f"H99.11,2025/12/08,{n}/SVD-VP", response_for=[],
                code={"number": str(n), "notation": "SVD-VP"},
                subject="Trả lời Công văn số 6795/UBND-PVHCC ngày 20/11/2025"))
        self.lines(*NOW, "ingest", "directive.json", *names)
        cases = self.lines("suggestions", "--json")
        self.assertEqual([case["id"] for case in cases],
                         [f"GY-{n}" for n in range(1, 1001)])
        self.lines(*NOW, "suggestion", "GY-500", "accept", "--by", "A", "--json")
        self.call(*NOW, "suggestion", "GY-500", "decline", "--by", "A", code=65)
        self.call(*NOW, "suggestion", "GY-501", "decline", "--by", " ", code=65)
        self.assertEqual(len(self.lines("suggestions", "--json")), 999)
        self.assertEqual(self.tasks()[0]["closed_by"]["code"], "500/SVD-VP")
        self.call("verify")

    def test_the_outbox_waits_for_every_sink(self):
        self.lines("ingest", "directive.json")
        rows = self.lines("outbox", "--json")
        self.assertEqual(sorted(rows[0]), ["attempts", "event_id", "id", "last_attempt_at",
                                           "last_error", "name", "next_attempt_at",
                                           "since", "sink", "subject"])
        for sink in ("queue", "copies"):
            self.assertEqual([r["name"] for r in rows if r["sink"] == sink],
                             ["document.received", "task.assigned"])
        self.assertIn("copies", self.call("outbox")[0])

    def test_verify_counts_and_finds_nothing_wrong(self):
        self.lines("ingest", "directive.json", "reply.json", "reply.json")
        row, = self.lines("verify", "--json")
        self.assertEqual([row["failures"], row["failed"]], [[], 0])
        self.assertEqual([row["outcomes"]["applied"], row["outcomes"]["duplicate"]],
                         [2, 1])
        self.assertIn("applied", self.call("verify")[0])

    def test_verify_sees_a_task_that_somebody_changed_by_hand(self):
        self.lines("ingest", "directive.json")
        with contextlib.closing(sqlite3.connect(self.path("var/ledger.db"))) as ledger:
            ledger.execute("UPDATE task SET revision = revision + 1")
            ledger.commit()
        row, = self.lines("verify", "--json", code=65)
        self.assertEqual(row["failures"][0]["invariant"], "INV-4")

    def test_a_backup_is_a_ledger(self):
        self.lines("ingest", "directive.json")
        os.mkdir(self.path("copy"))
        self.assertEqual(self.lines("backup", "copy/ledger.db", "--json"),
                         [{"file": "copy/ledger.db"}])
        self.assertEqual(len(self.tasks("--data", "copy")), 1)
        self.call("backup", "copy/ledger.db", code=65)


class Quarantine(OnALedger):
    def set_aside(self):
        """An event object that came through a folder of edXML."""
        line, = self.lines("ingest", "--adapter", "inbox", "directive.json", code=65)
        return line

    def mend(self):
        self.write("adapters.yaml", ADAPTERS.replace("edxml", "event"))

    def test_what_cannot_be_read_is_set_aside_with_its_reason(self):
        line = self.set_aside()
        self.assertEqual([line["outcome"], line["document"], line["tasks"]],
                         ["quarantined", None, []])
        self.assertTrue(line["error"]["code"])
        row, = self.lines("quarantine", "list", "--json")
        self.assertEqual(row["id"], line["quarantine"])
        self.assertIn("inbox", self.call("quarantine", "list")[0])
        number = str(line["quarantine"])
        self.assertEqual(self.lines("quarantine", "show", number, "--json"), [row])
        with open(self.path("directive.json"), "rb") as came:
            self.assertEqual(self.raw_bytes(number), came.read())

    def raw_bytes(self, number):
        shown, _ = self.call("quarantine", "show", str(number))
        path = next(line.split(maxsplit=2)[2] for line in shown.splitlines()
                    if line.startswith("raw bytes"))
        with open(path, "rb") as file:
            return file.read()

    def test_a_link_is_set_aside_as_what_it_names(self):
        self.write("broken.edxml", "<broken")
        os.symlink("broken.edxml", self.path("link.edxml"))
        line, = self.lines("ingest", "link.edxml", code=65)
        self.assertEqual(self.raw_bytes(line["quarantine"]), b"<broken")

    def test_a_dry_run_says_what_a_mended_configuration_would_do(self):
        number = self.set_aside()["quarantine"]
        still, = self.lines("quarantine", "replay", "--dry-run", code=65)
        self.assertEqual([still["id"], still["outcome"]], [number, "quarantined"])
        self.mend()
        would, = self.lines("quarantine", "replay", "--dry-run")
        self.assertEqual(self.lines("replay", "--dry-run"), [would])
        self.assertEqual([would["outcome"], would["tasks"]], ["applied", ["NV-1"]])
        self.assertEqual(self.tasks(), [])
        self.assertEqual(len(self.lines("quarantine", "list", "--json")), 1)

    def test_a_replay_takes_it_in(self):
        number = str(self.set_aside()["quarantine"])
        self.mend()
        done, = self.lines("quarantine", "replay", number)
        self.assertEqual([done["file"], done["outcome"]], ["directive.json", "applied"])
        self.assertEqual(len(self.tasks()), 1)
        self.assertEqual(self.lines("quarantine", "list", "--json"), [])
        self.assertEqual(len(self.lines("quarantine", "list", "--all", "--json")), 1)
        self.lines("verify", "--json")

    def test_a_discarded_one_is_replayed_no_more(self):
        number = self.set_aside()["quarantine"]
        done = self.lines("quarantine", "discard", str(number), "--by", "An",
                          "--reason", "gửi nhầm", "--json")
        self.assertEqual(done, [{"id": number, "state": "discarded"}])
        self.assertEqual(self.lines("quarantine", "list", "--json"), [])
        self.assertEqual(self.lines("quarantine", "replay"), [])
        self.lines("verify", "--json")


class Run(OnALedger):
    def test_once_takes_all_that_waits_and_tells_the_world(self):
        self.write("spool/in/a.edxml", EDXML % ("V/v giao nhiệm vụ", "2"))
        self.write("spool/in/b.edxml", "<broken")
        self.configure(ADAPTERS.replace("format: edxml", "format: edxml\n    policy: "
                                        "{steering: \"123\"}"))
        out, err = self.call("run", "--once")
        self.assertEqual(out, "")
        self.assertIn("ready", err)
        self.assertEqual(len(self.tasks()), 1)
        self.assertEqual(self.lines("outbox", "--json"), [])
        self.assertTrue(os.path.exists(self.path("spool/in/done/a.edxml")))
        self.assertTrue(os.path.exists(self.path("spool/in/failed/b.edxml")))
        names = set()
        for name in os.listdir(self.path("spool/out")):
            with open(self.path(f"spool/out/{name}"), "rb") as file:
                names.add(json.load(file)["type"])
        self.assertIn("vn.congvan.task.assigned.v1", names)
        self.assertEqual(len(self.lines("quarantine", "list", "--json")), 1)


if __name__ == "__main__":
    unittest.main()
