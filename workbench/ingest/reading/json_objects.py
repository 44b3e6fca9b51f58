"""JSON of strangers, read value by value: one object per line, an array, or an array within an object. Never as a whole.

Numbers stay as they are written (`Number`), so that nothing is rounded; a member that stands twice in an object is kept
under a second name; half characters (lone surrogates) and zero characters, which no table can hold, are replaced, and told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from typing import NamedTuple, TextIO

from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import (
    LEGACY,
    TextLines,
    detect_encoding,
    format_numbers,
    is_text,
    unify_line_ends,
)
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, format_list
from workbench.model.rows import Issue
from workbench.model.text.doubled_names import number_doubled_names

CHUNK = 65_536
LONGEST = 10_000_000
"""Characters of one value, at most."""

DEEPEST = 100
SPACE = " \t\r\n"
BROKEN = (ValueError, RecursionError)
WHOLE = re.compile(r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
"""A backslash that stands for itself, and a character that is written in two halves."""
HALF = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")
SHOWN = 20


class Number(str):
    """A number as it is written."""

    __slots__ = ()


class Item(NamedTuple):
    """A value and where it stands: 'line 3', 'item 3', '' for the whole file."""

    place: str
    value: object


def replace_surrogates(text: str) -> str:
    """The text as any table and index can hold it."""
    return (
        text if text.isascii() and "\x00" not in text else text.encode("utf-8", "replace").decode().replace("\x00", "")
    )


def has_half(raw: str) -> bool:
    r"""Whether JSON as it is written has an escape for half a character, or for the zero character.

    >>> has_half(r'"\ud83d\ude00"'), has_half(r'"\ud83d"'), has_half(r'"a\\ud83d"')
    (False, True, False)
    """
    return "\\u" in raw and HALF.search(WHOLE.sub("", raw)) is not None


def build_surrogate_issue(places: Sequence[str]) -> Issue:
    """That values have half characters, or zero characters, in whose place something else stands."""
    said = Sentence("row.half_characters", count=len(places), listed=format_list(places[:SHOWN], count=len(places)))
    return build_issue("bad-encoding", said, fix=Sentence("fix.look.source"), place=places[0])


def parse_first_value(head: bytes) -> object:
    """First value in the first bytes of a file: within an array its first item. None if there is none, or it is longer."""
    if not is_text(head):
        return None
    text = head.decode(detect_encoding(head), "replace").lstrip(SPACE)
    start = 1 if text.startswith("[") else 0
    try:
        return _build_decoder().raw_decode(text, _skip_space(text, start))[0]
    except BROKEN:
        return None


def is_lines(head: bytes) -> bool:
    """Whether the file holds one object per line: its first line is a whole one."""
    line = unify_line_ends(head.decode(detect_encoding(head), "replace")).lstrip(SPACE).partition("\n")[0].strip()
    if not line.startswith("{"):
        return False
    try:
        return isinstance(_build_decoder().decode(line), dict)
    except BROKEN:
        return False


def format_value(value: object) -> str:
    """A value as text: strings and numbers as they are, None as '', anything else as JSON."""
    if isinstance(value, str):
        return replace_surrogates(str(value))
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    return _encode_json(value, 0)


class Objects:
    """Values of a file, in order; a second pass reads the file again.

    Parameters
    ----------
    source : SourceFile
    members : frozenset of str
        Names of members of the outermost object of which the items of the array are wanted, one by one. If none of them
        is there, the object itself is the only value.

    Attributes
    ----------
    outer : dict
        The other members of the outermost object, after the last pass.
    issues : list of Issue
        What the last pass found wrong.
    """

    def __init__(self, source: SourceFile, members: frozenset[str] = frozenset()) -> None:
        self.source, self.members = source, members
        self.outer: dict[str, object] = {}
        self.issues: list[Issue] = []

    def __iter__(self) -> Iterator[Item]:
        """Values with their places."""
        self.outer, self.issues = {}, []
        head = self.source.read_head()
        yield from self._read_lines() if is_lines(head) else self._read_stream(detect_encoding(head))

    def _read_lines(self) -> Iterator[Item]:
        wrong: list[int] = []
        halves: list[str] = []
        lines = TextLines(self.source, LONGEST)
        decoder = _build_decoder()
        for number, line in lines:
            if not line.strip():
                continue
            try:
                value = decoder.decode(line)
            except BROKEN:
                wrong.append(number)
                continue
            halves += [f"line {number}"] if has_half(line) else []
            yield from self._split(f"line {number}", value)
        self.issues = [*lines.issues, *([build_surrogate_issue(halves)] if halves else [])]
        if wrong:
            self.issues.append(
                build_issue(
                    "bad-row", Sentence("row.lines_no_json", count=len(wrong), listed=format_numbers(wrong)),
                    fix=Sentence("fix.look.lines"), place=f"line {wrong[0]}",
                )
            )  # fmt: skip

    def _split(self, place: str, value: object) -> Iterator[Item]:
        """The items of the wanted members of an object, or the value itself."""
        name = next((name for name in value if name in self.members), "") if isinstance(value, dict) else ""
        if not isinstance(value, dict) or not isinstance(value.get(name), list):
            yield Item(place, value)
            return
        self.outer = {key: one for key, one in value.items() if key != name}
        for number, one in enumerate(value[name], 1):
            yield Item(f"{place} item {number}", one)

    def _read_stream(self, code: str) -> Iterator[Item]:
        count = 0
        with self.source.open() as file, TextIOWrapper(file, code, errors="replace") as text:
            stream = _Stream(text)
            try:
                for value in self._read_values(stream):
                    stream.count = count = count + 1
                    yield Item(f"item {count}", value)
            except BROKEN as error:
                self.issues.append(_cut_off(count, error))
        if stream.replaced or code in LEGACY:
            self.issues.append(_build_encoding_issue(code))
        if stream.halves:
            self.issues.append(build_surrogate_issue([f"item {max(number, 1)}" for number in stream.halves]))

    def _read_values(self, stream: _Stream) -> Iterator[object]:
        """Items of an array, or the objects of the file one after the other."""
        if stream.peek() == "[":
            yield from self._read_array(stream)
        elif stream.peek() != "{":
            yield stream.read_value()
        while stream.peek() == "{":
            before, self.outer = self.outer, {}
            wanted = False
            for value in self._read_object(stream):
                wanted = True
                yield value
            if not wanted:
                value, self.outer = self.outer, before
                yield value
        if found := stream.peek():
            raise ValueError(f"{found!r} follows the end of the data")

    def _read_array(self, stream: _Stream) -> Iterator[object]:
        stream.expect_mark("[")
        if stream.peek() == "]":
            stream.expect_mark("]")
            return
        while True:
            yield stream.read_value()
            if stream.peek() == "]":
                stream.expect_mark("]")
                return
            stream.expect_mark(",")

    def _read_object(self, stream: _Stream) -> Iterator[object]:
        stream.expect_mark("{")
        while stream.peek() != "}":
            name = str(stream.read_value())
            stream.expect_mark(":")
            if name in self.members and stream.peek() == "[":
                self.outer[name] = []
                yield from self._read_array(stream)
            else:
                value = stream.read_value()
                self.outer[replace_surrogates(name)] = replace_surrogates(value) if type(value) is str else value
            if stream.peek() != ",":
                break
            stream.expect_mark(",")
        stream.expect_mark("}")


class _Stream:
    """Text of which values are taken one by one."""

    def __init__(self, file: TextIO) -> None:
        self.file, self.text, self.at, self.ended, self.replaced = file, "", 0, False, False
        self.decoder = _build_decoder()
        self.count = 0
        self.halves: list[int] = []

    def peek(self) -> str:
        """Next character that is no space; '' at the end."""
        while True:
            self.at = _skip_space(self.text, self.at)
            if self.at < len(self.text) or self.ended:
                return self.text[self.at : self.at + 1]
            self._fill(CHUNK)

    def expect_mark(self, mark: str) -> None:
        """Pass over a mark that must stand here."""
        if self.peek() != mark:
            found = self.text[self.at : self.at + 40]
            raise ValueError(
                f"expected {mark!r}, found {found!r}" if found else "the file ends in the middle of a value"
            )
        self.at += 1

    def read_value(self) -> object:
        """The next value. More is read, twice as much each time, until it is whole."""
        self.peek()
        while True:
            try:
                value, end = self.decoder.raw_decode(self.text, self.at)
                if end < len(self.text) or self.ended:
                    if has_half(self.text[self.at : end]):
                        self.halves.append(self.count + 1)
                    self.at = end
                    return value
            except ValueError:
                if self.ended or len(self.text) - self.at > LONGEST:
                    raise
            self._fill(max(CHUNK, len(self.text) - self.at))

    def _fill(self, size: int) -> None:
        more = self.file.read(size)
        self.ended, self.replaced = not more, self.replaced or "\ufffd" in more
        self.text, self.at = self.text[self.at :] + more, 0


def _build_decoder() -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=_build_members, parse_int=Number, parse_float=Number, parse_constant=Number, strict=False
    )


def _build_members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Members of an object; of two with one name, the second is called 'name (2)'."""
    return number_doubled_names(
        (replace_surrogates(name), replace_surrogates(value) if type(value) is str else value) for name, value in pairs
    )


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in SPACE:
        at += 1
    return at


def _encode_json(value: object, depth: int) -> str:
    if depth > DEEPEST:
        return '"…"'
    if isinstance(value, dict):
        inside = ", ".join(
            f"{json.dumps(str(k), ensure_ascii=False)}: {_encode_json(v, depth + 1)}" for k, v in value.items()
        )
        return f"{{{inside}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_encode_json(one, depth + 1) for one in value)}]"
    if isinstance(value, Number):
        return str(value)
    return json.dumps(replace_surrogates(value) if isinstance(value, str) else value, ensure_ascii=False, default=str)


def _cut_off(count: int, error: Exception) -> Issue:
    nested, number = isinstance(error, RecursionError), str(count)
    return build_issue(
        "truncated",
        Sentence("row.cut.nested", number=number)
        if nested
        else Sentence("row.cut.items", number=number, error=str(error)[:200]),
        fix=Sentence("fix.ask.items"),
        place=f"item {count + 1}",
    )


def _build_encoding_issue(code: str) -> Issue:
    read = code if code in LEGACY else "marked"
    return build_issue("bad-encoding", Sentence(f"row.no_json_encoding.{read}"), fix=Sentence("fix.look.accents"))
