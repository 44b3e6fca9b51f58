"""Questions to mass rows: DuckDB in memory over the registered Parquet files, read-only. This is its one opener.

The engine sees the files it is given and nothing else: no other file, no network, no other database, no extension, no
change of its settings. What passes the door is one SELECT at a time, so nothing can be written either.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import CaseError
from workbench.ledger.exclusions import row_terms
from workbench.ledger.exclusions.exclusion_rules import (
    ENDS,
    Hidden,
    Rule,
    build_bulk_condition,
    build_taken_condition,
    quote_sql,
)
from workbench.ledger.exclusions.row_terms import MatchCache, Matches
from workbench.ledger.records.extreme_values import build_limited_column
from workbench.ledger.storage.file_vault import PLAIN, Vault
from workbench.model.catalogue import Sentence
from workbench.model.table_schemas import MASS, build_arrow_schema

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

MEMORY = 4_000_000_000
"""Bytes that the engine may hold before it spills; half of the machine's memory where that is less."""
THREADS = 4
SHOWN = 160
ROWS = 10_000
"""Rows of an answer that are fetched together."""
HIDDEN, HIDDEN_ROWS = "set aside", "rows set aside"
"""Names of the tables of documents, and of rows of others, that no view shows."""
MATCHES = "texts with the words of rules"
"""Name of the table of texts that have the words of rules: `part` numbers the table, words and column."""
LOCKS = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


NOTHING = Hidden()


class Analytics:
    """An open engine, which answers one thread at a time.

    Views: one per table of MASS, with the column `source`; tables without a file are empty.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection, self._alone = connection, RLock()

    def query_frame(self, query: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> pd.DataFrame:
        """Answer of one SELECT as a table.

        Raises
        ------
        CaseError
            If it is no SELECT, more than one statement, or asks for what is closed here.
        """
        with self._alone:
            found: pd.DataFrame = self._run_query(query, parameters).df()
        return found

    def query_table(self, query: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> pa.Table:
        """Answer of one SELECT as an Arrow table, for answers of many rows; errors as in `frame`."""
        with self._alone:
            return self._run_query(query, parameters).to_arrow_table()

    def hold(self, name: str, query: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> None:
        """Keep the answer of one SELECT in memory under a name, for several questions to the same rows."""
        with self._alone:
            _create_table(self._connection, name, self.query_table(query, parameters))

    def close(self) -> None:
        """Let go of files and memory."""
        with self._alone:
            self._connection.close()

    def __enter__(self) -> Analytics:
        """Give the engine itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def _run_query(self, query: str, parameters: Sequence[object] | Mapping[str, object]) -> duckdb.DuckDBPyConnection:
        import duckdb

        try:
            statements = self._connection.extract_statements(query)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise CaseError(
                    Sentence("You can run only one SELECT at a time here, not '{query}'.", query=query.strip()[:SHOWN])
                )
            return self._connection.execute(
                statements[0], dict(parameters) if isinstance(parameters, Mapping) else list(parameters)
            )
        except duckdb.Error as error:
            why = str(error).split("\n")[0][:SHOWN]
            if isinstance(error, duckdb.OutOfMemoryException):
                raise CaseError(
                    Sentence(
                        "The query needs more memory than is allowed ({why}). Limit the query to a period, a phone "
                        "number or a source. You can also withdraw a source that has too many rows.",
                        why=why,
                    )
                ) from error
            raise CaseError(
                Sentence("The query '{query}' failed: {why}.", query=query.strip()[:SHOWN], why=why)
            ) from error


def open_engine(  # noqa: PLR0913 - a door's options are keywords
    files: Iterable[tuple[str, Path]],
    *,
    frames: Mapping[str, pd.DataFrame] | None = None,
    views: Mapping[str, str] | None = None,
    aside: Hidden = NOTHING,
    counted: Sequence[Rule] = (),
    matches: MatchCache | None = None,
    spill: Path | None = None,
    memory: str = "",
    vault: Vault = PLAIN,
) -> Analytics:
    """Open the engine over registered files.

    Parameters
    ----------
    files : pairs of table and path
        A name of MASS and a Parquet file of it, as `workbench.ledger.parquet_rows.list_live_files` lists them.
    frames : mapping, optional
        Small tables from the ledger by the name under which they are asked.
    aside : Hidden
        What is set aside, as `workbench.ledger.records.row_tables.hidden` gives it: no view shows a row of it.
    counted : sequence of Rule, optional
        Rules of which the rows are to be counted: the view `name_counted_view(table)` has of each row that is shown its `source`, and the
        columns `rule_0`, `rule_1`, …: whether that rule takes it.
    matches : MatchCache, optional
        Of the case: keeps which texts of the files have the words of rules.
    views : mapping, optional
        Views by name, each a SELECT over the tables; they are made in this order.
    spill : Path, optional
        Folder for what does not fit into memory, emptied when the engine closes; without it such a question fails.
    memory : str
        Limit as DuckDB writes it: '2GB'; by default MEMORY.
    vault : Vault
        By which the case's files are read.

    Raises
    ------
    CaseError
        If a file is missing or is no Parquet file with the columns of its table.
    """
    import duckdb

    given = list(files)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory or f"{_compute_memory_limit()}B",
        "threads": min(THREADS, os.cpu_count() or 1),
        "temp_directory": str(spill) if spill else "",
    }
    connection = duckdb.connect(":memory:", config=config)
    try:
        names = vault.reach([path for _, path in given], connection)
        connection.execute(f"SET allowed_paths = {_quote_list(names)}")
        for lock in LOCKS[:-1]:
            connection.execute(lock)
        _create_hidden_tables(connection, aside)
        reading = [_Reading(kind, path, name) for name, (kind, path) in zip(names, given, strict=True)]
        terms = _create_matches(connection, reading, (*aside.rules, *counted), aside.secret, matches or MatchCache())
        for table in MASS:
            paths = [one.name for one in reading if one.table == table]
            _create_view(connection, table, paths, aside, counted, terms.get(table, {}))
        for name, frame in (frames or {}).items():
            _create_table(connection, name, frame)
        for name, query in (views or {}).items():
            connection.execute(f"CREATE VIEW {_quote_name(name)} AS {query}")
        connection.execute(LOCKS[-1])
    except (duckdb.Error, OSError) as error:
        connection.close()
        raise CaseError(
            Sentence(
                "The mass rows cannot be opened ({error}). Run `workbench doctor` on the case, then "
                "add the source again.",
                error=str(error).splitlines()[0][:SHOWN],
            )
        ) from error
    return Analytics(connection)


def _compute_memory_limit() -> int:
    """Bytes that the engine may hold."""
    try:
        return min(MEMORY, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2)
    except (AttributeError, ValueError, OSError):  # Windows does not say
        return MEMORY


def _create_hidden_tables(connection: duckdb.DuckDBPyConnection, aside: Hidden) -> None:
    """Tables of the documents and rows that are set aside."""
    import pyarrow as pa

    _create_table(connection, HIDDEN, pa.table({"document_id": pa.array(aside.documents, pa.string())}))
    documents, rows = (
        pa.array([pair[at] for pair in aside.rows], kind) for at, kind in enumerate((pa.string(), pa.int64()))
    )
    _create_table(connection, HIDDEN_ROWS, pa.table({"document_id": documents, "row": rows}))


class _Reading(NamedTuple):
    """A file of mass rows: its table, where it lies, and the name by which DuckDB reads it."""

    table: str
    path: Path
    name: str


def _create_matches(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[_Reading],
    rules: Sequence[Rule],
    secret: str,
    known: MatchCache,
) -> dict[str, dict[str, str]]:
    """Table of the texts that have the words of rules; of each mass table the words, and the condition that a row has them."""
    import pyarrow as pa

    terms, parts, texts = row_terms.list_terms(rules), list[int](), list[str]()
    columns: dict[tuple[str, str, str], int] = {}
    for file in files if terms else ():
        for term, found in known.find(file.path, terms, partial(_find_matches, connection, file, secret)):
            for column, some in found.items():
                part = columns.setdefault((file.table, term, column), len(columns))
                parts += [part] * len(some)
                texts += some
    _create_table(
        connection, MATCHES, pa.table({"part": pa.array(parts, pa.int32()), "text": pa.array(texts, pa.string())})
    )
    made: dict[str, dict[str, list[str]]] = {}
    for (table, term, column), part in columns.items():
        condition = f"{_quote_name(column)} IN (SELECT text FROM {_quote_name(MATCHES)} WHERE part = {part})"
        made.setdefault(table, {}).setdefault(term, []).append(condition)
    return {table: {term: f"({' OR '.join(some)})" for term, some in by.items()} for table, by in made.items()}


def _find_matches(
    connection: duckdb.DuckDBPyConnection, file: _Reading, secret: str, terms: Sequence[str]
) -> dict[str, Matches]:
    """Texts of a file that have words."""

    def list_texts(query: str) -> Iterator[tuple[str, str]]:
        answer = connection.execute(query)
        while rows := answer.fetchmany(ROWS):
            yield from rows

    return row_terms.find_matches(file.table, f"read_parquet({quote_sql(file.name)})", terms, secret, list_texts)


def _create_view(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    paths: list[str],
    aside: Hidden,
    counted: Sequence[Rule],
    terms: Mapping[str, str],
) -> None:
    """Make the view of a table; its columns are named, so that a file with others is refused."""
    import pyarrow as pa

    if not paths:
        none = build_arrow_schema(table).append(pa.field("source", pa.string())).empty_table()
        _create_table(connection, table, none)
        return
    columns = ", ".join(build_limited_column(table, name) for name in (*MASS[table], "source"))
    conditions = [f"document_id NOT IN (SELECT document_id FROM {_quote_name(HIDDEN)})"]
    if aside.rows:
        conditions.append(f"(document_id, row) NOT IN (SELECT (document_id, row) FROM {_quote_name(HIDDEN_ROWS)})")
    every = replace(aside, rules=(*aside.rules, *counted))
    if every.marks:
        every = every.restore_values(_list_parties(connection, table, paths))
    size = len(aside.rules)
    conditions += filter(None, [build_bulk_condition(replace(every, rules=every.rules[:size]), MASS[table], terms)])
    rows = f"read_parquet({_quote_list(paths)}) WHERE {' AND '.join(conditions)}"
    connection.execute(f"CREATE VIEW {_quote_name(table)} AS SELECT {columns} FROM {rows}")
    if counted:
        taken = (build_taken_condition(every, rule, MASS[table], terms) or "false" for rule in every.rules[size:])
        named = ", ".join(f"{condition} AS rule_{number}" for number, condition in enumerate(taken))
        connection.execute(f"CREATE VIEW {_quote_name(name_counted_view(table))} AS SELECT source, {named} FROM {rows}")


def name_counted_view(table: str) -> str:
    """Name of the view that says of the rows of a mass table which rules take them."""
    return f"{table} by rule"


def _list_parties(connection: duckdb.DuckDBPyConnection, table: str, paths: list[str]) -> list[str]:
    """Numbers and accounts in the rows of a table, each once."""
    ends = [end for end in ENDS if end in MASS[table]]
    query = " UNION ".join(f"SELECT {end} AS party FROM read_parquet({_quote_list(paths)})" for end in ends)
    return [str(party) for (party,) in connection.execute(query).fetchall() if party] if ends else []


def _create_table(connection: duckdb.DuckDBPyConnection, name: str, rows: pd.DataFrame | pa.Table) -> None:
    """Make a table in memory of rows."""
    views = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    connection.execute(f"DROP {'VIEW' if (name,) in views else 'TABLE'} IF EXISTS {_quote_name(name)}")
    connection.register("rows to copy", rows)
    connection.execute(f"CREATE TABLE {_quote_name(name)} AS SELECT * FROM {_quote_name('rows to copy')}")
    connection.unregister("rows to copy")


def _quote_name(text: str) -> str:
    """Name quoted for SQL."""
    return '"' + text.replace('"', '""') + '"'


def _quote_list(texts: Sequence[str]) -> str:
    """List of texts quoted for SQL."""
    return f"[{', '.join(map(quote_sql, texts))}]"
