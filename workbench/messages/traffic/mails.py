"""Police messages that came as e-mail: labelled lines in the text before the fields of the header, attachments with their hash."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email.utils import parseaddr

from workbench.messages.message import Attachment
from workbench.messages.traffic import forms, labels
from workbench.messages.traffic.cited import cited
from workbench.messages.traffic.moments import iso
from workbench.messages.traffic.taking import Line, Taken, taken

Header = tuple[str, str]
"""Name and value of a field of the header."""
FIELDS = {
    "from": "from_bureau", "to": "to", "cc": "cc", "subject": "subject", "date": "date_time", "message-id": "message_id",
    "importance": "urgency", "x-priority": "urgency", "priority": "urgency", "content-language": "language",
}  # fmt: skip
PARTIES = ("from", "to", "cc")
THREAD = ("references", "in-reply-to", "message-id")
"""Where the first message of a thread is named, the best first."""
TRANSPORT = re.compile(
    r"received|return-path|delivered-to|mime-version|content-|dkim-|arc-|authentication-|x-mailer|user-agent|x-spam|references"
    r"|in-reply-to|precedence|list-|auto-submitted|status|x-status"
)
"""Fields that tell how a letter came, and nothing of what it says."""
SPLIT = re.compile(r"[,;]\s*")
REPLY = re.compile(r"^(?:(?:re|fw|fwd|tr|rv|رد)\s?:\s*){1,9}", re.IGNORECASE)


def read(header: Sequence[Header], body: str, attached: Sequence[Attachment] = (), place: str = "") -> Taken:
    """The message in a letter."""
    text = forms.lines(body)
    said = {one.field for one in text} - {""}
    told = [one for one in _header(header) if one.field not in said]
    passed = [Line(one.label, one.text, one.place) for one in _header(header) if one.field in said]
    return cited(taken(place, [*told, *text, *passed], attached=attached))


def _header(header: Sequence[Header]) -> Iterator[Line]:
    """Fields of a header that say something, each as a labelled value."""
    values = {name.casefold(): value for name, value in reversed(header)}
    for name, value in header:
        key = name.casefold()
        if not value.strip() or (TRANSPORT.match(key) and key not in FIELDS):
            continue
        path = FIELDS.get(key) or labels.field(key.removeprefix("x-").replace("-", " "))
        yield Line(name, _value(key, value), f"header field {name}", path)
    if thread := next((values[name] for name in THREAD if values.get(name, "").strip()), ""):
        yield Line("thread", _bare(thread.split()[0]), "header field References", "thread_id")


def _value(key: str, value: str) -> str:
    if key in PARTIES:
        return "; ".join(filter(None, map(_party, SPLIT.split(value))))
    if key == "message-id":
        return _bare(value)
    return REPLY.sub("", value) if key == "subject" else iso(value) if key == "date" else value


def _party(written: str) -> str:
    """The name of a sender or addressee, or the address where it has none."""
    try:
        name, address = parseaddr(written)
    except RecursionError:  # comments within comments
        return written.strip()
    return name or address or written.strip()


def _bare(identifier: str) -> str:
    return identifier.strip().strip("<>")
