"""The gateway's queue from outside: who publishes to it and who takes from it.

    place = queues.embedded()            # or queues.broker(), queues.broker(through=proxy)
    with Gateway(queue=place.yaml) as gateway:
        ...
        place.take(gateway, "congvan.agency.H99.05")
"""
import json
import os
import subprocess
import tempfile
import urllib.parse
from pathlib import Path

import asyncapi
from congvan import PATIENCE, SOURCE, ORGANS, parse_event

TOOL = os.environ.get("CONGVAN_QUEUE_TOOL", str(SOURCE / "build/tests/lib/queue_tool"))
INBOX = "congvan.in"


def agency(organ):
    return f"congvan.agency.{organ}"


class Message:
    """One taken message; `event` is its body, checked against the schemas and asyncapi.yaml."""

    def __init__(self, line):
        self.queue, self.id, self.key, self.body, self.traceparent = (
            line["queue"], line["id"], line["key"], line["body"], line["traceparent"])

    @property
    def event(self):
        event = parse_event(self.body)
        if wrong := asyncapi.complaints(self.key, event):
            raise AssertionError("\n".join([*wrong, self.body]))
        return event


class Place:
    """@yaml is what `queue:` must say; @words how the tool finds the same queue."""

    def __init__(self, yaml, words):
        self.yaml, self._words = yaml, words

    def _run(self, gateway, *words):
        done = subprocess.run([TOOL, *self._words(gateway), *map(str, words)], text=True,
                              timeout=PATIENCE, capture_output=True, check=False)
        if done.returncode:
            raise AssertionError(done.stderr)
        return done.stdout.splitlines()

    def take(self, gateway, *queues):
        """All that waits there; it is acknowledged."""
        return [Message(json.loads(line)) for line in self._run(gateway, "take", *queues)]

    def depths(self, gateway, *queues):
        return [int(line) for line in self._run(gateway, "depth", *queues)]

    def run_dry(self, gateway):
        """Let it run, and end it in good order once all that was for it is done and told.
        A queue that looks empty may not be: what was given to one that was killed or cut,
        or was not yet looked at by one that ends, waits there again a moment later."""
        while True:
            gateway.wait_settled()
            gateway.wait_until(lambda: self.depths(gateway, INBOX) == [0])
            if code := gateway.stop():
                raise AssertionError("\n".join([f"it ended with {code}", *gateway.log]))
            if self.depths(gateway, INBOX) == [0] and not gateway.untold():
                return
            gateway.start()

    def publish(self, gateway, messages, queue=INBOX):
        """@messages: bytes or text by message id. Returns once they are safe."""
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for name, content in messages.items():
                paths.append(Path(folder) / name)
                paths[-1].write_bytes(
                    content if isinstance(content, bytes) else content.encode())
            self._run(gateway, "publish", queue, *paths)

    def empty(self, organs=ORGANS):
        """Forget what earlier tests left in a broker."""
        names = [INBOX, *map(agency, organs)]
        self.take(None, *names, *(name + ".dead" for name in names))


def embedded():
    return Place("{type: embedded}",
                 lambda gateway: ["embedded", gateway.data / "queue.db"])


def broker(through=None):
    """The broker of with_broker.sh, emptied; @through: the proxy the gateway must use."""
    url = os.environ["CONGVAN_TEST_AMQP_URL"]
    words = ["amqp", url, os.environ["CONGVAN_TEST_AMQP_PASSWORD"]]
    if through:
        parts = urllib.parse.urlsplit(url)
        url = url.replace(f":{parts.port}", f":{through.port}")
    place = Place(f'{{type: amqp, url: "{url}", password_env: CONGVAN_TEST_AMQP_PASSWORD}}',
                  lambda gateway: words)
    place.empty()
    return place


def both(kind):
    return {"embedded": embedded, "amqp": broker}[kind]()
