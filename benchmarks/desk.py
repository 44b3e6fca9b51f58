"""The message desk under load: messages a second on the full path, what each part costs, memory, and what the size of the case adds.

Run: python -m benchmarks.desk --size 1000. Traffic of four languages (datasets/make/traffic.py), about 107 words at the median, is taken in
by batches into a new case: parsed, checked, filed with its audit entry, read for identifiers and names, given vectors, categorised,
sorted, linked. Each part is timed in CPU seconds of the whole process and in seconds on the clock. `--filed` measures a look-up of links,
of the inbox and of one more message in cases of growing size; there messages are filed only, not read.
Figures are printed and kept in benchmarks/results/desk.json.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.keeping import keep
from workbench.case.case import Case, open_case
from workbench.case.desk import arrivals, checking, filing, linking, mentions, sorting
from workbench.ledger import messages
from workbench.messages import Surroundings, check, from_json, to_json
from workbench.messages.message import Correspondence

sys.path.insert(0, str(Path(__file__).parents[1] / "datasets" / "make"))
BATCH = 100
SEED = 4711
LOOKS = 40


class Watch:
    """Seconds by part: on the clock and of the processor."""

    def __init__(self) -> None:
        self.clock: defaultdict[str, float] = defaultdict(float)
        self.cpu: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Add what happens inside to a part."""
        clock, cpu = time.perf_counter(), time.process_time()
        yield
        self.clock[name] += time.perf_counter() - clock
        self.cpu[name] += time.process_time() - cpu


def traffic(size: int) -> list[str]:
    """Messages as JSON, as they come."""
    from bureaux.flow import traffic as made

    return [to_json(one.message) for one in made(SEED, size)][:size]


def full_path(size: int) -> dict[str, object]:
    """Take messages in, part by part; figures for each batch and for all."""
    coming, watch, steps = traffic(size), Watch(), []
    with tempfile.TemporaryDirectory() as folder:
        case = open_case(Path(folder) / "case", officer="ada", purpose="benchmark")
        warm(case)
        begun, cpu = time.perf_counter(), time.process_time()
        for at in range(0, size, BATCH):
            _take_in(case, coming[at : at + BATCH], watch)
            steps.append({"filed": min(at + BATCH, size), "seconds": time.perf_counter() - begun, "mb": memory()})
        spent, used = time.perf_counter() - begun, time.process_time() - cpu
        case.close()
    return {
        "messages": size, "per second": size / spent, "per CPU second": size / used, "batches": steps,
        "ms of CPU by part": {name: 1000 * one / size for name, one in watch.cpu.items()},
        "ms by part": {name: 1000 * one / size for name, one in watch.clock.items()},
    }  # fmt: skip


def warm(case: Case) -> None:
    """Load the models, which is paid once."""
    for text in (
        "Erik Halvorsen was seen in Lyon at noon.",
        "Le container quitte le port vendredi soir avec Erik Halvorsen.",
    ):
        mentions(text)
    encode = sorting.encoder()
    if encode:
        encode(["A first text."])
    case.extract()


def _take_in(case: Case, texts: Sequence[str], watch: Watch) -> None:
    book = case.book
    with watch.part("parse"):
        read = [from_json(text) for text in texts]
    with watch.part("check"):
        around = Surroundings(
            sent=checking.sent(book),
            references=frozenset(one.our_ref for one in messages.listed(book.ledger)),
            reader=mentions,
        )
        for one in read:
            check(one, around)
    with watch.part("store and audit"):
        keys = [filing.file(book, one, direction="incoming") for one in read]
    with watch.part("extract and vectors"):
        arrivals.read(book, keys)
    filed = messages.listed(book.ledger, keys)
    with watch.part("sort"):
        sorting.read(book, filed)
    with watch.part("categorise"):
        sorting.categories(book, filed)
    with watch.part("link"):
        for key, one in zip(keys, read, strict=True):
            linking.links(book, one, key)


def growing(sizes: Sequence[int]) -> list[dict[str, float]]:
    """What a look-up costs in cases of so many messages, in milliseconds on the clock."""
    coming, rows = list(map(from_json, traffic(sizes[-1] + LOOKS * len(sizes)))), []
    with tempfile.TemporaryDirectory() as folder:
        case = open_case(Path(folder) / "case", officer="ada", purpose="benchmark")
        done = 0
        for size in sizes:
            for one in coming[done:size]:
                filing.file(case.book, one, direction="incoming")
            done = size
            rows.append({"filed": float(size), **_looked_up(case, coming[size : size + LOOKS])})
            sys.stdout.write(f"{rows[-1]}\n")
        case.close()
    return rows


def _looked_up(case: Case, new: Sequence[Correspondence]) -> dict[str, float]:
    filed = messages.listed(case.book.ledger)
    first = timed(lambda: sorting.read(case.book, filed))
    sorting.categories(case.book, filed[:1])
    return {
        "read for sorting, a message": first / len(filed),
        "file one more": timed(lambda: [filing.file(case.book, one, direction="incoming") for one in new]) / len(new),
        "links of one": timed(lambda: [linking.links(case.book, one) for one in new]) / len(new),
        "inbox, first time": timed(case.desk.inbox),
        "inbox, again": timed(case.desk.inbox),
        "mb": memory(),
    }


def timed(work: Callable[[], object]) -> float:
    """Milliseconds on the clock."""
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


def memory() -> float:
    """Most memory that the process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--size", type=int, default=1000, help="messages on the full path (0: leave it out)")
    parser.add_argument("--filed", type=int, nargs="*", default=[], help="sizes of cases, growing")
    options = parser.parse_args()
    found: dict[str, object] = {"full path": full_path(options.size)} if options.size else {}
    if options.filed:
        found["by size"] = growing(sorted(options.filed))
    for name, value in found.items():
        sys.stdout.write(f"{name}: {value}\n")
    keep("desk", found)


if __name__ == "__main__":
    main()
