"""Lists of calls of 500 to 200,000 rows: what they cost until the first answers, beside pandas on the same file, in one run.

A list is what an operator discloses: some numbers asked about, each with an address book of its own. `python -m benchmarks.call_lists`
prints CPU-seconds, those of the process that reads the files included, and keeps them in benchmarks/results/call_lists.json.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.engine import compute_spent
from benchmarks.keeping import keep
from workbench.case.case import open_case

SIZES = (500, 2_000, 20_000, 200_000)
ASKED = 2_000
"""Records of one number that is asked about, on average."""
BOOK = 60
HEADER = "Target Number,B Party No,Call Type,Start Time,Dur(s),IMEI,IMSI,First CGI,Last CGI\n"


def write_list(path: Path, rows: int) -> str:
    """Write a list, the same each time; the number that is asked about first."""
    chance, begin = random.Random(rows), datetime(2025, 3, 1)
    asked = [f"4477009{number:05}" for number in range(1 + rows // ASKED)]
    books = [[f"4477008{chance.randrange(100_000):05}" for _ in range(BOOK)] for _ in asked]
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for row in range(rows):
            one = chance.randrange(len(asked))
            cell, start = f"234-10-{100 + one}-{chance.randrange(20)}", begin + timedelta(seconds=row * 37)
            kind = chance.choice(("OUT", "IN", "SMO", "SMT"))
            file.write(
                f"{asked[one]},{chance.choice(books[one])},{kind},{start},{chance.randrange(1, 600)},,23410{one:010},{cell},{cell}\n"
            )
    return f"+{asked[0]}"


def measure_pandas(path: Path) -> float:
    """CPU-seconds of what one would write in pandas: read the list, count the contacts of one number and all pairs."""
    import pandas as pd

    begin = time.process_time()
    calls = pd.read_csv(path, dtype=str)
    calls["Start Time"] = pd.to_datetime(calls["Start Time"])
    calls[calls["Target Number"] == calls["Target Number"].iloc[0]].groupby("B Party No").size().sort_values()
    calls.groupby(["Target Number", "B Party No"]).size()
    return time.process_time() - begin


def measure_list(path: Path, number: str, folder: Path) -> dict[str, float]:
    """CPU-seconds of each step with one list in a case of its own."""
    with closing(open_case(folder, officer="benchmark", purpose="benchmark")) as case:
        steps: dict[str, Callable[[], object]] = {
            "add": lambda: case.add(path),
            "contacts": lambda: case.calls.contacts(number).table,
            "ranking": case.network.ranking,
        }
        found = {}
        for name, step in steps.items():
            begin = compute_spent()
            step()
            found[name] = round(compute_spent() - begin, 3)
        return found


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=SIZES)
    with tempfile.TemporaryDirectory() as place:
        results = {}
        for turn, rows in enumerate(
            (1_000, *parser.parse_args().rows)
        ):  # the first one loads modules, and is not counted
            path = Path(place) / f"{turn}.csv"
            number = write_list(path, rows)
            found = {
                **measure_list(path, number, Path(place) / f"case{turn}"),
                "pandas": round(measure_pandas(path), 3),
            }
            if turn:
                results[str(rows)] = {**found, "add_ms_a_row": round(found["add"] * 1_000 / rows, 3)}
                print(rows, results[str(rows)], flush=True)
    keep("call_lists", {"cpu_s": results})


if __name__ == "__main__":
    main()
