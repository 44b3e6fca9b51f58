"""What is hidden until it is revealed: a draft about it says that, and how to reveal it, and nothing more of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.case.case import Case
from workbench.errors import CaseError
from workbench.ledger.records import consultations

CHILD = "Lea Halvorsen"


@pytest.fixture
def case(case: Case, tmp_path: Path) -> Case:
    """A case with a child, who is hidden, and a woman, who is not."""
    (tmp_path / "register.csv").write_text(f"name,birthDate\n{CHILD},2018-06-21\nMarta Oliveira,1988-06-21\n", "utf-8")
    case.add(tmp_path / "register.csv")
    return case


@pytest.mark.slow
@pytest.mark.parametrize(("language", "said"), [("en", "hidden"), ("fr", "masqué"), ("es", "oculto"), ("ar", "مخفي")])
def test_a_draft_about_a_hidden_child_says_how_to_reveal_it(case: Case, language: str, said: str) -> None:
    with pytest.raises(CaseError) as refused:
        case.desk.draft("yellow diffusion", to="XB-NCB", about=CHILD)
    told = refused.value.translate_to(language)
    assert CHILD in told and said in told and "case.handling.reveal('minors', because='…')" in told
    assert "2018" not in told and case.entities()["caption"].tolist() == ["Marta Oliveira"]
    assert (consultations.list_entries(case.context.ledger)["result"] == "refused").sum() == 1
    case.handling.reveal("minors", because="she is looked for")
    assert case.desk.draft("yellow diffusion", to="XB-NCB", about=CHILD).message.persons[0].forename == "Lea"


@pytest.mark.slow
def test_what_is_called_so_nowhere_is_told_as_before(case: Case) -> None:
    with pytest.raises(CaseError, match="Nothing in this case has the name 'Zoltan Quist'"):
        case.desk.draft("request", to="XB-NCB", about="Zoltan Quist")
