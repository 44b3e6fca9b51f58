"""Whether the rows of a ledger are those that its log tells of."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.ledger.log import audit_log
from workbench.ledger.log.finding import BAD, OK, OPEN, LogFinding
from workbench.ledger.log.log_walk import Walk
from workbench.ledger.log.row_commitments import (
    READ,
    Group,
    compute_digest,
    compute_leaf,
    list_bound_tables,
    list_row_hashes,
)
from workbench.model.catalogue import Sentence, get_term
from workbench.visible import escape_unprintable

CHECK = "ledger rows"
Watch = Callable[[str, Iterable[tuple[object, ...]]], Iterable[tuple[object, ...]]]
"""Passes the rows of a table through one by one, for a progress bar."""
SHOWN = 5
"""Rows that are named in a sentence."""


def pass_rows(_: str, rows: Iterable[tuple[object, ...]]) -> Iterable[tuple[object, ...]]:
    """The rows as they are."""
    return rows


@dataclass
class _Table:
    """What the comparison of one table gave: per entry how many of its rows are missing, the keys of rows that none tells of.

    `met`: the entries under which the hashes of rows that are there stand. `cells`: all that the rows of which none tells hold.
    """

    count: int = 0
    missing: Counter[int] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)
    cells: set[str] = field(default_factory=set)
    met: set[int] = field(default_factory=set)
    waiting: int = 0


def list_findings(sql: sqlite3.Connection, found: Walk, watch: Watch = pass_rows) -> Iterator[LogFinding]:
    """All that is to be said of the rows, each with the first entry that cannot be relied on."""
    if sql.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('row_marks', 'row_salts')").fetchone() != (2,):
        gone, said = (
            Sentence(
                "The hashes that are needed to compare rows with the log are missing. Restore the case from a backup."
            ),
            Sentence(
                "The log does not protect the rows yet, because an older version of the program created the case "
                "(format version below 13). Open the case once, so that the program updates it."
            ),
        )
        yield LogFinding(CHECK, BAD, gone) if found.rows else LogFinding(CHECK, OPEN, said)
        return
    tables, forged = list_bound_tables(sql), _find_forged(sql, found)
    kinds = sorted({*tables, *(kind for kind, _ in found.rows)})
    compared = {kind: _compare_rows(sql, kind, tables, found, watch) for kind in kinds}
    bad = sorted(
        {one for kind in kinds for one in _report_table(sql, kind, compared[kind], found, forged)},
        key=lambda one: one.entry,
    )
    bad += _find_stray_salts(sql, compared, found)
    yield from bad
    if not bad:
        yield LogFinding(CHECK, OK, _describe_valid_rows(compared, found))
    if waiting := sum(one.waiting for one in compared.values()):
        yield LogFinding(CHECK, OPEN, Sentence("verified.rows.waiting", count=waiting), about=None)


def _describe_valid_rows(compared: Mapping[str, _Table], found: Walk) -> str:
    rows = sum(one.count - one.waiting for one in compared.values())
    gone = sum(first - last for first, last in found.reduced.values())
    whole = Sentence("verified.rows.whole", count=rows, tables=len(compared))
    return Sentence("verified.rows.replaced", said=whole, count=gone) if gone else whole


def _find_forged(sql: sqlite3.Connection, found: Walk) -> dict[Group, int]:
    """Groups whose hashes are not those that the log commits to, and how many there are of each now."""
    salts = {(kind, seq): salt for kind, seq, salt in sql.execute("SELECT kind, entry, salt FROM row_salts")}
    forged = {}
    for group, told in found.rows.items():
        salt = salts.get(group)
        made = compute_digest(salt if isinstance(salt, bytes) else b"", list_row_hashes(sql, *group))
        if made != (told.count, told.digest):
            forged[group] = made[0]
    return forged


def _find_stray_salts(sql: sqlite3.Connection, compared: Mapping[str, _Table], found: Walk) -> list[LogFinding]:
    """Salts under numbers of which no entry tells, where no row or hash beside says so already."""
    query = "SELECT kind, CAST(entry AS INTEGER) FROM row_salts"
    strays: Counter[str] = Counter()
    for kind, entry in sql.execute(query).fetchall():
        table = compared.get(str(kind), _Table())
        waits = _may_wait(str(kind), entry, found)
        strays[str(kind)] += (
            not waits and (kind, entry) not in found.rows and entry not in table.met | table.missing.keys()
        )
    said = {
        kind: Sentence("verified.rows.salts", n=count, table=escape_unprintable(f"{kind:.60}"))
        for kind, count in sorted(strays.items())
        if count
    }
    return [LogFinding(CHECK, BAD, one, about=None) for one in said.values()]


def _may_wait(kind: str, entry: int, found: Walk) -> bool:
    """Whether what stands under a number may wait for the next entry."""
    return entry == found.size + 1 and (kind in READ or not found.rows)


def _compare_rows(
    sql: sqlite3.Connection, kind: str, tables: Mapping[str, Sequence[str]], found: Walk, watch: Watch
) -> _Table:
    """Take the rows of a table and the hashes of those that came, and see what is left of either."""
    held = dict(sql.execute("SELECT leaf, CAST(entry AS INTEGER) FROM row_marks WHERE kind = ?", (kind,)))
    made, columns = _Table(), tables.get(kind, ())
    keys = [row[1] for row in sql.execute(f'PRAGMA main.table_info("{kind}")').fetchall() if row[5]] if columns else []
    for row in watch(kind, sql.execute(f'SELECT * FROM main."{kind}"') if columns else ()):
        entry = held.pop(compute_leaf(kind, *row), None)
        made.count += 1
        made.met |= {entry} - {None}
        if entry is not None and _may_wait(kind, entry, found):
            made.waiting += 1
        elif entry is None or (kind, entry) not in found.rows:
            made.strange.append(_format_key(dict(zip(columns, row, strict=True)), keys or columns))
            made.cells |= _list_ids(row)
    made.missing = Counter(held.values())
    return made


def _list_ids(row: Sequence[object]) -> set[str]:
    """What may be an id in a row: each of its texts, and those in lists of JSON."""
    texts = {value for value in row if isinstance(value, str)}
    return texts | {part for text in texts if text[:1] in ("[", "{") for part in text.split('"')}


def _format_key(row: Mapping[str, object], keys: Iterable[str]) -> str:
    return " ".join(f"{row[name]!s:.60}" for name in keys)


def _report_table(
    sql: sqlite3.Connection, kind: str, table: _Table, found: Walk, forged: Mapping[Group, int]
) -> Iterator[LogFinding]:
    strange, missing = table.strange, table.missing
    named = f"{', '.join(map(escape_unprintable, strange[:SHOWN]))}{' …' if len(strange) > SHOWN else ''}"
    changed = len(strange) == missing.total()
    how = "changed" if changed else "either" if strange else "missing"
    what = Sentence(f"verified.rows.how.{how}", **({"names": named} if changed else {}))
    first = min((entry for entry in missing if (kind, entry) in found.rows), default=0)
    brought = _collect_row_ids(sql, kind, missing) if changed else {}
    for entry, number in missing.items():
        told, values = found.rows.get((kind, entry)), {"entry": _describe_entry(sql, entry), "table": kind, "how": what}
        of = (
            Sentence(
                "{entry}: {n} of {whole} rows of {table} is {how}.",
                "{entry}: {n} of {whole} rows of {table} are {how}.",
                n=number,
                whole=told.count,
                **values,
            )
            if told
            else ""
        )
        about = frozenset(brought[entry] | _list_object_ids(sql, entry) | table.cells) if changed else None
        yield LogFinding(CHECK, BAD, of or Sentence("verified.rows.wrong", n=number, **values), entry, about)
    if strange and not changed:
        said = Sentence("verified.rows.untold", n=len(strange), table=kind, names=named)
        yield LogFinding(CHECK, BAD, said, first, frozenset(table.cells))
    for (of_kind, entry), number in forged.items():
        if of_kind == kind and entry not in missing:
            wanted = found.rows[kind, entry].count
            said = Sentence(
                "verified.rows.forged",
                n=wanted,
                entry=_describe_entry(sql, entry),
                table=kind,
                how=_describe_difference(number - wanted),
            )
            yield LogFinding(CHECK, BAD, said, entry, None)


def _collect_row_ids(sql: sqlite3.Connection, kind: str, entries: Collection[int]) -> dict[int, set[str]]:
    """What the rows hold that came into a table with some entries and are there as they came, by entry; in one pass."""
    found: dict[int, set[str]] = {entry: set() for entry in entries}
    held = dict(sql.execute("SELECT leaf, CAST(entry AS INTEGER) FROM row_marks WHERE kind = ?", (kind,)))
    for row in sql.execute(f'SELECT * FROM main."{kind}"') if entries else ():
        if (entry := held.get(compute_leaf(kind, *row))) in found:
            found[entry] |= _list_ids(row)
    return found


def _list_object_ids(sql: sqlite3.Connection, entry: int) -> set[str]:
    """What an entry was about, and the source of that."""
    _, key = _get_object(sql, entry)
    of = sql.execute("SELECT source FROM runs WHERE id = ?", (key,)).fetchone() if key else None
    return {key, *map(str, of or ())} - {""}


def _describe_difference(more: int) -> str:
    """How many rows are too many, or too few."""
    if not more:
        return Sentence("verified.rows.found.changed")
    return Sentence("verified.rows.found.more" if more > 0 else "verified.rows.found.less", count=abs(more))


def _describe_entry(sql: sqlite3.Connection, seq: int) -> str:
    """An entry, and what it was about where that can be told: 'Entry 4 (collection of run chat.txt)'."""
    entry = _get_entry(sql, seq)
    if not entry:
        return Sentence("Entry {entry}", entry=str(seq))
    kind, key = _get_object(sql, seq)
    found = sql.execute(*((SOURCE, (key, key)) if kind in ("run", "source") else (OBJECT, (seq,)))).fetchone()
    values = {"entry": str(seq), "op": get_term("verified.op", audit_log.get_value(entry, "op")), "kind": kind}
    if not found:
        return Sentence("Entry {entry} ({op}: {kind})", **values)
    return Sentence("Entry {entry} ({op}: {kind} {name})", name=escape_unprintable(f"{found[0]!s:.60}"), **values)


def _get_object(sql: sqlite3.Connection, seq: int) -> tuple[str, str]:
    """Kind and id of what an entry is about."""
    entry = _get_entry(sql, seq)
    return audit_log.get_value(entry, "object.kind"), audit_log.get_value(entry, "object.id")


def _get_entry(sql: sqlite3.Connection, seq: int) -> dict[str, object]:
    """An entry; nothing where it cannot be read."""
    row = sql.execute("SELECT entry FROM audit WHERE seq = ?", (seq,)).fetchone()
    try:
        entry = json.loads(row[0]) if row else {}
    except (ValueError, TypeError, RecursionError):
        return {}
    return entry if isinstance(entry, dict) else {}


OBJECT = "SELECT text FROM audit_texts WHERE seq = ? AND field = 'object.name'"
SOURCE = "SELECT name FROM sources WHERE sha256 = ? OR sha256 = (SELECT source FROM runs WHERE id = ?)"
