"""A map of places and movements, offline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import traitlets as t

from workbench_widgets.linked_views import Answer, LinkedView, check_frame
from workbench_widgets.map.map_picture import draw_map
from workbench_widgets.map.place_columns import build_columns
from workbench_widgets.map.tiles import Tiles
from workbench_widgets.model import CaseModel

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

__all__ = ["MapView", "Tiles", "build_columns"]


class MapView(LinkedView, bundle="map"):
    """Where sources put what is on the chart: points and heaps, areas of cells, movements in order of time.

    A place says where a source puts a device, a mast or an address, not where a person was. Outlines of countries lie in the package
    (Natural Earth); nothing is asked from a network, unless `address` says from where.

    Parameters
    ----------
    what : Graph or CaseModel
    places : DataFrame, optional
        As `map.columns` has them.
    layers : sequence of mapping
        GeoJSON that is drawn under the places.
    tiles : str, Path or Tiles, optional
        An .mbtiles file with pictures of streets.
    address : mapping, optional
        `url` with {z}, {x}, {y} and `attribution`: where the browser shall ask for tiles. **Who serves them learns what is looked at.**
    **options
        zone and language, as `LinkedView` has them.

    Raises
    ------
    ValueError
        If a position cannot be one, a layer is no GeoJSON, or a file holds no picture tiles.
    """

    places = t.Dict().tag(sync=True)
    layers = t.List(t.Dict()).tag(sync=True)
    tiles = t.Dict().tag(sync=True)
    address = t.Dict().tag(sync=True)

    def __init__(
        self, what: nx.Graph | CaseModel, places: pd.DataFrame | None = None, *, layers: Sequence[Mapping[str, object]] = (),
        tiles: str | Path | Tiles | None = None, address: Mapping[str, str] | None = None, **options: str,
    ) -> None:  # fmt: skip
        self._tiles = Tiles(tiles) if isinstance(tiles, str | Path) else tiles
        for number, layer in enumerate(layers):
            _check_layer(number, layer)
        about = (
            {"least": self._tiles.least, "most": self._tiles.most, "attribution": self._tiles.attribution}
            if self._tiles
            else {}
        )
        packed = build_columns(check_frame(places, "places")) if places is not None and len(places) else {}
        super().__init__(
            what,
            places=packed,
            layers=[dict(one) for one in layers],
            tiles=about,
            address=dict(address or {}),
            **options,
        )

    def take(self, places: pd.DataFrame) -> None:
        """Show other places."""
        self.places = build_columns(places) if len(check_frame(places, "places")) else {}

    def questions(self) -> Mapping[str, Callable[..., Answer]]:
        """Tiles of the local file."""
        return {"tile": self._tile} if self._tiles else {}

    def _tile(self, zoom: int, column: int, row: int) -> Answer:
        found = self._tiles.get(int(zoom), int(column), int(row)) if self._tiles else None
        return (found[0], (found[1],)) if found else ("", ())

    def to_svg(self) -> str:
        """The places on outlines of countries; '' where nothing has a place."""
        return draw_map(self.model, self.places)


def _check_layer(number: int, layer: object) -> None:
    """A layer that is GeoJSON."""
    kind = layer.get("type") if isinstance(layer, Mapping) else layer
    if kind not in ("FeatureCollection", "Feature"):
        raise ValueError(f"layer {number} is not GeoJSON: it has the type {kind!r:.60}, not FeatureCollection.")
