"""Compressed streams, read in pieces and never further than allowed."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from bz2 import BZ2Decompressor
from collections.abc import Callable
from io import BufferedReader
from lzma import LZMADecompressor
from typing import BinaryIO, cast

from workbench.ingest.reading.source import describe_damage

KINDS: dict[str, tuple[bytes, str]] = {
    "gzip": (b"\x1f\x8b\x08", ".gz"),
    "bzip2": (b"BZh", ".bz2"),
    "xz": (b"\xfd7zXZ\x00", ".xz"),
}
"""How compressed files begin, and the suffix that they have."""

BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")
"""What follows the mark of bzip2, which is three letters only: the first block, or the end."""

OPENERS: dict[str, Callable[[BinaryIO], object]] = {
    "gzip": lambda file: gzip.GzipFile(fileobj=file),
    "bzip2": lambda file: Chain(file, bz2.BZ2Decompressor, b"BZh"),
    "xz": lambda file: Chain(file, lzma.LZMADecompressor, b"\xfd7zXZ\x00"),
}
BROKEN = (EOFError, OSError, zlib.error, lzma.LZMAError, ValueError)
PIECE = 1024**2


def find_compression(head: bytes) -> str:
    """Name of the compression, '' if the file begins like none."""
    found = next((name for name, (mark, _) in KINDS.items() if head.startswith(mark)), "")
    return "" if found == "bzip2" and head[4:10] not in BZIP2_BLOCKS else found


class Chain:
    """Compressed streams one after the other, as one. Raises ValueError where something else follows them."""

    def __init__(self, file: BinaryIO, make: Callable[[], BZ2Decompressor | LZMADecompressor], mark: bytes) -> None:
        self._file, self._make, self._mark = file, make, mark
        self._one, self._held = make(), b""

    def read1(self, size: int) -> bytes:
        """Up to `size` bytes; none at the end."""
        while True:
            if self._one.eof and not self._open_next():
                return b""
            held, self._held = self._held, b""
            if self._one.needs_input and not held and not (held := self._file.read(PIECE)):
                raise EOFError("the file ends within the compressed data")
            if data := self._one.decompress(held, size):
                return data

    def _open_next(self) -> bool:
        """Begin the next stream; False if none follows."""
        held = self._one.unused_data.lstrip(b"\x00")
        while not held and (piece := self._file.read(PIECE)):
            held = piece.lstrip(b"\x00")
        if len(held) < len(self._mark):
            held += self._file.read(len(self._mark))
        if held and not held.startswith(self._mark):
            raise ValueError("what follows the compressed data is not compressed")
        if held:
            self._one, self._held = self._make(), held
        return bool(held)


class Stream:
    """What a compressed file unpacks to, in order.

    Attributes
    ----------
    read_so_far : int
        Bytes given out.
    wrong : str
        Why the stream ended before its end, '' if it did not.
    over : bool
        Whether it was because more than `limit` bytes come out.
    odd, odd_at : int
        Bytes of what fills up blocks that are not empty, and where the first of those stands.
    """

    def __init__(self, file: BinaryIO, compression: str, limit: int) -> None:
        self._inner = cast(BufferedReader, OPENERS[compression](file) if compression else file)
        self._limit = limit
        self.read_so_far = 0
        self.wrong = ""
        self.over = False
        self.odd = self.odd_at = 0

    def fill(self, size: int) -> None:
        """Pass over bytes that fill up a block, and count those that are not empty."""
        at = self.read_so_far
        if held := len(self.read(size).strip(b"\x00")):
            self.odd, self.odd_at = self.odd + held, self.odd_at or at

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; fewer only at the end."""
        parts: list[bytes] = []
        while size > 0 and not self.wrong:
            try:
                part = self._inner.read1(min(size, PIECE))
            except BROKEN as error:
                self.wrong = describe_damage(error)
                break
            if not part:
                break
            self._count(len(part))
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def skip(self, size: int) -> bool:
        """Pass over bytes; False if the stream ends before."""
        while size > 0:
            passed = len(self.read(min(size, PIECE)))
            if not passed:
                return False
            size -= passed
        return True

    def _count(self, size: int) -> None:
        self.read_so_far += size
        if self.read_so_far > self._limit:
            self.over = True
            self.wrong = f"it unpacks to more than {self._limit:,} bytes"
