"""FollowTheMoney in and out: entities and statements, the round trip, and what is wrong in them."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
from followthemoney import Dataset, StatementEntity
from followthemoney.statement.serialize import write_statements
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingest.claimed import of
from workbench.ingest import SourceFile, detect, read
from workbench.model import identifiers
from workbench.model.rows import Claim, Document, Issue, Passage, Row, Trace
from workbench.model.schema import load_vocabulary

ADA = {"id": "p1", "schema": "Person", "properties": {"name": ["Ada Winter", "A. Winter"], "birthDate": ["1980-02-01"]}}
FIRM = {"id": "c1", "schema": "Company", "properties": {"name": ["Blue Lagoon"], "registrationNumber": ["B-12 34"]}}
OWNS = {"id": "o1", "schema": "Ownership", "properties": {"owner": ["p1"], "asset": ["c1"], "percentage": ["25"]}}


def file(data: str | bytes, name: str = "register.json") -> SourceFile:
    content = data.encode() if isinstance(data, str) else data
    return SourceFile(Path("/nowhere"), "0" * 64, name, content)


def lines(*entities: object) -> SourceFile:
    return file("\n".join(json.dumps(one) for one in entities))


def entities(rows: Iterable[Row], originals: bool = False) -> dict[str, dict[str, object]]:
    """Live claims as FollowTheMoney entities: {id: {id, schema, properties}}; references as the file wrote them."""
    schemata: dict[str, str] = {}
    found: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for claim in of(Claim, rows):
        schemata[claim.entity_id] = claim.schema
        points = load_vocabulary().schemata[claim.schema].properties[claim.prop].type.name == "entity"
        found[claim.entity_id][claim.prop][claim.original_value if points and originals else claim.value] = None
    return {
        key: {"id": key, "schema": schemata[key], "properties": {prop: list(values) for prop, values in props.items()}}
        for key, props in found.items()
    }


def test_entities_become_claims_with_their_places() -> None:
    source = lines(ADA, FIRM, OWNS)
    assert detect(source).reader == "ftm-entities"
    rows = list(read(source))
    assert [row.text for row in of(Passage, rows)] == [
        "Person\nname: Ada Winter\nname: A. Winter\nbirthDate: 1980-02-01\nid: p1",
        "Company\nname: Blue Lagoon\nregistrationNumber: B-12 34\nid: c1",
        "Ownership\nowner: p1\nasset: c1\npercentage: 25\nid: o1",
    ]
    assert [row.place for row in of(Trace, rows)] == ["line 1", "line 2", "line 3"]
    texts = {row.id: row.text for row in of(Passage, rows)}
    for claim in of(Claim, rows):
        assert texts[claim.passage_id][claim.start : claim.end] == (claim.original_value or claim.value)
    owns = next(one for one in entities(rows).values() if one["schema"] == "Ownership")["properties"]
    assert owns["asset"] == [identifiers.build_company_key("B1234").entity_id]
    assert owns["owner"][0] in entities(rows)
    assert not of(Issue, rows)


@pytest.mark.parametrize(
    ("schema", "properties", "key"),
    [
        ("TelephoneNumber", {"number": ["+31 6 44891202"]}, identifiers.build_telephone_key("+31644891202")),
        ("BankAccount", {"iban": ["NL91 ABNA 0417 1643 00"]}, identifiers.build_bank_account_key("NL91ABNA0417164300")),
        ("BankAccount", {"accountNumber": ["12 34"]}, identifiers.build_bank_account_key("1234")),
        ("Vehicle", {"registrationNumber": ["ab-12-cd"]}, identifiers.build_vehicle_key("AB12CD")),
        ("Handset", {"imei": ["490154203237518"]}, identifiers.build_handset_key("49015420323751")),
        ("Passport", {"passportNumber": ["X1"], "country": ["nl"]}, identifiers.build_passport_key("X1", "nl")),
        ("UserAccount", {"email": ["Ada@example.org"]}, identifiers.build_email_account_key("ada@example.org")),
    ],
)
def test_things_with_an_identifier_join_with_other_sources(schema: str, properties: dict, key: identifiers.Key) -> None:
    rows = list(read(lines({"id": "x", "schema": schema, "properties": properties})))
    assert set(entities(rows)) == {key.entity_id}


def test_persons_and_ambiguous_things_stay_within_the_file() -> None:
    two = {"id": "b", "schema": "BankAccount", "properties": {"iban": ["NL1", "NL2"]}}
    rows = list(read(lines({**ADA, "properties": {"idNumber": ["1"]}}, two)))
    assert not {
        identifiers.build_bank_account_key("NL1").entity_id,
        identifiers.build_bank_account_key("NL2").entity_id,
    } & set(entities(rows))
    again = SourceFile(Path("/nowhere"), "1" * 64, "x.json", json.dumps(ADA).encode())
    assert not set(entities(read(again))) & set(entities(read(lines(ADA))))


def test_unknown_words_are_told_and_kept() -> None:
    odd = {"id": "1", "schema": "Person", "properties": {"nickname": ["Ace"], "name": ["A"], "ownershipOwner": ["x"]}}
    rows = list(
        read(lines(odd, {"id": "2", "schema": "Spaceship", "properties": {"name": ["B"]}, "datasets": ["d", "e"]}))
    )
    messages = [row.message for row in of(Issue, rows) if row.code == "unknown-word"]
    assert messages == [
        "The program does not know the property 'nickname' of the schema Person. The value was saved as text only (line 1).",
        "The program does not know the property 'ownershipOwner' of the schema Person. The value was saved as text only (line 1).",
        "The program does not know the schema 'Spaceship'. The record was saved as text only (line 2).",
    ]
    texts = [row.text for row in of(Passage, rows)]
    assert "nickname: Ace" in texts[0]
    assert texts[1] == "Spaceship\nname: B\nid: 2\ndatasets: d, e"
    assert [claim.prop for claim in of(Claim, rows)] == ["name"]


def test_documents_in_a_register_are_documents() -> None:
    text = "First paragraph about Ada.\n\n" + "A long sentence follows here. " * 60
    paper = {
        "id": "d1",
        "schema": "PlainText",
        "properties": {"title": ["Statement"], "date": ["2022-07-01"], "bodyText": [text]},
    }
    rows = list(read(lines(ADA, paper)))
    documents = of(Document, rows)
    assert [(row.schema, row.title, row.at) for row in documents] == [
        ("Table", "register.json", ""), ("PlainText", "Statement", "2022-07-01"),
    ]  # fmt: skip
    own = [row.text for row in of(Passage, rows) if row.document_id == documents[1].id]
    assert own[0].startswith("PlainText\ntitle: Statement")
    assert own[1].startswith("First paragraph about Ada.")
    assert {trace.document_id for trace in of(Trace, rows)} == {row.id for row in documents}
    assert {claim.prop for claim in of(Claim, rows) if claim.schema == "PlainText"} == {"title", "date"}


def test_nested_entities() -> None:
    call = {
        "id": "o",
        "schema": "Ownership",
        "properties": {"owner": [ADA], "asset": [{"schema": "Company", "properties": {}}]},
    }
    rows = list(read(file(json.dumps([call]))))
    found = {one["schema"]: one for one in entities(rows).values()}
    assert found["Ownership"]["properties"]["owner"] == [found["Person"]["id"]]


def test_bad_dates_and_odd_objects() -> None:
    rows = list(read(lines({"id": "1", "schema": "Person", "properties": {"birthDate": ["1/2/80"]}}, {"a": 1}, [1])))
    codes = {row.code: row.message for row in of(Issue, rows)}
    assert codes["bad-date"].startswith("'1/2/80' is not a date in a form that the program can read")
    assert codes["bad-row"].startswith("Items that are not entities and were left out: 2 (line 2 '{\"a\": 1}'")


TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=12).map(
    str.strip
)
TEXTS = TEXTS.filter(bool)
THINGS = st.fixed_dictionaries({
    "schema": st.sampled_from(["Person", "Organization", "Event", "CourtCase"]),
    "properties": st.dictionaries(st.sampled_from(["name", "alias", "notes", "keywords"]),
                                  st.lists(TEXTS, min_size=1, max_size=3, unique=True), min_size=1),
})  # fmt: skip


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(THINGS, min_size=1, max_size=5), st.booleans())
def test_entities_come_back(things: list[dict], as_array: bool) -> None:
    sent = [{"id": f"e{number}", **thing} for number, thing in enumerate(things)]
    sent.append(
        {"id": "l", "schema": "UnknownLink", "properties": {"subject": ["e0"], "object": ["e0"], "role": ["x"]}}
    )
    source = file(json.dumps(sent, indent=1)) if as_array else lines(*sent)
    back = list(entities(read(source, reader="ftm-entities"), originals=True).values())
    assert [{**one, "id": ""} for one in back] == [{**one, "id": ""} for one in sent]


class Kept(io.BytesIO):
    """A file that the library's writers do not take away when they close it."""

    def close(self) -> None:
        pass


@pytest.mark.parametrize("form", ["csv", "json", "pack"])
def test_statements_of_the_library_are_read(form: str) -> None:
    dataset = Dataset.make({"name": "demo", "title": "Demo"})
    entity = StatementEntity.from_dict(
        {"id": "p1", "schema": "Person", "properties": {"name": ["Ada, Winter", 'The "Fox"'], "nationality": ["nl"]}},
        default_dataset=dataset,
    )
    out = Kept()
    write_statements(out, form, sorted(entity.statements, key=lambda one: (one.prop, one.value)))
    source = file(out.getvalue(), f"statements.{form}")
    assert detect(source).reader == "ftm-statements"
    rows = list(read(source))
    (back,) = entities(rows).values()
    assert back["schema"] == "Person"
    assert back["properties"] == {"name": ["Ada, Winter", 'The "Fox"'], "nationality": ["nl"]}
    assert "dataset: demo" in of(Passage, rows)[0].text
    assert not of(Issue, rows)


def test_statements_keep_what_stood_before_and_what_is_unverified() -> None:
    head = "canonical_id,entity_id,prop,schema,value,dataset,lang,original_value,external\n"
    text = (
        head + "NK-1,p1,name,LegalEntity,Ada Winter,d,eng,WINTER Ada,f\nNK-1,p1,birthDate,Person,1980,d,,,t\nbroken\n"
    )
    rows = list(read(file(text, "s.csv")))
    name, birth = of(Claim, rows)
    assert (name.schema, name.original_value, name.kind, birth.kind) == (
        "Person",
        "WINTER Ada",
        "received",
        "suggested",
    )
    passage, left_over = of(Passage, rows)
    assert left_over.text == "broken"
    assert passage.text == (
        "Person\nname (eng): Ada Winter (written WINTER Ada)\nbirthDate: 1980\nid: p1\ncanonical_id: NK-1\ndataset: d"
    )
    assert passage.text[name.start : name.end] == "WINTER Ada"
    assert [row.message for row in of(Issue, rows)] == ["Rows that are not statements and were left out: 1 (row 4)."]


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"schema": "Person", "properties": {"name": [', b"\xff\xfe\x00"])
def test_what_cannot_be_read_is_said(data: bytes) -> None:
    for reader in ("ftm-entities", "ftm-statements"):
        rows = list(read(file(data), reader=reader))
        assert {trace.document_id for trace in of(Trace, rows)} == {row.id for row in of(Document, rows)}
        assert {row.code for row in of(Issue, rows)} <= {"empty", "truncated", "bad-row", "bad-encoding"}
        assert of(Issue, rows)


def test_script_in_names_is_text() -> None:
    name = "<script>alert(1)</script>\u202e\x00"
    rows = list(read(lines({"id": "1", "schema": "Person", "properties": {"name": [name]}})))
    assert of(Claim, rows)[0].value == "<script>alert(1)</script>\u202e"


@pytest.mark.parametrize(
    ("prop", "good", "bad", "code"),
    [
        ("birthDate", "1981-12", "1981-13-01", "bad-date"),
        ("birthDate", "1980-02-29", "1981-02-29", "bad-date"),
        ("country", "de", "qq", "bad-row"),
        ("phone", "+44 7700 900201", "abc", "bad-row"),
        ("phone", "020 7946 0000 ext. 5", "+44 7700 900201 999999", "bad-row"),
        ("email", "ada@example.org", "nope", "bad-row"),
        ("gender", "female", "F?", "bad-row"),
        ("topics", "sanction", "villain", "bad-row"),
        ("sourceUrl", "https://example.org/a", "see file", "bad-row"),
    ],
)
def test_values_that_are_not_valid_are_told_and_kept(prop: str, good: str, bad: str, code: str) -> None:
    rows = list(read(lines({"id": "1", "schema": "Person", "properties": {prop: [good, bad]}})))
    assert [claim.value for claim in of(Claim, rows)] == [good, bad]
    (told,) = of(Issue, rows)
    assert told.code == code and repr(bad) in told.message


def test_an_entity_of_two_schemata_is_told() -> None:
    def told(first: str, second: str) -> list[str]:
        rows = read(lines(*({"id": "x", "schema": one, "properties": {"name": ["A"]}} for one in (first, second))))
        return [one.message for one in of(Issue, rows) if one.code == "conflict"]

    assert told("Person", "Company") == [
        "The file describes the entity 'x' as Person in one place and as Company in another place. "
        "The program read it as one entity (line 2)."
    ]
    assert told("LegalEntity", "Company") == told("Person", "Thing") == told("Person", "Person") == []
    table = "entity_id,schema,prop,value\nx,Person,name,A\nx,Company,name,A\n"
    assert [one.code for one in of(Issue, read(file(table, "s.csv")))] == ["conflict"]


@pytest.mark.parametrize(
    "text",
    [
        '{"id": "a", "schema": "Person", "properties": {"name": ["Rosa"]}, "properties": {"name": ["Dana"]}}',
        '{"id": "b", "schema": "Person", "properties": {"name": ["Rosa"]}, "id": "a"}',
        '{"id": "b", "schema": "Person", "schema": "Company", "properties": {"name": ["Rosa"]}}',
    ],
)
def test_an_entity_with_a_member_twice_is_text_and_told(text: str) -> None:
    rows = list(read(file(text)))
    assert not of(Claim, rows)
    assert [issue.code for issue in of(Issue, rows)] == ["contradiction"]
    assert "Rosa" in of(Passage, rows)[0].text


@pytest.mark.parametrize(("name", "told"), [("Dana Lee", True), ("A. Winter", False)])
def test_one_id_with_another_name_is_told(name: str, told: bool) -> None:
    rows = list(read(lines(ADA, {"id": "p1", "schema": "Person", "properties": {"name": [name]}})))
    assert [issue.code for issue in of(Issue, rows)] == ["conflict"] * told


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("1234.50", False),
        ("1,234.50", False),
        ("1 234", False),
        ("25 %", False),
        ("EUR 25", False),
        ("1.234,50", True),
        ("1234,5", True),
    ],
)
def test_a_number_that_can_be_read_in_two_ways_is_told(amount: str, told: bool) -> None:
    paid = {"id": "x", "schema": "Payment", "properties": {"amount": [amount]}}
    assert [issue.code for issue in of(Issue, list(read(lines(paid))))] == ["bad-row"] * told
