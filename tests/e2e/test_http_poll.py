"""An e-office that is asked for its documents, and everything that can go wrong with it:
nothing lost, nothing twice, and a line in the log that names the cause.
"""
import base64
import json
import re
import unittest
from urllib.parse import parse_qs, unquote, urlsplit

from congvan import Gateway
from documents import directive, directive_id
from fake_http import FakeHttp

SECRET = "opensesame"
BASIC = base64.b64encode(f"congvan:{SECRET}".encode()).decode()
ADAPTER = """\
  - name: eoffice
    type: http-poll
    direction: in
    interval_s: 1
    timeout_s: 1
"""
# Entries from {cursor} on, each document at an address of its own.
LIST = """\
    list: {{url: "{url}/documents?after={{cursor}}", items: /data, id: /id, ok: /status,
           ok_value: OK, count: /total}}
    document: {{url: "{url}/documents/{{id}}", path: /data, base64: true}}
"""
CURSOR = """\
    cursor: {from: items, path: /number, start: "0"}
"""
ACK = """\
    acknowledge: {{url: "{url}/documents/{{id}}/received", body: '{{"id": "{{id}}"}}'}}
"""


class Office(FakeHttp):
    """Letters 1, 2, … of H99; entry n is called VB/n. Does what it is told once with the
    next list or the next document: office.once["list"] = {"status": 500}."""

    def __init__(self, count=3, **how):
        super().__init__(**how)
        self.letters = {number: directive(number) for number in range(1, count + 1)}
        self.once = {}
        self.limit = 1000  # so many entries in one answer
        self.received = []  # ids, as the e-office was told
        self.on_received = lambda name: None
        self.add(
            {"expect": {"path": r"^/documents(\?|$)"}, "answer": self.list, "times": "any"},
            {"expect": {"path": "^/documents/[^/]+$"}, "answer": self.document,
             "times": "any"},
            {"expect": {"path": "^/documents/[^/]+/received$", "method": "POST"},
             "answer": self.acknowledge, "times": "any"})

    def entries(self, query):
        after = int(query.get("after", ["0"])[0])
        return [{"id": f"VB/{number}", "number": number} for number in sorted(self.letters)
                if number > after and f"VB/{number}" not in self.received][:self.limit]

    def lists(self):
        """The requests for the list so far."""
        return [request for request in self.asked()
                if re.match(r"/documents(\?|$)", request.path)]

    def list(self, request):
        answer = self.once.pop("list", {})
        entries = self.entries(parse_qs(urlsplit(request.path).query))
        usual = {"json": {"status": "OK", "total": len(entries), "data": entries}}
        return answer if "body" in answer else {**usual, **answer}

    def document(self, request):
        answer = self.once.pop("document", {})
        number = int(unquote(request.path).rsplit("/", 1)[1])
        text = base64.b64encode(self.letters[number].encode()).decode()
        usual = {"json": {"status": "OK", "data": text}}
        return answer if "body" in answer else {**usual, **answer}

    def acknowledge(self, request):
        answer = self.once.pop("acknowledge", {})
        name = unquote(request.path.split("/")[2])
        if request.json != {"id": name}:
            return {"status": 400}
        if answer.get("status", 200) < 300:
            self.on_received(name)
            self.received.append(name)
        return answer


def eoffice(office, *more, keys=LIST):
    """The adapter for @office, with more keys; {cursor} is asked for if there is one."""
    keys = keys.format(url=office.url)
    return ADAPTER + (keys if CURSOR in more else keys.replace("?after={cursor}", "")) + \
        "".join(more)


class Case(unittest.TestCase):
    def taken(self, gateway, count):
        """Wait until @count letters have their task; each counts once."""
        gateway.wait_until(lambda: len(gateway.tasks()) == count)
        documents = sorted(task["document"]["document_id"] for task in gateway.tasks())
        self.assertEqual(documents, sorted(directive_id(n) for n in range(1, count + 1)))

    def outcomes(self, gateway):
        counted = gateway.verified()["outcomes"]
        return {word: n for word, n in counted.items() if n}

    def stopped(self, gateway):
        self.assertEqual(gateway.stop(), 0)


class Well(Case):
    def test_each_document_is_fetched_once_and_new_ones_follow(self):
        with Office(3) as office, Gateway(more=eoffice(office, CURSOR)) as gateway:
            gateway.start()
            self.taken(gateway, 3)
            office.letters[4] = directive(4)
            self.taken(gateway, 4)
            self.stopped(gateway)
            self.assertEqual(self.outcomes(gateway), {"applied": 4})
            fetched = [request.path for request in office.asked(path="/documents/")]
            self.assertEqual(fetched, [f"/documents/VB%2F{n}" for n in (1, 2, 3, 4)])
            office.check()

    def test_a_restart_begins_at_the_cursor_of_the_ledger(self):
        with Office(3) as office, Gateway(more=eoffice(office, CURSOR)) as gateway:
            gateway.start()
            self.taken(gateway, 3)
            self.stopped(gateway)
            self.assertEqual(
                gateway.rows("SELECT adapter, cursor FROM source_cursor"), [("eoffice", "3")])
            before = len(office.requests)
            office.letters[4] = directive(4)
            gateway.start()
            self.taken(gateway, 4)
            self.stopped(gateway)
            asked = [request.path for request in office.requests[before:]]
            self.assertEqual(asked[:2], ["/documents?after=3", "/documents/VB%2F4"])
            self.assertEqual(self.outcomes(gateway), {"applied": 4})

    def test_the_peer_is_told_after_the_commit_and_only_then(self):
        with Office(5) as office, Gateway(more=eoffice(office, ACK.format(
                url=office.url))) as gateway:
            office.limit = 2
            early = []

            def on_received(name):
                number = int(name.split("/")[1])
                if not gateway.rows("SELECT id FROM event WHERE body LIKE "
                                    f"'%{directive_id(number)}%'"):
                    early.append(name)

            office.on_received = on_received
            gateway.start()
            self.taken(gateway, 5)
            gateway.wait_until(lambda: len(office.received) == 5)
            self.stopped(gateway)
            self.assertEqual([early, sorted(office.received)],
                             [[], [f"VB/{n}" for n in range(1, 6)]])
            self.assertEqual(self.outcomes(gateway), {"applied": 5})

    def test_once_takes_all_there_is_and_ends(self):
        with Office(7) as office, Gateway(more=eoffice(
                office, CURSOR, ACK.format(url=office.url))) as gateway:
            office.limit = 3
            done = gateway.command("run", "--once", as_json=False)
            self.assertEqual([done.code, done.stderr.count("source-unavailable")], [0, 0])
            self.taken(gateway, 7)
            self.assertEqual(len(office.received), 7)

    def test_once_with_a_list_that_cannot_be_read_is_no_empty_list(self):
        with Office(1) as office, Gateway(more=eoffice(office)) as gateway:
            office.entries = lambda query: {"not": "a list"}
            done = gateway.command("run", "--once", as_json=False)
            self.assertEqual(done.code, 69)
            self.assertIn("there is no list at /data", done.stderr)

    @staticmethod
    def unchanged(office, name, mark, question):
        """@office says with each list under header @name how it stands, and 304 to whoever
        puts that into header @question; the marks so answered."""
        known = []

        def answer(request):
            now = mark.format(len(office.letters))
            if request.headers.get(question) == now:
                known.append(now)
                return {"status": 304, "headers": {name: now}}
            return {**Office.list(office, request), "headers": {name: now}}

        office.steps[0].answer = answer
        return known

    def test_what_did_not_change_is_not_sent_again(self):
        with Office(2) as office, Gateway(more=eoffice(office)) as gateway:
            known = self.unchanged(office, "ETag", '"{}"', "if-none-match")
            gateway.start()
            self.taken(gateway, 2)
            gateway.wait_until(lambda: known)
            office.letters[3] = directive(3)
            self.taken(gateway, 3)
            self.stopped(gateway)
            self.assertEqual(self.outcomes(gateway), {"applied": 3})

    def test_a_peer_that_only_knows_when_it_last_changed_is_asked_by_that(self):
        with Office(2) as office, Gateway(more=eoffice(office)) as gateway:
            known = self.unchanged(office, "Last-Modified",
                                   "Mon, 02 Mar 2026 08:00:{:02} GMT", "if-modified-since")
            gateway.start()
            self.taken(gateway, 2)
            gateway.wait_until(lambda: known)
            office.letters[3] = directive(3)
            self.taken(gateway, 3)
            gateway.wait_until(lambda: len(set(known)) == 2)
            self.stopped(gateway)
            self.assertEqual(self.outcomes(gateway), {"applied": 3})
            self.assertFalse([request for request in office.lists()
                              if "if-none-match" in request.headers])

    def test_a_list_of_which_a_document_is_missing_is_no_known_list(self):
        with Office(3) as office, Gateway(more=eoffice(office)) as gateway:
            known = self.unchanged(office, "ETag", '"{}"', "if-none-match")
            office.once["document"] = {"status": 500}
            gateway.start()
            self.taken(gateway, 3)
            gateway.wait_until(lambda: known)
            self.stopped(gateway)
            self.assertEqual(self.outcomes(gateway), {"applied": 3})
            # The list was sent whole until nothing on it was missing.
            first, second = office.lists()[:2]
            self.assertNotIn("if-none-match", first.headers | second.headers)

    def test_a_changed_document_is_taken_again_by_its_version(self):
        keys = LIST.replace("id: /id,", "id: /id, version: /version,")
        with Office(1) as office, Gateway(more=eoffice(office, keys=keys)) as gateway:
            version = ["1"]
            office.entries = lambda query: [{"id": "VB/1", "version": version[0]}]
            gateway.start()
            self.taken(gateway, 1)
            office.letters[1] = directive(1, subject="V/v khác")
            version[0] = "2"
            gateway.wait_until(lambda: len(office.asked(path="/documents/")) == 2)
            gateway.wait_until(lambda: gateway.logged("info taken"))
            self.stopped(gateway)
            self.assertEqual(self.outcomes(gateway), {"applied": 1, "conflict": 1})

    def test_the_same_document_twice_counts_once(self):
        with Office(2) as office, Gateway(more=eoffice(office)) as gateway:
            office.letters[2] = office.letters[1]
            office.entries = lambda query: [{"id": f"VB/{n}"} for n in (1, 2, 1)]
            gateway.start()
            gateway.wait_until(lambda: len(office.lists()) > 1)
            self.taken(gateway, 1)
            self.stopped(gateway)
            self.assertEqual(self.outcomes(gateway), {"applied": 1, "duplicate": 1})
            self.assertEqual(len(office.asked(path="/documents/")), 2)

    def test_check_connect_says_what_is_there(self):
        with Office(3) as office, Gateway(more=eoffice(office)) as gateway:
            done = gateway.command("check", "--connect")
            probe = next(line for line in done.lines if line.get("adapter") == "eoffice")
            self.assertEqual([done.code, probe["ok"], probe["message"], probe["peer"]],
                             [0, True, "3 documents on the first page", office.url])
            self.assertEqual(office.asked(path="/documents/"), [])
            office.once["list"] = {"status": 403}
            done = gateway.command("check", "--connect")
            probe = next(line for line in done.lines if line.get("adapter") == "eoffice")
            self.assertEqual([done.code, probe["message"]],
                             [69, f"the list: 127.0.0.1:{office.port}: HTTP 403"])


class Paging(Case):
    """Five documents, two a page."""

    KEYS = """\
    list: {{url: "{url}/documents{query}", items: /data, id: /id}}
    document: {{path: /body}}
    format: event
"""
    WAYS = {
        "next, a URL": ("{by: next, next: /next}", "", "/documents?page={}"),
        "next, a name": ("{by: next, next: /next}", "?page={page}", "{}"),
        "link": ("{by: link}", "", None),
        "number": ("{by: number}", "?page={page}", None),
    }

    @staticmethod
    def event(number):
        return {"kind": "document", "document_id": directive_id(number),
                "from": {"organ_id": "H99"}, "to": [{"organ_id": "H99.05"}],
                "code": {"number": str(number), "notation": "UBND-VX"},
                "issued_on": "2025-11-20", "due_on": "2025-12-10", "subject": "V/v rà soát"}

    def answer(self, way, request):
        said = parse_qs(urlsplit(request.path).query).get("page", ["1"])[0]
        page = int(said or 1)
        numbers = range(2 * page - 1, min(2 * page, 5) + 1)
        entries = [{"id": n, "body": self.event(n)} for n in numbers]
        following = self.WAYS[way][2]
        more = page < 3
        body = {"data": entries,
                "next": following.format(page + 1) if following and more else None}
        link = [f'</documents?page=1>; rel="first", </documents?page={page + 1}>; rel="next"']
        return {"json": body, "headers": {"Link": link} if way == "link" and more else {}}

    def test_every_way_comes_to_the_last_page(self):
        for way, (paging, query, _) in self.WAYS.items():
            with self.subTest(way), FakeHttp() as office:
                keys = self.KEYS.replace("{query}", query.replace("{", "{{").replace("}", "}}"))
                office.add({"expect": {"path": "^/documents"}, "times": "any",
                            "answer": lambda request, way=way: self.answer(way, request)})
                with Gateway(more=eoffice(office, f"    paging: {paging}\n",
                                          keys=keys)) as gateway:
                    done = gateway.command("run", "--once", as_json=False)
                    self.assertEqual(done.code, 0, done.stderr)
                    self.taken(gateway, 5)
                    self.assertEqual(self.outcomes(gateway), {"applied": 5})

    def test_our_credentials_go_to_no_other_host(self):
        with FakeHttp() as office, FakeHttp() as stranger:
            office.add({"expect": {"path": "^/documents"}, "times": "any", "answer": {
                "json": {"data": [], "next": f"{stranger.url}/documents"}}})
            keys = self.KEYS.replace("{query}", "")
            with Gateway(more=eoffice(office, "    paging: {by: next, next: /next}\n",
                                      keys=keys)) as gateway:
                gateway.start()
                gateway.wait_until(lambda: gateway.logged(
                    "warning source-unavailable adapter=eoffice"))
                self.assertIn("its next page is not on the same host",
                              gateway.logged("warning source-unavailable")[0])
                self.stopped(gateway)
            self.assertEqual(stranger.requests, [])


class XmlList(Case):
    def test_documents_stand_in_an_xml_list(self):
        keys = """\
    list: {{url: "{url}/documents?from={{since}}", format: xml, items: /list/doc, id: "@id"}}
    document: {{path: body}}
    cursor: {{from: day, start: 2026-01-31, since: day-first, overlap_days: 1}}
"""
        with FakeHttp() as office, Gateway(more=eoffice(office, keys=keys)) as gateway:
            letters = "".join(
                f'<doc id="{n}"><body>{re.sub("<[?].*?[?]>", "", directive(n))}</body></doc>'
                for n in (1, 2))
            office.add({"expect": {"path": "^/documents"}, "times": "any",
                        "answer": {"body": f"<list>{letters}</list>"}})
            gateway.start()
            self.taken(gateway, 2)
            self.stopped(gateway)
            self.assertEqual(office.requests[0].path, "/documents?from=30%2F01%2F2026")
            day = gateway.rows("SELECT cursor FROM source_cursor")[0][0]
            self.assertRegex(day, r"^\d{4}-\d\d-\d\d$")


# What happens once, and how the log names it. {here} is the e-office, {what} the list or a
# document.
TROUBLES = {
    "slow": ({"fault": "slow"}, "{what}: {here}: no answer within 1 s"),
    "half an answer": ({"fault": "half"},
                       r"{what}: {here}: the connection was cut after \d+ of \d+ bytes"),
    "cut in the middle": ({"fault": {"cut": 12}},
                          r"{what}: {here}: the connection was cut after 12 of \d+ bytes"),
    "no answer": ({"fault": "no answer"},
                  "{what}: {here}: the connection was closed without an answer"),
    "500 then 200": ({"status": 500}, "{what}: {here}: HTTP 500"),
    "429 with Retry-After": ({"status": 429, "headers": {"Retry-After": "1"}},
                             "{what}: {here}: HTTP 429"),
    "wrong JSON": ({"fault": "wrong json"}, r"{what}: {here}: it is not JSON \(.*"),
    "a login page": ({"body": "<html>Đăng nhập</html>"}, r"{what}: {here}: it is not JSON \(.*"),
}
LIST_TROUBLES = {
    "an empty list that is not empty": (
        {"json": {"status": "OK", "total": 3, "data": []}},
        "{what}: {here}: /total counts 3 documents and /data lists none"),
    "no list": ({"json": {"status": "OK", "total": 0, "data": None}},
                "{what}: {here}: there is no list at /data"),
    "a failure with status 200": ({"json": {"status": "FAIL", "total": 0, "data": []}},
                                  '{what}: {here}: /status is not .*OK.*'),
}


class Troubles(Case):
    def play(self, where, answer, words):
        with Office(3) as office, Gateway(more=eoffice(office, CURSOR)) as gateway:
            office.once[where] = answer
            gateway.start()
            self.taken(gateway, 3)
            gateway.wait_until(lambda: gateway.logged("info source-available"))
            self.stopped(gateway)
            self.assertEqual(self.outcomes(gateway), {"applied": 3})
            reason = words.format(here=f"127.0.0.1:{office.port}",
                                  what="the list" if where == "list" else "a document")
            lines = gateway.logged("warning source-unavailable adapter=eoffice")
            self.assertEqual(len(lines), 1, lines)
            self.assertRegex(json.loads(lines[0].split("reason=", 1)[1]), f"^{reason}$")

    def test_a_list_in_trouble_costs_nothing(self):
        for name, (answer, words) in {**TROUBLES, **LIST_TROUBLES}.items():
            with self.subTest(name):
                self.play("list", answer, words)

    def test_a_document_in_trouble_costs_nothing(self):
        for name, (answer, words) in TROUBLES.items():
            if name == "no answer":
                continue  # on a connection that was kept: asked again at once, no trouble
            with self.subTest(name):
                self.play("document", answer, words)

    def test_one_that_never_comes_does_not_hold_up_the_others(self):
        with Office(3) as office, Gateway(more=eoffice(office, CURSOR)) as gateway:
            broken = office.steps[1].answer
            office.steps[1].answer = lambda request: (
                {"status": 500} if request.path.endswith("2") else broken(request))
            gateway.start()
            gateway.wait_until(lambda: len(gateway.tasks()) == 2)
            gateway.wait_until(lambda: len(office.asked(path="/documents/VB%2F2")) > 1)
            # The cursor waits for it; nobody else is fetched again for that.
            self.assertEqual(gateway.rows("SELECT cursor FROM source_cursor"), [])
            self.assertEqual(len(office.asked(path="/documents/VB%2F3")), 1)
            office.steps[1].answer = broken
            self.taken(gateway, 3)
            self.stopped(gateway)
            self.assertEqual(self.outcomes(gateway), {"applied": 3})

    def test_one_that_is_gone_is_set_aside_by_name(self):
        with Office(3) as office, Gateway(more=eoffice(office, CURSOR)) as gateway:
            del office.letters[2]
            office.entries = lambda query: [
                {"id": f"VB/{n}", "number": n} for n in (1, 2, 3)
                if n > int(query["after"][0])]
            fetch = office.steps[1].answer
            office.steps[1].answer = lambda request: (
                {"status": 404} if request.path.endswith("2") else fetch(request))
            gateway.start()
            gateway.wait_until(lambda: len(gateway.tasks()) == 2)
            self.stopped(gateway)
            self.assertEqual(self.outcomes(gateway), {"applied": 2, "quarantined": 1})
            (aside,) = gateway.command("quarantine", "list").lines
            self.assertEqual([aside["error"]["code"], aside["origin"]],
                             ["source.refused", "VB/2"])

    def test_a_wrong_address_sets_nothing_aside(self):
        with Office(2) as office, Gateway(more=eoffice(office, CURSOR)) as gateway:
            office.steps[1].answer = {"status": 404}
            gateway.start()
            gateway.wait_until(lambda: len(office.asked(path="/documents/")) > 2)
            self.assertIn("HTTP 404", gateway.logged("warning source-unavailable")[0])
            self.stopped(gateway)
            self.assertEqual(self.outcomes(gateway), {})

    def test_an_acknowledgement_in_trouble_is_said_again(self):
        for name, (answer, _) in TROUBLES.items():
            if "json" in name.lower() or "page" in name:
                continue  # what is answered to it does not matter
            with self.subTest(name), Office(2) as office, Gateway(more=eoffice(
                    office, ACK.format(url=office.url))) as gateway:
                office.once["acknowledge"] = {"body": "well received", **answer}
                gateway.start()
                gateway.wait_until(lambda: len(set(office.received)) == 2)
                self.taken(gateway, 2)
                self.stopped(gateway)
                self.assertEqual(self.outcomes(gateway), {"applied": 2})

    def test_an_acknowledgement_nobody_knows_holds_up_nobody(self):
        with Office(2) as office, Gateway(more=eoffice(
                office, CURSOR, ACK.format(url=office.url))) as gateway:
            office.steps[2].answer = {"status": 404}
            gateway.start()
            self.taken(gateway, 2)
            office.letters[3] = directive(3)
            self.taken(gateway, 3)
            self.stopped(gateway)
            self.assertEqual(self.outcomes(gateway), {"applied": 3})

    def test_an_acknowledgement_nobody_wants_to_hear_is_said_once_and_told(self):
        with Office(2) as office, Gateway(more=eoffice(
                office, CURSOR, ACK.format(url=office.url))) as gateway:
            office.steps[2].answer = {"status": 409}
            gateway.start()
            self.taken(gateway, 2)
            office.letters[3] = directive(3)
            self.taken(gateway, 3)
            remark = ("the acknowledgement of VB/3, which is not said again: "
                      f"127.0.0.1:{office.port}: HTTP 409")
            gateway.wait_until(lambda: remark in "\n".join(
                gateway.logged("warning source-remark adapter=eoffice")))
            self.stopped(gateway)
            self.assertEqual(len(office.asked("POST")), 3)
            self.assertEqual(self.outcomes(gateway), {"applied": 3})

    def test_an_id_that_leads_out_of_the_path_is_not_followed(self):
        with Office(0) as office, Gateway(more=eoffice(
                office, ACK.format(url=office.url))) as gateway:
            names = [".", "VB/1", "..", "VB/2"]
            office.letters = {1: directive(1), 2: directive(2)}
            office.entries = lambda query: [
                {"id": name} for name in names if name not in office.received]
            gateway.start()
            self.taken(gateway, 2)
            gateway.wait_until(lambda: len(office.received) == 2)
            why = "its id is `.` or `..`, which leads out of document.url"
            gateway.wait_until(
                lambda: len(gateway.command("quarantine", "list").lines) == 2)
            aside = gateway.command("quarantine", "list").lines
            self.assertEqual({(one["origin"], one["error"]["code"]) for one in aside},
                             {(".", "source.refused"), ("..", "source.refused")})
            self.assertIn(why, json.dumps(aside))
            remark = "is not said: it leads out of acknowledge.url"
            gateway.wait_until(lambda: remark in "\n".join(
                gateway.logged("warning source-remark adapter=eoffice")))
            self.stopped(gateway)
            for request in office.asked():
                self.assertRegex(request.path, "^/documents($|[?]|/VB%2F[12](/received)?$)")
            self.assertEqual(self.outcomes(gateway), {"applied": 2, "quarantined": 2})

    def test_killed_in_the_middle_it_goes_on(self):
        for stage in ("document", "acknowledge"):
            with self.subTest(stage), Office(10) as office, Gateway(more=eoffice(
                    office, CURSOR, ACK.format(url=office.url))) as gateway:
                position = 1 if stage == "document" else 2
                usual = office.steps[position].answer
                reached = []

                def hold(request):
                    if len(reached) < 5:
                        reached.append(request.path)
                        return usual(request)
                    reached.append(request.path)
                    return {"fault": "slow"}

                office.steps[position].answer = hold
                gateway.start()
                gateway.wait_until(lambda: len(reached) > 5)
                gateway.kill()
                office.steps[position].answer = usual
                gateway.start()
                self.taken(gateway, 10)
                gateway.wait_until(lambda: len(set(office.received)) == 10)
                self.stopped(gateway)
                self.assertEqual(self.outcomes(gateway)["applied"], 10)
                told = gateway.told("task.assigned")
                self.assertEqual([len(told), len(set(told))], [10, 10])


class Locked(Case):
    """Who we are, and who they are."""

    def one(self, office, auth, wanted):
        office.steps[0].expect["headers"] = wanted
        with Gateway(more=eoffice(office, f"    auth: {auth}\n")) as gateway:
            gateway.give(CONGVAN_TEST_SECRET=SECRET)
            gateway.secrets.append(BASIC)
            gateway.start()
            self.taken(gateway, 1)
            self.stopped(gateway)
        office.check()

    def test_we_show_who_we_are(self):
        ways = {
            "{type: bearer, secret_env: CONGVAN_TEST_SECRET}":
                {"Authorization": f"Bearer {SECRET}"},
            "{type: basic, user: congvan, secret_env: CONGVAN_TEST_SECRET}":
                {"Authorization": f"Basic {BASIC}"},
            "{type: header, header: X-Api-Key, secret_env: CONGVAN_TEST_SECRET}":
                {"X-Api-Key": SECRET, "Authorization": None},
        }
        for auth, headers in ways.items():
            with self.subTest(auth), Office(1) as office:
                self.one(office, auth, headers)

    def test_a_wrong_secret_is_named_and_not_shown(self):
        with Office(1) as office, Gateway(more=eoffice(
                office, "    auth: {type: bearer, secret_env: CONGVAN_TEST_SECRET}\n"
        )) as gateway:
            office.steps[0].answer = {"status": 401}
            gateway.give(CONGVAN_TEST_SECRET=SECRET)
            gateway.secrets.append(BASIC)
            gateway.start()
            gateway.wait_until(lambda: gateway.logged("warning source-unavailable"))
            self.assertIn("HTTP 401", gateway.logged("warning source-unavailable")[0])
            gateway.check_unseen()
            self.stopped(gateway)

    def test_a_token_is_kept_and_renewed_once_it_is_refused(self):
        for where in ("header", "body"):
            with self.subTest(where), Office(2) as office:
                self.with_tokens(office, where)

    def with_tokens(self, office, where):
        tokens = []

        def token(request):
            form = parse_qs(request.body.decode())
            shown = request.headers.get("authorization") == f"Basic {BASIC}" \
                if where == "header" else form.get("client_secret") == [SECRET]
            if not shown or form["grant_type"] != ["client_credentials"]:
                return {"status": 401}
            tokens.append(f"token-{len(tokens) + 1}")
            return {"json": {"access_token": tokens[-1], "expires_in": 3600}}

        def guarded(answer):
            return lambda request: answer(request) if request.headers.get(
                "authorization") == f"Bearer {tokens[-1]}" else {"status": 401}

        office.add({"expect": {"method": "POST", "path": "/token"}, "answer": token,
                    "times": "any"})
        for step in office.steps[:3]:
            step.answer = guarded(step.answer)
        in_body = "true" if where == "body" else "false"
        auth = ("    auth: {type: client_credentials, user: congvan, "
                f"secret_in_body: {in_body}, "
                f"secret_env: CONGVAN_TEST_SECRET, token_url: \"{office.url}/token\"}}\n")
        with Gateway(more=eoffice(office, auth)) as gateway:
            gateway.give(CONGVAN_TEST_SECRET=SECRET)
            gateway.secrets.append(BASIC)
            gateway.start()
            self.taken(gateway, 2)
            self.assertEqual(tokens, ["token-1"])
            tokens.append("token-2")  # the first one ends, and the second is nobody's
            office.letters[3] = directive(3)
            self.taken(gateway, 3)
            self.assertEqual(tokens, ["token-1", "token-2", "token-3"])
            gateway.secrets += tokens
            self.assertEqual(gateway.logged("warning"), [])
            self.stopped(gateway)
            self.assertEqual(self.outcomes(gateway), {"applied": 3})

    def test_certificates_are_verified_and_ours_is_shown(self):
        with Office(1, certificate="good", client_ca=True) as office:
            tls = (f"    ca_file: {office.certificates.ca}\n"
                   f"    client_cert_file: {office.certificates.client}\n")
            with Gateway(more=eoffice(office, tls)) as gateway:
                gateway.start()
                self.taken(gateway, 1)
                self.stopped(gateway)

    def test_an_expired_certificate_is_named_and_nothing_is_lost(self):
        with Office(2, certificate="expired") as office, Gateway(more=eoffice(
                office, f"    ca_file: {office.certificates.ca}\n")) as gateway:
            gateway.start()
            gateway.wait_until(lambda: gateway.logged("warning source-unavailable"))
            self.assertIn("the certificate has expired",
                          gateway.logged("warning source-unavailable")[0])
            self.assertEqual(office.requests, [])
            office.certificate = "good"
            self.taken(gateway, 2)
            self.stopped(gateway)
            self.assertEqual(self.outcomes(gateway), {"applied": 2})


if __name__ == "__main__":
    unittest.main()
