"""X1 from end to end: a document of a secret class leaves no word of itself anywhere.

    test_restricted.py embedded | amqp
"""
import sys
import unittest

import queues
from congvan import ORGANS, Gateway
from documents import LEAD, directive, directive_id

KIND = "embedded"
WORD = "qkzvxwj"  # stands in each of them, and nowhere else
SECRETS = {
    "subject": directive(1, subject=f"MẬT: V/v {WORD}", content=f"Nội dung {WORD}"),
    "top-secret": directive(2, subject=f"TUYỆT MẬT - {WORD}", content=WORD),
    "metadata": directive(3, subject=f"V/v {WORD}", content=WORD,
                          more="<edXML:OtherInfo><edXML:Secret>1</edXML:Secret>"
                               "</edXML:OtherInfo>"),
    "attachment": directive(4, subject=f"V/v {WORD}").replace(
        "</edXML:edXML>",
        f"<edXML:AttachmentEncoded><edXML:Attachment><edXML:AttachmentName>MẬT - {WORD}.pdf"
        "</edXML:AttachmentName></edXML:Attachment></edXML:AttachmentEncoded>"
        "</edXML:edXML>"),
    "broken": directive(5, subject=f"MẬT: {WORD}", content=f"{WORD} <broken"),
    "large": directive(6, subject=f"MẬT: {WORD}", content=f"{WORD} " * 200_000),
}


class FromTheSpool(unittest.TestCase):
    more = ""

    def setUp(self):
        self.place = queues.both(KIND)
        self.gateway = Gateway(queue=self.place.yaml, more=self.more)
        self.addCleanup(self.gateway.__exit__)
        self.gateway.start()

    def give(self, letters):
        for name, text in letters.items():
            self.gateway.drop(name, text)

    def where_it_is(self):
        """Every file that holds the word; its own sources are removed before."""
        return [str(path) for path in self.gateway.folder.rglob("*")
                if path.is_file() and WORD.encode() in path.read_bytes()]

    def taken(self):
        names = [name for organ in ORGANS for name in (
            queues.agency(organ), queues.agency(organ) + ".dead")]
        return self.place.take(self.gateway, queues.INBOX, queues.INBOX + ".dead", *names)

    def test_nothing_of_it_stays(self):
        gateway = self.gateway
        self.give(SECRETS)
        self.give({"plain": directive(99)})
        gateway.wait_until(lambda: gateway.tasks(organ=LEAD)
                           and gateway.verified()["outcomes"]["restricted"] == len(SECRETS))
        gateway.wait_settled()
        self.assertEqual(self.where_it_is(), [])
        self.assertEqual(gateway.stop(), 0)
        self.assertEqual(self.where_it_is(), [])
        self.assertNotIn(WORD, "\n".join(gateway.log))
        self.assertEqual([line for line in self.taken() if WORD in line.body], [])
        self.assertEqual(gateway.command("quarantine", "list", "--all").lines, [])
        self.assertEqual([task["document"]["document_id"] for task in gateway.tasks()],
                         [directive_id(99)])
        self.assertEqual({event["type"] for event in gateway.events()},
                         {"vn.congvan.document.received.v1", "vn.congvan.task.assigned.v1"})
        for words in (["tasks"], ["suggestions"], ["outbox"], ["verify"],
                      ["explain", directive_id(1)]):
            done = gateway.command(*words)
            self.assertNotIn(WORD, done.stdout + done.stderr)

    def test_each_coming_is_recorded_and_said_with_its_id_only(self):
        gateway = self.gateway
        for count in (1, 2):
            self.give({f"again-{count}": SECRETS["subject"]})
            gateway.wait_until(
                lambda: gateway.verified()["outcomes"]["restricted"] == count)
        said = gateway.logged("info restricted")
        self.assertEqual(len(said), 2)
        self.assertIn(directive_id(1), said[0])
        self.assertEqual(gateway.events(), [])

    def test_a_kill_in_the_middle_leaves_nothing_behind_either(self):
        gateway = self.gateway
        for count in range(5):
            self.give({f"{count}-{name}": text for name, text in SECRETS.items()})
            gateway.wait_until(lambda: gateway.rows("SELECT 1 FROM event LIMIT 1"))
            gateway.kill()
            gateway.start()
        self.place.run_dry(gateway)
        self.assertEqual(self.where_it_is(), [])
        self.assertEqual(self.taken(), [])
        counted = gateway.verified()["outcomes"]
        self.assertGreaterEqual(counted.pop("restricted"), 5 * len(SECRETS))
        self.assertEqual(set(counted.values()), {0})


class FromTheQueue(FromTheSpool):
    more = "  - {name: letters, type: amqp, direction: in}\n"

    def give(self, letters):
        self.place.publish(self.gateway, letters)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in ("embedded", "amqp"):
        KIND = sys.argv.pop(1)
    if KIND == "embedded":
        del FromTheQueue
    unittest.main()
