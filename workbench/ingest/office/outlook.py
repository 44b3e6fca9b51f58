"""Reader `msg`: letters saved by Outlook. Attachments, and letters attached as such, are handed on as files within.

extract-msg is not used: it is under the GPL, and what is needed of the format is small.

References
----------
MS-OXMSG, Outlook Item (.msg) File Format; MS-OXPROPS; MS-OXRTFCP for compressed RTF.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from functools import partial

from workbench.errors import SourceError
from workbench.ingest.mail.mail_rows import LABELS, Body, Content, Mailbox, read_page
from workbench.ingest.mail.parsing import call_safely, get_header
from workbench.ingest.office import ole_file, rtf
from workbench.ingest.reading.charsets import decode_page, get_page_codec, report_charset
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import unify_line_ends
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Row
from workbench.model.text.normalise import clean_text

VERSION = "7"
METHOD = "msg"
PROPERTIES = "__properties_version1.0"
STREAM = "__substg1.0_"
RECIPIENT, ATTACHMENT = "__recip_version1.0_#", "__attach_version1.0_#"
TEXT = 64 * 1024**2
MANY = 2_000
SUBJECT, BODY, HTML, RTF, HEADERS = "0037", "1000", "1013", "1009", "007D"
SENDER_NAME, SENDER_MAIL, SENDER_ADDRESS, SENT_NAME = "0C1A", "5D01", "0C1F", "0042"
MESSAGE_ID, REPLY_TO = "1035", "1042"
NAME, MAIL, ADDRESS = "3001", "39FE", "3003"
FILE, SHORT_FILE, TYPE, DATA = "3707", "3704", "370E", "3701"
SENT, DELIVERED, KIND_OF_RECIPIENT, CODE_PAGE, INTERNET_CODE_PAGE = 0x0039, 0x0E06, 0x0C15, 0x3FFD, 0x3FDE
FIELDS = {1: "To", 2: "Cc", 3: "Bcc"}
UTF_16 = 1200
"""The code page of texts that say it by their type."""
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
WINDOW = 4096
DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans Serif"
    b"SymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""What every window of compressed RTF begins with (MS-OXRTFCP 2.1.2)."""


@dataclass(frozen=True, slots=True)
class Item:
    """A letter within a compound file: its storage ('' the root), and the code page of its 8-bit texts."""

    file: ole_file.Compound
    at: str
    page: int

    @property
    def codec(self) -> str:
        """The code page of its texts, by Python's name."""
        return get_page_codec(self.page) or "cp1252"

    def read_bytes(self, tag: str, storage: str = "") -> bytes:
        """Bytes of a property, whatever its type; b'' if there is none."""
        for kind in ("001F", "001E", "0102", "000D"):
            path = f"{self.at}{storage}{STREAM}{tag}{kind}"
            if path in self.file.streams:
                return self.file.read(path, ole_file.STREAM)
        return b""

    def read_text(self, tag: str, storage: str = "") -> str:
        """Text of a property, '' if there is none."""
        for kind, codec in (("001F", "utf-16-le"), ("001E", self.codec)):
            path = f"{self.at}{storage}{STREAM}{tag}{kind}"
            if path in self.file.streams:
                return self.file.read(path, TEXT).decode(codec, "replace").rstrip("\x00")
        return ""

    def list_folders(self, prefix: str) -> list[str]:
        """Storages of recipients or attachments, in order, with a slash at their end."""
        found = [path for path in self.file.storages if path.startswith(f"{self.at}{prefix}")]
        direct = [path.removeprefix(self.at) for path in found if "/" not in path.removeprefix(self.at)]
        return [f"{path}/" for path in direct[:MANY]]


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: a compound file with the properties of an Outlook item."""
    if not head.startswith(ole_file.MARK):
        return ""
    with source.open() as file:
        return Sentence("detected.msg") if PROPERTIES in ole_file.list_streams(file) else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document Email with passages and claims as of any e-mail; attachments as files within.

    Raises
    ------
    SourceError
        If the file is damaged.
    """
    del options
    with source.open() as file:
        try:
            item = _build_item(ole_file.open_compound(file), "")
            message, content = _build_headers(item), _read_content(item)
        except ole_file.CompoundError as error:
            raise SourceError(Sentence("refused.file.outlook", name=source.name, error=error)) from error
        box = Mailbox(source, METHOD)
        yield from box.build_rows("message", message, content)
        yield from box.finish()


def _build_item(file: ole_file.Compound, at: str) -> Item:
    numbers = _parse_numbers(file.read(f"{at}{PROPERTIES}", TEXT), 32 if not at else 24)
    page = numbers.get(CODE_PAGE) or numbers.get(INTERNET_CODE_PAGE) or 1252
    return Item(file, at, page)


def _parse_numbers(data: bytes, start: int) -> dict[int, int]:
    """Values of the properties of fixed length, by tag."""
    found: dict[int, int] = {}
    for at in range(start, len(data) - 15, 16):
        kind, tag, _, value = struct.unpack_from("<HHIQ", data, at)
        found[tag] = value if kind == 0x0040 else value & 0xFFFFFFFF
    return found


def _build_headers(item: Item) -> EmailMessage:
    """Header fields: as they came over the internet where the item keeps them, filled up from its properties."""
    from email import message_from_string, policy

    raw = item.read_text(HEADERS)[:TEXT]
    parsed = call_safely(lambda: message_from_string(raw.lstrip(), policy=policy.default)) if raw.strip() else None
    message = parsed if isinstance(parsed, EmailMessage) else EmailMessage()
    made = {
        "Subject": item.read_text(SUBJECT),
        "From": _format_address(
            item.read_text(SENDER_NAME) or item.read_text(SENT_NAME),
            item.read_text(SENDER_MAIL),
            item.read_text(SENDER_ADDRESS),
        ),
        "Message-ID": item.read_text(MESSAGE_ID),
        "In-Reply-To": item.read_text(REPLY_TO),
        "Date": _format_sent_time(item),
        **_list_recipients(item),
    }
    for name, value in made.items():
        if value and not get_header(message, name):
            call_safely(partial(message.add_header, name, " ".join(value.split())))
    return message


def _format_address(name: str, *addresses: str) -> str:
    """Name and address as in a header field; an address of an Exchange server only ('/O=…') is none."""
    address = next((one for one in addresses if "@" in one), "")
    return formataddr((clean_text(name), clean_text(address))) if address else clean_text(name)


def _format_sent_time(item: Item) -> str:
    numbers = _parse_numbers(item.file.read(f"{item.at}{PROPERTIES}", TEXT), 32)
    ticks = numbers.get(SENT) or numbers.get(DELIVERED) or 0
    try:
        return format_datetime(EPOCH + timedelta(microseconds=ticks // 10)) if ticks else ""
    except OverflowError:
        return ""


def _list_recipients(item: Item) -> dict[str, str]:
    found: dict[str, list[str]] = {name: [] for name in FIELDS.values()}
    for folder in item.list_folders(RECIPIENT):
        numbers = _parse_numbers(item.file.read(f"{item.at}{folder}{PROPERTIES}", TEXT), 8)
        field = FIELDS.get(numbers.get(KIND_OF_RECIPIENT, 1) & 0xF, "To")
        found[field].append(
            _format_address(item.read_text(NAME, folder), item.read_text(MAIL, folder), item.read_text(ADDRESS, folder))
        )
    return {name: ", ".join(addresses) for name, addresses in found.items()}


def _read_content(item: Item) -> Content:
    """Text of the body: plain, else out of HTML, else out of RTF; and what is attached."""
    found = Content(unify_line_ends(item.read_text(BODY)).strip())
    found.wrong += (
        [] if get_page_codec(item.page) or item.page == UTF_16 else [report_charset(f"cp{item.page}", item.codec)]
    )
    labels: dict[str, None] = {}
    page, packed = item.read_bytes(HTML), item.read_bytes(RTF)
    bodies = [("HTML part", read_page(decode_page(page, "utf-8", item.codec)[0], found.wrong, labels))] if page else []
    text = _read_rich_text(packed, found) if packed else ""
    bodies += [("RTF part", Body(text, text))] if packed else []
    for part, body in bodies:
        if found.text:
            found.add_other(part, body)
        else:
            found.text = body.text
        found.add_struck(body)
        found.special += body.special
    found.add_unshown_text(LABELS, "\n".join(labels))
    for folder in item.list_folders(ATTACHMENT):
        try:
            found.attached.append(_read_attachment(item, folder))
        except ole_file.CompoundError as error:
            found.wrong.append(build_issue("bad-row", Sentence("row.mail.attachment", error=error)))
    return found


def _read_attachment(item: Item, folder: str) -> tuple[str, str, bytes]:
    name = clean_text(
        item.read_text(FILE, folder) or item.read_text(SHORT_FILE, folder) or item.read_text(NAME, folder)
    )
    inner = f"{item.at}{folder}{STREAM}{DATA}000D"
    if f"{inner}/{PROPERTIES}" in item.file.streams:
        letter = _build_item(item.file, f"{inner}/")
        return name or letter.read_text(SUBJECT) or "letter", "message/rfc822", _build_email(letter)
    kind = clean_text(item.read_text(TYPE, folder)) or "application/octet-stream"
    return name or f"attachment {folder.rpartition('#')[2].strip('/')}", kind, item.read_bytes(DATA, folder)


def _build_email(letter: Item) -> bytes:
    """A letter within a letter as an e-mail file: Outlook keeps it in parts, so this is its content and not its bytes."""
    message, content = _build_headers(letter), _read_content(letter)
    made = EmailMessage()
    for name in ("From", "To", "Cc", "Bcc", "Subject", "Date", "Message-ID", "In-Reply-To"):
        call_safely(partial(made.add_header, name, get_header(message, name) or ""))
    made.set_content(content.full_text.encode("utf-8", "replace").decode())
    if content.special:
        page = decode_page(letter.read_bytes(HTML), "utf-8", letter.codec)[0]
        made.add_alternative(page.encode("utf-8", "replace").decode(), subtype="html")
    for name, kind, data in content.attached:
        call_safely(partial(_add_attachment, made, name, kind, data))
    if made.is_multipart():
        every = b"".join([content.full_text.encode("utf-8", "replace"), *(data for _, _, data in content.attached)])
        made.set_boundary(f"part-{hashlib.sha256(every).hexdigest()[:32]}")
    written = call_safely(made.as_bytes)
    return written if isinstance(written, bytes) else b""


def _add_attachment(message: EmailMessage, name: str, kind: str, data: bytes) -> None:
    main, _, sub = kind.partition("/")
    if main == "message":
        main, sub, name = "application", "octet-stream", f"{name}.eml"
    message.add_attachment(data, maintype=main, subtype=sub or "octet-stream", filename=name)


def _read_rich_text(packed: bytes, found: Content) -> str:
    """Text of a body that is compressed RTF; of RTF that wraps HTML, the text of the HTML."""
    data = decompress_rtf(packed)
    try:
        return rtf.extract_text(data)
    except SourceError as error:
        found.wrong.append(build_issue("bad-row", Sentence("row.mail.body", error=error)))
        return ""


def decompress_rtf(data: bytes) -> bytes:
    """RTF out of its compressed form, as far as it goes (MS-OXRTFCP)."""
    if len(data) < 16:
        return b""
    size, mark = struct.unpack_from("<4xI4s", data)
    size = min(size, TEXT)
    if mark == b"MELA":
        return data[16 : 16 + size]
    return _decompress_rtf(data, size)


def _decompress_rtf(data: bytes, size: int) -> bytes:
    """Bytes that literals and references into a window of 4,096 bytes stand for."""
    window = bytearray(DICTIONARY.ljust(WINDOW, b"\x00"))
    out = bytearray()
    at = 16
    while at < len(data) and len(out) < size:
        flags, at = data[at], at + 1
        for bit in range(8):
            write = (len(DICTIONARY) + len(out)) % WINDOW
            if flags >> bit & 1:
                pair = int.from_bytes(data[at : at + 2], "big")
                at += 2
                if at > len(data) or pair >> 4 == write:
                    return bytes(out[:size])
                for step in range((pair & 0xF) + 2):
                    byte = window[((pair >> 4) + step) % WINDOW]
                    window[(write + step) % WINDOW] = byte
                    out.append(byte)
            elif at < len(data):
                window[write] = data[at]
                out.append(data[at])
                at += 1
    return bytes(out[:size])
