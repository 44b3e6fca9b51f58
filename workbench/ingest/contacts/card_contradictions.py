"""What a contact card states twice, each time otherwise: names of different people, days of birth, numbers of WhatsApp."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from workbench.ingest.contacts.vcard import ContactCard, Property
from workbench.ingest.reading.record_text import quote_value
from workbench.model.catalogue import Sentence
from workbench.model.identifiers import SHORT, build_telephone_key
from workbench.model.issue_codes import format_list
from workbench.model.text.normalise import clean_text, normalise_digits, normalise_name

ONCE = (("N",), ("BDAY",), ("DEATHDATE",), ("GENDER", "X-GENDER"))
"""Properties of which a person has one."""

WAID = "WAID"
"""Parameter of WhatsApp's own cards: the number under which somebody uses WhatsApp, with its country and without '+'."""

SHOWN = 5
LONG_MOBILE = 13
"""Digits of a mobile number of Mexico, Argentina or Brazil with the one that may be left out."""
LATIN = "\u024f"


class Contradiction(NamedTuple):
    """A fault of a card, and the properties that say nothing certain because of it."""

    fault: Sentence
    names: tuple[str, ...]


def list_contradictions(card: ContactCard) -> Iterator[Contradiction]:
    """What a card states in several ways that cannot all be true. Names of one person in several forms or scripts can."""
    shown = [text for one in card.list_properties("FN") if (text := clean_text(one.text))]
    if any(is_other_person(shown[0], other) for other in shown[1:]):
        yield Contradiction(Sentence("fault.card_persons", listed=_format_values(shown)), ("FN", "N"))
    else:
        yield from _compare_parts(card, shown)
    for names in ONCE:
        found = {
            normalise_name(one.text): clean_text(one.text) for one in card.list_properties(*names) if _is_main(one)
        }
        if len(found) > 1:
            told = Sentence("fault.card_values", name=names[0], listed=_format_values(list(found.values())))
            yield Contradiction(told, names)


def _compare_parts(card: ContactCard, shown: list[str]) -> Iterator[Contradiction]:
    """That the name which is shown, and the parts of a name, are of different people: not of a body or by a nickname."""
    parts = card.find_property("N")
    joined = clean_text(" ".join(filter(None, parts.parts))) if parts else ""
    others = [clean_text(one.text) for one in card.list_properties("ORG", "NICKNAME")]
    if shown and joined and is_other_person(shown[0], joined) and all(is_other_person(shown[0], one) for one in others):
        yield Contradiction(
            Sentence("fault.card_parts", shown=quote_value(shown[0]), parts=quote_value(joined)), ("N",)
        )


def find_other_number(one: Property, written: str, region: str | None) -> str:
    """WhatsApp's number of a property if it is another one than that which is written, '' otherwise."""
    stated = "".join(one.params.get(WAID, []))
    digits = "".join(filter(str.isdecimal, normalise_digits(stated)))
    key = build_telephone_key(written, region).value
    national = key.lstrip("+0")
    same = _list_forms(digits) & _list_forms(key.lstrip("+"))
    if not digits or same or build_telephone_key(f"+{digits}").value == key:
        return ""
    return "" if not key.startswith("+") and len(national) >= SHORT - 1 and digits.endswith(national) else stated


def _list_forms(digits: str) -> set[str]:
    """Forms of a mobile number that WhatsApp writes otherwise: with a digit more in Mexico and Argentina, with one less in Brazil."""
    forms = {digits}
    if len(digits) == LONG_MOBILE and digits.startswith(("521", "549")):
        forms.add(digits[:2] + digits[3:])
    elif len(digits) == LONG_MOBILE and digits.startswith("55") and digits[4] == "9":
        forms.add(digits[:4] + digits[5:])
    return forms


def is_other_person(name: str, other: str) -> bool:
    """Whether two names are of different people: in one script, and without a word in common.

    >>> is_other_person("Rosa Blum", "Dana Lee"), is_other_person("Rosa Blum", "Blum, R."), is_other_person("Rosa", "روزا")
    (True, False, False)
    """
    one, two = normalise_name(name), normalise_name(other)
    if not one or not two or _is_latin(one) != _is_latin(two):
        return False
    joined, joined_too = one.replace(" ", ""), two.replace(" ", "")
    return not set(one.split()) & set(two.split()) and joined not in joined_too and joined_too not in joined


def _is_latin(text: str) -> bool:
    return all(sign <= LATIN for sign in text)


def _is_main(one: Property) -> bool:
    """Whether a property is no version of another one in a second language or form."""
    return not one.params.get("ALTID") and not one.params.get("LANGUAGE")


def _format_values(values: list[str]) -> str:
    return format_list([quote_value(one) for one in dict.fromkeys(values)][:SHOWN], count=len(set(values)))
