"""Limits of single values that come from outside: times, numbers, positions and the lengths of texts.

What lies beyond them cannot be reckoned with or shown. Whoever takes rows in leaves it out and says so (`bounds`); the source
keeps it as it came.
"""

from __future__ import annotations

import re

from workbench.model.schema import CAPTIONS, IDENTIFYING, NAMES
from workbench.model.time_zones import is_far

LABEL, VALUE, PASSAGE = 1_000, 65_000, 10_000
"""Characters of a name or title, of any other value (FollowTheMoney's own limit for a text), and of a passage."""
LARGEST = float(1 << 63)
"""Numbers are smaller than this."""
DEGREES = {"latitude": 90.0, "longitude": 180.0}
"""What a position may have on either side of nought (WGS 84)."""
DATES = frozenset(
    """authoredAt awardNoticeDate awardingDate balanceDate birthDate buildDate clarificationDeadline closeDate closingDate contractDate
    contractNoticeDate createDate createdAt creationDate date deathDate declarationDate deregistrationDate dissolutionDate
    electionDate endDate fileDate inceptionDate incorporationDate issueDate listingDate maturityDate maxBalanceDate modifiedAt
    nameChangeDate openingDate periodEnd periodStart processedAt publicationDate publishedAt registrationDate retrievedAt startDate
    submissionDeadline""".split()
)
"""Properties that are dates in the vocabulary."""
NUMBERS = frozenset(
    """amount amountEur amountUsd area balance capital confidenceScore deadweightTonnage duration fileSize grossRegisteredTonnage height
    index latitude longitude maxBalance maximumNumberOfLots numberOfLots numberOfSeats rowCount samplingRate tonnage weight""".split()
)
"""Properties that are numbers in the vocabulary."""
LABELS = frozenset({*NAMES, *IDENTIFYING, *(prop for props in CAPTIONS.values() for prop in props)}) - NUMBERS
"""Properties whose values name a thing in a list, on a chart, in a sentence."""
HALVES = re.compile("[\ud800-\udfff]")
"""Halves of characters, which no file can hold."""
MARK = "\N{REPLACEMENT CHARACTER}"


def find_fault(prop: str, value: str) -> str:
    """Of what kind a value of a property is that cannot be reckoned with: 'time', 'number' or 'position'; '' if it can.

    >>> find_fault("birthDate", "10000-01-01"), find_fault("amount", "1e400"), find_fault("latitude", "91"), find_fault("name", "inf")
    ('time', 'number', 'position', '')
    """
    if prop in DATES:
        return "time" if is_far(value) else ""
    if prop not in NUMBERS:
        return ""
    try:
        number = float(value)
    except ValueError:
        return ""
    if prop in DEGREES:
        return "" if abs(number) <= DEGREES[prop] else "position"
    return "" if is_number(number) else "number"


def get_max_length(prop: str) -> int:
    """Characters that a value of a property may have."""
    return LABEL if prop in LABELS else VALUE


def cut_text(text: str, most: int) -> str:
    """A text of at most so many characters, with a mark where it goes on in the source."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def keep_whole_words(text: str, most: int) -> str:
    """The words of a text that fit into so many characters: half a name would not be found where it is looked for.

    >>> keep_whole_words("Ada Brook", 5), keep_whole_words("Ada Brook", 9), keep_whole_words("Brookfields", 5)
    ('Ada', 'Ada Brook', 'Brook')
    """
    if len(text) <= most:
        return text
    return text[: most + 1].rpartition(" ")[0].rstrip() or text[:most]


def replace_surrogates(text: str) -> str:
    """A text without halves of characters: each stands as a mark, so that every sign keeps its place."""
    return text if text.isascii() else HALVES.sub(MARK, text)


def is_number(value: float) -> bool:
    """Whether a number can be reckoned with: neither NaN nor infinite, nor larger than a machine's whole numbers."""
    return -LARGEST < value < LARGEST
