"""What one lead does about one task (level 2).

A *life* issues what its lead issues, and returns the members of the truth that differ from an
untouched task. Days are chosen before anything is issued: a life that does not fit into the year
raises TooLate and has not begun.
"""
import copy
import datetime

import answers
import edxml
import world
from history import TooLate
from world import COMMUNES, DEPARTMENTS, OFFICE, PROVINCE

DAY = datetime.timedelta(1)


# --- making assignments -------------------------------------------------------------


def addressees(h, issuer, most=6):
    pool = DEPARTMENTS + COMMUNES if issuer != "G22" else [PROVINCE] + DEPARTMENTS
    pool = [one for one in pool if one != issuer]
    if issuer == PROVINCE and h.random.random() < 0.15:
        pool = pool + [world.DISSOLVED, "X77.KHONG.BANG"]  # and one that no table knows
        pool = [one for one in pool if one != world.HEIR]
    return h.random.sample(pool, h.random.randint(1, most))


def some_issuer(h):
    return h.random.choices([PROVINCE, OFFICE, "G22", h.random.choice(DEPARTMENTS)],
                            [70, 8, 6, 16])[0]


def good_due(h, day):
    return world.workday(day + datetime.timedelta(h.random.randint(5, 45)))


DIRTY = ["before", "same", "same_express", "old", "far", "february", "epoch", "empty"]


def dirty_due(h, day, members):
    """Returns (due_on as shown, is it flagged) and sets the members (D1)."""
    case = h.random.choice(DIRTY)
    due = {"before": day - 3 * DAY, "same": day, "same_express": day,
           "old": datetime.date(1999, 12, 31), "far": day.replace(day=1, year=day.year + 6)
           }.get(case)
    if case == "same_express":
        members["priority"] = h.random.choice(["express", "express_timed"])
    if case == "february":
        members["due_on"] = "2026-02-30"
    elif case == "epoch":
        members["due_on"] = "1970-01-01"
    elif due:
        members["due_on"] = due.isoformat()
    return due, case in ("before", "same", "old", "far", "february")


def directive(h, issuer=None, to=None, day=None, dirty=0.06, threaded=0.25, most=6, **more):
    """Returns (paper, leads, due, flagged); not yet sent."""
    issuer = issuer or some_issuer(h)
    day = day or h.some_day()
    to = to or addressees(h, issuer, most)
    members, due, flagged = {"steering": "directive"}, None, False
    if h.random.random() < dirty:
        due, flagged = dirty_due(h, day, members)
    elif h.random.random() < 0.85:
        due = good_due(h, day)
        members["due_on"] = due.isoformat()
        if h.random.random() < 0.4:
            members["steering"] = "none"  # a deadline assigns as well
    if h.random.random() < threaded:
        members |= {"thread_id": h.thread(), "source": "idesk"}
    topic = h.random.choice(world.TOPICS)
    paper = h.issue(issuer, to, day, f"V/v {topic}", **(members | more))
    h.topic_of[paper.key] = topic
    if h.random.random() < 0.05:  # the same ministry under its old and its new id
        twice = [one for one in to if world.has_old_id(one)][:1]
        paper.event["to"] += [{"organ_id": world.old_id(one), "name": world.NAMES[one]}
                              for one in twice]
    leads = list(dict.fromkeys(world.lead_on(one, day) for one in to))
    return paper, leads, due, flagged


class Duty:
    """One task and who owes it: what a life needs to know."""

    def __init__(self, doc, lead, due, flagged=False):
        self.doc, self.lead, self.flagged = doc, lead, flagged
        self.due = None if flagged else due

    def sender(self, day):
        return world.lead_on(self.lead, day)

    def answer_day(self, h):
        if self.due and self.due > self.doc.day and h.random.random() < 0.75:
            span = (self.due - self.doc.day).days
            exact = h.random.random() < 0.1
            return h.later(self.doc.day, span, span) if exact else h.later(self.doc.day, 1, span)
        if self.due and self.due > self.doc.day:
            return h.later(self.due, 1, 20)
        return h.later(self.doc.day, 1, 40)

    def to(self, h):
        """To the assigner, or to its office, or to nobody at all."""
        if self.doc.organ == PROVINCE:
            return h.random.choices([[PROVINCE], [OFFICE], [], [PROVINCE, "H99.03"]],
                                    [80, 10, 3, 7])[0]
        return [self.doc.organ]


# --- lives: no answer ---------------------------------------------------------------


def nothing(h, d):
    return {}


def mention(h, d):
    """Somebody else writes about the paper."""
    day = d.answer_day(h)
    led = h.leads_of[d.doc.key]
    other = h.random.choice([o for o in DEPARTMENTS[:15] + COMMUNES if o not in led
                             and o not in (world.HEIR, d.doc.organ)])
    answers.reply(h, other, [d.doc.organ], day, d.doc, says="words")
    return {}


def wrong_addressee(h, d):
    """To a body that is neither the assigner nor below the sender: down, it would be a part (T8)."""
    day = d.answer_day(h)
    others = world.CENTRAL if d.lead == PROVINCE else COMMUNES
    other = h.random.choice([o for o in others if o not in (d.lead, world.HEIR, d.doc.organ)])
    answers.reply(h, d.sender(day), [other], day, d.doc)
    return {}


def sub_unit(h, d):
    """A division answers its department, or even the province: no answer of the department."""
    units = [u for u in world.DIVISIONS if u.startswith(d.lead + ".") and u != world.CENTRE]
    day = d.answer_day(h)
    if not units or d.doc.organ == d.lead:
        return {}
    to = h.random.choice([[d.lead], [d.doc.organ]])
    answers.reply(h, h.random.choice(units), to, day, d.doc)
    return {}


def kind_only(kind):
    def life(h, d):
        day = d.answer_day(h)
        answers.reply(h, d.sender(day), d.to(h), day, d.doc, kind=kind)
        return {"state": "in_progress"} if kind == "interim" else {}
    life.__name__ = kind
    return life


def secret_answer(h, d):
    day = d.answer_day(h)
    paper = h.issue(d.sender(day), d.to(h), day, "V/v kết quả",
                    secrecy=h.random.choice(["confidential", "secret", "top_secret"]),
                    response_for=[answers.by_id(h, d.doc)])
    h.send(paper, outcome="restricted", plain=True)
    return {}


def expired_id(h, d):
    """Under an id that stopped meaning the lead at the year's end."""
    if d.lead != "H99.11":
        return {}
    day = d.answer_day(h)
    if day <= world.ALIAS_ENDS:
        return {}
    paper = h.issue("000.00.11.H99", d.to(h), day, "V/v kết quả", notation="SVH-VP",
                    response_for=[answers.by_id(h, d.doc)])
    h.send(paper, needs=d.doc.events)
    return {}


def other_source(h, d):
    """The same thread id in another system is another thread."""
    day = d.answer_day(h)
    if not d.doc.thread:
        return {}
    paper = h.issue(d.sender(day), d.to(h), day, "V/v kết quả", thread_id=d.doc.thread,
                    source="voffice")
    h.send(paper)
    return {}


def status(h, d, code, sender=None, day=None):
    day = day or h.later(d.doc.day, 0, 10)
    event = {"kind": "status", "from": h.organ(sender or d.sender(day)),
             "targets": [{"document_id": d.doc.id, "organ_id": d.doc.organ}],
             "status": {"code": code, "description": None,
                        "at": f"{day}T0{h.random.randint(1, 9)}:{h.random.randint(10, 59)}:00+07:00"}}
    h.docs += 1
    holder = copy.copy(d.doc)
    holder.event, holder.day, holder.events = event, day, []
    h.send(holder, needs=d.doc.events)


def status_progress(h, d):
    status(h, d, h.random.choice([4, 5]))
    return {"state": "in_progress"}


def status_other(h, d):
    """Received, refused, claimed done: the task stays; 04 from another does nothing either."""
    if h.random.random() < 0.3:
        led = h.leads_of[d.doc.key]
        status(h, d, 4, sender=next(o for o in COMMUNES if o not in led + [world.HEIR]))
    else:
        status(h, d, h.random.choice([1, 2, 3, 6]))
    return {}


def draft(h, d, day, stage="draft", name=None, needs=()):
    """Returns the number of its event."""
    h.docs += 1
    name = name or f"du-thao-{h.docs}"
    event = {"kind": "document", "stage": stage, "business": "new", "document_id": name,
             "from": h.organ(d.sender(day), 0), "to": [h.organ(d.doc.organ)],
             "subject": f"V/v {h.topic_of[d.doc.key]}", "thread_id": d.doc.thread,
             "source": d.doc.event.get("source")}
    holder = copy.copy(d.doc)
    holder.event, holder.day, holder.events = event, day, []
    return h.send(holder, needs=needs, plain=True)


def drafted(h, d):
    if not d.doc.thread:
        return {}
    draft(h, d, h.later(d.doc.day, 1, 20))
    return {"state": "in_progress"}


def draft_withdrawn(h, d):
    if not d.doc.thread:
        return {}
    day = h.later(d.doc.day, 1, 20)
    gone = h.later(day, 0, 5)
    name = f"du-thao-rut-{h.docs}"
    draft(h, d, gone, "withdrawn", name, needs=[draft(h, d, day, name=name)])
    return {}


# --- lives: answers -----------------------------------------------------------------


def closed(day, paper):
    return {"state": "completed", "done": day, "by": paper}


def final(h, d):
    day = d.answer_day(h)
    sender = d.sender(day)
    if sender == "H99.05" and h.random.random() < 0.2:
        sender = world.CENTRE  # the table says it may
    if sender == PROVINCE and h.random.random() < 0.3:
        sender = OFFICE  # one clerk, two seals
    return closed(day, answers.reply(h, sender, d.to(h), day, d.doc))


def final_with_deadline(h, d):
    """The answer asks for something by a day: a reply assigns nothing (T4)."""
    day = d.answer_day(h)
    if h.random.random() < 0.5:
        more = {"due_on": good_due(h, day).isoformat()}
    else:
        more = {"steering": "directive"}
    paper = answers.reply(h, d.sender(day), d.to(h), day, d.doc, style="id", **more)
    return closed(day, paper)


def report_answer(h, d):
    """A report with a deadline of its own."""
    day = d.answer_day(h)
    paper = answers.reply(h, d.sender(day), d.to(h), day, d.doc, type_name="Báo cáo",
                          steering="report", due_on=good_due(h, day).isoformat())
    return closed(day, paper)


def interim_then_final(h, d):
    first = h.later(d.doc.day, 1, 10)
    day = h.later(first, 1, 30)
    sender = d.sender
    kind = h.random.choice(["interim", "extension", "guidance", "hand_back"])
    answers.reply(h, sender(first), d.to(h), first, d.doc, kind=kind)
    return closed(day, answers.reply(h, sender(day), d.to(h), day, d.doc))


def final_then_interim(h, d):
    day = d.answer_day(h)
    after = h.later(day, 1, 15)
    paper = answers.reply(h, d.sender(day), d.to(h), day, d.doc)
    answers.reply(h, d.sender(after), d.to(h), after, d.doc, kind="interim")
    return closed(day, paper)


def drafted_then_final(h, d):
    day = d.answer_day(h)
    if d.doc.thread:
        draft(h, d, d.doc.day)
        status(h, d, 5, day=d.doc.day)
    return closed(day, answers.reply(h, d.sender(day), d.to(h), day, d.doc))


def two_answers(h, d):
    """The earliest closes."""
    day = d.answer_day(h)
    second = h.later(day, 1, 20)
    paper = answers.reply(h, d.sender(day), d.to(h), day, d.doc)
    answers.reply(h, d.sender(second), d.to(h), second, d.doc)
    return closed(day, paper)


def recall(h, paper, day, act=True, **more):
    """`act`: it bears a date of its own; else it repeats the paper's and acts on the day of its
    first hop, or on that of its arrival."""
    event = {"kind": "document", "stage": "issued", "business": "recall",
             "document_id": paper.id, "code": dict(paper.event["code"]),
             "issued_on": (day if act else paper.day).isoformat(),
             "from": h.organ(paper.organ, 0.05), "to": copy.deepcopy(paper.event["to"]),
             "type_name": "Công văn", "subject": "V/v thu hồi văn bản", "priority": "normal",
             "steering": "none"}
    dice = h.random.random()
    if dice < 0.5:
        event["targets"] = [{"document_id": paper.id}]
        if paper.event["to"] and dice < 0.2:  # a receiver's id beside it is no evidence
            event["targets"][0]["organ_id"] = paper.event["to"][0]["organ_id"]
    elif dice < 0.75:
        event["targets"] = [{"code": paper.code, "issued_on": paper.day.isoformat()}]
    event.update(more)
    h.docs += 1
    holder = copy.copy(paper)
    holder.event, holder.day, holder.events = event, day, []
    arrived, carrier = (None if act else day), None
    if not act:
        carrier = "eoffice"
        if edxml.can(event) and h.random.random() < 0.5:
            carrier, arrived = "axis", day + DAY * h.delay()
            event["_hop"] = day.isoformat()
    h.send(holder, needs=paper.events, arrived=arrived, plain=True, carrier=carrier)
    return holder


def recalled_answer(h, d):
    day = d.answer_day(h)
    gone = h.later(day, 1, 20)
    second = None
    if h.random.random() < 0.5:
        try:
            second = h.later(day, 1, 40)
        except TooLate:
            pass
    paper = answers.reply(h, d.sender(day), d.to(h), day, d.doc)
    recall(h, paper, gone, act=h.random.random() < 0.6)
    if not second:
        return {"state": "in_progress"}
    return closed(second, answers.reply(h, d.sender(second), d.to(h), second, d.doc))


def replaced_answer(h, d):
    """A replaced answer still answers: by the replacement, on the first one's day."""
    day = d.answer_day(h)
    again = h.later(day, 1, 15)
    if d.sender(day) != d.sender(again):
        return {}
    paper = answers.reply(h, d.sender(day), d.to(h), day, d.doc)
    more = {}
    if h.random.random() < 0.5:
        more["response_for"] = [answers.by_id(h, d.doc)]
    new = h.issue(paper.organ, [d.doc.organ], again, paper.event["subject"], business="replace",
                  targets=[{"document_id": paper.id}], **more)
    h.send(new)
    return closed(day, new)


def dated_early(h, d):
    """Its date lies before the assignment's: the day it came counts."""
    came = d.answer_day(h)
    paper = answers.reply(h, d.sender(came), d.to(h), d.doc.day - 5 * DAY, d.doc, style="id",
                          arrived=came, plain=True)
    return closed(came, paper)


def dated_ahead(h, d):
    came = d.answer_day(h)
    paper = answers.reply(h, d.sender(came), d.to(h), came + 9 * DAY, d.doc, style="id",
                          arrived=came, plain=True)
    return closed(came, paper)


def foreign_recall(h, d):
    """Somebody else recalls the answer: set aside, nothing changes."""
    day = d.answer_day(h)
    after = h.later(day, 1, 20)
    paper = answers.reply(h, d.sender(day), d.to(h), day, d.doc)
    other = h.random.choice([o for o in COMMUNES if o not in (paper.organ, d.lead, world.HEIR)])
    attempt(h, other, paper, after, "recall")
    return closed(day, paper)


def attempt(h, other, paper, day, business, **more):
    """An act of `other` upon another's paper (B5)."""
    new = h.issue(other, [PROVINCE], day, "V/v thu hồi văn bản", business=business,
                  targets=[{"document_id": paper.id}], **more)
    h.send(new, needs=paper.events, outcome="foreign", plain=True)


LIVES = [(final, 100), (nothing, 26), (final_with_deadline, 4), (report_answer, 6),
         (interim_then_final, 14), (final_then_interim, 3), (kind_only("interim"), 8),
         (kind_only("extension"), 6), (kind_only("hand_back"), 5), (kind_only("guidance"), 3),
         (drafted, 6), (draft_withdrawn, 3), (drafted_then_final, 6), (status_progress, 6),
         (status_other, 8), (mention, 6), (wrong_addressee, 5), (sub_unit, 6), (two_answers, 6),
         (recalled_answer, 8), (replaced_answer, 5), (dated_early, 2), (dated_ahead, 2),
         (secret_answer, 2), (expired_id, 3), (other_source, 4), (foreign_recall, 3)]


def live(h, duty, lives=None):
    """One life of a task: (its name, the members of its truth)."""
    table = lives or LIVES
    life = h.random.choices([one for one, _ in table], [weight for _, weight in table])[0]
    try:
        return life.__name__, life(h, duty)
    except TooLate:
        return "nothing", {}
