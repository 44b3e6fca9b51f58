"""Handling marks: how high, under which conditions, closed to whom; and the law by which marks of parts become one mark.

Ordered levels (confidentiality, TLP) take the maximum of what went in; handling codes, conditions and countries with no
access take the union. So the order in which marks are joined does not matter, and joining a mark twice changes nothing.

References
----------
INTERPOL's Rules on the Processing of Data, articles 58, 59 and 112 (levels, access restrictions; our encoding of them);
SIENA handling codes H0 to H3 (Council documents 6243/18, 6261/18); Traffic Light Protocol 2.0 (FIRST).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from types import MappingProxyType

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence
from workbench.model.source_grading import is_grade
from workbench.model.time_zones import is_day

TLP = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")
HANDLING = MappingProxyType({
    "H0": "only for preventing and combating crime",
    "H1": "not to be disclosed in judicial proceedings without the permission of the provider",
    "H2": "not to be disseminated without the permission of the provider",
    "H3": "other restrictions and comments",
})  # fmt: skip
INTERPOL = "INTERPOL"
EXERCISE = "EXERCISE"
SCHEMES = MappingProxyType({
    EXERCISE: (EXERCISE, "EXERCISE RESTRICTED", "EXERCISE CONFIDENTIAL"),
    INTERPOL: ("FOR OFFICIAL USE ONLY", "RESTRICTED", "CONFIDENTIAL"),
    "TLP": TLP,
    "EU": ("BASIC PROTECTION", "EU RESTRICTED", "EU CONFIDENTIAL", "EU SECRET"),
})  # fmt: skip
"""Levels that come with the workbench, lowest first. A service writes its own into case.toml."""
LABELS = re.compile(r"\bINTERPOL(?:[\s/:–-]+|\b)", re.IGNORECASE)
"""INTERPOL's name, with what parts it from the level that it stands before."""
AS_RECEIVED = "(as received)"
"""Stands behind a level that the scheme of the case does not have."""
COUNTRY = re.compile(r"[A-Z]{2}")
NATURES = ("fact", "assessment")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""A code of ISO 639, with what BCP 47 adds."""
SINGLE = ("grade", "nature", "language")
"""Facets of which one value holds at a time."""
SEPARATOR, CONDITIONS = " · ", "conditions"
"""What stands between the parts of a printed mark; what stands for the words of its conditions where these do not belong."""
CLOSED = re.compile(r"not for [A-Z]{2}(, [A-Z]{2})*")


@dataclass(frozen=True, slots=True)
class Scheme:
    """Levels of a case, lowest first.

    Attributes
    ----------
    name : str
        'EXERCISE', 'INTERPOL', 'TLP', 'EU' or the service's own.
    levels : tuple of str
        From the lowest to the highest.
    base : str
        What is printed for the lowest level, '' for its name.
    exercise : bool
        Whether every mark says EXERCISE, whatever the levels are called.
    """

    name: str
    levels: tuple[str, ...]
    base: str = ""
    exercise: bool = False

    def rank(self, level: str) -> int:
        """Number of a level, 0 the lowest; '' is the lowest.

        Raises
        ------
        CaseError
            If the scheme has no such level; it names those that there are.
        """
        wanted, known = level.strip().upper(), [name.upper() for name in self.levels]
        if self.name == INTERPOL and wanted not in known:
            wanted = remove_level_prefix(wanted).replace("FOUO", "FOR OFFICIAL USE ONLY")
            known = [remove_level_prefix(name) for name in known]
        if not wanted:
            return 0
        if wanted not in known:
            levels = ", ".join(self.levels)
            raise CaseError(
                Sentence(
                    "'{level}' is not a level of the scheme {scheme}. Its levels, from lowest to highest: {levels}.",
                    level=level,
                    scheme=self.name,
                    levels=levels,
                )
            )
        return known.index(wanted)

    @property
    def top(self) -> int:
        """Number of the highest level."""
        return len(self.levels) - 1

    def label(self, mark: Mark) -> str:
        """A mark as it is printed: 'RESTRICTED · H1 · TLP:AMBER · not for QM'.

        INTERPOL's name stands before a level only where INTERPOL traffic went in; without it the neutral name is printed.
        """
        level = (self.base if mark.level == 0 else "") or self.levels[min(mark.level, self.top)]
        traffic = INTERPOL in mark.traffic
        if self.name == INTERPOL and traffic and INTERPOL not in level:
            level = f"{INTERPOL} {level}"
        level = level if traffic else remove_level_prefix(level)
        if self.exercise and EXERCISE not in level.upper():
            level = f"{EXERCISE} – {level}"
        parts = [level, *sorted(mark.handling - {"H0"}), *([TLP[mark.tlp]] if mark.tlp >= 0 else [])]
        parts += [f"not for {', '.join(sorted(mark.barred))}"] if mark.barred else []
        said = (
            remove_level_prefix(one) if one.endswith(AS_RECEIVED) and not traffic else one
            for one in sorted(mark.conditions)
        )
        return SEPARATOR.join([*parts, *said])

    def parse_label(self, label: str) -> dict[str, list[str]]:
        """Level and closed countries of a mark as it is printed, as facets; a level that the scheme does not print is the highest."""
        level, *parts = label.split(SEPARATOR)
        printed = {_normalise_level(self.label(Mark(level=rank))): name for rank, name in enumerate(self.levels)}
        barred = [one for part in parts if CLOSED.fullmatch(part) for one in COUNTRY.findall(part)]
        return {"level": [printed.get(_normalise_level(level), self.levels[self.top])], "barred": barred}


def _normalise_level(level: str) -> str:
    """A level without what may stand before it."""
    return remove_level_prefix(level.removeprefix(f"{EXERCISE} – ")).casefold()


def remove_conditions(label: str) -> str:
    """A mark as it is printed, without the words of its conditions: for the log, in which no word of a person stands in clear."""
    level, *parts = label.split(SEPARATOR)
    codes = [part for part in parts if part in HANDLING or part in TLP or CLOSED.fullmatch(part)]
    return SEPARATOR.join([level, *codes, *([CONDITIONS] if len(codes) < len(parts) else [])])


def normalise_mark_label(label: str, levels: Scheme) -> str:
    """The mark that a stranger has written, in words of ours alone: a level that is not of the scheme stands as the highest."""
    _, *codes = remove_conditions(label).split(SEPARATOR)
    return SEPARATOR.join([*levels.parse_label(label)["level"], *codes]) if label else ""


def remove_level_prefix(text: str) -> str:
    """A level without INTERPOL's name: 'INTERPOL RESTRICTED' -> 'RESTRICTED'."""
    return LABELS.sub("", text) or text


def build_scheme(name: str, levels: Iterable[str] = (), base: str = "") -> Scheme:
    """The scheme of that name, or the service's own with its levels.

    Raises
    ------
    CaseError
        If the name is not known and no levels are given.
    """
    own = tuple(levels)
    if own or name in SCHEMES:
        return Scheme(name, own or SCHEMES[name], base)
    raise CaseError(
        Sentence(
            "The marking scheme '{scheme}' is not known. In `case.toml`, use {known}, or give your own "
            'levels: `levels = ["LOWEST", …, "HIGHEST"]`.',
            scheme=name,
            known=", ".join(SCHEMES),
        )
    )


@dataclass(frozen=True, slots=True)
class Mark:
    """Handling of one thing or of all that went into another.

    Attributes
    ----------
    level : int
        Rank in the case's scheme, 0 the lowest.
    tlp : int
        Rank in TLP; -1 none.
    handling : frozenset of str
        'H0' to 'H3'.
    conditions : frozenset of str
        Conditions of use in words, among them what H3 stands for.
    barred : frozenset of str
        Countries with no access, ISO 3166-1 alpha-2.
    traffic : frozenset of str
        Channels by which it came, e.g. 'INTERPOL'.
    """

    level: int = 0
    tlp: int = -1
    handling: frozenset[str] = frozenset()
    conditions: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()
    traffic: frozenset[str] = frozenset()

    def __or__(self, other: Mark) -> Mark:
        """The mark of what both went into."""
        return Mark(
            max(self.level, other.level),
            max(self.tlp, other.tlp),
            self.handling | other.handling,
            self.conditions | other.conditions,
            self.barred | other.barred,
            self.traffic | other.traffic,
        )

    def __and__(self, other: Mark) -> Mark:
        """The mark of what came under both, each by itself: whoever may see it under one of them may see it."""
        return Mark(
            min(self.level, other.level),
            min(self.tlp, other.tlp),
            self.handling & other.handling,
            self.conditions & other.conditions,
            self.barred & other.barred,
            self.traffic & other.traffic,
        )

    def __sub__(self, other: Mark) -> Mark:
        """What this one adds to the other: the other and this are the other and what this adds."""
        return Mark(
            self.level if self.level > other.level else 0,
            self.tlp if self.tlp > other.tlp else -1,
            self.handling - other.handling,
            self.conditions - other.conditions,
            self.barred - other.barred,
            self.traffic - other.traffic,
        )


PLAIN = Mark()


def merge_marks(marks: Iterable[Mark]) -> Mark:
    """The mark of all that went in; the lowest of all for nothing."""
    return reduce(Mark.__or__, marks, PLAIN)


def build_mark(facets: dict[str, list[str]], levels: Scheme) -> Mark:
    """A mark out of its facets as the ledger keeps them.

    A level that the scheme does not have (a partner's own) counts as the highest, and stands among the conditions as it came.
    """
    made = Mark(
        tlp=max((TLP.index(value) for value in facets.get("tlp", ()) if value in TLP), default=-1),
        handling=frozenset(facets.get("handling", ())),
        conditions=frozenset(facets.get("conditions", ())),
        barred=frozenset(facets.get("barred", ())),
        traffic=frozenset(facets.get("channel", ())),
    )
    for level in facets.get("level", ()):
        try:
            made = replace(made, level=max(made.level, levels.rank(level)))
        except CaseError:
            made = replace(made, level=levels.top, conditions=made.conditions | {f"{level} {AS_RECEIVED}"})
    return made


def check_facet(facet: str, value: str, levels: Scheme) -> str:
    """A facet's value in its fixed form.

    Raises
    ------
    CaseError
        If the value is none of the facet's.
    """
    match facet:
        case "level":
            return levels.levels[levels.rank(value)]
        case "tlp":
            return _check_choice("refused.mark.tlp", f"TLP:{value.upper().removeprefix('TLP:')}", TLP)
        case "handling":
            return _check_choice("refused.mark.handling", value.upper(), tuple(HANDLING))
        case "barred":
            return check_country(value)
        case _:
            return value.strip()


def is_formed(facet: str, value: str) -> bool:
    """Whether a value of a facet has the form in which every workbench writes it. A level may be a partner's own."""
    return value.strip() != "" and FORMS.get(facet, bool)(value)


def has_valid_values(facet: str, values: Sequence[str]) -> bool:
    """Whether all values of a facet have their form, and no two stand where one does."""
    return (facet not in SINGLE or len(values) < 2) and all(is_formed(facet, one) for one in values)


FORMS: Mapping[str, Callable[[str], bool]] = MappingProxyType({
    "tlp": TLP.__contains__, "handling": HANDLING.__contains__, "barred": lambda value: COUNTRY.fullmatch(value) is not None,
    "grade": is_grade, "nature": NATURES.__contains__, "review": is_day,
    "language": lambda value: LANGUAGE.fullmatch(value) is not None,
})  # fmt: skip
"""Facet -> whether a value is one of it. Whatever else is said of material (levels, conditions, channels, purposes, categories, reasons) is
a text that is not blank."""


def check_country(value: str) -> str:
    """A country's code, upper case.

    Raises
    ------
    CaseError
        If it is not of two letters.
    """
    code = value.strip().upper()
    if not COUNTRY.fullmatch(code):
        raise CaseError(
            Sentence(
                "'{value}' is not a country code. Use a two-letter ISO 3166-1 code, for example FR or BR. For an "
                "exercise, use QM.",
                value=value,
            )
        )
    return code


def _check_choice(otherwise: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise CaseError(Sentence(otherwise, value=value, known=", ".join(known)))
    return value


def to_facets(mark: Mark, scheme: Scheme) -> dict[str, list[str]]:
    """What says a mark: facet -> values, as `read` takes them."""
    said = {
        "level": [scheme.levels[mark.level]] if mark.level else [], "tlp": [TLP[mark.tlp]] if mark.tlp >= 0 else [],
        "handling": sorted(mark.handling), "conditions": sorted(mark.conditions), "barred": sorted(mark.barred),
        "channel": sorted(mark.traffic),
    }  # fmt: skip
    return {name: values for name, values in said.items() if values}
