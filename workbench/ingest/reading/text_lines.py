"""Text files as numbered lines: encoding found, long lines and wrong bytes reported, never held as a whole."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from io import BufferedReader, RawIOBase, TextIOWrapper
from typing import TYPE_CHECKING, BinaryIO

from workbench.errors import SourceError
from workbench.ingest.reading.source import SourceFile
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, format_list
from workbench.model.rows import Issue

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LONGEST = 10_000_000
"""A line of more bytes is left out and reported."""

SHOWN = 20
PIECE = 1 << 18
CONTROLS = 50
NO_CONTROL = bytes({9, 10, 12, 13, 27} | set(range(32, 256)))
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WIDE = tuple(mark for mark, name in MARKS if name in ("utf-16", "utf-32"))
LEGACY = ("cp1252", "cp1256")
"""Encodings before Unicode, which a text does not name: of Western Europe, and Arabic."""
LETTERS = [(bytes([code]), bytes([code]).decode("cp1256")) for code in range(256)]
ARABIC = b"".join(byte for byte, letter in LETTERS if "\u0621" <= letter <= "\u064a")
LATIN = b"".join(byte for byte, letter in LETTERS if letter.isalpha() and letter < "\u0600")
WHOLE = re.compile(rb"(?<![%b])[%b]{2,}+(?![%b])" % (LATIN + ARABIC, ARABIC, LATIN))
MIXED = re.compile(rb"[%b][%b]|[%b][%b]" % (LATIN, ARABIC, ARABIC, LATIN))
"""A word that is all Arabic in Windows-1256, and a place where it would mix Arabic and Latin letters."""


def detect_encoding(head: bytes) -> str:
    """Encoding of a text by its first bytes: by its byte order mark, else UTF-8 where it fits, else one of those before Unicode."""
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return detect_legacy_encoding(head)
    return "utf-8"


def detect_legacy_encoding(data: bytes) -> str:
    """Windows-1256 where more words are all Arabic than would mix Arabic and Latin letters in it, else Windows-1252."""
    return "cp1256" if len(WHOLE.findall(data)) > len(MIXED.findall(data)) else "cp1252"


def decode_bytes(data: bytes) -> str:
    """Text of bytes that are all there, which name no encoding."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        found = detect_encoding(data)
        return data.decode(
            detect_legacy_encoding(data) if found == "utf-8" else found, "replace"
        )  # as if its last sign were cut


def tell_guess(used: str) -> list[Issue]:
    """That a text names no character set, and was read in one before Unicode; nothing where it is in Unicode."""
    if used not in LEGACY:
        return []
    return [build_issue("bad-encoding", Sentence(f"row.no_charset.{used}"), fix=Sentence("fix.look.accents"))]


def is_text(head: bytes) -> bool:
    """Whether the first bytes look like text: no zero bytes (unless a byte order mark says UTF-16), few controls."""
    if not head.startswith(codecs.BOM_UTF8) and head.startswith(WIDE):
        return True
    return b"\x00" not in head and len(head.translate(None, delete=NO_CONTROL)) * CONTROLS <= len(head)


def check_encoding(name: str) -> str:
    """Python's name of an encoding that an officer said; '' for none.

    Raises
    ------
    SourceError
        If there is no such encoding of text.
    """
    if not name:
        return ""
    try:
        found = codecs.lookup(name).name
        "".encode(found)
    except (LookupError, ValueError) as error:
        raise SourceError(
            Sentence(
                "The encoding '{name}' is not known. Use, for example, `utf-8`, `cp1252`, `cp1256` or `utf-16`.",
                name=name,
            )
        ) from error
    return found


def unify_line_ends(text: str) -> str:
    """A text whose lines all end in LF: CR LF ends one line, and so does CR alone."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


class UnifiedLines(RawIOBase):
    """The bytes of a text with LF at the end of every line, as `unified`."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.is_after = file, False

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read what fits."""
        view = memoryview(buffer).cast("B")
        made = b""
        while not made and (data := self.file.read(len(view))):
            made = data[1:] if self.is_after and data.startswith(b"\n") else data
            self.is_after = data.endswith(b"\r")
            if b"\r" in made:
                made = made.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        view[: len(made)] = made
        return len(made)


class TextLines:
    """Lines of a text file with their numbers from 1, without line ends; a second pass reads the file again.

    Lines end at LF, at CR LF and at CR alone, as programs show them. `issues` holds what the last pass found.
    """

    def __init__(self, source: SourceFile, limit: int = LONGEST, said: str = "") -> None:
        self.source, self.limit, self.said = source, limit, check_encoding(said)
        self.issues: list[Issue] = []
        self.encoding = self.said or detect_encoding(source.read_head())

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """Numbered lines; a line over the limit is left out and reported."""
        long: list[int] = []
        wrong: list[int] = []
        yield from self._read_lines(long, wrong)
        self.issues = [_build_length_issue(long, self.limit)] if long else []
        self.issues += [_report_replaced(wrong, self.encoding)] if wrong else []

    def _read_lines(self, long: list[int], wrong: list[int]) -> Iterator[tuple[int, str]]:
        wide = self.encoding in ("utf-16", "utf-32") or self.said not in ("", "utf-8")
        return self._read_decoded_lines(long) if wide else self._read_byte_lines(long, wrong)

    def _read_byte_lines(self, long: list[int], wrong: list[int]) -> Iterator[tuple[int, str]]:
        number = 0
        with self.source.open() as raw, BufferedReader(UnifiedLines(raw), PIECE) as file:
            while piece := file.readline(self.limit):
                number += 1
                if len(piece) == self.limit and not piece.endswith(b"\n"):
                    long.append(number)
                    while (rest := file.readline(self.limit)) and not rest.endswith(b"\n"):
                        pass
                    continue
                piece = piece.removeprefix(codecs.BOM_UTF8) if number == 1 else piece
                yield number, self._decode_piece(piece.removesuffix(b"\n"), number, wrong)

    def _decode_piece(self, piece: bytes, number: int, wrong: list[int]) -> str:
        try:
            return piece.decode("utf-8")
        except UnicodeDecodeError:
            wrong.append(number)
            return piece.decode(
                self.encoding if self.encoding in LEGACY else detect_legacy_encoding(piece), errors="replace"
            )

    def _read_decoded_lines(self, long: list[int]) -> Iterator[tuple[int, str]]:
        number = 0
        with self.source.open() as file, TextIOWrapper(file, self.encoding, errors="replace") as text:
            while piece := text.readline(self.limit):
                number += 1
                if len(piece) == self.limit and not piece.endswith("\n"):
                    long.append(number)
                    while (rest := text.readline(self.limit)) and not rest.endswith("\n"):
                        pass
                    continue
                yield number, piece.removesuffix("\n")


def format_numbers(lines: list[int]) -> str:
    """Line or row numbers for a message: '3, 5, 9 and 12 more'."""
    return format_list([str(n) for n in lines[:SHOWN]], count=len(lines))


def _build_length_issue(lines: list[int], limit: int) -> Issue:
    return build_issue(
        "bad-row",
        Sentence("row.lines_long", count=len(lines), most=limit, listed=format_numbers(lines)),
        fix=Sentence("fix.look.name"),
        place=f"line {lines[0]}",
    )


def _report_replaced(lines: list[int], encoding: str) -> Issue:
    return build_issue(
        "bad-encoding",
        Sentence(
            "row.lines_arabic" if encoding == "cp1256" else "row.lines_replaced",
            count=len(lines),
            listed=format_numbers(lines),
        ),
        fix=Sentence("fix.look.accents_there"),
        place=f"line {lines[0]}",
    )
