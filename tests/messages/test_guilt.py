"""Who is called guilty in plain words is told of, in four languages; a court's word, a denial and a question are not."""

from __future__ import annotations

import pytest

from workbench.messages import Surroundings, apply_fix, check
from workbench.messages.model.message import Message, Person
from workbench.messages.rules.rule_check import Fault

TOLD = {
    "FERRAZ is guilty.": "FERRAZ is suspected.",
    "FERRAZ est coupable.": "FERRAZ est soupçonné.",
    "FERRAZ es culpable.": "FERRAZ es sospechoso.",
    "FERRAZ مذنب.": "FERRAZ مشتبه به.",
    "Both men were guilty!": "Both men are suspected!",
    "Elles sont coupables.": "Elles sont soupçonnés.",
    "Los dos son culpables, dijo.": "Los dos son sospechosos, dijo.",
    "He is guilty of five offences.": "He is suspected of five offences.",
    "The fraudster FERRAZ is the culprit and guilty.": "The suspect FERRAZ is suspected.",
    "FERRAZ, a thief, took the jewels.": "FERRAZ, a suspect, took the jewels.",
    "FERRAZ, un voleur, est parti.": "FERRAZ, un suspect, est parti.",
    "FERRAZ, un ladrón, huyó.": "FERRAZ, un sospechoso, huyó.",
    "FERRAZ، لص، هرب.": "FERRAZ، مشتبه به، هرب.",
}
LEFT = [
    "FERRAZ is not guilty.",
    "FERRAZ was found guilty by the court of Lyon.",
    "He pleaded guilty.",
    "The lawyer denies that anybody is guilty.",
    "The court held that he was guilty.",
    "It is open whether FERRAZ is guilty.",
    "He spoke with FERRAZ. A thief took the car.",
    "FERRAZ n'est pas coupable.",
    "Il a été reconnu coupable par le tribunal.",
    "Il plaide coupable.",
    "Le tribunal a jugé qu'il est coupable.",
    "On ignore si FERRAZ est coupable.",
    "FERRAZ no es culpable.",
    "Fue declarado culpable por el tribunal.",
    "Se declaró culpable.",
    "El tribunal dijo que FERRAZ es culpable.",
    "No se sabe si FERRAZ es culpable.",
    "FERRAZ غير مذنب.",
    "وجدته المحكمة مذنبا.",
    "قضت المحكمة بأنه مذنب.",
    "هل FERRAZ مذنب؟",
]


def message(text: str) -> Message:
    return Message(summary_of_facts=text, persons=(Person(family_name="FERRAZ", forename="Tiago", status="suspect"),))


def guilt(one: Message) -> list[Fault]:
    return [fault for fault in check(one, Surroundings()) if fault.rule.id == "TXT-06"]


@pytest.mark.parametrize("text", TOLD)
def test_a_plain_statement_of_guilt_is_told_and_a_click_leaves_a_sentence(text: str) -> None:
    made = message(text)
    assert guilt(made)
    while found := guilt(made):
        made = apply_fix(made, found[0])
    assert made.summary_of_facts == TOLD[text]


@pytest.mark.parametrize("text", LEFT)
def test_the_word_of_a_court_a_denial_and_a_question_are_left(text: str) -> None:
    assert guilt(message(text)) == []
