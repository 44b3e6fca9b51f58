"""The mark of everything that a verb gives: of rows by the ids in them, of graphs by their nodes and links.

A mark is reckoned anew from ids wherever a table or a graph comes back, so that cutting off a column loses nothing; what
cannot be traced to ids of the case gets the highest mark that the case has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from workbench.case.access import controller
from workbench.case.access.mark_propagation import MARKING, Reach, add_mark, spread_marks
from workbench.case.context.case_context import CaseContext
from workbench.ledger.access import mark_index
from workbench.ledger.records import row_tables
from workbench.model.handling_marks import PLAIN, Mark, Scheme, build_mark, merge_marks

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

Graph = TypeVar("Graph", bound="nx.Graph")
COLUMNS = {
    "evidence_id": "evidence", "passage_id": "passages", "document_id": "documents", "statement_id": "statements",
    "canonical_id": "entities", "entity_id": "entities", "source": "sources", "sha256": "sources", "note_id": "notes",
}  # fmt: skip
"""Column of ids -> what they name, the narrowest first: the first of them that a row fills gives its mark."""
FEW = 300
"""Documents at most of which alone marks are reckoned."""
COUNTED = "counted "
"""Begins the name of the attribute of a graph by which it is known what counted when it was made; a composed one has several."""
ENDS = ("left_id", "right_id")
ROWS = frozenset({"numbers", "entries"})
"""Attributes of a link that comes of rows without claims of their own."""


@dataclass
class Marks:
    """Marks of a case as its reader sees it.

    Attributes
    ----------
    context : CaseContext
    scheme : Scheme
    default : Mark
        Of what nobody has marked.
    ceiling : Mark
        Of all that is in the case, as far as the reader may know of it.
    plain : bool
        Nothing in the case is marked.
    documents : sequence of str, optional
        The documents of which alone, with what lies in them, the marks are reckoned.
    """

    context: CaseContext
    scheme: Scheme
    default: Mark
    ceiling: Mark
    plain: bool
    documents: Sequence[str] | None = None

    @cached_property
    def reach(self) -> Reach:
        """What each mark reaches; reckoned when it is asked for first."""
        return Reach() if self.plain else spread_marks(self.context, self.documents)

    @property
    def visible_ids(self) -> Mapping[str, frozenset[str]]:
        """Kind -> ids that the reader may see."""
        return self.reach.known

    @property
    def mass(self) -> Mark:
        """The mark of all numbers and accounts that stand in mass rows alone and that the reader may see."""
        return self.reach.mass

    @property
    def unlisted_entities(self) -> Mapping[str, str]:
        """These numbers and accounts."""
        return {} if self.plain else self.context.unlisted

    def mark_of(self, kind: str, key: str) -> Mark:
        """Mark of one thing; the ceiling if the case does not know it."""
        if self.plain:
            return self.default
        if key in self.visible_ids.get(kind, frozenset()):
            return self.default | self.reach.own.get(kind, {}).get(key, PLAIN)
        return self.default | self.mass if kind == "entities" and key in self.unlisted_entities else self.ceiling

    @property
    def visible(self) -> Mark:
        """Mark of all that the reader may see."""
        return self.default | self.context.cache_by_version(
            "visible mark", lambda: _build_visible_mark(self.context, self.scheme)
        )

    def label(self, mark: Mark) -> str:
        """A mark as it is printed."""
        return self.scheme.label(mark)


def get_marks(context: CaseContext) -> Marks:
    """The marks of a case, kept until a row is added."""
    return context.cache_by_version("marks", lambda: _build_marks(context))


def get_document_marks(context: CaseContext, documents: Collection[str]) -> Marks:
    """The same of some documents and what lies in them alone; of many, those of the case."""
    known, chosen = get_marks(context), tuple(sorted({*documents}))
    if known.plain or len(chosen) > FEW:
        return known
    made = context.cache_by_version("marks of few", dict[tuple[str, ...], Marks])
    if chosen not in made:
        made[chosen] = replace(known, documents=chosen)
    return made[chosen]


def _build_marks(context: CaseContext) -> Marks:
    scheme = controller.get_scheme(context)
    said = [
        (kind, build_mark({facet: values}, scheme))
        for kind, facet, values in mark_index.list_facet_values(context.ledger, MARKING)
    ]
    default = merge_marks(
        [Mark(level=scheme.rank(context.settings.level)), *(mark for kind, mark in said if kind == "case")]
    )
    plain = not any(kind != "case" for kind, _ in said)
    return Marks(context, scheme, default, merge_marks([default, *(mark for _, mark in said)]), plain)


def _build_visible_mark(context: CaseContext, scheme: Scheme) -> Mark:
    """Mark of all that is said of what the reader may see."""
    return merge_marks(
        build_mark({facet: values}, scheme)
        for facet, values in mark_index.list_visible_values(context.ledger, MARKING, context.canonical)
    )


def get_places_mark(context: CaseContext, ids: Collection[str]) -> Mark:
    """Mark of passages, documents and statements together; what is not there any more is passed over."""
    wanted = frozenset(ids)
    lying = mark_index.find_documents(context.ledger, wanted)
    known = get_marks(context) if lying is None else get_document_marks(context, lying)
    kinds = ("passages", "documents", "statements")
    return merge_marks(
        known.mark_of(kind, key) for kind in kinds for key in wanted & known.visible_ids.get(kind, frozenset())
    )


def get_exclusion_digest(context: CaseContext) -> str:
    """Name of what does not count, or is not for the reader, now; '' where all counts and is for the reader."""
    return context.cache_by_version("counting", lambda: row_tables.get_exclusion_digest(context.ledger))


def list_row_marks(context: CaseContext, frame: pd.DataFrame) -> list[Mark]:
    """Mark of each row of a table, by the ids in it."""
    known = get_marks(context)
    if known.plain:
        return [known.default] * len(frame)
    columns = [
        (frame[column].astype(str).tolist(), kind) for column, kind in COLUMNS.items() if column in frame.columns
    ]
    ends = [frame[column].astype(str).tolist() for column in ENDS if column in frame.columns]
    if not ends and "document_id" in frame.columns and _is_within_documents(columns):
        known = get_document_marks(context, set(frame["document_id"].astype(str)))
    return [_get_row_mark(known, at, columns, ends) for at in range(len(frame))]


def _is_within_documents(columns: list[tuple[list[str], str]]) -> bool:
    """Whether what marks the rows lies in their documents, or names nothing at all."""
    narrowest = {
        next((kind for values, kind in columns if values[at]), "")
        for at in range(max(len(values) for values, _ in columns))
    }
    return narrowest <= {"evidence", "passages", "documents", ""}


def _get_row_mark(known: Marks, at: int, columns: list[tuple[list[str], str]], ends: list[list[str]]) -> Mark:
    for values, kind in columns:
        if values[at]:
            return known.mark_of(kind, values[at])
    return merge_marks(known.mark_of("entities", values[at]) for values in ends) if ends else known.ceiling


def add_mark_column(context: CaseContext, frame: pd.DataFrame) -> pd.DataFrame:
    """The table of a verb with a column `mark`, and in `.attrs['mark']` the mark of the whole."""
    return label_rows(context, frame, list_row_marks(context, frame))


def label_rows(context: CaseContext, frame: pd.DataFrame, found: Sequence[Mark]) -> pd.DataFrame:
    """The table with the marks of its rows in words."""
    known = get_marks(context)
    made = frame.drop(columns="mark", errors="ignore")
    labels = {mark: known.label(mark) for mark in set(found)}
    made["mark"] = [labels[mark] for mark in found]
    made.attrs = {
        **frame.attrs,
        "mark": known.label(merge_marks(found) | known.default),
        "counted": get_exclusion_digest(context),
    }
    return made


def add_case_mark(context: CaseContext, frame: pd.DataFrame) -> pd.DataFrame:
    """The table with the mark of all that the reader may see: for tables that tell of the case as a whole."""
    text = format_mark(context)
    made = frame.assign(mark=text)
    made.attrs = {**frame.attrs, "mark": text, "counted": get_exclusion_digest(context)}
    return made


def get_graph_mark(context: CaseContext, net: nx.Graph) -> Mark:
    """Mark of a graph, by its nodes: an entity has the mark of all in which it is a party."""
    known = get_marks(context)
    rows = _list_node_marks(known, net)
    return merge_marks([known.default, *(_get_node_mark(known, str(node), rows) for node in net)])


def format_mark(context: CaseContext, net: nx.Graph | None = None) -> str:
    """The mark of a graph, or of all that the reader may see, as it is printed."""
    known = get_marks(context)
    return known.label(known.visible if net is None else get_graph_mark(context, net))


def format_mass_mark(context: CaseContext) -> str:
    """The mark of all mass rows that the reader may see, as it is printed."""
    known = get_marks(context)
    return known.label(known.default | known.mass)


def stamp_graph(
    context: CaseContext, net: Graph, places: Mapping[tuple[str, str, str], Iterable[tuple[str, str]]]
) -> Graph:
    """Put marks on a graph, its nodes and its links; `places`: link -> documents and passages behind it."""
    known = get_marks(context)
    rows = _list_node_marks(known, net)
    for node, data in net.nodes(data=True):
        data["mark"] = known.label(_get_node_mark(known, str(node), rows))
    for source, target, key, data in net.edges(keys=True, data=True):
        behind = (_get_place_mark(known, *where) for where in places.get((source, target, key), ()))
        data["mark"] = known.label(merge_marks([known.default, *behind, *_list_link_marks(known, data)]))
    net.graph["mark"] = known.label(get_graph_mark(context, net))
    net.graph[COUNTED + get_exclusion_digest(context)] = ""
    return net


def _list_link_marks(known: Marks, link: Mapping[str, Any]) -> list[Mark]:
    """Marks of the tables whose rows are behind a link; none of a link that comes of claims only."""
    if not ROWS & link.keys():
        return []
    return [known.mark_of("documents", document) for document in link.get("document_ids", ())]


def _list_node_marks(known: Marks, net: nx.Graph) -> dict[str, Mark]:
    """For each node: the mark of the tables in whose rows it is a party."""
    found: dict[str, Mark] = {}
    for source, target, data in net.edges(data=True):
        for mark in _list_link_marks(known, data):
            add_mark(found, str(source), mark)
            add_mark(found, str(target), mark)
    return found


def _get_node_mark(known: Marks, node: str, rows: Mapping[str, Mark]) -> Mark:
    """Mark of an entity in a graph; one that only rows know has that of their tables."""
    if node in rows:
        own = known.mark_of("entities", node) if node in known.visible_ids.get("entities", ()) else PLAIN
        return known.default | own | rows[node]
    return known.mark_of("entities", node)


def _get_place_mark(known: Marks, document: str, passage: str) -> Mark:
    return known.mark_of("passages", passage) if passage else known.mark_of("documents", document)
