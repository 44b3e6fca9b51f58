"""JSON of any size read piece by piece, and what its values are as text, lists and mappings. Nothing raises on odd data."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator, Mapping

from workbench.ingest.reading.json_objects import has_half
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import detect_encoding
from workbench.model.catalogue import Sentence
from workbench.model.text.doubled_names import number_doubled_names, separate_doubled_names

CHUNK = 262_144
ITEM = 16_777_216
"""Characters of one value, at most."""

AHEAD = 8
"""Characters that must be seen behind a value: of '1e+16' the first is a number too."""

SHOWN = 5
EACH = "*"
Path = tuple[str, ...]
FAULTS = (ValueError, RecursionError)
"""What Python's decoder raises: wrong JSON, integers of thousands of digits, nesting that does not end."""


class Stream:
    """Values of a JSON file with the path at which each lies; arrays and objects on the way are never held as a whole.

    Parameters
    ----------
    opens : callable
        Whether what lies at a path is walked through instead of decoded as one value. Elements of an array have the
        name `EACH`.

    Attributes
    ----------
    problem : str
        After the reading: why it stopped before the end, '' if it did not.
    halves : list of str
        After the reading: places of values with half characters.
    """

    def __init__(self, source: SourceFile, opens: Callable[[Path], bool]) -> None:
        self.source, self.opens = source, opens
        self.problem = ""
        self.halves: list[str] = []

    def __iter__(self) -> Iterator[tuple[Path, object]]:
        """Paths and values in the order of the file."""
        self.problem = ""
        with self.source.open() as file:
            name = detect_encoding(self.source.read_head())
            decoder = codecs.getincrementaldecoder("utf-8-sig" if name == "utf-8" else name)("replace")
            cursor = _Cursor(lambda: decoder.decode(data) if (data := file.read(CHUNK)) else None)
            try:
                yield from self._walk(cursor, ())
            except FAULTS as error:
                self.problem = f"at character {cursor.place:,}: {str(error)[:120]}"
            self.halves = [f"character {at:,}" for at in cursor.halves]

    def _walk(self, cursor: _Cursor, path: Path) -> Iterator[tuple[Path, object]]:
        begin = cursor.peek()
        if begin not in ("{", "[") or not self.opens(path):
            yield path, cursor.read_value()
            return
        cursor.at += 1
        end = "}" if begin == "{" else "]"
        while cursor.peek() != end:
            name = EACH
            if begin == "{":
                name = str(cursor.read_value())
                cursor.expect_mark(":")
            yield from self._walk(cursor, (*path, name))
            if cursor.peek() != end:
                cursor.expect_mark(",")
        cursor.at += 1


class _Cursor:
    """A place in a text that comes in pieces."""

    def __init__(self, more: Callable[[], str | None]) -> None:
        self.more = more
        self.text, self.at, self.before = "", 0, 0
        self.ended = False
        self.halves: list[int] = []
        self.decode = json.JSONDecoder(strict=False, object_pairs_hook=_build_members).raw_decode

    @property
    def place(self) -> int:
        """Characters from the start of the file."""
        return self.before + self.at

    def peek(self) -> str:
        """Next character that is no white space.

        Raises
        ------
        ValueError
            At the end of the text.
        """
        while True:
            while self.at < len(self.text):
                if self.text[self.at] not in " \t\r\n\ufeff":
                    return self.text[self.at]
                self.at += 1
            if not self._fill(CHUNK):
                raise ValueError("the file ends in the middle")

    def expect_mark(self, mark: str) -> None:
        """Step over a mark that must be there."""
        found = self.peek()
        if found != mark:
            raise ValueError(f"{mark!r} was expected, {found!r} found")
        self.at += 1

    def read_value(self) -> object:
        """The next value, decoded."""
        self.peek()
        while True:
            try:
                found, end = self.decode(self.text, self.at)
            except json.JSONDecodeError:
                if len(self.text) - self.at > ITEM or not self._fill(max(CHUNK, len(self.text) - self.at)):
                    raise
                continue
            if end + AHEAD > len(self.text) and self._fill(CHUNK):
                continue
            if has_half(self.text[self.at : end]):
                self.halves.append(self.place)
            self.at = end
            return found

    def _fill(self, least: int) -> bool:
        """Take in more text; what lies behind is let go."""
        if self.ended:
            return False
        pieces = [self.text[self.at :]]
        self.before, self.at = self.before + self.at, 0
        got = 0
        while got < least:
            piece = self.more()
            if piece is None:
                self.ended = True
                break
            pieces.append(piece)
            got += len(piece)
        self.text = "".join(pieces)
        return got > 0


def to_text(value: object) -> str:
    """A text or number as text with half characters (lone surrogates) replaced; '' of anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    found = value if isinstance(value, str) else repr(value) if isinstance(value, float) else _format_integer(value)
    return found if found.isascii() else found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def to_mapping(value: object) -> Mapping[str, object]:
    """The value if it is an object, otherwise an empty one."""
    return value if isinstance(value, dict) else {}


def to_array(value: object) -> list[object]:
    """The value if it is an array, otherwise an empty one."""
    return value if isinstance(value, list) else []


def flatten_value(value: object, name: str = "", depth: int = 8, secret: frozenset[str] = frozenset()) -> Iterator[str]:
    """Lines 'name: value' of everything in a value. Names in `secret` are left out; what lies deeper than `depth` too."""
    if isinstance(value, dict) and depth:
        for key, inner in value.items():
            if key not in secret:
                yield from flatten_value(inner, f"{name} {to_text(key)}".strip(), depth - 1, secret)
    elif isinstance(value, list) and depth:
        for inner in value:
            yield from flatten_value(inner, name, depth - 1, secret)
    elif isinstance(value, bool):
        yield f"{name}: {'yes' if value else 'no'}"
    elif found := to_text(value).strip():
        yield f"{name}: {found}" if name else found


def read_members(value: object) -> tuple[Mapping[str, object], list[str]]:
    """Members of an object, and the names that several different values have; none of these values is under its name."""
    return separate_doubled_names(to_mapping(value))


def tell_doubled(names: list[str]) -> Sentence:
    """That a message has several different values of these names."""
    return Sentence("fault.doubled_members", listed=", ".join(names[:SHOWN]))


def _build_members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Members of an object; of two with one name, the second is called 'name (2)'."""
    found = dict(pairs)
    return found if len(found) == len(pairs) else number_doubled_names(pairs)


def _format_integer(value: int) -> str:
    return str(value) if value.bit_length() < 1024 else "a number of too many digits"
