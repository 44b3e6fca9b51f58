"""What the letters of a file hold, as the reader of mail decodes it: for finding out whether something stands in them at all."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from workbench.ingest.mail.mail_rows import decode_part, read_text
from workbench.ingest.mail.mailbox import MBOX_START, read_letters
from workbench.ingest.mail.parsing import call_safely, list_known_fields, parse_message
from workbench.ingest.mail.unread_mail_text import is_encoded
from workbench.ingest.reading.source import HEAD, SourceFile


def is_mail(data: bytes) -> bool:
    """Whether bytes begin as a letter or a mailbox does."""
    return data.startswith(MBOX_START) or bool(list_known_fields(data[:HEAD]))


def read_contents(data: bytes) -> Iterator[bytes]:
    """The fields and contents of all letters: each content decoded, and texts in UTF-8 as well."""
    for letter in read_letters(SourceFile(Path(), "", "", data)) if is_mail(data) else ():
        message = parse_message(letter.data) if letter.data is not None else None
        if message is not None:
            yield from _read_letter(message)


def is_leaf(part: EmailMessage) -> bool:
    """Whether a part has content of its own: no parts, or a message that is encoded as a whole."""
    return not part.is_multipart() or (part.get_content_maintype() == "message" and is_encoded(part))


def _read_letter(message: EmailMessage) -> Iterator[bytes]:
    parts = list(message.walk())
    fields = [str(field) for part in parts for field in _list_field_values(part)]
    yield "\n".join(fields).encode("utf-8", "replace")
    for part in parts:
        if call_safely(lambda part=part: is_leaf(part)):  # type: ignore[misc]
            plain = decode_part(part)
            yield plain
            made = read_text(part, []).encode("utf-8", "replace")
            if made != plain:
                yield made


def _list_field_values(part: EmailMessage) -> Iterator[object]:
    """Values of the fields of a part, decoded, and the name of its file."""
    for name in dict.fromkeys(name for name, _ in part.raw_items()):
        yield from call_safely(lambda name=name: part.get_all(name, [])) or ()  # type: ignore[misc]
    yield call_safely(part.get_filename) or ""
