"""What is new since the officer was here last, by kind, as far as the officer may see it; and charts that are kept, opened again."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.case.case import Case
from workbench.case.context.entity_index import find_entity
from workbench.errors import CaseError
from workbench.ledger import now
from workbench.ledger.sessions import transactions

Opened = Callable[..., Case]
REGISTER = "name,phone\nMarta Oliveira,+31970140002\nBo Ek,+31970140003\n"


@pytest.fixture
def case(opened: Opened, tmp_path: Path) -> Case:
    made = opened()
    added(made, tmp_path / "register.csv", REGISTER)
    added(made, tmp_path / "report.txt", "Marta Oliveira met Bo Ek at the quay. Write to cy.dunn@example.org.")
    made.extract()
    return made


def added(case: Case, path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    case.add(path)


def next_second() -> None:
    """The log and the rows know whole seconds."""
    time.sleep(1.1)


def counted(case: Case, since: str = "") -> dict[str, int]:
    return case.review.updates(since)["kind"].value_counts().to_dict()


def test_for_who_comes_first_all_is_new(case: Case) -> None:
    found = case.review.updates()
    assert found.attrs["since"] == ""
    assert list(found["kind"].drop_duplicates())[:3] == ["source", "passage", "suggestion"]
    assert list(found.loc[found["kind"] == "source", "what"]) == ["register.csv", "report.txt"]
    assert found.loc[found["kind"] == "suggestion", "what"].str.contains("cy.dunn@example.org").any()
    assert "decision" not in set(found["kind"])


@pytest.mark.slow
def test_new_is_what_came_since_one_opened_the_case_last(case: Case, opened: Opened) -> None:
    next_second()
    other = opened("bo")
    other.judgements.judge(
        other.graph().nodes and [find_entity(other.context, "Bo Ek"), find_entity(other.context, "Marta Oliveira")],
        same=False,
        because="seen together",
    )
    other.review.reject(find_entity(other.context, "cy.dunn@example.org"), because="a typing error")
    other.review.note("who was at the quay?", kind="question")
    found = opened().review.updates()
    assert found.attrs["since"] != ""
    said = found[found["kind"].isin(["decision", "note"])]
    assert set(said["who"]) == {"bo"}
    assert "Bo Ek and Marta Oliveira: not the same" in set(said["what"])
    assert said["what"].str.fullmatch("rejected: E-mail = cy.dunn@example.org").any()
    assert "question: who was at the quay?" in set(said["what"])


def test_a_clock_that_was_ahead_once_hides_nothing(case: Case, opened: Opened, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(transactions, "now", lambda: f"2999{now()[4:]}")
        opened("bo").close()
    added(case, tmp_path / "late.txt", "Ask ann.poe@example.org.")
    case.extract()
    case.review.note("who is ann?", kind="question")
    case.judgements.judge(
        [find_entity(case.context, "Bo Ek"), find_entity(case.context, "Marta Oliveira")], same=False, because="two"
    )
    case.review.reject(find_entity(case.context, "cy.dunn@example.org"), because="a typing error")
    bo = opened("bo")
    found = bo.review.updates()
    assert found.attrs["since"].startswith("2999")
    assert list(found.loc[found["kind"].isin(["source", "passage"]), "what"]) == [
        "late.txt",
        "Ask ann.poe@example.org.",
    ]
    assert found["kind"].value_counts()[["suggestion", "note", "decision"]].tolist() == [1, 1, 2]
    assert bo.review.updates(found.attrs["since"]).equals(found)


def test_what_one_says_oneself_is_no_news(case: Case) -> None:
    case.review.note("look at the quay")
    case.review.reject(find_entity(case.context, "cy.dunn@example.org"), because="a typing error")
    assert not set(case.review.updates()["kind"]) & {"decision", "note"}


def test_only_what_came_after_the_moment_is_told(case: Case) -> None:
    assert counted(case, "2999-01-01") == {}
    assert counted(case, "2000-01-01") == counted(case)
    with pytest.raises(CaseError, match="'last week' is not a date"):
        case.review.updates("last week")


@pytest.mark.slow
def test_a_late_passage_counts_with_what_a_machine_reads_in_it(case: Case, opened: Opened, tmp_path: Path) -> None:
    next_second()
    again = opened()
    since = str(again.log.entries()["at"].iloc[-1])
    added(again, tmp_path / "late.txt", "Ask ann.poe@example.org.")
    again.extract()
    found = again.review.updates(since)
    assert found["kind"].value_counts().to_dict() == {"source": 1, "passage": 1, "suggestion": 1}
    assert list(found["what"]) == ["late.txt", "Ask ann.poe@example.org.", "ann.poe@example.org (Account)"]


@pytest.mark.slow
def test_a_chart_is_opened_again_with_what_was_on_it(case: Case, opened: Opened) -> None:
    net = case.graph("Marta Oliveira", accounts="apart")
    places = case.chart(net, name="quay").positions
    again = opened()
    assert again.charts.list()[["name", "officer", "entities"]].to_numpy().tolist() == [["quay", "ada", len(net)]]
    made = again.chart("quay")
    assert set(made.graph) == set(net)
    assert made.positions == places
    assert (made.title, made.mark) == ("quay", again.charts.list()["mark"].iloc[0])
    assert "Timeline" in again.charts.workspace("quay").views


@pytest.mark.slow
def test_a_chart_that_is_not_kept_is_told_by_those_that_are(case: Case) -> None:
    with pytest.raises(CaseError, match="this case has no saved charts yet"):
        case.chart("quay")
    case.chart(case.graph("Marta Oliveira", accounts="apart"), name="harbour")
    with pytest.raises(CaseError, match="Saved charts: 'harbour'"):
        case.chart("quay")


@pytest.mark.slow
def test_a_chart_of_what_was_withdrawn_is_empty(case: Case) -> None:
    case.chart(case.graph("Marta Oliveira", accounts="apart"), name="quay")
    case.sources.withdraw("register.csv", because="wrong exhibit")
    case.sources.withdraw("report.txt", because="wrong exhibit")
    with pytest.raises(CaseError, match="has links in the case now"):
        case.chart("quay")


@pytest.mark.slow
def test_who_may_not_see_an_entity_is_not_told_of_its_chart(case: Case, opened: Opened) -> None:
    case.chart(case.graph("Marta Oliveira"), name="around Marta")
    case.handling.mark("register.csv", level="EXERCISE RESTRICTED", because="of a partner")
    case.handling.mark("report.txt", level="EXERCISE RESTRICTED", because="of a partner")
    assert len(opened("eve").charts.list()) == 0
    assert not len(opened("eve").review.updates())
