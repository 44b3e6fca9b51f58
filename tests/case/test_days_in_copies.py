"""Days of birth, with or without a time, and numbers of every kind in pseudonymised copies and after an erasure."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.case.everywhere import Needles, texts
from workbench.case.case import Case, open_case
from workbench.case.privacy.pseudonyms.replacement_vocabulary import get_value_kind, replace_day
from workbench.model import schema
from workbench.model.pseudonyms.name_matching import Phrases, list_day_forms
from workbench.model.pseudonyms.text_rewriter import LITERAL, Disguise, encode_entry
from workbench.model.pseudonyms.tokens import Tokens

Opens = Callable[..., Case]
PHRASE = "correct horse battery staple"
BORN = {
    "Pia Mandelbrook": "1971-05-14 00:00:00", "Tom Grunwessel": "1972-06-15T00:00:00Z", "Tim Blimptree": "16.07.1973 00:00",
    "Ines Quandrelle": "1974-10",
}  # fmt: skip
SAID = (
    "14 May 1971",
    "14th May 1971",
    "May 14th, 1971",
    "the 14TH of MAY, 1971",
    "14 مايو 1971",
    "15 June 1972",
    "16/7/1973",
)
NUMBERS = {"imoNumber": "9074729", "mmsi": "235009802", "callSign": "GZQW7"}
CODES = {
    "leiCode": "213800D1EI4B9WTWWD28",
    "ogrnCode": "1027700132195",
    "dunsCode": "150483782",
    "permId": "5037651204",
}
TELEPHONE = "+44 7911 123321"
HIDDEN = (
    "07911 123\u200b321",
    "+44 7911 \u2068123321\u2069",
    "0791\u20601 123321",
    "07911 1233\u00ad21",
    "07911\u200e 123\u200f321",
)


def write_material(folder: Path) -> Path:
    folder.mkdir()
    rows = "".join(f"{name},{born},{TELEPHONE if at == 0 else ''}\n" for at, (name, born) in enumerate(BORN.items()))
    (folder / "people.csv").write_text(f"name,birth date,phone\n{rows}", "utf-8")
    vessel = {
        "id": "vessel-77",
        "schema": "Vessel",
        "properties": {"name": ["Zephyranth"], **{k: [v] for k, v in NUMBERS.items()}},
    }
    firm = {
        "id": "firm-77",
        "schema": "Company",
        "properties": {"name": ["Glimmerfax Ltd"], **{k: [v] for k, v in CODES.items()}},
    }
    (folder / "list.ftm.json").write_text(f"{json.dumps(vessel)}\n{json.dumps(firm)}\n", "utf-8")
    (folder / "note.md").write_text(" | ".join((*SAID, *NUMBERS.values(), *CODES.values(), *HIDDEN)) + "\n", "utf-8")
    return folder


@pytest.mark.slow
def test_no_day_of_birth_and_no_number_stands_in_the_copy(opened: Opens, tmp_path: Path) -> None:
    case = opened()
    case.add(write_material(tmp_path / "in"))
    made = case.subjects.pseudonymise(tmp_path / "copy", because="course", key=tmp_path / "key", passphrase=PHRASE)
    copy = open_case(made.folder, officer="zed", purpose="training")
    text = "\n".join(copy.context.passages["text"])
    values = copy.context.evidence[["prop", "value"]]
    copy.close()
    kept = (*SAID, *BORN.values(), *NUMBERS.values(), *CODES.values(), *HIDDEN, "123321")
    assert [one for one in kept if one in text or one in set(values["value"])] == []
    dates = sorted(values.loc[values["prop"] == "birthDate", "value"].unique())
    assert [date[:4] for date in dates] == ["1971", "1972", "1973", "1974"] and len(dates[3]) == len("1974-10")
    assert not {"1971-05-14", "1972-06-15", "1973-07-16", "1974-10"} & {date[:10] for date in dates}
    assert f"birth date: {dates[3]}" in text and f"birth date: {dates[0][:10]} 00:00:00" in text


@pytest.mark.slow
def test_what_a_reading_suggests_is_rewritten_as_the_texts_are(opened: Opens, tmp_path: Path) -> None:
    """Captions, claims, quotes and notes: no table of the copy has a day that a text of it no longer has."""
    case, folder = opened(), write_material(tmp_path / "in")
    (folder / "memo.txt").write_text("Pia Mandelbrook was born on 14 May 1971. She came on 3 March 2024.\n", "utf-8")
    case.add(folder)
    case.extract()
    mentions = case.entities().query("schema == 'Mention'")["caption"]
    assert {"1971-05-14", "2024-03-03"} <= set(mentions), "a reading has suggested the day"
    made = case.subjects.pseudonymise(tmp_path / "copy", because="course", key=tmp_path / "key", passphrase=PHRASE)
    needles = Needles(("1971-05-14", "14 May 1971", "14th May 1971", "May 14th, 1971", "14.05.1971", "16/7/1973"))
    copy = open_case(made.folder, officer="zed", purpose="training")
    captions, moved = set(copy.entities()["caption"]), copy.context.evidence.query("prop == 'birthDate'")["value"]
    assert "2024-03-03" in captions, "what is no day of birth stays"
    assert {day[:10] for day in moved if day.startswith("1971")} <= captions, "the same day in claims and captions"
    copy.close()
    files = [path for path in made.folder.rglob("*") if path.is_file()]
    found = {(path.name, *needles.found(text)) for path in files for text in texts(path.read_bytes())}
    assert [one for one in found if len(one) > 1] == []


@pytest.mark.slow
def test_no_day_of_birth_and_no_number_stands_after_an_erasure(opened: Opens, tmp_path: Path) -> None:
    case = opened()
    case.add(write_material(tmp_path / "in"))
    names = ("Pia Mandelbrook", "Zephyranth", "Glimmerfax Ltd")
    said = " | ".join((*SAID[:5], *NUMBERS.values(), *CODES.values(), *HIDDEN))
    for name in names:
        (tmp_path / f"{name}.md").write_text(f"{name} | {said}\n", "utf-8")
        case.add(tmp_path / f"{name}.md")
    case.extract()
    for name in names:
        ids = [*case.context.evidence.loc[case.context.evidence["value"] == name, "entity_id"].unique()]
        for other in ids[1:]:
            case.judgements.judge([ids[0], other], same=True, because="one")
        case.privacy.erase(ids[0], because="request 9", sure=True)
    texts = [*case.context.passages["text"]]
    gone = (*NUMBERS.values(), *CODES.values(), *HIDDEN)
    assert [one for one in gone if any(one in text for text in texts)] == []
    told = next(text for text in texts if text.startswith("[erased] | ") and "1971" not in text)
    assert "May" not in told and "مايو" not in told


@pytest.mark.parametrize(
    "prop", sorted(name for name, kind in schema.list_property_types().items() if kind == "identifier")
)
def test_every_identifier_of_the_vocabulary_is_a_number_of_one_thing_or_a_code_of_many(prop: str) -> None:
    assert (prop in schema.list_identifiers()) != (prop in schema.SORTING)
    if prop in schema.list_identifiers():
        assert get_value_kind("Company", prop, "QX 77182") not in ("", "text")


def test_codes_of_many_things_are_identifiers_of_the_vocabulary() -> None:
    assert {name for name, kind in schema.list_property_types().items() if kind == "identifier"} >= schema.SORTING
    assert schema.list_property_types().keys() >= schema.OWN


def test_months_of_a_year_stay_apart_and_a_time_stays() -> None:
    tokens = Tokens(bytes(32))
    months = [f"1971-{month:02}" for month in range(1, 13)]
    made = [replace_day(tokens, month) for month in months]
    assert len(set(made)) == 12 and set(made) == set(months) and all(a != b for a, b in zip(months, made, strict=True))
    assert replace_day(tokens, "1971-05-14T12:30:00+00:00") == replace_day(tokens, "1971-05-14") + "T12:30:00+00:00"
    assert replace_day(tokens, "1971") == "1971" and replace_day(tokens, "in May") == "in May"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("14 May 1971", "21 November 1971"), ("14-MAY-1971", "21-NOVEMBER-1971"), ("14th may 1971", "21st november 1971"),
        ("19710514", "19711121"), ("1971/05/14T00:00", "1971/11/21T00:00"), ("10/1983", "03/1983"), ("no 198310", "no 198310"),
        ("21-10-1983 and 1983-10-21", "21-10-1983 and 1983-10-21"), ("October 1983", "March 1983"),
    ],
)  # fmt: skip
def test_another_day_stands_as_the_first_was_written(text: str, made: str) -> None:
    whole: dict[str, str] = {}
    for one, other in (("1971-05-14", "1971-11-21"), ("1983-10", "1983-03")):
        for old, new in zip(list_day_forms(one), list_day_forms(other), strict=True):
            whole.setdefault(old, encode_entry(LITERAL, new))
    assert Disguise(Tokens(bytes(32)), Phrases(whole)).rewrite_text(text) == made
