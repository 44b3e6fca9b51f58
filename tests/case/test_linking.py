"""From rows to graph and back to passages."""

from __future__ import annotations

from workbench.case.case import Case


def test_why_gives_the_passages_behind_a_link_in_order_of_time(case: Case) -> None:
    table = case.why("Ada Brook", "Ben Carver")
    sent = table[table["relation"] == "contacted"]
    assert list(sent["at"]) == sorted(sent["at"]) and len(sent) >= 4
    first = sent.iloc[0]
    assert "container" in first["text"] and first["source_name"] == "chats.txt" and len(first["sha256"]) == 64
    assert first["traces"] == ["aaaa-1:0-2", "bbbb-2:0-2"]


def test_both_claims_of_a_sender_stay_and_an_issue_says_so(case: Case) -> None:
    conflict = case.issues().loc[lambda i: i["code"] == "sender-conflict"]
    assert len(conflict) and "Ada Brook" in conflict["message"].iloc[0]
    sender = case.why("Ada Brook", "Ben Carver").iloc[0]["sender"]
    assert sender == "AB / Ada Brook"


def test_custodians_are_marked_and_the_others_ranked_apart(case: Case) -> None:
    ranks = case.ranking()
    assert set(ranks.loc[ranks["custodian"], "caption"]) == {"Ada Brook", "Ben Carver"}
    assert ranks.loc[ranks["custodian"], "rank_among_others"].isna().all()
    assert "custodian" in ranks.attrs["warning"].lower()


def test_persons_are_not_accounts(case: Case) -> None:
    apart = {data["schema"] for _, data in case.graph(accounts="apart").nodes(data=True)}
    assert {"UserAccount", "Person"} <= apart
    held = case.graph(suggested=False)
    assert "Ada Brook" in {caption for _, caption in held.nodes(data="caption")}


def test_paths_run_through_who_is_between(case: Case) -> None:
    steps = case.paths("Ada Brook", "Cleo Dunn")
    assert list(steps.loc[steps["path"] == 1, "target_caption"])[-1] == "Cleo Dunn"
