"""Whether a draft is for its addressees: what its fields rest on, and all that is inside its attachments.

One rule for all ways out: the signature of a second officer, a package, a file, what is recorded as sent, and the preview.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbench.case.access import clearances, controller
from workbench.case.context import source_lookup
from workbench.case.context.case_context import CaseContext
from workbench.case.desk.drafts import prefill
from workbench.case.desk.drafts.draft_record import DraftRecord
from workbench.case.desk.messages import attachment_contents, bureau_names, validation
from workbench.errors import CaseError
from workbench.ledger import Object
from workbench.ledger.access.access_filter import Reader, find_refusal
from workbench.ledger.records import messages
from workbench.ledger.records.chart_annotations import select_withheld
from workbench.ledger.storage.runs import now
from workbench.messages import LetterOfRequest
from workbench.model.catalogue import Sentence, get_term
from workbench.model.handling_marks import to_facets


def check_bureau_names(context: CaseContext, to: Sequence[str]) -> None:
    """Refuse what names no bureau: no country is told, and neither the trust list nor a message of the case has the name.

    Raises
    ------
    CaseError
        With the form of a code, and the bureaux that are known.
    """
    trusted = validation.list_trusted_bureaux()
    nation, filed = bureau_names.build_country_lookup(trusted), messages.list_messages(context.ledger)
    known = {one.name for one in trusted}.union(*({one.from_bureau, *one.to_bureaux} for one in filed)) - {""}
    for one in to:
        is_known = (
            nation(one)
            or bureau_names.is_secretariat(one)
            or any(bureau_names.is_same_bureau(one, name) for name in known)
        )
        if not is_known:
            listed = ", ".join(sorted(known)) or Sentence("none", context="refused")
            raise CaseError(
                Sentence(
                    "No bureau has the name '{name}'. Give the code of a bureau. It begins with the country code, "
                    "for example 'FR-NCB'. The code of the General Secretariat of INTERPOL is 'IPSG'. Bureaux known "
                    "in this case: {known}.",
                    name=one,
                    known=listed,
                )
            )


def check_addressees(context: CaseContext, draft: DraftRecord, readers: Sequence[Reader]) -> None:
    """Refuse a draft of which anything is not for one of these readers.

    Raises
    ------
    CaseError
        With the reason; it is logged.
    """
    if why := find_objection(context, draft, readers):
        raise context.ledger.refuse("disclosure", Object("draft", draft.id), why)


def find_objection(context: CaseContext, draft: DraftRecord, readers: Sequence[Reader]) -> str:
    """Why a draft is not for all of these readers, or an attachment not for who works to pass on, in words; '' if all of it is."""
    if why := _find_unreadable(context, draft):
        return why
    scheme = controller.get_scheme(context)
    said = {name: values for name, values in to_facets(draft.get_mark(), scheme).items() if name == "barred"}
    refused = [why for reader in readers if (why := find_refusal(reader, said, scheme, now()[:10]))]
    if refused:
        return _build_objection(get_term("withheld", refused[0]))
    with prefill.open_restricted(context, readers) as seen:
        gone = {*select_withheld(seen.ledger, draft.basis_ids)}
        gone.update(attachment_contents.list_withheld(seen, draft.message))
    if not gone:
        return ""
    return _build_objection(
        Sentence(
            "it contains items that are excluded or that an addressee is not allowed to see (number of items: {count})",
            count=len(gone),
        )
    )


def _find_unreadable(context: CaseContext, draft: DraftRecord) -> str:
    """Why who works may not pass on an attachment, '' if each may be; of a file that is not in the case nothing can go out."""
    for source in attachment_contents.list_sources(context, draft.message):
        try:
            source_lookup.check_readable(context, source)
        except CaseError as error:
            return error.sentence
    return ""


def _build_objection(why: str) -> Sentence:
    return Sentence(
        "The message cannot be signed, exported or sent yet. At least one addressee is not allowed to "
        "receive the message: {why}.",
        why=why,
    )


def list_named_readers(context: CaseContext, draft: DraftRecord) -> list[Reader]:
    """The addressees that a draft names, where no card tells of them: as cleared as who works, for whom a second officer signs."""
    message, own = draft.message, clearances.build_reader(context).level
    judicial, nation = (
        isinstance(message, LetterOfRequest),
        bureau_names.build_country_lookup(validation.list_trusted_bureaux()),
    )
    made = (
        clearances.build_addressee(context, bureau, nation=nation(bureau), judicial=judicial)
        for bureau in (*message.to, *message.cc)
    )
    return [replace(one, level=max(one.level, own)) for one in made]
