"""The two spellings of an address of Bitcoin and its kin, and what their checksums rest on.

References
----------
base58check of Bitcoin; bech32 (BIP 173) and bech32m (BIP 350).
"""

from __future__ import annotations

import hashlib

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
FINALS = (1, 0x2BC830A3)
"""What the polynomial leaves: bech32, bech32m."""
LENGTH = 25
"""Bytes of an address in base58: a version, a hash and four of a checksum."""
GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def from_base58(text: str) -> bytes | None:
    """The 25 bytes that a text in base58 stands for; None if it stands for no such."""
    number = 0
    for letter in text:
        at = BASE58.find(letter)
        if at < 0:
            return None
        number = number * 58 + at
    return number.to_bytes(LENGTH, "big") if number < 256**LENGTH else None


def to_base58(raw: bytes) -> str:
    """Bytes in base58."""
    number, made = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        made = BASE58[rest] + made
    return "1" * (len(raw) - len(raw.lstrip(b"\x00"))) + made


def compute_checksum(body: bytes) -> bytes:
    """The four bytes that end an address in base58."""
    return hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]


def from_bech32(text: str) -> tuple[str, list[int]] | None:
    """Prefix and numbers from 0 to 31 of an address in bech32; None where a letter is none of it."""
    prefix, _, data = text.lower().rpartition("1")
    return None if any(letter not in BECH32 for letter in data) else (prefix, [BECH32.index(one) for one in data])


def compute_polynomial(prefix: str, values: list[int]) -> int:
    """What the checksum's polynomial leaves of an address in bech32."""
    check = 1
    for value in [*(ord(one) >> 5 for one in prefix), 0, *(ord(one) & 31 for one in prefix), *values]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(GENERATORS):
            check ^= generator if (top >> bit) & 1 else 0
    return check
