"""Compressed streams, read in pieces and never further than allowed."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from io import BufferedReader
from typing import BinaryIO, cast

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
    "bzip2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
}
BROKEN = (EOFError, OSError, zlib.error, lzma.LZMAError, ValueError)
PIECE = 1024**2


def kind(head: bytes) -> str:
    """Name of the compression, '' if the file begins like none."""
    found = next((name for name, (mark, _) in KINDS.items() if head.startswith(mark)), "")
    return "" if found == "bzip2" and head[4:10] not in BZIP2_BLOCKS else found


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
    """

    def __init__(self, file: BinaryIO, compression: str, limit: int) -> None:
        self._inner = cast(BufferedReader, OPENERS[compression](file) if compression else file)
        self._limit = limit
        self.read_so_far = 0
        self.wrong = ""
        self.over = False

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; fewer only at the end."""
        parts: list[bytes] = []
        while size > 0 and not self.wrong:
            try:
                part = self._inner.read1(min(size, PIECE))
            except BROKEN as error:
                self.wrong = f"{type(error).__name__}: {error}"[:200]
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
