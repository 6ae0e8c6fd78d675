"""Who may do what at the broker: `topology` declares it, RabbitMQ keeps to it, and the
consumers of docs/consumers read with no more than that. TLS included."""
import base64
import json
import os
import sqlite3
import ssl
import subprocess
import threading
import unittest
import urllib.parse
import urllib.request

import pika

import queues
from congvan import PATIENCE, SOURCE, Gateway
from documents import LEAD, directive, reply

VHOST = "congvan-topology"
ORGANS = ("H99", LEAD, "H99.07")
SECRETS = {"CONGVAN_TEST_GATEWAY": "gateway-secret-1", "CONGVAN_TEST_H99": "office-secret-2",
           "CONGVAN_TEST_LEAD": "lead-secret-3", "CONGVAN_TEST_ADMIN": "guest"}
QUEUE = ('{{type: amqp, url: "{url}", password_env: CONGVAN_TEST_GATEWAY,'
         ' management_url: "{management}", management_user: guest,'
         ' management_password_env: {admin}}}')
AGENCIES = f"""\
  - {{name: letters, type: amqp, direction: in}}
agencies:
  - {{organ: H99, password_env: CONGVAN_TEST_H99}}
  - {{organ: "{LEAD}", password_env: CONGVAN_TEST_LEAD}}
  - {{organ: "H99.07"}}
"""
CONSUMERS = SOURCE / "docs/consumers"


def gateway(admin="CONGVAN_TEST_ADMIN", management=None, ca=None):
    amqps = urllib.parse.urlsplit(os.environ["CONGVAN_TEST_AMQPS_URL"])
    url = (f"amqps://gateway@localhost:{amqps.port}/{VHOST}"
           f"?cacertfile={ca or os.environ['CONGVAN_TEST_CA_FILE']}")
    made = Gateway(queue=QUEUE.format(url=url, admin=admin, management=management
                                      or os.environ["CONGVAN_TEST_MANAGEMENT_URL"]),
                   more=AGENCIES)
    made.environment.update(SECRETS)
    return made


def manage(path, method="GET"):
    """What the broker's management says to it."""
    request = urllib.request.Request(
        os.environ["CONGVAN_TEST_MANAGEMENT_URL"] + path, method=method,
        headers={"Authorization": "Basic " + base64.b64encode(b"guest:guest").decode()})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return answer.read()


def definitions():
    """All that is at the broker, each kind in an order of its own."""
    whole = json.loads(manage("/api/definitions"))
    return {kind: sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))
            if isinstance(rows, list) else rows for kind, rows in whole.items()}


def parameters(user, password, tls=True):
    context = ssl.create_default_context(cafile=os.environ["CONGVAN_TEST_CA_FILE"])
    port = urllib.parse.urlsplit(
        os.environ["CONGVAN_TEST_AMQPS_URL" if tls else "CONGVAN_TEST_AMQP_URL"]).port
    return pika.ConnectionParameters(
        "localhost" if tls else "127.0.0.1", port, VHOST, pika.PlainCredentials(user, password),
        ssl_options=pika.SSLOptions(context, "localhost") if tls else None)


class Topology(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """An earlier run of them at the same broker left letters in the queues."""
        if any(vhost["name"] == VHOST for vhost in json.loads(manage("/api/vhosts"))):
            manage(f"/api/vhosts/{VHOST}", "DELETE")

    def setUp(self):
        self.gateway = gateway()
        self.addCleanup(self.gateway.__exit__)
        done = self.gateway.command("topology", "--apply")
        self.assertEqual([done.code, done.lines], [0, [{"agencies": 3, "applied": True}]],
                         done.stdout + done.stderr)

    def channel(self, organ, secret):
        connection = pika.BlockingConnection(
            parameters(f"agency.{organ}", SECRETS[secret]))
        self.addCleanup(connection.close)
        return connection.channel()

    def refused(self, act):
        """@act is refused by RabbitMQ, for want of a permission."""
        with self.assertRaises(pika.exceptions.ChannelClosedByBroker) as caught:
            act(self.channel(LEAD, "CONGVAN_TEST_LEAD"))
        self.assertEqual(caught.exception.reply_code, 403)

    def test_what_it_prints_is_what_rabbitmq_takes_and_holds_no_secret(self):
        done = self.gateway.command("topology", as_json=False)
        definitions = json.loads(done.stdout)
        self.assertEqual([user["name"] for user in definitions["users"]],
                         ["gateway", "agency.H99", f"agency.{LEAD}"])
        names = [queue["name"] for queue in definitions["queues"]]
        wanted = [queues.INBOX, *map(queues.agency, ORGANS)]
        self.assertEqual(sorted(names), sorted([*wanted, *(f"{name}.dead" for name in wanted)]))
        self.assertEqual(done.stdout, self.gateway.command("topology", as_json=False).stdout)
        for secret in SECRETS.values():
            if secret != "guest":
                self.assertNotIn(secret, done.stdout + done.stderr)

    def test_applied_again_it_changes_nothing(self):
        before = definitions()
        done = self.gateway.command("topology", "--apply")
        self.assertEqual(done.code, 0, done.stdout + done.stderr)
        self.assertEqual(definitions(), before)
        self.assertIn(f"agency.{LEAD}", [user["name"] for user in before["users"]])
        self.assertIn(queues.agency(LEAD), [queue["name"] for queue in before["queues"]])

    def test_an_agency_reads_its_own_queue_and_does_nothing_else(self):
        own = self.channel(LEAD, "CONGVAN_TEST_LEAD")
        self.assertIsNone(own.basic_get(queues.agency(LEAD))[0])
        self.refused(lambda channel: channel.basic_get(queues.agency("H99")))
        self.refused(lambda channel: channel.basic_get(queues.INBOX))
        self.refused(lambda channel: channel.queue_declare("mine", durable=True))
        self.refused(lambda channel: channel.queue_purge(queues.agency("H99")))
        self.refused(lambda channel: channel.queue_delete(queues.agency(LEAD)))

        def publish(channel):
            channel.confirm_delivery()
            channel.basic_publish("congvan.events", f"task.assigned.{LEAD}", b"{}")

        self.refused(publish)
        with self.assertRaises(pika.exceptions.AMQPConnectionError):
            pika.BlockingConnection(parameters(f"agency.{LEAD}", SECRETS["CONGVAN_TEST_H99"]))

    def consume(self, words, more):
        """Run a consumer; its lines as they come, until its end."""
        process = subprocess.Popen(words, env={**os.environ, **more}, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)

        def end():
            process.kill()
            process.communicate()

        self.addCleanup(end)
        return process

    def lines(self, process, count):
        got = []
        reader = threading.Thread(
            target=lambda: got.extend(process.stdout.readline() for _ in range(count)))
        reader.start()
        reader.join(PATIENCE)
        self.assertFalse(reader.is_alive(), got)
        return [line.split() for line in got]

    def tell_story(self):
        self.gateway.start()
        self.gateway.drop("a.edxml", directive(1))
        self.gateway.wait_until(lambda: self.gateway.tasks(state="assigned"))
        self.gateway.drop("b.edxml", reply(1))
        self.gateway.wait_until(lambda: self.gateway.tasks(state="completed"))
        self.gateway.wait_until(lambda: not self.gateway.untold())
        self.assertEqual(self.gateway.stop(), 0)

    def test_the_consumers_read_with_their_own_users(self):
        self.tell_story()
        store = self.gateway.folder / "tasks.db"
        secure = urllib.parse.urlsplit(os.environ["CONGVAN_TEST_AMQPS_URL"]).port
        python = self.consume(
            ["/usr/bin/python3", CONSUMERS / "consumer.py",
             f"amqps://agency.{LEAD}@localhost:{secure}/{VHOST}", LEAD, store],
            {"AMQP_PASSWORD": SECRETS["CONGVAN_TEST_LEAD"],
             "AMQP_CA_FILE": os.environ["CONGVAN_TEST_CA_FILE"]})
        self.assertEqual(
            [line[:2] for line in self.lines(python, 4)],
            [["new", f"vn.congvan.{name}.v1"] for name in (
                "task.assigned", "document.received", "task.completed", "reply.issued")])
        rows = sqlite3.connect(store).execute("SELECT id, revision FROM task").fetchall()
        self.assertEqual(rows, [("NV-1", 2)])
        plain = urllib.parse.urlsplit(os.environ["CONGVAN_TEST_AMQP_URL"]).port
        in_c = self.consume(
            [os.environ["CONGVAN_CONSUMER"], "127.0.0.1", str(plain), VHOST,
             "agency.H99", "H99"], {"AMQP_PASSWORD": SECRETS["CONGVAN_TEST_H99"]})
        line, = self.lines(in_c, 1)
        self.assertEqual(line[1], "vn.congvan.document.received.v1")

    def test_the_gateways_own_user_needs_no_more_than_it_is_given(self):
        self.tell_story()
        self.assertEqual([line for line in self.gateway.log if "unavailable" in line], [])

    def test_a_wrong_password_or_no_management_is_told_apart(self):
        with gateway(admin="CONGVAN_TEST_LEAD") as wrong:
            done = wrong.command("topology", "--apply", as_json=False)
            self.assertEqual(done.code, 78, done.stderr)
            self.assertIn("401", done.stderr)
            self.assertNotIn(SECRETS["CONGVAN_TEST_LEAD"], done.stderr)
        with gateway(management="http://127.0.0.1:1") as nobody:
            done = nobody.command("topology", "--apply", as_json=False)
            self.assertEqual(done.code, 69, done.stderr)
            self.assertIn("127.0.0.1:1", done.stderr)

    def test_a_broker_signed_by_a_stranger_is_not_spoken_to(self):
        with gateway(ca="/etc/ssl/certs/ca-certificates.crt") as stranger:
            done = stranger.command("check", "--connect")
            peer = next(row for row in done.lines if row.get("adapter") == "queue")
            self.assertFalse(peer["ok"])
            self.assertIn("peer", peer["message"].lower())


if __name__ == "__main__":
    unittest.main()
