"""The call records of a case as a database engine reads them, without what is set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.case.context.base_context import BaseContext
from workbench.ledger import parquet_rows
from workbench.ledger.access import hidden_bulk_rows
from workbench.ledger.duckdb import open_engine
from workbench.ledger.records import row_tables
from workbench.model.ids import compute_digest
from workbench.patterns import call_quality
from workbench.patterns.call_questions import VIEWS

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.ledger.duckdb import Analytics
    from workbench.ledger.exclusions.exclusion_rules import Hidden


def get_engine(context: BaseContext) -> Analytics:
    """The engine over the live mass rows of a case, without what is set aside; kept until one of these changes."""
    return context.cache_by_material("mass rows", lambda: _open_engine(context))


def _open_engine(context: BaseContext) -> Analytics:
    files, hidden, entities = _list_inputs(context)

    def connect_engine() -> Analytics:
        engine = open_engine(files, views=VIEWS, aside=hidden, vault=context.folder.vault)
        call_quality.find_repeats(engine, entities)
        return engine

    return context.cache_by_input("mass rows", (files, hidden, entities), connect_engine)


def _list_inputs(context: BaseContext) -> tuple[list[tuple[str, Path]], Hidden, list[str]]:
    """On what answers from mass rows rest: files, what of them is not shown, and the tables that count by their claims."""
    live = parquet_rows.list_live_files(context.ledger)
    files = [
        (str(kind), context.folder.rows / str(path)) for kind, path in zip(live["kind"], live["path"], strict=True)
    ]
    return (
        files,
        hidden_bulk_rows.load_hidden(context.ledger),
        [document for document, claimed in list_call_tables(context).items() if claimed],
    )


def get_state(context: BaseContext) -> str:
    """Name of what answers from mass rows rest on now: it changes with the files and with what of them is not shown."""
    return context.cache_by_material("state of mass rows", lambda: compute_digest(repr(_build_state(context))))


def _build_state(context: BaseContext) -> tuple[object, ...]:
    """What answers rest on, as far as the reader may know of it."""
    files, _, claimed = _list_inputs(context)
    secret = context.ledger.list_secret_ids()
    named = [(kind, path.relative_to(context.folder.rows).as_posix()) for kind, path in files]
    return (
        named,
        [document for document in claimed if document not in secret],
        hidden_bulk_rows.get_hidden_state(context.ledger),
    )


def list_call_tables(context: BaseContext) -> dict[str, bool]:
    """Tables of calls, and whether each of their rows is claimed as a Call, as those of small ones are."""
    return context.cache_by_material(
        "tables of calls", lambda: row_tables.list_claimed_documents(context.ledger, "calls", "Call")
    )
