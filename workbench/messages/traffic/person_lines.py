"""A person as one line names them: in 'GARCIA LOPEZ, Juan, born 03/04/1980 (passport P123)' there are a name, a day and a number."""

from __future__ import annotations

import re

from workbench.messages.traffic import field_labels
from workbench.model.text.normalise import INVISIBLE, normalise_digits

BORN = "date_of_birth"
DESCRIPTION = "description"
PARTS = re.compile(r"\s*[,،()\[\]]\s*")
DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
PLACED = re.compile(r"(.{0,40}?\d) (?:in|at|à|en|في) ([^\d\s]\D{0,80})", re.IGNORECASE)
UNDER = "persons."
WORDS = 4
"""Words, at most, that say which field a part is."""
LONGEST = 12
"""Words of a part, at most, in which a date of birth is looked for."""


def parse_person(written: str) -> list[tuple[str, str]]:
    """Fields of a person and their values: the name first, then what follows it, what has no field as the description."""
    parts = [piece for part in PARTS.split(_clean_spaces(written)) if part for piece in _split_birth_date(part)] or [""]
    fields = [_parse_field(part) for part in parts]
    count = 2 if len(parts) > 1 and not fields[1] else 1
    rest = [
        (each, part) for one, part in zip(fields[count:], parts[count:], strict=True) for each in _split_birthplace(one)
    ]
    described = "; ".join(part for one, part in rest if not one)
    named = (field_labels.NAME, ", ".join(parts[:count]))
    return [named, *(one for one, _ in rest if one), *([(DESCRIPTION, described)] if described else [])]


def _split_birthplace(field: tuple[str, str] | None) -> list[tuple[str, str] | None]:
    """A field of a person, and apart from a date of birth the place that follows it: 'born 2 May 1979 in Halven'."""
    match = PLACED.fullmatch(field[1]) if field and field[0] == BORN else None
    return [(BORN, match[1]), ("place_of_birth", match[2])] if match else [field]


def _split_birth_date(part: str) -> list[str]:
    """A part, and apart from it the date of birth that follows without a comma: 'SMITH John, born 1980' or 'SMITH John born 1980'."""
    words = part.split() if any(map(str.isdigit, part)) and not _parse_field(part) else []
    for at in range(1, min(len(words), LONGEST)):
        if (_parse_field(tail := " ".join(words[at:])) or ("",))[0] == BORN:
            return [" ".join(words[:at]), tail]
    return [part]


def _parse_field(part: str) -> tuple[str, str] | None:
    """Field and value of a part that begins with a label of a person's field, or is a day alone: that of birth."""
    if DAY.fullmatch(normalise_digits(part)):
        return BORN, part
    words = part.replace(":", " ").split()
    for count in range(min(WORDS, len(words) - 1), 0, -1):
        path = field_labels.find_field(" ".join(words[:count]))
        if path.startswith(UNDER) and not any(map(str.isdigit, words[count - 1])):
            return path.removeprefix(UNDER), " ".join(words[count:])
    return None


def split_name(written: str) -> tuple[str, str]:
    """Family name and forenames of a full name; all of it as the family name where nothing tells them apart.

    A comma tells them apart, and capitals do: 'OLIVEIRA, Marta', 'OLIVEIRA Marta', 'Marta OLIVEIRA'.
    """
    plain = _clean_spaces(written)
    family, comma, forename = plain.replace("،", ",").partition(",")
    if comma and family.strip() and forename.strip():
        return family.strip(), forename.strip()
    words = plain.split(" ")
    capitals = [word.isupper() and len(word) > 1 for word in words]
    count = sum(capitals)
    if 0 < count < len(words):
        if all(capitals[:count]):
            return " ".join(words[:count]), " ".join(words[count:])
        if all(capitals[-count:]):
            return " ".join(words[-count:]), " ".join(words[:-count])
    return plain, ""


def _clean_spaces(written: str) -> str:
    return " ".join(INVISIBLE.sub("", written).split())
