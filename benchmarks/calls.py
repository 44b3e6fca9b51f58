"""Call records: ten million rows from CSV into a case, and the five telephone answers, beside pandas and polars, in one run.

The records are made by a seeded generator: subscribers, each with an address book of its own, over ninety days. Each step runs
in a process of its own, so that its CPU-seconds and peak memory are its own. `python -m benchmarks.calls [--rows N]` prints the
figures and keeps them in benchmarks/results/calls.json; the large files are deleted.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.keeping import keep
from benchmarks.run import measured

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROWS = 10_000_000
TARGETS = 20_000
POOL = 300_000
BOOK = 60
PART = 500_000
HEADER = "Target Number,B Party No,Call Type,Start Time,Dur(s),IMEI,IMSI,First CGI,Last CGI\n"
SEED = 7


def make(path: Path, rows: int) -> None:
    """Write the CSV: about 116 bytes a row."""
    import pyarrow as pa
    from pyarrow import csv

    dice = np.random.default_rng(SEED)
    numbers = np.array([f"4477{i:08}" for i in dice.choice(10**8, TARGETS + POOL, replace=False)])
    weight = 1 / np.arange(1, TARGETS + 1) ** 0.5
    often = 1 / np.arange(1, BOOK + 1)
    books = _books(dice)
    imei = np.array([_luhn(f"35{i:012}") for i in dice.choice(10**12, TARGETS, replace=False)])
    imsi = np.array([f"23410{i:010}" for i in dice.choice(10**10, TARGETS, replace=False)])
    cells = np.array([f"234-10-{100 + i // 50}-{i}" for i in range(5_000)])
    start = np.sort(dice.integers(0, 90 * 86_400, rows)) + 1_656_633_600
    kinds = np.array(["OUT", "IN", "SMO", "SMT"])
    with path.open("wb") as file:
        file.write(HEADER.encode())
        for low in range(0, rows, PART):
            size = min(PART, rows - low)
            target = dice.choice(TARGETS, size, p=weight / weight.sum())
            other = books[target, dice.choice(BOOK, size, p=often / often.sum())]
            kind = dice.choice(4, size, p=[0.4, 0.4, 0.1, 0.1])
            swap = np.where(dice.random(size) < 0.001, (target + 1) % TARGETS, target)
            first = (target * 7 + dice.integers(0, 20, size)) % len(cells)
            moments = np.datetime_as_string(start[low : low + size].astype("datetime64[s]"))
            table = pa.table({
                "a": numbers[target], "b": numbers[other], "kind": kinds[kind], "start": np.char.replace(moments, "T", " "),
                "seconds": np.where(kind < 2, dice.exponential(90, size).astype(int) + 1, 0), "imei": imei[swap],
                "imsi": imsi[target], "first": cells[first], "last": cells[(first + dice.integers(0, 3, size)) % len(cells)],
            })  # fmt: skip
            csv.write_csv(table, file, csv.WriteOptions(include_header=False, quoting_style="none"))


def _books(dice: np.random.Generator) -> NDArray[np.int64]:
    """Contacts of each subscriber: one in ten is a subscriber too."""
    others = dice.integers(TARGETS, TARGETS + POOL, (TARGETS, BOOK))
    return np.where(dice.random((TARGETS, BOOK)) < 0.1, dice.integers(0, TARGETS, (TARGETS, BOOK)), others)


def _luhn(digits: str) -> str:
    total = 0
    for place, character in enumerate(reversed(digits)):
        figure = int(character) * (2 - place % 2)
        total += figure - 9 if figure > 9 else figure
    return digits + str(-total % 10)


def persist(source: Path, folder: Path) -> None:
    """Read the file as a case reads it and keep its rows: reader, quality rules, Parquet, registered in a ledger."""
    from workbench import ingest
    from workbench.ledger import Arrival, Ledger, Run
    from workbench.ledger.parquet_rows import RowsWriter
    from workbench.model.rows import Batch, Enclosure, LedgerRow

    sha256 = "ca" * 32
    file = ingest.SourceFile(source, sha256, "calls.csv")
    ledger = Ledger(folder / "ledger.db", officer="benchmark", purpose="benchmark")
    ledger.add_source(sha256, Arrival("calls.csv"), source.stat().st_size, {})
    run = Run("add", "table", "2", sha256)
    rows: list[LedgerRow] = []
    with RowsWriter(folder / "rows", run) as writer:
        for row in ingest.read(file, {"zone": "Europe/London"}, "table"):
            if isinstance(row, Batch):
                writer.add(row)
            elif not isinstance(row, Enclosure):
                rows.append(row)
        ledger.finish(run, rows, {}, files=writer.close())
    ledger.close()


def add(source: Path, folder: Path) -> None:
    """The same by the verb: also copies the file into the case and hashes it."""
    from workbench.case.case import open_case

    case = open_case(folder / "case", officer="benchmark", purpose="benchmark")
    case.add(source)
    case.close()


def answers(folder: Path) -> None:
    """Time the five answers and print them as JSON."""
    from workbench.ledger import Ledger
    from workbench.ledger.parquet_rows import list_live_files
    from workbench.patterns import telephony

    ledger = Ledger(folder / "ledger.db", officer="benchmark", purpose="benchmark")
    files = [
        (kind, folder / "rows" / path)
        for kind, path in zip(list_live_files(ledger)["kind"], list_live_files(ledger)["path"], strict=True)
    ]
    ledger.close()
    with telephony.build_engine(files) as engine:
        busy = engine.query_frame("SELECT target, count(*) AS n FROM calls GROUP BY 1 ORDER BY n DESC, 1 LIMIT 5")[
            "target"
        ].tolist()
        questions: dict[str, Callable[[], object]] = {
            "top contacts": lambda: telephony.list_contacts(engine, busy[0]),
            "common contacts of five": lambda: telephony.find_common_contacts(engine, busy),
            "first and last use": lambda: telephony.list_days(engine, busy[0]),
            "hour by weekday, all records": lambda: telephony.count_by_hour(engine),
            "handsets and cards, all records": lambda: telephony.list_devices(engine),
        }
        print(json.dumps({name: _timed(question) for name, question in questions.items()}))


def _timed(question: Callable[[], object]) -> dict[str, float]:
    """Wall and CPU seconds of the second of two runs: an analyst asks more than once."""
    question()
    wall, cpu = time.perf_counter(), time.process_time()
    question()
    return {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}


def pandas_(source: Path) -> None:
    """What one would write in pandas: load everything, aggregate links. Nothing is kept, nothing is checked."""
    import pandas as pd

    calls = pd.read_csv(source, engine="pyarrow", dtype_backend="pyarrow")
    wall = time.perf_counter()
    calls.groupby(["Target Number", "B Party No"]).agg(n=("Dur(s)", "size"), seconds=("Dur(s)", "sum"))
    mine = calls[calls["Target Number"] == calls["Target Number"].mode()[0]]
    mine.groupby("B Party No").size().sort_values()
    calls.groupby([calls["Start Time"].dt.dayofweek, calls["Start Time"].dt.hour]).size()
    calls.groupby(["Target Number", "IMEI", "IMSI"])["Start Time"].agg(["min", "max", "size"])
    print(json.dumps({"questions_s": time.perf_counter() - wall}))


def polars_(source: Path) -> None:
    """The same in polars."""
    import polars as pl

    calls = pl.read_csv(source, try_parse_dates=True)
    wall = time.perf_counter()
    calls.group_by("Target Number", "B Party No").agg(pl.len(), pl.col("Dur(s)").sum())
    mine = calls.filter(pl.col("Target Number") == calls["Target Number"].mode()[0])
    mine.group_by("B Party No").len().sort("len")
    calls.group_by(pl.col("Start Time").dt.weekday(), pl.col("Start Time").dt.hour().alias("hour")).len()
    calls.group_by("Target Number", "IMEI", "IMSI").agg(
        pl.col("Start Time").min(), pl.col("Start Time").max().alias("last"), pl.len()
    )
    print(json.dumps({"questions_s": time.perf_counter() - wall}))


def _warm(me: list[str], place: Path) -> None:
    """Run the steps once over a few rows: what is measured is the work, not the compiling of modules."""
    small, folder = place / "small.csv", place / "small"
    folder.mkdir()
    subprocess.run([*me, "make", str(small), "--rows", "30000"], check=True)
    for name in ("persist", "add"):
        measured([*me, name, str(small), str(folder)])


STEPS: dict[str, Callable[..., None]] = {"persist": persist, "add": add, "pandas": pandas_, "polars": polars_}


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--step", default="", help=argparse.SUPPRESS)
    parser.add_argument("paths", nargs="*", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step == "make":
        make(given.paths[0], given.rows)
        return
    if given.step:
        {**STEPS, "answers": answers}[given.step](*given.paths)
        return
    with tempfile.TemporaryDirectory() as place:
        source, folder = Path(place) / "calls.csv", Path(place) / "made"
        folder.mkdir()
        me = [sys.executable, "-m", "benchmarks.calls", "--step"]
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed workbench has its modules compiled
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(place) / "compiled")
        _warm(me, Path(place))
        subprocess.run([*me, "make", str(source), "--rows", str(given.rows)], check=True)
        found: dict[str, object] = {
            "rows": given.rows,
            "csv_mib": source.stat().st_size / 2**20,
            "load": os.getloadavg()[0],
        }
        for name in STEPS:
            paths = [str(source), str(folder)] if name in ("persist", "add") else [str(source)]
            found[name] = measured([*me, name, *paths])
            print(f"{name:10}", found[name], flush=True)
        asked = subprocess.run([*me, "answers", str(folder)], check=True, capture_output=True, text=True)
        found["answers"] = json.loads(asked.stdout)
        for name, figures in json.loads(asked.stdout).items():
            print(f"{name:34}", {key: round(value, 2) for key, value in figures.items()})
        found["parquet_mib"] = sum(path.stat().st_size for path in (folder / "rows").iterdir()) / 2**20
    keep("calls", found)


if __name__ == "__main__":
    main()
