"""The search for secrets that ends every test of a gateway: it would find one."""
import base64
import unittest

import unseen
from congvan import Gateway

SECRET, KEY = "secret-of-this-test", bytes(range(24))
HOOK = unseen.WEBHOOK + base64.b64encode(KEY).decode()


class Unseen(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway()
        self.addCleanup(self.gateway.__exit__, AssertionError)
        self.gateway.give(CONGVAN_TEST_SECRET=SECRET, CONGVAN_TEST_HOOK=HOOK)

    def shows(self):
        with self.assertRaisesRegex(AssertionError, "shows the secret"):
            unseen.check(self.gateway)

    def test_what_shows_none_is_good(self):
        self.gateway.check_unseen()
        self.assertTrue(self.gateway.said)

    def test_a_file_of_any_folder_is_read(self):
        for content in (SECRET.encode(), KEY, base64.b64encode(SECRET.encode())):
            for name in ("spool/out/a", "var/quarantine/1", "spool/in/.hidden"):
                path = self.gateway.folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"x" + content + b"\xff")
                self.shows()
                path.unlink()
        unseen.check(self.gateway)

    def test_what_it_says_is_read(self):
        self.gateway.command("explain", SECRET)
        self.shows()

    def test_its_log_is_read_even_of_an_earlier_life(self):
        self.gateway.config.write_text(self.gateway.config.read_text() + "nonsense: 1\n")
        self.gateway.launch()
        self.gateway.reader.join()
        self.gateway.stop()
        self.gateway.secrets.append("nonsense")
        self.gateway.log.clear()
        self.shows()


if __name__ == "__main__":
    unittest.main()
