"""Run every static check, each with its time, and say at the end which ones failed."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

SOURCES = ("workbench", "widgets", "datasets", "notebooks", "tests", "benchmarks", "docs", "tools")
FILES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "pyproject.toml")


def list_commands(python: Path, root: Path) -> dict[str, list[str]]:
    """Name each check and its command; a check of generated files is there once its maker is.

    Parameters
    ----------
    python : Path
        The Python that has the tools.
    root : Path
        The project's folder.

    Returns
    -------
    dict of str to list of str
        In the order of running, the quickest first.
    """
    tool = str(python.parent)
    spelt = [name for name in (*SOURCES, *FILES) if (root / name).exists()]
    table = {
        "ruff check": [f"{tool}/ruff", "check", "--quiet"],
        "ruff format": [f"{tool}/ruff", "format", "--check", "--quiet"],
        "import contracts": [f"{tool}/lint-imports"],
        "environment.yml": [str(python), "tools/check_environment.py"],
        "spelling": [f"{tool}/codespell", *spelt],
        "types": [f"{tool}/mypy"],
    }
    if (root / "tools/strings.py").exists():
        table["sentences"] = [str(python), "tools/strings.py", "check"]
    if (root / "tools/build_notebooks.py").exists():
        table["generated notebooks"] = [str(python), "tools/build_notebooks.py", "--check"]
    if (root / "tools/frontend.py").exists():
        table["widgets' form"] = [str(python), "tools/frontend.py", "form"]
        table["widgets' types"] = [str(python), "tools/frontend.py", "types"]
        table["widgets' tests"] = [str(python), "tools/frontend.py", "test"]
    return table


def run_all(python: Path, root: Path) -> int:
    """Run each check; show what a failing one said; 1 if any failed, else 0."""
    failed = []
    for name, command in list_commands(python, root).items():
        started = time.monotonic()
        result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        mark = "FAILED" if result.returncode else "ok"
        print(f"{name:<20} {mark:<6} {time.monotonic() - started:5.1f} s", flush=True)
        if result.returncode:
            failed.append(name)
            print(result.stdout + result.stderr)
    print("check: " + (f"FAILED: {', '.join(failed)}" if failed else "all passed"))
    return 1 if failed else 0
