"""Check digits and checksums of identifiers. Each function answers whether the compact form is one."""

from __future__ import annotations

from functools import lru_cache

from workbench.model.pseudonyms import bitcoin_encoding

BITCOIN_VERSIONS = (0x00, 0x05)
TRON_VERSION = 0x41

CARD_RANGES: tuple[tuple[int, int, tuple[int, ...]], ...] = (
    (4, 4, (13, 16, 19)), (34, 34, (15,)), (37, 37, (15,)), (36, 36, (14,)), (38, 39, (14,)), (300, 305, (14,)),
    (51, 55, (16,)), (2221, 2720, (16,)), (3528, 3589, (16,)), (6011, 6011, (16,)), (644, 659, (16,)), (62, 62, (16, 19)),
)  # fmt: skip
"""First digits (from, to) and lengths of payment cards (ISO/IEC 7812: Visa, American Express, Diners, Mastercard, JCB,
Discover, UnionPay)."""


def is_luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit (ISO/IEC 7812-1, annex B)."""
    from stdnum import luhn as check

    return bool(check.is_valid(digits))


def is_card(digits: str) -> bool:
    """Whether the digits are in a range of payment cards and their check digit holds."""
    return any(
        len(digits) in lengths and low <= int(digits[: len(str(low))]) <= high for low, high, lengths in CARD_RANGES
    ) and is_luhn(digits)


@lru_cache(maxsize=512)
def get_iban_length(country: str) -> int:
    """Length of the IBANs of a country (ISO code), 0 if it has none."""
    from schwifty import IBAN
    from schwifty.exceptions import InvalidCountryCode

    try:
        return int(IBAN(f"{country}00", allow_invalid=True).spec.iban_length)
    except InvalidCountryCode:
        return 0


def is_iban(compact: str) -> bool:
    """Whether it is a valid IBAN (ISO 13616): length and form of its country, and mod 97 of ISO 7064."""
    from schwifty import IBAN

    return bool(IBAN(compact, allow_invalid=True).is_valid)


def is_bic(code: str) -> bool:
    """Whether it has the form of a BIC (ISO 9362) with an existing country."""
    from schwifty import BIC

    return bool(BIC(code, allow_invalid=True).is_valid)


def is_bic_in_use(code: str) -> bool:
    """Whether a bank of the registers that schwifty carries has this BIC."""
    from schwifty import BIC

    return is_bic(code) and bool(BIC(code, allow_invalid=True).exists)


def is_imsi(digits: str) -> bool:
    """Whether it is an IMSI whose country and network are known (ITU-T E.212)."""
    from stdnum import imsi as check

    return bool(check.is_valid(digits))


def get_base58_version(address: str) -> int:
    """Version byte of a base58check address of 25 bytes, -1 if its checksum fails."""
    raw = bitcoin_encoding.from_base58(address)
    return raw[0] if raw and bitcoin_encoding.compute_checksum(raw[:-4]) == raw[-4:] else -1


def is_bech32(address: str) -> bool:
    """Whether the checksum of a bech32 or bech32m address holds (BIP 173, BIP 350)."""
    read = bitcoin_encoding.from_bech32(address)
    return read is not None and bitcoin_encoding.compute_polynomial(*read) in bitcoin_encoding.FINALS
