"""Products that lie in the case folder: whether each has the content that the log tells of."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from workbench.ledger.ledger import Ledger
from workbench.ledger.log import audit_log
from workbench.ledger.log.audit_log import Object
from workbench.ledger.log.finding import BAD, OK, OPEN, LogFinding
from workbench.ledger.log.log_walk import parse_entry
from workbench.ledger.records import disclosures
from workbench.ledger.storage.case_folder import Folder
from workbench.ledger.storage.file_inventory import Hash
from workbench.ledger.storage.file_vault import UNREAD
from workbench.model.catalogue import Sentence
from workbench.visible import escape_unprintable

KIND, ABOUT = "product", ".about.json"
"""Kind of its entries in the log; the end of the name of what is said of an export beside it."""
WHOLE = LogFinding("products", OK, Sentence("verified.products.whole"))
"""That no product was changed; how many there are would tell of those that are not for whoever asks."""
QUERY = """SELECT CAST(a.entry AS BLOB), CAST(coalesce(t.text, '') AS TEXT), CAST(coalesce(p.text, '') AS TEXT) FROM audit AS a
    LEFT JOIN audit_texts AS t ON t.seq = a.seq AND t.field = 'object.name'
    LEFT JOIN audit_texts AS p ON p.seq = a.seq AND p.field = 'tool.params'
    WHERE instr(a.entry, '"kind":"product"') > 0 ORDER BY a.seq"""


@dataclass(frozen=True, slots=True)
class ProductBasis:
    """What is said of a product: its mark, as printed on it, and of which entities and documents it tells."""

    mark: str
    named: frozenset[str] = frozenset()


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
    marked : dict of str to list of Told
        SHA-256 -> what is said of a product, each time it was written; of one from before it was said there is nothing.
    sizes : dict of str to int
        SHA-256 -> bytes of a product; of one from before it was said there is nothing.
    """

    sums: dict[str, str] = field(default_factory=dict)
    former: set[tuple[str, str]] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    marked: dict[str, list[ProductBasis]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def list_sizes(self, place: str) -> set[int]:
        """Bytes that may lie at a place, now or once, or were erased; none where that is not said of all of them."""
        hashes = {self.sums[place], *self.erased, *(sha256 for other, sha256 in self.former if other == place)}
        return {self.sizes[one] for one in hashes} if hashes <= self.sizes.keys() else set()


@dataclass(frozen=True, slots=True)
class State:
    """Places of products: changed, gone, erased and back, older than the last there, without a sum, not compared; how many are whole.

    Not compared (`large`) is one of which the log has no size, and that is larger than `file_vault.LARGEST`.
    """

    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    large: tuple[str, ...] = ()
    whole: int = 0


def log_product(ledger: Ledger, folder: Folder, path: Path, data: bytes, said: ProductBasis) -> None:
    """Tell the log what is about to be written to a place in the case folder, under which mark, and of what it tells.

    Raises
    ------
    ChangedError
        If something was erased or excluded since the act began.
    """
    place = path.resolve().relative_to(folder.path.resolve()).as_posix()
    detail = {"mark": said.mark, "of": sorted(said.named), "size": len(data)}
    what = Object(KIND, place, outputs=[hashlib.sha256(data).hexdigest()], mark=said.mark)
    with ledger.open_transaction() as sql:
        ledger.check_unchanged(sql)
        ledger.log(sql, "consultation", what, detail)


def load_products(sql: sqlite3.Connection) -> Products:
    """What the log tells of products; one of whose name the text was erased is nobody's any more."""
    found = Products()
    if "entry" not in {row[1] for row in sql.execute("PRAGMA main.table_info(audit)").fetchall()}:
        return found
    for line, name, detail in sql.execute(QUERY):
        entry = parse_entry(line) or {}
        if audit_log.get_value(entry, "object.kind") != KIND or entry.get("result") != "ok":
            continue
        if entry.get("op") == "erasure":
            hashes = entry.get("input_hashes")
            found.erased.update(map(str, hashes if isinstance(hashes, list) else ()))
            found.sums = {place: sha256 for place, sha256 in found.sums.items() if sha256 not in found.erased}
        elif name:
            if name in found.sums:
                found.former.add((name, found.sums[name]))
            found.sums[name] = audit_log.get_value(entry, "output_hashes.0")
            _add_details(found, found.sums[name], detail)
    return found


def _add_details(found: Products, sha256: str, detail: str) -> None:
    """Add what an entry says of the product that it tells of; nothing where it is from before that was said, or was erased."""
    told = found.marked.setdefault(sha256, [])
    try:
        said = json.loads(detail or "{}")
    except (ValueError, RecursionError):
        return
    if not isinstance(said, dict):
        return
    if isinstance(named := said.get("of"), list) and (mark := audit_log.get_value(said, "mark")):
        told.append(ProductBasis(mark, frozenset(map(str, named))))
    if isinstance(size := said.get("size"), int):
        found.sizes[sha256] = size


def find_stem(name: Path) -> Path:
    """What the files of one product have in common: the page and its PDF, the table and what is said of it beside it.

    >>> find_stem(Path("reports/all.xlsx.about.json")) == find_stem(Path("reports/all.xlsx")) == Path("reports/all")
    True
    """
    return name.with_name(name.name.removesuffix(ABOUT)).with_suffix("")


def list_restricted(ledger: Ledger, folder: Folder) -> frozenset[str]:
    """Names (`name_of`) of products that tell of what the officer may not even know to be there, and of what lies beside them.

    One of which nothing is said is taken to tell of all that is in the case.
    """
    vault, known = folder.vault, load_products(ledger.connection)
    secret, judged = ledger.list_secret_ids(), disclosures.list_restrictions(ledger)
    for sha256, said in known.marked.items():
        judged[sha256] = judged.get(sha256, False) or any(_is_closed(ledger, one, secret) for one in said)
    if not secret and not any(judged.values()):
        return frozenset()
    found = {name_of(folder, one): judged.get(sha256, bool(secret)) for one, sha256 in known.sums.items()}
    for place in _list_files(folder):
        name, hash_ = name_of(folder, place), vault.hash(folder.path / place)
        found[name] = judged.get(hash_, name not in found and bool(secret)) or found.get(name, False)
    names = [name for name, is_closed in found.items() if is_closed]
    return frozenset(
        other for name in names for other in (name, f"{name}{ABOUT}", Path(name).with_suffix(".pdf").as_posix())
    )


def _list_files(folder: Folder) -> list[str]:
    """Places of the files in `reports/` and in the folders below it."""
    folders = [Path(found) for found, _, _ in os.walk(folder.reports)]
    return [
        (one / name).relative_to(folder.path).as_posix() for one in folders for name in folder.vault.list_names(one)
    ]


def name_of(folder: Folder, place: str) -> str:
    """The name of a product: as it lies from `reports/`, or the last part of a place elsewhere in the case."""
    path, reports = Path(place), Path(folder.reports.name)
    return path.relative_to(reports).as_posix() if path.is_relative_to(reports) else path.name


def _is_closed(ledger: Ledger, said: ProductBasis, secret: Collection[str]) -> bool:
    return not said.named.isdisjoint(secret) or (ledger.gate is not None and ledger.gate.is_closed(said.mark))


def record_erasure(
    ledger: Ledger, sql: sqlite3.Connection, known: Products, files: Iterable[str], because: str
) -> None:
    """Tell the log which products an erasure deletes, inside its transaction: by their sums, since names may tell."""
    deleted = set(files)
    gone = {sha256 for place, sha256 in (*known.sums.items(), *known.former) if place in deleted and sha256}
    if gone:
        ledger.log(sql, "erasure", Object(KIND, inputs=sorted(gone)), {"because": because})


def _is_file(path: Path) -> bool:
    """Whether a file lies there; none does under a name that the system cannot hold."""
    try:
        return path.is_file()
    except OSError:
        return False


def compare_products(sql: sqlite3.Connection, folder: Folder, hash_of: Hash, hidden: Collection[str] = ()) -> State:
    """Compare products with what the log tells of them, but for those with names that are hidden from who asks."""
    known = load_products(sql)
    lists: dict[str, list[str]] = {
        name: [] for name in ("changed", "gone", "back", "older", "unknown", "large", "whole")
    }
    for place in sorted(one for one in {*known.sums, *_list_files(folder)} if name_of(folder, one) not in hidden):
        path = folder.path / place
        there = folder.is_inside(path) and _is_file(folder.vault.place(path))
        hash_ = _compute_hash(known, place, hash_of, path) if there else ""
        lists[_get_state(known, place, hash_, there=there)].append(place)
    changed, gone, back, older, unknown, large = (tuple(places) for name, places in lists.items() if name != "whole")
    return State(changed, gone, back, older, unknown, large, len(lists["whole"]))


def _compute_hash(known: Products, place: str, hash_of: Hash, path: Path) -> str:
    """SHA-256 of what lies at a place, as far as it can be one that the log tells of."""
    if place not in known.sums:
        return hash_of(path, ()) if known.erased else ""
    return hash_of(path, known.list_sizes(place))


def _get_state(known: Products, place: str, hash_: str, *, there: bool) -> str:
    if not there:
        return "gone"
    if hash_ in known.erased:
        return "back"
    if place not in known.sums:
        return "unknown"
    if hash_ == known.sums[place]:
        return "whole"
    if hash_ == UNREAD and known.sums[place] not in known.sizes:
        return "large"
    return "older" if (place, hash_) in known.former else "changed"  # writing the last one may have been interrupted


def list_findings(sql: sqlite3.Connection, folder: Folder, hash_of: Hash) -> Iterator[LogFinding]:
    """What is to be said of products. One that a person may have removed is told, and not bad."""
    found = compare_products(sql, folder, hash_of)
    for how, level in (
        ("changed", BAD),
        ("back", BAD),
        ("gone", OPEN),
        ("older", OPEN),
        ("unknown", OPEN),
        ("large", OPEN),
    ):
        for place in getattr(found, how):
            said = Sentence(f"verified.products.{how}", name=escape_unprintable(place))
            yield LogFinding("products", level, said, about=frozenset({place}))
    if not found.changed and not found.back:
        yield WHOLE
