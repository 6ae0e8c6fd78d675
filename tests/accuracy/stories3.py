"""The stories of level 3: citations, sub-tasks, the phrasings of people, deadlines in the text, and
what else is owed (T7, T8, M2, M4, D2, the citation rung)."""
import copy
import datetime

import answers
import world
from history import ANY, TooLate
from lives import DAY, Duty, closed, directive, good_due
from world import DEPARTMENTS, OFFICE, PROVINCE

PHRASES = {
    "interim": ["V/v báo cáo tình hình, tiến độ thực hiện {cite}", "Báo cáo kết quả sơ bộ {topic}",
                "V/v cập nhật tiến độ {topic}", "Báo cáo kết quả bước đầu triển khai {topic}"],
    "extension": ["V/v đề nghị cho phép lùi thời gian báo cáo {topic}",
                  "V/v xin lùi thời hạn hoàn thành {topic}",
                  "V/v đề nghị được gia hạn thời gian thực hiện {cite}",
                  "V/v xin điều chỉnh thời hạn thực hiện {cite}",
                  "V/v kiến nghị gia hạn thời gian {topic}"],
    "hand_back": ["V/v đề nghị chuyển {cite} đến cơ quan có thẩm quyền",
                  "V/v chuyển trả văn bản do không thuộc chức năng, nhiệm vụ của đơn vị",
                  "V/v xin chuyển trả {cite}", "V/v {topic} không thuộc thẩm quyền giải quyết"],
    "guidance": ["V/v đề nghị hướng dẫn {topic}", "V/v xin ý kiến chỉ đạo về {topic}",
                 "V/v xin hướng dẫn vướng mắc khi thực hiện {cite}"],
    "final": ["V/v kết quả giải quyết hồ sơ xin gia hạn giấy phép",
              "V/v kết quả thực hiện {cite} về việc đề nghị gia hạn dự án",
              "V/v kết quả xử lý đơn xin chuyển trả đất", "Báo cáo kết quả {topic}",
              "V/v kết quả rà soát các hồ sơ đề nghị điều chỉnh thời hạn thuê đất"],
}

CITES = ["Trả lời Công văn số {code} ngày {d}/{m}/{y} của UBND tỉnh",
         "Phúc đáp Công văn số: {number} /{notation} ngày {d} tháng {m} năm {y}",
         "V/v thực hiện Công văn số {code} ngày {d:02}/{m:02}/{y}",
         "Trả lời Công văn số {number}/{dashed} ngày {d:02}-{m:02}-{y}",
         "V/v kết quả, theo đề nghị tại Công văn số {code} ngày {d}/{m}/{y}"]

OFF = {datetime.date(*map(int, day.split("-"))) for day in
       ["2025-09-01", "2025-09-02", "2026-01-01", "2026-02-16", "2026-02-17", "2026-02-18",
        "2026-02-19", "2026-02-20", "2026-04-27", "2026-04-30", "2026-05-01"]}


def working_days(day, number):
    while number:
        day += DAY
        number -= day.weekday() < 5 and day not in OFF
    return day


def cite(h, doc, pattern=None, day=None):
    day = day or doc.day
    code = doc.event["code"]
    return (pattern or h.random.choice(CITES)).format(
        code=doc.code, number=code["number"], notation=code["notation"],
        dashed=code["notation"].replace("-", "–"), d=day.day, m=day.month, y=day.year)


def alone(h, issuer=PROVINCE, lead=None, **more):
    """A directive to one lead, sent: (paper, lead, due)."""
    lead = lead or h.random.choice(DEPARTMENTS)
    paper, _, due, _ = directive(h, issuer, [lead], dirty=0, **({"threaded": 0} | more))
    h.leads_of[paper.key] = [lead]
    h.send(paper)
    return paper, lead, due


def phrased(h):
    """A reply in the words of people."""
    paper, lead, due = alone(h)
    kind = h.random.choice(list(PHRASES))
    truth = {}
    try:
        day = Duty(paper, lead, due).answer_day(h)
        words = h.random.choice(PHRASES[kind]).format(
            topic=h.topic_of[paper.key], cite=f"Công văn số {paper.code}")
        reply = answers.reply(h, lead, [PROVINCE], day, paper, style="id", says="words", about=words)
        truth = {"interim": {"state": "in_progress"}, "final": closed(day, reply)}.get(kind, {})
    except TooLate:
        pass
    h.task(paper, lead, due=due, case=f"phrased {kind}", **truth)


def progress_asked(h):
    """Where a progress report was asked for, it is the answer."""
    lead, day = h.random.choice(DEPARTMENTS), h.some_day()
    due = good_due(h, day)
    topic = "báo cáo tiến độ " + h.random.choice(["giải ngân vốn", "giải phóng mặt bằng"])
    paper = h.issue(PROVINCE, [lead], day, f"V/v {topic}", steering="directive",
                    due_on=due.isoformat())
    h.topic_of[paper.key] = topic
    h.leads_of[paper.key] = [lead]
    h.send(paper)
    truth = {}
    try:
        when = Duty(paper, lead, due).answer_day(h)
        truth = closed(when, answers.reply(h, lead, [PROVINCE], when, paper, style="nd",
                                           says="words", about=topic.capitalize()))
    except TooLate:
        pass
    h.task(paper, lead, due=due, case="progress_asked", **truth)


def cited(h):
    """Only a citation names it: suggested, never closed."""
    paper, lead, due = alone(h)
    try:
        day = Duty(paper, lead, due).answer_day(h)
        dice = h.random.random()
        more, suggests = {}, True
        if dice < 0.6:
            words = cite(h, paper)
        elif dice < 0.75:
            words, more = "V/v kết quả", {"content": cite(h, paper) + ", đơn vị báo cáo như sau"}
        elif dice < 0.85:
            words = f"Trả lời Công văn số {paper.code}"  # bare, and unique
        else:
            words = cite(h, paper, CITES[0].replace(" của UBND tỉnh", ""), paper.day - 90 * DAY)
            suggests = False  # a wrong date and no organ
        reply = h.issue(lead, [PROVINCE], day, words, **more)
        h.send(reply)
        if suggests:
            h.suggestion(reply, [paper], "cited")
    except TooLate:
        pass
    h.task(paper, lead, due=due, case="cited")


def cited_list(h):
    """Two papers in one subject: both are suggested."""
    lead = h.random.choice(DEPARTMENTS)
    one, _, due1 = alone(h, lead=lead)
    two, _, due2 = alone(h, lead=lead)
    try:
        day = h.later(max(one.day, two.day), 1, 30)
        words = (f"Trả lời các Công văn số {one.code} ngày {one.day:%d/%m/%Y}, "
                 f"{two.code} ngày {two.day:%d/%m/%Y}")
        reply = h.issue(lead, [PROVINCE], day, words)
        h.send(reply)
        h.suggestion(reply, [one, two], "cited_list")
    except TooLate:
        pass
    h.task(one, lead, due=due1, case="cited_list")
    h.task(two, lead, due=due2, case="cited_list")


def cited_other(h):
    """The reference names one, the subject only the other (M2)."""
    lead = h.random.choice(DEPARTMENTS)
    one, _, due1 = alone(h, lead=lead)
    two, _, due2 = alone(h, lead=lead)
    try:
        day = h.later(max(one.day, two.day), 1, 30)
        reply = h.issue(lead, [PROVINCE], day, cite(h, two, CITES[0]),
                        response_for=[answers.by_number_date_organ(h, one)])
        h.send(reply, needs=one.events)
        h.events[reply.events[0]]["either"] = two.events
        h.suggestion(reply, [one, two], "cited_other")
    except TooLate:
        pass
    h.task(one, lead, due=due1, case="cited_other")
    h.task(two, lead, due=due2, case="cited_other")


def citing_directive(h):
    """A directive that begins with what it carries out assigns, and answers nothing."""
    paper, lead, due = alone(h)
    try:
        day = h.later(paper.day, 1, 20)
        to = h.random.sample(world.COMMUNES[1:], 2)
        again = good_due(h, day)
        other = h.issue(lead, to, day, cite(h, paper, CITES[2]), due_on=again.isoformat())
        h.send(other)
        for one in to:
            h.task(other, one, due=again, case="citing_directive")
    except TooLate:
        pass
    h.task(paper, lead, due=due, case="citing_directive")


def sub_tasks(h):
    """A department passes its part on to its divisions and still owes the answer (T8)."""
    lead = h.random.choice(["H99.07", "H99.12", "H99.16"])
    units = [one for one in world.DIVISIONS if one.startswith(lead + ".")]
    paper, _, due = alone(h, lead=lead, threaded=0.5)
    truth, parts = {}, {unit: {} for unit in units}
    try:
        day = h.later(paper.day, 1, 5)
    except TooLate:
        h.task(paper, lead, due=due, case="sub_tasks")
        return
    again = good_due(h, day)
    more = {"thread_id": paper.thread, "source": "idesk"} if paper.thread else \
        {"response_for": [answers.by_id(h, paper)]}
    forward = h.issue(lead, units, day, f"V/v {h.topic_of[paper.key]}", steering="directive",
                      due_on=again.isoformat(), **more)
    h.topic_of[forward.key] = h.topic_of[paper.key]
    h.send(forward, needs=[] if paper.thread else paper.events)
    h.events[forward.events[0]]["either"] = paper.events
    try:
        for unit in units:
            if h.random.random() < 0.7:
                when = h.later(day, 1, 15)
                part = answers.reply(h, unit, [lead], when, forward, style="id")
                # on the thread it has a paper beside it that may have come already
                h.events[part.events[0]]["either"] = paper.events
                parts[unit] = closed(when, part)
        if h.random.random() < 0.6:
            when = h.later(day, 1, 30)
            truth = closed(when, answers.reply(h, lead, [PROVINCE], when, paper))
    except TooLate:
        pass
    h.task(paper, lead, due=due, case="sub_tasks", more={"parent": None}, **truth)
    for unit in units:
        h.task(forward, unit, due=again, case="sub_tasks",
               more={"parent": [paper.key, lead]}, **parts[unit])


def text_deadline(h):
    """A deadline in the text is proposed, and assigns nothing by itself (D2)."""
    day, lead = h.some_day(), h.random.choice(DEPARTMENTS)
    named = day + h.random.randint(8, 40) * DAY
    shown = f"{named.day}/{named.month}/{named.year}"
    words, proposed = h.random.choice([
        (f"báo cáo trước ngày {shown}", named - DAY), (f"báo cáo chậm nhất ngày {shown}", named),
        (f"gửi về trước 17 giờ ngày {shown}", named), (f"hoàn thành đến hết ngày {shown}", named),
        ("báo cáo trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản này",
         working_days(day, 5)),
        ("báo cáo trong thời hạn 10 ngày làm việc kể từ ngày ký", working_days(day, 10))])
    assigns = h.random.random() < 0.7
    paper = h.issue(PROVINCE, [lead], day, "V/v " + h.random.choice(world.TOPICS),
                    content=f"Đề nghị đơn vị {words}.", steering="directive" if assigns else "none")
    h.send(paper, arrived=day, plain=True)
    if assigns:
        h.task(paper, lead, case="text_deadline",
               more={"proposed_due_on": proposed.isoformat()})


def proposal(h):
    """A proposal sent up waits for its answer (T7)."""
    day, sender = h.some_day(), h.random.choice(DEPARTMENTS)
    topic = h.random.choice(world.TOPICS)
    paper = h.issue(sender, [PROVINCE], day, f"V/v đề nghị phê duyệt {topic}", type_name="Tờ trình")
    h.topic_of[paper.key] = topic
    h.leads_of[paper.key] = [PROVINCE]
    h.send(paper, arrived=day, plain=True)
    truth = {}
    try:
        when = h.later(day, 1, 20)
        if h.random.random() < 0.7:
            who = h.random.choice([PROVINCE, OFFICE])
            truth = closed(when, answers.reply(h, who, [sender], when, paper, style="id"))
    except TooLate:
        pass
    h.task(paper, PROVINCE, due=working_days(day, 7), case="proposal",
           more={"kind": "proposal"}, **truth)


def asked(h, kind):
    """Opinions asked for, or a notice to be acknowledged: one each."""
    day = h.some_day()
    leads = h.random.sample(DEPARTMENTS, 3)
    due = good_due(h, day)
    paper = h.issue(PROVINCE, leads, day, "V/v lấy ý kiến dự thảo" if kind == "opinion" else
                    "Thông báo khẩn", due_on=due.isoformat(),
                    assignments=[{"kind": kind, "code": None, "content": "Góp ý", "lead": lead}
                                 for lead in leads])
    h.topic_of[paper.key] = "góp ý dự thảo"
    h.leads_of[paper.key] = leads
    h.send(paper)
    return paper, leads, day, due


def event_about(h, paper, kind, lead, day, **more):
    holder = copy.copy(paper)
    holder.day, holder.events = day, []
    holder.event = {"kind": kind, "from": h.organ(lead, 0), "at": f"{day}T09:00:00+07:00",
                    "targets": [{"document_id": paper.id, "organ_id": paper.organ}]} | more
    h.docs += 1
    h.send(holder, needs=paper.events, plain=True)


def opinion(h):
    paper, leads, day, due = asked(h, "opinion")
    for lead in leads:
        truth = {}
        try:
            when = h.later(day, 1, 20)
            dice = h.random.random()
            if dice < 0.4:
                event_about(h, paper, "opinion", lead, when, content="Nhất trí")
                truth = {"state": "completed", "done": when}
            elif dice < 0.7:
                truth = closed(when, answers.reply(h, lead, [PROVINCE], when, paper, style="id"))
        except TooLate:
            pass
        h.task(paper, lead, due=due, case="opinion", more={"kind": "opinion", **(
            {"closed_by": ANY} if "by" not in truth and truth else {})}, **truth)


def notice(h):
    paper, leads, day, due = asked(h, "notice")
    for lead in leads:
        truth, more = {}, {"kind": "notice"}
        try:
            when = h.later(day, 0, 5)
            dice = h.random.random()
            if dice < 0.4:
                event_about(h, paper, "read", lead, when)
            elif dice < 0.7:
                event_about(h, paper, "status", lead, when, status={
                    "code": h.random.choice([1, 3]), "at": f"{when}T09:00:00+07:00"})
            if dice < 0.7:
                truth = {"state": "completed", "done": when}
                more |= {"closed_by": ANY, "completed_on": ANY, "timeliness": ANY}
        except TooLate:
            pass
        h.task(paper, lead, due=due, case="notice", more=more, **truth)


STORIES = [(phrased, 24), (progress_asked, 4), (cited, 24), (cited_list, 5), (cited_other, 5),
           (citing_directive, 6), (sub_tasks, 16), (text_deadline, 16), (proposal, 12),
           (opinion, 6), (notice, 6)]
