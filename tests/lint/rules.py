"""docs/rules.md has every rule that is named anywhere, and every entry leads to code and proof.

unlisted  a rule is named in code, tests, examples or documents, and has no entry
twice     an entry for a rule that has one already
no-code   an entry that names no function or table, or one that its file does not have
no-proof  an entry that names no example and no test, or one that does not exist
unshipped a document is referred to that the project does not ship
"""
import re

from lintlib import PRODUCT, Complaint, code_only, files, line_of, main

CODES = {"unlisted", "twice", "no-code", "no-proof", "unshipped"}
DOCUMENT = "docs/rules.md"
EXAMPLES = "tests/examples"

# `T09:00:00` is a time, `X77.A` an organ, `E402` a warning of somebody else's.
RULE = re.compile(r"(?<![\w.<-])(?:[ETMBSOX][1-9][0-9]?|D[0-9]{1,2}|INV-[1-9][0-9]?)"
                  r"(?!\w|[.:]\w)")
# What the rules were first written down in; in two pieces, or this line would be found.
UNSHIPPED = re.compile(r"\b(?:SP" r"EC|MOD" r"EL|WI" r"RE)\b"
                       r"|\bthe (?:spec|specification|design" r" note)\b")

ENTRY = re.compile(r"^### ([A-Z]+-?[0-9]+)\. ", re.MULTILINE)
NEXT = re.compile(r"^##", re.MULTILINE)
CODE = re.compile(r"`([\w./-]+\.\w+):(\w+)`")
PROOF = re.compile(r"`([\w*-]+)`")


def told(root):
    """Everything in words: where rules may be named."""
    found = files(root, PRODUCT + ("schemas", "tests", "docs"),
                  ".c", ".h", ".py", ".sh", ".sql", ".build", ".md", ".txt")
    return found + [root / name for name in ("README.md", "dev") if (root / name).exists()]


def part(body, name):
    """What stands behind `- NAME:` in an entry, over several lines; empty if nowhere."""
    found = re.search(rf"^- {name}:(.*?)(?=^- |^$|\Z)", body, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else ""


def has_code(root, path, name):
    file = root / path
    if not file.is_file():
        return False
    text = file.read_text(encoding="utf-8")
    return bool(re.search(rf"\b{name}\b", code_only(text)))


def has_proof(root, name, tests):
    return name in tests or any((root / EXAMPLES).glob(f"{name}/story.txt"))


def judge_entry(root, body, tests):
    code = CODE.findall(part(body, "Where"))
    proof = PROOF.findall(part(body, "Shown"))
    if not code:
        yield "no-code", "no `file:function` behind `- Where:`"
    if not proof:
        yield "no-proof", "no example or test behind `- Shown:`"
    for path, name in code:
        if not has_code(root, path, name):
            yield "no-code", f"there is no {name} in {path}"
    for name in proof:
        if not has_proof(root, name, tests):
            yield "no-proof", f"{name} is no folder of {EXAMPLES} and no test"


def judge_document(root, text):
    tests = {file.stem for file in files(root, ("tests",), ".c", ".py")
             if file.stem.startswith("test_")}
    seen = set()
    for entry in ENTRY.finditer(text):
        rule, line = entry.group(1), line_of(text, entry.start())
        end = NEXT.search(text, entry.end())
        body = text[entry.end():end.start() if end else len(text)]
        if rule in seen:
            yield Complaint(DOCUMENT, line, "twice", f"{rule} has an entry above")
        seen.add(rule)
        for code, message in judge_entry(root, body, tests):
            yield Complaint(DOCUMENT, line, code, f"{rule}: {message}")


def judge_text(path, text, rules):
    for match in RULE.finditer(text):
        if match.group() not in rules:
            yield Complaint(path, line_of(text, match.start()), "unlisted",
                            f"{match.group()} has no entry in {DOCUMENT}")
    for match in UNSHIPPED.finditer(text):
        yield Complaint(path, line_of(text, match.start()), "unshipped",
                        f"{match.group()}: name the rule, or a document that is here")


def check(root):
    document = root / DOCUMENT
    text = document.read_text(encoding="utf-8") if document.exists() else ""
    rules = set(ENTRY.findall(text))
    yield from judge_document(root, text)
    for file in told(root):
        path = file.relative_to(root).as_posix()
        yield from judge_text(path, file.read_text(encoding="utf-8"), rules)
    for folder in sorted((root / EXAMPLES).glob("*/story.txt")):
        path = folder.relative_to(root).as_posix()
        rule = RULE.match(folder.parent.name)
        if not rule or rule.group() not in rules:
            yield Complaint(path, 1, "unlisted", f"an example of no rule of {DOCUMENT}")


if __name__ == "__main__":
    main(check)
