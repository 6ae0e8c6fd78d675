"""The broker goes away, stalls, comes back: the gateway keeps taking what it can, says so
once at each end of the trouble, and nothing is lost."""
import os
import signal
import unittest
import urllib.parse

import queues
from congvan import ORGANS, Gateway
from documents import LEAD, directive, reply
from proxy import Proxy

SOME = 40
SILENCE = 120  # seconds; a heart that stopped is noticed after two beats of 30 s
LETTERS = """\
  - name: letters
    type: amqp
    direction: in
    url: "{url}"
    password_env: CONGVAN_TEST_AMQP_PASSWORD
"""


class Broker(unittest.TestCase):
    def setUp(self):
        url = os.environ["CONGVAN_TEST_AMQP_URL"]
        parts = urllib.parse.urlsplit(url)
        self.proxy = Proxy(parts.hostname, parts.port)
        self.addCleanup(self.proxy.__exit__)
        self.place = queues.broker(through=self.proxy)
        through = url.replace(f":{parts.port}", f":{self.proxy.port}")
        self.gateway = Gateway(queue=self.place.yaml, more=LETTERS.format(url=through))
        self.addCleanup(self.gateway.__exit__)

    def drop(self, numbers):
        for number in numbers:
            self.gateway.drop(f"{number}.edxml", directive(number))
            self.gateway.drop(f"{number}-reply.edxml", reply(number))

    def wait_completed(self, count):
        self.gateway.wait_until(
            lambda: len(self.gateway.tasks(state="completed")) == count)

    def wait_trouble(self, patience=60):
        for words in ("warning sink-unavailable adapter=queue",
                      "warning source-unavailable adapter=letters"):
            self.gateway.wait_until(lambda: self.gateway.logged(words), patience)

    def check_told(self, count):
        """Everything is at the agency: first told in order, the same as in the files."""
        told = {}
        for message in self.place.take(
                self.gateway, *map(queues.agency, ("H99", LEAD))):
            told.setdefault(message.id, message.event)
        self.assertEqual({event["id"]: event for event in self.gateway.events()}, told)
        for task in self.gateway.tasks():
            self.assertEqual([event["data"]["revision"] for event in told.values()
                              if event["subject"] == task["id"]], [1, 2])
        self.assertEqual(len(self.gateway.tasks(state="completed")), count)
        self.gateway.verified()

    def check_said(self, times):
        """One line at each end of each trouble, which names its cause and no secret."""
        for kind, name in (("sink", "queue"), ("source", "letters")):
            begun = self.gateway.logged(f"warning {kind}-unavailable adapter={name}")
            ended = self.gateway.logged(f"info {kind}-available adapter={name}")
            self.assertEqual([len(begun), len(ended)], [times, times], self.gateway.log)
            for line in begun:
                self.assertIn("reason=", line)
                self.assertIn("127.0.0.1", line)
        self.check_no_secret()

    def check_no_secret(self):
        for line in self.gateway.log:
            self.assertNotIn(f":{os.environ['CONGVAN_TEST_AMQP_PASSWORD']}@", line)
            self.assertNotIn("password", line.lower())

    def test_it_goes_on_by_itself_after_each_cut(self):
        gateway = self.gateway
        gateway.start()
        for round_ in (1, 2, 3):
            self.drop(range(round_ * 1000, round_ * 1000 + SOME))
            self.proxy.cut()
            self.wait_completed(round_ * SOME)
            gateway.wait_until(lambda: not gateway.waiting())
            gateway.wait_until(lambda: len(gateway.logged(
                "warning source-unavailable adapter=letters")) == round_)
            gateway.wait_until(lambda: len(gateway.logged(
                "warning sink-unavailable adapter=queue")) == round_)
            self.proxy.mend()
            gateway.wait_until(lambda: not gateway.untold())
            gateway.wait_until(lambda: len(gateway.logged(
                "info source-available adapter=letters")) == round_)
        self.check_said(3)
        self.check_told(3 * SOME)
        self.assertEqual(gateway.stop(), 0)

    def test_letters_under_way_in_a_cut_come_again_and_count_once(self):
        gateway = self.gateway
        gateway.start()
        letters = {f"{number}": directive(number) for number in range(1, 301)}
        self.place.publish(gateway, letters)
        gateway.wait_until(gateway.tasks)
        self.proxy.cut()
        # The sink may have told everything by then, and notice nothing.
        gateway.wait_until(
            lambda: gateway.logged("warning source-unavailable adapter=letters"))
        self.proxy.mend()
        gateway.wait_until(lambda: len(gateway.tasks()) == len(letters))
        self.place.run_dry(gateway)
        self.assertEqual(self.place.depths(gateway, queues.INBOX + ".dead"), [0])
        counted = gateway.verified()["outcomes"]
        self.assertEqual([counted["applied"], counted["conflict"]], [len(letters), 0])

    def test_it_starts_without_a_broker(self):
        gateway = self.gateway
        self.proxy.cut()
        gateway.start()
        self.drop(range(1, SOME + 1))
        self.wait_completed(SOME)
        self.wait_trouble()
        # The folder is told all the same; only the broker's rows stay.
        gateway.wait_until(lambda: {row["sink"] for row in gateway.untold()} == {"queue"})
        self.proxy.mend()
        gateway.wait_until(lambda: not gateway.untold())
        gateway.wait_until(lambda: gateway.logged("info source-available"))
        self.check_said(1)
        self.check_told(SOME)
        self.assertEqual(gateway.stop(), 0)

    def test_a_silent_broker_is_noticed_and_forgiven(self):
        gateway = self.gateway
        gateway.start()
        self.drop([1])
        gateway.wait_until(lambda: self.proxy.connections >= 2 and not gateway.untold())
        self.proxy.stall()
        self.drop(range(2, SOME + 1))
        self.wait_completed(SOME)
        self.wait_trouble(SILENCE)
        self.proxy.mend()
        gateway.wait_until(lambda: not gateway.untold())
        self.check_told(SOME)
        self.check_no_secret()
        self.assertEqual(gateway.stop(), 0)

    def test_it_ends_in_good_order_beside_a_silent_broker(self):
        gateway = self.gateway
        gateway.start()
        self.drop([1])
        gateway.wait_until(lambda: not gateway.untold())
        self.proxy.stall()
        self.drop([2])
        self.wait_completed(2)
        self.assertEqual(gateway.stop(), 0)
        self.proxy.mend()
        gateway.start()
        gateway.wait_until(lambda: not gateway.untold())
        self.check_told(2)

    def test_a_wrong_password_is_said_and_never_shown(self):
        gateway = self.gateway
        word = "correct-horse-battery"
        gateway.environment["CONGVAN_TEST_AMQP_PASSWORD"] = word
        gateway.start()
        self.drop([1])
        self.wait_completed(1)
        self.wait_trouble()
        self.assertEqual(gateway.stop(signal.SIGINT), 0)
        self.assertNotIn(word, "\n".join(gateway.log))
        for words in (["outbox"], ["check", "--connect"]):
            done = gateway.command(*words)
            self.assertNotIn(word, done.stdout + done.stderr)
        held = [path for path in gateway.data.rglob("*")
                if path.is_file() and word.encode() in path.read_bytes()]
        self.assertEqual(held, [])

    def test_the_agencies_queues_are_there_before_anything_is_told(self):
        gateway = self.gateway
        gateway.start()
        self.drop([1])
        self.wait_completed(1)
        gateway.wait_until(lambda: not gateway.untold())
        wanted = {**dict.fromkeys(ORGANS, 0), "H99": 1, LEAD: 4}
        # The broker counts a little later than it confirms.
        gateway.wait_until(lambda: dict(zip(ORGANS, self.place.depths(
            gateway, *map(queues.agency, ORGANS)))) == wanted)


if __name__ == "__main__":
    unittest.main()
