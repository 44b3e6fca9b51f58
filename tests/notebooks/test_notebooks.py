"""The notebooks are what their sources give, are short, carry nothing, and run from top to bottom in an empty folder."""

from __future__ import annotations

import os
import re
from pathlib import Path

import build_notebooks
import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

pytestmark = pytest.mark.notebook
ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = sorted((ROOT / "docs" / "notebooks").glob("*.html"))
MINUTE = 60


def code(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def computing(before: os.times_result) -> float:
    """Seconds that the processes started since then computed, over all cores: it does not depend on who else computes."""
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_it_is_what_its_source_gives(notebook: Path) -> None:
    source = notebook.parent / "src" / f"{notebook.stem}.py"
    assert notebook.read_text("utf-8") == build_notebooks.build_notebook(source)


def test_cells_are_short_and_define_nothing(notebook: Path) -> None:
    for cell in code(notebook):
        assert len(cell.source.splitlines()) <= 6, cell.source
        assert not re.search(r"^\s*(def|class|lambda|async)\b", cell.source, re.MULTILINE), cell.source
        assert max(map(len, cell.source.splitlines())) <= 120, cell.source


def test_no_output_is_committed(notebook: Path) -> None:
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code(notebook))


def test_it_says_what_for_how_long_and_for_whom(notebook: Path) -> None:
    head = nbformat.read(notebook, as_version=4).cells[0].source
    assert "**Question.**" in head and "**You will**" in head and "minutes · for" in head


@pytest.mark.slow
def test_the_start_page_runs_where_nothing_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKBENCH_CASE", raising=False)
    before = os.times()
    done = build_notebooks.run_notebook(ROOT / "notebooks" / "00-start.ipynb", tmp_path)
    assert computing(before) < 2 * MINUTE
    reports = tmp_path / "cases" / "first" / "reports"
    assert {path.suffix for path in reports.iterdir()} >= {".html", ".pdf"}
    page = build_notebooks.build_page(build_notebooks.render_outputs(done, tmp_path))
    assert str(tmp_path) not in page
    assert "EXERCISE" in page and "data:image/svg+xml" in page
    assert not re.search(r"<script|<iframe|https?://", page)


@pytest.mark.slow
def test_it_opens_the_case_that_the_lab_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_CASE", str(tmp_path / "elsewhere"))
    notebook = nbformat.read(ROOT / "notebooks" / "00-start.ipynb", as_version=4)
    notebook.cells = notebook.cells[:6]
    path = tmp_path / "head.ipynb"
    nbformat.write(notebook, path)
    build_notebooks.run_notebook(path, tmp_path)
    assert (tmp_path / "elsewhere" / "case.toml").exists()


@pytest.mark.slow
def test_bring_your_own_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASELEDGER_PROFILES", str(tmp_path / "profiles"))
    monkeypatch.delenv("WORKBENCH_CASE", raising=False)
    build_notebooks.run_notebook(ROOT / "notebooks" / "02-bring-your-own.ipynb", tmp_path)
    assert [path.name for path in (tmp_path / "profiles").iterdir()] == ["Operator Zeta calls.json"]


@pytest.mark.slow
def test_a_chart_is_made_from_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKBENCH_CASE", raising=False)
    done = build_notebooks.run_notebook(ROOT / "notebooks" / "04-link-chart.ipynb", tmp_path)
    saved = (tmp_path / "cases" / "chart" / "reports" / "marta.html").read_text("utf-8")
    assert "EXERCISE" in saved and "Around Marta Oliveira" in saved
    page = build_notebooks.build_page(build_notebooks.render_outputs(done, tmp_path))
    assert page.count("data:image/svg+xml") >= 2 and "surveillance log 12" in page


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_trust_runs_and_keeps_its_promises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKBENCH_CASE", raising=False)
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    done = build_notebooks.run_notebook(ROOT / "notebooks" / "03-trust.ipynb", tmp_path)
    told = "\n".join(output.get("text", "") for cell in done.cells for output in cell.get("outputs", ()))
    assert [line for line in told.splitlines() if line in ("False True", "True", "VALID 2 documents", "DAMAGED OR NOT FOR YOU")] == [
        "False True", "True", "VALID 2 documents", "DAMAGED OR NOT FOR YOU",
    ]  # fmt: skip
    page = build_notebooks.build_page(build_notebooks.render_outputs(done, tmp_path))
    assert page.count("<td>bad</td>") >= 2 and "was changed: its text does not" in page
    assert str(tmp_path) not in page and "EXERCISE – Ada Lind, NCB Valdora (QM)" in page


@pytest.mark.slow
def test_any_graph_is_a_chart_without_a_case(tmp_path: Path) -> None:
    done = build_notebooks.run_notebook(ROOT / "notebooks" / "06-any-graph.ipynb", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["les-miserables.html"]
    said = [
        output["data"].get("text/plain")
        for cell in done.cells
        for output in cell.get("outputs", ())
        if "data" in output
    ]
    assert {"['Cosette', 'Javert']", "True"} <= set(said)
    text = (tmp_path / "les-miserables.html").read_text("utf-8")
    assert "default-src 'none'" in text and "Valjean" in text


@pytest.mark.slow
def test_crystal_clear_runs(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(data_dir))
    before = os.times()
    done = build_notebooks.run_notebook(ROOT / "notebooks" / "01-crystal-clear.ipynb", tmp_path)
    assert computing(before) < 2 * MINUTE
    assert (tmp_path / "cases" / "crystal-clear" / "reports" / "crystal-clear.html").exists()
    page = build_notebooks.build_page(build_notebooks.render_outputs(done, tmp_path))
    assert str(tmp_path) not in page and str(data_dir) not in page


@pytest.mark.slow
def test_crystal_clear_stops_kindly_where_the_data_is_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(CellExecutionError, match="The text above says where it is and what to do"):
        build_notebooks.run_notebook(ROOT / "notebooks" / "01-crystal-clear.ipynb", tmp_path)
    assert not (tmp_path / "cases").exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_asks_for_nothing_and_names_no_machine(page: Path) -> None:
    text = page.read_text("utf-8")
    assert "default-src 'none'" in text
    assert not re.search(r"<script|<iframe|<link|https?://|\bon\w+=[\"']|@import|url\(", text)
    assert not build_notebooks.MACHINE.search(text)


def test_every_notebook_has_its_page() -> None:
    assert [path.stem for path in PAGES] == [path.stem for path in NOTEBOOKS]
