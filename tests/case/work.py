"""Work that several threads do at once in one case, and what has to be the same as if one had done it after the other."""

from __future__ import annotations

import faulthandler
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from workbench.case.case import Case

Step = Callable[[Case, int], object]
PERSONS = ("Marta Oliveira", "Karl Brandt", "Lena Novak", "Ada Brook")
ROWS = {
    "sources": "sha256, name, size, officer", "documents": "id, title", "passages": "id, document_id, number, text",
    "notes": "id, kind, text, officer", "judgements": "left_id, right_id, judgement, officer, because",
    "terms": "target_kind, target_id, facet, value, officer, because",
    "runs": "id, kind, state, source, method",
}  # fmt: skip
"""Tables, and their columns that do not tell when something was said nor in which order."""


def write(folder: Path, files: int, paragraphs: int = 12) -> Path:
    """Write reports of persons below a folder; returns where they lie."""
    folder.mkdir(parents=True)
    for number in range(files):
        said = (
            f"Report {folder.name}-{number}-{at}: {PERSONS[(number + at) % 4]} met {PERSONS[at % 3]} at the harbour of Cascais and"
            f" called +44 7700 9{number % 100:02}{at % 1000:03}."
            for at in range(paragraphs)
        )
        (folder / f"{folder.name}-{number:03}.txt").write_text("\n\n".join(said), "utf-8")
    (folder / "persons.csv").write_text("name,birth date\n" + "".join(f"{name},1980-01-01\n" for name in PERSONS))
    return folder


def note(case: Case, number: int) -> object:
    return case.review.note(f"note {number}")


def judge(case: Case, number: int) -> object:
    return case.context.ledger.judge([("person-a", f"person-{number}")], "same", f"seen {number}")


def mark(case: Case, number: int) -> object:
    return case.handling.mark([f"first-{number % 3:03}.txt"], conditions=[f"condition {number}"], because="as asked")


def search(case: Case, number: int) -> object:
    return case.search(("harbour", "Marta", "called")[number % 3])


def graph(case: Case, _: int) -> object:
    return case.graph()


def extract(case: Case, _: int) -> object:
    return case.extract()


def look(case: Case, _: int) -> object:
    return case.documents(), case.evidence.list(), case.review.notes(), repr(case)


def together(works: Mapping[str, Callable[[], object]], patience: float = 120) -> dict[str, float]:
    """Do all of this at once, each in a thread of its own; how long each took.

    Raises
    ------
    AssertionError
        Where one fails, or is not done in so many seconds: then the stacks of all threads are printed.
    """
    failed: list[str] = []
    took: dict[str, float] = {}

    def run(name: str, work: Callable[[], object]) -> None:
        start = time.monotonic()
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told below, with the thread
            cause = "".join(traceback.format_exception(error))
            failed.append(f"{name}: {cause[-3000:]}")
        took[name] = time.monotonic() - start

    threads = [threading.Thread(target=run, args=pair, name=pair[0], daemon=True) for pair in works.items()]
    for one in threads:
        one.start()
    end = time.monotonic() + patience
    for one in threads:
        one.join(max(0.0, end - time.monotonic()))
    left = [one.name for one in threads if one.is_alive()]
    if left:
        faulthandler.dump_traceback(file=sys.__stderr__, all_threads=True)
    assert not left, f"not done after {patience} s: {left}; failed: {failed}"
    assert not failed, "\n".join(failed)
    return took


def repeated(case: Case, step: Step, numbers: Sequence[int]) -> Callable[[], None]:
    """A step for each number."""

    def work() -> None:
        for number in numbers:
            step(case, number)

    return work


def rows(case: Case) -> dict[str, list[tuple[object, ...]]]:
    """What the tables of ROWS hold, in an order that does not tell which thread was first."""
    sql = case.context.ledger.connection
    return {
        table: sorted(sql.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)
        for table, columns in ROWS.items()
    }


def sound(case: Case) -> bool:
    """Whether the log and all files are as they have to be."""
    return set(case.log.verify()["state"]) <= {"ok", "not checked"}
