"""Calls of a telephone: rows of the table of calls, and Call claims."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from workbench.ingest.calls.values import phone_numbers
from workbench.ingest.calls.values.event_words import find_direction
from workbench.ingest.phones.item_parties import find_role
from workbench.ingest.phones.phone_record import Item, is_yes
from workbench.ingest.phones.report_times import normalise_moment, parse_duration
from workbench.ingest.reading.record_text import Entry
from workbench.model import identifiers
from workbench.model.ids import build_entity_id
from workbench.model.rows import Claim, Row
from workbench.model.text.normalise import clean_text, normalise_name

if TYPE_CHECKING:
    from workbench.ingest.phones.phone_content import Reading

MISSED = frozenset({"missed", "rejected", "unanswered", "blocked", "declined"})
PROGRAMS = 300


class End(NamedTuple):
    """One end of a call: the entity that stands for it, its number in the form that is compared ('' none), as written."""

    entity: str = ""
    number: str = ""
    raw: str = ""
    kind: str = ""


def list_rows(reading: Reading, item: Item, entry: Entry) -> Iterator[Row]:
    """Claims and the row of one call."""
    app = item.program
    others = [one for one in item.list_parts("Parties", "Party") if not is_yes(one.get("IsPhoneOwner"))]
    way = _find_direction(item, others)
    at, duration = normalise_moment(item.get("TimeStamp", "Date")), parse_duration(item.get("Duration"))
    own = _find_phone_end(reading, item)
    ends = []
    for one in others:
        end = _build_end(one, reading.region)
        ends.append(end)
        yield from _claim_party(reading, entry, one, end, app)
    yield from _claim_call(
        entry, build_entity_id("Call", entry.evidence.document_id, item.place), item, (own, ends, way, at, duration)
    )
    yield from reading.calls.add(_build_row(reading, item, (own, ends[0] if ends else End(), way, at, duration)))


def _find_direction(item: Item, others: list[Item]) -> str:
    """'out', 'in' or '' unknown, as the telephone sees it."""
    named = item.get("Direction") or item.get("Type")
    found = find_direction(named) or (
        "in" if normalise_name(named) in MISSED or normalise_name(item.get("Status")) in MISSED else ""
    )
    roles = {find_role(one) for one in others}
    return found or ("out" if roles == {"to"} else "in" if roles == {"from"} else "")


def _find_phone_end(reading: Reading, item: Item) -> End:
    """The end that is the telephone itself: the account it shows, its only number, else the handset."""
    party = next((one for one in item.list_parts("Parties", "Party") if is_yes(one.get("IsPhoneOwner"))), None)
    if party and party.get("Identifier"):
        return _build_end(party, reading.region)
    found = reading.phone.numbers
    if len(found) == 1 and not _is_account(found[0]):
        key = identifiers.build_telephone_key(found[0], reading.region)
        return End(key.entity_id, key.value, found[0], "number")
    return End(reading.phone.handset)


def _is_account(identifier: str) -> bool:
    """Whether an identifier is one of a program instead of a number that was dialled."""
    return "@" in identifier or sum(c.isalpha() for c in identifier) > 2


def _build_end(party: Item, region: str | None) -> End:
    raw = party.get("Identifier", "Value")
    if not raw:
        name = clean_text(party.get("Name"))
        return End("", "", name, "")
    if _is_account(raw):
        return End(
            identifiers.build_account_key(raw).entity_id,
            identifiers.find_account_number(raw),
            raw,
            "number" if identifiers.find_account_number(raw) else "",
        )
    found = phone_numbers.parse_party(raw, region)
    entity = (
        identifiers.build_telephone_key(raw, region).entity_id
        if found.kind in ("number", "short code", "emergency")
        else ""
    )
    return End(entity, found.value, raw, found.kind)


def _claim_party(reading: Reading, entry: Entry, party: Item, end: End, app: str) -> Iterator[Claim]:
    """What a party says of a number or account and of who is stored under it; each once per file."""
    name = clean_text(party.get("Name"))
    if not end.entity or not reading.is_new("call", end.entity, name):
        return
    if _is_account(end.raw):
        yield entry.build_claim("UserAccount", end.entity, "username", end.raw)
        if app:
            yield entry.build_claim("UserAccount", end.entity, "service", app[:PROGRAMS], label="Source")
        if end.number:
            number = identifiers.build_telephone_key(end.number)
            yield entry.build_claim("TelephoneNumber", number.entity_id, "number", number.value, end.raw)
            yield from entry.claim_attribution(end.entity, number.entity_id, "account identifier")
    else:
        yield entry.build_claim("TelephoneNumber", end.entity, "number", end.number, end.raw, "Parties Identifier")
    if (
        name
        and normalise_name(name) != normalise_name(end.raw)
        and not phone_numbers.parse_party(name, None).kind.startswith("number")
    ):
        holder = identifiers.build_person_key(name, end.entity).entity_id
        yield entry.build_claim("Person", holder, "name", name, label="Parties Name")
        book = f"call list of device {reading.device.name}"
        yield from entry.claim_attribution(holder, end.entity, "contact name", description=book)


Facts = tuple[End, list[End], str, str, int | None]


def _claim_call(entry: Entry, call: str, item: Item, facts: Facts) -> Iterator[Claim]:
    own, ends, way, at, duration = facts
    if at:
        yield entry.build_claim("Call", call, "date", at, item.get("TimeStamp", "Date"), "TimeStamp")
    if duration is not None:
        yield entry.build_claim("Call", call, "duration", str(duration), item.get("Duration"), "Duration")
    if item.id:
        yield entry.evidence.build_claim("Call", call, "recordId", item.id)
    words = "; ".join(
        f"{label.lower()}: {value}" for label, value in (*item.state, ("Status", item.get("Status"))) if value
    )
    if words:
        yield entry.evidence.build_claim("Call", call, "description", words)
    if not way:
        return
    for end, ours in ((own, True), *((other, False) for other in ends)):
        prop = "caller" if ours == (way == "out") else "receiver"
        if end.entity:
            yield entry.evidence.build_claim("Call", call, prop, end.entity, end.raw)
        if end.number.startswith("+"):
            yield entry.build_claim("Call", call, f"{prop}Number", end.number, end.raw, "Parties Identifier")


def _build_row(reading: Reading, item: Item, facts: tuple[End, End, str, str, int | None]) -> dict[str, object]:
    """Row of the table of calls. Ends are `a` (who calls) and `b`; of a call without direction `a` is the telephone."""
    own, other, way, at, duration = facts
    a, b = (other, own) if way == "in" else (own, other)
    local, utc, zone = _parse_times(at)
    imei = reading.phone.imeis[0] if reading.phone.imeis else ""
    found = phone_numbers.parse_handset(imei) if imei else phone_numbers.Handset()
    return {
        "document_id": reading.pages["Call"].document_id, "row": reading.pages["Call"].count, "record": item.id,
        "operator": (item.get("NetworkName") or item.program)[:PROGRAMS], "target": own.number, "event": "voice", "direction": way,
        "a": a.number, "a_raw": a.raw, "b": b.number, "b_raw": b.raw, "b_kind": other.kind, "start": local,
        "start_raw": "" if local else at, "start_utc": utc, "zone": zone, "zone_basis": "value" if zone else "",
        "duration": duration, "duration_raw": "" if duration is not None else item.get("Duration"), "imei": found.value,
        "imei_raw": imei, "imei_check": found.check,
    }  # fmt: skip


def _parse_times(at: str) -> tuple[datetime | None, datetime | None, str]:
    """Time as written without its zone, in UTC, and the offset; None where it cannot be read."""
    try:
        found = datetime.fromisoformat(at) if len(at) > 10 else None
    except ValueError:
        found = None
    if found is None or not 1900 < found.year < 2200:
        return None, None, ""
    found = found.replace(microsecond=0)
    if found.tzinfo is None:
        return found, None, ""
    return found.replace(tzinfo=None), found.astimezone(UTC).replace(tzinfo=None), found.strftime("%z")
