"""Charts of i2 in the form that its exchange files have, written by hand after those that other tools write."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingest.claimed import entities, of
from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.charts.chart_types import ENDS, find_edge, find_meaning, load_type_table
from workbench.model import identifiers, schema
from workbench.model.rows import Claim, Document, Issue, Passage, Trace
from workbench.model.text.normalise import clean_text

HEAD = """<StrengthCollection><Strength Id="ID1" Name="-"/><Strength Id="ID2" Name="Tentative"/></StrengthCollection>
<GradeOne><StringCollection><String Id="ID3" Text="A"/><String Id="ID4" Text="B"/><String Text="-"/></StringCollection></GradeOne>
<GradeTwo><StringCollection><String Id="ID5" Text="1"/><String Text="-"/></StringCollection></GradeTwo>
<LinkTypeCollection><LinkType Id="ID6" Name="Uses"/></LinkTypeCollection>"""


def entity(number: int, kind: str, label: str, identity: str = "", inside: str = "", **said: str) -> str:
    told = "".join(f' {name}="{escape(value)}"' for name, value in said.items())
    return (
        f'<ChartItem Id="I{number}" Label="{escape(label)}"{told}><End X="{number}" Y="0"><Entity EntityId="{number}"'
        f' Identity="{escape(identity or label)}"><Icon><IconStyle Type="{escape(kind)}"/></Icon></Entity></End>{inside}</ChartItem>'
    )


def link(
    one: int, two: int, kind: str, label: str = "", arrow: str = "ArrowOnHead", inside: str = "", **said: str
) -> str:
    told = "".join(f' {name}="{escape(value)}"' for name, value in said.items())
    return (
        f'<ChartItem Label="{escape(label)}"{told}><Link End1Id="{one}" End2Id="{two}"><LinkStyle Strength="Tentative"'
        f' ArrowStyle="{arrow}" Type="{escape(kind)}"/></Link>{inside}</ChartItem>'
    )


def chart(*items: str, code: str = "utf-16", head: str = HEAD) -> SourceFile:
    text = f'<?xml version="1.0" encoding="{code}"?><Chart>{head}<ChartItemCollection>{"".join(items)}</ChartItemCollection></Chart>'
    return file(text.encode(code))


def file(data: bytes, name: str = "a.anx") -> SourceFile:
    return SourceFile(Path("/nowhere"), "0" * 64, name, data)


ADA, PHONE = entity(1, "Person", "Ada Winter"), entity(2, "Telephone", "Ada's phone", "+31 6 4489 1202")


@pytest.mark.parametrize("code", ["utf-16", "utf-8", "iso-8859-1"])
def test_entities_and_links(code: str) -> None:
    source = chart(
        ADA, PHONE, link(1, 2, "Uses", "uses", DateSet="true", DateTime="2022-07-01T00:00:00.000"), code=code
    )
    assert detect(source).reader == "anx"
    rows = list(read(source))
    (person,) = entities(rows, "Person")
    number = identifiers.build_telephone_key("+31644891202").entity_id
    assert entities(rows, "TelephoneNumber")[number] == {"number": ["+31644891202"], "name": ["Ada's phone"]}
    (uses,) = entities(rows, "Attribution").values()
    assert (uses["holder"], uses["held"], uses["role"]) == ([person], [number], ["uses"])
    assert (uses["date"], uses["status"], uses["basis"]) == (["2022-07-01"], ["Tentative"], ["chart"])
    assert [row.text for row in of(Passage, rows)] == [
        "Person\nlabel: Ada Winter", "Telephone\nlabel: Ada's phone\nidentity: +31 6 4489 1202",
        "Uses\nlabel: uses\ndate: 2022-07-01\nstrength: Tentative",
    ]  # fmt: skip
    texts = {row.id: row.text for row in of(Passage, rows)}
    marked = [claim for claim in of(Claim, rows) if claim.start >= 0]
    assert len(marked) > 4
    assert all(
        texts[c.passage_id][c.start : c.end] == (c.original_value or c.value) for c in marked if c.prop != "notes"
    )
    assert not of(Issue, rows)


def test_attributes_cards_grades_and_sources() -> None:
    inside = (
        '<AttributeCollection><Attribute AttributeClass="Date of Birth" Value="1980-02-01"/>'
        '<Attribute AttributeClass="Nationality" Value="NL"/><Attribute AttributeClass="Shoe size" Value="38"/></AttributeCollection>'
        '<CardCollection><Card Summary="seen at quay" DateSet="true" TimeSet="true" DateTime="2022-07-02T10:00:00.000"'
        ' GradeOneIndex="0" SourceReference="r8"/></CardCollection>'
    )
    rows = list(
        read(
            chart(
                entity(1, "Person", "Ada", "P-1", inside, GradeOneIndex="1", GradeTwoIndex="1", SourceType="Informant")
            )
        )
    )
    (ada,) = entities(rows, "Person").values()
    assert (ada["birthDate"], ada["nationality"]) == (["1980-02-01"], ["nl"])
    assert ada["notes"] == [
        "Shoe size: 38", "identity: P-1", "grades: B", "source: Informant",
        "card: 2022-07-02T10:00:00; seen at quay; source: r8; graded A",
    ]  # fmt: skip


LINKS = [
    ("Owner of", "", "Person", "Vehicle", "ArrowOnHead", "Ownership", False),
    ("Owner", "", "Vehicle", "Person", "ArrowNone", "Ownership", True),
    ("Owner", "", "Telephone", "Telephone", "ArrowOnHead", "UnknownLink", False),
    ("Telephone Call", "", "Telephone", "Telephone", "ArrowOnTail", "Call", True),
    ("Transfer", "", "Account", "Account", "ArrowOnHead", "Payment", False),
    ("", "brother of", "Person", "Person", "ArrowNone", "Family", False),
    ("Director", "", "Person", "Business", "ArrowOnHead", "Directorship", False),
    ("Works for", "", "Business", "Person", "ArrowOnTail", "Employment", True),
    ("Subscriber", "", "Person", "Mobile Phone", "ArrowNone", "Attribution", False),
    ("Seen with", "", "Person", "Person", "ArrowNone", "UnknownLink", False),
]


@pytest.mark.parametrize("case", LINKS)
def test_links_by_type_ends_and_arrow(case: tuple[str, str, str, str, str, str, bool]) -> None:
    kind, label, left, right, arrow, made, turned = case
    source = chart(entity(1, left, "One", "111"), entity(2, right, "Two", "222"), link(1, 2, kind, label, arrow))
    rows = list(read(source))
    (found,) = entities(rows, made).values()
    first = [claim.entity_id for claim in of(Claim, rows)]
    order = dict.fromkeys(first)
    ends = list(dict.fromkeys(c.value for c in of(Claim, rows) if c.schema == made and c.value in order))
    assert ends == (list(order)[:2][::-1] if turned else list(order)[:2])
    if made == "Payment":
        assert {"payerAccount", "beneficiaryAccount"} <= set(found)


def test_links_before_their_ends_and_into_nothing() -> None:
    rows = list(read(chart(link(1, 2, "Uses"), link(1, 9, "Uses"), ADA, PHONE)))
    assert len(entities(rows, "Attribution")) == 1
    assert [issue.message for issue in of(Issue, rows)] == [
        "A link was left out because one of its ends is not in the chart (item 2)."
    ]


def test_references_instead_of_names() -> None:
    style = '<LinkStyle LinkTypeReference="ID6" StrengthReference="ID2"/>'
    text = f'<ChartItem><Link End1Reference="I1" End2Reference="I2">{style}</Link></ChartItem>'
    (uses,) = entities(read(chart(text, ADA, PHONE)), "Attribution").values()
    assert (uses["role"], uses["status"]) == (["Uses"], ["Tentative"])


def test_a_type_without_an_id_names_nothing() -> None:
    head = '<StrengthCollection><Strength Name="Tentative"/></StrengthCollection>'
    rows = list(read(chart(ADA, head=head)))
    assert set(next(iter(entities(rows, "Person").values()))) == {"name"}


def test_the_id_of_a_workbench_identifies_nothing() -> None:
    own = identifiers.build_telephone_key("+31644891202").entity_id
    rows = list(
        read(
            chart(entity(1, "Person", "Ada", own.replace("telephonenumber", "person")), entity(2, "Handset", "A1", own))
        )
    )
    assert list(entities(rows, "Person").values()) == [{"name": ["Ada"]}]
    assert list(entities(rows, "Handset").values()) == [{"imei": ["A1"]}]


def test_types_that_no_word_stands_for() -> None:
    note = entity(3, "Note", "read me").replace("IconStyle", "TextBlockStyle")
    rows = list(read(chart(entity(1, "Flux capacitor", "X"), entity(2, "Grey Van (hired)", "AB-12-CD"), note)))
    assert list(entities(rows, "Thing").values()) == [{"name": ["X"]}]
    assert set(entities(rows, "Vehicle")) == {identifiers.build_vehicle_key("AB12CD").entity_id}
    assert list(entities(rows, "Note").values()) == [{"description": ["read me"]}]
    assert [issue.code for issue in of(Issue, rows)] == ["unknown-word"]


def test_the_table_speaks_the_vocabulary() -> None:
    for name in {*load_type_table()["entities"].values(), *load_type_table()["links"].values()}:
        schema.check_schema(name)
    for name, (_, _, source, target) in ENDS.items():
        schema.check_schema(name, source)
        schema.check_schema(name, target)
    known = {
        prop
        for one in ("Person", "Vehicle", "Handset", "Sim", "BankAccount", "Address")
        for prop in schema.load_vocabulary().schemata[one].properties
    }
    assert set(load_type_table()["attributes"].values()) <= known
    assert find_meaning("entities", "TÉLÉPHONE portable") == "TelephoneNumber"
    assert (find_meaning("entities", "Account"), find_meaning("entities", "Snapchat account")) == ("BankAccount", "")
    assert find_edge("Family", "Person", "Vehicle", "") == ("UnknownLink", False)


TEXTS = (
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=12)
    .map(clean_text)
    .filter(bool)
)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(TEXTS, min_size=1, max_size=5),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), TEXTS), max_size=5),
)
def test_a_chart_comes_back(names: list[str], pairs: list[tuple[int, int, str]]) -> None:
    pairs = [(one % len(names), two % len(names), label) for one, two, label in pairs]
    items = [entity(number, "Person", name) for number, name in enumerate(names)]
    rows = list(read(chart(*items, *(link(one, two, "Seen near", label) for one, two, label in pairs))))
    people = entities(rows, "Person")
    assert [said["name"] for said in people.values()] == [[name] for name in names]
    order = list(people)
    back = {
        (order.index(said["subject"][0]), order.index(said["object"][0]), said["role"][0])
        for said in entities(rows, "UnknownLink").values()
    }
    assert back == set(pairs)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b'<!DOCTYPE Chart [<!ENTITY a "bbbb"><!ENTITY c "&a;&a;">]><Chart><ChartItemCollection/></Chart>',
            "declares an XML document type",
        ),
        (b"\xff\xfe<\x00<\x00C\x00h\x00a\x00r\x00t\x00", "cannot be read as XML"),
        (b"", "cannot be read as XML"),
    ],
    ids=range(3),
)
def test_charts_that_cannot_be_read(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        list(read(file(data), reader="anx"))


def test_a_chart_that_breaks_off_or_is_empty() -> None:
    whole = chart(ADA, PHONE, code="utf-8").data or b""
    rows = list(read(file(whole[:-70])))
    assert len(entities(rows, "Person")) == 1
    assert of(Issue, rows)[0].code == "truncated"
    rows = list(read(chart()))
    assert [issue.code for issue in of(Issue, rows)] == ["empty"]
    assert {trace.document_id for trace in of(Trace, rows)} == {row.id for row in of(Document, rows)}


def test_script_in_labels_is_text() -> None:
    rows = list(read(chart(entity(1, "Person", '<img src=x onerror="alert(1)">'))))
    assert next(iter(entities(rows, "Person").values()))["name"] == ['<img src=x onerror="alert(1)">']


@pytest.mark.parametrize("identities", [("", ""), ("P-1", "P-2"), ("P-1", "P-1")])
def test_items_that_share_an_id_and_are_called_differently_stay_apart_and_are_told(identities: tuple[str, str]) -> None:
    one, other = entity(1, "Person", "Ada Winter", identities[0]), entity(1, "Person", "Dara Finch", identities[1])
    rows = list(read(chart(one, other, one, PHONE, link(1, 2, "Uses"), link(2, 2, "Uses"))))
    names = sorted(said["name"] for said in entities(rows, "Person").values())
    assert [sorted(set(name)) for name in names] == [["Ada Winter"], ["Dara Finch"]]
    assert not entities(rows, "Attribution")
    said = " | ".join(issue.message for issue in of(Issue, rows))
    assert "Several items in the chart have the id '1' but different labels" in said
    assert "A link was left out because several items in the chart have the same id as one of its ends" in said


def test_items_that_share_the_second_of_their_ids_are_joined_by_no_link() -> None:
    items = (
        entity(number, "Person", name).replace(f'Id="I{number}"', 'Id="I"') for number, name in ((1, "Ada"), (2, "Bo"))
    )
    rows = list(read(chart(*items, link("I", 1, "Knows"))))  # type: ignore[arg-type]
    assert [said["name"] for said in entities(rows, "Person").values()] == [["Ada"], ["Bo"]]
    assert [issue.message.split(" because")[0] for issue in of(Issue, rows)] == ["A link was left out"]


def test_an_item_that_stands_there_twice_is_one() -> None:
    rows = list(read(chart(ADA, ADA, PHONE, link(1, 2, "Uses"))))
    assert len(entities(rows, "Person")) == 1 and entities(rows, "Attribution")
    assert not of(Issue, rows)
