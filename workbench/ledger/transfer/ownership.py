"""Whose a thing is: of this case, of the bureau that sent a package, of a third one, or of nobody.

Ids follow from content, so that two bureaux give one thing the same id. A thing is ours as soon as we have read it in a source of our
own or an officer of this case has made it, whoever brought it first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from typing import Literal

from workbench.ledger.ledger import OFFICER_RUN

Owner = Literal["ours", "sender", "other", "nobody"]
OURS, TOUCHED = "", "by hand"
"""In place of a bureau: this case; this case where only an officer has said something of the thing by hand."""
MOST = 200_000
"""Answers that are kept."""
BY_RUN = "LEFT JOIN foreign_rows AS f ON f.kind = 'run' AND f.key = x.run_id"
BY_HAND = "LEFT JOIN foreign_rows AS h ON h.kind = 'evidence' AND h.key = x.id"
READ_HERE = """x.document_id = '' OR EXISTS (SELECT 1 FROM traces AS t WHERE t.document_id = x.document_id
    AND NOT EXISTS (SELECT 1 FROM foreign_rows AS o WHERE o.kind = 'run' AND o.key = t.run_id))"""
STATED = f"""CASE WHEN x.run_id = '{OFFICER_RUN}' THEN coalesce(h.bureau, '{{mine}}') ELSE coalesce(f.bureau, CASE WHEN {READ_HERE}
    THEN '' END) END"""
"""Who states something; NULL where a program of ours has read it out of a document of theirs, which makes it nobody's own."""
KINDS: dict[str, str] = {
    "source": """SELECT coalesce(f.bureau, '') FROM sources AS x LEFT JOIN foreign_rows AS f ON f.kind = 'source' AND f.key = x.sha256
            WHERE x.sha256 = :key
        UNION SELECT coalesce(f.bureau, '') FROM runs AS x LEFT JOIN foreign_rows AS f ON f.kind = 'run' AND f.key = x.id
            WHERE x.source = :key""",
    "run": """SELECT coalesce(f.bureau, '') FROM runs AS x LEFT JOIN foreign_rows AS f ON f.kind = 'run' AND f.key = x.id
        WHERE x.id = :key""",
    "document": f"SELECT DISTINCT coalesce(f.bureau, '') FROM traces AS x {BY_RUN} WHERE x.document_id = :key",
    "trace": f"SELECT DISTINCT coalesce(f.bureau, '') FROM traces AS x {BY_RUN} WHERE x.id = :key",
    "passage": f"""SELECT DISTINCT coalesce(f.bureau, '') FROM passages AS p JOIN traces AS x ON x.document_id = p.document_id {BY_RUN}
        WHERE p.id = :key""",
    "statement": f"""SELECT DISTINCT {STATED.format(mine=OURS)} FROM evidence AS x {BY_RUN} {BY_HAND} WHERE x.statement_id = :key""",
    "entity": f"""SELECT DISTINCT {STATED.format(mine=TOUCHED)} FROM statements AS s JOIN evidence AS x ON x.statement_id = s.id
        {BY_RUN} {BY_HAND} WHERE s.entity_id = :key""",
    "evidence": f"""SELECT CASE WHEN x.run_id = '{OFFICER_RUN}' THEN coalesce(h.bureau, '') ELSE coalesce(f.bureau, '') END
        FROM evidence AS x {BY_RUN} {BY_HAND} WHERE x.id = :key""",
    "note": """SELECT coalesce(f.bureau, '') FROM notes AS x LEFT JOIN foreign_rows AS f ON f.kind = 'note' AND f.key = x.id
        WHERE x.id = :key""",
    "term": """SELECT coalesce(f.bureau, '') FROM terms AS x LEFT JOIN foreign_rows AS f ON f.kind = 'term' AND f.key = x.id
        WHERE x.id = :key""",
}  # fmt: skip
"""Kind of thing -> query for the bureaux that brought it, '' for this case."""


class Ownership:
    """Whose things are while a package of one bureau is taken in.

    Attributes
    ----------
    names : frozenset of str
        All that the sender is, or was, known by.

    Parameters
    ----------
    sql : Connection
        Of the ledger, inside a transaction.
    bureau : str
        The sender, as known by a name for which somebody vouches, or by name and key (`packages.build_bureau_name`).
    earlier : collection of str
        What else the sender was known by.
    """

    def __init__(self, sql: sqlite3.Connection, bureau: str, earlier: Collection[str] = ()) -> None:
        self.sql, self.bureau, self.names = sql, bureau, frozenset({bureau, *earlier})
        self._ours: dict[tuple[str, str], bool] = {}
        self._found: dict[tuple[str, str], set[str]] = {}
        sql.execute(
            "CREATE TEMP TABLE IF NOT EXISTS brought (kind TEXT, id TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID"
        )
        sql.execute("DELETE FROM temp.brought")

    def bring(self, kind: str, key: str) -> None:
        """Note that the package holds a thing that another bureau has brought before."""
        self.sql.execute("INSERT OR IGNORE INTO temp.brought VALUES (?, ?)", (kind, key))
        self._found.pop((kind, key), None)
        self._found.pop(("any", key), None)

    def take_back(self, kind: str, key: str) -> None:
        """Note that the package does not hold a thing after all."""
        self.sql.execute("DELETE FROM temp.brought WHERE kind = ? AND id = ?", (kind, key))
        self._found.clear()

    def reset_answers(self) -> None:
        """Ask anew from here on whose a thing is that is not ours: rows of another table are to come."""
        self._found.clear()

    def is_ours(self, kind: str, key: str) -> bool:
        """Whether a thing of a kind of KINDS is ours; 'any' asks for every kind."""
        if not key:
            return False
        if len(self._ours) > MOST:
            self._ours.clear()
        if (kind, key) not in self._ours:
            self._ours[kind, key] = any(_is_ours(self._list_bringers(one, key)) for one in _list_kinds(kind))
        return self._ours[kind, key]

    def get_owner(self, kind: str, key: str) -> Owner:
        """Whose a thing is. What both we and the sender have is ours; what the sender and a third bureau have is the sender's."""
        if self.is_ours(kind, key):
            return "ours"
        found = self._find_owners(kind, key)
        return "sender" if self.names & found else "other" if found - {TOUCHED} else "nobody"

    def is_sender_alone(self, kind: str, key: str) -> bool:
        """Whether the sender brought a thing, and nobody else has it."""
        return self.get_owner(kind, key) == "sender" and self._find_owners(kind, key) <= {*self.names, TOUCHED}

    def _find_owners(self, kind: str, key: str) -> set[str]:
        """Who has a thing. An answer is kept while rows of one table come: many of them cite one document or passage."""
        if (kind, key) in self._found:
            return self._found[kind, key]
        if len(self._found) > MOST:
            self._found.clear()
        found = self._ask(kind, key)
        if found:
            self._found[kind, key] = found
        return found

    def _ask(self, kind: str, key: str) -> set[str]:
        found = {bureau for one in _list_kinds(kind) for bureau in self._list_bringers(one, key)}
        brought = "SELECT 1 FROM temp.brought WHERE id = ? AND ? IN (kind, 'any')"
        return found | ({self.bureau} if self.sql.execute(brought, (key, kind)).fetchone() else set())

    def _list_bringers(self, kind: str, key: str) -> set[str]:
        return {
            str(bureau) for (bureau,) in self.sql.execute(KINDS[kind], {"key": key}).fetchall() if bureau is not None
        }


def _is_ours(bureaux: set[str]) -> bool:
    return OURS in bureaux or bureaux == {TOUCHED}


def _list_kinds(kind: str) -> Iterable[str]:
    return KINDS if kind == "any" else (kind,)
