"""What a job has cost: of the process that did it, and of nobody else."""

from __future__ import annotations

import subprocess
import sys

import pytest

LARGE_PARENT = """import subprocess, sys
held = bytearray(600_000_000)
held[::4096] = b'x' * len(held[::4096])
done = subprocess.run([sys.executable, '-c', 'from workbench.worker.job_budget import get_peak_memory; print(get_peak_memory())'], capture_output=True, text=True)
print(done.stdout or done.stderr)"""


@pytest.mark.skipif(sys.platform == "win32", reason="the system does not say")
@pytest.mark.slow
def test_the_memory_of_the_parent_is_not_that_of_the_child() -> None:
    done = subprocess.run([sys.executable, "-c", LARGE_PARENT], capture_output=True, text=True, check=True)
    assert 0 < int(done.stdout) < 300_000_000
