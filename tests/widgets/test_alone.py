"""The widgets need nothing of the workbench: a networkx graph is enough."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
import workbench_widgets

WIDGETS = Path(workbench_widgets.__file__).parents[1]
CODE = """
import sys, importlib
for name in {names!r}:
    importlib.import_module(name)
import networkx as nx
from workbench_widgets.chart import LinkChart
chart = LinkChart(nx.karate_club_graph(), title="Karate club")
assert chart.to_html().startswith("<!doctype html>") and chart.to_svg().startswith("<svg")
print([name for name in sys.modules if name == "workbench" or name.startswith("workbench.")])
"""


@pytest.mark.slow
def test_importing_all_of_them_loads_nothing_of_the_workbench(tmp_path: Path) -> None:
    names = [found.name for found in pkgutil.walk_packages([str(WIDGETS / "workbench_widgets")], "workbench_widgets.")]
    assert {
        "workbench_widgets.chart",
        "workbench_widgets.layout.organic",
        "workbench_widgets.model.actions.session",
    } <= set(names)
    command = [sys.executable, "-c", CODE.format(names=names)]
    found = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=tmp_path, env={"PYTHONPATH": str(WIDGETS)}
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.strip() == "[]"
