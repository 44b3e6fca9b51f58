"""One pass through the audit log: the first entry that is wrong, the roots of the tree, the texts, what entries record.

It believes nothing: entries are read as bytes, whatever was put in their place.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from workbench.ledger.log import audit_log, legacy_hash_chain, merkle
from workbench.model.catalogue import Sentence

LINES = "SELECT seq, CASE typeof(entry) WHEN 'text' THEN CAST(entry AS BLOB) END, leaf FROM audit ORDER BY seq"
TEXTS = """SELECT seq, CASE typeof(field) WHEN 'text' THEN CAST(field AS TEXT) ELSE '' END, salt,
    CASE typeof(text) WHEN 'text' THEN CAST(text AS BLOB) END FROM audit_texts ORDER BY seq, field"""
"""Entries and texts as bytes; NULL for what is stored in another type than theirs, which is none of ours."""
LARGEST = 1 << 24
"""Bytes of an entry; a larger one is none of ours."""
Entry = dict[str, object]
Blame = tuple[int, str]
"""The first entry that cannot be relied on, and a sentence."""


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows there are, and the salted digest of their hashes."""

    count: int
    digest: str


@dataclass
class Walk:
    """What one pass gives.

    Attributes
    ----------
    size : int
        Entries found.
    bad, bad_text : (int, str)
        The first entry that is wrong, and the first whose text is (0 where that is no entry); (0, '') if none.
    roots : dict of int to bytes
        Root of the tree at each size that was asked for.
    checkpoints : dict of str to (int, str)
        Hashes of checkpoints that entries record -> number of the entry, fingerprint of the officer.
    actors : set of str
        Fingerprints of the officers who made the entries; '' of one without a key.
    countersigned : dict of str to int
        Hashes of counter-signatures that entries record -> number of the entry.
    collected, erased : set of str
        Sources that came in, and that were erased.
    fileless : set of str
        Sources that came in a package without their file.
    rows : dict of (str, int) to Rows
        Table and entry that told of some of its rows first -> what the last entry that tells of them says.
    reduced : dict of (str, int) to (int, int)
        The same where some of these rows went -> how many came, and how many are left.
    missing : dict of str to (int, str)
        Salted hashes without a text -> entry, place; those that an erasure names are in `erased_texts`.
    """

    size: int = 0
    bad: Blame = (0, "")
    bad_text: Blame = (0, "")
    roots: dict[int, bytes] = field(default_factory=dict)
    checkpoints: dict[str, tuple[int, str]] = field(default_factory=dict)
    actors: set[str] = field(default_factory=set)
    countersigned: dict[str, int] = field(default_factory=dict)
    collected: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    fileless: set[str] = field(default_factory=set)
    rows: dict[tuple[str, int], Rows] = field(default_factory=dict)
    reduced: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    missing: dict[str, tuple[int, str]] = field(default_factory=dict)
    erased_texts: set[str] = field(default_factory=set)


def walk_log(sql: sqlite3.Connection, sizes: Collection[int]) -> Walk:
    """Go through the log once; roots are kept at the sizes named."""
    found, tree, wanted = Walk(), merkle.Frontier(), frozenset(sizes)
    place, texts = LogPosition(get_case_id(sql)), Texts(sql)
    found.roots[0] = merkle.EMPTY
    for number, data, leaf in sql.execute(LINES):
        seq, line = _to_number(number), _to_bytes(data)
        hash_ = merkle.compute_leaf(line)
        tree.add(hash_)
        if tree.size in wanted:
            found.roots[tree.size] = tree.compute_root()
        entry = parse_entry(line)
        found.bad = found.bad if found.bad[0] else place.find_fault(seq, entry, fits=leaf == hash_)
        place.advance(hash_)
        if entry is not None:
            _note_entry(found, seq, entry)
            _compare_texts(found, seq, entry, texts)
            if "rows" in entry:
                _note_rows(found, entry["rows"])
    found.size = tree.size
    if not found.bad_text[1] and (orphan := texts.get_orphan_number()) is not None:
        found.bad_text = max(orphan, 0), _format_finding("texts.stray", orphan)
    return found


def get_case_id(sql: sqlite3.Connection) -> str:
    """Id of the case; '' if the ledger has none."""
    row = sql.execute("SELECT value FROM case_facts WHERE name = 'case_id'").fetchone()
    return str(row[0]) if row else ""


def parse_entry(line: bytes) -> Entry | None:
    """An entry out of its bytes, None if they are not its one canonical text."""
    if len(line) > LARGEST:
        return None
    try:
        text = line.decode()
        entry = json.loads(text)
        return entry if isinstance(entry, dict) and audit_log.encode_entry(entry) == text else None
    except (ValueError, RecursionError):
        return None


class LogPosition:
    """Where the next entry stands: its number, the hash before it, the case."""

    def __init__(self, case: str) -> None:
        self.number, self.previous, self.case = 1, legacy_hash_chain.GENESIS, case

    def advance(self, hash_: bytes) -> None:
        """Go on behind an entry."""
        self.number += 1
        self.previous = hash_.hex()

    def find_fault(self, seq: int, entry: Entry | None, *, fits: bool) -> Blame:
        """What is wrong with the entry that stands here, (0, '') if nothing is."""
        return next(self._list_faults(seq, entry, fits=fits), (0, ""))

    def _list_faults(self, seq: int, entry: Entry | None, *, fits: bool) -> Iterator[Blame]:
        if seq != self.number:
            yield self._number_fault(seq)
        if not fits:
            yield seq, _format_finding("entries.changed", seq)
        if entry is None:
            yield seq, _format_finding("entries.form", seq)
            return
        if entry.get("seq") != seq:
            yield seq, _format_finding("entries.elsewhere", seq, told=f"{entry.get('seq')!r:.20}")
        if entry.get("prev_hash") != self.previous:
            yield self._link_fault(seq)
        if entry.get("case_id") != self.case:
            yield seq, _format_finding("entries.case", seq)
        if entry.get("op") not in audit_log.OPERATIONS or entry.get("result") not in ("ok", "refused"):
            yield seq, _format_finding("entries.operation", seq)

    def _number_fault(self, seq: int) -> Blame:
        if seq > self.number:
            how = "missing" if seq == self.number + 1 else "missing_several"
            return self.number, _format_finding(f"entries.{how}", self.number, last=str(seq - 1), next=str(seq))
        return self.number, _format_finding("entries.place", self.number)

    def _link_fault(self, seq: int) -> Blame:
        if seq == 1:
            return 1, _format_finding("entries.begins", 1)
        return seq - 1, _format_finding("entries.unlinked", seq, before=str(seq - 1))


def _format_finding(key: str, seq: int, **values: object) -> str:
    return Sentence(f"verified.{key}", entry=str(seq), **values)


class Texts:
    """The texts that entries commit to, read alongside."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self._rows: Iterator[tuple[object, str, object, object]] = iter(sql.execute(TEXTS))
        self._next = next(self._rows, None)
        self._orphan: int | None = None

    def read_hashes(self, seq: int) -> dict[str, str]:
        """Place -> salted hash of each text of an entry."""
        found: dict[str, str] = {}
        while self._next is not None and _to_number(self._next[0]) <= seq:
            _, place, salt, text = self._next
            number = _to_number(self._next[0])
            if number == seq:
                found[place] = hashlib.sha256(_to_bytes(salt) + text).hexdigest() if isinstance(text, bytes) else ""
            elif self._orphan is None:
                self._orphan = number
            self._next = next(self._rows, None)
        return found

    def get_orphan_number(self) -> int | None:
        """Number that the first text has which belongs to no entry (-1: one that is no number), None if there is no such text."""
        return _to_number(self._next[0]) if self._orphan is None and self._next else self._orphan


def _to_number(value: object) -> int:
    """A number of an entry; -1 for what is none."""
    return value if isinstance(value, int) else -1


def _to_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""


def _compare_texts(found: Walk, seq: int, entry: Entry, texts: Texts) -> None:
    """Compare texts of an entry with what it commits to."""
    committed = dict(audit_log.list_commitments(entry))
    for place, hash_ in texts.read_hashes(seq).items():
        if (not hash_ or committed.pop(place, "") != hash_) and not found.bad_text[1]:
            found.bad_text = seq, _format_finding("texts.changed", seq, place=place)
    found.missing.update({hash_: (seq, place) for place, hash_ in committed.items()})


def _note_entry(found: Walk, seq: int, entry: Entry) -> None:
    """Keep what an entry records of checkpoints, sources and erased texts."""
    found.actors.add(audit_log.get_value(entry, "actor.fingerprint"))
    op, kind, id_ = entry.get("op"), audit_log.get_value(entry, "object.kind"), audit_log.get_value(entry, "object.id")
    if entry.get("result") != "ok" or kind not in ("checkpoint", "counter-signature", "source", "log text"):
        return
    if kind == "checkpoint":
        found.checkpoints[id_] = seq, audit_log.get_value(entry, "actor.fingerprint")
    elif kind == "counter-signature":
        found.countersigned[id_] = seq
    elif kind == "source" and op in ("collection", "erasure"):
        (found.collected if op == "collection" else found.erased).add(id_)
        if op == "collection":
            (found.fileless.discard if entry.get("input_hashes") else found.fileless.add)(id_)
    elif kind == "log text" and op == "erasure":
        hashes = entry.get("input_hashes")
        found.erased_texts.update(map(str, hashes if isinstance(hashes, list) else ()))


def _note_rows(found: Walk, told: object) -> None:
    """Keep what an entry commits to in the tables."""
    for one in told if isinstance(told, list) else ():
        match one:
            case [int(entry), str(kind), int(count), str(digest)]:
                group = kind, entry
                if group in found.rows:
                    found.reduced[group] = found.reduced.get(group, (found.rows[group].count, 0))[0], count
                found.rows[group] = Rows(count, digest)
