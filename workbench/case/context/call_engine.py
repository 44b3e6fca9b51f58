"""The call records of a case as a database engine reads them, without what is set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.case.context.context import Context
from workbench.ledger import parquet_rows
from workbench.ledger.access import hidden_bulk_rows
from workbench.ledger.duckdb import connect
from workbench.ledger.records import row_tables
from workbench.model.ids import digest
from workbench.patterns import call_quality
from workbench.patterns.call_questions import VIEWS

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.ledger.duckdb import Analytics
    from workbench.ledger.exclusion_rules import Hidden


def get_engine(book: Context) -> Analytics:
    """The engine over the live mass rows of a case, without what is set aside; kept until one of these changes."""
    return book.cache_by_version("mass rows", lambda: _open_engine(book))


def _open_engine(book: Context) -> Analytics:
    files, hidden, entities = _list_inputs(book)

    def connect_engine() -> Analytics:
        engine = connect(files, views=VIEWS, aside=hidden, vault=book.folder.vault)
        call_quality.prepare(engine, entities)
        return engine

    return book.cache_by_input("mass rows", (files, hidden, entities), connect_engine)


def _list_inputs(book: Context) -> tuple[list[tuple[str, Path]], Hidden, list[str]]:
    """On what answers from mass rows rest: files, what of them is not shown, and the tables that count by their claims."""
    live = parquet_rows.live(book.ledger)
    files = [(str(kind), book.folder.rows / str(path)) for kind, path in zip(live["kind"], live["path"], strict=True)]
    return (
        files,
        hidden_bulk_rows.load_hidden(book.ledger),
        [document for document, claimed in tables(book).items() if claimed],
    )


def state(book: Context) -> str:
    """Name of what answers from mass rows rest on now: it changes with the files and with what of them is not shown."""
    return book.cache_by_version("state of mass rows", lambda: digest(repr(_state(book))))


def _state(book: Context) -> tuple[object, ...]:
    """What answers rest on, as far as the reader may know of it."""
    files, _, claimed = _list_inputs(book)
    secret = book.ledger.secret_ids()
    named = [(kind, path.relative_to(book.folder.rows).as_posix()) for kind, path in files]
    return (
        named,
        [document for document in claimed if document not in secret],
        hidden_bulk_rows.hidden_state(book.ledger),
    )


def tables(book: Context) -> dict[str, bool]:
    """Tables of calls, and whether each of their rows is claimed as a Call, as those of small ones are."""
    return book.cache_by_version("tables of calls", lambda: row_tables.claimed_documents(book.ledger, "calls", "Call"))
