"""What officers say by hand: signed, reversible, told apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.case.case import Case
from workbench.case.context.entity_index import find_entity
from workbench.errors import CaseError, SchemaError

KNOWLEDGE = "officer's knowledge"


def test_a_stated_person_is_of_the_officer_and_not_of_a_source(case: Case) -> None:
    key = case.evidence.add("Person", name="Dora Finch", source=KNOWLEDGE, because="known to the service")
    thing = case.context.canonical_entities.loc[key]
    assert thing["caption"] == "Dora Finch" and thing["layer"] == "decided"
    claim = case.evidence.list("Dora Finch").iloc[0]
    assert claim["officer"] == "ada" and claim["because"] == "known to the service" and claim["kind"] == "decided"


@pytest.mark.slow
def test_a_stated_link_joins_two_things_on_the_chart(case: Case) -> None:
    case.evidence.add("Associate", person="Ada Brook", associate="Cleo Dunn", source=KNOWLEDGE, because="seen together")
    edges = [data for *_, data in case.graph("Cleo Dunn").edges(data=True) if data["relation"] == "associated with"]
    assert edges[0]["layer"] == "decided" and edges[0]["strength"] == "confirmed"


def test_a_statement_needs_a_source_that_is_in_the_case(case: Case) -> None:
    with pytest.raises(CaseError, match="officer's knowledge"):
        case.evidence.add("Person", name="Dora Finch", source="somewhere")


@pytest.mark.parametrize(
    ("schema", "properties", "near"),
    [
        ("Persn", {"name": "x"}, "Person"),
        ("Person", {"birthdate": "1980"}, "birthDate"),
        ("Associate", {"person": "Ada Brook"}, "associate"),
    ],
)
def test_unknown_words_are_answered_with_the_nearest_known(
    case: Case, schema: str, properties: dict[str, str], near: str
) -> None:
    with pytest.raises(SchemaError, match=near):
        case.evidence.add(schema, source=KNOWLEDGE, **properties)


def test_a_correction_supersedes_and_can_be_taken_back(case: Case) -> None:
    case.evidence.add("Person", name="Dora Finch", birthDate="1980-01-02", source=KNOWLEDGE)
    old = case.evidence.list("Dora Finch").loc[lambda e: e["prop"] == "birthDate", "statement_id"].item()
    case.evidence.correct("Dora Finch", "birthDate", "1981-01-02", source=KNOWLEDGE, because="identity card")
    assert list(case.evidence.list("Dora Finch").loc[lambda e: e["prop"] == "birthDate", "value"]) == ["1981-01-02"]
    case.review.restore(old, because="the card was false")
    assert sorted(case.evidence.list("Dora Finch").loc[lambda e: e["prop"] == "birthDate", "value"]) == [
        "1980-01-02",
        "1981-01-02",
    ]
    assert "conflict" in set(case.sources.issues()["code"])


def test_a_source_statement_that_is_corrected_stays_in_the_ledger(case: Case) -> None:
    before = case.context.ledger.connection.execute("SELECT count(*) FROM evidence").fetchone()[0]
    case.evidence.correct("Cleo Dunn", "name", "Cleo Dunne", source=KNOWLEDGE, because="register", old="Cleo Dunn")
    assert case.context.ledger.connection.execute("SELECT count(*) FROM evidence").fetchone()[0] == before + 1
    assert case.context.get_caption(find_entity(case.context, "Cleo Dunne")) == "Cleo Dunne"


def test_judging_joins_and_judging_again_parts(case: Case) -> None:
    pairs = case.judgements.duplicates("Person", about="AB")
    pair = pairs[(pairs["left"] == "Ada Brook") | (pairs["right"] == "Ada Brook")].head(1)
    assert "initials" in pair["reasons"].item() and "same message" in pair["reasons"].item()
    case.judgements.judge(pair, same=True, because="the same messages")
    assert find_entity(case.context, "AB") == find_entity(case.context, "Ada Brook")
    case.judgements.judge(pair, same=False, because="a mistake")
    assert find_entity(case.context, "AB") != find_entity(case.context, "Ada Brook")


def test_the_caption_of_a_joined_entity_follows_a_fixed_rule(case: Case) -> None:
    case.judgements.judge(["AB", "Ada Brook"], same=True, because="the same messages")
    assert case.context.get_caption(find_entity(case.context, "AB")) == "Ada Brook"


def test_contradicting_judgements_become_an_issue(case: Case) -> None:
    names = ["Ada Brook", "Ben Carver", "Cleo Dunn"]
    case_ids = [find_entity(case.context, name) for name in names]
    case.context.ledger.judge([(case_ids[0], case_ids[1]), (case_ids[1], case_ids[2])], "same", "test")
    case.context.ledger.judge([(case_ids[0], case_ids[2])], "not same", "test")
    assert "contradiction" in set(case.sources.issues()["code"])
    assert case.judgements.split("Ada Brook", because="undo") == 2
    assert "contradiction" not in set(case.sources.issues()["code"])


def test_a_judgement_needs_a_reason(case: Case) -> None:
    with pytest.raises(CaseError, match="reason"):
        case.judgements.judge(["AB", "Ada Brook"], same=True, because="")


def test_rejecting_an_attribution_brings_the_account_back(case: Case) -> None:
    held = case.evidence.list().loc[
        lambda e: (e["schema"] == "Attribution") & (e["prop"] == "basis") & (e["value"] == "contact name")
    ]
    case.review.reject(*held["entity_id"], because="address books err")
    assert "447700900102@s.whatsapp.net" in {data for _, data in case.graph().nodes(data="caption")}


def test_an_ambiguous_name_lists_what_it_can_be(case: Case) -> None:
    case.evidence.add("Person", name="Cleo Dunn", source=KNOWLEDGE, because="another one")
    with pytest.raises(CaseError, match="2 entities in this case have the name") as told:
        find_entity(case.context, "Cleo Dunn")
    choices = str(told.value).splitlines()[1:-1]
    ids = [choice.split(" – ")[1].removeprefix("Person, id ") for choice in choices]
    assert all(find_entity(case.context, key) == key for key in ids)
    assert {choice.split(" – ")[2] for choice in choices} == {"recorded as using Cleo Dunn", "stated by ada"}
    assert "Give the id instead of the name" in str(told.value)
    case.judgements.judge(ids, same=True, because="the same")
    assert find_entity(case.context, "Cleo Dunn") in ids


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["judge", "split", "why"])
def test_verbs_that_take_a_name_list_the_choices_with_a_fact_that_tells_them_apart(case: Case, verb: str) -> None:
    for day in range(1, 13):
        case.evidence.add("Person", name="Dora Finch", birthDate=f"1980-01-{day:02}", source=KNOWLEDGE)
    calls = {
        "judge": lambda: case.judgements.judge(["Dora Finch", "Ada Brook"], same=True, because="x"),
        "split": lambda: case.judgements.split("Dora Finch", because="x"),
        "why": lambda: case.why("Dora Finch", "Ada Brook"),
    }
    with pytest.raises(CaseError, match="12 entities in this case have the name") as told:
        calls[verb]()
    choices = [line for line in str(told.value).splitlines() if "Dora Finch – Person, id person-" in line]
    assert len(choices) == len({line.partition("born ")[2] for line in choices}) == 8
    assert "and 4 more" in str(told.value)


def test_an_unknown_name_is_answered_with_what_is_near(case: Case) -> None:
    with pytest.raises(CaseError, match="Cleo Dunn"):
        find_entity(case.context, "Cleo Dun")


def test_a_note_is_kept_signed_tied_to_passages_and_withdrawn(case: Case) -> None:
    passage = case.context.passages["passage_id"].iloc[0]
    key = case.review.note("Who paid?", kind="question", passages=[passage])
    assert case.review.notes().iloc[0][["text", "officer"]].tolist() == ["Who paid?", "ada"]
    case.review.withdraw(key, because="answered")
    assert case.review.notes().empty
    with pytest.raises(CaseError, match="is not in this case"):
        case.review.note("x", passages=["nowhere"])


def test_every_act_is_in_the_audit_log(case: Case) -> None:
    case.evidence.add("Person", name="Dora Finch", source=KNOWLEDGE)
    case.judgements.judge(["AB", "Ada Brook"], same=True, because="test")
    log = case.log.entries()
    assert {"collection", "alteration", "combination"} <= set(log["operation"])
    assert set(log["officer"]) == {"ada"} and set(log["purpose"]) == {"test"}
    assert log["seq"].tolist() == list(range(1, len(log) + 1))


@pytest.mark.slow
@pytest.mark.parametrize("verdict", ["accepted", "rejected"])
def test_what_was_ruled_on_a_suggestion_stays_when_its_passage_is_read_anew(
    case: Case, tmp_path: Path, verdict: str
) -> None:
    """A file that names somebody new has all texts read again by its names: that takes nothing back."""
    firm = {"id": "f", "schema": "Company", "properties": {"name": ["Cleo Dunn Ltd"], "registrationNumber": ["R-1"]}}
    (tmp_path / "firm.ftm.json").write_text(json.dumps(firm), "utf-8")
    (tmp_path / "memo.txt").write_text(
        "Cleo Dunn Ltd has hired the grey van for a week, and nobody says for whom.", "utf-8"
    )
    for name in ("firm.ftm.json", "memo.txt"):
        case.add(tmp_path / name)
    case.extract()
    found = case.evidence.list().query("method == 'known-names' and value == 'Cleo Dunn Ltd'").iloc[0]
    (case.review.accept if verdict == "accepted" else case.review.reject)(found["evidence_id"], because="looked at")
    (tmp_path / "other.ftm.json").write_text(
        json.dumps({**firm, "id": "g", "properties": {"name": ["Nobody Known Ltd"]}}), "utf-8"
    )
    case.add(tmp_path / "other.ftm.json")
    case.extract()
    rows = case.evidence.list().query("method == 'known-names'")
    there = ["statement_id", "passage_id", "start"]
    again = rows[(rows[there] == found[there]).all(axis=1)].iloc[0]
    assert again["version"] != found["version"]
    assert again["verdict"] == verdict


def test_what_nobody_has_decided_on_is_not_restored(case: Case) -> None:
    before = len(case.log.decisions())
    for name in ("note-doesnotexist", "nothing"):
        with pytest.raises(CaseError, match="There is nothing to restore with the id"):
            case.review.restore(name, because="x")
    with pytest.raises(CaseError, match="is not the id of a note in this case"):
        case.review.withdraw("note-doesnotexist", because="x")
    with pytest.raises(CaseError, match=r"rows from `case\.review\.flags\(\)`"):
        case.review.accept(case.evidence.list(), because="x")
    assert len(case.log.decisions()) == before


def test_every_decision_of_an_officer_is_listed(case: Case) -> None:
    pair = sorted(case.entities("Person")["canonical_id"].head(2))
    case.judgements.judge(pair, same=True, because="one account")
    case.judgements.split(pair[0], because="two accounts")
    name = str(case.sources.list()["name"].iloc[0])
    case.evidence.grade(name, "B2", because="known to us")
    case.handling.mark(name, tlp="green", because="of a partner")
    case.review.withdraw(case.review.note("look at the quay"), because="done")
    found = case.log.decisions()
    assert found["seq"].tolist() == list(range(1, len(found) + 1)) and found["at"].is_monotonic_increasing
    judged = found[found["target_kind"] == "pair"]
    assert judged["verdict"].tolist() == ["same", "open"] and judged["because"].tolist() == [
        "one account",
        "two accounts",
    ]
    assert all(sorted(one) == pair for one in judged[["target_id", "replacement"]].to_numpy().tolist())
    said = found.set_index("verdict")
    assert said.at["grade", "replacement"].startswith("B2") and said.at["grade", "officer"] == "ada"
    assert "green" in said.at["tlp", "replacement"].lower() and {"withdrawn"} <= set(found["verdict"])
