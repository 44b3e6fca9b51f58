"""Notices in the JSON of the public service: read into the model and written again, nothing is lost. Every notice is invented."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingest.registers.test_notices import RED, UN, YELLOW
from workbench.errors import SchemaError
from workbench.messages import Notice
from workbench.messages.model.message import Person
from workbench.messages.model.message_json import LONGEST
from workbench.messages.notices import from_public, list_subjects, to_notice_json, to_public
from workbench.messages.traffic import message_objects

OWN = ("_links", "_embedded")


def notice(data: dict[str, Any]) -> Notice:
    made = from_public(data).message
    assert isinstance(made, Notice)
    return made


def test_a_red_notice() -> None:
    made = notice(RED)
    (person,) = made.persons
    assert (made.our_ref, made.color, person.status) == ("2031/99001", "red", "wanted")
    assert (person.family_name, person.forename, person.date_of_birth) == ("WINTERFELD", "ADA MARIA", "1980-02-01")
    assert person.description.split("\n")[:3] == ["Scar on left hand", "country_of_birth_id: NL", "height: 1.65"]
    assert (made.charges[0].text, made.charges[0].translation, made.decisions[0].country) == (
        "Burla qualificada",
        "Fraud",
        "PT",
    )


def test_a_disappearance() -> None:
    made = notice(YELLOW)
    assert (made.color, made.event.date, made.event.place) == ("yellow", "2030-12-24", "Puerto Perdido")
    assert (made.persons[0].date_of_birth, made.persons[0].status) == ("2012", "missing")
    assert made.persons[0].parents == "father_name: ORTEGA\nfather_forename: JUAN\nmother_forename: ANA"


def test_a_name_in_its_own_script_is_sought_too() -> None:
    made = notice({**RED, "name_in_original_script": "الفاسي", "forename_in_original_script": "كريم"})
    assert made.persons[0].name_in_original_script == "الفاسي"
    (one,) = list_subjects(made)
    assert one.names == ("ADA MARIA WINTERFELD", "كريم الفاسي")


def test_a_special_notice_of_the_un_is_read_and_never_made() -> None:
    made = notice(UN)
    assert (made.un_reference, made.un_resolution, made.persons) == ("XXe.999", "1267", ())
    assert made.objects[0].kind == "organisation" and made.objects[0].description.startswith(
        "GREY HARBOUR FOUNDATION\nميناء رمادي\nGHF"
    )
    with pytest.raises(
        SchemaError, match="This program can read UN special notices and compare them with the case, but it"
    ):
        to_public(made)


@pytest.mark.parametrize("data", [RED, YELLOW], ids=["red", "yellow"])
def test_in_and_out_again_is_the_same_notice(data: dict[str, Any]) -> None:
    wanted = {name: value for name, value in data.items() if name not in OWN}
    assert to_public(notice(data)) == wanted


def test_every_field_says_where_it_went() -> None:
    found = from_public({**RED, "shoe": 38}, "notice 7")
    assert {one.label for one in found.unmapped_values} == {"_links", "shoe"}
    assert {one.place for one in found.origins} == {"notice 7"}
    where = {one.label: one.field for one in found.origins}
    assert (where["date_of_birth"], where["height"]) == ("persons[0].date_of_birth", "persons[0].description")


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=15)
DAY = st.dates().map(lambda day: f"{day:%Y}".zfill(4) + f"/{day:%m/%d}") | st.integers(1900, 2030).map(str)
CODE = st.sampled_from(["QM", "XA", "XB"])
WARRANT = st.fixed_dictionaries({"charge": TEXT}, optional={"issuing_country_id": CODE, "charge_translation": TEXT})
PUBLIC = st.fixed_dictionaries(
    {"entity_id": st.integers(1, 10**5).map("2031/{}".format), "name": TEXT, "arrest_warrants": st.lists(WARRANT, min_size=1, max_size=2)},
    optional={
        "forename": TEXT, "date_of_birth": DAY, "sex_id": st.sampled_from("MFU"), "nationalities": st.lists(CODE, min_size=1, max_size=3),
        "place_of_birth": TEXT, "country_of_birth_id": CODE, "height": st.floats(0.1, 2.5), "weight": st.integers(0, 200),
        "eyes_colors_id": st.lists(TEXT, min_size=1, max_size=2), "hairs_id": st.lists(TEXT, min_size=1, max_size=2),
        "languages_spoken_ids": st.lists(TEXT, min_size=1, max_size=2), "distinguishing_marks": TEXT, "birth_name": TEXT,
        "father_name": TEXT, "father_forename": TEXT, "mother_name": TEXT, "mother_forename": TEXT, "date_of_event": DAY, "place": TEXT,
        "name_in_original_script": TEXT, "forename_in_original_script": TEXT,
        "country": CODE, "aliases": st.lists(TEXT, min_size=1, max_size=2), "profession": TEXT, "summary": TEXT,
        "identity_documents": st.lists(st.dictionaries(TEXT, TEXT, max_size=2), min_size=1, max_size=2),
    },
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(PUBLIC)
def test_any_notice_comes_out_as_it_went_in(data: dict[str, Any]) -> None:
    (found,) = message_objects.read_messages(json.dumps(data))
    assert isinstance(found.message, Notice)
    assert json.loads(to_notice_json(found.message)) == data
    assert notice(to_public(found.message)) == found.message


def test_a_list_of_notices() -> None:
    found = list(
        message_objects.read_messages(json.dumps({"total": 2, "_embedded": {"notices": [RED, YELLOW, {"name": "X"}]}}))
    )
    assert [one.place for one in found] == ["notice 1", "notice 2", "notice 3"]
    assert [one.message.color if isinstance(one.message, Notice) else "" for one in found] == ["red", "yellow", ""]
    assert found[2].reason


def test_a_notice_is_about_one_person() -> None:
    with pytest.raises(SchemaError, match="about one person, but this one has 2 persons"):
        to_public(Notice(color="red", persons=(Person(), Person())))


def test_a_description_by_hand_is_marks() -> None:
    made = Notice(our_ref="1", color="red", persons=(Person(family_name="A", description="1.84 m, fair hair"),))
    assert to_public(made)["distinguishing_marks"] == "1.84 m, fair hair"


def test_notices_are_read_although_one_has_a_field_twice() -> None:
    doubled = '{"entity_id":"2031/1","name":"FASSI","name":"OTHER","forename":"KARIM","date_of_birth":"1950/01/01"}'
    whole = f'{{"total":2,"_embedded":{{"notices":[{doubled},{json.dumps(RED)}]}}}}'
    made = [one.message for text in (whole, f"[{doubled}]", doubled) for one in message_objects.read_messages(text)]
    assert all(isinstance(one, Notice) for one in made) and len(made) == 4
    assert isinstance(made[0], Notice) and made[0].persons[0].family_name == "FASSI"
    (own,) = message_objects.read_messages('[{"form":"message","subject":"a","subject":"b"},' + doubled + "]")
    assert own.message is None


@pytest.mark.parametrize("text", ['{"a": NaN}', "{broken", '{"name":"A","name":"B","more":"' + "x" * LONGEST + '"}'])
def test_a_text_is_read_a_second_time_only_for_a_field_twice_and_if_it_is_not_too_long(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_objects, "parse_doubled", lambda _: pytest.fail("it was read again"))
    (found,) = message_objects.read_messages(text)
    assert found.message is None and found.reason
