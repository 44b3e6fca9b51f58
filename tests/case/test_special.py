"""Columns of special categories are hidden until they are revealed, in four languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.case.case import open_case
from workbench.model.schema import SPECIAL

COLUMNS = {
    "name,date of birth,religion": "religion",
    "name,date of birth,trade union membership": "tradeUnion",
    "nom et prénom,date de naissance,ethnie": "ethnicity",
    "nom et prénom,date de naissance,appartenance syndicale": "tradeUnion",
    "nombre completo,fecha de nacimiento,confesión": "religion",
    "nombre completo,fecha de nacimiento,afiliación política": "political",
    "nombre completo,fecha de nacimiento,afiliación sindical": "tradeUnion",
    "الاسم,تاريخ الميلاد,الديانة": "religion",
    "الاسم,تاريخ الميلاد,النقابة": "tradeUnion",
    "الاسم,تاريخ الميلاد,الأصل العرقي": "ethnicity",
    "name,date of birth,medical condition": "health",
    "name,date of birth,Blood group": "health",
    "name,date of birth,sexual orientation": "sexLife",
    "name,date of birth,fingerprint no.": "biometrics",
    "name,date of birth,DNA profile": "genetics",
    "nom et prénom,date de naissance,état de santé": "health",
    "nom et prénom,date de naissance,orientation sexuelle": "sexLife",
    "nom et prénom,date de naissance,empreintes digitales": "biometrics",
    "nom et prénom,date de naissance,profil génétique": "genetics",
    "nombre completo,fecha de nacimiento,diagnóstico": "health",
    "nombre completo,fecha de nacimiento,orientación sexual": "sexLife",
    "nombre completo,fecha de nacimiento,huellas dactilares": "biometrics",
    "nombre completo,fecha de nacimiento,ADN": "genetics",
    "الاسم,تاريخ الميلاد,الحالة الصحية": "health",
    "الاسم,تاريخ الميلاد,الميل الجنسي": "sexLife",
    "الاسم,تاريخ الميلاد,بصمات الأصابع": "biometrics",
    "الاسم,تاريخ الميلاد,الحمض النووي": "genetics",
}
HARMLESS = (
    "name,date of birth,region", "name,date of birth,confession", "nom et prénom,date de naissance,parti le",
    "nombre completo,fecha de nacimiento,carrera",
    "الاسم,تاريخ الميلاد,العنوان", "name,date of birth,sex", "name,date of birth,health and safety officer",
    "nom et prénom,date de naissance,sexe", "nombre completo,fecha de nacimiento,sexo",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("header", [*COLUMNS, *HARMLESS])
def test_a_column_is_known_by_its_header(tmp_path: Path, header: str) -> None:
    (tmp_path / "r.csv").write_text(f"{header}\nMarta Oliveira,1980-02-01,Quellwasser\nBo Ek,1971-01-05,\n", "utf-8")
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    case.add(tmp_path / "r.csv")
    hidden, told = case.evidence.list(), case.handling.withheld()
    if header in HARMLESS:
        assert told.empty and not set(hidden["prop"]) & set(SPECIAL)
    else:
        assert "Quellwasser" not in hidden.to_csv() and case.search("Quellwasser").empty
        assert told["why"].tolist() == ["hidden until revealed"] and (told["items"] > 0).all()
        assert "Bo Ek" in set(hidden["value"])
        case.handling.reveal("special categories", because="the motive is in question")
        shown = case.evidence.list().set_index("prop")["value"]
        assert shown[COLUMNS[header]] == "Quellwasser" and case.handling.withheld().empty
    case.close()


HEADS = {
    "calls": "Calling Number,Called Number,Start Time,Duration,{column},Cell Name\n"
    "+4477009003{n},+447700900555,2024-03-01T09:{n}:00,60,{value},Mast A\n",
    "transfers": "Date,From account,To account,Amount,Currency,{column}\n"
    "2024-01-0{n},GB82WEST12345698765432,GB29NWBK60161331926819,{n}0.00,EUR,{value}\n",
    "places": "Latitude,Longitude,Time,{column}\n51.{n}2,1.1,2024-01-01T0{n}:00:00Z,{value}\n",
    "vehicles": "Plate,Colour,{column}\nAB1{n} CDE,red,{value}\n",
    "firms": "Company,Registration number,{column}\nAcme{n} Ltd,1234567{n},{value}\n",
    "alone": "{column}\n{value}\n",
    "of nothing": "ID,Shift,{column}\n{n},late,{value}\n",
    "persons, with another such column": "name,religion,{column}\nCara Munn{n},,{value}\n",
    "first names": "Nombre;{column};Turno\nCara{n};{value};noche\n",
}
"""Kind of a table -> its header and a row."""
HEADERS = ("Religion", "faith", "Ethnicity (self declared)", "details.religion", "Primary diagnosis", "diagnóstico 2", "sexualOrientation",
           "syndicat", "Blood_Type", "النقابة", "Personal/Religion")  # fmt: skip


def added(tmp_path: Path, name: str, content: str) -> str:
    """What can be read of a file in a case, and of how its columns are taken."""
    (tmp_path / name).write_text(content, "utf-8")
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    case.add(tmp_path / name)
    case.extract()
    tables = (case.evidence.list(), case.context.passages, case.sources.issues(), case.search("Quellwasser", limit=50))
    mapping = case.sources.mapping(name).to_csv() if not case.sources.list().empty else ""
    out = case.export(tmp_path / "out.csv", case.context.passages, to="public prosecutor").read_text("utf-8")
    told = case.handling.withheld()
    assert told["why"].tolist() == ["hidden until revealed"]
    case.handling.reveal("special categories", because="x")
    assert "Quellwasser" in case.evidence.list().to_csv() and "Quellwasser" in case.context.passages.to_csv()
    case.close()
    return "".join(table.to_csv() for table in tables) + mapping + out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "header"), [*((kind, "Religion") for kind in HEADS), *(("of nothing", header) for header in HEADERS)]
)
def test_a_column_is_hidden_in_every_kind_of_table(tmp_path: Path, kind: str, header: str) -> None:
    head, row = HEADS[kind].replace("{column}", header).splitlines()
    rows = [row.format(n=n if kind != "calls" else f"{n:02}", value="Quellwasser") for n in range(1, 7)]
    assert "Quellwasser" not in added(tmp_path, "t.csv", "\n".join([head, *rows]) + "\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    "record",
    [
        {"name": "Cara Munn", "details": {"religion": "Quellwasser"}},
        {"id": 4, "profile": {"religion": ["Quellwasser", "other"]}},
        {"id": 4, "profile": {"religion": {"name": "Quellwasser"}}},
        {"id": 4, "entries": [{"sexualOrientation": "Quellwasser"}, {"age": 3}]},
        {"id": 4, "a": {"b": {"c": {"d": {"e": {"f": {"diagnosis": "Quellwasser"}}}}}}},
    ],
)
def test_a_member_of_a_record_is_hidden_however_deep_it_stands(tmp_path: Path, record: dict[str, object]) -> None:
    assert "Quellwasser" not in added(tmp_path, "t.json", json.dumps([record] * 2))


@pytest.mark.slow
def test_a_row_that_is_not_read_as_others_hides_what_may_be_special_too(tmp_path: Path) -> None:
    rows = [f"{n},Cara Munn{n},Zorbaist,late" for n in range(1, 9)]
    odd = ["9,Dora,Finch,Quellwasser,late", ",,Quellwasser,"]
    assert "Quellwasser" not in added(tmp_path, "t.csv", "\n".join(["no,name,religion,shift", *rows, *odd]) + "\n")


def test_a_table_of_first_names_and_birth_dates_is_one_of_persons(tmp_path: Path) -> None:
    (tmp_path / "es.csv").write_text("Nombre;Fecha de nacimiento\nCara Munn;2019-02-01\nBo Ek;1971-01-05\n", "utf-8")
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    case.add(tmp_path / "es.csv")
    assert "Cara Munn" not in case.context.passages.to_csv() and "Bo Ek" in set(case.evidence.list()["value"])
    case.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    "header",
    ["Health centre", "Race number", "Trace", "Union Street", "Irises", "Political map", "Party", "Fingerprint reader"],
)
def test_a_header_that_only_has_such_a_word_is_an_ordinary_one(tmp_path: Path, header: str) -> None:
    (tmp_path / "t.csv").write_text(f"ID,Shift,{header}\n1,late,Quellwasser\n2,early,x\n", "utf-8")
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    case.add(tmp_path / "t.csv")
    assert "Quellwasser" in case.context.passages.to_csv() and case.handling.withheld().empty
    case.close()
