"""The message desk under load: messages a second on the full path, what each part costs, memory, and what the size of the case adds.

Run: python -m benchmarks.desk --size 1000. Traffic of four languages (datasets/make/traffic.py), its facts told on to about 150 words at
the median, comes by batches into a new case: parsed, filed with its audit entries, read for identifiers and names, given vectors, sorted,
categorised (`arrivals.take`, as `case.desk.take_in` does), checked, linked. Parts are timed in CPU seconds of the thread that does them;
vectors are computed in threads beside, so they have what is left of the process. `--filed` measures a look-up of links, of the inbox and
of one more message in cases of growing size; there messages are filed only, not read.
Figures are printed and kept in benchmarks/results/desk.json, the picture in docs/images/desk.svg.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks import picture
from benchmarks.keeping import keep, kept
from workbench.case.case import Case, open_case
from workbench.case.desk import arrivals, checking, filing, linking, mentions, sorting
from workbench.ledger import messages
from workbench.messages import Surroundings, check, from_json, to_json
from workbench.messages.category import SENTENCE
from workbench.messages.message import Correspondence

sys.path.insert(0, str(Path(__file__).parents[1] / "datasets" / "make"))
BATCH = arrivals.BATCH
SEED = 4711
LOOKS = 40
WORDS = 150
"""Words of the facts at the median, about."""
WARM = 60
"""Messages that are taken in before anything is timed: models, rules and lists are loaded once."""


class Watch:
    """Seconds by part: on the clock, and of the processor for the thread that does it."""

    def __init__(self) -> None:
        self.clock: defaultdict[str, float] = defaultdict(float)
        self.cpu: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Add what happens inside to a part."""
        clock, cpu = time.perf_counter(), time.thread_time()
        yield
        self.clock[name] += time.perf_counter() - clock
        self.cpu[name] += time.thread_time() - cpu


def traffic(size: int, words: int = WORDS) -> list[str]:
    """Messages as JSON, as they come; shorter facts go on with sentences of other messages in their language."""
    from bureaux.flow import traffic as made

    found = [(one.language, one.message) for one in made(SEED, size)][:size]
    said: defaultdict[str, list[str]] = defaultdict(list)
    for language, one in found:
        said[language] += (match[0].strip() for match in SENTENCE.finditer(one.summary_of_facts))
    more = {language: cycle(sentences) for language, sentences in said.items()}
    return [to_json(longer(one, words, more[language])) for language, one in found]


def longer(message: Correspondence, words: int, more: Iterator[str]) -> Correspondence:
    """A message whose first paragraph goes on until the facts have so many words."""
    first, *rest = message.summary_of_facts.split("\n")
    missing = words - len(message.summary_of_facts.split())
    while missing > 0 and first:
        sentence = next(more)
        first, missing = f"{first} {sentence}", missing - len(sentence.split())
    return replace(message, summary_of_facts="\n".join([first, *rest]))


def full_path(size: int) -> dict[str, object]:
    """Take messages in, part by part; figures for each batch and for all."""
    coming, watch, steps = traffic(size + WARM), Watch(), []
    with tempfile.TemporaryDirectory() as folder:
        case = open_case(Path(folder) / "case", officer="ada", purpose="benchmark")
        _take_in(case, coming[:WARM], Watch())
        coming = coming[WARM:]
        begun, cpu = time.perf_counter(), time.process_time()
        with case.book.ledger.steady():  # as for the messages of one file
            for at in range(0, size, BATCH):
                _take_in(case, coming[at : at + BATCH], watch)
                spent, used = time.perf_counter() - begun, time.process_time() - cpu
                steps.append({"filed": min(at + BATCH, size), "seconds": spent, "CPU seconds": used, "mb": memory()})
                sys.stdout.write(f"{steps[-1]}\n")
                sys.stdout.flush()
        case.close()
    watch.cpu["vectors"] = used - sum(watch.cpu.values())
    return {
        "messages": size, "words at the median": statistics.median(map(_words, coming)), "per second": size / spent,
        "per CPU second": size / used, "batches": steps,
        "ms of CPU by part": {name: 1000 * one / size for name, one in watch.cpu.items()},
        "ms by part": {name: 1000 * one / size for name, one in watch.clock.items()},
    }  # fmt: skip


def _words(text: str) -> int:
    return len(from_json(text).summary_of_facts.split())


def _take_in(case: Case, texts: Sequence[str], watch: Watch) -> None:
    book = case.book
    with watch.part("parse"):
        read = [from_json(text) for text in texts]
    with watch.part("store and audit"), book.ledger.together():
        keys = [filing.file(book, one, direction="incoming") for one in read]
    with watch.part("extract, sort, categorise"):
        arrivals.take(book, keys)
    with watch.part("check"):
        around = Surroundings(
            sent=checking.sent(book),
            references=frozenset(one.our_ref for one in messages.listed(book.ledger, keys)),
            reader=mentions,
        )
        for one in read:
            check(one, around)
    with watch.part("link"):
        for key, one in zip(keys, read, strict=True):
            linking.links(book, one, key)


def growing(sizes: Sequence[int]) -> list[dict[str, float]]:
    """What a look-up costs in cases of so many messages, in milliseconds of CPU."""
    coming, rows = list(map(from_json, traffic(sizes[-1] + LOOKS * len(sizes)))), []
    with tempfile.TemporaryDirectory() as folder:
        case = open_case(Path(folder) / "case", officer="ada", purpose="benchmark")
        done = 0
        for size in sizes:
            for at in range(done, size, BATCH):
                _filed(case, coming[at : min(at + BATCH, size)])
            done = size
            rows.append({"filed": float(size), **_looked_up(case, coming[size : size + LOOKS])})
            sys.stdout.write(f"{rows[-1]}\n")
            sys.stdout.flush()
        case.close()
    return rows


def _filed(case: Case, new: Sequence[Correspondence]) -> None:
    with case.book.ledger.together():
        for one in new:
            filing.file(case.book, one, direction="incoming")


def _looked_up(case: Case, new: Sequence[Correspondence]) -> dict[str, float]:
    filed = messages.listed(case.book.ledger)
    sorting.read(case.book, filed)
    sorting.categories(case.book, filed[:1])
    return {
        "file one more": timed(lambda: _filed(case, new)) / len(new),
        "first question after it": timed(lambda: messages.listed(case.book.ledger, [])),
        "links of one": timed(lambda: [linking.links(case.book, one) for one in new]) / len(new),
        "inbox, first time": timed(case.desk.inbox),
        "inbox, again": timed(case.desk.inbox),
        "mb": memory(),
    }


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of CPU."""
    begun = time.process_time()
    work()
    return 1000 * (time.process_time() - begun)


def memory() -> float:
    """Most memory that the process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure, print, keep and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--size", type=int, default=1000, help="messages on the full path (0: leave it out)")
    parser.add_argument("--filed", type=int, nargs="*", default=[], help="sizes of cases, growing")
    options = parser.parse_args()
    found: dict[str, Any] = kept("desk")
    if options.size:
        found["full path"] = full_path(options.size)
    if options.filed:
        found["by size"] = growing(sorted(options.filed))
    for name, value in found.items():
        sys.stdout.write(f"{name}: {value}\n")
    keep("desk", found)
    picture.desk(found)


if __name__ == "__main__":
    main()
