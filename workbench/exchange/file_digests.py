"""What a file's content comes to: its size and its sums, found in one reading."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import PackageError
from workbench.model.catalogue import Sentence

Content = Path | bytes
"""What stands for a file: where it lies, or its bytes."""

PIECE = 1 << 20
ALGORITHMS = ("sha256", "sha512")


@dataclass(frozen=True, slots=True)
class FileDigests:
    """Size [bytes], CRC-32, SHA-256 and SHA-512 (hexadecimal) of a content."""

    size: int
    crc: int
    sha256: str
    sha512: str

    def get_sum(self, algorithm: str) -> str:
        """The sum of an algorithm of ALGORITHMS."""
        return self.sha256 if algorithm == "sha256" else self.sha512


class Counter:
    """Takes a content in pieces and tells its sums."""

    def __init__(self) -> None:
        self.size = self.crc = 0
        self._sha256, self._sha512 = hashlib.sha256(), hashlib.sha512()

    def add_piece(self, piece: bytes) -> None:
        """Count a piece."""
        self.size += len(piece)
        self.crc = zlib.crc32(piece, self.crc)
        self._sha256.update(piece)
        self._sha512.update(piece)

    def get_digests(self) -> FileDigests:
        """What all pieces come to."""
        return FileDigests(self.size, self.crc, self._sha256.hexdigest(), self._sha512.hexdigest())


def read_pieces(content: Content) -> Iterator[bytes]:
    """The content, piece by piece.

    Raises
    ------
    PackageError
        If the file is not there or cannot be read.
    """
    if isinstance(content, bytes):
        yield content
        return
    try:
        with content.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except OSError as error:
        raise PackageError(
            Sentence(
                "{path} cannot be read ({error}). Check the path and your permission to read the file, or leave "
                "it out of the package.",
                path=content,
                error=error.strerror,
            )
        ) from error


def compute_digests(content: Content) -> FileDigests:
    """Sums of a content; a file is read in pieces."""
    counter = Counter()
    for piece in read_pieces(content):
        counter.add_piece(piece)
    return counter.get_digests()
