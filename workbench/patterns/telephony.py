"""Telephone answers: contacts, rhythm, days, common contacts, handsets and cards, out of the call records of a case.

Every answer has its table, picture, method, limits and records. The figures describe the records supplied, nothing else.

References
----------
UNODC, Criminal Intelligence Manual for Analysts, chapter 9 (telephone-record reports).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from workbench.errors import CaseError
from workbench.ledger.analytics import Analytics, connect
from workbench.model.catalogue import Sentence
from workbench.model.tables import each
from workbench.patterns import pictures, quality, questions, wording
from workbench.patterns.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable

TOP = 25
"""Lines that a picture shows."""
MANY = 12
DAY = "%Y-%m-%d"


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when: ISO dates or times as the records are written, '' open. A last day is included."""

    since: str = ""
    until: str = ""

    def bounds(self) -> dict[str, str]:
        """Bounds as the questions take them.

        Raises
        ------
        CaseError
            If one is no date or time.
        """
        return {"since": _moment(self.since), "until": _moment(self.until, last=True)}


ALWAYS = Period()


def engine(
    files: Iterable[tuple[str, Path]], *, spill: Path | None = None, frames: Mapping[str, pd.DataFrame] | None = None
) -> Analytics:
    """The engine over files of mass rows, with the views that telephone answers need."""
    made = connect(files, views=questions.VIEWS, spill=spill, frames=frames)
    quality.prepare(made)
    return made


def summary(engine: Analytics, numbers: Sequence[str] = (), *, period: Period = ALWAYS) -> Answer:
    """What the records are: how many of which kind and direction, of which period.

    Columns: event, direction ('' unknown), records, seconds, first, last, without_time, without_zone (records whose time, or
    whose zone, is unknown).
    """
    given = {"numbers": list(numbers), **period.bounds()}
    table = engine.frame(*questions.asked(questions.SUMMARY, given))
    left = engine.frame(questions.UNCOUNTED)
    apart = "; ".join(f"{row.rule}: {row.records:,}" for row in each(left)) or "none"
    lines = [(f"{row.event or 'kind unknown'} {row.direction}".strip(), float(row.records), 0.0) for row in each(table)]
    title = f"{int(table['records'].sum()):,} records{_about(numbers)}"
    method = f"Records by kind and direction as the operator names them. {wording.COUNTED} Not counted in all files: {apart}."
    picture = pictures.bars(lines[:TOP], ("records", ""), title)
    return Answer(title, table, picture, method, wording.limits(), engine, questions.RECORDS, given)


def contacts(
    engine: Analytics, number: str, *, period: Period = ALWAYS, zone: str = "", services: bool = False
) -> Answer:
    """With whom a number was in contact, most records first.

    Columns: rank, contact ('' withheld or unreadable), service (bool), records, share (of the records shown, [0, 1]), out, in,
    texts, seconds, days (different days with a record), first, last, first_document, first_row (the first record).

    Parameters
    ----------
    number : str
        As `keys.telephone` gives it: '+447700900123'.
    zone : str
        IANA zone in which days are told; '' as the records are written.
    services : bool
        Whether short codes, sender names and services are shown as contacts.

    Notes
    -----
    Many records do not mean a close relation: a taxi rank or a service desk can lead the list.
    """
    given = {"number": number, "zone": zone, **period.bounds()}
    found = engine.frame(*questions.asked(questions.CONTACTS, given))
    notes = _zone_notes(found, zone)
    apart = found[found["service"]]
    table = (found if services else found[~found["service"]]).reset_index(drop=True)
    table.insert(0, "rank", range(1, len(table) + 1))
    table.insert(4, "share", table["records"] / max(int(table["records"].sum()), 1))
    left = "" if services else f" {len(apart):,} services with {int(apart['records'].sum()):,} records are left out."
    top = table.head(TOP)
    lines = list(
        zip(top["contact"].replace("", "withheld"), top["out"].astype(float), top["in"].astype(float), strict=True)
    )
    title = f"Contacts of {number}: {len(table):,}"
    method = f"Records in which {number} is a party, by the other party.{left} {wording.COUNTED}"
    limits = wording.limits("Frequency is not closeness.", notes)
    records = {"numbers": [number], **period.bounds()}
    return Answer(
        title, table, pictures.bars(lines, ("out", "in"), title), method, limits, engine, questions.RECORDS, records
    )


def rhythm(engine: Analytics, numbers: Sequence[str] = (), *, period: Period = ALWAYS, zone: str = "") -> Answer:
    """Records by weekday and hour.

    Columns: weekday ('Mon' to 'Sun'), one per hour ('00' to '23'), total.
    """
    given = {"numbers": list(numbers), "zone": zone, **period.bounds()}
    found = engine.frame(*questions.asked(questions.RHYTHM, given))
    notes = _zone_notes(found, zone)
    counts = [[0] * 24 for _ in range(7)]
    for row in each(found):
        counts[int(row.weekday) - 1][int(row.hour)] = int(row.records)
    columns = [f"{hour:02}" for hour in range(24)]
    table = pd.DataFrame(counts, columns=pd.Index(columns))
    table.insert(0, "weekday", list(pictures.DAYS))
    table["total"] = [sum(row) for row in counts]
    title = f"Records by weekday and hour{_about(numbers)}"
    method = (
        f"Start of each record, in hours {'of ' + zone if zone else 'as the records are written'}. {wording.COUNTED}"
    )
    limits = wording.limits(notes, "The start of a record says that the phone was used, not who used it or where.")
    return Answer(title, table, pictures.heat(counts, title), method, limits, engine, questions.RECORDS, given)


def days(engine: Analytics, number: str, *, period: Period = ALWAYS, zone: str = "") -> Answer:
    """First and last use of a number on each day, and over all.

    Columns: day, first, last, records, first_cell, last_cell (of the records about this number, '' none), first_document,
    first_row, last_document, last_row.
    """
    given = {"number": number, "zone": zone, **period.bounds()}
    table = engine.frame(*questions.asked(questions.DAYS, given))
    notes = _zone_notes(table, zone)
    table[["first_cell", "last_cell"]] = table[["first_cell", "last_cell"]].astype(object).fillna("")
    title = f"First and last use of {number} by day"
    over = (
        f" First record {table['first'].min()}, last {table['last'].max()}, on {len(table):,} days."
        if len(table)
        else ""
    )
    method = f"Earliest and latest start of a record of the day in which the number is a party.{over} {wording.COUNTED}"
    lines = [(row.day.strftime(DAY), _hours(row.first), _hours(row.last)) for row in each(table)]
    limits = wording.limits(notes, wording.CELL, "A day without a record is not a day without use.")
    records = {"numbers": [number], **period.bounds()}
    return Answer(title, table, pictures.daily(lines, title), method, limits, engine, questions.RECORDS, records)


def common(
    engine: Analytics, numbers: Sequence[str], *, least: int = 2, period: Period = ALWAYS, services: bool = False
) -> Answer:
    """Contacts that several numbers share.

    Columns: contact, numbers (how many of those asked for), records, seconds, first, last, and one per number asked for with
    its records; first_document, first_row.

    Parameters
    ----------
    numbers : sequence of str
        Two or more.
    least : int
        Of how many of them a contact must be one, at least.

    Notes
    -----
    A shared contact is no tie between those who share it: taxi ranks, shops and helplines are shared by thousands.
    """
    asked = list(dict.fromkeys(numbers))
    if len(asked) < 2:
        raise CaseError(Sentence("refused.calls.two_numbers", numbers=tuple(asked) or Sentence("refused.calls.none")))
    given = {"numbers": asked, "services": services, **period.bounds()}
    found = engine.frame(*questions.asked(questions.COMMON, given))
    table = _shared(found, asked, least)
    pairs = [[_both(found, one, other) for other in asked] for one in asked]
    title = f"Contacts shared by at least {least} of {len(asked)} numbers: {len(table):,}"
    method = (
        f"For each contact, of how many of the numbers it is one. The picture counts contacts that two numbers share. "
        f"{'' if services else wording.SERVICES} {wording.COUNTED}"
    )
    limits = wording.limits("A shared contact is no tie between those who share it.")
    picture = pictures.matrix(asked[:MANY], [row[:MANY] for row in pairs[:MANY]], title) if len(table) else ""
    return Answer(title, table, picture, method, limits, engine, questions.RECORDS, given)


def devices(engine: Analytics, numbers: Sequence[str] = (), *, period: Period = ALWAYS) -> Answer:
    """Which number was used in which handset with which SIM card, and when.

    Columns: number, imei (14 digits), imsi, records, first, last, cards_of_handset, handsets_of_card (how many
    different ones in the records supplied), first_document, first_row.
    """
    given = {"numbers": list(numbers), **period.bounds()}
    table = engine.frame(*questions.asked(questions.DEVICES, given))
    begin, end = table["first"].min(), table["last"].max()
    title = f"Handsets and SIM cards{_about(numbers)}: {len(table):,} combinations"
    several = int(((table["cards_of_handset"] > 1) | (table["handsets_of_card"] > 1)).sum())
    method = (
        "Combinations of number, handset and card that stand in one record, with the first and last of them."
        f" {several:,} have a handset with several cards, or a card in several handsets: events, no errors. {wording.COUNTED}"
    )
    limits = wording.limits(
        "Between two records of a combination another one may have been used.",
        "An IMEI can be changed or copied; handsets are compared on 14 digits.",
    )
    whole = (end - begin).total_seconds() if len(table) and pd.notna(begin) else 0.0
    lines = [
        (f"{row.number} · {row.imei or '?'}", _part(row.first, begin, whole), _part(row.last, begin, whole))
        for row in each(table.head(TOP)) if pd.notna(row.first)
    ]  # fmt: skip
    ends = (begin.strftime(DAY), end.strftime(DAY)) if whole else ("", "")
    return Answer(title, table, pictures.spans(lines, ends, title), method, limits, engine, questions.RECORDS, given)


def _shared(found: pd.DataFrame, asked: Sequence[str], least: int) -> pd.DataFrame:
    """One line per contact that enough numbers share, most shared first."""
    by_contact = found.groupby("contact", sort=True)
    whole = by_contact.agg(
        numbers=("own", "nunique"), records=("records", "sum"), seconds=("seconds", "sum"), first=("first", "min"),
        last=("last", "max"), first_document=("first_document", "first"), first_row=("first_row", "first"),
    ).reset_index()  # fmt: skip
    counts = found.pivot_table(index="contact", columns="own", values="records", aggfunc="sum", fill_value=0)
    for number in asked:
        column = counts[number] if number in counts else pd.Series(0, index=counts.index)
        whole[number] = whole["contact"].map(column).fillna(0).astype(int)
    whole = whole[whole["numbers"] >= least].sort_values(
        ["numbers", "records", "contact"], ascending=[False, False, True]
    )
    order = ["contact", "numbers", "records", "seconds", "first", "last", *asked, "first_document", "first_row"]
    return whole[order].reset_index(drop=True)


def _both(found: pd.DataFrame, one: str, other: str) -> int:
    """Contacts that two numbers share; of a number with itself, contacts that it shares with any."""
    mine = set(found.loc[found["own"] == one, "contact"])
    return len(mine & set(found.loc[found["own"] == other, "contact"]))


def _zone_notes(found: pd.DataFrame, zone: str) -> str:
    """What must be said of the zone of the times shown; the columns that tell of it are taken out of the table."""
    unknown = int(found.pop("unzoned").sum())
    zones = {name for names in found.pop("zones") for name in names}
    if unknown and zone:
        return f"The zone of {unknown:,} records is unknown: they are shown as written, not in {zone}."
    if unknown:
        return wording.UNKNOWN_ZONE
    return wording.MIXED_ZONE if len(zones) > 1 and not zone else ""


def _about(numbers: Sequence[str]) -> str:
    """The numbers of a title, the first ones by name."""
    if not numbers:
        return ""
    shown = ", ".join(numbers[:3])
    return f" of {shown}" + (f" and {len(numbers) - 3} more" if len(numbers) > 3 else "")


def _moment(text: str, *, last: bool = False) -> str:
    """Bound as the questions take it; a day that is the last one is included."""
    if not text:
        return ""
    try:
        if len(text) == 10:
            day = date.fromisoformat(text)
            return (day + timedelta(days=1) if last else day).isoformat()
        return datetime.fromisoformat(text).replace(tzinfo=None).isoformat(sep=" ")
    except ValueError as error:
        raise CaseError(Sentence("refused.calls.moment", value=text)) from error


def _hours(moment: pd.Timestamp) -> float:
    return float(moment.hour + moment.minute / 60)


def _part(moment: pd.Timestamp, begin: pd.Timestamp, whole: float) -> float:
    return float((moment - begin).total_seconds() / whole) if whole else 0.0
