"""Run all tests that take long, or those that need Spark, and keep what they found, with its date."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree  # noqa: TID251 - what our own pytest writes; this module has only the standard library

import installer

RESULTS = Path("benchmarks/results/validation.json")
SPARK_RESULTS = Path("benchmarks/results/spark_tests.json")
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
    chosen = ["-m", LONG, "-n", "2", "--dist", "worksteal", *rest]
    return _run_marked(python, root, chosen, RESULTS, os.environ | {VALIDATION: "1"})


def install_spark(python: Path, root: Path) -> None:
    """Install the extra `spark` as pyproject.toml names it.

    Raises
    ------
    SetupError
        If there is no Java, or the packages cannot be installed.
    """
    if not find_java():
        raise installer.SetupError(
            "Spark needs Java 17 or 21. What to do: install it (Debian: openjdk-17-jre-headless)."
        )
    wanted = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]["spark"]
    installer.run_program(
        [str(python), "-m", "pip", "install", "--quiet", *wanted],
        "pip install",
        "look at the network and at the disk (1 GB).",
    )


def find_java() -> str:
    """The program `java` that Spark would start, as `workbench.cluster.cluster` finds it; '' if there is none."""
    home = os.environ.get("JAVA_HOME", "")
    own = Path(home) / "bin" / ("java.exe" if os.name == "nt" else "java")
    return str(own) if home and own.is_file() else shutil.which("java") or ""


def run_spark_tests(python: Path, root: Path, rest: list[str]) -> int:
    """Run the tests that need Spark, one after another; pytest's exit code. Results lie in `benchmarks/results/spark_tests.json`."""
    return _run_marked(python, root, ["-m", "spark", "tests/spark", *rest], SPARK_RESULTS, dict(os.environ))


def _run_marked(python: Path, root: Path, chosen: list[str], results: Path, environment: Mapping[str, str]) -> int:
    with tempfile.TemporaryDirectory() as place:
        told = Path(place) / "told.xml"
        command = [str(python), "-m", "pytest", "-v", f"--junitxml={told}", *chosen]
        code = subprocess.run(command, cwd=root, env=environment, check=False).returncode
        if told.exists():
            save_run(root / results, parse_results(told.read_text("utf-8"), read_revision(root)))
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
