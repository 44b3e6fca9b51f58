"""Keys under a passphrase: an age file whose passphrase always costs the same to try.

pyrage chooses the work of scrypt by timing the machine: on one laptop the same call chose 2^17 to 2^20 (0.1 to 1 GiB of memory,
0.7 to 8 seconds). So the header is written here with a fixed work; pyrage, like any program for age, opens it.

References
----------
age-encryption.org/v1 (C2SP), the scrypt recipient; RFC 7914 (scrypt). 2^18 is what the program age takes.
"""

from __future__ import annotations

import base64
import os
import unicodedata

from workbench.errors import IdentityError
from workbench.model.catalogue import Sentence

WORK = 18
"""log2 of scrypt's N: 256 MiB of memory, about a second."""
LARGEST = 1 << 16
"""Bytes that fit into one piece of an age file."""
LABEL = b"age-encryption.org/v1"
LAST = bytes(11) + b"\x01"
"""Nonce of a first piece that is the last."""
SHORTEST = 12
"""Characters of a passphrase: four words, or a sentence."""


def check_passphrase(passphrase: str) -> str:
    """The passphrase as every keyboard gives it (composed letters), if it is long enough.

    Raises
    ------
    IdentityError
        If it has fewer than 12 characters, or a sign that is none.
    """
    phrase = unicodedata.normalize("NFC", passphrase)
    if not _is_writable(phrase):
        raise IdentityError(Sentence("The passphrase contains a character that no keyboard can type. Enter it again."))
    if len(phrase) < SHORTEST:
        raise IdentityError(
            Sentence("The passphrase is shorter than {least} characters. Use four words or a sentence.", least=SHORTEST)
        )
    return phrase


def _is_writable(text: str) -> bool:
    """Whether it can be written down at all: half of a pair of surrogates cannot."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def encrypt_data(data: bytes, passphrase: str) -> bytes:
    """An age file of at most 64 KiB, opened by the passphrase.

    Raises
    ------
    IdentityError
        If the passphrase is short.
    """
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    if len(data) > LARGEST:
        raise ValueError(f"{len(data)} bytes are more than one piece of an age file holds ({LARGEST})")
    phrase, file_key, salt, nonce = (
        check_passphrase(passphrase).encode(),
        os.urandom(16),
        os.urandom(16),
        os.urandom(16),
    )
    wrap = Scrypt(salt=LABEL + b"/scrypt" + salt, length=32, n=1 << WORK, r=8, p=1).derive(phrase)
    body = ChaCha20Poly1305(wrap).encrypt(bytes(12), file_key, None)
    header = b"%s\n-> scrypt %s %d\n%s\n---" % (LABEL, _encode_b64(salt), WORK, _encode_b64(body))
    sealed = ChaCha20Poly1305(_derive_key(file_key, nonce, b"payload")).encrypt(LAST, data, None)
    return (
        header
        + b" "
        + _encode_b64(_compute_mac(_derive_key(file_key, b"", b"header"), header))
        + b"\n"
        + nonce
        + sealed
    )


def decrypt_data(sealed: bytes, passphrase: str) -> bytes | None:
    """What the passphrase opens; None where it is wrong or the file is damaged (which of the two cannot be told)."""
    import pyrage

    if not _is_writable(passphrase):
        return None
    try:
        data: bytes = pyrage.passphrase.decrypt(sealed, unicodedata.normalize("NFC", passphrase))
    except pyrage.DecryptError:
        return None
    return data


def _derive_key(key: bytes, salt: bytes, info: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(key)


def _compute_mac(key: bytes, data: bytes) -> bytes:
    import hmac

    return hmac.digest(key, data, "sha256")


def _encode_b64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")
