"""X1 in the running program's memory: of a secret document no word is found there once it
has been dealt with, whatever format it came in; of a plain one it is."""
import base64
import json
import unittest
from xml.sax.saxutils import escape

from congvan import Gateway
from documents import directive, directive_id
from fake_http import FakeHttp

PHRASE = "mot-cau-rieng-khong-o-dau-khac"  # stands in each document, and nowhere else
PLAIN, SECRET = f"{PHRASE}-thuong", f"{PHRASE}-mat"
MARKS = {PLAIN: "V/v việc chung", SECRET: "MẬT - V/v việc kín"}
LONG = " rất dài" * 20_000  # more than a library's first buffer

MAPPING = """\
syntax: {syntax}
document: {document}
event:
  document_id: {at}id
  code: {at}code
  issued_on: {at}day
  subject: {at}about
  content: {at}text
  from: {{organ_id: {{constant: H99}}}}
  to: {{each: {to}, organ_id: {unit}}}
"""
MAPPINGS = {
    "json": MAPPING.format(syntax="json", document="/items", at="/", to="/to", unit="."),
    "xml": MAPPING.format(syntax="xml", document="/list/letter", at="", to="to", unit="."),
}
SPOOL = "  - {{name: {0}, type: spool, direction: in, path: spool/{0}, {1}}}\n"
FOLDERS = "".join(SPOOL.format(name, keys) for name, keys in {
    "event": "format: event",
    "json": "format: mapping, mapping: json.yaml",
    "xml": "format: mapping, mapping: xml.yaml",
}.items())


def members(number, phrase):
    """As MAPPINGS read it."""
    return {"id": directive_id(number), "code": f"{number}/UBND-VX", "day": "2025-11-20",
            "about": f"{MARKS[phrase]} {phrase}", "text": phrase + LONG, "to": ["H99.05"],
            "note": phrase}


def as_edxml(number, phrase):
    return directive(number, subject=f"{MARKS[phrase]} {phrase}", content=phrase + LONG)


def as_event(number, phrase):
    letter = members(number, phrase)
    return json.dumps({
        "kind": "document", "document_id": letter["id"], "from": {"organ_id": "H99"},
        "to": [{"organ_id": "H99.05"}], "issued_on": letter["day"],
        "code": {"number": str(number), "notation": "UBND-VX"},
        "subject": letter["about"], "content": letter["text"]})


def as_json(number, phrase):
    return json.dumps({"items": [members(number, phrase)]}, ensure_ascii=number % 2 == 0)


def as_xml(number, phrase):
    inner = "".join(f"<{name}>{escape(text if name != 'to' else text[0])}</{name}>"
                    for name, text in members(number, phrase).items())
    return f"<list><!-- {phrase} --><letter>{inner}</letter></list>"


class Case(unittest.TestCase):
    def gateway(self, more):
        gateway = Gateway(more=more)
        self.addCleanup(gateway.__exit__)
        for name, text in MAPPINGS.items():
            (gateway.folder / f"{name}.yaml").write_text(text)
        return gateway

    def check(self, gateway):
        """One of each was taken, and only the plain one is remembered."""
        gateway.wait_until(lambda: gateway.verified()["outcomes"]["restricted"] == 1)
        gateway.wait_settled()
        counted = gateway.verified()["outcomes"]
        self.assertEqual([counted["applied"], counted["restricted"]], [1, 1], counted)
        self.assertGreater(gateway.in_memory(PLAIN.encode()), 0, "or it would see nothing")
        self.assertEqual(gateway.in_memory(SECRET.encode()), 0)
        self.assertEqual(gateway.stop(), 0)


class FromFolders(Case):
    WAYS = {"in": as_edxml, "event": as_event, "json": as_json, "xml": as_xml}

    def test_x1_each_format_forgets_what_was_secret(self):
        for folder, write in self.WAYS.items():
            with self.subTest(folder):
                gateway = self.gateway(FOLDERS)
                gateway.start()
                for number, phrase in enumerate(MARKS, 1):
                    whole = gateway.folder / "spool" / f"{number}.whole"
                    whole.write_text(write(number, phrase))
                    whole.rename(gateway.folder / "spool" / folder / f"{number}.letter")
                self.check(gateway)


class FromAnOffice(Case):
    """It is asked over HTTP; what it lists names the documents, and may be all of them."""
    POLL = """\
  - name: eoffice
    type: http-poll
    direction: in
    interval_s: 1
    cursor: {{from: items, path: /number, start: "0"}}
    list: {{url: "{url}/documents?after={{cursor}}", items: /data, id: /number}}
"""
    # How it gives its documents: the keys for it, and the answer for one.
    WAYS = {
        "in its list, as JSON": (
            "    document: {path: /body}\n    format: mapping\n    mapping: json.yaml\n",
            lambda number, phrase: json.loads(as_json(number, phrase))),
        "in its list, as an event": (
            "    document: {path: /body}\n    format: event\n",
            lambda number, phrase: json.loads(as_event(number, phrase))),
        "in its list, coded": (
            "    document: {path: /body, base64: true}\n",
            lambda number, phrase: base64.b64encode(as_edxml(number, phrase).encode())
            .decode()),
        "by itself, as XML": (
            "    document: {{url: \"{url}/documents/{{id}}\"}}\n    format: mapping\n"
            "    mapping: xml.yaml\n", as_xml),
        "by itself, as edXML in JSON": (
            "    document: {{url: \"{url}/documents/{{id}}\", path: /data}}\n",
            lambda number, phrase: json.dumps({"data": as_edxml(number, phrase)})),
    }

    @staticmethod
    def list(way, request):
        after = int(request.path.rsplit("=", 1)[1] or 0)
        return {"json": {"data": [
            {"number": number, "about": phrase, "body": way(number, phrase)}
            for number, phrase in enumerate(MARKS, 1) if number > after]}}

    @staticmethod
    def document(way, request):
        number = int(request.path.rsplit("/", 1)[1])
        return {"body": way(number, list(MARKS)[number - 1])}

    def test_x1_each_way_forgets_what_was_secret(self):
        for name, (keys, way) in self.WAYS.items():
            with self.subTest(name), FakeHttp() as office:
                office.add(
                    {"expect": {"path": r"^/documents\?"}, "times": "any",
                     "answer": lambda request, way=way: self.list(way, request)},
                    {"expect": {"path": "^/documents/"}, "times": "any",
                     "answer": lambda request, way=way: self.document(way, request)})
                keys = keys.format(url=office.url) if "{url}" in keys else keys
                gateway = self.gateway(self.POLL.format(url=office.url) + keys)
                gateway.start()
                self.check(gateway)


if __name__ == "__main__":
    unittest.main()
