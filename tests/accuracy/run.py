#!/usr/bin/env python3
"""How good is the gateway? Feed it a labelled history and compare what it says with the truth.

    run.py CONGVAN [--seed N] [--documents N] [--level 2|3] [--orders N] [--keep FOLDER]

Each event is taken in with the clock at the day it arrives. With --orders the same events, each
still with its own day of arrival, are fed in N further orders, and every ledger must be the same.
Ends with 1 when the table misses what is promised.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

import generate

PROMISED = {"wrong closures": (0, "at most"), "recall of closures": (99.5, "at least"),
            "state": (99.9, "at least"), "timeliness": (99.9, "at least"),
            "deadline": (99.9, "at least"), "day completed": (99.9, "at least"),
            "outcomes": (100, "at least"), "suggestions": (99.5, "at least"), "level 3": (99.9, "at least")}
AT = "T12:00:00+07:00"


class Gateway:
    """One ledger, spoken to through the command line."""

    def __init__(self, program, history, data):
        self.words = [program, "-c", str(history / "adapters.yaml"), "--data", str(data)]
        self.inbox = history / "in"

    def call(self, day, *words, allowed=(0,)):
        ran = subprocess.run(self.words + ["--now", day + AT, *words], cwd=self.inbox,
                             capture_output=True, check=False)
        if ran.returncode not in allowed:
            sys.exit(f"congvan {' '.join(words)[:300]}: {ran.returncode}\n{ran.stderr.decode()}")
        return [json.loads(line) for line in ran.stdout.decode().splitlines()]

    def fill(self, file, tasks):
        """Write the number the gateway gave into a reply that names it (T6)."""
        event = json.loads((self.inbox / file).read_bytes())
        event["response_for_tasks"] = [f"H99/{tasks[0]}" if tasks else "H99/NV-0"]
        (self.inbox / file).write_text(json.dumps(event, ensure_ascii=False))

    def feed(self, day, carrier, files):
        return self.call(day, "ingest", "--adapter", carrier, *files, allowed=(0, 65))


# --- orders of arrival ------------------------------------------------------------------


def obey(events, order):
    """Move what must come after another behind it."""
    placed, out, waiting = set(), [], list(order)
    while waiting:
        left = []
        for number in waiting:
            if all(one in placed for one in events[number]["after"]):
                placed.add(number)
                out.append(number)
            else:
                left.append(number)
        waiting = left
    return out


def by_arrival(events, dice):
    """Day by day, shuffled within the day."""
    order = [e["id"] for e in events]
    carriers = ["axis", "eoffice"]
    dice.shuffle(order)
    days = collections.defaultdict(list)
    for number in order:
        days[events[number]["arrived"]].append(number)
    out = []
    for day in sorted(days):
        dice.shuffle(carriers)
        out += sorted(days[day], key=lambda n: carriers.index(events[n]["carrier"]))
    return obey(events, out)


def any_order(events, dice):
    """Pieces of days, in any order."""
    blocks = collections.defaultdict(list)
    for event in events:
        blocks[event["arrived"], event["carrier"], dice.randint(0, 1)].append(event["id"])
    blocks = list(blocks.values())
    dice.shuffle(blocks)
    for block in blocks:
        dice.shuffle(block)
    return obey(events, [number for block in blocks for number in block])


def pieces(events, order):
    """Runs of one day and one carrier: one command each."""
    run = []
    for number in order:
        event = events[number]
        alike = run and (run[0]["arrived"], run[0]["carrier"]) == (event["arrived"],
                                                                   event["carrier"])
        if run and (not alike or event["fill"] is not None):
            yield run
            run = []
        run.append(event)
    if run:
        yield run


# --- what must come out -----------------------------------------------------------------


def expected_outcomes(events, order):
    """The outcomes each event may have in this order of arrival (INV-2): one, as a rule."""
    fed, roots, out = set(), set(), {}
    for number in order:
        event = events[number]
        root = number if event["same_as"] is None else event["same_as"]
        fixed = event["outcome"]
        if fixed == "restricted" or event["conflicts_with"] is not None:
            out[number] = fixed
        elif root in roots:
            out[number] = "duplicate"
        elif fixed == "foreign":
            known = any(one in fed for one in event["needs"])
            out[number] = "quarantined" if known else "parked"
        elif events[root]["outcome"] in ("parked", "quarantined"):
            out[number] = events[root]["outcome"]
        elif event["needs"] and not any(one in fed for one in event["needs"]):
            out[number] = "parked"
        else:
            out[number] = "applied"
        out[number] = [out[number]]
        if events[root]["either"] and root not in roots:
            out[number] += ["applied", "parked"]
        roots.add(root)
        fed.add(number)
    return out


class Table:
    def __init__(self):
        self.counts = collections.defaultdict(lambda: [0, 0])
        self.wrong = []

    def add(self, row, right, say):
        self.counts[row][1] += 1
        if right:
            self.counts[row][0] += 1
        else:
            self.wrong.append(f"{row}: {say}")

    def figure(self, row):
        right, all_of = self.counts[row]
        if row == "wrong closures":
            return all_of - right
        return 100.0 * right / all_of if all_of else 100.0

    def holds(self, row):
        figure, (bound, sense) = self.figure(row), PROMISED[row]
        return figure <= bound if sense == "at most" else figure >= bound

    def print(self, file):
        print(f"{'':20} {'figure':>10} {'promised':>10} {'right':>8} {'of':>8}", file=file)
        for row, (bound, _) in PROMISED.items():
            right, all_of = self.counts[row]
            figure = self.figure(row)
            shown = str(figure) if row == "wrong closures" else f"{figure:.3f} %"
            goal = str(bound) if row == "wrong closures" else f"{bound} %"
            mark = "" if self.holds(row) else "  <- misses"
            print(f"{row:20} {shown:>10} {goal:>10} {right:8} {all_of:8}{mark}", file=file)


def key_tasks(truth, shown):
    """Pair each expected task with the one shown, by document, lead and content."""
    names, left = truth["names"], collections.defaultdict(list)
    for task in shown:
        left[names.get(task["document"]["document_id"]), task["lead"]].append(task)
    pairs = []
    for want in truth["tasks"]:
        found = None
        for document in want["documents"]:
            for task in left[document, want["lead"]]:
                if want["content"] is None or task["content"] == want["content"]:
                    found = task
                    break
            if found:
                left[document, want["lead"]].remove(found)
                break
        pairs.append((want, found))
    return pairs, [task for rest in left.values() for task in rest]


def same(want, got):
    return want == "*" or want == got


def compare_more(table, names, want, got, shown, words):
    """What level 3 adds to a task."""
    for member in ("kind", "proposed_due_on"):
        if member in want:
            table.add("level 3", want[member] == got[member],
                      words + f"{member} {got[member]}, wanted {want[member]}")
    if "parent" in want:
        over = got["parent"] and shown[got["parent"]]
        parent = over and [names.get(over["document"]["document_id"]), over["lead"]]
        table.add("level 3", want["parent"] == parent,
                  words + f"parent {parent}, wanted {want['parent']}")


def compare_task(table, names, want, got):
    words = f"{want['documents']} {want['lead']} ({want['case']}) "
    if got is None:
        table.add("state", False, words + f"is missing, wanted {want['state']}")
        if want["state"] == "completed":
            table.add("recall of closures", False, words + "is missing")
        return
    words += f"{got['id']}: "
    by = got["closed_by"] and names.get(got["closed_by"]["document_id"])
    if got["state"] in ("completed", "reported"):
        table.add("wrong closures", same(want["closed_by"], by) and want["state"] == got["state"],
                  words + f"closed by {by}, wanted {want['state']} {want['closed_by']}")
    if want["state"] == "completed":
        table.add("recall of closures", got["state"] == "completed" and same(want["closed_by"], by),
                  words + f"{got['state']} by {by}, wanted {want['closed_by']}")
        table.add("day completed", same(want["completed_on"], got["completed_on"]),
                  words + f"{got['completed_on']}, wanted {want['completed_on']}")
    table.add("state", want["state"] == got["state"],
              words + f"{got['state']}, wanted {want['state']}")
    table.add("timeliness", same(want["timeliness"], got["timeliness"]),
              words + f"{got['timeliness']}, wanted {want['timeliness']}")
    due_right = same(want["due_on"], got["due_on"]) and \
        same(want["flagged"], bool(got["due_flags"]))
    table.add("deadline", due_right, words + f"{got['due_on']} {got['due_flags']}, wanted "
              f"{want['due_on']}{' flagged' if want['flagged'] else ''}")


def compare_withdrawn(table, truth, shown, order):
    place = {number: n for n, number in enumerate(order)}
    want = sorted((w["document"], w["lead"]) for w in truth["withdrawn"]
                  if place[w["reply"]] < place[w["assignment"]])
    got = sorted((truth["names"].get(t["document"]["document_id"]), t["lead"]) for t in shown)
    for one in set(want) | set(got):
        table.add("state", want.count(one) == got.count(one),
                  f"{one} withdrawn {got.count(one)} times, wanted {want.count(one)}")


def compare_suggestions(table, truth, shown):
    names = truth["names"]
    got = {names.get(s["reply"]["document_id"]):
           sorted({names.get(c["document_id"]) for c in s["candidates"]}) for s in shown}
    want = {s["reply"]: s["documents"] for s in truth["suggestions"]}
    for reply in sorted(set(got) | set(want)):
        table.add("suggestions", got.get(reply) == want.get(reply),
                  f"{reply}: {got.get(reply)}, wanted {want.get(reply)}")


# --- running ----------------------------------------------------------------------------


def take_in(gateway, truth, order, table):
    events, want = truth["events"], expected_outcomes(truth["events"], order)
    made = {}
    for run in pieces(events, order):
        for event in run:
            if event["fill"] is not None:
                gateway.fill(event["file"], made[event["fill"]])
        lines = gateway.feed(run[0]["arrived"], run[0]["carrier"], [e["file"] for e in run])
        if len(lines) != len(run):
            sys.exit(f"{len(run)} files gave {len(lines)} lines")
        for event, line in zip(run, lines):
            made[event["id"]] = line["tasks"]
            table.add("outcomes", line["outcome"] in want[event["id"]],
                      f"{event['file']}: {line['outcome']}, wanted {want[event['id']][0]} "
                      f"{line['error'] or ''}")


def play(program, history, truth, order, data):
    """Returns (table, ledger): the ledger is what must not depend on the order."""
    gateway, table = Gateway(program, history, data), Table()
    take_in(gateway, truth, order, table)
    tasks = gateway.call(truth["now"], "tasks", "--json")
    withdrawn = gateway.call(truth["now"], "tasks", "--state", "withdrawn", "--json")
    suggestions = gateway.call(truth["now"], "suggestions", "--json")
    pairs, extra = key_tasks(truth, tasks)
    by_id = {task["id"]: task for task in tasks}
    for want, got in pairs:
        compare_task(table, truth["names"], want, got)
        if got:
            compare_more(table, truth["names"], want, got, by_id, f"{want['documents']} "
                         f"{want['lead']} ({want['case']}) {got['id']}: ")
    for task in extra:
        table.add("state", False, f"{truth['names'].get(task['document']['document_id'])} "
                  f"{task['lead']} {task['id']}: nobody wanted this task")
    compare_withdrawn(table, truth, withdrawn, order)
    compare_suggestions(table, truth, suggestions)
    gateway.call(truth["now"], "verify", "--json")
    return table, ledger(truth, tasks)


def ledger(truth, tasks):
    """The tasks without what is given in order of arrival: row numbers, and which of a paper's
    names came first."""
    names, rows = truth["names"], []
    for task in tasks:
        by = task["closed_by"]
        rows.append(json.dumps([
            names.get(task["document"]["document_id"]), task["lead"], task["content"],
            task["state"], task["due_on"], task["due_flags"], task["timeliness"],
            task["completed_on"], sorted(task["flags"]),
            by and [names.get(by["document_id"]), by["rung"]]], ensure_ascii=False))
    return sorted(rows)


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def orders(given, history, truth, first, folder):
    """How many of the further orders end in the same ledger."""
    good = 0
    for number in range(given.orders):
        order = any_order(truth["events"], random.Random(given.seed * 1000 + number))
        table, other = play(given.program, history, truth, order, fresh(folder / "data"))
        differ = sorted(set(first) ^ set(other))
        good += not differ and table.holds("outcomes")
        for line in differ[:given.show] + [w for w in table.wrong if w.startswith("outcomes")
                                           ][:given.show]:
            print(f"order {number}: {line}")
    print(f"{'same ledger':20} {good:10} {given.orders:>10} {good:8} {given.orders:8}"
          f"{'' if good == given.orders else '  <- misses'}")
    return good == given.orders


def measure(given, folder):
    history = folder / "history"
    truth = generate.make(history, given.seed, given.documents, given.level)
    order = by_arrival(truth["events"], random.Random(given.seed))
    print(f"level {truth['level']}, seed {truth['seed']}: {truth['documents']} documents, "
          f"{len(truth['events'])} events, {len(truth['tasks'])} tasks; asked on {truth['now']}")
    table, first = play(given.program, history, truth, order, fresh(folder / "data"))
    for line in table.wrong[:given.show]:
        print(line)
    if given.keep:
        (folder / "differences.txt").write_text("\n".join(table.wrong) + "\n")
    table.print(sys.stdout)
    cases = collections.Counter(re.findall(r"^[^(]*\((\w[\w ]*)\)", "\n".join(table.wrong), re.M))
    if cases:
        print("differences by story: " + ", ".join(f"{c} {n}" for c, n in cases.most_common()))
    held = all(table.holds(row) for row in PROMISED)
    if given.orders:
        held = orders(given, history, truth, first, folder) and held
    return 0 if held else 1


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    words.add_argument("program", type=lambda p: str(pathlib.Path(p).resolve()))
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--documents", type=int, default=20000)
    words.add_argument("--level", type=int, choices=(2, 3), default=2)
    words.add_argument("--orders", type=int, default=0)
    words.add_argument("--show", type=int, default=20, help="differences shown")
    words.add_argument("--keep", type=pathlib.Path, help="leave history and ledger there")
    given = words.parse_args()
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
        return measure(given, given.keep)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # no disk to wait for
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        return measure(given, pathlib.Path(folder))


if __name__ == "__main__":
    sys.exit(main())
