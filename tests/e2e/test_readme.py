"""What README.md, and the manual's pages of their kind, tell a newcomer to type does what it says.

A ```sh block whose first line is `# tested` is run: all of them, in order, in one shell,
in a copy of what the project ships. Of a ```text block that follows, each line must be in
what the block printed; `…` stands for anything.
"""
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ["CONGVAN_SOURCE"])
SHIPPED = ["adapters.yaml", "organs.yaml", "calendar.yaml", "docs"]
BLOCK = re.compile(r"^```sh\n# tested\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", re.M | re.S)
LINK = re.compile(r"\]\(([^)#:]+)\)")
BETWEEN = "== the next block of the page =="


def pattern(line):
    """A line of a ```text block; columns of a table may be wider than shown."""
    return r"\s+".join(
        ".*".join(re.escape(part) for part in word.split("…")) for word in line.split())


class Readme(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name in SHIPPED:
            copy = shutil.copytree if (SOURCE / name).is_dir() else shutil.copy
            copy(SOURCE / name, self.folder / name)
        (self.folder / "build").mkdir()
        (self.folder / "build/congvan").symlink_to(Path(os.environ["CONGVAN"]).resolve())

    def test_its_commands_do_what_it_says(self):
        self.play("README.md", 6)

    def test_the_mappings_page_does_what_it_says(self):
        self.play("docs/mapping.md", 6)

    def test_the_manual_of_http_does_what_it_says(self):
        self.play("docs/http.md", 2)

    def play(self, page, least):
        """The blocks of @page, of which there are at @least so many."""
        blocks = BLOCK.findall((SOURCE / page).read_text(encoding="utf-8"))
        self.assertGreaterEqual(len(blocks), least)
        script = f"\necho '{BETWEEN}'\n".join(commands for commands, _ in blocks)
        ran = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], cwd=self.folder, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=60, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout)
        printed = ran.stdout.split(BETWEEN)
        self.assertEqual(len(printed), len(blocks))
        for (commands, wanted), said in zip(blocks, printed):
            for line in wanted.splitlines():
                with self.subTest(commands=commands, line=line):
                    self.assertRegex(said, pattern(line))

    def test_what_it_links_to_is_there(self):
        for page in [SOURCE / "README.md", *sorted((SOURCE / "docs").rglob("*.md"))]:
            for target in LINK.findall(page.read_text(encoding="utf-8")):
                with self.subTest(page=page.name, target=target):
                    self.assertTrue((page.parent / target).exists())


if __name__ == "__main__":
    unittest.main()
