"""A message as a letter by e-mail, for who cannot open a package. It is a file: nothing here sends anything.

References
----------
RFC 5322 for the header, RFC 2606 for the domain `invalid`, under which no mail is ever delivered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_json import to_json
from workbench.messages.traffic import text_forms
from workbench.model.time_zones import parse_iso_time

FORM = "message.json"
"""Name under which the form of a message lies in its letter."""
DOMAIN = "bureau.invalid"
UNSAFE = re.compile(r"[^a-z0-9]+")


def encode_letter(message: Correspondence, mark: str = "", files: Mapping[str, bytes] | None = None) -> bytes:
    """The letter: the mark before the subject, the text form in the language of the message, its form as JSON, and its files."""
    letter = EmailMessage(policy=SMTP)
    for name, value in _list_header_fields(message, mark):
        letter[name] = value
    letter.set_content(text_forms.format_message(message, message.language or "en"), charset="utf-8", cte="base64")
    form = to_json(message).encode()
    letter.add_attachment(form, "application", "json", filename=FORM)
    for one in message.attachments:
        if files and one.name in files:
            letter.add_attachment(
                files[one.name], *_split_media_type(one.media_type), filename=" ".join(one.name.split())
            )
    letter.set_boundary(f"caseledger-{sha256(form).hexdigest()[:32]}")
    return letter.as_bytes()


def _list_header_fields(message: Correspondence, mark: str) -> Iterable[tuple[str, object]]:
    said, above, language = (" ".join(text.split()) for text in (message.subject, mark, message.language))
    yield "From", _build_address(message.from_bureau)
    if message.to:
        yield "To", [_build_address(bureau) for bureau in message.to]
    if message.cc:
        yield "Cc", [_build_address(bureau) for bureau in message.cc]
    yield "Subject", f"[{above}] {said}" if above else said
    if at := _parse_moment(message.date_time):
        yield "Date", at
    if message.message_id:
        yield "Message-ID", f"<{_normalise_local_part(message.message_id)}@{DOMAIN}>"
    if language:
        yield "Content-Language", language


def _build_address(bureau: str) -> Address:
    return Address(" ".join(bureau.split()), _normalise_local_part(bureau), DOMAIN)


def _normalise_local_part(name: str) -> str:
    return UNSAFE.sub("-", name.casefold()).strip("-") or "unnamed"


def _parse_moment(written: str) -> datetime | None:
    try:
        return parse_iso_time(written)
    except ValueError:
        return None


def _split_media_type(media_type: str) -> tuple[str, str]:
    kind, _, subtype = media_type.partition("/")
    plain = UNSAFE.sub("", kind) == kind and subtype and kind not in ("multipart", "message", "")
    return (
        (kind, subtype) if plain and re.fullmatch(r"[\w.+-]+", subtype, re.ASCII) else ("application", "octet-stream")
    )
