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
from workbench.model.catalogue import Sentence, Translator

PACKAGES = (
    "pandas", "networkx", "pyvis", "spacy", "sentence-transformers", "torch", "onnxruntime", "followthemoney", "jupyterlab",
    "ipywidgets", "typst", "pypdf", "openpyxl", "phonenumbers", "schwifty", "python-stdnum",
)  # fmt: skip
SPACE = 2 << 30
"""Bytes that should be free for a case and its index."""
SEALING = ("cryptography", "pyrage")
"""Packages behind identities, signatures and sealed files."""
EXTRAS = (("apsw-sqlite3mc", "encrypted"), ("sd-jwt", "credentials"))
"""Packages that only some need, and the extra they come with."""
Found = tuple[bool, str, object]
"""Whether all is well, what was looked at, and what to do."""
Check = Callable[[], Iterator[Found]]


def print_environment(say: Translator) -> int:
    """Print what was checked, in a language; 0 if all is well, 1 otherwise."""
    bad = 0
    for check in CHECKS:
        for good, what, advice in check():
            bad += not good
            said = say.translate_value(what) if good else f"{say.translate_value(what)} – {say.translate_value(advice)}"
            sys.stdout.write(f"{say('doctor.ok' if good else 'doctor.missing'):<7} {said}\n")
    sys.stdout.write(f"{say.count('doctor.to_mend', bad) if bad else say('doctor.all')}\n")
    return int(bool(bad))


def _list_python_state() -> Iterator[Found]:
    good = (3, 11) <= sys.version_info[:2] <= (3, 14)
    system = f"{platform.system()} {platform.machine()}"
    said = Sentence("Python {version} on {system}", version=platform.python_version(), system=system)
    yield good, said, Sentence("use Python 3.11 to 3.14")


def _list_database_state() -> Iterator[Found]:
    connection = sqlite3.connect(":memory:")
    options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    connection.close()
    said = Sentence("SQLite {version} with full-text search", version=sqlite3.sqlite_version)
    yield "ENABLE_FTS5" in options, said, Sentence("use a version of Python whose SQLite has FTS5")


def _list_package_states() -> Iterator[Found]:
    for name in (*PACKAGES, *SEALING):
        try:
            yield True, f"{name} {version(name)}", ""
        except PackageNotFoundError:
            yield False, name, Sentence("run `python tools/bootstrap.py setup`")


def _list_extra_states() -> Iterator[Found]:
    """What is not needed by everyone is never missing, only not installed."""
    for name, extra in EXTRAS:
        use = Sentence(f"doctor.for_{extra}")
        try:
            yield True, Sentence("{package}, for {use}", package=f"{name} {version(name)}", use=use), ""
        except PackageNotFoundError:
            yield (
                True,
                Sentence(
                    "{package} is not installed. It is needed for {use}. Run `pip install caseledger[{extra}]`.",
                    package=name,
                    use=use,
                    extra=extra,
                ),
                "",
            )


def _list_model_states() -> Iterator[Found]:
    from workbench.model.machine import model_registry

    for name in model_registry.load_models():
        try:
            model_registry.check_model(name)
            yield True, Sentence("model {name}: its hash matches the recorded hash", name=name), ""
        except WorkbenchError as error:
            yield False, Sentence("model {name}", name=name), error


def _list_disk_state() -> Iterator[Found]:
    free = shutil.disk_usage(Path.cwd()).free
    said = Sentence("{size} GiB free in {folder}", size=f"{free / (1 << 30):.0f}", folder=Path.cwd())
    yield free > SPACE, said, Sentence("free some space, or work on another disk")


CHECKS: tuple[Check, ...] = (
    _list_python_state,
    _list_database_state,
    _list_package_states,
    _list_extra_states,
    _list_model_states,
    _list_disk_state,
)
