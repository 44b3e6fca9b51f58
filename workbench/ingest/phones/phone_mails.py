"""E-mails of a telephone, as documents of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.ingest.phones.phone_record import Item
from workbench.ingest.phones.report_times import moment
from workbench.ingest.reading import hidden_styles, html_text
from workbench.ingest.reading.participants import is_identifier
from workbench.ingest.reading.passages import passages, pieces
from workbench.ingest.reading.source import Evidence
from workbench.model.identifiers import email_account, person
from workbench.model.ids import digest, entity_id
from workbench.model.rows import Claim, Document, Row, Trace
from workbench.model.text.normalise import clean, normalise

if TYPE_CHECKING:
    from workbench.ingest.phones.phone_content import Reading

TITLE = 200
SIDES = (("From", "emitters"), ("To", "recipients"), ("Cc", "recipients"), ("Bcc", "recipients"))


def rows(reading: Reading, item: Item) -> Iterator[Row]:
    """Document, trace, passages and claims of one e-mail."""
    at, subject = moment(item.get("TimeStamp", "Date")), clean(item.get("Subject"))
    body = item.get("Body", "Snippet", "Content")
    text = html_text.text(hidden_styles.separate_boxes(body)) if body.lstrip()[:1] == "<" else body
    senders = " ".join(one.get("Identifier", "Name") for one in item.list_parts("From"))
    document = digest("Email", "", at, senders, subject, text)
    state = [f"{label}: {value}" for label, value in item.state if value]
    more = [f"{name}: {value}" for name, values in item.lists.items() for value in values]
    files = [
        f"Attachment: {name}"
        for one in item.list_parts("Attachments", "Attachment")
        if (name := one.get("Filename", "Title"))
    ]
    found = list(
        passages(document, filter(None, [subject, *pieces(text.split("\n")), "\n".join([*files, *state, *more])]))
    )
    if reading.is_new("mail", document):
        yield Document(document, "Email", subject[:TITLE] or "E-mail without subject", at)
        yield from found
    source = reading.source.sha256
    trace = Trace(
        digest(source, item.place, document), document, source, place=item.place, conversation=item.get("Folder")
    )
    yield reading.add_trace_origin(trace, item)
    at_mail = Evidence(reading.method, reading.version, document, found[0].id if found else "", trace.id)
    entity = entity_id("Email", document)
    yield from at_mail.entity("Email", entity, {"subject": subject, "date": at, "description": "; ".join(state)})
    for name, prop in SIDES:
        for party in item.list_parts(name):
            yield from _side(reading, at_mail, entity, prop, party)


def _side(reading: Reading, at: Evidence, entity: str, prop: str, party: Item) -> Iterator[Claim]:
    address, name = clean(party.get("Identifier", "Value")), clean(party.get("Name"))
    if "@" not in address[1:-1]:
        return
    held = email_account(address)
    yield at.claim("Email", entity, prop, held.entity_id, address)
    if not reading.is_new("address", held.entity_id, name):
        return
    yield from at.entity(
        "UserAccount", held.entity_id, {"username": held.value, "email": held.value, "service": "e-mail"}
    )
    if name and normalise(name) and not is_identifier(name):
        holder = person(name, held.value).entity_id
        yield at.claim("Person", holder, "name", name)
        yield from at.attribution(holder, held.entity_id, "display name")
