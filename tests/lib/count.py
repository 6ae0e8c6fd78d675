"""Count what a meson test run did: reads its testlog.json, prints `PASSED FAILED`.

A program that says how its cases went (cmocka, unittest) counts by its cases, any other
as one. A skipped test, a crash, an unexpected result and a run without tests are failures.
"""
import json
import re
import sys
from pathlib import Path


def count_one(record):
    output = record.get("stdout", "") + record.get("stderr", "")
    if re.search(r"^Ran \d+ tests? in ", output, re.MULTILINE):  # unittest
        ran = int(re.findall(r"^Ran (\d+) test", output, re.MULTILINE)[-1])
        failed = sum(map(int, re.findall(r"(?:failures|errors|skipped)=(\d+)", output)))
        passed = ran - failed
    else:  # cmocka
        passed = len(re.findall(r"^\[       OK \] ", output, re.MULTILINE))
        failed = sum(map(int, re.findall(r"^ *(\d+) FAILED TEST", output, re.MULTILINE)))
        failed += len(re.findall(r"^\[  SKIPPED \] \w+$", output, re.MULTILINE))
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
