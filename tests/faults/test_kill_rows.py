"""kill -9 at random moments of writing mass rows: what is registered is whole, what is not is swept, work goes on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.scale import times
from workbench.ledger import Ledger
from workbench.ledger.parquet_rows import delete_unregistered_files, list_damaged, list_live_files, list_registered

KILLS = times(20, 5)
RUNS = 60
"""Runs of a process: more than it comes to before it is killed."""
WORK = """
import sys
from pathlib import Path
import pyarrow as pa
from workbench.ledger import Arrival, Ledger, Run
from workbench.ledger.parquet_rows import RowsWriter
from workbench.model.rows import Batch
from workbench.model.table_schemas import build_arrow_schema
folder, runs = Path(sys.argv[1]), int(sys.argv[2])
ledger = Ledger(folder / "ledger.db", officer="ada", purpose="test")
schema = build_arrow_schema("positions")
for number in range(runs):
    run = Run("add", "table", "1", f"{number:064}")
    if ledger.has_run(run):
        continue
    ledger.add_source(run.source, Arrival("positions.csv"), 1, {})
    with RowsWriter(folder / "rows", run) as writer:
        for part in range(8):
            rows = {name: [None] * 20_000 for name in schema.names} | {"row": list(range(part * 20_000, part * 20_000 + 20_000))}
            writer.add(Batch("positions", pa.RecordBatch.from_pydict(rows, schema=schema)))
        ledger.finish(run, [], {"rows": 160_000}, files=writer.close())
"""


def command(folder: Path, runs: int) -> list[str]:
    return [sys.executable, "-c", WORK, str(folder), str(runs)]


@pytest.mark.faults
@pytest.mark.validation
@pytest.mark.timeout(600)
def test_registered_files_are_whole(tmp_path: Path) -> None:
    dice = random.Random(3)
    killed = done = 0
    for _ in range(KILLS):
        process = subprocess.Popen(command(tmp_path, done + RUNS))
        time.sleep(dice.uniform(0.5, 2.5))
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
        ledger = Ledger(tmp_path / "ledger.db", officer="ada", purpose="test")
        assert list_damaged(ledger, tmp_path / "rows") == []
        for file in list_live_files(ledger).itertuples():
            assert pq.read_metadata(tmp_path / "rows" / file.path).num_rows == file.rows == 160_000
        done = len(list_live_files(ledger))
        ledger.close()
    assert killed >= KILLS // 2
    assert subprocess.run(command(tmp_path, done + 2), check=False).returncode == 0
    ledger = Ledger(tmp_path / "ledger.db", officer="ada", purpose="test")
    delete_unregistered_files(ledger, tmp_path / "rows", older=0)
    assert len(list_live_files(ledger)) == done + 2
    assert {p.name for p in (tmp_path / "rows").iterdir()} == list_registered(ledger)
    ledger.close()
