"""Write a document event as edXML, the way transport rewrites it (INV-3).

A style is a dict: ns (0 current, 1 e-doc.vn), prefix, order (a random.Random that shuffles
the header), day_first, comments, hops, crlf. Two styles of one event are the same document.
"""
from xml.sax.saxutils import escape

SPACES = ["http://www.mic.gov.vn/TBT/QCVN_102_2016", "http://www.e-doc.vn/Schema/"]
PRIORITY = {"normal": 0, "urgent": 1, "very_urgent": 2, "express": 3, "express_timed": 4}
STEERING = {"none": 0, "directive": 1, "report": 2}
BUSINESS = {"new": 0, "recall": 1, "update": 2, "replace": 3}


def plain():
    return {"ns": 0, "order": None, "day_first": False, "comments": False, "hops": 1,
            "crlf": False}


def rewritten(random):
    ns = random.choice([0, 0, 0, 1])
    return {"ns": ns, "order": random, "day_first": ns == 1 or random.random() < 0.3,
            "comments": random.random() < 0.3, "hops": random.randint(1, 3),
            "crlf": random.random() < 0.5}


def element(name, *inside):
    return f"<edXML:{name}>{''.join(inside)}</edXML:{name}>\n"


def text(name, value):
    return "" if value is None else element(name, escape(str(value)))


def day(value, style):
    if not value:
        return ""
    year, month, of_month = value.split("-")
    return f"{of_month}/{month}/{year}" if style["day_first"] else f"{year}/{month}/{of_month}"


def organ(name, value):
    return element(name, text("OrganId", value["organ_id"]), text("OrganName", value["name"]))


def response(entry, style):
    return element("ResponseFor", text("OrganId", entry.get("organ_id")),
                   text("Code", entry.get("code")), text("DocumentId", entry.get("document_id")),
                   text("PromulgationDate", day(entry.get("issued_on"), style) or None))


def header(event, style):
    code = event.get("code") or {}
    parts = [organ("From", event["from"])]
    parts += [organ("To", one) for one in event.get("to", [])]
    parts += [text("DocumentId", event["document_id"]),
              element("Code", text("CodeNumber", code.get("number")),
                      text("CodeNotation", code.get("notation"))),
              element("PromulgationInfo", text("Place", "Mẫu"),
                      text("PromulgationDate", day(event.get("issued_on"), style))),
              element("DocumentType", text("TypeName", event.get("type_name"))),
              text("Subject", event["subject"])]
    if event.get("content"):
        parts.append(text("Content", event["content"]))
    if "due_on" in event:
        parts.append(text("DueDate", day(event["due_on"], style)))
    secrecy = ({"confidential": "Mật", "secret": "Tối mật", "top_secret": "Tuyệt mật"}
               .get(event.get("secrecy")))
    parts.append(element("OtherInfo", text("Priority", PRIORITY[event.get("priority", "normal")]),
                         text("Secret", secrecy),
                         text("Direction", "false") if style["order"] else ""))
    if event["business"] != "recall":
        parts += [response(r, style) for r in event.get("response_for", [])] or [
            "<edXML:ResponseFor/>\n"]
    else:
        parts += [response(t, style) for t in event.get("targets", [])]
    for task in event.get("response_for_tasks", []):
        parts.append(element("ResponseForTask", text("TaskCode", task)))
    parts.append(text("SteeringType", STEERING[event.get("steering", "none")]))
    if style["order"]:
        style["order"].shuffle(parts)
    if style["comments"]:
        parts.insert(len(parts) // 2, "<!-- qua trục -->\n")
    return "".join(parts)


def trace(event, style):
    first = (event.get("_hop") or event.get("issued_on") or "2025-06-01").replace("-", "/")
    hops = "".join(element("TraceHeader", text("OrganId", "H99"),
                           text("Timestamp", f"{first} 0{8 + hop if hop < 2 else 9}:00:00"))
                   for hop in range(style["hops"]))
    business = element("Bussiness", text("BussinessDocType", BUSINESS[event["business"]]),
                       text("Paper", 0))
    return element("TraceHeaderList", hops, business)


def write(event, style):
    space = SPACES[style["ns"]]
    out = (f'<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="{space}">\n'
           f'<edXML:edXMLEnvelope xmlns:edXML="{space}">\n<edXML:edXMLHeader>\n' +
           element("MessageHeader", header(event, style)) + trace(event, style) +
           "</edXML:edXMLHeader>\n<edXML:edXMLBody><edXML:edXMLManifest/></edXML:edXMLBody>\n"
           "</edXML:edXMLEnvelope>\n</edXML>\n")
    return (out.replace("\n", "\r\n") if style["crlf"] else out).encode()


def can(event):
    """Does edXML carry all of this event?"""
    return (event["kind"] == "document" and event["stage"] == "issued" and
            event["business"] in ("new", "recall") and not event.get("thread_id") and
            not event.get("assignments") and not event.get("attachments") and not event.get("reply_kind") and
            (event["business"] == "new" or event.get("targets")))
