"""Calls of a telephone: rows of the table of calls, and Call claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from workbench.ingest.calls.values import phone_numbers
from workbench.ingest.calls.values.event_words import find_direction
from workbench.ingest.phones.item_parties import find_role
from workbench.ingest.phones.phone_record import Item, is_yes
from workbench.ingest.phones.report_times import normalise_moment, parse_duration
from workbench.ingest.reading.record_text import Entry
from workbench.model import identifiers
from workbench.model.catalogue import Sentence
from workbench.model.ids import build_entity_id
from workbench.model.rows import Claim, Row
from workbench.model.text.normalise import clean_text, normalise_name
from workbench.model.time_zones import parse_iso_time
from workbench.model.values.plausible_years import EVENTS

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


class Sides(NamedTuple):
    """Who called whom, as far as a record says it. `own`: the end of the telephone; `is_clear`: nothing in it disagrees."""

    own: End
    others: list[End]
    callers: list[End]
    receivers: list[End]
    way: str
    is_clear: bool

    @property
    def row_ends(self) -> tuple[End, End]:
        """Who calls and who is called, for the row; of a call without a direction the telephone stands first."""
        other = self.others[0] if self.others else End()
        if not self.callers and not self.receivers:
            return self.own, other
        return self.callers[0] if self.callers else End(), self.receivers[0] if self.receivers else End()


@dataclass(frozen=True, slots=True)
class NamedEnd:
    """A party of a call: its end, its role ('from', 'to', ''), and whether it is the telephone itself."""

    party: Item
    end: End
    role: str
    is_own: bool


def list_rows(reading: Reading, item: Item, entry: Entry) -> Iterator[Row]:
    """Claims and the row of one call."""
    app = item.program
    own, named = _name_ends(reading, item)
    sides = _find_sides(item, own, named)
    if not sides.is_clear:
        reading.tally.add("contradiction", Sentence("fault.call_sides"), item.place, "fix.look.places")
    at, duration = normalise_moment(item.get("TimeStamp", "Date")), parse_duration(item.get("Duration"))
    for one in named:
        if identifiers.is_rounded(one.end.raw.strip()):
            reading.tally.add_unread_identifier(one.end.raw, item.place)
        if not one.is_own:
            yield from _claim_party(reading, entry, one.party, one.end, app)
    call = build_entity_id("Call", entry.evidence.document_id, item.place)
    yield from _claim_call(entry, call, item, (sides, reading.check_moment(at, item.place), duration))
    yield from reading.calls.add(_build_row(reading, item, (sides, at, duration)))


def _name_ends(reading: Reading, item: Item) -> tuple[End, list[NamedEnd]]:
    """The end of the telephone and all that are named. The numbers of the telephone are the owner's, marked as such or not."""
    keys = [identifiers.build_telephone_key(one, reading.region) for one in reading.phone.numbers]
    ours = {text for key in keys for text in (key.value, key.entity_id)}
    listed = [(party, find_role(party)) for party in item.list_parts("Parties", "Party")]
    listed += [(party, role.casefold()) for role in ("From", "To") for party in item.list_parts(role)]
    made = [(party, _build_end(party, reading.region), role) for party, role in listed]
    named = [
        NamedEnd(party, end, role, is_yes(party.get("IsPhoneOwner")) or end.number in ours or end.entity in ours)
        for party, end, role in made
    ]
    marked = (one.end for one in named if one.is_own and one.party.get("Identifier", "Value"))
    own = next(marked, None) or _find_phone_end(reading)
    return own, [replace(one, end=own) if one.is_own else one for one in named]


def _find_phone_end(reading: Reading) -> End:
    """The end that is the telephone itself where a call does not name it: its only number, else the handset."""
    found = reading.phone.numbers
    if len(found) == 1 and not _is_account(found[0]):
        key = identifiers.build_telephone_key(found[0], reading.region)
        return End(key.entity_id, key.value, found[0], "number")
    return End(reading.phone.handset)


def _find_sides(item: Item, own: End, named: list[NamedEnd]) -> Sides:
    """Who called whom. Roles decide; the direction does where they name nobody.

    Where direction and roles disagree, where several called, or where one end would be on both sides, nobody is put anywhere.
    """
    others = [one.end for one in named if not one.is_own]
    stated = {find_direction(item.get(name)) for name in ("Direction", "Type")}
    by_role = {"from": "out", "to": "in"}
    ours = {by_role[one.role] for one in named if one.is_own and one.role}
    theirs = {one.role for one in named if not one.is_own}
    seen = ours or ({"out"} if theirs == {"to"} else {"in"} if theirs == {"from"} else set())
    ways = (stated & {"out", "in"}) | seen
    if not ways and theirs <= {""} and _is_missed(item):
        ways = {"in"}
    way = next(iter(ways)) if len(ways) == 1 else ""
    callers = [one.end for one in named if one.role == "from"]
    receivers = [one.end for one in named if one.role == "to"]
    rest = [one.end for one in named if not one.role and not one.is_own]
    has_own_place = any(one.is_own and not one.role for one in named)
    if way == "out":
        callers += [own] if not callers or has_own_place else []
        receivers += rest
    elif way == "in":
        callers, rest = (callers, rest) if callers else (rest, [])
        receivers += [*([own] if not receivers or has_own_place else []), *rest]
    callers, receivers = list(dict.fromkeys(callers)), list(dict.fromkeys(receivers))
    one_side, other_side = ({_build_key(end) for end in side} for side in (callers, receivers))
    if len(ways) > 1 or len(one_side) > 1 or one_side & other_side - {""}:
        return Sides(own, others, [], [], "", is_clear=False)
    way = way or ("fwd" if "fwd" in stated else "")
    return Sides(own, others, callers, receivers, way, is_clear=True)


def _build_key(end: End) -> str:
    """What two ends share that are one."""
    return end.number or end.entity or normalise_name(end.raw)


def _is_missed(item: Item) -> bool:
    """Whether a call that states no direction was not answered: the telephone lists such calls as those that it received."""
    return any(normalise_name(item.get(name)) in MISSED for name in ("Direction", "Type", "Status"))


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


Facts = tuple[Sides, str, int | None]


def _claim_call(entry: Entry, call: str, item: Item, facts: Facts) -> Iterator[Claim]:
    sides, at, duration = facts
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
    for prop, ends in (("caller", sides.callers), ("receiver", sides.receivers)):
        for end in ends:
            if end.entity:
                yield entry.evidence.build_claim("Call", call, prop, end.entity, end.raw)
            if end.number.startswith("+"):
                yield entry.build_claim("Call", call, f"{prop}Number", end.number, end.raw, "Parties Identifier")


def _build_row(reading: Reading, item: Item, facts: Facts) -> dict[str, object]:
    """Row of the table of calls. Ends are `a` (who calls) and `b`; where nothing says who called, `a` is the telephone."""
    sides, at, duration = facts
    a, b = sides.row_ends
    other = a if b == sides.own else b
    local, utc, zone = _parse_times(at)
    imei = reading.phone.imeis[0] if reading.phone.imeis else ""
    found = phone_numbers.parse_handset(imei) if imei else phone_numbers.Handset()
    return {
        "document_id": reading.pages["Call"].document_id, "row": reading.pages["Call"].count, "record": item.id,
        "operator": (item.get("NetworkName") or item.program)[:PROGRAMS], "target": sides.own.number, "event": "voice",
        "direction": sides.way,
        "a": a.number, "a_raw": a.raw, "b": b.number, "b_raw": b.raw, "b_kind": other.kind, "start": local,
        "start_raw": "" if local else at, "start_utc": utc, "zone": zone, "zone_basis": "value" if zone else "",
        "duration": duration, "duration_raw": "" if duration is not None else item.get("Duration"), "imei": found.value,
        "imei_raw": imei, "imei_check": found.check,
    }  # fmt: skip


def _parse_times(at: str) -> tuple[datetime | None, datetime | None, str]:
    """Time as written without its zone, in UTC, and the offset; None where it cannot be read."""
    try:
        found = parse_iso_time(at) if len(at) > 10 else None
    except ValueError:
        found = None
    if found is None or found.year not in EVENTS:
        return None, None, ""
    found = found.replace(microsecond=0)
    if found.tzinfo is None:
        return found, None, ""
    return found.replace(tzinfo=None), found.astimezone(UTC).replace(tzinfo=None), found.strftime("%z")
