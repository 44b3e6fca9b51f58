"""What the fields of cards and trust lists must look like. They come from strangers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from workbench.errors import IdentityError
from workbench.identity.core.countries import INVENTED, OFFICIAL
from workbench.identity.core.display import escape_invisible
from workbench.identity.core.timestamps import is_moment
from workbench.model.catalogue import Sentence, get_term

KINDS = ("key", "x509", "sd-jwt")
LONGEST = MappingProxyType({"key": 16_000, "signature": 32_000, "chain": 48_000})
"""Characters of long fields; every other has at most SHORT."""
SHORT = 200
RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")


def require(holds: bool, otherwise: str, /, **values: object) -> None:  # noqa: FBT001
    """Raise IdentityError with that sentence of the catalogue unless it holds."""
    if not holds:
        raise IdentityError(Sentence(otherwise, **values))


def describe_file_type(what: str) -> str:
    """What a file was taken for (`card`, `trust_list`, `bureau`, `receipt`, `header`), as a value of a sentence."""
    return get_term("identity_file", what)


def names(fields: Mapping[str, object], wanted: Iterable[str], what: str) -> None:
    """Every field and no other.

    Unknown fields are refused: a signature over what the reader does not understand must not be taken for consent to it.
    A later form of the file has another type.
    """
    missing, unknown = sorted(set(wanted) - set(fields)), sorted(set(fields) - set(wanted))
    if missing:
        raise IdentityError(
            Sentence(
                "{what} does not contain {fields}. The file is damaged or is another kind of file. "
                "Ask the sender for the file again.",
                what=describe_file_type(what),
                fields=", ".join(missing),
            )
        )
    if unknown:
        listed = ", ".join(map(escape_invisible, unknown))[:SHORT]
        raise IdentityError(
            Sentence(
                "{what} has unknown fields: {fields}. The file may come from a newer version of the "
                "program. Update the program and try again.",
                what=describe_file_type(what),
                fields=listed,
            )
        )


def check_type(fields: Mapping[str, object], wanted: str, what: str) -> None:
    """The file says that it is what it is taken for."""
    found = escape_invisible(str(fields["type"]))[:SHORT]
    if fields["type"] != wanted:
        raise IdentityError(
            Sentence(
                "{what} has the type '{found}', not '{wanted}'. Use the right file.",
                what=describe_file_type(what),
                found=found,
                wanted=wanted,
            )
        )


def get_text(fields: Mapping[str, object], name: str, what: str) -> str:
    """A field that is text of a fair length."""
    value, longest = fields[name], LONGEST.get(name, SHORT)
    if not isinstance(value, str) or len(value) > longest:
        raise IdentityError(
            Sentence(
                "{what}: {field} is not text or has more than {most} characters. Ask the sender for a correct file.",
                what=describe_file_type(what),
                field=name,
                most=longest,
            )
        )
    return value


def get_bool(fields: Mapping[str, object], name: str, what: str) -> bool:
    """A field that is true or false."""
    value = fields[name]
    if not isinstance(value, bool):
        raise IdentityError(
            Sentence(
                "{what}: {field} is neither true nor false. Ask the sender for a correct file.",
                what=describe_file_type(what),
                field=name,
            )
        )
    return value


def get_number(fields: Mapping[str, object], name: str, what: str) -> int:
    """A field that is a whole number from 0."""
    value = fields[name]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 53:
        raise IdentityError(
            Sentence(
                "{what}: {field} is not a whole number. Ask the sender for a correct file.",
                what=describe_file_type(what),
                field=name,
            )
        )
    return value


def check_country(code: str, *, exercise: bool) -> None:
    """A country that there is; an invented one only in an exercise."""
    require(
        code in OFFICIAL or code in INVENTED,
        "'{code}' is not a country code. Use ISO 3166-1 alpha-2 in uppercase letters: FR, BR, or QM for an exercise.",
        code=escape_invisible(code),
    )
    require(
        exercise or code in OFFICIAL,
        "{code} is the code of an invented country. You can use it only in exercises.",
        code=code,
    )


def check_period(start: str, end: str) -> None:
    """Two moments, or '' for an open end, the second not before the first."""
    for value in (start, end):
        require(
            not value or is_moment(value),
            "'{value}' is not a time in UTC. Write it in the form 2027-12-31T23:59:59Z.",
            value=escape_invisible(value),
        )
    require(
        not (start and end) or start <= end,
        "The period of validity ends ({end}) before it begins ({start}). Correct the dates, "
        "or ask the sender for a correct file.",
        start=start,
        end=end,
    )


def check_recipient(address: str) -> None:
    """An age address with its own check sum, or ''."""
    if not address:
        return
    import pyrage

    try:
        good = bool(RECIPIENT.fullmatch(address) and pyrage.x25519.Recipient.from_str(address))
    except pyrage.RecipientError:
        good = False
    require(
        good,
        "'{address}' is not an encryption address (`age1…`). Ask the sender for the right address.",
        address=escape_invisible(address)[:80],
    )


def get_texts(fields: Mapping[str, object], name: str, what: str, *, most: int) -> tuple[str, ...]:
    """A field that is a list of short texts."""
    values = fields[name]
    if (
        not isinstance(values, list)
        or len(values) > most
        or not all(isinstance(value, str) and len(value) <= SHORT for value in values)
    ):
        raise IdentityError(
            Sentence(
                "{what}: {field} is not a list of texts or has more than {most} texts. Ask the sender for a "
                "correct file.",
                what=describe_file_type(what),
                field=name,
                most=most,
            )
        )
    return tuple(values)
