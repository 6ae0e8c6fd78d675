"""The closed loop over each queue: a directive arrives, its task opens, the reply arrives,
the task closes, and everyone who subscribed is told.

    test_story.py embedded | amqp
"""
import os
import sys
import tempfile
import unittest

import pika

import queues
from congvan import Gateway
from documents import LEAD, directive, directive_id, reply, reply_id
from traces import NONE, SENT, TRACE

KIND = "embedded"
MANY = 500
ORGANS = """\
organs:
  - id: "H99"
  - {id: "07.H99", parent: "H99"}
  - {id: "H99.05", parent: "H99"}
"""
FROM_BROKER = "  - {name: letters, type: amqp, direction: in}\n"


def names(messages):
    return [message.key.split(f".{LEAD}")[0] for message in messages]


class FromTheSpool(unittest.TestCase):
    def setUp(self):
        self.place = queues.both(KIND)

    def gateway(self, **more):
        return Gateway(queue=self.place.yaml, **more)

    def organs(self):
        """Ids of which one is the end of another."""
        file = tempfile.NamedTemporaryFile("w", suffix=".yaml")
        self.addCleanup(file.close)
        file.write(ORGANS)
        file.flush()
        return file.name

    def give(self, gateway, name, text):
        gateway.drop(name, text)

    def tell_story(self, gateway):
        gateway.start()
        self.give(gateway, "directive.edxml", directive(1))
        gateway.wait_until(lambda: gateway.tasks(state="assigned", organ=LEAD))
        self.give(gateway, "reply.edxml", reply(1))
        gateway.wait_until(lambda: gateway.tasks(state="completed", organ=LEAD))
        gateway.wait_until(lambda: not gateway.untold())

    def test_the_reply_closes_the_task_and_the_agency_is_told(self):
        with self.gateway() as gateway:
            self.tell_story(gateway)
            task, = gateway.tasks()
            self.assertEqual(
                [task["document"]["document_id"], task["timeliness"], task["completed_on"],
                 task["closed_by"]["document_id"], task["closed_by"]["rung"]],
                [directive_id(1), "on_time", "2025-12-08", reply_id(1), "document_id"])
            told = self.place.take(gateway, queues.agency(LEAD))
            self.assertEqual(names(told), ["task.assigned", "document.received",
                                           "task.completed", "reply.issued"])
            assigned, _, completed, issued = (message.event for message in told)
            self.assertEqual(assigned["data"]["state"], "assigned")
            self.assertEqual(completed["data"], task)
            self.assertEqual(issued["data"]["closed"], [task["id"]])
            self.assertEqual(gateway.stop(), 0)
            gateway.verified()

    def test_files_and_queue_tell_the_same_in_the_same_order(self):
        with self.gateway() as gateway:
            self.tell_story(gateway)
            told = self.place.take(gateway, *map(queues.agency, ("H99", LEAD)))
            files = gateway.events()
            self.assertEqual({event["id"]: event for event in files},
                             {message.id: message.event for message in told})
            self.assertEqual(len(files), len(told))
            self.assertEqual(
                [event["data"]["revision"] for event in files if event["subject"] == "NV-1"],
                [1, 2])

    def test_an_agency_gets_its_own_and_nobody_elses(self):
        with self.gateway(organs=self.organs()) as gateway:
            gateway.start()
            self.give(gateway, "a.edxml", directive(2, to=("H99.05", "07.H99")))
            self.give(gateway, "b.edxml", reply(2, sender="07.H99"))
            gateway.wait_until(lambda: len(gateway.tasks(state="completed")) == 1)
            gateway.wait_until(lambda: not gateway.untold())
            for organ, keys in (
                    ("H99", ["document.received.H99"]),
                    ("07.H99", ["task.assigned.07.H99", "document.received.07.H99",
                                "task.completed.07.H99", "reply.issued.07.H99"]),
                    ("H99.05", ["task.assigned.H99.05"])):
                told = self.place.take(gateway, queues.agency(organ))
                self.assertEqual([message.key for message in told], keys)

    def test_the_same_letter_again_tells_nothing_new(self):
        with self.gateway() as gateway:
            self.tell_story(gateway)
            before = gateway.events()
            self.give(gateway, "again.edxml", directive(1))
            gateway.wait_until(lambda: gateway.verified()["outcomes"]["duplicate"] == 1)
            gateway.wait_until(lambda: not gateway.untold())
            self.assertEqual(gateway.events(), before)

    def test_a_restart_tells_nothing_twice(self):
        with self.gateway() as gateway:
            self.tell_story(gateway)
            told = self.place.take(gateway, *map(queues.agency, ("H99", LEAD)))
            for _ in range(2):
                self.assertEqual(gateway.stop(), 0)
                gateway.start()
            self.assertEqual(gateway.untold(), [])
            self.assertEqual(len(gateway.events()), len(told))
            self.assertEqual(
                self.place.take(gateway, *map(queues.agency, ("H99", LEAD))), [])


class FromTheQueue(FromTheSpool):
    """The letters come through congvan.in of the broker."""

    def gateway(self, **more):
        return super().gateway(more=FROM_BROKER, **more)

    def give(self, gateway, name, text):
        self.place.publish(gateway, {name: text})

    def test_once_takes_all_that_waits_and_ends(self):
        for _ in range(5):
            with self.gateway() as gateway:
                letters = {f"{n}": directive(n) for n in range(1, MANY)}
                self.place.publish(gateway, letters)
                done = gateway.command("run", "--once", as_json=False)
                self.assertEqual(done.code, 0, done.stderr)
                self.assertEqual(len(gateway.tasks()), len(letters))
                self.assertEqual(self.place.depths(gateway, queues.INBOX), [0])

    def publish_traced(self, number, trace):
        """A directive as another's program sends it, with a header of its own."""
        password = os.environ["CONGVAN_TEST_AMQP_PASSWORD"]
        url = os.environ["CONGVAN_TEST_AMQP_URL"].replace("@", f":{password}@", 1)
        with pika.BlockingConnection(pika.URLParameters(url)) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            channel.basic_publish("", queues.INBOX, directive(number).encode(),
                                  pika.BasicProperties(headers={"traceparent": trace}))

    def test_the_trace_goes_from_the_message_to_the_event(self):
        """Whatever a stranger writes into it, everyone is told, and as the schema says."""
        with self.gateway() as gateway:
            gateway.start()
            sent = [*SENT.values(), NONE]
            for number, trace in enumerate(sent, 1):
                self.publish_traced(number, trace)
            gateway.wait_until(lambda: len(gateway.tasks()) == len(sent))
            gateway.wait_until(lambda: not gateway.untold())
            told = [message for message in self.place.take(gateway, queues.agency(LEAD))
                    if names([message]) == ["task.assigned"]]
            wanted = [TRACE] * len(SENT) + [None]
            self.assertEqual([message.traceparent for message in told], wanted)
            self.assertEqual([message.event.get("traceparent") for message in told], wanted)
            self.assertEqual(gateway.stop(), 0)

    def test_what_is_taken_is_acknowledged_and_nothing_is_dead(self):
        with self.gateway() as gateway:
            self.tell_story(gateway)
            self.give(gateway, "broken", "<broken")
            gateway.wait_until(
                lambda: gateway.verified()["outcomes"]["quarantined"] == 1)
            self.assertEqual(gateway.stop(), 0)
            self.assertEqual(self.place.depths(
                gateway, queues.INBOX, queues.INBOX + ".dead"), [0, 0])
            row, = gateway.command("quarantine", "list").lines
            self.assertEqual([row["adapter"], row["origin"]], ["letters", "broken"])


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in ("embedded", "amqp"):
        KIND = sys.argv.pop(1)
    if KIND == "embedded":
        del FromTheQueue
    unittest.main()
