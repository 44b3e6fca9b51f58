"""What a caller got wrong is said in words: which value, where, and what to do; nothing is changed then."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest
from workbench_widgets.chart import LinkChart
from workbench_widgets.evidence import Evidence
from workbench_widgets.map import MapView
from workbench_widgets.matrix import Matrix
from workbench_widgets.model import CaseModel, is_same_state
from workbench_widgets.table import EntityTable
from workbench_widgets.timeline import Timeline
from workbench_widgets.workspace import Workspace

from tests.widgets.graphs import sample

COMMANDS: dict[str, tuple[Callable[[CaseModel], object], str]] = {
    "select": (lambda model: model.select("Nobody"), "'Nobody' on the chart. Give an id, such as 'n0000'"),
    "a name": (
        lambda model: model.select(model.session.table.labels[1]),
        "is a name on the chart, not an id. Give 'n0001'",
    ),
    "dismissed": (lambda model: model.pin("n0005"), "'n0005' is not on the chart now. `add` adds it"),
    "dismiss": (lambda model: model.dismiss("Nobody"), "'Nobody'"),
    "nothing chosen": (lambda model: model.dismiss(), "Nothing is selected"),
    "move": (lambda model: model.move({"n0001": (float("nan"), 1)}), "two numbers"),
    "move to one number": (lambda model: model.move({"n0001": 5}), "The position of 'n0001'"),  # type: ignore[dict-item]
    "filter": (lambda model: model.filter(schema=["Person"]), "no filter 'schema'. The filters are schemas"),
    "filter by a text": (lambda model: model.filter(schemas="Person"), "a list, not 'Person'"),
    "filter by nothing there": (lambda model: model.filter(schemas=["Persn"]), "'Persn'. Here are: Person"),
    "filter by many": (lambda model: model.filter(least="many"), "not 'many'"),
    "during": (lambda model: model.during("yesterday", "today"), "'yesterday' is not a time"),
    "during one": (lambda model: model.during(5), "a start and an end"),
    "group": (lambda model: model.group("n0001"), "at least two entities"),
    "open a group": (lambda model: model.open_group("group:9"), "no group 'group:9'"),
    "ungroup": (lambda model: model.ungroup("n0001"), "no group 'n0001'"),
    "note": (lambda model: model.note(""), "needs a text"),
    "note of nothing": (lambda model: model.note(None), "a text, not None"),  # type: ignore[arg-type]
    "another note": (lambda model: model.note("hi", name="note:4"), "no note 'note:4'"),
    "note somewhere": (lambda model: model.note("hi", "left", "top"), "'left' and 'top'"),  # type: ignore[arg-type]
    "style": (lambda model: model.style("nonsense"), "Choose one of: mentions"),
    "path": (lambda model: model.path("Nobody", "n0001"), "'Nobody'"),
    "expand": (lambda model: model.expand("n0001", limit="all"), "not 'all'"),  # type: ignore[arg-type]
    "details": (lambda model: model.details("Nobody"), "'Nobody' is not in the data"),
    "arrange": (lambda model: model.arrange("spiral"), "no layout 'spiral'. The layouts are organic"),
    "seed": (lambda model: model.arrange("organic", seed=-1), "not -1"),
    "a command": (lambda model: model.do("dance"), "no command 'dance'"),
    "an argument": (lambda model: model.do("expand", who=1), "'who'"),
    "a log": (lambda model: model.replay([{"x": 1}]), "not a command of a log"),
    "no log": (lambda model: model.replay(5), "5 is not a command"),  # type: ignore[arg-type]
}


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_cannot_be_done_says_why_and_changes_nothing(name: str) -> None:
    model = CaseModel(sample(8))
    model.dismiss("n0005")
    state, log = model.session.state, list(model.history)
    deed, said = COMMANDS[name]
    with pytest.raises(ValueError, match=re.escape(said)):
        deed(model)
    assert is_same_state(model.session.state, state) and model.history == log


def test_what_the_data_do_not_have_cannot_be_added() -> None:
    with pytest.raises(ValueError, match="'Nobody' is not in the data of this chart"):
        CaseModel(sample(8)).add("Nobody")


MADE: dict[str, tuple[Callable[[], object], str]] = {
    "no graph": (lambda: LinkChart(None), "a networkx graph or a CaseModel, not None"),  # type: ignore[arg-type]
    "an option": (lambda: LinkChart(nx.path_graph(3), heading="x"), "no option 'heading'"),
    "shown": (lambda: LinkChart(nx.path_graph(3), shown=["7"]), "'7' is not in the data"),
    "places": (lambda: LinkChart(nx.path_graph(3), places={"1": "ab"}), "The position of '1'"),
    "height": (lambda: LinkChart(nx.path_graph(3), height="tall"), "not 'tall'"),  # type: ignore[arg-type]
    "events": (lambda: Timeline(nx.path_graph(3), [1]), "events are a pandas DataFrame"),  # type: ignore[arg-type]
    "zone": (lambda: Matrix(nx.path_graph(3), zone="Mars/Base"), "no time zone 'Mars/Base'"),
    "layer": (lambda: MapView(nx.path_graph(3), layers=[5]), "layer 0 is not GeoJSON"),  # type: ignore[list-item]
    "kinds": (lambda: EntityTable(nx.path_graph(3), pd.DataFrame({"a": [1]}), kinds={"b": "text"}), "no column 'b'"),
    "cells": (
        lambda: EntityTable(nx.path_graph(3), pd.DataFrame({"a": ["x"]}), kinds={"a": "number"}),
        "column 'a' contains",
    ),
    "passages": (lambda: Evidence(nx.path_graph(3), None), "cannot be asked for passages"),  # type: ignore[arg-type]
    "areas": (lambda: Workspace([Matrix(nx.path_graph(3))]), "'main' is a mapping"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", MADE)
def test_a_view_that_cannot_be_made_says_why(name: str) -> None:
    make, said = MADE[name]
    with pytest.raises(ValueError, match=re.escape(said)):
        make()


def test_files_that_cannot_be_written_or_read(tmp_path: Path) -> None:
    chart = LinkChart(nx.path_graph(3))
    for path, options, said in (
        (None, {}, "a file has a name"), (tmp_path / "x.docx", {}, "written as .html"), (tmp_path / "no" / "x.svg", {}, "no folder"),
        (tmp_path / "x.svg", {"width": 3}, "no option 'width' for .svg"), (tmp_path / "x.png", {"width": "big"}, "not 'big'"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=said):
            chart.save(path, **options)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="There is no file"):
        LinkChart.from_graphml(tmp_path / "none.graphml")
    assert list(tmp_path.iterdir()) == []


def test_what_is_chosen_is_a_list_of_ids_on_the_chart() -> None:
    chart = LinkChart(nx.path_graph(3))
    chart.selection = ["1"]
    with pytest.raises(ValueError, match="not '12'"):
        chart.selection = "12"  # type: ignore[assignment]
    assert chart.selected == ["1"]


def test_a_time_is_given_as_text_or_date() -> None:
    model = CaseModel(sample(8))
    model.during("2024-05-01", pd.Timestamp("2024-05-02", tz="UTC"))
    assert model.session.state.time_range == (1714521600000.0, 1714608000000.0)
