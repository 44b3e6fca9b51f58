"""How a message is worded: its language, words of probability, words of special categories."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from workbench.messages.model.check_context import Surroundings
from workbench.messages.model.code_lists import LANGUAGES, find_first_word, get_words, get_words_in_language
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import FieldSpan, list_texts
from workbench.messages.wording.empty_phrases import is_empty_phrase
from workbench.messages.wording.neighbouring_words import find_outside_quotes, is_next_to, list_side_words
from workbench.messages.wording.quoted_speech import SENTENCE
from workbench.model.schema import SPECIAL

ARABIC = re.compile(r"[\u0600-\u06ff]")
WORD = re.compile(r"[^\W\d_]+")
SCALES = ("likely", "probable")
TRACES = ("biometrics", "genetics")
ENOUGH = 6
"""Small words of a language from which a text is said to be in it."""


@lru_cache(256)
def detect_language(text: str) -> str:
    """Which of the four languages most small words of a text are of; '' where there are too few to tell, or no clear lead."""
    letters = WORD.findall(text)
    if sum(bool(ARABIC.match(word)) for word in letters) * 2 > len(letters):
        return "ar" if len(letters) >= ENOUGH else ""
    small = {one.language: one for one in get_words("small")}
    counts = Counter({code: len(small[code].pattern.findall(text)) for code in LANGUAGES if code in small})
    (code, most), (_, second) = counts.most_common(2)
    return code if most >= ENOUGH and most >= 2 * second else ""


def other_language(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """A summary of facts in another language than the message says."""
    found = detect_language(message.summary_of_facts)
    if found and message.language in LANGUAGES and found != message.language:
        yield FieldSpan("language", quote=message.language, better=found, detail=found)
    elif not found and message.language in LANGUAGES and _is_foreign_text(message.summary_of_facts, message.language):
        yield FieldSpan("language", quote=message.language, detail="?")


def _is_foreign_text(text: str, code: str) -> bool:
    """Whether a text has many words of a language that is none of the four, and few small ones of its own."""
    theirs, ours = (
        sum(1 for one in get_words_in_language(name, code) for _ in one.find(text)) for name in ("foreign", "small")
    )
    return theirs >= ENOUGH and theirs > 2 * ours


def mixed_scales(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Words of probability from both columns of ICD 203 in one message: likely and probable, unlikely and improbable."""
    said = [(field, text) for field, text in list_texts(message)]
    found = (
        [(n, *span) for n, (_, text) in enumerate(said) if (span := find_first_word(text, name))] for name in SCALES
    )
    likely, probable = (min(spans, default=None) for spans in found)
    if likely and probable:
        number, start, end = max(likely, probable)
        yield FieldSpan(said[number][0], start, end, said[number][1][start:end])


def likelihood_with_confidence(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Sentences that give both how likely something is and how confident the writer is."""
    for field, text in list_texts(message):
        for match in SENTENCE.finditer(text):
            said = match[0]
            if find_first_word(said, "confidence") and (
                find_first_word(said, "likely") or find_first_word(said, "probable")
            ):
                yield FieldSpan(field, *match.span(), said.strip())


def help_alone(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Help, support or cooperation that is asked for, in a sentence that names no step to take."""
    for field, text in list_texts(message):
        for one, start, end in find_outside_quotes(text, "help"):
            sentence = next((match[0] for match in SENTENCE.finditer(text) if match.start() <= start < match.end()), "")
            asked = is_next_to(list_side_words(text, start, end)[0], one.language, "asked", "small words")
            if asked and not find_first_word(sentence, "steps", one.language):
                yield FieldSpan(field, start, end, text[start:end])


def coercion_in_text(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Steps asked for in a text that need a letter of request: interception, search, seizure, freezing, oaths, bank records."""
    for field, text in list_texts(message):
        for sentence in SENTENCE.finditer(text):
            said = sentence[0]
            span = (
                find_first_word(said, "coercion")
                if find_first_word(said, "asking") and not find_first_word(said, "letters of request")
                else None
            )
            if span:
                start, end = sentence.start() + span[0], sentence.start() + span[1]
                yield FieldSpan(field, start, end, text[start:end])


def sensitive(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Words that may tell of a special category of data, where the reader finds some, and no reason is given.

    Fingerprints and DNA are left out: traces are what such messages are about, and what a body looks like is in fields of its own.
    """
    if not is_empty_phrase(message.sensitive_reason):
        return
    for field, text in list_texts(message):
        for one in around.reader(text):
            if one.kind in SPECIAL and one.kind not in TRACES:
                yield FieldSpan(field, one.start, one.end, one.text, detail=one.kind)
