"""A standalone cluster on this machine: a master and two workers, each a process of its own, as Spark's own scripts start them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 90.0


@dataclass
class Standalone:
    """A running cluster: its address, where its workers write, and the processes."""

    address: str
    folder: Path
    workers: list[subprocess.Popen[bytes]]

    def list_executors(self) -> list[int]:
        """Numbers of the executors' processes, each a child of a worker."""
        workers = {worker.pid for worker in self.workers}
        return [pid for pid in (int(path.name) for path in Path("/proc").glob("[0-9]*")) if read_parent(pid) in workers]

    def kill_executor(self) -> bool:
        """Kill one that runs; whether there was one."""
        for pid in self.list_executors()[:1]:
            os.kill(pid, signal.SIGKILL)
            return True
        return False


def read_parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0


@contextmanager
def run_standalone(folder: Path, workers: int = 2) -> Iterator[Standalone]:
    """Master and workers of one core each; at the end they are ended."""
    import pyspark  # an extra: the module must be importable without it, so that its tests are skipped and not refused

    environment = os.environ | {
        "SPARK_LOCAL_DIRS": str(folder / "local"), "SPARK_WORKER_DIR": str(folder / "work"), "PYSPARK_PYTHON": sys.executable,
        "SPARK_DAEMON_MEMORY": "256m", "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_NO_DAEMONIZE": "1",
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    started: list[subprocess.Popen[bytes]] = []
    spark_class = str(Path(pyspark.__file__).parent / "bin/spark-class")

    def start(log: Path, *arguments: str) -> subprocess.Popen[bytes]:
        with log.open("wb") as out:
            process = subprocess.Popen([spark_class, *arguments], env=environment, stdout=out, stderr=out)
        started.append(process)
        return process

    try:
        start(
            folder / "master.log",
            "org.apache.spark.deploy.master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--webui-port",
            "0",
        )
        address = wait_for(folder / "master.log", r"Starting Spark master at (spark://\S+)")
        made = [
            start(
                folder / f"worker{number}.log", "org.apache.spark.deploy.worker.Worker", address,
                "--host", "127.0.0.1", "--cores", "1", "--memory", "2g", "--webui-port", "0",
            )
            for number in range(workers)
        ]  # fmt: skip
        for number in range(workers):
            wait_for(folder / f"worker{number}.log", r"(Successfully registered with master)")
        yield Standalone(address, folder, made)
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(30)


def wait_for(log: Path, pattern: str) -> str:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if found := re.search(pattern, log.read_text("utf-8", "replace")):
            return found[1]
        time.sleep(0.2)
    raise TimeoutError(log.read_text("utf-8", "replace"))
