"""The language of a text. Which model reads a passage, how its dates are read and how it is searched hang on it.

References
----------
M. Lui, T. Baldwin, langid.py: An off-the-shelf language identification tool, ACL 2012 (here as py3langid).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, MutableMapping
from functools import lru_cache
from importlib.metadata import version
from types import MappingProxyType
from typing import TYPE_CHECKING

from workbench.model.rows import Passage

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

KNOWN = ("ar", "de", "en", "es", "fa", "fr", "it", "nl", "pl", "pt", "ru", "tr", "uk")
"""Languages that are told apart (ISO 639-1). The workbench reads names in four of them; the others are here so that a Dutch
or Russian text is not taken for English. A language outside the list comes out as its nearest relative in it."""
RULES = "1"
UNKNOWN = "und"
"""ISO 639-2: undetermined."""
DAY_FIRST = frozenset(KNOWN) - {"en"}
"""Languages in which 3/4/2024 is the third of April. In English it can be either."""
SURE = 0.75
"""Probability from which the answer counts. On 400 made-up passages of four languages (tests/quality) none was wrong."""
LETTERS, WORDS = 8, 2
"""A text of fewer says nothing: 'ok', a name, a number."""
LONGEST = 2000
"""Characters that are looked at."""
SCRIPTS = ("LATIN", "ARABIC", "CYRILLIC")
ADDRESS, FIGURES = re.compile(r"://|www\.|@"), re.compile(r"[\d_]+")
"""Marks of an address; figures. Neither has a language."""


@lru_cache(maxsize=4096)
def detect_language(text: str) -> str:
    """ISO 639-1 code of the language of a text, 'und' where it is too short, mixed, or in a script that is not read.

    >>> detect_language("The container leaves on Friday night.")
    'en'
    >>> detect_language("ok")
    'und'
    """
    words = (word for word in text[:LONGEST].split() if not ADDRESS.search(word))
    plain = FIGURES.sub(" ", " ".join(words))
    if sum(map(str.isalpha, plain)) < LETTERS or len(plain.split()) < WORDS or detect_script(plain) not in SCRIPTS:
        return UNKNOWN
    code, probability = _load_identifier().classify(plain)
    return str(code) if probability >= SURE else UNKNOWN


def detect_script(text: str) -> str:
    """Script of most letters of a text by its Unicode name ('LATIN', 'ARABIC', 'CYRILLIC', 'CJK', ...), '' without letters."""
    names: Counter[str] = Counter()
    for letter, number in Counter(filter(str.isalpha, text[:LONGEST])).items():
        names[_get_letter_script(letter)] += number
    return max(names, key=lambda name: (names[name], name)) if names else ""


def get_version() -> str:
    """Version of the rules, of the library, and of what it tells apart."""
    return f"{RULES}+{version('py3langid')}+{SURE}+{'-'.join(KNOWN)}"


def detect_languages(
    passages: Iterable[Passage], detected: MutableMapping[str, str] | None = None
) -> Mapping[str, str]:
    """Passage id -> language. What is too short takes the language of most of its document, 'und' where that has none.

    Parameters
    ----------
    detected : dict, optional
        Passage id -> language that its text shows by itself, of passages that are not looked at again; it grows by the others.
    """
    detected = {} if detected is None else detected
    own: dict[str, str] = {}
    documents: dict[str, str] = {}
    length: dict[str, Counter[str]] = defaultdict(Counter)
    for passage in passages:
        code = detected.get(passage.id) or detected.setdefault(passage.id, detect_language(passage.text))
        own[passage.id], documents[passage.id] = code, passage.document_id
        length[passage.document_id][own[passage.id]] += len(passage.text)
    main = {document: _find_commonest_language(counts) for document, counts in length.items()}
    return MappingProxyType({key: code if code != UNKNOWN else main[documents[key]] for key, code in own.items()})


def compute_share(spoken: Mapping[str, str], code: str = "en") -> tuple[float, int]:
    """Share of passages of a language among those whose language is known, in [0, 1], and how many those are."""
    counts = Counter(spoken.values())
    known = sum(counts.values()) - counts[UNKNOWN]
    return (counts[code] / known if known else 1.0), known


def _find_commonest_language(counts: Counter[str]) -> str:
    known = {code: number for code, number in counts.items() if code != UNKNOWN}
    return max(known, key=lambda code: (known[code], code)) if known else UNKNOWN


@lru_cache(maxsize=4096)
def _get_letter_script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split(" ", 1)[0]


@lru_cache(maxsize=1)
def _load_identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    made = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    made.set_languages(list(KNOWN))
    return made
