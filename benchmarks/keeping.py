"""Results of benchmarks, kept beside them with what they ran on."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def kept(name: str) -> dict[str, object]:
    """What was kept last, without the machine; nothing where nothing was."""
    path = RESULTS / f"{name}.json"
    found: dict[str, object] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return {part: value for part, value in found.items() if part != "machine"}


def keep(name: str, result: Mapping[str, object]) -> None:
    """Write a result with the machine's processor count and Python version."""
    machine = {"python": platform.python_version(), "system": platform.system(), "processors": os.cpu_count()}
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"machine": machine, **result}, indent=1, sort_keys=True, default=float)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
