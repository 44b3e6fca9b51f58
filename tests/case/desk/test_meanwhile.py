"""A draft that two have open: what each changed stays, the same field is not overwritten, and it goes out once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.case.desk.test_showing import told
from tests.case.packages.conftest import Side
from workbench.case.case import Case, open_case
from workbench.case.desk.drafts.draft import Draft
from workbench.errors import CaseError, WorkbenchError
from workbench.ledger.records import drafts
from workbench.messages import Message


@pytest.fixture
def both(case: Case) -> tuple[Draft, Draft]:
    draft = case.desk.draft("request", to="XB-NCB", from_bureau="XA-NCB")
    return draft, open_case(case.context.folder.path, officer="eve", purpose="training").desk.drafts.open(draft.id)


def test_what_two_change_in_other_fields_is_kept_from_both(both: tuple[Draft, Draft], case: Case) -> None:
    one, other = both
    one.change(subject="CARS", urgency="urgent")
    other.change(legal_basis="Police act, section 3")
    one.change(purpose="person_info")
    kept = case.desk.drafts.open(one.id).message
    assert kept == one.message and (kept.subject, kept.urgency, kept.purpose) == ("CARS", "urgent", "person_info")
    assert kept.legal_basis == "Police act, section 3"
    assert [name for name, _ in drafts.load_draft(case.context.ledger, one.id).told["hands"]] == ["eve", "ada"]  # type: ignore[attr-defined]


def test_a_field_that_somebody_else_changed_meanwhile_is_not_overwritten(both: tuple[Draft, Draft], case: Case) -> None:
    one, other = both
    one.change(subject="CARS", legal_basis="Police act")
    with pytest.raises(CaseError, match="ada changed Subject line, Legal basis after you opened the draft") as refused:
        other.change(subject="VANS", legal_basis="Other act", purpose="person_info")
    assert refused.value.translate_to("ar").startswith("لم يُحفظ نصكم. غيّر \u2068ada\u2069 ما يلي")
    assert (case.desk.drafts.open(one.id).message, other.message.subject) == (one.message, "REQUEST")
    other.change(purpose="person_info")
    assert other.change(subject="VANS").message.subject == "VANS", "who has seen it may"


def test_the_same_change_twice_is_none(both: tuple[Draft, Draft]) -> None:
    one, other = both
    one.change(subject="CARS")
    assert other.change(subject="CARS", urgency="urgent").message.subject == "CARS"


@pytest.mark.slow
def test_warnings_that_two_let_stand_stand(both: tuple[Draft, Draft], case: Case) -> None:
    one, _ = both
    one.change(summary_of_facts="The criminal perhaps drove the car, and the thief was on drugs.")
    other = case.desk.drafts.open(one.id)
    warnings = one.check().query("severity == 'warning' and not blocks")
    one.waive(int(warnings.index[0]), because="seen")
    other.waive(int(warnings.index[1]), because="seen too")
    stands = case.desk.drafts.open(one.id).check()["stands"]
    assert [stands[number] for number in warnings.index[:2]] == ["seen", "seen too"]


def test_what_was_put_away_elsewhere_is_not_written_on(both: tuple[Draft, Draft], case: Case) -> None:
    one, other = both
    case.desk.drafts.discard(one, because="asked by telephone")
    with pytest.raises(CaseError, match=r"You can no longer change the draft .* Its state is: discarded"):
        other.change(subject="CARS")


def test_the_desk_keeps_what_was_changed_beside_it(case: Case) -> None:
    draft = case.desk.draft("request", to="XB-NCB")
    desk = case.desk.show()
    told(desk, "draft", draft.id)
    draft.change(subject="CARS")
    found = told(desk, "change", draft.id, {"legal_basis": "Police act"})
    assert found["values"]["subject"] == "CARS" and "legal_basis" not in found["values"], "what is typed stays there"
    assert case.desk.drafts.open(draft.id).change(subject="VANS").message.legal_basis == "Police act"
    assert "ada changed Subject line after you opened" in told(desk, "change", draft.id, {"subject": "LORRIES"})
    assert told(desk, "draft", draft.id)["values"]["subject"] == "VANS"


@pytest.mark.slow
def test_what_was_changed_or_sent_elsewhere_does_not_go_out(ada: Side, bo: Side) -> None:
    case = ada.case()
    draft = case.desk.draft(
        "information", to="QN-NCB", from_bureau="QM-NCB", crime_area=["fraud"], purpose="person_info",
        legal_basis="Police act, section 3", subject="FRAUD / INFORMATION", language="en",
        summary_of_facts="On 14 February 2026 at about 10:00 in Lyon a white van was seen near the harbour.",
    )  # fmt: skip
    draft.waive(draft.check().query("severity == 'warning'"), because="seen")
    other = case.desk.drafts.open(draft.id)
    draft.change(subject="FRAUD / VAN")
    with pytest.raises(CaseError, match="Somebody changed the draft"):
        case.desk.drafts.send(other, [bo.card], trust=ada.trust)
    other = case.desk.drafts.open(draft.id)
    case.desk.drafts.send(draft, [bo.card], trust=ada.trust)
    with pytest.raises(CaseError, match=r"You can no longer send the draft .* Its state is: sent"):
        case.desk.drafts.send(other, [bo.card], trust=ada.trust)
    with pytest.raises(CaseError, match=r"You can no longer change the draft .* Its state is: sent"):
        other.change(subject="FRAUD")
    assert len(case.desk.messages()) == 1 and isinstance(case.desk.drafts.open(draft.id).message, Message)


NAME = "Quillon Fetherstone"
FACTS = f"On 14 February 2026 in Lyon {NAME} perhaps was a criminal and was on drugs. The thief drove a white van."
WAYS: dict[str, Callable[[Case, Draft], object]] = {
    "waive": lambda case, draft: draft.waive(draft.check().query("severity == 'warning'"), because="seen"),
    "fix": lambda case, draft: [draft.fix(number) for number in reversed(_list_mendable(draft))],
    "attach": lambda case, draft: draft.attach("b.txt"),
    "change": lambda case, draft: draft.change(subject="FRAUD / REQUEST", language="fr"),
    "record": lambda case, draft: case.desk.drafts.record_sent(draft, how="by post"),
    "export": lambda case, draft: case.desk.drafts.export(draft, "letter.json"),
    "send": lambda case, draft: case.desk.drafts.send(draft, []),
    "approve": lambda case, draft: case.desk.drafts.approve(draft),
    "disclosure": lambda case, draft: case.desk.drafts.disclosure(draft),
    "links": lambda case, draft: case.desk.drafts.links(draft),
    "query": lambda case, draft: draft.check(),
    "discard": lambda case, draft: case.desk.drafts.discard(draft, because="not needed"),
}
"""What may be done with a draft that is open."""


def _list_mendable(draft: Draft) -> list[int]:
    return [int(number) for number in draft.check().query("mendable").index]


@pytest.fixture
def erased(case: Case, tmp_path: Path) -> Iterator[tuple[Case, Draft]]:
    """A case and a draft that an officer has open there, about a person whom the controller has erased since."""
    (tmp_path / "register.csv").write_text(f"name,phone\n{NAME},+44 7700 900177\n", "utf-8")
    (tmp_path / "b.txt").write_text("Bo Marsh has a van.", "utf-8")
    case.add(tmp_path / "register.csv")
    case.add(tmp_path / "b.txt")
    with closing(open_case(case.context.folder.path, officer="bob", purpose="training")) as theirs:
        draft = theirs.desk.draft(
            "request", to="XB-NCB", from_bureau="XA-NCB", about=NAME, summary_of_facts=FACTS, crime_area=["fraud"],
            purpose="person_info", requested_action=["identify"], legal_basis="Code, section 12", subject="FRAUD",
        )  # fmt: skip
        draft.waive(draft.check().query("severity == 'warning' and not mendable").head(1), because="seen")
        case.privacy.erase(NAME, because="request 7", sure=True)
        yield theirs, draft


@pytest.mark.parametrize("way", WAYS)
def test_what_is_done_with_an_open_draft_writes_nobody_again_who_was_erased_meanwhile(
    erased: tuple[Case, Draft], way: str
) -> None:
    case, draft = erased
    folder = case.context.folder.path
    assert "Fetherstone" in draft._held.message.summary_of_facts and not _list_files_with_name(folder)
    with suppress(WorkbenchError):
        WAYS[way](case, draft)
    assert not _list_files_with_name(folder)


def _list_files_with_name(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in files if b"fetherstone" in path.read_bytes().lower()]


def test_warnings_are_let_stand_and_mended_beside_the_changes_of_others(both: tuple[Draft, Draft], case: Case) -> None:
    one, other = both
    one.change(summary_of_facts="The criminal perhaps drove the car, and the thief was on drugs.")
    other = case.desk.drafts.open(one.id)
    warning = other.check().query("severity == 'warning' and not blocks and field == 'summary_of_facts'").iloc[0]
    one.change(legal_basis="Police act, section 3")
    other.waive(int(str(warning.name)), because="seen")
    assert other.message.legal_basis == "Police act, section 3", "it is open as it is in the case now"
    stands = case.desk.drafts.open(one.id).check().query("stands == 'seen'")
    assert stands["quote"].tolist() == [warning["quote"]]


def test_a_warning_about_a_text_that_is_gone_is_not_let_stand(both: tuple[Draft, Draft], case: Case) -> None:
    one, other = both
    one.change(summary_of_facts="The criminal perhaps drove the car.")
    other = case.desk.drafts.open(one.id)
    warning = (
        other.check()
        .query("severity == 'warning' and not blocks and quote != '' and field == 'summary_of_facts'")
        .iloc[0]
    )
    one.change(summary_of_facts="He drove the car.")
    with pytest.raises(CaseError, match="Somebody changed the draft after you opened it"):
        other.waive(int(str(warning.name)), because="seen")
    assert not drafts.load_draft(case.context.ledger, one.id).told.get("let_stand")
