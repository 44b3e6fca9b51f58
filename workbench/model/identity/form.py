"""What the fields of cards and trust lists must look like. They come from strangers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from workbench.errors import IdentityError
from workbench.model.identity.countries import INVENTED, OFFICIAL
from workbench.model.identity.display import shown
from workbench.model.identity.moments import is_moment

KINDS = ("key", "x509", "sd-jwt")
LONGEST = MappingProxyType({"key": 16_000, "signature": 32_000, "chain": 48_000})
"""Characters of long fields; every other has at most SHORT."""
SHORT = 200
RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")


def that(holds: bool, otherwise: str) -> None:  # noqa: FBT001
    """Raise IdentityError with the message unless it holds."""
    if not holds:
        raise IdentityError(otherwise)


def names(fields: Mapping[str, object], wanted: Iterable[str], what: str) -> None:
    """Every field and no other.

    Unknown fields are refused: a signature over what the reader does not understand must not be taken for consent to it.
    A later form of the file has another type.
    """
    missing, unknown = sorted(set(wanted) - set(fields)), sorted(set(fields) - set(wanted))
    that(
        not missing, f"{what} lacks {', '.join(missing)}. It is damaged or another kind of file; ask the sender again."
    )
    that(
        not unknown,
        f"{what} has fields that are not known: {', '.join(map(shown, unknown))[:SHORT]}. A newer workbench may have made it.",
    )


def type_of(fields: Mapping[str, object], wanted: str, what: str) -> None:
    """The file says that it is what it is taken for."""
    found = shown(str(fields["type"]))[:SHORT]
    that(fields["type"] == wanted, f"{what} says that it is {found!r}, not {wanted!r}. Give the right file.")


def text(fields: Mapping[str, object], name: str, what: str) -> str:
    """A field that is text of a fair length."""
    value, longest = fields[name], LONGEST.get(name, SHORT)
    if not isinstance(value, str) or len(value) > longest:
        raise IdentityError(
            f"{what}: {name} is not text of up to {longest} characters. It is damaged; ask the sender again."
        )
    return value


def truth(fields: Mapping[str, object], name: str, what: str) -> bool:
    """A field that is true or false."""
    value = fields[name]
    if not isinstance(value, bool):
        raise IdentityError(f"{what}: {name} is neither true nor false. It is damaged; ask the sender again.")
    return value


def number(fields: Mapping[str, object], name: str, what: str) -> int:
    """A field that is a whole number from 0."""
    value = fields[name]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 53:
        raise IdentityError(f"{what}: {name} is no whole number. It is damaged; ask the sender again.")
    return value


def country(code: str, *, exercise: bool) -> None:
    """A country that there is; an invented one only in an exercise."""
    that(
        code in OFFICIAL or code in INVENTED,
        f"{shown(code)!r} is no country code. Use ISO 3166-1 alpha-2 in capitals: FR, BR, or QM for an exercise.",
    )
    that(exercise or code in OFFICIAL, f"{code} is the code of an invented country. It is for exercises only.")


def period(start: str, end: str) -> None:
    """Two moments, or '' for an open end, the second not before the first."""
    for value in (start, end):
        that(not value or is_moment(value), f"{shown(value)!r} is no moment in UTC such as 2027-12-31T23:59:59Z.")
    that(not (start and end) or start <= end, f"the time of validity ends ({end}) before it begins ({start}).")


def recipient(address: str) -> None:
    """An age address with its own check sum, or ''."""
    if not address:
        return
    import pyrage

    try:
        good = bool(RECIPIENT.fullmatch(address) and pyrage.x25519.Recipient.from_str(address))
    except pyrage.RecipientError:
        good = False
    that(good, f"{shown(address)[:80]!r} is no address to seal to (age1…). It is damaged; ask the sender again.")


def texts(fields: Mapping[str, object], name: str, what: str, *, most: int) -> tuple[str, ...]:
    """A field that is a list of short texts."""
    values = fields[name]
    if (
        not isinstance(values, list)
        or len(values) > most
        or not all(isinstance(value, str) and len(value) <= SHORT for value in values)
    ):
        raise IdentityError(f"{what}: {name} is no list of up to {most} texts. It is damaged; ask the sender again.")
    return tuple(values)
