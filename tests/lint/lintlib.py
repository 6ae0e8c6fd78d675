"""What the lints share: which files, C without its comments, and how a complaint looks."""
import re
import sys
from pathlib import Path
from typing import NamedTuple

PRODUCT = ("gateway", "queue", "adapters")
ROOT = Path(__file__).resolve().parents[2]
FIXTURES = Path("tests/lint/fixtures")  # under a root


class Complaint(NamedTuple):
    path: str  # from the root
    line: int
    code: str
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.code}: {self.message}"


def files(root, folders, *endings):
    """The files under @folders of @root with one of @endings, never the fixtures."""
    found = []
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            is_fixture = FIXTURES in path.relative_to(root).parents
            if path.suffix in endings and path.is_file() and not is_fixture:
                found.append(path)
    return found


TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)


def code_only(text, keep_strings=False):
    """C with its comments blanked (and what is in its strings); lines stay where they are."""

    def blank(match):
        token = match.group()
        if token[0] in "\"'":
            return token if keep_strings else token[0] + token[0]
        return re.sub(r"[^\n]", " ", token)

    return TOKEN.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def main(check):
    """Run @check over the tree named on the command line, by default the project's."""
    root = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT
    complaints = sorted(check(root))
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)
