"""Codes that carry their own proof or form: IBAN, BIC, wallets, addresses of the network, coordinates."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from workbench.extract.identifiers import check_digits, patterns
from workbench.extract.identifiers.identifier_types import IdentifierMatch
from workbench.extract.identifiers.patterns import has_context_before, has_context_near

CLOSING = ".,;:!?*_~…»”’"
PAIRS = {")": "(", "}": "{"}
DOUBTFUL_IBAN = 12
"""Signs that something must have in one piece with its country code before it is called a damaged IBAN."""
TRUNKS = re.compile(r"[\s\u00a0.\-]")
COMPASS = {"S": -1, "W": -1, "O": -1}


def find_ibans(text: str) -> Iterator[IdentifierMatch]:
    """IBANs, also grouped in any way; one of wrong length or checksum is doubtful."""
    for match in patterns.IBAN.finditer(text):
        country = match[0][:2].upper()
        length = check_digits.get_iban_length(country)
        if not length:
            continue
        end, compact = _join_groups(text, match.start(), length)
        if len(compact) == length and not _is_alnum(text, end) and check_digits.is_iban(compact):
            yield IdentifierMatch("iban", match.start(), end, compact)
        else:
            yield from _find_doubtful_iban(text, match.start(), length)


def _join_groups(text: str, start: int, length: int) -> tuple[int, str]:
    """End and compact form of at most `length` signs that follow each other with single gaps."""
    signs: list[str] = []
    position, end = start, start
    while position < len(text) and len(signs) < length:
        if _is_alnum(text, position):
            signs.append(text[position].upper())
            end = position + 1
        elif position != end or not TRUNKS.match(text[position]):
            break
        position += 1
    return end, "".join(signs)


def _find_doubtful_iban(text: str, start: int, length: int) -> Iterator[IdentifierMatch]:
    """What is written like an IBAN in capitals (groups of capitals and digits, mostly digits) but is none."""
    match = re.compile(r"[A-Z]{2}\d{2}(?:[ \u00a0.\-]?[A-Z0-9]){7,40}+").match(text, start)
    if not match or _is_alnum(text, match.end()):
        return
    compact = TRUNKS.sub("", match[0])
    digits = sum(c.isdigit() for c in compact)
    told = has_context_before(patterns.SAYS_BANK, text, start)
    if (
        abs(len(compact) - length) <= (4 if told else 2)
        and digits * 2 >= len(compact)
        and len(compact) >= DOUBTFUL_IBAN
    ):
        why = f"an IBAN of {compact[:2]} has {length} characters, but this one has {len(compact)}"
        wrong = "the check digits of this IBAN are wrong" if len(compact) == length else why
        yield IdentifierMatch("iban", start, match.end(), compact, wrong)


def _is_alnum(text: str, position: int) -> bool:
    return position < len(text) and text[position].isascii() and text[position].isalnum()


def find_bics(text: str) -> Iterator[IdentifierMatch]:
    """BICs that a bank has, or whose form holds where words nearby say BIC or SWIFT."""
    for match in patterns.BIC.finditer(text):
        told = has_context_near(patterns.SAYS_BIC, text, *match.span())
        if (
            check_digits.is_bic(match[0])
            if told
            else check_digits.is_bic_in_use(match[0]) and _has_bank_near(text, match)
        ):
            yield IdentifierMatch("bic", match.start(), match.end(), match[0])


def _has_bank_near(text: str, match: re.Match[str]) -> bool:
    return any(c.isdigit() for c in match[0]) or has_context_near(patterns.SAYS_BANK, text, *match.span())


def find_wallets(text: str) -> Iterator[IdentifierMatch]:
    """Bitcoin and Tron addresses whose checksum holds, Ethereum addresses by their form."""
    for match in patterns.BITCOIN.finditer(text):
        version = check_digits.get_base58_version(match[0])
        fits = version == check_digits.TRON_VERSION if match[0][0] == "T" else version in check_digits.BITCOIN_VERSIONS
        wrong = "" if fits else "the checksum of this wallet address is wrong"
        if fits or any(c.isdigit() for c in match[0][1:]):
            yield IdentifierMatch("wallet", match.start(), match.end(), match[0], wrong)
    for match in patterns.SEGWIT.finditer(text):
        wrong = "" if check_digits.is_bech32(match[0]) else "the checksum of this wallet address is wrong"
        yield IdentifierMatch("wallet", match.start(), match.end(), match[0], wrong)
    for match in patterns.ETHEREUM.finditer(text):
        yield IdentifierMatch("wallet", match.start(), match.end(), match[0])


def find_emails(text: str) -> Iterator[IdentifierMatch]:
    """E-mail addresses, but not the messenger ids that look like them."""
    for match in patterns.EMAIL.finditer(text):
        if not patterns.MESSENGER.fullmatch(match[0]):
            start = match.start() + len(match[0]) - len(match[0].lstrip("'."))
            yield IdentifierMatch("email", start, match.end(), text[start : match.end()].lower())


def find_urls(text: str) -> Iterator[IdentifierMatch]:
    """Addresses of the web, without the punctuation of the sentence that closes them."""
    for match in patterns.URL.finditer(text):
        end = match.end()
        while end > match.start() and _is_closing_mark(text[match.start() : end]):
            end -= 1
        written = text[match.start() : end]
        head, mark, rest = written.partition("://")
        host, slash, path = (rest if mark else head).partition("/")
        yield IdentifierMatch(
            "url", match.start(), end, (head.lower() + mark if mark else "") + host.lower() + slash + path
        )


def _is_closing_mark(written: str) -> bool:
    last = written[-1]
    return last in CLOSING or (last in PAIRS and written.count(last) > written.count(PAIRS[last]))


def find_ip_addresses(text: str) -> Iterator[IdentifierMatch]:
    """IP addresses, version 4 and 6; not version numbers of software."""
    for match in patterns.IPV4.finditer(text):
        if not patterns.VERSION_BEFORE.search(text[max(0, match.start() - 12) : match.start()]):
            yield from _match_ip_address(match)
    for match in patterns.IPV6.finditer(text):
        if match[0].count(":") > 1 and any(c != ":" for c in match[0]):
            yield from _match_ip_address(match)


def _match_ip_address(match: re.Match[str]) -> Iterator[IdentifierMatch]:
    try:
        yield IdentifierMatch("ip", match.start(), match.end(), str(ipaddress.ip_address(match[0])))
    except ValueError:
        return


def find_coordinates(text: str) -> Iterator[IdentifierMatch]:
    """Places on the globe, as decimal degrees or as degrees, minutes and seconds; the value is 'latitude,longitude'."""
    for match in patterns.LATITUDE_LONGITUDE.finditer(text):
        sign_ns, sign_ew = COMPASS.get(match["ns"] or "", 1), COMPASS.get(match["ew"] or "", 1)
        yield from _match_coordinates(match, sign_ns * float(match["lat"]), sign_ew * float(match["lon"]))
    for match in patterns.DEGREES.finditer(text):
        north = COMPASS.get(match["ns"], 1) * _to_degrees(match["d1"], match["m1"], match["s1"])
        east = COMPASS.get(match["ew"], 1) * _to_degrees(match["d2"], match["m2"], match["s2"])
        yield from _match_coordinates(match, north, east)


def _to_degrees(degrees: str, minutes: str, seconds: str | None) -> float:
    return int(degrees) + int(minutes) / 60 + float(seconds or 0) / 3600


def _match_coordinates(match: re.Match[str], north: float, east: float) -> Iterator[IdentifierMatch]:
    if abs(north) <= 90 and abs(east) <= 180:
        yield IdentifierMatch("coordinates", match.start(), match.end(), f"{north:.5f},{east:.5f}")
