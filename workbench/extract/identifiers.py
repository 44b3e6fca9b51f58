"""Identifiers in text: found by form, check digit and the words around them; the longest wins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version

from workbench.extract import codes, dates, numbers
from workbench.extract.kinds import KINDS, Found
from workbench.extract.method import Method, Span, suggest
from workbench.model.issues import issue
from workbench.model.rows import Claim, Issue, Passage

NAME = "identifiers"
RULES = "1"
"""Number of the rules; raised when what they find changes."""
DECIDERS = ("phonenumbers", "python-stdnum", "schwifty")
"""Libraries whose tables decide what is an identifier."""
ORDER = {kind: number for number, kind in enumerate(KINDS)}
FIX = "Look at the source: a digit may be missing, doubled or wrong. State the right identifier by hand if it is known."


def identifiers(region: str = "") -> Method:
    """Method that reads identifiers.

    Parameters
    ----------
    region : str
        ISO 3166-1 alpha-2 code of the country whose national telephone numbers are read without words that say so.
    """
    region = region.upper()
    version_string = "+".join([RULES, *([region] if region else []), *(f"{name}-{version(name)}" for name in DECIDERS)])

    def extract(passages: Sequence[Passage]) -> Iterator[Claim]:
        for passage in passages:
            for found in find(passage.text, region):
                if not found.wrong:
                    yield _claim(passage, found, version_string)

    return Method(NAME, version_string, extract)


def doubtful(passages: Iterable[Passage], region: str = "") -> Iterator[Issue]:
    """Issues 'bad-identifier' of what is written like an identifier and fails its check."""
    for passage in passages:
        for found in find(passage.text, region.upper()):
            if found.wrong:
                written = passage.text[found.start : found.end]
                place = f"passage {passage.number}, characters {found.start}-{found.end}"
                yield issue(
                    "bad-identifier",
                    f"{written!r}: {found.wrong}.",
                    fix=FIX,
                    document_id=passage.document_id,
                    place=place,
                )


def find(text: str, region: str = "") -> list[Found]:
    """Identifiers in a text in order, none overlapping: the longest wins, then the valid one, then the earlier in KINDS.

    Those with `wrong` set look like one and fail their check; they still keep weaker readings of their place away.
    """
    candidates = sorted(
        _candidates(text, region), key=lambda f: (f.start - f.end, bool(f.wrong), ORDER[f.kind], f.start)
    )
    chosen: list[Found] = []
    taken = bytearray(len(text))
    for found in candidates:
        if not any(taken[found.start : found.end]):
            taken[found.start : found.end] = b"\x01" * (found.end - found.start)
            chosen.append(found)
    return sorted(chosen, key=lambda f: f.start)


def _candidates(text: str, region: str) -> Iterator[Found]:
    if "@" in text:
        yield from codes.emails(text)
    if "." in text:
        yield from codes.urls(text)
    yield from codes.bics(text)
    if not any(c.isdigit() for c in text):
        return
    yield from codes.addresses(text)
    yield from numbers.telephones(text, region)
    for finder in FINDERS:
        yield from finder(text)


FINDERS = (
    codes.ibans, codes.wallets, codes.coordinates, numbers.handsets, numbers.sims, numbers.cards,
    numbers.accounts, numbers.vehicles, numbers.papers, dates.dates, dates.amounts,
)  # fmt: skip


def _claim(passage: Passage, found: Found, version_string: str) -> Claim:
    kind = KINDS[found.kind]
    key = kind.key(found.value)
    return suggest(
        passage, Span(found.start, found.end), kind.schema, kind.prop, key, by=(NAME, version_string, kind.confidence)
    )
