"""Products in the case folder: one that another program changed is told, and handed to nobody."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.case.planted import hidden_files, open_files
from workbench.case.case import Case
from workbench.errors import CaseError

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

RESTRICTED = "EXERCISE RESTRICTED"
CHANGED = "The file is not the one that the program wrote for this case"


@pytest.fixture
def case(opened: Callable[..., Case], tmp_path: Path) -> Case:
    made = opened()
    made.add(open_files(tmp_path))
    return made


def states(case: Case) -> list[str]:
    """What is found of products: by `verify`, then by the doctor."""
    found, told = case.log.verify(), case.storage.check()
    return [*found.loc[found["check"] == "products", "state"], *told.loc[told["part"] == "products", "state"]]


@pytest.mark.slow
def test_a_product_that_another_program_changed_is_told_and_not_taken_out(case: Case, tmp_path: Path) -> None:
    reports, out = tmp_path / "case" / "reports", tmp_path / "out"
    out.mkdir()
    case.export("all.csv", case.documents())
    case.report("found.html")
    case.chart().save(reports / "chart.svg")
    names = sorted(path.name for path in reports.iterdir())
    assert names == ["all.csv", "all.csv.about.json", "chart.svg", "found.html", "found.pdf"]
    assert states(case) == ["ok", "well"]
    for name in names:
        assert case.storage.take_out(name, out).exists()
        before = (reports / name).read_bytes()
        (reports / name).write_bytes(before + b" ")
        assert states(case) == ["bad", "fix"]
        with pytest.raises(CaseError, match=CHANGED):
            case.storage.take_out(name, out)
        (reports / name).write_bytes(before)
    assert states(case) == ["ok", "well"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["timeline", "map", "table", "matrix", "evidence"])
def test_every_view_of_a_chart_is_saved_as_a_page_and_told_as_the_chart_is(
    case: Case, tmp_path: Path, kind: str
) -> None:
    written = case.chart(kind=kind).save(tmp_path / f"{kind}.html")
    assert kind in written.read_text("utf-8") and "<html" in written.read_text("utf-8")
    assert case.privacy.disclosures().iloc[-1][["kind", "name"]].tolist() == ["chart", f"{kind}.html"]
    with pytest.raises(CaseError, match=r"\.html"):
        case.chart(kind=kind).save(tmp_path / f"{kind}.svg")


@pytest.mark.slow
def test_a_report_is_the_file_that_was_asked_for_and_the_other_one_is_told(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    written = case.report("found.pdf")
    assert written.read_bytes().startswith(b"%PDF") and written.with_suffix(".html").exists()
    assert {"found.pdf", "found.html"} <= set(re.findall(r"found\.\w+", capsys.readouterr().out))
    assert case.report("found.html").suffix == ".html"


def test_what_is_said_of_an_export_is_erased_with_it(case: Case, tmp_path: Path) -> None:
    """Of a table in a form of its own, the file beside it holds none of the words of what is erased."""
    case.export("all.xlsx", case.documents())
    for name in case.sources.list()["name"]:
        if "/" not in name:
            case.privacy.erase(name, because="request 7", sure=True)
    assert not list((tmp_path / "case" / "reports").iterdir())


def test_what_somebody_removed_or_put_there_is_told_and_not_bad(case: Case, tmp_path: Path) -> None:
    reports = tmp_path / "case" / "reports"
    case.export("all.csv", case.documents())
    (reports / "other.csv").write_bytes(b"a,b")
    assert states(case) == ["not checked", "ok", "look"]
    with pytest.raises(CaseError, match=CHANGED):
        case.storage.take_out("other.csv", tmp_path / "other.csv")
    (reports / "other.csv").unlink()
    (reports / "all.csv").unlink()
    assert states(case) == ["not checked", "ok", "look"]
    case.export("all.csv", case.documents())
    assert states(case) == ["ok", "well"]


@pytest.mark.slow
def test_what_somebody_put_into_a_folder_among_the_reports_is_told(
    case: Case, opened: Callable[..., Case], tmp_path: Path
) -> None:
    reports = tmp_path / "case" / "reports"
    case.export("all.csv", case.documents())
    case.export(reports / "court" / "own.csv", case.documents())
    assert states(case) == ["ok", "well"]
    (reports / "court" / "deep").mkdir()
    for place in ("court/deep/false.html", "court/all.csv"):
        (reports / place).write_text("false", "utf-8")
    assert states(case) == ["not checked", "not checked", "ok", "look"]
    assert "reports/court/deep/false.html" in case.log.verify().to_csv()
    case.add(hidden_files(tmp_path))
    case.handling.mark("memo.txt", level=RESTRICTED, because="of a partner")
    bob = opened("bob")
    assert states(bob) == ["ok", "well"] and bob.storage.take_out("all.csv", tmp_path / "all.csv").exists()


def test_an_earlier_one_of_the_same_name_is_not_taken_out(case: Case, tmp_path: Path) -> None:
    place = tmp_path / "case" / "reports" / "all.csv"
    case.export("all.csv", case.documents())
    before = place.read_bytes()
    case.export("all.csv", case.documents().head(1))
    assert states(case) == ["ok", "well"]
    place.write_bytes(before)
    assert states(case) == ["not checked", "ok", "look"]
    with pytest.raises(CaseError, match=CHANGED):
        case.storage.take_out("all.csv", tmp_path / "all.csv")


@pytest.mark.slow
def test_a_product_that_was_erased_is_not_missed_and_not_taken_out_when_it_is_put_back(
    case: Case, tmp_path: Path
) -> None:
    place = tmp_path / "case" / "reports" / "all.csv"
    case.export("all.csv", case.documents())
    former = place.read_bytes()
    case.export("all.csv", case.documents().head(1))
    latest = place.read_bytes()
    for name in case.sources.list()["name"]:
        if "/" not in name:
            case.privacy.erase(name, because="request 7", sure=True)
    assert not place.exists() and states(case) == ["ok", "well"]
    for data in (former, latest):
        place.write_bytes(data)
        assert states(case) == ["bad", "fix"]
        with pytest.raises(CaseError, match=CHANGED):
            case.storage.take_out("all.csv", tmp_path / "all.csv")


@pytest.mark.slow
def test_a_changed_product_that_tells_of_what_is_hidden_is_not_named(
    case: Case, opened: Callable[..., Case], tmp_path: Path
) -> None:
    case.add(hidden_files(tmp_path))
    case.export("all.csv", case.documents())
    case.handling.mark("memo.txt", level=RESTRICTED, because="of a partner")
    place = tmp_path / "case" / "reports" / "all.csv"
    place.write_bytes(place.read_bytes() + b" ")
    bob = opened("bob")
    assert "all.csv" not in bob.log.verify().to_csv() + bob.storage.check().to_csv()
    with pytest.raises(CaseError, match=r"no report .all\.csv."):
        bob.storage.take_out("all.csv", tmp_path / "all.csv")


@pytest.mark.slow
def test_a_chart_whose_mark_is_above_an_officer_is_no_product_for_that_officer(
    case: Case, opened: Callable[..., Case], tmp_path: Path
) -> None:
    case.access.grant("eve", RESTRICTED, because="vetted")
    case.handling.mark("b.eml", level=RESTRICTED, because="of a partner")
    eve = opened("eve")
    place = tmp_path / "case" / "reports" / "secret-web.html"
    eve.chart().save(place)
    assert eve.storage.take_out(place.name, tmp_path / "mine.html").exists()
    bob = opened("bob")
    bob.export("open.csv", bob.documents())
    with pytest.raises(CaseError, match=r"no report .secret-web\.html.") as refused:
        bob.storage.take_out(place.name, tmp_path / "out.html")
    assert str(refused.value).count("secret-web") == 1
    assert bob.storage.take_out("open.csv", tmp_path / "out.csv").exists()
    place.write_bytes(place.read_bytes() + b" ")
    assert states(bob) == ["ok", "well"] and states(eve) == ["bad", "fix"]


@pytest.mark.slow
def test_a_product_of_which_the_log_says_nothing_is_as_high_as_the_case(
    case: Case, opened: Callable[..., Case], tmp_path: Path
) -> None:
    (tmp_path / "case" / "reports" / "old.html").write_bytes(b"from before marks were kept")
    assert states(opened("bob")) == ["not checked", "ok", "look"]
    case.add(hidden_files(tmp_path))
    case.handling.mark("memo.txt", level=RESTRICTED, because="of a partner")
    assert states(opened("bob")) == ["ok", "well"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "place", ["sources/x", "derived/x", "SOURCES/x", "rows/deeper/x", "inbox/x", "rules/x", "reports/../sources/x"]
)
def test_no_product_goes_into_a_part_that_is_the_cases_own(case: Case, tmp_path: Path, place: str) -> None:
    path = tmp_path / "case" / place
    for write in (
        lambda: case.report(path.with_suffix(".html")),
        lambda: case.export(path.with_suffix(".csv"), case.documents()),
        lambda: case.chart().save(path.with_suffix(".svg")),
    ):
        with pytest.raises(CaseError, match="is in a part of the case folder that only the program may"):
            write()
    assert case.privacy.disclosures().empty
    case.report(tmp_path / "case" / "outbox" / "x.html")


GHOST, WORDS = "Ghost Heron", "Informant"
"""What a file that is kept for another purpose says of a person whom everybody may see, and what an officer writes on a chart."""


def shown_by(net: nx.MultiDiGraph, *captions: str) -> nx.MultiDiGraph:
    """The part of a graph with these names."""
    return net.subgraph([node for node, caption in net.nodes(data="caption") if caption in captions]).copy()


def save_words(eve: Case, place: Path) -> None:
    """A chart whose words were written over everything, opened again with what everybody may see."""
    eve.chart(name="harbour").model.note(WORDS, 1.0, 1.0)
    eve.chart(shown_by(eve.graph(), "team@example.org", "Bob Stevedore"), name="harbour").save(place)


def save_group(eve: Case, place: Path) -> None:
    """The same of the name of a group."""
    net = shown_by(eve.graph(), "team@example.org", "Bob Stevedore")
    eve.chart(eve.graph(), name="harbour").model.group(*net, label=WORDS)
    eve.chart(net, name="harbour").save(place)


def save_words_without_a_name(eve: Case, place: Path) -> None:
    """A chart without a name, from which all was taken off over which the words were written."""
    chart = eve.chart()
    chart.model.note(WORDS, 1.0, 1.0)
    chart.model.dismiss(*set(chart.graph) - set(shown_by(chart.graph, "team@example.org", "Bob Stevedore")))
    chart.save(place)


def save_workspace(eve: Case, place: Path) -> None:
    """All views of such a chart."""
    eve.chart(name="harbour").model.note(WORDS, 1.0, 1.0)
    eve.charts.workspace(eve.chart(shown_by(eve.graph(), "Bob Stevedore"), name="harbour")).save(place)


def save_subject(eve: Case, place: Path) -> None:
    """What is written on a chart, told to the person whom it names."""
    eve.chart(name="harbour").model.note(f"Bob Stevedore knows. {WORDS}", 1.0, 1.0)
    eve.subjects.extract(bob_of(eve), place)


def bob_of(case: Case) -> str:
    """The id of the one in the register."""
    rows = case.evidence.list()
    return str(rows.loc[(rows["value"] == "1971-01-05"), "canonical_id"].iloc[0])


def marta(case: Case) -> str:
    """The id of the one whom the memo calls otherwise."""
    rows, register = case.evidence.list(), case.documents().set_index("title").loc["register.csv", "document_id"]
    return str(rows.loc[(rows["value"] == "1980-02-01") & (rows["document_id"] == register), "canonical_id"].iloc[0])


def one_row(case: Case) -> pd.DataFrame:
    """The row of that one among the entities."""
    rows = case.entities()
    return rows[rows["canonical_id"] == marta(case)]


RESTING: dict[str, tuple[str, Callable[[Case, Path], object]]] = {
    "chart": ("html", save_words),
    "picture": ("svg", save_words),
    "group": ("html", save_group),
    "chart without a name": ("html", save_words_without_a_name),
    "workspace": ("html", save_workspace),
    "extract": ("html", save_subject),
    "cards": ("vcf", lambda eve, place: eve.export(place, one_row(eve))),
    "entities": ("csv", lambda eve, place: eve.export(place, one_row(eve))),
    "statements": ("csv", lambda eve, place: eve.export(place, eve.evidence.statements(marta(eve)))),
    "statements alone": (
        "csv",
        lambda eve, place: eve.export(place, eve.evidence.statements(marta(eve))[["statement_id", "value"]]),
    ),
    "claims": ("ftm.json", lambda eve, place: eve.export(place, one_row(eve))),
    "graph": ("graphml", lambda eve, place: eve.export(place, eve.graph(marta(eve), hops=1))),
    "chart of a graph": ("html", lambda eve, place: eve.chart(eve.graph(marta(eve), hops=1)).save(place)),
    "report": ("html", lambda eve, place: eve.report(place, about=[marta(eve)])),
}


@pytest.mark.slow
@pytest.mark.parametrize("way", RESTING)
def test_what_rests_on_material_for_another_purpose_is_no_product_for_who_lacks_it(
    opened: Callable[..., Case], tmp_path: Path, way: str
) -> None:
    ada = opened()
    ada.add(open_files(tmp_path))
    ada.add(hidden_files(tmp_path))
    memo = ada.documents().set_index("title").loc["memo.txt", "document_id"]
    ada.evidence.add("Associate", person=marta(ada), associate=bob_of(ada), source="officer's knowledge")
    ada.evidence.correct(marta(ada), "name", GHOST, source=memo, because="as the memo says")
    for name in ("memo.txt", "people.csv", "hidden-calls.csv", "broken.bin", "more.zip"):
        ada.handling.mark(name, purpose="counter-terrorism", because="of a partner")
    end, write = RESTING[way]
    ada.access.hand_over("eve", because="eve takes the case over")
    eve, bob = opened("eve", purpose="counter-terrorism"), opened("bob")
    place = tmp_path / "case" / "reports" / f"secret-page.{end}"
    write(eve, place)
    write(eve, tmp_path / f"secret-page.{end}")
    names = sorted(path.name for path in place.parent.iterdir())
    assert names and any(
        word.encode() in path.read_bytes() for path in place.parent.iterdir() for word in (GHOST, WORDS)
    )
    assert bob.privacy.disclosures().empty
    assert "secret-page" not in bob.log.verify().to_csv() + bob.storage.check().to_csv()
    for name in names:
        with pytest.raises(CaseError, match=r"no report .secret-page") as refused:
            bob.storage.take_out(name, tmp_path / "out")
        assert str(refused.value).count("secret-page") == 1
        assert eve.storage.take_out(name, tmp_path / f"mine-{name}").exists()


@pytest.mark.parametrize(
    "place",
    [
        "quillfeather.html",
        "mine/quillfeather.html",
        "reports/quill\u00a0feather.html",
        "reports/quill\u202ffeather.html",
    ],
)
@pytest.mark.parametrize("how", ["changed", "gone"])
@pytest.mark.slow
def test_a_hidden_product_is_named_wherever_it_lies_and_whatever_its_name_is_to_nobody_who_may_not_know_of_it(
    opened: Callable[..., Case], tmp_path: Path, place: str, how: str
) -> None:
    ada = opened()
    ada.add(open_files(tmp_path))
    ada.add(hidden_files(tmp_path))
    ada.report(path := tmp_path / "case" / place)
    ada.handling.mark("memo.txt", level=RESTRICTED, because="of a partner")
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(b"false")
    bob, ada = opened("bob"), opened()
    assert "feather" not in bob.log.verify().to_csv() + bob.storage.check().to_csv()
    assert states(bob) == ["ok", "well"]
    ada.access.grant("rita", RESTRICTED, because="vetted")
    assert "feather" in opened("rita").log.verify().to_csv()


def test_a_chart_of_a_closed_case_says_that_it_is_closed(case: Case, tmp_path: Path) -> None:
    chart = case.chart()
    case.close()
    with pytest.raises(CaseError, match="The case is closed"):
        chart.save(tmp_path / "chart.html")
    assert not (tmp_path / "chart.html").exists()
