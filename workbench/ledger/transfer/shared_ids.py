"""Ids that a package shares with things of another bureau: who shows their content brings them too, any other thing goes by its own id.

Ids follow from content, most of them from the hash of a file alone. So an id shows nothing: whoever has heard of a hash can name the
document, the passages and the places of a file that another bureau has sent.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, MutableMapping

from workbench.ledger.erasure.erased_remarks import Barring
from workbench.ledger.records.package_tables import TABLES, VOLATILE, Row
from workbench.ledger.transfer.ownership import Ownership
from workbench.model.ids import compute_digest

CITED = ("supporting", "opposing")
"""Lists of passages in the detail of a note."""
THINGS = {
    "runs": "run", "documents": "document", "traces": "trace", "passages": "passage", "evidence": "evidence", "notes": "note",
}  # fmt: skip
"""Table -> kind of its rows, of tables whose rows are kept under an id of their own where a thing of others has theirs."""
ELSEWHERE = {
    "traces": "SELECT 1 FROM traces WHERE id = :id AND (document_id != :document_id OR source != :source) LIMIT 1",
    "passages": "SELECT 1 FROM passages WHERE id = :id AND document_id != :document_id",
}
"""Table -> whether a row with the id of another row belongs elsewhere."""
SAID = ("evidence", "notes")
"""Tables of which a row that says anything else than the one with its id is another one."""


class SharedIds:
    """The ids of one package before the ledger.

    Parameters
    ----------
    sql : Connection
        Inside the transaction that takes it in.
    whose : Ownership
        Whose things are.
    barring : Barring
        What was erased here.
    marks : mapping
        Id -> what the package says of how it is to be handled; what gets another id keeps it.
    """

    def __init__(
        self,
        sql: sqlite3.Connection,
        whose: Ownership,
        barring: Barring,
        marks: MutableMapping[str, dict[str, set[str]]],
    ) -> None:
        self.sql, self.whose, self.barring, self.marks = sql, whose, barring, marks
        self._shown: set[str] = set()
        self._apart: set[str] = set()
        self._made: dict[tuple[str, str], str] = {}

    def compare_documents(
        self, documents: Iterable[Row], traces: Iterable[Row], passages: Iterable[Row], sent: Collection[str]
    ) -> None:
        """Find out of which documents of other bureaux the package shows the content.

        It has the file in which one lies (`sent`: files that are in the package), or the same text: every passage, and no other one.
        """
        held = {str(row["id"]) for row in documents if self._is_of_others("document", str(row["id"]))}
        if not held:
            return
        for row in traces:
            key, source = str(row["document_id"]), str(row["source"])
            query = "SELECT 1 FROM traces WHERE document_id = ? AND source = ? LIMIT 1"
            if key in held and source in sent and self.sql.execute(query, (key, source)).fetchone():
                self._shown.add(key)
        told: dict[str, dict[str, str]] = {key: {} for key in held - self._shown}
        for row in passages:
            if str(row["document_id"]) in told:
                told[str(row["document_id"])][str(row["id"])] = str(row["text"])
        for key, texts in told.items():
            query = "SELECT id, text FROM passages WHERE document_id = ?"
            here = self._drop_erased(self.sql.execute(query, (key,)).fetchall())
            if here and here == self._drop_erased(texts.items()):
                self._shown.add(key)
            elif not self.barring.is_document(key):
                self._apart.add(key)

    def _drop_erased(self, texts: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Passages but for those in which anything was erased here: nobody else has them as they are."""
        return {key: text for key, text in texts if not self.barring.is_passage(key)}

    def is_shown(self, table: str, row: Row, *, is_sent: bool, differs: bool) -> bool:
        """Whether a row that the ledger has shows that its sender brings the thing as well: by content, and not by its id."""
        if table == "sources":
            return is_sent
        if table == "documents":
            return str(row["id"]) in self._shown
        if table not in ("traces", "passages") or differs:
            return False
        named = [(kind, str(row[name])) for name, kind in TABLES[table].names.items() if kind != "run"]
        return all(self.whose.get_owner(kind, key) == "sender" for kind, key in named)

    def map_row(self, table: str, row: Row) -> Row:
        """The row under an id of its own where a thing of others has its id; and naming what has got another id by that."""
        if self._made:
            row = {**row, **{name: self._map_value(kind, row[name]) for name, kind in TABLES[table].names.items()}}
        if table in THINGS and table != "runs" and self._is_apart(table, row):
            return {**row, "id": self.rename(table, str(row["id"]))}
        return row

    def _is_apart(self, table: str, row: Row) -> bool:
        """Whether a thing of another bureau has the id of a row that is something else."""
        if table == "documents":
            return str(row["id"]) in self._apart
        if table in SAID:
            is_other = self._says_otherwise(table, row) and not self.barring.is_barred(table, row)
            return is_other and self._is_of_others(THINGS[table], str(row["id"]))
        if self.sql.execute(ELSEWHERE[table], row).fetchone() is None or self.barring.is_passage(str(row["id"])):
            return False
        return self._is_of_others(THINGS[table], str(row["id"]))

    def _says_otherwise(self, table: str, row: Row) -> bool:
        """Whether the ledger has another row with the id of this one, that does not say the same."""
        columns = [name for name in TABLES[table].columns if name not in VOLATILE]
        held = self.sql.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE id = ?", (row["id"],)).fetchone()
        return held is not None and any(
            self.is_other(name, value, row[name]) for name, value in zip(columns, held, strict=True)
        )

    def is_other(self, name: str, held: object, told: object) -> bool:
        """Whether a row has another value; the run under which others have found the same may have got another id."""
        return held != told and not (name == "run_id" and self.is_renamed("run", held, told))

    def rename(self, table: str, key: str, made: str = "") -> str:
        """Give a thing of the package another id, `made` or one that follows from its own; rows after it name it by that."""
        kind, new = THINGS[table], made or self._next_id(table, key)
        while not made and self.whose.get_owner(kind, new) not in ("sender", "nobody"):
            new = self._next_id(table, new)
        self._made[kind, key] = new
        if key in self.marks:
            self.marks[new] = self.marks[key]
        return new

    def is_renamed(self, kind: str, key: object, new: object) -> bool:
        """Whether a thing of the package has got another id."""
        return self._made.get((kind, str(key))) == new

    def _next_id(self, table: str, key: str) -> str:
        return compute_digest("same id", self.whose.bureau, table, key)

    def _is_of_others(self, kind: str, key: str) -> bool:
        return self.whose.get_owner(kind, key) == "other"

    def _map_value(self, kind: str, value: str | int | float) -> str | int | float:
        """A value of a column that names things of a kind, by the ids that they have got."""
        if kind == "passages":
            said = json.loads(str(value))
            made = {**said, **self._map_lists(said)} if isinstance(said, dict) else self._map_keys(said)
            return value if made == said else json.dumps(made, ensure_ascii=False)
        kinds = THINGS.values() if kind == "any" else (kind,)
        return next((new for one in kinds if (new := self._made.get((one, str(value))))), value)

    def _map_lists(self, said: dict[str, list[str]]) -> dict[str, list[str]]:
        return {name: self._map_keys(said[name]) for name in CITED if name in said}

    def _map_keys(self, keys: Iterable[str]) -> list[str]:
        return [self._made.get(("passage", str(key)), str(key)) for key in keys]
