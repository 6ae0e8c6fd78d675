"""How a reply names what it answers, and what its subject says (M1 to M5, level 2)."""
import datetime

import world

FINAL = ["V/v kết quả thực hiện {cite}", "V/v {topic}", "Trả lời {cite} về {topic}",
         "Báo cáo kết quả {topic}", "Phúc đáp {cite}"]
KINDS = {
    "interim": ["V/v báo cáo tiến độ {topic}", "V/v kết quả bước đầu {topic}",
                "Báo cáo sơ bộ {topic}", "Báo cáo tiến độ thực hiện {cite}"],
    "extension": ["V/v xin gia hạn thời gian {topic}", "V/v đề nghị gia hạn {topic}",
                  "V/v đề nghị lùi thời hạn {topic}", "V/v xin thêm thời gian thực hiện {cite}",
                  "V/v đề nghị kéo dài thời hạn {topic}",
                  "V/v đề nghị điều chỉnh thời hạn {topic}"],
    "hand_back": ["V/v chuyển trả {cite}", "V/v nhiệm vụ không thuộc thẩm quyền của đơn vị",
                  "V/v {topic} không thuộc chức năng của đơn vị"],
    "guidance": ["V/v xin ý kiến về {topic}", "V/v xin hướng dẫn {topic}"],
}


def subject(h, kind, doc):
    cite = f"Công văn số {doc.code} ngày {doc.day.day}/{doc.day.month}/{doc.day.year}"
    words = FINAL if kind == "final" else KINDS[kind]
    return h.random.choice(words).format(cite=cite, topic=h.topic_of[doc.key])


def dirty_code(h, code):
    """The same code as people write it (M8)."""
    number, notation = code.split("/", 1)
    dice = h.random.random()
    if dice < 0.5:
        return code
    if dice < 0.6:
        return f"0{number}/{notation}"
    if dice < 0.7:
        return f"{number} / {notation}"
    if dice < 0.8:
        return f"{number}/{notation.lower()}"
    if dice < 0.9:
        return f"{number}/{notation.replace('-', '–')}"
    return f"{number}/{notation.replace('Đ', 'D')}"


def issuer(h, doc):
    return issuer_of(h, doc.organ)


def issuer_of(h, organ):
    """An organ's id, now and then its old one."""
    return world.old_id(organ) if h.random.random() < 0.3 and world.has_old_id(organ) else organ


def dirty_id(h, doc):
    """A conventional id, also of a paper whose own id is opaque."""
    code = doc.code if h.random.random() < 0.8 else dirty_code(h, doc.code)
    return f"{issuer(h, doc)},{doc.day:%Y/%m/%d},{code}"


def by_id(h, doc):
    dice = h.random.random()
    entry = {"document_id": doc.id if dice < 0.6 else dirty_id(h, doc)}
    if h.random.random() < 0.6:
        entry["organ_id"] = issuer(h, doc)
    if h.random.random() < 0.5:
        entry["code"] = dirty_code(h, doc.code)
        if h.random.random() < 0.5:
            entry["issued_on"] = doc.day.isoformat()
    elif h.random.random() < 0.05:
        entry["code"] = f"{h.random.randint(900000, 999999)}/KHAC-BIET"  # of nobody we know
    return entry


def by_number_date_organ(h, doc):
    return {"organ_id": issuer(h, doc), "code": dirty_code(h, doc.code),
            "issued_on": doc.day.isoformat()}


def by_number_organ(h, doc, day):
    """Without its date, or with a date that is some days off, or without its organ."""
    dice = h.random.random()
    entry = {"organ_id": issuer(h, doc), "code": dirty_code(h, doc.code)}
    if dice < 0.4 and day - doc.day < datetime.timedelta(360):
        return entry
    if dice < 0.7:
        off = doc.day + datetime.timedelta(h.random.choice([-31, -9, -2, -1, 1, 2, 7, 31]))
        return entry | {"issued_on": off.isoformat()}
    return {"code": dirty_code(h, doc.code), "issued_on": doc.day.isoformat()}


STYLES = {"id": lambda h, d, day: by_id(h, d),
          "nd": lambda h, d, day: by_number_date_organ(h, d), "no": by_number_organ}


def reference(h, doc, day, style=None):
    style = style or h.random.choices(["id", "nd", "no"], [60, 25, 15])[0]
    return STYLES[style](h, doc, day)


def reply(h, sender, to, day, doc, kind="final", style=None, refs=None, arrived=None,
          plain=False, needs=None, says=None, old=0.1, about=None, **more):
    """A reply to `doc` is issued and sent. `style`: id, nd, no, thread; `refs`: as given."""
    if style is None and refs is None and doc.thread and h.random.random() < 0.6:
        style = "thread"
    if doc.thread and (style == "thread" or h.random.random() < 0.2):
        more = {"thread_id": doc.thread, "source": doc.event.get("source")} | more
    if style != "thread":
        more["response_for"] = refs or [reference(h, doc, day, style)]
    says = says or h.random.choice(["words", "source"])
    if says == "source" and (kind != "final" or h.random.random() < 0.2):
        more["reply_kind"] = kind
    words = kind if says == "words" else "final"
    paper = h.issue(sender, to, day, about or subject(h, words, doc), **more)
    if h.random.random() < old and world.has_old_id(sender):
        paper.event["from"]["organ_id"] = world.old_id(sender)
    h.topic_of[paper.key] = h.topic_of[doc.key]
    if needs is None:
        needs = doc.events if style != "thread" else []
    h.send(paper, needs=needs, arrived=arrived, plain=plain)
    return paper
