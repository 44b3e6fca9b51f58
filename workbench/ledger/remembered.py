"""Tombstones as this machine remembers them, outside of every case: so that a backup that is restored does not bring back what was erased.

::

    HOME/erased/<id of the case>.json     kind, time and keyed hashes of each tombstone; no name, no reason, no officer
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from workbench.errors import CaseError
from workbench.ledger.tombstones import Stone
from workbench.model.catalogue import Sentence
from workbench.model.files import read_bounded
from workbench.model.ident import digest
from workbench.model.identity import home

FOLDER = "erased"
LARGEST = 1 << 28
"""Bytes of one file."""
PLAIN = re.compile(r"[0-9a-z-]{1,64}")


def place(case_id: str) -> Path:
    """Where the tombstones of a case are remembered. The file may be carried to another machine.

    An id that is none, in a folder of somebody else's, names a file of its own here all the same.
    """
    name = case_id if PLAIN.fullmatch(case_id) else digest("case", case_id)
    return home.folder() / FOLDER / f"{name}.json"


def stones(case_id: str) -> list[Stone]:
    """Tombstones of a case that this machine knows.

    Raises
    ------
    CaseError
        If a file that is theirs, or may be, cannot be read: what they know again could come back.
    """
    if damaged := [path for path in find_damaged() if _may_be_of(path, case_id)]:
        raise CaseError(Sentence("refused.open.tombstones", path=damaged[0]))
    path = place(case_id)
    return _read(path) if os.path.lexists(path) else []


def find_damaged() -> list[Path]:
    """Files of tombstones in the identity home that cannot be read, by name."""
    return [path for path in sorted((home.folder() / FOLDER).glob("*.json")) if not _is_whole(path)]


def _is_whole(path: Path) -> bool:
    try:
        _read(path)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False
    return True


def _read(path: Path) -> list[Stone]:
    """Tombstones in a file, each with its id and its marks."""
    data = json.loads(read_bounded(path, LARGEST))
    told = data["tombstones"]
    if not isinstance(told, list) or not all(one["id"] and isinstance(one["marks"], list) for one in told):
        raise ValueError(path.name)
    return [Stone.from_json(one) for one in told]


def _may_be_of(path: Path, case_id: str) -> bool:
    """Whether a damaged file is that of a case, by its name or by what is left in it."""
    if path == place(case_id):
        return True
    try:
        return case_id.encode() in read_bounded(path, LARGEST)
    except OSError:
        return False


def remember(case_id: str, found: Iterable[Stone], gone: Sequence[str] = ()) -> None:
    """Keep tombstones of a case, beside those that are kept; marks of `gone` no longer count."""
    known = {stone.id: stone for stone in (*stones(case_id), *found)}
    told = [stone.to_json() for _, stone in sorted(known.items())]
    for one in told:
        marks = one["marks"]
        one["marks"] = [mark for mark in marks if mark[1] not in gone] if isinstance(marks, list) else []
    home.replace(place(case_id), json.dumps({"case": case_id, "tombstones": told}, sort_keys=True).encode())
