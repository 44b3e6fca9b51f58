"""Sentences that stand under telephone answers: how each was made, and what it does not say."""

from __future__ import annotations

CELL = (
    "The phone used the cell named. This does not place the phone at a point, nor a person with it: a cell serves an area, and"
    " the nearest mast is not always the one that is used."
)
PERSON = "A number is not a person: the subscriber is not always the user, and a telephone can be lent, shared or sold."
MISSING = (
    "Only the records supplied are counted. A number that does not appear may have been in contact by other means, by another"
    " number, or in records that were not asked for."
)
COUNTED = (
    "Records that repeat another one (C-05, C-06), parts of one long text (C-14) and the second half of a forwarded call (C-03)"
    " are not counted again."
)
SERVICES = "Short codes, sender names and services are left out of contacts unless they are asked for; they are counted in `services`."
UNKNOWN_ZONE = "The time zone of these records is unknown: hours are shown as the records give them."
MIXED_ZONE = (
    "The records have times in several zones; hours are shown as each record gives them. Ask with zone= to have one."
)


def limits(*more: str) -> str:
    """Limits of an answer: its own first, then those of every answer about telephones."""
    return " ".join([*more, MISSING, PERSON])
