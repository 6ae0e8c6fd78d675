"""Where a hasty clerk goes wrong: numbers that come twice, references that disagree, papers that
come by two ways, organs that ended, papers that must not be read."""
import copy
import datetime

import answers
import edxml
import world
from history import TooLate
from lives import DAY, Duty, closed, directive, good_due, live
from world import COMMUNES, DEPARTMENTS, PROVINCE


def reply_assigns(h):
    """A reply with explicit assignments answers and assigns (T4)."""
    lead, other = h.random.choice(DEPARTMENTS), h.random.choice(COMMUNES[1:])
    paper, _, due, _ = directive(h, PROVINCE, [lead], dirty=0)
    h.leads_of[paper.key] = [lead]
    h.send(paper)
    truth = {}
    try:
        day = h.later(paper.day, 1, 30)
        again = good_due(h, day)
        reply = answers.reply(h, lead, [PROVINCE, other], day, paper, style="id", assignments=[
            {"kind": "task", "code": None, "content": "Nhiệm vụ 1", "lead": other,
             "due_on": again.isoformat()}])
        for number in reply.events:  # its own tasks need no original
            h.events[number]["needs"] = []
        truth = closed(day, reply)
        h.task(reply, other, due=again, content="Nhiệm vụ 1", case="reply_assigns")
    except TooLate:
        pass
    h.task(paper, lead, due=due, case="reply_assigns", **truth)


def by_task_number(h):
    """The reply names the task by the number the gateway gave it."""
    lead = h.random.choice(DEPARTMENTS)
    paper, _, due, _ = directive(h, PROVINCE, [lead], dirty=0, threaded=0)
    h.leads_of[paper.key] = [lead]
    h.send(paper, plain=True)
    truth = {}
    try:
        day = h.later(paper.day, 1, 30)
        reply = h.issue(lead, [PROVINCE], day, "V/v kết quả")
        h.send_filled(reply, paper)
        truth = closed(day, reply)
    except TooLate:
        pass
    h.task(paper, lead, due=due, case="by_task_number", **truth)


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
    if h.random.random() < 0.3:  # what only the axis gives is added
        event.pop("due_on", None)
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
                            {"subject": "TUYỆT MẬT - V/v kế hoạch"},
                            {"attachments": [{"name": "MẬT - ke hoach.pdf", "bytes": 9}]}])
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
