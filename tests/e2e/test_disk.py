"""No room on the disk: nothing is acknowledged, it is said once, and when there is room the
gateway goes on by itself. The disk is full to one process only: no file may grow."""
import unittest

from congvan import Gateway
from documents import directive, directive_id, reply

SOME = 50


class Disk(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway()
        self.addCleanup(self.gateway.__exit__)
        self.gateway.start()
        self.gateway.drop("first.edxml", directive(1))
        self.gateway.wait_until(lambda: self.gateway.tasks() and not self.gateway.untold())

    def fill(self, size=0):
        """The disk is full now, and has been noticed to be."""
        self.gateway.limit_files(size)
        for number in range(2, SOME + 2):
            self.gateway.drop(f"{number:03}.edxml", directive(number))
        self.gateway.wait_until(lambda: self.gateway.logged("error ledger-unavailable"))

    def empty(self):
        self.gateway.limit_files(-1)
        self.gateway.wait_settled()

    def check_whole(self):
        counted = self.gateway.verified()["outcomes"]
        self.assertEqual([counted["applied"], counted["quarantined"]], [SOME + 1, 0])
        self.assertEqual(sorted(self.gateway.told("task.assigned")),
                         sorted(task["id"] for task in self.gateway.tasks()))

    def test_nothing_is_acknowledged_until_there_is_room(self):
        self.fill()
        self.assertEqual(len(self.gateway.waiting()), SOME)
        self.assertEqual(len(self.gateway.tasks()), 1)
        self.empty()
        self.assertEqual(len(self.gateway.logged("error ledger-unavailable")), 1)
        self.assertEqual(len(self.gateway.logged("info ledger-available")), 1)
        self.check_whole()
        self.assertEqual(self.gateway.stop(), 0)

    def test_it_may_be_stopped_while_the_disk_is_full(self):
        self.fill()
        self.assertEqual(self.gateway.stop(), 0)
        self.assertEqual(len(self.gateway.waiting()), SOME)
        self.gateway.start()
        self.gateway.wait_settled()
        self.check_whole()

    def test_it_may_be_killed_while_the_disk_is_full(self):
        self.fill()
        self.gateway.kill()
        self.gateway.start()
        self.gateway.wait_settled()
        self.check_whole()

    def test_the_disk_may_fill_up_in_the_middle_of_anything(self):
        """Room for a little more each time; each file meets its end elsewhere."""
        gateway = self.gateway
        for round_ in range(SOME):
            largest = max(path.stat().st_size for path in gateway.data.glob("*.db-wal"))
            gateway.limit_files(max(0, largest - 20000 + round_ * 1000))
            gateway.drop(f"{round_ + 2:03}.edxml", directive(round_ + 2))
            gateway.drop(f"r{round_ + 2:03}.edxml", reply(round_ + 2))
            gateway.drop(f"bad{round_:03}.edxml", f"<bad{round_}")
            gateway.wait_until(lambda: gateway.logged("error ledger-unavailable")
                               or not gateway.waiting())
            self.empty()
            gateway.log.clear()
        counted = gateway.verified()["outcomes"]
        self.assertEqual([counted["applied"], counted["quarantined"]],
                         [2 * SOME + 1, SOME])
        self.assertEqual(len(gateway.told("task.completed")), SOME)
        self.assertEqual(len(gateway.tasks(state="completed")), SOME)
        self.assertEqual(gateway.stop(), 0)

    def test_a_letter_too_large_for_the_rest_of_the_disk_waits(self):
        """Unreadable, so its bytes must be kept; there is room for all but them."""
        gateway = self.gateway
        bad = directive(2, content="x" * 900_000) + "<"
        gateway.limit_files(600_000)
        gateway.drop("bad.edxml", bad)
        gateway.wait_until(lambda: gateway.logged("error ledger-unavailable"))
        self.assertEqual(gateway.waiting(), ["bad.edxml"])
        gateway.limit_files(-1)
        gateway.wait_until(lambda: not gateway.waiting())
        self.assertEqual((gateway.failed / "bad.edxml").read_text(), bad)
        kept, = (gateway.data / "quarantine").iterdir()
        self.assertEqual(kept.read_text(), bad)
        self.assertEqual(gateway.tasks(document=directive_id(2)), [])


if __name__ == "__main__":
    unittest.main()
