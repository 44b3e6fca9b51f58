"""Numbers: telephones, handsets, SIM cards, payment cards, bank accounts, vehicles, identity documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.extract.identifiers import check_digits, patterns
from workbench.extract.identifiers.identifier_types import IdentifierMatch
from workbench.extract.identifiers.patterns import has_context_before, has_context_near
from workbench.model import identifiers

GROUPS = re.compile(r"\d+")
PHONE_DIGITS = (7, 15)
NATIONAL_DIGITS = 9
"""A number without its country needs at least as many digits to be taken on its words alone."""
ACCOUNT_DIGITS = (7, 18)
PLATE_SIGNS = (4, 9)
IMEI_DIGITS, IMEISV_DIGITS, IMSI_DIGITS = 15, 16, 15
ICCID_DIGITS = (19, 20)
MIN_DOCUMENT_DIGITS = 5


def find_telephones(text: str, region: str) -> Iterator[IdentifierMatch]:
    """Telephone numbers: with '+' or '00' by their form, national ones where the region or words nearby say so."""
    for match in patterns.MESSENGER.finditer(text):
        number = identifiers.find_account_number(match[0])
        if number:
            yield IdentifierMatch("telephone", match.start(), match.end(), number)
    for match in patterns.TELEPHONE.finditer(text):
        found = _match_telephone(text, match.start(), match[0], region)
        if found:
            yield found


def _match_telephone(text: str, start: int, written: str, region: str) -> IdentifierMatch | None:
    """Longest beginning of the digit groups that is a telephone number."""
    ends = [group.end() for group in GROUPS.finditer(written)]
    for end in reversed(ends):
        candidate = written[:end]
        if candidate.count("(") > candidate.count(")"):
            candidate = candidate.lstrip("(")
        begin = start + end - len(candidate)
        value = _normalise_number(text, begin, candidate, region)
        if value:
            return IdentifierMatch("telephone", begin, start + end, value)
    return None


def _normalise_number(text: str, start: int, written: str, region: str) -> str:
    digits = "".join(GROUPS.findall(written))
    if not PHONE_DIGITS[0] <= len(digits) <= PHONE_DIGITS[1] + 2:
        return ""
    if identifiers.is_telephone(written):
        value = identifiers.build_telephone_key(written).value
        return value if value.startswith("+") and not _is_zero(digits) else ""
    told = has_context_before(patterns.SAYS_TELEPHONE, text, start) and not has_context_before(
        patterns.SAYS_OTHER_NUMBER, text, start
    )
    if region and (told or written.lstrip("(").startswith("0") or digits != written) and _is_in_use(written, region):
        return identifiers.build_telephone_key(written, region).value
    if not told or len(digits) < NATIONAL_DIGITS or len(digits) > PHONE_DIGITS[1]:
        return ""
    if digits.startswith("0"):
        return digits
    return identifiers.build_telephone_key("+" + digits).value if _is_in_use("+" + digits, "") else ""


def _is_in_use(written: str, region: str) -> bool:
    """Whether the number lies in a range that its country has given out."""
    import phonenumbers

    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(written, region or None)))
    except phonenumbers.NumberParseException:
        return False


def _is_zero(digits: str) -> bool:
    return len(set(digits.lstrip("0"))) <= 1


def find_handsets(text: str) -> Iterator[IdentifierMatch]:
    """IMEIs: 15 digits with a check digit, or 16 with a software version, where words nearby say IMEI."""
    for match in patterns.DIGITS.finditer(text):
        digits = "".join(GROUPS.findall(match[0]))
        if len(digits) not in (IMEI_DIGITS, IMEISV_DIGITS) or not has_context_before(
            patterns.SAYS_IMEI, text, match.start()
        ):
            continue
        wrong = (
            ""
            if len(digits) == IMEISV_DIGITS or check_digits.is_luhn(digits)
            else "the check digit of this IMEI is wrong"
        )
        yield IdentifierMatch("imei", match.start(), match.end(), digits, wrong)


def find_sim_cards(text: str) -> Iterator[IdentifierMatch]:
    """IMSIs and ICCIDs where words nearby say so."""
    for match in patterns.DIGITS.finditer(text):
        digits = "".join(GROUPS.findall(match[0]))
        if len(digits) == IMSI_DIGITS and has_context_before(patterns.SAYS_IMSI, text, match.start()):
            wrong = "" if check_digits.is_imsi(digits) else "no network has the first digits of this IMSI"
            yield IdentifierMatch("imsi", match.start(), match.end(), digits, wrong)
        elif (
            len(digits) in ICCID_DIGITS
            and digits.startswith("89")
            and has_context_near(patterns.SAYS_ICCID, text, *match.span())
        ):
            wrong = (
                ""
                if check_digits.is_luhn(digits) or check_digits.is_luhn(digits[:-1])
                else "the check digit of this ICCID is wrong"
            )
            yield IdentifierMatch("iccid", match.start(), match.end(), digits, wrong)


def find_payment_cards(text: str) -> Iterator[IdentifierMatch]:
    """Numbers of payment cards: a known range and the check digit; one that fails it is doubtful where words say card."""
    for match in patterns.DIGITS.finditer(text):
        digits = "".join(GROUPS.findall(match[0]))
        if check_digits.is_card(digits):
            yield IdentifierMatch("card", match.start(), match.end(), digits)
        elif len(digits) == len("4000111122223333") and has_context_near(patterns.SAYS_CARD, text, *match.span()):
            yield IdentifierMatch(
                "card", match.start(), match.end(), digits, "the check digit of this card number is wrong"
            )


def find_accounts(text: str) -> Iterator[IdentifierMatch]:
    """Account numbers without a country's form, where words before say account."""
    for match in patterns.DIGITS.finditer(text):
        digits = "".join(GROUPS.findall(match[0]))
        if ACCOUNT_DIGITS[0] <= len(digits) <= ACCOUNT_DIGITS[1] and has_context_before(
            patterns.SAYS_ACCOUNT, text, match.start()
        ):
            yield IdentifierMatch("account", match.start(), match.end(), digits)


def find_vehicles(text: str) -> Iterator[IdentifierMatch]:
    """Registration and chassis numbers where words nearby say so."""
    for match in patterns.PLATE.finditer(text):
        if _has_letters_and_digits(match[0], *PLATE_SIGNS) and has_context_near(
            patterns.SAYS_PLATE, text, *match.span()
        ):
            yield IdentifierMatch("plate", match.start(), match.end(), match[0])
    for match in patterns.VIN.finditer(text):
        if _has_letters_and_digits(match[0], 17, 17) and has_context_near(patterns.SAYS_VIN, text, *match.span()):
            yield IdentifierMatch("vin", match.start(), match.end(), match[0])


def find_identity_documents(text: str) -> Iterator[IdentifierMatch]:
    """Numbers of passports, identity documents and driving licences, where words before say so."""
    for match in patterns.DOCUMENT.finditer(text):
        if sum(c.isdigit() for c in match[0]) < MIN_DOCUMENT_DIGITS:
            continue
        for kind, context in PAPERS:
            if has_context_before(context, text, match.start()):
                yield IdentifierMatch(kind, match.start(), match.end(), match[0])
                break


PAPERS = (
    ("passport", patterns.SAYS_PASSPORT),
    ("licence", patterns.SAYS_LICENCE),
    ("identity", patterns.SAYS_IDENTITY),
)
"""Kinds of documents and the words that say so, tried in this order."""


def _has_letters_and_digits(text: str, low: int, high: int) -> bool:
    """Whether the letters and digits are that many and there are both of them."""
    signs = [c for c in text if c.isalnum()]
    return low <= len(signs) <= high and any(c.isdigit() for c in signs) and any(c.isalpha() for c in signs)
