"""What an analyst types, as an expression for the full-text index, and its marks in a text.

Written: words (any of them, the rarer the better), "quoted phrases" (must stand there), `OR` between phrases, `-without`,
`begin*`. Nothing that can be typed is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from workbench.model.identifiers import build_telephone_key
from workbench.model.text.normalise import normalise_digits
from workbench.search.stemming import TOKEN, fold_token, split_tokens, stem_word

PIECE = re.compile(
    r'(?P<without>(?<!\S)[-\u2212])?(?:["“”„«»](?P<phrase>[^"“”„«»]*)(?:["“”„«»]|$)|(?P<word>[^\s"“”„«»]+))'
)
NUMBER = re.compile(r'(?<![\w"-])(?:\+|00)\d(?:[ ().-]{0,2}\d){7,14}(?!\w)')
MAX_TERMS = 64
"""Terms of a query that count; a pasted page is cut here."""
STOP = frozenset(
    "a an the and or of to in on at by for with from as is are was were be been being am do does did has have had having it "
    "its this that these those he she him her his hers they them their theirs i me my mine you your yours we us our ours "
    "what which who whom whose when where why how can could will would shall should may might must if then than so not no "
    "about into over out up down there here any some all also just very too s t re ve ll d m".split()
)
"""Words that say nothing alone; they count only in phrases, or where the query has no others."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a query: its folded tokens, and how it is asked for."""

    tokens: tuple[str, ...]
    phrase: bool = False
    without: bool = False
    prefix: bool = False

    @property
    def fts_text(self) -> str:
        """The term for FTS5: a string, so that no word of the analyst is read as an operator."""
        return f'"{" ".join(self.tokens)}"' + (" *" if self.prefix else "")


def build_expression(query: str) -> str:
    """FTS5 MATCH expression for a query, '' if it asks for no word.

    All phrases must stand in a passage, those joined by OR one of them; the other words raise its rank and are looked for by
    themselves where there is no phrase. No query makes a syntax error.
    """
    groups, loose, without = _group_terms(query)
    required = [_join_or(group) for group in groups]
    if required:
        ranked = _join_or([*(term for group in groups for term in group), *loose])
        positive = " AND ".join([*required, ranked] if loose else required)
    else:
        positive = _join_or(loose) if loose else ""
    if not positive or not without:
        return positive
    return f"({positive}) NOT {_join_or(without)}"


def build_all_words_expression(query: str) -> str:
    """FTS5 MATCH expression for the passages that hold every telling word of a query, '' if it asks for none.

    Of a telephone number one of its spellings counts.
    """
    plain = normalise_digits(query)
    groups, loose, without = _group_terms(NUMBER.sub(" ", plain))
    numbers = [
        tuple(filter(None, (_parse_phrase(one) for one in _list_spellings(match[0]))))
        for match in NUMBER.finditer(plain)
    ]
    if numbers or groups:
        loose = tuple(term for term in loose if term.prefix or not STOP.issuperset(term.tokens))
    wanted = " AND ".join(_join_or(group) for group in (*groups, *((term,) for term in loose), *numbers) if group)
    return f"({wanted}) NOT {_join_or(without)}" if wanted and without else wanted


def list_terms(query: str) -> list[str]:
    """What a query looks for, in its order: words and phrases (folded), without those that it excludes."""
    groups, loose, _ = _group_terms(query)
    wanted = {term for group in groups for term in group} | set(loose)
    return list(dict.fromkeys(" ".join(term.tokens) for term, _ in _parse_terms(query) if term in wanted))


def find_highlights(text: str, query: str) -> list[tuple[int, int]]:
    """Places (start, end) of the words and phrases of a query in a text, in order, none overlapping; stems count."""
    groups, loose, _ = _group_terms(query)
    wanted = [term for group in groups for term in group] + list(loose)
    found = list(split_tokens(text))
    spans: list[tuple[int, int]] = []
    for at in range(len(found)):
        size = max(
            (len(term.tokens) for term in wanted if _is_term_at(term, found[at : at + len(term.tokens)])), default=0
        )
        if size and (not spans or found[at][0] >= spans[-1][1]):
            spans.append((found[at][0], found[at + size - 1][1]))
    return spans


def _is_term_at(term: Term, place: list[tuple[int, int, str]]) -> bool:
    if len(place) != len(term.tokens):
        return False
    *whole, last = [stem_word(token) for token in term.tokens]
    forms = [form for _, _, form in place]
    ends = forms[-1].startswith(last) if term.prefix else forms[-1] == last
    return ends and forms[:-1] == whole


@lru_cache(maxsize=256)
def _group_terms(query: str) -> tuple[tuple[tuple[Term, ...], ...], tuple[Term, ...], tuple[Term, ...]]:
    """Groups of phrases of which one must stand, other words, and what must not stand."""
    groups: list[list[Term]] = []
    loose: list[Term] = []
    without: list[Term] = []
    for term, alternative in _parse_terms(query):
        if term.without:
            without.append(term)
        elif term.phrase and alternative and groups:
            groups[-1].append(term)
        elif term.phrase:
            groups.append([term])
        else:
            loose.append(term)
    telling = [term for term in loose if term.prefix or not STOP.issuperset(term.tokens)]
    kept = telling if telling or groups else loose
    return tuple(tuple(group) for group in groups), tuple(dict.fromkeys(kept)), tuple(without)


def _parse_terms(query: str) -> Iterator[tuple[Term, bool]]:
    """Terms in order, each with whether OR joins it to the one before."""
    alternative, number = False, 0
    for match in PIECE.finditer(_expand_numbers(normalise_digits(query))):
        word = match["word"]
        if word == "OR":
            alternative = True
            continue
        term = _parse_term(match)
        if term and word not in ("AND", "NOT") and number < MAX_TERMS:
            number += 1
            yield term, alternative
            alternative = False


def _expand_numbers(query: str) -> str:
    """Query with telephone numbers in one piece, and their other spellings behind them ('+31 6…' -> '316…', '00316…', '06…')."""
    return NUMBER.sub(lambda match: " ".join(_list_spellings(match[0])), query)


def _list_spellings(written: str) -> list[str]:
    value = build_telephone_key(written).value
    if not value.startswith("+"):
        return [written]
    import phonenumbers

    digits = value[1:]
    national = str(phonenumbers.parse(value).national_number)
    return [f"{' '.join(written.split())}", digits, f"00{digits}", f"0{national}"]


def _parse_term(match: re.Match[str]) -> Term | None:
    written = match["phrase"] if match["word"] is None else match["word"]
    term = _parse_phrase(written)
    if term is None or match["word"] is None:
        return term and replace(term, without=bool(match["without"]))
    return Term(term.tokens, without=bool(match["without"]), prefix=written.endswith("*"))


def _parse_phrase(written: str) -> Term | None:
    """Words that stand together; None if there is none."""
    folded = tuple(filter(None, (fold_token(token[0]) for token in TOKEN.finditer(written))))
    return Term(folded, phrase=True) if folded else None


def _join_or(group: tuple[Term, ...] | list[Term]) -> str:
    return "(" + " OR ".join(term.fts_text for term in group) + ")"
