"""E-mails of a telephone, as documents of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.ingest.phones.phone_messages import compute_mail_id, read_mail
from workbench.ingest.phones.phone_record import Item
from workbench.ingest.reading import hidden_styles
from workbench.ingest.reading.cells import html_tables
from workbench.ingest.reading.participants import is_identifier
from workbench.ingest.reading.passages import list_passages, split_pieces
from workbench.ingest.reading.source import Evidence
from workbench.ingest.reading.special_labels import claim_special_fields
from workbench.model.identifiers import build_email_account_key, build_person_key
from workbench.model.ids import build_entity_id, compute_digest
from workbench.model.rows import Claim, Document, Row, Trace
from workbench.model.text.normalise import clean_text, normalise_name

if TYPE_CHECKING:
    from workbench.ingest.phones.phone_content import Reading

TITLE = 200
SIDES = (("From", "emitters"), ("To", "recipients"), ("Cc", "recipients"), ("Bcc", "recipients"))


def list_rows(reading: Reading, item: Item) -> Iterator[Row]:
    """Document, trace, passages and claims of one e-mail."""
    at, subject, text = read_mail(item)
    document = compute_mail_id(item)
    body = item.get("Body", "Snippet", "Content")
    page = hidden_styles.separate_boxes(body) if body.lstrip()[:1] == "<" else ""
    state = [f"{label}: {value}" for label, value in item.state if value]
    sides = (line for name, _ in SIDES for one in item.list_parts(name) for line in one.list_further_lines(f"{name} "))
    more = [f"{name}: {value}" for name, value in (*item.list_further_lines(), *sides)]
    files = [
        f"Attachment: {name}"
        for one in item.list_parts("Attachments", "Attachment")
        if (name := one.get("Filename", "Title"))
    ]
    found = list(
        list_passages(
            document, filter(None, [subject, *split_pieces(text.split("\n")), "\n".join([*files, *state, *more])])
        )
    )
    if reading.is_new("mail", document):
        yield Document(document, "Email", subject[:TITLE] or "E-mail without subject", at)
        yield from found
    source = reading.source.sha256
    trace = Trace(
        compute_digest(source, item.place, document),
        document,
        source,
        place=item.place,
        conversation=item.get("Folder"),
    )
    yield reading.add_trace_origin(trace, item)
    at_mail = Evidence(reading.method, reading.version, document, found[0].id if found else "", trace.id)
    entity = build_entity_id("Email", document)
    yield from at_mail.claim_entity(
        "Email",
        entity,
        {"subject": subject, "date": reading.check_moment(at, item.place), "description": "; ".join(state)},
    )
    cells = html_tables.list_special_cells(page, text, {}, {}) if page else ()
    told = claim_special_fields(found, replace(at_mail, passage_id=""), cells=cells)
    yield from (row for row in told if isinstance(row, Claim))
    for name, prop in SIDES:
        for party in item.list_parts(name):
            yield from _claim_party(reading, at_mail, entity, prop, party)


def _claim_party(reading: Reading, at: Evidence, entity: str, prop: str, party: Item) -> Iterator[Claim]:
    address, name = clean_text(party.get("Identifier", "Value")), clean_text(party.get("Name"))
    if "@" not in address[1:-1]:
        return
    held = build_email_account_key(address)
    yield at.build_claim("Email", entity, prop, held.entity_id, address)
    if not reading.is_new("address", held.entity_id, name):
        return
    yield from at.claim_entity(
        "UserAccount", held.entity_id, {"username": held.value, "email": held.value, "service": "e-mail"}
    )
    if name and normalise_name(name) and not is_identifier(name):
        holder = build_person_key(name, held.value).entity_id
        yield at.build_claim("Person", holder, "name", name)
        yield from at.claim_attribution(holder, held.entity_id, "display name")
