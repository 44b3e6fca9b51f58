"""Tombstones as this machine remembers them, outside of every case: so that a backup that is restored does not bring back what was erased.

::

    HOME/erased/<id of the case>.json     kind, time and keyed hashes of each tombstone; no name, no reason, no officer
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from workbench.ledger.tombstones import Stone
from workbench.model.ident import digest
from workbench.model.identity import home

FOLDER = "erased"
PLAIN = re.compile(r"[0-9a-z-]{1,64}")


def place(case_id: str) -> Path:
    """Where the tombstones of a case are remembered. The file may be carried to another machine.

    An id that is none, in a folder of somebody else's, names a file of its own here all the same.
    """
    name = case_id if PLAIN.fullmatch(case_id) else digest("case", case_id)
    return home.folder() / FOLDER / f"{name}.json"


def stones(case_id: str) -> list[Stone]:
    """Tombstones of a case that this machine knows; one file that cannot be read says nothing."""
    try:
        data = json.loads(place(case_id).read_text("utf-8"))
        return [Stone.from_json(one) for one in data["tombstones"]]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return []


def remember(case_id: str, found: Iterable[Stone], gone: Sequence[str] = ()) -> None:
    """Keep tombstones of a case, beside those that are kept; marks of `gone` no longer count."""
    known = {stone.id: stone for stone in (*stones(case_id), *found)}
    told = [stone.to_json() for _, stone in sorted(known.items())]
    for one in told:
        marks = one["marks"]
        one["marks"] = [mark for mark in marks if mark[1] not in gone] if isinstance(marks, list) else []
    home.replace(place(case_id), json.dumps({"case": case_id, "tombstones": told}, sort_keys=True).encode())
