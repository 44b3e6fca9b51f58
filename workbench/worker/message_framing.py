"""Messages between parent and child: a tag, a number and bytes, in pieces of bounded length."""

from __future__ import annotations

import struct
from io import FileIO
from threading import Lock
from typing import NamedTuple

HEAD = struct.Struct(">c?QI")
"""Tag, whether another piece follows, number, length of the piece."""
PIECE = 1 << 20
"""Bytes of one piece; a longer one is refused before any memory is set aside for it."""
MOST = 1 << 31
"""Bytes of one message in all its pieces; a longer one is refused."""


class Message(NamedTuple):
    """One message.

    Attributes
    ----------
    tag : bytes
        One byte that says what it is.
    payload : bytes
    number : int
        How many things the payload holds, or whatever else the tag makes of it.
    """

    tag: bytes
    payload: bytes = b""
    number: int = 0


class BadFrame(Exception):  # noqa: N818
    """Bytes that are no message of ours: too long, or cut in the middle."""


class Channel:
    """Both directions of a connection. Any thread may send; one thread receives.

    Parameters
    ----------
    source, target : FileIO
        Unbuffered ends of two pipes.
    """

    def __init__(self, source: FileIO, target: FileIO) -> None:
        self.source, self.target = source, target
        self.lock = Lock()

    def send(self, message: Message) -> None:
        """Send a message, whole. Raises OSError where nobody listens any more."""
        view = memoryview(message.payload)
        with self.lock:
            while True:
                piece, view = view[:PIECE], view[PIECE:]
                self._write(HEAD.pack(message.tag, bool(len(view)), message.number, len(piece)))
                self._write(piece)
                if not len(view):
                    return

    def receive(self, most: int = MOST) -> Message | None:
        """The next message; None where the other side has ended.

        Raises
        ------
        BadFrame
            If it is too long or cut off.
        """
        pieces: list[bytes] = []
        size = 0
        while True:
            head = self._read(HEAD.size)
            if not head and not pieces:
                return None
            tag, more, number, length = HEAD.unpack(head) if len(head) == HEAD.size else (b"", False, 0, PIECE + 1)
            size += length
            if length > PIECE or size > most:
                raise BadFrame
            pieces.append(self._read(length))
            if len(pieces[-1]) != length:
                raise BadFrame
            if not more:
                return Message(tag, pieces[0] if len(pieces) == 1 else b"".join(pieces), number)

    def close(self) -> None:
        """Close both ends."""
        self.target.close()
        self.source.close()

    def _write(self, data: bytes | memoryview) -> None:
        view = memoryview(data)
        while view:
            view = view[self.target.write(view) or 0 :]

    def _read(self, size: int) -> bytes:
        """So many bytes, fewer at the end only."""
        held = bytearray(size)
        view, done = memoryview(held), 0
        while done < size and (read := self.source.readinto(view[done:])):
            done += read
        return bytes(view[:done])
