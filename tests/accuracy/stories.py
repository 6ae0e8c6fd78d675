"""The stories of level 2. Each issues papers and says what must come of them.

A *life* is what one lead does about one task; it returns the members of the truth that differ from
an untouched task. Days are chosen before anything is issued: a life that does not fit into the year
raises TooLate and has not begun.
"""
import copy
import datetime
import json

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
    day = d.answer_day(h)
    other = h.random.choice([o for o in COMMUNES if o not in (d.lead, world.HEIR, d.doc.organ)])
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
    """`act`: it bears a date of its own; else it repeats the paper's and acts on arrival."""
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
    arrived = day if not act else None
    h.send(holder, needs=paper.events, arrived=arrived, plain=True)
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


# --- stories ------------------------------------------------------------------------


def letter(h):
    """A plain letter, a report, a letter upward: nobody owes anything."""
    day = h.some_day()
    issuer = h.random.choice(DEPARTMENTS + COMMUNES + world.DIVISIONS + [PROVINCE, OFFICE])
    topic = h.random.choice(world.TOPICS)
    upward = issuer != PROVINCE and h.random.random() < 0.5
    more = {}
    to = [PROVINCE] if upward else h.random.sample(DEPARTMENTS + COMMUNES, 2)
    if issuer in to:
        to = [PROVINCE]
    dice = h.random.random()
    if dice < 0.3:
        more = {"type_name": "Báo cáo", "steering": "report"}
        if dice < 0.1:
            more["due_on"] = good_due(h, day).isoformat()
    elif dice < 0.4 and to == [PROVINCE] and issuer != PROVINCE:
        more["due_on"] = good_due(h, day).isoformat()
    paper = h.issue(issuer, to, day, f"V/v {topic}", **more)
    if dice > 0.97:
        copy_with_another_word(h, paper)
    else:
        h.send(paper)


def copy_with_another_word(h, paper):
    """The same identity with another content: the first stands."""
    arrived = paper.day + DAY * h.delay()
    first = h.send(paper, arrived=arrived, plain=True)
    event = copy.deepcopy(paper.event)
    event["subject"] += " (bản sửa)"
    number = h.record(event, "eoffice", edxml.plain(), min(arrived + 2 * DAY, world.NOW), [],
                      "conflict", [first])
    h.events[number]["conflicts_with"] = first


def assignment(h):
    paper, leads, due, flagged = directive(h)
    h.leads_of[paper.key] = leads
    h.send(paper)
    for lead in leads:
        name, truth = live(h, Duty(paper, lead, due, flagged))
        h.task(paper, lead, due=due, flagged=flagged, case=name, **truth)


SIMPLE = [(final, 60), (nothing, 40), (kind_only("interim"), 10), (status_progress, 10)]


def recalled(h):
    """The assignment is recalled: what was answered by then has been answered."""
    paper, leads, due, flagged = directive(h, dirty=0)
    h.leads_of[paper.key] = leads
    try:
        day = h.later(paper.day, 1, 40)
    except TooLate:
        return
    h.send(paper)
    act = h.random.random() < 0.6
    recall(h, paper, day, act=act)
    for lead in leads:
        name, truth = live(h, Duty(paper, lead, due), SIMPLE)
        if truth.get("state") != "completed" or truth["done"] > day:
            truth = {"state": "cancelled"}
        h.task(paper, lead, due=due, case="recalled", **truth)


def foreign(h):
    """Another organ recalls or updates it; or names it only by a code it has not itself."""
    paper, leads, due, flagged = directive(h, issuer=PROVINCE)
    h.leads_of[paper.key] = leads
    try:
        day = h.later(paper.day, 1, 20)
    except TooLate:
        return
    h.send(paper)
    other = h.random.choice(leads + ["H99.54"])
    if other in world.NAMES:
        if h.random.random() < 0.3:
            new = h.issue(other, [PROVINCE], day, "V/v thu hồi văn bản", business="recall",
                          targets=[{"code": paper.code, "issued_on": paper.day.isoformat()}])
            h.send(new, outcome="parked", plain=True)
        else:
            kind = h.random.choice(["recall", "update"])
            attempt(h, other, paper, day, kind, **({} if kind == "recall" else
                                                   {"due_on": good_due(h, day).isoformat()}))
    for lead in leads:
        name, truth = live(h, Duty(paper, lead, due, flagged), SIMPLE)
        h.task(paper, lead, due=due, flagged=flagged, case="foreign", **truth)


def updated(h):
    """Another deadline; one receiver less, one more."""
    paper, leads, due, flagged = directive(h, dirty=0, issuer=PROVINCE)
    h.leads_of[paper.key] = leads
    try:
        day = h.later(paper.day, 1, 30)
    except TooLate:
        return
    h.send(paper)
    new_due = good_due(h, day) if h.random.random() < 0.8 else None
    gone = leads[:1] if len(leads) > 1 and h.random.random() < 0.5 else []
    more = [h.random.choice([o for o in DEPARTMENTS if o not in leads])]
    more = more if h.random.random() < 0.5 else []
    if not (new_due or gone or more):
        new_due = good_due(h, day)
    update(h, paper, day, new_due, gone, more)
    for lead in leads + more:
        # who is added owes since the update; who answered before it is loose in its deadline
        duty = Duty(paper, lead, new_due or due)
        if lead in more:
            name, truth = ("nothing", {})
        else:
            name, truth = live(h, duty, SIMPLE)
        before = truth.get("state") == "completed" and truth["done"] < day
        if lead in gone and not before:
            h.task(paper, lead, "cancelled", due=due, case="updated", loose=True)
        else:
            h.task(paper, lead, due=new_due or due, case="updated",
                   loose=before and bool(new_due), **truth)


def update(h, paper, day, due, gone, more):
    event = {"kind": "document", "stage": "issued", "business": "update",
             "document_id": paper.id, "code": dict(paper.event["code"]),
             "issued_on": day.isoformat(), "from": h.organ(paper.organ, 0.05),
             "to": copy.deepcopy(paper.event["to"]), "type_name": "Công văn",
             "subject": "V/v cập nhật văn bản", "targets": [{"document_id": paper.id}],
             "receivers_added": [answers.issuer_of(h, one) for one in more],
             "receivers_removed": [answers.issuer_of(h, one) for one in gone]}
    if due:
        event["due_on"] = due.isoformat()
    h.docs += 1
    holder = copy.copy(paper)
    holder.event, holder.day, holder.events = event, day, []
    h.send(holder, needs=paper.events, plain=True)


def replaced(h):
    """A new paper in its place; a reply to either closes the one task."""
    old, leads, due, _ = directive(h, dirty=0, threaded=0)
    h.leads_of[old.key] = leads
    try:
        day = h.later(old.day, 1, 20)
    except TooLate:
        return
    answered = [lead for lead in leads if h.random.random() < 0.2]
    kept = [lead for lead in leads if lead in answered or h.random.random() < 0.8]
    if not kept:
        kept = leads[:1]
    due_members = {"due_on": (due + 14 * DAY).isoformat()} if due else {}
    new = h.issue(old.organ, kept, day, old.event["subject"], business="replace",
                  steering="directive", targets=[{"document_id": old.id}], **due_members)
    h.topic_of[new.key] = h.topic_of[old.key]
    h.leads_of[new.key] = kept
    h.send(old)
    h.send(new)
    for lead in leads:
        replaced_task(h, old, new, lead, due, lead in kept, lead in answered)


def replaced_task(h, old, new, lead, due, kept, answered):
    new_due = due + 14 * DAY if due else None
    if answered and (new.day - old.day).days > 1:
        day = old.day + DAY
        paper = answers.reply(h, world.lead_on(lead, day), [old.organ], day, old)
        h.task(old, lead, "completed", done=day, by=paper, also=[new], loose=True,
               case="replaced")
        return
    if not kept:
        h.task(old, lead, "cancelled", also=[new], loose=True, case="replaced")
        return
    duty = Duty(new, lead, new_due)
    name, truth = live(h, duty, [(nothing, 40), (final, 30), (answers_old(old), 30)])
    h.task(new, lead, due=new_due, case="replaced", **truth)


def answers_old(old):
    def life(h, d):
        day = h.later(d.doc.day, 1, 30)
        return closed(day, answers.reply(h, d.sender(day), [d.doc.organ], day, old, style="id",
                                         needs=old.events))
    return life


def explicit(h):
    """Assignments named one by one, some for the same lead, some with a code of their own."""
    day = h.some_day()
    leads = h.random.sample(DEPARTMENTS + COMMUNES[1:], h.random.randint(1, 3))
    due = good_due(h, day)
    rows = []
    for number in range(h.random.randint(1, 5)):
        own = good_due(h, day) if h.random.random() < 0.5 else None
        rows.append({"kind": "task", "code": f"GV-{h.docs}-{number}",
                     "content": f"Nhiệm vụ {number + 1}", "lead": h.random.choice(leads),
                     "coordinating": h.random.sample(DEPARTMENTS, 1), "due": own})
    topic = h.random.choice(world.TOPICS)
    events = [{k: v for k, v in row.items() if k != "due"} |
              {"due_on": row["due"] and row["due"].isoformat()} for row in rows]
    paper = h.issue(PROVINCE, leads + ["H99.03"], day, f"V/v {topic}", due_on=due.isoformat(),
                    assignments=events)
    h.topic_of[paper.key] = topic
    h.leads_of[paper.key] = leads
    h.send(paper)
    truth = [{} for _ in rows]
    for lead in dict.fromkeys(row["lead"] for row in rows):
        explicit_answers(h, paper, lead, rows, truth)
    if h.random.random() < 0.2:
        coordinator_writes(h, paper, rows)
    for row, what in zip(rows, truth):
        h.task(paper, row["lead"], due=row["due"] or due, content=row["content"],
               case="explicit", **what)


def explicit_answers(h, paper, lead, rows, truth):
    mine = [n for n, row in enumerate(rows) if row["lead"] == lead]
    try:
        day = h.later(paper.day, 1, 40)
    except TooLate:
        return
    dice = h.random.random()
    if dice < 0.4:  # the whole paper: each task its sender leads
        reply = answers.reply(h, lead, [PROVINCE], day, paper)
        done = mine
    elif dice < 0.8:  # only those it names by their code
        done = h.random.sample(mine, h.random.randint(1, len(mine)))
        codes = [rows[n]["code"] for n in done]
        more = {}
        if h.random.random() < 0.4:
            more["response_for"] = [answers.by_id(h, paper)]
        reply = h.issue(lead, [PROVINCE], day, f"V/v {h.topic_of[paper.key]}",
                        response_for_tasks=codes, **more)
        h.send(reply, needs=paper.events)
    else:
        return
    for n in done:
        truth[n].update(closed(day, reply))


def coordinator_writes(h, paper, rows):
    leads = {row["lead"] for row in rows}
    others = {one for row in rows for one in row["coordinating"]} - leads
    if others:
        try:
            day = h.later(paper.day, 1, 30)
        except TooLate:
            return
        answers.reply(h, sorted(others)[0], [PROVINCE], day, paper)


def contradiction(h):
    """Rungs that name different papers close nothing (M2)."""
    lead = h.random.choice(DEPARTMENTS)
    day = h.some_day()
    one, _, due1, _ = directive(h, PROVINCE, [lead], day, dirty=0, threaded=0)
    two, _, due2, _ = directive(h, PROVINCE, [lead], day, dirty=0, threaded=0)
    h.leads_of[one.key] = h.leads_of[two.key] = [lead]
    h.send(one)
    h.send(two)
    try:
        when = h.later(day, 2, 30)
    except TooLate:
        when = None
    truth = {}
    if when:
        entry = {"organ_id": PROVINCE, "document_id": one.id, "code": two.code}
        if h.random.random() < 0.7:
            entry["issued_on"] = two.day.isoformat()
        reply = answers.reply(h, lead, [PROVINCE], when, one, style="id", refs=[entry],
                              says="source", about="V/v kết quả",
                              needs=one.events + two.events)
        h.suggestion(reply, [one, two], "contradiction")
        if h.random.random() < 0.3:
            try:
                again = h.later(when, 1, 20)
                truth = closed(again, answers.reply(h, lead, [PROVINCE], again, one, style="nd"))
            except TooLate:
                pass
    h.task(one, lead, due=due1, case="contradiction", **truth)
    h.task(two, lead, due=due2, case="contradiction")


def task_code_beside(h):
    """A task code of one beside a reference to the other alone."""
    lead = h.random.choice(DEPARTMENTS)
    day = h.some_day()
    code = f"GV-{h.docs}"
    one = h.issue(PROVINCE, [lead], day, "V/v rà soát", assignments=[
        {"kind": "task", "code": code, "content": "Nhiệm vụ 1", "lead": lead}])
    h.topic_of[one.key] = "rà soát"
    two, _, due2, _ = directive(h, PROVINCE, [lead], day, dirty=0, threaded=0)
    h.leads_of[one.key] = h.leads_of[two.key] = [lead]
    h.send(one)
    h.send(two)
    try:
        when = h.later(day, 2, 30)
        reply = h.issue(lead, [PROVINCE], when, "V/v rà soát", response_for_tasks=[code],
                        response_for=[answers.by_number_date_organ(h, two)])
        h.send(reply, needs=one.events + two.events)
        h.suggestion(reply, [one, two], "task_code_beside")
    except TooLate:
        pass
    h.task(one, lead, content="Nhiệm vụ 1", case="task_code_beside")
    h.task(two, lead, due=due2, case="task_code_beside")


def same_number(h):
    """One number in two years, or of two organs: only what the reply tells apart closes."""
    lead = h.random.choice(DEPARTMENTS[:15])
    first = h.some_day(datetime.date(2025, 12, 1))
    second = first + 150 * DAY
    if second > world.LAST:
        return
    year = h.random.random() < 0.5
    other = PROVINCE if year else h.random.choice(["G12", "G09"])
    number, notation = 70000 + h.docs, "UBND-TH"
    one, _, due1, _ = directive(h, PROVINCE, [lead], first, dirty=0, threaded=0, number=number,
                                notation=notation, id_style="known")
    two, _, due2, _ = directive(h, other, [lead], second, dirty=0, threaded=0, number=number,
                                notation=notation, id_style="known")
    h.leads_of[one.key] = h.leads_of[two.key] = [lead]
    h.send(one)
    h.send(two)
    truth = [{}, {}]
    try:
        when = h.later(second, 3, 40)
        dice = h.random.random()
        if year and dice < 0.4:  # no date: two fit, a person decides
            entry = {"organ_id": PROVINCE, "code": one.code}
            reply = answers.reply(h, lead, [PROVINCE], when, two, refs=[entry], says="source",
                                  plain=True, about="V/v kết quả", needs=one.events + two.events)
            h.events[-1]["after"] = [one.events[0], two.events[0]]
            h.suggestion(reply, [one, two], "same_number")
        else:
            side = h.random.choice([0, 1])
            style = h.random.choice(["id", "nd", "no"] if not year else ["id", "nd"])
            meant = [one, two][side]
            reply = answers.reply(h, lead, [meant.organ], when, meant, style=style)
            # until the paper its id names has come, the code may look like the other's
            h.events[reply.events[0]]["either"] = one.events + two.events
            truth[side] = closed(when, reply)
    except TooLate:
        pass
    h.task(one, lead, due=due1, case="same_number", **truth[0])
    h.task(two, lead, due=due2, case="same_number", **truth[1])


def last_year(h):
    """The id names a paper of last year that we never had; the code beside it is this year's."""
    lead = h.random.choice(DEPARTMENTS)
    paper, _, due, _ = directive(h, PROVINCE, [lead], dirty=0, threaded=0, id_style="known")
    h.leads_of[paper.key] = [lead]
    h.send(paper)
    try:
        day = h.later(paper.day, 1, 40)
        before = paper.day.replace(day=1, year=paper.day.year - 1)
        entry = {"organ_id": PROVINCE, "code": paper.code,
                 "document_id": f"H99,{before:%Y/%m/%d},{paper.code}"}
        reply = answers.reply(h, lead, [PROVINCE], day, paper, refs=[entry], about="V/v kết quả",
                              plain=True)
        h.events[reply.events[0]]["either"] = paper.events
    except TooLate:
        pass
    h.task(paper, lead, due=due, case="last_year")


def several(h):
    """One reply to several papers (M5)."""
    lead = h.random.choice(DEPARTMENTS + COMMUNES)
    day = h.some_day()
    papers = [directive(h, PROVINCE, [lead] + h.random.sample(["H99.03", "H99.04"], 1), day,
                        dirty=0, threaded=0) for _ in range(h.random.randint(2, 4))]
    for paper, leads, _, _ in papers:
        h.leads_of[paper.key] = leads
        h.send(paper)
    truth = {}
    try:
        when = h.later(day, 1, 40)
        refs = [answers.reference(h, p, when, h.random.choice(["id", "nd"]))
                for p, _, _, _ in papers]
        needs = [e for p, _, _, _ in papers for e in p.events]
        reply = answers.reply(h, lead, [PROVINCE], when, papers[0][0], refs=refs, needs=needs)
        truth = closed(when, reply)
    except TooLate:
        pass
    for paper, leads, due, _ in papers:
        for one in leads:
            h.task(paper, one, due=due, case="several", **(truth if one == lead else {}))


def reminder(h):
    """The assigner writes again on its thread: what has a deadline assigns once more."""
    lead = h.random.choice(DEPARTMENTS)
    paper, _, due, _ = directive(h, PROVINCE, [lead], threaded=1, dirty=0)
    h.leads_of[paper.key] = [lead]
    try:
        day = h.later(paper.day, 5, 30)
    except TooLate:
        return
    h.send(paper)
    again = good_due(h, day)
    more = h.issue(PROVINCE, [lead], day, "V/v đôn đốc " + h.topic_of[paper.key],
                   due_on=again.isoformat(), thread_id=paper.thread, source="idesk")
    h.topic_of[more.key] = h.topic_of[paper.key]
    h.send(more)
    truth, truth_again = {}, {}
    try:
        when = h.later(paper.day, 1, 50)
        if when != day:
            reply = answers.reply(h, lead, [PROVINCE], when, paper, style="thread")
            truth = closed(when, reply)
            truth_again = truth if when > day else {}
    except TooLate:
        pass
    h.task(paper, lead, due=due, case="reminder", **truth)
    h.task(more, lead, due=again, case="reminder", **truth_again)


def carriers(h):
    """One paper through the e-office and through the axis."""
    paper, leads, due, flagged = directive(h, threaded=0, id_style="known")
    h.leads_of[paper.key] = leads
    event = copy.deepcopy(paper.event)
    event["document_id"] = h.new_id("uuid", paper.organ, paper.day, "", "")
    event |= {"thread_id": h.thread(), "source": "idesk"}
    h.names[event["document_id"]] = paper.key
    axis = h.send(paper, carrier="axis", plain=True)
    arrived = paper.day + DAY * h.delay()
    office = h.record(event, "eoffice", edxml.plain(), min(arrived, world.NOW), [], None, [],
                      same_as=axis)
    paper.events.append(office)
    for lead in leads:
        duty = Duty(paper, lead, due, flagged)
        truth = {}
        try:
            day = duty.answer_day(h)
            if h.random.random() < 0.5:
                refs = [{"document_id": event["document_id"]}]
                reply = answers.reply(h, duty.sender(day), duty.to(h), day, paper, refs=refs,
                                      needs=[office])
            else:
                reply = answers.reply(h, duty.sender(day), duty.to(h), day, paper)
            truth = closed(day, reply)
        except TooLate:
            pass
        h.task(paper, lead, due=due, flagged=flagged, case="carriers", **truth)


def orphan(h):
    """A reply to something that never comes: it waits, and assigns nothing."""
    day = h.some_day()
    sender, to = h.random.sample(DEPARTMENTS, 2)
    entry = h.random.choice([
        {"document_id": f"H99,{day:%Y/%m/%d},{800000 + h.docs}/UBND-VX"},
        {"organ_id": PROVINCE, "code": f"{800000 + h.docs}/UBND-VX",
         "issued_on": day.isoformat()}])
    paper = h.issue(sender, [to], day, "V/v kết quả", response_for=[entry],
                    steering="directive", due_on=good_due(h, day).isoformat())
    h.send(paper, outcome="parked")


def secret(h):
    day = h.some_day()
    more = h.random.choice([{"secrecy": "secret"}, {"subject": "MẬT: V/v kế hoạch"},
                            {"subject": "TUYỆT MẬT - V/v kế hoạch"}])
    subject = more.pop("subject", "V/v kế hoạch")
    paper = h.issue(PROVINCE, ["H99.03"], day, subject, steering="directive", **more)
    first = h.send(paper, outcome="restricted", plain=True)
    if h.random.random() < 0.3:
        h.record(paper.event, "eoffice", edxml.plain(), min(day + 9 * DAY, world.NOW), [],
                 "restricted", [first])


def not_secret(h):
    """Words that only look like a mark: a directive like any other."""
    paper, leads, due, flagged = directive(h, PROVINCE, dirty=0, threaded=0)
    paper.event["subject"] = h.random.choice(["Mật độ xây dựng khu dân cư",
                                              "Mật khẩu tài khoản công vụ"])
    h.leads_of[paper.key] = leads
    h.send(paper)
    for lead in leads:
        h.task(paper, lead, due=due, case="not_secret")


def unreadable(h):
    day = h.some_day()
    h.docs += 1
    data, suffix = h.random.choice([
        (f'<?xml version="1.0"?><edXML><a n="{h.docs}"></edXML>'.encode(), "edxml"),
        (f'{{"kind":"document","stage":"issued","n{h.docs}":'.encode(), "json"),
        (f"khong phai XML {h.docs}".encode(), "edxml")])
    first = h.bytes(data, day, "quarantined", suffix)
    if h.random.random() < 0.4:
        h.bytes(data, min(day + 5 * DAY, world.NOW), None, suffix, same_as=first)


def thread_reply_first(h):
    """An answer with a deadline, on a thread alone: if it comes before its directive, the task
    made of it is withdrawn when that comes (T4)."""
    asker, lead = h.random.sample(DEPARTMENTS[:15], 2)
    paper, _, due, _ = directive(h, asker, [lead], threaded=1, dirty=0)
    h.leads_of[paper.key] = [lead]
    try:
        day = h.later(paper.day, 1, 20)
    except TooLate:
        return
    first = h.send(paper, plain=True)
    reply = answers.reply(h, lead, [asker], day, paper, style="thread", plain=True,
                          due_on=good_due(h, day).isoformat())
    h.task(paper, lead, due=due, case="thread_reply_first", **closed(day, reply))
    h.withdrawn.append({"document": reply.key, "lead": asker, "reply": reply.events[0],
                        "assignment": first})


def merged(h):
    """Two communes became one: its one answer closes what either owed."""
    day = h.some_day()
    paper, leads, due, flagged = directive(h, PROVINCE, [world.DISSOLVED, world.HEIR], day,
                                           dirty=0)
    h.leads_of[paper.key] = leads
    h.send(paper)
    truth = {}
    both = False
    try:
        when = h.later(day, 1, 60)
        both = when >= world.DISSOLVED_ON
        truth = closed(when, answers.reply(h, world.HEIR, [PROVINCE], when, paper))
    except TooLate:
        pass
    for lead in leads:
        h.task(paper, lead, due=due, case="merged",
               **(truth if both or lead == world.HEIR else {}))


def long_gone(h):
    """Addressed under a name that ended before: its successor owes it, once."""
    to = [world.LONG_GONE] + ([world.LONG_GONE_HEIR] if h.random.random() < 0.5 else [])
    paper, leads, due, flagged = directive(h, PROVINCE, to)
    h.leads_of[paper.key] = leads
    h.send(paper)
    name, truth = live(h, Duty(paper, leads[0], due, flagged))
    h.task(paper, leads[0], due=due, flagged=flagged, case=name, **truth)


STORIES = [(letter, 560), (assignment, 240), (recalled, 14), (foreign, 10), (updated, 14),
           (replaced, 12), (explicit, 24), (contradiction, 8), (task_code_beside, 4),
           (same_number, 10), (last_year, 4), (several, 8), (reminder, 6), (carriers, 12), (orphan, 8),
           (secret, 4), (not_secret, 3), (unreadable, 4), (thread_reply_first, 4), (merged, 4),
           (long_gone, 4)]


def tell(h, documents, stories):
    """Stories until there are so many documents."""
    h.topic_of, h.leads_of = {}, {}
    for story, _ in stories:  # each at least once
        story(h)
    while h.docs < documents:
        story = h.random.choices([s for s, _ in stories], [w for _, w in stories])[0]
        story(h)
