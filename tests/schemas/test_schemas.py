#!/usr/bin/env python3
"""The schemas take what the gateway tells and refuse what it must never tell."""

import copy
import json
import pathlib
import sys
import unittest
import warnings

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lib"))
warnings.simplefilter("ignore", DeprecationWarning)

import asyncapi  # noqa: E402
import cloudevent  # noqa: E402
import jsonschema  # noqa: E402

DOCUMENT = {"id": 7, "document_id": "H99,2025/11/20,6795/UBND-VP", "code": "6795/UBND-VP",
            "issued_on": "2025-11-20", "from": "H99", "subject": "V/v kiểm tra"}
TASK = {"id": "NV-1", "kind": "task", "parent": None, "document": DOCUMENT,
        "lead": "H99.05", "coordinating": [], "content": None, "due_on": "2025-12-10",
        "due_source": "metadata", "due_flags": [], "proposed_due_on": None,
        "state": "assigned", "revision": 1, "timeliness": "pending", "flags": [],
        "completed_on": None, "closed_by": None}
CLOSED = dict(TASK, state="completed", revision=2, timeliness="on_time",
              completed_on="2025-12-08",
              closed_by={"document": 12, "document_id": "x", "code": "88/SYT-VP",
                         "rung": "document_id"})
REPLY = {"reply": dict(DOCUMENT, id=12), "reply_kind": "final",
         "answers": [{"document_id": "x", "code": None, "rung": "thread",
                      "tasks": ["NV-1"]}],
         "closed": ["NV-1"], "suggestion": None, "reason": None}
SUGGESTED = dict(REPLY, answers=[], closed=[], suggestion="GY-1", reason="citation")
QUARANTINED = {"quarantine": 3, "document_id": None, "adapter": "inbox",
               "reason": {"code": "xml.malformed", "message": "…", "line": 4,
                          "column": None}}
RECEIVED = {"document": DOCUMENT, "kind": "document", "business": "new",
            "stage": "issued"}

TASK_NAMES = ("assigned in_progress reported completed refused extended reopened updated "
              "withdrawn handed_back cancelled due_soon overdue").split()
GOOD = [("document.received", DOCUMENT["document_id"], RECEIVED),
        ("document.quarantined", "3", QUARANTINED),
        ("document.quarantined", DOCUMENT["document_id"],
         dict(QUARANTINED, document_id=DOCUMENT["document_id"])),
        ("reply.issued", "x", REPLY), ("reply.suggested", "x", SUGGESTED),
        ("reply.mention", "x", dict(REPLY, closed=[]))]
GOOD += [("task." + name, "NV-1", TASK) for name in TASK_NAMES]
GOOD += [("task.completed", "NV-1", CLOSED)]


def event(name, subject, data, **more):
    return dict({"specversion": "1.0", "id": "e-1", "source": "/congvan/H99",
                 "type": f"vn.congvan.{name}.v1", "subject": subject,
                 "time": "2025-11-20T08:00:00+07:00",
                 "datacontenttype": "application/json", "data": data}, **more)


def without(whole, *path):
    whole = copy.deepcopy(whole)
    inner = whole
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return whole


PLAIN = event("task.assigned", "NV-1", TASK)
BAD = {
    "an unknown name": event("task.forgotten", "NV-1", TASK),
    "a reply's data under a task's name": event("task.assigned", "NV-1", REPLY),
    "a task's data under a reply's name": event("reply.issued", "x", TASK),
    "no id": without(PLAIN, "id"),
    "no data": without(PLAIN, "data"),
    "no time": without(PLAIN, "time"),
    "a task event about no task": event("task.assigned", "H99", TASK),
    "a task event without subject": without(PLAIN, "subject"),
    "an empty subject": event("document.received", "", RECEIVED),
    "an unknown member that is no extension": dict(PLAIN, Priority="high"),
    "another source": dict(PLAIN, source="/elsewhere"),
    "an old version": dict(PLAIN, specversion="0.3"),
    "a task without its revision": without(PLAIN, "data", "revision"),
    "a task with a member nobody promised":
        event("task.assigned", "NV-1", dict(TASK, colour="red")),
    "an unknown state": event("task.assigned", "NV-1", dict(TASK, state="lost")),
    "a date that is none": event("task.assigned", "NV-1", dict(TASK, due_on="10/12/2025")),
    "a number for a task's id": event("task.assigned", "NV-1", dict(TASK, id=1)),
    "a quarantine without reason":
        event("document.quarantined", "3", without(QUARANTINED, "reason")),
    "a suggestion that is none":
        event("reply.suggested", "x", dict(SUGGESTED, suggestion="NV-1")),
}


class Schemas(unittest.TestCase):
    def test_every_schema_is_one(self):
        for path in sorted((ROOT / "schemas").glob("**/*.schema.json")):
            with self.subTest(path.name):
                schema = json.loads(path.read_text(encoding="utf-8"))
                jsonschema.Draft202012Validator.check_schema(schema)

    def test_what_the_gateway_tells_is_taken(self):
        for name, subject, data in GOOD:
            with self.subTest(name):
                self.assertEqual(cloudevent.complaints(event(name, subject, data)), [])

    def test_extensions_are_taken(self):
        trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        whole = dict(PLAIN, traceparent=trace, sequence="12")
        self.assertEqual(cloudevent.complaints(whole), [])

    def test_what_it_must_never_tell_is_refused(self):
        for what, bad in BAD.items():
            with self.subTest(what):
                self.assertNotEqual(cloudevent.complaints(bad), [])

    def test_asyncapi_speaks_of_every_event_and_of_no_other(self):
        types = cloudevent.validator().schema["properties"]["type"]["enum"]
        self.assertEqual([f"vn.congvan.{name}.v1" for name in asyncapi.event_names()], types)

    def test_asyncapi_takes_what_the_gateway_tells_and_nothing_else(self):
        for name, subject, data in GOOD:
            with self.subTest(name):
                good = event(name, subject, data)
                self.assertEqual(asyncapi.complaints(f"{name}.H99.05", good), [])
        told = event("task.assigned", "NV-1", TASK)
        self.assertNotEqual(asyncapi.complaints("task.completed.H99.05", told), [])
        self.assertNotEqual(asyncapi.complaints("task.forgotten.H99.05", told), [])
        self.assertNotEqual(asyncapi.complaints("task.assigned.", told), [])

    def test_asyncapi_points_to_what_is_there(self):
        for name in asyncapi.event_names():
            with self.subTest(name):
                list(asyncapi.validator(name).iter_errors({}))


if __name__ == "__main__":
    unittest.main()
