"""Where a value ends: a reference, a date, a code or an addressee with its line, and what follows without a label is said in the text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from workbench.messages import Message
from workbench.messages.traffic import message_objects, message_tables, running_text, text_forms
from workbench.messages.triage.priority import LIFE, compute_priority, list_signals

HEAD = "FROM: IP MADRID\n"


def message(text: str) -> Message:
    (found,) = text_forms.read_messages(HEAD + text)
    assert isinstance(found.message, Message)
    assert not found.unmapped_values
    return found.message


def said(text: str, *names: str) -> tuple[Any, ...]:
    return tuple(getattr(message(text), name) for name in names)


@pytest.mark.parametrize(
    ("text", "names", "wanted"),
    [
        ("Your ref: QM-7\nNo record of DOE John.\n", "your_ref summary_of_facts", ("QM-7", "No record of DOE John.")),
        ("Votre réf. : QM-7\nLe titulaire est inconnu.\n", "your_ref summary_of_facts", ("QM-7", "Le titulaire est inconnu.")),
        ("Su ref.: QM-7\nRogamos identifiquen al titular\n", "your_ref summary_of_facts", ("QM-7", "Rogamos identifiquen al titular")),
        ("مرجعكم: QM-7\nلا توجد سجلات لهذا الشخص.\n", "your_ref summary_of_facts", ("QM-7", "لا توجد سجلات لهذا الشخص.")),
        ("Our ref.: ES-90\nBest regards\nMaria Lopez\n", "our_ref summary_of_facts", ("ES-90", "Best regards\nMaria Lopez")),
        ("REF: ES/123/26\nURGENT\nSUBJECT: DRUGS\n", "our_ref urgency subject", ("ES/123/26", "urgent", "DRUGS")),
        ("REF: ES/1\nRESTRICTED\nSUBJECT: DRUGS\n", "confidentiality subject", ("RESTRICTED", "DRUGS")),
        ("Date: 5 March 2026\nHe left.\n", "date_time summary_of_facts", ("2026-03-05", "He left.")),
        ("To: XA-NCB\nDear colleagues,\nHe left.\n", "to summary_of_facts", (("XA-NCB",), "Dear colleagues,\nHe left.")),
        ("To: XA-NCB,\nXC-NCB\nSubject: X\n", "to subject", (("XA-NCB", "XC-NCB"), "X")),
        ("To: XA-NCB\n    XC-NCB\nSubject: X\n", "to subject", (("XA-NCB", "XC-NCB"), "X")),
        ("Our ref:\nES-90\nHe left.\n", "our_ref summary_of_facts", ("ES-90", "He left.")),
        ("Our ref:\nPlease identify the holder.\n", "our_ref summary_of_facts", ("", "Please identify the holder.")),
        ("Subject: DRUGS\nPLEASE CHECK GARCIA\n", "subject summary_of_facts", ("DRUGS", "PLEASE CHECK GARCIA")),
        ("Subject: request for identification of the holder of\na number\n", "subject summary_of_facts",
         ("request for identification of the holder of a number", "")),
        ("Legal basis: article 5 of the agreement\nof 3 May 2003.\nRef: 1\n", "legal_basis our_ref",
         ("article 5 of the agreement of 3 May 2003.", "1")),
        ("Conditions: not for courts.\nAsk us first.\n\nKeep it.\n", "conditions_of_use",
         ("not for courts.\nAsk us first.\n\nKeep it.",)),
        ("Ref: 1\nNote: he left by ferry.\n", "our_ref summary_of_facts", ("1", "Note: he left by ferry.")),
        ("Please identify him.\n\nRef: ES-90\nBest regards\n", "our_ref summary_of_facts",
         ("ES-90", "Please identify him.\n\nBest regards")),
        ("Action requested:\n- identify\n- locate\n", "requested_action", (("identify", "locate"),)),
    ],
)  # fmt: skip
def test_a_value_ends_where_its_field_does(text: str, names: str, wanted: tuple[Any, ...]) -> None:
    assert said(text, *names.split()) == wanted


def test_a_sentence_above_labelled_facts_is_no_title() -> None:
    (found,) = text_forms.read_messages("Please identify him.\n\nRef: 1\nFacts: He left.\n")
    assert found.message and found.message.summary_of_facts == "Please identify him.\n\nHe left."


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("No record of DOE John.", True), ("PLEASE CHECK TEL", True), ("نرجو تحديد هوية صاحب الرقم", True),
        ("HALVORSEN ERIK", False), ("GARCIA LOPEZ, Juan", False), ("ES/123/26", False), ("IP PARIS, IP ROME, IP MADRID, IP WIEN", False),
    ],
)  # fmt: skip
def test_what_is_plainly_a_sentence(line: str, wanted: bool) -> None:
    assert running_text.is_sentence(line) is wanted


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("GARCIA LOPEZ, Juan, born 03/04/1980", ("GARCIA LOPEZ", "Juan", "03/04/1980", "")),
        ("Juan GARCIA LOPEZ (born 1 May 1980), known burglar", ("GARCIA LOPEZ", "Juan", "1980-05-01", "known burglar")),
        ("FERRAND Julien né le 1er avril 1990", ("FERRAND", "Julien", "1990-04-01", "")),
        ("SMITH John, 13.03.1980", ("SMITH", "John", "1980-03-13", "")),
        ("محمد الفاسي، مواليد ١٩٨٠", ("محمد الفاسي", "", "1980", "")),
        ("OLIVEIRA, Marta", ("OLIVEIRA", "Marta", "", "")),
    ],
)  # fmt: skip
def test_what_follows_a_name_is_no_forename(written: str, wanted: tuple[str, ...]) -> None:
    (person,) = message(f"Ref: 1\nPerson: {written}\n").persons
    assert (person.family_name, person.forename, person.date_of_birth, person.description) == wanted


def test_numbers_and_other_names_in_the_line_of_a_person_have_their_fields() -> None:
    (one,) = message("Ref: 1\nPerson: GARCIA, Juan, alias El Chato, passport P4471902\n").persons
    assert one.aliases == ("El Chato",) and one.documents[0].number == "P4471902"


def test_a_person_has_the_status_and_the_place_of_birth_that_the_line_says() -> None:
    (one,) = message("Réf : 1\nMis en cause : LEROUX Mathieu, né le 02/11/1979 à Saint-Aubry\n").persons
    assert (one.family_name, one.forename, one.status) == ("LEROUX", "Mathieu", "suspect")
    assert (one.date_of_birth, one.place_of_birth) == ("02/11/1979", "Saint-Aubry")
    two = message("Ref: 1\nSuspect: HALE Thomas\nVictim: MARSH, Olive\n").persons
    assert [(each.family_name, each.status) for each in two] == [("HALE", "suspect"), ("MARSH", "victim")]
    said = message("Ref: 1\nText: He left.\nVictim: states that the man left by ferry at night.\n")
    assert not said.persons and said.summary_of_facts.endswith("by ferry at night.")


@pytest.mark.parametrize(
    "farewell", ["Kind regards,", "Cordialement", "Un cordial saludo,", "مع خالص التقدير", "REGARDS"]
)
def test_the_telephone_below_a_signature_is_no_persons(farewell: str) -> None:
    found = message(f"Ref: 1\n\nPlease identify him.\n{farewell}\nNCB Bern\nTel: +41 31 000 00 00\n")
    assert not found.persons and found.summary_of_facts.endswith("+41 31 000 00 00")


def test_a_second_reference_of_theirs_is_another_reference() -> None:
    assert said("Your ref: QM-15; QM-19\nOur ref: 1\n", "your_ref", "other_refs") == ("QM-15", ("QM-19",))


def test_columns_and_objects_name_suspects_and_victims() -> None:
    header = ["Ref", "From", "Suspect", "Victim"]
    (row,) = message_tables.read_messages(
        header, [(2, ["A1", "XB-NCB", "DOE, John", "ROE Jane, born 1 May 1990"])], message_tables.map_columns(header)
    )
    assert row.message and [(one.family_name, one.status) for one in row.message.persons] == [
        ("DOE", "suspect"),
        ("ROE", "victim"),
    ]
    (found,) = message_objects.read_messages(
        '{"ref": "1", "sender": {"bureau": "XB-NCB"}, "suspects": ["DOE, John", "ROE, Jane"]}'
    )
    assert found.message and found.message.from_bureau == "XB-NCB" and not found.unmapped_values
    assert [(one.family_name, one.status) for one in found.message.persons] == [("DOE", "suspect"), ("ROE", "suspect")]


def test_a_letterhead_is_a_title() -> None:
    (found,) = text_forms.read_messages("BCN PORT-BLANC\n\nRéf : 1\nObjet : vol\n\nIl est parti.\n")
    assert found.message and found.message.summary_of_facts == "Il est parti."
    assert [(one.label, one.written) for one in found.unmapped_values] == [("title", "BCN PORT-BLANC")]


def test_each_line_of_a_list_of_persons_is_one() -> None:
    found = message("Ref: 1\nPersons:\n1. GARCIA, Juan\n2. DOE, John\nPlease locate both.\n")
    assert [one.family_name for one in found.persons] == ["GARCIA", "DOE"]
    assert found.summary_of_facts == "Please locate both."
    (listed,) = message_objects.read_messages(
        '{"ref": "1", "from": "XB-NCB", "persons": ["GARCIA, Juan", "DOE, John"]}'
    )
    assert listed.message and listed.message.persons == found.persons


@pytest.mark.parametrize("words", ["very urgent", "muy urgente", "très urgent", "عاجل جدا", "FLASH", "URGENT"])
def test_very_urgent_is_urgent(words: str) -> None:
    assert said(f"Urgency: {words}\nRef: 1\n", "urgency") == ("urgent",)


@pytest.mark.parametrize(
    "words", ["danger to life", "danger de mort", "peligro para la vida", "خطر على الحياة", "immediate"]
)
def test_danger_to_life_is_immediate(words: str) -> None:
    assert said(f"Urgency: {words}\nRef: 1\n", "urgency") == ("immediate",)


@pytest.mark.parametrize(
    "words", ["danger to life", "danger de mort", "peligro para la vida", "خطر على الحياة", "تهديد للحياة"]
)
def test_danger_to_life_is_its_own_reason_where_no_other_is_given(words: str) -> None:
    assert said(f"Urgency: {words}\nRef: 1\n", "urgency_reason") == (words,)
    assert said(f"Urgency: {words}\nReason for urgency: a hostage\n", "urgency_reason") == ("a hostage",)
    assert said("Urgency: immediate\nRef: 1\n", "urgency_reason") == ("",)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("very urgent - danger to life", "danger to life"), ("très urgent (danger de mort)", "danger de mort"),
        ("muy urgente: peligro de muerte", "peligro de muerte"), ("عاجل جدا - خطر على الحياة", "خطر على الحياة"),
    ],
)  # fmt: skip
def test_danger_to_life_in_the_reason_of_an_urgency_is_a_suggestion(written: str, reason: str) -> None:
    found = message(f"Urgency: {written}\nRef: 1\n")
    assert (found.urgency, found.urgency_reason) == ("urgent", reason)
    ranked = compute_priority(list_signals(found), datetime.now(UTC))
    assert (ranked.band, ranked.is_suggested) == (LIFE, True)


@pytest.mark.parametrize("label", ["tel", "TEL.", "phone:", "mobile"])
@pytest.mark.parametrize("number", ["+34 600 123 456", "0034 600 123 456", "600 123 456"])
def test_a_telephone_of_a_person_keeps_every_sign_of_its_number(label: str, number: str) -> None:
    (person,) = message(f"SUSPECT: GARCIA LOPEZ, Juan, {label} {number}\nRef: 1\n").persons
    assert person.phones == (number,)


@pytest.mark.parametrize("between", [" in ", " IN ", " En "])
def test_a_place_of_birth_stands_behind_the_day_in_any_letters(between: str) -> None:
    (person,) = message(f"SUSPECT: GARCIA LOPEZ, Juan, BORN 13/04/1980{between}Sevilla\nRef: 1\n").persons
    assert (person.date_of_birth, person.place_of_birth) == ("1980-04-13", "Sevilla")


def test_what_stands_outside_a_telex_is_of_whoever_passed_it_on() -> None:
    first, second = text_forms.read_messages(
        "relayed by the exchange\nZCZC A1\nFROM: IP MADRID\nREF: 1\nTEXT: He left.\nNNNN\n"
        "just a note\nZCZC\nFROM: BCN PARIS\nREF: 2\nTEXT: Elle est partie.\nNNNN\nend of the tape\n"
    )
    assert [one.message.summary_of_facts for one in (first, second) if one.message] == ["He left.", "Elle est partie."]
    assert [one.written for one in first.unmapped_values] == ["relayed by the exchange", "A1"]
    assert [one.written for one in second.unmapped_values] == ["just a note", "end of the tape"]


def test_an_empty_text_is_told_as_empty() -> None:
    (found,) = text_forms.read_messages(" \n\n")
    assert (found.message, found.reason) == (None, "The text is empty, so no message was read.")
