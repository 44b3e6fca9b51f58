"""Police messages that came as e-mail: labelled lines in the text before the fields of the header, attachments with their hash."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.utils import parseaddr

from workbench.messages.model.message import Attachment
from workbench.messages.traffic import field_labels, text_forms
from workbench.messages.traffic.cited_references import add_references
from workbench.messages.traffic.labelled_line import Contradiction, Line
from workbench.messages.traffic.labelled_values import ReadMessage, build_message
from workbench.messages.traffic.mail_alternatives import list_other_values
from workbench.messages.traffic.marks.markings import MARKS
from workbench.messages.traffic.message_times import normalise_time
from workbench.model.text.normalise import normalise_name

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
WRITERS = ("from", "sender", "reply-to")
WORD = re.compile(r"[^\W_]+")
BUREAU = frozenset("ip ncb bcn ocn interpol police policia de du la le the of com org net int gov".split())
"""Words that name no one bureau."""
HIDDEN, ABOVE = "hidden text", "line above the letter"
SPLIT = re.compile(r"[,;]\s*")
REPLY = re.compile(r"^(?:(?:re|fw|fwd|tr|rv|رد)\s?:\s*){1,9}", re.IGNORECASE)


def read_letter(
    header: Sequence[Header],
    body: str,
    attached: Sequence[Attachment] = (),
    place: str = "",
    *,
    beside: Sequence[tuple[str, str]] = (),
    unseen: Sequence[tuple[str, str]] = (),
) -> ReadMessage:
    """The message in a letter.

    Parameters
    ----------
    beside : sequence of (str, str)
        Parts that should say what the body says and say something else: name and text.
    unseen : sequence of (str, str)
        Text that nobody sees who reads the letter: what it is, and the text. It fills no field.
    """
    text = [*text_forms.read_lines(body), *list_other_values(body, beside)]
    known = {one.field for one in text} - {"", *MARKS}
    told = [one for one in _list_header_lines(header) if one.field not in known]
    passed = [replace(one, field="") for one in _list_header_lines(header) if one.field in known]
    rest = [Line(name, " ".join(words.split()), name) for name, words in unseen]
    made = add_references(build_message(place, [*told, *text, *passed, *rest], attached=attached))
    said = (format_header(header), body, *(words for _, words in (*beside, *unseen)), *(one.name for one in attached))
    return replace(made, contradictions=(*made.contradictions, *_find_sender_contradictions(header, text)), texts=said)


def format_header(header: Sequence[Header]) -> str:
    """The fields of a header that say something, a line each, as they came."""
    told = (
        (name, value) for name, value in header if not TRANSPORT.match(name.casefold()) or name.casefold() in FIELDS
    )
    return "\n".join(
        f"{name}: {REPLY.sub('', value) if name.casefold() == 'subject' else value}" for name, value in told
    )


def _find_sender_contradictions(header: Sequence[Header], text: Sequence[Line]) -> Iterator[Contradiction]:
    """That the text names another sender than the header: no word of the one stands in the other."""
    mail = " ".join(value for name, value in header if name.casefold() in WRITERS)
    named = [one for one in text if one.field == "from_bureau" and one.text.strip()]
    if not mail or not named:
        return
    words = set(_split_words(mail)) - BUREAU
    if otherwise := [
        one.place for one in named if (own := set(_split_words(one.text)) - BUREAU) and words and not own & words
    ]:
        yield Contradiction("from_bureau", tuple(otherwise))


def _split_words(text: str) -> list[str]:
    return WORD.findall(normalise_name(text))


def _list_header_lines(header: Sequence[Header]) -> Iterator[Line]:
    """Fields of a header that say something, each as a labelled value."""
    values = {name.casefold(): value for name, value in reversed(header)}
    for name, value in header:
        key = name.casefold()
        if not value.strip() or (TRANSPORT.match(key) and key not in FIELDS):
            continue
        path = FIELDS.get(key) or field_labels.find_field(key.removeprefix("x-").replace("-", " "))
        yield Line(name, _normalise_value(key, value), f"header field {name}", path)
    if thread := next((values[name] for name in THREAD if values.get(name, "").strip()), ""):
        yield Line("thread", _strip_brackets(thread.split()[0]), "header field References", "thread_id")


def _normalise_value(key: str, value: str) -> str:
    if key in PARTIES:
        return "; ".join(filter(None, map(_parse_party, SPLIT.split(value))))
    if key == "message-id":
        return _strip_brackets(value)
    return REPLY.sub("", value) if key == "subject" else normalise_time(value) if key == "date" else value


def _parse_party(written: str) -> str:
    """The name of a sender or addressee, or the address where it has none."""
    try:
        name, address = parseaddr(written)
    except RecursionError:  # comments within comments
        return written.strip()
    return name or address or written.strip()


def _strip_brackets(identifier: str) -> str:
    return identifier.strip().strip("<>")
