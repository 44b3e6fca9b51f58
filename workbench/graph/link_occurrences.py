"""From claims to occurrences of links: who is linked to whom, by what, and where that is said.

A table in, a table out. The order of the rows changes nothing, and a rejected suggestion leaves nothing behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.model.schema import RELATIONS, VALUE_LINKS, Relation
from workbench.model.table_schemas import LINKS

if TYPE_CHECKING:
    from collections.abc import Mapping

STRENGTH = {"suggested": 0, "received": 1, "decided": 2}
"""Layers from the weakest to the strongest."""

LAYERS = tuple(STRENGTH)
EVENTS = frozenset({"Message", "Email", "Call", "Payment"})
"""Relations that happen: one entity is one occurrence, in however many documents it stands."""

WRITTEN = frozenset({"Message", "Email"})
"""Relations whose document is a text of its sender: what it names, the sender names."""

DATES = ("date", "startDate", "authoredAt")
KEY = ["source", "target", "relation", "document_id"]
CLAIM = ["statement_id", "evidence_id", "passage_id", "strength"]
IDS = ("document_id", "passage_id", "statement_id", "evidence_id")
NONE = 0
"""Number of the id '', as numbers of ids follow their order."""
Words = dict[str, npt.NDArray[np.object_]]
"""Column -> its ids in order: a number stands for the id at its place."""


def list_links(
    evidence: pd.DataFrame,
    documents: pd.DataFrame,
    canonical: Mapping[str, str] | None = None,
    *,
    named_limit: int = 20,
) -> pd.DataFrame:
    """Occurrences of links between canonical entities.

    Parameters
    ----------
    evidence : DataFrame
        Live rows of EVIDENCE. A suggestion that an officer rejected is ignored, an accepted one counts as decided.
    documents : DataFrame
        Rows of DOCUMENTS, for time and service.
    canonical : mapping, optional
        Entity id -> canonical id; ids that it lacks stand for themselves. Without it, the pairs in `evidence` are used.
    named_limit : int
        A passage that marks more entities than this is a list: it gives no 'named with'. How many were left out stands
        in `.attrs['lists']`.

    Returns
    -------
    DataFrame
        Columns LINKS, one row per link, document and relation, sorted. `count` is 1, or 0 where a call or payment that
        was counted already is found in a further document. `statement_id`, `evidence_id` and `passage_id` are those of
        the claim on which the link hangs: the weaker of its two ends.

    Notes
    -----
    - Entities of a schema in RELATIONS run between the entities in their source and target property. A message with
      three recipients gives three links; two claims of who sent it give a link from each.
    - VALUE_LINKS run from the value to the entity.
    - 'named with' joins two entities marked in one passage, 'names' runs from the sender of a message to an entity
      marked in it. Both say that words stand together, not that persons know each other: always 'suggested'.
    - A link is 'suggested' where one of its claims or ends is no more than a suggestion, otherwise the strongest of its
      claims.
    """
    live, words = _select_live_claims(evidence, canonical)
    named, lists = _pair_mentions(live, named_limit)
    rows = [_list_relations(live), _list_value_links(live), named, _list_sender_mentions(live)]
    frame = _add_layers(_remove_repeats(pd.concat(rows, ignore_index=True)), live)
    timed = _add_times(frame, documents, live, words["document_id"])
    found = timed.loc[:, list(LINKS)].sort_values(list(LINKS), ignore_index=True)
    result = found.assign(**{name: pd.array(words[name][found[name]], dtype="str") for name in words if name in found})
    result.attrs["lists"] = lists
    return result


def _select_live_claims(evidence: pd.DataFrame, canonical: Mapping[str, str] | None) -> tuple[pd.DataFrame, Words]:
    """Rows that no officer rejected, each with the canonical id of its entity (`node`) and value (`end`), in a fixed order.

    Ids are numbers in the order of the ids, which are given beside it: thousands of them are compared and sorted.
    """
    live = evidence[evidence["verdict"] != "rejected"]
    keys = live["entity_id"].tolist()
    names = dict(zip(keys, live["canonical_id"].tolist(), strict=True)) if canonical is None else canonical
    ends = [*(names.get(key, key) for key in keys), *(names.get(value, value) for value in live["value"].tolist())]
    nodes, things = _number_ids(ends)
    words: Words = {"source": things, "target": things}
    made = {"node": nodes[: len(live)], "end": nodes[len(live) :]}
    for name in IDS:
        made[name], words[name] = _number_ids(live[name].tolist())
    strength = live["kind"].mask(live["verdict"] == "accepted", "decided").map(STRENGTH).astype(int)
    numbered = live[["schema", "prop", "value", "start"]].assign(**made, strength=strength)
    return numbered.sort_values(["strength", "evidence_id"], ascending=[False, True], ignore_index=True), words


def _number_ids(ids: list[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.object_]]:
    """A number for each id, in the order of the ids, where '' is 0; and the id of each number."""
    numbers, words = pd.factorize(pd.Series(["", *ids], dtype="str"), sort=True)
    return numbers[1:], np.asarray(words, dtype=object)


def _list_relations(live: pd.DataFrame) -> pd.DataFrame:
    """Links that are entities of their own: messages, calls, payments, ownerships."""
    known = set(live["schema"].unique())
    present = [schema for schema in RELATIONS if schema in known] or ["Message"]
    return pd.concat([_build_relation(live, schema, RELATIONS[schema]) for schema in present], ignore_index=True)


def _build_relation(live: pd.DataFrame, schema: str, relation: Relation) -> pd.DataFrame:
    rows = live[live["schema"] == schema]
    source, target = (_select_end_claims(rows, prop) for prop in (relation.source, relation.target))
    pairs = _add_missing_ends(source, target).merge(
        _add_missing_ends(target, source), on=["node", "document_id"], suffixes=("_s", "_t")
    )
    frame = _select_weaker_claim(pairs.rename(columns={"end_s": "source", "end_t": "target"}))
    frame = frame.assign(relation=relation.label, directed=relation.directed, occurrence=NONE)
    if schema in EVENTS:
        frame["occurrence"] = frame["node"]
    return _order_link_ends(frame)


def _select_end_claims(rows: pd.DataFrame, prop: str) -> pd.DataFrame:
    """Claims of one end, one per document: the strongest; further traces of a document add nothing."""
    claims = rows.loc[rows["prop"] == prop, ["node", "document_id", "end", *CLAIM]]
    return claims.drop_duplicates(["node", "document_id", "end"])


def _add_missing_ends(claims: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Claims, and for documents that state the other end only, what the rest of the case says of this one."""
    have = pd.MultiIndex.from_frame(claims[["node", "document_id"]])
    other = others[["node", "document_id"]].drop_duplicates()
    lacking = other[~pd.MultiIndex.from_frame(other).isin(have)]
    filled = lacking.merge(claims.drop(columns="document_id").drop_duplicates(["node", "end"]), on="node")
    return pd.concat([claims, filled], ignore_index=True)


def _select_weaker_claim(pairs: pd.DataFrame) -> pd.DataFrame:
    """Keep of two claims the one on which the link hangs: the weaker, the source's where they are equal."""
    weaker = pairs["strength_t"] < pairs["strength_s"]
    for column in ("statement_id", "evidence_id", "passage_id"):
        pairs[column] = pairs[f"{column}_s"].mask(weaker, pairs[f"{column}_t"])
    pairs["weakest"] = pairs[["strength_s", "strength_t"]].min(axis=1)
    pairs["strongest"] = pairs[["strength_s", "strength_t"]].max(axis=1)
    return pairs


def _list_value_links(live: pd.DataFrame) -> pd.DataFrame:
    """Links that are properties of the entity at their target: the owner of a vehicle, the holder of an account."""
    linking = live[live["prop"].isin(list(VALUE_LINKS)) & ~live["schema"].isin(list(RELATIONS))]
    rows = linking[linking["end"].isin(live["node"].unique())].rename(columns={"end": "source"})
    return rows.assign(
        target=rows["node"],
        relation=rows["prop"].map(VALUE_LINKS),
        directed=True,
        weakest=rows["strength"],
        strongest=rows["strength"],
        occurrence=NONE,
    )


def _select_mentions(live: pd.DataFrame) -> pd.DataFrame:
    """Entities marked in a text, each once per passage."""
    marked = (live["passage_id"] != NONE) & (live["start"] >= 0) & ~live["schema"].isin(list(RELATIONS))
    return live[marked].drop_duplicates(["passage_id", "node"])


def _pair_mentions(live: pd.DataFrame, limit: int) -> tuple[pd.DataFrame, int]:
    """Pairs of entities marked in one passage, and how many passages were left out as lists."""
    marks = _select_mentions(live)
    size = marks.groupby("passage_id")["node"].transform("size")
    lists = marks.loc[size > limit, "passage_id"].nunique()
    short = marks.loc[(size > 1) & (size <= limit), ["node", "passage_id", "document_id", *CLAIM]]
    short = short.loc[:, ~short.columns.duplicated()]
    pairs = short.merge(short, on=["passage_id", "document_id"], suffixes=("_s", "_t"))
    pairs = pairs[pairs["node_s"] < pairs["node_t"]].copy()
    pairs["passage_id_s"] = pairs["passage_id_t"] = pairs["passage_id"]
    pairs = pairs.rename(columns={"node_s": "source", "node_t": "target"})
    return _select_weaker_claim(pairs).assign(
        relation="named with", directed=False, weakest=0, strongest=0, occurrence=NONE
    ), lists


def _list_sender_mentions(live: pd.DataFrame) -> pd.DataFrame:
    """Links from the sender of a message to what is named in it."""
    senders = [
        _select_end_claims(live[live["schema"] == schema], RELATIONS[schema].source) for schema in sorted(WRITTEN)
    ]
    sender = pd.concat(senders)[["document_id", "end"]].drop_duplicates().rename(columns={"end": "source"})
    frame = _select_mentions(live).merge(sender, on="document_id")
    frame = frame[frame["source"] != frame["node"]]
    return frame.assign(target=frame["node"], relation="names", directed=True, weakest=0, strongest=0, occurrence=NONE)


def _order_link_ends(frame: pd.DataFrame) -> pd.DataFrame:
    """Undirected links run from the smaller id to the greater, so that both ways are one."""
    swap = ~frame["directed"].astype(bool) & (frame["source"] > frame["target"])
    source = frame["source"].mask(swap, frame["target"])
    target = frame["target"].mask(swap, frame["source"])
    return frame.assign(source=source, target=target)


def _remove_repeats(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per occurrence and document, and one count per occurrence that happens."""
    order = [*KEY, "occurrence", "weakest", "strongest", "evidence_id"]
    frame = frame.sort_values(order, ascending=[True] * 5 + [False, False, True], ignore_index=True)
    frame = frame.drop_duplicates([*KEY, "occurrence"], ignore_index=True)
    again = frame.duplicated(["source", "target", "relation", "occurrence"]) & (frame["occurrence"] != NONE)
    return frame.assign(count=(~again).astype(int))


def _add_layers(frame: pd.DataFrame, live: pd.DataFrame) -> pd.DataFrame:
    """Give each link its layer; an end that is only a suggestion makes the link one."""
    known = live.groupby("node")["strength"].max()
    ends = [frame[end].map(known).fillna(STRENGTH["decided"]) for end in ("source", "target")]
    weak = pd.concat([frame["weakest"], *ends], axis=1).min(axis=1) == STRENGTH["suggested"]
    layer = frame["strongest"].astype(int).map(dict(enumerate(LAYERS)))
    return frame.assign(layer=layer.mask(weak, "suggested"))


def _add_times(
    frame: pd.DataFrame, documents: pd.DataFrame, live: pd.DataFrame, ids: npt.NDArray[np.object_]
) -> pd.DataFrame:
    """Time of the link itself where it states one, of its document otherwise, as written; and service. `ids` of the documents."""
    own = live[live["schema"].isin(list(RELATIONS)) & live["prop"].isin(DATES)]
    own = own.sort_values(["strength", "value"], ascending=[False, True]).drop_duplicates("node")
    dated = frame["node"].map(own.set_index("node")["value"]) if len(own) else pd.Series("", index=frame.index)
    known = documents.drop_duplicates("document_id").set_index("document_id")[["at", "service"]]
    told = known.reindex(ids).fillna("").iloc[frame["document_id"]].set_axis(frame.index)
    return frame.assign(at=dated.where(dated.notna() & (dated != ""), told["at"]), service=told["service"] != "")
