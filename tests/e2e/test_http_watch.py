"""Agencies read their queues over HTTP, and whoever watches the gateway is told how it is."""
import json
import os
import re
import shutil
import subprocess
import threading
import unittest

import openapi
import queues
from documents import directive, reply
from web import (MONITOR, QUEUE, QUEUE_7, READER, READER_7, TOKEN, HttpCase, HttpGateway)

class Agencies(HttpCase):
    def test_an_agency_pulls_and_acknowledges(self):
        gateway = self.gateway
        for number in range(1, 4):
            gateway.send(directive(number))
        messages = gateway.pull_until(3, max=2)
        self.assertEqual([message["event"]["subject"] for message in messages],
                         ["NV-1", "NV-2", "NV-3"])
        self.assertEqual({message["redelivered"] for message in messages}, {False})
        self.assertEqual(messages[0]["id"], messages[0]["event"]["id"])
        self.assertEqual(messages[0]["key"], "task.assigned.H99.05")
        tags = [message["tag"] for message in messages]
        done = gateway.read("ack", tags=tags[1:2])
        self.assertEqual([done.status, done.json], [200, {"acknowledged": 1}])
        again = self.check_problem(gateway.read("ack", tags=tags[:2]), 409, "unknown-tag")
        self.assertEqual([again.json["acknowledged"], again.json["unknown"]], [1, [tags[1]]])
        self.assertEqual(gateway.read("ack", upto=tags[2]).json, {"acknowledged": 1})
        self.assertEqual(gateway.read("pull").json, {"messages": []})

    def test_what_was_not_acknowledged_comes_again_after_a_restart(self):
        gateway = self.gateway
        for number in range(1, 3):
            gateway.send(directive(number))
        first = gateway.pull_until(2)
        gateway.read("ack", tags=[first[0]["tag"]])
        gateway.kill()
        gateway.start()
        # A tag of an earlier life acknowledges nothing.
        self.check_problem(gateway.read("ack", tags=[first[1]["tag"]]), 409, "unknown-tag")
        again = gateway.pull_until(1)
        self.assertEqual([(one["id"], one["redelivered"]) for one in again],
                         [(first[1]["id"], True)])
        self.check_problem(gateway.read("ack", tags=[first[1]["tag"]]), 409, "unknown-tag")
        self.assertEqual(gateway.read("ack", tags=[again[0]["tag"]]).json, {"acknowledged": 1})

    def test_what_is_rejected_is_in_the_dead_letter_queue(self):
        gateway = self.gateway
        gateway.send(directive(1))
        message, = gateway.pull_until(1)
        self.assertEqual(gateway.read("reject", tags=[message["tag"]], reason="no").json,
                         {"rejected": 1})
        self.assertEqual(gateway.read("pull").json, {"messages": []})
        dead = queues.embedded().take(gateway, QUEUE + ".dead")
        self.assertEqual([one.id for one in dead], [message["id"]])
        # What is acknowledged is not there.
        gateway.send(directive(2))
        message, = gateway.pull_until(1)
        gateway.read("ack", tags=[message["tag"]])
        self.assertEqual(queues.embedded().take(gateway, QUEUE + ".dead"), [])

    def test_a_long_poll_is_answered_when_something_comes(self):
        gateway, got = self.gateway, []
        waiting = threading.Thread(target=lambda: got.append(
            gateway.read("pull", wait_ms=30000).json["messages"]))
        waiting.start()
        gateway.send(directive(1))
        waiting.join()
        self.assertEqual([one["event"]["subject"] for one in got[0]], ["NV-1"])

    def test_an_agency_reads_only_its_own(self):
        gateway = self.gateway
        gateway.send(directive(1))
        self.check_problem(gateway.read("pull", token=None), 401, "unauthorized")
        self.check_problem(gateway.read("pull", token=TOKEN), 401, "unauthorized")
        self.check_problem(gateway.read("pull", queue=QUEUE_7), 403, "forbidden")
        self.check_problem(gateway.read("pull", queue="elsewhere"), 403, "forbidden")
        self.assertEqual(gateway.read("pull", token=READER_7, queue=QUEUE_7).json,
                         {"messages": []})
        for request in [{"max": 0}, {"max": 1001}, {"max": "2"}, {"wait_ms": 30001},
                        {"many": 1}]:
            self.check_problem(gateway.read("pull", **request), 400, "bad-request")
        for request in [{}, {"tags": "x"}, {"tags": [1]}, {"upto": 1}, {"reason": "x"}]:
            self.check_problem(gateway.read("ack", **request), 400, "bad-request")
        for body in ["[]", "{", '{"max":1,"max":2}']:
            self.check_problem(gateway.ask("POST", f"/queues/{QUEUE}/pull", body, READER),
                               400, "bad-request")
        self.check_problem(
            gateway.ask("POST", f"/queues/{QUEUE}/ack", "x" * 200000, READER), 413, "too-large")


class Broker(unittest.TestCase):
    def test_with_a_broker_agencies_are_sent_there(self):
        gateway = HttpGateway(queue='{type: amqp, url: "amqp://127.0.0.1:1/"}')
        self.addCleanup(gateway.__exit__)
        text = gateway.config.read_text()
        gateway.config.write_text(re.sub(r"  readers:\n(    .*\n)+", "", text))
        gateway.start()
        answer = gateway.read("pull")
        self.assertEqual([answer.status, answer.json["type"]],
                         [501, "urn:congvan:problem:use-broker"])
        self.assertEqual(gateway.send(directive(1)).status, 202)
        # Its own sink is down, the folder is not: it can still tell somebody.
        gateway.wait_until(lambda: gateway.logged("warning sink-unavailable"))
        self.assertEqual(gateway.ask("GET", "/readyz").status, 200)
        # … until the folder is down too.
        gateway.wait_until(
            lambda: all(row["sink"] != "events" for row in gateway.untold()))
        shutil.rmtree(gateway.outbox)
        gateway.outbox.write_text("no folder")
        gateway.send(directive(2))
        ready = gateway.wait_until(lambda: gateway.ready(503))
        self.assertEqual([gateway.failing(ready), [one["ok"] for one in ready["sinks"]]],
                         [{"tell": "no sink can be told"}, [False, False]])


class Patience(HttpCase):
    settings = "visibility_seconds: 1"

    def test_what_is_not_acknowledged_in_time_comes_again_under_a_new_tag(self):
        gateway = self.gateway
        gateway.send(directive(1))
        first, = gateway.pull_until(1)
        again, = gateway.pull_until(1)
        self.assertEqual([again["id"], again["redelivered"]], [first["id"], True])
        self.assertNotEqual(again["tag"], first["tag"])
        self.check_problem(gateway.read("ack", tags=[first["tag"]]), 409, "unknown-tag")
        self.assertEqual(gateway.read("ack", tags=[again["tag"]]).status, 200)


class Watched(HttpCase):
    def test_it_lives_and_is_ready(self):
        self.assertEqual(self.gateway.ask("GET", "/livez").json, {"status": "alive"})
        self.assertEqual(self.gateway.ask("HEAD", "/livez").body, b"")
        ready = self.gateway.wait_until(lambda: self.gateway.ready(200))
        self.assertEqual(ready["status"], "ready")
        self.assertEqual({check["name"]: check["ok"] for check in ready["checks"]},
                         {"running": True, "take": True, "commit": True, "tell": True})
        self.assertEqual([one["name"] for one in ready["sources"]],
                         ["partner", "events-in", "inbox"])
        self.assertEqual([one["name"] for one in ready["sinks"]], ["queue", "events"])

    def test_a_source_that_is_down_is_said(self):
        gateway = self.gateway
        gateway.inbox.rename(gateway.folder / "elsewhere")
        gateway.wait_until(lambda: gateway.logged("warning source-unavailable"))
        ready = gateway.wait_until(lambda: gateway.ready(200))
        self.assertEqual([(one["name"], one["ok"]) for one in ready["sources"]],
                         [("partner", True), ("events-in", True), ("inbox", False)])
        up = 'source_up{{adapter="{}"}}'
        self.assertEqual([gateway.metric(up.format(name)) for name in ("partner", "inbox")],
                         [1, 0])
        (gateway.folder / "elsewhere").rename(gateway.inbox)
        gateway.wait_until(lambda: gateway.metric(up.format("inbox")) == 1)

    def test_a_disk_with_too_little_room_is_said_before_anything_is_refused(self):
        gateway = self.gateway
        gateway.send(directive(1))
        gateway.wait_until(lambda: not gateway.untold())
        gateway.limit_files(1000)
        ready = gateway.wait_until(lambda: gateway.ready(503))
        self.assertEqual(gateway.failing(ready),
                         {"commit": "the data folder: No space left on device"})
        self.assertEqual(gateway.metric("ledger_up"), 1)
        gateway.limit_files(-1)
        gateway.wait_until(lambda: gateway.ready(200))
        self.assertFalse((gateway.data / ".readyz").exists())

    def test_a_full_disk_is_said_at_once_and_loses_nothing(self):
        gateway = self.gateway
        gateway.send(directive(1))
        gateway.wait_until(lambda: not gateway.untold())
        gateway.limit_files(0)
        refused = self.check_problem(gateway.send(directive(2)), 503, "ledger-unavailable")
        self.assertGreater(int(refused.headers["Retry-After"]), 0)
        # From now on it is known before the body comes.
        self.check_problem(gateway.send(directive(3)), 503, "ledger-unavailable")
        failing = {check["name"]: check for check in
                   gateway.wait_until(lambda: gateway.ready(503))["checks"]}
        self.assertFalse(failing["commit"]["ok"])
        self.assertIn("congvan_ledger_up 0\n", gateway.ask("GET", "/metrics").body.decode())
        gateway.limit_files(-1)
        gateway.wait_until(lambda: gateway.ready(200))
        # What was refused may have been committed meanwhile: sent again it is the same.
        self.assertIn(gateway.send(directive(2)).json["outcome"], ["applied", "duplicate"])
        self.assertEqual(gateway.send(directive(3)).json["outcome"], "applied")
        self.assertEqual(gateway.verified()["outcomes"]["applied"], 3)

    def test_a_sink_that_is_down_is_said_and_does_no_harm(self):
        gateway = self.gateway
        gateway.send(directive(1))  # once it is told the sink has its folder
        gateway.wait_until(lambda: not gateway.untold())
        shutil.rmtree(gateway.outbox)
        gateway.outbox.write_text("no folder")
        self.assertEqual(gateway.send(directive(2)).status, 202)
        gateway.wait_until(lambda: gateway.logged("warning sink-unavailable"))
        ready = gateway.ready(200)
        self.assertEqual([one["ok"] for one in ready["sinks"]], [True, False])
        self.assertNotEqual(gateway.metric('sink_state{sink="events",state="working"}'), 1)
        self.assertGreater(gateway.metric('outbox_depth{sink="events"}'), 0)
        age = 'outbox_oldest_age_seconds{{sink="{}"}}'
        gateway.wait_until(lambda: gateway.metric(age.format("events")) > 0)
        gateway.wait_until(lambda: gateway.metric('outbox_depth{sink="queue"}') == 0)
        self.assertEqual(gateway.metric(age.format("queue")), 0)
        gateway.outbox.unlink()
        gateway.outbox.mkdir()

    def test_the_metrics_are_what_happened(self):
        gateway = self.gateway
        gateway.send(directive(1))
        gateway.send(directive(1))
        gateway.send("<bad")
        gateway.send(reply(7))
        samples = strict(self, gateway.ask("GET", "/metrics").body.decode())
        self.assertEqual(samples['received_total{adapter="partner"}'], 4)
        outcome = 'outcomes_total{{adapter="partner",outcome="{}"}}'
        self.assertEqual([samples[outcome.format(word)] for word in
                          ("applied", "duplicate", "quarantined", "parked", "conflict")],
                         [1, 1, 1, 1, 0])
        self.assertEqual([samples["parked"], samples["quarantined"]], [1, 1])
        self.assertGreater(samples['last_event_timestamp_seconds{adapter="partner"}'], 1.7e9)
        self.assertEqual(samples['last_event_timestamp_seconds{adapter="inbox"}'], 0)
        self.assertGreaterEqual(samples["commit_seconds_count"], 1)
        self.assertEqual(samples['http_answers_total{path="/in/{adapter}",code="2xx"}'], 3)
        self.assertEqual(samples['http_answers_total{path="/in/{adapter}",code="4xx"}'], 1)
        version = gateway.command("version").lines[0]["version"]
        self.assertEqual(samples[f'build_info{{version="{version}"}}'], 1)


NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(\{{{LABEL}(?:,{LABEL})*\}})? (\S+)")


def strict(test, text):
    """The samples of a text in Prometheus' format, read as strictly as it is defined."""
    test.assertTrue(text.endswith("\n"))
    samples, types, current = {}, {}, None
    for line in text.splitlines():
        if line.startswith("# HELP "):
            current = line.split(" ")[2]
            test.assertNotIn(current, types, "a metric's lines stand together")
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            test.assertEqual(name, current)
            test.assertIn(kind, ["counter", "gauge", "histogram"])
            types[name] = kind
        else:
            match = SAMPLE.fullmatch(line)
            test.assertTrue(match, line)
            name, labels, value = match.groups()
            base = re.sub("_(bucket|sum|count)$", "", name) \
                if types[current] == "histogram" else name
            test.assertEqual(base, current, line)
            test.assertEqual(types[current] == "counter", name.endswith("_total"), line)
            key = name.removeprefix("congvan_") + (labels or "")
            test.assertNotIn(key, samples)
            samples[key] = float(value)
    buckets = [value for name, value in samples.items() if name.startswith("commit_seconds_b")]
    test.assertEqual(buckets, sorted(buckets))
    test.assertEqual(buckets[-1], samples["commit_seconds_count"])
    return samples


class Deaf(unittest.TestCase):
    def begin(self, change):
        gateway = HttpGateway()
        self.addCleanup(gateway.__exit__)
        gateway.config.write_text(change(gateway.config.read_text()))
        return gateway

    def test_it_is_not_ready_while_no_source_is_open(self):
        gateway = self.begin(lambda text: re.sub(r"  - \{name: .*type: http,.*\n", "", text))
        gateway.inbox.rmdir()
        gateway.inbox.write_text("no folder")
        gateway.launch()
        ready = gateway.wait_until(lambda: gateway.ready(503))
        self.assertEqual(gateway.failing(ready), {"take": "no source is open"})
        gateway.inbox.unlink()
        gateway.wait_until(lambda: gateway.ready(200))

    def test_what_a_receiver_refuses_is_counted(self):
        # An event's id begins with the site; the folder takes no hidden names.
        gateway = self.begin(lambda text: text.replace("site: H99\n", 'site: ".H99"\n'))
        gateway.start()
        gateway.send(directive(1))
        dead = 'dead_letters{{sink="{}"}}'
        gateway.wait_until(lambda: gateway.metric(dead.format("events")) >= 2)
        self.assertEqual(gateway.metric(dead.format("queue")), 0)


class WatchedByToken(HttpCase):
    settings = "monitor_token_file: monitor"

    def test_with_a_token_set_only_its_holder_may_look(self):
        gateway = self.gateway
        for path in ["/readyz", "/metrics"]:
            self.check_problem(gateway.ask("GET", path), 401, "unauthorized")
            self.check_problem(gateway.ask("GET", path, token=TOKEN), 401, "unauthorized")
            self.assertEqual(gateway.ask("GET", path, token=MONITOR).status, 200)
        gateway.check_unseen()
        self.assertEqual(gateway.ask("GET", "/livez").status, 200)


class Described(unittest.TestCase):
    def test_the_description_has_what_is_served_and_nothing_else(self):
        served = subprocess.run([os.environ["CONGVAN_ROUTES"]], capture_output=True, text=True,
                                check=True).stdout.splitlines()
        self.assertEqual({tuple(line.split(" ")) for line in served}, openapi.routes())

    def test_it_is_a_description(self):
        described = openapi.description()
        self.assertEqual(described["openapi"], "3.1.0")
        for name, schema in described["components"]["schemas"].items():
            with self.subTest(schema=name):
                openapi.jsonschema.Draft202012Validator.check_schema(schema)

    def test_it_would_notice(self):
        problem = {"Content-Type": "application/problem+json", "Allow": "POST"}
        body = json.dumps({"type": "urn:congvan:problem:unauthorized", "title": "", "status": 401,
                           "detail": ""})
        self.assertEqual(openapi.complaints("GET", "/in/x", 405, problem, body), [])
        for status, headers, text in [(401, problem, body), (200, problem, body),
                                      (405, {}, body), (405, problem, "{}")]:
            self.assertTrue(openapi.complaints("POST", "/in/x", status, headers, text))
        self.assertTrue(openapi.complaints("GET", "/other", 200, {}, ""))

    def test_it_would_notice_a_request(self):
        for path, headers, body in [("/queues/q/pull", {}, None),
                                    ("/queues/q/pull", {}, '{"max": 1}'),
                                    ("/queues/q/ack", {}, '{"upto": "1"}'),
                                    ("/in/x", {"Content-Type": "application/xml"}, "<a/>")]:
            self.assertEqual(openapi.request_complaints("POST", path, headers, body), [])
        for path, headers, body in [("/queues/q/pull", {}, '{"max": 0}'),
                                    ("/queues/q/pull", {}, '{"colour": 1}'),
                                    ("/queues/q/pull", {}, "{"),
                                    ("/queues/q/ack", {}, "{}"), ("/queues/q/ack", {}, None),
                                    ("/in/x", {"Content-Type": "text/html"}, "<a/>"),
                                    ("/in/x", {}, "")]:
            self.assertTrue(openapi.request_complaints("POST", path, headers, body), body)


if __name__ == "__main__":
    unittest.main()
