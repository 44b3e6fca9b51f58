"""Rows of one ledger into a new one, each changed on its way; and files of mass rows, column by column."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.ledger.duckdb import open_engine
from workbench.ledger.exclusions.exclusion_rules import Hidden
from workbench.ledger.ledger import OFFICER_RUN, Ledger
from workbench.ledger.parquet_rows import RowsWriter
from workbench.ledger.records.package_tables import NUMBERED, TABLES, Row
from workbench.ledger.storage.file_vault import Vault
from workbench.ledger.storage.runs import RowFile, Run
from workbench.ledger.transfer.row_export import Parcel
from workbench.model.rows import Batch
from workbench.model.table_schemas import MASS, build_arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

TAIL = re.compile(r"((?:[a-z]+-)*)([0-9a-f]{12,64})")
PIECE = 122_880
"""Rows of a mass table that are changed together."""
BATCH = 2_000


@dataclass
class Ids:
    """Ids in the copy: hashes of what is known are hashes with a secret there, so that nobody can try texts against them.

    Attributes
    ----------
    code : callable
        From hexadecimal digits to as many others.
    known : dict
        Ids that are made in another way: of entities that are named by their number, of sources by their new file.
    """

    code: Callable[[str], str]
    known: dict[str, str] = field(default_factory=dict)

    def map_id(self, key: str) -> str:
        """The id in the copy; '' and the officers' run stay."""
        if not key or key == OFFICER_RUN:
            return key
        if key in self.known:
            return self.known[key]
        match = TAIL.fullmatch(key)
        return match[1] + self.code(match[2]) if match else f"entity-{self.code(key.encode().hex())[:24]}"


def insert_rows(sql: sqlite3.Connection, table: str, rows: Iterable[Row]) -> int:
    """Insert rows of a table of `package_tables.TABLES`; how many."""
    columns = [name for name in TABLES[table].columns if not (name == "id" and table in NUMBERED)]
    query = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    held: list[tuple[object, ...]] = []
    number = 0
    for row in rows:
        held.append(tuple(row[name] for name in columns))
        number += 1
        if len(held) >= BATCH:
            sql.executemany(query, held)
            held = []
    sql.executemany(query, held)
    return number


STATED = """SELECT DISTINCT s.schema, s.prop, s.value, e.original_value, e.kind != 'suggested' FROM statements AS s
    JOIN evidence AS e ON e.statement_id = s.id WHERE e.id IN (SELECT id FROM parcel_evidence)
    OR (e.document_id IN (SELECT id FROM parcel_documents) AND (e.passage_id = '' OR e.passage_id IN (SELECT id FROM parcel_ids)))
    ORDER BY 5 DESC, 1, 2, 3, 4"""
ALL_STATED = """SELECT DISTINCT s.schema, s.prop, s.value, e.original_value, e.kind != 'suggested' FROM main.statements AS s
    JOIN main.evidence AS e ON e.statement_id = s.id JOIN main.live_runs AS r ON r.id = e.run_id ORDER BY 5 DESC, 1, 2, 3, 4"""
SPANS = """SELECT e.passage_id, e.start, e.stop, s.schema, s.prop, s.value FROM evidence AS e JOIN statements AS s ON s.id = e.statement_id
    WHERE e.id IN (SELECT id FROM parcel_evidence) AND e.start >= 0 AND e.passage_id != '' ORDER BY 1, 2, 3"""
FACTS = """SELECT DISTINCT entity_id, schema, prop, value FROM statements WHERE id IN
    (SELECT statement_id FROM evidence WHERE id IN (SELECT id FROM parcel_evidence)) ORDER BY 1, 2, 3, 4"""


def list_stated_values(parcel: Parcel) -> list[tuple[str, str, str, str, bool]]:
    """What is stated where the reader may look, superseded values too: schema, property, value, as written, not only suggested."""
    return [(a, b, c, d, bool(e)) for a, b, c, d, e in parcel.sql.execute(STATED).fetchall()]


def list_all_stated_values(ledger: Ledger) -> list[tuple[str, str, str, str, bool]]:
    """The same of everything in the case, whoever reads: texts that the reader may see name people who are hidden from the reader."""
    return [(a, b, c, d, bool(e)) for a, b, c, d, e in ledger.connection.execute(ALL_STATED).fetchall()]


def list_spans(parcel: Parcel) -> Iterator[tuple[str, int, int, str, str, str]]:
    """Places of evidence in passages: passage, start, stop, schema, property, value."""
    yield from parcel.sql.execute(SPANS)


def list_facts(parcel: Parcel) -> Iterator[tuple[str, str, str, str]]:
    """Statements that go: entity, schema, property, value."""
    yield from parcel.sql.execute(FACTS)


def list_case_terms(ledger: Ledger, officer: str) -> list[tuple[str, ...]]:
    """What is said of the case as a whole, and of one officer: kind, id, facet, value, officer, because, at."""
    query = """SELECT target_kind, target_id, facet, value, officer, because, at FROM main.live_terms
        WHERE (target_kind = 'case' AND facet NOT IN ('permission', 'hold')) OR (target_kind = 'officer' AND target_id = ?) ORDER BY seq"""
    return ledger.connection.execute(query, (officer,)).fetchall()


# Mass rows --------------------------------------------------------------------------------------------------------------

Change = Callable[[str, str], str]
"""From the name of a column and a text in it to the text in the copy."""


@dataclass(frozen=True, slots=True)
class BulkFiles:
    """Files of mass rows of a case: where they lie, and what of them is withheld."""

    folder: Path
    vault: Vault
    aside: Hidden


def read_batches(mass: BulkFiles, row: Row) -> Iterator[pa.RecordBatch]:
    """Rows of a file that may be seen, with the columns of its table."""
    import pyarrow.parquet as pq

    table, path = str(row["kind"]), mass.folder / str(row["path"])
    if mass.aside == Hidden():
        with mass.vault.open(path) as content, pq.ParquetFile(content) as file:
            yield from file.iter_batches(PIECE, columns=list(MASS[table]))
        return
    with open_engine([(table, path)], aside=mass.aside, vault=mass.vault) as engine:
        columns = ", ".join(f'"{name}"' for name in MASS[table])
        yield from engine.query_table(f"SELECT {columns} FROM {table}").to_batches(PIECE)


def rewrite_rows(
    pieces: Iterable[pa.RecordBatch], table: str, change: Change, moves: Mapping[str, Callable[[float], float]]
) -> Iterator[Batch]:
    """Rows with each different text of a column changed once, and numbers of the columns `moves` moved."""
    import pyarrow as pa

    schema = build_arrow_schema(table)
    known: dict[str, dict[str, str]] = {name: {} for name in MASS[table]}
    for piece in pieces:
        columns = []
        for field_ in schema:
            column = piece.column(piece.schema.get_field_index(field_.name))
            if pa.types.is_string(field_.type):
                column = _rewrite_texts(column, field_.name, change, known[field_.name])
            elif field_.name in moves:
                column = _move_numbers(column, moves[field_.name])
            columns.append(column if pa.types.is_dictionary(column.type) else column.cast(field_.type))
        yield Batch(table, pa.RecordBatch.from_arrays(columns, names=schema.names))


def _rewrite_texts(column: pa.Array, name: str, change: Change, known: dict[str, str]) -> pa.Array:
    import pyarrow as pa

    coded = column if pa.types.is_dictionary(column.type) else column.cast(pa.string()).dictionary_encode()
    made = []
    for text in coded.dictionary.to_pylist():
        if text and text not in known:
            known[text] = change(name, text)
        made.append(known[text] if text else text)
    return pa.array(made, pa.string()).take(coded.indices)


def _move_numbers(column: pa.Array, move: Callable[[float], float]) -> pa.Array:
    """Each different number moved once."""
    import pyarrow as pa

    coded = column.dictionary_encode()
    moved = [round(move(one), 6) if one is not None and isfinite(one) else one for one in coded.dictionary.to_pylist()]
    return pa.array(moved, column.type).take(coded.indices)


def write_rows(folder: Path, source: str, made: Iterable[Batch], vault: Vault) -> RowFile | None:
    """Write the rows of one file; None where there are none."""
    with RowsWriter(folder, Run("pseudonymised", "pseudonymised", "1", source), vault) as writer:
        for batch in made:
            writer.add(batch)
        return next(iter(writer.close()), None)
