"""Numbers that stand for numbers: the same form, length and country, check digits that hold, and nobody's as far as that is known.

References
----------
Telephone numbers for drama: Ofcom (GB), ARCEP (FR), Bundesnetzagentur (DE), PTS (SE), ComReg (IE), ACMA (AU), NANPA (555-0100 to
0199). ISO 13616 (IBAN), ISO/IEC 7812-1 (Luhn), 3GPP TS 23.003 (IMEI, IMSI), RFC 5737 and 3849 (addresses for documentation).
"""

from __future__ import annotations

import re
from functools import lru_cache

from workbench.model.pseudonyms import bitcoin_encoding
from workbench.model.pseudonyms.fake_names import Draw

BRITISH = "7700900 2079460 1134960 1144960 1154960 1164960 1174960 1184960 1214960 1314960 1414960 1514960 1614960 1914980 1632960"
FICTION: dict[str, tuple[str, ...]] = {
    "GB": tuple(f"44{range_}xxx" for range_ in BRITISH.split()),
    "FR": ("3363998xxxx", "3319900xxxx", "3326191xxxx", "3335301xxxx", "3346571xxxx", "3353649xxxx"),
    "SE": (*(f"467017406{tens}x" for tens in range(1, 10)), "468465004xx", "463139006xx", "464062804xx"),
    "DE": ("493023125xxx", "496990009xxx", "494066969xxx", "492214710xxx", "498999998xxx", "4917139200xx", "49176040690xx"),
    "IE": ("3532091xxxxx",),
    "AU": ("6149157000x", "6125550xxxx", "6127010xxxx", "6135550xxxx", "6137010xxxx", "6175550xxxx", "6185550xxxx"),
    "US": ("1kkk55501xx", "120255501xx", "121255501xx", "130355501xx", "140455501xx", "151255501xx", "161755501xx"),
}  # fmt: skip
"""Country -> numbers set aside for fiction: x any digit, k the digit of the number that is replaced."""
TRIES = 400
"""Attempts after which the numbers for fiction count as used up; then numbers are made that no one has been given."""
SHORT = 7
"""Digits below which a number is a short code, an emergency number or an extension, which stays."""


def randomise_signs(text: str, draw: Draw) -> str:
    """Another digit for each digit, another letter for each letter; everything else stays."""
    return "".join(
        str(draw.choose_number(10))
        if sign.isdigit()
        else chr(draw.choose_number(26) + ord("A" if sign.isupper() else "a"))
        if sign.isalpha()
        else sign
        for sign in text
    )


def replace_figures(text: str, draw: Draw) -> str:
    """Another figure for each, none of them the same."""
    return "".join(str((int(sign) + 1 + draw.choose_number(9)) % 10) for sign in text)


def replace_telephone(digits: str, draw: Draw, attempt: int) -> str:
    """A telephone number of the same country and length (digits with the country's code), for fiction where there are such.

    Without a known country the first two digits stay.
    """
    region = _get_region(digits)
    ranges = [one for one in FICTION.get(region, ()) if len(one) == len(digits)]
    if ranges and attempt < TRIES:
        chosen = ranges[0] if attempt < 40 else draw.choose(ranges)
        return "".join(
            str(draw.choose_number(10)) if sign == "x" else old if sign == "k" else sign
            for sign, old in zip(chosen, digits, strict=True)
        )
    kept = len(_get_country_code(digits)) or 2
    made = digits[:kept] + randomise_signs(digits[kept:], draw)
    for _ in range(40):
        if not _is_in_use(made):
            break
        made = digits[:kept] + randomise_signs(digits[kept:], draw)
    return made


@lru_cache(maxsize=65_536)
def _get_region(digits: str) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return ""
    code = number.country_code or 0
    return "US" if code == 1 else str(phonenumbers.region_code_for_country_code(code))


@lru_cache(maxsize=65_536)
def _get_country_code(digits: str) -> str:
    import phonenumbers

    try:
        return str(phonenumbers.parse(f"+{digits}").country_code)
    except phonenumbers.NumberParseException:
        return ""


def _is_in_use(digits: str) -> bool:
    import phonenumbers

    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(f"+{digits}")))
    except phonenumbers.NumberParseException:
        return False


def replace_iban(compact: str, draw: Draw) -> str:
    """An IBAN of the same country and form whose check digits hold."""
    account = randomise_signs(compact[4:].upper(), draw)
    number = int("".join(str(int(sign, 36)) for sign in f"{account}{compact[:2].upper()}00"))
    return f"{compact[:2].upper()}{98 - number % 97:02d}{account}"


def is_iban(compact: str) -> bool:
    """Whether the check digits of what has the form of an IBAN hold."""
    if not re.fullmatch(r"[A-Za-z]{2}\d{2}[A-Za-z0-9]{11,30}", compact):
        return False
    return int("".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])) % 97 == 1


def compute_check_digit(digits: str) -> str:
    """The check digit that goes behind these digits."""
    from stdnum import luhn as check

    return str(check.calc_check_digit(digits))


def replace_checked_digits(digits: str, kept: int, draw: Draw) -> str:
    """Other digits behind the first `kept`, the last of them a Luhn check digit where the old one was one."""
    made = digits[:kept] + randomise_signs(digits[kept:], draw)
    checked = (
        digits.isascii()
        and digits.isdigit()
        and len(digits) > kept + 1
        and compute_check_digit(digits[:-1]) == digits[-1]
    )
    return made[:-1] + compute_check_digit(made[:-1]) if checked else made


def replace_handset(digits: str, draw: Draw) -> str:
    """Another IMEI, without its check digit: 14 digits, with the reporting body of the old one."""
    return digits[:2] + randomise_signs(digits[2:14], draw)


def replace_ip_address(text: str, draw: Draw) -> str:
    """An address of the network out of those for documentation; the last part tells them apart."""
    if ":" in text:
        return "2001:db8::" + ":".join(f"{draw.choose_number(65536):x}" for _ in range(2))
    return draw.choose(("192.0.2", "198.51.100", "203.0.113")) + f".{1 + draw.choose_number(254)}"


def replace_wallet(text: str, draw: Draw) -> str:
    """The address of a wallet of the same kind whose checksum holds."""
    if text.lower().startswith(("bc1", "ltc1", "tb1")):
        return _replace_bech32(text, draw)
    if text.lower().startswith("0x"):
        return "0x" + "".join(f"{draw.choose_number(16):x}" for _ in text[2:])
    raw = bitcoin_encoding.from_base58(text)
    if raw is None:
        return randomise_signs(text, draw)
    body = raw[:1] + bytes(draw.choose_number(256) for _ in raw[1:-4])
    return bitcoin_encoding.to_base58(body + bitcoin_encoding.compute_checksum(body))


def _replace_bech32(text: str, draw: Draw) -> str:
    read = bitcoin_encoding.from_bech32(text)
    if read is None:
        return randomise_signs(text, draw)
    prefix, data = read
    final = bitcoin_encoding.compute_polynomial(prefix, data)
    body = [data[0], *(draw.choose_number(32) for _ in data[1:-6])]
    check = bitcoin_encoding.compute_polynomial(prefix, [*body, *[0] * 6]) ^ (
        final if final in bitcoin_encoding.FINALS else 1
    )
    tail = [check >> 5 * (5 - at) & 31 for at in range(6)]
    made = prefix + "1" + "".join(bitcoin_encoding.BECH32[value] for value in (*body, *tail))
    return made.upper() if text.isupper() else made
