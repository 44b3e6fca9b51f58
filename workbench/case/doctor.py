"""Is everything there that the workbench needs? One line a part, and what to do where something is missing."""

from __future__ import annotations

import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from workbench.errors import WorkbenchError

PACKAGES = (
    "pandas", "networkx", "pyvis", "spacy", "sentence-transformers", "torch", "onnxruntime", "followthemoney", "jupyterlab",
    "ipywidgets", "typst", "pypdf", "openpyxl", "phonenumbers", "schwifty", "python-stdnum",
)  # fmt: skip
SPACE = 2 << 30
"""Bytes that should be free for a case and its index."""
SEALING = ("cryptography", "pyrage")
"""Packages behind identities, signatures and sealed files."""
EXTRAS = (
    ("apsw-sqlite3mc", "encrypted", "encrypted cases"),
    ("sd-jwt", "credentials", "officers with an SD-JWT credential"),
)
"""Packages that only some need: the extra they come with, and what for."""
Check = Callable[[], Iterator[tuple[bool, str, str]]]


def doctor() -> int:
    """Print what was checked; 0 if all is well, 1 otherwise."""
    bad = 0
    for check in CHECKS:
        for good, what, advice in check():
            bad += not good
            sys.stdout.write(f"{'ok     ' if good else 'MISSING'} {what}{'' if good else f' – {advice}'}\n")
    sys.stdout.write("Everything is there.\n" if not bad else f"{bad} to mend.\n")
    return int(bool(bad))


def _python() -> Iterator[tuple[bool, str, str]]:
    good = (3, 11) <= sys.version_info[:2] <= (3, 14)
    yield (
        good,
        f"Python {platform.python_version()} on {platform.system()} {platform.machine()}",
        "use Python 3.11 to 3.14",
    )


def _database() -> Iterator[tuple[bool, str, str]]:
    connection = sqlite3.connect(":memory:")
    options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    connection.close()
    yield (
        "ENABLE_FTS5" in options,
        f"SQLite {sqlite3.sqlite_version} with full-text search",
        "use a Python whose SQLite has FTS5",
    )


def _packages() -> Iterator[tuple[bool, str, str]]:
    for name in (*PACKAGES, *SEALING):
        try:
            yield True, f"{name} {version(name)}", ""
        except PackageNotFoundError:
            yield False, name, "run `python tools/bootstrap.py setup`"


def _extras() -> Iterator[tuple[bool, str, str]]:
    """What is not needed by everyone is never missing, only not installed."""
    for name, extra, use in EXTRAS:
        try:
            yield True, f"{name} {version(name)}, for {use}", ""
        except PackageNotFoundError:
            yield True, f"{name} is not installed: {use} need the extra. pip install caseledger[{extra}]", ""


def _models() -> Iterator[tuple[bool, str, str]]:
    from workbench.model import models

    for name in models.models():
        try:
            models.check(name)
            yield True, f"model {name}, hash as recorded", ""
        except WorkbenchError as error:
            yield False, f"model {name}", str(error)


def _space() -> Iterator[tuple[bool, str, str]]:
    free = shutil.disk_usage(Path.cwd()).free
    yield free > SPACE, f"{free / (1 << 30):.0f} GiB free in {Path.cwd()}", "make room, or work on another disk"


CHECKS: tuple[Check, ...] = (_python, _database, _packages, _extras, _models, _space)
