"""`./dev test` counts what ran, and never counts nothing as good."""
import json
import unittest

from count import count

OK = "[ RUN      ] a\n[       OK ] a\n"
ROWS = [  # what it shows, the tests as (result, output), passed and failed
    ("a run without tests is a failure", [], (0, 1)),
    ("a program that says nothing counts as one", [("OK", ""), ("OK", "")], (2, 0)),
    ("cmocka counts by its cases", [("OK", OK + OK)], (2, 0)),
    ("a failed case leaves the others",
     [("FAIL", OK + "[  FAILED  ] b\n\n 1 FAILED TEST(S)\n")], (1, 1)),
    ("a crash is one failure", [("FAIL", OK + "[ RUN      ] b\n")], (1, 1)),
    ("a program that does not end is one failure", [("TIMEOUT", "")], (0, 1)),
    ("a skipped program is a failure", [("SKIP", "")], (0, 1)),
    ("unittest counts by its cases", [("OK", "Ran 7 tests in 0.1s\n\nOK\n")], (7, 0)),
    ("unittest says how many were bad",
     [("FAIL", "Ran 7 tests in 0.1s\n\nFAILED (failures=2, errors=1)\n")], (4, 3)),
    ("a case that unittest skipped is a failure",
     [("OK", "Ran 7 tests in 0.1s\n\nOK (skipped=1)\n")], (6, 1)),
    ("a summary of ours is taken at its word", [("OK", "59 passed, 0 failed\n")], (59, 0)),
    ("good cases do not outweigh a bad exit", [("FAIL", "59 passed, 0 failed\n")], (59, 1)),
]


class Count(unittest.TestCase):
    def test_rows(self):
        for name, tests, wanted in ROWS:
            lines = [json.dumps({"result": result, "stdout": output})
                     for result, output in tests]
            with self.subTest(name):
                self.assertEqual(count(lines), wanted)


if __name__ == "__main__":
    unittest.main()
