"""`congvan bench`: what it prints. How fast it is, no test says."""
import json
import os
import unittest

from cli import Cli

MEMBERS = ["stage", "work", "ours", "bare", "unit", "ratio", "target", "target_is", "met"]


class Bench(Cli):
    def bench(self, *words, code=0):
        env = {key: value for key, value in os.environ.items() if "AMQP" not in key}
        out, _ = self.call("--data", ".", "bench", *words, code=code, env=env)
        self.assertEqual(os.listdir(self.folder), [], "its folder is removed")
        return out.splitlines()

    def test_each_figure_is_one_json_line_with_the_documented_members(self):
        lines = [json.loads(line)
                 for line in self.bench("parse", "--documents", "2", "--json")]
        self.assertEqual(len(lines), 3)
        for line in lines:
            self.assertEqual(list(line), MEMBERS)
            self.assertEqual(line["stage"], "parse")
            self.assertGreater(line["ours"], 0)
            self.assertGreater(line["bare"], 0)

    def test_people_get_a_table(self):
        lines = self.bench("parse", "--documents", "2")
        self.assertEqual(lines[0].split(),
                         ["stage", "work", "ours", "bare", "unit", "ratio", "target"])
        self.assertEqual(len(lines), 4)

    def test_documents_reach_the_ledger_and_the_queue_on_both_sides(self):
        lines = [json.loads(line)
                 for line in self.bench("embedded", "--documents", "8", "--json")]
        self.assertEqual([line["stage"] for line in lines], ["embedded"])

    def test_growth_sets_a_large_ledger_beside_a_small_one_and_explains(self):
        lines = [json.loads(line) for line in self.bench(
            "growth", "--size", "1000", "--documents", "8", "--json")]
        self.assertEqual([line["target_is"] for line in lines],
                         ["ratio at most"] * 2 + [None] + ["ours at most"] * 3)
        for line in lines[:3]:
            self.assertGreater(line["ratio"], 0)

    def test_a_wrong_word_is_a_misuse(self):
        for words in (["parze"], ["parse", "--documents", "0"], ["amqp"],
                      ["growth", "--size", "10"]):
            with self.subTest(words=words):
                self.bench(*words, code=64)


if __name__ == "__main__":
    unittest.main()
