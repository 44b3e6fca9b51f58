"""Files encrypted with age to one key, read at any place and written as they come, so that no plain copy ever lies on a disk.

pyrage makes the header, which wraps a key of the file's own; this module reads that header and deals with the body: pieces
of 64 KiB, each with its number and its tag, the last one marked as such. Any age program opens what is written here.

References
----------
F. Valsorda, B. Cartwright-Cox, The age file encryption format, version 1 (C2SP age.md).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import io
import os
import struct
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

PIECE, TAG, NONCE = 65_536, 16, 16
HEADER = 4096
"""Bytes in which the header of a file of ours ends; it takes about 200."""
LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
INTRO, STANZA, END = b"age-encryption.org/v1\n", b"-> X25519 ", b"\n---"


class Reader(io.RawIOBase):
    """The plain bytes of an age file, from any place; nothing that has been changed is ever given.

    Parameters
    ----------
    sealed : BinaryIO
        The age file, open and seekable; closed together with this.
    identity : str
        'AGE-SECRET-KEY-1…'.
    name : str
        For messages.

    Raises
    ------
    CaseError
        When it is opened: if it is not an age file for this key or was cut off; when it is read: where a byte was changed.
    """

    def __init__(self, sealed: BinaryIO, identity: str, name: str) -> None:
        super().__init__()
        self._sealed, self._name = sealed, name
        self._start, self._cipher = self._open_body(identity)
        length = sealed.seek(0, io.SEEK_END) - self._start
        self._pieces = max(1, -(-length // (PIECE + TAG)))
        self.size = length - TAG * self._pieces
        self._at, self._number, self._held = 0, -1, b""
        self._read_piece(self._pieces - 1)  # it says that it is the last: nothing is missing at the end

    def _open_body(self, identity: str) -> tuple[int, ChaCha20Poly1305]:
        """Where the body begins, and its cipher."""
        head, end = _read_head(self._sealed)
        file_key = _unwrap_key(head[:end], identity) if end else None
        if file_key is None:
            raise self._build_damage_error()
        return end + NONCE, _build_cipher(file_key, head[end : end + NONCE])

    def _build_damage_error(self) -> CaseError:
        return CaseError(
            Sentence(
                "{name} is damaged, or does not belong to this case. Restore the file from a backup.", name=self._name
            )
        )

    def _read_piece(self, number: int) -> bytes:
        from cryptography.exceptions import InvalidTag

        if number != self._number:
            self._sealed.seek(self._start + number * (PIECE + TAG))
            try:
                sealed = self._sealed.read(PIECE + TAG)
                self._held = self._cipher.decrypt(_build_nonce(number, last=number == self._pieces - 1), sealed, None)
            except InvalidTag as error:
                raise self._build_damage_error() from error
            self._number = number
        return self._held

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer from the present place on; gives how many bytes."""
        target = memoryview(buffer).cast("B")
        wanted = max(0, min(len(target), self.size - self._at))
        done = 0
        while done < wanted:
            number, offset = divmod(self._at, PIECE)
            part = self._read_piece(number)[offset : offset + wanted - done]
            target[done : done + len(part)] = part
            done, self._at = done + len(part), self._at + len(part)
        return done

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError(f"There is no place {base + offset} in a file.")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """The present place."""
        return self._at

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be read from any place."""
        return True

    def close(self) -> None:
        """Close the age file and forget what was read."""
        if not self.closed:
            self._sealed.close()
            self._held = b""
        super().close()


class Writer(io.RawIOBase):
    """Takes plain bytes and writes an age file; it is whole only once it is closed.

    Parameters
    ----------
    write : callable
        Takes the bytes of the age file.
    identity : str
        Whose file it is: 'AGE-SECRET-KEY-1…'.
    """

    def __init__(self, write: Callable[[bytes], object], identity: str) -> None:
        super().__init__()
        self._write = write
        header, file_key = _build_header(identity)
        nonce = os.urandom(NONCE)
        self._cipher = _build_cipher(file_key, nonce)
        self._held, self._number = bytearray(), 0
        write(header + nonce)

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        """Take bytes."""
        self._held += data
        while len(self._held) > PIECE:
            self._write_piece(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]
        return len(data)

    def _write_piece(self, piece: bytes, *, last: bool) -> None:
        self._write(self._cipher.encrypt(_build_nonce(self._number, last=last), piece, None))
        self._number += 1

    def finish(self) -> None:
        """Write the last piece, marked as the last."""
        self._write_piece(bytes(self._held), last=True)
        self._held.clear()

    def writable(self) -> bool:
        """It can be written."""
        return True


def decode_identity(identity: str) -> bytes:
    """The 32 bytes of an identity 'AGE-SECRET-KEY-1…' (Bech32)."""
    value = bits = 0
    found = bytearray()
    for letter in identity.lower().rpartition("1")[2][:-6]:
        value, bits = value << 5 | LETTERS.index(letter), bits + 5
        if bits >= 8:
            bits -= 8
            found.append(value >> bits & 255)
    return bytes(found)


def derive_key(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    """32 bytes out of a key by HKDF with SHA-256; other purposes give unrelated ones."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt, purpose).derive(key)


def _build_header(identity: str) -> tuple[bytes, bytes]:
    """A header for the owner of an identity, and the key of the file that it wraps."""
    import pyrage

    sealed = pyrage.encrypt(b"", [pyrage.x25519.Identity.from_str(identity).to_public()])
    header = sealed[: -NONCE - TAG]
    file_key = _unwrap_key(header, identity)
    if file_key is None:
        raise CaseError(
            Sentence(
                "The installed version of pyrage writes files that this program cannot read. Install "
                "the version that `requirements.lock` lists."
            )
        )
    return header, file_key


def is_for(sealed: BinaryIO, identity: str) -> bool:
    """Whether what begins here is an age file for this identity; its body is not looked at."""
    head, end = _read_head(sealed)
    return end > 0 and _unwrap_key(head[:end], identity) is not None


def _read_head(sealed: BinaryIO) -> tuple[bytes, int]:
    """The beginning of a file, and where in it the header ends; 0 where it is no age file."""
    head = sealed.read(HEADER)
    end = head.find(b"\n", head.find(END) + 1) + 1
    return head, end if head.startswith(INTRO) else 0


def _unwrap_key(header: bytes, identity: str) -> bytes | None:
    """The key of a file out of its header, None if the header is not for this identity or was changed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    private = X25519PrivateKey.from_private_bytes(decode_identity(identity))
    lines = header.split(b"\n")
    for line, body in pairwise(lines):
        try:
            if line.startswith(STANZA):
                key = ChaCha20Poly1305(_derive_wrapping_key(private, _decode_base64(line[len(STANZA) :]))).decrypt(
                    bytes(12), _decode_base64(body), None
                )
                return key if _is_intact_header(header, key) else None
        except (InvalidTag, ValueError, binascii.Error):
            continue
    return None


def _derive_wrapping_key(private: X25519PrivateKey, share: bytes) -> bytes:
    """The key under which the key of a file is wrapped."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    public = private.public_key().public_bytes_raw()
    common = private.exchange(X25519PublicKey.from_public_bytes(share))
    return derive_key(common, share + public, b"age-encryption.org/v1/X25519")


def _is_intact_header(header: bytes, file_key: bytes) -> bool:
    """Whether a header is the one that was written with this key."""
    end = header.rindex(END) + len(END)
    made = hmac.digest(derive_key(file_key, b"", b"header"), header[:end], "sha256")
    return hmac.compare_digest(made, _decode_base64(header[end:].strip()))


def _build_cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    return ChaCha20Poly1305(derive_key(file_key, nonce, b"payload"))


def _build_nonce(number: int, *, last: bool) -> bytes:
    return struct.pack(">3xQ?", number, last)


def _decode_base64(text: bytes) -> bytes:
    """Base64 without padding, in its one spelling: another one of the same bytes is a changed file."""
    found = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    if base64.b64encode(found).rstrip(b"=") != text:
        raise binascii.Error("not the spelling of these bytes")
    return found
