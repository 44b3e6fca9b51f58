"""Charts that are kept: where things lie on them, by the name of the chart.

A chart that has on it what is secret to a reader is as if it were not there. Its name is free for that reader then: what the reader
keeps under it stands apart, under the name and the officer, and leaves the other chart as it is; where that one has become secret too,
under the next number.

Nobody knows what lies on a chart of which the places are damaged: it is secret to those to whom anything is secret, except to the
officer who kept it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import count
from typing import cast

import pandas as pd

from workbench.ledger.access import own_copies
from workbench.ledger.ledger import Ledger
from workbench.ledger.storage.stored_values import parse_json


def list_charts(ledger: Ledger) -> pd.DataFrame:
    """Charts that the reader may know of, the latest first: name, officer, at, ids (list of entities).

    One that is damaged is left out; `.attrs['damaged']` has the names of such.
    """
    columns = ("name", "officer", "at", "positions")
    query = f"SELECT {', '.join(columns)} FROM charts ORDER BY at DESC, name"
    found = pd.DataFrame(ledger.reader_connection.execute(query).fetchall(), columns=pd.Index(columns))
    found["ids"] = pd.Series([_parse_ids(text) for text in found.pop("positions")], found.index, dtype=object)
    rows = zip(found["ids"], found["officer"], found["at"], strict=True)
    known = pd.Series([not _is_secret(ledger, *row) for row in rows], dtype=bool)
    damaged = found["ids"].map(lambda ids: ids is None).astype(bool)
    apart = {get_stored_name(ledger, name): name for name in found.loc[~known, "name"]}
    found["name"] = found["name"].map(lambda name: apart.get(name, name))
    shown = found[known & ~damaged].reset_index(drop=True)
    shown.attrs["damaged"] = tuple(found.loc[known & damaged, "name"])
    return shown


def get_stored_name(ledger: Ledger, name: str) -> str:
    """The name under which the reader's chart of that name is kept: the first of its names that no secret chart has."""
    return next(one for one in _list_possible_names(ledger, name) if not _has_secret(ledger, one))


def is_there(ledger: Ledger, stored: str) -> bool:
    """Whether the reader may know of a chart, by the name under which it is kept."""
    return not _has_secret(ledger, stored)


def display_name(ledger: Ledger, stored: str) -> str:
    """The name by which the reader knows a chart that is kept under a name."""
    apart = re.fullmatch(rf"(.*) \({re.escape(ledger.officer)}(?: \d+)?\)", stored, re.DOTALL)
    return apart[1] if apart and get_stored_name(ledger, apart[1]) == stored else stored


def _list_possible_names(ledger: Ledger, name: str) -> Iterator[str]:
    """A name, and those under which the reader's chart of that name may stand apart."""
    yield name
    yield f"{name} ({ledger.officer})"
    yield from (f"{name} ({ledger.officer} {number})" for number in count(2))


def _has_secret(ledger: Ledger, stored: str) -> bool:
    """Whether a chart that is secret to the reader is kept under a name."""
    query = "SELECT positions, officer, at FROM charts WHERE name = ?"
    row = ledger.reader_connection.execute(query, (stored,)).fetchone()
    return bool(row) and _is_secret(ledger, _parse_ids(row[0]), *row[1:])


def _parse_ids(text: str) -> list[str] | None:
    """What lies on a chart; None where its places are damaged."""
    places = parse_json(text, dict)
    return None if places is None or not all(map(_is_place, places.values())) else list(places)


def _is_place(place: object) -> bool:
    is_long = isinstance(place, list) and len(place) >= 2
    return is_long and all(isinstance(one, int | float) for one in cast("list[object]", place))


def _is_secret(ledger: Ledger, ids: Collection[str] | None, officer: str, at: str) -> bool:
    """Whether a chart has on it what is secret to the reader, or what was so when somebody else kept it."""
    secret = ledger.list_secret_ids()
    if ids is None:
        return bool(secret) and officer != ledger.officer
    return not secret.isdisjoint(ids) or own_copies.is_before(ledger, ids, officer, at)


def get_positions(ledger: Ledger, name: str) -> dict[str, tuple[float, float]]:
    """Saved positions of a chart, by the name under which it is kept; empty if there is none."""
    return {key: (float(place[0]), float(place[1])) for key, place in _get_places(ledger, name).items()}


def list_pinned(ledger: Ledger, name: str) -> set[str]:
    """Ids of what is pinned on a chart, by the name under which it is kept."""
    return {key for key, place in _get_places(ledger, name).items() if place[2:]}


def _get_places(ledger: Ledger, name: str) -> dict[str, list[float]]:
    row = ledger.reader_connection.execute("SELECT positions FROM charts WHERE name = ?", (name,)).fetchone()
    return (parse_json(row[0], dict) or {}) if row and _parse_ids(row[0]) else {}
