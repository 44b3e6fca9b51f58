"""Cases that this officer has opened from the start page: a file in the officer's own home, of which only title and mark are shown.

::

    HOME/recent.json    officer (name given last), language (chosen last), cases: folder, title, mark, opened (UTC), the latest first

A case that is opened by `open_case` alone is not written down: opening a notebook writes nothing outside the case.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from workbench.case.verbs import unlock
from workbench.identity.core import key_store
from workbench.ledger import Folder
from workbench.ledger.storage.case_key import is_encrypted
from workbench.model.catalogue import LANGUAGES
from workbench.model.machine.atomic_write import parse_nested, read_bounded

FILE = "recent.json"
MOST = 20
"""Cases that are remembered."""
LARGEST = 1 << 18
"""Bytes of the file that are read."""
GONE, LOCKED = "gone", "locked"


@dataclass(frozen=True, slots=True)
class Recent:
    """A case that was opened: its folder, title, mark, and when it was opened last (UTC)."""

    folder: str
    title: str
    mark: str
    opened: str

    @property
    def state(self) -> str:
        """GONE where the folder holds no case now, LOCKED where a passphrase is asked for, else ''."""
        place = Path(self.folder)
        if not Folder(place).ledger.is_file():
            return GONE
        return LOCKED if is_encrypted(place) and not unlock.is_unlocked(place) else ""


def list_cases() -> list[Recent]:
    """Cases that were opened, the latest first; nothing where the file is missing or is not what it should be."""
    listed = _read_file().get("cases", [])
    return [one for one in map(_parse_case, listed if isinstance(listed, list) else []) if one][:MOST]


def get_officer() -> str:
    """The name that was given last, '' if none was."""
    name = _read_file().get("officer", "")
    return name if isinstance(name, str) else ""


def get_language() -> str:
    """The language that was chosen last, '' if none was."""
    said = _read_file().get("language", "")
    return said if isinstance(said, str) and said in LANGUAGES else ""


def add_case(case: Recent, who: str) -> None:
    """Put a case first, and keep the name of the officer."""
    _write_file([case, *(one for one in list_cases() if one.folder != case.folder)], officer=who)


def remove_case(folder: str) -> None:
    """Take a case off the list; the case itself stays as it is."""
    _write_file([one for one in list_cases() if one.folder != folder])


def save_language(chosen: str) -> None:
    """Keep the language that was chosen."""
    _write_file(list_cases(), language=chosen)


def _read_file() -> Mapping[str, object]:
    path = key_store.folder() / FILE
    try:
        data = parse_nested(read_bounded(path, LARGEST).decode("utf-8"), json.loads)
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _parse_case(row: object) -> Recent | None:
    names = [field.name for field in fields(Recent)]
    if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in names):
        return None
    return Recent(**{name: row[name] for name in names})


def _write_file(listed: list[Recent], **said: str) -> None:
    """Write the list, with what is said beside it; what is not stays as it was."""
    made = {
        "officer": get_officer(),
        "language": get_language(),
        **said,
        "cases": [asdict(one) for one in listed[:MOST]],
    }
    key_store.replace_file(
        key_store.folder() / FILE, json.dumps(made, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
    )
