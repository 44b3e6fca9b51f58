"""FollowTheMoney out and in again: ingest, export and ingest is the identity."""

from __future__ import annotations

import csv
import io
import json
import re

import pandas as pd
import pytest
from followthemoney.statement.serialize import read_csv_statements, read_json_statements
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report.exports.rows import claims, evidence, file
from tests.report.exports.test_tables import DANGEROUS, HARD
from tests.report.exports.test_tables import TEXTS as CELLS
from workbench.ingest import detect, read
from workbench.ingest.reading.json_objects import Objects
from workbench.ingest.registers import ftm_entities as reader
from workbench.ingest.registers.register_record import Names
from workbench.model.rows import Issue
from workbench.model.schema import load_vocabulary
from workbench.model.text.spreadsheet_escape import LIVE, unescape_formula
from workbench.report.exports import About
from workbench.report.exports.claims_export import encode_entities, encode_statement_lines, encode_statements

ABOUT = About(title="Operation Grey Heron")
WHOLE = tuple(text for text in CELLS if text == text.encode("utf-8", "ignore").decode())
"""Texts that a ledger can hold: no half characters."""
TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=12),
    st.sampled_from(["=1+1", "+44 7700 900142", "a, b", 'The "Fox"', "x\ny", "a;b|c", "'", "NK-1", "  x", "\u202ecod"]),
).map(str.strip).filter(bool)  # fmt: skip
NUMBERS = st.integers(1200, 1999).map(lambda number: f"+3164489{number}")


def props(**values: st.SearchStrategy[str]) -> st.SearchStrategy[dict]:
    lists = {name: st.lists(each, max_size=3, unique=True) for name, each in values.items()}
    return st.fixed_dictionaries(lists).filter(lambda made: any(made.values()))


def things(schema: str, **values: st.SearchStrategy[str]) -> st.SearchStrategy[dict]:
    return st.fixed_dictionaries({"schema": st.just(schema), "properties": props(**values)})


THINGS = st.one_of(
    things("Person", name=TEXTS, alias=TEXTS, notes=TEXTS, phone=NUMBERS, birthDate=st.just("1980-02-01")),
    things("Organization", name=TEXTS, description=TEXTS),
    things("TelephoneNumber", number=NUMBERS, name=TEXTS),
    things("Handset", imei=st.just("490154203237518"), model=TEXTS),
    things("Company", name=TEXTS, registrationNumber=TEXTS),
    things("CourtCase", name=TEXTS, keywords=TEXTS),
)


@st.composite
def registers(draw: st.DrawFn) -> bytes:
    """Entities as JSON lines, with links between them and into nothing."""
    made = [{"id": f"e{number}", **one} for number, one in enumerate(draw(st.lists(THINGS, min_size=1, max_size=5)))]
    ends = st.sampled_from([*(one["id"] for one in made), "gone"])
    for number in range(draw(st.integers(0, 3))):
        said = {"holder": [draw(ends)], "held": [draw(ends)], "role": draw(st.lists(TEXTS, max_size=1))}
        made.append({"id": f"l{number}", "schema": "Attribution", "properties": said})
    return "\n".join(json.dumps(one) for one in made).encode()


def renamed(frame: pd.DataFrame, made: bytes) -> set[tuple[str, str, str, str]]:
    """What the rows say, with the ids that the entities of a file get when it is read."""
    names = Names(file(made, "x.ftm.json", "1"))
    for record in reader.read_records(Objects(names.source), []):
        names.add_record(record)
    found = set()
    for row in frame.itertuples():
        prop = load_vocabulary().schemata[row.schema].properties[row.prop]
        points = prop.type.name == "entity"
        value = names.get_id(row.value, prop.range.name if prop.range else "Thing") if points else row.value
        found.add((names.get_id(row.entity_id), row.schema, row.prop, value))
    return found


def said(frame: pd.DataFrame) -> set[tuple[str, str, str, str]]:
    return set(frame[["entity_id", "schema", "prop", "value"]].itertuples(index=False, name=None))


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(registers())
def test_entities_come_back(register: bytes) -> None:
    first = evidence(read(file(register, "r.ftm.json")))
    made = encode_entities(first, ABOUT)
    source = file(made, "x.ftm.json", "1")
    assert detect(source).reader == "ftm-entities"
    rows = list(read(source))
    assert said(evidence(rows)) == renamed(first, made)
    assert not [row for row in rows if isinstance(row, Issue)]
    assert encode_entities(evidence(rows), ABOUT).count(b"\n") == made.count(b"\n")


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(registers(), st.booleans())
def test_statements_come_back(register: bytes, suggested: bool) -> None:
    first = evidence(read(file(register, "r.ftm.json")))
    first = first.assign(kind="suggested") if suggested else first
    for write, name in ((encode_statements, "x.statements.csv"), (encode_statement_lines, "x.statements.json")):
        source = file(write(first, ABOUT), name, "1")
        assert detect(source).reader == "ftm-statements"
        rows = list(read(source))
        back = evidence(rows)
        assert said(back) == renamed(first, encode_entities(first, ABOUT))
        assert set(back["kind"]) == {"suggested" if suggested else "received"}
        assert not [row for row in rows if isinstance(row, Issue)]


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(registers())
def test_the_library_reads_our_statements(register: bytes) -> None:
    first = evidence(read(file(register, "r.ftm.json")))
    found = list(read_json_statements(io.BytesIO(encode_statement_lines(first, ABOUT))))
    assert {(one.entity_id, one.schema, one.prop, one.value) for one in found} == said(first)
    assert {one.dataset for one in found} == {"operation_grey_heron"}
    assert all(one.id == one.generate_key() for one in found)
    cells = list(read_csv_statements(io.BytesIO(encode_statements(first, ABOUT))))
    assert [(one.id, unescape_formula(one.value)) for one in cells] == [(one.id, one.value) for one in found]


def named(texts: list[str]) -> pd.DataFrame:
    """Evidence of a person who has each of the texts as a name, as it is written and as it was found."""
    register = b'{"id": "a", "schema": "Person", "properties": {"name": ["x"]}}'
    one = evidence(read(file(register, "r.ftm.json"))).iloc[0].to_dict()
    return pd.DataFrame([{**one, "value": text, "original_value": f"={text}", "method": text} for text in texts])


def test_no_cell_of_the_statements_begins_a_formula() -> None:
    first = named(list(WHOLE))
    for cells in csv.reader(io.StringIO(encode_statements(first, ABOUT).decode(), newline="")):
        for cell in cells:
            parts = re.split("[;\t\n]", cell)
            assert not [part for part in parts if part.lstrip(' "\u00a0\u200b\ufeff').startswith(DANGEROUS)]
            assert not LIVE.match(cell) or cell.startswith("'")


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.sampled_from(WHOLE), HARD.filter(lambda text: "\ud800" not in text)),
        min_size=1,
        max_size=6,
        unique=True,
    )
)
def test_statements_of_any_text_come_back(texts: list[str]) -> None:
    """The guard changes nothing: out of its cells come the values that stand as they are in JSON."""
    texts = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    if texts:
        cells, plain = (
            [(one.value, one.original_value) for one in claims(read(file(write(named(texts), ABOUT), name)))]
            for write, name in ((encode_statements, "x.statements.csv"), (encode_statement_lines, "x.statements.json"))
        )
        assert cells == plain


def test_only_files_that_say_so_are_stripped() -> None:
    """A name of another program may begin with an apostrophe: "'t Hooft"; and a mark of ours in it is not believed."""
    head = "entity_id,prop,schema,value,dataset{}\np1,name,Person,{},d{}\n"
    for mark, cell, value in (
        ("", "'-x", "'-x"),
        (",t", "'-x", "-x"),
        (",t", "⟨U+110000⟩", "⟨U+110000⟩"),
        (",f", "'=1", "'=1"),
    ):
        text = head.format(",guarded" if mark else "", cell, mark)
        assert [one.value for one in claims(read(file(text.encode(), "s.csv")))] == [value]


def test_original_values_stay() -> None:
    head = "entity_id,prop,schema,value,dataset,original_value\np1,name,Person,Ada Winter,d,WINTER Ada\n"
    first = evidence(read(file(head.encode(), "s.csv")))
    (name,) = claims(read(file(encode_statements(first, ABOUT), "s.statements.csv")))
    assert (name.value, name.original_value) == ("Ada Winter", "WINTER Ada")


def test_a_text_of_many_lines_and_semicolons_is_one_value() -> None:
    text = "\n".join(["a;b;c|d\te"] * 90)
    register = json.dumps({"id": "a", "schema": "Person", "properties": {"notes": [text]}}).encode()
    made = encode_statements(evidence(read(file(register, "r.ftm.json"))), ABOUT)
    assert [claim.value for claim in claims(read(file(made, "s.statements.csv")))] == [text]


def test_what_is_judged_the_same_is_one_entity() -> None:
    register = b"".join(
        json.dumps({"id": key, "schema": schema, "properties": said}).encode() + b"\n"
        for key, schema, said in (
            ("a", "Person", {"name": ["Ada"]}), ("b", "LegalEntity", {"name": ["A. Winter"]}),
            ("o", "Ownership", {"owner": ["b"], "asset": ["c"]}), ("c", "Company", {"name": ["Lagoon"]}),
        )
    )  # fmt: skip
    first = evidence(read(file(register, "r.ftm.json")))
    one, two = (first.loc[first["value"] == name, "entity_id"].item() for name in ("Ada", "A. Winter"))
    joined = first.assign(canonical_id=first["entity_id"].replace(two, one))
    made = {line["id"]: line for line in map(json.loads, encode_entities(joined, ABOUT).decode().splitlines())}
    assert made[one] == {"id": one, "schema": "Person", "properties": {"name": ["A. Winter", "Ada"]}}
    assert [line["properties"]["owner"] for line in made.values() if line["schema"] == "Ownership"] == [[one]]
    assert two in encode_statements(joined, ABOUT).decode()


def test_schemata_that_exclude_each_other_have_a_line_each() -> None:
    first = evidence(read(file(b'{"id": "a", "schema": "Person", "properties": {"name": ["Ada"]}}', "r.ftm.json")))
    second = first.assign(schema="Vessel", prop="imoNumber", value="9074729")
    made = list(map(json.loads, encode_entities(pd.concat([first, second]), ABOUT).decode().splitlines()))
    assert [(one["id"] == made[0]["id"], one["schema"], list(one["properties"])) for one in made] == [
        (True, "Person", ["name"]), (True, "Vessel", ["imoNumber"]),
    ]  # fmt: skip


@pytest.mark.parametrize("write", [encode_entities, encode_statements])
def test_the_order_of_rows_changes_nothing(write: object) -> None:
    register = b'{"id": "a", "schema": "Person", "properties": {"name": ["Ada", "Bea"], "alias": ["C"]}}'
    first = evidence(read(file(register, "r.ftm.json")))
    assert write(first, ABOUT) == write(first.iloc[::-1], ABOUT)  # type: ignore[operator]
