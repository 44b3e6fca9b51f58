"""Columns of special categories are hidden until they are revealed, in four languages."""

from __future__ import annotations

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
