"""From e-mails to rows: who wrote to whom, what it says, what is attached."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import getaddresses

from workbench.ingest import markup
from workbench.ingest.charsets import named
from workbench.ingest.lines import encoding
from workbench.ingest.mail.headers import MOST
from workbench.ingest.mail.reader import METHOD, VERSION, guarded, has_long_header, header, parsed
from workbench.ingest.participants import is_identifier
from workbench.ingest.passages import passages, pieces
from workbench.ingest.source import Evidence, SourceFile
from workbench.model.archives import shown
from workbench.model.catalogue import Sentence
from workbench.model.ident import digest, entity_id
from workbench.model.issues import issue
from workbench.model.keys import document as document_key
from workbench.model.keys import email_account, person
from workbench.model.names import clean, normalise
from workbench.model.rows import Claim, Document, Enclosure, Issue, Row, Trace
from workbench.model.times import of_mail

SIZE = 1000
PARTS = 500
TITLE = 200
AS_WRITTEN = policy.default.clone(refold_source="none")
SUFFIXES = {
    "text/plain": ".txt", "text/html": ".html", "text/csv": ".csv", "text/calendar": ".ics", "text/vcard": ".vcf",
    "application/pdf": ".pdf",
}  # fmt: skip
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


@dataclass(slots=True)
class Content:
    """What a message holds: text of the body, attachments (name, type, bytes), and what was wrong."""

    text: str = ""
    attached: list[tuple[str, str, bytes]] = field(default_factory=list)
    wrong: list[Issue] = field(default_factory=list)


class Mailbox:
    """Makes rows of the messages of one file; remembers which documents it has given out."""

    def __init__(self, source: SourceFile, method: str = METHOD) -> None:
        self.source, self.method = source, method
        self.known: set[str] = set()
        self.zoneless = 0

    def letter(self, place: str, data: bytes) -> Iterator[Row]:
        """Rows of one message; what is attached to it becomes files within."""
        message = parsed(data)
        if message is None:
            yield issue("bad-row", Sentence("row.mail.unread"), place=place)
            return
        yield from self.told(place, message, content(message))

    def told(self, place: str, message: EmailMessage, content: Content) -> Iterator[Row]:
        """Rows of a message whose content is known. Of `message` the header fields count only."""
        at, readable = _date(header(message, "Date"))
        self.zoneless += readable and datetime.fromisoformat(at).tzinfo is None
        sender, subject = header(message, "From"), _subject(message)
        document = digest("Email", header(message, "Message-ID"), at, sender, subject, content.text)
        passage = yield from self._document(message, document, at, content.text)
        trace = Trace(digest(self.source.sha256, place, document), document, self.source.sha256, place=place)
        yield trace
        evidence = Evidence(self.method, VERSION, document, passage, trace.id)
        yield from _claims(evidence, message, at)
        if at and not readable:
            yield issue("bad-date", Sentence("row.date.unread", date=repr(at)), document_id=document, place=place)
        if has_long_header(message):
            yield issue("truncated", Sentence("row.cut.header", most=MOST), document_id=document, place=place)
        yield from (replace(one, document_id=document, place=place) for one in content.wrong)
        for name, kind, data in content.attached:
            yield from self._attachment(name, kind, data, evidence=replace(evidence, passage_id=""), place=place)

    def end(self) -> Iterator[Issue]:
        """What is said once per file."""
        if self.zoneless:
            yield issue("zone-unknown", Sentence("row.zone.mails", count=self.zoneless))

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

    def _attachment(self, name: str, kind: str, data: bytes, *, evidence: Evidence, place: str) -> Iterator[Row]:
        """That the letter has an attachment (name, type, size, SHA-256), and the attachment as a file within."""
        sha256 = hashlib.sha256(data).hexdigest()
        yield from evidence.entity(
            "Document",
            document_key(sha256).entity_id,
            {
                "fileName": name,
                "mimeType": kind,
                "fileSize": str(len(data)),
                "contentHash": sha256,
                "parent": entity_id("Email", evidence.document_id),
            },
        )
        if not data:
            yield issue("attachment", Sentence("row.mail.empty", name=repr(name), kind=kind), document_id=evidence.document_id,
                        place=place)  # fmt: skip
        else:
            yield Enclosure(name, data, evidence.document_id)


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
    value = header(message, field)[:MOST]
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
    for party in (party for name, prop in fields for party in parties(message, name, prop)):
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
    found = guarded(lambda: of_mail(written).isoformat()) if written else None
    return (found, True) if isinstance(found, str) else (written, False)


def content(message: EmailMessage) -> Content:
    """Text and attachments of a letter, and what was wrong with them."""
    bodies: list[str] = []
    found = Content()
    for number, part in enumerate(_leaves(message)):
        if number >= PARTS:
            found.wrong.append(issue("truncated", Sentence("row.cut.parts", most=PARTS)))
            break
        kind = str(guarded(part.get_content_type) or "application/octet-stream")
        name = clean(str(guarded(part.get_filename) or ""))
        if kind in ("text/plain", "text/html") and not name and not _is_attachment(part):
            bodies.append(_text(part, kind, found.wrong))
        else:
            found.attached.append((_named(name or f"part {number + 1}", kind), kind, decoded(part)))
    found.text = "\n\n".join(body for body in bodies if body)
    return found


def _leaves(part: EmailMessage, depth: int = 0) -> Iterator[EmailMessage]:
    """Parts that hold content; of alternatives the plain text, else the last."""
    kind = str(guarded(part.get_content_type) or "")
    children = guarded(part.get_payload) if kind.startswith("multipart/") else None
    if not isinstance(children, list) or depth > PARTS:
        yield part
        return
    inner = [child for child in children if isinstance(child, EmailMessage)]
    if kind == "multipart/alternative" and inner:
        plain = [child for child in inner if guarded(child.get_content_type) == "text/plain" and decoded(child).strip()]
        inner = plain[:1] or inner[-1:]
    for child in inner:
        yield from _leaves(child, depth + 1)


def _is_attachment(part: EmailMessage) -> bool:
    return guarded(part.get_content_disposition) == "attachment"


def decoded(part: EmailMessage) -> bytes:
    """Content of a part, decoded from its transfer encoding; of an attached message its own bytes."""
    if guarded(part.get_content_maintype) == "message":
        inner = guarded(lambda: part.get_payload(0))
        whole = guarded(lambda: inner.as_bytes(policy=AS_WRITTEN)) if isinstance(inner, EmailMessage) else None
        return whole if isinstance(whole, bytes) else b""
    data = guarded(lambda: part.get_payload(decode=True))
    return data if isinstance(data, bytes) else str(guarded(part.get_payload) or "").encode("utf-8", "replace")


def _text(part: EmailMessage, kind: str, wrong: list[Issue]) -> str:
    """Text of a body part; an unknown or wrong character set is replaced by one that fits, and reported."""
    data = decoded(part)
    charset = str(guarded(part.get_content_charset) or "") or encoding(data)
    text = guarded(lambda: data.decode(named(charset) or "undefined"))
    if not isinstance(text, str):
        used = encoding(data)
        text = data.decode(used, "replace")
        wrong.append(issue("bad-encoding", Sentence("row.mail.charset", charset=repr(charset[:40]), used=used)))
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


def _named(name: str, kind: str) -> str:
    """Name of an attachment; one without a suffix, and every attached message, gets that of its type."""
    name = shown(name)
    if kind == "message/rfc822":
        return name if name.lower().endswith(".eml") else f"{name}.eml"
    return name if "." in name else name + SUFFIXES.get(kind, "")
