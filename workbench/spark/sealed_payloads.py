"""What travels between the driver and executors: bytes that are pressed and sealed, so that no file between them holds a text.

The key exists in the memory of the driver and of its executors alone. A scratch folder that stays behind, because the power
failed or somebody killed every process, holds nothing that can be read.
"""

from __future__ import annotations

import os

NONCE, LENGTH = 12, 8
CODEC = "zstd"


class Seal:
    """Presses and seals bytes with a key, and opens them again.

    Parameters
    ----------
    key : bytes
        32 bytes (`create_key`).
    """

    def __init__(self, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        self._cipher = ChaCha20Poly1305(key)

    def close(self, data: bytes) -> bytes:
        """The bytes, sealed."""
        import pyarrow as pa

        pressed: bytes = pa.compress(data, codec=CODEC, asbytes=True) if data else b""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, len(data).to_bytes(LENGTH, "big") + pressed, None)

    def open(self, sealed: bytes) -> bytes:
        """The bytes as they were. Raises `cryptography.exceptions.InvalidTag` where somebody changed them."""
        import pyarrow as pa

        plain = self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], None)
        size = int.from_bytes(plain[:LENGTH], "big")
        opened: bytes = (
            pa.decompress(plain[LENGTH:], decompressed_size=size, codec=CODEC, asbytes=True) if size else b""
        )
        return opened


def create_key() -> bytes:
    """A new key."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    return ChaCha20Poly1305.generate_key()
