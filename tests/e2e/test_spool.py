"""The watched folder: whole files only, each exactly once, out of the way after the commit."""
import json
import os
import socket
import unittest
from pathlib import Path

from congvan import Gateway
from documents import directive, directive_id

MANY = 2000


def line_of(text, words):
    return text[:text.index(words)].count("\n") + 1


class Spool(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway()
        self.addCleanup(self.gateway.__exit__)

    def documents(self):
        return self.gateway.verified()["outcomes"]["applied"]

    def wait_for(self, number):
        """Until letter @number is in the ledger; whatever came before it was seen then."""
        self.gateway.wait_until(
            lambda: self.gateway.tasks(document=directive_id(number)))

    def pass_by(self, number):
        """Another letter goes all the way."""
        self.gateway.drop(f"other-{number}.edxml", directive(number))
        self.wait_for(number)

    # --- what is taken, and when --------------------------------------------------------

    def test_a_file_is_not_taken_while_somebody_writes_it(self):
        gateway, text = self.gateway, directive(1).encode()
        gateway.start()
        path = gateway.inbox / "slow.edxml"
        with path.open("wb", buffering=0) as file:
            for number, at in enumerate(range(0, len(text), len(text) // 4 + 1), 2):
                file.write(text[at:at + len(text) // 4 + 1])
                self.pass_by(number)
                self.assertTrue(path.exists())
            self.assertEqual(gateway.verified()["outcomes"]["quarantined"], 0)
        self.wait_for(1)
        gateway.wait_until((gateway.done / "slow.edxml").exists)

    def test_a_file_that_is_being_written_at_the_start_is_waited_for(self):
        gateway = self.gateway
        with (gateway.inbox / "slow.edxml").open("wb", buffering=0) as file:
            file.write(directive(1).encode()[:200])
            gateway.start()
            self.pass_by(2)
            self.assertEqual(gateway.waiting(), ["slow.edxml"])
            file.write(directive(1).encode()[200:])
        self.wait_for(1)

    def test_a_file_moved_in_is_taken(self):
        self.gateway.start()
        self.gateway.drop("whole.edxml", directive(1))
        self.wait_for(1)
        self.gateway.wait_until((self.gateway.done / "whole.edxml").exists)

    def test_what_lies_there_before_the_start_is_taken(self):
        for number in range(5):
            self.gateway.drop(f"{number}.edxml", directive(number + 1))
        self.gateway.start()
        self.gateway.wait_settled()
        self.assertEqual(self.documents(), 5)

    def test_names_that_say_not_yet_are_left_alone_until_they_are_renamed(self):
        names = [".hidden.edxml", "half.part", "half.tmp"]
        self.gateway.start()
        for name in names:
            self.gateway.drop(name, directive(1))
        self.pass_by(2)
        self.assertEqual(self.gateway.waiting(), sorted(names))
        (self.gateway.inbox / "half.part").rename(self.gateway.inbox / "half.edxml")
        self.wait_for(1)

    def test_what_is_no_file_is_left_alone(self):
        gateway = self.gateway
        secret = gateway.folder / "elsewhere.edxml"
        secret.write_text(directive(1))
        for when in ("before", "after"):
            (gateway.inbox / f"{when}-link").symlink_to(secret)
            (gateway.inbox / f"{when}-folder").mkdir()
            (gateway.inbox / f"{when}-folder" / "inside.edxml").write_text(directive(3))
            os.mkfifo(gateway.inbox / f"{when}-pipe")
            with socket.socket(socket.AF_UNIX) as listening:
                listening.bind(str(gateway.inbox / f"{when}-socket"))
            if when == "before":
                gateway.start()
        self.pass_by(2)
        self.assertEqual(self.documents(), 1)
        self.assertEqual(len(gateway.waiting()), 6)
        self.assertTrue(secret.exists())
        self.assertEqual(gateway.stop(), 0)

    def test_a_name_that_is_no_text_is_taken_like_any_other(self):
        name = b"c\xf4ng v\xe3n \xff\n.edxml"
        folder = os.fsencode(self.gateway.inbox)
        self.gateway.start()
        with open(os.path.join(folder, name), "wb") as file:
            file.write(directive(1).encode())
        self.wait_for(1)
        self.gateway.wait_until(lambda: name in os.listdir(os.path.join(folder, b"done")))
        with open(os.path.join(folder, b"bad " + name), "wb") as file:
            file.write(b"<broken")
        self.gateway.wait_until(
            lambda: b"bad " + name in os.listdir(os.path.join(folder, b"failed")))
        row, = self.gateway.command("quarantine", "list").lines
        self.assertTrue(row["origin"].startswith("bad c"))

    def test_a_file_that_vanishes_harms_nobody(self):
        self.gateway.start()
        for number in range(50):
            self.gateway.drop(f"{number}.edxml", directive(number + 1))
            (self.gateway.inbox / f"{number}.edxml").unlink(missing_ok=True)
        self.pass_by(99)
        self.gateway.wait_settled()
        self.assertEqual(self.gateway.logged("error"), [])
        self.assertEqual(self.gateway.stop(), 0)

    def test_a_folder_that_is_taken_away_is_waited_for(self):
        gateway = self.gateway
        gateway.start()
        self.pass_by(1)
        gateway.inbox.rename(gateway.folder / "away")
        gateway.wait_until(lambda: gateway.logged("warning source-unavailable"))
        gateway.inbox.mkdir(exist_ok=True)
        gateway.drop("back.edxml", directive(2))
        self.wait_for(2)

    # --- what becomes of it -------------------------------------------------------------

    def test_a_quarantined_file_lies_in_failed_with_its_reason(self):
        gateway = self.gateway
        gateway.start()
        bad = directive(1).replace("</edXML:Subject>", "")
        gateway.drop("bad.edxml", bad)
        reason = gateway.failed / "bad.edxml.reason.json"
        gateway.wait_until(lambda: reason.exists() and reason.read_text().endswith("\n"))
        said = json.loads(reason.read_text())
        row, = gateway.command("quarantine", "list").lines
        self.assertEqual([said["outcome"], said["quarantine"], said["error"]],
                         ["quarantined", row["id"], row["error"]])
        self.assertEqual([said["error"]["code"], said["error"]["line"]],
                         ["xml.malformed", line_of(bad, "</edXML:MessageHeader>")])
        self.assertEqual((gateway.failed / "bad.edxml").read_text(), bad)

    def test_one_name_may_come_again_and_again(self):
        gateway = self.gateway
        gateway.start()
        for number in (1, 2, 3):
            gateway.drop("letter.edxml", directive(number))
            self.wait_for(number)
            gateway.wait_until(lambda: not gateway.waiting())
        kept = sorted(path.read_text() for path in gateway.done.iterdir())
        self.assertEqual(kept, [directive(number) for number in (1, 2, 3)])

    def test_one_name_may_be_replaced_under_our_hands(self):
        gateway = self.gateway
        gateway.start()
        for number in range(1, 101):
            gateway.drop("letter.edxml", directive(number))
        gateway.wait_settled()
        last = directive_id(100)
        self.assertEqual(len(gateway.tasks(document=last)), 1)
        kept = [path.read_text() for path in gateway.done.iterdir()]
        self.assertEqual(len(kept), len(set(kept)))
        for text in kept:
            number = text.split("<edXML:CodeNumber>")[1].split("<")[0]
            self.assertTrue(gateway.tasks(document=directive_id(number)), number)

    def test_two_thousand_at_once(self):
        gateway = self.gateway
        gateway.start()
        for number in range(MANY):
            gateway.drop(f"{number:04}.edxml", directive(number + 1))
        gateway.wait_settled()
        self.assertEqual(self.documents(), MANY)
        self.assertEqual(len(list(gateway.done.iterdir())), MANY)
        self.assertEqual(len(gateway.told("task.assigned")), MANY)
        self.assertEqual(gateway.stop(), 0)

    def test_a_burst_the_watch_cannot_hold_loses_nothing(self):
        """While it is stopped, more is reported than the kernel keeps for it."""
        gateway = self.gateway
        kept = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
        gateway.start()
        self.pass_by(1)
        gateway.pause()
        for _ in range(kept + 10):
            os.close(os.open(gateway.inbox / "noise.part", os.O_WRONLY | os.O_CREAT))
            os.close(os.open(gateway.inbox / "other.part", os.O_WRONLY | os.O_CREAT))
        gateway.drop("unreported.edxml", directive(2))
        gateway.resume()
        self.wait_for(2)


if __name__ == "__main__":
    unittest.main()
