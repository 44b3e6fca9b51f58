"""What an export of a messenger holds besides messages: whose account it is, the contacts, and other sections as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from workbench.ingest.chats.json_stream import flatten_value, to_text
from workbench.ingest.reading.passages import list_passages, split_pieces
from workbench.ingest.reading.source import Evidence, SourceFile
from workbench.model.identifiers import build_account_key as account_key
from workbench.model.identifiers import build_person_key, build_telephone_key
from workbench.model.ids import compute_digest
from workbench.model.rows import Claim, Document, Passage, Row, Trace

CONTACTS = "contacts"


def list_section_rows(source: SourceFile, name: str, lines: Iterable[str]) -> Iterator[Row]:
    """A section as one document PlainText with its passages; nothing if it has no text."""
    document = compute_digest("PlainText", source.sha256, name)
    found = list(list_passages(document, split_pieces(lines)))
    if found:
        yield Document(document, "PlainText", f"{source.name}: {name or 'other data'}")
        yield Trace(compute_digest(source.sha256, name, document), document, source.sha256, place=name)
        yield from found


def list_account_rows(
    source: SourceFile, evidence: Evidence, facts: Mapping[str, object], custodian: str
) -> Iterator[Row]:
    """Whose account it is, as the export itself says: fields user_id, username, phone_number, first_name, last_name."""
    rows = list(list_section_rows(source, "personal information", flatten_value(facts)))
    yield from rows
    if not rows:
        return
    at = _place_evidence(evidence, rows)
    held = account_key(to_text(facts.get("user_id")) or to_text(facts.get("username"))).entity_id
    props = {"username": to_text(facts.get("user_id")), "alias": to_text(facts.get("username")), "service": "Telegram"}
    yield from at.claim_entity("UserAccount", held, props)
    if custodian:
        holder = build_person_key(custodian, source.sha256).entity_id
        yield at.build_claim("Person", holder, "name", custodian)
        yield from at.claim_attribution(holder, held, "custodian")
    yield from _claim_number(at, held, to_text(facts.get("phone_number")), "account identifier")


def list_contact_rows(
    source: SourceFile, evidence: Evidence, facts: Mapping[str, object], *, first: bool
) -> Iterator[Row]:
    """One contact: a passage of the document of all contacts, and who is called what there.

    Parameters
    ----------
    first : bool
        Whether it is the first one; the document comes before it.
    """
    document = compute_digest("PlainText", source.sha256, CONTACTS)
    if first:
        yield Document(document, "PlainText", f"{source.name}: contacts")
        yield Trace(compute_digest(source.sha256, CONTACTS, document), document, source.sha256, place=CONTACTS)
    words = "; ".join(flatten_value(facts))
    if not words:
        return
    passage = Passage(compute_digest("Passage", document, words), document, 0, words)
    yield passage
    at = Evidence(
        evidence.method, evidence.version, document, passage.id, compute_digest(source.sha256, CONTACTS, document)
    )
    number, name = (
        to_text(facts.get("phone_number")),
        f"{to_text(facts.get('first_name'))} {to_text(facts.get('last_name'))}".strip(),
    )
    user = to_text(facts.get("user_id"))
    held = account_key(user).entity_id if user not in ("", "0") else ""
    if held:
        yield from at.claim_entity("UserAccount", held, {"username": user, "service": "Telegram"})
        yield from _claim_number(at, held, number, "contact number")
    elif number.strip():
        held = build_telephone_key(_normalise_number(number)).entity_id
        yield at.build_claim(
            "TelephoneNumber", held, "number", build_telephone_key(_normalise_number(number)).value, number
        )
    if held and name:
        holder = build_person_key(name, held).entity_id
        yield at.build_claim("Person", holder, "name", name)
        yield from at.claim_attribution(holder, held, "contact name", description="name in the export")


def _claim_number(at: Evidence, held: str, number: str, basis: str) -> Iterator[Claim]:
    if not number.strip():
        return
    key = build_telephone_key(_normalise_number(number))
    yield at.build_claim("TelephoneNumber", key.entity_id, "number", key.value, number)
    yield from at.claim_attribution(held, key.entity_id, basis)


def _normalise_number(number: str) -> str:
    """Telegram writes numbers with their country code, as '0044 7700 900123', '+44 …' or '447700900123'."""
    return number if number.strip().startswith(("+", "00")) else f"+{number.strip()}"


def _place_evidence(evidence: Evidence, rows: list[Row]) -> Evidence:
    """Evidence at the first passage of a section."""
    trace = next(row for row in rows if isinstance(row, Trace))
    passage = next(row for row in rows if isinstance(row, Passage))
    return Evidence(evidence.method, evidence.version, trace.document_id, passage.id, trace.id)
