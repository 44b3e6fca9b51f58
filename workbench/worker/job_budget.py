"""What one job may cost, and the exception that says which limit it went over."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Limit = Literal["cpu", "wait", "memory", "rows", "output", "files", "crash"]
STATUS = Path("/proc/self/status")
CORE = 0
"""Bytes of a memory dump: a child that crashes leaves none, because it would hold case material."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of one job.

    Attributes
    ----------
    cpu : float
        Seconds of processor time of the child. Held by the system where it can (Linux, macOS).
    wait : float
        Seconds that the parent waits for the child in all; time in which the child waits for the parent does not count.
    memory : int
        Bytes of memory of the child. Held by the system on Linux; elsewhere it is not.
    """

    cpu: float = 60.0
    wait: float = 300.0
    memory: int = 4 << 30


class Stopped(Exception):  # noqa: N818 - it says what happened to the job, which may be no error of anybody
    """A job that was ended before it was done.

    Attributes
    ----------
    limit : str
        What it went over: 'cpu' or 'wait' (seconds), 'memory' or 'output' (bytes), 'rows', 'files'; 'crash' if the child ended.
    figure : float
        The limit, or for a crash the exit status of the child (minus the number of the signal).
    """

    def __init__(self, limit: Limit, figure: float) -> None:
        super().__init__(f"{limit}: {figure:g}")
        self.limit, self.figure = limit, figure


def limit_process(cpu: float, memory: int) -> None:
    """Let the system end this process once it has used so much more processor time, or asks for more memory than this."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower_limit(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + cpu))
    if sys.platform == "linux":
        _lower_limit(resource.RLIMIT_DATA, memory)


def leave_no_dump() -> None:
    """Let the system write no memory of this process to a disk when it crashes."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (CORE, CORE))


def get_peak_memory() -> int:
    """Most bytes of memory that this process has held at once; 0 where the system does not say.

    Linux counts in `ru_maxrss` what the parent held when it started this process; its own is in /proc.
    """
    if sys.platform == "win32":
        return 0
    if sys.platform == "linux" and STATUS.exists():
        lines = STATUS.read_text("ascii", "replace").splitlines()
        return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)
    import resource

    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest if sys.platform == "darwin" else largest * 1024


def _lower_limit(kind: int, value: int) -> None:
    """Set a soft limit, never above the hard one that the system or an administrator has set."""
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(kind)
    resource.setrlimit(kind, (value if most == resource.RLIM_INFINITY else min(value, most), most))
