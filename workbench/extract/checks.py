"""Check digits and checksums of identifiers. Each function answers whether the compact form is one."""

from __future__ import annotations

import hashlib
from functools import lru_cache

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
BECH32_FINALS = (1, 0x2BC830A3)
"""What the polynomial leaves: bech32 (BIP 173), bech32m (BIP 350)."""
BASE58_LENGTH = 25
BITCOIN_VERSIONS = (0x00, 0x05)
TRON_VERSION = 0x41

CARD_RANGES: tuple[tuple[int, int, tuple[int, ...]], ...] = (
    (4, 4, (13, 16, 19)), (34, 34, (15,)), (37, 37, (15,)), (36, 36, (14,)), (38, 39, (14,)), (300, 305, (14,)),
    (51, 55, (16,)), (2221, 2720, (16,)), (3528, 3589, (16,)), (6011, 6011, (16,)), (644, 659, (16,)), (62, 62, (16, 19)),
)  # fmt: skip
"""First digits (from, to) and lengths of payment cards (ISO/IEC 7812: Visa, American Express, Diners, Mastercard, JCB,
Discover, UnionPay)."""


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit (ISO/IEC 7812-1, annex B)."""
    from stdnum import luhn as check

    return bool(check.is_valid(digits))


def card(digits: str) -> bool:
    """Whether the digits are in a range of payment cards and their check digit holds."""
    return any(
        len(digits) in lengths and low <= int(digits[: len(str(low))]) <= high for low, high, lengths in CARD_RANGES
    ) and luhn(digits)


@lru_cache(maxsize=512)
def iban_length(country: str) -> int:
    """Length of the IBANs of a country (ISO code), 0 if it has none."""
    from schwifty import IBAN
    from schwifty.exceptions import InvalidCountryCode

    try:
        return int(IBAN(f"{country}00", allow_invalid=True).spec.iban_length)
    except InvalidCountryCode:
        return 0


def iban(compact: str) -> bool:
    """Whether it is a valid IBAN (ISO 13616): length and form of its country, and mod 97 of ISO 7064."""
    from schwifty import IBAN

    return bool(IBAN(compact, allow_invalid=True).is_valid)


def bic(code: str) -> bool:
    """Whether it has the form of a BIC (ISO 9362) with an existing country."""
    from schwifty import BIC

    return bool(BIC(code, allow_invalid=True).is_valid)


def bic_in_use(code: str) -> bool:
    """Whether a bank of the registers that schwifty carries has this BIC."""
    from schwifty import BIC

    return bic(code) and bool(BIC(code, allow_invalid=True).exists)


def imsi(digits: str) -> bool:
    """Whether it is an IMSI whose country and network are known (ITU-T E.212)."""
    from stdnum import imsi as check

    return bool(check.is_valid(digits))


def base58(address: str) -> int:
    """Version byte of a base58check address of 25 bytes, -1 if its checksum fails."""
    number = 0
    for letter in address:
        number = number * 58 + BASE58.index(letter)
    try:
        raw = number.to_bytes(BASE58_LENGTH, "big")
    except OverflowError:
        return -1
    digest = hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()
    return raw[0] if digest[:4] == raw[-4:] else -1


def bech32(address: str) -> bool:
    """Whether the checksum of a bech32 or bech32m address holds (BIP 173, BIP 350)."""
    prefix, _, data = address.lower().rpartition("1")
    if any(letter not in BECH32 for letter in data):
        return False
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + [BECH32.index(c) for c in data]
    return _polymod(values) in BECH32_FINALS


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if (top >> bit) & 1 else 0
    return check
