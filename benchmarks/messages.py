"""Rules of the message desk on generated traffic: planted defects that are found, alarms that are false, CPU time of a check.

``python -m benchmarks.messages --seed 901`` makes traffic (datasets/make/traffic.py) and checks each message as its sender would on
that day: against the messages that its bureau sent before, the references that it has received, closed countries and hashes of files.
Words of special categories are read by the workbench's own lists; which places no list has is told by the generator, since all of
its places are invented. A rule counts once a message. What the figures say is how the rules fare on texts of the generator's author:
other people word things otherwise.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from workbench.extract.special_categories import build_flag_method
from workbench.messages import Fault, Mention, Surroundings, check
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_json import from_dict
from workbench.messages.model.sent_messages import SentMessages
from workbench.model.rows import Passage

sys.path.insert(0, str(Path(__file__).parents[1] / "datasets" / "make"))


@dataclass(frozen=True)
class Checked:
    """A message, its row of the truth, what the check found, and the CPU seconds that it took."""

    message: Correspondence
    truth: dict[str, Any]
    faults: list[Fault]
    seconds: float


def checked(seed: int, size: int) -> Iterator[Checked]:
    """Each message of generated traffic, checked in the order in which they are sent."""
    from traffic import files

    made = files(seed, size)
    world = json.loads(made["surroundings.json"])
    read = reader(world["unknown places"])
    treaties = frozenset(map(frozenset, world["treaties"]))
    sent, known = defaultdict[str, SentMessages](SentMessages), defaultdict[str, set[str]](set)
    for line, row in zip(made["messages.jsonl"].splitlines(), made["truth.jsonl"].splitlines(), strict=True):
        message, truth = from_dict(json.loads(line)), json.loads(row)
        around = Surroundings(
            now=datetime.fromisoformat(truth["sent_at"]),
            sent=sent[truth["sender"]],
            references=frozenset(known[truth["sender"]]),
            restricted=frozenset(world["restricted"]),
            hashes=world["hashes"],
            reader=read,
            treaties=treaties,
            withdrawn=tuple(map(tuple, world["withdrawn"])),
        )
        begun = time.process_time()
        faults = check(message, around)
        yield Checked(message, truth, faults, time.process_time() - begun)
        sent[truth["sender"]].add(message)
        for bureau in message.to:
            known[bureau[:2]].add(message.our_ref)


def reader(unplaced: list[str]) -> Any:  # noqa: ANN401
    """Finds words of special categories, and places that no list has."""
    method = build_flag_method()

    def read(text: str) -> list[Mention]:
        passage = Passage(id="draft", document_id="draft", number=0, text=text)
        special = [
            Mention(one.prop, one.start, one.end, text[one.start : one.end]) for one in method.extract([passage])
        ]
        places = [(name, text.find(name)) for name in unplaced if name in text]
        return [*special, *(Mention("unknown place", at, at + len(name), name) for name, at in places)]

    return read


@dataclass(frozen=True)
class Score:
    """Rules by message: found rightly, missed, and raised where nothing was planted; and faults found in the right field."""

    right: Counter[str]
    missed: Counter[str]
    false: Counter[str]
    placed: int

    @property
    def recall(self) -> float:
        """Share of the planted defects whose rule spoke up."""
        return self.right.total() / (self.right.total() + self.missed.total())

    @property
    def precision(self) -> float:
        """Share of the rules that spoke up where they were broken."""
        return self.right.total() / (self.right.total() + self.false.total())


def score(seen: list[Checked]) -> Score:
    """How the rules fared."""
    right, missed, false, placed = Counter[str](), Counter[str](), Counter[str](), 0
    for one in seen:
        found, broken = {fault.rule.id for fault in one.faults}, set(one.truth["broken"])
        right.update(found & broken)
        missed.update(broken - found)
        false.update(found - broken)
        where = {fault.field for fault in one.faults if fault.rule.id in broken}
        placed += any(place.startswith(one.truth["field"]) or one.truth["field"].startswith(place) for place in where)
    return Score(right, missed, false, placed)


def main() -> None:
    """Print the score and the cost by language."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=901)
    parser.add_argument("--size", type=int, default=2400)
    options = parser.parse_args()
    seen = list(checked(options.seed, options.size))
    got = score(seen)
    print(f"{len(seen):,} messages, {len(got.right)} rules planted, {got.right.total() + got.missed.total():,} defects")
    print(f"recall {got.recall:.4f}, precision {got.precision:.4f}, in the right field {got.placed}")
    print("missed:", dict(got.missed), "false:", dict(got.false))
    for code in ("en", "fr", "es", "ar"):
        mine = [one for one in seen if one.truth["language"] == code]
        words = sorted(len(one.message.summary_of_facts.split()) for one in mine)[len(mine) // 2]
        print(
            f"{code}: {1000 * sum(one.seconds for one in mine) / len(mine):.2f} CPU ms a message, {words} words at the median"
        )


if __name__ == "__main__":
    main()
