"""A gateway that listens, and what its tests share. Every answer is held against
schemas/openapi.yaml, and every request that was taken."""
import http.client
import json
import re
import socket
import unittest

import openapi
from congvan import Gateway

TOKEN, NEXT, OTHER = "token-of-the-sender-one", "token-of-the-sender-two", "token-of-another-one"
READER, READER_7 = "token-of-the-reader-of-05", "token-of-the-reader-of-07"
MONITOR = "token-of-the-monitor-here"
QUEUE, QUEUE_7 = "congvan.agency.H99.05", "congvan.agency.H99.07"

HTTP = """\
http:
  port: 0
{settings}  readers:
    - {{organ: H99.05, token_file: reader05}}
    - {{organ: H99.07, token_file: reader07}}
adapters:
  - {{name: partner, type: http, direction: in, token_file: sender, max_bytes: 300000}}
  - {{name: events-in, type: http, direction: in, format: event, token_file: other}}
"""


class Answer:
    def __init__(self, response):
        self.status, self.headers = response.status, response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)


class HttpGateway(Gateway):
    """A gateway that listens; the port is the one its log names."""

    def __init__(self, settings="", **more):
        super().__init__(**more)
        for name, text in {"sender": f"{TOKEN}\n{NEXT}\n", "other": OTHER, "reader05": READER,
                           "reader07": READER_7, "monitor": MONITOR}.items():
            (self.folder / name).write_text(text)
            self.secret_files.append(self.folder / name)
            self.secrets += text.split()
        lines = "".join(f"  {line}\n" for line in settings.splitlines())
        text = self.config.read_text()
        self.config.write_text(text.replace("adapters:\n", HTTP.format(settings=lines)))

    @property
    def port(self):
        line = self.wait_until(lambda: self.logged("info listening"))[-1]
        return int(re.search(r":(\d+)\"?$", line).group(1))

    def connection(self, patience=60):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)

    def ask(self, method, path, body=None, token=None, connection=None, **headers):
        own = connection or self.connection()
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            if token:
                named["Authorization"] = f"Bearer {token}"
            own.request(method, path, body, named)
            answer = Answer(own.getresponse())
            self.said += [str(answer.headers), answer.body.decode("utf-8", "replace")]
            if wrong := openapi.complaints(
                    method, path, answer.status, answer.headers, answer.body):
                raise AssertionError(f"{method} {path}: {wrong}\n{answer.body}")
            if answer.status < 300 and (wrong := openapi.request_complaints(
                    method, path, named, body)):
                raise AssertionError(f"{method} {path}: taken though {wrong}")
            return answer
        finally:
            if not connection:
                own.close()

    def send(self, text, token=TOKEN, adapter="partner", **more):
        body = text if isinstance(text, bytes) else text.encode()
        return self.ask("POST", f"/in/{adapter}", body, token, **more)

    def read(self, what, token=READER, queue=QUEUE, **request):
        return self.ask("POST", f"/queues/{queue}/{what}", json.dumps(request), token)

    def pull_until(self, count, **request):
        """Messages until there are @count of new tasks; none is acknowledged. Reminders,
        which come when they come, are left out."""
        messages = []

        def look():
            some = self.read("pull", wait_ms=1000, **request).json["messages"]
            messages.extend(one for one in some if one["key"].startswith("task.assigned"))
            return len(messages) >= count
        self.wait_until(look)
        return messages

    def ready(self, status):
        """What /readyz says, if it says it with @status."""
        answer = self.ask("GET", "/readyz")
        return answer.json if answer.status == status else None

    @staticmethod
    def failing(ready):
        """The reasons of the checks that do not hold."""
        return {check["name"]: check["reason"] for check in ready["checks"] if not check["ok"]}

    def metric(self, name):
        """A number of /metrics, as soon as it is there."""
        def look():
            return [line for line in self.ask("GET", "/metrics").body.decode().splitlines()
                    if line.startswith(f"congvan_{name} ")]
        return float(self.wait_until(look)[0].rsplit(" ", 1)[1])


class HttpCase(unittest.TestCase):
    maxDiff = None
    settings = ""

    def setUp(self):
        self.gateway = HttpGateway(self.settings)
        self.addCleanup(self.gateway.__exit__)
        self.gateway.start()

    def check_problem(self, answer, status, word):
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        self.assertEqual(answer.json["type"], f"urn:congvan:problem:{word}")
        self.assertEqual(answer.json["status"], status)
        return answer

    def raw(self):
        connection = socket.create_connection(("127.0.0.1", self.gateway.port), timeout=60)
        self.addCleanup(connection.close)
        return connection

    @staticmethod
    def request(text, token=TOKEN, more=""):
        body = text.encode()
        return (f"POST /in/partner HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\n"
                f"Content-Length: {len(body)}\r\n{more}\r\n").encode() + body
