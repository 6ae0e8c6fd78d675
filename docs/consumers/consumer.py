"""An agency's reader: takes its queue, knows each event once, keeps each task's highest revision.
    AMQP_PASSWORD=… python3 consumer.py amqps://agency.H99.05@broker.example/province H99.05 tasks.db"""
import json, os, sqlite3, ssl, sys, urllib.parse
import pika

url, organ, path = urllib.parse.urlsplit(sys.argv[1]), sys.argv[2], sys.argv[3]
tls = ssl.create_default_context(cafile=os.environ.get("AMQP_CA_FILE"))
channel = pika.BlockingConnection(pika.ConnectionParameters(
    url.hostname, url.port, urllib.parse.unquote(url.path[1:] or "/"),
    pika.PlainCredentials(url.username, os.environ["AMQP_PASSWORD"]),
    ssl_options=pika.SSLOptions(tls, url.hostname) if url.scheme == "amqps" else None)).channel()
store = sqlite3.connect(path)
store.executescript("CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY);"
                    "CREATE TABLE IF NOT EXISTS task (id TEXT PRIMARY KEY, revision, data)")

def take(channel, method, properties, body):
    event = json.loads(body)
    with store:  # kept first, then acknowledged: a crash gives it again and loses nothing
        new = store.execute("INSERT OR IGNORE INTO seen VALUES (?)", [event["id"]]).rowcount
        if new and event["type"].startswith("vn.congvan.task."):
            store.execute("INSERT INTO task VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET revision"
                          " = excluded.revision, data = excluded.data WHERE excluded.revision > revision",
                          [event["subject"], event["data"]["revision"], json.dumps(event["data"])])
    print("new" if new else "again", event["type"], event.get("subject"), flush=True)
    channel.basic_ack(method.delivery_tag)

channel.basic_qos(prefetch_count=100)
channel.basic_consume(f"congvan.agency.{organ}", take)
channel.start_consuming()
