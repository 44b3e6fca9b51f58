"""What a case does all day, as a process that can be killed: receive, judge, erase, pack, take in. Run as a program it is the
warm parent, which forks a worker for each line of orders.

A worker says on one line each what it begins and what it has done; all that it has said to be done must survive it.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

KINDS = ("ingest", "judge", "erase", "pack", "import")
PARTS, PASSAGES, PAIRS, CALLS = 40, 3, 25, 60
"""Paragraphs of a note, passages in which they are kept, pairs of a judgement, rows of a table."""
REGION = {"region": "GB"}


def marker(number: int) -> str:
    """A word that only the note of this number holds."""
    return f"Zanzibar{number:06}"


def files(folder: Path, number: int) -> Path:
    """Write a note and a table of calls; returns their folder."""
    made = folder / f"in-{number}"
    made.mkdir(parents=True)
    note = "\n\n".join(f"Item {part} of {marker(number)} has crane {number}x{part}." for part in range(PARTS))
    (made / f"{number}-note.txt").write_text(note, "utf-8")
    rows = (
        f"0770090{number % 10_000:04};0770090020{n % 10};2024-03-0{n % 9 + 1}T10:00:00;{number}" for n in range(CALLS)
    )
    head = "calling number;called number;start time;duration"
    (made / f"{number}-calls.csv").write_text("\n".join([head, *rows, ""]), "utf-8")
    return made


class Worker:
    """Works on two cases, that of ada and that of bo, until it is killed or has nothing to do."""

    def __init__(self, folder: Path, officers: Mapping[str, object], order: Mapping[str, object]) -> None:
        from workbench.case.case import open_case

        self.folder, self.bo = folder, officers["bo"]
        self.number = int(str(order["number"]))
        self.dice = random.Random(self.number)
        self.sources, self.packages = list(order["sources"]), list(order["packages"])  # type: ignore[call-overload]
        self.mine = open_case(folder / "ada", officer=officers["ada"], purpose="training")  # type: ignore[arg-type]
        self.theirs = open_case(folder / "bo", officer=officers["bo"], purpose="training")  # type: ignore[arg-type]

    def work(self, rounds: int) -> None:
        """All five in an order of chance, again and again."""
        for _ in range(rounds):
            for kind in self.dice.sample(KINDS, len(KINDS)):
                step: Callable[[], str] | None = getattr(self, f"_{kind}")()
                if step is None:
                    continue
                say("begin", kind, self.number)
                begun = time.monotonic()
                told = step()
                say("done", kind, f"{time.monotonic() - begun:.6f}", told)

    def _ingest(self) -> Callable[[], str]:
        self.number += 1
        number, made = self.number, files(self.folder, self.number)

        def step() -> str:
            self.mine.add(made, options=REGION)
            self.sources += (names := [f"{number}-note.txt", f"{number}-calls.csv"])
            return " ".join(names)

        return step

    def _judge(self) -> Callable[[], str]:
        import pandas as pd

        self.number += 1
        because = f"judgement-{self.number}"
        pairs = pd.DataFrame(
            {"left_id": [f"person-a{n}" for n in range(PAIRS)], "right_id": [f"person-b{n}" for n in range(PAIRS)]}
        )

        def step() -> str:
            self.mine.judgements.judge(pairs, same=self.dice.choice((True, False, None)), because=because)
            return because

        return step

    def _erase(self) -> Callable[[], str] | None:
        if len(self.sources) < 4:
            return None
        name = self.sources.pop(self.dice.randrange(len(self.sources)))
        say("naming", "erase", name)

        def step() -> str:
            self.mine.privacy.erase(name, because="request 7", sure=True)
            return str(name)

        return step

    def _pack(self) -> Callable[[], str] | None:
        from workbench.identity import TrustList

        if not self.sources:
            return None
        chosen = self.dice.sample(self.sources, min(3, len(self.sources)))

        def step() -> str:
            to = [self.bo.card]  # type: ignore[attr-defined]
            path = self.mine.packages.pack(
                to=to, reason="joint", what=chosen, trust=TrustList(), clearance="EXERCISE", unknown_addressee="known"
            )
            self.packages.append(path.name)
            return path.name

        return step

    def _import(self) -> Callable[[], str] | None:
        from workbench.case.packages.preview import open_package
        from workbench.identity import TrustList

        if not self.packages:
            return None
        path = self.folder / "ada" / "outbox" / self.packages.pop(0)

        def step() -> str:
            with open_package(path, officer=self.bo, trust=TrustList()) as package:  # type: ignore[arg-type]
                package.add_to(self.theirs, unknown_sender=True)
            return path.name

        return step


def say(*words: object) -> None:
    """One line on the standard output, whole or not at all."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def child(folder: Path, officers: Mapping[str, object], order: Mapping[str, object]) -> None:
    """Be a worker; at the end tell which modules it took, for the parent to have them before the next one is born."""
    worker = Worker(folder, officers, order)
    say("ready", os.getpid())
    worker.work(int(str(order["rounds"])))
    worker.mine.close()
    worker.theirs.close()
    (folder / "modules.json").write_text(json.dumps(sorted(sys.modules)))


def main(folder: Path) -> None:
    """Fork a worker for each order; say how it ended."""
    from workbench import identity
    from workbench.model import schema

    schema.load_vocabulary()
    officers = {
        "ada": identity.create_temporary("ada", bureau="NCB Valdora", country="QM"),
        "bo": identity.create_temporary("bo", bureau="NCB Nordreich", country="QN"),
    }
    for line in sys.stdin:
        modules = folder / "modules.json"
        for name in json.loads(modules.read_text()) if modules.exists() else ():
            if name.startswith(("workbench.", "pyarrow.", "duckdb", "pandas.", "cryptography.")):
                with suppress(ImportError):
                    importlib.import_module(name)
        modules.unlink(missing_ok=True)
        worker = os.fork()
        if not worker:
            os.dup2(os.open(folder / "errors.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
            child(folder, officers, json.loads(line))
            os._exit(0)
        say("ended", os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
