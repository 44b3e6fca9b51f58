"""Reader `mail`: e-mail as EML (one message) and MBOX (many). Attachments are handed on as files within."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.ingest.mail.mailbox import LONGEST, MBOX_START, Letter, read_letters
from workbench.ingest.mail.parsing import list_known_fields
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import is_text
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, describe_missing_record, format_list
from workbench.model.rows import Row

ENOUGH = 2
TOLD = 10


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: the header fields of an e-mail, or the 'From ' line of a mailbox before them."""
    if not is_text(head.replace(b"\x00", b"")) or not head.strip():
        return ""
    if head.startswith(MBOX_START) and list_known_fields(head.partition(b"\n")[2]):
        return Sentence("detected.mailbox")
    found = list_known_fields(head)
    if len(found) >= ENOUGH:
        return Sentence("detected.email", fields=", ".join(found[:4]))
    return Sentence("detected.email_name", suffix=source.suffix) if source.suffix in (".eml", ".mbox") else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """Documents Email with passages and claims; attachments as files within."""
    del options
    from workbench.ingest.mail.mail_rows import Mailbox

    box = Mailbox(source)
    found, doubtful, within = False, dict[str, int](), dict[str, int]()
    wrong, unclear = list[str](), list[str]()
    for letter in read_letters(source):
        found = True
        doubtful |= {letter.place: letter.doubts} if letter.doubts else {}
        within |= {letter.place: letter.within} if letter.within else {}
        if letter.is_long_wrong:
            (unclear if letter.is_unclear else wrong).append(letter.place)
        if letter.data is None:
            yield _build_length_issue(letter)
        else:
            yield from box.list_letter_rows(letter.place, letter.data, letter.above)
    if not found:
        yield build_issue("empty", describe_missing_record("message", source.name))
    yield from box.finish()
    if doubtful:
        yield _build_boundary_issue(doubtful)
    if within:
        yield _within_length(within)
    if wrong:
        said = Sentence("row.mail.wrong_length", count=len(wrong), listed=_list_places(wrong))
        yield build_issue("bad-row", said, fix=Sentence("fix.compare.rows"), place=wrong[0])
    if unclear:
        said = Sentence("row.mail.unclear_length", count=len(unclear), listed=_list_places(unclear))
        yield build_issue("bad-row", said, fix=Sentence("fix.compare.rows"), place=unclear[0])


def _list_places(places: list[str]) -> str:
    return format_list(places[:TOLD], count=len(places))


def _within_length(within: Mapping[str, int]) -> Row:
    """That lines which part messages elsewhere are text here, by the length that the message states."""
    listed = format_list(list(within)[:TOLD], count=len(within))
    said = Sentence("row.mail.within_length", count=sum(within.values()), listed=listed)
    return build_issue("bad-row", said, fix=Sentence("fix.compare.rows"), place=next(iter(within)))


def _build_boundary_issue(doubtful: Mapping[str, int]) -> Row:
    """That lines of texts look like the beginning of a message, and are no line that parts the others."""
    said = Sentence(
        "row.mail.beginnings",
        count=sum(doubtful.values()),
        listed=format_list(list(doubtful)[:TOLD], count=len(doubtful)),
    )
    return build_issue("bad-row", said, fix=Sentence("fix.compare.rows"), place=next(iter(doubtful)))


def _build_length_issue(letter: Letter) -> Row:
    return build_issue(
        "bad-row",
        Sentence("row.large.mail", most=LONGEST),
        fix=Sentence("fix.attachments"),
        place=letter.place,
    )
