"""What others say of what was erased here: tombstones know it again, and none of it is kept as a remark.

They also know again each row that travels and stays here without some of its words, and the marks in which words were struck: as they
were, neither comes in a second time.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from workbench.ledger.erasure import tombstones
from workbench.ledger.records.package_tables import NUMBERED, TABLES, Row
from workbench.ledger.records.packages import PackageRecord
from workbench.model.handling_marks import SEPARATOR
from workbench.model.pseudonyms.name_matching import ERASED

KINDS: Final = ("source", "document", "passage", "struck", "entity", "note", "statement", "evidence")
"""Kinds of things that tombstones know again."""
COLUMNS: dict[str, tuple[str, ...]] = {
    "sha256": ("source",), "source": ("source",), "outer_source": ("source",), "document_id": ("document",),
    "passage_id": ("passage",), "statement_id": ("statement",), "entity_id": ("entity",), "value": ("entity",),
    "left_id": ("entity",), "right_id": ("entity",), "target_id": KINDS, "replacement": KINDS,
}  # fmt: skip
"""Column that names a thing -> kinds of which the thing can be."""
PRESENT = {
    "passage": "SELECT 1 FROM passages WHERE id = ?", "entity": "SELECT 1 FROM statements WHERE entity_id = ? LIMIT 1",
    "note": "SELECT 1 FROM notes WHERE id = ?", "statement": "SELECT 1 FROM statements WHERE id = ?",
    "evidence": "SELECT 1 FROM evidence WHERE id = ?",
}  # fmt: skip
"""Kinds of what is in the ledger again only where it may be: the controller let it in, or another file tells of it."""
OWN = {"documents": "document", "passages": "passage", "notes": "note"}
"""Table whose rows are such things themselves -> kind."""
LISTS = ("passages", "detail")
"""Columns with lists of passages."""
CONTENT = frozenset({"documents", "passages", "traces", "messages", "issues", "evidence"})
"""Tables of what a document holds: of one in which words were struck nobody tells anew."""
WORDS = frozenset({"notes", "judgements", "decisions", "terms"})
"""Tables of what is said of things, with claims that stand in no document: their rows come again with no file that would be known again."""
HERE = {
    **PRESENT,
    "source": "SELECT 1 FROM sources WHERE sha256 = ?",
    "document": "SELECT 1 FROM documents WHERE id = ?",
}
"""Kinds of what is in the ledger, with what is erased again as a whole where it comes again."""
ROW, TEXT = "row of ", "text of a mark"
"""How the kind of a mark begins that names a row of a table in which words were struck; kind of the mark of such a text."""
SAID = {"source_facts": ("source", "name", "value")}
"""Tables whose rows are known by what they say, and by which columns; those of NUMBERED by all that others know of them but who said it."""
ID = 80
"""Characters of the longest id."""


def name_row(table: str, row: Mapping[str, object]) -> str:
    """By what a row of a table of packages is known again: its id, or what it says."""
    said = [name for name in TABLES[table].columns if name not in ("id", "officer")]
    columns = said if table in NUMBERED else SAID.get(table, TABLES[table].unique)
    return "\x1f".join(str(row[name]) for name in columns)


def list_row_keys(rows: Iterable[tuple[str, Mapping[str, str]]]) -> Iterator[tuple[str, str]]:
    """Tables of rows that travel, and by what each is known again; a remark stands for the row as which it came."""
    for table, row in rows:
        name, told = (row["kind"], json.loads(row["body"])) if table == "remarks" else (table, row)
        if name in TABLES:
            yield name, name_row(name, told)


class Barring:
    """Knows rows of others that say something of what was erased, or hold it; those that hang on such rows as well.

    Parameters
    ----------
    sql : Connection
        Of the ledger.
    marks : iterable of (str, str)
        Of an erasure that has no tombstone yet.
    """

    def __init__(self, sql: sqlite3.Connection, marks: Iterable[tombstones.Mark] = ()) -> None:
        self.sql = sql
        self.marks: dict[str, set[str]] = {}
        for kind, mark in (*sql.execute("SELECT kind, mark FROM tombstone_marks").fetchall(), *marks):
            self.marks.setdefault(kind.removeprefix(f"{tombstones.ASKED} "), set()).add(mark)
        self.secret = tombstones.get_secret(sql) if self.marks else ""
        self._known: dict[tuple[str, str], bool] = {}
        self._hanging: set[str] = set()

    def note(self, table: str, row: Row) -> None:
        """Note a claim of the package that is about what was erased: what is said of the claim is about it as well."""
        if table == "evidence" and self._is_erased(table, row):
            self._hanging.update((str(row["id"]), str(row["statement_id"])))

    def is_about_erased(self, table: str, row: Row) -> bool:
        """Whether a row of a table of packages is about what was erased, or tells anew what was struck in a document."""
        return bool(self.marks) and (self._is_erased(table, row) or self._is_changed(table, row))

    def is_struck(self, table: str, row: Row) -> bool:
        """Whether words were struck in a row of a table of packages: it stays as it is here, and does not come again as it was."""
        known = self.marks.get(f"{ROW}{table}", ())
        return bool(known) and self._mark(f"{ROW}{table}", name_row(table, row)) in known

    def is_barred(self, table: str, row: Row) -> bool:
        """Whether a row that is not here may not come in: it was struck, or is erased, or of what is erased and not here again."""
        if not self.marks:
            return False
        is_word = table in WORDS or (table == "evidence" and row["document_id"] == "")
        if self.is_struck(table, row) and (is_word or table in ("source_facts", "arrivals")):
            return True
        lists = dict.fromkeys(LISTS, "[]")
        return is_word and any(self._is_missing(*pair) for pair in _list_things(table, {**row, **lists}))

    def is_document(self, key: str) -> bool:
        """Whether a document was erased, or words in it were struck."""
        return bool(self.marks) and any(self._is_known(kind, key) for kind in ("document", "changed"))

    def is_passage(self, key: str) -> bool:
        """Whether a passage that is not here was erased, or words in it were struck."""
        return bool(self.marks) and any(self._is_known(kind, key) for kind in ("passage", "struck"))

    def clean_text(self, text: str) -> str:
        """A text of a mark without what was struck of it before."""
        known = self.marks.get(TEXT, ())
        parts = text.split(SEPARATOR) if known else []
        made = [ERASED if self._mark(TEXT, part) in known else part for part in parts]
        return SEPARATOR.join(dict.fromkeys(made)) if made != parts else text

    def clean_texts(self, texts: Collection[str]) -> list[str]:
        """Texts of marks without what was struck of them before, each once."""
        return list(dict.fromkeys(self.clean_text(text) for text in texts))

    def clean_json(self, text: str) -> str:
        """A text in JSON, the texts in it without what was struck of them before; in the same form where nothing was."""
        if not self.marks.get(TEXT):
            return text
        data = json.loads(text)
        made = _rewrite_texts(data, self.clean_text)
        return text if made == data else json.dumps(made, ensure_ascii=False, sort_keys=True)

    def clean_package(self, made: PackageRecord) -> PackageRecord:
        """A package without what was struck before in what such ones say of themselves."""
        texts = {name: self.clean_text(getattr(made, name)) for name in ("mark", "title", "checkpoint")}
        lists = {name: self.clean_json(getattr(made, name)) for name in ("sender", "addressees")}
        return replace(made, **texts, **lists)

    def clean_term(self, row: Row) -> Row:
        """A row of terms without words that were struck in such rows before."""
        said = json.loads(str(row["value"]))
        made = self.clean_texts([str(one) for one in said])
        return row if made == said else {**row, "value": json.dumps(sorted(made), ensure_ascii=False)}

    def _is_missing(self, kind: str, key: str) -> bool:
        """Whether something was erased, and is not here again."""
        if kind == "struck" or self._mark(kind, key) not in self.marks.get(kind, ()):
            return False
        return self.sql.execute(HERE[kind], (key,)).fetchone() is None

    def _mark(self, kind: str, key: str) -> str:
        return tombstones.compute_mark(self.secret, tombstones.BASE.get(kind, kind), key)

    def _is_erased(self, table: str, row: Row) -> bool:
        said = (str(row.get(name, "")) for name in ("statement_id", "target_id", "replacement"))
        return not self._hanging.isdisjoint(said) or any(self._is_known(*pair) for pair in _list_things(table, row))

    def _is_changed(self, table: str, row: Row) -> bool:
        is_content = table in CONTENT and row.get("kind") != "decided"  # what an officer says of a document is not
        return is_content and any(
            self._is_known("changed", key) for kind, key in _list_things(table, row) if kind == "document"
        )

    def _is_known(self, kind: str, key: str) -> bool:
        asked = kind, key
        if asked not in self._known:
            found = tombstones.compute_mark(self.secret, tombstones.BASE.get(kind, kind), key) in self.marks.get(
                kind, ()
            )
            self._known[asked] = found and not (kind in PRESENT and self.sql.execute(PRESENT[kind], (key,)).fetchone())
        return self._known[asked]


def remove_remarks(sql: sqlite3.Connection, marks: Iterable[tombstones.Mark] = ()) -> int:
    """Delete remarks that say something of what was erased, by these marks too, inside the caller's transaction; how many went."""
    gone = find_remarks(sql, marks)
    sql.executemany("DELETE FROM remarks WHERE id = ?", [(key,) for key in gone])
    return len(gone)


def find_remarks(sql: sqlite3.Connection, marks: Iterable[tombstones.Mark] = ()) -> list[str]:
    """Ids of remarks that are kept, and say something of what was erased, by these marks too."""
    barring = Barring(sql, marks)
    rows = sql.execute("SELECT id, kind, body FROM remarks ORDER BY at, id").fetchall() if barring.marks else []
    told = [(str(key), str(table), json.loads(body)) for key, table, body in rows]
    for _, table, body in told:
        barring.note(table, body)
    return [key for key, table, body in told if barring.is_about_erased(table, body)]


def _list_things(table: str, row: Row) -> Iterator[tuple[str, str]]:
    """Kinds and ids of the things that a row names, and of itself."""
    for column, kinds in COLUMNS.items():
        key = str(row.get(column, ""))
        if 0 < len(key) <= ID:
            yield from ((kind, key) for kind in kinds)
    if table in OWN:
        yield OWN[table], str(row["id"])
    for column in LISTS:
        if column in row:
            for key in _list_texts(json.loads(str(row[column]))):
                yield from (("passage", key), ("struck", key))


def _rewrite_texts(value: object, work: Callable[[str], str]) -> object:
    """What JSON holds, each text in it done over."""
    if isinstance(value, str):
        return work(value)
    if isinstance(value, list):
        return [_rewrite_texts(one, work) for one in value]
    if isinstance(value, dict):
        return {name: _rewrite_texts(one, work) for name, one in value.items()}
    return value


def _list_texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _list_texts(one)
