"""Fields that tell of a special category are claimed in every form of file, and so hidden; all else is as it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document as Letter

from workbench import ingest
from workbench.ingest.reading.source import Evidence
from workbench.ingest.reading.special_labels import claim_special_fields, find_special_label
from workbench.model.rows import Claim, Passage, Row
from workbench.model.schema import SPECIAL

SECRET = "Sikh"
FEATURE = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [4.3, 52.1]}}
KML = (
    '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>Home</name><ExtendedData>'
    '<Data name="{label}"><value>Sikh</value></Data></ExtendedData><Point><coordinates>4.3,52.1</coordinates></Point></Placemark>'
    "</Document></kml>"
)


def build_letter(label: str) -> bytes:
    made = Letter()
    table = made.add_table(rows=2, cols=2)
    for row, cells in enumerate((("Name", label), ("Bo Roe", SECRET))):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    held = BytesIO()
    made.save(held)
    return held.getvalue()


FORMS: dict[str, Callable[[str], bytes | str]] = {
    "a.geojson": lambda label: json.dumps({**FEATURE, "properties": {"name": "Home", label: SECRET}}),
    "deep.geojson": lambda label: json.dumps(
        {**FEATURE, "properties": {"name": "Home", "more": {"of": [{label: SECRET}]}}}
    ),
    "a.kml": lambda label: KML.format(label=label),
    "a.vcf": lambda label: (
        f"BEGIN:VCARD\nVERSION:3.0\nFN:Ed\nTEL:+447700900111\nX-{label.upper()}:{SECRET}\nEND:VCARD\n"
    ),
    "one.json": lambda label: json.dumps({"name": "Cy", label: SECRET, "phone": "+447700900777"}),
    "deep.json": lambda label: json.dumps({"export": {"persons": [{"name": "Cy", label: SECRET}]}, "version": 1}),
    "a.html": lambda label: (
        f"<html><body><table><tr><th>Name</th><th>{label}</th></tr><tr><td>Al</td><td>{SECRET}</td></tr></table></body></html>"
    ),
    "a.docx": build_letter,
    "a.rtf": lambda label: (
        rf"{{\rtf1 \trowd\cellx1000\cellx2000 Name\cell {label}\cell\row \trowd\cellx1000\cellx2000 Al\cell {SECRET}\cell\row}}"
    ),
    "a.txt": lambda label: f"Name | {label}\nDora | {SECRET}\n",
    "form.txt": lambda label: f"Name | Dora\n{label} | {SECRET}\n",
}


def read(name: str, content: bytes | str) -> list[Row]:
    data = content if isinstance(content, bytes) else content.encode()
    source = ingest.SourceFile(Path(name), "ab" * 32, name, data)
    return list(ingest.read(source, {}, ingest.detect(source).reader))


def list_hidden(rows: list[Row]) -> set[str]:
    return {row.passage_id for row in rows if isinstance(row, Claim) and row.prop in SPECIAL}


@pytest.mark.parametrize("name", FORMS)
def test_a_field_of_a_special_category_is_claimed_in_every_form(name: str) -> None:
    rows = read(name, FORMS[name]("religion"))
    said = {row.id for row in rows if isinstance(row, Passage) and SECRET in row.text}
    assert said and said <= list_hidden(rows)
    assert any(isinstance(row, Claim) and row.prop == "religion" and SECRET in row.value for row in rows)


@pytest.mark.parametrize("name", FORMS)
def test_a_field_of_another_name_is_not(name: str) -> None:
    rows = read(name, FORMS[name]("village"))
    assert any(isinstance(row, Passage) and SECRET in row.text for row in rows) and not list_hidden(rows)


def test_running_text_about_religion_is_claimed_nowhere() -> None:
    for text in (
        "Religion: she is a Sikh.\n\nHealth | and safety of the whole yard | a long\nnote",
        "The health of the state.",
    ):
        rows = read("a.txt", text)
        assert not any(isinstance(row, Claim) and row.value == "she is a Sikh." for row in rows)


def test_a_table_goes_on_in_the_next_passage_and_ends_with_its_width() -> None:
    texts = [f"Name | Religion\nAl | {SECRET}", f"Bo | {SECRET}", "a | b | c", "Di | none"]
    rows: list[Any] = [Passage(str(at), "d", at, text) for at, text in enumerate(texts)]
    assert list_hidden(list(claim_special_fields(rows, Evidence("text", "1")))) == {"0", "1"}


def test_members_of_a_text_in_json_are_followed_through_its_passages() -> None:
    whole = json.dumps({"a": "b" * 50, "diagnosis": "c" * 90, "z": 1}).replace(" ", "")
    for size in (17, 30, 61):
        texts = [whole[at : at + size] for at in range(0, len(whole), size)]
        rows: list[Any] = [Passage(str(at), "d", at, text) for at, text in enumerate(texts)]
        hidden = list_hidden(list(claim_special_fields(rows, Evidence("text", "1"), is_json=True)))
        assert {str(at) for at, text in enumerate(texts) if "ccc" in text} <= hidden and "0" not in hidden


@pytest.mark.parametrize(
    ("label", "prop"),
    [
        ("X-RELIGION", "religion"),
        ("details.diagnosis", "health"),
        ("sexualOrientation", "sexLife"),
        ("Name", ""),
        ("", ""),
    ],
)
def test_a_label_is_known_in_any_way_of_writing(label: str, prop: str) -> None:
    assert find_special_label(label) == prop
