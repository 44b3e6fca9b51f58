"""How a message is worded: its language, words of probability, what a summary of facts has to say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from workbench.messages.fields import Hit, texts
from workbench.messages.lists import LANGUAGES, words
from workbench.messages.message import Correspondence
from workbench.messages.surroundings import Surroundings
from workbench.model.schema import SPECIAL

ARABIC = re.compile(r"[\u0600-\u06ff]")
WORD = re.compile(r"[^\W\d_]+")
ENOUGH = 6
"""Small words of a language from which a text is said to be in it."""
SENTENCE = re.compile(r"[^.!?؟\n]+")
DATE = re.compile(  # figures, a month in words, or a year alone
    r"(?<!\d)(?:\d{4}-\d{2}(?:-\d{2})?|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}"
    r"|\d{1,2}(?:st|nd|rd|th|er)? (?:de )?[^\W\d]{3,10}\.? (?:de )?\d{4}|(?:19|20)\d{2})(?!\d)"
)


def language(text: str) -> str:
    """Which of the four languages most small words of a text are of; '' where there are too few to tell, or no clear lead."""
    letters = WORD.findall(text)
    if sum(bool(ARABIC.match(word)) for word in letters) * 2 > len(letters):
        return "ar" if len(letters) >= ENOUGH else ""
    small = {one.language: one for one in words("small")}
    counts = Counter({code: sum(1 for _ in small[code].find(text)) for code in LANGUAGES if code in small})
    (first, most), (_, second) = counts.most_common(2)
    return first if most >= ENOUGH and most >= 2 * second else ""


def other_language(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """A summary of facts in another language than the message says."""
    found = language(message.summary_of_facts)
    if found and message.language in LANGUAGES and found != message.language:
        yield Hit("language", quote=message.language, better=found, detail=found)


def mixed_scales(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """Words of probability from both columns of ICD 203 in one message: likely and probable, unlikely and improbable."""
    for field, text in texts(message):
        likely, probable = _first(text, "likely"), _first(text, "probable")
        if likely and probable:
            start, end = max(likely, probable)
            yield Hit(field, start, end, text[start:end])


def likelihood_with_confidence(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """Sentences that give both how likely something is and how confident the writer is."""
    for field, text in texts(message):
        for match in SENTENCE.finditer(text):
            said = match[0]
            if _first(said, "confidence") and (_first(said, "likely") or _first(said, "probable")):
                yield Hit(field, *match.span(), said.strip())


def sensitive(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """Words that may tell of a special category of data, where the reader finds some, and no reason is given."""
    if message.sensitive_reason:
        return
    for field, text in texts(message):
        for one in around.reader(text):
            if one.kind in SPECIAL:
                yield Hit(field, one.start, one.end, one.text, detail=one.kind)


def missing_when(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """A summary of facts without any date."""
    text = message.summary_of_facts
    if text and not DATE.search(text) and not _first(text, "months"):
        yield Hit("summary_of_facts")


def missing_who(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """A summary of facts that speaks of none of the persons in the list, nor of a suspect, a man, he or she."""
    text = message.summary_of_facts
    names = " ".join(name for one in message.persons for name in (one.family_name, one.forename, *one.aliases))
    named = any(part.casefold() in text.casefold() for part in WORD.findall(names) if len(part) > 2)
    if text and message.persons and not named and not _first(text, "actors"):
        yield Hit("summary_of_facts")


def foreign_charge(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """Charges in another language than the four, without a translation."""
    for number, charge in enumerate(getattr(message, "charges", ())):
        if charge.language and charge.language not in LANGUAGES and not charge.translation:
            yield Hit(f"charges[{number}].text", quote=charge.text)


def _first(text: str, name: str) -> tuple[int, int] | None:
    return min(((start, end) for one in words(name) for start, end, _ in one.find(text)), default=None)
