"""Notices out of a public list: a copy to compare with, nobody's mail; and a notice of ours in the shape of the public service."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.ingest.registers.test_notices import RED, UN, YELLOW
from workbench.case.case import Case
from workbench.case.files.traffic.message_transfer import Piece, decode_pieces, encode_pieces
from workbench.errors import CaseError, SchemaError
from workbench.messages import to_json
from workbench.messages.model.message_json import from_dict
from workbench.messages.notices import from_public, is_public_notice, to_public
from workbench.messages.rules.rule_check import load_samples

BLUE = {"color": "blue", "sought": ["location"], "charges": [], "decisions": []}
FIELDS = {
    name: value
    for name, value in {**load_samples()["red"], **BLUE}.items()
    if name not in ("form", "author", "our_ref", "date_time")
}


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    made = tmp_path / "notices.json"
    made.write_text(json.dumps({"total": 3, "_embedded": {"notices": [RED, YELLOW, UN]}}), "utf-8")
    return made


@pytest.mark.slow
def test_notices_of_a_list_are_copies_and_wait_for_nobody(case: Case, notices: Path) -> None:
    assert set(case.desk.imports.add(notices)["state"]) == {"filed"}
    assert set(case.desk.imports.add(notices)["state"]) == {"known"}
    assert list(case.desk.messages()["direction"]) == ["copy"] * 3
    assert case.desk.inbox().empty and case.desk.waiting().empty
    assert "0 messages came in" in repr(case.desk) and "3 copies" in repr(case.desk)
    for document in case.desk.messages()["document_id"]:
        assert case.desk.rules.check(document).empty, "what others published is not checked as mail"
    assert "Ada Maria WINTERFELD".casefold() in " ".join(case.entities("Person")["caption"]).casefold()


def test_a_notice_that_a_bureau_sends_is_mail(case: Case, tmp_path: Path) -> None:
    sent = from_dict(load_samples()["red"])
    (tmp_path / "sent.json").write_text(to_json(sent), "utf-8")
    case.desk.imports.add(tmp_path / "sent.json")
    assert not is_public_notice(sent) and list(case.desk.messages()["direction"]) == ["incoming"]
    assert len(case.desk.inbox()) == 1


def test_a_draft_that_names_nobody_is_checked(case: Case) -> None:
    draft = case.desk.draft("blue notice", to=(), from_bureau="")
    assert not draft.check().empty and not draft.ready


@pytest.mark.slow
def test_a_notice_is_written_in_the_shape_of_the_public_service(case: Case) -> None:
    draft = case.desk.draft("blue notice", **FIELDS)  # type: ignore[arg-type]
    draft.waive(draft.check().query("severity == 'warning'"), because="seen")
    path = case.desk.drafts.export(draft, "halvorsen.notice.json", reason="asked for")
    told = json.loads(path.read_text("utf-8"))
    assert told == to_public(draft.message)  # type: ignore[arg-type]
    assert told["entity_id"] == draft.message.our_ref and told["name"] == draft.message.persons[0].family_name
    assert from_public(told, color="blue").message.persons[0].family_name == draft.message.persons[0].family_name  # type: ignore[union-attr]
    assert case.privacy.disclosures()["name"].tolist() == ["halvorsen.notice.json"]
    ours = case.desk.drafts.export(draft, "halvorsen.json", reason="asked for")
    assert json.loads(ours.read_text("utf-8"))["form"] == "notice"


def test_what_is_no_notice_has_no_such_shape(case: Case) -> None:
    fields = {
        name: value
        for name, value in load_samples()["message"].items()
        if name not in ("form", "author", "our_ref", "type", "your_ref")
    }
    draft = case.desk.draft("request", **{**fields, "attachments": []})  # type: ignore[arg-type]
    draft.waive(draft.check().query("severity == 'warning'"), because="seen")
    with pytest.raises(CaseError, match="is the format of public notices, and this message is not a"):
        case.desk.drafts.export(draft, "request.notice.json")
    with pytest.raises(
        SchemaError, match="This program can read UN special notices and compare them with the case, but it"
    ):
        to_public(from_public(UN).message)  # type: ignore[arg-type]


HALF = "\ud800 tall"


WRONG: list[dict[str, object]] = [
    {"height": HALF}, {"distinguishing_marks": HALF}, {"father_name": [HALF]}, {"identity_documents": [{HALF: HALF}]}, {"name": HALF},
    {"shoe": HALF}, {HALF: HALF}, {"entity_id": HALF},
]  # fmt: skip


def test_half_characters_in_notices_hide_no_notice(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "notices.json"
    file.write_text(
        json.dumps([{**RED, "entity_id": f"2031/{number}", **wrong} for number, wrong in enumerate([{}, *WRONG, {}])])
    )
    today = date.today()
    case.desk.screening.run(file, retrieved=str(today), expires=str(today + timedelta(days=9)))
    assert list(case.desk.imports.add(file)["state"]) == ["filed"] * (len(WRONG) + 2)
    issues = case.sources.issues()
    assert len(issues[issues["code"] == "bad-encoding"]) == len(WRONG)


def test_a_message_that_cannot_be_read_costs_itself_only() -> None:
    """Whatever the process that reads a file gives for it."""
    good, bad = from_public(RED), from_public({**RED, "entity_id": "2031/2"})
    assert bad.message
    broken = replace(bad, message=replace(bad.message, our_ref=HALF))
    found = list(decode_pieces(encode_pieces([Piece(good), Piece(broken, (("a.txt", b"x"),)), Piece(good)])))
    assert [one.taken.message is None for one in found] == [False, True, False]
    assert found[1].files and "incomplete Unicode character" in found[1].taken.reason
