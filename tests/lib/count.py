"""Count what a meson test run did: reads its testlog.json, prints `PASSED FAILED`.

A program that says how its cases went (cmocka, unittest, `N passed, N failed`) counts by
its cases, any other as one. A skipped test, a crash, an unexpected result and a run without tests are failures.
"""
import json
import re
import sys
from pathlib import Path


def count_unittest(output):
    ran = sum(map(int, re.findall(r"^Ran (\d+) tests? in ", output, re.MULTILINE)))
    bad = sum(map(int, re.findall(r"(?:failures|errors|skipped)=(\d+)", output)))
    return max(ran - bad, 0), bad


def count_summary(output):
    summary = re.findall(r"^(\d+) passed, (\d+) failed$", output, re.MULTILINE)
    return tuple(sum(map(int, column)) for column in zip(*summary)) or (0, 0)


def count_cmocka(output):
    passed = len(re.findall(r"^\[       OK \] ", output, re.MULTILINE))
    bad = sum(map(int, re.findall(r"^ *(\d+) FAILED TEST", output, re.MULTILINE)))
    skipped = re.findall(r"^\[  SKIPPED \] .*: (\d+) test", output, re.MULTILINE)
    return passed, bad + sum(map(int, skipped))


def count_one(record):
    output = record.get("stdout", "") + "\n" + record.get("stderr", "")
    counts = [way(output) for way in (count_unittest, count_summary, count_cmocka)]
    passed, failed = map(sum, zip(*counts))
    if record["result"] == "OK":
        return (passed, failed) if passed + failed else (1, 0)
    return passed, max(failed, 1)


def count(lines):
    passed = failed = 0
    for line in lines:
        one = count_one(json.loads(line))
        passed, failed = passed + one[0], failed + one[1]
    return (passed, failed) if passed + failed else (0, 1)


if __name__ == "__main__":
    report = Path(sys.argv[1])
    print(*count(report.read_text().splitlines() if report.exists() else []))
