"""What the words of a header say a column is: concepts in many languages, and what each says for and against a field.

'callingPartyNumber', 'CALLING_PARTY_NUMBER' and 'callingpartynumber' say the same. A header never decides alone: what the
cells hold must agree (`workbench.ingest.calls.guess.column_guess`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from workbench.ingest.calls.field_meanings import describe_header_ground
from workbench.ingest.calls.guess.reading_choice import Ground
from workbench.ingest.calls.values import event_words
from workbench.ingest.calls.values.lexicon import FOLDER, WordMeaning, load_lexicon, normalise_words

ELSE = "else"
FILLER = "filler"
LOW, HIGH = -8.0, 7.0
FAINT = 0.3
"""A language with less of the headers than this share of the leading one's says nothing where the leading one speaks."""
FOREIGN = 0.5
"""What a word weighs, beside 1, of a language that no other header is in."""
SPOKEN = 0.5
"""Headers are in the language of the country, and in English as well: what English has of the leading language at the least."""
ENGLISH = "en"
KNOWN = 5.0
"""What a header says at the least that the list of known headers has."""
GLUED = 4
LONGEST = 40
ACRONYM = re.compile(r"^([a-z])(?=[A-Z]{2})")
INDEX = re.compile(r"\d+$")
LETTER = re.compile(r"(?<![A-Za-z])([ABC])(?![A-Za-z])")
PARTY = frozenset({"number", "msisdn", "party", "identity", "imei", "imsi", "call"})
UNITS = frozenset({"second", "minute"})
LETTERED = {"A": "caller", "B": "called", "C": "third"}
MANY, HALF = 4, 0.4
"""Headers, and their share, that may have one name with different figures, before the name says nothing."""
SAID = 1.0
"""Score from which on a header names a field."""
RULED = -4.0
"""Score at or below which it rules a field out."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What concepts say for or against a field.

    `rest`: what those say that are not listed; `needs`: concepts without one of which none says anything for it.
    """

    concepts: Mapping[str, float]
    rest: float
    needs: frozenset[str] = frozenset()


@lru_cache(maxsize=1)
def load_field_weights() -> dict[str, Weights]:
    """What concepts say of each field."""
    import tomllib

    data = tomllib.loads((FOLDER / "fields.toml").read_text("utf-8"))
    return {name: _build_weights(one) for name, one in data.items()}


def _build_weights(data: Mapping[str, float | list[str]]) -> Weights:
    plain = {name: float(weight) for name, weight in data.items() if not isinstance(weight, list)}
    needs = data.get("needs", [])
    return Weights(plain, plain.pop(ELSE), frozenset(needs if isinstance(needs, list) else []))


@lru_cache(maxsize=4096)
def find_meanings(header: str) -> tuple[WordMeaning, ...]:
    """What the words of a header name, in every language; a letter A, B or C beside a word for numbers or parties is that party."""
    words = tuple(piece for word in map(normalise_words, _split_header(header)) for piece in _split_compound(word))
    found = load_lexicon().find_meanings(words)
    letters = LETTER.findall(header.replace("_", " "))
    named = {one.concept for one in found if one.weight == 1}
    if len(letters) == 1 and named & PARTY and not named & {"third", "called", "caller", "other"}:
        found.append(WordMeaning(LETTERED[letters[0]], ENGLISH, 1.0, len(words)))
    return tuple(found)


def _split_header(header: str) -> tuple[str, ...]:
    """Words of a header without a number behind the last one: 'Cell 1' and 'Cell' say the same."""
    capital = ACRONYM.sub(lambda match: match[1].upper(), header)
    return event_words.split_words(INDEX.sub("", capital))


def _find_numbered_headers(headers: Sequence[str]) -> frozenset[str]:
    """Headers that are nothing but one name with figures behind it, as many others are: 'F1', 'Campo_02'. They say nothing."""
    stems = {header: INDEX.sub("", header).casefold() for header in headers}
    often = Counter(stem for header, stem in stems.items() if stem != header.casefold())
    return frozenset(header for header, stem in stems.items() if often[stem] >= max(MANY, HALF * len(headers)))


def compute_language_shares(headers: Sequence[str]) -> dict[str, float]:
    """Share of each language in the headers of a table, 1 for the leading one. A word of few languages says most."""
    shares: dict[str, float] = defaultdict(float)
    for header in headers:
        by_place: dict[int, set[str]] = defaultdict(set)
        for one in find_meanings(header):
            by_place[one.at].add(one.language)
        for told in by_place.values():
            for language in told:
                shares[language] += 1 / len(told)
    most = max(shares.values(), default=1.0)
    found = {language: share / most for language, share in shares.items()}
    return found | {ENGLISH: max(found.get(ENGLISH, 0.0), SPOKEN)}


def list_word_concepts(header: str, spoken: Mapping[str, float] | None = None) -> list[dict[str, float]]:
    """For each word of a header that is known: what it can name, with weights; by the languages of the other headers."""
    by_place: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
    shares: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
    for one in find_meanings(header):
        place, share = (one.at, one.inside), 1.0 if spoken is None else spoken.get(one.language, 0.0)
        by_place[place][one.concept] = max(by_place[place].get(one.concept, 0.0), one.weight)
        shares[place][one.concept] = max(shares[place].get(one.concept, 0.0), share)
    made = []
    whole = {concept for named in by_place.values() for concept in named} >= {"area", "cellno"}
    for place, named in by_place.items():
        most = max(shares[place].values())
        kept = {
            name: weight * min(1.0, FOREIGN + shares[place][name])
            for name, weight in named.items()
            if shares[place][name] >= FAINT * most
        }
        made.append({"cell" if whole and name in ("area", "cellno") else name: weight for name, weight in kept.items()})
    return made


def score_fields(header: str, spoken: Mapping[str, float] | None = None) -> dict[str, float]:
    """What a header says for (above nothing) or against each field. Words that can mean several things have the benefit of it."""
    named = list_word_concepts(header, spoken)
    return {field: _compute_score(weights, named) for field, weights in load_field_weights().items()} if named else {}


def _compute_score(weights: Weights, named: Sequence[Mapping[str, float]]) -> float:
    """Sum over words of the best that each can say; a concept that several words name counts once."""
    gains: dict[str, float] = {}
    loss = 0.0
    for word in named:
        told = {
            concept: _weigh_score(weights.concepts.get(concept, weights.rest), weight)
            for concept, weight in word.items()
        }
        if FILLER in told:
            told[FILLER] = 0.0
        best = max(told, key=lambda concept: told[concept])
        if told[best] >= 0:
            gains[best] = max(gains.get(best, 0.0), told[best])
        else:
            loss = min(loss, told[best])
    if weights.needs and not weights.needs & {concept for word in named for concept in word}:
        gains = {}
    return min(max(sum(gains.values()) + loss, LOW), HIGH)


def _weigh_score(says: float, weight: float) -> float:
    """What a word says with its weight; a shortened or foreign one says less against a field than for one."""
    return says * weight if says > 0 else says * weight * weight


@lru_cache(maxsize=4096)
def find_named_fields(header: str) -> dict[str, float]:
    """Fields that the words of a header name, with weights."""
    return {field: score for field, score in score_fields(header).items() if score >= SAID}


@lru_cache(maxsize=4096)
def list_excluded_fields(header: str) -> frozenset[str]:
    """Fields that a header rules out, whatever the cells look like."""
    return frozenset(field for field, score in score_fields(header).items() if score <= RULED)


@lru_cache(maxsize=4096)
def list_header_words(header: str) -> frozenset[str]:
    """Words of a header, glued ones taken apart."""
    return frozenset(
        piece for word in map(normalise_words, _split_header(header)) if word for piece in _split_compound(word)
    )


def _split_compound(word: str) -> tuple[str, ...]:
    """English words of which a word is put together: 'callingnumber'; the word itself where it is none."""
    known = _load_english_words()
    if word in known or not 2 * GLUED <= len(word) <= LONGEST or not word.isascii():
        return (word,)
    ends: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(GLUED, len(word) + 1):
        ways = [(*ends[at], word[at:end]) for at in ends if word[at:end] in known]
        if ways:
            ends[end] = min(ways, key=len)
    return ends.get(len(word), (word,))


@lru_cache(maxsize=1)
def _load_english_words() -> frozenset[str]:
    """English words that are glued together in names of fields."""
    lists = load_lexicon()
    entries = [one for group in (lists.whole, lists.stems) for many in group.values() for one in many]
    return frozenset(
        one.words[0]
        for one in entries
        if one.language == ENGLISH and len(one.words) == 1 and len(one.words[0]) >= GLUED
    )


def has_unit(header: str) -> bool:
    """Whether a header says in brackets in what its durations are: '(s)', '[mm:ss]'."""
    inside = re.findall(r"[(\[]([^)\]]{1,16})[)\]]", header[: event_words.LONGEST])
    named = [find_meanings(text) for text in inside]
    told = [{one.concept for one in found if one.weight == 1} for found in named]
    return any(one & UNITS and one <= UNITS | {FILLER, "clock"} for one in told)


class Heads:
    """What the headers of a table say, each by the languages of all of them.

    Parameters
    ----------
    names : sequence of str
        Headers.
    known : mapping
        Fields of headers that the list of known headers has.
    """

    def __init__(self, names: Sequence[str], known: Mapping[str, str]) -> None:
        spoken = compute_language_shares(names)
        self.known = known
        bare = _find_numbered_headers(names)
        self._scores = {name: {} if name in bare else score_fields(name, spoken) for name in names}
        self._concepts = {name: [] if name in bare else list_word_concepts(name, spoken) for name in names}

    def score_field(self, name: str, field: str) -> float:
        """What a header says for (above nothing) or against a field."""
        said = self._scores[name].get(field, 0.0)
        if known := self.known.get(name):
            return max(said, KNOWN) if known == field else min(said, HIGH) - KNOWN / 2
        return said

    def build_ground(self, name: str, field: str) -> Ground:
        """The same as a ground for taking it."""
        points = self.score_field(name, field)
        return Ground(points, field, describe_header_ground(field) if points >= SAID else "")

    def rank_fields(self, name: str) -> list[str]:
        """Fields that a header names, the likeliest first."""
        named = {field for field, score in self._scores[name].items() if score >= SAID}
        named |= {self.known[name]} if name in self.known else set()
        return sorted(named, key=lambda field: -self.score_field(name, field))

    def is_charge(self, name: str) -> bool:
        """Whether a header names a price or a billed length."""
        return bool(self.list_concepts(name) & {"price", "billed"}) and not self.list_concepts(name) & {"zone", "route"}

    def list_concepts(self, name: str) -> set[str]:
        """Concepts that a header names."""
        return {concept for word in self._concepts[name] for concept in word}

    def is_silent(self, name: str) -> bool:
        """Whether no word of a header is known."""
        return not self._scores[name] and name not in self.known
