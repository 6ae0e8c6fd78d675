"""SIGHUP: the whole new configuration or none of it, and no delivery lost on the way."""
import os
import signal
import threading
import unittest

from congvan import Gateway
from documents import directive, reply

SOME = 300
SECOND = """\
  - {name: second, type: spool, direction: in, path: spool/second}
  - {name: copies, type: spool, direction: out, path: spool/copies}
"""


class Reload(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway()
        self.addCleanup(self.gateway.__exit__)
        self.before = self.gateway.config.read_text()

    def hang_up(self, words, times=1):
        """SIGHUP, and wait until it was answered with @words for the @times-th time."""
        self.gateway.process.send_signal(signal.SIGHUP)
        self.gateway.wait_until(lambda: len(self.gateway.logged(words)) == times)

    def test_a_new_adapter_is_there_without_a_restart(self):
        gateway = self.gateway
        gateway.start()
        process = gateway.process.pid
        gateway.config.write_text(self.before + SECOND)
        self.hang_up("info ready", 2)
        letter = gateway.folder / "spool/second/.a.edxml"
        letter.write_text(directive(1))
        letter.rename(letter.with_name("a.edxml"))
        gateway.wait_until(gateway.tasks)
        copies = gateway.folder / "spool/copies"
        gateway.wait_until(lambda: list(copies.glob("[!.]*.json")))
        self.assertEqual(gateway.process.pid, process)
        self.assertTrue(gateway.logged("info reloading"))
        self.assertEqual(gateway.stop(), 0)
        gateway.verified()

    def test_of_a_wrong_configuration_nothing_is_taken(self):
        gateway = self.gateway
        gateway.start()
        gateway.config.write_text(self.before + SECOND + "  - {name: third, type: pigeon}\n")
        self.hang_up("error reload-refused")
        self.assertIn("adapters[4].type", "\n".join(gateway.log))
        gateway.config.write_text(self.before)  # for the commands; the gateway is not told
        gateway.drop("a.edxml", directive(1))
        gateway.wait_until(gateway.tasks)
        self.assertFalse((gateway.folder / "spool/second").exists())
        self.assertEqual(len(gateway.logged("info ready")), 1)
        self.assertEqual(gateway.stop(), 0)

    def test_one_that_cannot_be_begun_with_gives_way_to_the_one_before(self):
        gateway = self.gateway
        elsewhere = gateway.folder / "no-folder"
        elsewhere.write_text("a file where the data folder would be")
        gateway.start()
        gateway.config.write_text(self.before.replace("data: var", f"data: {elsewhere}/x"))
        self.hang_up("info ready", 2)
        self.assertEqual(len(gateway.logged("error reload-failed")), 1)
        gateway.config.write_text(self.before)  # for the commands; the gateway is not told
        gateway.drop("a.edxml", directive(1))
        gateway.wait_until(gateway.tasks)
        self.assertEqual(gateway.stop(), 0)

    def test_no_letter_is_lost_or_taken_twice_while_it_changes_over_and_over(self):
        gateway = self.gateway
        gateway.start()
        dropping = threading.Thread(target=self.drop_all)
        dropping.start()
        for time in range(2, 7):
            gateway.config.write_text(self.before + (SECOND if time % 2 == 0 else ""))
            self.hang_up("info ready", time)
        dropping.join()
        gateway.wait_until(lambda: not gateway.waiting())
        gateway.wait_until(
            lambda: all(row["sink"] == "copies" for row in gateway.untold()))
        counted = gateway.verified()["outcomes"]
        self.assertEqual([counted["applied"], counted["duplicate"]], [2 * SOME, 0])
        self.assertEqual(len(gateway.tasks(state="completed")), SOME)
        self.assertEqual(gateway.stop(), 0)

    def drop_all(self):
        for number in range(1, SOME + 1):
            self.gateway.drop(f"{number}.edxml", directive(number))
            self.gateway.drop(f"{number}-reply.edxml", reply(number))

    def test_a_signal_to_stop_during_the_change_stops_it(self):
        gateway = self.gateway
        gateway.start()
        self.drop_all()
        gateway.process.send_signal(signal.SIGHUP)
        self.assertEqual(gateway.stop(), 0)
        gateway.verified()

    def test_a_changed_organ_table_judges_again_what_waits(self):
        gateway = self.gateway
        organs = gateway.folder / "organs.yaml"
        organs.write_text('organs:\n  - {id: "H99"}\n')
        gateway.config.write_text(self.before.replace(
            self.before.split("organs: ")[1].split("\n")[0], str(organs)))
        gateway.start()
        gateway.drop("a.edxml", directive(1, to=("000.00.77.H99",)))
        gateway.wait_until(gateway.tasks)
        gateway.drop("b.edxml", reply(1, sender="H99.77"))
        gateway.wait_until(lambda: gateway.verified()["outcomes"]["applied"] == 2)
        self.assertEqual(gateway.tasks(state="completed"), [])
        organs.write_text('organs:\n  - {id: "H99"}\n  - {id: "H99.77", parent: "H99", '
                          'aliases: [{id: "000.00.77.H99"}]}\n')
        self.hang_up("info ready", 2)
        gateway.wait_until(lambda: gateway.tasks(state="completed"))
        self.assertEqual(gateway.stop(), 0)


if __name__ == "__main__":
    unittest.main()
