"""What a draft would disclose: to whom, which persons and things, from which sources, under which mark, and what is closed to whom."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from workbench.case.access import controller, marks
from workbench.case.context.case_context import CaseContext
from workbench.case.desk.drafts import prefill
from workbench.case.desk.drafts.draft_record import DraftRecord
from workbench.case.desk.messages import attachment_contents, cross_references, filing
from workbench.case.desk.messages.bureau_names import is_same_bureau
from workbench.ledger.access.access_filter import Reader, find_refusal
from workbench.ledger.storage.runs import now
from workbench.messages.model.message import Correspondence, LetterOfRequest
from workbench.model.catalogue import Translator
from workbench.model.handling_marks import to_facets

DISCLOSED = ("addressee", "what", "field", "document_id", "source", "closed")
"""Columns of `case.desk.drafts.disclosure`. `what`: person, thing or text; `source`: title of the document it was filled from, '' by hand;
`closed`: why the addressee may not have it, '' if nothing says so."""


def build_disclosure_table(context: CaseContext, draft: DraftRecord, language: str) -> pd.DataFrame:
    """What each addressee would learn (DISCLOSED) in a language, a row for each part of the message and source behind it.

    Then, of what it names by number, whoever wrote that: the documents that name it too, but for the addressee's own messages.
    """
    message, voice = draft.message, Translator(language)
    bureaux = (*message.to, *message.cc)
    readers = prefill.list_readers(context, bureaux, judicial=isinstance(message, LetterOfRequest))
    behind = _list_part_documents(draft)
    files = [_list_closed_files(context, reader, message, voice) for reader in readers]
    rows = [
        (
            bureau, what, field, document, title,
            closed.get(field) or _find_refusal_reason(context, reader, message, document, voice),
        )
        for bureau, reader, closed in zip(bureaux, readers, files, strict=True)
        for field, what in list_parts(message, voice)
        for document, title in behind.get(field) or [("", "")]
    ]  # fmt: skip
    known = {(bureau, document) for bureau, _, _, document, *_ in rows}
    rows += [
        (
            bureau, link.named.value, link.named.field, place.document_id, place.title,
            _find_refusal_reason(context, reader, message, place.document_id, voice),
        )
        for link in cross_references.find_links(context, message) for place in link.places
        for bureau, reader in zip(bureaux, readers, strict=True)
        if not is_same_bureau(place.bureau, bureau) and (bureau, place.document_id) not in known
    ]  # fmt: skip
    return marks.add_mark_column(context, pd.DataFrame(rows, columns=pd.Index(DISCLOSED)))


def list_parts(message: Correspondence, voice: Translator) -> Iterator[tuple[str, str]]:
    """Field and words of each part: persons, things, the facts, files."""
    for number, person in enumerate(message.persons):
        yield (
            f"persons[{number}]",
            f"{person.family_name} {person.forename}".strip() or voice("a person without a name"),
        )
    for number, item in enumerate(message.objects):
        yield f"objects[{number}]", f"{item.kind} {item.number}".strip()
    if message.summary_of_facts:
        yield "summary_of_facts", message.summary_of_facts
    for number, file in enumerate(message.attachments):
        yield f"attachments[{number}]", file.name


def _list_part_documents(draft: DraftRecord) -> dict[str, list[tuple[str, str]]]:
    """Part -> documents (id and title) that its fields were filled from."""
    found: dict[str, list[tuple[str, str]]] = {}
    for field, document, title in draft.sources()[["field", "document_id", "title"]].itertuples(index=False, name=None):
        known = found.setdefault(str(field).split(".", maxsplit=1)[0], [])
        if (document, title) not in known:
            known.append((document, title))
    return found


def _list_closed_files(
    context: CaseContext, reader: Reader, message: Correspondence, voice: Translator
) -> dict[str, str]:
    """Attachments of which an addressee may not have everything that is inside, and why."""
    if not message.attachments:
        return {}
    scheme = controller.get_scheme(context)
    with prefill.open_restricted(context, [reader]) as seen:
        gone = {*attachment_contents.list_withheld(seen, message)}
    closed = {}
    for number, file in enumerate(message.attachments):
        if file.sha256 in gone:
            told = to_facets(attachment_contents.get_file_mark(context, file.sha256), scheme)
            why = find_refusal(reader, told, scheme, now()[:10]) or "part"
            closed[f"attachments[{number}]"] = voice(f"closed.{why}")
    return closed


def _find_refusal_reason(
    context: CaseContext, reader: Reader, message: Correspondence, document: str, voice: Translator
) -> str:
    """Why an addressee may not have what the message, or a document behind it, says; '' if nothing says so.

    Of the message itself only its level counts: its handling code is for the addressee to keep.
    """
    scheme = controller.get_scheme(context)
    mark = marks.get_places_mark(context, [document]) if document else filing.get_message_mark(message, scheme)
    told = to_facets(mark, scheme)
    asked = told if document else {"level": told.get("level", [])}
    why = find_refusal(reader, asked, scheme, now()[:10])
    return voice(f"closed.{why}") if why else ""
