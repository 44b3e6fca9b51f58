"""What is somebody's opinion and not a fact: belief, what a person is said to be like, what is called likely or possible."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from workbench.messages.model.check_context import Surroundings
from workbench.messages.model.code_lists import find_first_word, get_words
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import FieldSpan, list_texts
from workbench.messages.wording.neighbouring_words import find_outside_quotes, is_in_list, is_next_to, list_side_words
from workbench.messages.wording.quoted_speech import SENTENCE, find_own_words

Span = tuple[int, int]


def unmarked_opinion(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """What the writer or the police believe, expect or find obvious, where neither its sentence nor a heading before it marks it."""
    for field, text in list_texts(message):
        found = {*_find_spans(text, "opinion"), *_find_beliefs(text)}
        others = {span for name in ("seeming", "character", "conjectures") for span in _find_spans(text, name)}
        others |= {*_find_traits(text), *_find_likely_roles(text)}
        found |= others - set(_select_reported(text, others))
        yield from (
            FieldSpan(field, *span, text[slice(*span)]) for span in sorted(found) if not _is_marked(text, *span)
        )


def _find_spans(text: str, name: str) -> Iterator[Span]:
    return ((start, end) for start, end, _ in find_own_words(text, name))


def _find_beliefs(text: str) -> Iterator[Span]:
    """Words of belief that stand beside those who believe: us, police, investigators, sources."""
    for one, start, end in find_outside_quotes(text, "beliefs"):
        if any(is_next_to(side, one.language, "believers", "degrees") for side in list_side_words(text, start, end)):
            yield start, end


def _find_traits(text: str) -> Iterator[Span]:
    """Words for what somebody is like, said of a person: after a name or pronoun and a verb of being, or beside a word for a person."""
    for one, start, end in find_outside_quotes(text, "traits"):
        left, right = list_side_words(text, start, end)
        if is_next_to(right, one.language, "bearers", "degrees") or _is_bearer(left, one.language):
            yield start, end


def _find_likely_roles(text: str) -> Iterator[Span]:
    """Parts in a crime (head, mastermind, accomplice) that are called likely or probable in the same sentence."""
    for sentence in SENTENCE.finditer(text):
        part = find_first_word(sentence[0], "parts played")
        likely = part and (find_first_word(sentence[0], "likely") or find_first_word(sentence[0], "probable"))
        if part and likely:
            start = min(part[0], likely[0])
            yield sentence.start() + start, sentence.start() + max(part[1], likely[1])


def _is_bearer(side: Iterable[str], code: str) -> bool:
    """Whether the next word before a trait, but for verbs of being and adverbs, is of a person, or a name, or the sentence begins."""
    being = False
    for word in side:
        if is_in_list("bearers", word, code):
            return True
        if is_in_list("being", word, code):
            being = True
        elif not is_in_list("degrees", word, code):
            return being and (not word[0].isalpha() or word[0].isupper())
    return being


def _select_reported(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Those of some spans that stand in a sentence on what somebody else says."""
    told = [match.span() for match in SENTENCE.finditer(text) if find_first_word(match[0], "reported")]
    return (span for span in spans if any(begin <= span[0] < stop for begin, stop in told))


def _is_marked(text: str, start: int, end: int) -> bool:
    """Whether `Assessment:` or the like stands before, or such a word in the same sentence."""
    sentence = next((match for match in SENTENCE.finditer(text) if match.start() <= start < match.end()), None)
    if sentence and find_first_word(sentence[0], "opinion_mark"):
        return True
    return any(
        re.match(r"[^.\n]{0,40}[:：]", text[stop:])
        for name in ("opinion_mark", "opinion_head")
        for one in get_words(name)
        for _, stop, _ in one.find(text[:start])
    )
