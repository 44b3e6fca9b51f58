"""What is refused at the desk is told in its language."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest
from strings import collect_sentences

from tests.case.desk.test_showing import came, told
from tests.catalogued import sentences
from tests.refused import words
from workbench import identity
from workbench.case.case import Case
from workbench.case.desk.drafts import sending
from workbench.case.desk.drafts.draft import record_of
from workbench.case.desk.messages import filing
from workbench.errors import CaseError, WorkbenchError
from workbench.model.catalogue import LANGUAGES, load_catalogue
from workbench.views.desk import LARGEST

SHOWN = re.compile(r"workbench/case/desk/(widget_|drafts/(approval|attach|draft_state|sending)).*")
"""Modules whose sentences an officer reads at the desk alone, without a notebook."""
CALL = re.compile(r"\b(?:case|draft|wb)\.\w|\w\(|\w=")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_refused_at_the_desk_is_told_in_its_language(case: Case, language: str) -> None:
    desk, draft = case.desk.show(language=language), case.desk.draft("request", to="XB-NCB", subject="CARS")
    large = b64encode(b"x" * (LARGEST + 1)).decode()
    asked: dict[str, tuple[str, *tuple[object, ...]]] = {
        "There is no draft '{id}'. Select one from the list of drafts.": ("draft", "draft-0"),
        (
            "{name} was not attached. The file is empty, or '{level}' is not a valid mark. Select another file or mark."
        ): ("attach", draft.id, "a.txt", "", ""),
        (
            "{name} was not attached: it is larger than {most} MB. Add the file to the case. "
            "Then attach it in a notebook, by its name."
        ): ("attach", draft.id, "a.txt", "FOUO", large),
        (
            "{name} was not attached. It is {level}, so you would not be able to see it in the "
            "case: {why}. Ask an officer with this clearance to attach the file."
        ): ("attach", draft.id, "a.txt", "RESTRICTED", "eA=="),
        (
            "The message was not sent. It cannot be encrypted, because the cards of its "
            "addressees are missing. Open the desk with these cards."
        ): ("send", draft.id),
        ("The second signature was not added, because no key is unlocked. Open the case with your key."): (
            "approve",
            draft.id,
        ),
        (
            "There is no message '{name}' that you can see in this case. The latest messages are: {listed}. "
            "To see all messages, use `case.desk.messages()`."
        ): ("reply", "nothing", "reply"),
        "{field}: the code '{value}' is not known. Use one of these: {known}.": ("correct", came(case), "gardening"),
    }
    for key, (question, *given) in asked.items():
        assert words(key, language) in escape(told(desk, question, *given)), key
    assert load_catalogue(language)["yours.level"] in told(
        desk,
        *asked[
            "{name} was not attached. It is {level}, so you would not be able to see it in the "
            "case: {why}. Ask an officer with this clearance to attach the file."
        ],
    )


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_told_of_a_draft_has_no_call_of_python_in_it(language: str) -> None:
    shown = {
        one for one, places in collect_sentences().found.items() if any(SHOWN.fullmatch(place) for place in places)
    }
    said = {one: text for one, text in sentences(language).items() if one in shown}
    assert len(said) > 30 and [one for one, text in said.items() if CALL.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_open_is_told_with_the_rules_in_the_language(case: Case, language: str) -> None:
    draft = case.desk.draft("request", to="XB-NCB", subject="CARS")
    first = record_of(draft).open_faults()[0]
    with pytest.raises(CaseError) as refused:
        sending.check_ready(case.context, record_of(draft), identity.load_trust_list())
    said = refused.value.translate_to(language)
    assert (
        words(
            "The message cannot be sent yet: {listed} Fix each error. For a warning, fix it or give a reason "
            "to keep it.",
            language,
        )
        in escape(said)
        and first.translate_to(language)[:20] in said
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_verb_of_the_desk_refuses_is_told_in_each_language(case: Case, tmp_path: Path, language: str) -> None:
    draft, states = case.desk.draft("request", to="XB-NCB", subject="CARS"), tmp_path / "states.yaml"
    states.write_text("treaties:\n- between: [XA, XX1]\n", "utf-8")
    blocked = next(number for number, one in enumerate(record_of(draft).faults()) if one.blocks)
    asked: dict[str, Callable[[], object]] = {
        "{rule} is an error and must be fixed: {fault} {advice}": lambda: draft.waive(blocked),
        "'{kind}' is not a message type. Known types: {kinds}.": lambda: case.desk.draft("telegram", to="XB-NCB"),
        "'{direction}' is not a direction of a message. Use '{incoming}' or '{outgoing}'.": lambda: filing.file_message(
            case.context, draft.message, direction="sideways"
        ),
        ("{path} cannot be the name of a message file. Enter a file name that ends in {endings}."): lambda: (
            case.desk.drafts.export(draft, "message.exe")
        ),
        (
            "The package was not opened, because no key is unlocked. Open the case with "
            "`officer=identity.unlock('name', passphrase)`."
        ): lambda: case.desk.receive(tmp_path / "a.clp"),
        "refused.taken.no_file": lambda: case.desk.imports.add(tmp_path / "nothing"),
        "{what}: '{value}' is not a date. Write a date like this: 2026-11-27.": lambda: case.desk.screening.run(
            states, retrieved="soon", expires="2026-01-01"
        ),
        (
            "You may use a copy from {retrieved} for at most one year, until {latest}. The date {expires} is "
            "too late. Enter {latest}, or an earlier date if the source of the copy or the law of your "
            "country sets one."
        ): lambda: case.desk.screening.run(states, retrieved="2004-02-29", expires="2999-01-01"),
        "The country {country} in {name} is not valid. Write two letters (ISO 3166-1).": lambda: case.desk.rules.add(
            states, because="list of the ministry"
        ),
    }
    (tmp_path / "nothing").mkdir()
    for key, verb in asked.items():
        with pytest.raises(WorkbenchError) as refused:
            verb()
        assert words(key, language) in escape(refused.value.translate_to(language)), key
