"""From e-mails to rows: who wrote to whom, what it says, what is attached."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256

from workbench.errors import SourceError
from workbench.ingest import markup
from workbench.ingest.lines import encoding
from workbench.ingest.mail.reader import METHOD, VERSION, guarded, header, parsed
from workbench.ingest.participants import is_identifier
from workbench.ingest.passages import passages, pieces
from workbench.ingest.source import Evidence, SourceFile
from workbench.model.ident import digest, entity_id
from workbench.model.issues import issue
from workbench.model.keys import email_account, person
from workbench.model.names import clean, normalise
from workbench.model.rows import Claim, Document, Issue, Row, Trace

SIZE = 1000
DEPTH = 3
PARTS = 500
LONGEST_HEADER = 100_000
TITLE = 200
NO_REPLY = re.compile(
    r"(?:no|do-?not|donot|ne-?pas)[-_.]?(?:reply|responder|repondre)|(?:mailer-daemon|postmaster|bounces?|newsletter"
    r"|notifications?|alerts?|automailer)(?:[-_.+].{0,100})?",
    re.IGNORECASE,
)
BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
ORIGINAL = re.compile(
    r"-{3,60}\s?(?:original|forwarded|doorgestuurd|urspr|message d|mensaje|begin forw)|_{20,120}$", re.IGNORECASE
)
WROTE = re.compile(r"(?:on|op|am|le|el)\b.{8,200}(?:wrote|schreef|schrieb|a écrit|escribió)\s?:\s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Party:
    """A sender or recipient: address in lower case, display name ('' if none or no name), and the field."""

    address: str
    name: str
    raw: str
    prop: str


class Mailbox:
    """Makes rows of the messages of one file; remembers which documents it has given out."""

    def __init__(self, source: SourceFile, depth: int) -> None:
        self.source, self.depth = source, depth
        self.known: set[str] = set()
        self.zoneless = 0

    def letter(self, place: str, data: bytes) -> Iterator[Row]:
        """Rows of one message and of what is attached to it."""
        message = parsed(data)
        if message is None:
            yield issue("bad-row", "A message could not be read as e-mail.", place=place)
            return
        text, attached, wrong = _content(message)
        at, readable = _date(header(message, "Date"))
        self.zoneless += readable and datetime.fromisoformat(at).tzinfo is None
        document = digest("Email", header(message, "Message-ID"), at, header(message, "From"), _subject(message), text)
        passage = yield from self._document(message, document, at, text)
        trace = Trace(digest(self.source.sha256, place, document), document, self.source.sha256, place=place)
        yield trace
        yield from _claims(Evidence(METHOD, VERSION, document, passage, trace.id), message, at)
        if at and not readable:
            yield issue("bad-date", f"The date {at!r} could not be read.", document_id=document, place=place)
        yield from (replace(one, document_id=document, place=place) for one in wrong)
        for name, kind, content in attached:
            yield from self._attachment(name, kind, content, place=place, document=document)

    def end(self) -> Iterator[Issue]:
        """What is said once per file."""
        if self.zoneless:
            yield issue("zone-unknown", f"{self.zoneless} dates of e-mails have no zone; they are shown as written.")

    def _document(self, message: EmailMessage, document: str, at: str, text: str) -> Generator[Row, None, str]:
        """Document and passages, once: the subject, then the body. Returns the id of the first passage of the body."""
        subject = clean(_subject(message))
        body = [piece for run in _runs(text) for piece in pieces(run, SIZE)]
        found = list(passages(document, [subject, *body] if subject else body))
        if document not in self.known:
            self.known.add(document)
            service = "automatic mail" if is_automatic(message) else ""
            yield Document(document, "Email", subject[:TITLE] or "E-mail without subject", at, service)
            yield from found
        first = found[1 if subject and body else 0 :]
        return first[0].id if first else ""

    def _attachment(self, name: str, kind: str, data: bytes, *, place: str, document: str) -> Iterator[Row]:
        """Rows of an attached file under the place of the message; an issue where nobody reads it."""
        from workbench.ingest import READERS, detect

        place = f"attachment {name} of {place}"
        inner = SourceFile(self.source.path, sha256(data).hexdigest(), name, data)
        depth = self.depth + 1
        try:
            if depth > DEPTH:
                raise SourceError(f"attachments are read {DEPTH} deep")
            found = detect(inner).reader
            yield from _moved(READERS[found].read(inner, {"depth": str(depth)}), self.source.sha256, place)
        except SourceError as error:
            yield issue(
                "attachment",
                f"{name!r} ({kind}, {len(data):,} bytes) was not read: {error}",
                fix="Save it and add it by itself if it matters.",
                document_id=document,
                place=place,
            )


def is_automatic(message: EmailMessage) -> bool:
    """Whether a program sent it: Auto-Submitted, List-Unsubscribe, Precedence, or an address that takes no answer."""
    submitted = header(message, "Auto-Submitted").lower()
    if submitted not in ("", "no") or header(message, "List-Unsubscribe"):
        return True
    if header(message, "Precedence").lower() in BULK:
        return True
    return any(_no_reply(party.address) for party in parties(message, "From", "emitters"))


def parties(message: EmailMessage, field: str, prop: str) -> list[Party]:
    """Addresses of a header field with their display names, in order; what has no '@' is left out."""
    value = header(message, field)[:LONGEST_HEADER]
    found = guarded(lambda: getaddresses([value])) or []
    listed: list[tuple[str, str]] = found if isinstance(found, list) else []
    made = [_party(clean(name), clean(address), prop) for name, address in listed]
    return [party for party in made if "@" in party.address[1:-1]]


def _party(name: str, address: str, prop: str) -> Party:
    plain = name.strip("'\" ")
    told = normalise(plain) and not is_identifier(plain) and plain.lower() != address.lower()
    return Party(address.lower(), plain if told else "", f"{name} <{address}>" if name else address, prop)


def _claims(evidence: Evidence, message: EmailMessage, at: str) -> Iterator[Claim]:
    entity = entity_id("Email", evidence.document_id)
    yield from evidence.entity(
        "Email",
        entity,
        {
            "subject": _subject(message),
            "date": at,
            "messageId": header(message, "Message-ID"),
            "inReplyTo": header(message, "In-Reply-To"),
        },
    )
    fields = (("From", "emitters"), ("To", "recipients"), ("Cc", "recipients"), ("Bcc", "recipients"))
    said: set[tuple[str, str]] = set()
    for party in (party for field, prop in fields for party in parties(message, field, prop)):
        account = email_account(party.address).entity_id
        if (party.prop, account) not in said:
            said.add((party.prop, account))
            yield evidence.claim("Email", entity, party.prop, account, party.raw)
            yield from _account(evidence, party, account)


def _account(evidence: Evidence, party: Party, account: str) -> Iterator[Claim]:
    """What a sender or recipient says of an account and the person behind it."""
    automatic = _no_reply(party.address)
    note = "service: automatic mail" if automatic else ""
    props = {"username": party.address, "email": party.address, "service": "e-mail", "description": note}
    yield from evidence.entity("UserAccount", account, props)
    if party.name and not automatic:
        holder = person(party.name, party.address).entity_id
        yield evidence.claim("Person", holder, "name", party.name, party.raw)
        yield from evidence.attribution(holder, account, "display name")


def _no_reply(address: str) -> bool:
    return NO_REPLY.fullmatch(address.rpartition("@")[0]) is not None


def _subject(message: EmailMessage) -> str:
    return header(message, "Subject")


def _date(written: str) -> tuple[str, bool]:
    """ISO time with the offset kept, and whether the field could be read; as written if not.

    '-0000' says that the zone is unknown (RFC 5322, 3.3): the time then has no offset.
    """
    found = guarded(lambda: parsedate_to_datetime(written).isoformat()) if written else None
    return (found, True) if isinstance(found, str) else (written, False)


def _content(message: EmailMessage) -> tuple[str, list[tuple[str, str, bytes]], list[Issue]]:
    """Text of the body, attachments (name, type, bytes) and what was wrong."""
    bodies: list[str] = []
    attached: list[tuple[str, str, bytes]] = []
    wrong: list[Issue] = []
    for number, part in enumerate(_leaves(message)):
        if number >= PARTS:
            wrong.append(issue("truncated", f"The message has more than {PARTS} parts; the others were not read."))
            break
        kind = str(guarded(part.get_content_type) or "application/octet-stream")
        name = clean(str(guarded(part.get_filename) or ""))
        if kind in ("text/plain", "text/html") and not name and not _is_attachment(part):
            bodies.append(_text(part, kind, wrong))
        else:
            attached.append((name or f"part {number + 1}{_suffix(kind)}", kind, _bytes(part)))
    return "\n\n".join(body for body in bodies if body), attached, wrong


def _leaves(part: EmailMessage, depth: int = 0) -> Iterator[EmailMessage]:
    """Parts that hold content; of alternatives the plain text, else the last."""
    kind = str(guarded(part.get_content_type) or "")
    children = guarded(part.get_payload) if kind.startswith("multipart/") else None
    if not isinstance(children, list) or depth > PARTS:
        yield part
        return
    inner = [child for child in children if isinstance(child, EmailMessage)]
    if kind == "multipart/alternative" and inner:
        plain = [child for child in inner if guarded(child.get_content_type) == "text/plain" and _bytes(child).strip()]
        inner = plain[:1] or inner[-1:]
    for child in inner:
        yield from _leaves(child, depth + 1)


def _is_attachment(part: EmailMessage) -> bool:
    return guarded(part.get_content_disposition) == "attachment"


def _bytes(part: EmailMessage) -> bytes:
    """Content of a part, decoded from its transfer encoding; of an attached message its own bytes."""
    if guarded(part.get_content_maintype) == "message":
        inner = guarded(lambda: part.get_payload(0))
        whole = guarded(inner.as_bytes) if isinstance(inner, EmailMessage) else None
        return whole if isinstance(whole, bytes) else b""
    data = guarded(lambda: part.get_payload(decode=True))
    return data if isinstance(data, bytes) else str(guarded(part.get_payload) or "").encode("utf-8", "replace")


def _text(part: EmailMessage, kind: str, wrong: list[Issue]) -> str:
    """Text of a body part; an unknown or wrong character set is replaced by one that fits, and reported."""
    data = _bytes(part)
    charset = str(guarded(part.get_content_charset) or "") or encoding(data)
    text = guarded(lambda: data.decode(charset))
    if not isinstance(text, str):
        used = encoding(data)
        text = data.decode(used, "replace")
        wrong.append(issue("bad-encoding", f"A text said to be {charset[:40]!r} is not; it was read as {used}."))
    return markup.text(text) if kind == "text/html" else text.replace("\r\n", "\n").strip()


def _runs(text: str) -> Iterator[list[str]]:
    """Lines of a body in runs: what was written, and what is quoted ('>', its introduction, an original message)."""
    run: list[str] = []
    quoted = below = False
    for line in text.split("\n"):
        below = below or ORIGINAL.match(line) is not None
        marked = line.startswith(">") or WROTE.match(line[:300]) is not None
        now = below or marked or (quoted and not line.strip())
        if run and now != quoted:
            yield run
            run = []
        quoted = now
        run.append(line)
    if run:
        yield run


def _moved(rows: Iterable[Row], source: str, place: str) -> Iterator[Row]:
    """Rows of an inner file as rows of the outer one: traces, and the claims that name them, under a place in it."""
    ids: dict[str, str] = {}
    for row in rows:
        if isinstance(row, Trace):
            where = f"{place}, {row.place}" if row.place else place
            ids[row.id] = digest(source, where, row.document_id)
            yield replace(row, id=ids[row.id], source=source, place=where)
        elif isinstance(row, Claim):
            yield replace(row, trace_id=ids.get(row.trace_id, row.trace_id))
        elif isinstance(row, Issue):
            yield replace(row, place=f"{place}, {row.place}" if row.place else place)
        else:
            yield row


def _suffix(kind: str) -> str:
    return {"message/rfc822": ".eml", "text/plain": ".txt", "text/html": ".html", "text/csv": ".csv"}.get(kind, "")
