"""Striking what is erased out of all texts of a ledger that stay: those of sources, those of officers, and those of the log."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from workbench.ledger.erasure.erasure_closure import note_ids
from workbench.ledger.exclusions.exclusion_rules import map_folder_sources
from workbench.ledger.exclusions.struck_words import keep_struck_words
from workbench.ledger.foreign.row_ids import rename_id
from workbench.ledger.sessions.inserts import replace_passage_text
from workbench.model.handling_marks import SEPARATOR
from workbench.model.ids import compute_digest
from workbench.model.pseudonyms.name_matching import (
    Phrases,
    Replacement,
    merge_places,
    replace_places,
    shift_span,
    split_words,
)

ENTITY = re.compile(r"[a-z]+-[0-9a-f]{24}")
"""Form of the id of an entity, which is no text."""
NOTHING = Phrases({})
RUN, TELLING = 3, 12
"""Words in a row, and letters in them, by which a question to the case quotes a text."""
QUOTING = ("object.query", "tool.params")


@dataclass(frozen=True, slots=True)
class Words:
    """What is struck.

    Attributes
    ----------
    wide : Phrases
        Everywhere.
    near : Phrases
        In documents that speak of what is erased: names that others bear as well, single names, days of birth.
    reach : frozenset of str
        Ids of these documents; of tables those of passages and traces, for each row speaks for itself.
    said : Phrases
        In what officers have written, and in the texts of the log.
    """

    wide: Phrases = NOTHING
    near: Phrases = NOTHING
    reach: frozenset[str] = frozenset()
    said: Phrases = NOTHING

    def redact_text(self, text: str, where: Iterable[str] = ()) -> str:
        """A text without them; `where`: ids of the document, passage and trace in which it stands."""
        return replace_places(text, self.find_places(text, near=self.is_in_reach(where)))

    def find_places(self, text: str, *, near: bool) -> list[Replacement]:
        """Places of a text that are struck; `near`: it speaks of what is erased."""
        return merge_places(text, [*self.wide.find(text), *(self.near.find(text) if near else ())])

    def is_in_reach(self, where: Iterable[str]) -> bool:
        """Whether anything of these ids speaks of what is erased."""
        return not self.reach.isdisjoint(where)

    def redact_own_text(self, text: str) -> str:
        """A text of an officer without them."""
        return replace_places(text, merge_places(text, [*self.wide.find(text), *self.said.find(text)]))

    def has_match(self, text: str) -> bool:
        """Whether a text of an officer or of the log holds any of them."""
        return self.wide.has_match(text) or self.said.has_match(text)


Work = Callable[[str], str]
Texts = tuple[str, str, tuple[str, ...], tuple[str, ...]]
"""Table, columns of its key, texts, texts in JSON."""
SOURCES: tuple[tuple[Texts, str], ...] = (
    (("documents", "id", ("title", "at", "service"), ()), "id"),
    (
        ("traces", "id, run_id", ("trace", "place", "device", "custodian", "conversation"), ()),
        "document_id || ' ' || id",
    ),
    (("issues", "id, run_id", ("message", "fix", "place"), ()), "document_id"),
    (("evidence", "id", ("original_value",), ()), "document_id || ' ' || passage_id || ' ' || trace_id"),
)
"""Texts that stand in a document, and in which."""
NAMES: tuple[Texts, ...] = (
    ("sources", "sha256", ("name",), ()),
    ("arrivals", "source, outer_source, name, run_id", ("name",), ()),
    ("runs", "id", ("version",), ("parameters", "counts")),
    ("source_facts", "seq", ("value",), ()),
    (
        "messages",
        "document_id",
        (
            "kind",
            "message_id",
            "thread_id",
            "our_ref",
            "your_ref",
            "from_bureau",
            "at",
            "urgency",
            "reply_by",
            "subject",
            "state",
            "package",
        ),
        ("other_refs", "to_bureaux"),
    ),
)
"""Texts that stand in none."""
OFFICERS: tuple[Texts, ...] = (
    ("evidence", "id", ("because",), ()),
    ("notes", "id", ("text",), ("detail",)),
    ("decisions", "seq", ("because",), ()),
    ("judgements", "seq", ("because",), ()),
    ("terms", "seq", ("because",), ("value",)),
    ("set_asides", "id", ("because",), ("rule",)),
    ("charts", "name", ("name",), ()),
    ("drawings", "chart, key", ("chart",), ("body",)),
    ("drafts", "id", (), ("message", "told")),
    ("screening_hits", "screening, entity, notice", (), ("body",)),
    ("disclosures", "id", ("recipient", "name", "mark", "because"), ()),
    ("tombstones", "id", ("reason",), ()),
    ("packages", "package, direction, sha256", ("title", "mark", "checkpoint"), ("sender", "addressees")),
    ("receipts", "package, receipt", (), ("receipt",)),
    ("remarks", "id", (), ("targets", "marks", "body")),
)
"""Texts of officers."""
SAID = {
    "sources": "sha256", "source_facts": "seq", "runs": "id", "evidence": "id", "judgements": "seq", "decisions": "seq", "notes": "id",
    "terms": "seq", "messages": "document_id",
}  # fmt: skip
"""Table of rows that came from others -> its key: the name of who said it is a text of theirs."""
MARKS = {
    "terms": ("value",), "remarks": ("marks",), "packages": ("mark", "title", "checkpoint", "sender", "addressees"),
    "receipts": ("receipt",),
}  # fmt: skip
"""Table -> columns whose texts come again with every package, or receipt, of their sender."""

BUREAUX = ("foreign_rows", "remarks")
"""Tables of what came from others, by the name of their bureau."""


@dataclass
class Blot:
    """One erasure's strokes through the texts of a ledger, inside the caller's transaction.

    Attributes
    ----------
    passages : set of str
        Passages whose text was changed.
    places : int
        Texts that were changed.
    rows : list of (str, mapping)
        Rows whose texts were changed, as they were: table and columns.
    texts : set of str
        Texts of marks that were changed, as they were.
    statements : set of str
        Ids of statements that have another one now.
    folders : mapping
        Sources in the folder that an exclusion names, before their names are struck: id of the rule -> hashes.
    """

    sql: sqlite3.Connection
    words: Words
    passages: set[str] = field(default_factory=set)
    places: int = 0
    rows: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    statements: set[str] = field(default_factory=set)
    folders: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def strike_source_texts(self) -> None:
        """Strike what sources say: passages with the places of evidence in them, then all else that stands in documents."""
        self.folders = map_folder_sources(self.sql)
        self._strike_passages()
        for texts, of in SOURCES:
            self._strike_table(texts, lambda text, where: self.words.redact_text(text, str(where).split()), of)
        for texts in NAMES:
            self._strike_table(texts, lambda text, _: self.words.redact_text(text))
        self._strike_statements()

    def strike_officer_texts(self) -> None:
        """Strike what officers have written. A rule that excludes goes on to know what is struck of it."""
        before = {key: row for key, *row in self.sql.execute("SELECT id, * FROM set_asides").fetchall()}
        columns = [str(name) for _, name, *_ in self.sql.execute("PRAGMA main.table_info(set_asides)").fetchall()]
        for key in keep_struck_words(self.sql, self.words.redact_own_text, self.folders):
            self.rows.append(("set_asides", dict(zip(columns, before[key], strict=True))))
        for texts in OFFICERS:
            self._strike_table(texts, lambda text, _: self.words.redact_own_text(text))
        for table, key in SAID.items():
            self._strike_table(
                (table, key, ("officer",), ()),
                lambda name, _: self.words.redact_own_text(name) if _is_of_others(name) else name,
            )

        self._strike_bureaux()

    def _strike_bureaux(self) -> None:
        """Strike names of bureaux that packages told: each of the few once, in all rows that it has sent."""
        for table in BUREAUX:
            for (name,) in self.sql.execute(f"SELECT DISTINCT bureau FROM {table}").fetchall():
                if (made := self.words.redact_own_text(name)) != name:
                    self.texts.add(name)
                    self.places += self.sql.execute(
                        f"UPDATE {table} SET bureau = ? WHERE bureau = ?", (made, name)
                    ).rowcount

    def log(self, erased: Iterable[str]) -> list[tuple[int, str]]:
        """Texts of the log that hold what is erased, or words of erased texts in a row: number of the entry, place."""
        runs = {run for text in erased for run in _list_word_runs(text)}
        query = "SELECT seq, field, text FROM audit_texts WHERE field != 'actor.name'"
        rows = [(seq, place, _unescape_json(text)) for seq, place, text in self.sql.execute(query).fetchall()]
        return [
            (seq, place)
            for seq, place, text in rows
            if self.words.has_match(text) or (place in QUOTING and not runs.isdisjoint(_list_word_runs(text)))
        ]

    def _strike_passages(self) -> None:
        query = "SELECT n, id, document_id, text FROM passages WHERE id NOT IN temp.er_passage"
        for n, key, document, text in self.sql.execute(query).fetchall():
            if places := self.words.find_places(text, near=self.words.is_in_reach((document, key))):
                self._replace_passage(n, key, text, replace_places(text, places))
                self._move_spans(key, places)

    def _replace_passage(self, n: int, key: str, old: str, new: str) -> None:
        """Change a passage, in the index of words as well."""
        replace_passage_text(self.sql, n, old, new)
        self.passages.add(key)
        self.places += 1

    def _move_spans(self, passage: str, places: Sequence[Replacement]) -> None:
        """Move places of evidence; a suggestion whose words were struck goes, what else stood there has no place any more."""
        query = "SELECT id, statement_id, start, stop, kind FROM evidence WHERE passage_id = ? AND start >= 0"
        for key, statement, start, stop, kind in self.sql.execute(query, (passage,)).fetchall():
            place = shift_span(start, stop, places)
            if place is None and kind == "suggested":
                note_ids(self.sql, "evidence", [key])
                note_ids(self.sql, "touched", [statement])
            else:
                self.sql.execute("UPDATE evidence SET start = ?, stop = ? WHERE id = ?", (*(place or (-1, -1)), key))

    def _strike_table(self, texts: Texts, work: Callable[[str, object], str], of: str = "''") -> None:
        table, keys, columns, packed = texts
        names = (*columns, *packed)
        rows = self.sql.execute(f"SELECT {of}, {', '.join(names)}, {keys} FROM {table}").fetchall()
        sets = ", ".join(f"{name} = ?" for name in names)
        where = " AND ".join(f"{name.strip()} = ?" for name in keys.split(","))
        for document, *found in rows:
            values, key = found[: len(names)], found[len(names) :]
            there = partial(_apply_work, work, document)
            made = [there(value) for value in values[: len(columns)]]
            made += [rewrite_json(value, there) for value in values[len(columns) :]]
            if made != values:
                self._note(table, where, key)
                self._note_texts(
                    there, [value for name, value in zip(names, values, strict=True) if name in MARKS.get(table, ())]
                )
                self.sql.execute(f"UPDATE OR REPLACE {table} SET {sets} WHERE {where}", (*made, *key))
                self.places += 1

    def _note(self, table: str, where: str, key: Sequence[object]) -> None:
        """Note rows as they are before they change."""
        cursor = self.sql.execute(f"SELECT * FROM {table} WHERE {where}", tuple(key))
        columns = [column[0] for column in cursor.description]
        self.rows += [(table, dict(zip(columns, values, strict=True))) for values in cursor.fetchall()]

    def _note_texts(self, there: Work, values: Iterable[str]) -> None:
        parts = (
            part for value in values for text in _list_leaves(_parse_json(value)) for part in text.split(SEPARATOR)
        )
        self.texts.update(part for part in parts if there(part) != part)

    def _strike_statements(self) -> None:
        """Strike values; a statement with another value has another name."""
        query = "SELECT id, entity_id, schema, prop, value FROM statements WHERE id NOT IN temp.er_statement"
        for key, *what, value in self.sql.execute(query).fetchall():
            if ENTITY.fullmatch(value) or (made := self._strike_value(key, value)) == value:
                continue
            new = compute_digest("statement", *what, made)
            self.statements.add(key)
            self._note("evidence", "statement_id = ?", (key,))
            self.sql.execute("INSERT OR IGNORE INTO statements VALUES (?, ?, ?, ?, ?)", (new, *what, made))
            rename_id(self.sql, key, new, STATEMENT)
            self.sql.execute("DELETE FROM statements WHERE id = ?", (key,))
            self.places += 1

    def _strike_value(self, key: str, value: str) -> str:
        if not self.words.near or not self.words.near.has_match(value):
            return self.words.wide.strike(value)
        query = "SELECT document_id, passage_id, trace_id FROM evidence WHERE statement_id = ?"
        near = any(self.words.is_in_reach(where) for where in self.sql.execute(query, (key,)).fetchall())
        return replace_places(value, self.words.find_places(value, near=near))


STATEMENT = (
    ("evidence", "statement_id"), ("decisions", "target_id"), ("decisions", "replacement"), ("terms", "target_id"),
)  # fmt: skip
"""Columns that name statements."""


def _is_of_others(officer: str) -> bool:
    """Whether an officer is of another bureau: their names come with it."""
    return officer.endswith(")") or ", through " in officer


def _apply_work(work: Callable[[str, object], str], document: object, text: str) -> str:
    return work(text, document)


def _list_word_runs(text: str) -> Iterator[tuple[str, ...]]:
    """Words of a text in a row as a question takes them up: fewer than a quotation has."""
    found = split_words(text)
    rows = zip(*(found[at:] for at in range(RUN)), strict=False)
    return (row for row in rows if sum(map(len, row)) >= TELLING)


def rewrite_json(text: str, work: Work) -> str:
    """JSON whose texts went through `work`; as it was where none was changed."""
    try:
        data = json.loads(text)
    except ValueError:
        return work(text)
    made = _rewrite_values(data, work)
    return text if made == data else json.dumps(made, ensure_ascii=False, sort_keys=True)


def _rewrite_values(value: object, work: Work) -> object:
    if isinstance(value, str):
        return rewrite_json(value, work) if value[:1] in ("{", "[") else work(value)
    if isinstance(value, list):
        return [_rewrite_values(one, work) for one in value]
    if isinstance(value, Mapping):
        return {work(key): _rewrite_values(one, work) for key, one in value.items()}
    return value


def _parse_json(text: str) -> object:
    """What a text is in JSON; itself where it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _unescape_json(text: str) -> str:
    """A text of the log with what JSON escapes written out."""
    if "\\" not in text:
        return text
    try:
        return "\n".join(_list_leaves(json.loads(text)))
    except ValueError:
        return text


def _list_leaves(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _list_leaves(one)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield str(key)
            yield from _list_leaves(one)
    else:
        yield str(value)
