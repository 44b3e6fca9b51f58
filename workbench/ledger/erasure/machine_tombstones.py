"""Tombstones as this machine remembers them, outside of every case: so that a backup that is restored does not bring back what was erased.

::

    HOME/erased/<id of the case>.json     kind, time and keyed hashes of each tombstone; no name, no reason, no officer
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from workbench.errors import CaseError
from workbench.identity.core import key_store
from workbench.ledger.erasure.tombstones import Stone
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_digest
from workbench.model.machine.atomic_write import read_bounded

FOLDER = "erased"
LARGEST = 1 << 28
"""Bytes of one file."""
PLAIN = re.compile(r"[0-9a-z-]{1,64}")
OF_CASE = re.compile(r"[0-9a-f]{32}\.json")
"""Name of a file that is one case's."""


def build_path(case_id: str) -> Path:
    """Where the tombstones of a case are remembered. The file may be carried to another machine.

    An id that is none, in a folder of somebody else's, names a file of its own here all the same.
    """
    name = case_id if PLAIN.fullmatch(case_id) else compute_digest("case", case_id)
    return key_store.folder() / FOLDER / f"{name}.json"


def list_stones(case_id: str) -> list[Stone]:
    """Tombstones of a case that this machine knows, under whatever name their file was carried here.

    Raises
    ------
    CaseError
        If a file that is theirs, or may be, cannot be read: what they know again could come back.
    """
    if damaged := [path for path in find_damaged() if _may_be_of(path, case_id)]:
        raise CaseError(
            Sentence(
                "The file '{path}' is damaged. It lists what was erased. Without this list, a restored "
                "backup could bring erased content back. Restore the file from a backup of the identity "
                "folder, or copy it from another computer with the case. If you have no copy, move the "
                "damaged file to another folder. The program then no longer knows what was erased in "
                "other copies of the case.",
                path=damaged[0],
            )
        )
    return [stone for path in _list_case_files(case_id) for stone in _read_file(path)[1]]


def _list_case_files(case_id: str) -> list[Path]:
    """Files in which tombstones of a case are remembered."""
    return [path for path in _list_files() if _is_whole(path) and _read_file(path)[0] == case_id]


def _list_files() -> list[Path]:
    return sorted((key_store.folder() / FOLDER).glob("*.json"))


def find_damaged() -> list[Path]:
    """Files of tombstones in the identity home that cannot be read, by name."""
    return [path for path in _list_files() if not _is_whole(path)]


def _is_whole(path: Path) -> bool:
    try:
        case_id, _ = _read_file(path)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False
    return path == build_path(case_id) or not OF_CASE.fullmatch(path.name)


def _read_file(path: Path) -> tuple[str, list[Stone]]:
    """The id of the case of a file, and its tombstones, each with its id and its marks."""
    data = json.loads(read_bounded(path, LARGEST))
    case_id, told = data["case"], data["tombstones"]
    is_formed = isinstance(case_id, str) and case_id and isinstance(told, list)
    if not is_formed or not all(one["id"] and isinstance(one["marks"], list) for one in told):
        raise ValueError(path.name)
    return case_id, [Stone.from_json(one) for one in told]


def _may_be_of(path: Path, case_id: str) -> bool:
    """Whether a damaged file is that of a case, by its name or by what is left in it."""
    if path == build_path(case_id):
        return True
    try:
        return case_id.encode() in read_bounded(path, LARGEST)
    except OSError:
        return False


def save_tombstones(case_id: str, found: Iterable[Stone], gone: Sequence[str] = ()) -> None:
    """Keep tombstones of a case, beside those that are kept; marks of `gone` no longer count."""
    known = {stone.id: stone for stone in (*list_stones(case_id), *found)}
    told = [stone.to_json() for _, stone in sorted(known.items())]
    for one in told:
        marks = one["marks"]
        one["marks"] = [mark for mark in marks if mark[1] not in gone] if isinstance(marks, list) else []
    text = json.dumps({"case": case_id, "tombstones": told}, sort_keys=True).encode()
    for path in dict.fromkeys((build_path(case_id), *_list_case_files(case_id))):
        key_store.replace_file(path, text)
