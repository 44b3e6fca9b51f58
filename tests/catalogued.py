"""Strings of the catalogue to look for in what people see."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

import strings
from workbench_widgets.words import build_id, load_texts

from workbench.model.catalogue import LANGUAGES, find_template

if TYPE_CHECKING:
    import ipywidgets as w

NAMED = re.compile(r"\{(\w+)\}")
COUNTS = frozenset({"n", "count", "shown", "whole"})
LEAST = 5
"""Letters of its own that a string with values has to have to be told from a text of the case."""


def english(group: str, least: int = 12) -> list[str]:
    """English sentences that no other language writes alike, of call sites and of a group of keys.

    They stand in no page of another language.
    """
    others = {text for language in LANGUAGES[1:] for text in sentences(language).values()}
    return [
        text
        for one, text in sentences("en").items()
        if (not strings.KEY.fullmatch(one.context) or one.context.startswith(f"{group}."))
        and len(text) >= least
        and text not in others
        and not re.search(r"\{\w+\}", text)
    ]


@cache
def sentences(language: str) -> dict[strings.Id, str]:
    """Every sentence of the workbench, of call sites and of keys, in a language; what counts has those of one and of several."""
    made: dict[strings.Id, str] = {}
    for one in strings.collect_sentences().found:
        key = one.context if strings.KEY.fullmatch(one.context) else ""
        context = "" if key else one.context
        for other, number in ((one, 1), (one._replace(text=one.other), 100))[: 2 if one.other else 1]:
            several = number if one.other else None
            made[other] = find_template(key or one.text, language, one.other, number=several, context=context)
    return made


@cache
def widget_texts(language: str) -> dict[strings.Id, str]:
    """Every text of the widgets in a language, with its {names}; what counts has those of one and of several."""
    made: dict[strings.Id, str] = {}
    known = load_texts(language)
    for one in strings.collect_widgets(strings.ROOT).found:
        told = known.get(
            build_id(one.text, one.context), {"one": one.text, "other": one.other} if one.other else one.text
        )
        if isinstance(told, str):
            made[one] = told
        else:
            made |= {one: told["one"], one._replace(text=one.other): told["other"]}
    return made


def left(found: Iterable[str], language: str, own: Collection[str] = ()) -> list[str]:
    """Of texts that are shown in a language those that a catalogue says in English and the language otherwise.

    `own` are texts of the case: names, codes of readers, what an officer wrote.
    """
    wanted = {text.strip() for text in found} - set(own)
    return sorted(text for text in wanted if any(pattern.fullmatch(text) for pattern in _english(language)))


@cache
def _english(language: str) -> tuple[re.Pattern[str], ...]:
    """What English strings look like that the language writes otherwise."""
    both = ((sentences("en"), sentences(language)), (widget_texts("en"), widget_texts(language)))
    kept = {text for _, other in both for text in other.values()}
    said = {text for english_, _ in both for text in english_.values()} - kept
    return tuple(_pattern(text) for text in said if len(re.findall("[A-Za-z]", NAMED.sub("", text))) >= _least(text))


def _least(text: str) -> int:
    return LEAST if NAMED.search(text) else 3


def _pattern(text: str) -> re.Pattern[str]:
    made = ""
    for at, part in enumerate(NAMED.split(text)):
        made += (r"[\d.,\s]+" if part in COUNTS else ".+?") if at % 2 else re.escape(part)
    return re.compile(made, re.DOTALL)


def shown(widget: w.Widget) -> Iterator[str]:
    """Texts of a widget and of those in it, without markup."""
    for name in ("value", "description", "tooltip", "placeholder"):
        yield from plain(str(getattr(widget, name, "") or ""))
    yield from map(str, getattr(widget, "options", ()))
    for child in getattr(widget, "children", ()):
        yield from shown(child)


def plain(markup: str) -> Iterator[str]:
    """The texts between the marks of a page; what it quotes of a source left out."""
    bare = re.sub(r"<(style|script|blockquote)\b.*?</\1>|<div class=\"text\".*?</div>", "", markup, flags=re.DOTALL)
    yield from (html.unescape(part).strip() for part in re.split(r"<[^>]*>", bare) if part.strip())
