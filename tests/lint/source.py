"""The house rules a compiler does not know.

banned    a function that is banned, or used outside the one place that may
unfinished a note to do something later
long-file  more than 700 lines
long-function more than 60 lines
once      a header without `#pragma once`
opening   a header that does not open with what it is for
own-first a .c that does not include its own header first
"""
import re

from lintlib import PRODUCT, Complaint, code_only, files, line_of, main

CODES = {"banned", "unfinished", "long-file", "long-function", "once", "opening",
         "own-first"}
FILE_LINES, FUNCTION_LINES = 700, 60

# Functions, the paths that may call them (None: nobody), and what to do instead.
BANNED = (
    (r"strcpy|strcat|sprintf|vsprintf|gets", None, "use gateway/base/buf.h"),
    (r"strtok|strtok_r", None, "walk slices of the text instead"),
    (r"atoi|atol|atoll|atof", None, "use the one number parser of gateway/base/text.h"),
    (r"alloca", None, "use an arena"),
    (r"system|popen", None, "no shell is ever started"),
    (r"sleep|usleep|nanosleep|clock_nanosleep", None, "wait for something, with poll"),
    (r"time|gettimeofday|clock_gettime|localtime|gmtime", r"gateway/base/day\.c",
     "the edges ask clock_now(), everybody else is told"),
    (r"getenv|secure_getenv", r"gateway/config/", "configuration is read in one place"),
    (r"printf|vprintf|puts|putchar", r"gateway/cli/", "standard output is the CLI's"),
    (r"exit|_exit|quick_exit", r"gateway/cli/", "return the fault; main ends the program"),
)
# The tests may do more, but they never wait for time to pass.
BANNED_IN_TESTS = tuple(row for row in BANNED if "sleep" in row[0])

UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")


def judge_calls(path, code, table):
    for names, home, instead in table:
        if home and re.match(home, path):
            continue
        for match in re.finditer(rf"(?<![\w.>])(?:{names})\s*\(", code):
            name = match.group().rstrip("( \t\n")
            yield line_of(code, match.start()), "banned", f"{name}(): {instead}"


def judge_functions(code):
    """A function's body stands between a lone `{` and a lone `}` (.clang-format)."""
    lines = code.split("\n")
    start = None
    for at, line in enumerate(lines):
        if line.rstrip() == "{":
            start = at
            while start > 0 and re.match(r"[\w\t(]", lines[start - 1]):
                start -= 1
        elif line.rstrip() == "}" and start is not None:
            if at - start + 1 > FUNCTION_LINES:
                yield (start + 1, "long-function",
                       f"{at - start + 1} lines: a table, or two functions?")
            start = None


def judge_header(text, code):
    if not text.startswith("/*"):
        yield 1, "opening", "open with a comment: what it is for, promises, refuses"
    if "#pragma once" not in code:
        yield 1, "once", "#pragma once is missing"


def judge_own_first(file, root, code):
    own = file.with_suffix(".h")
    first = re.search(r'^#include\s+[<"]([^>"]+)', code, re.MULTILINE)
    if own.exists() and first and first.group(1) != own.relative_to(root).as_posix():
        yield line_of(code, first.start()), "own-first", f"include {own.name} first"


def judge_text(text):
    for match in UNFINISHED.finditer(text):
        yield line_of(text, match.start()), "unfinished", "finish it, or open an issue"
    lines = text.count("\n")
    if lines > FILE_LINES:
        yield FILE_LINES + 1, "long-file", f"{lines} lines: one file, one job"


def judge_c(file, root, path, text):
    code = code_only(text)
    is_product = path.split("/")[0] in PRODUCT
    yield from judge_calls(path, code, BANNED if is_product else BANNED_IN_TESTS)
    yield from judge_functions(code)
    if file.suffix == ".h":
        yield from judge_header(text, code)
    else:
        yield from judge_own_first(file, root, code_only(text, keep_strings=True))


def check(root):
    for file in files(root, PRODUCT + ("schemas", "tests"),
                      ".c", ".h", ".py", ".sh", ".sql", ".build"):
        path = file.relative_to(root).as_posix()
        text = file.read_text(encoding="utf-8")
        found = list(judge_text(text))
        if file.suffix in (".c", ".h"):
            found += judge_c(file, root, path, text)
        yield from (Complaint(path, *row) for row in found)


if __name__ == "__main__":
    main(check)
