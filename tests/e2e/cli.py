"""What the tests of the command line share: a folder with a configuration, and a call."""
import json
import os
import subprocess
import tempfile
import unittest

CONGVAN = os.environ["CONGVAN"]

ADAPTERS = """\
site: H99
organs: organs.yaml
adapters:
  - name: inbox
    type: spool
    direction: in
    format: edxml
    path: spool/in
  - name: copies
    type: spool
    direction: out
    path: spool/out
"""

ORGANS = """\
organs:
  - id: "H99"
    names: ["UBND tỉnh Ví Dụ"]
  - id: "H99.05"
    names: ["Sở Ví Dụ"]
    parent: "H99"
"""

DIRECTIVE = {
    "document_id": "H99,2025/11/20,6795/UBND-PVHCC",
    "code": {"number": "6795", "notation": "UBND-PVHCC"},
    "issued_on": "2025-11-20",
    "from": {"organ_id": "H99"},
    "to": [{"organ_id": "H99.05"}],
    "subject": "V/v giao nhiệm vụ",
    "due_on": "2025-12-10",
    "steering": "directive",
}

REPLY = {
    "document_id": "H99.05,2025/12/08,88/SVD-VP",
    "code": {"number": "88", "notation": "SVD-VP"},
    "issued_on": "2025-12-08",
    "from": {"organ_id": "H99.05"},
    "to": [{"organ_id": "H99"}],
    "subject": "Trả lời Công văn số 6795/UBND-PVHCC ngày 20/11/2025",
    "response_for": [{"document_id": DIRECTIVE["document_id"]}],
}

EDXML = """\
<?xml version="1.0" encoding="UTF-8"?>
<edXML:edXML xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">
 <edXML:edXMLEnvelope><edXML:edXMLHeader><edXML:MessageHeader>
  <edXML:From><edXML:OrganId>H99</edXML:OrganId>
   <edXML:OrganName>UBND tỉnh Ví Dụ</edXML:OrganName></edXML:From>
  <edXML:To><edXML:OrganId>H99.05</edXML:OrganId>
   <edXML:OrganName>Sở Ví Dụ</edXML:OrganName></edXML:To>
  <edXML:DocumentId>H99,2025/11/20,12/UBND-VP</edXML:DocumentId>
  <edXML:Code><edXML:CodeNumber>12</edXML:CodeNumber>
   <edXML:CodeNotation>UBND-VP</edXML:CodeNotation></edXML:Code>
  <edXML:PromulgationInfo><edXML:Place>Ví Dụ</edXML:Place>
   <edXML:PromulgationDate>30/11/2025</edXML:PromulgationDate>
  </edXML:PromulgationInfo>
  <edXML:Subject>%s</edXML:Subject>
  <edXML:SteeringType>%s</edXML:SteeringType>
 </edXML:MessageHeader></edXML:edXMLHeader></edXML:edXMLEnvelope>
</edXML:edXML>
"""


class Cli(unittest.TestCase):
    """Each test has an empty folder of its own and stands in it."""

    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        if isinstance(content, dict):
            content = json.dumps(content, ensure_ascii=False)
        if isinstance(content, str):
            content = content.encode()
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "wb") as file:
            file.write(content)
        return name

    def configure(self, adapters=ADAPTERS):
        self.write("adapters.yaml", adapters)
        self.write("organs.yaml", ORGANS)
        os.makedirs(self.path("spool/in"), exist_ok=True)

    def call(self, *words, code=0, stdin=None, **more):
        """Run it; its exit code must be @code. Returns (stdout, stderr)."""
        ran = subprocess.run([CONGVAN, *words], cwd=self.folder, input=stdin,
                             capture_output=True, timeout=60, **more)
        out, err = ran.stdout.decode(), ran.stderr.decode()
        self.assertEqual(ran.returncode, code, f"congvan {words}: {out}{err}")
        return out, err

    def lines(self, *words, code=0, **more):
        """The same for what prints JSON lines and nothing on stderr."""
        out, err = self.call(*words, code=code, **more)
        self.assertEqual(err, "")
        return [json.loads(line) for line in out.splitlines()]
