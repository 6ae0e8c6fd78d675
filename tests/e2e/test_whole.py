"""The whole loop, every peer there: a ministry's directive comes over the axis, the agency's
program hears of it from RabbitMQ with its own user and writes a draft, then the answer, in its
e-office; the gateway asks the e-office, closes the task, tells the task system, and the
ministry hears status 6. Nobody typed anything.
"""
import os
import re
import subprocess
import threading
import unittest
import urllib.parse

from congvan import PATIENCE, Gateway
from documents import LEAD, directive, directive_id
from fake_axis import SECRET as AXIS_SECRET
from fake_axis import FakeAxis
from fake_http import FakeHttp
from fake_receivers import TOKEN, TaskSystem

SECRETS = {"AXIS_SECRET": AXIS_SECRET, "TASKS_TOKEN": TOKEN,
           "OFFICE_TOKEN": "office-token-of-the-tests",
           "CONGVAN_TEST_GATEWAY": "gateway-secret-of-the-tests",
           "CONGVAN_TEST_LEAD": "lead-secret-of-the-tests"}
VHOST = "congvan-whole"
QUEUE = ('{{type: amqp, url: "amqp://gateway@127.0.0.1:{port}/' + VHOST + '",'
         ' password_env: CONGVAN_TEST_GATEWAY, management_url: "{management}",'
         ' management_user: guest, management_password_env: CONGVAN_TEST_ADMIN}}')
MORE = """\
  - {{name: axis-in, type: vxp, direction: in, url: "{axis}", system_id: H99,
     secret_env: AXIS_SECRET, interval_s: 1, statuses_to: axis-out}}
  - {{name: axis-out, type: vxp, direction: out, url: "{axis}", system_id: H99,
     secret_env: AXIS_SECRET}}
  - name: office
    type: http-poll
    direction: in
    format: event
    interval_s: 1
    auth: {{type: bearer, secret_env: OFFICE_TOKEN}}
    list: {{url: "{office}/papers?after={{cursor}}", items: /papers, id: /id}}
    cursor: {{from: items, path: /number, start: "0"}}
    document: {{path: /event}}
{tasks}
agencies:
  - {{organ: "{lead}", password_env: CONGVAN_TEST_LEAD}}
"""


class Office(FakeHttp):
    """The agency's e-office: a list of papers, each a document event."""

    def __init__(self):
        self.papers, self.lock = [], threading.Lock()
        super().__init__({"steps": [{"expect": {"path": "^/papers"}, "answer": self.list,
                                     "times": "any"}]})

    def list(self, request):
        if request.headers.get("authorization") != f"Bearer {SECRETS['OFFICE_TOKEN']}":
            return {"status": 401}
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(request.path).query)
        after = int(query["after"][0])
        with self.lock:
            return {"json": {"papers": [paper for paper in self.papers
                                        if paper["number"] > after]}}

    def write(self, stage, **members):
        """A paper of the agency's about the ministry's directive."""
        event = {"kind": "document", "stage": stage, "source": "office-of-the-agency",
                 "document_id": f"{LEAD},2025/12/08,1/VP",
                 "code": {"number": "1", "notation": "VP"}, "issued_on": "2025-12-08",
                 "from": {"organ_id": LEAD}, "to": [{"organ_id": "H99"}],
                 "subject": "V/v kết quả rà soát",
                 "response_for": [{"organ_id": "H99", "document_id": directive_id(1)}], **members}
        with self.lock:
            number = len(self.papers) + 1
            self.papers.append({"id": f"P{number}", "number": number, "event": event})


class Whole(unittest.TestCase):
    def begin(self):
        self.axis, self.office, self.tasks = FakeAxis(), Office(), TaskSystem()
        for peer in (self.axis.http, self.office, self.tasks):
            self.addCleanup(peer.close)
        self.port = urllib.parse.urlsplit(os.environ["CONGVAN_TEST_AMQP_URL"]).port
        gateway = Gateway(
            queue=QUEUE.format(port=self.port,
                               management=os.environ["CONGVAN_TEST_MANAGEMENT_URL"]),
            more=MORE.format(axis=self.axis.url, office=self.office.url, lead=LEAD,
                             tasks=self.tasks.adapter()))
        self.addCleanup(gateway.__exit__)
        gateway.environment["CONGVAN_TEST_ADMIN"] = "guest"
        gateway.give(**SECRETS)
        self.assertEqual(gateway.command("topology", "--apply").code, 0)
        return gateway

    def listen(self):
        """The consumer of docs/consumers as the agency runs it; its lines as they come."""
        process = subprocess.Popen(
            [os.environ["CONGVAN_CONSUMER"], "127.0.0.1", str(self.port), VHOST,
             f"agency.{LEAD}", LEAD], text=True, stdout=subprocess.PIPE,
            env={**os.environ, "AMQP_PASSWORD": SECRETS["CONGVAN_TEST_LEAD"]})
        self.addCleanup(lambda: (process.kill(), process.communicate()))
        self.heard = []

        def read():
            for line in process.stdout:
                self.heard.append(line.split())

        threading.Thread(target=read, daemon=True).start()

    def wait_heard(self, gateway, name):
        gateway.wait_until(lambda: [line for line in self.heard
                                    if line[1] == f"vn.congvan.{name}.v1"], PATIENCE)

    def statuses(self):
        codes = []
        for message in self.axis.sent:
            code = int(re.search("StatusCode>([0-9]+)<", message["body"].decode())[1])
            if code not in codes:
                codes.append(code)
        return codes

    def test_from_the_axis_to_the_agency_and_back(self):
        gateway = self.begin()
        gateway.start()
        self.listen()
        self.axis.put("axis-1", directive(1))
        self.wait_heard(gateway, "task.assigned")
        gateway.wait_until(lambda: self.statuses() == [1])
        self.office.write("draft")
        self.wait_heard(gateway, "task.in_progress")
        gateway.wait_until(lambda: self.statuses() == [1, 5])
        self.office.write("issued")
        self.wait_heard(gateway, "task.completed")
        gateway.wait_until(lambda: self.statuses() == [1, 5, 6])
        gateway.wait_until(lambda: self.tasks.history("NV-1") == [1, 4])
        gateway.wait_until(lambda: not gateway.untold())
        task, = gateway.tasks()
        self.assertEqual([task["state"], task["timeliness"], task["closed_by"]["code"]],
                         ["completed", "on_time", "1/VP"])
        self.assertEqual(self.axis.done, [("axis-1", "done")])
        self.assertEqual(gateway.stop(), 0)
        self.assertEqual([line for line in gateway.log if "unavailable" in line], [])
        gateway.verified()
        self.axis.check()
        self.tasks.check()
        gateway.check_unseen()

    def test_every_peer_fails_once_and_the_loop_closes_all_the_same(self):
        gateway = self.begin()
        gateway.start()
        self.listen()
        self.axis.fault("getReceivedEdocList", {"status": 500})
        self.axis.fault("getEdoc", "half")
        self.axis.fault("updateStatus", {"status": 503})
        self.tasks.trouble(500, "half")
        self.axis.put("axis-1", directive(1))
        self.wait_heard(gateway, "task.assigned")
        gateway.kill()
        gateway.start()
        self.axis.fault("sendEdoc", "half")
        self.office.write("issued")
        self.wait_heard(gateway, "task.completed")
        gateway.wait_until(lambda: self.statuses() == [1, 6])
        gateway.wait_until(lambda: self.tasks.history("NV-1") == [1, 4])
        gateway.wait_until(lambda: not gateway.untold())
        self.assertEqual(len(gateway.tasks(state="completed")), 1)
        self.assertEqual(gateway.stop(), 0)
        counted = gateway.verified()["outcomes"]
        self.assertEqual([counted["applied"], counted["conflict"]], [2, 0])


if __name__ == "__main__":
    unittest.main()
