"""A draft whose language is changed says its fixed texts in that; what people wrote stays. References of two cases differ."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.case.case import Case, open_case
from workbench.messages import Message
from workbench.messages.templates.draft_templates import build_draft
from workbench.messages.templates.follow_ups import create_follow_up
from workbench.messages.templates.opening_texts import change_language
from workbench.messages.templates.subject_lines import build_subject
from workbench.model.catalogue import translate

LANGUAGES = ("en", "fr", "es", "ar")
FIRST = Message(
    our_ref="XB-7",
    from_bureau="XB-NCB",
    date_time="2026-03-05T10:00:00+00:00",
    crime_area=("fraud",),
    subject="A / B / DOE",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("before", LANGUAGES)
@pytest.mark.parametrize("kind", ["reply", "reminder", "cancellation", "correction", "acknowledgement"])
def test_fixed_texts_are_said_in_another_language(kind: str, before: str, language: str) -> None:
    old, new = (create_follow_up(build_draft(kind, code), FIRST) for code in (before, language))  # type: ignore[arg-type]
    assert change_language(replace(old, language=language), before) == new


@pytest.mark.slow
def test_what_people_wrote_stays(case: Case) -> None:
    draft = case.desk.draft(
        "request", to=["XB-NCB"], crime_area=["fraud"], subject="Our own words", summary_of_facts="We write."
    )
    draft.change(conditions_of_use="Not for courts.").change(language="fr")
    said = draft.message
    assert (said.subject, said.summary_of_facts, said.conditions_of_use) == (
        "Our own words",
        "We write.",
        "Not for courts.",
    )


def test_a_draft_changes_its_fixed_texts_and_keeps_the_name_in_its_subject(case: Case) -> None:
    draft = case.desk.draft("request", to=["XB-NCB"], crime_area=["fraud"])
    draft.change(subject=f"{draft.message.subject} / DOE").change(language="ar")
    assert draft.message.conditions_of_use == translate("draft.conditions", "ar")
    assert draft.message.subject == build_subject(draft.message, ("fraud",), "DOE")


@pytest.mark.parametrize(("sender", "code"), [("XA-NCB", "XA"), ("OCN París", "FR"), ("", "")])
def test_two_cases_in_folders_of_one_name_give_other_references(tmp_path: Path, sender: str, code: str) -> None:
    said = []
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        case = open_case(tmp_path / place / "harbour", officer="ada", purpose="training")
        said.append([case.desk.draft("request", to=["XB-NCB"], from_bureau=sender).message.our_ref for _ in range(2)])
        case.close()
    (first, second), (other, _) = said
    assert first != other and not any("harbour" in one for one in (first, other))
    assert all(re.fullmatch(rf"{code and f'{code}-'}20\d\d-[0-9A-F]{{4}}-0001", one) for one in (first, other))
    assert first[:-4] == second[:-4] and second.endswith("0002")
