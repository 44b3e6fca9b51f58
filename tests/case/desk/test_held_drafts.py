"""A draft that an officer holds: what was hidden or erased meanwhile is in none of its answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.case.case import Case
from workbench.case.desk.drafts.draft import Draft
from workbench.errors import CaseError

RESTRICTED = "EXERCISE RESTRICTED"
CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Orla Zyrkovian\nTEL:+447700900177\nEND:VCARD\n"
CHAT = "12/03/2026, 10:11 - Tove Rask: pay the crew\n12/03/2026, 10:12 - Pera Lund: ok\n"
HELD = ("zyrkovian", "900177", RESTRICTED.lower())
ANSWERS: dict[str, Callable[[Case, Draft], object]] = {
    "sources": lambda _, draft: draft.sources().to_string(),
    "check": lambda _, draft: draft.check().to_string(),
    "disclosure": lambda case, draft: case.desk.drafts.disclosure(draft).to_string(),
    "mark": lambda _, draft: draft.mark,
    "message": lambda _, draft: draft.message,
    "change": lambda _, draft: draft.change(reply_by="2027-12-01").message,
    "repr": lambda _, draft: repr(draft),
    "html": lambda _, draft: draft._repr_html_(),
}


@pytest.fixture
def ada(opened: Callable[[str], Case], tmp_path: Path) -> Case:
    """The controller's case."""
    made = opened("ada")
    for name, text in {"card.vcf": CARD, "chat.txt": CHAT}.items():
        (tmp_path / name).write_text(text)
        made.add(tmp_path / name)
    return made


def begin(case: Case) -> Draft:
    people = case.entities("Person").set_index("caption")["canonical_id"]
    return case.desk.draft("information", to="XB-NCB", about=[people["Orla Zyrkovian"]], from_bureau="QM-NCB")


def tell(case: Case, draft: Draft, answer: str) -> str:
    """What is answered, or why not."""
    try:
        return str(ANSWERS[answer](case, draft)).lower()
    except CaseError as error:
        return str(error).lower()


@pytest.mark.parametrize("is_granted", [False, True])
def test_what_was_hidden_is_in_no_answer_of_a_draft_that_is_held(
    ada: Case, opened: Callable[[str], Case], is_granted: bool
) -> None:
    bob = opened("bob")
    draft = begin(bob)
    assert HELD[0] in tell(bob, draft, "sources")
    ada.handling.mark("card.vcf", level=RESTRICTED, because="x")
    if is_granted:
        ada.access.grant("cyd", RESTRICTED, because="vetted")
    told = {answer: tell(bob, draft, answer) for answer in ANSWERS}
    assert not [answer for answer, text in told.items() if any(word in text for word in HELD)]


@pytest.mark.parametrize("holder", ["ada", "bob"])
def test_what_was_erased_is_in_no_answer_of_a_draft_that_is_held(
    ada: Case, opened: Callable[[str], Case], holder: str
) -> None:
    case = ada if holder == "ada" else opened("bob")
    draft = begin(case)
    person = next(iter(ada.entities("Person").query("caption == 'Orla Zyrkovian'")["canonical_id"]))
    ada.privacy.erase(person, because="request 9", sure=True)
    told = {answer: tell(case, draft, answer) for answer in ANSWERS}
    assert not [answer for answer, text in told.items() if any(word in text for word in HELD)]


def test_a_draft_whose_sources_are_open_answers_on(ada: Case, opened: Callable[[str], Case]) -> None:
    bob = opened("bob")
    draft = begin(bob)
    ada.handling.mark("chat.txt", level="EXERCISE", because="x")
    ada.privacy.erase("Tove Rask", because="request 9", sure=True)
    assert all(HELD[0] in tell(bob, draft, answer) for answer in ("sources", "disclosure", "message", "change"))
