"""What a case can do, in words: few names an object, each explained with an example that would run, old names answered by the new."""

from __future__ import annotations

import ast
import inspect
import pydoc
import re
from pathlib import Path
from typing import Any, cast

import pytest

from workbench.case.case import Case, open_case
from workbench.case.guide.examples import load_examples
from workbench.case.guide.help import list_all_verbs
from workbench.case.guide.namespace import Namespace, format_guide
from workbench.case.guide.renames import MOST, RENAMED, suggest_path
from workbench.case.guide.verbs import list_names, list_subjects, list_verbs

SCREEN = 50
"""Lines that a terminal shows at once."""
MOST_VERBS, MOST_NAMES, MOST_SUBJECTS = 13, 12, 16
CASE = Case(cast("Any", None))


def spaces(owner: object) -> list[Namespace]:
    """All subjects, with those in them."""
    found = [getattr(owner, name) for name in list_subjects(type(owner))]
    return [*found, *(inner for one in found for inner in spaces(one))]


SPACES = {one.PATH: one for one in spaces(CASE)}


def test_a_case_has_few_names() -> None:
    assert len(list_verbs(Case)) <= MOST_VERBS and len(list_subjects(Case)) <= MOST_SUBJECTS
    assert set(dir(CASE)) == {*list_names(Case), "reason"}


@pytest.mark.parametrize("path", SPACES)
def test_a_subject_has_few_names_and_groups_them(path: str) -> None:
    space = SPACES[path]
    grouped = [name for _, listed in space.GROUPS for name in listed.split()]
    assert sorted(grouped) == sorted(list_verbs(type(space))) and len(grouped) <= MOST_NAMES
    text = format_guide(space)
    assert text.count("\n") < SCREEN and all(len(line) < 200 for line in text.splitlines())
    assert set(dir(space)) == {*list_subjects(type(space)), *grouped}
    html = space._repr_html_()
    assert all(f">{name}(" in html for name in grouped)
    assert all(f">case.{path}.{name}<" in html for name in list_subjects(type(space)))


def test_a_draft_has_few_names() -> None:
    from workbench.case.desk.drafts.draft import Draft

    assert len([name for name in vars(Draft) if not name.startswith("_") and name != "PATH"]) <= MOST_NAMES


def test_every_verb_has_an_example_that_fits_it() -> None:
    verbs = {one.path: one for one in list_all_verbs(CASE)}
    assert set(verbs) == set(load_examples())
    for path, example in load_examples().items():
        calls = [
            node
            for node in ast.walk(ast.parse(example.call))
            if isinstance(node, ast.Call) and ast.unparse(node.func) == f"case.{path}"
        ]
        assert calls, path
        given: list[Any] = [None] * (len(calls[0].args) + 1)
        named = {str(one.arg): None for one in calls[0].keywords}
        inspect.signature(verbs[path].target).bind(*given, **named)
        assert example.words, path


@pytest.mark.parametrize(
    ("topic", "path"),
    {
        "merge": "judgements.judge",
        "the same person": "judgements.judge",
        "undo a merge": "judgements.split",
        "lawyer": "sources.exclude",
        "send to another bureau": "packages.pack",
        "password": "storage.change_passphrase",
        "delete a person": "privacy.erase",
        "sim swap": "calls.devices",
        "set_aside": "sources.exclude",
        "case.audit()": "log.entries",
        "sources.remap": "sources.remap",
        "chat": "messages",
        "excel": "export",
    }.items(),
)
def test_help_finds_a_verb_by_what_one_wants_to_do(topic: str, path: str) -> None:
    assert f"case.{path}(" in repr(CASE.help(topic))


@pytest.mark.parametrize(
    ("question", "path"),
    {
        "set a rating for an informant": "evidence.grade",
        "print a PDF for the judge": "report",
        "give my chart to a colleague with i2": "export",
        "who read this file": "log.entries",
        "hide health data": "handling.mark",
        "two people are the same": "judgements.judge",
        "undo a wrong correction": "review.restore",
        "who called this number most": "calls.contacts",
        "which phones share contacts": "calls.common_contacts",
        "he changed his SIM card": "calls.devices",
        "remove a file added by mistake": "sources.withdraw",
        "keep a file longer than the deadline": "privacy.retain",
        "the person asks what we have about him": "subjects.records",
        "make a backup to a stick": "storage.backup",
        "I forgot the passphrase": "storage.recovery_key",
        "a colleague needs access to secret material": "access.grant",
        "which messages need an answer": "desk.waiting",
        "write a letter to another country": "desk.draft",
        "was the log changed": "log.verify",
        "how are two suspects connected": "network.paths",
        "show me where this link comes from": "why",
        "anonymise the case for training": "subjects.pseudonymise",
        "fix a wrong date of birth": "evidence.correct",
        "check my case for damage": "storage.check",
    }.items(),
)
def test_help_answers_a_question_with_the_right_verb_first(question: str, path: str) -> None:
    assert repr(CASE.help(question)).startswith(f"case.{path}(")


def test_help_on_a_verb_explains_it_with_its_example() -> None:
    for one in list_all_verbs(CASE):
        text = repr(CASE.help(one.path))
        assert text.startswith(f"case.{one.path}(") and load_examples()[one.path].call.splitlines()[0] in text


def test_help_on_a_subject_lists_it_and_without_a_topic_all() -> None:
    assert repr(CASE.help("desk.drafts")) == format_guide(CASE.desk.drafts)
    whole = repr(CASE.help())
    assert all(f"case.{name}" in whole for name in list_names(Case)) and whole.count("\n") < SCREEN
    assert "There is no help on 'zzyzx'" in repr(CASE.help("zzyzx"))
    assert "&lt;b&gt;" in CASE.help("<b>")._repr_html_()


def test_help_of_python_fits_two_screens(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    assert pydoc.render_doc(case).count("\n") < 2 * SCREEN
    assert all(f"case.{name}" in pydoc.render_doc(case) for name in list_names(Case))
    assert "case.sources" in case._repr_html_()
    case.close()


@pytest.mark.parametrize(
    ("name", "meant"),
    {
        "set_aside": "case.sources.exclude",
        "audits": "case.log.entries",
        "grapph": "case.graph",
        "merge": "case.judgements.judge",
        "delete": "case.privacy.erase",
        "hypothesis": "case.review.note",
        "unmerge": "case.judgements.split",
    }.items(),
)
def test_an_unknown_name_is_answered_by_what_was_meant(name: str, meant: str) -> None:
    with pytest.raises(AttributeError, match=meant.replace(".", r"\.")):
        getattr(CASE, name)
    assert not hasattr(CASE, "_ipython_canary_method_should_not_exist_")


def test_a_subject_that_was_a_verb_says_so() -> None:
    with pytest.raises(TypeError, match=r"case\.sources\.list\(\)"):
        CASE.sources()  # type: ignore[operator]
    with pytest.raises(AttributeError, match=r"case\.desk\.imports\.add"):
        CASE.desk.take_in  # type: ignore[attr-defined]  # noqa: B018


def test_new_names_are_there() -> None:
    found = {one.path for one in list_all_verbs(CASE)}
    for old, new in RENAMED.items():
        assert old.startswith("draft.") or new.startswith("context.") or new in found, old


def test_a_subject_is_of_the_case_as_it_is_now(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    storage, log = case.storage, case.log
    storage.encrypt("correct horse battery")
    assert storage.key_holders()["holder"].tolist() and log.entries()["operation"].tolist()
    storage.decrypt()
    case.close()


def test_a_draft_answers_an_old_name_by_the_new_one() -> None:
    from workbench.case.desk.drafts.draft import Draft

    draft = Draft(cast("Any", None))
    with pytest.raises(AttributeError, match=r"draft\.mend is now draft\.fix"):
        draft.mend  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError, match=r"is now case\.desk\.drafts\.discard"):
        draft.discard  # type: ignore[attr-defined]  # noqa: B018


def test_a_closed_case_says_so_in_its_subjects(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    case.close()
    assert repr(case.calls).startswith("closed\n") and repr(case.desk).startswith("closed\n")


def test_a_verb_that_is_asked_for_in_the_wrong_place_is_found_where_it_is() -> None:
    places: dict[str, list[str]] = {}
    for path in load_examples():
        places.setdefault(path.rpartition(".")[2], []).append(path if path.startswith("draft.") else f"case.{path}")
    for name, paths in places.items():
        for asked in (name, *(f"{subject}.{name}" for subject in ("sources", "judgements", "desk", "log"))):
            if asked in load_examples() or asked in RENAMED:
                continue
            told = suggest_path(asked)
            assert sum(re.search(rf"{re.escape(path)}\b", told) is not None for path in paths) >= min(
                len(paths), MOST
            ), told
