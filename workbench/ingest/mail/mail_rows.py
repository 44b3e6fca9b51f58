"""From e-mails to rows: who wrote to whom, what it says, what is attached."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import getaddresses
from itertools import chain, islice

from workbench.ingest.mail import flowed_text, mail_issues, masked_senders, unread_mail_text
from workbench.ingest.mail.header_fields import FIELDS, has_many_fields, is_added, list_word_fields
from workbench.ingest.mail.headers import ADDRESSES, MOST
from workbench.ingest.mail.parsing import (
    METHOD,
    VERSION,
    call_safely,
    get_header,
    has_long_header,
    list_headers,
    list_written_fields,
    parse_message,
)
from workbench.ingest.reading import charsets, hidden_styles, html_text
from workbench.ingest.reading.cells import html_tables
from workbench.ingest.reading.participants import is_identifier
from workbench.ingest.reading.passages import list_passages, split_pieces
from workbench.ingest.reading.source import Evidence, SourceFile
from workbench.ingest.reading.special_labels import SpecialCell, claim_special_fields, split_words
from workbench.ingest.reading.text_lines import LEGACY, detect_encoding, tell_guess, unify_line_ends
from workbench.model.catalogue import Sentence
from workbench.model.identifiers import build_document_key as document_key
from workbench.model.identifiers import build_email_account_key, build_person_key
from workbench.model.ids import build_entity_id, compute_digest
from workbench.model.issue_codes import build_issue
from workbench.model.machine.archive_safety import clean_name
from workbench.model.pseudonyms.name_matching import ERASED
from workbench.model.rows import Claim, Document, Enclosure, Issue, Passage, Row, Trace
from workbench.model.text.normalise import clean_text, normalise_name
from workbench.model.time_zones import parse_mail_date
from workbench.model.values.plausible_years import TWO_FIGURES, is_plausible

SIZE = 1000
PARTS = mail_issues.PARTS
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
PAGES = ("text/html", "text/x-amp-html", "application/xhtml+xml")
ENRICHED = ("text/enriched", "text/richtext")
"""Texts with marks of how they look (RFC 1896, RFC 1341)."""
SIGN = re.compile(r"<<|<[^<>]{0,80}>")
DATA = frozenset(
    """text/calendar text/csv text/directory text/json text/rtf text/tab-separated-values text/vcard text/x-vcalendar text/x-vcard
    text/xml""".split()
)
"""Texts that are read as files within the letter, also where they have no name."""
ALTERNATIVE = "alternative"
ADDED = 1 << 20
"""Number of the first passage of a field that servers add: behind all others of the message."""
LABELS, STRUCK = "Labels", "Deleted text"
"""Names of what attributes of a page say (alternative texts, tooltips, titles), and of what is struck out in its text."""
ALSO = ("Sender", "Reply-To")
"""Fields with addresses that mail programs show, or answer to, beside who wrote the message."""
AUTHORS_AND_READERS = ("From", "To", "Cc", "Bcc", *ALSO)
ADDRESS_WORD = re.compile(r"[^\s<>,;:()\"'\\\[\]]+")
NO_READERS = re.compile(
    r"(?:undisclosed|unlisted)[- ]recipients|recipient list not shown"
    rf"|{re.escape(ERASED)}(?:\s{{0,9}}<[^<>@\s]{{1,200}}@[^<>@\s]{{1,200}}>)?",
    re.IGNORECASE,
)
"""What programs write where a mail names nobody it goes to, and an address whose name was erased."""
BRACKETS = frozenset("<>")
"""Marks that no address holds: a field that is encoded as a whole is not taken for one."""

SHOWN = 3
OTHERS = 100
"""Addresses of such a field that are read."""
QUOTED = 100
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


@dataclass(frozen=True, slots=True)
class Body:
    """Text of a part: all of it, what a mail program shows of it, what it does not show, what it shows as struck out.

    `special`: cells of a special category in its tables.
    """

    text: str
    seen: str
    hidden: str = ""
    struck: tuple[str, ...] = ()
    special: tuple[SpecialCell, ...] = ()


@dataclass(slots=True)
class Content:
    """What a message holds: text of the body, attachments (name, type, bytes), and what was wrong.

    `others`: alternatives to the text that say something else: the name of the part ('HTML part'), its text.
    `seen`, `beside`: the same two as a mail program shows them; `hidden`: what it does not show of them.
    `aside`: those of `others` that stand around the parts, or in attributes of a page.
    `nameless`: those of `attached` that are texts without a file name and that programs may show with the body: type, text.
    `special`: cells of a special category in tables of all of them.
    """

    text: str = ""
    attached: list[tuple[str, str, bytes]] = field(default_factory=list)
    wrong: list[Issue] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)
    seen: str = ""
    beside: list[tuple[str, str]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    aside: list[tuple[str, str]] = field(default_factory=list)
    nameless: list[tuple[str, str]] = field(default_factory=list)
    special: list[SpecialCell] = field(default_factory=list)

    @property
    def full_text(self) -> str:
        """The text, and the alternatives that say something else."""
        return "\n\n".join(filter(None, (self.text, *(f"{part}:\n{text}" for part, text in self.others))))

    def add_other(self, part: str, body: Body) -> None:
        """Keep an alternative to the text, unless it differs from what is kept in markup and spacing only."""
        if self._add_if_new(part, body.text):
            self.beside += [(part, body.seen)] if body.seen else []
            said = Sentence("row.mail.alternative", part=part)
            self.wrong.append(build_issue("other-words", said, fix=Sentence("fix.compare.parts_of_mail")))

    def add_unshown_text(self, part: str, text: str) -> bool:
        """Keep a text that mail programs do not show as one, and whether it was kept: not if its words are kept already."""
        kept = self._add_if_new(part, text)
        self.aside += [(part, text)] if kept else []
        return kept

    def add_struck(self, body: Body) -> None:
        """Keep what is struck out in a text under a name of its own; it stands in the text as well."""
        if body.struck:
            self.others.append((STRUCK, "\n".join(body.struck)))
            self.aside.append((STRUCK, "\n".join(body.struck)))

    def _add_if_new(self, part: str, text: str) -> bool:
        if not text or is_contained_in(text, self.full_text):
            return False
        self.others.append((part, text))
        return True


class Mailbox:
    """Makes rows of the messages of one file; remembers which documents it has given out."""

    def __init__(self, source: SourceFile, method: str = METHOD) -> None:
        self.source, self.method = source, method
        self.known: set[str] = set()
        self.added: set[tuple[str, str]] = set()
        self.zoneless = 0

    def list_letter_rows(self, place: str, data: bytes, above: str = "") -> Iterator[Row]:
        """Rows of one message; what is attached to it becomes files within. `above`: the line before it in a mailbox."""
        message = parse_message(data)
        if message is None:
            yield build_issue("bad-row", Sentence("row.mail.unread"), place=place)
            return
        yield from self.build_rows(place, message, read_content(message, data), above)

    def build_rows(self, place: str, message: EmailMessage, content: Content, above: str = "") -> Iterator[Row]:
        """Rows of a message whose content is known. Of `message` the header fields count only."""
        at, readable = _parse_date(get_header(message, "Date"))
        self.zoneless += readable and datetime.fromisoformat(at).tzinfo is None
        sender, subject = ", ".join(list_headers(message, "From")), "\n".join(list_headers(message, "Subject"))
        fields = list(list_word_fields(islice(mail_issues.list_parts(message), PARTS)))
        written, added = [one for one in fields if not is_added(one)], [one for one in fields if is_added(one)]
        document = compute_digest(
            "Email",
            get_header(message, "Message-ID"),
            at,
            sender,
            subject,
            content.text,
            *chain(*content.others),
            *written,
        )
        unused = [] if has_long_header(message) else list(_find_unused_words(message))
        addresses = _list_correspondents(message)
        shown = ((party.address, party.raw, party.prop) for party in addresses)
        beside = [*masked_senders.list_masked(shown), *masked_senders.list_envelope(message, above)]
        passages, first = yield from self._list_document_rows(
            message,
            document,
            at,
            content,
            [*(f"{name}: {value}" for name, value, _ in unused), *written, *(one.line for one in beside)],
        )
        yield from self._add_fields(document, added)
        trace = Trace(compute_digest(self.source.sha256, place, document), document, self.source.sha256, place=place)
        yield trace
        evidence = Evidence(self.method, VERSION, document, first, trace.id)
        yield from _list_claims(evidence, message, at, addresses[:ADDRESSES])
        told = claim_special_fields(passages, evidence, cells=content.special)
        yield from (row for row in told if isinstance(row, Claim))
        yield from (
            replace(one, document_id=document, place=place)
            for one in (
                *_tell_cut_header(message, addresses),
                *mail_issues.tell_date(get_header(message, "Date"), at, is_readable=readable),
                *list_issues(message, content),
                *_tell_unused_addresses(unused),
                *(one.build_issue() for one in beside),
            )
        )
        for name, kind, data in content.attached:
            yield from self._list_attachment_rows(
                name, kind, data, evidence=replace(evidence, passage_id=""), place=place
            )

    def finish(self) -> Iterator[Issue]:
        """What is said once per file."""
        if self.zoneless:
            yield build_issue("zone-unknown", Sentence("row.zone.mails", count=self.zoneless))

    def _list_document_rows(
        self, message: EmailMessage, document: str, at: str, content: Content, fields: list[str]
    ) -> Generator[Row, None, tuple[list[Passage], str]]:
        """Document and passages, once: the subject, then the body. Returns the passages, and the id of the first one of the body."""
        subjects = [subject for one in list_headers(message, "Subject") if (subject := clean_text(one))]
        subject = subjects[0] if subjects else ""
        body = [
            *_split_pieces(content.text),
            *(one for part, text in content.others for one in (part, *_split_pieces(text))),
        ]
        found = list(list_passages(document, [*subjects, *body, *_list_other_addresses(message), *fields]))
        if document not in self.known:
            self.known.add(document)
            service = "automatic mail" if is_automatic(message) else ""
            yield Document(document, "Email", subject[:TITLE] or "E-mail without subject", at, service)
            yield from found
        first = found[len(subjects) if body else 0 :]
        return found, first[0].id if first else ""

    def _add_fields(self, document: str, fields: list[str]) -> Iterator[Passage]:
        """Fields that differ between copies of a message, those of every copy: each is known by its text."""
        for number, line in enumerate(fields, ADDED):
            if (document, line) not in self.added:
                self.added.add((document, line))
                yield Passage(compute_digest("Passage", document, line), document, number, line)

    def _list_attachment_rows(
        self, name: str, kind: str, data: bytes, *, evidence: Evidence, place: str
    ) -> Iterator[Row]:
        """That the letter has an attachment (name, type, size, SHA-256), and the attachment as a file within."""
        sha256 = hashlib.sha256(data).hexdigest()
        yield from evidence.claim_entity(
            "Document",
            document_key(sha256).entity_id,
            {
                "fileName": name,
                "mimeType": kind,
                "fileSize": str(len(data)),
                "contentHash": sha256,
                "parent": build_entity_id("Email", evidence.document_id),
            },
        )
        if not data:
            yield build_issue("attachment", Sentence("row.mail.empty", name=repr(name), kind=kind), document_id=evidence.document_id,
                        place=place)  # fmt: skip
        else:
            yield Enclosure(name, data, evidence.document_id)


def _tell_cut_header(message: EmailMessage, addresses: Sequence[object]) -> Iterator[Issue]:
    """What of a header is not read."""
    if has_long_header(message) or len(addresses) > ADDRESSES:
        yield build_issue("truncated", Sentence("row.cut.header", most=MOST, addresses=ADDRESSES))
    if any(map(has_many_fields, islice(mail_issues.list_parts(message), PARTS))):
        yield build_issue("truncated", Sentence("row.cut.fields", most=FIELDS))


def is_automatic(message: EmailMessage) -> bool:
    """Whether a program sent it: Auto-Submitted, List-Unsubscribe, Precedence, or an address that takes no answer."""
    submitted = get_header(message, "Auto-Submitted").lower()
    if submitted not in ("", "no") or get_header(message, "List-Unsubscribe"):
        return True
    if get_header(message, "Precedence").lower() in BULK:
        return True
    return any(_is_no_reply(party.address) for party in list_parties(message, "From", "emitters"))


def list_parties(message: EmailMessage, field: str, prop: str) -> list[Party]:
    """Addresses of a header field with their display names, in order; what has no '@' is left out."""
    return _parse_parties([value[:MOST] for value in list_headers(message, field)], prop)


def _parse_parties(values: list[str], prop: str) -> list[Party]:
    found = call_safely(lambda: getaddresses(values)) or []
    listed: list[tuple[str, str]] = found if isinstance(found, list) else []
    made = [_build_party(clean_text(name), clean_text(address), prop) for name, address in listed]
    return [party for party in made if "@" in party.address[1:-1] and not BRACKETS & set(party.address)]


def _build_party(name: str, address: str, prop: str) -> Party:
    plain = name.strip("'\" ")
    told = (
        normalise_name(plain)
        and not is_identifier(unicodedata.normalize("NFKC", plain))
        and plain.lower() != address.lower()
    )
    return Party(address.lower(), plain if told else "", f"{name} <{address}>" if name else address, prop)


def _list_claims(evidence: Evidence, message: EmailMessage, at: str, written: list[Party]) -> Iterator[Claim]:
    entity = build_entity_id("Email", evidence.document_id)
    yield from evidence.claim_entity(
        "Email",
        entity,
        {
            "subject": _get_subject(message),
            "date": at if is_plausible(at) else "",
            "messageId": get_header(message, "Message-ID"),
            "inReplyTo": get_header(message, "In-Reply-To"),
        },
    )
    for name, prop in (
        ("Subject", "subject"),
        ("Date", "date"),
        ("Message-ID", "messageId"),
        ("In-Reply-To", "inReplyTo"),
    ):
        for value in list_headers(message, name)[1:]:
            yield evidence.build_claim("Email", entity, prop, _parse_date(value)[0] if prop == "date" else value)
    said: set[tuple[str, str]] = set()
    for party in written:
        account = build_email_account_key(party.address).entity_id
        if (party.prop, account) not in said:
            said.add((party.prop, account))
            yield evidence.build_claim("Email", entity, party.prop, account, party.raw)
            yield from _claim_account(evidence, party, account)
    for party in (party for name in ALSO for party in _list_other_parties(message, name)):
        yield from _claim_account(evidence, party, build_email_account_key(party.address).entity_id)


def _list_correspondents(message: EmailMessage) -> list[Party]:
    """Who wrote a message and to whom: the addresses of all fields."""
    fields = (("From", "emitters"), ("To", "recipients"), ("Cc", "recipients"), ("Bcc", "recipients"))
    return [party for name, prop in fields for party in list_parties(message, name, prop)]


def _list_other_parties(message: EmailMessage, name: str) -> list[Party]:
    """Addresses of a field that are not those of who wrote the message; neither author nor recipient, they take part in no link."""
    authors = {party.address for party in list_parties(message, "From", "emitters")}
    return [party for party in list_parties(message, name, "") if party.address not in authors][:OTHERS]


def _list_other_addresses(message: EmailMessage) -> list[str]:
    """Lines of the fields that show other addresses than those of who wrote the message: 'Reply-To: Bob <bob@x.org>'."""
    found = ((name, [party.raw for party in _list_other_parties(message, name)]) for name in ALSO)
    return [f"{name}: {', '.join(listed)}" for name, listed in found if listed]


def _find_unused_words(message: EmailMessage) -> Iterator[tuple[str, str, list[str]]]:
    """Fields of addresses that hold words which no address or name was made of: the field, its text, these words."""
    for name in AUTHORS_AND_READERS:
        values = list_written_fields(message, name)
        made = Counter(_split_address_words(" ".join(party.raw for party in list_parties(message, name, ""))))
        for value in values:
            left = Counter(_split_address_words(NO_READERS.sub(" ", value))) - made
            if left:
                yield name, value, list(left)


def _split_address_words(text: str) -> list[str]:
    """Words of a field with addresses that have a letter or a figure in them, in small letters."""
    return [word for word in ADDRESS_WORD.findall(text.lower()) if any(map(str.isalnum, word))]


def _tell_unused_addresses(unused: Iterable[tuple[str, str, list[str]]]) -> Iterator[Issue]:
    """That a field holds an address which was not taken for one."""
    for name, value, words in unused:
        if any("@" in word for word in words):
            said = Sentence("row.mail.address", field=name, text=repr(value[:QUOTED]))
            yield build_issue("other-words", said, fix=Sentence("fix.compare.source_of_mail"))


def _claim_account(evidence: Evidence, party: Party, account: str) -> Iterator[Claim]:
    """What a sender or recipient says of an account and the person behind it."""
    automatic = _is_no_reply(party.address)
    note = "service: automatic mail" if automatic else ""
    props = {"username": party.address, "email": party.address, "service": "e-mail", "description": note}
    yield from evidence.claim_entity("UserAccount", account, props)
    if party.name and not automatic:
        holder = build_person_key(party.name, party.address).entity_id
        yield evidence.build_claim("Person", holder, "name", party.name, party.raw)
        yield from evidence.claim_attribution(holder, account, "display name")


def _is_no_reply(address: str) -> bool:
    return NO_REPLY.fullmatch(address.rpartition("@")[0]) is not None


def _get_subject(message: EmailMessage) -> str:
    return get_header(message, "Subject")


def list_issues(message: EmailMessage, content: Content) -> list[Issue]:
    """What is wrong with a message and its content, its place not yet told."""
    found = [*content.wrong, *mail_issues.tell_depth(message), *mail_issues.tell_repeated(message)]
    return [*found, *(one for one in mail_issues.tell_charsets(message) if one not in found)]


def _walk_messages(message: EmailMessage) -> Iterator[EmailMessage]:
    """The message and all within it, those of attached messages too."""
    yield message
    children = call_safely(message.get_payload)
    for child in children if isinstance(children, list) else ():
        if isinstance(child, EmailMessage):
            yield from _walk_messages(child)


def is_contained_in(text: str, told: str) -> bool:
    r"""Whether all words of a text stand in another one, in their order: the two differ in markup and spacing only.

    >>> is_contained_in("<Pay> 40 euros", "*Pay* 40\neuros <https://x.org>")
    True
    >>> is_contained_in("Pay 40", "40 pay"), is_contained_in("Pay 40", "Pay 400")
    (False, False)
    """
    words = iter(split_words(told))
    return all(word in words for word in split_words(text))


def _parse_date(written: str) -> tuple[str, bool]:
    """ISO time with the offset kept, and whether the field could be read; as written if not.

    A year of two figures that may be one of another calendar counts as unread. '-0000' says that the zone is unknown (RFC 5322,
    3.3): the time then has no offset.
    """
    found = call_safely(lambda: parse_mail_date(written).isoformat()) if written else None
    if not isinstance(found, str) or (found[:4] not in written and not is_plausible(found, TWO_FIGURES)):
        return written, False
    return found, True


def read_content(message: EmailMessage, data: bytes = b"") -> Content:
    """Text and attachments of a letter, and what was wrong with them. `data`: its bytes, where lines without a name are looked for."""
    bodies: list[Body] = []
    found = Content()
    others: list[tuple[str, Body]] = []
    around_parts: list[tuple[str, str]] = []
    labels: dict[str, None] = {}
    for number, (part, beside) in enumerate(_list_leaf_parts(message)):
        if number >= PARTS:
            found.wrong.append(build_issue("truncated", Sentence("row.cut.parts", most=PARTS)))
            break
        kind = str(call_safely(part.get_content_type) or "application/octet-stream")
        name = clean_text(str(call_safely(part.get_filename) or ""))
        if rest := unread_mail_text.find_rest(part):
            around_parts.append(
                (unread_mail_text.ENCODED, unify_line_ends(rest.decode(detect_encoding(rest), "replace")))
            )
        is_shown = not name and not _is_attachment(part)
        if is_shown and (kind in PAGES or (kind.startswith("text/") and kind not in DATA)):
            body = _read_body(part, kind, found.wrong, labels)
            found.special += body.special
            if beside in unread_mail_text.PARTS_AROUND:
                around_parts.append((beside, body.text))
            elif beside:
                others.append(("HTML part" if kind in PAGES else "Plain part", body))
            else:
                bodies.append(body)
        else:
            found.attached.append((_build_file_name(name or f"part {number + 1}", kind), kind, decode_part(part)))
            if is_shown and kind in DATA:
                found.nameless.append((kind, read_text(part, [])))
    found.text = "\n\n".join(body.text for body in bodies if body.text)
    found.seen = "\n\n".join(body.seen for body in bodies if body.seen)
    found.hidden = [body.hidden for body in (*bodies, *(other for _, other in others)) if body.hidden]
    for name, other in others:
        found.add_other(name, other)
    for body in (*bodies, *(other for _, other in others)):
        found.add_struck(body)
    found.add_unshown_text(LABELS, "\n".join(labels))
    stray = unread_mail_text.find_stray_lines(message, islice(_walk_messages(message), PARTS), data)
    _add_around(found, [*around_parts, (unread_mail_text.HEADER_LINES, "\n".join(stray))])
    return found


def _add_around(found: Content, texts: list[tuple[str, str]]) -> None:
    """Keep what stands outside the parts of a letter, and tell of it once."""
    kept = Counter(
        name
        for name, text in texts
        if found.add_unshown_text(name, text) and not unread_mail_text.is_form_notice(name, text)
    )
    if kept:
        told = Sentence("row.mail.around", listed=", ".join(f"{name} ({count})" for name, count in kept.items()))
        found.wrong.append(build_issue("other-words", told, fix=Sentence("fix.compare.source_of_mail")))


def _list_leaf_parts(part: EmailMessage, depth: int = 0, beside: str = "") -> Iterator[tuple[EmailMessage, str]]:
    """Parts that hold content, and what each stands beside: '' (the text), an alternative to it, the parts of the message.

    Of alternatives the plain text comes first, else the last.
    """
    kind = str(call_safely(part.get_content_type) or "")
    children = call_safely(part.get_payload) if kind.startswith("multipart/") else None
    if not isinstance(children, list) or depth > PARTS:
        yield part, beside
        return
    inner = [child for child in children if isinstance(child, EmailMessage)]
    within = beside
    if kind == "multipart/alternative" and inner:
        plain = [
            child
            for child in inner
            if call_safely(child.get_content_type) == "text/plain" and decode_part(child).strip()
        ]
        first = (plain or inner[-1:])[0]
        yield from _list_leaf_parts(first, depth + 1, beside)
        inner, within = [child for child in inner if child is not first], beside or ALTERNATIVE
    for child in inner:
        yield from _list_leaf_parts(child, depth + 1, within)
    for name, child in unread_mail_text.list_surrounding_parts(part, split=beside not in unread_mail_text.PARTS_AROUND):
        yield from _list_leaf_parts(child, depth + 1, name)


def _is_attachment(part: EmailMessage) -> bool:
    return call_safely(part.get_content_disposition) == "attachment"


def decode_part(part: EmailMessage) -> bytes:
    """Content of a part, decoded from its transfer encoding; of an attached message its own bytes."""
    if call_safely(part.get_content_maintype) == "message":
        inner = call_safely(part.get_payload)
        if isinstance(inner, str):  # too deep to be taken apart
            return unread_mail_text.decode_message(part, inner.encode("utf-8", "surrogateescape"))
        whole = (
            [_encode_message(one) for one in inner if isinstance(one, EmailMessage)] if isinstance(inner, list) else []
        )
        return unread_mail_text.decode_message(part, b"\n".join(whole))
    data = call_safely(lambda: part.get_payload(decode=True))
    return data if isinstance(data, bytes) else str(call_safely(part.get_payload) or "").encode("utf-8", "replace")


def _encode_message(message: EmailMessage) -> bytes:
    """Bytes of an attached message, or of a block of fields in a report on delivery; b'' where they cannot be told."""
    whole = call_safely(lambda: message.as_bytes(policy=AS_WRITTEN))
    return whole if isinstance(whole, bytes) else b""


def _read_body(part: EmailMessage, kind: str, wrong: list[Issue], labels: dict[str, None]) -> Body:
    """Text of a body part, and what is wrong with it."""
    text = read_text(part, wrong)
    if kind in PAGES:
        return read_page(text, wrong, labels)
    plain = unify_line_ends(strip_signs(text) if kind in ENRICHED else text).strip()
    return Body(plain, plain)


def strip_signs(text: str) -> str:
    """An enriched text without the signs for how it looks.

    >>> strip_signs("<bold>Pay</bold> a << b")
    'Pay a < b'
    """
    return SIGN.sub(lambda found: "<" if found[0] == "<<" else "", text)


def read_text(part: EmailMessage, wrong: list[Issue]) -> str:
    """Text of a part, with lines that flow joined; an unknown or wrong character set is replaced by one that fits, and reported."""
    data = decode_part(part)
    charset, used = str(call_safely(part.get_content_charset) or ""), detect_encoding(data)
    if not charset and used in LEGACY and call_safely(part.get_content_type) in PAGES:
        charset = charsets.find_meta_charset(data)
    text = call_safely(
        lambda: data.decode((charsets.find_fitting_codec(data, charset) if charset else used) or "undefined")
    )
    if not charset and used in LEGACY:
        text = data.decode(used, "replace")
        wrong += [one for one in tell_guess(used) if one not in wrong]
    elif not isinstance(text, str):
        text = data.decode(used, "replace")
        wrong.append(charsets.report_charset(charset or used, used))
    return flowed_text.join_flowed_text(part, str(text))


def read_page(page: str, wrong: list[Issue], labels: dict[str, None]) -> Body:
    """Text of a body that is HTML; what is not read, or read and not shown, is told in `wrong`, words of attributes go to `labels`."""
    left: Counter[str] = Counter()
    struck: dict[str, None] = {}
    page = hidden_styles.separate_boxes(page)
    said: dict[str, None] = {}
    text = html_text.extract_text(page, left=left, labels=said, struck=struck)
    labels.update(
        dict.fromkeys(islice((one for one in said if one not in labels), html_text.MOST_LABELS - len(labels)))
    )
    seen, unseen = hidden_styles.split_hidden_text(page)
    hidden = html_text.extract_text(unseen)
    special = html_tables.list_special_cells(page, text, said, struck)
    wrong += hidden_styles.find_issues(page, hidden)
    if told := html_text.tell_left(left):
        wrong.append(build_issue("left-out", Sentence("row.web.unseen", listed=told), fix=Sentence("fix.look.page")))
    return Body(text, html_text.extract_text(seen) if hidden else text, hidden, tuple(struck), special)


def _split_pieces(text: str) -> list[str]:
    return [piece for run in _split_runs(text) for piece in split_pieces(run, SIZE)]


def _split_runs(text: str) -> Iterator[list[str]]:
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


def _build_file_name(name: str, kind: str) -> str:
    """Name of an attachment; one without a suffix, and every attached message, gets that of its type."""
    name = clean_name(name)
    if kind == "message/rfc822":
        return name if name.lower().endswith(".eml") else f"{name}.eml"
    return name if "." in name else name + SUFFIXES.get(kind, "")
