"""What is inside an attachment counts as the attachment does: it goes out byte for byte, with each file, text, row and number in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from workbench.case.access import controller, mark_propagation, marks
from workbench.case.context.case_context import CaseContext
from workbench.ledger import parquet_rows
from workbench.ledger.access import hidden_bulk_rows, hidden_parts, terms
from workbench.ledger.access.access_filter import PARTIES
from workbench.ledger.exclusions.exclusion_rules import Hidden, Rule
from workbench.ledger.records import row_tables
from workbench.ledger.transfer import parquet_export
from workbench.messages.model.message import Correspondence
from workbench.model.handling_marks import PLAIN, Mark, build_mark, merge_marks

NUMBERS = """SELECT DISTINCT value FROM statements WHERE entity_id IN (SELECT value FROM json_each(?))
    AND prop IN (SELECT value FROM json_each(?)) ORDER BY value"""


def get_file_mark(context: CaseContext, source: str) -> Mark:
    """The mark of a file and of all in it that its reader may see: files, documents, passages, rows, and numbers in mass rows."""
    known = context.cache_by_version("desk: marks of files", dict[str, Mark])
    if source not in known:
        known[source] = _build_file_mark(context, source)
    return known[source]


def get_attachments_mark(context: CaseContext, message: Correspondence) -> Mark:
    """The mark of the files of the case that are attached to a message, with all that is in them."""
    seen = mark_propagation.list_visible_ids(context)["sources"] if message.attachments else frozenset()
    return merge_marks(get_file_mark(context, one.sha256) for one in message.attachments if one.sha256 in seen)


def get_level(context: CaseContext, source: str) -> Mark:
    """The level that was said of a file or of anything in it, whoever may see it."""
    said = terms.list_current_terms(context.ledger, hidden_parts.list_contents(context.ledger, source))
    scheme = controller.get_scheme(context)
    return merge_marks(build_mark({"level": facets.get("level", [])}, scheme) for facets in said.values())


def list_withheld(seen: CaseContext, message: Correspondence) -> list[str]:
    """Hashes of attachments of which anything is withheld from those for whom the case is cut (`clearances.view_as_reader`)."""
    return [source for source in list_sources(seen, message) if not _is_whole(seen, source)]


def list_sources(context: CaseContext, message: Correspondence) -> list[str]:
    """Hashes of attachments that are files of the case, whoever reads; of another one nothing can go out."""
    there = row_tables.list_source_hashes(context.ledger) if message.attachments else frozenset[str]()
    return [one.sha256 for one in message.attachments if one.sha256 in there]


def _is_whole(seen: CaseContext, source: str) -> bool:
    if hidden_parts.list_hidden_places(seen.ledger, source):
        return False
    hidden = hidden_bulk_rows.load_hidden(seen.ledger)
    return not (hidden.rules or hidden.rows) or not _has_rows(seen, source, hidden)


def _build_file_mark(context: CaseContext, source: str) -> Mark:
    known = marks.get_marks(context)
    if known.plain:
        return known.default
    inside, visible = hidden_parts.list_contents(context.ledger, source), mark_propagation.list_visible_ids(context)
    files = (known.mark_of("sources", key) for key in inside & visible["sources"])
    places = marks.get_places_mark(context, inside & visible["documents"])
    numbers = (mark for mark, values in _list_marked_numbers(context).items() if _has_number(context, source, values))
    return merge_marks([known.default, *files, places, *numbers])


def _list_marked_numbers(context: CaseContext) -> Mapping[Mark, tuple[str, ...]]:
    """Marks that are said of numbers and accounts -> how mass rows name these; what the reader may not know of is left out."""
    return context.cache_by_version("desk: marked numbers", lambda: dict(_find_marked_numbers(context)))


def _find_marked_numbers(context: CaseContext) -> Iterator[tuple[Mark, tuple[str, ...]]]:
    scheme, gate = controller.get_scheme(context), context.ledger.current_filter
    secret = gate.list_secret_ids(context.ledger) if gate else frozenset[str]()
    found: dict[Mark, set[str]] = {}
    for (kind, key), facets in terms.list_current_terms(context.ledger).items():
        said = {name: values for name, values in facets.items() if name in mark_propagation.MARKING}
        if kind == "entity" and key not in secret and (mark := build_mark(said, scheme)) != PLAIN:
            same = (entity for entity, name in context.canonical.items() if name == key)
            found.setdefault(mark, set()).update((key, *same))
    for mark, keys in found.items():
        asked = (json.dumps(sorted(keys)), json.dumps(PARTIES))
        values = context.ledger.reader_connection.execute(NUMBERS, asked).fetchall()
        if values:
            yield mark, tuple(str(value) for (value,) in values)


def _has_number(context: CaseContext, source: str, values: tuple[str, ...]) -> bool:
    return _has_rows(context, source, Hidden((Rule(party=("",), values=values),)))


def _has_rows(context: CaseContext, source: str, hidden: Hidden) -> bool:
    """Whether a file, or a file in it, has mass rows that are among the hidden ones."""
    inside = hidden_parts.list_contents(context.ledger, source)
    listed = parquet_rows.list_live_files(context.ledger)
    files = listed[listed["source"].isin(inside)].to_dict("records")
    vault, folder = context.folder.vault, context.folder.rows
    return any(parquet_export.has_hidden_rows(row, folder, hidden, vault) for row in files)
