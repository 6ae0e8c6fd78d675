#!/usr/bin/env python3
"""Run the worked examples of docs/rules.md against a congvan binary.

    run.py CONGVAN [EXAMPLE_DIR...]    play the examples (all of them by default)
    run.py --check [EXAMPLE_DIR...]    only read them: grammar, JSON, files named

Each example plays in a temporary folder of its own, through the command line only. README.md
beside this file says how a story is written. One line for each expectation that fails, then
`N passed, N failed`, counted in examples; the exit code is 1 if any failed.
"""
import itertools
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
TIMEOUT = 60  # a command that takes longer hangs
MOST_FILES = 4  # 24 orders
# What may differ between two orders of arrival: numbers given in order of arrival.
ORDER_BOUND = ["id", "parent", "revision", "document.id", "closed_by.document"]


class StoryError(Exception):
    """The story itself is wrong, not what it is played on."""


# --- matching ---------------------------------------------------------------------------


def match_word(want, got, path, names):
    """The words in angle brackets. Returns None when `want` is none of them."""
    if want == "<any>":
        return []
    if want == "<nonempty>":
        return [] if got not in (None, "", [], {}) else [f"{path}: empty: {got!r}"]
    found = re.fullmatch(r"<(same|has|lacks|not):(.+)>", want)
    if not found:
        return None
    word, name = found.groups()
    if word == "not":
        return [f"{path}: is {name!r}"] if got == name else []
    if word == "lacks":
        outside = isinstance(got, list) and name not in got
        return [] if outside else [f"{path}: {name!r} is in {got!r}"]
    if word == "has":
        inside = isinstance(got, list) and name in got
        return [] if inside else [f"{path}: {name!r} is not in {got!r}"]
    first = names.setdefault(name, got)
    return [] if first == got else [f"{path}: {got!r}, was {first!r} before ({name})"]


def match_set(want, got, path, names):
    """A list in any order: each wanted element takes an element of its own."""
    if not isinstance(got, list) or len(got) != len(want):
        return [f"{path}: want {len(want)} elements, got {got!r}"]
    for order in itertools.permutations(got):
        trial = dict(names)
        if not any(match(w, g, path, trial) for w, g in zip(want, order)):
            names.update(trial)
            return []
    return [f"{path}: no order of {got!r} fits {want!r}"]


def match(want, got, path="", names=None):
    """The differences between a wanted JSON subset and what came, as lines."""
    names = {} if names is None else names
    if isinstance(want, str):
        word = match_word(want, got, path, names)
        if word is not None:
            return word
    if isinstance(want, dict) and list(want) == ["<set>"]:
        return match_set(want["<set>"], got, path, names)
    if isinstance(want, dict) and isinstance(got, dict):
        return [
            line
            for key, value in want.items()
            for line in match(value, got.get(key), f"{path}.{key}", names)
        ]
    if isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        pairs = enumerate(zip(want, got))
        return [line for i, (w, g) in pairs for line in match(w, g, f"{path}[{i}]", names)]
    if type(want) is type(got) and want == got:
        return []
    return [f"{path or '.'}: want {show(want)}, got {show(got)}"]


def show(value):
    return json.dumps(value, ensure_ascii=False)


# --- reading a story --------------------------------------------------------------------


# What is no command of congvan's: a look at its files, or a hand on them.
OWN_VERBS = ("absent", "events", "replace")
# What stands beside a story and is part of its site.
SITE_FILES = ("organs.yaml", "calendar.yaml", "policy.yaml", "adapters.yaml")


class Step:
    """A command and what is expected after it, or one of OWN_VERBS."""

    def __init__(self, line, verb, argument, now):
        self.line, self.verb, self.argument, self.now = line, verb, argument, now
        self.lines, self.exit, self.texts = None, 0, []


class Story:
    def __init__(self, folder):
        self.folder, self.steps = folder, []
        self.any_order, self.prefix, self.ignoring = [], [], []
        self.now, self.in_order = None, False
        path = folder / "story.txt"
        text = path.read_text(encoding="utf-8")
        if not text.startswith("# "):
            raise StoryError("story.txt: the first line must say which rule it shows")
        for number, line in enumerate(text.splitlines(), 1):
            try:
                self.read_line(number, line.strip())
            except (ValueError, IndexError) as e:
                raise StoryError(f"story.txt:{number}: {e}") from e
        if not self.steps:
            raise StoryError("story.txt: nothing is done")

    def read_line(self, number, line):
        if not line or line.startswith("#"):
            return
        word, _, rest = line.partition(" ")
        reader = {
            "at": self.read_at,
            ">": self.read_expected,
            "exit": self.read_exit,
            "~": lambda text: self.steps[-1].texts.append((True, text)),
            "!~": lambda text: self.steps[-1].texts.append((False, text)),
            "any-order:": lambda text: self.any_order.extend(self.read_arrivals(text)),
            "except:": lambda text: self.prefix.extend(self.read_arrivals(text)),
            "ignoring:": lambda text: self.ignoring.extend(text.split()),
            "then": self.read_then,
        }.get(word)
        if reader:
            reader(rest.strip())
            return
        if not self.now:
            raise ValueError("`at TIME` must come first")
        if self.any_order and not self.in_order:
            raise ValueError("between `any-order:` and `then` no command may stand")
        verb, argument = (word, rest) if word in OWN_VERBS else ("run", line)
        self.steps.append(Step(number, verb, argument, self.now))
        if verb == "run":
            shlex.split(argument)
        elif verb == "replace":
            self.steps[-1].argument = self.read_replace(argument)

    def read_at(self, text):
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", text):
            raise ValueError(f"no RFC 3339 time: {text}")
        self.now = text

    def read_expected(self, text):
        step = self.steps[-1]
        step.lines = step.lines or []
        if text != "nothing":
            step.lines.append(json.loads(text))

    @staticmethod
    def read_replace(text):
        target, word, other = text.split()
        if word != "with" or target not in SITE_FILES:
            raise ValueError("`replace FILE with OTHER`, FILE one of " + " ".join(SITE_FILES))
        return target, other

    def read_exit(self, text):
        self.steps[-1].exit = None if text == "any" else int(text)

    def read_then(self, _):
        if not 2 <= len(self.any_order) <= MOST_FILES or self.steps:
            raise ValueError(f"`then` needs 2 to {MOST_FILES} files, and no command before")
        self.in_order, self.now = True, self.now or self.any_order[-1][1]

    def read_arrivals(self, text):
        arrivals = [word.split("@") for word in text.split()]
        if any(len(arrival) != 2 for arrival in arrivals):
            raise ValueError("an arrival is FILE@TIME")
        return [tuple(arrival) for arrival in arrivals]

    def files_named(self):
        names = {name for name, _ in self.any_order + self.prefix}
        for step in self.steps:
            words = shlex.split(step.argument) if step.verb == "run" else []
            if words and words[0] in ("ingest", "parse", "lint"):
                skip = words.index("--adapter") + 1 if "--adapter" in words else 0
                names.update(
                    word
                    for i, word in enumerate(words[1:], 1)
                    if i != skip and not word.startswith("-")
                )
            elif step.verb == "replace":
                names.add(step.argument[1])
        return names

    def looks_at_events(self):
        return any(step.verb == "events" for step in self.steps)


# --- playing a story --------------------------------------------------------------------


class Stage:
    """A site of its own in a temporary folder."""

    def __init__(self, binary, story, root):
        self.binary, self.example, self.root = binary, story.folder, pathlib.Path(root)
        self.told, self.tells = set(), story.looks_at_events()
        self.config = self.root / "adapters.yaml"
        for name in SITE_FILES:
            if (self.example / name).exists():
                self.replace(name, name)
        self.configure()

    def site_file(self, name):
        return self.root / "site" / name

    def replace(self, name, other):
        self.site_file(name).parent.mkdir(exist_ok=True)
        shutil.copy(self.example / other, self.site_file(name))

    def configure(self):
        lines = ["site: H99", "data: var"]
        for name in ("organs", "calendar"):
            if self.site_file(f"{name}.yaml").exists():
                lines.append(f"{name}: site/{name}.yaml")
        lines += self.section("policy:", "policy.yaml")
        lines += ["queue:", "  type: embedded", "adapters:", "  - name: in", "    type: spool"]
        lines += ["    direction: in", "    format: edxml", "    path: spool/in"]
        if self.tells:
            lines += ["  - name: out", "    type: spool", "    direction: out"]
            lines += ["    path: spool/out"]
        lines += self.section(None, "adapters.yaml")
        self.config.write_text("\n".join([*lines, ""]), encoding="utf-8")

    def section(self, key, name):
        if not self.site_file(name).exists():
            return []
        text = self.site_file(name).read_text(encoding="utf-8")
        return [key] * bool(key) + ["  " + line for line in text.splitlines()]

    def events(self, names):
        """What the sink wrote since this was last asked, as lines with the event's name."""
        lines = []
        for path in sorted((self.root / "spool" / "out").glob("*.json")):
            event = json.loads(path.read_text(encoding="utf-8"))
            if path in self.told:
                continue
            self.told.add(path)
            name = event["type"].removeprefix("vn.congvan.").removesuffix(".v1")
            if name in names or not names:
                lines.append(json.dumps({"name": name, **event}, ensure_ascii=False))
        return lines

    def run(self, words, now):
        """The exit code, the lines of stdout, and everything said."""
        command = [self.binary, "-c", str(self.config), "--json", "--now", now, *words]
        try:
            done = subprocess.run(
                command, cwd=self.example, capture_output=True, timeout=TIMEOUT, check=False
            )
        except subprocess.TimeoutExpired:
            return "timeout", [], ""
        out = done.stdout.decode("utf-8", "replace")
        said = out + done.stderr.decode("utf-8", "replace")
        return done.returncode, [line for line in out.splitlines() if line.strip()], said

    def files_with(self, text):
        """The files below the data folder that hold @text in any of its spellings."""
        forms = {unicodedata.normalize(form, text) for form in ("NFC", "NFD")}
        forms |= {json.dumps(form)[1:-1] for form in set(forms)}
        needles = [form.encode("utf-8") for form in forms]
        found = []
        for path in sorted((self.root / "var").rglob("*")):
            if path.is_file() and any(n in path.read_bytes() for n in needles):
                found.append(str(path.relative_to(self.root)))
        return found


class Player:
    def __init__(self, story, stage, label=""):
        self.story, self.stage, self.label = story, stage, label
        self.names, self.failures = {}, []

    def fail(self, line, what):
        self.failures.append(f"{self.story.folder.name}/story.txt:{line}{self.label}: {what}")

    def play(self):
        for step in self.story.steps:
            if step.verb == "run":
                self.run_step(step)
            else:
                getattr(self, f"play_{step.verb}")(step)
        self.verify()

    def play_absent(self, step):
        found = self.stage.files_with(step.argument)
        if found:
            self.fail(step.line, f"{step.argument!r} stands in {' '.join(found)}")

    def play_replace(self, step):
        self.stage.replace(*step.argument)
        self.stage.configure()

    def play_events(self, step):
        lines = self.stage.events(step.argument.split())
        if step.lines is not None:
            self.compare(step, lines)

    def run_step(self, step):
        code, lines, said = self.stage.run(shlex.split(step.argument), step.now)
        if step.exit is not None and code != step.exit or code == "timeout":
            hint = said.strip().replace("\n", " | ")[:300]
            self.fail(step.line, f"{step.argument}: exit {code}, want {step.exit}: {hint}")
        if step.lines is not None:
            self.compare(step, lines)
        for wanted, text in step.texts:
            there = unicodedata.normalize("NFC", text) in unicodedata.normalize("NFC", said)
            if there != wanted:
                verb = "does not say" if wanted else "says"
                self.fail(step.line, f"{step.argument}: {verb} {text!r}")

    def compare(self, step, lines):
        if len(lines) != len(step.lines):
            listed = " | ".join(lines)[:600]
            want = f"want {len(step.lines)} lines, got {len(lines)}"
            self.fail(step.line, f"{step.argument}: {want}: {listed}")
            return
        try:
            got = [json.loads(line) for line in lines]
        except ValueError as e:
            self.fail(step.line, f"{step.argument}: no JSON lines: {e}")
            return
        if self.story.in_order:  # numbers follow the order of arrival, so lines may too
            for line in match_set(step.lines, got, "lines", self.names):
                self.fail(step.line, f"{step.argument}: {line}")
            return
        for i, (want, one) in enumerate(zip(step.lines, got), 1):
            for line in match(want, one, "", self.names):
                self.fail(step.line, f"{step.argument}: line {i}: {line}")

    def verify(self):
        code, _, said = self.stage.run(["verify"], self.story.steps[-1].now)
        if code != 0:
            self.fail("end", f"verify: exit {code}: {said.strip()[:300]}")


def without_numbers(task, more):
    """The task as text, without what the order of arrival may change."""
    for path in ORDER_BOUND + more:
        holder, *rest = path.split(".")
        if not rest:
            task.pop(holder, None)
        elif isinstance(task.get(holder), dict):
            task[holder].pop(rest[0], None)
    return json.dumps(task, ensure_ascii=False, sort_keys=True)


def play_order(binary, story, order):
    """One order of arrival in a fresh ledger: the failures, and the tasks it led to."""
    label = " [" + " ".join(name for name, _ in order) + "]"
    with tempfile.TemporaryDirectory(prefix="congvan-example-") as root:
        stage = Stage(binary, story, root)
        player = Player(story, stage, label)
        for name, arrival in [*story.prefix, *order]:
            code, _, said = stage.run(["ingest", name], arrival)
            if code not in (0, 65):  # set aside in this order, parked in another
                player.fail("order", f"ingest {name}: exit {code}: {said.strip()[:300]}")
        player.play()
        _, lines, _ = stage.run(["tasks"], story.steps[-1].now)
        try:
            tasks = sorted(without_numbers(json.loads(t), story.ignoring) for t in lines)
        except (ValueError, AttributeError) as e:
            player.fail("order", f"tasks: no JSON lines: {e}")
            tasks = []
    return player.failures, tasks, label


def play_orders(binary, story):
    failures, first = [], None
    for order in itertools.permutations(story.any_order):
        found, tasks, label = play_order(binary, story, order)
        failures += found
        first = first or (tasks, label)
        if tasks != first[0]:
            there = f"{first[1].strip()}: {first[0]}"
            here = f"{label.strip()}: {tasks}"
            failures.append(f"{story.folder.name}: order matters: {there} but {here}")
    return failures


def play(binary, story):
    if story.in_order:
        return play_orders(binary, story)
    with tempfile.TemporaryDirectory(prefix="congvan-example-") as root:
        player = Player(story, Stage(binary, story, root))
        player.play()
        return player.failures


# --- the examples -----------------------------------------------------------------------


def check(story):
    """What can be wrong with an example before anything is played."""
    for name in sorted(story.files_named()):
        if not (story.folder / name).exists():
            yield f"{story.folder.name}: {name} is named and not there"
    known = {"story.txt", *SITE_FILES} | story.files_named()
    for path in sorted(story.folder.iterdir()):
        if path.name not in known:
            yield f"{story.folder.name}: {path.name} is there and never named"
        if path.suffix == ".json":
            try:
                json.loads(path.read_text(encoding="utf-8"))
            except ValueError as e:
                yield f"{story.folder.name}/{path.name}: {e}"


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 64
    binary = arguments[0]
    if binary != "--check":
        binary = shutil.which(binary) or str(pathlib.Path(binary).resolve())
    folders = [pathlib.Path(a).resolve() for a in arguments[1:]]
    folders = folders or sorted(p.parent for p in HERE.glob("*/story.txt"))
    failed = 0
    for folder in folders:
        try:
            story = Story(folder)
            failures = list(check(story))
            if binary != "--check":
                failures += play(binary, story)
        except (StoryError, OSError) as e:
            failures = [f"{folder.name}: {e}"]
        print("".join(line + "\n" for line in failures), end="", flush=True)
        failed += bool(failures)
    print(f"{len(folders) - failed} passed, {failed} failed")
    return 1 if failed or not folders else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
