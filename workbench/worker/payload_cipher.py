"""Bytes that lie on a disk or travel while work is done: compressed and encrypted with a key that is in memory alone."""

from __future__ import annotations

import os

NONCE, LENGTH = 12, 8
"""Bytes of the nonce before each ciphertext, and of the length before the compressed payload within it."""
CODEC = "zstd"


class PayloadCipher:
    """Compresses and encrypts payloads with a key (ChaCha20-Poly1305), and gives them back.

    Parameters
    ----------
    key : bytes
        32 bytes (`create_key`).
    """

    def __init__(self, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        self._cipher = ChaCha20Poly1305(key)

    def encrypt(self, data: bytes) -> bytes:
        """The payload, compressed and encrypted."""
        import pyarrow as pa

        packed: bytes = pa.compress(data, codec=CODEC, asbytes=True) if data else b""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, len(data).to_bytes(LENGTH, "big") + packed, None)

    def decrypt(self, encrypted: bytes) -> bytes:
        """The payload as it was. Raises `cryptography.exceptions.InvalidTag` where it was changed or has another key."""
        import pyarrow as pa

        plain = self._cipher.decrypt(encrypted[:NONCE], encrypted[NONCE:], None)
        size = int.from_bytes(plain[:LENGTH], "big")
        if not size:
            return b""
        data: bytes = pa.decompress(plain[LENGTH:], decompressed_size=size, codec=CODEC, asbytes=True)
        return data


def create_key() -> bytes:
    """A new key, 32 bytes."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    return ChaCha20Poly1305.generate_key()
