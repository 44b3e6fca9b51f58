"""Existing traffic: what bureaux wrote becomes the fields of a message, each value with its place, and nothing is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.messages import styles
from workbench.messages import Message, Notice
from workbench.messages.model.code_lists import load_codes
from workbench.messages.model.message import FORMS, Attachment, Correspondence, Identity, Item, Person
from workbench.messages.model.message_json import from_dict, get_field_types, to_json
from workbench.messages.rules.rule_check import load_samples
from workbench.messages.traffic import (
    ReadMessage,
    field_labels,
    letter_export,
    mail_messages,
    message_objects,
    message_tables,
    text_forms,
)
from workbench.messages.traffic.message_times import normalise_time
from workbench.messages.traffic.person_lines import split_name


def only(text: str) -> ReadMessage:
    (found,) = text_forms.read_messages(text)
    return found


def test_a_telex() -> None:
    found = only(styles.TELEX)
    message = found.message
    assert isinstance(message, Message)
    assert (message.from_bureau, message.to, message.cc) == ("IP MADRID", ("IP VALDORRA",), ("IPSG",))
    assert (message.our_ref, message.your_ref) == ("EEG2/1175/26/HALVORSEN", "XA-2026-0117")
    assert (message.urgency, message.date_time) == ("urgent", "2026-11-27T14:30+00:00")
    assert message.subject == "ROBBERY / IDENTIFICATION / HALVORSEN ERIK"
    assert message.summary_of_facts.startswith("1. ON 3 MAY 2025") and "NOTE: HE LEFT" in message.summary_of_facts
    assert message.summary_of_facts.count("\n") == 3
    where = {one.field: one.place for one in found.origins}
    assert where["our_ref"] == "line 7" and where["summary_of_facts"] == "line 11"


def test_a_form_with_persons_and_objects() -> None:
    found = only(styles.FORM)
    message = found.message
    assert isinstance(message, Message)
    assert message.persons == (
        Person(
            family_name="OLIVEIRA",
            forename="Marta",
            date_of_birth="1988-06-21",
            nationalities=("XA", "XB"),
            documents=(Identity(kind="passport", number="P4471902"),),
        ),
        Person(
            family_name="WIECZOREK",
            forename="Tomasz",
            date_of_birth="1984",
            status="suspect",
            phones=("+44 7700 900123",),
        ),
    )
    assert message.objects == (Item(kind="vehicle", number="XA 123-BC"), Item(kind="vehicle", number="XB 777-ZZ"))
    assert (message.to, message.date_time) == (("XA-NCB", "XC-NCB"), "2026-03-05")
    assert message.requested_action == ("identify", "vehicle_owner")
    facts = "On 14 February 2026 three cars were sold in Port Valdorra.\nThe buyers paid into an account.\n\nNobody knows who opened it."
    assert message.summary_of_facts == facts
    assert [(one.label, one.written) for one in found.unmapped_values] == [
        ("title", "POLICE COOPERATION - REQUEST FORM"),
        ("Weather", "fair"),
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            styles.FRENCH,
            {
                "our_ref": "XB-2026-77",
                "your_ref": "XA-2026-0117",
                "date_time": "2026-03-05T14:30",
                "urgency": "urgent",
                "requested_action": ("identify", "check_databases"),
            },
        ),
        (styles.SPANISH, {"our_ref": "XC/26/119", "to": ("XA-NCB", "XB-NCB"), "date_time": "2026-04-02"}),
        (
            styles.ARABIC,
            {"our_ref": "XD/2026/119", "to": ("XA-NCB", "XB-NCB"), "date_time": "2026-03-05", "urgency": "urgent"},
        ),
        (
            styles.CAPITALS,
            {
                "from_bureau": "IP MADRID",
                "to": ("IP VALDORRA",),
                "cc": ("IPSG",),
                "our_ref": "123/26",
                "date_time": "2026-11-27",
                "subject": "REQUEST FOR IDENTIFICATION",
                "summary_of_facts": "1. PLEASE IDENTIFY THE HOLDER OF +44 7700 900123.",
            },
        ),
        (
            styles.COLUMNS,
            {"our_ref": "XB-123/26", "your_ref": "XA-1", "to": ("IP VALDORRA",), "subject": "escroquerie"},
        ),
        (
            styles.ONE_LINE,
            {
                "from_bureau": "IP MADRID",
                "to": ("IP VALDORRA",),
                "our_ref": "EEG2/77",
                "summary_of_facts": "Please identify.",
            },
        ),
    ],
    ids=["fr", "es", "ar", "capitals", "columns", "one line"],
)
def test_forms_of_four_languages(text: str, wanted: dict[str, object]) -> None:
    message = only(text).message
    assert {name: getattr(message, name) for name in wanted} == wanted


def test_persons_of_four_languages() -> None:
    french, spanish, arabic = (only(text).message for text in (styles.FRENCH, styles.SPANISH, styles.ARABIC))
    assert french and spanish and arabic
    (one,), (two,), (three,) = french.persons, spanish.persons, arabic.persons
    assert (one.family_name, one.forename, one.sex, one.status) == ("FERRAND", "Julien", "M", "charged")
    assert (one.date_of_birth, two.date_of_birth, three.date_of_birth) == ("1990-04-01", "2001-01-12", "1988-06-21")
    assert (two.status, two.phones, three.sex) == ("victim", ("+46 70 174 06 05",), "M")
    assert (three.family_name, three.phones) == ("الفاسي", ("+44 7700 900123",))


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


@pytest.mark.parametrize("text", styles.FORMS.values(), ids=styles.FORMS)
def test_every_value_of_a_form_is_told(text: str) -> None:
    told = words(" ".join(f"{one.label} {one.written}" for one in only(text).origins))
    assert not {word for word in words(text) - told if not word.isdigit()} - {"ZCZC", "NNNN"}


def test_running_text_keeps_its_marks_of_direction() -> None:
    found = only(
        "\u200fمرجعنا: \u200eXD-1\u200f\n\u200fالموضوع: احتيال\nالنص: اتصل بالرقم \u200e+44 7700 900123\u200e ثم غادر.\n"
    )
    assert found.message and found.message.our_ref == "XD-1" and found.message.subject == "احتيال"
    assert found.message.summary_of_facts == "اتصل بالرقم \u200e+44 7700 900123\u200e ثم غادر."


def test_several_forms_in_one_file() -> None:
    found = list(text_forms.read_messages(f"{styles.TELEX}\n{styles.ONE_LINE}\n==========\n{styles.FRENCH}"))
    assert [one.message.our_ref for one in found if one.message] == ["EEG2/1175/26/HALVORSEN", "EEG2/77", "XB-2026-77"]
    assert [one.place for one in found] == ["line 1", "line 16", "line 23"]


def test_what_is_no_form_is_told() -> None:
    found = only("It rained all day.\nNobody came.\n")
    assert found.message is None and "At least 2 such fields are needed" in found.reason
    assert found.origins[0].written == "It rained all day.\nNobody came."


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
@pytest.mark.parametrize("name", load_samples())
def test_a_form_of_ours_comes_back_in_each_language(name: str, language: str) -> None:
    message = from_dict(load_samples()[name])
    found = only(text_forms.format_message(message, language))
    assert found.message == message and not found.unmapped_values


def test_a_mail() -> None:
    header = [
        ("Received", "from a"), ("From", "NCB Port Blanc <ncb@xb.example>"), ("To", "XA-NCB <a@xa.example>, b@xc.example"),
        ("Subject", "Re: Re: FRAUD / MENSAH"), ("Date", "Thu, 05 Mar 2026 10:15:00 +0100"), ("Message-ID", "<3@xb.example>"),
        ("References", "<1@xa.example> <2@xb.example>"), ("X-Priority", "1 (Highest)"), ("X-Weather", "fair"),
        ("X-Classification", "restreint"),
    ]  # fmt: skip
    file = Attachment(name="card.pdf", sha256="ab", media_type="application/pdf")
    found = mail_messages.read_letter(header, styles.BODY, [file], "message 1")
    message = found.message
    assert isinstance(message, Message)
    assert (message.from_bureau, message.to) == ("NCB Port Blanc", ("XA-NCB", "b@xc.example"))
    assert (message.our_ref, message.your_ref, message.subject) == ("XB-2026-90", "XA-2026-0117", "FRAUD / MENSAH")
    assert (message.date_time, message.confidentiality) == ("2026-03-05T10:15:00+01:00", "RESTRICTED")
    assert (message.message_id, message.thread_id, message.urgency) == ("3@xb.example", "1@xa.example", "urgent")
    assert message.attachments == (file,)
    assert message.summary_of_facts.startswith("On 4 March") and "Please identify" not in message.summary_of_facts
    assert {(one.label, one.written) for one in found.unmapped_values} == {
        ("X-Weather", "fair"),
        ("title", "Dear colleagues,"),
        ("X-Priority", "1 (Highest)"),
        ("quoted", "> Our ref: XA-2026-0117"),
        ("quoted", "> Please identify."),
    }


def test_a_table_with_headers_of_another_language() -> None:
    import csv

    header, *rows = list(csv.reader(styles.TABLE.splitlines(keepends=True), delimiter=";"))[1:]
    fields = message_tables.map_columns(header)
    assert fields["N/Réf."] == "our_ref" and fields["Couleur du dossier"] == ""
    one, two = message_tables.read_messages(header, enumerate(rows, 3), fields)
    assert one.message and two.message
    assert (one.message.date_time, two.message.date_time) == ("05/03/2026", "2026-03-13")
    assert two.message.to == ("XA-NCB", "XC-NCB") and two.message.summary_of_facts == "Deux\nlignes."
    assert [(left.label, left.written, left.place) for left in one.unmapped_values] == [
        ("Couleur du dossier", "bleu", "row 3, column Couleur du dossier")
    ]
    (said, _) = message_tables.read_messages(
        header, enumerate(rows, 3), {**fields, "Couleur du dossier": "crime_area", "Objet": ""}
    )
    assert said.message and said.message.crime_area == ("bleu",) and not said.message.subject


def test_cells_beyond_the_header_are_told() -> None:
    header = ["our_ref", "from", "summary_of_facts"]
    rows = [(2, ["A-1", "XA-NCB", "He left", " and came back", "", "late"]), (3, ["A-2", "XA-NCB"])]
    one, two = message_tables.read_messages(header, rows, message_tables.map_columns(header))
    assert one.message and one.message.summary_of_facts == "He left"
    assert [(left.label, left.written, left.place) for left in one.unmapped_values] == [
        ("column 4", " and came back", "row 2, column 4"), ("column 6", "late", "row 2, column 6"),
    ]  # fmt: skip
    assert two.message and not two.unmapped_values


def test_objects_of_another_system() -> None:
    one, two = message_objects.read_messages(styles.OBJECTS)
    assert one.message and two.message is None
    assert (one.message.our_ref, one.message.to) == ("QM-7", ("XA-NCB", "XB-NCB"))
    assert one.message.persons == (Person(family_name="NOVAK", forename="Petra", date_of_birth="1970-02-03"),)
    assert [(left.label, left.written, left.place) for left in one.unmapped_values] == [
        ("weather", "fair", "item 1 weather"), ("shoe", "38", "item 1 persons.shoe"),
    ]  # fmt: skip
    assert two.place == "item 2" and "At least 2 such fields are needed" in two.reason


def test_objects_within_objects() -> None:
    (found,) = message_objects.read_messages(styles.WRAPPED)
    message = found.message
    assert message and (message.our_ref, message.from_bureau, message.to) == ("A-1", "XB-NCB", ("XA-NCB",))
    paper = Identity(kind="passport", number="P4471902")
    assert message.persons == (Person(family_name="FERRAND", forename="Julien", documents=(paper,)),)


def test_columns_of_several_persons() -> None:
    header, *rows = (line.split(",") for line in styles.COUNTED.splitlines())
    (found,) = message_tables.read_messages(header, enumerate(rows, 2), message_tables.map_columns(header))
    assert found.message and [one.family_name for one in found.message.persons] == ["FERRAND", "NOVAK"]
    assert found.message.persons[0].date_of_birth == "1990-04-01"


def test_lines_that_are_no_message_stop_no_other() -> None:
    good = " ".join(to_json(Message(our_ref="A", subject="B")).split("\n"))
    found = list(message_objects.read_messages(f'{good}\n{{"form": "message", "our_ref": 3}}\nnonsense\n{good}\n'))
    assert [one.message is None for one in found] == [False, True, True, False]
    assert [one.place for one in found] == ["line 1", "line 2", "line 3", "line 4"]
    assert "It must be text" in found[1].reason and "The message is not valid JSON" in found[2].reason


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("271430Z NOV 26", "2026-11-27T14:30+00:00"),
        ("271430A NOV 2026", "2026-11-27T14:30+01:00"),
        ("Mon, 2 Mar 2026 09:30:00 +0100", "2026-03-02T09:30:00+01:00"),
        ("٥ مارس ٢٠٢٦", "2026-03-05"),
        ("12 de enero de 2001", "2001-01-12"),
        ("1er avril 1990", "1990-04-01"),
        ("March 5, 2026", "2026-03-05"),
        ("05-MAR-2026", "2026-03-05"),
        ("2026/3/5", "2026-03-05"),
        ("31.12.2026", "2026-12-31"),
        ("03/04/2026", "03/04/2026"),
        ("00/00/1984", "1984"),
        ("00/06/1984", "1984-06"),
        ("31/02/2026", "31/02/2026"),
        ("soon", "soon"),
        ("5 رمضان 1447", "5 رمضان 1447"),
        ("2026-03-02T09:30:00+01:00", "2026-03-02T09:30:00+01:00"),
        ("02/13/2026 9:05 UTC+2", "2026-02-13T09:05+02:00"),
        ("02/13/2026 9:05 UTC-330", "2026-02-13T09:05-03:30"),
        ("02/13/2026 9:05 UTC+99", "02/13/2026 9:05 UTC+99"),
        ("5 mars 2026 9:05 +05:75", "5 mars 2026 9:05 +05:75"),
        ("2026-03-02T09:30:00+14:30", "2026-03-02T09:30:00+14:30"),
    ],
)
def test_dates_are_read_where_they_can_be_one_day_only(written: str, wanted: str) -> None:
    assert normalise_time(written) == wanted


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("OLIVEIRA, Marta", ("OLIVEIRA", "Marta")),
        ("OLIVEIRA Marta Ana", ("OLIVEIRA", "Marta Ana")),
        ("Marta OLIVEIRA SANTOS", ("OLIVEIRA SANTOS", "Marta")),
        ("Marta Oliveira", ("Marta Oliveira", "")),
        ("OLIVEIRA", ("OLIVEIRA", "")),
        ("الفاسي، كريم", ("الفاسي", "كريم")),
    ],
)
def test_family_names_are_told_by_comma_or_capitals(written: str, wanted: tuple[str, str]) -> None:
    assert split_name(written) == wanted


def test_no_label_means_two_fields_and_each_means_a_field() -> None:
    listed = [
        (field_labels.normalise_label(name), path)
        for path, by in field_labels._load_labels().items()
        for names in by.values()
        for name in names
    ]
    meant: dict[str, set[str]] = {}
    for name, path in listed:
        meant.setdefault(name, set()).add(path)
    assert {name: paths for name, paths in meant.items() if len(paths) > 1} == {}
    assert [path for path in field_labels._load_labels() if not field_labels.is_known_path(path)] == []


def paths(kinds: Mapping[str, Any], under: str = "") -> Iterator[str]:
    for name, kind in kinds.items():
        yield (path := f"{under}.{name}" if under else name)
        if part := field_labels.get_part_class(kind):
            yield from paths(get_field_types(part), path)


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_what_our_forms_call_a_field_means_that_field(language: str) -> None:
    meant = {
        path: field_labels.find_field(field_labels.get_label(path, language).upper())
        for path in paths(field_labels.get_form_fields())
    }
    assert {path: found for path, found in meant.items() if found != path} == {}


def test_a_value_behind_the_name_of_a_list_is_in_its_first_entry() -> None:
    for path in (path for path in paths(field_labels.get_form_fields()) if field_labels.is_list_of_parts(path)):
        form = next(name for name, kind in FORMS.items() if path.partition(".")[0] in get_field_types(kind))
        found = only(f"FORM: {form}\nOUR REF: A-1\nFROM: XA-NCB\n{path.upper()}: quay\n")
        assert found.message and "quay" in to_json(found.message), path


def test_words_for_codes_are_of_codes_that_there_are() -> None:
    lists = {
        "type": "message_types",
        "urgency": "urgency",
        "language": "languages",
        "confidentiality": "confidentiality",
        "sex": "sexes",
        "status": "person_status",
        "purpose": "purposes",
        "requested_action": "actions",
        "color": "notice_types",
    }
    for name, listed in lists.items():
        assert set(field_labels._load_codes()[name].values()) <= set(load_codes()[listed])


def test_kinds_that_an_import_fills_are_codes() -> None:
    listed = {*load_codes()["item_kinds"], *load_codes()["document_kinds"]}
    named = {step[2] for path in field_labels._load_labels() for step in field_labels.STEP.finditer(path) if step[2]}
    assert "identity_card" in named and named <= listed
    assert set(field_labels._load_codes()["kind"].values()) <= listed
    for written, code in (
        ("Carte d'identité", "identity_card"),
        ("cuenta bancaria", "account"),
        ("sextant", "sextant"),
    ):
        assert field_labels.find_code("kind", written) == code


def test_hostile_paths_fill_nothing() -> None:
    text = "FROM: A\nOUR REF: B\nPERSONS[99999999999999999999].SEX: F\nPERSONS[suspect].SEX: M\nPERSONS[0].__CLASS__: x\nEVENT.DATE: 2\n"
    found = only(text)
    assert isinstance(found.message, Notice | Message)
    assert found.message.persons == (Person(sex="F"),)
    assert {one.label for one in found.unmapped_values} >= {"PERSONS[suspect].SEX", "PERSONS[0].__CLASS"}


def test_one_message_and_what_it_is_made_of_agree() -> None:
    message: Correspondence = from_dict(load_samples()["message"])
    (row,) = message_tables.read_messages(*_table(replace(message, attachments=())))
    assert row.message == replace(message, attachments=())
    assert {one.field.partition("[")[0].partition(".")[0] for one in row.origins} >= {
        "our_ref",
        "persons",
        "objects",
        "to",
    }


def _table(message: Correspondence) -> tuple[list[str], list[tuple[int, list[str]]], dict[str, str]]:
    import csv

    header, row = csv.reader(message_tables.format_csv([message]).splitlines(keepends=True))
    return header, [(2, row)], message_tables.map_columns(header)


def test_a_break_in_a_value_makes_no_line_of_a_header() -> None:
    odd = "x\r\nBcc: evil@example.org"
    file = Attachment(name=odd, media_type=odd)
    message = Message(
        our_ref=odd,
        from_bureau=odd,
        to=(odd,),
        cc=(odd,),
        subject=odd,
        message_id=odd,
        language="en",
        attachments=(file,),
    )
    head = letter_export.encode_letter(message, odd, {odd: b"x"}).decode()
    assert not any(line.startswith("Bcc") for line in head.splitlines())
