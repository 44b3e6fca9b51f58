"""Checks that reckon: check digits, dates, names against the list, languages, marks, messages that went out before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workbench.messages import LetterOfRequest, Message, Surroundings, check
from workbench.messages.model.message_json import from_dict
from workbench.messages.model.value_formats import FORMS, parse_start_moment
from workbench.messages.rules.rule_check import apply_fix, load_samples
from workbench.messages.wording.message_language import detect_language

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def found(rule: str, text: str = "", around: Surroundings | None = None, **changes: object) -> list[str]:
    data = {**load_samples()["message"], **({"summary_of_facts": text} if text else {}), **changes}
    return [fault.quote for fault in check(from_dict(data), around) if fault.rule.id == rule]


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        ("date", ["2024", "2024-02", "2024-02-29"], ["2023-02-29", "24-02-01", "2024-2-1", "0000", ""]),
        ("moment", ["2026-03-02T09:30:00Z", "2026-03-02T09:30+01:00"], ["2026-03-02T09:30", "2026-03-02", "now"]),
        ("country", ["FR", "XA", "QM", "ZZ", "GB"], ["UK", "fr", "FRA", "XK1", "QL"]),
        ("phone", ["+447700900123", "+33639981234"], ["07700900123", "+0123456789", "+999", "447700900123"]),
        ("sim", ["234150999999999", "8944 1234 5678 9012 345", "8944123456789012345F"], ["0612345678", "abc", "8944"]),
        (
            "email",
            ["marta@valdorra.example", "m.o+1@mail.valdorra.example"],
            ["marta", "marta@", "a b@c.example", "a@b"],
        ),
        ("iban", ["GB82 WEST 1234 5698 7654 32"], ["GB82 WEST 1234 5698 7654 33", "GB82"]),
        ("imei", ["490154203237518"], ["490154203237519", "49015420323751"]),
        ("vin", ["1M8GDM9AXKP042788"], ["1M8GDM9A0KP042788", "1M8GDM9AXKP04278O"]),
        (
            "mrz",
            ["L898902C36UTO7408122F1204159ZE184226B<<<<<10"],
            ["L898902C37UTO7408122F1204159ZE184226B<<<<<10", "L898"],
        ),
    ],
)
def test_forms(form: str, right: list[str], wrong: list[str]) -> None:
    assert all(FORMS[form](value) for value in right)
    assert not any(FORMS[form](value) for value in wrong)


def test_a_date_and_a_moment_are_instants() -> None:
    assert parse_start_moment("2026-03-02") == parse_start_moment("2026-03-02T01:00:00+01:00") == NOW
    assert parse_start_moment("soon") is None


@pytest.mark.slow
def test_dates_that_can_be_read_in_two_ways() -> None:
    assert found("TXT-03", "On 03/04/2024, 3.4.24 and 13/04/2024, 04/04/2024, 2024-03-04, version 1.2.3.4") == [
        "03/04/2024",
        "3.4.24",
    ]


def test_check_digits_in_texts() -> None:
    text = "In 2025 IBAN GB82 WEST 1234 5698 7654 33, IMEI: 490154203237519, VIN 1M8GDM9A0KP042788, chassis WBA3A5C50DF123456."
    assert found("TXT-05", text) == ["GB82 WEST 1234 5698 7654 33", "490154203237519", "1M8GDM9A0KP042788"]
    assert found("TXT-05", "In 2025 IBAN GB82 WEST 1234 5698 7654 32 and IMEI 490154203237518.") == []


def test_what_is_no_local_telephone_number() -> None:
    assert (
        found(
            "TXT-04", "In 2025 IMEI 001019718709537, +33 1 99 00 12 34, +44 (0)1632 960123, 03/04/2026 and 05-06-2025."
        )
        == []
    )
    assert found("TXT-04", "In 2025 he called 01 99 00 12 34 and (01632) 960456.") == [
        "01 99 00 12 34",
        "(01632) 960456",
    ]


@pytest.mark.slow
def test_several_cases_in_four_languages() -> None:
    texts = (
        "Case 2026/117 and case no. 2025/33",
        "Expediente n.º 2026/118, expediente n.º 2025/33",
        "القضية رقم 2026/118 والقضية رقم 2025/33",
    )
    assert [len(found("TXT-14", text)) for text in texts] == [1, 1, 1]


@pytest.mark.slow
def test_names_against_the_list() -> None:
    assert found("TXT-01", "In 2025 OLIVEIRA Marta met IBSEN Jonas. IBSEN Jonas left.") == ["IBSEN Jonas"]
    assert found("TXT-01", "In 2025 OLIVEIRA met nobody. POLICE Request follows.") == []
    assert found("TXT-01", "في 2025 شوهد المشتبه به مع مالك السيارة في الميناء") == []
    assert found("TXT-02", "In 2025 OLIVERA Marta left.") == ["OLIVERA Marta"]
    assert found("TXT-02", "في 2025 سُلم الطرد إلى OLIVEIRA Marta") == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "The suspect is known to police and was seen with the owner of the car at the port."),
        ("fr", "Le suspect est connu de la police et a été vu avec le propriétaire de la voiture dans le port."),
        ("es", "El sospechoso fue visto con el dueño del coche en el puerto y se fue por la noche con sus papeles."),
        ("ar", "شوهد المشتبه به مع مالك السيارة في الميناء ثم غادر البلاد ليلا"),
        ("", "OLIVEIRA Marta 1988"),
    ],
)
def test_languages(code: str, text: str) -> None:
    assert detect_language(text) == code
    wrong = "en" if code == "fr" else "fr"
    assert found("MSG-23", text, language=wrong) == ([wrong] if code else [])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("In 2025 the killer fled", "the killer"),
        ("En 2025 le meurtrier a fui", "le meurtrier"),
        ("En 2025 el asesino huyó", "el asesino"),
        ("في 2025 هرب القاتل", "القاتل"),
    ],
)
def test_guilt_is_seen_in_four_languages(text: str, words: str) -> None:
    assert found("TXT-06", text) == [words]


def test_probability_words() -> None:
    assert found("TXT-09", "It is likely, or probable.") == ["probable"]
    assert found("TXT-09", "It is likely, not unlikely.") == []
    assert len(found("TXT-10", "We have high confidence that it is likely. It rains.")) == 1


def test_messages_that_went_out_before() -> None:
    earlier = from_dict(load_samples()["message"])
    around = Surroundings(sent=[earlier])
    assert found("TXT-13", around=around) == []
    assert found("TXT-13", around=around, message_id="M-2") == [""]
    assert found("TXT-13", around=around, message_id="M-2", type="reminder") == []


def test_marks_hashes_and_closed_countries() -> None:
    file = load_samples()["message"]["attachments"][0]
    assert found("MSG-35", attachments=[{**file, "confidentiality": "RESTRICTED"}]) == ["RESTRICTED"]
    assert found("TXT-20", around=Surroundings(hashes={"papers.pdf": "00"})) == [file["sha256"]]
    assert found("TXT-20", around=Surroundings(hashes={"papers.pdf": file["sha256"].upper()})) == []
    assert found("TXT-19", around=Surroundings(restricted=frozenset({"XB"}))) == ["XB-NCB"]
    assert found("MSG-09", around=Surroundings(references=frozenset({"R-1"})), your_ref="R-2") == ["R-2"]


def test_minors_are_reckoned_at_the_day() -> None:
    person = {**load_samples()["message"]["persons"][0], "date_of_birth": "2008-03-03"}
    assert found("REC-07", around=Surroundings(now=NOW), persons=[person]) == ["2008-03-03"]
    assert found("REC-07", around=Surroundings(now=NOW.replace(day=3)), persons=[person]) == []


def test_an_empty_message_is_told_all_that_it_lacks() -> None:
    blocking = {fault.field for fault in check(Message()) if fault.blocks}
    assert {
        "type",
        "to",
        "from_bureau",
        "our_ref",
        "date_time",
        "subject",
        "crime_area",
        "legal_basis",
        "purpose",
    } <= blocking
    assert {"language", "confidentiality", "author"} <= blocking


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Frauds", "fraud"), ("drugs", "drug_trafficking"), ("Blanchiment", "money_laundering"), ("HOMICIDES", "homicide"),
        ("trata de personas", "human_trafficking"), ("غسل أموال", "money_laundering"), ("money laundring", "money_laundering"),
        ("trafficking", None), ("bleu", None),
    ],
)  # fmt: skip
def test_a_crime_area_in_other_words_is_mended_where_one_of_the_list_is_meant(written: str, code: str | None) -> None:
    message = Message(crime_area=("fraud", written))
    faults = [one for one in check(message) if one.rule.id == "MSG-44"]
    assert [(one.field, one.quote, one.mendable) for one in faults] == (
        [("crime_area[1]", written, True)] if code else []
    )
    assert all(apply_fix(message, one).crime_area == ("fraud", code) for one in faults)


def test_one_matter_is_told_once() -> None:
    told = [(fault.rule.id, fault.message) for fault in check(LetterOfRequest())]
    assert len(told) == len(set(told)) and {"MLA-01", "MLA-02", "MLA-03", "MLA-05", "MLA-10"} <= {
        rule for rule, _ in told
    }


def test_what_is_wrong_with_each_of_several_is_told_of_each() -> None:
    message = load_samples()["message"]
    blank = {"source_grade": "", "information_grade": ""}
    people, things = ([{**one, **blank} for one in message[name] * 2] for name in ("persons", "objects"))
    faults = check(from_dict({**message, "persons": people, "objects": things}))
    assert [fault.field for fault in faults if fault.rule.id == "REC-04"] == [
        f"{place}.source_grade" for place in ("persons[0]", "persons[1]", "objects[0]", "objects[1]")
    ]
    twice = found("TXT-03", "On 03/04/2024 and again on 03/04/2024.")
    assert twice == ["03/04/2024", "03/04/2024"]


@pytest.mark.parametrize(
    ("rule", "kind", "right", "wrong"),
    [
        ("REC-09", "phone", ["+33639981234", "490154203237518"], ["0612345678", "+999", "447700900123"]),
        ("REC-27", "sim", ["234150999999999", "89 44 1234 5678 9012 345"], ["abc", "+33639981234"]),
        ("REC-28", "email", ["marta@valdorra.example"], ["not an email", "+33639981234"]),
    ],
)
def test_a_thing_has_a_number_of_its_kind(rule: str, kind: str, right: list[str], wrong: list[str]) -> None:
    def things(*numbers: str) -> list[dict[str, str]]:
        return [{"kind": kind, "number": number} for number in numbers]

    assert found(rule, objects=things(*right, *wrong)) == wrong
    assert found(rule, objects=[{**one, "kind": "other"} for one in things(*wrong)]) == []


def test_kinds_of_things_and_of_papers_are_codes() -> None:
    person = load_samples()["message"]["persons"][0]
    papers = [{"kind": kind, "number": "C1234567"} for kind in ("identity_card", "library ticket", "")]
    things = [{"kind": kind, "number": "7"} for kind in ("spaceship", "vessel", "")]
    assert found("REC-24", persons=[{**person, "documents": papers}], objects=things) == ["spaceship", "library ticket"]


@pytest.mark.parametrize(
    ("grades", "rules"),
    [
        (("4x4", "Z", "9"), {"REC-26": ["Z", "9"]}),
        (("4x4", "X", "4"), {}),
        (("admiralty", "X", "0"), {"REC-26": ["X", "0"]}),
        (("admiralty", "F", "6"), {}),
        (("3x5x2", "2", "D"), {}),
        (("3x5x2", "B", "2"), {"REC-26": ["B", "2"]}),
        (("foo", "Z", "9"), {"REC-25": ["foo"]}),
        (("", "Z", "9"), {"REC-14": ["Z"]}),
        (("4x4", "", " "), {"REC-04": [""]}),
    ],
)
def test_grades_are_of_their_scale(grades: tuple[str, str, str], rules: dict[str, list[str]]) -> None:
    message = load_samples()["message"]
    graded = dict(zip(("scale", "source_grade", "information_grade"), grades, strict=True))
    person, thing = {**message["persons"][0], **graded}, {**message["objects"][0], **graded}
    for rule in ("REC-04", "REC-14", "REC-25", "REC-26"):
        assert found(rule, persons=[person]) == rules.get(rule, [])
    assert found("REC-25", objects=[thing]) == rules.get("REC-25", [])
    assert found("REC-26", objects=[thing]) == rules.get("REC-26", [])
