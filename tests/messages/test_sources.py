"""What stands behind a message: sources and their marks, verification, review, protected persons, treaties, messages sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from workbench.messages import Message, Surroundings, check
from workbench.messages.model.message import Correspondence, Item, Person, Source
from workbench.messages.model.message_json import from_dict
from workbench.messages.model.sent_messages import SentMessages
from workbench.messages.rules.rule_check import load_samples

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def rules(sample: str = "message", around: Surroundings | None = None, **changes: Any) -> set[str]:
    data = {**load_samples()[sample], **changes}
    return {fault.rule.id for fault in check(from_dict(data), around or Surroundings(now=NOW))}


def source(**changes: str) -> dict[str, str]:
    return {**load_samples()["message"]["sources"][0], **changes}


def test_a_message_is_marked_as_high_as_its_sources() -> None:
    assert rules() == set()
    assert rules(sources=[source(), source(confidentiality="RESTRICTED")]) == {"MSG-41"}
    assert rules(sources=[source(handling="H2")]) == {"MSG-42"}
    assert rules(sources=[]) == {"REC-15"}


@pytest.mark.parametrize(("day", "told"), [("2026-01-31", False), ("2026-01-30", True), ("", False)])
def test_a_verification_lasts_thirty_days(day: str, told: bool) -> None:
    assert ("REC-16" in rules(last_verified=day)) is told


def test_a_review_is_to_come_within_five_years() -> None:
    found = {day: "REC-17" in rules(review_due=day) for day in ("2026-03-02", "2026-03-01", "2030-01-01", "2031-06-01")}
    assert found == {"2026-03-02": False, "2026-03-01": True, "2030-01-01": False, "2031-06-01": True}


def test_the_best_grade_needs_a_second_source() -> None:
    person = {**load_samples()["message"]["persons"][0], "source_grade": "A", "information_grade": "1"}
    assert rules(persons=[person]) == {"REC-18"}
    assert rules(persons=[person], sources=[source(), source(name="Witness")]) == set()


def test_names_keep_their_own_script() -> None:
    person = {**load_samples()["message"]["persons"][0], "nationalities": ["EG"]}
    assert rules(persons=[person]) == {"REC-19"}
    assert rules(persons=[{**person, "aliases": ["مارتا أوليفيرا"]}]) == set()
    around = Surroundings(now=NOW, other_scripts=frozenset({"XB"}))
    assert rules(around=around, persons=[person]) == set()
    assert rules(around=around, persons=[{**person, "nationalities": ["XB"]}]) == {"REC-19"}


def test_no_measure_is_asked_for_against_a_victim() -> None:
    victim = {**load_samples()["message"]["persons"][0], "family_name": "REED", "forename": "Amy", "status": "victim"}
    text = f"{load_samples()['message']['summary_of_facts']} {{}} REED Amy until she leaves the country."
    persons = [*load_samples()["message"]["persons"], victim]
    assert "REC-13" in rules(persons=persons, summary_of_facts=text.format("Please arrest"))
    assert "REC-13" not in rules(persons=persons, summary_of_facts=text.format("Please speak to"))


def test_a_treaty_is_missed_only_where_that_is_known() -> None:
    known = Surroundings(now=NOW, treaties=frozenset({frozenset({"XA", "XB"})}))
    assert rules("letter", treaty="") == set() and rules("letter", known, treaty="") == {"MLA-11"}
    assert rules("letter", known, treaty="", provisions="UNCAC, article 46") == set()
    assert rules("letter", treaty="", legal_basis="Convention of 1998") == set()
    assert rules("letter", known, treaty="", requested_state="XD") == {"MLA-24"}


def test_letters_are_in_a_language_that_is_accepted() -> None:
    around = Surroundings(now=NOW, languages={"XB": ("fr",)})
    assert rules("letter", around) == {"MLA-22"}
    assert rules("letter", around, accepted_languages=["en"]) == set()


def test_a_minor_at_the_time_of_the_facts_is_reckoned_from_the_text_as_well() -> None:
    person = {**load_samples()["red"]["persons"][0], "date_of_birth": "2007-06-01"}
    assert "RED-09B" in rules("red", persons=[person], date_of_facts="")
    assert "RED-09B" not in rules(
        "red", persons=[person], date_of_facts="", special_check="Juvenile court, 1 March 2026."
    )


def message(number: int) -> Correspondence:
    return Message(message_id=f"M-{number}", our_ref=f"R-{number}", to=("XB-NCB",), summary_of_facts=f"Fact {number}.")


def test_sent_messages_are_looked_up_by_form_text_and_addressee() -> None:
    sent = SentMessages(map(message, range(3)))
    again = replace(message(1), message_id="M-9", summary_of_facts="fact  1")
    assert sent.find_duplicate(again) == "R-1" and sent.find_duplicate(message(1)) is None
    assert (
        sent.find_duplicate(replace(again, to=("XC-NCB",))) is None
        and sent.find_duplicate(replace(again, type="reply")) is None
    )
    assert sent.find_duplicate(replace(again, summary_of_facts="Fact 2.", message_id="M-8")) == "R-2"
    sent.add(replace(message(7), sources=(Source(name="a"),)))
    assert sent.find_duplicate(replace(message(7), message_id="M-8")) == "R-7"


def test_a_look_up_costs_the_same_however_much_was_sent() -> None:
    few, many = SentMessages(map(message, range(10))), SentMessages(map(message, range(5000)))
    asked = replace(message(5), message_id="M-x")
    assert few.find_duplicate(asked) == many.find_duplicate(asked) == "R-5"
    assert max(len(found) for found in many._known.values()) == max(len(found) for found in few._known.values())


TEXTS = {
    "en": "The van was sold in Halven on 3 May 2025 and the buyer paid in cash. Please tell us who owns it now and since when.",
    "fr": "La fourgonnette a été vendue à Halven le 3 mai 2025 et payée en espèces. Dites-nous à qui elle appartient et depuis quand.",
    "es": "La furgoneta se vendió en Halven el 3 de mayo de 2025 y se pagó en efectivo. Díganos a quién pertenece ahora y desde cuándo.",
    "ar": "بيعت الشاحنة في هالفن في 3 مايو 2025 ودفع المشتري الثمن نقدا. يرجى إبلاغنا بمالكها الحالي ومنذ متى يملكها وأين تستعمل.",
}
CHANGED = {"en": ("buyer", "purchaser"), "fr": ("payée", "réglée"), "es": ("pagó", "abonó"), "ar": ("الثمن", "المبلغ")}


@pytest.mark.parametrize("language", TEXTS)
def test_one_word_changed_is_the_same_text_and_a_sentence_more_or_another_number_is_not(language: str) -> None:
    text = TEXTS[language]
    said = Message(message_id="M-1", our_ref="R-1", to=("XB-NCB",), summary_of_facts=text)
    sent, again = SentMessages([said]), replace(said, message_id="M-2")
    assert sent.find_duplicate(replace(again, summary_of_facts=text.replace(*CHANGED[language]))) == "R-1"
    assert sent.find_duplicate(replace(again, summary_of_facts=f"{text} {text.partition('.')[0]}.")) is None
    assert sent.find_duplicate(replace(again, summary_of_facts=text.replace("2025", "2024"))) is None


def test_the_same_sentence_about_another_person_or_thing_is_another_message() -> None:
    said = Message(message_id="M-1", our_ref="R-1", to=("XB-NCB",), summary_of_facts=TEXTS["en"])
    about = replace(
        said, persons=(Person(family_name="DOE", forename="Ann"),), objects=(Item(kind="phone", number="1"),)
    )
    again = replace(about, message_id="M-2")
    assert SentMessages([about]).find_duplicate(again) == "R-1"
    assert (
        SentMessages([about]).find_duplicate(replace(again, persons=(Person(family_name="ROE", forename="Ann"),)))
        is None
    )
    assert SentMessages([about]).find_duplicate(replace(again, objects=(Item(kind="phone", number="2"),))) is None
    elsewhere = TEXTS["en"].replace("Halven", "Port Vald")
    assert SentMessages([said]).find_duplicate(replace(said, message_id="M-2", summary_of_facts=elsewhere)) is None
