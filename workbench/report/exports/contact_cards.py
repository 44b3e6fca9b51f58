"""Persons as contact cards (vCard 3.0): under which names, numbers, addresses and e-mail addresses the case knows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from workbench.model.text.spreadsheet_escape import escape_unseen

if TYPE_CHECKING:
    import pandas as pd

    from workbench.report.exports.export_header import About

PARTS = ("postOfficeBox", "street2", "street", "city", "region", "postalCode", "country")
"""Components of an address in the order of a card."""
WHOLE_DAY = re.compile(r"\d{4}-\d\d-\d\d")
ESCAPED = re.compile(r"[\\;,]")
LINE = 75
"""Bytes of a line; the rest is folded."""

Said = Mapping[str, Mapping[str, list[str]]]
"""Canonical id -> property -> values."""


def to_vcf(evidence: pd.DataFrame, held: pd.DataFrame, about: About) -> bytes:
    """One card per person, in order of id: names, numbers, e-mail and other addresses, notes, and the marking as X-MARK.

    Parameters
    ----------
    evidence : DataFrame
        Rows of EVIDENCE: of the persons, and of the numbers, accounts and addresses that are theirs.
    held : DataFrame
        Columns holder and held (canonical ids): who is recorded as using what.

    Notes
    -----
    The first name in order of frequency is the one that is shown. Names are not taken apart: the parts are given where the
    case has them. A birth date that is no whole day has no place on a card. A card says that a number is recorded as that of
    a person, not who used it.

    References
    ----------
    RFC 2426 (vCard 3.0), which mail programs and telephones of every kind import.
    """
    said, points = _group_values(evidence), _list_address_ids(evidence)
    used = _collect_used(held)
    people = dict.fromkeys(evidence.loc[evidence["schema"] == "Person", "canonical_id"].sort_values())
    cards = [
        card for key in people if (card := "".join(_encode_card(key, said, used, points.get(key, []), about.mark)))
    ]
    return "".join(cards).encode("utf-8", "replace")


def count_cards(data: bytes) -> int:
    """Number of cards."""
    return data.count(b"BEGIN:VCARD\r\n")


def _group_values(evidence: pd.DataFrame) -> dict[str, dict[str, list[str]]]:
    """Values of each property, the most often claimed first."""
    counted = evidence.groupby(["canonical_id", "prop", "value"], as_index=False).size()
    counted = counted.sort_values(["canonical_id", "prop", "size", "value"], ascending=[True, True, False, True])
    found: dict[str, dict[str, list[str]]] = {}
    for key, prop, value in counted[["canonical_id", "prop", "value"]].itertuples(index=False):
        found.setdefault(key, {}).setdefault(prop, []).append(value)
    return found


def _list_address_ids(evidence: pd.DataFrame) -> dict[str, list[str]]:
    """Addresses (canonical ids) to which things point."""
    names = dict(zip(evidence["entity_id"], evidence["canonical_id"], strict=True))
    rows = evidence[evidence["prop"] == "addressEntity"].sort_values("value")
    found: dict[str, list[str]] = {}
    for key, value in rows[["canonical_id", "value"]].drop_duplicates().itertuples(index=False):
        found.setdefault(key, []).append(names.get(value, value))
    return found


def _collect_used(held: pd.DataFrame) -> dict[str, list[str]]:
    """What each person uses, accounts of accounts included."""
    direct: dict[str, list[str]] = {}
    for holder, one in (
        held[["holder", "held"]].drop_duplicates().sort_values(["holder", "held"]).itertuples(index=False)
    ):
        direct.setdefault(holder, []).append(one)
    found: dict[str, list[str]] = {}
    for holder, first in direct.items():
        reach = found.setdefault(holder, list(first))
        for one in reach:  # it grows while it is walked
            reach += [other for other in direct.get(one, []) if other not in reach and other != holder]
    return found


def _encode_card(
    key: str, said: Said, used: Mapping[str, list[str]], places: Iterable[str], mark: str
) -> Iterator[str]:
    own = said.get(key, {})
    names = [name for prop in ("name", "alias", "weakAlias") for name in own.get(prop, [])]
    if not names:
        return
    yield from (_encode_line("BEGIN", "VCARD"), _encode_line("VERSION", "3.0"))
    parts = (
        next(iter(own.get(prop, [])), "") for prop in ("lastName", "firstName", "middleName", "title", "nameSuffix")
    )
    yield _encode_line("N", ";".join(map(_escape_text, parts)))
    yield _encode_line("FN", _escape_text(names[0]))
    if others := list(dict.fromkeys(name for name in names[1:] if name != names[0])):
        yield _encode_line("NICKNAME", ",".join(map(_escape_text, others)))
    yield from (_encode_line("BDAY", day) for day in own.get("birthDate", [])[:1] if WHOLE_DAY.fullmatch(day))
    for prop, name, reached in (("phone", "TEL", "number"), ("email", "EMAIL", "email")):
        theirs = [value for one in used.get(key, []) for value in said.get(one, {}).get(reached, [])]
        yield from (_encode_line(name, _escape_text(value)) for value in dict.fromkeys([*own.get(prop, []), *theirs]))
    yield from _encode_addresses(own.get("address", []), [said.get(place, {}) for place in places])
    yield from (_encode_line("NOTE", _escape_text(note)) for note in own.get("notes", []))
    yield from (
        _encode_line("UID", _escape_text(key)),
        _encode_line("X-MARK", _escape_text(mark)),
        _encode_line("END", "VCARD"),
    )


def _encode_addresses(texts: list[str], places: list[Mapping[str, list[str]]]) -> Iterator[str]:
    """Addresses in their parts where the case has these, otherwise in one text."""
    whole = {text for place in places for text in place.get("full", [])}
    for place in places:
        parts = [next(iter(place.get(part, [])), "") for part in PARTS]
        parts = parts if any(parts) else ["", "", next(iter(place.get("full", [])), ""), "", "", "", ""]
        if any(parts):
            yield _encode_line("ADR", ";".join(map(_escape_text, parts)))
    yield from (_encode_line("ADR", f";;{_escape_text(text)};;;;") for text in texts if text not in whole)


def _escape_text(text: str) -> str:
    return ESCAPED.sub(lambda found: f"\\{found[0]}", escape_unseen(text)).replace("\n", "\\n")


def _encode_line(name: str, value: str) -> str:
    """A line of a card, folded where it is long, never within a character."""
    whole, folded, size = f"{name}:{value}", "", 0
    for character in whole:
        wide = len(character.encode())
        if size + wide > LINE:
            folded, size = f"{folded}\r\n ", 1
        folded, size = folded + character, size + wide
    return f"{folded}\r\n"
