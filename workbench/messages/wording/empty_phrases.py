"""Fields that are filled and say nothing: a dash, n/a, see above, to be confirmed, one word over and over."""

from __future__ import annotations

import re
from functools import lru_cache

from workbench.messages.model.code_lists import get_words

WORD = re.compile(r"[^\W\d_]{2,}|\d")
"""What says something: a word of two letters, or a figure."""
BRIEF = frozenset(
    "sex source_grade information_grade subject purpose status type color language confidentiality".split()
)
"""Fields that a letter fills, or in which a rule of their own looks for codes."""
REASONED = frozenset(
    "special_procedure_reason evidence_purpose provisions dual_criminality nexus confidentiality_reason deadline_reason "
    "search_grounds".split()
)
"""Fields in which words of any letter of request say nothing: needed for the investigation, the code applies."""


def is_empty_phrase(text: str, field: str = "") -> bool:
    """Whether a text says nothing; in some fields only an empty one does."""
    name = field.rpartition(".")[2]
    lists = ("placeholders", "formalities") if name in REASONED else ("placeholders",)
    return not text.strip() if name in BRIEF else _has_only_phrases(text, lists)


@lru_cache(4096)
def _has_only_phrases(text: str, lists: tuple[str, ...]) -> bool:
    plain = text
    for one in (one for name in lists for one in get_words(name)):
        plain = one.pattern.sub(" ", plain) if one.may_stand(plain) else plain
    return not WORD.search(plain) or _is_repetitive(text)


def _is_repetitive(text: str) -> bool:
    """Whether one letter stands there over and over, or one word does: twice in small letters, as no name is, or more often."""
    told = WORD.findall(text.casefold())
    letters = "".join(told)
    one_word = len(set(told)) == 1 and len(told) > 2 - text.islower()
    return not re.search(r"\d", text) and (one_word or len(set(letters)) == 1 < len(letters))
