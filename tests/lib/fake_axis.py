"""The national axis, on loopback, as its server side sees what docs/axis.md describes.

    with FakeAxis() as axis:
        axis.put("id-1", directive(1))           # waits on the list of documents
        axis.put("id-2", status, "status")
        axis.fault("getEdoc", "half")            # the next one; see fault()
        ... let the program talk to axis.url ...
        axis.sent                                # what sendEdoc brought, as it came
        axis.done                                # [(docId, "done")…], as told
        axis.check()                             # AssertionError if a request was not in order

It believes nothing: every request's signature is verified over the bytes received, each
signed header must be the one sent, `from` must be who signs, a hash-file must be that of
the bytes (with its leading zeros or without). What is not in order is answered FAIL and
kept as a complaint. A document stays on its list until updateStatus done.
"""
import base64
import hashlib
import hmac
import json
import re
import threading

from fake_http import FakeHttp

SECRET = "axis-secret-of-the-tests"
PREFIX = "xroadvnpt-"
SIGNED_ALWAYS = [PREFIX + name for name in ("timestamp", "systemid", "version")]


def reply(**members):
    return {"json": {"status": "OK", "ErrorCode": "0", "ErrorDesc": "", **members}}


def failure(words, code="99"):
    return {"json": {"status": "FAIL", "ErrorCode": code, "ErrorDesc": words}}


class Refused(Exception):
    """The request is not in order."""


class FakeAxis:
    def __init__(self, system_id="H99", agencies=(), **http):
        self.system_id, self.agencies = system_id, list(agencies)
        self.qd20 = list(agencies)  # what getAgenciesListQD20 gives
        self.lists = {"edoc": {}, "status": {}}  # docId: bytes
        self.where = {}  # docId: (the day it came, whom it is to), as the list filters
        self.sent, self.done, self.calls, self.wrong = [], [], [], []
        self.faults, self.refused = {}, set()  # docIds that are listed and not handed out
        self.locked = False  # refuse whoever signs
        self.lock = threading.RLock()
        self.http = FakeHttp({"steps": [
            {"expect": {"method": method, "path": "^/adapter/"}, "times": "any",
             "answer": self._answer} for method in ("GET", "POST")]}, **http)
        self.url = self.http.url + "/adapter"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.http.close()

    # --- what a test does and asks --------------------------------------------------

    def put(self, doc_id, document, kind="edoc", day="2026/03/02", to=None):
        with self.lock:
            self.where[doc_id] = (day, to or self.system_id)
            self.lists[kind][doc_id] = document.encode() if isinstance(document, str) else document

    def fault(self, call, fault, times=1, does=False):
        """The next @times requests of @call get @fault: a fault's name or dict of
        fake_http.py, or an answer of its own ({"status": 500}). @does: after the request had
        its effect."""
        with self.lock:
            self.faults.setdefault(call, []).extend([(fault, does)] * times)

    def waiting(self):
        with self.lock:
            return [*self.lists["edoc"], *self.lists["status"]]

    def count(self, call):
        with self.lock:
            return self.calls.count(call)

    def check(self):
        if self.wrong:
            raise AssertionError("\n".join(self.wrong))
        self.http.check()

    # --- the server -----------------------------------------------------------------

    def _answer(self, request):
        call = request.path.rsplit("/", 1)[-1]
        with self.lock:
            self.calls.append(call)
            fault, does = self.faults[call].pop(0) if self.faults.get(call) else (None, True)
            answer = self._play(call, request) if does or self._is_of_body(fault) else {}
        if fault is None:
            return answer
        if isinstance(fault, dict) and fault.keys() & {"status", "json", "body"}:
            return fault
        return {**answer, "fault": fault}

    @staticmethod
    def _is_of_body(fault):
        """Such a fault needs the answer it spoils."""
        return fault in ("half", "wrong json") or isinstance(fault, dict) and \
            fault.keys() & {"cut", "slow after"}

    def _play(self, call, request):
        if self.locked:
            return failure("Sai chu ky", "12")
        try:
            headers = self._verified(request)
            return getattr(self, "do_" + call)(headers, request.body)
        except (Refused, AttributeError, KeyError) as wrong:
            self.wrong.append(f"{request}: {wrong!r}")
            return failure(str(wrong))

    def _verified(self, request):
        """The parameters, once the signature over the bytes received is right."""
        names = request.headers[PREFIX + "sign-header-key"].lower().split(";")
        signed = request.headers[PREFIX + "sign-header"]
        mac = hmac.new(SECRET.encode(), signed.encode("latin-1"), hashlib.sha256)
        if mac.hexdigest() != request.headers[PREFIX + "hash-header"]:
            raise Refused("the signature is wrong")
        pairs = json.loads(signed, object_pairs_hook=list)
        if [name.lower() for name, _ in pairs] != names:
            raise Refused("the signed object is not in the order of its key")
        if any(request.headers.get(name.lower()) != value for name, value in pairs):
            raise Refused("what was signed is not what was sent")
        sent = {name for name in request.headers if name.startswith(PREFIX)}
        if sent - {PREFIX + end for end in ("sign-header-key", "sign-header", "hash-header")} \
                != set(names) or names[:3] != SIGNED_ALWAYS:
            raise Refused("not all that was sent is signed")
        if request.headers[PREFIX + "systemid"] != self.system_id:
            raise Refused("who is that?")
        return {name[len(PREFIX):]: request.headers[name] for name in names}

    def do_getReceivedEdocList(self, headers, _body):
        if headers["servicetype"] != "eDoc":
            raise Refused("no such service")
        kind = headers["messagetype"]
        many = int(headers.get("pagesize", 1000))
        since = headers.get("fromdate", "0000/00/00")
        if not re.fullmatch(r"\d{4}/\d\d/\d\d", since):
            raise Refused("fromDate is no yyyy/MM/dd")
        organs = json.loads(headers.get("to", "null"))
        listed = [doc_id for doc_id in self.lists[kind] if self.where[doc_id][0] >= since
                  and (organs is None or self.where[doc_id][1] in organs)]
        return reply(data=[
            {"docId": doc_id, "serviceType": "eDoc", "messageType": kind, "from": "G22",
             "to": self.where[doc_id][1], "status": "initial", "status_desc": "",
             "created_time": "2026-03-02 08:00:00", "updated_time": "2026-03-02 08:00:00"}
            for doc_id in listed[:many]])

    def _document(self, doc_id):
        if doc_id in self.refused:
            return None
        for documents in self.lists.values():
            if doc_id in documents:
                return documents[doc_id]
        return None

    def do_getEdoc(self, headers, body):
        if body != b"{}":
            raise Refused("the body is not {}")
        document = self._document(headers["docid"])
        if document is None:
            return failure("Khong tim thay van ban", "404")
        return reply(data=base64.b64encode(document).decode())

    def do_downloadEdoc(self, headers, _body):
        document = self._document(headers["docid"])
        return failure("Khong tim thay van ban", "404") if document is None else \
            {"body": document}

    def do_updateStatus(self, headers, _body):
        if headers["status"] not in ("done", "fail", "processing"):
            raise Refused("no such status")
        self.done.append((headers["docid"], headers["status"]))
        if headers["status"] == "done":
            for documents in self.lists.values():
                documents.pop(headers["docid"], None)
        return reply()

    def do_sendEdoc(self, headers, body):
        digest = hashlib.sha256(body).digest()
        # The public SDK prints each byte without its zero.
        if headers["hash-file"] not in (digest.hex(), "".join(f"{byte:x}" for byte in digest)):
            raise Refused("hash-file is not that of the bytes")
        if headers["from"] != self.system_id or headers["servicetype"] != "eDoc":
            raise Refused("from is not who signs")
        if not all(isinstance(organ, str) for organ in json.loads(headers["to"])):
            raise Refused("to is no list of organs")
        self.sent.append({"type": headers["messagetype"], "to": json.loads(headers["to"]),
                          "body": body})
        return {"json": {"status": "OK", "ErrorCode": "0", "ErrorDesc": "",
                         "DocId": f"{len(self.sent):024x}"}}

    def do_getAgenciesList(self, _headers, _body):
        return reply(data=self.agencies)

    def do_getAgenciesListQD20(self, _headers, _body):
        return reply(data=self.qd20)
