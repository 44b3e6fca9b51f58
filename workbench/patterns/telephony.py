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
from workbench.ledger.duckdb import Analytics, open_engine
from workbench.model.catalogue import Sentence, Translator
from workbench.model.table_schemas import iterate_rows
from workbench.model.time_zones import normalise_day
from workbench.patterns import answer_pictures, answer_wording, call_quality, call_questions
from workbench.patterns.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable

TOP = 25
"""Lines that a picture shows."""
MANY = 12
DAY = "%Y-%m-%d"
ENGLISH = Translator()


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when: ISO dates or times as the records are written, '' open. A last day is included."""

    since: str = ""
    until: str = ""

    def get_bounds(self) -> dict[str, str]:
        """Bounds as the questions take them.

        Raises
        ------
        CaseError
            If one is no date or time.
        """
        return {"since": _format_bound(self.since), "until": _format_bound(self.until, last=True)}


ALWAYS = Period()


def build_engine(
    files: Iterable[tuple[str, Path]], *, spill: Path | None = None, frames: Mapping[str, pd.DataFrame] | None = None
) -> Analytics:
    """The engine over files of mass rows, with the views that telephone answers need."""
    made = open_engine(files, views=call_questions.VIEWS, spill=spill, frames=frames)
    call_quality.find_repeats(made)
    return made


def build_summary(
    engine: Analytics, numbers: Sequence[str] = (), *, period: Period = ALWAYS, say: Translator = ENGLISH
) -> Answer:
    """What the records are: how many of which kind and direction, of which period.

    Columns: event, direction ('' unknown), records, seconds, first, last, without_time, without_zone (records whose time, or
    whose zone, is unknown).
    """
    given = {"numbers": list(numbers), **period.get_bounds()}
    table = engine.query_frame(*call_questions.prepare_query(call_questions.SUMMARY, given))
    left = engine.query_frame(call_questions.UNCOUNTED)
    apart = "; ".join(f"{row.rule}: {row.records:,}" for row in iterate_rows(left)) or Sentence("none", context="calls")
    unknown = say("unknown kind")
    lines = [
        (f"{row.event or unknown} {row.direction}".strip(), float(row.records), 0.0) for row in iterate_rows(table)
    ]
    title = _build_title("summary", numbers, n=int(table["records"].sum()))
    method = answer_wording.combine_sentences(
        Sentence("Counts the records by kind and direction, with the names that the operator uses."),
        Sentence(answer_wording.COUNTED),
        Sentence("Records that were not counted, by rule (total for all files): {apart}.", apart=apart),
    )
    picture = answer_pictures.draw_bars(
        lines[:TOP], (say("records", context="calls"), ""), title.translate_to(say.language)
    )
    return Answer(
        title, table, picture, method, answer_wording.join_limits(), engine, call_questions.RECORDS, given, say=say
    )


def list_contacts(
    engine: Analytics, number: str, *, period: Period = ALWAYS, zone: str = "", services: bool = False, say: Translator = ENGLISH
) -> Answer:  # fmt: skip
    """With whom a number was in contact, most records first.

    Columns: rank, contact ('' withheld or unreadable), service (bool), records, share (of the records shown, [0, 1]), out, in,
    texts, seconds, days (different days with a record), first, last, first_document, first_row (the first record).

    Parameters
    ----------
    number : str
        As `identifiers.build_telephone_key` gives it: '+447700900123'.
    zone : str
        IANA zone in which days are told; '' as the records are written.
    services : bool
        Whether short codes, sender names and services are shown as contacts.

    Notes
    -----
    Many records do not mean a close relation: a taxi rank or a service desk can lead the list.
    """
    given = {"number": number, "zone": zone, **period.get_bounds()}
    found = engine.query_frame(*call_questions.prepare_query(call_questions.CONTACTS, given))
    notes = _describe_zones(found, zone)
    apart = found[found["service"]]
    table = (found if services else found[~found["service"]]).reset_index(drop=True)
    table.insert(0, "rank", range(1, len(table) + 1))
    table.insert(4, "share", table["records"] / max(int(table["records"].sum()), 1))
    left = Sentence(
        "Services that were left out: {services}. Their records: {records}.",
        services=len(apart),
        records=int(apart["records"].sum()),
    )
    top = table.head(TOP)
    lines = list(
        zip(
            top["contact"].replace("", say("withheld or not recorded", context="calls")),
            top["out"].astype(float),
            top["in"].astype(float),
            strict=True,
        )
    )
    title = Sentence("calls.title.contacts", number=number, count=len(table))
    made = Sentence(
        "Counts, for each contact, the records that have {number} as caller or called party.", number=number
    )
    method = answer_wording.combine_sentences(made, "" if services else left, Sentence(answer_wording.COUNTED))
    limits = answer_wording.join_limits(Sentence("Frequency is not closeness."), notes)
    records = {"numbers": [number], **period.get_bounds()}
    picture = answer_pictures.draw_bars(
        lines, (say("outgoing", context="calls"), say("incoming", context="calls")), title.translate_to(say.language)
    )
    return Answer(title, table, picture, method, limits, engine, call_questions.RECORDS, records, say=say)


def count_by_hour(
    engine: Analytics,
    numbers: Sequence[str] = (),
    *,
    period: Period = ALWAYS,
    zone: str = "",
    say: Translator = ENGLISH,
) -> Answer:
    """Records by weekday and hour.

    Columns: weekday ('Mon' to 'Sun'), one per hour ('00' to '23'), total.
    """
    given = {"numbers": list(numbers), "zone": zone, **period.get_bounds()}
    found = engine.query_frame(*call_questions.prepare_query(call_questions.RHYTHM, given))
    notes = _describe_zones(found, zone)
    counts = [[0] * 24 for _ in range(7)]
    for row in iterate_rows(found):
        counts[int(row.weekday) - 1][int(row.hour)] = int(row.records)
    columns = [f"{hour:02}" for hour in range(24)]
    table = pd.DataFrame(counts, columns=pd.Index(columns))
    table.insert(0, "weekday", list(answer_pictures.DAYS))
    table["total"] = [sum(row) for row in counts]
    title = _build_title("rhythm", numbers)
    hours = (
        Sentence("Uses the hour in which each record starts, in time zone {zone}.", zone=zone)
        if zone
        else Sentence("Uses the hour in which each record starts, as written in the record.")
    )
    method = answer_wording.combine_sentences(hours, Sentence(answer_wording.COUNTED))
    limits = answer_wording.join_limits(
        notes,
        Sentence(
            "A record shows activity on the number at the start time of the record. It does not show who "
            "used the phone or where."
        ),
    )
    names = [say(f"calls.day.{day}") for day in answer_pictures.DAYS]
    picture = answer_pictures.draw_heat_map(counts, title.translate_to(say.language), names)
    return Answer(title, table, picture, method, limits, engine, call_questions.RECORDS, given, say=say)


def list_days(
    engine: Analytics, number: str, *, period: Period = ALWAYS, zone: str = "", say: Translator = ENGLISH
) -> Answer:
    """First and last use of a number on each day, and over all.

    Columns: day, first, last, records, first_cell, last_cell (of the records about this number, '' none), first_document,
    first_row, last_document, last_row.
    """
    given = {"number": number, "zone": zone, **period.get_bounds()}
    table = engine.query_frame(*call_questions.prepare_query(call_questions.DAYS, given))
    notes = _describe_zones(table, zone)
    table[["first_cell", "last_cell"]] = table[["first_cell", "last_cell"]].astype(object).fillna("")
    title = Sentence("calls.title.days", number=number)
    ends = {"first": table["first"].min(), "last": table["last"].max()}
    over = (
        Sentence(
            "First record: {first}. Last record: {last}. Days with records: {n}.",
            "First record: {first}. Last record: {last}. Days with records: {n}.",
            n=len(table),
            **ends,
        )
        if len(table)
        else ""
    )
    method = answer_wording.combine_sentences(
        Sentence("Shows, for each day, when the first and the last record with this number start."),
        over,
        Sentence(answer_wording.COUNTED),
    )
    lines = [(row.day.strftime(DAY), _to_hours(row.first), _to_hours(row.last)) for row in iterate_rows(table)]
    limits = answer_wording.join_limits(
        notes,
        Sentence(answer_wording.CELL),
        Sentence("A day without a record does not show that the phone was not used."),
    )
    records = {"numbers": [number], **period.get_bounds()}
    picture = answer_pictures.draw_days(lines, title.translate_to(say.language))
    return Answer(title, table, picture, method, limits, engine, call_questions.RECORDS, records, say=say)


def find_common_contacts(
    engine: Analytics, numbers: Sequence[str], *, least: int = 2, period: Period = ALWAYS, services: bool = False, say: Translator = ENGLISH
) -> Answer:  # fmt: skip
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
        raise CaseError(
            Sentence(
                "Enter two or more phone numbers to find their common contacts. Numbers entered: {numbers}.",
                numbers=tuple(asked) or Sentence("none", context="refused calls"),
            )
        )
    given = {"numbers": asked, "services": services, **period.get_bounds()}
    found = engine.query_frame(*call_questions.prepare_query(call_questions.COMMON, given))
    table = _list_shared(found, asked, least)
    pairs = [[_count_shared(found, one, other) for other in asked] for one in asked]
    title = Sentence("calls.title.common", least=least, whole=len(asked), count=len(table))
    left = "" if services else Sentence(answer_wording.SERVICES)
    method = answer_wording.combine_sentences(
        Sentence(
            "Shows, for each contact, how many of the compared numbers had this contact. The picture "
            "shows how many contacts each pair of numbers shares."
        ),
        left,
        Sentence(answer_wording.COUNTED),
    )
    limits = answer_wording.join_limits(Sentence("A shared contact is not a link between the numbers that share it."))
    shown = [row[:MANY] for row in pairs[:MANY]] if len(table) else []
    picture = answer_pictures.draw_matrix(asked[:MANY] if shown else [], shown, title.translate_to(say.language))
    return Answer(title, table, picture, method, limits, engine, call_questions.RECORDS, given, say=say)


def list_devices(
    engine: Analytics, numbers: Sequence[str] = (), *, period: Period = ALWAYS, say: Translator = ENGLISH
) -> Answer:
    """Which number was used in which handset with which SIM card, and when.

    Columns: number, imei (14 digits), imsi, records, first, last, cards_of_handset, handsets_of_card (how many
    different ones in the records supplied), first_document, first_row.
    """
    given = {"numbers": list(numbers), **period.get_bounds()}
    table = engine.query_frame(*call_questions.prepare_query(call_questions.DEVICES, given))
    begin, end = table["first"].min(), table["last"].max()
    title = _build_title("devices", numbers, count=len(table))
    several = int(((table["cards_of_handset"] > 1) | (table["handsets_of_card"] > 1)).sum())
    method = answer_wording.combine_sentences(
        Sentence(
            "Shows which number, handset and SIM card appear together in one record. Also shows the first "
            "and the last of these records. Combinations in which the handset had several SIM cards, or the "
            "SIM card was in several handsets: {count}. A change of SIM card or handset is an event, not an "
            "error.",
            count=several,
        ),
        Sentence(answer_wording.COUNTED),
    )
    limits = answer_wording.join_limits(
        Sentence("Between two records of one combination, another combination may have been used."),
        Sentence("An IMEI can be changed or copied. The program compares handsets by the first 14 digits of the IMEI."),
    )
    whole = (end - begin).total_seconds() if len(table) and pd.notna(begin) else 0.0
    lines = [
        (f"{row.number} · {row.imei or '?'}", _compute_share(row.first, begin, whole), _compute_share(row.last, begin, whole))
        for row in iterate_rows(table.head(TOP)) if pd.notna(row.first)
    ]  # fmt: skip
    ends = (begin.strftime(DAY), end.strftime(DAY)) if whole else ("", "")
    picture = answer_pictures.draw_periods(lines, ends, title.translate_to(say.language))
    return Answer(title, table, picture, method, limits, engine, call_questions.RECORDS, given, say=say)


def _list_shared(found: pd.DataFrame, asked: Sequence[str], least: int) -> pd.DataFrame:
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


def _count_shared(found: pd.DataFrame, one: str, other: str) -> int:
    """Contacts that two numbers share; of a number with itself, contacts that it shares with any."""
    mine = set(found.loc[found["own"] == one, "contact"])
    return len(mine & set(found.loc[found["own"] == other, "contact"]))


def _describe_zones(found: pd.DataFrame, zone: str) -> str:
    """What must be said of the zone of the times shown; the columns that tell of it are taken out of the table."""
    unknown = int(found.pop("unzoned").sum())
    zones = {name for names in found.pop("zones") for name in names}
    if unknown and zone:
        return Sentence(
            "Records with an unknown time zone: {count}. Their times are shown as written, not in {zone}.",
            count=unknown,
            zone=zone,
        )
    if unknown:
        return Sentence(answer_wording.UNKNOWN_ZONE)
    return Sentence(answer_wording.MIXED_ZONE) if len(zones) > 1 and not zone else ""


def _build_title(what: str, numbers: Sequence[str], **values: object) -> Sentence:
    """A title; where it is about numbers, with the first ones by name."""
    if not numbers:
        return Sentence(f"calls.title.{what}", **values)
    more = Sentence("{listed} and {count} more", listed=tuple(numbers[:3]), count=len(numbers) - 3)
    return Sentence(f"calls.title.{what}_of", numbers=more if len(numbers) > 3 else tuple(numbers), **values)


def _format_bound(text: str, *, last: bool = False) -> str:
    """Bound as the questions take it; a day that is the last one is included."""
    if not text:
        return ""
    try:
        if whole := normalise_day(text):
            day = date.fromisoformat(whole)
            return (day + timedelta(days=1) if last else day).isoformat()
        return datetime.fromisoformat(text).replace(tzinfo=None).isoformat(sep=" ")
    except (ValueError, OverflowError) as error:
        raise CaseError(
            Sentence(
                "'{value}' is not a date or time. Enter it in the form '2022-07-01' or '2022-07-01T14:30'.", value=text
            )
        ) from error


def _to_hours(moment: pd.Timestamp) -> float:
    return float(moment.hour + moment.minute / 60)


def _compute_share(moment: pd.Timestamp, begin: pd.Timestamp, whole: float) -> float:
    return float((moment - begin).total_seconds() / whole) if whole else 0.0
