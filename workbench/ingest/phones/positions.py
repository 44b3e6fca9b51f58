"""Places that a telephone has stored: rows of the table of positions.

A stored place is not one where the telephone was: it may have been searched for, sent by others, or be that of a picture.
The handset is named as what was there only where the report says that the place is the device's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.ingest.phones.phone_record import Item
from workbench.ingest.phones.report_times import normalise_moment
from workbench.ingest.places.map_positions import Spot, find_problem
from workbench.ingest.reading.record_text import Entry
from workbench.model.catalogue import Sentence
from workbench.model.rows import Row

if TYPE_CHECKING:
    from workbench.ingest.phones.phone_content import Reading

DEGREES = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,15})?")
METRES = re.compile(r"[+-]?\d{1,7}(?:\.\d{1,9})?")
OWN = frozenset({"device", "device location", "on device"})
UNKNOWN = float("nan")


def list_rows(reading: Reading, item: Item, entry: Entry) -> Iterator[Row]:
    """The row of one place; where its coordinates cannot be, that is told instead."""
    where = next(iter(item.list_parts("Position", "Positions", "Coordinate")), item)
    lat = _parse_number(DEGREES, where.get("Latitude"))
    lon = _parse_number(DEGREES, where.get("Longitude"))
    if not where.get("Latitude", "Longitude"):
        return
    if why := find_problem(Spot(str(lat), str(lon))):
        told = Sentence("fault.position.none", position=why)
        reading.tally.add("bad-position", told, item.place, "fix.look.places")
        return
    at = normalise_moment(item.get("TimeStamp", "DateTime", "LastConnection", "EndTime"))
    origin = item.get("LocationOrigin", "DeviceLocationAffiliation").casefold()
    yield from reading.places.add({
        "document_id": entry.evidence.document_id, "row": reading.pages[item.type].count,
        "holder": reading.phone.handset if origin in OWN else "",
        "at": reading.check_moment(at, item.place), "lat": lat, "lon": lon,
        "height": _parse_number(METRES, where.get("Elevation")),
        "radius": _parse_number(METRES, item.get("GpsHorizontalAccuracy", "Precision")),
        "method": ": ".join(filter(None, (item.type, item.get("Category", "Origin", "Source")))),
    })  # fmt: skip


def _parse_number(form: re.Pattern[str], text: str) -> float:
    text = text.strip().replace(",", ".")
    return float(text) if form.fullmatch(text) else UNKNOWN
