"""Identifiers that are well formed and belong to nobody.

Telephone numbers come only from ranges reserved for fiction, IMEIs carry a test TAC, IBANs name a bank
that does not exist, and containers an owner code of our own.
"""

from __future__ import annotations

from greyheron.random_choices import Dice

TEST_TAC = "00101"  # a TAC that begins with 001 is set aside for test handsets
TEST_MCC = "001"  # the mobile country code of test networks
BANK_CODE = "QQHB"  # Harbour Bank of Valdorra, which does not exist


def luhn_digit(body: str) -> str:
    """Return the Luhn check digit of a text of digits."""
    total = 0
    for place, char in enumerate(reversed(body)):
        value = int(char) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def imei(dice: Dice) -> str:
    """Return a 15-digit IMEI with a test TAC and a right check digit."""
    body = TEST_TAC + dice.digits(9)
    return body + luhn_digit(body)


def spoiled_imei(good: str) -> str:
    """Return the IMEI with a wrong check digit."""
    return good[:-1] + str((int(good[-1]) + 3) % 10)


def imsi(dice: Dice, network: str = "01") -> str:
    """Return a 15-digit IMSI of a test network."""
    return TEST_MCC + network + dice.digits(10)


def _letters_as_numbers(text: str) -> str:
    return "".join(str(int(char, 36)) for char in text)


def iban(dice: Dice, country: str = "GB") -> str:
    """Return a valid IBAN (without spaces) at a bank that does not exist."""
    bban = BANK_CODE + "0099" + dice.digits(10)
    check = 98 - int(_letters_as_numbers(bban + country + "00")) % 97
    return f"{country}{check:02d}{bban}"


def iban_is_valid(text: str) -> bool:
    """Return True if the check digits of an IBAN are right (mod 97)."""
    return int(_letters_as_numbers(text[4:] + text[:4])) % 97 == 1


def spoiled_iban(good: str) -> str:
    """Return the IBAN with two neighbouring digits exchanged, so that mod 97 fails."""
    for i in range(len(good) - 2, 8, -1):
        bad = good[:i] + good[i + 1] + good[i] + good[i + 2 :]
        if not iban_is_valid(bad):
            return bad
    raise ValueError(f"no exchange of digits spoils {good}")


def group_characters(text: str, size: int = 4) -> str:
    """Return the text in groups of ``size`` characters."""
    return " ".join(text[i : i + size] for i in range(0, len(text), size))


def container_number(dice: Dice, owner: str = "QXHU") -> str:
    """Return an ISO 6346 container number (``QXHU3044175``) with its check digit."""
    body = owner + dice.digits(6)
    total = 0
    for place, char in enumerate(body):
        value = int(char, 36)
        if char.isalpha():
            value += (value - 1) // 10  # ISO 6346 leaves out 11, 22 and 33
        total += value * 2**place
    return body + str(total % 11 % 10)


def spaced_container(number: str) -> str:
    """Return ``QXHU 304417 5`` for ``QXHU3044175``."""
    return f"{number[:4]} {number[4:10]} {number[10]}"


PHONE_FORMS = {
    # kind: (lowest, highest, how the digits are written)
    "uk": (447700900000, 447700900999, "+{0:2} {2:4} {6:6}"),
    "us": (12025550100, 12025550199, "+{0:1} {1:3} {4:3} {7:4}"),
    "se": (46701740605, 46701740699, "+{0:2} {2:2} {4:3} {7:2} {9:2}"),
    "fr": (33639980000, 33639989999, "+{0:2} {2:1} {3:2} {5:2} {7:2} {9:2}"),
    "ie": (353209120000, 353209129999, "+{0:3} {3:2} {5:3} {8:4}"),
    "au": (61491570156, 61491570159, "+{0:2} {2:3} {5:3} {8:3}"),
}


def phone(dice: Dice, kind: str, taken: set[str]) -> str:
    """Return the digits of a free number of a range reserved for fiction, and mark it taken."""
    low, high, _ = PHONE_FORMS[kind]
    while True:
        digits = str(dice.random_between(low, high))
        if digits not in taken:
            taken.add(digits)
            return digits


def spaced_phone(digits: str) -> str:
    """Return the number as people write it, ``+44 7700 900123``."""
    for low, high, form in PHONE_FORMS.values():
        if len(str(low)) == len(digits) and low <= int(digits) <= high:
            return _write(digits, form)
    raise ValueError(f"{digits} lies in no range reserved for fiction")


def _write(digits: str, form: str) -> str:
    out = form
    for part in form.replace("+", "").split():
        start, length = (int(n) for n in part.strip("{}").split(":"))
        out = out.replace(part, digits[start : start + length], 1)
    return out


def plate(dice: Dice) -> str:
    """Return a registration plate of the fictional country, ``QX-4187-K``."""
    return f"Q{dice.pick('XYZ')}-{dice.digits(4)}-{dice.pick('ABDEGHKLMNPRTV')}"


def passport(dice: Dice, country: str) -> str:
    """Return a passport number of a fictional country, ``XV4471920``."""
    return country + dice.digits(7)
