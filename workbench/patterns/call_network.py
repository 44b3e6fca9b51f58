"""Links out of call records for a graph: which numbers called each other, how often, from when to when; and the records behind.

A case of ten million records has more pairs of numbers than anybody can look at, so each question has a limit, and the answer
says how many pairs there are. Run `prepare` first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.model.ids import LENGTH, build_entity_id
from workbench.model.table_schemas import LINKS
from workbench.patterns import call_questions

if TYPE_CHECKING:
    import pandas as pd

    from workbench.ledger.duckdb import Analytics

NUMBER = "TelephoneNumber"
PREFIX = f"{NUMBER.lower()}-"
ISO = "%Y-%m-%dT%H:%M:%S"
MORE = ("until", "a", "b", "a_service", "b_service")
"""Columns beside LINKS: the last time; caller and called as the records have them; whether each is a service."""


@dataclass(frozen=True, slots=True)
class Ties:
    """Links between numbers.

    Attributes
    ----------
    table : DataFrame
        LINKS and MORE: one row per caller, called and document, `count` its records, `at` and `until` the first and last
        time as written, `layer` 'received'.
    pairs, records : int
        Pairs of caller and called that there are, and their records; services are not among them.
    """

    table: pd.DataFrame
    pairs: int = 0
    records: int = 0

    @property
    def pair_count(self) -> int:
        """Pairs without services in the table."""
        own = self.table[~self.table["service"].astype(bool)]
        return len(own[["a", "b"]].drop_duplicates())


def count_pairs(engine: Analytics, documents: Sequence[str] | None = None) -> None:
    """Count the calls of each pair once (of these documents only); what is asked afterwards, but for records, is quick."""
    given = {} if documents is None else {"documents": list(documents)}
    engine.hold("ties", *call_questions.prepare_query(call_questions.TIES, given))


def list_links(
    engine: Analytics, numbers: Collection[str] = (), *, first: Collection[str] = (), limit: int = 20_000
) -> Ties:
    """Links between numbers for a graph, the pairs with the most records first; each call once, services last.

    Parameters
    ----------
    numbers : collection of str
        Only pairs with one of these; all if none is given.
    first : collection of str
        Pairs both ends of which are among these go before those with one, and these before all others.
    limit : int
        Pairs at most.
    """
    given: dict[str, object] = {"numbers": sorted(numbers), "first": sorted(first), "limit": limit}
    found = engine.query_frame(call_questions.LINKS, given)
    pairs, records = (int(found[name].iloc[0]) if len(found) else 0 for name in ("pairs", "total"))
    return Ties(_build_table(found), pairs, records)


def _build_table(found: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    names = {number: build_entity_id(NUMBER, number) for number in {*found["a"], *found["b"]}}
    made = pd.DataFrame({
        "source": found["a"].map(names), "target": found["b"].map(names), "relation": "called", "directed": True,
        "document_id": found["document_id"], "passage_id": "", "statement_id": "", "evidence_id": "",
        "at": found["first"].dt.strftime(ISO).fillna(""), "service": found["a_service"] | found["b_service"],
        "layer": "received", "count": found["records"], "until": found["last"].dt.strftime(ISO).fillna(""),
        **{name: found[name] for name in MORE[1:]},
    })  # fmt: skip
    return made[[*LINKS, *MORE]]


def list_records(
    engine: Analytics, pairs: Sequence[tuple[str, str]], *, documents: Sequence[str] | None = None, each: int = 100
) -> pd.DataFrame:
    """The records behind links, the first in time of each pair of caller and called.

    Columns: a, b, document_id, source (SHA-256), row, start, zone, event, duration [s], first_cell, imei, records (that the
    pair has).

    Parameters
    ----------
    pairs : sequence of (caller, called)
    each : int
        Records of each pair at most.
    """
    given: dict[str, object] = {"callers": [a for a, _ in pairs], "called": [b for _, b in pairs], "each": each}
    if documents is not None:
        given["documents"] = list(documents)
    return engine.query_frame(*call_questions.prepare_query(call_questions.BEHIND, given))


def has_number(engine: Analytics, number: str) -> bool:
    """Whether a number is a party of a record."""
    return not engine.query_frame(call_questions.PRESENT, {"number": number}).empty


def number_of(engine: Analytics, node: str) -> str:
    """Number of an entity id that only call records know; '' if there is none."""
    found = _load_names(engine, [node])
    return str(found["number"].iloc[0]) if len(found) else ""


def select_present_ids(engine: Analytics, nodes: Collection[str]) -> set[str]:
    """Of entity ids those whose number is a party of a record."""
    return {f"{PREFIX}{digest}" for digest in _load_names(engine, nodes)["digest"]}


def _load_names(engine: Analytics, nodes: Collection[str]) -> pd.DataFrame:
    digests = [node.removeprefix(PREFIX) if node.startswith(PREFIX) else "" for node in nodes]
    return engine.query_frame(call_questions.NAMED, {"digests": digests, "schema": NUMBER, "length": LENGTH})
