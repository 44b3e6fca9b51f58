"""Calls that are rows only: the links that tables of more rows than have a passage each bring into graphs.

A small table of calls claims a Call for every row, and its links come of these claims. The rows of a large one lie beside the
ledger; here they become links between the numbers, counted by DuckDB, without what is set aside, each call once. Which of the
two a table is, its claims say: one of which a Call is claimed is never counted here. Only so many pairs of numbers enter a graph
(PAIRS), and each graph says how many it leaves out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from workbench import graph as rooms
from workbench.case.context import call_engine
from workbench.case.context.case_context import CaseContext
from workbench.model import identifiers
from workbench.model.catalogue import Translator, translate
from workbench.model.ids import build_entity_id
from workbench.model.table_schemas import ENTITIES, LINKS, iterate_rows
from workbench.patterns import call_network

if TYPE_CHECKING:
    import networkx as nx

    from workbench.ledger.duckdb import Analytics

PAIRS = 5_000
"""Pairs of caller and called that one graph takes: of the whole case those whose numbers the case names elsewhere before those
with the most records; around numbers, those between them before those with the most records."""
ROWS = 100
"""Call records that `case.why` lists, the first in time."""
NUMBER = call_network.NUMBER
SCHEMATA = {"telephonenumber": NUMBER, "legalentity": "LegalEntity", "bankaccount": "BankAccount"}
"""Of what only rows know, by the beginning of its id."""
COLUMNS = (*LINKS, "source_via", "target_via", *call_network.MORE)
RECORDS = (
    "a", "b", "records", "at", "zone", "sender", "recipients", "text", "source_name", "exhibit", "device", "place", "document_id",
    "sha256", "key",
)  # fmt: skip
"""Rows behind a link as they are shown. `text`: what the row states, field by field; `place`: where it stands; `records`: how
many the pair has; `key`: name of the row, by its document and number."""
Pair = tuple[str, str]
"""Caller and called, as numbers."""


@dataclass(frozen=True, slots=True)
class Part:
    """Links out of rows (COLUMNS and more) of `what` ('calls', 'payments'); how many pairs there are, and how many are here."""

    rows: pd.DataFrame
    pairs: int = 0
    shown: int = 0
    what: str = "calls"

    @property
    def left_out(self) -> str:
        """What a reader must know of the pairs that are not here; '' if all are."""
        if self.pairs <= self.shown:
            return ""
        return describe_omitted(self.what, self.pairs, self.shown)


def describe_omitted(what: str, whole: int, shown: int) -> str:
    """A sentence of `left_out`, in English as it stands in rows: of so many, so many are here."""
    return translate(f"left_out.{what}", whole=Translator().figure(whole), shown=Translator().figure(shown))


NOTHING = Part(pd.DataFrame(columns=pd.Index(COLUMNS)))


def list_unclaimed_tables(context: CaseContext) -> list[str]:
    """Tables of calls whose rows are in no claim."""
    return [document for document, claimed in call_engine.list_call_tables(context).items() if not claimed]


def count_pairs(context: CaseContext) -> Analytics:
    """The engine in which the calls of each pair are counted."""
    engine, wanted = call_engine.get_engine(context), list_unclaimed_tables(context)

    def prepare_engine() -> Analytics:
        call_network.count_pairs(engine, wanted)
        return engine

    return context.cache_by_input("counted pairs", (engine, wanted), prepare_engine)


def list_case_links(context: CaseContext, accounts: str) -> Part:
    """Links of the whole case: at most PAIRS pairs, those whose numbers the case names elsewhere first."""

    def build_links() -> Part:
        engine, named = count_pairs(context), _list_known_numbers(context)
        made = context.cache_by_input(
            "strongest pairs", (engine, named), lambda: call_network.list_links(engine, first=named, limit=PAIRS)
        )
        return _build_part(context, made, accounts)

    return (
        context.cache_by_material(f"mass-links-{accounts}", build_links) if list_unclaimed_tables(context) else NOTHING
    )


def list_number_links(context: CaseContext, numbers: Collection[str], accounts: str) -> Part:
    """Links of some numbers: at most PAIRS pairs, those between two of them first."""
    if not numbers or not list_unclaimed_tables(context):
        return NOTHING
    return _build_part(
        context, call_network.list_links(count_pairs(context), numbers, first=numbers, limit=PAIRS), accounts
    )


def _build_part(context: CaseContext, made: call_network.Ties, accounts: str) -> Part:
    """Links between canonical entities, drawn onto the persons recorded as using the numbers."""
    rows = made.table
    for end, number in (("source", "a"), ("target", "b")):
        new = ~rows[end].isin(set(context.entities["entity_id"]))
        context.unlisted.update(zip(rows.loc[new, end], rows.loc[new, number], strict=True))
    canonical = context.canonical
    rows = rows.assign(**{end: [canonical.get(key, key) for key in rows[end]] for end in ("source", "target")})
    held = rooms.list_attributions(context.evidence, canonical)
    rows = rooms.attribute_links(rows, held, accounts="apart" if accounts == "apart" else "held")
    return Part(rows[list(COLUMNS)], made.pairs, made.pair_count)


def _list_known_numbers(context: CaseContext) -> frozenset[str]:
    """Numbers that the case names elsewhere than in large tables of calls."""
    rows = context.evidence
    chosen = (rows["schema"] == NUMBER) & (rows["prop"] == "number") & (rows["verdict"] != "rejected")
    return frozenset(rows.loc[chosen & ~rows["document_id"].isin(list_unclaimed_tables(context)), "value"])


def build_number_id(number: str) -> str:
    """Entity id of a number as the rows have it."""
    return build_entity_id(NUMBER, number)


def list_numbers(context: CaseContext, nodes: Iterable[str], accounts: str) -> set[str]:
    """Numbers that stand behind nodes of a graph: what each is, and what persons are recorded as using."""
    known = context.cache_by_material(f"numbers-{accounts}", lambda: _list_node_numbers(context, accounts))
    found: set[str] = set()
    for node in nodes:
        found.update(known.get(node, ()))
        if node in context.unlisted:
            found.add(context.unlisted[node])
    return found


def _list_node_numbers(context: CaseContext, accounts: str) -> dict[str, set[str]]:
    last = (
        rooms.find_holders(rooms.list_attributions(context.evidence, context.canonical)) if accounts != "apart" else {}
    )
    rows = context.evidence
    rows = rows[(rows["schema"] == NUMBER) & (rows["prop"] == "number") & (rows["verdict"] != "rejected")]
    found: dict[str, set[str]] = {}
    for key, value in rows[["canonical_id", "value"]].drop_duplicates().itertuples(index=False):
        found.setdefault(last.get(key, key), set()).add(value)
    return found


def find_number_id(context: CaseContext, name: str) -> str:
    """Entity id of a number, or that id itself, which only large tables of calls know; '' if they do not."""
    if not list_unclaimed_tables(context):
        return ""
    if name.startswith(call_network.PREFIX) and (number := call_network.number_of(count_pairs(context), name)):
        context.unlisted[name] = number
        return name
    if not any(map(str.isdigit, name)):
        return ""
    key = identifiers.build_telephone_key(name)
    if not call_network.has_number(count_pairs(context), key.value):
        return ""
    context.unlisted[key.entity_id] = key.value
    return key.entity_id


def select_number_ids(context: CaseContext, ids: Collection[str]) -> set[str]:
    """Of entity ids those of numbers that are in rows of large tables of calls."""
    wanted = {key for key in ids if key.startswith(call_network.PREFIX)}
    return (
        call_network.select_present_ids(count_pairs(context), wanted)
        if wanted and list_unclaimed_tables(context)
        else set()
    )


def list_entities(context: CaseContext, rows: pd.DataFrame) -> pd.DataFrame:
    """Entities of the case, and with them what stands at the ends of links and only rows know (ENTITIES)."""
    ends = {*rows["source"], *rows["target"]} - set(context.entities["canonical_id"])
    more = [
        (key, key, SCHEMATA[key.partition("-")[0]], context.unlisted[key], "", False, False, "received", 0)
        for key in sorted(ends & context.unlisted.keys())
    ]
    if not more:
        return context.entities
    return pd.concat([context.entities, pd.DataFrame(more, columns=pd.Index(ENTITIES))], ignore_index=True)


def annotate_graph(context: CaseContext, net: nx.MultiDiGraph, parts: Sequence[Part]) -> None:
    """Write onto a graph which numbers are services, what rows a link is made of, what is left out, and on what it rests.

    A link of calls has the pairs of numbers in `numbers`, one of payments `entries`: how many of them are rows only.
    """
    for row in iterate_rows(
        pd.concat([part.rows for part in parts], ignore_index=True).rename(columns={"count": "count_"})
    ):
        for node, service in ((row.source, row.a_service), (row.target, row.b_service)):
            if service and node in net:
                net.nodes[node]["service"] = True
        edge = net.get_edge_data(row.source, row.target, f"{row.relation}|{row.layer}")
        if edge is None:
            continue
        if not row.a:
            edge["entries"] = edge.get("entries", 0) + int(row.count_)
        elif (row.a, row.b) not in edge.setdefault("numbers", []):
            edge["numbers"].append((row.a, row.b))
    net.graph.update(
        pairs=sum(part.pairs for part in parts), pairs_left_out=sum(part.pairs - part.shown for part in parts),
        left_out="\n".join(part.left_out for part in parts if part.left_out), rows=call_engine.get_state(context),
    )  # fmt: skip
