"""Words are told of once, and a click leaves a text that reads."""

from __future__ import annotations

import pytest

from workbench.messages import Surroundings, apply_fix, check
from workbench.messages.model.message import Attachment, Message
from workbench.messages.rules.rule_check import Fault


def found(rule: str, message: Message) -> list[Fault]:
    return [fault for fault in check(message, Surroundings()) if fault.rule.id == rule]


@pytest.mark.parametrize(
    ("rule", "text", "quote"),
    [
        ("TXT-11", "We think he left.", "We think"),
        ("TXT-11", "Nous pensons qu'il est parti.", "Nous pensons"),
        ("TXT-08", "Rogamos su colaboración.", "Rogamos su colaboración"),
        ("TXT-08", "نرجو المساعدة.", "نرجو المساعدة"),
    ],
)
def test_words_within_words_are_told_of_once(rule: str, text: str, quote: str) -> None:
    assert [fault.quote for fault in found(rule, Message(summary_of_facts=text))] == [quote]


@pytest.mark.parametrize(
    "text", ["He almost certainly fled.", "Il a presque certainement fui.", "Casi seguramente huyó."]
)
def test_a_word_of_likelihood_is_no_opinion(text: str) -> None:
    assert found("TXT-11", Message(summary_of_facts=text)) == []


def test_a_program_is_told_of_once() -> None:
    macro = Attachment(name="list.docm", media_type="application/vnd.ms-word.document.macroenabled.12")
    assert len(found("MSG-36", Message(attachments=(macro,)))) == 1


@pytest.mark.parametrize(
    ("subject", "left"),
    [
        ("FRAUD / FERRAZ 01/05/1977 / passport CB112233", "FRAUD / FERRAZ"),
        ("FRAUD / CB112233 / FERRAZ", "FRAUD / FERRAZ"),
        ("CB112233 / FERRAZ", "FERRAZ"),
        ("FERRAZ 01/05/1977, seen in Lyon", "FERRAZ, seen in Lyon"),
    ],
)
def test_what_is_taken_out_of_a_subject_leaves_no_gap(subject: str, left: str) -> None:
    message = Message(subject=subject)
    while faults := found("MSG-17", message):
        message = apply_fix(message, faults[0])
    assert message.subject == left
