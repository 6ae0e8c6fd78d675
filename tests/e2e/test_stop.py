"""Stop and start: in good order, at once, in the middle, with nobody there to tell."""
import signal
import socket
import unittest

from congvan import Gateway
from documents import directive, reply

SOME = 300


def nobody():
    """A queue at a port where nobody listens, and the socket that keeps it so."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    url = f"amqp://guest@127.0.0.1:{held.getsockname()[1]}/"
    return f'{{type: amqp, url: "{url}", password_env: CONGVAN_TEST_NO_PASSWORD}}', held


class Stop(unittest.TestCase):
    def drop_some(self, gateway, first=1):
        for number in range(first, first + SOME):
            gateway.drop(f"{number:05}.edxml", directive(number))

    def test_either_signal_ends_it_in_good_order(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number), Gateway() as gateway:
                gateway.start()
                gateway.drop("a.edxml", directive(1))
                gateway.wait_until(gateway.tasks)
                self.assertEqual(gateway.stop(number), 0)
                self.assertTrue(gateway.logged("info stopped waited-for-all=yes"))
                self.assertEqual([gateway.waiting(), gateway.untold()], [[], []])

    def test_what_was_taken_is_settled_and_what_was_not_waits(self):
        with Gateway() as gateway:
            gateway.start()
            self.drop_some(gateway)
            gateway.wait_until(gateway.tasks)
            self.assertEqual(gateway.stop(), 0)
            done = {path.name for path in gateway.done.iterdir()}
            self.assertEqual(gateway.verified()["outcomes"]["applied"], len(done))
            self.assertEqual(sorted(done | set(gateway.waiting())),
                             [f"{number:05}.edxml" for number in range(1, SOME + 1)])
            gateway.start()
            gateway.wait_settled()
            counted = gateway.verified()["outcomes"]
            self.assertEqual([counted["applied"], counted["duplicate"]], [SOME, 0])
            self.assertEqual(gateway.stop(), 0)

    def test_a_second_signal_ends_it_at_once_and_nothing_is_lost(self):
        with Gateway() as gateway:
            gateway.start()
            self.drop_some(gateway)
            gateway.wait_until(gateway.tasks)
            gateway.process.send_signal(signal.SIGTERM)
            gateway.wait_until(lambda: gateway.logged("info stopping"))
            self.assertIn(gateway.stop(), (0, -signal.SIGTERM))
            gateway.start()
            gateway.wait_settled()
            self.assertEqual(gateway.verified()["outcomes"]["applied"], SOME)

    def test_a_second_signal_does_not_wait_for_a_ledger_in_trouble(self):
        with Gateway() as gateway:
            gateway.start()
            gateway.limit_files(0)
            gateway.drop("a.edxml", directive(1))
            gateway.wait_until(lambda: gateway.logged("error ledger-unavailable"))
            gateway.process.send_signal(signal.SIGTERM)
            gateway.wait_until(lambda: gateway.logged("info stopping"))
            self.assertIn(gateway.stop(), (0, -signal.SIGTERM))
            self.assertEqual(gateway.waiting(), ["a.edxml"])

    def test_once_handles_all_that_waits_and_ends(self):
        with Gateway() as gateway:
            self.drop_some(gateway)
            for number in range(1, SOME + 1):
                gateway.drop(f"reply-{number:05}.edxml", reply(number))
            gateway.drop("bad.edxml", "<bad")
            done = gateway.command("run", "--once", as_json=False)
            self.assertEqual([done.code, done.stdout], [0, ""])
            self.assertEqual([gateway.waiting(), gateway.untold()], [[], []])
            self.assertEqual(len(gateway.tasks(state="completed")), SOME)
            self.assertEqual(gateway.verified()["outcomes"]["quarantined"], 1)
            self.assertEqual(len(gateway.told("task.completed")), SOME)

    def test_once_with_nothing_to_do_ends(self):
        with Gateway() as gateway:
            self.assertEqual(gateway.command("run", "--once", as_json=False).code, 0)

    def test_it_ends_in_good_order_while_the_broker_is_away(self):
        queue, held = nobody()
        with held, Gateway(queue=queue) as gateway:
            gateway.environment["CONGVAN_TEST_NO_PASSWORD"] = "a-word-of-its-own"
            gateway.start()
            gateway.drop("a.edxml", directive(1))
            gateway.wait_until(gateway.tasks)
            gateway.wait_until(lambda: gateway.logged("warning sink-unavailable"))
            self.assertEqual(gateway.stop(), 0)
            self.assertEqual({row["sink"] for row in gateway.untold()}, {"queue"})
            self.assertEqual(len(gateway.events()), 2)
            self.assertNotIn("a-word-of-its-own", "\n".join(gateway.log))

    def test_once_says_when_the_broker_stayed_away(self):
        queue, held = nobody()
        with held, Gateway(queue=queue) as gateway:
            gateway.environment["CONGVAN_TEST_NO_PASSWORD"] = "a-word-of-its-own"
            gateway.drop("a.edxml", directive(1))
            done = gateway.command("run", "--once", as_json=False)
            self.assertEqual(done.code, 69, done.stderr)
            self.assertEqual([gateway.waiting(), len(gateway.tasks())], [[], 1])
            self.assertNotIn("a-word-of-its-own", done.stderr)

    def test_two_gateways_on_one_folder_take_each_letter_once(self):
        with Gateway() as gateway:
            gateway.start()
            self.drop_some(gateway)
            done = gateway.command("run", "--once", as_json=False)
            self.assertIn(done.code, (0, 69), done.stderr)
            gateway.wait_settled()
            self.assertEqual(gateway.verified()["outcomes"]["applied"], SOME)
            self.assertEqual(gateway.stop(), 0)


if __name__ == "__main__":
    unittest.main()
