"""Payments of long statements that are rows only, in graph, paths, why, chart and report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.altered import alter
from tests.case.test_aside import flat
from tests.ingest.banking.writer import Account, Line, camt
from workbench.case.case import Case, open_case
from workbench.case.charts.chart_builder import list_link_evidence
from workbench.case.network import call_links, payment_links
from workbench.errors import CaseError

if TYPE_CHECKING:
    import networkx as nx

ROSA, IVO = "NL02RABO0123456789", "DE89370400440532013000"
LINES = [
    Line(Decimal("25.50"), "Rosa Blum", ROSA, "rent july"),
    Line(Decimal("-10.00"), "Bee & Co", "12345678", "tea"),
    Line(Decimal("26.50"), "Rosa Blum", ROSA, "rent august"),
    Line(Decimal("-900.00"), "Ivo Summer", IVO, "the boat"),
    Line(Decimal("27.50"), "Rosa Blum", ROSA, "rent september"),
]


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    """A statement of five entries, of which two are claimed."""
    alter(monkeypatch, ingest__banking__statement_rows__PAYMENTS=2)
    (tmp_path / "statement.xml").write_text(camt(Account(LINES)))
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    made.add(tmp_path / "statement.xml")
    yield made
    made.close()


def counts(net: nx.MultiDiGraph) -> dict[tuple[str, str], int]:
    """Payments from one caption to another."""
    names = dict(net.nodes(data="caption"))
    return {(names[a], names[b]): data["count"] for a, b, data in net.edges(data=True) if data["relation"] == "paid"}


PAID = {("Rosa Blum", "Harbour Trading"): 3, ("Harbour Trading", "Bee & Co"): 1, ("Harbour Trading", "Ivo Summer"): 1}


@pytest.mark.slow
def test_all_payments_are_in_the_graph_once(case: Case) -> None:
    assert list(payment_links.find_unclaimed(case.context).values()) == [2]
    assert counts(case.graph()) == PAID
    assert counts(case.graph("Ivo Summer", hops=2)) == PAID
    assert {data["schema"] for _, data in case.graph().nodes(data=True)} >= {"LegalEntity"}
    steps = case.network.paths("Rosa Blum", "Bee & Co")
    assert list(steps["target_caption"]) == ["Harbour Trading", "Bee & Co"]
    assert set(case.network.ranking()["caption"]) == {"Harbour Trading", "Rosa Blum", "Bee & Co", "Ivo Summer"}


@pytest.mark.slow
def test_why_chart_and_report_show_the_entries(case: Case, tmp_path: Path) -> None:
    found = case.why("Rosa Blum", "Harbour Trading")
    assert len(found) == 3 and set(found["relation"]) == {"paid"}
    mine = found[found["place"].str.fullmatch("entry [35]")]
    assert list(mine["place"]) == ["entry 3", "entry 5"]
    assert "Amount: 26.50 EUR; Payer: Rosa Blum" in mine["text"].iloc[0] and "rent august" in mine["text"].iloc[0]
    cards = [str(card["text"]) for found in list_link_evidence(case.context, case.graph()).values() for card in found]
    assert any("the boat" in text for text in cards)
    assert "the boat" in case.report(tmp_path / "r.html", about=["Harbour Trading"]).read_text()


def test_what_is_cut_is_said(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_links, "PAIRS", 1)
    net = case.graph()
    assert counts(net) == {("Rosa Blum", "Harbour Trading"): 3, ("Harbour Trading", "Bee & Co"): 1}
    assert (
        "The long bank statements contain 2 pairs of payers and beneficiaries. Of these, 1 are used"
        in net.graph["left_out"]
    )


RENT = ("Rosa Blum", "Harbour Trading")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"number": ROSA}, {pair: count for pair, count in PAID.items() if pair != RENT}),
        ({"sender": "Rosa Blum"}, {pair: count for pair, count in PAID.items() if pair != RENT}),
        ({"term": "rent"}, {("Harbour Trading", "Bee & Co"): 1}),
        ({"term": "boat"}, {RENT: 1, ("Harbour Trading", "Bee & Co"): 1}),
        ({"folder": "statement.xml"}, {}),
        ({"since": "2022-07-01"}, {}),
    ],
)
def test_what_is_set_aside_is_in_no_link(case: Case, given: dict[str, str], left: dict[tuple[str, str], int]) -> None:
    case.sources.exclude(**given, because="counsel")
    assert counts(case.graph()) == left
    for one, other in PAID:
        with suppress(CaseError):
            shown = flat(case.why(one, other))
            assert ("the boat" in shown) == (other == "Ivo Summer" and (one, other) in left)
            assert ("rent" in shown) == ((one, other) == RENT and RENT in left)


@pytest.mark.slow
def test_a_statement_of_claimed_entries_only_brings_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "statement.xml").write_text(camt(Account(LINES)))
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    case.add(tmp_path / "statement.xml")
    assert payment_links.find_unclaimed(case.context) == {} and counts(case.graph()) == PAID
    assert "left_out" not in case.graph().graph
    case.close()
