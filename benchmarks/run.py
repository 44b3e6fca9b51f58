"""The main job on Crystal Clear from a cold start: time, memory, and what a second run adds.

Beside it, in the same process tree: what one would write without the workbench, spaCy's whole pipeline called message by
message over the same file, with the same model. `python -m benchmarks.run` prints the figures and keeps them in
benchmarks/results/run.json.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.keeping import keep

DATA = Path(os.environ.get("WORKBENCH_DATA", Path(__file__).resolve().parents[2] / "shared"))
SOURCES = DATA / "cases" / "crystal-clear" / "sources"
NAIVE = """
import re, sys
import spacy
from workbench.model.machine.model_registry import check_model
nlp = spacy.load(check_model("spacy-en"))
lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
texts = [line.split("| Message: ", 1)[1] for line in lines if re.match(r"20\\d\\d-", line) and "| Message: " in line]
print(sum(len(nlp(text).ents) for text in texts))
"""


def measured(command: list[str]) -> dict[str, float]:
    """Wall and CPU seconds and peak memory [MiB] of a command, from the system's accounting of the process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[1:4]} failed with {process.returncode}")
    return {
        "wall_s": time.perf_counter() - start,
        "cpu_s": used.ru_utime + used.ru_stime,
        "peak_mib": used.ru_maxrss / 1024,
    }


def main() -> None:
    """Measure, print, keep."""
    program = [sys.executable, "-m", "workbench.cli"]
    with tempfile.TemporaryDirectory() as folder:
        prepared = measured([*program, "prepare"])
        job = [*program, "run", str(SOURCES), "--out", folder]
        first = measured(job)
        second = measured(job)
        numbers = json.loads((Path(folder) / "run.json").read_text("utf-8"))
    naive = measured([sys.executable, "-c", NAIVE, str(next(SOURCES.glob("*.txt")))])
    found = {"prepare": prepared, "first": first, "second": second, "spacy_message_by_message": naive}
    for name, figures in found.items():
        print(f"{name:26}", "  ".join(f"{key} {value:8.1f}" for key, value in figures.items()))
    print(f"ratio of CPU, whole main job to spaCy alone message by message: {first['cpu_s'] / naive['cpu_s']:.2f}")
    print({key: numbers[key] for key in ("messages", "message_traces", "entities", "candidate_pairs")})
    keep("run", found)


if __name__ == "__main__":
    main()
