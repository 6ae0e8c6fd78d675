"""Recall, update, replacement of an assignment, and who may do it (B1 to B5)."""
import copy

import answers
import world
from history import TooLate
from lives import (DAY, Duty, attempt, closed, directive, final, good_due, kind_only, live, nothing,
                   recall, status_progress)
from world import DEPARTMENTS, PROVINCE


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
    update(h, paper, day, new_due, gone, more, act=h.random.random() < 0.7)
    removed_on = day
    if new_due and h.random.random() < 0.3:  # and again: the latest holds
        try:
            again = h.later(day, 1, 9)
            new_due = good_due(h, again)
            update(h, paper, again, new_due, [], [],
                   to=[one for one in leads + more if one not in gone])
            day = again
        except TooLate:
            pass
    for lead in leads + more:
        # who is added owes since the update; who answered before it is loose in its deadline
        duty = Duty(paper, lead, new_due or due)
        if lead in more:
            name, truth = ("nothing", {})
        else:
            name, truth = live(h, duty, SIMPLE)
        before = truth.get("state") == "completed" and truth["done"] < day
        if lead in gone and not (before and truth["done"] < removed_on):
            h.task(paper, lead, "cancelled", due=due, case="updated", loose=True)
        else:
            h.task(paper, lead, due=new_due or due, case="updated",
                   loose=before and bool(new_due), **truth)


def update(h, paper, day, due, gone, more, act=True, to=None):
    """Without a list of receivers its own addressees are read again: `to`, else the paper's."""
    event = {"kind": "document", "stage": "issued", "business": "update",
             "document_id": paper.id, "code": dict(paper.event["code"]),
             "issued_on": (day if act else paper.day).isoformat(),
             "from": h.organ(paper.organ, 0.05),
             "to": [h.organ(one) for one in to] if to else copy.deepcopy(paper.event["to"]),
             "type_name": "Công văn", "subject": "V/v cập nhật văn bản", "targets": [{"document_id": paper.id}],
             "receivers_added": [answers.issuer_of(h, one) for one in more],
             "receivers_removed": [answers.issuer_of(h, one) for one in gone]}
    if due:
        event["due_on"] = due.isoformat()
    h.docs += 1
    holder = copy.copy(paper)
    holder.event, holder.day, holder.events = event, day, []
    h.send(holder, needs=paper.events, arrived=None if act else day, plain=True)


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
    new_due = good_due(h, day) if due else None
    due_members = {"due_on": new_due.isoformat()} if due else {}
    target = {"document_id": old.id}
    named = h.random.random() < 0.3  # it says whom it is for: the others stay where they are
    if named:
        target["organ_ids"] = [answers.issuer_of(h, one) for one in kept]
    new = h.issue(old.organ, kept, day, old.event["subject"], business="replace",
                  steering="directive", targets=[target], **due_members)
    h.topic_of[new.key] = h.topic_of[old.key]
    h.leads_of[new.key] = kept
    h.send(old)
    h.send(new)
    for lead in leads:
        if named and lead not in kept:
            name, truth = live(h, Duty(old, lead, due), SIMPLE)
            h.task(old, lead, due=due, case="replaced for others", **truth)
        else:
            replaced_task(h, old, new, lead, new_due, lead in kept, lead in answered)


def replaced_recalled(h):
    """Recall of the new paper cancels; recall of the old one has no effect any more."""
    old, leads, due, _ = directive(h, dirty=0, threaded=0)
    h.leads_of[old.key] = leads
    try:
        day = h.later(old.day, 1, 10)
        gone = h.later(day, 1, 10)
    except TooLate:
        return
    due = good_due(h, day) if due else None
    new = h.issue(old.organ, leads, day, old.event["subject"], business="replace",
                  steering="directive", targets=[{"document_id": old.id}],
                  **({"due_on": due.isoformat()} if due else {}))
    h.send(old)
    h.send(new)
    which = h.random.choice([old, new])
    recall(h, which, gone)
    for lead in leads:
        h.task(new, lead, "cancelled" if which is new else "assigned", due=due,
               case="replaced_recalled")


def replaced_task(h, old, new, lead, new_due, kept, answered):
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
