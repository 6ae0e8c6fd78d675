#!/usr/bin/env python3
"""Make a labelled history of a year in an invented province, from a seed.

    generate.py FOLDER [--seed N] [--documents N] [--level 2|3]

FOLDER gets in/ (one file an event), organs.yaml, adapters.yaml, and truth.json: the events with the
day each arrives and the outcome it must have, and the tasks and suggestions that must stand at the
end. The truth comes from the stories, written from docs/rules.md; no gateway is asked.
"""
import argparse
import json
import pathlib

import stories
import stories3
import world
from history import History

LEVEL3 = """\
  answers_proposals: ["H99"]
  rules:
    - {type: "Tờ trình", working_days: 7}
"""

ADAPTERS = """\
site: H99
organs: organs.yaml
calendar: calendar.yaml
policy:
  steering: "012"
%sadapters:
  - name: eoffice
    type: spool
    direction: in
    format: event
    path: spool/eoffice
  - name: axis
    type: spool
    direction: in
    format: edxml
    path: spool/axis
"""


def calendar():
    """The days off that the stories count with, as decreed."""
    lines = ["years:"]
    for year in (2025, 2026):
        off = ", ".join(day.isoformat() for day in sorted(stories3.OFF) if day.year == year)
        lines.append(f"  {year}: {{off: [{off}], work: []}}")
    return "\n".join(lines) + "\n"


def make(folder, seed, documents, level):
    h = History(seed, level)
    stories.tell(h, documents, stories.STORIES + (stories3.STORIES if level == 3 else []))
    (folder / "in").mkdir(parents=True, exist_ok=True)
    (folder / "organs.yaml").write_text(world.yaml_organs())
    (folder / "adapters.yaml").write_text(ADAPTERS % (LEVEL3 if level == 3 else ""))
    (folder / "calendar.yaml").write_text(calendar())
    for event in h.events:
        (folder / "in" / event["file"]).write_bytes(event.pop("data"))
    truth = {"seed": seed, "level": level, "documents": h.docs, "now": world.NOW.isoformat(),
             "events": h.events, "tasks": h.tasks, "suggestions": h.suggestions,
             "names": h.names, "withdrawn": h.withdrawn}
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False))
    return truth


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    words.add_argument("folder", type=pathlib.Path)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--documents", type=int, default=20000)
    words.add_argument("--level", type=int, choices=(2, 3), default=2)
    given = words.parse_args()
    truth = make(given.folder, given.seed, given.documents, given.level)
    print(f"{truth['documents']} documents, {len(truth['events'])} events, "
          f"{len(truth['tasks'])} tasks")


if __name__ == "__main__":
    main()
