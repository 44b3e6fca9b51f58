"""Moments in UTC as cards and trust lists write them; so written, the earlier sorts before the later."""

from __future__ import annotations

from datetime import UTC, datetime

from workbench.errors import IdentityError
from workbench.model.catalogue import Sentence
from workbench.model.time_zones import normalise_day

FORM = "%Y-%m-%dT%H:%M:%SZ"


def now() -> str:
    """The present, by the clock of this machine."""
    return datetime.now(UTC).strftime(FORM)


def is_moment(text: str) -> bool:
    """Whether it is a moment, spelt as here."""
    try:
        return datetime.strptime(text, FORM).strftime(FORM) == text
    except ValueError:
        return False


def parse_moment(text: str) -> str:
    """A moment out of what a person types: '2027-12-31' (the end of that day) or '2027-12-31T12:00:00Z'.

    Raises
    ------
    IdentityError
        If it is neither.
    """
    day = normalise_day(text)
    full = f"{day}T23:59:59Z" if day else text
    if not is_moment(full):
        raise IdentityError(
            Sentence(
                "'{text}' is not a date. Write it in the form 2027-12-31, or with the time in UTC: "
                "2027-12-31T12:00:00Z.",
                text=text,
            )
        )
    return full
