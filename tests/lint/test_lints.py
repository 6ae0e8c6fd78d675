"""The lints find what they are for, and nothing else.

tests/lint/fixtures is a small project full of violations. A line that must be complained
about says `WANT code` (once for each complaint); every other line must pass.
"""
import re
import tempfile
import unittest
from collections import Counter
from pathlib import Path

import diagnostics
import layers
import lintlib
import rules
import source

TREE = lintlib.ROOT / lintlib.FIXTURES
CODES = layers.CODES | source.CODES | diagnostics.CODES | rules.CODES


def fixtures():
    return [path for ending in ("*.[ch]", "*.md") for path in TREE.rglob(ending)]


def wanted(codes):
    """The complaints the fixtures ask of the lint that knows @codes."""
    found = Counter()
    for path in fixtures():
        for number, line in enumerate(path.read_text().split("\n"), 1):
            for code in re.findall(r"WANT ([\w-]+)", line):
                if code in codes:
                    found[path.relative_to(TREE).as_posix(), number, code] += 1
    return found


def complained(check, root=TREE):
    return Counter((c.path, c.line, c.code) for c in check(root))


class Lints(unittest.TestCase):
    maxDiff = None

    def check_file(self, path, text):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, path)
            file.parent.mkdir(parents=True)
            file.write_text(text)
            return dict(complained(source.check, Path(folder)))

    def test_layers_finds_exactly_the_wrong_includes(self):
        self.assertEqual(complained(layers.check), wanted(layers.CODES))

    def test_source_finds_exactly_the_broken_house_rules(self):
        self.assertEqual(complained(source.check), wanted(source.CODES))

    def test_diagnostics_finds_exactly_what_code_and_document_do_not_share(self):
        self.assertEqual(complained(diagnostics.check), wanted(diagnostics.CODES))

    def test_rules_finds_exactly_the_entries_that_lead_nowhere_and_what_has_none(self):
        self.assertEqual(complained(rules.check), wanted(rules.CODES))

    def test_every_complaint_of_layers_diagnostics_and_rules_has_a_fixture(self):
        for codes in (layers.CODES, diagnostics.CODES, rules.CODES):
            self.assertEqual({key[2] for key in wanted(codes)}, codes)

    def test_a_wanted_code_that_no_lint_knows_is_a_misspelling(self):
        text = "".join(path.read_text() for path in fixtures())
        self.assertLessEqual(set(re.findall(r"WANT ([\w-]+)", text)), CODES)

    def test_a_function_of_60_lines_passes_and_one_of_61_does_not(self):
        def function(lines):
            body = "\tn++;\n" * (lines - 4)
            return "int g;\n\nstatic int f(\n\tint n)\n{\n" + body + "}\n"

        self.assertEqual(self.check_file("queue/a.c", function(60)), {})
        self.assertEqual(
            self.check_file("queue/a.c", function(61)),
            {("queue/a.c", 3, "long-function"): 1})

    def test_a_file_of_700_lines_passes_and_one_of_701_does_not(self):
        self.assertEqual(self.check_file("tests/e2e/a.py", "\n" * 700), {})
        self.assertEqual(
            self.check_file("tests/e2e/a.py", "\n" * 701),
            {("tests/e2e/a.py", 701, "long-file"): 1})

    def test_an_example_of_no_rule_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("M1-known", "M2-unknown", "nothing"):
                story = Path(folder, "tests/examples", name, "story.txt")
                story.parent.mkdir(parents=True)
                story.write_text("# an example\n")
            document = Path(folder, "docs/rules.md")
            document.parent.mkdir()
            document.write_text("### M1. Known\n\n- Where: `a.c:f`.\n- Shown: `M1-*`.\n")
            Path(folder, "a.c").write_text("int f;\n")
            self.assertEqual(
                dict(complained(rules.check, Path(folder))),
                {(f"tests/examples/{name}/story.txt", 1, "unlisted"): 1
                 for name in ("M2-unknown", "nothing")})

    def test_a_note_to_finish_later_is_found_in_every_kind_of_file(self):
        for path in ("queue/a.c", "schemas/ledger.sql", "tests/lib/a.sh"):
            note = "\n-- /* # " + "TO" + "DO: the rest */\n"
            self.assertEqual(
                self.check_file(path, note), {(path, 2, "unfinished"): 1})


if __name__ == "__main__":
    unittest.main()
