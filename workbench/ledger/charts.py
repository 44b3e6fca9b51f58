"""Charts that are kept: where things lie on them, by the name of the chart.

A chart that has on it what is secret to a reader is as if it were not there. Its name is free for that reader then: what the reader
keeps under it stands apart, under the name and the officer, and leaves the other chart as it is.
"""

from __future__ import annotations

import json
from collections.abc import Collection

import pandas as pd

from workbench.ledger import owncopies
from workbench.ledger.store import Ledger


def frame(ledger: Ledger) -> pd.DataFrame:
    """Charts that the reader may know of, the latest first: name, officer, at, ids (list of entities)."""
    columns = ("name", "officer", "at", "positions")
    query = f"SELECT {', '.join(columns)} FROM charts ORDER BY at DESC, name"
    found = pd.DataFrame(ledger.reading.execute(query).fetchall(), columns=pd.Index(columns))
    found["ids"] = [list(json.loads(text)) for text in found.pop("positions")]
    rows = zip(found["ids"], found["officer"], found["at"], strict=True)
    known = pd.Series([not _is_secret(ledger, *row) for row in rows], dtype=bool)
    apart = {_apart(ledger, name): name for name in found.loc[~known, "name"]}
    found["name"] = found["name"].map(lambda name: apart.get(name, name))
    return found[known].reset_index(drop=True)


def stored_name(ledger: Ledger, name: str) -> str:
    """The name under which the reader's chart of that name is kept."""
    row = ledger.reading.execute("SELECT officer, at FROM charts WHERE name = ?", (name,)).fetchone()
    return _apart(ledger, name) if row and _is_secret(ledger, _places(ledger, name), *row) else name


def _is_secret(ledger: Ledger, ids: Collection[str], officer: str, at: str) -> bool:
    """Whether a chart has on it what is secret to the reader, or what was so when somebody else kept it."""
    secret = ledger.gate.secret(ledger) if ledger.gate else frozenset()
    return not secret.isdisjoint(ids) or owncopies.is_before(ledger, ids, officer, at)


def positions(ledger: Ledger, name: str) -> dict[str, tuple[float, float]]:
    """Saved positions of a chart, by the name under which it is kept; empty if there is none."""
    return {key: (float(place[0]), float(place[1])) for key, place in _places(ledger, name).items()}


def pinned(ledger: Ledger, name: str) -> set[str]:
    """Ids of what is pinned on a chart, by the name under which it is kept."""
    return {key for key, place in _places(ledger, name).items() if place[2:]}


def _apart(ledger: Ledger, name: str) -> str:
    return f"{name} ({ledger.officer})"


def _places(ledger: Ledger, name: str) -> dict[str, list[float]]:
    row = ledger.reading.execute("SELECT positions FROM charts WHERE name = ?", (name,)).fetchone()
    found: dict[str, list[float]] = json.loads(row[0]) if row else {}
    return found
