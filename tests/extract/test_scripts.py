"""Numbers, dates and amounts in the scripts and by the habits of four languages; what cannot be read in one way stays as written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.extract import build_identifier_method
from workbench.extract.identifiers.identifiers import find_identifiers, find_issues
from workbench.extract.languages import detect_languages
from workbench.model.rows import Passage
from workbench.model.text.normalise import normalise_digits


def read(text: str, spoken: str = "") -> list[tuple[str, str]]:
    return [(found.kind, found.value) for found in find_identifiers(text, spoken=spoken) if not found.wrong]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("رقم الهاتف \u200e+٤٤ ٧٧٠٠ ٩٠٠١٢٣", "telephone", "+447700900123"),
        ("شماره ۰۰۴۴۷۷۰۰۹۰۰۱۲۳", "telephone", "+447700900123"),
        ("رقم جواز السفر X1234567", "passport", "X1234567"),
        ("رقم الحساب ١٢٣٤٥٦٧٨٩", "account", "123456789"),
        ("IMEI ٤٩٠١٥٤٢٠٣٢٣٧٥١٨", "imei", "490154203237518"),
        ("البريد ada@example.org", "email", "ada@example.org"),
        ("بتاريخ ١٢ مارس ٢٠٢٤", "date", "2024-03-12"),
        ("في 12 آذار/مارس 2024", "date", "2024-03-12"),
        ("يوم 7 تشرين الثاني 2023", "date", "2023-11-07"),
        ("يوم 7 من نونبر عام 2023", "date", "2023-11-07"),
        ("le 1er mars 2024", "date", "2024-03-01"),
        ("el 3 de abril del 2024", "date", "2024-04-03"),
        ("٢٠٢٤/٠٣/١٢", "date", "2024-03-12"),
        ("مبلغ ١٬٥٠٠٫٥٠ ريال", "amount", "RIAL 1500.5"),
        ("نحو 20 ألف يورو", "amount", "EUR 20000"),
        ("2,5 millions d'euros", "amount", "EUR 2500000"),
        ("12 500,75 €", "amount", "EUR 12500.75"),
        ("3 millones de dólares", "amount", "USD 3000000"),
        ("1.500 euros", "amount", "EUR 1500"),
    ],
)
def test_it_is_read_in_its_script(text: str, kind: str, value: str) -> None:
    assert (kind, value) in read(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The van left on 3/4/2024 before noon.", "3/4/2024"),
        ("La camionnette est partie le 3/4/2024 avant midi.", "2024-04-03"),
        ("La furgoneta salió el 3/4/2024 antes del mediodía.", "2024-04-03"),
        ("غادرت الشاحنة في ٣/٤/٢٠٢٤ قبل الظهر.", "2024-04-03"),
        ("3/4/2024", "3/4/2024"),
    ],
)
def test_the_language_says_which_comes_first(text: str, value: str) -> None:
    assert read(text) == [("date", value)]


def test_a_short_line_has_the_order_of_its_document() -> None:
    passages = [
        Passage("a", "d", 0, "Le dépôt a été fouillé dans la matinée par deux agents."),
        Passage("b", "d", 1, "3/4/2024"),
    ]
    spoken = detect_languages(passages)
    claims = list(build_identifier_method(spoken=spoken).extract(passages))
    assert [claim.value for claim in claims] == ["2024-04-03"]


@pytest.mark.parametrize(
    "text",
    ["15 رمضان 1445 هـ", "١٥ من رمضان ١٤٤٥", "1445/09/15", "15/09/1445هـ", "5 ramadan 1446", "1402/05/12", "3 ذو الحجة"],
)  # fmt: skip
def test_another_calendar_is_kept_as_written_and_told(text: str) -> None:
    told = list(find_issues([Passage("p", "d", 0, text)]))
    assert [issue.code for issue in told] == ["other-calendar"]
    kind, value = read(text)[0]
    assert kind == "date"
    assert value.startswith(normalise_digits(text)[:9])


@given(st.text(st.sampled_from("٠١٢٣۴۵٫٬/-. هـ+0123456789رمضانمارس"), max_size=40))
def test_places_hold_in_every_script(text: str) -> None:
    assert len(normalise_digits(text)) == len(text)
    for found in find_identifiers(text):
        assert 0 <= found.start < found.end <= len(text)
