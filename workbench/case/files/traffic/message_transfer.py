"""Messages of a file of traffic with what is attached to them, and how they go from one process to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import Any, cast

from workbench.errors import SourceError
from workbench.ingest import row_transfer
from workbench.messages import to_json
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_json import from_json
from workbench.messages.traffic import Origin, ReadMessage, SurroundingText
from workbench.messages.traffic.labelled_line import Contradiction
from workbench.model.rows import Enclosure, Issue
from workbench.worker import Message


@dataclass(frozen=True, slots=True)
class Piece:
    """A message of a file, with the files that are attached to it: name and bytes.

    `again`: it stands for a file that came before in what was handed over, and whose messages are there.
    `wrong`: what the reader of its file has to tell of it.
    `around`: what stands around the messages of its file, the same for all of them. `told`: what is to be told of its file.
    """

    taken: ReadMessage
    files: tuple[tuple[str, bytes], ...] = ()
    again: bool = False
    wrong: tuple[Issue, ...] = ()
    around: tuple[SurroundingText, ...] = ()
    told: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class FileSettings:
    """What an officer says of a file: field by column ('' for none), and the colour of its notices."""

    fields: Mapping[str, str]
    color: str = ""


NOTHING = FileSettings({})
TOLD = ("code", "message", "fix", "severity", "document_id", "place")
"""What an issue of a message tells."""


def encode_pieces(pieces: Iterable[Piece], around: Iterable[SurroundingText] = ()) -> Iterator[Message]:
    """Pieces as messages of a process: what stands around all, then what each says, and its files."""
    yield row_transfer.encode_value([list(astuple(one)) for one in around])
    for piece in pieces:
        taken = piece.taken
        form = None if taken.message is None else to_json(taken.message)
        origins = [list(astuple(one)) for one in taken.origins]
        doubts = [[one.field, list(one.values)] for one in taken.contradictions]
        wrong = [[getattr(one, name) for name in TOLD] for one in piece.wrong]
        yield row_transfer.encode_value(
            [taken.place, form, origins, taken.reason, doubts, list(taken.texts), wrong, len(piece.files)]
        )
        yield from row_transfer.encode_rows(Enclosure(name, data) for name, data in piece.files)


def decode_pieces(messages: Iterable[Message]) -> Iterator[Piece]:
    """Pieces of the messages of a process. A form that no message can have costs that piece: it comes with the reason.

    Raises
    ------
    BadMessage
        If they hold other things than agreed on.
    """
    left = iter(messages)
    around = _parse_context(left)
    for message in left:
        try:
            place, form, origins, reason, doubts, texts, wrong, count = cast(
                "list[Any]", row_transfer.decode_value(message)
            )
            made, refused = _parse_form(form)
            taken = ReadMessage(
                place, made, tuple(Origin(*one) for one in origins), refused or reason,
                tuple(Contradiction(field, tuple(values)) for field, values in doubts), tuple(texts),
            )  # fmt: skip
            issues = tuple(Issue(**dict(zip(TOLD, one, strict=True))) for one in wrong)
            files = tuple(_decode_file(next(left)) for _ in range(count))
        except (TypeError, ValueError, LookupError, StopIteration, SourceError) as error:
            raise row_transfer.BadMessage from error
        yield Piece(taken, files, wrong=issues, around=around)


def _parse_form(form: str | None) -> tuple[Correspondence | None, str]:
    """The message of a form, and why it is none."""
    try:
        return (None if form is None else from_json(form)), ""
    except SourceError as error:
        return None, str(error)


def _parse_context(messages: Iterator[Message]) -> tuple[SurroundingText, ...]:
    """What stands around the pieces that follow."""
    try:
        found = cast("list[Any]", row_transfer.decode_value(next(messages)))
        return tuple(SurroundingText(str(place), str(text), bool(told)) for place, text, told in found)
    except (TypeError, ValueError, StopIteration) as error:
        raise row_transfer.BadMessage from error


def _decode_file(message: Message) -> tuple[str, bytes]:
    (row,) = row_transfer.decode_rows(message)
    if not isinstance(row, Enclosure):
        raise row_transfer.BadMessage
    return row.name, row.data
