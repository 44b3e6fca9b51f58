"""Signs that nobody sees are told and taken out at a click, and other rules read a text as if they were not there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests import cost
from workbench.messages import Message, Surroundings, apply_fix, check
from workbench.messages.model.message import Person
from workbench.messages.rules.rule_check import Fault
from workbench.messages.templates.draft_templates import build_draft
from workbench.messages.templates.follow_ups import create_follow_up
from workbench.messages.wording.invisible_characters import clean_message, find_span, invisible_signs, remove_invisible


def found(rule: str, message: Message) -> list[Fault]:
    return [fault for fault in check(message, Surroundings()) if fault.rule.id == rule]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("FRAUD / VEIT\u202eX", "FRAUD / VEITX"),
        ("\u202elive\u202c and well", "live and well"),
        ("the \u2067thief\u2069 left", "the thief left"),
        ("cri\u200bminal", "criminal"),
        ("cri\u200b\u202eminal", "criminal"),
        ("cri\u202e\u200bminal", "criminal"),
        ("cri\u200cmi\u200enal", "criminal"),
        ("crim\u00adinal cri\u2060min\ufeffal", "criminal criminal"),
        ("مجر\u200bم", "مجرم"),
        ("مُ\u200bجرم", "مُجرم"),
        ("07\u200b700", "07700"),
    ],
)
def test_signs_that_nobody_sees_are_told_and_a_click_takes_them_out(written: str, plain: str) -> None:
    message = Message(summary_of_facts=written)
    while faults := found("TXT-28", message):
        assert faults[0].mendable and "U+" in faults[0].message and faults[0].quote in message.summary_of_facts
        message = apply_fix(message, faults[0])
    assert message.summary_of_facts == plain == remove_invisible(written)


@pytest.mark.parametrize(
    "text",
    ["می\u200cخواهم", "\U0001f469\u200d\U0001f680", "\u200e+33 1 99\u200e", "(أ)\u200f 12", "\ufeffOn 3 May", "plain"],
)
def test_what_a_script_or_an_emoji_needs_stays(text: str) -> None:
    assert found("TXT-28", Message(summary_of_facts=text)) == [] and remove_invisible(text) == text


def test_every_field_is_looked_at_and_put_right_where_it_stands() -> None:
    message = Message(persons=(Person(family_name="OLI\u200bVEIRA", aliases=("MA\u202eRTA",)),), to=("X\u200bB-NCB",))
    assert {fault.field for fault in found("TXT-28", message)} == {
        "to[0]", "persons[0].family_name", "persons[0].aliases[0]",
    }  # fmt: skip
    while faults := found("TXT-28", message):
        message = apply_fix(message, faults[0])
    assert (message.persons[0].family_name, message.persons[0].aliases, message.to) == (
        "OLIVEIRA", ("MARTA",), ("XB-NCB",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "text", "quote"),
    [
        ("TXT-06", "On 3 May the cri\u200bminal left.", "the cri\u200bminal"),
        ("TXT-06", "\u202aOn 3 May\u202c the \u202ecriminal\u202c left.", "the \u202ecriminal\u202c"),
        ("TXT-08", "Please as\u00adsist.", "Please as\u00adsist"),
        ("TXT-03", "He left on 03/0\u20604/2026.", "03/0\u20604/2026"),
        ("TXT-06", "في ٣ مايو هرب الل\u200bص.", "الل\u200bص"),
    ],
)
def test_other_rules_read_through_them_and_quote_what_is_written(rule: str, text: str, quote: str) -> None:
    faults = [fault for fault in found(rule, Message(summary_of_facts=text)) if fault.quote == quote]
    assert [text[fault.start : fault.end] for fault in faults] == [quote]
    assert remove_invisible(quote) in faults[0].message and quote not in faults[0].message


def test_a_click_of_another_rule_finds_its_words() -> None:
    message = Message(summary_of_facts="On 3 May the \u202ethi\u200bef\u202c ran away.")
    assert apply_fix(message, found("TXT-06", message)[0]).summary_of_facts == "On 3 May the suspect ran away."


def test_an_answer_takes_no_such_sign_over_from_a_subject() -> None:
    first = Message(subject="FRAUD / IDENTIFICATION / VEIT\u202eX", from_bureau="XB-NCB", our_ref="XB-1")
    made = create_follow_up(replace(build_draft("reply"), from_bureau="XA-NCB"), first)
    assert made.subject.endswith("VEITX") and found("TXT-28", made) == []


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr"])
def test_what_the_workbench_writes_itself_has_none(language: str) -> None:
    first = Message(subject="FRAUD / VEIT", from_bureau="XB-NCB", our_ref="XB-1", date_time="2026-03-02T09:30:00Z")
    for kind in ("reply", "acknowledgement", "reminder"):
        assert found("TXT-28", create_follow_up(build_draft(kind, language), first)) == []


@pytest.mark.parametrize("piece", ["\u200b", "a\u200b", "cri\u200bminal ", "\u202e", "a\u202e\u200b\u200c", "word"])
def test_what_it_costs_grows_as_the_text_does(piece: str) -> None:
    def work(size: int) -> None:
        message = Message(summary_of_facts="x" + piece * size)
        clean_message(message)
        for hit in [*invisible_signs(message, Surroundings())][:200]:
            find_span(message.summary_of_facts, hit.start or 0, hit.end or 0)

    cost.linear(work, 2_000, 20_000)


def test_a_stretch_has_the_signs_in_it_and_beside_it() -> None:
    text = "a \u202elive\u202c b"
    assert text[slice(*find_span(text, 2, 6))] == "\u202elive\u202c" and find_span(text, 0, 1) == (0, 1)
    assert find_span("plain", 1, 3) == (1, 3)
