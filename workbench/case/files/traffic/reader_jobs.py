"""What the desk's own process does: it reads mails, JSON and text forms of strangers into messages.

Run as a program it is that process (`workbench.worker.serve`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.case.files.traffic.message_transfer import Piece, encode_pieces
from workbench.errors import SourceError
from workbench.ingest.mail import mail_rows, mailbox, parsing
from workbench.ingest.office import rtf
from workbench.ingest.reader_jobs import build_file_job
from workbench.ingest.reading.json_objects import build_surrogate_issue
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import decode_bytes
from workbench.messages.model.message import Attachment
from workbench.messages.traffic import ReadMessage, mail_messages, message_objects, text_forms
from workbench.messages.traffic import letter_export as written
from workbench.model.catalogue import Sentence
from workbench.model.text.normalise import clean_text
from workbench.model.values.limits import replace_surrogates
from workbench.worker import Message, run_jobs

if TYPE_CHECKING:
    from email.message import EmailMessage

Arguments = Mapping[str, object]
LARGEST = 200_000_000
"""Bytes of a file that is read as one text."""


def mail(file: SourceFile, arguments: Arguments) -> Iterator[Message]:
    """Messages of a mail or a mailbox."""
    del arguments
    yield from encode_pieces(_read_mails(file))


def json(file: SourceFile, arguments: Arguments) -> Iterator[Message]:
    """Messages and notices of a file of JSON; `color`: of notices whose file does not show it."""
    text = _read_text(file)
    found = message_objects.read_messages(text, color=str(arguments["color"]))
    yield from encode_pieces(map(_replace_half_characters, found), message_objects.list_surroundings(text))


def form(file: SourceFile, arguments: Arguments) -> Iterator[Message]:
    """Messages of a text."""
    del arguments
    text = _read_text(file)
    yield from encode_pieces(map(Piece, text_forms.read_messages(text)), text_forms.list_surroundings(text))


def _replace_half_characters(taken: ReadMessage) -> Piece:
    """A message with marks in the place of half characters (lone surrogates), which nothing can hold, told."""
    texts = tuple(map(replace_surrogates, taken.texts))
    origins = tuple(
        replace(one, label=replace_surrogates(one.label), written=replace_surrogates(one.written))
        for one in taken.origins
    )
    if (texts, origins) == (taken.texts, taken.origins):
        return Piece(taken)
    wrong = (build_surrogate_issue([taken.place or origins[0].written]),) if origins else ()
    return Piece(replace(taken, texts=texts, origins=origins), wrong=wrong)


def _read_text(source: SourceFile) -> str:
    with source.open() as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise SourceError(Sentence("refused.taken.large", name=source.name, most=LARGEST))
    text = decode_bytes(data).lstrip("\ufeff").replace("\r\n", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace").decode()


def _read_mails(source: SourceFile) -> Iterator[Piece]:
    for letter in mailbox.read_letters(source):
        message = parsing.parse_message(letter.data) if letter.data is not None else None
        if message is None:
            yield Piece(ReadMessage(letter.place, None, reason=Sentence("row.traffic.letter")))
            continue
        content = mail_rows.read_content(message, letter.data or b"")
        wrong = tuple(mail_rows.list_issues(message, content))
        header = [(name, value) for name in _list_names(message) for value in parsing.list_headers(message, name)]
        unseen = [
            *((mail_messages.HIDDEN, text) for text in content.hidden),
            *content.aside,
            *_list_nameless_texts(content),
        ]
        unseen += [(mail_messages.ABOVE, letter.above)] if letter.above else []
        if ours := _find_own_form(content):
            beside = (
                mail_messages.format_header(header),
                content.seen,
                *(text for _, text in (*content.beside, *unseen)),
            )
            names = (name for name, *_ in content.attached)
            made = replace(ours.taken, texts=(*ours.taken.texts, *beside, *names))
            yield replace(ours, taken=made, wrong=wrong)
            continue
        attached = [
            Attachment(name=name, sha256=hashlib.sha256(data).hexdigest(), media_type=kind)
            for name, kind, data in content.attached
        ]
        taken = mail_messages.read_letter(
            header, content.seen, attached, letter.place, beside=content.beside, unseen=unseen
        )
        yield Piece(taken, tuple((name, data) for name, _, data in content.attached if data), wrong=wrong)


def _list_nameless_texts(content: mail_rows.Content) -> Iterator[tuple[str, str]]:
    """Texts without a file name that are no prose: a calendar, a card, a table, RTF."""
    for kind, text in content.nameless:
        yield kind, rtf.extract_text(text.encode()) if kind == "text/rtf" else text


def _find_own_form(content: mail_rows.Content) -> Piece | None:
    """The message whose form lies in a letter that this desk has written, with its other files; None in any other letter."""
    at = next((at for at, (name, *_) in enumerate(content.attached) if name == written.FORM), -1)
    found = list(message_objects.read_messages(content.attached[at][2].decode("utf-8", "replace"))) if at >= 0 else []
    if len(found) != 1 or found[0].message is None:
        return None
    others = [*content.attached[:at], *content.attached[at + 1 :]]
    named = {clean_text(one.name): one.name for one in found[0].message.attachments}  # as the form writes them
    return Piece(found[0], tuple((named.get(name, name), data) for name, _, data in others if data))


def _list_names(message: EmailMessage) -> Iterable[str]:
    """Names of the fields of a header, each once."""
    found = parsing.call_safely(lambda: list(dict.fromkeys(message.keys())))
    return found if isinstance(found, list) else ()


JOBS = {one.__name__: build_file_job(one) for one in (mail, json, form)}


def main() -> None:
    """Do jobs until the parent is gone."""
    run_jobs(JOBS)


if __name__ == "__main__":
    main()
