"""What the words of a header say a column is: phrases of the list, start or end, and words that speak against it.

'callingPartyNumber', 'CALLING_PARTY_NUMBER' and 'callingpartynumber' say the same. A header never decides alone: what the
cells hold must agree (`workbench.ingest.calls.columns`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from workbench.ingest.calls import events

WORDS = Path(__file__).parent / "words.yml"
LESS = 1.0
"""What a word that speaks against a meaning takes away: as much as a word gives."""
WHOLE = 0.6
"""What a header gets whose every word is known for the meaning: 'Duration' goes before 'Duration of ringing'."""
SHORTEST = 3
LONGEST = 40
ARTICLE = "ال"
ACRONYM = re.compile(r"^([a-z])(?=[A-Z]{2})")
NUMBERS = frozenset({"a", "b", "target"})
FIRST_TIMES = {"date": "date", "time": "time", "start": "start"}
LAST_TIMES = {"date": "end_date", "time": "end_time", "start": "end"}
OF_START = frozenset({
    "start", "date", "time", "first_cell", "lac", "ci", "point", "lat", "lon", "azimuth", "cell_name",
})  # fmt: skip
"""Meanings that a column about the end of a call does not have."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must be there and words that must not; `alone`: and no others."""

    wanted: frozenset[str]
    without: frozenset[str]
    alone: bool = False

    def fits(self, there: frozenset[str]) -> bool:
        """Whether a header of these words has the phrase."""
        return self.wanted <= there and not self.without & there and not (self.alone and there - self.wanted)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The list of words. `less`, `never`: from a meaning to words that speak against it, or rule it out."""

    phrases: Mapping[str, tuple[Phrase, ...]]
    less: Mapping[str, frozenset[str]]
    never: Mapping[str, frozenset[str]]
    sets: Mapping[str, frozenset[str]]
    vocabulary: frozenset[str] = field(default_factory=frozenset)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The list of words, as it lies beside this file."""
    import yaml

    data = yaml.safe_load(WORDS.read_text("utf-8"))
    phrases = {name: tuple(_phrase(str(text)) for text in texts) for name, texts in data["is"].items()}
    groups = {name: {key: _set(texts) for key, texts in data[name].items()} for name in ("less", "never", "words")}
    plain = (word for many in phrases.values() for one in many for word in one.wanted)
    others = (word for group in groups.values() for words in group.values() for word in words)
    known = frozenset(word for word in (*plain, *others) if len(word) >= SHORTEST)
    return Lexicon(phrases, groups["less"], groups["never"], groups["words"], known)


def _set(texts: list[object]) -> frozenset[str]:
    return frozenset(word for text in texts for word in events.words(str(text)))


def _phrase(text: str) -> Phrase:
    alone, parts = text.startswith("="), text.removeprefix("=").split()
    wanted = frozenset(word for part in parts if not part.startswith("!") for word in events.words(part))
    return Phrase(wanted, frozenset(w for part in parts if part.startswith("!") for w in events.words(part[1:])), alone)


@lru_cache(maxsize=4096)
def parts(header: str) -> frozenset[str]:
    """Words of a header, glued ones taken apart, Arabic ones also without their article."""
    capital = ACRONYM.sub(lambda match: match[1].upper(), header)
    found = frozenset(piece for word in events.words(capital) for piece in _apart(word))
    return found | {word[2:] for word in found if word.startswith(ARTICLE) and len(word) > 4}


def _apart(word: str) -> tuple[str, ...]:
    """Known words of which a word is put together: 'callingnumber'; the word itself where it is none."""
    known = lexicon().vocabulary
    if word in known or not 2 * SHORTEST <= len(word) <= LONGEST or not word.isascii():
        return (word,)
    ends: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(SHORTEST, len(word) + 1):
        ways = [(*ends[at], word[at:end]) for at in ends if word[at:end] in known]
        if ways:
            ends[end] = min(ways, key=len)
    return ends.get(len(word), (word,))


def said_by(header: str) -> dict[str, float]:
    """Fields that the words of a header name, weighed by how many words do and how many say something else."""
    there, lists = parts(header), lexicon()
    said: dict[str, set[str]] = {}
    best: dict[str, float] = {}
    for name, phrases in lists.phrases.items():
        fitting = [one.wanted for one in phrases if one.fits(there)]
        if fitting:
            best[name] = float(max(map(len, fitting)))
            said[name] = set().union(*fitting)
    _ends(there, best, said)
    rest = there - lists.sets["filler"]
    ranked = {name: weight for name, weight in _ranked(best).items() if not there & lists.never.get(name, frozenset())}
    return {
        name: weight + WHOLE * _share(rest, said[name]) - LESS * bool(there & lists.less.get(name, frozenset()))
        for name, weight in ranked.items()
    }


def _share(rest: frozenset[str], said: set[str]) -> float:
    plain = {word for word in rest if not (word.startswith(ARTICLE) and word[2:] in rest)}
    return len(plain & said) / len(plain) if plain else 1.0


def _ends(there: frozenset[str], best: dict[str, float], said: dict[str, set[str]]) -> None:
    """Words for start and end beside words for cells, dates and times: 'CGI fin', 'Uhrzeit Ende'."""
    sets = lexicon().sets
    first, last = there & sets["first"], there & sets["last"]
    if bool(first) == bool(last):
        return
    cells, whole = there & sets["cells"], "first_cell" if first else "last_cell"
    if cells and not (first and best.keys() & {"lac", "ci"} and not best.get("first_cell")):
        best[whole] = max(best.get(whole, 0.0), 2.0)
        said[whole] = said.get(whole, set()) | cells | first | last
    for name, other in (FIRST_TIMES if first else LAST_TIMES).items():
        if name in best and said[name] & sets["times"]:
            best[other] = max(best.get(other, 0.0), 2.0)
            said[other] = said.get(other, set()) | said[name] | first | last
    for name in said.keys() & OF_START:
        said[name] |= first
        if last:
            best.pop(name, None)
    if first:
        best.pop("last_cell", None)


def _ranked(found: dict[str, float]) -> dict[str, float]:
    """The words weighed: 'called' and 'calling' outrank 'subscriber', 'forwarded' outranks both."""
    if "forwarded" in found:
        found = {name: weight for name, weight in found.items() if name not in NUMBERS}
    if found.keys() & {"a", "b"}:
        found.pop("target", None)
    return found


def ruled_out(header: str) -> frozenset[str]:
    """Meanings that a header rules out, whatever the cells look like."""
    there, lists = parts(header), lexicon()
    out = {name for name, words in lists.never.items() if words & there}
    if there & lists.sets["last"] and not there & lists.sets["first"]:
        out |= OF_START
    return frozenset(out)


def has_unit(header: str) -> bool:
    """Whether a header says in brackets in what its durations are: '(s)', '[mm:ss]'."""
    inside = re.findall(r"[(\[]([^)\]]{1,16})[)\]]", header[: events.LONGEST])
    units = lexicon().sets["units"]
    return any(found and found <= units for found in (frozenset(events.words(text)) for text in inside))
