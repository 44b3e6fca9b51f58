"""The message desk under load: messages a second on the full path, what each part costs, memory, and what the size of the case adds.

Run: python -m benchmarks.desk --size 1000. Traffic of four languages (datasets/make/traffic.py), its facts told on to about 150 words at
the median, comes by batches into a new case: parsed, filed with its audit entries, read for identifiers and names, given vectors, sorted,
categorised (`processing.reading`, as in `case.desk.imports.add`), checked, linked. Parts are timed in CPU seconds of the thread that does
them; vectors are computed in threads beside, so they have what is left of the process. `--filed` measures a look-up of links, of the
inbox and of one more message in cases of growing size: as many as the first size says are filed, the others are copies of their rows.
Each figure is printed as soon as it is known, and kept in benchmarks/results/desk.json; the picture is docs/images/desk.svg. There is one
process, so its memory is all of it.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import cycle, product
from pathlib import Path
from typing import Any

from benchmarks import picture
from benchmarks.keeping import keep, kept
from workbench.case.case import Case, open_case
from workbench.case.desk import find_mentions
from workbench.case.desk.inbox import processing, triage
from workbench.case.desk.messages import cross_references, filing, validation
from workbench.ledger.records import messages
from workbench.messages import Surroundings, check, from_json, to_json
from workbench.messages.model.message import Correspondence
from workbench.messages.triage.category import SENTENCE

sys.path.insert(0, str(Path(__file__).parents[1] / "datasets" / "make"))
BATCH = processing.BATCH
SEED = 4711
LOOKS = 40
WORDS = 150
"""Words of the facts at the median, about."""
WARM = 200
"""Messages that are taken in before anything is timed: models, rules and lists are loaded once."""


class Watch:
    """Seconds by part: on the clock, and of the processor for the thread that does it."""

    def __init__(self) -> None:
        self.clock: defaultdict[str, float] = defaultdict(float)
        self.cpu: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Add what happens inside to a part, less what belongs to a part within it."""
        clock, cpu, others = time.perf_counter(), time.thread_time(), (sum(self.clock.values()), sum(self.cpu.values()))
        yield
        self.clock[name] += time.perf_counter() - clock - (sum(self.clock.values()) - others[0])
        self.cpu[name] += time.thread_time() - cpu - (sum(self.cpu.values()) - others[1])


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
        list(_taken_in(case, coming[:WARM], Watch()))
        coming = coming[WARM:]
        begun, cpu = time.perf_counter(), time.process_time()
        with case.context.ledger.hold_filter():  # as for the messages of one file
            for done in _taken_in(case, coming, watch):
                spent, used = time.perf_counter() - begun, time.process_time() - cpu
                steps.append({"filed": done, "seconds": spent, "CPU seconds": used, "mb": memory()})
                told(
                    f"{done:>7,} of {size:,}: {done / spent:5.1f} a second, {used / spent:4.2f} processors, {memory():,.0f} MB"
                )
        case.close()
    watch.cpu["vectors"] = used - sum(watch.cpu.values())
    return {
        "messages": size, "words at the median": statistics.median(map(_words, coming)), "per second": size / spent,
        "per CPU second": size / used, "processors used": used / spent, "batches": steps,
        "ms of CPU by part": {name: 1000 * one / size for name, one in watch.cpu.items()},
        "ms by part": {name: 1000 * one / size for name, one in watch.clock.items()},
    }  # fmt: skip


def _taken_in(case: Case, texts: Sequence[str], watch: Watch) -> Iterator[int]:
    """Take messages in by batches; how many are done, after each."""
    coming = dict[str, Correspondence]()

    def filed() -> Iterator[list[str]]:
        for at in range(0, len(texts), BATCH):
            with watch.part("parse"):
                read = [from_json(text) for text in texts[at : at + BATCH]]
            with watch.part("store and audit"), case.context.ledger.group_transactions():
                keys = [filing.file_message(case.context, one, direction="incoming") for one in read]
            coming.update(zip(keys, read, strict=True))
            yield keys

    done, batches = 0, processing.read_batches(case.context, filed())
    while batch := _next(batches, watch):
        _looked_at(case, {key: coming.pop(key) for key in batch}, watch)
        yield (done := done + len(batch))


def _next(batches: Iterator[Sequence[str]], watch: Watch) -> Sequence[str]:
    with watch.part("extract, sort, categorise"):
        return next(batches, ())


def _looked_at(case: Case, batch: Mapping[str, Correspondence], watch: Watch) -> None:
    """Check and link messages that were read."""
    with watch.part("check"):
        around = Surroundings(
            sent=validation.list_sent_messages(case.context),
            references=frozenset(one.our_ref for one in messages.list_messages(case.context.ledger, batch)),
            reader=find_mentions,
        )
        for one in batch.values():
            check(one, around)
    with watch.part("link"):
        for key, one in batch.items():
            cross_references.find_links(case.context, one, key)


def told(line: str) -> None:
    """Say at once how far it is."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _words(text: str) -> int:
    return len(from_json(text).summary_of_facts.split())


def growing(sizes: Sequence[int]) -> Iterator[dict[str, float]]:
    """What a look-up costs in cases of so many messages, in milliseconds of CPU; one row a size, as soon as it is known."""
    first, done = sizes[0], 1
    coming = list(map(from_json, traffic(first + LOOKS * len(sizes))))
    with tempfile.TemporaryDirectory() as folder:
        case = open_case(Path(folder) / "case", officer="ada", purpose="benchmark")
        keys = [key for at in range(0, first, BATCH) for key in _filed(case, coming[at : min(at + BATCH, first)])]
        for number, size in enumerate(sizes):
            _copied(case, keys, range(done, size // first))
            done = size // first
            yield {"filed": float(size), **_looked_up(case, coming[first + number * LOOKS :][:LOOKS])}
        case.close()


def _copied(case: Case, keys: Sequence[str], numbers: Iterable[int]) -> None:
    """File messages once more under other names, row by row and past log and index of words: quicker, and looked up the same."""
    known = triage.read_entries(case.context, messages.list_messages(case.context.ledger, keys))
    shelf = triage.get_shelf(case.context)
    with closing(sqlite3.connect(case.context.folder.path / "ledger.db")) as sql, sql:
        sql.executescript(CHOSEN)
        sql.executemany("INSERT INTO chosen SELECT document_id, source FROM messages WHERE document_id = ?", zip(keys))
        trigger = sql.execute("SELECT sql FROM sqlite_master WHERE name = 'passages_to_words'").fetchone()[0]
        sql.execute("DROP TRIGGER passages_to_words")
        for number, table in product(numbers, ROWS):
            sql.execute(_copying(sql, table, number))
        sql.execute(trigger)
    shelf.add({f"{key}-{number}": known[key] for key in keys if key in known for number in numbers})


CHOSEN = (
    "CREATE TEMP TABLE chosen (document TEXT PRIMARY KEY, source TEXT); CREATE INDEX temp.by_source ON chosen (source);"
)
OF_RUN = "run_id IN (SELECT id FROM runs WHERE source IN (SELECT source FROM chosen))"
OF_DOCUMENT, OF_SOURCE = "document_id IN (SELECT document FROM chosen)", "source IN (SELECT source FROM chosen)"
ROWS = {
    "sources": "sha256 IN (SELECT source FROM chosen)", "arrivals": OF_SOURCE, "runs": OF_SOURCE, "traces": OF_RUN, "evidence": OF_RUN,
    "terms": "target_id IN (SELECT source FROM chosen)", "documents": "id IN (SELECT document FROM chosen)", "passages": OF_DOCUMENT,
    "statements": f"id IN (SELECT statement_id FROM evidence WHERE {OF_RUN})",  # noqa: S608 - our own names
    "messages": OF_DOCUMENT,
}  # fmt: skip
"""Table -> which of its rows are of messages that are copied."""
NAMES = frozenset({
    "sha256", "source", "id", "document_id", "passage_id", "trace_id", "run_id", "statement_id", "entity_id", "target_id", "message_id",
    "thread_id", "our_ref",
})  # fmt: skip
"""Columns that name something, which a copy has under another name."""


def _copying(sql: sqlite3.Connection, table: str, number: int) -> str:
    """What copies the chosen rows of a table; the file of a message stays the one that it was."""
    names = [str(row[1]) for row in sql.execute(f"PRAGMA table_info({table})") if row[1] not in ("n", "seq")]
    other = NAMES - ({"source"} if table == "messages" else set())
    read = [f"CASE {name} WHEN '' THEN '' ELSE {name} || '-{number}' END" if name in other else name for name in names]
    made = f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) SELECT {', '.join(read)} FROM {table}"  # noqa: S608 - our own names
    return f"{made} WHERE {ROWS[table]}"


def _filed(case: Case, new: Sequence[Correspondence]) -> list[str]:
    with case.context.ledger.group_transactions():
        return [filing.file_message(case.context, one, direction="incoming") for one in new]


def _looked_up(case: Case, new: Sequence[Correspondence]) -> dict[str, float]:
    _filed(case, new[:1])  # rows came past the log: after the next change the gate looks at everything once
    new, filed = new[1:], messages.list_messages(case.context.ledger)
    triage.read_entries(case.context, filed)
    triage.list_categories(case.context, filed[:1])
    return {
        "file one more": timed(lambda: _filed(case, new)) / len(new),
        "first question after it": timed(lambda: messages.list_messages(case.context.ledger, [])),
        "links of one": timed(lambda: [cross_references.find_links(case.context, one) for one in new]) / len(new),
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
        _keep(found)
    if options.filed:
        found["by size"] = []
        for row in growing(sorted(options.filed)):
            found["by size"].append(row)
            told(f"{row}")
            _keep(found)
    for name, value in found.items():
        told(f"{name}: {value}")


def _keep(found: Mapping[str, object]) -> None:
    """Keep and draw what is known so far."""
    keep("desk", found)
    picture.desk(found)


if __name__ == "__main__":
    main()
