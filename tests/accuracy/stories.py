"""The stories of level 2. Each issues papers and says what must come of them."""
import copy

import answers
import edxml
import world
from changes import foreign, recalled, replaced, replaced_recalled, updated
from history import TooLate
from lives import DAY, Duty, closed, directive, good_due, live
from traps import (by_task_number, carriers, contradiction, last_year, long_gone, merged, not_secret,
                   orphan, reminder, reply_assigns, same_number, secret, several, task_code_beside,
                   thread_reply_first, unreadable)
from world import COMMUNES, DEPARTMENTS, OFFICE, PROVINCE


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


STORIES = [(letter, 560), (assignment, 240), (recalled, 14), (foreign, 10), (updated, 14),
           (replaced, 12), (replaced_recalled, 4),
           (reply_assigns, 5), (by_task_number, 6), (explicit, 24), (contradiction, 8), (task_code_beside, 4),
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
