"""Organs on the command line: an agency list into organs.yaml, and who is who."""
import os
import stat
import unittest

from cli import ADAPTERS, Cli

FIXTURES = os.path.join(os.environ["CONGVAN_SOURCE"], "tests/fixtures/agencies")
AXIS = os.path.join(FIXTURES, "axis.json")
OLD = os.path.join(FIXTURES, "old.xml")

# What a clerk wrote: every member the table has.
WRITTEN = """\
# our own
organs:
  - id: "H99.05"
    names: ["Sở Y tế"]
    aliases: [{id: "000.00.05.H99", from: "2020-01-01", to: "2025-06-30"}]
    successor: {id: "H99.30", from: "2030-01-01"}
    uses_eoffice: false
    answered_by: ["H99.05.01"]
    receives_for: ["H99"]
    issues_for: ["H99"]
"""


class Import(Cli):
    def organs(self):
        return {organ["id"]: organ for organ in self.lines("organs", "list", "--json")}

    def configured(self, organs=WRITTEN):
        self.configure()
        self.write("organs.yaml", organs)

    def test_the_axis_list_becomes_a_table_the_configuration_reads(self):
        self.write("adapters.yaml", ADAPTERS)
        out, err = self.call("organs", "import", AXIS, "--output", "organs.yaml")
        self.assertEqual(out, "organs.yaml: 5 organs, 5 of them new, from a list of 6; "
                              "complaints: 2\n")
        self.assertEqual(
            [line.split(": warning: ")[1] for line in err.splitlines()],
            ['"Các sở, ban, ngành" has no organ id and is passed over',
             "organ H99.05.01: its old id is its new one"])
        self.assertTrue(err.startswith(f"{AXIS}:3:3: warning: "))
        organs = self.organs()
        self.assertEqual(list(organs), ["H98", "H99", "H99.05", "H99.05.01", "H99.30"])
        self.assertEqual(organs["H99.05"], {
            "id": "H99.05", "names": ["Sở Y tế tỉnh Mẫu"], "parent": "H99",
            "aliases": [{"id": "000.00.05.H99", "from": None, "to": None}],
            "successor": None, "uses_eoffice": True, "answered_by": [],
            "receives_for": [], "issues_for": []})
        self.assertEqual(organs["H99.30"]["names"], ['UBND xã "Đồi Thông"'])
        self.assertEqual(self.lines("check", "--json")[0]["organs"], 5)

    def test_the_old_xml_does_too_and_stdout_carries_nothing_but_the_table(self):
        self.write("adapters.yaml", ADAPTERS)
        out, err = self.call("organs", "import", OLD)
        self.assertEqual(err, "")
        self.write("organs.yaml", out)
        organs = self.organs()
        self.assertEqual(organs["H99.05"]["parent"], "H99")
        self.assertIsNone(organs["H99"]["parent"])
        self.assertEqual(organs["H99"]["aliases"][0]["id"], "000.00.00.H99")

    def test_merging_keeps_what_was_written_and_tells_what_disagrees(self):
        self.configured()
        self.write("list.json", '[{"code":"H99.06","oldCode":"000.00.05.H99"}]')
        self.call("organs", "import", AXIS, "--merge", "--output", "organs.yaml")
        _, err = self.call("organs", "import", "list.json", "--merge", "--output",
                           "organs.yaml")
        self.assertIn("list.json:1:2: warning: organ H99.06: its id 000.00.05.H99 is organ "
                      "H99.05's in the table, and stays so", err)
        organs = self.organs()
        self.assertEqual(len(organs), 6)
        self.assertEqual(organs["H99.05"], {
            "id": "H99.05", "names": ["Sở Y tế", "Sở Y tế tỉnh Mẫu"], "parent": "H99",
            "aliases": [{"id": "000.00.05.H99", "from": "2020-01-01", "to": "2025-06-30"}],
            "successor": {"id": "H99.30", "from": "2030-01-01"}, "uses_eoffice": False,
            "answered_by": ["H99.05.01"], "receives_for": ["H99"], "issues_for": ["H99"]})

    def test_the_same_import_again_gives_the_same_bytes(self):
        self.configured()
        tables = []
        for _ in range(2):
            self.call("organs", "import", AXIS, "--merge", "--output", "organs.yaml")
            with open(self.path("organs.yaml"), "rb") as file:
                tables.append(file.read())
        self.assertEqual(*tables)

    def test_a_part_of_the_country_is_enough(self):
        self.write("adapters.yaml", ADAPTERS)
        _, err = self.call("organs", "import", AXIS, "--under", "000.00.05.H99",
                           "--output", "organs.yaml")
        self.assertEqual(list(self.organs()), ["H99.05", "H99.05.01"])
        self.assertNotIn("ban, ngành", err)  # what is elsewhere is nobody's concern
        _, err = self.call("organs", "import", AXIS, "--under", "H97", code=65)
        self.assertIn("no organ H97 in the list", err)

    def test_a_bad_list_is_a_failure_and_nothing_is_written(self):
        rows = [
            ('{"data":[],"status":"FAIL","ErrorDesc":"het han"}', "1:21: this list is a "
             'failure: status is "FAIL" (het han)'),
            ('{"data":[],"status":"OK"}', "1:1: the list is empty"),
            ('[{"code":"H99"},\n {"code":', "2:9: this is not JSON"),
            ("", "1:1: the file is empty"),
            ("<a/>", "1:1: the element a in namespace (none) is no list"),
        ]
        self.configured()
        for text, said in rows:
            with self.subTest(said=said):
                self.write("list", text)
                words = ["organs", "import", "list", "--merge", "--output", "organs.yaml"]
                out, err = self.call(*words, code=65)
                self.assertEqual(out, "")
                self.assertIn("list:" + said, err)
                line, = self.lines("--json", *words, code=65)
                self.assertEqual((line["file"], line["severity"]), ("list", "error"))
                with open(self.path("organs.yaml"), encoding="utf-8") as file:
                    self.assertEqual(file.read(), WRITTEN)
        self.assertIn("none: the list cannot be read",
                      self.call("organs", "import", "none", code=65)[1])

    def test_a_table_is_never_replaced_unasked(self):
        self.configured()
        os.chmod(self.path("organs.yaml"), 0o640)
        words = ["organs", "import", AXIS, "--output", "organs.yaml"]
        _, err = self.call(*words, code=64)
        self.assertIn("organs.yaml is there already; --merge", err)
        self.call(*words, "--merge")
        mode = os.stat(self.path("organs.yaml")).st_mode
        self.assertEqual(stat.S_IMODE(mode), 0o640)
        self.assertEqual(sorted(os.listdir(self.folder)),
                         ["adapters.yaml", "organs.yaml", "spool"])

    def test_with_json_the_table_goes_to_a_file_and_the_rest_is_lines(self):
        line, = self.lines("--json", "organs", "import", AXIS, code=64)
        self.assertIn("--output FILE", line["error"]["message"])
        *complaints, summary = self.lines("--json", "organs", "import", AXIS, "--output",
                                          "new.yaml")
        self.assertEqual([(c["line"], c["severity"]) for c in complaints],
                         [(3, "warning"), (5, "warning")])
        self.assertEqual(summary, {"file": "new.yaml", "organs": 5, "added": 5,
                                   "agencies": 6, "complaints": 2})

    def test_a_list_may_come_through_a_pipe(self):
        with open(AXIS, "rb") as file:
            out, _ = self.call("organs", "import", "-", "--under", "H98",
                               stdin=file.read())
        self.assertIn('- id: "H98"\n', out)

    def test_merging_needs_a_good_configuration(self):
        self.call("organs", "import", AXIS, "--merge", code=78)
        self.configured("organs: 7\n")
        self.call("organs", "import", AXIS, "--merge", code=78)


class Find(Cli):
    def setUp(self):
        super().setUp()
        self.write("adapters.yaml", ADAPTERS)
        self.call("organs", "import", AXIS, "--output", "organs.yaml")

    def test_an_organ_is_found_by_any_id_and_by_name_with_or_without_marks(self):
        rows = [
            (["h99.05"], ["H99.05", "H99.05.01"]),
            (["000.00.05.h99"], ["H99.05"]),
            (["so", "y", "te"], ["H99.05"]),
            (["ĐỒI THÔNG"], ["H99.30"]),
            (["doi thong"], ["H99.30"]),
            (["tỉnh"], ["H98", "H99", "H99.05"]),
        ]
        for words, ids in rows:
            with self.subTest(words=words):
                found = self.lines("--json", "organs", "find", *words)
                self.assertEqual([organ["id"] for organ in found], ids)
        out, _ = self.call("organs", "find", "so y te")
        self.assertRegex(out, r"^id +name +parent +other ids +successor\n"
                              r"H99\.05 +Sở Y tế tỉnh Mẫu +H99 +000\.00\.05\.H99 +-\n$")

    def test_nobody_is_an_error(self):
        for words in (["H97"], ["khong co"], [" "]):
            out, err = self.call("organs", "find", *words, code=65)
            self.assertEqual(out, "")
            self.assertIn("nobody called", err)
        line, = self.lines("--json", "organs", "find", "H97", code=65)
        self.assertEqual(line["error"]["code"], "id.unknown")

    def test_an_empty_table_says_so(self):
        self.write("organs.yaml", "organs: []\n")
        self.assertEqual(self.call("organs", "list")[0], "the organ table is empty\n")
        self.assertEqual(self.lines("organs", "list", "--json"), [])


if __name__ == "__main__":
    unittest.main()
