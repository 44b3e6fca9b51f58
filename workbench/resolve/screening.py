"""People and bodies of a case against a list of others: who may be whom, with reasons for and against. Nobody is merged, nobody scored.

Quick: a name is compared only with the nearest of those that share two of its parts (by sound or as forms of one known name), or one
part and the date of birth, or a number of a document.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice, product

from workbench.model.catalogue import translate
from workbench.model.text.normalise import normalise_name
from workbench.model.text.transliteration import transliterate_name
from workbench.resolve import script_variants
from workbench.resolve.name_variants import MAX_BLOCK, Common

SPELLED = 0.85
"""Jaro-Winkler likeness in [0, 1] that parts of names in one script need beside one sound."""
SHARED = 2
"""Parts that two names must share to be compared."""
STRONG, WEAK = 2, 1
YEAR, DAY = 4, 10
HITS, COMPARED, SCANNED = MAX_BLOCK, 200, 5_000
"""Of one who is known: hits that are told, others that are compared, others that are looked at for the parts they share."""
JOINED = re.compile(r"\b([ae]l)(?=[^\W\d_]{4})", re.IGNORECASE)
"""An article that is written in one with its name, as passports do: ALFASI."""


@dataclass(frozen=True)
class Subject:
    """Somebody or something, as far as a screening looks at it.

    Attributes
    ----------
    id : str
    names : tuple of str
        As written, other names and names in other scripts among them.
    births : tuple of str
        Dates of birth (ISO 8601), as exact as they are known.
    nationalities : tuple of str
        ISO 3166 codes, in lower case.
    sexes : tuple of str
        'male', 'female'.
    numbers : tuple of str
        Of identity documents and registers.
    body : bool
        Whether it is an organisation.
    """

    id: str
    names: tuple[str, ...]
    births: tuple[str, ...] = ()
    nationalities: tuple[str, ...] = ()
    sexes: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    body: bool = False

    @cached_property
    def parts(self) -> dict[str, tuple[tuple[script_variants.Part, ...], ...]]:
        """Each name in its parts, and in those that it has where an article is joined to one."""
        return {
            name: tuple(dict.fromkeys(map(script_variants.split_name, (name, JOINED.sub(r"\1 ", name)))))
            for name in self.names
        }

    @cached_property
    def words(self) -> dict[str, list[str]]:
        """Each name as its words, in the order of the alphabet."""
        return {name: sorted(normalise_name(name).split()) for name in self.names}

    @cached_property
    def keys(self) -> frozenset[str]:
        """Sounds and known names of all its names."""
        return frozenset().union(*(script_variants.list_keys(parts) for read in self.parts.values() for parts in read))

    @cached_property
    def normalised_numbers(self) -> frozenset[str]:
        """Numbers as they are compared."""
        return frozenset(filter(None, (normalise_name(number).replace(" ", "") for number in self.numbers)))


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two who may be one: to be verified with the source, and no finding. `reasons` for and `against`, the strongest first."""

    known: str
    listed: str
    reasons: tuple[str, ...]
    against: tuple[str, ...]


def screen_subjects(
    known: Iterable[Subject], listed: Sequence[Subject], common: list[Common] | None = None
) -> Iterator[Candidate]:
    """Hits of each of `known` among `listed`, those with the most reasons first, HITS at most.

    Who has more of them, or is near to more than COMPARED, is added to `common` with their number.
    """
    index, common = _Index(listed), [] if common is None else common
    for one in known:
        near, count = index.find_nearest(one)
        hits = [hit for other in near[:COMPARED] if (hit := _compare_subjects(one, listed[other]))]
        if len(hits) > HITS or count > COMPARED:
            common.append(Common("screening", next(iter(one.names), one.id), max(count, len(hits))))
        yield from sorted(hits, key=lambda hit: (len(hit.against), -len(hit.reasons), hit.listed))[:HITS]


class _Index:
    """A list by the parts of names, days of birth and numbers."""

    def __init__(self, listed: Sequence[Subject]) -> None:
        self.listed = listed
        self.by: dict[str, list[int]] = defaultdict(list)
        self.reached: dict[frozenset[str], frozenset[int]] = {}
        for place, one in enumerate(listed):
            for key in _list_keys(one):
                self.by[key].append(place)

    def find_nearest(self, one: Subject) -> tuple[list[int], int]:
        """Places of those that are worth a comparison, the nearest first (of one number, of one day of birth, of the most parts); how many.

        No more than SCANNED are looked at for each of these, the rarest parts first: of two parts that both share one is not the
        most common.
        """
        parts = {part for read in one.parts.values() for parts in read for part in parts}
        sharing = sorted((self._find_sharing(part) for part in parts), key=len)
        numbered = self._find_some(f"number {number}" for number in one.normalised_numbers)
        day = self._find_some(f"born {birth}" for birth in one.births if len(birth) == DAY)
        others = islice((place for places in sharing[:-1] for place in places), SCANNED)
        looked_at = numbered.union(day, others)
        shared = Counter(chain.from_iterable(looked_at & places for places in sharing))
        near = (
            place
            for place in looked_at
            if (shared[place] >= SHARED or place in numbered or (shared[place] and place in day))
            and self.listed[place].body == one.body
        )
        ordered = sorted(near, key=lambda place: (place not in numbered, place not in day, -shared[place], place))
        most = max(sum(map(len, sharing[:-1])), len(day), len(numbered))
        return ordered, most if most >= SCANNED else len(ordered)

    def _find_sharing(self, part: script_variants.Part) -> frozenset[int]:
        """Places of those that share a part of a name."""
        keys = frozenset(script_variants.list_keys((part,)))
        if keys not in self.reached:
            self.reached[keys] = frozenset(place for key in keys for place in self.by.get(key, ()))
        return self.reached[keys]

    def _find_some(self, keys: Iterable[str]) -> frozenset[int]:
        return frozenset(islice((place for key in keys for place in self.by.get(key, ())), SCANNED))


def _list_keys(one: Subject) -> Iterator[str]:
    yield from one.keys
    yield from (f"born {birth}" for birth in one.births if len(birth) == DAY)
    yield from (f"number {number}" for number in one.normalised_numbers)


def _compare_subjects(one: Subject, other: Subject) -> Candidate | None:
    """The hit of two, if their names or numbers are reason enough; none where a weak reason stands against their births."""
    strength, named = max((_compare_names(*pair, one, other) for pair in _pair_names(one, other)), default=(0, ""))
    numbers = one.normalised_numbers & other.normalised_numbers
    born, unlike = _compare_births(one.births, other.births)
    if not numbers and (not strength or (strength == WEAK and not born)):
        return None
    nation, foreign = _compare_values("nationality", one.nationalities, other.nationalities)
    _, sex = _compare_values("sex", one.sexes, other.sexes)
    reasons = [translate("reason.number", number=number) for number in sorted(numbers)]
    told, opposed = filter(None, (named, born, nation)), filter(None, (unlike, foreign, sex))
    return Candidate(one.id, other.id, (*reasons, *told), tuple(opposed))


def _pair_names(one: Subject, other: Subject) -> Iterator[tuple[str, str]]:
    return ((mine, theirs) for mine in one.names for theirs in other.names)


def _compare_names(mine: str, theirs: str, one: Subject, other: Subject) -> tuple[int, str]:
    """How strongly two names speak for one bearer, and why; (0, '') where they do not."""
    words, others = one.words[mine], other.words[theirs]
    if words and words == others:
        return (STRONG if len(words) > 1 else WEAK), translate("reason.name", name=theirs)
    if agreeing := [
        pair for pair in product(one.parts[mine], other.parts[theirs]) if script_variants.compute_parts_agreement(*pair)
    ]:
        if script_variants.detect_script(mine) != script_variants.detect_script(theirs):
            read = transliterate_name(mine) or transliterate_name(theirs)
            return STRONG, translate("reason.scripts", one=mine, other=theirs, read=read)
        if any(_is_spelled_alike(*pair) for pair in agreeing):
            whole = len(words) == len(others)
            told = translate("reason.spelled" if whole else "reason.shared", one=mine, other=theirs)
            return (STRONG if whole else WEAK), told
    shorter = min(words, others, key=len)
    part = len(shorter) == 1 and len(shorter[0]) > 2 and set(shorter) <= set(words) & set(others)
    return (WEAK, translate("reason.part_both", short=" ".join(shorter))) if part else (0, "")


def _is_spelled_alike(one: Sequence[script_variants.Part], other: Sequence[script_variants.Part]) -> bool:
    """Whether each part of the shorter name is spelled like one of the longer, or a form of the same known name."""
    from rapidfuzz.distance import JaroWinkler

    short, long = sorted((one, other), key=len)
    return all(
        any(part.known & each.known or JaroWinkler.similarity(part.spelled, each.spelled) >= SPELLED for each in long)
        for part in short
    )


def _compare_births(mine: Sequence[str], theirs: Sequence[str]) -> tuple[str, str]:
    """Reason for and reason against two dates of birth."""
    if not mine or not theirs:
        return "", ""
    both = [(one, other) for one in mine for other in theirs]
    if agreed := [min(pair, key=len) for pair in both if pair[0].startswith(pair[1]) or pair[1].startswith(pair[0])]:
        best = max(agreed, key=len)
        return translate("reason.born", date=best) if len(best) > YEAR else translate("reason.born_in", year=best), ""
    if turned := [other for one, other in both if _swap_day_month(one) == other]:
        return translate("reason.born_turned", date=turned[0]), ""
    return "", translate("reason.born_opposed", date=mine[0], other=theirs[0])


def _swap_day_month(date: str) -> str:
    year, _, rest = date.partition("-")
    month, _, day = rest.partition("-")
    return f"{year}-{day}-{month}" if day else ""


def _compare_values(what: str, mine: Sequence[str], theirs: Sequence[str]) -> tuple[str, str]:
    """Reason for where two share a value, against where both have some and share none."""
    shared = sorted(set(mine) & set(theirs))
    if shared:
        return translate(f"reason.{what}", shared=", ".join(shared)), ""
    opposed = translate(
        f"reason.{what}_opposed", **{what: ", ".join(sorted(mine)), f"{what}2": ", ".join(sorted(theirs))}
    )
    return "", opposed if mine and theirs else ""
