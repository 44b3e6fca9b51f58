"""Statements to graphs, and back to the passages behind a link."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import networkx as nx
import pandas as pd

from workbench import graph as rooms
from workbench.case.context import call_engine
from workbench.case.context.case_context import CaseContext
from workbench.case.context.entity_index import find_entity
from workbench.case.network import call_links, payment_links, row_evidence
from workbench.errors import CaseError
from workbench.ledger.records import row_tables
from workbench.model import identifiers
from workbench.model.catalogue import Sentence

WHY = (
    "at", "relation", "layer", "sender", "recipients", "text", "marked", "source_name", "exhibit", "traces", "device", "place",
    "document_id", "passage_id", "statement_id", "sha256",
)  # fmt: skip
"""Columns of `case.why`: the passages behind a link in order of time."""


SEEDS = 12
"""Best connected entities around which an overview is drawn."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a graph is made of.

    Attributes
    ----------
    accounts : {'held', 'apart'}
        'held': accounts, numbers and handsets stand for the person recorded as using them; 'apart': each for itself.
    suggested : bool
        With what a machine read out of text, drawn dashed.
    services : bool
        With service senders.
    """

    accounts: str = "held"
    suggested: bool = True
    services: bool = False


def list_links(context: CaseContext, accounts: str = "held") -> pd.DataFrame:
    """Occurrences of links (LINKS, with source_via and target_via)."""
    return context.cache_by_version(f"links-{accounts}", lambda: _build_links(context, accounts))


def _build_links(context: CaseContext, accounts: str) -> pd.DataFrame:
    found = rooms.list_links(_select_linkable(context), context.documents, context.canonical)
    held = rooms.list_attributions(context.evidence, context.canonical)
    rows = rooms.attribute_links(found, held, accounts="apart" if accounts == "apart" else "held")
    known = set(
        context.entities["canonical_id"]
    )  # an officer's claim may point to what was withdrawn or is not for the reader
    return rows[rows["source"].isin(known) & rows["target"].isin(known)].reset_index(drop=True)


def _select_linkable(context: CaseContext) -> pd.DataFrame:
    """Evidence of what can stand on a chart.

    Dates and amounts that were read in text are no things, and the cells of a table row are linked by the table's mapping,
    not by standing side by side.
    """
    tables = set(context.documents.loc[context.documents["schema"] == "Table", "document_id"])
    rows = context.evidence[context.evidence["schema"] != "Mention"]
    return rows.assign(start=rows["start"].where(~rows["document_id"].isin(tables), -1))


def build_overview(context: CaseContext, limit: int, scope: Scope) -> nx.MultiDiGraph:
    """The best connected persons and what lies around them, at most `limit` entities."""
    ranks = rooms.build_ranking(build_graph(context, (), 1, 0, Scope(suggested=False)))
    net = build_graph(context, (), 1, 0, scope)
    seeds = [key for key in ranks["canonical_id"].head(SEEDS) if key in net]
    return rooms.select_neighbourhood(net, seeds, 1, limit=limit, services=scope.services) if seeds else net


def build_graph(context: CaseContext, about: Sequence[str], hops: int, limit: int, scope: Scope) -> nx.MultiDiGraph:
    """The graph of the case or of the neighbourhood of some entities.

    What large tables of calls bring is cut (`mass`): of the whole case, or of the neighbourhood, which is asked for hop by hop.
    """
    if hops < 1:
        raise CaseError(Sentence("`hops`: {hops} is not valid. Enter 1 or more.", hops=hops))
    if not about:
        return _load_full_graph(context, scope).copy()
    named = [find_node_id(context, name) for name in about]
    net = (
        _build_neighbourhood(context, named, hops, limit, scope)
        if _has_rows(context)
        else _load_full_graph(context, scope)
    )
    seeds = [seed if seed in net else find_holder(context, seed) for seed in named]
    return rooms.select_neighbourhood(
        net, [seed for seed in seeds if seed in net], hops, limit=limit, services=scope.services
    )


def build_path_graph(context: CaseContext, a: str, b: str) -> tuple[nx.MultiDiGraph, str, str]:
    """The graph in which ways between two entities are looked for, and the two as they stand in it.

    Of large tables of calls it has the strongest pairs, all contacts of both ends, and the pairs between these contacts.
    """
    ends = [find_holder(context, find_node_id(context, name)) for name in (a, b)]
    scope = Scope()
    if not _has_rows(context):
        return _load_full_graph(context, scope), ends[0], ends[1]
    near, whole = _list_bulk_links(context, ends, scope), _list_strongest_links(context, scope)
    beside = {node for part in near for end in ("source", "target") for node in part.rows[end]}
    further = _list_bulk_links(context, beside, scope)
    key = ["source", "target", "a", "b", "document_id"]
    parts = [
        replace(one, rows=pd.concat([one.rows, two.rows, three.rows]).drop_duplicates(key))
        for one, two, three in zip(whole, near, further, strict=True)
    ]
    return _build_net(context, scope, parts), ends[0], ends[1]


def find_node_id(context: CaseContext, name: str) -> str:
    """Canonical id of what a name means, as `CaseContext.find`; a number may be written with blanks, or only rows may know it.

    Raises
    ------
    CaseError
        As `CaseContext.find`, or if only rows know the name and it means several parties.
    """
    try:
        return find_entity(context, name)
    except CaseError:
        key = identifiers.build_telephone_key(name).entity_id
        if key in set(context.entities["entity_id"]):
            return find_entity(context, key)
        parties = payment_links.find_party_ids(context, name)
        if len(parties) > 1:
            accounts = {"name": name, "count": len(parties), "accounts": tuple(parties)}
            raise CaseError(
                Sentence(
                    "'{name}' is the name of {count} parties in the payments: {accounts}. Give the id of one of them.",
                    **accounts,
                )
            ) from None
        if found := next(iter(parties), "") or call_links.find_number_id(context, name):
            return found
        raise


def _load_full_graph(context: CaseContext, scope: Scope) -> nx.MultiDiGraph:
    return context.cache_by_version(
        f"graph-{scope}", lambda: _build_net(context, scope, _list_strongest_links(context, scope))
    )


def build_link_graph(context: CaseContext, nodes: Collection[str], scope: Scope) -> nx.MultiDiGraph:
    """The links between some entities, and to others from them."""
    if not _has_rows(context):
        return _load_full_graph(context, scope)
    return _build_net(context, scope, _list_bulk_links(context, nodes, scope), nodes)


def select_row_entities(context: CaseContext, ids: Collection[str]) -> set[str]:
    """Of entity ids those that rows without claims of their own know."""
    return call_links.select_number_ids(context, ids) | payment_links.select_party_ids(context, ids)


def _has_rows(context: CaseContext) -> bool:
    """Whether there are calls or payments that are rows only."""
    return bool(call_links.list_unclaimed_tables(context) or payment_links.find_unclaimed(context))


def _list_strongest_links(context: CaseContext, scope: Scope) -> list[call_links.Part]:
    return [call_links.list_case_links(context, scope.accounts), payment_links.list_case_links(context)]


def _build_neighbourhood(
    context: CaseContext, named: Sequence[str], hops: int, limit: int, scope: Scope
) -> nx.MultiDiGraph:
    """The links of the entities within reach: claims, and what the engine counts of the numbers of each hop."""
    first = {*named, *(find_holder(context, key) for key in named if scope.accounts == "held")}
    nodes = set(first)
    for hop in range(1, hops + 1):
        net = _build_net(context, scope, _list_bulk_links(context, nodes, scope), nodes)
        seeds = [node for node in sorted(first) if node in net]
        nodes |= set(rooms.select_neighbourhood(net, seeds, hop, limit=limit, services=scope.services))
    return _build_net(context, scope, _list_bulk_links(context, nodes, scope), nodes)


def _list_bulk_links(context: CaseContext, nodes: Collection[str], scope: Scope) -> list[call_links.Part]:
    numbers = call_links.list_numbers(context, nodes, scope.accounts)
    return [
        call_links.list_number_links(context, numbers, scope.accounts),
        payment_links.list_entity_links(context, nodes),
    ]


def _build_net(
    context: CaseContext, scope: Scope, parts: Sequence[call_links.Part], touching: Collection[str] = ()
) -> nx.MultiDiGraph:
    """Graph of the claims and of the links out of large tables; of those of some entities only, where they are given."""
    rows = list_links(context, scope.accounts)
    if any(len(part.rows) for part in parts):
        rows = rows.assign(until="", a="", b="", a_service=False, b_service=False)
        rows = pd.concat(
            [rows, *(part.rows[list(call_links.COLUMNS)] for part in parts if len(part.rows))], ignore_index=True
        )
    if touching:
        rows = rows[rows["source"].isin(set(touching)) | rows["target"].isin(set(touching))]
    if not scope.suggested:
        rows = rows[rows["layer"] != "suggested"]
    if not scope.services:
        rows = rows[~rows["service"].astype(bool)]
    net = rooms.build_graph(rows, call_links.list_entities(context, rows), context.documents)
    if _has_rows(context):
        call_links.annotate_graph(context, net, parts)
    if not scope.services:
        net.remove_nodes_from([node for node, service in list(net.nodes(data="service")) if service])
        net.remove_nodes_from(list(nx.isolates(net)))
    return net


def find_holder(context: CaseContext, entity: str) -> str:
    """The person onto whom an account, number or handset is drawn; the entity itself if it stands for itself."""
    last = context.cache_by_version(
        "holders", lambda: rooms.find_holders(rooms.list_attributions(context.evidence, context.canonical))
    )
    return last.get(entity, entity)


def explain_link(context: CaseContext, a: str, b: str) -> pd.DataFrame:
    """The passages behind a link between two entities (columns WHY), in order of time, one row per passage and relation.

    Of calls and payments that are rows only the first `call_links.ROWS` in time; `.attrs['left_out']` says how many there are.
    """
    left, right = (find_node_id(context, name) for name in (a, b))
    rows = rooms.list_link_occurrences(list_links(context), left, right)
    if rows.empty:
        rows = rooms.list_link_occurrences(list_links(context), find_holder(context, left), find_holder(context, right))
    if rows.empty:
        rows = rooms.list_link_occurrences(list_links(context, "apart"), left, right)
    rows = rows.drop_duplicates(["document_id", "passage_id", "relation"])
    quoted = quote_documents(context, rows["document_id"], rows["passage_id"])
    spans = list_entity_spans(context, {left, right})
    table = rows.reset_index(drop=True).drop(columns=["at", "document_id", "passage_id"]).join(quoted)
    dated = rows["at"].reset_index(drop=True)  # of a row of a table, which as a document has no time
    table["at"] = dated.where(dated != "", table["at"])
    table["marked"] = pd.Series([spans.get(passage, []) for passage in table["passage_id"]], dtype=object)
    return _add_rows(context, table[list(WHY)], left, right)


def _add_rows(context: CaseContext, table: pd.DataFrame, left: str, right: str) -> pd.DataFrame:
    """The passages, and with them the rows of large tables."""
    found, count = row_evidence.list_records_between(context, left, right)
    if found.empty and table.empty:
        found, count = row_evidence.list_records_between(
            context, find_holder(context, left), find_holder(context, right)
        )
    rows = found.assign(layer="received", passage_id="", statement_id="")
    for name in ("marked", "traces"):
        rows[name] = pd.Series([[] for _ in rows.index], index=rows.index, dtype=object)
    both = pd.concat([table, rows[list(WHY)]], ignore_index=True) if len(rows) else table
    both = both.sort_values(["at", "document_id", "relation"], kind="stable", ignore_index=True)
    left_out = call_links.describe_omitted("link", count, len(found))
    both.attrs.update(
        left_out=left_out if count > len(found) else "", rows=call_engine.get_state(context) if len(found) else ""
    )
    return both


Edge = tuple[str, str, str]
"""Source, target and key ('relation|layer') of a link in a graph."""


def list_link_places(context: CaseContext) -> dict[Edge, list[tuple[str, str]]]:
    """For each link: document and passage of its occurrences, in order of time; '' where the document has one passage."""
    return context.cache_by_version("places", lambda: _build_link_places(context))


def _build_link_places(context: CaseContext) -> dict[Edge, list[tuple[str, str]]]:
    found: dict[Edge, list[tuple[str, str]]] = {}
    columns = ["source", "target", "relation", "layer", "document_id", "passage_id"]
    for name in ("held", "apart"):
        rows = list_links(context, name).sort_values(["at", "document_id", "passage_id"])[columns].drop_duplicates()
        for source, target, relation, layer, document, passage in rows.itertuples(index=False):
            where = found.setdefault((source, target, f"{relation}|{layer}"), [])
            if document and (document, passage) not in where[-1:]:
                where.append((document, passage))
    return found


def list_link_claims(context: CaseContext) -> dict[Edge, tuple[set[str], set[str]]]:
    """For each link between persons: evidence ids of the claims on which it hangs, and the accounts that it came through."""
    return context.cache_by_version("claims", lambda: _build_link_claims(context))


def _build_link_claims(context: CaseContext) -> dict[Edge, tuple[set[str], set[str]]]:
    found: dict[Edge, tuple[set[str], set[str]]] = {}
    columns = ["source", "target", "relation", "layer", "evidence_id", "source_via", "target_via"]
    for source, target, relation, layer, evidence, *via in list_links(context)[columns].itertuples(index=False):
        ids, through = found.setdefault((source, target, f"{relation}|{layer}"), (set(), set()))
        ids.add(evidence)
        through.update(key for key in via if key)
    return found


def list_passages(context: CaseContext, where: Iterable[tuple[str, str]]) -> list[str]:
    """Passage ids of (document, passage) places; where no passage is named, the document's first."""
    first = context.cache_by_version("first-passages", lambda: _list_first_passages(context))
    found = [passage or first.get(document, "") for document, passage in where]
    return [passage for passage in found if passage]


def _list_first_passages(context: CaseContext) -> dict[str, str]:
    ordered = context.passages.sort_values("number").drop_duplicates("document_id")
    return dict(zip(ordered["document_id"], ordered["passage_id"], strict=True))


def quote_documents(context: CaseContext, documents: Iterable[str], passages: Iterable[str]) -> pd.DataFrame:
    """Text and provenance of documents: where no passage is named, the document's first; columns of WHY that need no link."""
    wanted = list(zip(documents, passages, strict=True))
    ids = sorted({document for document, _ in wanted})
    by_id = dict(zip(context.passages["passage_id"], context.passages["text"], strict=True))
    where, lines = list_provenance(context, ids), list_row_places(context)
    rows = []
    for document, passage in wanted:
        key = next(iter(list_passages(context, [(document, passage)])), "")
        found = {**where.get(document, EMPTY), **({"place": lines[key]} if key in lines else {})}
        rows.append({"document_id": document, "passage_id": key, "text": by_id.get(key, ""), **found})
    return pd.DataFrame(rows, columns=pd.Index(["document_id", "passage_id", "text", *EMPTY]))


def list_row_places(context: CaseContext) -> dict[str, str]:
    """Place of each row of a table: passage id -> 'sheet S row N'."""
    return context.cache_by_version("row-places", lambda: _build_row_places(context))


def _build_row_places(context: CaseContext) -> dict[str, str]:
    tables = set(context.documents.loc[context.documents["schema"] == "Table", "document_id"])
    rows = context.evidence[context.evidence["document_id"].isin(tables) & (context.evidence["trace_id"] != "")]
    place = dict(zip(context.traces["trace_id"], context.traces["place"], strict=True))
    pairs = rows[["passage_id", "trace_id"]].drop_duplicates("passage_id")
    return {passage: place[trace] for passage, trace in pairs.itertuples(index=False) if passage and trace in place}


EMPTY: dict[str, object] = {
    "at": "", "sender": "", "recipients": [], "title": "", "kind": "", "service": "", "source_name": "", "exhibit": "",
    "sha256": "", "traces": [], "device": "", "place": "",
}  # fmt: skip


def list_provenance(context: CaseContext, documents: Sequence[str]) -> dict[str, dict[str, object]]:
    """For each document: time, sender, recipients, kind, and where it lies (fields of EMPTY)."""
    table = context.documents[context.documents["document_id"].isin(set(documents))].set_index("document_id")
    traces = row_tables.list_traces(context.ledger, list(table.index)).groupby("document_id")
    people = list_parties(context)
    found: dict[str, dict[str, object]] = {}
    for document, places in traces:
        key = str(document)
        row = table.loc[key]
        sender, recipients = people.get(key, ("", []))
        found[key] = {
            "at": row["at"], "sender": sender, "recipients": recipients, "title": row["title"], "kind": row["schema"],
            "service": row["service"], "source_name": _join_values(places["source_name"]), "exhibit": _join_values(places["exhibit"]),
            "sha256": _join_values(places["source"]), "traces": sorted(set(places["trace"]) - {""}),
            "device": _join_values(places["device"]),
            "place": places["place"].iloc[0] if len(places) == 1 else f"{places['place'].iloc[0]} and {len(places) - 1} more",
        }  # fmt: skip
    return found


def list_parties(context: CaseContext) -> dict[str, tuple[str, list[str]]]:
    """For each message: caption of its sender (several claims joined by ' / ') and captions of its recipients."""
    return context.cache_by_version("parties", lambda: _build_parties(context))


def _build_parties(context: CaseContext) -> dict[str, tuple[str, list[str]]]:
    rows = context.evidence[
        context.evidence["prop"].isin(["senderAccount", "emitters", "recipientAccount", "recipients"])
    ]
    rows = rows[rows["verdict"] != "rejected"][["document_id", "prop", "value"]].drop_duplicates()
    held = (
        rooms.list_attributions(context.evidence, context.canonical)
        .drop_duplicates("held")
        .set_index("held")["holder"]
        .to_dict()
    )
    found: dict[str, tuple[list[str], list[str]]] = {}
    for document, prop, value in rows.itertuples(index=False):
        key = context.canonical.get(value, value)
        name = context.get_caption(held.get(key, key))
        ends = found.setdefault(document, ([], []))[0 if prop in ("senderAccount", "emitters") else 1]
        if name not in ends:
            ends.append(name)
    return {
        document: (" / ".join(sorted(senders)), sorted(recipients)) for document, (senders, recipients) in found.items()
    }


def list_entity_spans(context: CaseContext, entities: set[str]) -> dict[str, list[tuple[int, int]]]:
    """Where entities are marked in passages: passage id -> spans."""
    rows = context.evidence[context.evidence["canonical_id"].isin(entities) & (context.evidence["start"] >= 0)]
    found: dict[str, list[tuple[int, int]]] = {}
    for passage, start, end in rows[["passage_id", "start", "end"]].drop_duplicates().itertuples(index=False):
        found.setdefault(passage, []).append((int(start), int(end)))
    return {passage: sorted(spans) for passage, spans in found.items()}


def _join_values(values: pd.Series[str]) -> str:
    return ", ".join(sorted(set(values) - {""}))
