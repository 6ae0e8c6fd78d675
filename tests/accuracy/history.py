"""The history being told: documents issued, events delivered, and what must come of them.

A story (stories.py) issues documents, sends them, and says with `task()` what stands in the ledger
at the end. The truth is what the story intended; nothing is looked up in a gateway.
"""
import copy
import datetime
import json
import random as randoms
import unicodedata

import edxml
import world

ANY = "*"  # the rules leave it open: not compared


class TooLate(Exception):
    """What was to happen next lies behind the end of the year: it has not happened."""


class Doc:
    """A paper: its event, the day it bears, its code, and the events that make it known."""

    def __init__(self, key, event, organ, day):
        self.key, self.event, self.organ, self.day = key, event, organ, day
        self.events = []
        self.arrived = None

    @property
    def id(self):
        return self.event["document_id"]

    @property
    def code(self):
        code = self.event["code"]
        return f"{code['number']}/{code['notation']}"

    @property
    def thread(self):
        return self.event.get("thread_id")

    @property
    def opaque(self):
        return "," not in self.id


class History:
    def __init__(self, seed, level):
        self.random = randoms.Random(seed)
        self.level = level
        self.numbers = world.Numbers()
        self.docs = self.threads = 0
        self.events, self.tasks, self.suggestions, self.names = [], [], [], {}
        self.withdrawn = []

    # --- days -----------------------------------------------------------------------

    def some_day(self, last=world.LAST):
        span = (last - world.FIRST).days
        return world.workday(world.FIRST + datetime.timedelta(self.random.randint(0, span)), -1)

    def later(self, day, least, most):
        """A day of work that many days later. TooLate behind the end of the year."""
        day = day + datetime.timedelta(self.random.randint(least, most))
        if self.random.random() < 0.95:
            day = world.workday(day)
        if day > world.LAST:
            raise TooLate
        return day

    def delay(self):
        dice = self.random.random()
        if dice < 0.62:
            return 0
        if dice < 0.85:
            return 1
        return self.random.randint(2, 6) if dice < 0.97 else self.random.randint(7, 45)

    # --- documents ------------------------------------------------------------------

    def organ(self, organ, old=0.1):
        """An organ as a document writes it: sometimes under its old id."""
        name = world.NAMES.get(organ, organ)
        if self.random.random() < old and world.has_old_id(organ):
            organ = world.old_id(organ)
        return {"organ_id": organ, "name": name}

    def issue(self, organ, to, day, subject, number=None, notation=None, id_style=None, **more):
        """A new paper of `organ`; the keyword arguments are members of its event."""
        number = str(number or self.numbers.take(organ, day.year))
        notation = notation or world.notation(organ, self.random)
        self.docs += 1
        key = f"D{self.docs}"
        event = {"kind": "document", "stage": "issued", "business": "new",
                 "document_id": self.new_id(id_style, organ, day, number, notation),
                 "code": {"number": number, "notation": notation},
                 "issued_on": day.isoformat(), "from": self.organ(organ, 0.05),
                 "to": [self.organ(one) for one in to], "type_name": "Công văn",
                 "subject": subject, "priority": "normal", "steering": "none"}
        event.update(more)
        self.names[event["document_id"]] = key
        return Doc(key, event, organ, day)

    def new_id(self, style, organ, day, number, notation):
        style = style or self.random.choices(["known", "uuid", "free"], [7, 2, 1])[0]
        if style == "known":
            return f"{organ},{day:%Y/%m/%d},{number}/{notation}"
        if style == "uuid":
            h = f"{self.random.getrandbits(128):032x}"
            return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"
        return f"{notation}-{day.year}-{number}-{self.docs:06}"

    def thread(self):
        self.threads += 1
        return f"L-{self.threads}"

    # --- events ---------------------------------------------------------------------

    def send(self, doc, needs=(), arrived=None, outcome=None, plain=False, carrier=None,
             after=(), known=True, event=None):
        """Deliver it once, now and then again. `needs`: the events of which one must have come,
        else it is parked. `plain`: exactly once, since its day of arrival matters."""
        event = event or doc.event
        if arrived is None:
            arrived = doc.day + datetime.timedelta(self.delay())
        arrived = min(arrived, world.NOW)
        carrier = carrier or ("axis" if edxml.can(event) and self.random.random() < 0.25
                              else "eoffice")
        style = edxml.plain() if self.random.random() < 0.5 else edxml.rewritten(self.random)
        first = self.record(event, carrier, style, arrived, list(needs), outcome, list(after))
        if known:
            doc.events.append(first)
        doc.arrived = arrived
        if not plain:
            self.send_again(doc, event, carrier, first, arrived, outcome, needs)
        return first

    def send_filled(self, doc, directive):
        """A reply whose task code is the number the gateway gave: known once that has come."""
        first = self.send(doc, after=directive.events[:1], plain=True, carrier="eoffice",
                          arrived=max(doc.day, directive.arrived))
        self.events[first]["fill"] = directive.events[0]

    def send_again(self, doc, event, carrier, first, arrived, outcome, needs):
        if self.random.random() > 0.04:
            return
        if carrier == "eoffice" and edxml.can(event) and self.random.random() < 0.3:
            carrier = "axis"
        arrived = min(arrived + datetime.timedelta(self.random.randint(0, 9)), world.NOW)
        again = self.record(event, carrier, edxml.rewritten(self.random), arrived, list(needs),
                            outcome, [], same_as=first)
        if first in doc.events:
            doc.events.append(again)

    def record(self, event, carrier, style, arrived, needs, outcome, after, same_as=None):
        number = len(self.events)
        if carrier == "axis":
            name, data = f"e{number}.edxml", edxml.write(event, style)
        else:
            name, data = f"e{number}.json", self.to_json(event)
        self.events.append({"id": number, "file": name, "data": data, "carrier": carrier,
                            "arrived": arrived.isoformat(), "needs": needs, "outcome": outcome,
                            "after": after, "same_as": same_as, "conflicts_with": None,
                            "either": [], "fill": None})
        return number

    def to_json(self, event):
        event = copy.deepcopy(event)
        if self.random.random() < 0.05 and event.get("subject"):
            event["subject"] = unicodedata.normalize("NFD", event["subject"])
        members = [(name, value) for name, value in event.items() if name[0] != "_"]
        if self.random.random() < 0.2:
            self.random.shuffle(members)
        return json.dumps(dict(members), ensure_ascii=False).encode()

    def bytes(self, data, arrived, outcome, suffix="edxml", same_as=None):
        """Bytes as they are, without a document."""
        number = len(self.events)
        self.events.append({"id": number, "file": f"e{number}.{suffix}", "data": data,
                            "carrier": "axis" if suffix == "edxml" else "eoffice",
                            "arrived": arrived.isoformat(), "needs": [], "outcome": outcome,
                            "after": [], "same_as": same_as, "conflicts_with": None,
                            "either": [], "fill": None})
        return number

    # --- truth ----------------------------------------------------------------------

    def task(self, doc, lead, state="assigned", due=None, flagged=False, done=None, by=None,
             content=None, also=(), case="", loose=False, more=None):
        """What must stand in the ledger. `also`: papers the task may equally be shown under."""
        if done and state not in ("completed", "reported"):
            done = by = None
        self.tasks.append({
            "documents": [doc.key] + [one.key for one in also], "lead": lead, "content": content,
            "state": state, "due_on": ANY if loose else due and due.isoformat(),
            "flagged": ANY if loose else flagged, "completed_on": done and done.isoformat(),
            "closed_by": by and by.key, "case": case, "issued": doc.day.isoformat(),
            "timeliness": ANY if loose else timeliness(state, None if flagged else due, done),
            **(more or {})})

    def suggestion(self, reply, docs, case=""):
        self.suggestions.append({"reply": reply.key, "documents": sorted(d.key for d in docs),
                                 "case": case})


def timeliness(state, due, done):
    if state in ("assigned", "in_progress"):
        if not due:
            return "no_deadline"
        if due < world.NOW:
            return "overdue"
        return "due_soon" if due <= world.due_soon_until() else "pending"
    if state in ("completed", "reported"):
        if not due:
            return "no_deadline"
        return "on_time" if done <= due else "late"
    return "none"
