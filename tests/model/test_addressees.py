"""What kind of addressee words speak of, in four languages."""

from __future__ import annotations

import pytest

from workbench.model.text.addressee_kind import is_judicial

COURTS = (
    "public prosecutor", "PROSECUTOR", "Pròsecutor's Office", "the court of Zandhaven", "Judge R.", "examining magistrate", "Tribunal",
    "counsel for the defence", "parquet de Port-Clair", "Procureure de la République", "le juge d'instruction", "Ministère public",
    "MINISTERE PUBLIC", "Cour d'appel", "fiscal", "Fiscalía General", "Juzgado n.º 4", "jueza", "Ministerio Público", "Corte Suprema",
    "النيابة العامة", "المدعي العام", "المدعى العام", "محكمة", "المحكمة الابتدائية", "قاض", "قاضي التحقيق", "إلى القضاة",
    "لمحكمة الاستئناف", "للنيابة", "والمحكمة", "النِّيَابَة", "وكيل الجمهورية", "Police prosecution unit", "bureau of the district attorney",
)  # fmt: skip
POLICE = (
    "NCB Valdora",
    "Europol",
    "Policía Nacional",
    "la gendarmerie",
    "customs at Zandhaven",
    "الشرطة",
    "شرطة الميناء",
)


@pytest.mark.parametrize("name", COURTS)
def test_of_judicial_proceedings(name: str) -> None:
    assert is_judicial(name) is True


@pytest.mark.parametrize("name", POLICE)
def test_of_the_police(name: str) -> None:
    assert is_judicial(name) is False


@pytest.mark.parametrize("name", ["a bureau", "team B", "Ada Lind", "a partner", "", "محمد"])
def test_what_is_not_known_is_not_guessed(name: str) -> None:
    assert is_judicial(name) is None
