"""Products that lie in the case folder: whether each has the content that the log tells of."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from workbench.ledger import audit
from workbench.ledger.audit import Object
from workbench.ledger.finding import BAD, OK, OPEN, Finding
from workbench.ledger.folder import Folder
from workbench.ledger.store import Ledger
from workbench.ledger.walking import parsed
from workbench.model.catalogue import Sentence
from workbench.visible import spelt

KIND = "product"
WHOLE = Finding("products", OK, Sentence("verified.products.whole"))
"""That no product was changed; how many there are would tell of those that are not for whoever asks."""
QUERY = """SELECT CAST(a.entry AS BLOB), CAST(coalesce(t.text, '') AS TEXT) FROM audit AS a
    LEFT JOIN audit_texts AS t ON t.seq = a.seq AND t.field = 'object.name'
    WHERE instr(a.entry, '"kind":"product"') > 0 ORDER BY a.seq"""


@dataclass
class Products:
    """What the log tells of products.

    Attributes
    ----------
    sums : dict of str to str
        Place in the case folder -> SHA-256 of what was written there last.
    former : set of (str, str)
        Place and SHA-256 of what was written there before.
    erased : set of str
        SHA-256 of products that an erasure deleted.
    """

    sums: dict[str, str] = field(default_factory=dict)
    former: set[tuple[str, str]] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class State:
    """Places of products: changed, gone, erased and back, older than the last one written there, without a sum; how many are whole."""

    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    whole: int = 0


def keep(ledger: Ledger, folder: Folder, path: Path, sha256: str) -> None:
    """Tell the log what is about to be written to a place in the case folder."""
    place = path.resolve().relative_to(folder.path.resolve()).as_posix()
    ledger.record("consultation", Object(KIND, place, outputs=[sha256]))


def told(sql: sqlite3.Connection) -> Products:
    """What the log tells of products; one of whose name the text was erased is nobody's any more."""
    found = Products()
    if "entry" not in {row[1] for row in sql.execute("PRAGMA main.table_info(audit)").fetchall()}:
        return found
    for line, name in sql.execute(QUERY):
        entry = parsed(line) or {}
        if audit.at(entry, "object.kind") != KIND or entry.get("result") != "ok":
            continue
        if entry.get("op") == "erasure":
            hashes = entry.get("input_hashes")
            found.erased.update(map(str, hashes if isinstance(hashes, list) else ()))
            found.sums = {place: sha256 for place, sha256 in found.sums.items() if sha256 not in found.erased}
        elif name:
            found.former.add((name, found.sums.get(name, "")))
            found.sums[name] = audit.at(entry, "output_hashes.0")
    return found


def erase(ledger: Ledger, sql: sqlite3.Connection, known: Products, files: Iterable[str], because: str) -> None:
    """Tell the log which products an erasure deletes, inside its transaction: by their sums, since names may tell."""
    deleted = set(files)
    gone = {sha256 for place, sha256 in (*known.sums.items(), *known.former) if place in deleted and sha256}
    if gone:
        ledger.log(sql, "erasure", Object(KIND, inputs=sorted(gone)), {"because": because})


def state(sql: sqlite3.Connection, folder: Folder, hash_of: Callable[[Path], str]) -> State:
    """Compare products with what the log tells of them."""
    known = told(sql)
    lists: dict[str, list[str]] = {name: [] for name in ("changed", "gone", "back", "older", "unknown", "whole")}
    reports = {f"{folder.reports.name}/{name}" for name in folder.vault.names(folder.reports)}
    for place in sorted({*known.sums, *reports}):
        path = folder.path / place
        there = folder.within(path) and folder.vault.place(path).is_file()
        hash_ = hash_of(path) if there else ""
        lists[_state(known, place, hash_, there=there)].append(place)
    changed, gone, back, older, unknown = (tuple(places) for name, places in lists.items() if name != "whole")
    return State(changed, gone, back, older, unknown, len(lists["whole"]))


def _state(known: Products, place: str, hash_: str, *, there: bool) -> str:
    if not there:
        return "gone"
    if hash_ in known.erased:
        return "back"
    if place not in known.sums:
        return "unknown"
    if hash_ == known.sums[place]:
        return "whole"
    return "older" if (place, hash_) in known.former else "changed"  # writing the last one may have been interrupted


def findings(sql: sqlite3.Connection, folder: Folder, hash_of: Callable[[Path], str]) -> Iterator[Finding]:
    """What is to be said of products. One that a person may have removed is told, and not bad."""
    found = state(sql, folder, hash_of)
    for how, level in (("changed", BAD), ("back", BAD), ("gone", OPEN), ("older", OPEN), ("unknown", OPEN)):
        for place in getattr(found, how):
            yield Finding("products", level, Sentence(f"verified.products.{how}", name=spelt(place)))
    if not found.changed and not found.back:
        yield WHOLE
