"""The passages behind nodes and links of a chart: what each claims, where it stands, grade, handling, and whether it waits for a word."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import pandas as pd

from workbench.case.access import grade_tables, marks
from workbench.case.context.case_context import CaseContext
from workbench.case.evidence.link_strength import TOGETHER
from workbench.case.network import document_quotations, entity_graph, row_evidence
from workbench.case.network.link_evidence import Edge
from workbench.model.schema import RELATIONS
from workbench.model.stored_sentences import translate_place
from workbench.model.table_schemas import iterate_rows
from workbench.model.text.transliteration import add_transliteration, format_parties
from workbench.views import Marked, Passage

if TYPE_CHECKING:
    import networkx as nx

CODED = {"status": "status", "gender": "sex"}
"""Properties whose values are codes, and the group of the catalogue that has their words."""
RECORDS = 50
"""Rows of large tables that are shown of one link, the first in time."""


def list_passages(
    context: CaseContext, net: nx.MultiDiGraph, about: tuple[Collection[str], Collection[Edge]], limit: int
) -> tuple[list[Passage], int]:
    """Places that say something of nodes and links, those that wait for a decision first, then in order of time; and how many more.

    Parameters
    ----------
    net : MultiDiGraph
        What is on the chart: of links out of large tables it says which rows are behind them.
    about : (nodes, links)
    limit : int
        Places at most.
    """
    nodes, links = about
    nodes = {*nodes, *(key for node in nodes if node in net for key in net.nodes[node].get("accounts", ()))}
    rows = pd.concat(
        [_list_node_claims(context, nodes), _list_link_claims(context, links).drop(columns="edge")], ignore_index=True
    )
    rows = rows.drop_duplicates(["evidence_id", "document_id", "passage_id", "says"], ignore_index=True)
    dated = dict(zip(context.documents["document_id"], context.documents["at"], strict=True))
    rows["at"] = rows["document_id"].map(dated).fillna("")
    order = rows.assign(waits=~rows["open"], undated=rows["at"] == "")
    rows = rows.loc[
        order.sort_values(["waits", "undated", "at", "document_id", "says", "evidence_id"], kind="stable").index
    ]
    made = [*_build_passages(context, rows.head(limit), nodes | {end for edge in links for end in edge[:2]})]
    found = _list_records(context, net, links)
    records = [one for some in found.values() for one in some]
    count = sum(max(_count_rows(net, edge), len(some)) for edge, some in found.items())
    shown = [*made, *records[: max(0, limit - len(made))]]
    return shown, len(rows) + count - len(shown)


def _list_node_claims(context: CaseContext, nodes: Collection[str]) -> pd.DataFrame:
    """What is claimed of nodes, each claim at each place once; what an officer rejected among it, for it can be accepted again."""
    rows = context.evidence[context.evidence["canonical_id"].isin(set(nodes))]
    rows = rows[~rows["schema"].isin([*RELATIONS, "Mention"])]
    rows = rows.drop_duplicates(["statement_id", "document_id", "passage_id", "kind"])
    says = [_format_claim(context, row.canonical_id, row.schema, row.prop, row.value) for row in iterate_rows(rows)]
    return _select_columns(rows.assign(says=says, open=(rows["kind"] == "suggested") & (rows["verdict"] == "")))


def _format_claim(context: CaseContext, node: str, schema: str, prop: str, value: str) -> str:
    """A claim in words."""
    said, say = (
        context.display_name(value)
        if value in context.canonical_entities.index
        else format_value(context, prop, value),
        context.say,
    )
    return say(
        "{name} – {kind}: {property} = {value}",
        name=context.display_name(node),
        kind=say.term("schema", schema),
        property=say.term("property", prop),
        value=said,
    )


def format_value(context: CaseContext, prop: str, value: str) -> str:
    """A value in words: a code (a status, a sex) as the language has it, another with how it reads in Latin letters."""
    return context.say.term(CODED[prop], value) if prop in CODED else add_transliteration(value)


def format_link(context: CaseContext, source: str, relation: str, target: str) -> str:
    """A link between two entities in words."""
    return context.say(
        "{source} {relation} {target}",
        source=context.display_name(source),
        relation=context.say.term("relation", relation),
        target=context.display_name(target),
    )


def list_link_passages(
    context: CaseContext, net: nx.MultiDiGraph, links: Collection[Edge], each_: int
) -> dict[Edge, list[Passage]]:
    """The first places of each link, for a page that cannot ask."""
    rows = _list_link_claims(context, links)
    dated = dict(zip(context.documents["document_id"], context.documents["at"], strict=True))
    rows = rows.assign(at=rows["document_id"].map(dated).fillna(""), waits=~rows["open"])
    rows = rows.sort_values(["waits", "at", "document_id", "says", "evidence_id"], kind="stable")
    rows = rows.groupby("edge", sort=False).head(each_).reset_index(drop=True)
    made = list(_build_passages(context, rows, {end for edge in links for end in edge[:2]}))
    found: dict[Edge, list[Passage]] = {edge: [] for edge in links}
    for edge, one in zip(rows["edge"], made, strict=True):
        found[edge].append(one)
    for edge, records in _list_records(context, net, links, each_).items():
        found[edge] = [*found[edge], *records][:each_]
    return found


def _list_link_claims(context: CaseContext, links: Collection[Edge]) -> pd.DataFrame:
    """The claims on which links hang."""
    parts = []
    for accounts in ("held", "apart") if links else ():
        rows = entity_graph.list_links(context, accounts)
        keys = list(zip(rows["source"], rows["target"], rows["relation"] + "|" + rows["layer"], strict=True))
        rows = rows.assign(edge=pd.Series(keys, index=rows.index, dtype=object))
        parts.append(rows[rows["edge"].isin(set(links))])
    rows = pd.concat(parts, ignore_index=True) if parts else entity_graph.list_links(context).head(0).assign(edge=None)
    rows = rows[rows["evidence_id"] != ""].drop_duplicates(
        ["source", "target", "relation", "evidence_id", "document_id"]
    )
    known = context.evidence.drop_duplicates("evidence_id").set_index("evidence_id")
    says = [format_link(context, row.source, row.relation, row.target) for row in iterate_rows(rows)]
    verdict = rows["evidence_id"].map(known["verdict"]).fillna("")
    kind = rows["evidence_id"].map(known["kind"]).fillna("received").mask(rows["relation"].isin(TOGETHER), "suggested")
    waits = (rows["layer"] == "suggested") & (kind == "suggested") & (verdict == "") & ~rows["relation"].isin(TOGETHER)
    return _select_columns(rows.assign(says=says, open=waits, verdict=verdict, kind=kind), "edge")


def _select_columns(rows: pd.DataFrame, *more: str) -> pd.DataFrame:
    made = rows[["evidence_id", "document_id", "passage_id", "kind", "verdict", "says", "open", *more]]
    return made.astype({"open": bool})


def _build_passages(context: CaseContext, rows: pd.DataFrame, about: set[str]) -> Iterator[Passage]:
    """The places with their text, what is marked in it, and where they lie."""
    places = list(zip(rows["document_id"], rows["passage_id"], strict=True))
    table = document_quotations.quote_documents(context, rows["document_id"], rows["passage_id"])
    grades, spans = (
        list(grade_tables.list_passage_grades(context, places)),
        _list_spans(context, set(table["passage_id"]), about),
    )
    labels = marks.add_mark_column(context, rows[["evidence_id"]])["mark"]
    for row, text, grade, text_mark in zip(iterate_rows(rows), iterate_rows(table), grades, labels, strict=True):
        yield Passage(
            row.evidence_id, text.text, spans.get(text.passage_id, ()), row.kind, row.says, _format_source(context,
            text.source_name, text.exhibit),
            translate_place(str(text.place), context.say.language), str(text.at),
            format_parties(str(text.sender), list(text.recipients)) if text.sender else "", grade,
            str(text_mark), tuple(text.traces), row.verdict, bool(row.open), row.document_id,
        )  # fmt: skip


def _format_source(context: CaseContext, name: str, exhibit: str) -> str:
    return context.say("{name} (exhibit {exhibit})", name=name, exhibit=exhibit) if exhibit else str(name)


def _list_spans(context: CaseContext, passages: set[str], about: set[str]) -> dict[str, list[Marked]]:
    """What is marked in passages, each stretch once: those asked about first, then the surest."""
    rows = context.evidence
    rows = rows[rows["passage_id"].isin(passages - {""}) & (rows["start"] >= 0) & (rows["verdict"] != "rejected")]
    rows = rows[~rows["schema"].isin([*RELATIONS, "Mention"])]
    kind = rows["kind"].mask(rows["verdict"] == "accepted", "decided")
    rows = rows.assign(kind=kind, asked=~rows["canonical_id"].isin(about), sure=kind.map(SURENESS))
    rows = rows.sort_values(["passage_id", "asked", "sure", "start", "canonical_id"])
    rows = rows.drop_duplicates(["passage_id", "start", "end"])
    found: dict[str, list[Marked]] = {}
    for row in iterate_rows(rows):
        spans = found.setdefault(row.passage_id, [])
        if all(row.end <= one.start or one.end <= row.start for one in spans):
            spans.append(Marked(int(row.start), int(row.end), row.canonical_id, row.kind))
    return {passage: sorted(spans, key=lambda one: one.start) for passage, spans in found.items()}


SURENESS = {"decided": 0, "received": 1, "suggested": 2}


def _list_records(
    context: CaseContext, net: nx.MultiDiGraph, links: Collection[Edge], limit: int = RECORDS
) -> dict[Edge, list[Passage]]:
    """Rows of large tables behind links, the first in time of each."""
    known = [edge for edge in links if net.has_edge(*edge) and marks.ROWS & net.edges[edge].keys()]
    text = marks.format_mass_mark(context) if known else ""
    return {
        edge: [
            Passage(
                str(row.key), row.text, says=format_link(context, edge[0], edge[2].partition("|")[0], edge[1]),
                at=str(row.at), sender=format_parties(str(row.sender), list(row.recipients)),
                source=_format_source(context, row.source_name, row.exhibit), place=translate_place(row.place, context.say.language),
                mark=text, document_id=row.document_id,
            )
            for row in iterate_rows(table)
        ]
        for edge, table in row_evidence.list_edge_records(context, net, known, limit).items()
    }  # fmt: skip


def _count_rows(net: nx.MultiDiGraph, edge: Edge) -> int:
    """Rows of large tables behind a link."""
    data = net.edges[edge]
    return int(data.get("entries", data.get("count", 0)))
