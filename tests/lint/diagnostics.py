"""docs/diagnostics.md explains every warning, error and error code, and no others.

undocumented  the sources log or give one that the document does not explain
stale         the document explains one that the sources do not have (any more)
level         the document gives an event another level than the sources
incomplete    an entry without its meaning, its cause, or what to do
"""
import re

from lintlib import PRODUCT, Complaint, code_only, files, line_of, main

CODES = {"undocumented", "stale", "level", "incomplete"}
DOCUMENT = "docs/diagnostics.md"

# log_event(LOG_LEVEL_WARNING, "word", …), and what is written past it ("error word …").
LOGGED = re.compile(r"\blog_event\(\s*(?:[^,;]*\b)?LOG_LEVEL_(ERROR|WARNING)\b[^,;]*,"
                    r'\s*"([^"]+)"')
PRINTED = re.compile(r'"(error|warning) ([a-z][a-z-]*)[ "\\]')

# Where an error code is given: by its family, by what it is put into, by who is told.
GIVEN = (
    re.compile(r'"((?:xml|json|edxml|mapping|event|file|business|internal)\.[a-z][a-z-]*)"'),
    re.compile(r'\b(?:error_code|error\.code)\s*=\s*"([^"]+)"'),
    re.compile(r'\bintake_item_condemn\([^,;]*,\s*"([^"]+)"'),
    re.compile(r'\bout_complain\([^,;]*,\s*"([^"]+)"'),
    re.compile(r'\[ERR_(?!NONE)\w+\]\s*=\s*"([^"]+)"'),
)

ENTRY = re.compile(r"^### `([^`\n]+)`(?: \((error|warning)\))?", re.MULTILINE)
PARTS = ("**Means**", "**Cause**", "**Do**")


def said(root):
    """What the sources say: each word's level (None for a code), first path and line."""
    found = {}
    for file in files(root, PRODUCT, ".c", ".h"):
        path = file.relative_to(root).as_posix()
        text = code_only(file.read_text(encoding="utf-8"), keep_strings=True)
        hits = [(m.group(2), m.group(1).lower(), m.start(2))
                for pattern in (LOGGED, PRINTED) for m in pattern.finditer(text)]
        hits += [(m.group(1), None, m.start(1))
                 for pattern in GIVEN for m in pattern.finditer(text)]
        for word, level, at in sorted(hits, key=lambda hit: hit[2]):
            found.setdefault(word, (level, path, line_of(text, at)))
    return found


def explained(text):
    """What the document explains: each word's level, line, and the text of its entry."""
    entries = list(ENTRY.finditer(text))
    ends = [entry.start() for entry in entries[1:]] + [len(text)]
    return {entry.group(1): (entry.group(2), line_of(text, entry.start()),
                             text[entry.end():end])
            for entry, end in zip(entries, ends)}


def check(root):
    document = root / DOCUMENT
    entries = explained(document.read_text(encoding="utf-8")) if document.exists() else {}
    words = said(root)
    for word, (level, path, line) in words.items():
        if word not in entries:
            yield Complaint(path, line, "undocumented", f'"{word}" is not in {DOCUMENT}')
        elif level != entries[word][0]:
            yield Complaint(DOCUMENT, entries[word][1], "level",
                            f"`{word}` is {level or 'a code'} in {path}:{line}")
    for word, (_, line, body) in entries.items():
        if word not in words:
            yield Complaint(DOCUMENT, line, "stale", f"`{word}` is nowhere in the sources")
        if missing := [part for part in PARTS if part not in body]:
            yield Complaint(DOCUMENT, line, "incomplete", f"`{word}`: {', '.join(missing)}")


if __name__ == "__main__":
    main(check)
