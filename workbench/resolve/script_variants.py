"""Names that may be one although they are written in two scripts: 'كريم الفاسي' and 'Karim al-Fassi'.

Two things are compared, part by part: whether both are forms of one known name (rigour's list, out of Wikidata), and whether
they have the same consonants once both are in Latin letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from workbench.model.text.normalise import normalise_name
from workbench.model.text.transliteration import transliterate_name

ENOUGH = 0.8
"""Likeness of consonants in [0, 1] from which two parts count as one."""
PARTS = 2
"""Parts that must agree: a single given name is shared by many."""
COMMON = 60
"""Names that share a part are compared only up to this number: more of them say that the part is common."""
PARTICLES = frozenset("al el ul bin ben ibn bint abu abi umm de la von van der".split())
SOUNDS = (
    ("tch", "S"), ("sch", "S"), ("sh", "S"), ("ch", "S"), ("kh", "k"), ("gh", "k"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("zh", "j"),
    ("ts", "s"), ("ck", "k"), ("x", "ks"), ("q", "k"), ("g", "k"), ("c", "k"), ("z", "s"), ("p", "b"), ("v", "f"),
)  # fmt: skip
"""Consonants that one script writes for what the other has: folded into one."""
SERVANT, SERVES = re.compile(r"^abd(?:ul|el|al|oul)?$"), "abd"  # codespell:ignore abd
"""The first half of names such as Abdul Rahman, however it is written."""
ARTICLE = re.compile(r"\b[ae]l-", re.IGNORECASE)
SILENT = re.compile(r"[aeiouywh'’\-]")
DOUBLE = re.compile(r"(.)\1+")


def find_pairs(names: Sequence[str]) -> Iterator[tuple[str, str, float]]:
    """Pairs of names in different scripts that may be one, and how well they agree in [0, 1].

    Quick: names are compared only where they share a part; nothing is done where all names of several parts are in one script.
    """
    scripts = {name: detect_script(name) for name in dict.fromkeys(names) if len(_split_words(name)) >= PARTS}
    if len({each for each in scripts.values() if each}) < 2:
        return
    groups: dict[str, list[str]] = defaultdict(list)
    for name in scripts:
        for key in sorted(list_keys(split_name(name))):
            groups[key].append(name)
    seen: set[tuple[str, str]] = set()
    for group in groups.values():
        if len(group) > COMMON:
            continue
        for one, other in combinations(group, 2):
            if scripts[one] != scripts[other] and (one, other) not in seen:
                seen.add((one, other))
                score = compute_agreement(one, other)
                if score:
                    yield one, other, score


def compute_agreement(one: str, other: str) -> float:
    """How well two names agree in [0, 1]: 0 unless every part of the shorter has its like in the longer, two parts at least."""
    return compute_parts_agreement(split_name(one), split_name(other))


def compute_parts_agreement(one: Sequence[Part], other: Sequence[Part]) -> float:
    """The same of names in their parts."""
    short, long = sorted((one, other), key=len)
    if len(short) < PARTS:
        return 0.0
    left = list(range(len(long)))
    total = 0.0
    for part in short:
        score, at = max(((_compute_similarity(part, long[row]), -row) for row in left), default=(0.0, 0))
        if score < ENOUGH:
            return 0.0
        left.remove(-at)
        total += score
    return (
        total / len(long) if len(long) - len(short) > 1 else total / len(short) * (1 - 0.1 * (len(long) - len(short)))
    )


def detect_script(name: str) -> str:
    """Script of the first letter by its Unicode name ('LATIN', 'ARABIC'), '' without letters."""
    letter = next((c for c in name if c.isalpha()), "")
    return unicodedata.name(letter, "").split(" ", 1)[0] if letter else ""


@lru_cache(maxsize=8192)
def extract_consonants(part: str) -> str:
    """Consonants of a part of a name in Latin letters, folded so that the ways of writing it fall together."""
    form = normalise_name(part)
    for written, sound in SOUNDS:
        form = form.replace(written, sound)
    first = "a" if form[:1] and SILENT.match(form[0]) and form[0] not in "wyh" else ""
    return DOUBLE.sub(r"\1", first + SILENT.sub("", form)) or form


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a name: its consonants, how it is spelled in Latin letters, the known names that it is a form of."""

    sound: str
    spelled: str
    known: frozenset[str]


@lru_cache(maxsize=8192)
def split_name(name: str) -> tuple[Part, ...]:
    """Parts of a name, without particles."""
    known = _list_known_forms(name)
    return tuple(
        Part(extract_consonants(form), form, known.get(word, frozenset())) for word, form in _split_words(name)
    )


@lru_cache(maxsize=8192)
def _split_words(name: str) -> tuple[tuple[str, str], ...]:
    """Words of a name without particles, each as it is written and in Latin letters, both normalised."""
    latin = transliterate_name(name) or name
    words = [word for word in re.split(r"[\s\-]+", normalise_name(name).replace("'", " ")) if word]
    spelled = [word for word in re.split(r"[\s]+", ARTICLE.sub("", latin)) if word]
    if len(words) != len(spelled):
        words = [normalise_name(word) for word in spelled]
    made = []
    for word, shown in zip(words, spelled, strict=True):
        form = SERVANT.sub(SERVES, normalise_name(shown))
        if form not in PARTICLES and extract_consonants(form):
            made.append((word, form))
    return tuple(made)


def list_keys(name: Sequence[Part]) -> set[str]:
    """Sounds and known names by which a name in its parts is looked up."""
    return {part.sound for part in name if len(part.sound) > 1}.union(*(part.known for part in name))


def _compute_similarity(one: Part, other: Part) -> float:
    from rapidfuzz.distance import Levenshtein

    if one.known & other.known:
        return 1.0
    if (
        one.known and other.known
    ):  # two known names that are not one, as Hassan and Hussein, unless they are spelled alike
        same = one.sound == other.sound
        return float(Levenshtein.normalized_similarity(one.spelled, other.spelled)) if same else 0.0
    if min(len(one.sound), len(other.sound)) < 2:
        return 0.0
    return float(Levenshtein.normalized_similarity(one.sound, other.sound))


def is_known_name(word: str) -> bool:
    """Whether rigour's list of personal names has the word."""
    return bool(_list_known_forms(word))


@lru_cache(maxsize=8192)
def _list_known_forms(name: str) -> dict[str, frozenset[str]]:
    """Word of a name -> names of rigour's list that it is a form of."""
    from rigour.names import NameTypeTag, analyze_names

    made: dict[str, set[str]] = defaultdict(set)
    for each in analyze_names(NameTypeTag.PER, [name]):
        for span in each.spans:
            if span.symbol.category.value == "NAME" and len(span.parts) == 1:
                made[normalise_name(span.parts[0].form)].add(str(span.symbol.id))
    return {word: frozenset(ids) for word, ids in made.items()}
