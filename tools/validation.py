"""Run all tests that take long, those that repeat themselves as often as it takes, and keep what they found, with its date."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree  # noqa: TID251 - what our own pytest writes; this module has only the standard library

RESULTS = Path("benchmarks/results/validation.json")
VALIDATION = "WORKBENCH_VALIDATION"
LONG = "validation or ((slow or faults) and not browser)"
"""Tests of which `.ci/run` runs a part, or tries less."""
STATES = ("failure", "error", "skipped")


def run_tests(python: Path, root: Path, rest: list[str]) -> int:
    """Run them; pytest's exit code.

    Parameters
    ----------
    python : Path
        The Python that has the tools.
    root : Path
        The project's folder; results lie in `benchmarks/results/validation.json`, the latest first.
    rest : list of str
        More for pytest.
    """
    with tempfile.TemporaryDirectory() as place:
        told = Path(place) / "told.xml"
        command = [str(python), "-m", "pytest", "-v", "-m", LONG, "-n", "2", "--dist", "worksteal"]
        environment = os.environ | {VALIDATION: "1"}
        code = subprocess.run(
            [*command, f"--junitxml={told}", *rest], cwd=root, env=environment, check=False
        ).returncode
        if told.exists():
            save_run(root / RESULTS, parse_results(told.read_text("utf-8"), read_revision(root)))
    return code


def parse_results(told: str, revision: str) -> dict[str, object]:
    """What a run found: `tests` gives for each its state and its seconds."""
    cases = ElementTree.fromstring(told).iter("testcase")  # noqa: S314
    tests = {
        f"{case.get('classname')}.{case.get('name')}": {
            "state": next((state for state in STATES if case.find(state) is not None), "passed"),
            "seconds": round(float(case.get("time", 0))),
        }
        for case in cases
    }
    states = [str(test["state"]) for test in tests.values()]
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": revision,
        "python": platform.python_version(),
        "counts": {state: states.count(state) for state in sorted(set(states))},
        "tests": tests,
    }


def save_run(path: Path, found: dict[str, object]) -> None:
    """Put a run before the earlier ones."""
    earlier = json.loads(path.read_text("utf-8")) if path.exists() else []
    path.write_text(json.dumps([found, *earlier], indent=1) + "\n", "utf-8")


def read_revision(root: Path) -> str:
    """The revision that is tried, '' outside a repository."""
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=root, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
