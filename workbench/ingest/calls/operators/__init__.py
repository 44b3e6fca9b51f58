"""Profiles of operators: YAML files that say what the headers of their call records and cell lists are.

Shipped ones lie beside this file; an analyst's own (`*.yml`) lie in the folder of profiles and are asked first. A profile is
taken where it knows most of a table's headers, and the table has most of the profile's; one of the analyst's own only where both
hold, and not under the name of a shipped one: a file that somebody sent is for the tables that it was made for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from workbench.ingest.calls.values.event_words import split_words
from workbench.model.text.normalise import normalise_name
from workbench.model.text.yaml_tokens import find_fault

SHIPPED = Path(__file__).parent
LARGEST = 65_536
MANY = 200
"""Profiles of an analyst's own that are looked at."""
SHARE = 0.75
FEWEST = 5
UNITS = ("s", "min", "ms")


@dataclass(frozen=True, slots=True)
class Operator:
    """What a profile says.

    Attributes
    ----------
    headers : mapping
        From a compared header to a field, '' for one that is known and not used.
    forms : mapping
        From a role ('date', 'duration') to its form.
    operator, zone : str
        Of all its tables, '' if it does not say.
    values : mapping
        From a cell in lower case to 'kind direction': 'sms in'.
    """

    name: str
    kind: str
    headers: Mapping[str, str]
    forms: Mapping[str, str]
    operator: str = ""
    zone: str = ""
    values: Mapping[str, str] | None = None


def normalise_header(header: str) -> str:
    """Header as profiles are compared: its words."""
    return " ".join(split_words(header))


def find_operator(names: Sequence[str]) -> Operator | None:
    """The profile that knows most of the headers, None if none knows enough."""
    there = {normalise_header(name) for name in names} - {""}
    best: tuple[int, Operator | None] = (0, None)
    names_of_shipped = {normalise_name(one.name) for one in load_shipped_profiles()}
    mine = [one for one in load_user_profiles() if normalise_name(one.name) not in names_of_shipped]
    for place, one in enumerate((*mine, *load_shipped_profiles())):
        common, sizes = len(there & one.headers.keys()), (len(there), len(one.headers))
        needed = SHARE * (max(sizes) if place < len(mine) else min(sizes))
        if common >= max(FEWEST, needed) and common > best[0]:
            best = (common, one)
    return best[1]


def map_fields(one: Operator, names: Sequence[str]) -> dict[str, str]:
    """Field of each column that the profile knows; each field once."""
    found: dict[str, str] = {}
    for name in names:
        meaning = one.headers.get(normalise_header(name), "")
        if meaning and meaning not in found.values():
            found[name] = meaning
    return found


def list_notes(one: Operator) -> dict[str, str]:
    """What a profile says beside the columns, as the mapping of a sheet keeps it."""
    cells = {f"cell {cell}": told for cell, told in (one.values or {}).items()}
    named = {"profile": one.name, "operator": one.operator, "zone": one.zone}
    return {name: text for name, text in named.items() if text} | cells


@lru_cache(maxsize=1)
def load_shipped_profiles() -> tuple[Operator, ...]:
    """Profiles that come with the workbench."""
    return tuple(_read_profiles(SHIPPED))


def load_user_profiles() -> Iterator[Operator]:
    """Profiles of the analyst's own."""
    from workbench.ingest.profile_folder import get_profile_folder

    place = get_profile_folder()
    if place.is_dir():
        yield from _read_profiles(place)


def _read_profiles(place: Path) -> Iterator[Operator]:
    """Profiles of a folder in order of their names; a file that is none is passed over."""
    import yaml

    for path in sorted(place.glob("*.yml"))[:MANY]:
        try:
            text = path.read_text("utf-8") if path.stat().st_size <= LARGEST else ""
            if not find_fault(text):
                yield _build_operator(yaml.safe_load(text))
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, yaml.YAMLError):
            continue


def _build_operator(data: Mapping[str, object]) -> Operator:
    headers, values = data["headers"], data.get("values") or {}
    if not (isinstance(headers, dict) and isinstance(values, dict) and headers):
        raise TypeError("no profile")
    forms = {"date": str(data.get("dates", "")), "duration": str(data.get("duration", ""))}
    return Operator(
        str(data["name"]),
        str(data["kind"]),
        {normalise_header(str(header)): str(meaning) for header, meaning in headers.items()},
        {role: form for role, form in forms.items() if form in ("dmy", "mdy", *UNITS)},
        str(data.get("operator", "")),
        str(data.get("zone", "")),
        {str(cell).casefold(): str(told) for cell, told in values.items()},
    )
