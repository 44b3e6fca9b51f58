"""Whether a letter of request lies within the treaty that it rests on (UNTOC, articles 2(b), 3(1) and 18(1); our encoding)."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.messages.model.check_context import Surroundings
from workbench.messages.model.code_lists import find_first_word
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import FieldSpan, list_values
from workbench.messages.wording.empty_phrases import is_empty_phrase

NAMING = ("treaty", "legal_basis", "provisions", "dual_criminality", "evidence_purpose", "text")
"""Fields of a letter that may name a treaty."""
PUNISHING = ("provisions", "legal_basis", "dual_criminality")
"""Fields of a letter in which the penalty may stand in words."""
OWN = frozenset({"organized_crime", "money_laundering", "corruption"})
"""Crime areas of the offences that UNTOC itself describes (articles 5, 6 and 8): no penalty is asked of them."""
SERIOUS = 4.0
"""Years at most from which a crime is serious (article 2(b))."""


def below_serious(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Letters under UNTOC for an offence that is none of its own and punishable with less than four years at most."""
    if _is_under_untoc(message) and OWN.isdisjoint(message.crime_area):
        years = ((place, said) for place, said in list_values(message, "maximum_years") if said is not None)
        yield from (FieldSpan(place, quote=f"{said:g}") for place, said in years if said < SERIOUS)


def untold_penalty(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Letters under UNTOC that do not say, as a figure or beside the law, what the offence, none of its own, is punishable with."""
    if (
        _is_under_untoc(message)
        and OWN.isdisjoint(message.crime_area)
        and not _has_words(message, PUNISHING, "penalty")
    ):
        yield from (FieldSpan(place) for place, said in list_values(message, "maximum_years") if said is None)


def untold_group(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Letters under UNTOC without the grounds to suspect that the offence crosses borders and that an organised group is in it."""
    if _is_under_untoc(message):
        yield from (FieldSpan(place) for place, said in list_values(message, "scope") if is_empty_phrase(said))


def no_treaty(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Letters that name no treaty, to a State with which none is known."""
    if around.treaties is not None and _list_states(message) not in around.treaties:
        yield from find_missing_treaty(message)


def unnamed_treaty(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Letters that name no treaty, to a State with which one is known. Where nobody knows of treaties nothing is told."""
    if around.treaties is not None and _list_states(message) in around.treaties:
        yield from find_missing_treaty(message)


def find_missing_treaty(message: Correspondence) -> Iterator[FieldSpan]:
    """The field of the treaty, where neither it nor another one names any."""
    said = any(find_first_word(str(value), "treaty") for path in NAMING[1:] for _, value in list_values(message, path))
    yield from (
        FieldSpan(place) for place, treaty in list_values(message, "treaty") if is_empty_phrase(treaty) and not said
    )


def _list_states(message: Correspondence) -> frozenset[str]:
    return frozenset((message.from_bureau[:2], getattr(message, "requested_state", "")))


def _is_under_untoc(message: Correspondence) -> bool:
    return _has_words(message, NAMING, "untoc")


def _has_words(message: Correspondence, places: tuple[str, ...], words: str) -> bool:
    return any(find_first_word(str(value), words) for path in places for _, value in list_values(message, path))
