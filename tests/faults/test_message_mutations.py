"""Damaged files of traffic in eight formats, ten thousand of each in a validation: a message or a reason, none lost, none slow.

Every mutation has a seed of its own, its format and number ('telex 4711'), so that one that fails is made again alone.
"""

from __future__ import annotations

import json
import random
import signal
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import reduce
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.faults.test_mutations import HANG, PIECE, PROCESSES, TIMES, Outcome
from tests.ingest.registers.test_notices import RED, UN, YELLOW
from tests.ingest.test_faults import mutated
from tests.messages import styles
from workbench.case.case import Case, open_case
from workbench.case.desk.imports import traffic_import
from workbench.case.files.traffic import traffic_formats
from workbench.case.files.traffic.message_transfer import NOTHING
from workbench.errors import SourceError
from workbench.ingest import SourceFile
from workbench.messages import from_json, to_json
from workbench.messages.model.message_json import from_dict
from workbench.messages.rules.rule_check import load_samples
from workbench.model.ids import compute_sha256

OURS = [to_json(from_dict(data)) for data in load_samples().values()]
REGISTER = styles.TABLE.partition("\n")[2] + "".join(
    f"XC-{n};XC-NCB;XA-NCB;13/03/2026;VOL;MENSAH;Efua;vert;Le 4 mars.\n" for n in range(9)
)
FORMATS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "ours": ("message.json", tuple(text.encode() for text in OURS)),
    "lines": ("messages.jsonl", ("\n".join(" ".join(text.split("\n")) for text in OURS).encode(),)),
    "objects": ("objects.json", (styles.OBJECTS.encode(),)),
    "notices": ("notices.json", (json.dumps({"total": 3, "_embedded": {"notices": [RED, YELLOW, UN]}}).encode(), json.dumps(RED).encode())),
    "letter": ("letter.eml", (styles.letter().as_bytes(),)),
    "box": ("box.mbox", (styles.box(),)),
    "register": ("register.csv", (REGISTER.encode(), REGISTER.encode("utf-16"))),
    "telex": ("telex.txt", tuple(text.encode() for text in styles.FORMS.values())),
}  # fmt: skip
"""Name of the file, and the sound files that are damaged."""


def mutation(kind: str, number: int) -> bytes:
    """The damaged file of this number."""
    sound = FORMATS[kind][1]
    return mutated(sound[number % len(sound)], random.Random(f"{kind} {number}"))


def survives(name: str, data: bytes) -> int:
    """Read a file; how many messages it gave. What is none has a reason, what is one is whole, and there is one or the other."""
    source = SourceFile(Path("/nowhere"), "0" * 64, name, data)
    try:
        pieces = list(traffic_formats.read_messages(source))
    except SourceError as error:
        assert len(str(error)) > 20  # noqa: PT017 - either messages or a reason
        return 0
    for piece in pieces:
        message = piece.taken.message
        assert (message is None) == bool(piece.taken.reason)
        assert message is None or from_json(to_json(message)) == message
    return sum(piece.taken.message is not None for piece in pieces)


def one(kind: str, number: int) -> Outcome:
    """Read one damaged file."""
    data, start = mutation(kind, number), time.process_time()
    signal.setitimer(signal.ITIMER_PROF, HANG)
    try:
        found = survives(FORMATS[kind][0], data)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        return Outcome(failures=[f"{kind} {number}: {type(error).__name__}: {error}"[:500]])
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return Outcome(bool(found), not found, time.process_time() - start)


def some(kind: str, first: int) -> Outcome:
    """Read a piece of the mutations, in a process of its own."""
    return reduce(Outcome.__add__, (one(kind, number) for number in range(first, first + PIECE)))


def _hung(*_: object) -> None:
    raise TimeoutError(f"no end after {HANG} seconds of CPU")


def ready() -> None:
    """Have a process load what readers load at their first file, before time is measured."""
    for name, sound in FORMATS.values():
        assert survives(name, sound[0])
    warnings.simplefilter("error")
    signal.signal(signal.SIGPROF, _hung)


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), initializer=ready) as made:
        yield made


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.validation
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", FORMATS)
def test_mutations(pool: ProcessPoolExecutor, kind: str) -> None:
    pieces = range(0, TIMES, PIECE)
    outcome = sum(pool.map(some, [kind] * len(pieces), pieces), Outcome())
    print(f"{kind}: {outcome.read:,} with messages, {outcome.refused:,} refused, slowest {outcome.slowest:.2f} s")
    assert outcome.failures == []
    assert outcome.read + outcome.refused == TIMES
    assert outcome.read > TIMES / 20, "what is refused before it is read proves nothing"


@pytest.mark.parametrize("kind", FORMATS)
def test_the_sound_files_are_read_and_a_seed_makes_the_same_file_again(kind: str) -> None:
    name, sound = FORMATS[kind]
    assert all(survives(name, data) for data in sound)
    assert mutation(kind, 7) == mutation(kind, 7) != mutation(kind, 8)


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = open_case(tmp_path / "case", officer="ada", purpose="training")
    yield made
    made.close()


@pytest.mark.faults
@pytest.mark.slow
def test_damaged_files_are_filed_or_quarantined_and_kept(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for kind, (name, _) in FORMATS.items():
        for number in range(25):
            (folder / f"{kind}-{number}{Path(name).suffix}").write_bytes(mutation(kind, number))
    made = traffic_import.take_in(case.context, folder, NOTHING)
    assert set(made["file"]) == {file.name for file in folder.iterdir()}
    assert set(made["state"]) <= {"filed", "known", "quarantined"}
    assert (made.loc[made["state"] == "quarantined", "why"] != "").all()
    assert all(case.context.folder.get_source_path(compute_sha256(file)).exists() for file in folder.iterdir())
    told = set(case.sources.issues().query("code == 'no-message'")["source_name"])
    assert set(made.loc[made["state"] == "quarantined", "file"]) <= told
