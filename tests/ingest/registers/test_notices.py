"""Notices in the form of INTERPOL's public service. Every person, number and place here is invented."""

from __future__ import annotations

import json

import pytest

from tests.ingest.registers.test_entities import entities, file, of
from workbench.ingest import detect, read
from workbench.model.rows import Claim, Document, Issue, Passage, Trace

RED = {
    "entity_id": "2031/99001", "forename": "ADA MARIA", "name": "WINTERFELD", "date_of_birth": "1980/02/01",
    "sex_id": "F", "nationalities": ["NL", "PT"], "place_of_birth": "Zandhaven", "country_of_birth_id": "NL",
    "height": 1.65, "weight": 0, "eyes_colors_id": ["BRO"], "hairs_id": ["BLA"], "languages_spoken_ids": ["GER", "DUT"],
    "distinguishing_marks": "Scar on left hand",
    "arrest_warrants": [{"issuing_country_id": "PT", "charge": "Burla qualificada", "charge_translation": "Fraud"}],
    "_links": {"self": {"href": "https://example.org/notices/v1/red/2031-99001"}},
}  # fmt: skip
YELLOW = {
    "entity_id": "2031/99002", "name": "ORTEGA VALDES", "forename": "LUZ", "date_of_birth": "2012", "sex_id": "U",
    "date_of_event": "2030/12/24", "place": "Puerto Perdido", "country": "ES", "birth_name": "VALDES",
    "father_forename": "JUAN", "father_name": "ORTEGA", "mother_forename": "ANA",
}  # fmt: skip
UN = {
    "entity_id": "2031/99003", "name": "GREY HARBOUR FOUNDATION", "un_reference": "XXe.999", "un_resolution": 1267,
    "un_reference_date": "2030/05/06", "aliases": ["GHF", "Grey Harbour"], "legal_form": "Foundation",
    "registration_number": "R-77", "adresses": ["1 Quay, Nowhere"], "purposes": ["shipping"],  # codespell:ignore adresses
    "associates": [{"name": "Someone", "forename": "Invented"}], "name_in_original_script": "ميناء رمادي",
}  # fmt: skip


def only(rows: list, schema: str) -> dict[str, list[str]]:
    (found,) = [one for one in entities(rows).values() if one["schema"] == schema]
    return found["properties"]


def test_a_red_notice() -> None:
    source = file(json.dumps(RED))
    assert detect(source).reader == "notice"
    rows = list(read(source))
    person = only(rows, "Person")
    assert person == {
        "name": ["ADA MARIA WINTERFELD"], "lastName": ["WINTERFELD"], "firstName": ["ADA MARIA"], "birthDate": ["1980-02-01"],
        "gender": ["female"], "nationality": ["nl", "pt"], "birthPlace": ["Zandhaven"], "birthCountry": ["nl"],
        "height": ["1.65"], "eyeColor": ["BRO"], "hairColor": ["BLA"], "spokenLanguage": ["deu", "nld"],
        "appearance": ["Scar on left hand"], "topics": ["wanted"],
    }  # fmt: skip
    (paper,) = of(Document, rows)
    assert paper.title == "Red notice (request to locate and provisionally arrest) 2031/99001: ADA MARIA WINTERFELD"
    warrant = only(rows, "Sanction")
    assert (warrant["country"], warrant["reason"], warrant["description"]) == (["pt"], ["Burla qualificada"], ["Fraud"])
    assert not of(Issue, rows)


def test_claims_are_marked_in_the_passage() -> None:
    rows = list(read(file(json.dumps(RED))))
    (passage,) = of(Passage, rows)
    assert "weight: 0" in passage.text
    assert "_links: https://example.org/notices/v1/red/2031-99001" in passage.text
    marked = {c.prop: passage.text[c.start : c.end] for c in of(Claim, rows) if c.start >= 0}
    assert (marked["birthDate"], marked["lastName"], marked["gender"]) == ("1980/02/01", "WINTERFELD", "F")


def test_a_yellow_notice() -> None:
    rows = list(read(file(json.dumps(YELLOW))))
    person = only(rows, "Person")
    assert (person["birthDate"], person["fatherName"], person["motherName"]) == (["2012"], ["JUAN ORTEGA"], ["ANA"])
    assert person["previousName"] == ["VALDES"]
    assert "gender" not in person
    event = only(rows, "Event")
    assert (event["date"], event["location"], event["country"]) == (["2030-12-24"], ["Puerto Perdido"], ["es"])
    assert event["involved"] == [c.entity_id for c in of(Claim, rows) if c.prop == "birthDate"]


def test_a_notice_about_an_organisation() -> None:
    rows = list(read(file(json.dumps(UN))))
    body = only(rows, "Organization")
    assert body["alias"] == ["GHF", "Grey Harbour", "ميناء رمادي"]
    assert body["registrationNumber"] == ["R-77"]
    assert body["notes"] == ["Associates: Someone, Invented", "Purposes: shipping"]
    listing = only(rows, "Sanction")
    assert (listing["unscId"], listing["provisions"], listing["listingDate"]) == (["XXe.999"], ["1267"], ["2030-05-06"])


def test_a_list_of_notices() -> None:
    envelope = {
        "total": 3,
        "query": {"page": 1, "resultPerPage": 2},
        "_embedded": {"notices": [RED, YELLOW]},
        "_links": {},
    }
    for source in (file(json.dumps(envelope)), file(json.dumps(envelope, indent=2))):
        assert detect(source).reader == "notice"
        rows = list(read(source))
        assert len(of(Document, rows)) == 2
        assert [row.place.split(" ", 2)[-1] for row in of(Trace, rows)] == ["notice 1", "notice 2"]
        assert [row.code for row in of(Issue, rows)] == ["count-mismatch"]


def test_a_long_list_is_known_by_its_first_bytes() -> None:
    many = {"total": 400, "_embedded": {"notices": [{**RED, "entity_id": f"2031/{n}"} for n in range(400)]}}
    source = file(json.dumps(many))
    assert detect(source).reader == "notice"
    assert len(of(Document, read(source))) == 400


def test_one_subject_in_two_files() -> None:
    one, two = file(json.dumps(RED)), file(json.dumps([RED, UN]))
    assert set(entities(read(one))) < set(entities(read(two)))


@pytest.mark.parametrize(("given", "title"), [("blue", "Blue notice"), ("", "Notice")])
def test_the_colour_may_be_given(given: str, title: str) -> None:
    plain = {"entity_id": "2031/1", "name": "X", "forename": "Y"}
    assert of(Document, read(file(json.dumps(plain)), {"notice": given}, "notice"))[0].title == f"{title} 2031/1: Y X"


def test_what_is_wrong_is_said() -> None:
    odd = {**YELLOW, "date_of_birth": "24/12/2012", "shoe_size": 42, "height": "0.00"}
    rows = list(read(file(json.dumps([odd, {"no": "notice"}]))))
    assert only(rows, "Person")["birthDate"] == ["24/12/2012"]
    assert "height" not in only(rows, "Person")
    assert {row.code for row in of(Issue, rows)} == {"bad-date", "unknown-word", "bad-row"}
    assert "shoe_size: 42" in of(Passage, rows)[0].text


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[1]", json.dumps(RED).encode()[:200], b'{"entity_id": ' + b"[" * 90_000]
)
def test_damaged_files(data: bytes) -> None:
    rows = list(read(file(data), reader="notice"))
    assert {trace.document_id for trace in of(Trace, rows)} == {row.id for row in of(Document, rows)}
    assert of(Issue, rows)


def test_nesting_is_bounded() -> None:
    deep = '{"entity_id": "1/1", "name": "X", "forename": "Y", "aliases": ' + '{"a": ' * 400 + "1" + "}" * 400 + "}"
    assert len(of(Document, read(file(deep), reader="notice"))) == 1
