"""A value of a draft that only withdrawn material states is told, and goes out only after an officer has said why it is known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.case.packages.conftest import Side
from workbench.case.case import Case
from workbench.case.desk.drafts.draft import Draft
from workbench.errors import CaseError

REGISTER = "name,alias,birth date\nMarta Oliveira,Zorba,1984-03-01\n"
FACTS = "On 3 May 2025 in Lyon a woman is alleged to have sold forged bonds by e-mail."
OPEN = "severity == 'warning'"


@pytest.fixture
def case(ada: Side, tmp_path: Path) -> Iterator[Case]:
    with closing(ada.case(title="Bonds")) as made:
        (tmp_path / "reg.csv").write_text(REGISTER)
        made.add(tmp_path / "reg.csv")
        yield made


def drafted(case: Case) -> Draft:
    made = case.desk.draft(
        "request", to=["QN-NCB"], about="Marta Oliveira", from_bureau="QM-NCB", crime_area=["fraud"], summary_of_facts=FACTS,
        legal_basis="Code of criminal procedure, section 40", purpose="criminal_investigation", requested_action=["identify"],
        **{"persons[0].status": "suspect"},
    )  # fmt: skip
    return made.waive(made.check().query(OPEN), because="looked at")


def told(draft: Draft) -> dict[str, str]:
    rows = draft.check().query("rule == 'TXT-29'")
    return dict(zip(rows["field"], rows["message"], strict=True))


@pytest.mark.slow
def test_it_is_told_and_refused_until_it_is_taken_out_or_explained(case: Case, ada: Side, bo: Side) -> None:
    draft, other = drafted(case), drafted(case)
    assert not told(draft)
    case.sources.withdraw("reg.csv", because="data of another person")
    found = told(draft)
    assert {"persons[0].date_of_birth", "persons[0].aliases"} <= set(found)
    assert (
        "1984-03-01 comes only from material that was withdrawn from the case (reg.csv)"
        in found["persons[0].date_of_birth"]
    )
    with pytest.raises(CaseError, match="TXT-29"):
        case.desk.drafts.send(draft, [bo.card], trust=ada.trust)
    other.change(**{"persons[0].date_of_birth": "", "persons[0].aliases": []})
    assert not {"persons[0].date_of_birth", "persons[0].aliases"} & set(told(other))
    with pytest.raises(CaseError, match="Give a reason"):
        draft.waive(draft.check().query("rule == 'TXT-29'"))
    draft.waive(draft.check().query(OPEN), because="the person's own passport says so")
    assert case.desk.drafts.send(draft, [bo.card], trust=ada.trust).is_file()


def test_what_an_officer_states_too_is_known_from_there_until_that_is_taken_back(case: Case) -> None:
    known = {"source": "officer's knowledge", "because": "her passport"}
    case.evidence.add("Person", entity="Marta Oliveira", birthDate="1984-03-01", **known)
    draft = drafted(case)
    rows = case.evidence.list("Marta Oliveira").query("prop == 'birthDate' and officer != ''")
    case.sources.withdraw("reg.csv", because="by mistake")
    assert "persons[0].aliases" in told(draft) and "persons[0].date_of_birth" not in told(draft)
    case.context.ledger.decide("statement", [rows["statement_id"].iloc[0]], "withdrawn", "a mistake")
    assert "persons[0].date_of_birth" in told(draft)


def test_what_is_excluded_is_refused_also_when_it_is_withdrawn(case: Case, ada: Side, bo: Side) -> None:
    draft = drafted(case)
    case.sources.exclude(folder="reg.csv", because="privileged")
    case.sources.withdraw("reg.csv", because="by mistake")
    draft.waive(draft.check().query(OPEN), because="known")
    with pytest.raises(CaseError, match="excluded"):
        case.desk.drafts.send(draft, [bo.card], trust=ada.trust)
