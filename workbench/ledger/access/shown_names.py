"""Names of files and titles of documents as the reader may know them.

The ledger keeps a file under the name under which it came first, and a document under the title that it was given first. Where that first
way is hidden from the reader, the name comes from the first way that is not. A title that is made of text shows only where that text shows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from workbench.ledger.log.row_commitments import compute_leaf
from workbench.ledger.storage.source_names import get_base_name

if TYPE_CHECKING:
    from workbench.ledger.sessions.access_protocol import ConnectedLedger

MASKED = "Withheld: a part of this document is not for you."
"""Title of a document of which a passage is withheld: titles are often taken from the text."""
SHOWS = """{document} NOT IN gate_partial
        OR EXISTS (SELECT 1 FROM traces AS t JOIN sources AS s ON s.sha256 = t.source
            WHERE t.document_id = {document} AND titled_by_file({title}, s.name))
        OR EXISTS (SELECT 1 FROM passages AS p WHERE p.document_id = {document} AND p.id NOT IN gate_passages
            AND titled_by_text({title}, p.text))"""
"""SQL: whether the reader may know a title of a document."""
TABLES = (
    """CREATE TEMP TABLE IF NOT EXISTS gate_names
        (id TEXT PRIMARY KEY, first TEXT, name TEXT, at TEXT, officer TEXT, options TEXT) WITHOUT ROWID""",
    "CREATE TEMP TABLE IF NOT EXISTS gate_called (id TEXT, called TEXT, PRIMARY KEY (id, called)) WITHOUT ROWID",
    """CREATE TEMP TABLE IF NOT EXISTS gate_ways
        (source TEXT, outer_source TEXT, name TEXT, shown TEXT, PRIMARY KEY (source, outer_source, name)) WITHOUT ROWID""",
    "CREATE TEMP TABLE IF NOT EXISTS gate_titles (id TEXT PRIMARY KEY, title TEXT) WITHOUT ROWID",
)
"""What is shown in the place of what a hidden way gave: `gate_names` of files, `gate_called` the names that are not shown, `gate_ways` of
the ways in which files came, `gate_titles` of documents."""
DEEP = 100
"""How many files around a file are asked for their names: our own readers look less deep."""
OWN = (
    "INSERT OR REPLACE INTO gate_names SELECT id, first, name, at, officer, options FROM gate_own",
    "INSERT OR REPLACE INTO gate_called SELECT id, first FROM gate_own",
    """INSERT OR REPLACE INTO gate_ways SELECT a.source, a.outer_source, a.name, o.name
        FROM gate_own AS o CROSS JOIN arrivals AS a ON a.source = o.id""",
)
"""The reader's own copies are called as the reader called them."""
CANDIDATES = "(SELECT id FROM gate_near WHERE id NOT IN gate_closed AND id NOT IN gate_copies)"
"""Files within something hidden that the reader sees: they came in another way too."""
HIDDEN = "(a.outer_source IN gate_closed OR a.document_id IN gate_documents)"
WAYS = f"""SELECT a.source, a.outer_source, a.name, a.document_id, a.run_id, a.at, {HIDDEN},
        a.run_id = '' OR EXISTS (SELECT 1 FROM main.live_runs AS r WHERE r.id = a.run_id)
    FROM {CANDIDATES} AS c CROSS JOIN arrivals AS a ON a.source = c.id ORDER BY a.at, a.name, a.outer_source, a.document_id"""
FIRSTS = f"""SELECT s.sha256, s.name, s.received_at, s.officer FROM {CANDIDATES} AS c CROSS JOIN main.sources AS s ON s.sha256 = c.id"""
SHOWN_TITLE = """EXISTS (SELECT 1 FROM traces AS o CROSS JOIN main.sources AS s ON s.sha256 = o.source
    LEFT JOIN gate_names AS g ON g.id = o.source
    WHERE o.document_id = d.id AND o.source NOT IN gate_closed AND titled_by_file(d.title, coalesce(g.name, s.name)))"""
OF_ALL = "gate_closed AS c CROSS JOIN traces AS t ON t.source = c.id"
OF_NEW = """(SELECT id FROM gate_area UNION SELECT t.document_id FROM (SELECT id FROM gate_near
            UNION SELECT id FROM gate_new WHERE kind IN ('source', 'file')) AS n CROSS JOIN traces AS t ON t.source = n.id) AS a
        CROSS JOIN traces AS t ON t.document_id = a.id CROSS JOIN gate_closed AS c ON c.id = t.source"""
"""Hidden files, each with its places in documents: all; those in documents to which something was added or that a file newly hidden has."""
TITLES = (
    f"""INSERT OR REPLACE INTO gate_titles SELECT d.id, renamed(d.title, h.called, n.name) FROM gate_names AS n
        CROSS JOIN gate_called AS h ON h.id = n.id CROSS JOIN traces AS t ON t.source = n.id
        CROSS JOIN documents AS d ON d.id = t.document_id
        WHERE renamed(d.title, h.called, n.name) != d.title AND NOT {SHOWN_TITLE} ORDER BY length(h.called)""",
    f"""INSERT OR IGNORE INTO gate_titles SELECT d.id, renamed(d.title, h.name, coalesce(g.name, s.name))
        FROM {{hidden}} CROSS JOIN documents AS d ON d.id = t.document_id
        CROSS JOIN main.sources AS h ON h.sha256 = c.id CROSS JOIN traces AS o ON o.document_id = d.id AND o.source NOT IN gate_closed
        CROSS JOIN main.sources AS s ON s.sha256 = o.source LEFT JOIN gate_names AS g ON g.id = s.sha256
        WHERE titled_by_file(d.title, h.name) AND NOT {SHOWN_TITLE} ORDER BY s.received_at, s.name""",
)
"""Titles that have the name of a hidden way of a file, and those of documents that a hidden file has too and was called by."""


def mask_title(document: str, column: str, shown: str) -> str:
    """SQL of a title of a row `m`: what is shown of it, where its words stand in text that may be read or in the name of the file."""
    shows = SHOWS.format(document=f"m.{document}", title=f"m.{column}")
    return f"CASE WHEN {shows} THEN {shown} ELSE '{MASKED}' END AS {column}"


def get_documents_view(ledger: ConnectedLedger) -> str:
    """Where documents are read with the titles that the reader may know."""
    return "live_documents" if (gate := ledger.current_filter) and gate.has_withheld else "documents"


def is_new_within(ledger: ConnectedLedger, source: str, outer: str) -> bool:
    """Whether the reader knows a file of the case only since another came, in which it lies: its first way is hidden from the reader."""
    if not ((gate := ledger.current_filter) and gate.has_withheld):
        return False
    query = """SELECT 1 FROM gate_names AS n WHERE n.id = ? AND n.options IS NULL
        AND NOT EXISTS (SELECT 1 FROM live_arrivals AS a WHERE a.source = n.id AND a.outer_source != ?)"""
    return ledger.reader_connection.execute(query, (source, outer)).fetchone() is not None


def load_names(sql: sqlite3.Connection, *, own: bool, whole: bool = True) -> None:
    """Put into tables of the connection what files and documents are called for the reader, once what is withheld is known.

    Parameters
    ----------
    own : bool
        There are own copies of the reader.
    whole : bool
        Begin anew; else look only at what lies in what was withheld last.
    """
    for step in TABLES:
        sql.execute(step)
    if whole:
        for table in ("names", "called", "ways", "titles"):
            sql.execute(f"DELETE FROM gate_{table}")
    for step in OWN if own else ():
        sql.execute(step)
    found = _ShownNames(sql)
    sql.executemany("INSERT OR REPLACE INTO gate_names VALUES (?, ?, ?, ?, ?, NULL)", found.list_names())
    sql.executemany("INSERT OR REPLACE INTO gate_called VALUES (?, ?)", found.list_hidden_names())
    sql.executemany("INSERT OR REPLACE INTO gate_ways VALUES (?, ?, ?, ?)", found.list_renamed_ways())
    for step in TITLES:
        sql.execute(step.format(hidden=OF_ALL if whole else OF_NEW))


class _Way(NamedTuple):
    """A row of arrivals, whether it is hidden and whether it counts."""

    source: str
    outer: str
    name: str
    document: str
    run: str
    at: str
    is_hidden: int
    counts: int


@dataclass
class _ShownNames:
    """What files that came within something hidden, and in another way too, are called for the reader."""

    sql: sqlite3.Connection
    ways: dict[str, list[_Way]] = field(default_factory=dict)
    firsts: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    moments: dict[str, tuple[str, str]] = field(default_factory=dict)
    depth: int = 0

    def __post_init__(self) -> None:
        for row in self.sql.execute(WAYS).fetchall():
            self.ways.setdefault(str(row[0]), []).append(_Way(*row))
        self.firsts = {str(row[0]): row[1:] for row in self.sql.execute(FIRSTS).fetchall() if row[0] in self.ways}

    def list_names(self) -> Iterator[tuple[str, str, str, str, str]]:
        """Rows of gate_names, of files of which the first way is hidden or the name tells of something hidden."""
        for source, (first, at, officer) in self.firsts.items():
            name, moment = self._get_name(source), self._get_moment(source)
            if name != first or moment != (at, officer) or self._is_hidden_first(source):
                yield source, first, name, *moment

    def list_hidden_names(self) -> Iterator[tuple[str, str]]:
        """Rows of gate_called: the names of a file that its shown ways do not give."""
        for source, (first, _, _) in self.firsts.items():
            shown = {self._get_way_name(way) for way in self.ways[source] if not way.is_hidden} | {
                self._get_name(source)
            }
            yield from ((source, name) for name in {first, *(way.name for way in self.ways[source])} - shown)

    def list_renamed_ways(self) -> Iterator[tuple[str, str, str, str]]:
        """Rows of gate_ways: shown ways of which the name tells of something hidden."""
        for source, ways in self.ways.items():
            for way in ways:
                if not way.is_hidden and (name := self._get_way_name(way)) != way.name:
                    yield source, way.outer, way.name, name

    def _find_way(self, source: str) -> _Way | None:
        """The first way that is shown, of those that count if there are such."""
        shown = [way for way in self.ways[source] if not way.is_hidden]
        first = self.firsts[source][:2]
        return min(shown, key=lambda way: (not way.counts, way.at, (way.name, way.at) != first), default=None)

    def _is_hidden_first(self, source: str) -> bool:
        way = self._find_way(source)
        return way is not None and any(other.is_hidden and other.at <= way.at for other in self.ways[source])

    def _get_name(self, source: str) -> str:
        """What a file is called; without its folders where it came in no way that is shown."""
        if source not in self.names:
            self.names[source] = get_base_name(self.firsts[source][0])  # a file within itself, as packages may say
            way = self._find_way(source)
            if way is not None and self.depth < DEEP:
                self.depth += 1
                self.names[source] = self._get_way_name(way)
                self.depth -= 1
        return self.names[source]

    def _get_way_name(self, way: _Way) -> str:
        """The name of a way, with the shown name of the file around it in the place of one that is not shown."""
        if way.outer not in self.firsts or way.outer == way.source:
            return way.name
        shown = {one.name for one in self.ways[way.outer] if not one.is_hidden and one.outer == ""} | {
            self._get_name(way.outer)
        }
        called = {self.firsts[way.outer][0], *(one.name for one in self.ways[way.outer])}
        around = max((one for one in called if way.name.startswith(f"{one}/")), key=len, default="")
        if not around or around in shown:
            return way.name
        return self._get_name(way.outer) + way.name[len(around) :]

    def _get_moment(self, source: str) -> tuple[str, str]:
        """When a file came in the way that is shown, and who brought it: with the file around it, unless it was read later.

        Who read that file may have known it in another way before, which is hidden.
        """
        if source not in self.moments:
            first, at, officer = self.firsts[source]
            self.moments[source] = at, officer
            if (way := self._find_way(source)) is not None and self.depth < DEEP:
                came = way.at, officer if (way.name, way.at) == (first, at) else self._get_officer(way)
                self.depth += 1
                around = self._get_moment(way.outer) if way.outer in self.firsts else ("", "")
                self.depth -= 1
                self.moments[source] = around if around[0] >= came[0] else came
        return self.moments[source]

    def _get_officer(self, way: _Way) -> str:
        """Who brought a file in a way: who read the file around it, or whom the log names with the row."""
        found = (
            self.sql.execute("SELECT officer FROM main.runs WHERE id = ?", (way.run,)).fetchone() if way.run else None
        )
        if found is None:
            leaf = compute_leaf("arrivals", *way[:6])
            query = """SELECT x.text FROM row_marks AS m CROSS JOIN audit_texts AS x ON x.seq = m.entry AND x.field = 'actor.name'
                WHERE m.kind = 'arrivals' AND m.leaf = ?"""
            found = self.sql.execute(query, (leaf,)).fetchone()
        return str(found[0] or "") if found else ""
