"""Reading and extraction on one machine beside Spark: seconds, processor seconds of all processes, overhead a message; both give the same rows.

    python benchmarks/spark.py [MESSAGES] [--add]      (--add: without extraction)

Two cores gain nothing: the figures say what Spark costs beside the work itself, which is what more cores have to win back.
"""

# ruff: noqa: E501
from __future__ import annotations

import json
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

import workbench as wb  # noqa: E402
from tests.spark.comparing import list_rows  # noqa: E402
from tests.spark.standalone import run_standalone  # noqa: E402

RESULTS = ROOT / "benchmarks/results/spark.json"
EACH = 2_500
"""Messages of one file."""
WORDS = "container harbour friday night money van meet call boss gate truck paid late police warehouse key".split()
TICKS = os.sysconf("SC_CLK_TCK")


def write_material(folder: Path, messages: int) -> Path:
    """Chats of messages of a hundred characters, about."""
    folder.mkdir()
    chance = random.Random(1)
    for file in range(messages // EACH):
        lines = [
            f"Conversations found on device {file:03} Phone (evidence trace a-{file}) used by custodian Ada Brook (evidence trace a-{file}:0-1)",
            f"WhatsApp conversation about 44770{file:07}@s.whatsapp.net containing {EACH} messages between 2 participants (evidence trace a-{file}:0-2)",
        ]
        for line in range(EACH):
            said = " ".join(chance.choices(WORDS, k=15)) + f" {chance.randrange(10**9)}"
            at = f"2024-{1 + line // 1440 % 12:02}-{1 + file % 28:02}T{line // 60 % 24:02}:{line % 60:02}:00"
            lines.append(f"{at} | From: Ada Brook | To: Ben Carver (Benny) | Message: {said}")
        (folder / f"chat{file:04}.txt").write_text("\n" + "\n".join(lines) + "\n", "utf-8")
    return folder


def count_cpu(extra: list[int]) -> float:
    """Processor seconds of this process, of those that it has ended, and of others that run with theirs that have ended."""
    own = sum(
        resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own + sum(_read_cpu(pid) for pid in _list_descendants({os.getpid(), *extra}) - {os.getpid()})


def _list_descendants(tops: set[int]) -> set[int]:
    parents = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
    found, grown = set(tops), True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        grown, found = bool(more), found | more
    return found


def _read_cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


def measure(work: Callable[[], Any], extra: list[int]) -> dict[str, float]:
    """Seconds and processor seconds of a piece of work."""
    begun, cpu = time.monotonic(), count_cpu(extra)
    work()
    return {"seconds": round(time.monotonic() - begun, 1), "cpu": round(count_cpu(extra) - cpu, 1)}


@contextmanager
def open_way(way: str, place: Path) -> Iterator[tuple[Any, list[int]]]:
    """Where the work is done, and processes whose time counts."""
    if way == "laptop":
        with nullcontext():
            yield None, []
    elif way == "local[2]":
        with wb.spark(way, scratch=place / "scratch") as cluster:
            yield cluster, []
    else:
        settings = {
            "spark.executor.memory": "2g",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
        }
        with (
            run_standalone(place / "standalone") as made,
            wb.spark(made.address, scratch=place / "scratch", settings=settings) as cluster,
        ):
            yield cluster, [worker.pid for worker in made.workers]


def main() -> None:
    """Measure each way, compare the rows, keep the figures."""
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    steps = ("add",) if "--add" in sys.argv else ("add", "extract")
    made: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(),
        "messages": messages,
        "cores": os.cpu_count(),
        "ways": {},
    }
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        place = Path(name)
        files = write_material(place / "material", messages)
        made["megabytes"] = round(sum(file.stat().st_size for file in files.iterdir()) / 1e6, 1)
        for way in ("laptop", "local[2]", "standalone, two workers"):
            begun = time.monotonic()
            with open_way(way, place) as (cluster, extra):
                started = round(time.monotonic() - begun, 1)
                with closing(wb.open_case(place / f"case {way}", officer="ada", purpose="training")) as case:
                    given = {} if cluster is None else {"on": cluster}
                    work = {"add": partial(case.add, files, **given), "extract": partial(case.extract, **given)}
                    found = {step: measure(work[step], extra) for step in steps}
                    rows.append(list_rows(case))
            made["ways"][way] = {"start": started, **found, "same_rows": rows[-1] == rows[0]}
            rows[1:] = []
            print(way, made["ways"][way], flush=True)
    first = made["ways"]["laptop"]
    for way, found in made["ways"].items():
        if way != "laptop":
            found["overhead_ms_a_message"] = {
                step: round((found[step]["cpu"] - first[step]["cpu"]) / messages * 1e3, 3) for step in steps
            }
    earlier = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else []
    RESULTS.write_text(json.dumps([made, *earlier], indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
