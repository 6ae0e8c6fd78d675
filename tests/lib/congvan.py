"""A congvan of its own for a test: a folder, a configuration, the program.

    with Gateway() as gateway:
        gateway.start()
        gateway.drop("letter.edxml", text)
        gateway.wait_until(lambda: gateway.tasks(state="assigned"))
        gateway.stop()

Nothing here waits for a time to pass: wait_until looks again at each line of the log (and
now and then, for what is not logged), and fails at once when the gateway has ended.
"""
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import cloudevent
import unseen

SOURCE = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("CONGVAN", str(SOURCE / "build/congvan"))
PATIENCE = 60  # seconds until what must happen counts as never happening
BAD_INPUT = 65  # the exit code of what names something nobody knows
# Of the shipped organs.yaml; each has an agency queue.
ORGANS = ["H99", "H99.01", "H99.05", "H99.05.01", "H99.07", "H99.08", "H99.09", "H99.10",
          "H99.30", "H99.31", "H99.60"]
# A peer that is back need not be waited for.
DELIVERY = "delivery: {suspend_first_s: 1, suspend_limit_s: 5}"
LOOK_AGAIN = 0.05  # seconds between two looks at what the log does not tell

ADAPTERS = """\
site: H99
data: var
organs: {organs}
queue: {queue}
{delivery}
adapters:
  - {{name: inbox, type: spool, direction: in, format: edxml, path: spool/in}}
  - {{name: events, type: spool, direction: out, path: spool/out}}
{more}"""


def parse_event(text):
    """A CloudEvent, checked against schemas/."""
    event = json.loads(text)
    if wrong := cloudevent.complaints(event):
        raise AssertionError("\n".join([*wrong, text]))
    return event


class Result:
    """What a command left: its exit code, its lines of JSON, both its texts."""

    def __init__(self, process):
        self.code, self.stdout, self.stderr = (
            process.returncode, process.stdout, process.stderr)

    @property
    def lines(self):
        return [json.loads(line) for line in self.stdout.splitlines()]


class Gateway:
    """@queue and @more are YAML: the value of `queue:`, and further adapters."""

    def __init__(self, queue="{type: embedded}", more="", organs=SOURCE / "organs.yaml"):
        self.folder = Path(tempfile.mkdtemp(prefix="congvan-"))
        self.config = self.folder / "adapters.yaml"
        self.inbox, self.outbox = self.folder / "spool/in", self.folder / "spool/out"
        self.data, self.done, self.failed = (
            self.folder / "var", self.inbox / "done", self.inbox / "failed")
        self.inbox.mkdir(parents=True)
        self.outbox.mkdir()
        self.config.write_text(ADAPTERS.format(
            organs=organs, queue=queue, delivery=DELIVERY, more=more))
        self.process, self.reader, self.log = None, None, []
        self.environment = dict(os.environ)  # of the program
        self.said = []  # all it ever wrote, commands and answers too
        self.secrets, self.secret_files = [], []
        self.news = threading.Condition()

    def __enter__(self):
        return self

    def __exit__(self, fault=None, *_):
        if self.process:
            self.kill()
        try:
            if not fault:
                unseen.check(self)
        finally:
            shutil.rmtree(self.folder)

    def give(self, **secrets):
        """Secrets by their environment variables; no test may see one shown."""
        self.environment |= secrets
        self.secrets += secrets.values()

    def check_unseen(self):
        """No secret is shown, by its commands either; without those it is looked for at
        the end of every test."""
        unseen.ask_everything(self)
        unseen.check(self)

    # --- commands -------------------------------------------------------------------

    def command(self, *words, now=None, as_json=True):
        """Run `congvan WORDS` to its end."""
        words = [PROGRAM, "-c", self.config, *(["--now", now] if now else []),
                 *(["--json"] if as_json else []), *words]
        done = Result(subprocess.run(
            [str(word) for word in words], cwd=self.folder, text=True, timeout=PATIENCE,
            env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, check=False))
        self.said += [done.stdout, done.stderr]
        return done

    def tasks(self, **filters):
        """The ledger's tasks: tasks(state="assigned", organ="H99.05"). Of a document it does
        not know there are none."""
        words = [word for name, value in filters.items() for word in (f"--{name}", value)]
        done = self.command("tasks", *words)
        if done.code == BAD_INPUT and "document" in filters:
            return []
        if done.code:
            raise AssertionError(done.stdout + done.stderr)
        return done.lines

    def events(self):
        """The CloudEvents the spool sink has written, in the order they were made."""
        return [parse_event(path.read_text()) for path in sorted(
            self.outbox.glob("[!.]*.json"), key=lambda path: int(path.stem.split("-")[-1]))]

    def told(self, name):
        """The subjects of the events of that name, in order: told("task.completed")."""
        return [event["subject"] for event in self.events()
                if event["type"] == f"vn.congvan.{name}.v1"]

    def untold(self):
        """What still waits in the outbox."""
        return self.command("outbox").lines

    def verified(self):
        """What `verify` counted; it must have found nothing wrong."""
        done = self.command("verify")
        if done.code:
            raise AssertionError(done.stdout + done.stderr)
        return done.lines[0]

    def rows(self, sql):
        """What the ledger's file says; read beside whoever writes it."""
        ledger = sqlite3.connect(f"file:{self.data / 'ledger.db'}?mode=ro", uri=True)
        try:
            return ledger.execute(sql).fetchall()
        finally:
            ledger.close()

    def waiting(self):
        """The names that lie in the inbox, folders aside."""
        return sorted(path.name for path in self.inbox.iterdir() if not path.is_dir())

    def drop(self, name, content):
        """A document into the inbox, whole from the first look."""
        whole = self.folder / "spool" / name
        whole.write_bytes(content if isinstance(content, bytes) else content.encode())
        whole.rename(self.inbox / name)

    # --- the running gateway --------------------------------------------------------

    def start(self, *words):
        """`congvan run`, until it says that it is ready."""
        self.launch(*words)
        self.wait_until(lambda: self.logged("info ready"))

    def launch(self, *words):
        """`congvan run`, and do not wait for it."""
        self.log = []
        self.process = subprocess.Popen(
            [PROGRAM, "-c", str(self.config), "run", *words], cwd=self.folder, text=True,
            env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.reader = threading.Thread(target=self._read, args=[self.process], daemon=True)
        self.reader.start()

    def _read(self, process):
        for line in process.stderr:
            with self.news:
                self.log.append(line.rstrip("\n"))
                self.said.append(self.log[-1])
                self.news.notify_all()

    def logged(self, words):
        """The lines of its log that begin with @words."""
        return [line for line in self.log if line.startswith(words)]

    def wait_until(self, is_so, patience=PATIENCE):
        """What @is_so returns, as soon as that is true."""
        until = time.monotonic() + patience
        while True:
            has_ended = self.process is not None and self.process.poll() is not None
            if has_ended:
                self.reader.join()  # its last words count
            if found := is_so():
                return found
            if has_ended or time.monotonic() > until:
                what = "the gateway ended" if has_ended else "it never came true"
                raise AssertionError("\n".join([what, "its log:", *self.log]))
            with self.news:
                self.news.wait(LOOK_AGAIN)

    def wait_settled(self, patience=PATIENCE):
        """Until the inbox is empty and everyone is told."""
        self.wait_until(lambda: not self.waiting(), patience)
        self.wait_until(lambda: not self.untold(), patience)

    def pause(self):
        """Keep it from running, in the middle of whatever it does."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def limit_files(self, size):
        """Let no file it writes grow beyond @size bytes; -1: let them again."""
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (size, -1))

    def peak_memory(self):
        """The most it ever held, in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines()
                    if line.startswith("VmHWM"))

    def in_memory(self, phrase):
        """How often @phrase stands in what it may write to."""
        found = 0
        with open(f"/proc/{self.process.pid}/maps") as maps, \
                open(f"/proc/{self.process.pid}/mem", "rb", buffering=0) as memory:
            for line in maps:
                place, rights = line.split()[:2]
                if not rights.startswith("rw") or "[v" in line:
                    continue
                first, end = (int(number, 16) for number in place.split("-"))
                if end - first > 1 << 30:
                    continue  # a sanitizer's own
                memory.seek(first)
                try:
                    found += memory.read(end - first).count(phrase)
                except OSError:
                    pass  # reserved, and nothing there
        return found

    def stop(self, number=signal.SIGTERM):
        """Ask it to end; its exit code."""
        return self._end(number)

    def kill(self):
        """End it between two instructions, as a power cut would."""
        return self._end(signal.SIGKILL)

    def _end(self, number):
        process, self.process = self.process, None
        process.send_signal(number)
        try:
            code = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            self.reader.join()
            process.stderr.close()
        return code
