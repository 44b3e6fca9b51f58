"""The mark of everything that a verb gives: of rows by the ids in them, of graphs by their nodes and links.

A mark is reckoned anew from ids wherever a table or a graph comes back, so that cutting off a column loses nothing; what
cannot be traced to ids of the case gets the highest mark that the case has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from workbench.case import authority
from workbench.case.book import Book
from workbench.ledger import frames, grounds, rows, terms
from workbench.model.marking import PLAIN, Mark, Scheme, joined, read
from workbench.model.tables import each

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

Graph = TypeVar("Graph", bound="nx.Graph")
MARKING = ("level", "tlp", "handling", "conditions", "barred", "channel")
"""Facets of which a mark is made."""
COLUMNS = {
    "evidence_id": "evidence", "passage_id": "passages", "document_id": "documents", "statement_id": "statements",
    "canonical_id": "entities", "entity_id": "entities", "source": "sources", "sha256": "sources", "note_id": "notes",
}  # fmt: skip
"""Column of ids -> what they name, the narrowest first: the first of them that a row fills gives its mark."""
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
    scheme : Scheme
    default : Mark
        Of what nobody has marked.
    ceiling : Mark
        Of all that is in the case, whoever may see it.
    plain : bool
        Nothing in the case is marked.
    own : mapping
        Kind -> id -> mark said of that very thing or following from where it lies; what is missing has the default.
    known : mapping
        Kind -> ids that the reader may see.
    unlisted, mass : mapping, Mark
        Numbers and accounts that stand in mass rows alone, and the mark of all of these that the reader may see.
    """

    scheme: Scheme
    default: Mark
    ceiling: Mark
    plain: bool
    own: dict[str, dict[str, Mark]] = field(default_factory=dict)
    known: dict[str, frozenset[str]] = field(default_factory=dict)
    unlisted: Mapping[str, str] = field(default_factory=dict)
    mass: Mark = PLAIN

    def of(self, kind: str, key: str) -> Mark:
        """Mark of one thing; the ceiling if the case does not know it."""
        if self.plain:
            return self.default
        if key in self.known.get(kind, frozenset()):
            return self.default | self.own.get(kind, {}).get(key, PLAIN)
        return self.default | self.mass if kind == "entities" and key in self.unlisted else self.ceiling

    @property
    def visible(self) -> Mark:
        """Mark of all that the reader may see."""
        seen = (mark for kind, ids in self.known.items() for key, mark in self.own.get(kind, {}).items() if key in ids)
        return joined([self.default, *seen])

    def label(self, mark: Mark) -> str:
        """A mark as it is printed."""
        return self.scheme.label(mark)


def marks(book: Book) -> Marks:
    """The marks of a case, kept until a row is added."""
    return book.derived("marks", lambda: _marks(book))


def _marks(book: Book) -> Marks:
    scheme = authority.levels(book)
    default = Mark(level=scheme.rank(book.settings.level))
    said = {
        target: read(chosen, scheme)
        for target, facets in terms.held(book.ledger).items()
        if target[0] in terms.MATERIAL and (chosen := {k: v for k, v in facets.items() if k in MARKING})
    }
    whole = said.pop(("case", ""), PLAIN)
    made = Marks(scheme, default | whole, joined([default, whole, *said.values()]), plain=not said)
    if said:
        _spread(book, made, said)
    return made


def _spread(book: Book, made: Marks, said: Mapping[tuple[str, str], Mark]) -> None:
    """Marks from sources down to documents, passages and evidence, and up again to entities and whole documents."""
    own: dict[str, dict[str, Mark]] = {kind: {} for kind in (*COLUMNS.values(), "traces", "whole")}
    notes = frames.notes(book.ledger)
    made.unlisted = book.unlisted
    made.own, made.known = own, known(book)
    for (kind, key), mark in said.items():
        name = {"entity": "entities", "evidence": "evidence", "file": "sources"}.get(kind, f"{kind}s")
        _join(own[name], key, mark)
    made.mass = joined(own["sources"].get(source, PLAIN) for source in rows.live(book.ledger)["source"])
    traces = book.traces[book.traces["source"].isin(own["sources"])]
    for document, source in traces[["document_id", "source"]].drop_duplicates().itertuples(index=False):
        _join(own["documents"], document, own["sources"][source])
    entities, own["entities"] = own["entities"], {}
    for row in each(_touched(book, own, entities)):
        mark = joined([
            own["evidence"].get(row.evidence_id, PLAIN), own["statements"].get(row.statement_id, PLAIN),
            own["passages"].get(row.passage_id, PLAIN), own["documents"].get(row.document_id, PLAIN),
            entities.get(row.entity_id, PLAIN), entities.get(row.canonical_id, PLAIN), entities.get(row.value, PLAIN),
        ])  # fmt: skip
        _join(own["evidence"], row.evidence_id, mark)
    _upwards(book, made)
    for trace, document in book.traces[["trace_id", "document_id"]].itertuples(index=False):
        if document in own["documents"]:
            _join(own["traces"], trace, own["documents"][document])
    for note in each(notes):
        _join(
            own["notes"],
            note.note_id,
            joined(own["passages"].get(key, PLAIN) for key in grounds.of(note.passages, note.detail)),
        )


def _touched(book: Book, own: Mapping[str, Mapping[str, Mark]], entities: Mapping[str, Mark]) -> pd.DataFrame:
    """Evidence that some mark reaches."""
    rows = book.evidence
    reached = rows["evidence_id"].isin(own["evidence"]) | rows["statement_id"].isin(own["statements"])
    reached |= rows["passage_id"].isin(own["passages"]) | rows["document_id"].isin(own["documents"])
    for column in ("entity_id", "canonical_id", "value"):
        reached |= rows[column].isin(entities)
    return rows[reached]


def _upwards(book: Book, made: Marks) -> None:
    """From evidence to its passage, statement and entities; from passages to the document as a whole."""
    own, things = made.own, made.known["entities"]
    rows = book.evidence[book.evidence["evidence_id"].isin(own["evidence"])]
    for row in each(rows):
        mark = own["evidence"][row.evidence_id]
        if row.start >= 0 or row.passage_id:
            _join(own["passages"], row.passage_id, mark)
        elif row.document_id:
            _join(own["documents"], row.document_id, mark)
        _join(own["statements"], row.statement_id, mark)
        for key in {row.entity_id, row.canonical_id, row.value, book.canonical.get(row.value, "")} & things:
            _join(own["entities"], key, mark)
    for passage, document in book.passages[["passage_id", "document_id"]].itertuples(index=False):
        if passage in own["passages"] and document not in own["whole"]:
            _join(own["whole"], document, own["documents"].get(document, PLAIN))
        if passage in own["passages"]:
            _join(own["whole"], document, own["passages"][passage])
        if document in own["documents"]:
            _join(own["passages"], passage, own["documents"][document])
    for document, mark in own["whole"].items():
        _join(own["documents"], document, mark)


def known(book: Book) -> dict[str, frozenset[str]]:
    """Kind -> ids that the reader may see."""
    return book.derived("known ids", lambda: _known(book))


def _known(book: Book) -> dict[str, frozenset[str]]:
    rows = book.evidence
    return {
        "evidence": frozenset(rows["evidence_id"]), "statements": frozenset(rows["statement_id"]),
        "passages": frozenset(book.passages["passage_id"]), "documents": frozenset(book.documents["document_id"]),
        "entities": frozenset(rows["entity_id"]) | frozenset(rows["canonical_id"]),
        "sources": frozenset(frames.sources(book.ledger)["source"]),
        "notes": frozenset(frames.notes(book.ledger)["note_id"]), "traces": frozenset(book.traces["trace_id"]),
    }  # fmt: skip


def _join(into: dict[str, Mark], key: str, mark: Mark) -> None:
    into[key] = into.get(key, PLAIN) | mark


def of_places(book: Book, ids: Collection[str]) -> Mark:
    """Mark of passages, documents and statements together; what is not there any more is passed over."""
    known, wanted = marks(book), frozenset(ids)
    kinds = ("passages", "documents", "statements")
    return joined(known.of(kind, key) for kind in kinds for key in wanted & known.known.get(kind, frozenset()))


def counting(book: Book) -> str:
    """Name of what does not count, or is not for the reader, now; '' where all counts and is for the reader."""
    return book.derived("counting", lambda: frames.counting(book.ledger))


def of_rows(book: Book, frame: pd.DataFrame) -> list[Mark]:
    """Mark of each row of a table, by the ids in it."""
    known = marks(book)
    if known.plain:
        return [known.default] * len(frame)
    columns = [
        (frame[column].astype(str).tolist(), kind) for column, kind in COLUMNS.items() if column in frame.columns
    ]
    ends = [frame[column].astype(str).tolist() for column in ENDS if column in frame.columns]
    return [_of_row(known, at, columns, ends) for at in range(len(frame))]


def _of_row(known: Marks, at: int, columns: list[tuple[list[str], str]], ends: list[list[str]]) -> Mark:
    for values, kind in columns:
        if values[at]:
            return known.of(kind, values[at])
    return joined(known.of("entities", values[at]) for values in ends) if ends else known.ceiling


def stamped(book: Book, frame: pd.DataFrame) -> pd.DataFrame:
    """The table of a verb with a column `mark`, and in `.attrs['mark']` the mark of the whole."""
    return labelled(book, frame, of_rows(book, frame))


def labelled(book: Book, frame: pd.DataFrame, found: Sequence[Mark]) -> pd.DataFrame:
    """The table with the marks of its rows in words."""
    known = marks(book)
    made = frame.drop(columns="mark", errors="ignore")
    labels = {mark: known.label(mark) for mark in set(found)}
    made["mark"] = [labels[mark] for mark in found]
    made.attrs = {**frame.attrs, "mark": known.label(joined(found) | known.default), "counted": counting(book)}
    return made


def stamped_whole(book: Book, frame: pd.DataFrame) -> pd.DataFrame:
    """The table with the mark of all that the reader may see: for tables that tell of the case as a whole."""
    text = label(book)
    made = frame.assign(mark=text)
    made.attrs = {**frame.attrs, "mark": text}
    return made


def of_graph(book: Book, net: nx.Graph) -> Mark:
    """Mark of a graph, by its nodes: an entity has the mark of all in which it is a party."""
    known = marks(book)
    rows = _by_rows(known, net)
    return joined([known.default, *(_of_node(known, str(node), rows) for node in net)])


def label(book: Book, net: nx.Graph | None = None) -> str:
    """The mark of a graph, or of all that the reader may see, as it is printed."""
    known = marks(book)
    return known.label(known.visible if net is None else of_graph(book, net))


def of_mass(book: Book) -> str:
    """The mark of all mass rows that the reader may see, as it is printed."""
    known = marks(book)
    return known.label(known.default | known.mass)


def stamp_graph(book: Book, net: Graph, places: Mapping[tuple[str, str, str], Iterable[tuple[str, str]]]) -> Graph:
    """Put marks on a graph, its nodes and its links; `places`: link -> documents and passages behind it."""
    known = marks(book)
    rows = _by_rows(known, net)
    for node, data in net.nodes(data=True):
        data["mark"] = known.label(_of_node(known, str(node), rows))
    for source, target, key, data in net.edges(keys=True, data=True):
        behind = (_of_place(known, *where) for where in places.get((source, target, key), ()))
        data["mark"] = known.label(joined([known.default, *behind, *_of_rows(known, data)]))
    net.graph["mark"] = known.label(of_graph(book, net))
    net.graph[COUNTED + counting(book)] = ""
    return net


def _of_rows(known: Marks, link: Mapping[str, Any]) -> list[Mark]:
    """Marks of the tables whose rows are behind a link; none of a link that comes of claims only."""
    if not ROWS & link.keys():
        return []
    return [known.of("documents", document) for document in link.get("document_ids", ())]


def _by_rows(known: Marks, net: nx.Graph) -> dict[str, Mark]:
    """For each node: the mark of the tables in whose rows it is a party."""
    found: dict[str, Mark] = {}
    for source, target, data in net.edges(data=True):
        for mark in _of_rows(known, data):
            _join(found, str(source), mark)
            _join(found, str(target), mark)
    return found


def _of_node(known: Marks, node: str, rows: Mapping[str, Mark]) -> Mark:
    """Mark of an entity in a graph; one that only rows know has that of their tables."""
    if node in rows:
        own = known.of("entities", node) if node in known.known.get("entities", ()) else PLAIN
        return known.default | own | rows[node]
    return known.of("entities", node)


def _of_place(known: Marks, document: str, passage: str) -> Mark:
    return known.of("passages", passage) if passage else known.of("documents", document)
