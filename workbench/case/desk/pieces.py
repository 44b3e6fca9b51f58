"""Messages of a file of traffic with what is attached to them, and how they go from one process to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import Any, cast

from workbench.errors import SourceError
from workbench.ingest import transfer
from workbench.messages import to_json
from workbench.messages.form import from_json
from workbench.messages.traffic import Origin, Taken
from workbench.messages.traffic.line import Contradiction
from workbench.model.rows import Enclosure, Issue
from workbench.worker import Message


@dataclass(frozen=True, slots=True)
class Piece:
    """A message of a file, with the files that are attached to it: name and bytes.

    `again`: it stands for a file that came before in what was handed over, and whose messages are there.
    `wrong`: what the reader of its file has to tell of it.
    """

    taken: Taken
    files: tuple[tuple[str, bytes], ...] = ()
    again: bool = False
    wrong: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What an officer says of a file: field by column ('' for none), and the colour of its notices."""

    fields: Mapping[str, str]
    color: str = ""


NOTHING = Said({})
TOLD = ("code", "message", "fix", "severity", "document_id", "place")
"""What an issue of a message tells."""


def pack(pieces: Iterable[Piece]) -> Iterator[Message]:
    """Pieces as messages of a process: what each says, then its files."""
    for piece in pieces:
        taken = piece.taken
        form = None if taken.message is None else to_json(taken.message)
        origins = [list(astuple(one)) for one in taken.origins]
        doubts = [[one.field, list(one.values)] for one in taken.contradictions]
        wrong = [[getattr(one, name) for name in TOLD] for one in piece.wrong]
        yield transfer.value(
            [taken.place, form, origins, taken.reason, doubts, list(taken.texts), wrong, len(piece.files)]
        )
        yield from transfer.packed(Enclosure(name, data) for name, data in piece.files)


def unpack(messages: Iterable[Message]) -> Iterator[Piece]:
    """Pieces of the messages of a process.

    Raises
    ------
    BadMessage
        If they hold other things than agreed on.
    """
    left = iter(messages)
    for message in left:
        try:
            place, form, origins, reason, doubts, texts, wrong, count = cast("list[Any]", transfer.valued(message))
            taken = Taken(
                place, None if form is None else from_json(form), tuple(Origin(*one) for one in origins), reason,
                tuple(Contradiction(field, tuple(values)) for field, values in doubts), tuple(texts),
            )  # fmt: skip
            issues = tuple(Issue(**dict(zip(TOLD, one, strict=True))) for one in wrong)
            files = tuple(_file(next(left)) for _ in range(count))
        except (TypeError, ValueError, LookupError, StopIteration, SourceError) as error:
            raise transfer.BadMessage from error
        yield Piece(taken, files, wrong=issues)


def _file(message: Message) -> tuple[str, bytes]:
    (row,) = transfer.unpacked(message)
    if not isinstance(row, Enclosure):
        raise transfer.BadMessage
    return row.name, row.data
