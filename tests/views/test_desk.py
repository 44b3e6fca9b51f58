"""The message desk from plain tables."""

from __future__ import annotations

import pandas as pd

from workbench.messages import LetterOfRequest, Message, Surroundings, check, table
from workbench.messages.templates.blank_form import get_form_title, list_sections
from workbench.views import desk

MESSAGE = Message(summary_of_facts="The criminal came. The criminal went.", urgency="normal")


def faults() -> pd.DataFrame:
    return table(check(MESSAGE, Surroundings()))


def test_issues_keep_their_id_while_one_types_elsewhere() -> None:
    found = [one for one in desk.list_issues(faults()) if one.rule == "TXT-06"]
    assert [(one.start, one.end, one.quote) for one in found] == [(0, 12, "The criminal"), (19, 31, "The criminal")]
    assert len({one.id for one in desk.list_issues(faults())}) == len(faults())
    moved = table(check(Message(summary_of_facts=f"Well. {MESSAGE.summary_of_facts}"), Surroundings()))
    assert [one.id for one in desk.list_issues(moved) if one.rule == "TXT-06"] == [one.id for one in found]


def test_what_stands_is_acknowledged_and_the_rest_is_as_the_rules_say() -> None:
    told = faults()
    told["stands"] = ["quoted from the judgment" if rule == "TXT-06" else "" for rule in told["rule"]]
    found = desk.list_issues(told)
    assert [one.rule for one in found if one.acknowledged] == ["TXT-06", "TXT-06"]
    whole = next(one for one in found if one.rule == "MSG-01")
    assert whole.start is None and whole.blocks and not whole.mendable and type(whole.blocks) is bool


def test_a_remedy_names_the_better_words() -> None:
    (fix,) = {one.fix for one in desk.list_issues(faults()) if one.rule == "TXT-06"}
    assert "The suspect" in fix and "{" not in fix


def test_what_nobody_certified_says_so() -> None:
    letter = desk.list_issues(table(check(LetterOfRequest(), Surroundings())))
    assert {one.basis for one in letter if one.rule == "MLA-01"} == {"rule as encoded in this program, not certified"}


def test_lines_come_from_a_table_whatever_else_is_in_it() -> None:
    frame = pd.DataFrame({"id": ["a"], "subject": [None], "points": [3], "unread": [True], "score": [0.5]})
    (line,) = desk.list_lines(frame)
    assert line == desk.Line(id="a", points=3, unread=True)


def test_a_form_is_made_of_what_describes_it() -> None:
    made = desk.build_blank(get_form_title("message"), list_sections("message"))
    persons = next(one for section in made.sections for one in section.fields if one.name == "persons")
    assert made.label == "Message" and persons.kind == "parts"
    assert {one.name for one in persons.fields} >= {"family_name", "status"}
    assert next(one for one in persons.fields if one.name == "status").choices["suspect"] == "suspect"
