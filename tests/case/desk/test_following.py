"""What follows another message: the texts that the desk puts in pass its own rules, and a reply says something."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from workbench.case.case import Case
from workbench.case.desk.drafts.draft import record_of
from workbench.case.desk.messages import filing
from workbench.messages import Message
from workbench.model.catalogue import translate

LANGUAGES = ("en", "fr", "es", "ar")
CAME = Message(
    type="request", our_ref="XB-7", thread_id="T-1", from_bureau="XB-NCB", to=("XA-NCB",), subject="FRAUD / REQUEST",
    date_time="2026-03-02T09:30:00+01:00", urgency="normal", crime_area=("fraud",), confidentiality="FOUO",
    summary_of_facts="The criminal Smith surely sold it on 03/04/2025.",
)  # fmt: skip
WENT = replace(CAME, our_ref="XA-3", from_bureau="XA-NCB", to=("XB-NCB",))


def rules(case: Case, draft_id: str) -> set[str]:
    return set(case.desk.drafts.open(draft_id).check()["rule"])


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["reminder", "cancellation", "correction"])
def test_what_follows_our_own_message_names_our_reference(case: Case, kind: str, language: str) -> None:
    filing.file_message(case.context, replace(WENT, language=language), direction="outgoing")
    draft = case.desk.draft(kind, reply_to="XA-3")
    assert isinstance(draft.message, Message) and draft.message.your_ref == "XA-3"
    assert not {one for one in rules(case, draft.id) if one == "MSG-09" or one.startswith("TXT")}
    assert "MSG-09" in rules(case, draft.change(your_ref="XA-99").id)


@pytest.mark.slow
@pytest.mark.parametrize("day", ["", "2026-03-02T09:30:00+01:00"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_for_what_is_lacking_has_no_facts_of_its_own(case: Case, language: str, day: str) -> None:
    filing.file_message(case.context, replace(CAME, language=language, date_time=day), direction="incoming")
    draft = case.desk.drafts.query("XB-7")
    named = translate("draft.named", language, ref="XB-7", day=day[:10]) if day else "XB-7"
    assert draft.message.summary_of_facts.startswith(translate("draft.query", language, message=named))
    assert not {one for one in rules(case, draft.id) if one == "MSG-09" or one.startswith("TXT")}


def test_a_message_without_reference_is_named_by_its_id(case: Case) -> None:
    key = filing.file_message(case.context, replace(CAME, our_ref="", message_id="M-77"), direction="incoming")
    assert "message M-77 of 2026-03-02" in case.desk.drafts.query(key).message.summary_of_facts


def test_a_question_that_has_not_gone_out_is_opened_again(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    for ref in ("XB-7", "XB-8"):
        filing.file_message(case.context, replace(CAME, our_ref=ref, thread_id=f"T-{ref}"), direction="incoming")
    case.desk.draft("request", reply_to="XB-7")
    first, other = case.desk.drafts.query("XB-7").change(subject="CARS"), case.desk.drafts.query("XB-8")
    assert first.id != other.id and capsys.readouterr().out == ""
    again = case.desk.drafts.query("XB-7")
    assert (again.id, again.message.subject, len(case.desk.drafts.list())) == (first.id, "CARS", 3)
    assert (
        f"a question about the data missing from XB-7. It was last changed on {record_of(again).changed_at[:10]}"
        in capsys.readouterr().out
    )
    case.desk.drafts.discard(again, because="asked by telephone")
    assert case.desk.drafts.query("XB-7").id not in (first.id, other.id)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reply_of_a_person_or_a_file_alone_is_asked_for_its_words(case: Case, tmp_path: Path, language: str) -> None:
    filing.file_message(case.context, replace(CAME, language=language), direction="incoming")
    (tmp_path / "register.csv").write_text("name,birthDate\nMarta Oliveira,1988-06-21\n", "utf-8")
    case.add(tmp_path / "register.csv")
    draft = case.desk.draft("reply", reply_to="XB-7", about=["Marta Oliveira", "Marta Oliveira"])
    assert len(draft.message.persons) == 1 and "MSG-48" in rules(case, draft.id)
    assert "MSG-48" in rules(case, draft.change(summary_of_facts="", persons=()).attach("register.csv").id)
    assert "MSG-48" not in rules(case, draft.change(summary_of_facts="Nothing is known of her.").id)
