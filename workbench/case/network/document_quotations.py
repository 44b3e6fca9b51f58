"""Passages and documents as they are quoted: text, time, sender, recipients, and where each lies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import pandas as pd

from workbench import graph as rooms
from workbench.case.context.case_context import CaseContext
from workbench.ledger.records import row_tables
from workbench.model.table_schemas import is_among

Parties = tuple[str, list[str]]
"""Caption of the sender of a message, and captions of its recipients."""
Ends = tuple[frozenset[str], frozenset[str]]
"""Ids of the senders and of the recipients of a message, as they are stated."""
SIDES = {"senderAccount": 0, "emitters": 0, "recipientAccount": 1, "recipients": 1}
"""Property -> which end of a message it states."""


def list_passages(context: CaseContext, where: Iterable[tuple[str, str]]) -> list[str]:
    """Passage ids of (document, passage) places; where no passage is named, the document's first."""
    first = context.cache_by_sources("first-passages", lambda: _list_first_passages(context))
    found = [passage or first.get(document, "") for document, passage in where]
    return [passage for passage in found if passage]


def _list_first_passages(context: CaseContext) -> dict[str, str]:
    ordered = context.passages.sort_values("number").drop_duplicates("document_id")
    return dict(zip(ordered["document_id"].tolist(), ordered["passage_id"].tolist(), strict=True))


def quote_documents(context: CaseContext, documents: Iterable[str], passages: Iterable[str]) -> pd.DataFrame:
    """Text and provenance of documents: where no passage is named, the document's first; columns of WHY that need no link."""
    wanted = list(zip(documents, passages, strict=True))
    ids = sorted({document for document, _ in wanted})
    where, lines = list_provenance(context, ids), list_row_places(context)
    shown = [next(iter(list_passages(context, [place])), "") for place in wanted]
    by_id = context.passage_places["text"].reindex(sorted(set(shown))).fillna("")
    rows = []
    for (document, _), key in zip(wanted, shown, strict=True):
        found = {**where.get(document, EMPTY), **({"place": lines[key]} if key in lines else {})}
        rows.append({"document_id": document, "passage_id": key, "text": by_id[key], **found})
    return pd.DataFrame(rows, columns=pd.Index(["document_id", "passage_id", "text", *EMPTY]))


def list_row_places(context: CaseContext) -> dict[str, str]:
    """Place of each row of a table: passage id -> 'sheet S row N'."""
    return context.cache_by_material("row-places", lambda: _build_row_places(context))


def _build_row_places(context: CaseContext) -> dict[str, str]:
    tables = set(context.documents.loc[context.documents["schema"] == "Table", "document_id"])
    if not tables:
        return {}
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
    known = context.documents_by_id
    table = known.loc[known.index.intersection(list(documents))].to_dict("index")
    traces = row_tables.list_traces(context.ledger, list(map(str, table))).groupby("document_id")
    people = list_parties(context)
    found: dict[str, dict[str, object]] = {}
    for document, places in traces:
        key = str(document)
        row = table[key]
        sender, recipients = people.get(key, ("", []))
        found[key] = {
            "at": row["at"], "sender": sender, "recipients": recipients, "title": row["title"], "kind": row["schema"],
            "service": row["service"], "source_name": _join_values(places["source_name"]), "exhibit": _join_values(places["exhibit"]),
            "sha256": _join_values(places["source"]), "traces": sorted(set(places["trace"]) - {""}),
            "device": _join_values(places["device"]),
            "place": places["place"].iloc[0] if len(places) == 1 else f"{places['place'].iloc[0]} and {len(places) - 1} more",
        }  # fmt: skip
    return found


def list_parties(context: CaseContext) -> Mapping[str, Parties]:
    """For each message: caption of its sender (several claims joined by ' / ') and captions of its recipients."""
    return context.cache_by_material("parties", lambda: _build_parties(context))


def _build_parties(context: CaseContext) -> dict[str, Parties]:
    ends, exchanges = _list_ends(context)
    names = _name_parties(context, {key for sides in exchanges for side in sides for key in side})
    named = [
        (" / ".join(sorted({names[key] for key in senders})), sorted({names[key] for key in recipients}))
        for senders, recipients in exchanges
    ]
    return {document: named[number] for document, number in ends.items()}


def _list_ends(context: CaseContext) -> tuple[dict[str, int], list[Ends]]:
    """Of each message the number of its ends, and what these are: ids as they are stated, whichever are judged to be the same."""
    return context.cache_by_sources("ends", lambda: _build_ends(context.stated_evidence))


def _build_ends(evidence: pd.DataFrame) -> tuple[dict[str, int], list[Ends]]:
    rows = evidence[is_among(evidence["prop"], SIDES) & (evidence["verdict"] != "rejected")]
    found: dict[str, tuple[set[str], set[str]]] = {}
    for document, prop, value in zip(*(rows[name].tolist() for name in ("document_id", "prop", "value")), strict=True):
        found.setdefault(document, (set(), set()))[SIDES[prop]].add(value)
    numbers: dict[Ends, int] = {}
    ends = {
        document: numbers.setdefault((frozenset(senders), frozenset(recipients)), len(numbers))
        for document, (senders, recipients) in found.items()
    }
    return ends, list(numbers)


def _name_parties(context: CaseContext, stated: Collection[str]) -> dict[str, str]:
    """Caption of whoever is stated as an end of a message, or of the one who is recorded as using that account."""
    held = rooms.list_attributions(context.evidence, context.canonical).drop_duplicates("held")
    holders = dict(zip(held["held"].tolist(), held["holder"].tolist(), strict=True))
    canonical = context.canonical
    known = {key: canonical.get(key, key) for key in stated}
    known = {key: holders.get(name, name) for key, name in known.items()}
    captions, unlisted = context.list_captions(set(known.values())), context.unlisted
    return {key: captions.get(name) or unlisted.get(name, name) for key, name in known.items()}


def list_entity_spans(context: CaseContext, entities: set[str]) -> dict[str, list[tuple[int, int]]]:
    """Where entities are marked in passages: passage id -> spans."""
    rows = context.evidence[context.evidence["canonical_id"].isin(entities) & (context.evidence["start"] >= 0)]
    found: dict[str, list[tuple[int, int]]] = {}
    for passage, start, end in rows[["passage_id", "start", "end"]].drop_duplicates().itertuples(index=False):
        found.setdefault(passage, []).append((int(start), int(end)))
    return {passage: sorted(spans) for passage, spans in found.items()}


def _join_values(values: pd.Series[str]) -> str:
    return ", ".join(sorted(set(values) - {""}))
