"""What may leave a case in a file: nothing that an officer rejected, nothing that its addressee may not see.

What the verbs give holds nothing that was withdrawn or set aside; a table or graph that was asked earlier may, and is refused.
What the addressee may not see is left out and counted. Both are known by ids: a table without any goes as it is, but not to
an addressee from whom something is withheld.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.case.access import mark_propagation, marks
from workbench.case.context import call_engine
from workbench.case.evidence import notes, provenance, staleness
from workbench.case.network import entity_graph, link_evidence
from workbench.ledger import Object
from workbench.ledger.records import row_tables
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    import networkx as nx
    import numpy.typing as npt
    import pandas as pd

    from workbench.case.context.case_context import CaseContext

ENTITY = re.compile(r"[a-z]+-[0-9a-f]{24}")
"""Form of the id of an entity."""
NAMING = ("canonical_id", "entity_id", "left_id", "right_id")
"""Columns of tables that hold the ids of entities and nothing else."""


TOLD = ("documents", "sources", "passages", "notes")
"""Kinds of what a table tells of beside entities."""
EXACT = ("evidence_id", "statement_id")
"""Tables whose rows say the same as long as their claim counts; what others say (captions, counts) rests on more."""


@dataclass(frozen=True, slots=True)
class ReaderView:
    """What a reader sees of a case: ids by the name of their column."""

    evidence: pd.DataFrame
    ids: dict[str, frozenset[str]]
    entities: frozenset[str]
    rejected: frozenset[str]
    bereft: frozenset[str]


@dataclass(frozen=True, slots=True)
class Withheld:
    """What the officer who works sees and the addressee does not, by the column of a table that would name it.

    Attributes
    ----------
    claims, other : mapping
        For tables of evidence, whose rows are claims, and for all others, whose rows say more than one.
    things : frozenset
        Entities of which something is withheld, or all.
    values : tuple of str
        Numbers and accounts of entities that are withheld.
    """

    claims: dict[str, frozenset[str]]
    other: dict[str, frozenset[str]]
    things: frozenset[str]
    values: tuple[str, ...]

    def list_ids(self, *, exact: bool) -> frozenset[str]:
        """All of them; `exact`: of a table whose rows are claims and say no more."""
        if exact:
            return frozenset[str]().union(*self.claims.values())
        return self.things.union(*self.other.values(), self.claims["evidence_id"])

    def __bool__(self) -> bool:
        return bool(self.things or self.values or any(self.claims.values()))


@dataclass(frozen=True, slots=True)
class ReleasedTable:
    """A table as it may leave, and how many of its rows do not: rejected, withheld from the addressee, notes of withdrawn sources."""

    frame: pd.DataFrame
    rejected: int = 0
    withheld: int = 0
    unsourced: int = 0


def filter_table(context: CaseContext, cut: CaseContext, frame: pd.DataFrame) -> ReleasedTable:
    """The table without what was rejected and what the addressee may not see; `cut` is the case as the addressee sees it.

    What a row is about is told by the ids in all its cells, its index and its heading, whatever the columns are called.

    Raises
    ------
    CaseError
        If it holds something that does not count in the case any more, or is to be cut and has no ids.
    """
    mine, whole = _load_reader_view(context), frame
    frame = _drop_unsourced_notes(context, frame)
    unsourced = len(whole) - len(frame)
    kept = _drop_rejected(mine, provenance.drop_mark_columns(frame))
    found = provenance.find_ids(kept)
    _check_current(
        context, provenance.find_unknown_ids(context, found.relied_ids) | _find_uncounted(mine, found), "table"
    )
    unclaimed = _find_unclaimed_rows(kept)
    if unclaimed.any() or frame.attrs.get("rows"):
        _check_fresh(context, frame.attrs.get("rows"), "table")
    if "counted" in frame.attrs and found.key not in EXACT and not staleness.is_fresh(context, frame.attrs["counted"]):
        raise context.ledger.refuse("disclosure", Object("export"), staleness.describe_staleness("table"))
    hidden = _find_withheld(context, cut)
    if not hidden:
        return ReleasedTable(kept, rejected=len(frame) - len(kept), unsourced=unsourced)
    known = set(found.ids) - provenance.find_unknown_ids(context, found.ids)
    if not known:
        why = Sentence(
            "Nothing was exported. Some data in this case is not for this addressee. The table contains no "
            "ids of this case, so the program cannot remove this data. Use a table with one of the columns "
            "{columns}. If the country of the addressee is not known, give it: `country='FR'`.",
            columns=tuple(marks.COLUMNS),
        )
        raise context.ledger.refuse("disclosure", Object("export"), why)
    left_out = ~found.find_rows(known) | found.find_rows(hidden.list_ids(exact=found.key == "evidence_id"))
    left_out |= unclaimed & [any(value in text for value in hidden.values) for text in _list_texts(kept)]
    for at in range(len(kept.columns)):
        left_out |= kept.iloc[:, at].isin(hidden.values).to_numpy(dtype=np.bool_)
    return ReleasedTable(kept[~left_out], len(frame) - len(kept), int(left_out.sum()), unsourced)


def select_entities(context: CaseContext, cut: CaseContext, frame: pd.DataFrame) -> set[str] | None:
    """Ids of entities that a table names, as far as its addressee may see them; None where it can name none. Raises as `table`."""
    columns = [name for name in NAMING if name in frame]
    kept = filter_table(context, cut, frame).frame
    if columns:
        return {value for name in columns for value in kept[name] if isinstance(value, str)}
    return provenance.select_entities(cut, provenance.find_ids(kept).ids) or None


def filter_graph(context: CaseContext, cut: CaseContext, net: nx.Graph) -> tuple[nx.Graph, int]:
    """The graph as the addressee may see it, and how many entities and links were left out for that.

    Where something of it is withheld, its entities and links are those of the case as the addressee sees it: counts, times
    and names that the graph has from what is withheld would tell of it.

    Raises
    ------
    CaseError
        As `table`; also if it is to be cut and is none that the case gives.
    """
    mine = _load_reader_view(context)
    edges = [data for *_, data in net.edges(data=True)]
    statements = {one for data in edges for one in data.get("statement_ids", ())}
    documents = {one for data in edges for one in data.get("document_ids", ())}
    gone = {
        *_find_unknown_entities(mine, net),
        *(statements - mine.ids["statement_id"]),
        *(documents - mine.ids["document_id"]),
    }
    _check_current(context, gone - entity_graph.select_row_entities(context, gone), "graph")
    if any(marks.ROWS & data.keys() for data in edges):
        _check_fresh(context, net.graph.get("rows"), "graph")
    net, _ = staleness.refresh_graph(context, net)
    hidden = _find_withheld(context, cut)
    numbers = {number for data in edges for pair in data.get("numbers", ()) for number in pair}
    touched = (
        hidden.things & set(net) or hidden.other["statement_id"] & statements or hidden.other["document_id"] & documents
    )
    if not touched and not numbers & set(hidden.values):
        return net, 0
    if not (net.is_multigraph() and net.is_directed()):
        raise context.ledger.refuse(
            "disclosure",
            Object("export"),
            Sentence(
                "The graph was not exported. Some of its data is not for this addressee. Export a graph that "
                "`case.graph()` returns."
            ),
        )
    part = _rebuild_for_reader(cut, net)
    return part, len(net) + net.number_of_edges() - len(part) - part.number_of_edges()


def find_named_ids(context: CaseContext, frame: pd.DataFrame) -> set[str]:
    """Ids of what a table tells of: those who got it hear of a correction. A row without an id may tell of any file."""
    found, known = provenance.find_ids(frame), mark_propagation.list_visible_ids(context)
    traced = provenance.select_entities(context, found.ids).union(*(found.ids & known[kind] for kind in TOLD))
    return traced if found.find_rows(traced).all() else traced | known["sources"]


def build_full_graph(context: CaseContext) -> nx.MultiDiGraph:
    """The graph of the case, with its marks."""
    net = entity_graph.build_graph(context, (), 1, 0, entity_graph.Scope())
    return marks.stamp_graph(context, net, link_evidence.list_link_places(context))


def _rebuild_for_reader(cut: CaseContext, net: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """Entities and links of a graph as another reader sees them."""
    import networkx as nx

    scopes = [entity_graph.Scope(accounts, services=True) for accounts in ("apart", "held")]
    known = nx.compose(*(entity_graph.build_link_graph(cut, set(net), scope) for scope in scopes))
    part = known.edge_subgraph([edge for edge in net.edges(keys=True) if known.has_edge(*edge)]).copy()
    part.add_nodes_from((node, dict(known.nodes[node])) for node in net if node in known and node not in part)
    return marks.stamp_graph(cut, part, link_evidence.list_link_places(cut))


def _drop_rejected(mine: ReaderView, frame: pd.DataFrame) -> pd.DataFrame:
    if "verdict" in frame and "target_id" not in frame:  # the table of decisions tells of rejections, and has no claim
        frame = frame[frame["verdict"] != "rejected"]
    return (
        frame[~provenance.find_ids(frame).find_rows(mine.rejected)]
        if mine.rejected and "target_id" not in frame
        else frame
    )


def _drop_unsourced_notes(context: CaseContext, frame: pd.DataFrame) -> pd.DataFrame:
    """The table without notes of which a source was withdrawn."""
    gone = notes.list_unsourced_notes(context)
    return frame[~provenance.find_ids(frame).find_rows(gone)] if gone else frame


def _load_reader_view(context: CaseContext) -> ReaderView:
    return context.cache_by_version("what may leave", lambda: _build_reader_view(context))


def _build_reader_view(context: CaseContext) -> ReaderView:
    rejected = context.evidence["verdict"] == "rejected"
    sound = context.evidence[~rejected]
    ids = {
        "evidence_id": frozenset(sound["evidence_id"]),
        "statement_id": frozenset(sound["statement_id"]),
        "document_id": frozenset(context.documents["document_id"]),
        "passage_id": frozenset(context.passages["passage_id"]),
        "note_id": frozenset(row_tables.list_notes(context.ledger)["note_id"]),
    }
    entities = frozenset(sound["entity_id"]) | frozenset(sound["canonical_id"])
    gone = context.evidence[rejected]
    bereft = frozenset(gone["statement_id"]) | frozenset(gone["entity_id"]) | frozenset(gone["canonical_id"])
    return ReaderView(sound, ids, entities, frozenset(gone["evidence_id"]), bereft)


def _find_withheld(context: CaseContext, cut: CaseContext) -> Withheld:
    """What the addressee may not see of what the officer sees; nothing where there is no addressee."""
    mine, theirs = _load_reader_view(context), _load_reader_view(cut)
    ids = {name: mine.ids[name] - theirs.ids[name] for name in mine.ids}
    rows = mine.evidence[mine.evidence["evidence_id"].isin(ids["evidence_id"])]
    passages = ids["passage_id"] | frozenset(rows.loc[rows["passage_id"] != "", "passage_id"])
    whole = ids["document_id"] | frozenset(rows.loc[rows["passage_id"] == "", "document_id"])
    named = frozenset(rows["entity_id"]) | frozenset(rows["canonical_id"]) | (frozenset(rows["value"]) & mine.entities)
    values = cut.ledger.gate.list_values(cut.ledger) if cut is not context and cut.ledger.gate else ()
    other = {
        "statement_id": ids["statement_id"], "passage_id": passages, "document_id": whole - {""}, "note_id": ids["note_id"],
    }  # fmt: skip
    return Withheld(ids, other, named | (mine.entities - theirs.entities), values)


def _find_uncounted(mine: ReaderView, found: provenance.TracedTable) -> set[str]:
    """Statements and entities in a table that do not count, since all that claims them was rejected."""
    counted = mine.ids["statement_id"] | mine.entities
    return {one for one in found.relied_ids if one in mine.bereft and one not in counted}


def _find_unknown_entities(mine: ReaderView, values: Iterable[object]) -> list[str]:
    """Ids of entities that do not count."""
    return [one for one in values if isinstance(one, str) and ENTITY.fullmatch(one) and one not in mine.entities]


def _list_texts(frame: pd.DataFrame) -> list[str]:
    return [str(text) for text in frame["text"]] if "text" in frame else [""] * len(frame)


def _find_unclaimed_rows(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Rows of a table that tell of a call or payment of which nothing is claimed: they have a text and no passage."""
    if not {"text", "passage_id", "statement_id"} <= set(frame.columns):
        return np.zeros(len(frame), dtype=np.bool_)
    found: npt.NDArray[np.bool_] = (
        (frame["text"] != "") & (frame["passage_id"] == "") & (frame["statement_id"] == "")
    ).to_numpy(dtype=np.bool_)
    return found


def _check_fresh(context: CaseContext, rests_on: object, what: str) -> None:
    """Refuse what rests on mass rows where these are others now."""
    if rests_on != call_engine.get_state(context):
        why = Sentence(
            "{what} may be out of date: calls or payments may have been added, withdrawn or excluded after "
            "the query. Run the query again and export its result.",
            what=Sentence(f"refused.leaving.what.{what}"),
        )
        raise context.ledger.refuse("disclosure", Object("export"), why)


def _check_current(context: CaseContext, gone: set[str], what: str) -> None:
    if gone:
        named = Sentence(f"refused.leaving.what.{what}")
        why = Sentence(
            "{what} is out of date. Items that no longer count in the case: {count}, for example {example}. "
            "They were rejected, withdrawn or excluded after the query. Run the query again and export its "
            "result.",
            what=named,
            count=len(gone),
            example=min(gone),
        )
        raise context.ledger.refuse("disclosure", Object("export", count=len(gone)), why)
