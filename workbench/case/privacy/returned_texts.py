"""Files that come in when something was erased, and of which only the text is kept: they say what was struck, or nobody can tell."""

from __future__ import annotations

from collections.abc import Collection
from zipfile import is_zipfile

from workbench import ingest
from workbench.case.context.case_context import CaseContext
from workbench.case.files import reader_process
from workbench.errors import SourceError
from workbench.ingest import archives
from workbench.ingest.archives import unclaimed_bytes
from workbench.ledger.erasure import entity_footprint, issue_records, tombstones
from workbench.ledger.records import row_tables
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.pseudonyms.name_matching import ERASED
from workbench.model.rows import Document, Passage


def find_returned_files(context: CaseContext, sources: Collection[str]) -> list[str]:
    """Which of these sources hold words that were struck in the ledger, or bytes in which an erased file may lie.

    A file that an erasure has written itself holds neither.
    """
    names = dict(entity_footprint.list_sources(context.ledger))
    is_made = tombstones.recognise_made(context.ledger)
    is_file = tombstones.build_recogniser(context.ledger, "source") is not None
    return [
        source
        for source in sorted({*sources} & names.keys())
        if context.folder.get_source_path(source).is_file()
        and not is_made(source)
        and (
            _has_struck_words(context, source, names[source])
            or (is_file and _has_unlisted(context, source, names[source]))
        )
    ]


def record_issues(context: CaseContext, sources: Collection[str]) -> None:
    """An issue row on each of these sources that only its text is kept."""
    names = dict(entity_footprint.list_sources(context.ledger))
    for source in sources:
        found = build_issue(
            "erased_again",
            Sentence("row.derived.saved_as_text"),
            fix=Sentence("fix.held.saved_as_text"),
            place=names[source],
        )
        issue_records.add_issue(context.ledger, source, found)


def _has_struck_words(context: CaseContext, source: str, name: str) -> bool:
    """Whether a file says a text otherwise than the ledger, in which words of it were struck; also where it cannot be read."""
    passages = {one.passage: one.text for one in entity_footprint.list_source_passages(context.ledger, source)}
    titles = {key: title for key, (_, title, _) in entity_footprint.list_titles(context.ledger, source).items()}
    struck = {key: text for key, text in {**passages, **titles}.items() if ERASED in text}
    if not struck:
        return False
    reader = str(row_tables.list_sources(context.ledger, source).iloc[0]["reader"])
    file = reader_process.build_source_file(context, source, name)
    try:
        rows = list(ingest.read(file, row_tables.get_options(context.ledger, source), reader))
    except (SourceError, KeyError):
        return True
    said = {
        row.id: row.text if isinstance(row, Passage) else row.title
        for row in rows
        if isinstance(row, Passage | Document)
    }
    return any(key in said and said[key] != text for key, text in struck.items())


def _has_unlisted(context: CaseContext, source: str, name: str) -> bool:
    """Whether bytes of an archive are in none of its entries, so that nobody can tell what lies there."""
    file = reader_process.build_source_file(context, source, name)
    with file.open() as content:
        if is_zipfile(content):
            return unclaimed_bytes.has_unlisted(file)
    facts = row_tables.list_sources(context.ledger, source).iloc[0]
    return str(facts["reader"]) in archives.READERS and issue_records.has_issue(context.ledger, source, "unclaimed")
