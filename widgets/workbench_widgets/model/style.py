"""Attributes of nodes as colours: which can be shown, and the class and colour of each node.

The colours of categories are those of Okabe and Ito (2008), which can be told apart with every common kind of colour blindness; those of
numbers are one hue from light to dark.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from workbench_widgets.visible_text import escape_hidden
from workbench_widgets.words import Translator

if TYPE_CHECKING:
    from collections.abc import Mapping

Value = str | float
Said = dict[str, tuple[str, dict[str, Value]]]
Facts = dict[str, dict[int, Value]]
"""Attribute -> node row -> value."""
CATEGORIES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442")
NUMBERS = ("#9cc6e8", "#6aa5d4", "#3f84bd", "#24649e", "#154679")
GREY = "#8c959f"
MISSING = ""
"""The class of nodes of which nothing is said."""
LONGEST = 100
"""Signs of a text; a longer one is no category."""
DRAWN = frozenset("caption label name latin schema layer service custodian hand more id key x y pos position".split())
NOMINAL = frozenset("club cluster community component group".split())
"""Attributes whose numbers are names."""


@dataclass(frozen=True, slots=True)
class Style:
    """An attribute as colours.

    Attributes
    ----------
    name : str
        Of the attribute.
    classes, colours : tuple of str
        The values as a legend has them, and the colour of each; the class '' is that of nodes of which nothing is said.
    of : bytes
        By node row: the place of its class.
    said : dict
        Class -> what it is ('yes', 'no', 'other', 'range') with its values, where it is none of the data's own; chart/controls.js
        says it in a page.
    """

    name: str
    classes: tuple[str, ...]
    colours: tuple[str, ...]
    of: bytes
    said: Said = field(default_factory=dict)

    def class_label(self, value: str, language: str = "en") -> str:
        """A class as a legend has it in a language."""
        code, values = self.said.get(value, ("", {}))
        say = Translator(language)
        match code:
            case "yes":
                return say.word("yes", "state")
            case "no":
                return say.word("no", "state")
            case "other":
                return say.count("{n} other value", "{n} other values", int(str(values["n"])))
            case "range":
                return say("{low} to {high}", **values)
        return value


def can_colour_by(name: str) -> bool:
    """Whether an attribute may be shown as colours: not what is drawn otherwise, no id, and nothing private ('_name')."""
    return name not in DRAWN and not name.startswith("_") and not name.endswith(("_id", "_ids"))


def list_facts(data: Mapping[str, object]) -> dict[str, Value]:
    """The attributes of a node that can be shown: short texts, numbers, yes and no."""
    found = {
        escape_hidden(str(name)): _normalise_value(value) for name, value in data.items() if can_colour_by(str(name))
    }
    return {name: value for name, value in found.items() if value is not None}


def _normalise_value(value: object) -> Value | None:
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    if isinstance(plain, int | float) and abs(plain) < 2**63:
        return float(plain)
    text = escape_hidden(plain).strip() if isinstance(plain, str) and len(plain) <= LONGEST else ""
    return text or None


def build_styles(told: Facts, count: int) -> dict[str, Style]:
    """Name -> style of the attributes that tell some nodes from others, by name.

    Left out are those with one value only, and texts of which more than half stand at one node only, as ids do.
    """
    made = (_build_style(name, told[name], count) for name in sorted(told))
    return {one.name: one for one in made if len(one.classes) > 1}


def _build_style(name: str, values: dict[int, Value], count: int) -> Style:
    distinct, scale = set(values.values()), len(CATEGORIES)
    if len(distinct) > scale and name not in NOMINAL and all(isinstance(one, float) for one in distinct):
        rows, classes, colours, said = _build_quantiles(values)
    elif len(distinct) > scale and 2 * len(distinct) > len(values):
        return Style(name, (), (), b"")
    else:
        rows, classes, colours, said = _build_categories(values)
    of = np.full(count, len(classes), np.uint8)
    of[list(rows)] = list(rows.values())
    missing = len(rows) < count
    return Style(name, (*classes, *[MISSING] * missing), (*colours, *[GREY] * missing), of.tobytes(), said)


Classes = tuple[dict[int, int], list[str], list[str], Said]
"""Node row -> class, the classes, their colours, and what is said of those that the data do not name."""
TICKS: Said = {"yes": ("yes", {}), "no": ("no", {})}


def _build_categories(values: dict[int, Value]) -> Classes:
    """The most frequent values, each a class, and the rest as one."""
    texts = {row: _format_value(value) for row, value in values.items()}
    often = Counter(texts.values())
    ranked = sorted(often, key=lambda text: (-often[text], text))
    classes, rest = ranked[: len(CATEGORIES)], ranked[len(CATEGORIES) :]
    place = {text: at for at, text in enumerate(classes)}
    rows = {row: place.get(text, len(classes)) for row, text in texts.items()}
    if not rest:
        return rows, classes, list(CATEGORIES[: len(classes)]), TICKS if often.keys() <= TICKS.keys() else {}
    other = f"{len(rest):,} other value{'s' * (len(rest) > 1)}"
    said: Said = {} if other in often else {other: ("other", {"n": len(rest)})}
    while other in often:
        other += "'"
    return rows, [*classes, other], [*CATEGORIES, GREY], said


def _build_quantiles(values: dict[int, Value]) -> Classes:
    """Classes of about as many nodes each, with the least and greatest number in it."""
    numbers = np.array(list(values.values()), float)
    bounds = np.unique(np.quantile(numbers, np.linspace(0, 1, len(NUMBERS) + 1)[1:-1], method="lower"))
    _, place = np.unique(np.searchsorted(bounds, numbers), return_inverse=True)
    classes: list[str] = []
    said: Said = {}
    for at in range(int(place.max()) + 1):
        low, high = (_format_value(float(end)) for end in (numbers[place == at].min(), numbers[place == at].max()))
        classes.append(low if low == high else f"{low} to {high}")
        if low != high:
            said[classes[-1]] = ("range", {"low": low, "high": high})
    return dict(zip(values, place.tolist(), strict=True)), classes, list(NUMBERS[: len(classes)]), said


def _format_value(value: Value) -> str:
    """A value as a legend has it."""
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if value.is_integer() or not math.isfinite(value) or abs(value) >= 1000 else f"{value:.4g}"
