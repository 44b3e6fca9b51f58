"""What a write costs: seeded chats, and after a note, a judgement, a mark and a further file the next search and the next ranking.

CPU-seconds of this process and of the one that reads files; each size runs in a process of its own. Beside it, in the same run, the
yard-sticks: SQLite's FTS5 alone on the same texts, and DuckDB on the same senders. Vectors are random numbers: no figure holds the time
of a language model. `python -m benchmarks.engine 1000 10000 30000` prints the figures and keeps them in benchmarks/results/engine.json.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from benchmarks.keeping import keep, kept
from workbench import search as rooms
from workbench.case.case import Case, open_case
from workbench.case.files import reader_process

SIZES = (1_000, 10_000, 30_000)
FURTHER = 0.01
"""Share of messages that a second file brings."""
ROUNDS = 5
FEWEST_PEOPLE = 40
"""So many that no message of the group is claimed to have gone to each."""
WORDS_OF_A_MESSAGE, WORDS_OF_A_QUESTION = 16, 4
QUERY = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words) LIMIT 20"
DEGREES = "SELECT sender, count(*), count(DISTINCT day) FROM messages GROUP BY 1 ORDER BY 2 DESC"
Message = tuple[datetime, str, str]


def compute_spent() -> float:
    """CPU-seconds of this process and of those that read files for it."""
    readers = [child.process.pid for child in reader_process.get_pool(reader_process.MODULE).free]
    return time.process_time() + sum(_get_process_time(pid) for pid in readers)


def _get_process_time(pid: int) -> float:
    """CPU-seconds of another process, as Linux tells them; 0 elsewhere."""
    stat = Path(f"/proc/{pid}/stat")
    fields = stat.read_text().rpartition(")")[2].split() if stat.exists() else ["0"] * 13
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def build_messages(count: int) -> tuple[list[Message], list[str]]:
    """Messages of a group of one person for each fifty, and the words that they are made of; the same each time."""
    chance = random.Random(7)
    syllables = [consonant + vowel for consonant in "bcdfghklmnprstvw" for vowel in "aeiou"]
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(3_000)]
    people = [f"Person {chance.choice('ABCDEFGHIJ')}{number}" for number in range(max(FEWEST_PEOPLE, count // 50))]
    at, made = datetime(2024, 1, 1), list[Message]()
    for _ in range(count):
        at += timedelta(minutes=chance.randint(1, 9))
        made.append((at, chance.choice(people), " ".join(chance.choice(words) for _ in range(WORDS_OF_A_MESSAGE))))
    return made, words


def write_chat(path: Path, messages: Collection[Message]) -> int:
    """The messages as an export of WhatsApp; its size in bytes."""
    lines = (f"{at:%d/%m/%Y, %H:%M} - {sender}: {text}\n" for at, sender, text in messages)
    return path.write_text("".join(lines), encoding="utf-8")


def give_random_vectors() -> None:
    """Have vectors made without a language model."""
    chance = np.random.default_rng(1)

    def encode(_: object, texts: Collection[str], **__: object) -> npt.NDArray[np.float32]:
        made = chance.standard_normal((len(texts), 384)).astype(np.float32)
        return made / np.linalg.norm(made, axis=1, keepdims=True)

    rooms.Engine.encode = encode  # type: ignore[method-assign,assignment]


def measure(work: Callable[[], object]) -> float:
    """CPU-seconds of a piece of work."""
    before = compute_spent()
    work()
    return compute_spent() - before


def measure_yardsticks(messages: list[Message], questions: list[str]) -> Iterator[tuple[str, float]]:
    """FTS5 and DuckDB on the same messages."""
    with closing(sqlite3.connect(":memory:")) as sql:
        sql.execute("CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = 'porter unicode61 remove_diacritics 2')")
        texts = [(text,) for _, _, text in messages]
        yield "fts5_build", measure(lambda: sql.executemany("INSERT INTO words VALUES (?)", texts))
        asked = [" OR ".join(f'"{word}"' for word in question.split()) for question in questions]
        yield "fts5_search", statistics.median(measure(lambda one=one: sql.execute(QUERY, (one,)).fetchall()) for one in asked)  # type: ignore[misc]  # fmt: skip
    with closing(duckdb.connect()) as engine:
        columns = {"sender": [sender for _, sender, _ in messages], "day": [at.day for at, _, _ in messages]}
        engine.register("messages", pa.table(columns))
        yield "duckdb_degrees", measure(lambda: engine.execute(DEGREES).fetchall())


def measure_case(folder: Path, count: int) -> Iterator[tuple[str, float]]:
    """Steps in a case of so many messages, each with its CPU-seconds."""
    messages, words = build_messages(count + max(1, int(FURTHER * count)))
    first, second = folder / "WhatsApp Chat with Group.txt", folder / "WhatsApp Chat with Others.txt"
    size = write_chat(first, messages[:count])
    write_chat(second, messages[count:])
    questions = [" ".join(words[at : at + WORDS_OF_A_QUESTION]) for at in range(0, 60, WORDS_OF_A_QUESTION)]
    people = sorted({sender for _, sender, _ in messages[:count]})
    yield from measure_yardsticks(messages[:count], questions[:ROUNDS])
    case = open_case(folder / "case", officer="Officer One", purpose="benchmark")
    reader_process.start()
    yield "add", measure(lambda: case.add(first))
    yield "first_search", measure(lambda: case.search(questions[0]))
    yield "warm_search", statistics.median(measure(lambda one=one: case.search(one)) for one in questions[:ROUNDS])  # type: ignore[misc]
    yield "first_ranking", measure(case.network.ranking)
    writes: dict[str, Callable[[Case], object]] = {
        "note": lambda one: one.review.note("Worth a look."),
        "judgement": lambda one: one.judgements.judge(people[:2], same=True, because="the same number"),
        "mark": lambda one: one.handling.mark(people[2:3], tlp="green", because="of a partner"),
        "file": lambda one: one.add(second),
    }
    for number, (name, write) in enumerate(writes.items(), 6):
        yield name, measure(lambda write=write: write(case))  # type: ignore[misc]
        yield f"search_after_{name}", measure(lambda number=number: case.search(questions[number]))  # type: ignore[misc]
        yield f"ranking_after_{name}", measure(case.network.ranking)
    case.close()
    yield "disk_by_source", (_get_size(folder / "case") - _get_size(folder / "case" / "derived")) / size
    yield "reopen_and_search", measure(lambda: _reopen(folder / "case", questions[-1]))
    yield "peak_mib", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _get_size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _reopen(path: Path, question: str) -> None:
    with closing(open_case(path, officer="Officer One", purpose="benchmark")) as case:
        case.search(question)


def run_size(count: int) -> dict[str, float]:
    """All steps of a size, in this process."""
    give_random_vectors()
    with tempfile.TemporaryDirectory() as folder:
        found = dict(measure_case(Path(folder), count))
    return found | {
        "warm_search_by_fts5": found["warm_search"] / max(found["fts5_search"], 1e-6),
        "add_by_fts5": found["add"] / max(found["fts5_build"], 1e-6),
        "ranking_by_duckdb": found["first_ranking"] / max(found["duckdb_degrees"], 1e-6),
    }


def main() -> None:
    """Run every size in a process of its own; print and keep the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("sizes", nargs="*", type=int, default=SIZES)
    asked.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.one:
        print(json.dumps(run_size(given.one)))
        return
    found: dict[str, object] = dict(kept("engine"))
    for count in given.sizes:
        command = [sys.executable, "-m", "benchmarks.engine", "--one", str(count)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        found[str(count)] = figures | {"on": datetime.now().astimezone().date().isoformat()}
        print(f"\n{count:,} messages")
        for name, value in figures.items():
            print(f"  {name:28} {value:10.3f}")
    keep("engine", found)


if __name__ == "__main__":
    main()
