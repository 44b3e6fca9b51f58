"""What comes back from the analyst's hands: which things of the case a table or a graph names, wherever it does, and its mark.

After joins, groupings and renamings the ids of a table stand under other names, in its index, in its heading or in lists, and a
column `mark` that came along says nothing. So a mark is reckoned from every cell, and from nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.case.access import mark_propagation, marks
from workbench.case.network import entity_graph, link_evidence
from workbench.model.handling_marks import Mark, merge_marks
from workbench.model.table_schemas import EVIDENCE, HANDLED, HITS, PASSAGES, SEEN, STATEMENTS, STATUS, WEIGHED

if TYPE_CHECKING:
    import networkx as nx
    import numpy.typing as npt

    from workbench.case.context.case_context import CaseContext

ID = re.compile(
    r"(?<![0-9A-Za-z-])(?!package-)(?:[a-z]+-)?[0-9a-f]{24}(?![0-9A-Za-z])|(?<![0-9A-Za-z-])[0-9a-f]{64}(?![0-9A-Za-z])"
)
"""Form of an id: of an entity or a note with its kind before it, of other rows bare; of a source its SHA-256.
The name of a package is none: it names no material."""
BETWEEN = " \t\r\n[]{}()<>'\",;|/"
"""What may stand around ids in a cell that holds nothing else."""
HASH = 64
MARKED = re.compile(r"mark(_.*)?")
"""Columns of marks, also as a join renames them; none of them is trusted."""
APART = frozenset(
    """issue_id run_id trace_id target_id replacement id set_aside_id disclosure_id tombstone_id hash log object detail query
    session sha256 officer_id rows""".split()
)
"""Columns in which ids stand that are not of material: what the case does not know in them says nothing."""
FOUND = ("recipients", "service", "sha256", "device", "place", "copies")
OWN = {
    "evidence_id": frozenset({*EVIDENCE, *WEIGHED, *HANDLED, *SEEN, STATUS}),
    "passage_id": frozenset({*HITS, *FOUND, *link_evidence.WHY, *PASSAGES}),
    "statement_id": frozenset({*STATEMENTS, *WEIGHED, *SEEN}),
}  # fmt: skip
"""Id by which a row is one thing -> columns that such a table may have: it then says no more than that thing."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column or a level of the index: the ids in each of its distinct cells, and which cell a row has (-1 none)."""

    name: str
    codes: npt.NDArray[np.intp]
    ids: tuple[frozenset[str], ...]
    alone: tuple[bool, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TracedTable:
    """Where a table names ids.

    Attributes
    ----------
    size : int
        Rows.
    columns : tuple of Column
        Those that name any.
    heading : frozenset of str
        Ids in the names of columns: after a pivot they stand there, and are of every row.
    key : str
        The id by which each row is one thing of the case and says no more (a key of OWN), '' if there is none.
    """

    size: int
    columns: tuple[Column, ...]
    heading: frozenset[str]
    key: str

    def find_rows(self, wanted: frozenset[str] | set[str]) -> npt.NDArray[np.bool_]:
        """Rows that name one of these ids."""
        found = np.full(self.size, bool(self.heading & wanted), dtype=np.bool_)
        for column in self.columns:
            found |= _to_rows(column, [bool(ids & wanted) for ids in column.ids])
        return found

    @property
    def ids(self) -> frozenset[str]:
        """All ids that it names."""
        return self.heading.union(*(ids for column in self.columns for ids in column.ids))

    @property
    def relied_ids(self) -> frozenset[str]:
        """Ids in cells that hold nothing else, in columns in which ids of material stand."""
        found = {one for column in self.columns for one in _list_relied_ids(column)}
        return frozenset(found) | self.heading


def drop_mark_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """The table without the columns of marks that came along, its heading in one line."""
    flat = frame
    if isinstance(frame.columns, pd.MultiIndex):
        flat = frame.set_axis([" ".join(filter(None, map(str, names))) for names in frame.columns], axis=1)
    return flat.loc[:, [not MARKED.fullmatch(str(name)) for name in flat.columns]]


def find_ids(frame: pd.DataFrame) -> TracedTable:
    """Where a table names ids: in its cells, its index and its heading."""
    names = [str(name) for name in frame.columns]
    cells = [(name, frame.iloc[:, at]) for at, name in enumerate(names)]
    levels = range(frame.index.nlevels)
    index = [(str(frame.index.names[at] or ""), frame.index.get_level_values(at).to_series()) for at in levels]
    found = [column for name, values in (*cells, *index) if (column := _build_column(name, values)) is not None]
    heading = frozenset(one for name in names for one in ID.findall(name))
    counted = {name for name in names if not MARKED.fullmatch(name)}
    plain = (
        all(column.name in counted for column in found) and not heading and len(counted) == len(set(names) & counted)
    )
    key = next((name for name, own in OWN.items() if plain and name in counted and counted <= own), "")
    return TracedTable(len(frame), tuple(found), heading, key)


def _build_column(name: str, values: pd.Series[Any]) -> Column | None:
    """The ids of a column; None where it names none."""
    if values.dtype.kind in "iufcbmM":
        return None
    texts = [_to_text(cell) for cell in values.tolist()] if values.dtype == object else values.fillna("").astype(str)
    codes, distinct = pd.factorize(np.asarray(texts, dtype=object))
    ids = tuple(frozenset(ID.findall(text)) if len(text) >= 24 else frozenset[str]() for text in distinct)
    if not any(ids):
        return None
    alone = tuple(
        bool(found) and not ID.sub("", text).strip(BETWEEN) for found, text in zip(ids, distinct, strict=True)
    )
    return Column(name, codes, ids, alone, tuple(map(str, distinct)))


def _to_text(cell: object) -> str:
    """A cell as text in which ids can be looked for: lists whole, numbers nothing."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, np.ndarray):
        return repr(cell.tolist())
    return repr(cell) if isinstance(cell, list | tuple | set | frozenset | dict) else ""


def _to_rows(column: Column, values: Iterable[bool]) -> npt.NDArray[np.bool_]:
    """What is true of distinct cells, row by row."""
    return np.asarray([*values, False], dtype=np.bool_)[column.codes]


def _list_relied_ids(column: Column) -> Iterator[str]:
    if column.name in APART:
        return
    for ids, alone in zip(column.ids, column.alone, strict=True):
        yield from (one for one in ids if alone and (len(one) != HASH or column.name.startswith("source")))


# Known -------------------------------------------------------------------------------------------------------------------


def find_unknown_ids(context: CaseContext, ids: Iterable[str]) -> set[str]:
    """Of ids those that name nothing that the reader of the case may see: hidden, withdrawn, erased, or never there.

    What a claim that counts points to is known, though nothing more of it may be read.
    """
    known = mark_propagation.list_visible_ids(context)
    left = {one for one in ids if not any(one in names for names in known.values())}
    return left - entity_graph.select_row_entities(context, left) - _list_named_ids(context, left)


def _list_named_ids(context: CaseContext, ids: set[str]) -> set[str]:
    """Of ids those that claims which count have as their value."""
    rows = context.evidence
    return set(rows.loc[rows["value"].isin(ids) & (rows["verdict"] != "rejected"), "value"]) if ids else ids


def select_entities(context: CaseContext, ids: Iterable[str]) -> set[str]:
    """Of ids those of entities that the reader of the case may see."""
    wanted = set(ids)
    return (wanted & mark_propagation.list_visible_ids(context)["entities"]) | entity_graph.select_row_entities(
        context, wanted
    )


# Marked ------------------------------------------------------------------------------------------------------------------


def get_row_marks(context: CaseContext, frame: pd.DataFrame, none: Mark | None = None) -> list[Mark]:
    """Mark of each row of a table that came back, by every id in it; for a row that names none `none`, or the case's ceiling."""
    known = marks.get_marks(context)
    if known.plain:
        return [known.default] * len(frame)
    found = find_ids(frame)
    of = _get_marks(context, found.ids)
    heading = merge_marks([known.default, *(of[one] or known.ceiling for one in found.heading)])
    made = [heading] * len(frame)
    named = np.full(len(frame), bool(found.heading), dtype=np.bool_)
    for column in found.columns:
        cells = [_get_cell_mark(column, at, of, known) for at in range(len(column.ids))]
        named |= _to_rows(column, [mark is not None for mark in cells])
        within = _find_owner_rows(context, found, column)
        for row, code in enumerate(column.codes):
            mark = cells[code] if code >= 0 else None
            if mark is not None and not within[row]:
                made[row] = made[row] | mark
    return [mark if traces else none or known.ceiling for mark, traces in zip(made, named, strict=True)]


def _get_marks(context: CaseContext, ids: Iterable[str]) -> dict[str, Mark | None]:
    """Mark of each id; None of those that the reader's case does not know."""
    known, wanted = marks.get_marks(context), set(ids)
    rows = entity_graph.select_row_entities(
        context, {one for one in wanted if not any(one in names for names in known.visible_ids.values())}
    )
    found: dict[str, Mark | None] = {}
    for one in wanted:
        kinds = [kind for kind, names in known.visible_ids.items() if one in names]
        if kinds:
            found[one] = merge_marks(known.mark_of(kind, one) for kind in kinds)
        else:
            found[one] = known.default | known.mass if one in rows or one in known.unlisted_entities else None
    return found


def _get_cell_mark(column: Column, at: int, of: Mapping[str, Mark | None], known: marks.Marks) -> Mark | None:
    """Mark of a distinct cell; None where it says nothing."""
    relied = column.alone[at] and column.name not in APART
    found = [mark for one in column.ids[at] if (mark := of[one] or (known.ceiling if relied else None)) is not None]
    return merge_marks(found) if found else None


def _find_owner_rows(context: CaseContext, found: TracedTable, column: Column) -> npt.NDArray[np.bool_]:
    """Rows in which the ids of a column say only where the thing belongs that the row is: its mark counts, not theirs."""
    none = np.zeros(found.size, dtype=np.bool_)
    key = next((one for one in found.columns if found.key and one.name == found.key), None)
    if key is None or column is key:
        return none
    pairs = list_owner_pairs(context, found.key)
    whole = [
        (key.texts[a] if a >= 0 else "", column.texts[b] if b >= 0 else "")
        for a, b in zip(key.codes, column.codes, strict=True)
    ]
    return np.fromiter((pair in pairs for pair in whole), dtype=np.bool_, count=found.size)


def list_owner_pairs(context: CaseContext, key: str) -> frozenset[tuple[str, str]]:
    """Pairs of an id of that kind and an id of what it belongs to or names."""
    return context.cache_by_version(f"belonging of {key}", lambda: _build_owner_pairs(context, key))


def _build_owner_pairs(context: CaseContext, key: str) -> frozenset[tuple[str, str]]:
    names = {
        "evidence_id": ("statement_id", "entity_id", "canonical_id", "document_id", "passage_id", "trace_id", "value"),
        "passage_id": ("document_id", "statement_id"), "statement_id": ("entity_id", "canonical_id", "value"),
    }  # fmt: skip
    found = {pair for name in names[key] for pair in zip(context.evidence[key], context.evidence[name], strict=True)}
    if key == "passage_id":
        found |= set(zip(context.passages[key], context.passages["document_id"], strict=True))
    return frozenset(found)


def add_mark_column(context: CaseContext, frame: pd.DataFrame) -> pd.DataFrame:
    """A table that came back, with its mark reckoned anew: column `mark`, and of the whole `.attrs['mark']`."""
    return marks.label_rows(context, drop_mark_columns(frame), get_row_marks(context, frame))


def get_graph_mark(context: CaseContext, net: nx.Graph) -> Mark:
    """Mark of a graph that came back: of its entities, of what its links rest on, and of every id in what else it carries."""
    known = marks.get_marks(context)
    if known.plain:
        return known.default
    return marks.get_graph_mark(context, net) | merge_marks(_list_attribute_marks(context, net))


def _list_attribute_marks(context: CaseContext, net: nx.Graph) -> Iterator[Mark]:
    """Marks of ids in the attributes of a graph; where a link has statements, these count and not their documents."""
    known = marks.get_marks(context)
    ids = {one for _, data in net.nodes(data=True) for one in ID.findall(repr(data))}
    for *_, data in net.edges(data=True):
        kept = {name: value for name, value in data.items() if name != "document_ids" or not data.get("statement_ids")}
        ids.update(ID.findall(repr(kept)))
    for mark in _get_marks(context, ids).values():
        yield known.ceiling if mark is None else mark
    told = {name: value for name, value in net.graph.items() if str(name) not in APART}
    yield from (mark for mark in _get_marks(context, ID.findall(repr(told))).values() if mark is not None)


def restamp_graph(context: CaseContext, net: nx.Graph) -> nx.Graph:
    """A copy of a graph that came back, with marks reckoned anew on its nodes, its links and as a whole."""
    made, known = net.copy(), marks.get_marks(context)
    whole, places = get_graph_mark(context, made), link_evidence.list_link_places(context)
    given = made.is_multigraph() and made.is_directed()
    if given:
        marks.stamp_graph(context, made, places)
    else:
        for node, data in made.nodes(data=True):
            data["mark"] = known.label(known.mark_of("entities", str(node)))
    edges = made.edges(keys=True, data=True) if given else ((*edge[:2], "", edge[2]) for edge in made.edges(data=True))
    for source, target, key, data in edges:
        if (source, target, key) not in places and not marks.ROWS & data.keys():
            data["mark"] = known.label(_get_link_mark(context, (source, target), data))
    made.graph["mark"] = known.label(whole)
    for name in [name for name in made.graph if str(name).startswith(marks.COUNTED)]:
        del made.graph[name]
    return made


def _get_link_mark(context: CaseContext, ends: Iterable[object], data: Mapping[str, object]) -> Mark:
    """Mark of a link that the case does not have as it is: of its ends and of all that it rests on."""
    known = marks.get_marks(context)
    ids = _get_marks(context, ID.findall(repr(dict(data)))).values()
    return merge_marks(
        [*(known.mark_of("entities", str(end)) for end in ends), *(mark or known.ceiling for mark in ids)]
    )
