"""What encryption at rest costs: the shipped case made, read, reopened and asked, plain and encrypted, each in its own process.

`python -m benchmarks.atrest` prints CPU and wall seconds of each step (the least of five turns, plain and encrypted by turns)
and keeps them in benchmarks/results/atrest.json. Unlocking by a passphrase is a step of its own: scrypt is slow on purpose.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile

from benchmarks.keeping import keep

TURNS = 5
PHRASE = "correct horse battery"
WORK = """
import json, resource, sys, time
from pathlib import Path
import workbench as wb
from workbench.case.verbs import unlock as unlocking
from workbench.ledger.storage import case_key as casekey

folder, sealed = Path(sys.argv[1]), sys.argv[2] == "encrypted"
import duckdb, pyarrow.parquet, pandas  # the cost of importing is no cost of encryption
steps = {}

def step(name, work):
    before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    made = work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    steps[name] = {"cpu_s": cpu, "wall_s": time.perf_counter() - begun}
    return made

who = {"officer": "ada", "purpose": "benchmark"}
if sealed:
    wb.open_case(folder, passphrase=PHRASE, encrypted=True, **who).lock()
    key = step("unlock by passphrase", lambda: casekey.open_by_passphrase(folder, PHRASE))
    unlocking.remember_key(folder, key)
else:
    wb.open_case(folder, **who).close()
case = wb.open_case(folder, **who)
step("add 38 files", lambda: case.add(wb.shipped_folder() / "files"))
case.close()
case = step("open", lambda: wb.open_case(folder, **who))
step("read all tables", lambda: (case.documents(), case.evidence.list(), case.entities(), case.sources.issues()))
step("ask calls", lambda: case.calls.summary())
step("backup", lambda: case.storage.backup(folder.with_name("x.backup")))
step("doctor", lambda: case.storage.check())
case.close()
print(json.dumps({"steps": steps, "ledger_bytes": (folder / "ledger.db").stat().st_size}))
"""
MASS = """
import json, resource, sys, time
from pathlib import Path
import numpy, pyarrow
from workbench.ledger import Run
from workbench.ledger.storage import case_key as casekey
from workbench.ledger.duckdb import open_engine
from workbench.ledger.parquet_rows import RowsWriter
from workbench.ledger.storage.file_vault import PLAIN, SealedVault
from workbench.model.rows import Batch
from workbench.model.table_schemas import build_arrow_schema

folder, sealed, rows = Path(sys.argv[1]), sys.argv[2] == "encrypted", 1_000_000
vault = SealedVault(casekey.create_key()) if sealed else PLAIN
dice, schema, steps = numpy.random.default_rng(1), build_arrow_schema("calls"), {}
import duckdb, pyarrow.parquet, pandas

def spent():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime, time.perf_counter()

def step(name, work):
    before = spent()
    made = work()
    cpu, wall = (now - then for now, then in zip(spent(), before))
    steps[name] = {"cpu_s": cpu, "wall_s": wall}
    return made

def batches():
    for start in range(0, rows, 100_000):
        number = lambda most: pyarrow.array([f"+4477{n:08}" for n in dice.integers(0, most, 100_000)])
        columns = {name: pyarrow.nulls(100_000, field.type) for name, field in zip(schema.names, schema)}
        row = pyarrow.array(numpy.arange(start, start + 100_000)).cast(schema.field("row").type)
        columns |= {"row": row, "a": number(5_000), "b": number(50_000)}
        yield Batch("calls", pyarrow.RecordBatch.from_arrays([columns[name] for name in schema.names], names=schema.names))

def write():
    with RowsWriter(folder, Run("add", "x", "1", "ab" * 32), vault) as writer:
        for batch in held:
            writer.add(batch)
        return writer.close()

held = list(batches())
files = step("write a million calls", write)
engine = open_engine([("calls", folder / file.path) for file in files], vault=vault)
query = "SELECT a, b, count(*) AS n FROM calls GROUP BY a, b ORDER BY n DESC, a, b LIMIT 5"
step("link aggregate", lambda: engine.frame(query))
print(json.dumps({"steps": steps, "bytes": sum(path.stat().st_size for path in folder.iterdir())}))
"""


def turn(script: str, kind: str) -> dict[str, dict[str, float]]:
    """Steps of one turn."""
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-c", script.replace("PHRASE", repr(PHRASE)), f"{place}/case", kind]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    steps: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])["steps"]
    return steps


def least(turns: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Of each step the least that it took."""
    return {name: {what: min(one[name][what] for one in turns) for what in ("cpu_s", "wall_s")} for name in turns[0]}


def main() -> None:
    """Measure, print, keep."""
    found: dict[str, dict[str, dict[str, float]]] = {"plain": {}, "encrypted": {}}
    for script in (WORK, MASS):
        turns: dict[str, list[dict[str, dict[str, float]]]] = {"plain": [], "encrypted": []}
        for _ in range(TURNS):
            for kind, made in turns.items():
                made.append(turn(script, kind))
        for kind, made in turns.items():
            found[kind] |= least(made)
    for name, sealed in found["encrypted"].items():
        plain = found["plain"].get(name, {"cpu_s": 0.0, "wall_s": 0.0})
        ratio = f"x{sealed['cpu_s'] / plain['cpu_s']:.2f}" if plain["cpu_s"] else ""
        print(
            f"{name:22} CPU {plain['cpu_s']:6.2f} {sealed['cpu_s']:6.2f} s {ratio:6}  wall {plain['wall_s']:6.2f} {sealed['wall_s']:6.2f} s"
        )
    keep("atrest", found)


if __name__ == "__main__":
    main()
