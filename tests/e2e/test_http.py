"""Documents come in over HTTP. Raw sockets where a library would be too polite."""
import http.client
import json
import os
import random
import re
import select
import ssl
import subprocess
import threading
import unittest

from documents import directive, directive_id, reply
from traces import NONE, SENT, TRACE
from web import NEXT, OTHER, READER, TOKEN, HttpCase, HttpGateway

SOME = 1000
KILLS = int(os.environ.get("CONGVAN_TEST_KILLS", "6"))

# A vendor's JSON, of which one body holds several documents.
MAPPING = """\
syntax: json
document: /items
source: office-h99
event:
  document_id: /id
  code: /code
  issued_on: /day
  subject: /about
  from: {organ_id: /sender}
  to: {each: /receivers, organ_id: /unit}
  due_on: /due
"""


def letter(number):
    """A document as MAPPING reads it."""
    return {"id": directive_id(number), "code": f"{number}/UBND-VX", "day": "2025-11-20",
            "about": "V/v rà soát", "sender": "H99", "receivers": [{"unit": "H99.05"}],
            "due": "2025-12-10"}


class Documents(HttpCase):
    def test_a_document_is_answered_as_ingest_prints_it(self):
        answer = self.gateway.send(directive(1))
        self.assertEqual(answer.status, 202)
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        self.assertEqual(answer.json, {"outcome": "applied", "document": 1, "tasks": ["NV-1"],
                                       "quarantine": None, "error": None})
        (self.gateway.folder / "again").write_text(directive(1))
        printed = self.gateway.command("ingest", "again").lines[0]
        del printed["file"]
        again = self.gateway.send(directive(1))
        self.assertEqual([again.status, again.json], [202, printed])
        self.assertEqual(again.json, {**answer.json, "outcome": "duplicate"})

    def test_what_it_becomes_says_whether_to_send_it_again(self):
        gateway = self.gateway
        self.assertEqual(gateway.send(reply(5)).json["outcome"], "parked")
        gateway.send(directive(1))
        conflict = self.check_problem(
            gateway.send(directive(1, content="Khác hẳn.")), 409, "document-conflict")
        self.assertEqual(conflict.json["outcome"], "conflict")
        bad = self.check_problem(gateway.send("<no edXML/>"), 422, "unreadable")
        self.assertEqual([bad.json["outcome"], bad.json["error"]["code"]],
                         ["quarantined", "xml.malformed"])
        again = self.check_problem(gateway.send("<no edXML/>"), 422, "unreadable")
        self.assertEqual(again.json["quarantine"], bad.json["quarantine"])
        secret = gateway.send(directive(2, subject="MẬT - V/v việc kín"))
        self.assertEqual([secret.status, secret.json["outcome"], secret.json["document"]],
                         [202, "restricted", None])
        event = gateway.send(json.dumps({"document_id": "H99,2025/11/20,9/UBND-VX",
                                         "code": {"number": "9", "notation": "UBND-VX"},
                                         "issued_on": "2025-11-20",
                                         "from": {"organ_id": "H99"}}),
                             token=OTHER, adapter="events-in", Content_Type="application/json")
        self.assertEqual([event.status, event.json["outcome"]], [202, "applied"])
        self.check_problem(gateway.send("", Content_Length="0"), 422, "unreadable")

    def test_who_may_not_send_is_told_so(self):
        gateway = self.gateway
        nobody = self.check_problem(gateway.send("<a/>", token=None), 401, "unauthorized")
        self.assertEqual(nobody.headers["WWW-Authenticate"], 'Bearer realm="congvan"')
        wrong = self.check_problem(gateway.send("<a/>", token=TOKEN + "x"), 401, "unauthorized")
        self.assertIn("invalid_token", wrong.headers["WWW-Authenticate"])
        self.check_problem(gateway.send("<a/>", token=OTHER), 403, "forbidden")
        self.check_problem(gateway.send("<a/>", adapter="elsewhere"), 404, "not-found")
        # A stranger is not told which adapters there are.
        self.check_problem(gateway.send("<a/>", token="x", adapter="elsewhere"),
                           401, "unauthorized")
        self.check_problem(gateway.send("<a/>", token=READER), 401, "unauthorized")
        self.check_problem(gateway.ask("POST", "/in/partner", "<a/>",
                                       Authorization=f"Basic {TOKEN}"), 401, "unauthorized")
        self.assertEqual(gateway.send(directive(1), token=NEXT).status, 202)
        self.assertEqual(gateway.verified()["outcomes"]["applied"], 1)
        gateway.check_unseen()

    def test_what_cannot_be_meant_is_refused(self):
        gateway = self.gateway
        self.check_problem(gateway.ask("POST", "/nowhere"), 404, "not-found")
        self.check_problem(gateway.ask("POST", "/in/"), 404, "not-found")
        self.check_problem(gateway.ask("POST", "/in/partner/more", token=TOKEN), 404, "not-found")
        other = self.check_problem(gateway.ask("GET", "/in/partner", token=TOKEN),
                                   405, "method-not-allowed")
        self.assertEqual(other.headers["Allow"], "POST")
        health = self.check_problem(gateway.ask("POST", "/livez"), 405, "method-not-allowed")
        self.assertEqual(health.headers["Allow"], "GET, HEAD")
        for kind in ["application/json", "multipart/form-data; boundary=x",
                     "application/x-www-form-urlencoded", "text/plain"]:
            self.check_problem(gateway.send("<a/>", Content_Type=kind), 415, "media-type")
        self.check_problem(gateway.send("<a/>", Content_Encoding="gzip"), 415, "media-type")
        self.check_problem(gateway.send("<a/>", token=OTHER, adapter="events-in",
                                        Content_Type="text/xml"), 415, "media-type")
        for kind in ["text/xml; charset=utf-8", "APPLICATION/XML", "application/edxml+xml",
                     "application/octet-stream"]:
            self.assertEqual(gateway.send(directive(1), Content_Type=kind).status, 202)
        self.check_problem(gateway.send(b"x" * 300001), 413, "too-large")
        connection = self.raw()
        connection.sendall(f"POST /in/partner HTTP/1.1\r\nHost: h\r\n"
                           f"Authorization: Bearer {TOKEN}\r\n\r\n".encode())
        self.assertIn(b" 411 ", connection.recv(65536))

    def test_an_upload_may_be_chunked_and_large(self):
        gateway = self.gateway
        attachment = ("</edXML:edXMLEnvelope><edXML:AttachmentEncoded><edXML:Attachment>"
                      "<edXML:AttachmentName>a.pdf</edXML:AttachmentName>"
                      "<edXML:ContentType>application/pdf</edXML:ContentType>"
                      f"<edXML:Content>{'QUJD' * 50000}</edXML:Content></edXML:Attachment>"
                      "</edXML:AttachmentEncoded>")
        large = directive(1).replace("</edXML:edXMLEnvelope>", attachment)
        parts = [large.encode()[at:at + 5000] for at in range(0, len(large), 5000)]
        sent = gateway.ask("POST", "/in/partner", iter(parts), TOKEN)
        self.assertEqual([sent.status, sent.json["outcome"]], [202, "applied"])
        self.assertEqual(gateway.send(large).json["outcome"], "duplicate")
        self.check_problem(gateway.ask("POST", "/in/partner", iter([b"x" * 9000] * 40), TOKEN),
                           413, "too-large")
        # Set aside whole, also when it was too large for memory.
        broken = large.replace("</edXML:edXML>", "")
        bad = self.check_problem(gateway.send(broken), 422, "unreadable")
        kept = [path.read_bytes() for path in (gateway.data / "quarantine").iterdir()]
        self.assertEqual(kept, [broken.encode()])
        secret = large.replace("V/v giao rà soát", "MẬT - V/v việc kín")
        self.assertEqual(gateway.send(secret).json["outcome"], "restricted")
        left = [path.name for path in gateway.data.iterdir() if path.name.startswith(".spill")]
        self.assertEqual(left, [])
        self.assertEqual(bad.json["quarantine"], 1)

    def test_of_a_secret_document_nothing_stays_in_memory(self):
        phrase = "mot-cau-rieng-khong-o-dau-khac"
        plain, secret = f"{phrase}-thuong", f"{phrase}-mat"
        connection = self.gateway.connection()
        for number, text in enumerate([plain, secret], 1):
            subject = "V/v rà soát" if text == plain else "MẬT - V/v việc kín"
            answer = self.gateway.send(directive(number, subject=subject, content=text),
                                       connection=connection)
        self.assertEqual(answer.json["outcome"], "restricted")
        found = {text: self.gateway.in_memory(text.encode()) for text in (plain, secret)}
        self.assertGreater(found[plain], 0, "or this test would see nothing")
        self.assertEqual(found[secret], 0)
        connection.close()

    def test_an_endless_upload_is_cut_off(self):
        connection = self.raw()
        connection.sendall(f"POST /in/partner HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked"
                           f"\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
        part, sent = b"2000\r\n" + b"x" * 0x2000 + b"\r\n", 0
        with self.assertRaises(OSError):
            while sent < 64 << 20:
                connection.sendall(part)
                sent += len(part)
        self.assertLess(sent, 16 << 20)
        self.assertEqual(self.gateway.send(directive(1)).status, 202)

    def test_requests_sent_in_one_go_are_answered_in_order(self):
        connection = self.raw()
        connection.sendall(b"".join(self.request(directive(number)) for number in range(1, 21)))
        file = connection.makefile("rb")
        for number in range(1, 21):
            status, length = file.readline(), 0
            while (line := file.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            self.assertIn(b" 202 ", status)
            self.assertEqual(json.loads(file.read(length))["document"], number)

    def test_a_thousand_documents_over_a_few_connections(self):
        gateway, answers, lock = self.gateway, [], threading.Lock()

        def send(numbers):
            connection = gateway.connection()
            for number in numbers:
                answer = gateway.send(directive(number), connection=connection)
                with lock:
                    answers.append((answer.status, answer.json["outcome"]))
            connection.close()

        senders = [threading.Thread(target=send, args=[range(at, SOME, 16)]) for at in range(16)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        self.assertEqual(answers, [(202, "applied")] * SOME)
        self.assertEqual(gateway.verified()["outcomes"]["applied"], SOME)

    def test_the_trace_goes_from_the_header_to_the_event(self):
        """Whatever a stranger writes into it, everyone is told, and as the schema says."""
        # A line cannot hold a line end: that one comes over AMQP only (test_story).
        whole = [trace for trace in SENT.values() if b"\n" not in trace]
        gateway, sent = self.gateway, [*whole, NONE]
        for number, trace in enumerate(sent, 1):
            self.assertEqual(gateway.send(directive(number), traceparent=trace).status, 202)
        messages = gateway.pull_until(len(sent))
        wanted = [TRACE] * len(whole) + [None]
        self.assertEqual([message["traceparent"] for message in messages], wanted)
        events = {event["subject"]: event for event in self.events(2 * len(sent))}
        self.assertEqual([events[message["event"]["subject"]].get("traceparent")
                          for message in messages], wanted)

    def events(self, count):
        self.gateway.wait_until(lambda: len(self.gateway.events()) >= count)
        return self.gateway.events()


class Impolite(HttpCase):
    settings = "timeout_seconds: 1\nconnections: 20"

    def test_who_dawdles_is_cut_off_and_holds_up_nobody(self):
        slow = [self.raw() for _ in range(12)]
        for number, connection in enumerate(slow):
            connection.sendall(self.request(directive(number))[:17 * number])
        self.assertEqual(self.gateway.send(directive(50)).status, 202)
        for connection in slow:
            self.drip(connection)
        self.assertEqual(self.gateway.send(directive(51)).status, 202)

    def drip(self, connection):
        """A byte now and then, until the server has had enough."""
        try:
            while not select.select([connection], [], [], 0.02)[0]:
                connection.sendall(b"x")
            while connection.recv(4096):
                pass
        except ConnectionError:
            pass

    def tearDown(self):
        self.assertEqual(self.gateway.stop(), 0)


class Mapped(unittest.TestCase):
    def test_several_documents_in_one_body_are_answered_by_the_weightiest(self):
        gateway = HttpGateway()
        self.addCleanup(gateway.__exit__)
        (gateway.folder / "mapping.yaml").write_text(MAPPING)
        text = gateway.config.read_text().replace(
            "name: events-in, type: http, direction: in, format: event,",
            "name: events-in, type: http, direction: in, format: mapping, mapping: mapping.yaml,")
        gateway.config.write_text(text)
        gateway.start()
        both = gateway.send(json.dumps({"items": [letter(1), letter(2)]}), token=OTHER, adapter="events-in",
                            Content_Type="application/json")
        self.assertEqual([both.status, both.json["outcome"], both.json["tasks"]],
                         [202, "applied", ["NV-1"]])
        mixed = gateway.send(json.dumps({"items": [letter(3), {"about": "x"}]}), token=OTHER,
                             adapter="events-in")
        self.assertEqual([mixed.status, mixed.json["outcome"]], [422, "quarantined"])
        self.assertIn("document 2", mixed.json["error"]["message"])
        self.assertEqual(gateway.verified()["outcomes"]["applied"], 3)


class Ending(HttpCase):
    def test_what_is_under_way_is_answered_after_its_commit(self):
        gateway, answers = self.gateway, {}
        gateway.pause()  # so that both are under way when it is told to stop
        connections = [self.raw() for _ in range(30)]
        for number, connection in enumerate(connections, 1):
            connection.sendall(self.request(directive(number)))
        gateway.resume()
        self.assertEqual(gateway.stop(), 0)
        for number, connection in enumerate(connections, 1):
            data = b""
            try:
                while part := connection.recv(65536):
                    data += part
            except ConnectionResetError:
                pass  # it ended before it read this one: no answer either
            answers[number] = int(data.split(b" ")[1]) if data else None
        done = {row[0] for row in gateway.rows("SELECT document_id FROM event")}
        for number, status in answers.items():
            self.assertIn(status, [202, 503, None])
            if status == 202:
                self.assertIn(directive_id(number), done)

    def test_after_a_reload_all_goes_on_with_new_tokens(self):
        gateway = self.gateway
        gateway.send(directive(1))
        messages = gateway.pull_until(1)
        (gateway.folder / "sender").write_text(f"{NEXT}\n")
        gateway.log.clear()
        gateway.process.send_signal(1)
        gateway.wait_until(lambda: gateway.logged("info ready"))
        self.check_problem(gateway.send(directive(2)), 401, "unauthorized")
        self.assertEqual(gateway.send(directive(2), token=NEXT).status, 202)
        self.assertEqual([one["id"] for one in gateway.pull_until(2)][:1], [messages[0]["id"]])
        self.assertEqual(gateway.stop(), 0)

    def test_a_long_poll_does_not_keep_it_from_ending(self):
        gateway, got = self.gateway, []
        waiting = threading.Thread(target=lambda: got.append(
            gateway.read("pull", wait_ms=30000).json))
        waiting.start()
        gateway.wait_until(lambda: gateway.ask("GET", "/livez").status == 200)
        self.assertEqual(gateway.stop(), 0)
        waiting.join()
        self.assertIn(got[0].get("messages", got[0].get("status")), [[], 503])

    def test_killed_at_any_time_nothing_answered_is_lost(self):
        """Senders send again what was not answered; each document is there once."""
        gateway, chance = self.gateway, random.Random(KILLS)
        left, promised = [directive(number) for number in range(1, 301)], []
        for _ in range(KILLS):
            promised += self.send_until_killed(left, chance.randint(1, 60))
            gateway.start()
        for text in left:
            self.assertEqual(gateway.send(text).status, 202)
        counted = gateway.verified()["outcomes"]
        self.assertEqual(counted["applied"], 300)
        self.assertEqual([counted["conflict"], counted["quarantined"]], [0, 0])

    def send_until_killed(self, left, count):
        """Send the first of @left, killed after @count answers; the answered ones go."""
        gateway, answered, enough = self.gateway, [], threading.Event()

        def send(texts):
            connection = gateway.connection()
            for text in texts:
                try:
                    if gateway.send(text, connection=connection).status == 202:
                        answered.append(text)
                except (OSError, http.client.HTTPException):
                    return
                if len(answered) >= count:
                    enough.set()
        senders = [threading.Thread(target=send, args=[left[at::4]]) for at in range(4)]
        for sender in senders:
            sender.start()
        enough.wait(60)
        gateway.kill()
        for sender in senders:
            sender.join()
        known = {row[0] for row in gateway.rows("SELECT document_id FROM event")}
        for text in answered:
            self.assertIn(re.search(r"DocumentId>([^<]+)<", text).group(1), known)
            left.remove(text)
        return answered


class Tls(unittest.TestCase):
    def test_it_speaks_tls(self):
        gateway = HttpGateway("cert_file: cert.pem\nkey_file: key.pem")
        self.addCleanup(gateway.__exit__)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", "key.pem", "-out", "cert.pem"], cwd=gateway.folder,
                       check=True, capture_output=True)
        gateway.start()
        context = ssl.create_default_context(cafile=gateway.folder / "cert.pem")
        connection = http.client.HTTPSConnection(
            "127.0.0.1", gateway.port, timeout=60, context=context)
        for number in range(1, 4):
            answer = gateway.send(directive(number), connection=connection)
            self.assertEqual([answer.status, answer.json["document"]], [202, number])
        self.assertIn(connection.sock.version(), ["TLSv1.2", "TLSv1.3"])
        connection.close()
        self.assertEqual(gateway.stop(), 0)

    def test_a_key_that_is_not_the_certificates_ends_the_start(self):
        gateway = HttpGateway("cert_file: cert.pem\nkey_file: key.pem")
        self.addCleanup(gateway.__exit__)
        for name in ["cert.pem", "key.pem"]:
            (gateway.folder / name).write_text("-----BEGIN NOTHING-----\n")
        self.assertEqual(gateway.command("run").code, 78)


if __name__ == "__main__":
    unittest.main()
