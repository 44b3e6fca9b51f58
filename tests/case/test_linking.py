"""From rows to graph and back to passages."""

from __future__ import annotations

from pathlib import Path

from workbench.case.case import Case
from workbench.case.charts.chart_builder import list_link_evidence


def test_why_gives_the_passages_behind_a_link_in_order_of_time(case: Case) -> None:
    table = case.why("Ada Brook", "Ben Carver")
    sent = table[table["relation"] == "contacted"]
    assert list(sent["at"]) == sorted(sent["at"]) and len(sent) >= 4
    first = sent.iloc[0]
    assert "container" in first["text"] and first["source_name"] == "chats.txt" and len(first["sha256"]) == 64
    assert first["traces"] == ["aaaa-1:0-2", "bbbb-2:0-2"]


def test_both_claims_of_a_sender_stay_and_an_issue_says_so(case: Case) -> None:
    conflict = case.sources.issues().loc[lambda i: i["code"] == "sender-conflict"]
    assert len(conflict) and "Ada Brook" in conflict["message"].iloc[0]
    sender = case.why("Ada Brook", "Ben Carver").iloc[0]["sender"]
    assert sender == "AB / Ada Brook"


def test_custodians_are_marked_and_the_others_ranked_apart(case: Case) -> None:
    ranks = case.network.ranking()
    assert set(ranks.loc[ranks["custodian"], "caption"]) == {"Ada Brook", "Ben Carver"}
    assert ranks.loc[ranks["custodian"], "rank_among_others"].isna().all()
    assert "device or records were collected" in ranks.attrs["warning"]


def test_persons_are_not_accounts(case: Case) -> None:
    apart = {data["schema"] for _, data in case.graph(accounts="apart").nodes(data=True)}
    assert {"UserAccount", "Person"} <= apart
    held = case.graph(suggested=False)
    assert "Ada Brook" in {caption for _, caption in held.nodes(data="caption")}


def test_paths_run_through_who_is_between(case: Case) -> None:
    steps = case.network.paths("Ada Brook", "Cleo Dunn")
    assert list(steps.loc[steps["path"] == 1, "target_caption"])[-1] == "Cleo Dunn"


def test_a_link_out_of_a_table_cites_its_own_rows(case: Case, files: Path) -> None:
    rows = "\n".join(f"07700900{n};07700900{n + 1};2024-03-0{n - 100}T10:00:00;{n}" for n in range(101, 106))
    (files / "calls.csv").write_text(f"calling number;called number;start time;duration\n{rows}\n", "utf-8")
    case.add(files / "calls.csv", options={"region": "GB"})
    table = case.why("+447700900103", "+447700900104")
    assert len(table) == 1
    assert "07700900103" in table["text"].item()
    assert table["place"].item().endswith("row 4")
    net = case.graph(accounts="apart")
    edge = next(key for key in net.edges(keys=True) if case.context.get_caption(key[0]) == "+447700900103")
    cards = list_link_evidence(case.context, net)[edge]
    assert "07700900103" in str(cards[0]["text"])
