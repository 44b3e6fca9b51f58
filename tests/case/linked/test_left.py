"""What leaves with the chart of a case: what is seen, what is still allowed, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.case.linked.conftest import WHY, captions, log
from workbench.case.case import Case, open_case
from workbench.case.charts.chart_queries import ChartError
from workbench.errors import CaseError

pytestmark = pytest.mark.slow


def test_a_chart_that_is_no_longer_allowed_is_put_right_before_it_is_drawn(case: Case, tmp_path: Path) -> None:
    chart = case.chart(case.graph())
    assert "AB12CDE" in captions(chart)
    case.sources.exclude(folder="note.md", ground="out of scope", because="not in the warrant")
    saved = chart.save(tmp_path / "chart.html").read_text("utf-8")
    assert "AB12CDE" not in saved and "is not on the chart" in chart.note and "Ada Brook" in saved
    assert "AB12CDE" not in chart.svg + repr(chart.binding.passages(list(chart.model.session.table.ids), 500))


def test_what_is_hidden_from_a_reader_never_comes_onto_the_chart(case: Case, tmp_path: Path) -> None:
    case.access.grant("bob", because="seconded")
    secret = next(node for node, caption in case.graph().nodes(data="caption") if caption == "AB12CDE")
    case.handling.mark("note.md", level="EXERCISE RESTRICTED", because="of a partner")
    bob = open_case(tmp_path / "case", officer="bob", purpose="training")
    chart = bob.chart(bob.graph())
    assert chart.model.search("AB12CDE") == [] and chart.binding.passages([secret], 10) == ([], 0)
    for ask in (chart.model.add, chart.model.details):
        with pytest.raises(ValueError, match="in the data of this chart"):
            ask(secret)
    with pytest.raises(ChartError):
        chart.model.act("rename", id=secret, value="x", because="x")
    assert "AB12CDE" not in chart.html + chart.svg
    bob.close()


def test_the_page_carries_its_evidence_and_asks_nobody(case: Case) -> None:
    chart = case.chart(case.graph("Ada Brook"))
    text = chart.html
    assert "The container leaves on Friday night" in text and "wb-data" in text
    assert "default-src 'none'" in text and "http" not in text.partition("wb-data")[0].replace("http-equiv", "")


def test_what_was_dismissed_does_not_leave_with_the_page(case: Case) -> None:
    chart = case.chart(case.graph())
    gone = next(node for node, caption in chart.graph.nodes(data="caption") if caption == "AB12CDE")
    chart.model.group(*[node for node in chart.graph if node != gone][:3], label="The three")
    chart.model.note("remember")
    chart.model.dismiss(gone)
    page = chart.html
    assert gone not in page and "AB12CDE" not in page.replace("plate AB12 CDE", "")
    assert "The three" in page and "remember" in page
    chart.model.undo()
    assert "AB12CDE" in chart.html


def test_a_chart_is_written_as_the_end_of_the_name_asks(case: Case, tmp_path: Path) -> None:
    chart = case.chart(case.graph("Ada Brook"))
    begins = {
        ".html": b"<!doctype html>",
        ".svg": b"<svg",
        ".png": b"\x89PNG",
        ".pdf": b"%PDF",
        ".graphml": b"<?xml",
        ".anx": b"",
    }
    for end, begin in begins.items():
        path = chart.save(tmp_path / f"chart{end}")
        assert path.read_bytes().lstrip(b"\xef\xbb\xbf").startswith(begin) and path.stat().st_size > 500, end
    assert log(case)[-6:].count(("disclosure", "chart")) >= 3
    for what, name in ((chart, "x.docx"), (case.charts.workspace(chart), "x.svg")):
        with pytest.raises(CaseError, match=r"Nothing was saved\. Use one of these endings: \.html"):
            what.save(tmp_path / name)
        assert not (tmp_path / name).exists()
    with pytest.raises(CaseError, match="cannot be drawn"):
        chart.save(tmp_path / "x.pdf", paper="napkin")


def test_hostile_names_are_data(case: Case) -> None:
    name = '</script><img src=x onerror="alert(1)">\u202e\ud800'
    with pytest.raises(CaseError):
        case.chart(case.graph()).model.act("add", schema="Person", name=name, because=WHY)
    chart = case.chart(case.graph())
    chart.model.act("add", schema="Person", name=name.replace("\ud800", ""), because='=HYPERLINK("x")')
    page = chart.html
    assert "<img src=x" not in page.partition("wb-data")[2].partition("</script>")[0]
    assert "\u202e" not in chart.svg and "⟨U+202E⟩" in chart.svg
