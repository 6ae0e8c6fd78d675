"""A peer that speaks HTTP: plays a case, faults included, and remembers what it was asked.

    with FakeHttp(case) as fake:                 # 127.0.0.1, a free port
        ... let the program talk to fake.url ...
        fake.requests                            # as they came, see Request
        fake.complaints                          # what came and was not expected
        fake.unplayed                            # steps nobody asked for
        fake.check()                             # AssertionError if there are any of either

A case is a dict (or the path of a JSON file with one): {"steps": [STEP…]}. A request gets
the first step that is not used up and whose method and path are its own; if its headers or
body are others than expected that is a complaint, and it is answered 400. A request without
a step is a complaint and is answered 404.

STEP   {"expect": EXPECT, "answer": ANSWER, "fault": FAULT, "times": 1 | "any"}
EXPECT "method" (GET), "path" (with the query, as sent; a regular expression if it begins
       with ^), "headers" {name: value or null: must not be there}, "body" (text) or "json"
       (compared as JSON)
ANSWER "status" (200), "headers" {name: value or [values]}, and one of "body" (text, or bytes
       from Python), "json", "base64", "file" (a path, beside the case file). In Python an
       answer may be a function of the Request that returns such a dict.
       {port} and {url} in header values and texts become those of the fake.
FAULT  what is done instead of, or with, the answer:
       "slow"             say nothing until the client gives up
       {"slow after": N}  the head and N bytes of the body, then the same
       "half"             half of the body, then the connection is cut
       {"cut": N}         N bytes of the body, then the connection is cut
       "no answer"        the connection is closed without a byte
       "wrong json"       the answer's body with its last byte missing, whole as HTTP
       "not http"         some bytes that are no HTTP

Nothing here waits for a time: who is slow holds on until the client has closed.

TLS: FakeHttp(case, certificate="good"), from a Certificates folder made at test time
(FakeHttp makes one of its own unless given: fake.certificates.ca). Which certificate is
shown may be changed at any moment for the connections to come: fake.certificate = "expired".
    good, expired, other (another host's), stranger (another CA's);
    client_ca=True asks the client for a certificate of the same CA (Certificates.client).

From C: tests/lib/fake_http_process.h runs this file with a case file as a program of its own:
    python3 fake_http.py CASE.json [CERTIFICATE [client]] [--folder FOLDER]
which says `URL CA_FILE CLIENT_PEM` on one line, plays until its standard input ends, then
writes `requests N connections M` and each complaint on a line, and exits 1 if there were any.
"""
import base64
import json
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

REASONS = {200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 302: "Found",
           304: "Not Modified", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
           404: "Not Found", 409: "Conflict", 410: "Gone", 422: "Unprocessable Content",
           429: "Too Many Requests", 500: "Internal Server Error",
           503: "Service Unavailable"}


class Certificates:
    """A certificate authority of its own and what it has signed, in @folder."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.ca = self.folder / "ca.pem"
        self.client = self.folder / "client.pem"  # certificate and key
        self.locked_client = self.folder / "locked.pem"  # the key's password is "opensesame"
        if not self.ca.exists():
            self._make()

    def path(self, name):
        return self.folder / f"{name}.pem"

    def _openssl(self, *words):
        subprocess.run(["openssl", *[str(word) for word in words]], check=True,
                       cwd=self.folder, capture_output=True)

    def _make(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        for ca in ("ca", "foreign"):
            self._openssl("req", "-x509", *self._new_key(ca), "-out", f"{ca}.pem",
                          "-subj", f"/CN=test {ca}", "-days", "30")
        here = "IP:127.0.0.1,DNS:localhost"
        self._sign("good", "ca", here, 30)
        self._sign("expired", "ca", here, -1)
        self._sign("other", "ca", "DNS:other.example", 30)
        self._sign("stranger", "foreign", here, 30)
        self._sign("client", "ca", "DNS:congvan.example", 30)
        self._openssl("pkey", "-in", "client.key", "-aes128", "-passout", "pass:opensesame",
                      "-out", "locked.key")
        self.locked_client.write_bytes((self.folder / "client.crt").read_bytes() +
                                       (self.folder / "locked.key").read_bytes())

    def _new_key(self, name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", f"{name}.key"]

    def _sign(self, name, ca, names, days):
        (self.folder / "names").write_text(f"subjectAltName={names}\n")
        self._openssl("req", *self._new_key(name), "-out", "request", "-subj", f"/CN={name}")
        self._openssl("x509", "-req", "-in", "request", "-CA", f"{ca}.pem", "-CAkey",
                      f"{ca}.key", "-CAcreateserial", "-extfile", "names", "-days", days,
                      "-out", f"{name}.crt")
        self.path(name).write_bytes((self.folder / f"{name}.crt").read_bytes() +
                                    (self.folder / f"{name}.key").read_bytes())


@dataclass
class Request:
    method: str
    path: str  # with the query
    headers: dict  # names in lower case
    body: bytes
    connection: int  # which one it came on, from 1

    @property
    def json(self):
        return json.loads(self.body)

    def __str__(self):
        return f"{self.method} {self.path}"


@dataclass
class Step:
    expect: dict = field(default_factory=dict)
    answer: object = field(default_factory=dict)
    fault: object = None
    times: object = 1
    played: int = 0

    def is_for(self, request):
        path = self.expect.get("path", "^")
        if self.times != "any" and self.played >= self.times:
            return False
        if request.method != self.expect.get("method", "GET"):
            return False
        return bool(re.search(path, request.path)) if path.startswith("^") \
            else path == request.path

    def complaint(self, request):
        """What of @request is not as expected, or None."""
        for name, value in self.expect.get("headers", {}).items():
            if (came := request.headers.get(name.lower())) != value:
                return f"{request}: header {name} is {came!r}, not {value!r}"
        if "body" in self.expect and request.body.decode() != self.expect["body"]:
            return f"{request}: body is {request.body!r}, not {self.expect['body']!r}"
        if "json" in self.expect and request.json != self.expect["json"]:
            return f"{request}: body is {request.json!r}, not {self.expect['json']!r}"
        return None


class _Gone(Exception):
    """The client has closed."""


class _Connection:
    """One client: reads requests off it, writes answers onto it."""

    def __init__(self, fake, wire, number):
        self.fake, self.wire, self.number, self.bytes = fake, wire, number, b""

    def serve(self):
        try:
            while self.fake.play(self, self._read_request()):
                pass
        except (_Gone, OSError):
            pass
        finally:
            self.close()

    def close(self):
        try:
            self.wire.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it was quicker
        self.wire.close()

    def _more(self):
        piece = self.wire.recv(65536)
        if not piece:
            raise _Gone
        self.bytes += piece

    def _take(self, count):
        while len(self.bytes) < count:
            self._more()
        taken, self.bytes = self.bytes[:count], self.bytes[count:]
        return taken

    def _read_request(self):
        while b"\r\n\r\n" not in self.bytes:
            self._more()
        head, _, self.bytes = self.bytes.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in
                   (line.partition(":") for line in lines)}
        method, path, _ = first.split(" ")
        body = self._read_chunks() if headers.get("transfer-encoding") == "chunked" else \
            self._take(int(headers.get("content-length", 0)))
        return Request(method, path, headers, body, self.number)

    def _read_chunks(self):
        body = b""
        while True:
            while b"\r\n" not in self.bytes:
                self._more()
            size, _, self.bytes = self.bytes.partition(b"\r\n")
            piece = self._take(int(size, 16) + 2)[:-2]
            if not piece:
                return body
            body += piece

    def hold(self):
        """Until the client gives up."""
        while True:
            self._more()

    def write(self, data):
        self.wire.sendall(data)


class FakeHttp:
    """See above. @certificate None: plain HTTP."""

    def __init__(self, case=None, certificate=None, certificates=None, client_ca=False):
        self.base = Path(".")
        if isinstance(case, (str, Path)):
            self.base, case = Path(case).parent, json.loads(Path(case).read_text())
        case = case or {}
        self.steps = [Step(**step) for step in case.get("steps", [])]
        self.certificate = certificate or case.get("certificate")
        self.client_ca = client_ca or case.get("client_ca", False)
        self.requests, self.complaints = [], []
        self.news = threading.Condition()
        self.connections, self.wires, self.threads = 0, set(), []
        self.temporary = None
        self.certificates = certificates
        if self.certificate and not certificates:
            self.temporary = tempfile.TemporaryDirectory(prefix="congvan-tls-")
            self.certificates = Certificates(self.temporary.name)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http{'s' if self.certificate else ''}://127.0.0.1:{self.port}"
        self._thread(self._accept)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Cut every connection and take no more."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self.news:
            doomed = list(self.wires)
        for wire in doomed:
            try:
                wire.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self.threads:
            thread.join()
        if self.temporary:
            self.temporary.cleanup()

    # --- what a test asks -----------------------------------------------------------

    @property
    def unplayed(self):
        return [step for step in self.steps if step.times != "any" and
                step.played < step.times]

    def add(self, *steps):
        """More steps, at the end."""
        with self.news:
            self.steps += [Step(**step) for step in steps]

    def asked(self, method=None, path=""):
        """The requests so far of that method whose path has @path in it."""
        with self.news:
            return [request for request in self.requests
                    if method in (None, request.method) and path in request.path]

    def check(self):
        wrong = self.complaints + [f"nobody asked: {step}" for step in self.unplayed]
        if wrong:
            raise AssertionError("\n".join(wrong))

    # --- playing --------------------------------------------------------------------

    def _thread(self, function, *args):
        thread = threading.Thread(target=function, args=args, daemon=True)
        thread.start()
        self.threads.append(thread)

    def _accept(self):
        while True:
            try:
                wire, _ = self.listener.accept()
            except OSError:
                return
            with self.news:
                self.connections += 1
                self.wires.add(wire)
                number = self.connections
            self._thread(self._serve, wire, number)

    def _serve(self, wire, number):
        secured = wire
        try:
            if self.certificate:
                secured = self._context().wrap_socket(
                    wire, server_side=True, do_handshake_on_connect=False)
                with self.news:
                    self.wires.add(secured)
                self._shake_hands(secured)
            _Connection(self, secured, number).serve()
        except (OSError, ssl.SSLError):
            pass  # the client did not like us, or we not the client
        finally:
            with self.news:
                self.wires -= {wire, secured}
            secured.close()

    @staticmethod
    def _shake_hands(secured):
        """If it fails, the client shall read why: whoever closes on unread bytes resets."""
        try:
            secured.do_handshake()
        except ssl.SSLError:
            socket.socket.shutdown(secured, socket.SHUT_WR)
            while socket.socket.recv(secured, 65536):
                pass
            raise

    def _context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificates.path(self.certificate))
        if self.client_ca:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.certificates.ca)
        return context

    def _step_for(self, request):
        """The step of @request, marked as played, and what is wrong with it."""
        with self.news:
            self.requests.append(request)
            step = next((step for step in self.steps if step.is_for(request)), None)
            if step:
                step.played += 1
                complaint = step.complaint(request)
            else:
                complaint = f"{request}: not expected"
            if complaint:
                self.complaints.append(complaint)
            self.news.notify_all()
        if not step:
            return Step(answer={"status": 404, "body": complaint})
        return Step(answer={"status": 400, "body": complaint}) if complaint else step

    def play(self, connection, request):
        """Answer; True if the connection goes on."""
        step = self._step_for(request)
        answer = step.answer(request) if callable(step.answer) else step.answer
        fault = answer.get("fault", step.fault)
        if fault == "slow":
            connection.hold()
        if fault == "no answer":
            return False
        if fault == "not http":
            connection.write(b"220 mail.example ESMTP\r\n")
            return False
        head, body = self._message(request, answer, fault)
        limit = self._limit(fault, body)
        connection.write(head + (body if limit is None else body[:limit]))
        if limit is not None and "slow after" in fault:
            connection.hold()
        return limit is None and request.headers.get("connection", "").lower() != "close"

    @staticmethod
    def _limit(fault, body):
        """After how many bytes of the body it ends, None: whole."""
        if fault == "half":
            return len(body) // 2
        if isinstance(fault, dict):
            return fault.get("cut", fault.get("slow after"))
        return None

    def _fill(self, text):
        return text.replace("{port}", str(self.port)).replace("{url}", self.url)

    def _body(self, answer):
        if "json" in answer:
            return self._fill(json.dumps(answer["json"], ensure_ascii=False)).encode()
        if "base64" in answer:
            return base64.b64decode(answer["base64"])
        if "file" in answer:
            return (self.base / answer["file"]).read_bytes()
        body = answer.get("body", "")
        return body if isinstance(body, bytes) else self._fill(body).encode()

    def _message(self, request, answer, fault):
        status, body = answer.get("status", 200), self._body(answer)
        if fault == "wrong json":
            body = body[:-1]
        headers = {"Content-Type": "application/json" if "json" in answer else "text/plain",
                   **answer.get("headers", {})}
        if status not in (204, 304):
            headers.setdefault("Content-Length", str(len(body)))
        lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}"]
        for name, values in headers.items():
            for value in values if isinstance(values, list) else [values]:
                lines.append(f"{name}: {self._fill(value)}")
        if request.method == "HEAD" or status in (204, 304):
            body = b""
        return "\r\n".join([*lines, "", ""]).encode(), body


def main(words):
    folder = words.pop(words.index("--folder") + 1) if "--folder" in words else None
    words = [word for word in words if word != "--folder"]
    case, certificate, *client = [*words, None][:3]
    certificates = Certificates(folder) if folder and certificate else None
    with FakeHttp(case, certificate, certificates, bool(client and client[0])) as fake:
        known = fake.certificates
        print(fake.url, *([known.ca, known.client] if known else ["-", "-"]), flush=True)
        sys.stdin.read()
    print(f"requests {len(fake.requests)} connections {fake.connections}")
    wrong = fake.complaints + [f"nobody asked: {step}" for step in fake.unplayed]
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
