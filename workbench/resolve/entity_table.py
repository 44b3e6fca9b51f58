"""Evidence to entities: one row per thing, with the name that is shown for it and how well it is founded."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.model.schema import CAPTIONS
from workbench.model.table_schemas import ENTITIES, TRAFFIC_READERS, is_among
from workbench.model.text.transliteration import transliterate_name

LAYERS = ("suggested", "received", "decided")
"""Weakest first."""
DEFAULT = ("name", "alias", "weakAlias")
UNNAMED = 99
"""Rank of a property that gives no name."""
Numbers = npt.NDArray[np.int64]
"""One number for each claim."""


def add_canonical_ids(evidence: pd.DataFrame, canonical: Mapping[str, str]) -> pd.DataFrame:
    """Evidence with the column `canonical_id` after `entity_id`."""
    ids = evidence["entity_id"].tolist()
    frame = evidence.copy(deep=False)
    frame.insert(list(frame.columns).index("entity_id") + 1, "canonical_id", [canonical.get(key, key) for key in ids])
    return frame


def list_entities(evidence: pd.DataFrame) -> pd.DataFrame:
    """Entities that have a claim which was not rejected (columns ENTITIES), in order of id; one row per entity id.

    Entities with one canonical id share caption, schema and flags.

    Notes
    -----
    The caption is chosen by a fixed rule, so that it does not change with the order of import: what an officer decided
    before what a source states before what a machine suggests; then the property that names best; then the value claimed
    in most places; then the longest; then the first in the alphabet.
    """
    live = evidence[evidence["verdict"] != "rejected"]
    if live.empty:
        return pd.DataFrame(columns=pd.Index(ENTITIES))
    numbers, things = pd.factorize(live["canonical_id"], sort=True)
    layers = _rank_layers(live)
    shared = pd.DataFrame(
        {
            "schema": _select_schema(live, numbers, layers),
            "caption": list_captions(live).to_numpy(),
            "layer": _select_layer(live, numbers, layers),
            "mentions": np.bincount(numbers),
        },
        index=pd.Index(things),
    )
    shared["latin"] = shared["caption"].map(
        {caption: transliterate_name(caption) for caption in shared["caption"].unique()}
    )
    shared["custodian"] = shared.index.isin(list_custodians(live))
    shared["service"] = shared.index.isin(list_services(live))
    ids = live[["entity_id", "canonical_id"]].drop_duplicates().sort_values("entity_id")
    return ids.join(shared, on="canonical_id")[list(ENTITIES)].reset_index(drop=True)


def list_captions(evidence: pd.DataFrame) -> pd.Series[str]:
    """Caption of each canonical id, by the rule told in `list_entities`."""
    numbers, things = pd.factorize(evidence["canonical_id"], sort=True)
    ranks = _rank_properties(evidence)
    rows = np.flatnonzero(ranks < UNNAMED)
    values, names = pd.factorize(evidence["value"].iloc[rows], sort=True)
    naming = pd.DataFrame({
        "thing": numbers[rows], "layer": -_rank_layers(evidence)[rows], "prop": ranks[rows], "value": values,
        "length": -pd.Series(names).str.len().to_numpy()[values],
    })  # fmt: skip
    counted = naming.groupby([*naming.columns], as_index=False).size()
    counted["places"] = -counted["size"]
    best = counted.sort_values(["thing", "layer", "prop", "places", "length", "value"]).drop_duplicates("thing")
    found = pd.Series(things, index=things, dtype="str")
    found.iloc[best["thing"].to_numpy()] = names[best["value"].to_numpy()]
    return found.rename("caption")


def _rank_properties(evidence: pd.DataFrame) -> Numbers:
    """How well each claim names its entity, by schema and property: 0 is best; UNNAMED: not at all."""
    ranks = {(schema, prop): rank for schema, props in CAPTIONS.items() for rank, prop in enumerate(props)}
    ranks |= {("", prop): rank for rank, prop in enumerate(DEFAULT)}
    (rows, schemata), (columns, props) = pd.factorize(evidence["schema"]), pd.factorize(evidence["prop"])
    table = [
        [ranks.get((schema if schema in CAPTIONS else "", prop), UNNAMED) for prop in props] for schema in schemata
    ]
    return np.array(table, dtype=np.int64).reshape(len(schemata), len(props))[rows, columns]


def _rank_layers(evidence: pd.DataFrame) -> Numbers:
    """The layer of each claim, as its place in LAYERS."""
    numbers, kinds = pd.factorize(evidence["kind"])
    return np.array([LAYERS.index(kind) for kind in kinds], dtype=np.int64)[numbers]


def list_custodians(evidence: pd.DataFrame) -> set[str]:
    """Canonical ids of persons from whom a device was collected, as the reader of the device or an officer says."""
    rows = _select_traffic_claims(evidence)
    basis = rows[(rows["schema"] == "Attribution") & (rows["prop"] == "basis") & (rows["value"] == "custodian")]
    if basis.empty:
        return set()
    held = rows[is_among(rows["entity_id"], basis["entity_id"].unique().tolist()) & (rows["prop"] == "holder")]
    canonical = map_canonical_ids(evidence)
    return {canonical.get(key, key) for key in held["value"]}


def map_canonical_ids(evidence: pd.DataFrame) -> dict[str, str]:
    """Entity id -> canonical id, of the entities of some evidence."""
    return dict(zip(evidence["entity_id"].tolist(), evidence["canonical_id"].tolist(), strict=True))


def list_services(evidence: pd.DataFrame) -> set[str]:
    """Canonical ids of accounts that are services: short codes, bots, system messages.

    A reader of messages has to say so, or an officer. Where readings disagree, an account is no service: what one file shows
    of it does not hide what another one holds.
    """
    rows = _select_traffic_claims(evidence)
    rows = rows[(rows["schema"] == "UserAccount") & rows["prop"].isin(["username", "description"])]
    flagged = (rows["prop"] == "description") & rows["value"].str.startswith("service:")
    said = flagged | (rows["kind"] != "decided")
    rows, flagged = rows[said], flagged[said]
    readings = flagged.groupby([rows["canonical_id"], rows["run_id"]]).any()
    agreed = readings.groupby(level="canonical_id").all()
    return set(agreed.index[agreed])


def _select_traffic_claims(evidence: pd.DataFrame) -> pd.DataFrame:
    """Claims of the readers of messages at a place of what they read, and of officers. A table that names a reader is none."""
    read = evidence["method"].isin(TRAFFIC_READERS) & (evidence["document_id"] != "")
    return evidence[read | (evidence["kind"] == "decided")]


def _select_schema(evidence: pd.DataFrame, numbers: Numbers, layers: Numbers) -> npt.NDArray[np.object_]:
    """The schema stated by the strongest layer; 'LegalEntity' gives way to anything more definite."""
    codes, schemata = pd.factorize(evidence["schema"], sort=True)
    vague = np.isin(schemata, ["LegalEntity", "Thing"])[codes]
    preferred = np.lexsort((codes, -layers, vague, numbers))
    first = np.unique(numbers[preferred], return_index=True)[1]
    return np.asarray(schemata, dtype=object)[codes[preferred[first]]]


def _select_layer(evidence: pd.DataFrame, numbers: Numbers, layers: Numbers) -> npt.NDArray[np.object_]:
    """Strongest layer; a suggestion that an officer accepted counts as decided."""
    ranks = np.where(evidence["verdict"] == "accepted", LAYERS.index("decided"), layers)
    strongest = np.zeros(numbers.max() + 1, dtype=np.int64)
    np.maximum.at(strongest, numbers, ranks)
    return np.array(LAYERS, dtype=object)[strongest]
