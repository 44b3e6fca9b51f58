"""The language models on this machine: a list, a check of their files, and models that a user brings."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from workbench.errors import ModelError
from workbench.model import added, models

USES = {"ner": "names", "embedding": "meaning", "part": "part of another"}
COLUMNS = ("name", "use", "languages", "package", "version", "licence", "mb", "state", "told")


def table(*, check: bool = False) -> pd.DataFrame:
    """Models that the workbench knows, one row each.

    Columns: name, use ('names', 'meaning', 'part of another'), languages (ISO 639-1), package ('' where the user has added it),
    version, licence, mb (megabytes on this machine), state ('installed', 'missing'; with `check` also 'checked', 'changed'),
    told (what it is good for, what it is not, and in a state that is not well what to do).
    """
    return pd.DataFrame([_row(name, check=check) for name in models.models()], columns=pd.Index(COLUMNS))


def _row(name: str, *, check: bool) -> tuple[str, str, str, str, str, str, float, str, str]:
    card = models.model(name)
    state, told = ("installed" if models.is_installed(name) else "missing"), card.use
    if check and state == "installed":
        try:
            models.check(name)
            state = "checked"
        except ModelError as error:
            state, told = "changed", str(error)
    size = round(models.size(name) / 1e6, 1)
    return name, USES[card.task], " ".join(card.languages), card.package, card.version, card.licence, size, state, told


def show(*, check: bool = False) -> int:
    """Print the table, and how a model is added; 0, or 1 if a file was changed or a model is missing."""
    rows = table(check=check)
    width = {name: max(len(name), int(rows[name].astype(str).str.len().max())) for name in COLUMNS[:-1]}
    _say("  ".join(name.upper().ljust(width[name]) for name in COLUMNS[:-1]))
    for row in rows.itertuples(index=False):
        _say("  ".join(str(getattr(row, name)).ljust(width[name]) for name in COLUMNS[:-1]).rstrip())
        _say(f"    {row.told}")
    _say("")
    _say(f"Added models lie in {models.own_folder()}.")
    _say(added.HOW)
    bad = rows["state"].isin(["missing", "changed"])
    return int(check and bool(bad.any()))


def add(folder: Path, name: str, languages: Sequence[str], task: str, *, licence: str = "") -> int:
    """Add a model and print what was taken; 0 when done."""
    card = added.add(folder, name, languages, task, licence=licence)
    _say(f"{card.label}: {len(card.files)} files copied to {models.own_folder() / name}, each listed with its hash.")
    if task == "ner":
        _say(f"Extraction now reads passages in {' '.join(languages)} with it: run case.extract() again.")
    else:
        _say(f'A case is searched with it where its case.toml says, under [search]: mode = "{name}".')
    return 0


def remove(name: str) -> int:
    """Take an added model out; 0 when done."""
    added.remove(name)
    _say(f"{name} is removed. What it has read stays in the cases until they are read again.")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
