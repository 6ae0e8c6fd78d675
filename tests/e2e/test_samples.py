"""What ships works as it ships: adapters.yaml, organs.yaml, calendar.yaml, and the two
sample letters that `./dev run` shows a newcomer."""
import shutil
import unittest

from congvan import SOURCE, Gateway

SHIPPED = ["adapters.yaml", "organs.yaml", "calendar.yaml"]
SAMPLES = sorted((SOURCE / "docs/samples").iterdir())


class Samples(unittest.TestCase):
    def setUp(self):
        """A fresh copy of what a newcomer has."""
        self.gateway = Gateway()
        self.addCleanup(self.gateway.__exit__)
        for name in SHIPPED:
            shutil.copy(SOURCE / name, self.gateway.folder)

    def text(self, name):
        return (SOURCE / "docs/samples" / name).read_text()

    def test_the_shipped_configuration_has_no_mistake(self):
        checked = self.gateway.command("check")
        self.assertEqual([checked.code, checked.stderr], [0, ""])
        self.assertEqual([line for line in checked.lines if "severity" in line], [])

    def test_it_works_in_a_folder_that_holds_nothing_else(self):
        shutil.rmtree(self.gateway.folder / "spool")
        self.gateway.start()
        self.assertTrue(self.gateway.failed.is_dir())
        self.assertEqual(self.gateway.stop(), 0)

    def test_every_sample_is_read_without_a_serious_quirk(self):
        self.assertTrue(SAMPLES)
        parsed = self.gateway.command("parse", *SAMPLES)
        self.assertEqual(parsed.code, 0, parsed.stdout)
        quirks = self.gateway.command("lint", *SAMPLES)
        self.assertEqual(quirks.code, 0)
        self.assertEqual(
            [line for line in quirks.lines if line["severity"] != "info"], [])

    def test_the_demonstration_is_true(self):
        gateway = self.gateway
        gateway.start()
        gateway.drop("directive.edxml", self.text("directive.edxml"))
        gateway.wait_until(lambda: gateway.tasks(organ="H99.05", state="assigned"))
        gateway.drop("reply.edxml", self.text("reply.edxml"))
        gateway.wait_until(lambda: gateway.tasks(organ="H99.05", state="completed"))
        gateway.wait_settled()
        self.assertEqual(len(gateway.told("reply.issued")), 1)
        for words, say in ((["tasks"], "NV-1"), (["explain", "NV-1"], "document_id"),
                           (["outbox"], ""), (["verify"], "")):
            shown = gateway.command(*words, as_json=False)
            self.assertEqual([shown.code, shown.stderr], [0, ""])
            self.assertIn(say, shown.stdout)
        self.assertEqual(gateway.stop(), 0)

    def test_every_sample_ends_somewhere_good(self):
        for path in SAMPLES:
            self.gateway.drop(path.name, path.read_bytes())
        once = self.gateway.command("run", "--once", as_json=False)
        self.assertEqual(once.code, 0, once.stderr)
        counted = self.gateway.verified()["outcomes"]
        self.assertEqual([counted["applied"], counted["quarantined"]], [len(SAMPLES), 0])


if __name__ == "__main__":
    unittest.main()
