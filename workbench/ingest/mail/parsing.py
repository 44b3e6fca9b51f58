"""One e-mail by Python's own parser. It raises on damaged input, so each access to it stands behind one guard."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.feedparser import FeedParser
from email.message import EmailMessage
from functools import lru_cache
from typing import TYPE_CHECKING

from workbench.ingest.reading.text_lines import decode_bytes, detect_encoding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


VERSION = "16"


METHOD = "mail"
DEEPEST = 100
"""Parts within parts of a message that are taken apart: Python's parser and writer call themselves for each."""


GUARD = (
    LookupError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError, RecursionError, MessageError,
)  # fmt: skip


HEADER = re.compile(rb"[\x21-\x39\x3b-\x7e]{1,76}:[ \t\r\n]")


KNOWN = (b"from", b"to", b"subject", b"date", b"message-id", b"received", b"mime-version", b"return-path", b"cc")


def parse_message(data: bytes) -> EmailMessage | None:
    """Message, or None where Python's parser gives up."""
    message = call_safely(lambda: _build_message(data))
    return message if isinstance(message, EmailMessage) else None


def _build_message(data: bytes) -> object:
    """The message with its parts, those that lie deepest with their content as it is written."""
    from workbench.ingest.mail.headers import BOUNDED

    parser = _BoundedParser(policy=BOUNDED)
    parser.feed(data.decode("ascii", "surrogateescape"))
    return parser.close()


class _BoundedParser(FeedParser):
    """Takes a message apart `DEEPEST` parts deep. What lies deeper is text, so that no message is too deep to be written again."""

    def _parsegen(self) -> Iterator[None]:
        self._headersonly = len(self._msgstack) >= DEEPEST  # type: ignore[attr-defined]
        yield from super()._parsegen()  # type: ignore[misc]


def is_too_deep(message: EmailMessage) -> bool:
    """Whether a message has parts that lie too deep to be taken apart."""
    level = [message]
    for _ in range(DEEPEST):
        payloads = [call_safely(part.get_payload) for part in level]
        level = [one for each in payloads if isinstance(each, list) for one in each if isinstance(one, EmailMessage)]
    return bool(level)


def call_safely(access: Callable[[], object]) -> object:
    """What `access` returns, None where the e-mail package raises on damaged input."""
    try:
        return access()
    except GUARD:
        return None


def get_header(message: EmailMessage, name: str) -> str:
    """Value of a header field as text in one line; as it stands in the file where it cannot be decoded, '' if none."""
    return _decode_text(name, next((text for key, text in message.raw_items() if key.lower() == name.lower()), ""))


def list_headers(message: EmailMessage, name: str) -> list[str]:
    """The different values of a header field in their order, as `header`: one where the message is as it should be."""
    from workbench.ingest.mail.headers import limit_fields

    raw = limit_fields(text for key, text in message.raw_items() if key.lower() == name.lower())
    return list(dict.fromkeys(value for text in raw if (value := _decode_text(name, text))))


def list_written_fields(message: EmailMessage, name: str) -> list[str]:
    """The different values of a field of addresses as plain text, with what its parser passes over."""
    raw = [str(text) for key, text in message.raw_items() if key.lower() == name.lower()]
    return list(dict.fromkeys(value for text in raw if (value := _decode_text("Subject", text))))


def has_long_header(message: EmailMessage) -> bool:
    """Whether more stands in the header fields of a name than is read of them."""
    from workbench.ingest.mail.headers import is_cut

    return is_cut(message.raw_items())


@lru_cache(maxsize=64)
def _decode_text(name: str, raw: str) -> str:
    from workbench.ingest.mail.headers import MOST, read_field

    value = call_safely(lambda: read_field(name, _decode_field(raw)))
    return " ".join(str(raw[:MOST] if value is None else value).split()).encode("utf-8", "replace").decode()


def _decode_field(raw: str) -> str:
    """A field as it is; bytes in it that name no character set are read as those of a file."""
    data = raw.encode("utf-8", "surrogateescape")
    told = decode_bytes(data)
    return raw if told == raw else told


def detect_charset(raw: str) -> str:
    """Codec as which the bytes of a field are read that name no character set."""
    return "utf-8" if raw.isascii() else detect_encoding(raw.encode("utf-8", "surrogateescape"))


def list_known_fields(head: bytes) -> list[str]:
    """Known header fields at the start of the bytes, each line of which must be a field or go on with one."""
    found: list[str] = []
    for line in head.lstrip(b"\r\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")[:60]:
        if not line.strip():
            break
        if line[:1] in b" \t":
            continue
        if not HEADER.match(line + b"\n"):
            return []
        name = line.partition(b":")[0]
        if name.lower() in KNOWN and name.decode() not in found:
            found.append(name.decode())
    return found
