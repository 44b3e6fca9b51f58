"""A message that is filed: its document, passages, claims, mark and grades; its thread; what its reader may see; what is erased of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.case.case import Case, open_case
from workbench.case.desk.messages import filing, validation
from workbench.errors import CaseError
from workbench.ingest.documents.police_message import extract_words, identify_document
from workbench.ledger.records import messages
from workbench.messages import Message, from_json, to_json
from workbench.messages.model.message import Correspondence, Item, Person
from workbench.messages.model.message_json import from_dict
from workbench.messages.rules.rule_check import load_samples
from workbench.model.handling_marks import build_scheme

REQUEST = from_dict(load_samples()["message"])
RED = from_dict(load_samples()["red"])
RESTRICTED = "EXERCISE RESTRICTED"


def incoming(case: Case, message: Correspondence, **more: object) -> str:
    return filing.file_message(case.context, message, direction="incoming", **more)  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_message_is_found_by_its_words_and_by_what_it_lists(case: Case) -> None:
    document = incoming(case, REQUEST)
    assert document in set(case.search("forged papers")["document_id"])
    said = set(case.evidence.list("Marta Oliveira")[["prop", "value"]].itertuples(index=False, name=None))
    assert {("birthDate", "1988-06-21"), ("nationality", "xa"), ("status", "suspect"), ("gender", "female")} <= said
    net = case.graph("Marta Oliveira", accounts="apart")
    assert any(data["caption"] == "+447700900123" for _, data in net.nodes(data=True))
    assert {"Handset", "TelephoneNumber", "Person"} <= set(case.entities()["schema"])


def test_every_text_of_a_message_stands_in_a_passage(case: Case) -> None:
    for message in (REQUEST, RED, from_dict(load_samples()["letter"])):
        document, passages = incoming(case, message), case.context.passages
        text = " ".join(" ".join(passages.loc[passages["document_id"] == document, "text"]).split())
        data = json.loads(to_json(message))
        leaves = [data]
        while leaves:
            leaf = leaves.pop()
            leaves += list(leaf.values()) if isinstance(leaf, dict) else leaf if isinstance(leaf, list) else []
            if isinstance(leaf, str) and leaf != data["form"]:
                assert " ".join(leaf.split()) in text


def test_claims_are_marked_where_they_stand(case: Case) -> None:
    incoming(case, REQUEST)
    rows = case.evidence.list("Marta Oliveira")
    texts = case.context.passages.set_index("passage_id")["text"]
    placed = rows[rows["start"] >= 0]
    assert len(placed) >= 5
    for row in placed.itertuples():
        assert texts[row.passage_id][row.start : row.end] == (row.original_value or row.value)


def test_mark_grade_and_status_come_with_it(case: Case) -> None:
    incoming(case, REQUEST)
    assert "H1 · TLP:AMBER · " in (mark := case.documents()["mark"].iloc[0]) and "Ask us before" in mark
    rows = case.evidence.list("Marta Oliveira")
    assert set(rows["grade"]) == {"B2 (4x4)"}
    assert set(rows["status"]) == {"suspect"}


@pytest.mark.parametrize(
    ("said", "level"), [("FOUO", 0), ("", 0), ("RESTRICTED", 1), ("CONFIDENTIAL", 2), ("COSMIC", 2)]
)
def test_a_level_that_the_scheme_does_not_know_counts_as_the_highest(said: str, level: int) -> None:
    message = replace(REQUEST, confidentiality=said)
    for name in ("EXERCISE", "INTERPOL", "EU"):
        assert filing.get_message_mark(message, build_scheme(name)).level == (
            3 if (said, name) == ("COSMIC", "EU") else level
        )


def test_who_may_not_see_it_sees_nothing_of_it(case: Case, tmp_path: Path) -> None:
    case.access.grant("rita", RESTRICTED, because="vetted")
    incoming(case, replace(REQUEST, confidentiality="RESTRICTED"))
    rita = open_case(tmp_path / "case", officer="rita", purpose="training")
    assert len(rita.documents()) == 1 and len(messages.list_messages(rita.context.ledger)) == 1
    rita.close()
    eve = open_case(tmp_path / "case", officer="eve", purpose="training")
    assert eve.documents().empty and eve.entities().empty and eve.search("forged papers").empty
    assert messages.list_messages(eve.context.ledger) == []
    eve.close()


def test_filing_twice_is_one_document(case: Case) -> None:
    first = incoming(case, REQUEST)
    assert incoming(case, REQUEST) == first
    assert len(case.documents()) == 1 and len(messages.list_messages(case.context.ledger)) == 1


def test_references_make_a_thread_in_whatever_order_messages_come(case: Case) -> None:
    asked = Message(type="request", from_bureau="XA-NCB", to=("XB-NCB",), our_ref="A-1", subject="one")
    reply = Message(type="reply", from_bureau="XB-NCB", to=("XA-NCB",), our_ref="B-7", your_ref="A-1", subject="two")
    more = Message(
        type="reminder", from_bureau="XA-NCB", to=("XB-NCB",), our_ref="A-2", your_ref="B-7", subject="three"
    )
    other = Message(type="request", from_bureau="XC-NCB", to=("XB-NCB",), our_ref="A-1", subject="one")
    for message in (reply, asked, more, other):
        incoming(case, message)
    threads = {one.subject + one.from_bureau: one.thread_id for one in messages.list_messages(case.context.ledger)}
    assert threads["oneXA-NCB"] == threads["twoXB-NCB"] == threads["threeXA-NCB"] != threads["oneXC-NCB"]


def test_bytes_in_another_form_are_kept_as_they_came(case: Case) -> None:
    document = incoming(case, REQUEST, data=b"From: XA-NCB\n\nforged papers", name="letter.eml.json")
    sources = case.sources.list()
    assert set(sources["name"]) == {"letter.eml", "letter.eml/letter.eml.json"}
    assert set(case.documents()["document_id"]) == {document}


def test_a_direction_that_is_none_is_refused(case: Case) -> None:
    with pytest.raises(CaseError, match="'sideways' is not a direction of a message"):
        filing.file_message(case.context, REQUEST, direction="sideways")


@pytest.mark.slow
def test_what_went_out_is_no_second_source(case: Case, tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text("name,birthDate,phone\nMarta Oliveira,1988-06-21,+447700900123\n", "utf-8")
    case.add(tmp_path / "register.csv")

    def counted() -> tuple[object, ...]:
        net = case.graph("Marta Oliveira", accounts="apart")
        weights = sorted(str(data.get("weight")) for *_, data in net.edges(data=True))
        return case.entities()[["caption", "mentions"]].to_numpy().tolist(), len(case.evidence.list()), weights

    before = counted()
    draft = case.desk.draft("request", to="XB-NCB", about="Marta Oliveira", from_bureau="XA-NCB")
    document = filing.file_message(case.context, draft.message, direction="outgoing", package="package-1")
    assert counted() == before and case.judgements.duplicates("Person").empty
    assert document in set(case.search("XB-NCB")["document_id"]), "it is found all the same"
    answer = replace(REQUEST, from_bureau="XB-NCB")
    incoming(case, answer)
    said = case.desk.links(answer.our_ref)
    assert document in set(said.loc[said["value"] == "+447700900123", "document_id"]), "and links by its numbers"
    assert len(case.judgements.duplicates("Person")) == 1, "what comes in is another source"


def test_what_no_number_identifies_and_bad_dates_are_told(case: Case) -> None:
    person = Person(family_name="EK", forename="Bo", date_of_birth="3 May 84", status="nobody")
    things = (Item(kind="firearm", description="old pistol"), Item(kind="account", number="XB77 0000 1234"))
    incoming(case, Message(our_ref="A-1", persons=(person,), objects=things))
    assert "bad-date" in set(case.sources.issues()["code"])
    assert "status" not in set(case.evidence.list("Bo EK")["prop"])
    assert not case.search("old pistol").empty
    assert case.evidence.list("XB7700001234")["prop"].tolist() == ["accountNumber"]


@pytest.mark.slow
def test_a_person_who_is_erased_is_out_of_the_message_which_stays_one(case: Case) -> None:
    other = Person(family_name="LINDQVIST", forename="Pernille", status="witness")
    document = incoming(case, replace(REQUEST, persons=(*REQUEST.persons, other)))
    case.privacy.erase("Pernille LINDQVIST", because="request 7", sure=True)
    assert case.search("Lindqvist OR Pernille").empty
    source = messages.list_messages(case.context.ledger, [document])[0].source
    with case.context.folder.open_source(source) as content:
        left = from_json(content.read().decode())
    assert left.persons[0] == REQUEST.persons[0] and left.persons[1].family_name == "[erased]"


@pytest.mark.slow
def test_a_message_that_is_erased_is_gone_and_does_not_come_back(case: Case) -> None:
    incoming(case, REQUEST)
    case.privacy.erase(case.sources.list()["name"].iloc[0], because="request 7", sure=True)
    assert messages.list_messages(case.context.ledger) == []
    with pytest.raises(CaseError):
        incoming(case, REQUEST)


def test_what_speaks_in_an_entry_is_searched_by_meaning() -> None:
    head = "type: request\nour_ref: A-1\nconditions_of_use: For this investigation only, ask us before any other use."
    assert extract_words(head) == "" and extract_words("summary_of_facts") == ""
    assert extract_words(
        "persons 1\nfamily_name: OLIVEIRA\ndescription: a tall man who limps and wears a grey coat"
    ) == ("a tall man who limps and wears a grey coat")
    assert extract_words("On 3 May he sold it.\nprice: 20 EUR") == "On 3 May he sold it.\nprice: 20 EUR"


def test_faults_of_a_message_are_asked_for_by_its_reference_as_well(case: Case) -> None:
    poor = replace(REQUEST, summary_of_facts="", our_ref="XB/1")
    incoming(case, poor)
    found = validation.find_faults(case.context, case.desk.message("XB/1"))
    assert found and [one.rule.id for one in found] == list(case.desk.rules.check("XB/1")["rule"])
    assert found == validation.find_faults(case.context, poor)


def test_an_identity_document_is_the_same_however_its_kind_is_written() -> None:
    code, words, other = (
        identify_document(kind, "C1234567", "XB") for kind in ("identity_card", "Identity card", "driving_licence")
    )
    assert code == words != other
