"""Tables in a notebook: what is printed shows control characters, what the table holds stays as it is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell

from workbench.case.case import open_case
from workbench.views.html_tables import build_block, build_hits, build_table, escape_text, isolate_text
from workbench.views.table_display import register_formats

NAME = "ann\u202efdp.exe"


@pytest.mark.slow
def test_opening_a_case_in_a_notebook_sees_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    shell = InteractiveShell.instance(history_length=0)
    try:
        (tmp_path / f"{NAME}.txt").write_text("Call \x1b[8mnobody\x1b[0m.")
        case = open_case(tmp_path / "case", officer="ada", purpose="test")
        case.add(tmp_path / f"{NAME}.txt")
        sources = case.sources.list()
        printed, _ = shell.display_formatter.format(sources[["name", "state"]])
        assert sources["name"].tolist() == [f"{NAME}.txt"]
        for text in (printed["text/html"], printed["text/plain"]):
            assert "ann⟨U+202E⟩fdp.exe" in text and "\u202e" not in text
        assert "<td>" in printed["text/html"] and "<table" in printed["text/html"]
        assert "⟨U+202E⟩" in shell.display_formatter.format(sources["name"])[0]["text/plain"]
        assert "\x1b" not in case.charts.panel().overview.value and "⟨U+202E⟩" in case.charts.panel().overview.value
        case.close()
    finally:
        InteractiveShell.clear_instance()


@pytest.mark.slow
@pytest.mark.parametrize("part", ["table", "card", "answer", "draft"])
def test_a_notebook_takes_no_text_for_a_formula(tmp_path: Path, part: str) -> None:
    """JupyterLab typesets what is between two $, in which a sentence can vanish."""
    (tmp_path / "a.txt").write_text(r"$5k now $\phantom{never}$")
    (tmp_path / "calls.csv").write_text(
        "calling number,called number,start time,duration\n+4477,+4478,2024-03-05T10:00:00,7\n"
    )
    case = open_case(tmp_path / "case", officer="ada", purpose="test", reason="test")
    case.add(tmp_path / "a.txt")
    case.add(tmp_path / "calls.csv")
    notebook = DisplayFormatter()
    register_formats(notebook)
    made = {
        "table": lambda: notebook.format(case.documents())[0]["text/html"],
        "card": lambda: build_block("text"),
        "answer": lambda: case.calls.summary()._repr_html_(),
        "draft": lambda: case.desk.draft("request", to="XB-NCB", summary_of_facts="$x$")._repr_html_(),
    }
    assert "mathjax_ignore" in made[part]()
    case.close()


def test_cards_show_what_cannot_be_seen() -> None:
    assert escape_text("<\x1b[2J\u202e>") == "&lt;⟨U+001B⟩[2J⟨U+202E⟩&gt;"
    assert isolate_text(NAME) == "<bdi>ann⟨U+202E⟩fdp.exe</bdi>"
    frame = pd.DataFrame({"text": ["a\x07b"], "source_name": [NAME], "marked": [[(0, 2)]]})
    assert "<mark>a⟨U+0007⟩</mark>b" in build_hits(frame) and "\u202e" not in build_hits(frame)
    assert "⟨U+202E⟩" in build_table(frame.rename(columns={"text": NAME}), [NAME])
