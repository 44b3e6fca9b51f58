"""Words that raise an alarm: danger to life, minors at risk, custody that ends. A sentence that denies it raises none.

A hazard, such as a bomb, is danger to life where the sentence says that it looms, and as the reason of an urgency; not where it says that
it is past, or no danger to life.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import list_values
from workbench.messages.wording.cue_words import (
    Cue,
    Lexicon,
    build_phrase,
    find_cue_language,
    fold_word,
    load_lists,
    split_tokens,
)
from workbench.model.table_schemas import DANGER, MINOR, MISTAKEN, PROTECTED

REASON = "urgency_reason"
READ = (REASON, "subject", "summary_of_facts", "threat")
"""Fields in which an alarm is looked for."""
SENTENCE = re.compile(r"[^.!?؟\n]+[.!?؟]?")
TOLD = ("danger", "hazard", "captive", "haste")
"""Lists of what a reason of an urgency may name."""
NEAR = 4
"""Words before an alarm within which a word denies it."""
AGE = re.compile(r"(?<!\d)(\d{1,2})[ -]?(?:years?[ -]old|year[ -]old|ans|años|سنة|سنوات|عاما|أعوام)(?!\w)")
AGED = re.compile(r"(?:aged|âgée? de|de|عمره|عمرها) (\d{1,2})(?!\d)(?: ans| años|\b(?=,))")
DAY = re.compile(
    r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)|(?<!\d)(\d{1,2})(?:st|nd|rd|th|er)?\s+(?:de\s+)?([^\W\d_]+)\s+(?:de\s+)?(\d{4})(?!\d)"
)


@dataclass(frozen=True, slots=True)
class AlarmPlace:
    """Where an alarm stands: the field, the span, the words, and the sentence around them."""

    field: str
    start: int
    end: int
    words: str
    sentence: str


def is_life_at_stake(message: Correspondence) -> bool:
    """Whether the sender says that life is in danger: by the degree of urgency and by a reason that says so."""
    return message.urgency == "immediate" and has_danger(message.urgency_reason)


def has_danger(text: str) -> bool:
    """Whether a reason speaks of danger to life, of a hazard, or of somebody who was abducted, in any of the languages."""
    sentences = [match[0] for match in SENTENCE.finditer(text)]
    return any(_find_danger_cue(said, "", reason=True) or _find_alarm("captive", said, "") for said in sentences)


def find_warnings(text: str) -> frozenset[str]:
    """What a text warns of (`table_schemas.WARNINGS`), in any of the languages. It goes by words alone and may miss one or see too many."""
    said = [match[0] for match in SENTENCE.finditer(text)]
    tests: dict[str, Callable[[str], object]] = {
        DANGER: lambda one: (
            _find_danger_cue(one, "", reason=True) or _find_alarm("captive", one, "") or _find_alarm("violent", one, "")
        ),
        MINOR: lambda one: _find_minor(one, ""),
        PROTECTED: lambda one: _find_alarm("guarded", one, ""),
        MISTAKEN: lambda one: _build_lexicon("mistaken", "").find(one),
    }
    return frozenset(name for name, test in tests.items() if any(test(one) for one in said))


def is_obscure(text: str) -> bool:
    """Whether a reason names neither a danger, be it denied or past, nor what else is pressing: nobody can tell by its words."""
    return bool(split_tokens(text)) and not any(_build_lexicon(name, "").find(text) for name in TOLD)


def find_danger(message: Correspondence) -> Iterator[AlarmPlace]:
    """Places that speak of danger to life."""
    for field, start, said, code in _list_sentences(message):
        if cue := _find_danger_cue(said, code, reason=field == REASON):
            yield _build_place(field, start, cue.start, cue.end, said)


def find_minors(message: Correspondence) -> Iterator[AlarmPlace]:
    """Sentences that name a minor and a risk."""
    for field, start, said, code in _list_sentences(message):
        young = _find_minor(said, code)
        if young and _find_alarm("risk", said, code):
            yield _build_place(field, start, *young, said)


def find_detention(message: Correspondence) -> Iterator[AlarmPlace]:
    """Places that speak of custody, its end or a decision on it."""
    for field, start, said, code in _list_sentences(message):
        for cue in _build_lexicon("detention", code).find(said):
            yield _build_place(field, start, cue.start, cue.end, said)


def find_days(text: str) -> list[str]:
    """Days that a text names, as ISO 8601: in figures, or with the month in words."""
    found = (_parse_day(match) for match in DAY.finditer(text))
    return [day for day in found if day]


def _parse_day(match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    month = _load_months().get(fold_word(match[3]), 0)
    try:
        return date(int(match[4]), month, int(match[2])).isoformat() if month else ""
    except ValueError:
        return ""


@cache
def _load_months() -> dict[str, int]:
    return {fold_word(name): number for held in load_lists().values() for number, name in enumerate(held["months"], 1)}


def _list_sentences(message: Correspondence) -> Iterator[tuple[str, int, str, str]]:
    """Field, place, words and language of each sentence."""
    code = find_cue_language(message.summary_of_facts, message.language)
    for name in READ:
        for field, text in list_values(message, name):
            for match in SENTENCE.finditer(text or ""):
                yield field, match.start(), match[0], code


def _build_place(field: str, at: int, start: int, end: int, said: str) -> AlarmPlace:
    return AlarmPlace(field, at + start, at + end, said[start:end], said.strip())


def _find_minor(said: str, code: str) -> tuple[int, int] | None:
    """Span of the words that say that somebody is under age."""
    ages = (match for pattern in (AGE, AGED) for match in pattern.finditer(said) if 0 < int(match[1]) < 18)
    if (match := next(ages, None)) is not None:
        return match.span()
    cue = next(iter(_build_lexicon("minors", code).find(said)), None)
    return (cue.start, cue.end) if cue else None


def _find_danger_cue(said: str, code: str, *, reason: bool) -> Cue | None:
    """What says in a sentence that life is in danger."""
    if cue := _find_alarm("danger", said, code):
        return cue
    hazard = _find_alarm("hazard", said, code)
    looms = hazard and (reason or _build_lexicon("looming", code).find(said))
    return hazard if looms and not _build_lexicon("harmless", code).find(said) else None


def _find_alarm(section: str, said: str, code: str) -> Cue | None:
    """The first alarm of a list in a sentence."""
    return _find_undenied(_build_lexicon(section, code).find(said), said, code)


def _find_undenied(cues: list[Cue], said: str, code: str) -> Cue | None:
    """The first of some alarms that no word shortly before it denies."""
    if not cues:
        return None
    read = split_tokens(said)
    denied = [cue.end for cue in _build_lexicon("denial", code).find_in_tokens(read)]
    for cue in cues:
        before = [token.end for token in read if token.end <= cue.start][-NEAR:]
        inside = any(cue.start <= end <= cue.end for end in denied)
        if inside or not set(before) & set(denied):
            return cue
    return None


@cache
def _build_lexicon(section: str, code: str) -> Lexicon:
    codes = [code] if code else list(load_lists())
    return Lexicon(build_phrase(section, str(one)) for each in codes for one in load_lists()[each][section])
