"""Damaged files of six formats, ten thousand of each in a validation: each read or refused, none lost, none slow.

Every mutation has a seed of its own, its format and number ('calls 4711'), so that one that fails is made again alone.
"""

from __future__ import annotations

import random
import signal
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import reduce
from multiprocessing import get_context

import pytest

from tests.case.formats import TRANSFERS, post
from tests.ingest.banking.writer import camt
from tests.ingest.chats.test_whatsapp import ANDROID, IOS
from tests.ingest.phones.writer import MODELS, xml
from tests.ingest.tables.sheets import CALLS
from tests.ingest.test_chat import EXPORT
from tests.ingest.test_faults import mutated, survives
from tests.ingest.test_mail import letter
from tests.scale import times

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.validation]
TIMES, PIECE, PROCESSES = times(10_000, 500), 500, 2
HANG = 5.0
"""Seconds of CPU after which a read counts as a hang and is broken off."""
FORMATS: dict[str, tuple[str, str, tuple[bytes, ...]]] = {
    "chat-export": ("chats.txt", "chat-export", (EXPORT.encode(),)),
    "mail": ("letter.eml", "mail", (letter().as_bytes(), post()["post/papers.eml"])),
    "calls": ("calls.csv", "table", (CALLS.encode(),)),
    "whatsapp": ("WhatsApp Chat with Rosa.txt", "whatsapp", (ANDROID.encode(), IOS.encode())),
    "ufed": ("report.xml", "ufed", (xml(MODELS).encode(),)),
    "camt": ("statement.xml", "camt", (camt(TRANSFERS).encode(), camt(TRANSFERS, version="001.08", agent="BICFI").encode())),
}  # fmt: skip
"""Name of the file, its reader, and the sound files that are damaged. Every third is read as what it is taken for then."""


@dataclass(frozen=True)
class Outcome:
    """What became of some mutations."""

    read: int = 0
    refused: int = 0
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)

    def __add__(self, other: Outcome) -> Outcome:
        slowest, failures = max(self.slowest, other.slowest), self.failures + other.failures
        return Outcome(self.read + other.read, self.refused + other.refused, slowest, failures)


def mutation(kind: str, number: int) -> bytes:
    """The damaged file of this number."""
    sound = FORMATS[kind][2]
    return mutated(sound[number % len(sound)], random.Random(f"{kind} {number}"))


def one(kind: str, number: int) -> Outcome:
    """Read one damaged file."""
    name, reader, _ = FORMATS[kind]
    data, start = mutation(kind, number), time.process_time()
    signal.setitimer(signal.ITIMER_PROF, HANG)
    try:
        rows = survives(name, data, None if number % 3 == 0 else reader)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        return Outcome(failures=[f"{kind} {number}: {type(error).__name__}: {error}"[:500]])
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return Outcome(bool(rows), not rows, time.process_time() - start)


def some(kind: str, first: int) -> Outcome:
    """Read a piece of the mutations, in a process of its own."""
    return reduce(Outcome.__add__, (one(kind, number) for number in range(first, first + PIECE)))


def _hung(*_: object) -> None:
    raise TimeoutError(f"no end after {HANG} seconds of CPU")


def ready() -> None:
    """Have a process load what readers load at their first file, before time is measured."""
    for name, reader, sound in FORMATS.values():
        assert survives(name, sound[0], reader)
    warnings.simplefilter("error")
    signal.signal(signal.SIGPROF, _hung)


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), initializer=ready) as made:
        yield made


@pytest.mark.parametrize("kind", FORMATS)
def test_mutations(pool: ProcessPoolExecutor, kind: str) -> None:
    pieces = range(0, TIMES, PIECE)
    outcome = sum(pool.map(some, [kind] * len(pieces), pieces), Outcome())
    print(f"{kind}: {outcome.read:,} read, {outcome.refused:,} refused, slowest {outcome.slowest:.2f} s")
    assert outcome.failures == []
    assert outcome.read + outcome.refused == TIMES
    assert outcome.read > TIMES / 2, "what is refused before it is read proves nothing"
    assert outcome.slowest < HANG


def test_a_seed_makes_the_same_file_again() -> None:
    assert all(mutation(kind, 7) == mutation(kind, 7) != mutation(kind, 8) for kind in FORMATS)
