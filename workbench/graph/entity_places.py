"""Where entities are put by what the sources claim: by their own position, or by that of an address they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from workbench.model.ids import compute_digest
from workbench.model.table_schemas import PLACES, iterate_rows
from workbench.model.values.coordinates import list_coordinates, normalise_coordinates

if TYPE_CHECKING:
    from collections.abc import Collection

NAMES = ("name", "full", "street", "city")
BEGINS = ("startDate", "date")
STRENGTH = {"decided": 0, "received": 1, "suggested": 2}
NOWHERE = float("nan")


def list_places(evidence: pd.DataFrame, nodes: Collection[str]) -> pd.DataFrame:
    """Positions of some entities.

    Parameters
    ----------
    evidence : DataFrame
        Rows of EVIDENCE with `canonical_id`.
    nodes : collection of str
        Canonical ids of those that may stand on the map.

    Returns
    -------
    DataFrame
        Columns PLACES, by node and position. Impossible positions are left out: how many stands in `.attrs['left_out']`.
    """
    live = evidence[evidence["verdict"] != "rejected"]
    located = set(live.loc[live["prop"] == "latitude", "canonical_id"])
    said = {str(key): rows for key, rows in live[live["canonical_id"].isin(located)].groupby("canonical_id")}
    known = {key: _list_positions(rows) for key, rows in said.items()}
    wanted = [*_list_located_nodes(located & set(nodes)), *_list_property_places(live, located, set(nodes))]
    begun = _find_start_dates(live[live["canonical_id"].isin({node for node, *_ in wanted})])
    rows = [
        (
            compute_digest(node, lat, lon),
            node,
            float(lat),
            float(lon),
            NOWHERE,
            NOWHERE,
            NOWHERE,
            begun.get(node, ""),
            name,
            _select_weaker_layer(layer, held),
            document,
        )
        for node, place, held in wanted
        for lat, lon, name, layer, document in known[place][0]
    ]
    frame = (
        pd.DataFrame(rows, columns=pd.Index(PLACES))
        .drop_duplicates("place_id")
        .sort_values(["node", "lat", "lon"], ignore_index=True)
    )
    frame.attrs["left_out"] = sum(left for _, left in known.values())
    return frame


def _list_located_nodes(located: set[str]) -> list[tuple[str, str, str]]:
    return [(node, node, "decided") for node in sorted(located)]


def _list_property_places(live: pd.DataFrame, located: set[str], nodes: set[str]) -> list[tuple[str, str, str]]:
    """Entities that have a located thing in one of their properties: address, place, branch."""
    names = dict(zip(live["entity_id"], live["canonical_id"], strict=True))
    rows = live[live["canonical_id"].isin(nodes)]
    rows = rows.assign(place=rows["value"].map(names))
    found = rows[rows["place"].isin(located)]
    layer = found["kind"].mask(found["verdict"] == "accepted", "decided")
    found = found.assign(layer=layer, sure=layer.map(STRENGTH)).sort_values(["canonical_id", "place", "sure"])
    return [
        (row.canonical_id, row.place, row.layer)
        for row in iterate_rows(found.drop_duplicates(["canonical_id", "place"]))
        if row.canonical_id != row.place
    ]


def _list_positions(rows: pd.DataFrame) -> tuple[list[tuple[str, str, str, str, str]], int]:
    """Sound positions of a located entity with its name, how sure, and the document; and how many are impossible."""
    names = rows[rows["prop"].isin(NAMES)]
    name = next((str(value) for prop in NAMES for value in names.loc[names["prop"] == prop, "value"]), "")
    pairs = [(normalise_coordinates(spot), spot) for spot in list_coordinates(rows)]
    found = []
    for (lat, lon), written in pairs:
        if not lat:
            continue
        stated = rows[(rows["prop"] == "latitude") & (rows["value"] == written[0])]
        layers = stated["kind"].mask(stated["verdict"] == "accepted", "decided")
        found.append((lat, lon, name, min(layers, key=lambda one: STRENGTH[one]), str(stated["document_id"].min())))
    return found, len(pairs) - len(found)


def _select_weaker_layer(one: str, other: str) -> str:
    return max(one, other, key=lambda layer: STRENGTH[layer])


def _find_start_dates(rows: pd.DataFrame) -> dict[str, str]:
    """When what is dated itself began: the first date that is stated."""
    dates = rows[rows["prop"].isin(BEGINS)]
    return {str(node): str(at) for node, at in dates.groupby("canonical_id")["value"].min().items()}
