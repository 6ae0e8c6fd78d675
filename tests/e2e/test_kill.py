"""Killed again and again at moments nobody chose, while letters keep coming: in the end every
letter counts once, the tasks are those of an undisturbed run, and everyone was told.

    test_kill.py embedded | amqp

CONGVAN_TEST_KILLS: how often (20). CONGVAN_TEST_SEED: the moments of a run that failed.
It prints the measured table of docs/performance.md.
"""
import os
import random
import sys
import time
import unittest
from collections import Counter

import queues
from congvan import Gateway
from documents import directive, directive_id, reply

KIND = "embedded"
KILLS = int(os.environ.get("CONGVAN_TEST_KILLS", "20"))
SEED = int(os.environ.get("CONGVAN_TEST_SEED", time.time_ns() % 10**9))
LONGEST_START = 0.05  # seconds; it is ready before that
LONGEST_AFTER = 0.01  # seconds from the last letter of a life to its end
PAIRS = max(100, 5 * KILLS)
LEADS = ["H99.05", "H99.07", "H99.09"]
BROKEN_EVERY = 20  # of the pairs bring a letter that cannot be read
AGENCIES = [queues.agency(organ) for organ in ["H99", *LEADS]]


def history(chance):
    """Letters by name, in the order they are sent. Some replies overtake their directive,
    some letters are sent twice, some are broken."""
    letters = []
    for number in range(1, PAIRS + 1):
        leads = chance.sample(LEADS, chance.choice((1, 1, 2)))
        pair = [(f"{number:04}-d", directive(number, to=leads)),
                (f"{number:04}-r", reply(number, sender=leads[0]))]
        if chance.random() < 0.3:
            pair.reverse()
        letters += pair
        if chance.random() < 0.1:
            letters.append((f"{number:04}-again", pair[0][1]))
        if number % BROKEN_EVERY == 0:
            letters.append((f"{number:04}-broken", f"<broken n='{number}'"))
    # A little disorder beyond each pair.
    for at in range(0, len(letters) - 6, 6):
        part = letters[at:at + 6]
        chance.shuffle(part)
        letters[at:at + 6] = part
    return letters


def outcome(gateway):
    """What became of each task, told by what does not depend on the order of arrival."""
    return Counter(
        (task["document"]["document_id"], task["lead"], task["state"], task["due_on"],
         task["completed_on"], task["closed_by"] and task["closed_by"]["document_id"],
         tuple(task["flags"])) for task in gateway.tasks())


def undisturbed(letters):
    with Gateway() as gateway:
        for name, text in letters:
            (gateway.folder / name).write_text(text)
        gateway.command("ingest", "--adapter", "inbox", *(name for name, _ in letters))
        return outcome(gateway)


class Feeder:
    """Sends the letters, some before each start and the rest while it lives."""

    def __init__(self, place, gateway, letters, chance):
        self.place, self.gateway, self.chance = place, gateway, chance
        self.left = list(letters)

    def send(self, count):
        some, self.left = self.left[:count], self.left[count:]
        # Through the queue too, where there is one to come through.
        by_queue = [one for one in some if KIND == "amqp" and self.chance.random() < 0.5]
        if by_queue:
            self.place.publish(self.gateway, dict(by_queue))
        for name, text in some:
            if (name, text) not in by_queue:
                self.gateway.drop(name, text)


class Kill(unittest.TestCase):
    def setUp(self):
        print(f"CONGVAN_TEST_SEED={SEED}")
        self.chance = random.Random(SEED)
        self.place = queues.both(KIND)
        more = ("  - {name: letters, type: amqp, direction: in}\n" if KIND == "amqp" else "")
        self.gateway = Gateway(queue=self.place.yaml, more=more)
        self.addCleanup(self.gateway.__exit__)
        self.letters = history(self.chance)
        self.feeder = Feeder(self.place, self.gateway, self.letters, self.chance)

    def pause(self, longest):
        """Some time of no more than @longest seconds: the moment is nobody's choice."""
        until = time.monotonic() + self.chance.uniform(0, longest)
        while (left := until - time.monotonic()) > 0:
            with self.gateway.news:
                self.gateway.news.wait(left)

    def live_and_die(self, count):
        """One life, in which @count letters come: some before it, some in it, some after
        its end, which comes while it starts or in the middle of its work."""
        before = self.chance.randint(0, count)
        during = self.chance.randint(0, count - before)
        self.feeder.send(before)
        if self.chance.random() < 0.3:
            self.gateway.launch()
            self.pause(LONGEST_START)
        else:
            self.gateway.start()
        for _ in range(during):
            self.feeder.send(1)
        self.pause(LONGEST_AFTER)
        self.gateway.kill()
        self.feeder.send(count - before - during)

    def rest(self):
        """The last life ends by itself, with everything done."""
        self.feeder.send(len(self.feeder.left))
        self.gateway.start()
        self.place.run_dry(self.gateway)

    def counted(self):
        return sum(self.gateway.verified()["outcomes"].values())

    def check_ledger(self):
        """Each letter is applied once; what came again after a kill is a duplicate."""
        gateway = self.gateway
        documents = {text for name, text in self.letters if "broken" not in name}
        broken = {text for name, text in self.letters if "broken" in name}
        counted = gateway.verified()["outcomes"]
        self.assertEqual(counted["applied"], len(documents))
        self.assertEqual(counted["quarantined"], len(broken))
        self.assertEqual([counted["conflict"], counted["parked"], counted["restricted"]],
                         [0, 0, 0])
        self.assertGreaterEqual(self.counted(), len(self.letters))
        self.assertEqual(outcome(gateway), undisturbed(self.letters))
        return counted

    def check_told(self, told, name):
        """@told, as they came, repetitions included: nothing is missing, one id is one
        event, and what was new of each task came in order."""
        first = {}
        for event in told:
            self.assertEqual(first.setdefault(event["id"], event), event, name)
        tasks = {task["id"]: task for task in self.gateway.tasks()}
        revisions = {}
        for event in first.values():
            if event["subject"] in tasks:
                revisions.setdefault(event["subject"], []).append(event["data"]["revision"])
        for task in tasks.values():
            self.assertEqual(revisions[task["id"]], list(range(1, task["revision"] + 1)),
                             f"{name}: {task['id']}")
        journal = {row[0] for row in self.gateway.rows("SELECT seq FROM journal")}
        self.assertLessEqual({int(id_.split("-")[-1]) for id_ in first}, journal)
        return first

    def test_nothing_is_lost_and_nothing_counts_twice(self):
        print(f"{len(self.letters)} letters, {KILLS} kills")
        for left in range(KILLS, 0, -1):
            self.live_and_die(max(2, len(self.feeder.left) // left))
        self.rest()
        counted = self.check_ledger()
        files = self.check_told(self.gateway.events(), "spool")
        taken = self.place.take(self.gateway, *AGENCIES)
        # Those of no organ, like what cannot be read, are in no agency's queue.
        mine = {id_: event for id_, event in files.items()
                if not event["type"].startswith("vn.congvan.document.quarantined")}
        queue = self.check_told([message.event for message in taken], KIND)
        self.assertEqual(queue, mine)
        self.assertEqual(
            {event["subject"] for event in files.values()
             if event["type"] == "vn.congvan.document.received.v1"},
            {row[0] for row in self.gateway.rows(
                "SELECT document_id FROM event WHERE outcome = 0")})
        again = len(taken) - len(queue)
        print("| queue | kills | letters | come again | events | told again |\n"
              f"| {KIND} | {KILLS} | {len(self.letters)} "
              f"| {self.counted() - len(self.letters)} | {len(queue)} | {again} |")
        self.assertEqual(counted["applied"], 2 * PAIRS)
        self.assertTrue(self.gateway.tasks(document=directive_id(1)))


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in ("embedded", "amqp"):
        KIND = sys.argv.pop(1)
    unittest.main()
