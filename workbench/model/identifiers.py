"""What identifies an entity: the one place where rooms turn an identifier into an entity id.

Each function returns a `Key`: the entity's id and the value in the form in which it is compared. Readers and extractors
use the same functions, so a number in a call record, in a chat account and in the text of a message is one entity.
What is keyed here is the *thing* (number, account, vehicle), never the person who uses it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from workbench.model.ids import build_entity_id
from workbench.model.text.normalise import clean_text, normalise_digits, normalise_name
from workbench.model.values.limits import keep_whole_words

SHORT = 7
"""A number of fewer digits is a short code, an emergency number or an extension: it has no E.164 form."""

INTERNATIONAL = 11
"""Digits from which on a number without '+' may be one with its country code, as call records write it."""

LONGEST_NUMBER = 15
"""Digits of a telephone number with its country, at most (E.164); a text of more holds something else."""

LONGEST = 64
IMEI_KEY = 14
EXTENSION = re.compile(
    r"(?<=[\d)])(?:[\s,;.\-/(]{0,4}(?:ext(?:ensi[oó]n)?|extn|xtn?|x|poste|anexo|interno|int|durchwahl|dw|apparat|app"
    r"|nebenstelle|nst|toestel|tst|доб|вн|تحويلة|داخلي)[\s.:=]{0,3}|\s?#\s?|[,;pw]{1,3})\d{1,5}\)?#?$",
    re.IGNORECASE,
)
"""What is dialled after a number answers: 'ext. 12', 'x12', and as telephones store it ',12', 'p12'."""
SERVICE_CODE = re.compile(r"(?:tel:)?(?:[*#](?:30|31|76|77|300)#|\*(?:67|82)[ -]?)\s?(?=[+(]?\d(?:\D?\d){6})")
"""What is dialled before a number to hide one's own, or to show it: '#31#', '*31#' (3GPP TS 22.030, Annex B), in North America '*67'."""
LETTERED = re.compile(r"\d[^\W\d_]{1,2}(?=\d)|(?:^|\+)[OoIil](?=\d{6})")
"""Letters in place of digits: '+31O612345678'."""

SPELT = re.compile(r"(?<=\d)(?:-[^\W\d_]{3,15}|[ -]?[A-Z]{3,15})$")
"""The end of a number that is spelt as a word: '1-800-FLOWERS'. Behind a whole number a word is a remark."""

SPELT_DIGITS = range(4, 8)
REVERSED = "\u202e"
"""Mark that shows what follows in the other direction: the digits of a file are not those that a reader sees."""

SHOWN = "\\u202e"
"""How the mark is written in a value, so that it can be seen."""

TRUNK = re.compile(r"(?<=\d)\s*\(0\)")
PHONE_LIKE = re.compile(r"(?:\+|00)?[0-9(][0-9 ().\-/\u2010-\u2015]*")
NOT_ALNUM = re.compile(r"[\W_]+")
WITH_DECIMALS = re.compile(r"(\+?\d{3,16})\.0{1,2}")
"""A whole number as programs write one whose column has gaps: '31612345678.0'."""
ROUNDED = re.compile(
    r"(?:[+-]?\d{1,6}(?:[.,]\d{1,20}\s?[eE]\s?\+?|\s?[eE]\s?\+)\d{1,3}"
    r"|\+?\d{17,64}\.0{1,2}|\+?\d{8,16}\.(?!0{1,2}\b)\d{1,2})(?:\s{0,3}[(\[]\D*)?"
)
"""A number whose last digits are lost: with an exponent, with decimals and more digits than they keep, or with a part of one; a
remark may stand behind it. '5E123' is none: no program writes an exponent with neither decimals nor a plus."""
IBAN_PREFIX = "IBAN"


class Key(NamedTuple):
    """Id of an entity, and its identifier in the form in which it is compared."""

    entity_id: str
    value: str


def is_telephone(text: str) -> bool:
    """Whether the text is written as a telephone number with its country: '+31 6 4489 1202', '0031644891202'.

    Bare digits are not: they may be an account number of a messenger.
    """
    text = _normalise_text(text)
    long = _is_phone_like(text) and len(_extract_digits(text)) >= SHORT + 1
    return long and text.startswith(("+", "00")) and count_dialled(text) <= LONGEST_NUMBER


def is_dialled(text: str) -> bool:
    """Whether a text is written as one telephone number, with or without its country: '112', '020 7946 0000 ext. 5'."""
    text = remove_extension(_normalise_text(text).removeprefix("tel:"))
    return _is_phone_like(text) and count_dialled(text) <= LONGEST_NUMBER


def count_dialled(text: str) -> int:
    """Digits of a telephone number as it is dialled from abroad: without '00', a trunk '(0)' and an extension.

    >>> count_dialled("0034 91 123 45 67 ext. 12"), count_dialled("+44 (0)20 7946 0000")
    (11, 12)
    """
    return len(_extract_digits(TRUNK.sub("", remove_extension(remove_decimals(text)))).removeprefix("00"))


def remove_service_code(text: str) -> str:
    """A telephone number without the code before it that hides or shows the caller's; other text as it is.

    A code that sends calls on to a number is no call to it, and stays.

    >>> remove_service_code("#31#07700900967"), remove_service_code("**21*+447700900967#"), remove_service_code("*100#")
    ('07700900967', '**21*+447700900967#', '*100#')
    """
    found = SERVICE_CODE.match(text)
    return text[found.end() :] if found else text


def remove_extension(text: str) -> str:
    """A telephone number without the code before it and the extension behind it; other text as it is.

    >>> remove_extension("91 123 45 67 ext. 12"), remove_extension("+34911234567,12"), remove_extension("112x4")
    ('91 123 45 67', '+34911234567', '112x4')
    """
    text = remove_service_code(text)
    while (found := EXTENSION.search(text)) and len(_extract_digits(text[: found.start()])) >= SHORT:
        text = text[: found.start()].rstrip()
    return text


def is_doubtful_number(raw: str) -> bool:
    """Whether a text is not certainly the digits in it: letters stand in place of digits, or a mark turns them round.

    >>> is_doubtful_number("1-800-FLOWERS"), is_doubtful_number("+31O612345678"), is_doubtful_number("+31612345678 casa")
    (True, True, False)
    """
    if raw.isdecimal():
        return False
    return (
        REVERSED in raw
        or _find_lettered(remove_extension(keep_whole_words(_normalise_text(raw), LONGEST).strip())) != ""
    )


def _find_lettered(text: str) -> str:
    """A number with letters in place of digits in the form in which it is compared; '' of any other text."""
    if LETTERED.search(text):
        return text.casefold()
    return text.upper() if SPELT.search(text) and len(_extract_digits(text)) in SPELT_DIGITS else ""


def remove_decimals(text: str) -> str:
    """A whole number without the zeros behind its decimal point; other text as it is.

    >>> remove_decimals("31612345678.0"), remove_decimals("112.00"), remove_decimals("06.12.34.56.00"), remove_decimals("12.50")
    ('31612345678', '112', '06.12.34.56.00', '12.50')
    """
    found = WITH_DECIMALS.fullmatch(text) if ".0" in text else None
    return found[1] if found else text


def is_rounded(text: str) -> bool:
    """Whether a program has written a number so that its last digits are lost: '3.16123E+10'.

    >>> is_rounded("3.16123E+10 (mobile)"), is_rounded("31612345678.0"), is_rounded("+31 6 12345678"), is_rounded("5E123")
    (True, False, False, False)
    """
    return ROUNDED.fullmatch(text) is not None


def build_telephone_key(raw: str, region: str | None = None) -> Key:
    """TelephoneNumber. The value starts with '+' (E.164) where that can be derived, otherwise it is the digits.

    Parameters
    ----------
    raw : str
        As written; direction marks and white space do not count.
    region : str, optional
        ISO 3166-1 alpha-2 code of the country in which national numbers are read. Without it only numbers with '+' or
        '00' get the E.164 form, and those of eleven digits or more that can be one with their country code, as call
        records write them. Numbers of fewer than seven digits (112, short codes) stay as they are.

    Notes
    -----
    Only a possible length is asked for, not a number that is in use: ranges reserved for fiction and new ranges stay.
    A number that was rounded, and a text without any digit (an alphabetic sender), is compared by its letters in lower
    case, one with more digits than a number has, or with letters in place of digits, as it is written. An extension is no part
    of the number, nor is a code before it that hides the caller's ('#31#'); with another code ('**21*…#') it is compared as it is
    written. Of a field that may hold several numbers ask `workbench.model.identifier_splitting.split_telephones` first.
    """
    text = keep_whole_words(_normalise_text(raw.replace(REVERSED, SHOWN)), LONGEST).strip()
    value = _to_e164(text, region)
    return Key(build_entity_id("TelephoneNumber", value), value)


def build_account_key(identifier: str) -> Key:
    """UserAccount that an identifier names anywhere: a messenger id, user name, uuid, e-mail address, or number.

    Compared in lower case without a leading '@'; a number with its country as '+' and digits. The service is not part
    of the key: exports name it differently for the same account. A name such as 'Mama' identifies nobody: use
    `build_named_account_key` for it.
    """
    text = _normalise_text(identifier).casefold()
    value = "+" + _to_e164(text, None).lstrip("+") if is_telephone(text) else text.lstrip("@") or text
    return Key(build_entity_id("UserAccount", value), value)


def build_email_account_key(address: str) -> Key:
    """UserAccount of an e-mail address: the address in lower case, without 'mailto:'."""
    return build_account_key(clean_text(address).removeprefix("mailto:").strip("<>"))


def build_named_account_key(name: str, *scope: str) -> Key:
    """UserAccount known by a label only, within the scope (a file, a device) in which one label means one account."""
    value = normalise_name(name) or clean_text(name)
    return Key(build_entity_id("UserAccount", value, *scope), value)


def find_account_number(identifier: str) -> str:
    """Telephone number that a messenger account is made of ('31647996139@s.whatsapp.net' -> '+31647996139'), or ''.

    Only where E.164 can be derived; a group ('…@g.us') has none.
    """
    name, _, host = _normalise_text(identifier).casefold().partition("@")
    if host in ("s.whatsapp.net", "c.us") and name.isascii() and name.isdigit():
        value = _to_e164("+" + name, None)
    else:
        value = _to_e164(_normalise_text(identifier), None) if is_telephone(identifier) else ""
    return value if value.startswith("+") else ""


def build_person_key(name: str, *scope: str) -> Key:
    """Person known by a name, within the scope (file, device, account) in which one name means one person."""
    value = normalise_name(name) or clean_text(name)
    return Key(build_entity_id("Person", value, *scope), value)


def build_bank_account_key(number: str) -> Key:
    """BankAccount: IBAN or account number, letters and digits only, upper case ('nl40 abna…' = 'NL40ABNA…')."""
    return _build_key("BankAccount", number, prefix=IBAN_PREFIX)


def build_vehicle_key(plate: str) -> Key:
    """Vehicle by its registration number, letters and digits only, upper case. Two countries may use one plate."""
    return _build_key("Vehicle", plate)


def build_chassis_key(vin: str) -> Key:
    """Vehicle by its chassis number (VIN), letters and digits only, upper case."""
    key = _build_key("Vehicle", vin)
    return Key(build_entity_id("Vehicle", "vin", key.value), key.value)


def build_handset_key(imei: str) -> Key:
    """Handset by IMEI, compared on 14 digits: call records often write 0 for the check digit, or a version of two."""
    number = _extract_digits(remove_decimals(clean_text(imei)))
    value = number[:IMEI_KEY] if len(number) >= IMEI_KEY else number or clean_text(imei)
    return Key(build_entity_id("Handset", value), value)


def build_sim_key(imsi: str) -> Key:
    """SIM card by IMSI (digits)."""
    value = _extract_digits(remove_decimals(clean_text(imsi))) or clean_text(imsi)
    return Key(build_entity_id("Sim", value), value)


def build_sim_card_key(iccid: str) -> Key:
    """SIM card by the serial number printed on it (ICCID), without the check letter F that fills it up."""
    key = _build_key("Sim", iccid)
    value = key.value.rstrip("F")
    return Key(build_entity_id("Sim", "iccid", value), value)


def build_wallet_key(address: str) -> Key:
    """CryptoWallet. Upper and lower case count, except in the forms that have none (0x…, bc1…, ltc1…)."""
    text = clean_text(address)
    value = text.casefold() if text.casefold().startswith(("0x", "bc1", "ltc1")) else text
    return Key(build_entity_id("CryptoWallet", value), value)


def build_company_key(number: str, country: str = "") -> Key:
    """Company by its register number and the country of the register (ISO code, '' unknown)."""
    key = _build_key("Company", number)
    return Key(build_entity_id("Company", key.value, country.casefold()), key.value)


def build_named_company_key(name: str, *scope: str) -> Key:
    """Company known by its name, within a scope; without one, one name is one company."""
    value = normalise_name(name) or clean_text(name)
    return Key(build_entity_id("Company", "name", value, *scope), value)


def build_passport_key(number: str, country: str = "") -> Key:
    """Passport by number and country of issue (ISO code, '' unknown)."""
    key = _build_key("Passport", number)
    return Key(build_entity_id("Passport", key.value, country.casefold()), key.value)


def build_identity_document_key(kind: str, number: str) -> Key:
    """Identity document that is no passport, by its kind and number (letters and digits, upper case)."""
    value = NOT_ALNUM.sub("", _normalise_text(number)).upper()
    return Key(build_entity_id("Identification", kind, value), value)


def build_document_key(sha256: str) -> Key:
    """Document that a file is, by its SHA-256: the attachment of a letter and the file by itself are one."""
    return Key(build_entity_id("Document", sha256), sha256)


def build_link_id(schema: str, source: str, target: str, *key: str) -> str:
    """Id of an entity that is drawn as a link: its two ends and what tells it from others of its kind."""
    return build_entity_id(schema, source, target, *key)


def build_attribution_id(holder: str, held: str, basis: str) -> str:
    """Id of the claim that `holder` uses `held` (entity ids), on one basis; each basis is a claim of its own."""
    return build_link_id("Attribution", holder, held, basis)


def _build_key(schema: str, text: str, prefix: str = "") -> Key:
    value = NOT_ALNUM.sub("", _normalise_text(text)).upper().removeprefix(prefix) or clean_text(text)
    return Key(build_entity_id(schema, value), value)


def _normalise_text(text: str) -> str:
    """Text as identifiers are read: without control marks and empty decimals, with the digits of English."""
    return remove_decimals(normalise_digits(clean_text(text)))


def _extract_digits(text: str) -> str:
    return "".join(c for c in normalise_digits(text) if c.isascii() and c.isdigit())


def _is_phone_like(text: str) -> bool:
    return len(text) <= LONGEST and PHONE_LIKE.fullmatch(text) is not None


@lru_cache(maxsize=100_000)
def _to_e164(text: str, region: str | None) -> str:
    text = remove_extension(text)
    number = _extract_digits(text)
    if is_rounded(text):
        return text.casefold()
    if number and len(number) < len(text) and (lettered := _find_lettered(text)):
        return lettered
    if len(number) < SHORT:
        return number or text.casefold()
    if count_dialled(text) > LONGEST_NUMBER or text[:1] in ("*", "#"):
        return text.casefold()
    international = text.startswith("+")
    if text.startswith("00") and len(number) > SHORT + 2:
        text, number, international = "+" + number[2:], number[2:], True
    if region and not international and _has_country(number, region):
        text, international = "+" + number, True
    found = _parse_e164(text, region) if international or region else ""
    if not found and len(number) >= INTERNATIONAL and number[0] != "0" and not international:
        found = _parse_e164("+" + number, None)
    return found or number


def _has_country(number: str, region: str) -> bool:
    """Whether bare digits are a number with its country's code, where a national one would have a trunk prefix before it.

    '491760406…' is no number of Leer (0491) in Germany: it would be written with its 0.
    """
    code, prefix = _get_dialling_codes(region)
    rest = number.removeprefix(code)
    if not code or not prefix or rest == number or len(number) < INTERNATIONAL or number.startswith(prefix):
        return False
    return _parse_e164(f"+{number}", None) == f"+{number}"


@lru_cache(maxsize=256)
def _get_dialling_codes(region: str) -> tuple[str, str]:
    """Calling code of a country, and what stands before a national number within it; '' unknown or none."""
    import phonenumbers

    found = phonenumbers.PhoneMetadata.metadata_for_region(region)
    return (str(found.country_code), found.national_prefix or "") if found else ("", "")


def _parse_e164(text: str, region: str | None) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
