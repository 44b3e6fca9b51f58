"""The JSON of INTERPOL's public service: the envelope of a list, what a notice is known by, its colour."""

from __future__ import annotations

from collections.abc import Mapping

COLORS = ("red", "blue", "green", "yellow", "black", "purple", "orange", "silver", "un")
STATED = ("notice_type", "notice type", "type")
"""Fields in which copies of notices state their colour; the service itself has none."""
IMPLIED = (("arrest_warrants", "red"), ("un_reference", "un"), ("date_of_event", "yellow"))
FEATURES = frozenset(
    {
        "date_of_birth",
        "nationalities",
        "arrest_warrants",
        "un_reference",
        "sex_id",
        "date_of_event",
        "_links",
        "forename",
    }
)
PERSONAL = ("forename", "sex_id", "date_of_birth", "nationalities")


def is_notice(value: object) -> bool:
    """Whether a value has the form of a notice."""
    return isinstance(value, dict) and "entity_id" in value and "name" in value and not FEATURES.isdisjoint(value)


def list_notices(value: object) -> list[object]:
    """Notices of the envelope of a list; none if the value is no envelope."""
    inside = value.get("_embedded") if isinstance(value, dict) else None
    notices = inside.get("notices") if isinstance(inside, dict) else None
    return notices if isinstance(notices, list) else []


def find_colour(data: Mapping[str, object], given: str = "") -> str:
    """Colour of a notice: as given, as stated, by its address, by what it holds; '' where nothing shows it."""
    stated = next((str(data[name]).casefold() for name in STATED if isinstance(data.get(name), str)), "")
    links = str(data.get("_links", ""))
    inside = next((name for name in COLORS if f"/{name}/" in links), "")
    implied = next((name for field, name in IMPLIED if data.get(field)), "")
    found = (given, stated.removesuffix("notice").strip(), inside, implied)
    return next((name for name in found if name in COLORS), "")


def is_personal(data: Mapping[str, object]) -> bool:
    """Whether a notice is about a person: a UN notice without anything of a person is about an organisation."""
    return any(data.get(name) for name in PERSONAL) or find_colour(data) != "un"
