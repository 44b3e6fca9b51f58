"""A change of who can open an encrypted case. The log decides: what it does not tell of counts for nothing.

What comes is written beside, in one file; the log names that file by its hash; then it is put in place. Whatever interrupts it, the
files of before count until the entry is in the log, and those that come from then on.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.ledger import casekey
from workbench.ledger.audit import Object
from workbench.ledger.casekey import CaseKey
from workbench.ledger.cipher import glance
from workbench.ledger.deletion import delete, refuse_links
from workbench.ledger.vault import own
from workbench.model.files import write_atomic

if TYPE_CHECKING:
    from sqlite3 import Connection

    from workbench.ledger.store import Ledger

FILE = "coming.json"
KIND = "case key"
"""What entries of the log call a change of who can open the case."""
NAMES = re.compile(rf"{re.escape(casekey.FILE)}|{casekey.FOLDER}/[0-9a-z.]+\.age")
Files = Mapping[str, bytes | None]
"""Name in the case folder -> content; None for one that goes."""


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A change that lies beside.

    Attributes
    ----------
    id : str
        SHA-256 of its file, by which the log names it.
    files : mapping
        What comes and goes.
    """

    id: str
    files: Files


def make(folder: Path, ledger: Ledger, files: Files, told: Mapping[str, object]) -> None:
    """Log a change; from then on it counts. The caller holds the entrance, and puts it in place by `settle`."""
    packed = {name: None if data is None else base64.b64encode(data).decode() for name, data in files.items()}
    whole = json.dumps(packed, sort_keys=True).encode()
    refuse_links(_place(folder).parent)
    write_atomic(_place(folder), whole, mode=0o600)
    ledger.record("alteration", Object(KIND, id=hashlib.sha256(whole).hexdigest()), told)


def find(folder: Path) -> KeyChange | None:
    """The change that lies beside; None where none does, or what lies there is none."""
    try:
        with own(_place(folder)) as file:
            whole = file.read()
        packed = json.loads(whole)
        files = {name: None if data is None else base64.b64decode(data) for name, data in packed.items()}
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    is_ours = all(NAMES.fullmatch(name) for name in files)
    return KeyChange(hashlib.sha256(whole).hexdigest(), files) if is_ours else None


def settle(folder: Path, key: CaseKey) -> str:
    """Put a change in place that the log tells of, and drop one that it does not; the caller holds the entrance.

    Gives 'made' or 'dropped', '' where no change lies there.
    """
    change = find(folder)
    if change is None:
        delete(_place(folder))
        return ""
    is_logged = _is_logged(folder, key, change)
    if is_logged:
        _put_in_place(folder, change)
    delete(_place(folder))
    return "made" if is_logged else "dropped"


def take_up(folder: Path, by: Callable[[KeyChange | None], CaseKey | None]) -> CaseKey | None:
    """The key of a case by files that count; `by` finds it by those of before (None), or by those that a change brings."""
    change = find(folder)
    if change is None:
        return by(None)
    before, after = by(None), by(change)
    key = before or after
    if key is None:
        return None
    return after if _is_logged(folder, key, change) else before


def find_counting(folder: Path, sql: Connection) -> KeyChange | None:
    """The change that counts already and is not in place yet."""
    change = find(folder)
    return change if change and is_told(sql, change.id) else None


def is_told(sql: Connection, change: str) -> bool:
    """Whether the log tells of a change."""
    query = "SELECT 1 FROM audit WHERE op = 'alteration' AND result = 'ok' AND instr(entry, ?) LIMIT 1"
    return sql.execute(query, (f'"{change}"',)).fetchone() is not None


def read(folder: Path, name: str, change: KeyChange | None) -> bytes | None:
    """A file of the key as it is after a change; None where there is none."""
    if change and name in change.files:
        return change.files[name]
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        return None


def _is_logged(folder: Path, key: CaseKey, change: KeyChange) -> bool:
    ledger = folder / "ledger.db"
    if not ledger.is_file():
        return False
    sql = glance(ledger, key.ledger)
    try:
        return is_told(sql, change.id)
    finally:
        sql.close()


def _put_in_place(folder: Path, change: KeyChange) -> None:
    for name, data in change.files.items():
        path = folder / name
        refuse_links(path.parent)
        if data is None:
            delete(path)
        else:
            write_atomic(path, data, mode=0o600)


def _place(folder: Path) -> Path:
    return folder / casekey.FOLDER / FILE
