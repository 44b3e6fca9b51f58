"""Letters and mailboxes without what is erased: header fields, texts and attachments one by one."""

from __future__ import annotations

import hashlib
import quopri
from collections.abc import Callable
from email.message import EmailMessage

from workbench.ingest.mail.mail_contents import is_leaf
from workbench.ingest.mail.mail_rows import AS_WRITTEN, ENRICHED, PAGES, decode_part, read_text, strip_signs
from workbench.ingest.mail.mailbox import LENGTH, MBOX_START, read_letters
from workbench.ingest.mail.parsing import call_safely, is_too_deep, parse_message
from workbench.ingest.mail.unread_mail_text import PARTS_AROUND, get_encoding
from workbench.ingest.reading import charsets, html_text
from workbench.ingest.reading.redaction import Cuts, RedactedFile, renumber_place
from workbench.ingest.reading.source import SourceFile
from workbench.model.pseudonyms.name_matching import ERASED

Attached = tuple[str | None, str | None]
"""How a part was attached, and its name, if it was."""


def redact_file(source: SourceFile, cuts: Cuts) -> RedactedFile | None:
    """The file without what goes; None if a letter cannot be read."""
    made: list[bytes] = []
    moved: dict[str, str] = {}
    for letter in read_letters(source):
        if letter.place in cuts.gone:
            continue
        data = _rewrite_letter(letter.data, letter.place, cuts) if letter.data is not None else None
        if data is None:
            return None
        if (place := renumber_place(letter.place, len(made) + 1)) != letter.place:
            moved[letter.place] = place
        made.append(data)
    if source.read_head(len(MBOX_START)) != MBOX_START:
        return RedactedFile(b"".join(made), moved)
    return RedactedFile(b"".join(_format_for_mailbox(data) for data in made), moved)


def _format_for_mailbox(data: bytes) -> bytes:
    """A letter as it stands in a mailbox; who sent it and when stands in its own fields. The length that it stated is no longer true."""
    written = data.splitlines(keepends=True)
    end = next((number for number, line in enumerate(written) if not line.strip()), len(written))
    written = [line for number, line in enumerate(written) if number > end or not LENGTH.match(line)]
    lines = [b">" + line if line.startswith(b"From ") else line for line in written]
    return b"From - Thu Jan  1 00:00:00 1970\n" + b"".join(lines).rstrip(b"\r\n") + b"\n\n"


def _rewrite_letter(data: bytes, place: str, cuts: Cuts) -> bytes | None:
    """A letter again, as it was where nothing of it goes; None where it cannot be taken apart to its last part."""
    message = parse_message(data)
    if message is None or is_too_deep(message):
        return None
    changed = call_safely(lambda: _redact_letter(message, place, cuts))
    made = call_safely(lambda: message.as_bytes(policy=AS_WRITTEN)) if changed else data
    return made if isinstance(made, bytes) and changed is not None else None


def _redact_letter(message: EmailMessage, place: str, cuts: Cuts) -> bool:
    """Strike the fields and contents of a letter; whether anything was changed."""
    parts = list(message.walk())
    changed = [_redact_fields(part, place, cuts) for part in parts]
    changed += [_redact_surroundings(part, place, cuts) for part in parts]
    return any([*changed, *(_redact_part(part, place, cuts) for part in parts if is_leaf(part))])


def _redact_surroundings(part: EmailMessage, place: str, cuts: Cuts) -> bool:
    """Strike what stands before and after the parts; whether any was changed."""
    changed = False
    for name in PARTS_AROUND:
        text = str(getattr(part, name.lower()) or "")
        if (made := cuts.redact_text(place, text)) != text:
            setattr(part, name.lower(), made)
            changed = True
    return changed


def _redact_fields(part: EmailMessage, place: str, cuts: Cuts) -> bool:
    """Strike the header fields of a part; whether any was changed."""
    changed = False
    for name in dict.fromkeys(name for name, _ in part.raw_items()):
        written = [str(value) for value in part.get_all(name, [])]
        made = [cuts.redact_text(place, value).replace("\r", " ").replace("\n", " ") for value in written]
        if made != [value.replace("\r", " ").replace("\n", " ") for value in written]:
            del part[name]
            for value in made:
                part[name] = value
            changed = True
    return changed


def _redact_part(part: EmailMessage, place: str, cuts: Cuts) -> bool:
    """Strike the content of a part; whether it was changed."""
    kind = str(call_safely(part.get_content_type) or "")
    data = decode_part(part)
    if (sha256 := hashlib.sha256(data).hexdigest()) in cuts.inner:
        instead = cuts.inner[sha256]
        _replace_content(
            part, ERASED.encode() if instead is None else instead, kind if instead is not None else "text/plain"
        )
        return True
    if not kind.startswith("text/"):
        return False
    text = read_text(part, [])
    made = cuts.redact_text(place, text)
    read: Callable[[str], str] | None = (
        html_text.extract_text if kind in PAGES else strip_signs if kind in ENRICHED else None
    )
    if read and cuts.redact_text(place, plain := read(made)) != plain:
        kind, made = "text/plain", cuts.redact_text(place, read(text))
    if made == text:
        return False
    _put_text(part, made, kind)
    return True


def _put_text(part: EmailMessage, text: str, kind: str) -> None:
    """Replace the content of a part by a text, in the part's own character set and encoding where that reads as the same."""
    charset, how = str(call_safely(part.get_content_charset) or "us-ascii"), get_encoding(part) or "7bit"
    attached = _get_disposition(part)
    wide = charsets.find_codec(charset) in charsets.WIDE and how != "base64"
    own = not wide and call_safely(lambda: _write_text(part, text, kind, charset, how, attached))
    if not own or call_safely(lambda: read_text(part, [])) != text:
        _write_text(part, text, kind, "utf-8", "8bit", attached)


def _write_text(part: EmailMessage, text: str, kind: str, charset: str, how: str, attached: Attached) -> bool:
    """Put a text into a part; it raises where it cannot be written so."""
    data = text.encode(charsets.find_codec(charset) or "undefined")
    quoted = how == "quoted-printable"
    disposition, filename = attached
    params, sub = {"charset": charset}, kind.partition("/")[2]
    made, cte = (quopri.encodestring(data), "7bit") if quoted else (data, how)
    part.set_content(made, "text", sub, cte=cte, disposition=disposition, filename=filename, params=params)
    if quoted:
        part.replace_header("Content-Transfer-Encoding", how)
    return True


def _get_disposition(part: EmailMessage) -> Attached:
    """How the part was attached, and its name, if it was."""
    how, name = call_safely(part.get_content_disposition), call_safely(part.get_filename)
    return str(how) if how else None, str(name) if name else None


def _replace_content(part: EmailMessage, data: bytes, kind: str) -> None:
    """Replace the content of a part by bytes."""
    main, _, sub = kind.partition("/")
    how, name = _get_disposition(part)
    if main in ("multipart", "message", ""):
        main, sub = "application", "octet-stream"
    part.set_content(data, maintype=main, subtype=sub or "octet-stream", disposition=how, filename=name)
