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
                         ["ratio at most"] * 4 + ["ours at most"] * 3)
        for line in lines[:4]:
            self.assertGreater(line["ratio"], 0)

    def rows(self, stage):
        """The lines of @stage for a few documents."""
        lines = [json.loads(line)
                 for line in self.bench(stage, "--documents", "100", "--json")]
        for line in lines:
            self.assertEqual([list(line), line["stage"]], [MEMBERS, stage])
            self.assertGreater(line["ours"], 0)
            self.assertGreater(line["bare"], 0)
        return [[line[name] for name in ("work", "unit", "target", "target_is")]
                for line in lines]

    def test_over_http_a_gateway_and_the_library_answer_every_document(self):
        self.assertEqual(self.rows("http"), [
            [f"a {what}, 64 connections / library", "documents/s", 3000, "ours at least"]
            for what in ("letter", "directive")])

    def test_the_healthy_beside_dead_sinks_are_held_against_the_healthy_alone(self):
        self.assertEqual(self.rows("sinks"), [
            ["200 sinks, 20 of them dead / none dead", "events/s each", None, None],
            ["180 sinks, 20 dead ones beside / none beside", "events/s each", 0.9,
             "ratio at least"]])

    def test_a_wrong_word_is_a_misuse(self):
        for words in (["parze"], ["parse", "--documents", "0"], ["amqp"],
                      ["growth", "--size", "10"]):
            with self.subTest(words=words):
                self.bench(*words, code=64)


if __name__ == "__main__":
    unittest.main()
