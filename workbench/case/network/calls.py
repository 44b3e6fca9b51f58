"""Questions to the call records of a case. Numbers are named by number, or by the person who is recorded as using them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.case.access import consultation_log, marks
from workbench.case.context.call_engine import get_engine, get_state
from workbench.case.context.case_context import CaseContext
from workbench.case.context.entity_index import find_entity
from workbench.case.guide.namespace import Namespace
from workbench.case.verbs.error_translation import translate_errors, wrap_verbs
from workbench.errors import CaseError
from workbench.graph import list_attributions
from workbench.ledger import parquet_rows
from workbench.ledger.erasure import tombstones
from workbench.model import identifiers
from workbench.model.catalogue import Sentence
from workbench.model.ids import build_entity_id
from workbench.model.rows import Issue
from workbench.patterns import Answer, Period, call_quality, telephony

if TYPE_CHECKING:
    import pandas as pd

NUMBER = "TelephoneNumber"
LISTED = 8


@wrap_verbs
class CallRecords(Namespace):
    """Questions to the call records. Each answer has a table, a picture, how it was made, what it does not say, and the records behind it.

    Parameters of the questions
    ---------------------------
    who : str
        A number as written anywhere in the case, or the name of a person, all of whose recorded numbers count.
    since, until : str
        First and last day or moment, as the records are written.

    Notes
    -----
    A record says that a number was used; who held the telephone, it does not say. What is set aside is in no answer.
    """

    PATH = "calls"
    GROUPS = (
        ("All records", "summary"),
        ("One number or person", "contacts days"),
        ("One or several", "common_contacts hours devices"),
    )

    def _describe_contents(self) -> str:
        """How many records there are."""
        count = get_engine(self._book).query_frame("SELECT count(*) AS n FROM calls")["n"].item()
        return f"{count:,} records"

    def summary(self, *who: str, since: str = "", until: str = "") -> Answer:
        """Count records by kind and period."""
        engine = get_engine(self._book)
        return self._add_holders(
            telephony.build_summary(engine, self._list_numbers(who), period=Period(since, until), say=self._book.say)
        )

    def contacts(self, who: str, *, since: str = "", until: str = "", services: bool = False) -> Answer:
        """List the contacts of a number, most records first."""
        engine = get_engine(self._book)
        found = telephony.list_contacts(
            engine,
            self._number(who),
            period=Period(since, until),
            zone=self._zone,
            services=services,
            say=self._book.say,
        )
        return self._add_holders(found, "contact")

    def common_contacts(
        self, *who: str, least: int = 2, since: str = "", until: str = "", services: bool = False
    ) -> Answer:
        """List contacts that several numbers share."""
        engine = get_engine(self._book)
        period = Period(since, until)
        found = telephony.find_common_contacts(
            engine, self._list_numbers(who), least=least, period=period, services=services, say=self._book.say
        )
        return self._add_holders(found, "contact")

    def days(self, who: str, *, since: str = "", until: str = "") -> Answer:
        """Show first and last use of a number, by day and over the whole period."""
        engine = get_engine(self._book)
        return self._add_holders(
            telephony.list_days(
                engine, self._number(who), period=Period(since, until), zone=self._zone, say=self._book.say
            )
        )

    def hours(self, *who: str, since: str = "", until: str = "") -> Answer:
        """Count records by hour and weekday."""
        engine = get_engine(self._book)
        period = Period(since, until)
        return self._add_holders(
            telephony.count_by_hour(engine, self._list_numbers(who), period=period, zone=self._zone, say=self._book.say)
        )

    def devices(self, *who: str, since: str = "", until: str = "") -> Answer:
        """Show which number was used in which handset with which SIM card, and when."""
        engine = get_engine(self._book)
        return self._add_holders(
            telephony.list_devices(engine, self._list_numbers(who), period=Period(since, until), say=self._book.say),
            "number",
        )

    @property
    def _zone(self) -> str:
        return self._book.settings.zone

    def _list_numbers(self, who: Sequence[str]) -> list[str]:
        return list(dict.fromkeys(number for one in who for number in self._resolve_numbers(one)))

    def _number(self, who: str) -> str:
        found = self._resolve_numbers(who)
        if len(found) > 1:
            listed = tuple(found[:LISTED])
            raise CaseError(
                Sentence(
                    "'{who}' is recorded as using {count} numbers: {listed}. Give one of them.",
                    who=who,
                    count=len(found),
                    listed=listed,
                )
            )
        return found[0]

    def _resolve_numbers(self, who: str) -> list[str]:
        """The numbers that a name or number means."""
        value = identifiers.build_telephone_key(who).value
        if value and (
            identifiers.is_telephone(who) or build_entity_id(NUMBER, value) in set(self._book.entities["entity_id"])
        ):
            return [value]
        thing = find_entity(self._book, who)
        held = list_attributions(self._book.evidence, self._book.canonical)
        used, reach = {thing}, {thing}
        while reach:
            reach = set(held.loc[held["holder"].isin(reach) & (held["layer"] != "suggested"), "held"]) - used
            used |= reach
        values = self._book.evidence
        values = values[values["canonical_id"].isin(used) & (values["schema"] == NUMBER) & (values["prop"] == "number")]
        if values.empty:
            raise CaseError(
                Sentence(
                    "No phone number is recorded for '{who}'. Give a number, or record which number '{who}' uses.",
                    who=who,
                )
            )
        return sorted(set(values["value"]))

    def _add_holders(self, answer: Answer, column: str = "") -> Answer:
        """The answer with its mark, and with the holder of each number beside it where the case records one."""
        text = marks.format_mass_mark(self._book)
        behind = RecordsBehind(self._book, answer.title, len(tombstones.list_stones(self._book.ledger)))
        answer = replace(answer, mark=text, table=answer.table.assign(mark=text), _engine=behind)
        answer.table.attrs["mark"] = text
        _stamp_basis(self._book, answer.table)
        if not column or answer.table.empty:
            return consultation_log.log_answer(self._book, "calls", answer, answer.title)
        table = answer.table.copy()
        table.insert(
            list(table.columns).index(column) + 1,
            "recorded user",
            table[column].map(list_holders(self._book)).astype(object).fillna(""),
        )
        return consultation_log.log_answer(self._book, "calls", replace(answer, table=table), answer.title)


@dataclass(frozen=True, slots=True)
class RecordsBehind:
    """The records behind an answer as the case has them when somebody asks for them: without what does not count or is closed by then.

    `stones`: how many tombstones the case had when it answered. After a further one the title may name what was erased.
    """

    context: CaseContext
    title: str
    stones: int

    def query_frame(self, query: str, parameters: Mapping[str, object]) -> pd.DataFrame:
        """Answer of one SELECT to the records of now, once it is in the log."""
        return _read_behind(self, query, dict(parameters))


def read_records(behind: RecordsBehind, query: str, given: dict[str, object]) -> pd.DataFrame:
    """The records behind an answer, once it is in the log that somebody asked for them."""
    found = get_engine(behind.context).query_frame(query, given)
    _stamp_basis(behind.context, found)
    is_current = len(tombstones.list_stones(behind.context.ledger)) == behind.stones
    asked = (behind.title if is_current else "", "records", str(given.get("contact", "")))
    return consultation_log.log_answer(behind.context, "calls", found, *asked)


_read_behind = translate_errors(read_records, CallRecords.PATH)


def _stamp_basis(context: CaseContext, table: pd.DataFrame) -> None:
    """Note on a table on which rows it rests, and what counted: `case.export` refuses it once these are others for whoever exports it."""
    table.attrs |= {"rows": get_state(context), "counted": marks.get_exclusion_digest(context)}


def list_holders(context: CaseContext) -> dict[str, str]:
    """Number -> name shown for the person recorded as using it, by the strongest basis; suggestions do not count."""
    held = list_attributions(context.evidence, context.canonical)
    held = held[(held["layer"] != "suggested") & held["held_schema"].isin([NUMBER, "UserAccount"])]
    first = held.drop_duplicates("held").set_index("held")["holder"].to_dict()
    found: dict[str, str] = {}
    numbers = context.evidence[(context.evidence["schema"] == NUMBER) & (context.evidence["prop"] == "number")]
    for value, key in numbers[["value", "canonical_id"]].drop_duplicates().itertuples(index=False):
        node, seen = key, {key}
        while node in first and first[node] not in seen:
            node = first[node]
            seen.add(node)
        if node != key:
            found[value] = context.display_name(node)
    return found


def list_issues(context: CaseContext) -> list[Issue]:
    """What the files of call records show only together: calls in two files, cells in no list, jumps from cell to cell."""
    if "calls" not in set(parquet_rows.list_live_files(context.ledger)["kind"]):
        return []
    titles = dict(zip(context.documents["document_id"], context.documents["title"], strict=True))
    return context.cache_by_material(
        "doubts about calls", lambda: list(call_quality.list_issues(get_engine(context), titles))
    )
