"""Who is told over HTTP: a task system, and a receiver of webhooks. Both on loopback.

    with TaskSystem() as tasks:
        tasks.trouble(500, "half")       # what the next requests meet, one each; then all is well
        ... a gateway with tasks.adapter() in its configuration ...
        tasks.history("NV-1")            # what was done about the task, in order
        tasks.check()                    # AssertionError if anything was not as it should be

    with HookReceiver(secret) as hook:
        hook.events                      # the CloudEvents taken, each once
"""
import base64
import hashlib
import hmac
import json
import os
import threading

import cloudevent
from fake_http import FakeHttp

TOKEN = "token-do-not-show"
STATES = {"assigned": 1, "in_progress": 2, "reported": 3, "completed": 4, "handed_back": 5,
          "cancelled": 6, "withdrawn": 7}

ADAPTER = """\
  - name: tasks
    type: http
    direction: out
    url: {url}/api/do-not-show
    auth: {{type: bearer, secret_env: TASKS_TOKEN}}
    timeout_s: 1
    {more}
    success: {{at: /code, equals: ["0"]}}
    already: {{status: "409", at: /code, equals: ["EXISTS"]}}
    tables:
      states: {states}
    events:
      task.assigned:
        path: /tasks?unit={{data.lead | default ''}}
        json:
          ref: "{{subject}}"
          content: "{{data.content}}"
          due: "{{data.due_on | date dd/MM/yyyy}}"
          state: "{{data.state | table states}}"
        known_as: /data/id
      task.completed:
        method: PUT
        path: /tasks/{{known_as}}
        json:
          state: "{{data.state | table states}}"
          name: "{{name}}"
"""


class Troubled(FakeHttp):
    """Meets its next requests with what trouble() was told: a status, a (status, headers),
    or a fault of FakeHttp; those that answer first do what they were asked."""

    def __init__(self, **tls):
        self.troubles, self.lock, self.closed = [], threading.Lock(), False
        super().__init__({"steps": [
            {"expect": {"method": method, "path": "^"}, "answer": self.answer, "times": "any"}
            for method in ("POST", "PUT", "HEAD")]}, **tls)

    def close(self):
        if not self.closed:
            super().close()
        self.closed = True

    def trouble(self, *troubles):
        with self.lock:
            self.troubles += troubles

    def answer(self, request):
        with self.lock:
            trouble = self.troubles.pop(0) if self.troubles else None
            if isinstance(trouble, int):
                return {"status": trouble}
            if isinstance(trouble, tuple):
                return {"status": trouble[0], "headers": trouble[1]}
            answer = self.take(request)
            return {**answer, "fault": trouble} if trouble else answer

    def take(self, request):
        raise NotImplementedError


class TaskSystem(Troubled):
    """Knows a task by an id of its own, and a request it has had by its Idempotency-Key:
    that one it answers with 409, and with the task's id."""

    def __init__(self, **tls):
        self.tasks = {}   # their id: what was done, in order
        self.by_ref = {}  # our NV-n: their id
        self.had = {}     # Idempotency-Key: their id of the task
        super().__init__(**tls)

    def adapter(self, more=""):
        states = ", ".join(f"{name}: {code}" for name, code in STATES.items())
        if self.certificate:
            more = f"ca_file: {self.certificates.ca}\n    {more}"
        return ADAPTER.format(url=self.url, states=f"{{{states}}}", more=more)

    def history(self, ref):
        with self.lock:
            return list(self.tasks.get(self.by_ref.get(ref), []))

    def take(self, request):
        key = request.headers.get("idempotency-key")
        if request.method == "HEAD":
            return {"status": 404}
        if request.headers.get("authorization") != f"Bearer {TOKEN}" or not key:
            self.complaints.append(f"{request}: nobody we know")
            return {"status": 403}
        if key in self.had:
            return {"status": 409, "json": {"code": "EXISTS", "data": {"id": self.had[key]}}}
        asked = json.loads(request.body)
        if request.method == "POST":
            task = f"T/{len(self.tasks) + 1}"
            self.tasks[task], self.by_ref[asked["ref"]] = [], task
        else:
            task = request.path.rsplit("/", 1)[1].replace("%2F", "/")
        if task not in self.tasks:
            return {"status": 404, "json": {"code": "UNKNOWN"}}
        self.had[key] = task
        self.tasks[task].append(asked["state"])
        return {"json": {"code": 0, "data": {"id": task}}}


class HookReceiver(Troubled):
    """Takes an event only if one of its signatures is by a secret of @secrets, over the
    bytes that came; what it had it takes again and does nothing."""

    def __init__(self, *secrets, **tls):
        self.secrets, self.events, self.attempts = list(secrets), [], []
        super().__init__(**tls)

    def signed(self, request, secret):
        key = base64.b64decode(secret.removeprefix("whsec_"))
        text = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}."
        wanted = base64.b64encode(
            hmac.new(key, text.encode() + request.body, hashlib.sha256).digest()).decode()
        given = request.headers["webhook-signature"].split(" ")
        return any(hmac.compare_digest(f"v1,{wanted}", one) for one in given)

    def take(self, request):
        if request.method == "HEAD":
            return {"status": 405}
        event, wrong = json.loads(request.body), []
        if not any(self.signed(request, secret) for secret in self.secrets):
            wrong.append("the signature is wrong")
        if request.headers["webhook-id"] != event["id"]:
            wrong.append("webhook-id is not the event's id")
        if request.headers["content-type"] != "application/cloudevents+json":
            wrong.append("the content type is wrong")
        wrong += cloudevent.complaints(event)
        self.complaints += [f"{event['id']}: {what}" for what in wrong]
        self.attempts.append(event["id"])
        if wrong:
            return {"status": 400}
        if event["id"] not in [had["id"] for had in self.events]:
            self.events.append(event)
        return {"status": 204}

    def names(self, subject):
        """What was told of @subject, in order."""
        with self.lock:
            return [event["type"].removeprefix("vn.congvan.").removesuffix(".v1")
                    for event in self.events if event.get("subject") == subject]


def new_secret():
    return "whsec_" + base64.b64encode(os.urandom(32)).decode()
