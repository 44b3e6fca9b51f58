"""XML of strangers, read piece by piece: no document type, no entities, bounded depth, nothing held longer than needed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from zipfile import BadZipFile

from workbench.errors import SourceError
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's

DEEPEST = 64
RUN = 64 * 1024**2
"""Bytes without any tag, at most: a value that long is no text of a report."""

HELD = 1_000_000
"""Elements that are held at once, at most."""

LONG = 2_000
"""Characters of a name with its namespace, at most: the parser copies the namespace into each name."""

NAMES = 1_000
"""Names of elements that are remembered without their namespace."""

SHOWN, LABEL = 4, 200
"""Names of elements, and characters, of a label, at most."""

BROKEN = (SyntaxError, ValueError, LookupError, AssertionError, OverflowError)
"""What the parser is known to raise on damaged input; SyntaxError is its ParseError."""


class Piece(NamedTuple):
    """One step through the file: whether an element begins or ends, its name without namespace, the element, the depth.

    Children and text of an element are complete when it ends; attributes are there when it begins.
    """

    begins: bool
    name: str
    element: Element
    depth: int


class Elements:
    """Elements of a stream as they begin and end. `problem` says afterwards why the reading stopped early, '' if not.

    Parameters
    ----------
    stream : BinaryIO
        Read once.
    name : str
        Of the file, for messages.
    whole : frozenset of str
        Names of elements that stay with all their children until they end; all others are emptied when they end.
    """

    def __init__(self, stream: BinaryIO, name: str, whole: frozenset[str] = frozenset()) -> None:
        self.stream, self.name, self.whole = stream, name, whole
        self.problem = ""

    def __iter__(self) -> Iterator[Piece]:
        """Pieces in the order of the file.

        Raises
        ------
        SourceError
            If the file declares a document type or entities, which reports never do and bombs are made of.
        """
        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import iterparse

        try:
            yield from self._walk(iterparse(_GuardedStream(self.stream), ("start", "end"), forbid_dtd=True))
        except DefusedXmlException as error:
            raise SourceError(Sentence("refused.file.entities", name=self.name)) from error
        except BROKEN as error:
            self.problem = str(error).split("\n")[0][:200] or type(error).__name__

    def _walk(self, found: Iterator[tuple[str, Element]]) -> Iterator[Piece]:
        above: list[Element] = []
        names: dict[str, str] = {}
        kept = held = 0
        for event, element in found:
            name = names.get(element.tag) or get_local_name(element.tag)
            if len(names) < NAMES:
                names[element.tag] = name
            if event == "start":
                above.append(element)
                held += 1
                kept += name in self.whole
                if len(element.tag) > LONG or any(len(key) > LONG for key in element.keys()):  # noqa: SIM118 - of an element
                    raise ValueError(f"the name of an element is longer than {LONG:,} characters")
                if len(above) > DEEPEST or held > HELD:
                    raise ValueError(
                        f"elements are nested more than {DEEPEST} levels deep, or one contains more than {HELD:,} elements"
                    )
                yield Piece(begins=True, name=name, element=element, depth=len(above))
                continue
            above.pop()
            yield Piece(begins=False, name=name, element=element, depth=len(above) + 1)
            kept -= name in self.whole
            if not kept:
                held = len(above)
                element.clear()
                if above:
                    above[-1].remove(element)


def get_local_name(tag: object) -> str:
    """Name of an element without its namespace; '' of a comment."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


class _GuardedStream:
    """A stream that stops where no tag comes for too long: the parser would gather all of it in memory."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.run = stream, 0

    def read(self, size: int = -1) -> bytes:
        """Next bytes."""
        try:
            data = self.stream.read(size)
        except (BadZipFile, zlib.error, EOFError) as error:
            raise ValueError(f"the package is damaged ({error})") from error
        last = data.rfind(b"<")
        self.run = self.run + len(data) if last < 0 else len(data) - last
        if self.run > RUN:
            raise ValueError(f"more than {RUN:,} bytes without a tag")
        return data


def list_texts(
    element: Element, way: tuple[str, ...] = (), passed: frozenset[Element] = frozenset()
) -> Iterator[tuple[str, str]]:
    """Texts and attributes of an element and of all within, each with the names that lead to it; of those `passed` nothing."""
    yield from _list_attributes(element, way)
    yield label_of(way), element.text or ""
    for child in element:
        if child not in passed:
            yield from list_texts(child, (*way, get_local_name(child.tag)), passed)
        yield label_of(way), child.tail or ""


def label_of(way: tuple[str, ...] | list[str]) -> str:
    """Label of a text by the names of elements that lead to it: the last ones."""
    return " ".join(way[-SHOWN:])[:LABEL] or "text"


def _list_attributes(element: Element, way: tuple[str, ...] | list[str]) -> Iterator[tuple[str, str]]:
    for key, value in element.items():
        if get_local_name(key) != "schemaLocation":
            yield label_of([*way[-SHOWN:], get_local_name(key)]), value


class Outline:
    """Texts of the elements of a file but those that its reader takes whole. `skip`: names at the root that no label needs."""

    def __init__(self, skip: int = 0) -> None:
        self.skip = skip
        self.way: list[str] = []
        self.last: Element | None = None
        self.within = 0

    def list_texts(self, piece: Piece, *, whole: bool = False) -> Iterator[tuple[str, str]]:
        """Texts that a step through the file completes, with their labels; an element that begins as `whole` gives none."""
        if self.last is not None:
            yield self._label(), self.last.tail or ""
            self.last = None
        if self.within:
            self.within = 0 if piece.depth == self.within and not piece.begins else self.within
            self.last = None if self.within else piece.element
        elif piece.begins and whole:
            self.within = piece.depth
        elif piece.begins:
            self.way.append(piece.name)
            yield from _list_attributes(piece.element, self.way[self.skip :])
        else:
            yield self._label(), piece.element.text or ""
            self.way.pop()
            self.last = piece.element
            if tail := piece.element.tail:
                self.last = None
                yield self._label(), tail

    def _label(self) -> str:
        return label_of(self.way[self.skip :])
