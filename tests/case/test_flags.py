"""Flags on special categories and minors: suggested, decided with a reason, kept over a new reading, told in products."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.case import case_panel
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity
from workbench.errors import CaseError
from workbench.views.panel import Panel

LETTER = (
    "From: Bob Stevedore <bob@example.org>\nTo: team@example.org\nDate: Fri, 1 Mar 2019 09:00:00 +0000\nSubject: boat\n\n"
    "Marta Oliveira is HIV positive.\n\nThe girl Ana Ek, aged 15, carried the bag.\n\nA 15-year-old whisky was in it. "
    "Rui was born in 1950.\n"
)
REGISTER = "name,date of birth\nPim Vos,2002-05-03\nMarta Oliveira,1980-02-01\n"


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = open_case(tmp_path / "case", officer="ada", purpose="training")
    made.add(written(tmp_path / "m.eml", LETTER))
    made.extract()
    yield made
    made.close()


def ids(case: Case, category: str) -> list[str]:
    found = case.review.flags()
    return found.loc[found["category"] == category, "flag_id"].tolist()


@pytest.mark.slow
def test_flags_are_suggestions_on_passages_and_hide_nothing(case: Case) -> None:
    found = case.review.flags().set_index("category")
    assert found.loc["health", "words"] == "HIV positive" and found.loc["minors", "words"] == "aged 15"
    assert set(found["state"]) == {"suggested"} and len(found) == 2
    assert (found.loc["minors", "at_source"], found.loc["minors", "today"]) == ("minor", "of age")
    assert found.loc["health", "about"] == ""
    for row in case.review.flags().itertuples():
        text = case.context.passages.set_index("passage_id").at[row.passage_id, "text"]
        assert row.words in text[row.start : row.end + 1]
    assert case.handling.withheld().empty and not case.search("HIV").empty
    assert "Flag" not in set(case.evidence.list()["schema"]) | set(case.entities()["schema"])
    issues = case.sources.issues()
    assert set(issues.loc[issues["code"] == "flagged", "severity"]) == {"warning"}
    assert len(issues[issues["code"] == "flagged"]) == 2


def test_a_minor_in_a_text_is_tied_to_the_name_beside_it(case: Case) -> None:
    case.evidence.add("Person", name="Ana Ek", source="officer's knowledge")
    case.extract()
    row = case.review.flags().set_index("category").loc["minors"]
    assert row["who"] == "Ana Ek" and row["about"] in set(case.entities("Person")["canonical_id"])
    assert case.evidence.list("Ana Ek")["status"].eq("").all()  # a suggestion, no fact


def test_a_dismissed_flag_does_not_come_back(case: Case, tmp_path: Path) -> None:
    flag = ids(case, "health")
    with pytest.raises(CaseError, match="reason"):
        case.review.reject(flag, because=" ")
    assert case.review.reject(flag, because="a test of the form")["state"].tolist() == ["dismissed"]
    assert case.review.flags("dismissed")[["officer", "because"]].values.tolist() == [["ada", "a test of the form"]]
    case.extract()
    case.sources.withdraw("m.eml", because="wrong folder")
    assert case.review.flags().empty
    case.add(tmp_path / "m.eml")
    case.sources.restore("m.eml", because="right after all")
    case.extract()
    assert case.review.flags().set_index("category")["state"].to_dict() == {
        "health": "dismissed",
        "minors": "suggested",
    }
    again = written(tmp_path / "copy.eml", LETTER + " \n")
    case.add(again)
    case.extract()
    told = case.review.flags()
    assert set(told.loc[(told["category"] == "health") & (told["flag_id"] == flag[0]), "state"]) == {"dismissed"}
    case.review.restore(flag[0], because="it is about her")
    assert case.review.flags().set_index("flag_id").loc[flag[0], "state"] == "suggested"
    log = case.log.entries()
    assert {"a test of the form", "it is about her"} <= set(log.loc[log["operation"] == "alteration", "reason"])


@pytest.mark.slow
def test_a_confirmed_flag_is_marked_and_hidden_until_it_is_revealed(case: Case) -> None:
    case.review.accept(ids(case, "health"), because="the letter is hers")
    assert "HIV" not in case.search("HIV").to_csv() and case.handling.withheld()["why"].tolist() == [
        "hidden until revealed"
    ]
    assert case.review.flags().empty  # the girl is told of in the same passage
    case.handling.reveal("health", because="needed for the custody doctor")
    assert case.review.flags("confirmed")["category"].tolist() == ["health"]


def test_what_is_no_flag_is_told(case: Case) -> None:
    for wrong in ("nothing", [], case.entities()):
        with pytest.raises(CaseError, match=r"flag|No id was given"):
            case.review.reject(wrong, because="x")  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_birth_date_is_held_against_the_date_of_the_source(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="training")
    case.add(written(tmp_path / "r.csv", REGISTER))
    assert case.review.flags().empty  # of age today, and the register has no date
    case.add(written(tmp_path / "m.eml", LETTER.replace("Marta Oliveira is", "Pim Vos is")))
    case.extract()
    letter = find_entity(case.context, "Pim Vos", schema="Person")
    rows = case.review.flags()
    births = rows[rows["method"] == "birth-dates"]
    if births.empty:  # the letter's name is a suggestion of its own until an officer joins the two
        pairs = case.judgements.duplicates("Person", about="Pim Vos")
        case.judgements.judge(pairs.head(1), same=True, because="one name, one address")
        births = case.review.flags()[lambda frame: frame["method"] == "birth-dates"]
    assert births[["who", "at_source", "today", "state"]].values.tolist() == [
        ["Pim Vos", "minor", "of age", "suggested"]
    ]
    flag = births["flag_id"].iloc[0]
    case.review.reject(flag, because="Pim Vos of another birth")
    assert case.review.flags().set_index("flag_id").loc[flag, "state"] == "dismissed"
    case.review.restore(flag, because="mistake")
    case.review.accept(flag, because="seen in the passport")
    assert letter and case.handling.withheld()["items"].sum() > 0
    case.close()


@pytest.mark.slow
def test_products_say_what_is_flagged(case: Case, tmp_path: Path) -> None:
    passage = case.review.flags().set_index("category").loc["health", "passage_id"]
    case.review.note("She must be asked.", kind="conclusion", supporting=[passage])
    page = case.report(tmp_path / "r.html").read_text("utf-8")
    assert (
        "text that may show special categories of data or mention minors: health (1)" in page
        and "health (suggested)" in page
    )
    about = json.loads(
        case.export(tmp_path / "hits.csv", case.search("HIV")).with_name("hits.csv.about.json").read_text("utf-8")
    )
    assert any("health (1)" in note for note in about["notes"])
    case.review.reject(ids(case, "health"), because="no")
    assert "health (suggested)" not in case.report(tmp_path / "r.html").read_text("utf-8")


def test_a_setting_keeps_flagged_passages_out_of_products_for_others(case: Case, tmp_path: Path) -> None:
    place = case.context.folder.path / "case.toml"
    case.close()
    text = place.read_text("utf-8")
    assert 'flagged = "warn"' in text
    place.write_text(text.replace('flagged = "warn"', 'flagged = "withhold"'), "utf-8")
    with_setting = open_case(tmp_path / "case", officer="ada", purpose="training")
    assert not with_setting.search("HIV").empty
    out = with_setting.export(
        tmp_path / "out.statements.csv", to="police of Valdora", reason="joint case", country="QM"
    )
    assert "HIV" not in out.read_text("utf-8")
    told = with_setting.handling.withheld(to="police of Valdora", country="QM")
    assert "flagged because it may show a special category of data or a minor" in set(told["why"])
    with_setting.review.reject(with_setting.review.flags(), because="none of it is of a person")
    assert "flagged because it may show a special category of data or a minor" not in set(
        with_setting.handling.withheld(to="police of Valdora", country="QM")["why"]
    )
    with_setting.close()
    place.write_text(text.replace('flagged = "warn"', 'flagged = "perhaps"'), "utf-8")
    with pytest.raises(CaseError, match="`flagged` must be one of warn, withhold"):
        open_case(tmp_path / "case", officer="ada", purpose="training")


@pytest.mark.slow
def test_the_panel_asks_about_flags(case: Case) -> None:
    panel: Panel = case_panel.build_panel(case)
    queue = panel.reviewer.flags
    assert "HIV positive" in queue.card.value or "aged 15" in queue.card.value
    queue.line.press("dismiss")
    assert "Enter a reason first" in queue.said.value and case.review.flags("dismissed").empty
    queue.line.because = "a form"
    queue.line.press("dismiss")
    assert "Your decision was signed" in queue.said.value and len(case.review.flags("dismissed")) == 1
    assert "flags to check" in panel.overview.value
