"""Views beside the chart: what travels to the browser, what they answer, and their pictures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import frontend
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from workbench_widgets.evidence import Evidence, Marked, Passage
from workbench_widgets.map import MapView
from workbench_widgets.map import build_columns as place_columns
from workbench_widgets.map.map_picture import load_outlines
from workbench_widgets.matrix import Matrix
from workbench_widgets.model import CaseModel
from workbench_widgets.table import EntityTable
from workbench_widgets.timeline import Timeline
from workbench_widgets.timeline import build_columns as event_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

HOSTILE = '</text><script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """The bundles, without which no widget can be made."""
    frontend.build_bundles()


@pytest.fixture
def model() -> CaseModel:
    graph = nx.MultiDiGraph()
    for name, caption in (("a", "Marta"), ("b", HOSTILE), ("c", "أحمد")):
        graph.add_node(name, caption=caption, schema="Person")
    graph.add_edge("a", "b", relation="called", count=3, first="2024-03-01T10:00:00Z", last="2024-03-05T10:00:00Z")
    graph.add_edge("b", "c", relation="called", layer="suggested", first="2024-03-02T10:00:00Z")
    return CaseModel(graph, title=HOSTILE, mark="EXERCISE")


EVENTS = pd.DataFrame({
    "start": [1.0e12, 2.0e12], "end": [np.nan, 2.5e12], "members": [("a", "b"), ("c",)], "layer": ["received", "suggested"],
    "relation": ["called", "met"], "label": ["one", "two"], "grain": [0, 3],
})  # fmt: skip
PLACES = pd.DataFrame(
    {
        "node": ["a", "b"],
        "lat": [38.7, 48.8],
        "lon": [-9.1, 2.3],
        "layer": ["received", "suggested"],
        "label": ["x", HOSTILE],
    }
)


def test_events_travel_as_columns() -> None:
    sent = event_columns(EVENTS)
    assert np.frombuffer(sent["start"], "<f8").tolist() == [1.0e12, 2.0e12]  # type: ignore[call-overload]
    assert np.isnan(np.frombuffer(sent["end"], "<f8")).tolist() == [True, False]  # type: ignore[call-overload]
    assert np.frombuffer(sent["offsets"], "<u4").tolist() == [0, 2, 3]  # type: ignore[call-overload]
    assert np.frombuffer(sent["members"], "<u4").tolist() == [0, 1, 2]  # type: ignore[call-overload]
    assert list(sent["strength"]) == [0, 2]  # type: ignore[call-overload]
    assert (sent["who"], sent["kinds"], sent["labels"]) == (["a", "b", "c"], ["called", "met"], ["one", "two"])


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (EVENTS.drop(columns="members"), "lack the column members"),
        (EVENTS.assign(start=[1.0, np.nan]), "no start"),
    ],
)
def test_events_that_are_none_are_refused(frame: pd.DataFrame, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        event_columns(frame)


@pytest.mark.parametrize(("lat", "lon"), [(91.0, 0.0), (0.0, 181.0), (np.nan, 0.0)])
def test_a_place_that_is_nowhere_is_refused(lat: float, lon: float) -> None:
    with pytest.raises(ValueError, match="place 1 has the position"):
        place_columns(PLACES.assign(lat=[0.0, lat], lon=[0.0, lon]))


def views(model: CaseModel) -> list[Timeline | MapView | Matrix | EntityTable]:
    return [Timeline(model, EVENTS), Timeline(model), MapView(model, PLACES), Matrix(model), EntityTable(model)]


def test_every_view_has_a_picture_in_which_text_is_text(model: CaseModel) -> None:
    for view in views(model):
        svg = view.to_svg()
        assert svg.startswith("<svg"), view
        assert "<script" not in svg
        assert "<img" not in svg
        assert "EXERCISE" in svg
        assert not re.search(r"(?:https?:)?//(?!www\.w3\.org/)", svg)


def test_a_picture_goes_along_in_a_notebook(model: CaseModel) -> None:
    data, _ = Matrix(model)._repr_mimebundle_()
    assert data["image/svg+xml"].startswith("<svg")  # type: ignore[attr-defined]
    assert "3 entities, 2 links" in str(data["text/plain"])


def test_a_picture_follows_the_chart(model: CaseModel) -> None:
    assert "أحمد" in Timeline(model, EVENTS).to_svg()
    model.dismiss("c")
    assert "أحمد" not in Timeline(model, EVENTS).to_svg()
    assert "أحمد" not in Timeline(model).to_svg()
    assert Matrix(model).to_svg().count("<rect") == 1 + 4


def test_nothing_to_draw_is_no_picture() -> None:
    empty = CaseModel(nx.Graph())
    assert [view.to_svg() for view in (Timeline(empty), MapView(empty), Matrix(empty), EntityTable(empty))] == [""] * 4


def test_outlines_are_those_of_the_world() -> None:
    points = [point for ring in load_outlines() for point in ring]
    assert len(load_outlines()) > 200
    assert min(lon for lon, _ in points) < -179
    assert max(lat for _, lat in points) > 80
    assert all(abs(lat) <= 90.01 for _, lat in points)


def test_further_columns_of_a_table(model: CaseModel) -> None:
    more = pd.DataFrame({"age": [30, None], "risk_of": ["x", "y"]}, index=["a", "b"])
    sent = EntityTable(model, more, kinds={"risk_of": "facet"}).columns
    assert sent["age"] == {"label": "Age", "kind": "number", "cells": {"a": 30.0, "b": None}}
    assert sent["risk_of"]["kind"] == "facet"
    with pytest.raises(ValueError, match="it can be text, number, time, facet"):
        EntityTable(model, more, kinds={"age": "colour"})


class Library:
    """A source of one passage."""

    def passages(self, ids: Sequence[str], limit: int) -> tuple[Sequence[Passage], int]:
        """What is asked for, once."""
        return [Passage(f"p-{name}", "Marta left.", [Marked(0, 5, name)]) for name in ids][:limit], 7


def answered(view: Evidence | MapView, ask: str, *given: object) -> dict[str, object]:
    """What a view sends when its browser half asks."""
    sent: list[dict[str, object]] = []
    view.send = lambda content, buffers=None: sent.append(content)  # type: ignore[method-assign]
    view._answer_question(None, {"ask": ask, "given": list(given), "number": 4}, [])
    return sent[0]


def test_evidence_answers_and_decides_only_with_a_reason(model: CaseModel) -> None:
    said: list[tuple[str, bool, str]] = []

    def decide(passage: str, accept: bool, because: str) -> str:
        said.append((passage, accept, because))
        return "kept"

    view = Evidence(model, Library(), decide=decide)
    found = answered(view, "passages", ["a", "b"])["found"]
    assert found["more"] == 7  # type: ignore[index, call-overload]
    assert found["passages"][0]["marks"] == [{"start": 0, "end": 5, "id": "a", "kind": "received"}]  # type: ignore[index, call-overload]
    assert answered(view, "decide", "p-a", True, "  ")["problem"] == "The decision was not saved. Give a reason."
    assert answered(view, "decide", "p-a", False, "a joke")["found"] == "kept"
    assert said == [("p-a", False, "a joke")]
    assert "does not answer" in str(answered(view, "erase", "p-a")["problem"])
    assert "does not answer" in str(answered(Evidence(model, Library()), "decide", "p-a", True, "x")["problem"])


def test_a_map_without_a_file_has_no_tiles_and_asks_nobody(model: CaseModel) -> None:
    view = MapView(model, PLACES)
    assert view.tiles == {}
    assert view.address == {}
    assert "does not answer" in str(answered(view, "tile", 1, 0, 0)["problem"])
    with pytest.raises(ValueError, match="not GeoJSON"):
        MapView(model, layers=[{"type": "Topology"}])
