"""Receivers that are away, that refuse, that want no more: the others go on, it is said
once at each end, and nothing leaves the outbox but to its receiver or to a person."""
import sqlite3
import unittest

from congvan import DELIVERY, Gateway
from documents import directive

SOME = 10
NOW = "2025-11-23T03:00:00+07:00"  # a Sunday night: nobody is reminded of anything
QUICK = "delivery: {retry_first_ms: 1, suspend_after: 3, suspend_first_s: 1, " \
        "suspend_limit_s: 1}"
SECOND = "  - {name: second, type: spool, direction: out, path: spool/second}\n"
# An event's id begins with it, and a file with that name would be hidden: the spool sinks
# refuse it, the queue does not.
HIDDEN = '".H99"'


class Delivery(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway(more=SECOND)
        self.addCleanup(self.gateway.__exit__)
        self.change(DELIVERY, QUICK)
        self.second = self.gateway.folder / "spool/second"

    def change(self, before, after):
        text = self.gateway.config.read_text()
        self.assertIn(before, text)
        self.gateway.config.write_text(text.replace(before, after))

    def drop(self, numbers):
        for number in numbers:
            self.gateway.drop(f"{number}.edxml", directive(number))

    def sinks(self):
        return {row["sink"]: row for row in self.gateway.command("outbox", "--sinks").lines}

    def letters(self, *words):
        return self.gateway.command("dead-letter", "list", *words).lines

    def run_once(self, code=0):
        ran = self.gateway.command("run", "--once", now=NOW, as_json=False)
        self.assertEqual(ran.code, code, ran.stderr)
        return ran.stderr.splitlines()


class Away(Delivery):
    def check_second(self):
        """It got what the other got."""
        self.assertEqual(sorted(path.name for path in self.second.glob("*.json")),
                         sorted(path.name for path in self.gateway.outbox.glob("*.json")))

    def test_one_that_is_away_holds_up_nobody_and_gets_everything_in_the_end(self):
        gateway = self.gateway
        self.second.write_text("no folder")
        gateway.start("--now", NOW)
        self.drop(range(SOME))
        gateway.wait_until(lambda: len(gateway.events()) >= 2 * SOME)
        row = gateway.wait_until(
            lambda: self.sinks()["second"]["state"] == "suspended"
            and self.sinks()["second"])
        self.assertGreaterEqual(row["waiting"], 2 * SOME)
        self.assertEqual(row["dead_letters"], 0)
        self.assertIsNotNone(row["since"])
        self.assertIsNotNone(row["oldest"])
        self.assertIn("second", row["last_error"])
        self.assertEqual(self.sinks()["events"]["state"], "working")
        self.assertIn("suspended", gateway.command("outbox", as_json=False).stdout)
        self.second.unlink()
        gateway.wait_settled()
        gateway.wait_until(lambda: self.sinks()["second"]["state"] == "working")
        self.check_second()
        begun, = gateway.logged("warning sink-unavailable adapter=second")
        self.assertIn("reason=", begun)
        self.assertEqual(len(gateway.logged("info sink-available adapter=second")), 1)
        gateway.verified()
        self.assertEqual(gateway.stop(), 0)

    def test_killed_while_it_is_away_nothing_is_lost_and_nothing_told_twice(self):
        gateway = self.gateway
        self.second.write_text("no folder")
        gateway.start("--now", NOW)
        self.drop(range(SOME))
        gateway.wait_until(lambda: len(gateway.events()) >= 2 * SOME)
        gateway.kill()
        gateway.verified()
        self.second.unlink()
        gateway.start("--now", NOW)
        gateway.wait_settled()
        self.check_second()
        gateway.verified()


class Refused(Delivery):
    def setUp(self):
        super().setUp()
        self.change("site: H99\n", f"site: {HIDDEN}\n")
        self.drop([1, 2])
        self.log = self.run_once()

    def test_what_is_refused_is_a_dead_letter_of_that_sink_alone(self):
        self.assertEqual(self.gateway.untold(), [])
        letters = self.letters()
        self.assertEqual(len(letters), 8)
        self.assertEqual(sorted(letters[0]), [
            "attempts", "by", "cause", "died_at", "event_id", "id", "name", "reason",
            "since", "sink", "state", "subject"])
        self.assertEqual({letter["sink"] for letter in letters}, {"events", "second"})
        self.assertEqual({letter["cause"] for letter in letters},
                         {"the event id makes no file name"})
        self.assertEqual(self.sinks()["second"]["dead_letters"], 4)
        self.assertEqual(self.sinks()["queue"]["dead_letters"], 0)
        self.assertEqual(self.gateway.verified()["dead_letters"], 8)

    def test_one_cause_is_said_once(self):
        said = [line for line in self.log if line.startswith("warning dead-letter ")]
        self.assertEqual(len(said), 2, self.log)
        self.assertIn("about=", said[0])

    def test_people_see_them_by_cause(self):
        table = self.gateway.command("dead-letter", "list", as_json=False).stdout
        self.assertIn("letters", table)
        self.assertIn("the first 20", table)

    def test_one_is_shown_with_what_it_says(self):
        letter = next(l for l in self.letters() if l["name"] == "task.assigned")
        shown, = self.gateway.command("dead-letter", "show", str(letter["id"])).lines
        self.assertEqual(shown["data"]["id"], letter["subject"])
        self.assertEqual(self.gateway.command("dead-letter", "show", "99").code, 65)
        self.assertEqual(self.gateway.command("dead-letter", "show", "x").code, 65)

    def test_a_replay_is_for_one_destination_and_the_mended_one_takes_it(self):
        self.change(f"site: {HIDDEN}\n", "site: H99\n")
        cause = self.letters()[0]["cause"]
        none = self.gateway.command("dead-letter", "replay", "--sink", "second",
                                    "--cause", "another")
        self.assertEqual(none.lines, [{"replayed": 0}])
        done = self.gateway.command("dead-letter", "replay", "--sink", "second",
                                    "--cause", cause)
        self.assertEqual(done.lines, [{"replayed": 4}])
        self.assertEqual({row["sink"] for row in self.gateway.untold()}, {"second"})
        self.gateway.verified()
        self.run_once()
        self.assertEqual(len(list(self.second.glob("*.json"))), 4)
        self.assertEqual(self.gateway.events(), [])
        self.assertEqual({letter["state"] for letter in self.letters("--sink", "second",
                                                                     "--all")}, {"replayed"})
        self.assertEqual(self.gateway.verified()["dead_letters"], 4)

    def test_a_running_gateway_sends_what_is_replayed(self):
        self.change(f"site: {HIDDEN}\n", "site: H99\n")
        self.gateway.start("--now", NOW)
        first = next(l for l in self.letters() if l["sink"] == "second")
        done = self.gateway.command("dead-letter", "replay", str(first["id"]))
        self.assertEqual(done.lines, [{"replayed": 1}])
        self.gateway.wait_until(lambda: len(list(self.second.glob("*.json"))) == 1)
        self.assertEqual(self.gateway.stop(), 0)

    def test_a_discarded_one_is_closed_with_who_and_why(self):
        first, second, *_ = (str(letter["id"]) for letter in self.letters())
        why = ["--by", "ltm", "--reason", "đã gửi tay"]
        self.assertEqual(self.gateway.command(
            "dead-letter", "discard", *why, first, second).lines, [{"discarded": 2}])
        again = self.gateway.command("dead-letter", "discard", *why, first)
        self.assertEqual(again.code, 65)
        self.assertEqual(again.lines[0]["error"]["code"], "id.unknown")
        self.assertEqual(self.gateway.command("dead-letter", "replay", first).code, 65)
        self.assertEqual(len(self.letters()), 6)
        gone = self.letters("--all")[0]
        self.assertEqual([gone["state"], gone["by"], gone["reason"]],
                         ["discarded", "ltm", "đã gửi tay"])

    def test_it_must_be_said_which_ones(self):
        for words in (["replay"], ["discard", "1"], ["replay", "--cause", "x"],
                      ["replay", "--sink", "second", "1"],
                      ["discard", "--by", "ltm", "--reason", "x"]):
            self.assertEqual(self.gateway.command("dead-letter", *words).code, 64, words)
        self.assertEqual(len(self.letters()), 8)


class Stopped(Delivery):
    def stop_sink(self, name, section):
        """As its receiver would, had it HTTP to say so with."""
        self.run_once()
        ledger = sqlite3.connect(self.gateway.data / "ledger.db")
        ledger.execute("UPDATE sink SET state = 'stopped', error = '410 Gone', config = ? "
                       "WHERE name = ?", [section, name])
        ledger.commit()
        ledger.close()
        self.drop([1])

    def test_a_changed_section_lets_it_begin_again(self):
        self.stop_sink("second", "another")
        self.assertIn("info sink-resumed adapter=second", self.run_once())
        self.assertEqual(len(list(self.second.glob("*.json"))), 2)

    def test_it_waits_through_restarts_and_goes_on_when_somebody_resumes_it(self):
        gateway = self.gateway
        self.stop_sink("queue", None)
        self.run_once()
        gateway.start("--now", NOW)
        gateway.wait_until(lambda: len(gateway.events()) == 2)
        row = self.sinks()["queue"]
        self.assertEqual([row["state"], row["waiting"], row["last_error"]],
                         ["stopped", 2, "410 Gone"])
        self.assertEqual(gateway.command("sink", "resume", "second").code, 65)
        self.assertEqual(gateway.command("sink", "resume", "queue").lines,
                         [{"sink": "queue", "state": "working"}])
        gateway.wait_settled()
        self.assertEqual(len(gateway.logged("info sink-resumed adapter=queue")), 1)
        self.assertEqual(gateway.stop(), 0)


if __name__ == "__main__":
    unittest.main()
