"""A lawyer or a notary who has a part in the facts is a person of the case; one who speaks for somebody is not."""

from __future__ import annotations

import pytest

from workbench.messages import Surroundings, check
from workbench.messages.model.check_context import Mention
from workbench.messages.model.message import Message

NAMES = ("Inês Duarte", "إيناس دوارتي")
PART = """
On 5 October the lawyer Inês Duarte helped him sign the deed.
The notary Inês Duarte signed the deed.
He was helped by the attorney Inês Duarte.
L'avocate Inês Duarte l'a aidé.
Le notaire Inês Duarte a signé l'acte.
La abogada Inês Duarte le ayudó.
La notaria Inês Duarte firmó la escritura.
ساعدته المحامية إيناس دوارتي.
المحامية إيناس دوارتي وقعت العقد.
"""
OFFICE = """
The lawyer Inês Duarte said that he is abroad.
The judge Inês Duarte signed the warrant.
He was helped. The lawyer Inês Duarte denies it.
L'avocate Inês Duarte conteste les faits.
La abogada Inês Duarte lo representa.
قالت المحامية إيناس دوارتي إنه في الخارج.
"""


def reader(text: str) -> list[Mention]:
    places = ((name, text.find(name)) for name in NAMES)
    return [Mention("person", at, at + len(name), name) for name, at in places if at >= 0]


def persons(text: str) -> list[str]:
    found = check(Message(summary_of_facts=text), Surroundings(reader=reader))
    return [fault.quote for fault in found if fault.rule.id == "TXT-01"]


@pytest.mark.parametrize("text", PART.strip().splitlines())
def test_who_has_a_part_in_the_facts_is_a_person(text: str) -> None:
    assert persons(text) == [name for name in NAMES if name in text]


@pytest.mark.parametrize("text", OFFICE.strip().splitlines())
def test_who_holds_an_office_and_has_no_part_is_none(text: str) -> None:
    assert persons(text) == []
