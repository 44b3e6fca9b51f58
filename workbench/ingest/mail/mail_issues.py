"""What is doubtful in the fields of a message and its parts: fields that stand there twice, character sets that they name, or do not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.message import EmailMessage
from itertools import islice

from workbench.ingest.mail import unread_mail_text
from workbench.ingest.mail.encodedwords import find_odd
from workbench.ingest.mail.headers import MOST
from workbench.ingest.mail.parsing import DEEPEST, call_safely, detect_charset, is_too_deep, list_headers
from workbench.ingest.reading import charsets
from workbench.ingest.reading.text_lines import tell_guess
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, format_list
from workbench.model.rows import Issue
from workbench.model.values.plausible_years import is_plausible

PARTS = 500
"""Parts of a message that are read."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = re.compile(r"\s{0,9}(mon|tue|wed|thu|fri|sat|sun)\b", re.IGNORECASE)
SHOWN = 3
QUOTED = 100
ONCE = ("From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject", "Date", "Message-ID", "In-Reply-To", "References")
"""Header fields that a message has once at most (RFC 5322, 3.6)."""
OF_CONTENT = ("Content-Type", "Content-Transfer-Encoding", "Content-Disposition")
"""Fields of which each part has one; programs that take the last show something else."""


def tell_date(written: str, at: str, *, is_readable: bool) -> Iterator[Issue]:
    """That the date of a message could not be read, has an implausible year, or another day of the week."""
    if at and not is_readable:
        yield build_issue("bad-date", Sentence("row.date.unread", date=repr(at)))
    elif not is_plausible(at):
        said = Sentence("row.date.year", count=1, example=repr(at))
        yield build_issue("bad-date", said, fix=Sentence("fix.look.calendar"))
    day = DAY.match(written)
    if at and is_readable and day and DAYS.index(day[1].casefold()) != datetime.fromisoformat(at).weekday():
        said = Sentence("row.date.weekday", date=repr(written[:QUOTED]))
        yield build_issue("bad-date", said, fix=Sentence("fix.compare.source_of_mail"))


def tell_charsets(message: EmailMessage) -> Iterator[Issue]:
    """That the fields of a message and its parts name a character set that is none of mail, or none where they need one: each once."""
    raw = [str(text)[:MOST] for part in islice(list_parts(message), PARTS) for _, text in part.raw_items()]
    yield from (
        charsets.report_charset(*pair) for pair in dict.fromkeys(pair for text in raw for pair in find_odd(text))
    )
    yield from (one for used in dict.fromkeys(map(detect_charset, raw)) for one in tell_guess(used))


def tell_depth(message: EmailMessage) -> Iterator[Issue]:
    """That parts of a message lie too deep to be taken apart."""
    if is_too_deep(message):
        yield build_issue("truncated", Sentence("row.mail.deep", most=DEEPEST))


def tell_repeated(message: EmailMessage) -> Iterator[Issue]:
    """That a field which a message, or one of its parts, has once stands there several times, each time otherwise."""
    yield from _report_repeated(message, ONCE, "row.mail.repeated")
    for part in islice(list_parts(message), PARTS):
        yield from _report_repeated(part, OF_CONTENT, "row.mail.repeated_content")
        yield from (row for field in OF_CONTENT for row in _list_parameter_issues(part, field))


def _report_repeated(part: EmailMessage, names: Iterable[str], key: str) -> Iterator[Issue]:
    for name in names:
        values = list_headers(part, name)
        if len(values) > 1:
            shown = format_list([repr(value[:QUOTED]) for value in values[:SHOWN]], count=len(values))
            said = Sentence(key, field=name, count=len(values), listed=shown)
            yield build_issue("other-words", said, fix=Sentence("fix.compare.fields"))


def _list_parameter_issues(part: EmailMessage, field: str) -> Iterator[Issue]:
    """That a parameter of a field, which counts once, stands in it several times, each time otherwise."""
    found: dict[str, dict[str, None]] = {}
    for name, value in unread_mail_text.list_parameters(part, field):
        found.setdefault(name, {})[value[:QUOTED]] = None
    for name, values in found.items():
        if len(values) > 1:
            shown = format_list([repr(value) for value in list(values)[:SHOWN]], count=len(values))
            said = Sentence("row.mail.repeated_content", field=f"{field}; {name}", count=len(values), listed=shown)
            yield build_issue("other-words", said, fix=Sentence("fix.compare.fields"))


def list_parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The message and its parts, as far as they can be walked through; parts of an attached message are its own."""
    yield message
    if str(call_safely(message.get_content_maintype) or "") == "multipart":
        children = call_safely(message.get_payload)
        for child in children if isinstance(children, list) else ():
            if isinstance(child, EmailMessage):
                yield from list_parts(child)
