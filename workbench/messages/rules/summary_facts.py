"""What a summary of facts has to say: what happened, when, where, who is concerned and how."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.messages.model.check_context import Surroundings
from workbench.messages.model.code_lists import find_first_word, get_words, get_words_in_language
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import FieldSpan, list_texts
from workbench.messages.templates.opening_texts import QUERY, find_opening_end
from workbench.messages.wording.message_language import detect_language
from workbench.messages.wording.person_words import list_name_parts
from workbench.messages.wording.text_dates import YEAR, find_days, find_fact_days, has_date, is_birth_said
from workbench.messages.wording.text_names import list_name_words

CAPITALISED = re.compile(
    r"[\s'’]*(?:(?i:the|la|le|les|l|el|los|las|town of|city of|ville de)[\s'’]+)?(?P<word>[^\W\d_a-z\u0600-\u06ff][\w’'-]+)"
)
NAME = re.compile(r"(?<=[\w,;’'] )[A-Z][\w’'-]+|\b[A-Z]{3,}\b")
"""Capitalised words inside a sentence: a town called Cross is no crossing."""
BRIEF = 70
"""Words from which a summary is no brief one."""
ARABIC = re.compile(r"\s*(?P<word>[\u0621-\u064a]{2,})")


def get_facts(message: Correspondence) -> str:
    """The text that has to tell what happened; '' where a message asks back for what another one lacks, which has its own."""
    return "" if find_opening_end(message.summary_of_facts, QUERY) else message.summary_of_facts


def missing_when(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """A summary of facts without any date but one of birth."""
    text = get_facts(message)
    if text and not has_date(text):
        yield FieldSpan("summary_of_facts")


def missing_where(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """A summary of facts without the name of any place."""
    text = get_facts(message)
    read = (one for one in around.reader(text) if one.kind in ("place", "unknown place"))
    if (
        text
        and not any(read)
        and not _has_place(text, detect_language(text) or message.language, list_name_words(message))
    ):
        yield FieldSpan("summary_of_facts")


def missing_who(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """A summary of facts that speaks of none of the persons in the list, nor of a suspect, a man, he or she."""
    text = get_facts(message)
    named = list_name_parts(text) & {name for name in list_name_words(message) if len(name) > 2}
    if (
        text
        and message.persons
        and not named
        and not find_first_word(text, "actors", detect_language(text) or message.language)
    ):
        yield FieldSpan("summary_of_facts")


def missing_what(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """A summary of facts that names no act: nothing is taken, sold, hidden, found, threatened, ..."""
    text = get_facts(message)
    if text and not find_first_word(NAME.sub(" ", text), "acts", detect_language(text) or message.language):
        yield FieldSpan("summary_of_facts")


def missing_how(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """A brief summary of facts that tells no means or method: with, by means of, under a false name, ... A long one tells it somehow."""
    text = get_facts(message)
    if (
        text
        and len(text.split()) < BRIEF
        and not find_first_word(text, "ways", detect_language(text) or message.language)
    ):
        yield FieldSpan("summary_of_facts")


def impossible_day(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Days in the text that no calendar has: 31 February, 2026-13-01."""
    for field, text in list_texts(message):
        yield from (FieldSpan(field, start, end, text[start:end]) for start, end, day in find_days(text) if day is None)


def facts_to_come(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """A summary of facts in which every day, or every year where it has no day, is still to come, and nothing is told of today."""
    text, today = message.summary_of_facts, around.now.date()
    days = frozenset(find_fact_days(text))
    told = [(start, end, day) for start, end, day in find_days(text) if day and day in days]
    years = [] if told else [match for match in YEAR.finditer(text) if not is_birth_said(text, match.start())]
    if told and all(day > today for _, _, day in told):
        span = told[0][:2]
    elif years and all(int(match["year"]) > today.year for match in years):
        span = years[0].span()
    else:
        return
    if not find_first_word(text, "lately"):
        yield FieldSpan("summary_of_facts", *span, text[slice(*span)])


def _has_place(text: str, code: str, names: frozenset[str]) -> bool:
    """Whether a word that a place follows stands before a capitalised one, or a word for a street or town has a name beside it."""
    for each in ("before_place", "before_either", "streets"):
        for one in get_words_in_language(each, code):
            for _, end, _ in one.find(text):
                match = (ARABIC if one.language == "ar" else CAPITALISED).match(text, end)
                if match and (one.language == "ar" or match["word"][0].isupper()) and _is_place(match["word"], names):
                    return True
    return False


def _is_place(word: str, names: frozenset[str]) -> bool:
    known = any(
        one.pattern.fullmatch(word)
        for each in ("months", "headings", "articles", "no_places", "actors")
        for one in get_words(each)
    )
    return not known and not list_name_parts(word) <= names
