"""Identifiers in text: found by form, check digit and the words around them; the longest wins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.metadata import version
from types import MappingProxyType

from workbench.extract.extraction_method import Method, Span, suggest_claim
from workbench.extract.identifiers import amounts, coded_identifiers, dates, number_identifiers
from workbench.extract.identifiers.identifier_types import KINDS, IdentifierMatch
from workbench.extract.languages import DAY_FIRST, detect_language
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Claim, Issue, Passage
from workbench.model.text.normalise import normalise_digits

NAME = "identifiers"
RULES = "2"
"""Number of the rules; raised when what they find changes."""
DECIDERS = ("phonenumbers", "python-stdnum", "schwifty")
"""Libraries whose tables decide what is an identifier."""
ORDER = {kind: number for number, kind in enumerate(KINDS)}
NOTHING: Mapping[str, str] = MappingProxyType({})


def build_identifier_method(region: str = "", spoken: Mapping[str, str] = NOTHING) -> Method:
    """Method that reads identifiers.

    Parameters
    ----------
    region : str
        ISO 3166-1 alpha-2 code of the country whose national telephone numbers are read without words that say so.
    spoken : mapping
        Passage id -> language (`languages.detect_languages`); of others the text alone tells it. It decides which comes first in
        3/4/2024.
    """
    region = region.upper()
    version_string = "+".join([RULES, *([region] if region else []), *(f"{name}-{version(name)}" for name in DECIDERS)])

    def extract(passages: Sequence[Passage]) -> Iterator[Claim]:
        for passage in passages:
            for found in find_identifiers(passage.text, region, spoken.get(passage.id, "")):
                if not found.wrong:
                    yield _build_claim(passage, found, version_string)

    return Method(NAME, version_string, extract)


def find_issues(passages: Iterable[Passage], region: str = "", spoken: Mapping[str, str] = NOTHING) -> Iterator[Issue]:
    """Issues 'bad-identifier' of what fails its check, and 'other-calendar' of dates that are kept as written."""
    for passage in passages:
        for found in find_identifiers(passage.text, region.upper(), spoken.get(passage.id, "")):
            told = found.wrong or found.note
            if told:
                written = passage.text[found.start : found.end]
                place = f"passage {passage.number}, characters {found.start}-{found.end}"
                yield build_issue(
                    "bad-identifier" if found.wrong else "other-calendar",
                    Sentence("counted.doubt", text=repr(written), check=told),
                    fix=Sentence("fix.look.digit" if found.wrong else "fix.say.calendar"),
                    document_id=passage.document_id,
                    place=place,
                )


def find_identifiers(text: str, region: str = "", spoken: str = "") -> list[IdentifierMatch]:
    """Identifiers in a text in order, none overlapping: the longest wins, then the valid one, then the earlier in KINDS.

    Those with `wrong` set look like one and fail their check; they still keep weaker readings of their place away. Digits of
    Arabic and Persian are read as those of English. `spoken`: language of the text, '' to look at the text alone.
    """
    text = normalise_digits(text)
    day_first = bool(dates.NUMERIC.search(text)) and (spoken or detect_language(text)) in DAY_FIRST
    return list(_find_in_text(text, region, day_first=day_first))


@lru_cache(maxsize=4096)
def _find_in_text(text: str, region: str, *, day_first: bool) -> tuple[IdentifierMatch, ...]:
    """A message is checked, read and linked by the same words."""
    candidates = sorted(
        _find_candidates(text, region, day_first=day_first),
        key=lambda f: (f.start - f.end, bool(f.wrong), ORDER[f.kind], f.start),
    )
    chosen: list[IdentifierMatch] = []
    taken = bytearray(len(text))
    for found in candidates:
        if not any(taken[found.start : found.end]):
            taken[found.start : found.end] = b"\x01" * (found.end - found.start)
            chosen.append(found)
    return tuple(sorted(chosen, key=lambda f: f.start))


def _find_candidates(text: str, region: str, *, day_first: bool) -> Iterator[IdentifierMatch]:
    if "@" in text:
        yield from coded_identifiers.find_emails(text)
    if "." in text:
        yield from coded_identifiers.find_urls(text)
    yield from coded_identifiers.find_bics(text)
    if not any(c.isdigit() for c in text):
        return
    yield from coded_identifiers.find_ip_addresses(text)
    yield from number_identifiers.find_telephones(text, region)
    for finder in FINDERS:
        yield from finder(text)
    yield from dates.find_dates(text, day_first=day_first)


FINDERS = (
    coded_identifiers.find_ibans, coded_identifiers.find_wallets, coded_identifiers.find_coordinates,
    number_identifiers.find_handsets, number_identifiers.find_sim_cards, number_identifiers.find_payment_cards,
    number_identifiers.find_accounts,
    number_identifiers.find_vehicles, number_identifiers.find_identity_documents, amounts.find_amounts,
)  # fmt: skip


def _build_claim(passage: Passage, found: IdentifierMatch, version_string: str) -> Claim:
    kind = KINDS[found.kind]
    key = kind.key(found.value)
    return suggest_claim(
        passage, Span(found.start, found.end), kind.schema, kind.prop, key, by=(NAME, version_string, kind.confidence)
    )
