from __future__ import annotations

import io
import random
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cost import linear
from tests.ingest.claimed import attributions, of, person, values
from tests.ingest.phones.writer import (
    ADA,
    FACTS,
    MODELS,
    OTHER,
    OWN,
    ROSA,
    WORKBOOK,
    Model,
    message,
    party,
    ufdr,
    workbook,
    xml,
)  # fmt: skip
from tests.ingest.test_faults import mutated, survives
from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.phones import report_times
from workbench.ingest.phones.phone_record import Item
from workbench.ingest.phones.report_xml import Report
from workbench.model import identifiers, schema
from workbench.model.rows import Batch, Claim, Document, Enclosure, Issue, Passage, Row, Trace
from workbench.model.table_schemas import MASS

HANDSET = identifiers.build_handset_key("490154203237518").entity_id
NUMBER = identifiers.build_telephone_key("+447700900456").entity_id


def report(data: str | bytes, name: str = "report.xml") -> SourceFile:
    return SourceFile(Path("/nowhere"), "0" * 64, name, data.encode() if isinstance(data, str) else data)


def mass(rows: Iterable[Row], table: str) -> list[dict[str, object]]:
    return [row for batch in of(Batch, rows) if batch.table == table for row in batch.rows.to_pylist()]


def messages(rows: Iterable[Row]) -> dict[str, Document]:
    return {d.title: d for d in of(Document, rows) if d.schema == "Message"}


ROWS = list(read(report(xml(MODELS))))


def test_detection() -> None:
    assert detect(report(xml(MODELS))).reader == "ufed"
    assert detect(report(ufdr(xml(MODELS)), "x.ufdr")).reader == "ufed"
    assert detect(report(workbook(), "x.xlsx")).reader == "ufed-workbook"
    plain = workbook({"Calls": [["Name", "Number"], ["a", "b"]], "Contacts": [["Name"], ["x"]]})
    assert detect(report(plain, "x.xlsx")).reader == "table"


def test_device_and_custodian() -> None:
    assert values(ROWS, "Handset", "imei") == {"490154203237518"}
    assert values(ROWS, "Handset", "exhibit") == {"EX-12"}
    ada, claimed = person(ROWS, "Ada Winter"), attributions(ROWS)
    assert {
        (ada, HANDSET, "custodian"),
        (ada, NUMBER, "custodian"),
        (HANDSET, NUMBER, "number of the device"),
    } <= claimed
    assert (HANDSET, identifiers.build_sim_key("234101234567890").entity_id, "SIM card in the device") in claimed
    assert (ada, identifiers.build_account_key(ADA).entity_id, "custodian") in claimed
    assert (ada, identifiers.build_account_key("ada.winter").entity_id, "custodian") in claimed
    assert "Ada's iPhone" not in values(ROWS, "Person", "name"), "that is the name of the device"
    assert {t.device for t in of(Trace, ROWS)} == {"Nokoni N9"}
    assert {t.custodian for t in of(Trace, ROWS)} == {"Ada Winter"}


def test_every_claim_is_in_the_vocabulary_and_has_its_place() -> None:
    traces, passages = {t.id for t in of(Trace, ROWS)}, {p.id: p.text for p in of(Passage, ROWS)}
    for claim in of(Claim, ROWS):
        schema.check_schema(claim.schema, claim.prop)
        assert claim.trace_id in traces
        assert not claim.passage_id or claim.passage_id in passages
        if claim.start >= 0:
            assert passages[claim.passage_id][claim.start : claim.end] == (claim.original_value or claim.value)


def test_further_values_and_words_outside_records_are_read() -> None:
    def model(kind: str) -> str:
        values = "<value>first</value><value>second</value>"
        return f'<modelType type="{kind}"><model type="{kind}" id="{kind}"><field name="Body">{values}</field></model></modelType>'

    body = "".join(map(model, ("Note", "SMS", "Email")))
    text = f"<project><decodedData>{body}</decodedData><bookmarks><bookmark note='hot'>the mill</bookmark></bookmarks></project>"
    said = [p.text for p in of(Passage, read(report(text), reader="ufed"))]
    assert sum("second" in one for one in said) == 3
    assert any("the mill" in one and "hot" in one for one in said)


def test_calls() -> None:
    first, second = mass(ROWS, "calls")
    assert set(first) == set(MASS["calls"])
    assert (first["a"], first["b"], first["direction"], first["duration"], first["record"]) == (
        "+447700900456", "+447700900123", "out", 62, "c1",
    )  # fmt: skip
    assert (first["imei"], first["imei_check"], first["target"]) == ("49015420323751", "ok", "+447700900456")
    assert (second["a"], second["direction"], second["duration"]) == ("07700900789", "in", 0)
    assert (second["start"], second["start_utc"]) == (datetime(2022, 7, 13, 12, 10), datetime(2022, 7, 13, 10, 10))
    assert values(ROWS, "Call", "duration") == {"62", "0"}
    assert identifiers.build_telephone_key("+447700900123").entity_id in values(ROWS, "Call", "receiver")
    assert any("deleted state: Deleted; decoding confidence: Medium" in v for v in values(ROWS, "Call", "description"))
    region = mass(read(report(xml(MODELS)), {"region": "GB"}), "calls")
    assert region[1]["a"] == "+447700900789"


def test_messages_keep_their_state() -> None:
    found = messages(ROWS)
    assert list(found) == [
        "Where are you?", "At the port", "Attachment: contract.pdf", "Rosa changed the subject", "Come", "On my way",
    ]  # fmt: skip
    assert found["Rosa changed the subject"].service == "system"
    traces = {t.document_id: t for t in of(Trace, ROWS)}
    assert traces[found["At the port"].id].trace == "m2"
    deleted = [p for p in of(Passage, ROWS) if p.document_id == found["At the port"].id]
    assert [p.number for p in deleted] == [0, 1]
    assert "Deleted state: Deleted" in deleted[1].text
    senders = {c.document_id: c.value for c in of(Claim, ROWS) if c.prop == "senderAccount"}
    assert senders[found["Come"].id] == identifiers.build_account_key("+447700900123").entity_id
    assert senders[found["On my way"].id] == identifiers.build_account_key("+447700900456").entity_id, (
        "the owner's own number"
    )


def test_the_same_message_on_another_telephone_is_the_same_document() -> None:
    theirs = [
        Model("Chat", {"Source": "WhatsApp"}, {"Participants": [OWN, OTHER], "Messages": [
            message(party(ROSA, "Me", owner=True), "Where are you?", "2022-07-13T14:24:24.000+02:00", "x9"),
        ]}),
    ]  # fmt: skip
    other = list(read(report(xml(theirs, {"Device Info": [("IMEI", "356938035643809")]}, []))))
    (document,) = messages(other).values()
    assert document.id == messages(ROWS)["Where are you?"].id
    assert (
        identifiers.build_handset_key("356938035643809").entity_id,
        identifiers.build_account_key(ROSA).entity_id,
        "account on the device",
    ) in attributions(other)


def test_the_workbook_gives_the_same_messages_and_calls() -> None:
    rows = list(read(report(workbook(), "report.xlsx")))
    theirs, ours = messages(rows), messages(ROWS)
    assert {title: d.id for title, d in theirs.items()} == {
        title: d.id for title, d in ours.items() if not title.startswith("Rosa changed")
    }
    columns = ("a", "b", "direction", "start_utc", "duration", "target", "imei", "b_kind")
    assert [[row[name] for name in columns] for row in mass(rows, "calls")] == [
        [row[name] for name in columns] for row in mass(ROWS, "calls")
    ]
    assert {c for c in attributions(rows) if c[2] == "contact name"} & attributions(ROWS)
    assert (person(rows, "Ada Winter"), HANDSET, "custodian") in attributions(rows)
    assert any("Time as written: 13/07/2022 12:10:00(UTC+2)" in p.text for p in of(Passage, rows))
    assert [i.code for i in of(Issue, rows)] == ["unknown-model"]
    assert not any("Timeline" in d.title for d in of(Document, rows))


def test_what_stands_beside_the_cells_of_a_workbook_is_read_or_told() -> None:
    from openpyxl import load_workbook
    from openpyxl.comments import Comment

    sheets = {
        "Contacts": [["#", "Name", "Entries"], [1, "Rosie", "=1+1"], [2, "Ada", "Phone-Mobile: +447700900123"]],
        "SMS Messages": [
            ["#", "Folder", "Time", "Message", "Source"],
            [1, "Inbox", "14/07/2022 08:00:00(UTC+0)", "=A1", "Phone"],
        ],
    }
    book = load_workbook(io.BytesIO(workbook(sheets)))
    book["Contacts"]["B3"].comment = Comment("pay on Friday", "Bob")
    made = io.BytesIO()
    book.save(made)
    rows = list(read(report(made.getvalue(), "report.xlsx")))
    told = [(one.place, one.message) for one in of(Issue, rows) if one.code == "left-out"]
    assert [place for place, _ in told] == ["sheet Contacts row 2", "sheet SMS Messages row 2"]
    assert "Cells with a formula but no stored value:" in told[0][1]
    assert [p.text for p in of(Passage, rows)][-1] == "Comment on cell B3 by Bob: pay on Friday"
    assert {p.document_id for p in of(Passage, rows)} <= {d.id for d in of(Document, rows)}


def test_a_workbook_whose_dates_are_ambiguous() -> None:
    sheets = {
        "Calls": [["#", "Parties", "Time", "Direction"], [1, "To: +447700900123", "01/02/2022 10:00:00", "Outgoing"]]
    }
    file = report(workbook(sheets), "Calls.xlsx")
    rows = list(read(file))
    assert [i.code for i in of(Issue, rows)] == ["ambiguous-date"]
    assert mass(rows, "calls")[0]["start_raw"] == "01/02/2022 10:00:00"
    assert mass(read(file, {"dates": "mdy"}), "calls")[0]["start"] == datetime(2022, 1, 2, 10)


def test_contacts() -> None:
    rosie = person(ROWS, "Rosie")
    held = {(h, b) for who, h, b in attributions(ROWS) if who == rosie}
    assert held == {
        (identifiers.build_telephone_key("+447700900123").entity_id, "contact name"),
        (identifiers.build_email_account_key("rosa@example.org").entity_id, "contact name"),
        (identifiers.build_account_key(ROSA).entity_id, "contact name"),
    }
    assert any("Notes: owes money" in p.text for p in of(Passage, ROWS)), "values of lists are kept"


def test_places_mail_and_the_rest() -> None:
    (place,) = mass(ROWS, "positions")
    assert (place["lat"], place["lon"], place["height"], place["radius"]) == (52.4, 4.6, 3.0, 12.5)
    assert (place["holder"], place["method"]) == (HANDSET, "Location: GPS")
    mail = next(d for d in of(Document, ROWS) if d.schema == "Email")
    assert [p.text for p in of(Passage, ROWS) if p.document_id == mail.id][:2] == ["Invoice", "See attached"]
    text = "\n".join(p.text for p in of(Passage, ROWS))
    assert all(word in text for word in ("rope, tape", "Harbour Maps", "PortCafe", "Pilot: Rosa Blum"))
    (unknown,) = (i for i in of(Issue, ROWS) if i.code == "unknown-model")
    assert "DroneFlight (1)" in unknown.message


def test_a_place_that_was_only_stored_says_nothing_of_the_handset() -> None:
    model = Model(
        "Location",
        {"LocationOrigin": "External"},
        {"Position": [Model("Coordinate", {"Latitude": "1", "Longitude": "2"})]},
    )
    wrong = Model("Location", {}, {"Position": [Model("Coordinate", {"Latitude": "91", "Longitude": "2"})]})
    rows = list(read(report(xml([model, wrong]))))
    assert [(row["holder"], row["lat"]) for row in mass(rows, "positions")] == [("", 1.0)]


def test_package_with_files() -> None:
    files = {
        "files/Document/contract.pdf": b"%PDF", "files/Image/x.jpg": b"\xff", "files/Text/app.html": b"<p>", "files/Database/a.db": b"S",
    }  # fmt: skip
    rows = list(read(report(ufdr(xml(MODELS), files), "x.ufdr")))
    (inner,) = of(Enclosure, rows)
    assert (inner.name, inner.document_id) == (
        "files/Document/contract.pdf",
        messages(rows)["Attachment: contract.pdf"].id,
    )
    (left,) = (i for i in of(Issue, rows) if i.code == "media")
    assert "were not read: 3 (" in left.message
    assert messages(rows).keys() == messages(ROWS).keys()


def test_the_officer_says_whose_telephone_it_was() -> None:
    rows = list(read(report(xml(MODELS, FACTS, [])), {"custodian": "Bee Stone"}))
    assert (person(rows, "Bee Stone"), HANDSET, "custodian") in attributions(rows)


def test_large_groups_are_one_recipient() -> None:
    members = [party(f"4477009{n:05}@s.whatsapp.net", f"M {n}") for n in range(40)]
    chat = Model("Chat", {"Source": "WhatsApp", "Id": "123-456@g.us", "Name": "Harbour"}, {
        "Participants": members, "Messages": [message(members[n], f"t{n}", f"2022-07-13T12:{n:02}:00Z", str(n)) for n in range(10)],
    })  # fmt: skip
    rows = list(read(report(xml([chat]))))
    got = [c.value for c in of(Claim, rows) if c.prop == "recipientAccount"]
    assert got == [identifiers.build_account_key("123-456@g.us").entity_id] * 10


def test_the_package_ufedlib_sees_the_same(tmp_path: Path) -> None:
    import ufedlib_py

    path = tmp_path / "report.xml"
    path.write_text(xml(MODELS))
    with path.open("rb") as stream:
        items = [one for one in Report(stream, "report.xml") if isinstance(one, Item)]
    assert set(ufedlib_py.scan_models(str(path))) == {one.type for item in items for one in _all(item)}
    for kind in ("Call", "Contact", "InstantMessage", "Location", "Note"):
        theirs = ufedlib_py.parse_data(str(path), kind)
        mine = [one for item in items for one in _all(item) if one.type == kind]
        assert [one.id for one in theirs] == [one.id for one in mine]
        assert [one.deleted_state for one in theirs] == [one.deleted for one in mine]
    bodies = [one.Body for one in ufedlib_py.parse_data(str(path), "InstantMessage")]
    assert bodies == [
        one.get("Body") or None if b is None else one.get("Body")
        for one, b in zip(_messages(items), bodies, strict=True)
    ]


def _messages(items: list[Item]) -> list[Item]:
    return [one for item in items for one in _all(item) if one.type == "InstantMessage"]


def _all(item: Item) -> Iterable[Item]:
    yield item
    for parts in item.parts.values():
        for part in parts:
            yield from _all(part)


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co"], exclude_characters="]\ufffe\uffff"), max_size=60
)
NAME = st.sampled_from(["Alpha", "Beta", "Source", "Body", "TimeStamp"])
MODEL = st.recursive(
    st.builds(Model, st.sampled_from(["Call", "Odd", "Note"]), st.dictionaries(NAME, TEXT, max_size=3)),
    lambda inner: st.builds(
        Model, st.sampled_from(["Chat", "Odd"]), st.dictionaries(NAME, TEXT, max_size=3),
        st.dictionaries(st.sampled_from(["Xs", "Ys"]), st.lists(inner, max_size=3), max_size=2),
        st.dictionaries(st.sampled_from(["L", "M"]), st.lists(TEXT, max_size=3), max_size=2), TEXT.map(lambda t: t.encode().hex()),
    ),
    max_leaves=8,
)  # fmt: skip


def as_item(model: Model, place: str = "") -> Item:
    return Item(
        model.type, model.id, model.deleted, model.confidence, "0",
        {name: value.strip() for name, value in model.fields.items() if value.strip()},
        {name: tuple(kept) for name, values in model.lists.items() if (kept := [v.strip() for v in values if v.strip()])},
        {name: tuple(as_item(one) for one in parts) for name, parts in model.parts.items() if parts},
        place,
    )  # fmt: skip


@pytest.mark.slow
@given(st.lists(MODEL, max_size=4))
@settings(max_examples=100, deadline=None)
def test_reports_come_back_as_written(models: list[Model]) -> None:
    models = sorted(models, key=lambda model: [m.type for m in models].index(model.type))
    source = report(xml(models))
    found = [one for one in Report(source.open(), "x") if isinstance(one, Item)]
    assert [replace(one, place="") for one in found] == [as_item(model) for model in models]


def test_times() -> None:
    assert report_times.normalise_moment("2022-07-13T12:00:00.000+00:00") == "2022-07-13T12:00:00+00:00"
    assert report_times.normalise_moment("2022-07-13T12:00:00.250Z") == "2022-07-13T12:00:00.250000+00:00"
    assert report_times.normalise_moment("soon") == "soon"
    assert report_times.parse_cell_time("7/13/2022 1:05:06 PM(UTC-5)", "mdy") == "2022-07-13T13:05:06-05:00"
    assert report_times.parse_cell_time("13.07.2022 01:05:06(UTC+5:30)", "dmy") == "2022-07-13T01:05:06+05:30"
    assert report_times.parse_cell_time("13.07.2022 01:05:06", "dmy") == "2022-07-13T01:05:06"
    assert report_times.parse_cell_time("31.02.2022 01:05:06", "dmy") == report_times.parse_cell_time("x", "dmy") == ""
    assert [report_times.parse_duration(t) for t in ("00:01:02", "01:02", "62", "1.00:00:01", "x", "")] == [
        62,
        62,
        62,
        86_401,
        None,
        None,
    ]


def test_two_reads_are_equal() -> None:
    def rows() -> list[Row]:
        return [row for row in read(report(xml(MODELS))) if not isinstance(row, Batch)]

    assert rows() == rows()


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.slow
def test_bombs_are_refused() -> None:
    with pytest.raises(SourceError, match="declares an XML document type"):
        list(read(report(xml(MODELS).replace("<project", BOMB + "<project")), reader="ufed"))
    big = ufdr(xml(MODELS) + " " * 150_000_000)
    with pytest.raises(SourceError, match="too much"):
        list(read(report(big, "x.ufdr"), reader="ufed"))


def test_a_truncated_report_keeps_what_came_before() -> None:
    text = xml(MODELS)
    rows = list(read(report(text[: text.index('type="Email"')])))
    assert len(messages(rows)) == 6
    assert "truncated" in {i.code for i in of(Issue, rows)}


DEEP = "<project><decodedData>" + '<model type="Chat"><multiModelField name="x">' * 5000


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<project/>", DEEP.encode(), b"<project>" + b"<model>" * 30, xml(MODELS).encode("utf-16"),
        xml(MODELS).replace("utf-8", "utf-99").encode(), xml(MODELS).replace("Rosa", "<script>alert(1)</script>").encode(),
        b'<project><model type="Call"><field name="TimeStamp"><value>' + b"9" * 3_000_000 + b"</value></field></model></project>",
        b'<project><metadata section="Device Info"><item name="IMEI">x</item></metadata><model/></project>',
        xml([Model("Call", {"TimeStamp": "9999-12-31T23:59:59+00:00", "Duration": "99999:99"}, {"Parties": [party("")]})]).encode(),
        xml([Model("Contact", {"Name": "x" * 5000}, {"Entries": [Model("PhoneNumber", {"Value": "+" * 500})]})]).encode(),
    ],
)  # fmt: skip
def test_hostile(data: bytes) -> None:
    survives("report.xml", data, "ufed")


@pytest.mark.parametrize(
    "sheets",
    [
        {"Calls": []}, {"Calls": [["#"]]}, {"Chats": [["#", "Body", "From"], [1, "\u202e<script>", "x" * 5000]]},
        {"Calls": [["#", "Parties", "Time"], [1, "From:", "99/99/9999 99:99:99"], [2, None, datetime(2022, 1, 1)]]},
        {"Device Info": [["#", "Name", "Value"], [1, "IMEI", 4.90154203237518e14]]},
    ],
)  # fmt: skip
def test_hostile_workbooks(sheets: dict[str, list[list[object]]]) -> None:
    survives("x.xlsx", workbook(sheets), "ufed-workbook")


@pytest.mark.slow
def test_mutations() -> None:
    dice = random.Random(11)
    data = xml(MODELS).encode()
    for _ in range(150):
        survives("report.xml", mutated(data, dice), "ufed")
    package = ufdr(xml(MODELS), {"files/Document/a.pdf": b"%PDF"})
    for _ in range(60):
        survives("x.ufdr", mutated(package, dice), "ufed")
    book = workbook({name: WORKBOOK[name] for name in ("Chats", "Contacts")})
    for _ in range(20):
        survives("x.xlsx", mutated(book, dice), "ufed-workbook")


@pytest.mark.slow
def test_large_chats_take_linear_time() -> None:
    def made(count: int) -> bytes:
        talk = [
            message((OWN, OTHER)[n % 2], f"text {n}", f"2022-07-13T12:{n // 60 % 60:02}:{n % 60:02}Z", str(n))
            for n in range(count)
        ]
        return xml([Model("Chat", {"Source": "WhatsApp"}, {"Participants": [OWN, OTHER], "Messages": talk})])

    small, large = made(300), made(3_000)
    assert Counter(type(row).__name__ for row in read(report(large)))["Trace"] >= 3_000
    linear(lambda data: list(read(report(data))), small, large)


CARL, DORA, MINE = "+447700900203", "+447700900204", "+447700900456"


def read_call(parties: list[Model], **fields: str) -> tuple[list[Row], tuple[object, ...]]:
    """Rows of a report with one call, and the ends and the direction of its row."""
    rows = list(read(report(xml([Model("Call", fields, {"Parties": parties}, id="c")]))))
    (row,) = mass(rows, "calls")
    return rows, (row["a"], row["b"], row["direction"])


@pytest.mark.parametrize("direction", ["Incoming", ""])
@pytest.mark.parametrize("first", [True, False])
def test_roles_say_who_called_and_the_numbers_of_the_telephone_are_the_owners(direction: str, first: bool) -> None:
    parties = [party(CARL, "Carl", "From"), party(MINE, "", "To")]
    rows, ends = read_call(parties if first else parties[::-1], Direction=direction)
    assert ends == (CARL, MINE, "in")
    assert (values(rows, "Call", "callerNumber"), values(rows, "Call", "receiverNumber")) == ({CARL}, {MINE})
    assert not [i for i in of(Issue, rows) if i.code == "contradiction"]


@pytest.mark.parametrize("direction", ["Incoming", "Outgoing", ""])
def test_roles_of_both_sides_decide_whatever_the_direction(direction: str) -> None:
    rows, ends = read_call([party(CARL, "Carl", "From"), party(DORA, "Dora", "To")], Direction=direction)
    assert ends[:2] == (CARL, DORA)
    assert (values(rows, "Call", "callerNumber"), values(rows, "Call", "receiverNumber")) == ({CARL}, {DORA})


@pytest.mark.parametrize(
    ("parties", "fields"),
    [
        ([party(CARL, "", "To")], {"Direction": "Incoming"}),
        ([party(CARL, "", "From")], {"Direction": "Outgoing"}),
        ([party(CARL, "", "From")], {"Direction": "Incoming", "Type": "Outgoing"}),
        ([party(MINE, "", "From"), party(MINE, "", "To")], {}),
        ([party(CARL, "", "From"), party(CARL, "", "To")], {"Direction": "Incoming"}),
        ([party(CARL, "", "From"), party(DORA, "", "From")], {"Direction": "Incoming"}),
        ([party(CARL), party(DORA)], {"Direction": "Incoming"}),
        ([party(MINE, "", "From", owner=True), party(CARL, "", "To")], {"Direction": "Incoming"}),
    ],
)
def test_a_call_that_contradicts_itself_claims_nobody_and_says_so(parties: list[Model], fields: dict[str, str]) -> None:
    rows, ends = read_call(parties, **fields)
    assert not values(rows, "Call", "caller") | values(rows, "Call", "receiver")
    assert ends[2] == ""
    (issue,) = (i for i in of(Issue, rows) if i.code == "contradiction")
    assert "model 1 (Call)" in issue.message


def test_a_missed_call_with_a_role_goes_the_way_of_the_role() -> None:
    assert read_call([party(CARL, "", "To")], Type="Missed")[1] == (MINE, CARL, "out")
    assert read_call([party(CARL)], Type="Missed")[1] == (CARL, MINE, "in")


def test_a_call_of_a_workbook_with_columns_for_its_sides() -> None:
    sheets = {"Calls": [["#", "From", "To", "Time"], [1, f"{CARL} Carl", f"{DORA} Dora", "14/07/2022 10:00:00(UTC+0)"]]}
    rows = list(read(report(workbook(sheets), "Calls.xlsx")))
    assert (values(rows, "Call", "callerNumber"), values(rows, "Call", "receiverNumber")) == ({CARL}, {DORA})


def read_sheets(sheets: dict[str, list[list[object]]]) -> tuple[str, str]:
    """All texts and all messages of issues of a workbook with these sheets."""
    rows = list(read(report(workbook(sheets), "report.xlsx")))
    return "\n".join(p.text for p in of(Passage, rows)), "\n".join(i.message for i in of(Issue, rows))


def test_every_cell_of_a_workbook_is_read_or_told() -> None:
    sheets: dict[str, list[list[object]]] = {
        "Instant Messages": [
            ["headingalpha"],
            ["#", "From", "Body", "Message", "Deleted", "Deleted state", "Timestamp: Time", None],
            [1, f"{CARL} Carl", "bodybravo", "messagecharlie", "Yes", "statedelta", "13/07/2022 10:00:00", "unnamedecho", "beyondfoxtrot"],
            [None, None, "continuationgolf"],
            [2, f"{CARL} Carl", "second", "", "", "", "13/07/2022 11:00:00"],
        ],
        "Examiner notes": [["remarkhotel"], ["noteindia", "notejuliet"]],
        "Summary": [["Case", "HB-1", "thirdkilo"], ["lonelima"], ["#", "numbermike"], ["Case number", "1234"]],
        "Timeline": [["#", "Type", "Body"], [1, "Instant Messages", "bodybravo"], [2, "Call", "timelinenovember"]],
    }  # fmt: skip
    said, told = read_sheets(sheets)
    for word in (
        "headingalpha bodybravo messagecharlie statedelta unnamedecho beyondfoxtrot continuationgolf remarkhotel noteindia"
        " notejuliet thirdkilo lonelima numbermike 1234"
    ).split():
        assert word in said, word
    assert "timelinenovember" not in said
    assert "Rows of the sheet 'Timeline' with text that is in no other sheet: 1 (rows 3)" in told
    assert "Sheet Instant Messages (2), Sheet Examiner notes (2)" in told


def test_a_timeline_that_only_repeats_other_sheets_is_not_told() -> None:
    sms = [
        ["#", "Folder", "Party", "Time", "Message"],
        [1, "Inbox", f"From: {CARL}", "14/07/2022 08:00:00(UTC+0)", "Come"],
    ]
    assert not read_sheets({"SMS Messages": sms, "Timeline": [["#", "Type", "Text"], [1, "SMS", "Come"]]})[1]


def test_cells_beyond_the_last_column_that_is_read_are_told() -> None:
    wide: list[object] = [1, "Inbox", f"From: {CARL}", "14/07/2022 08:00:00(UTC+0)", "Come", *[""] * 400, "far"]
    assert "more than 400 cells" in read_sheets({"SMS": [["#", "Folder", "Party", "Time", "Message"], wide]})[1]


def test_facts_beyond_the_most_that_are_kept_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.ingest.phones.device.MOST", 3)
    assert any("were left out: " in i.message and "first 3" in i.message for i in of(Issue, read(report(xml(MODELS)))))


def test_rows_outside_the_extent_that_a_sheet_states_are_read() -> None:
    sms = [
        ["#", "Folder", "Party", "Time", "Message"],
        *([n, "Inbox", f"From: {CARL}", f"14/07/2022 08:0{n}:00", f"word{n}"] for n in (1, 2)),
    ]
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook({"SMS": sms}))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b'<dimension ref="A1:E3"', b'<dimension ref="A1:D2"'))
    said = [p.text for p in of(Passage, read(report(made.getvalue(), "x.xlsx")))]
    assert {"word1", "word2"} <= set(said)


@pytest.mark.parametrize(
    "at", ["2022-13-14T08:00:00.000+00:00", "14.07.2022 09:00:00", "07/08/2022 09:00:00 AM", "2022-02-30T10:00:00Z"]
)
@pytest.mark.parametrize("kind", ["SMS", "Call", "Location", "Email"])
def test_times_of_a_report_that_are_none_are_told(at: str, kind: str) -> None:
    (told,) = [
        i for i in of(Issue, read(report(xml([Model(kind, {"TimeStamp": at, "Body": "x"})])))) if i.code == "bad-date"
    ]
    assert repr(at) in told.message and told.place == "model 1"


@pytest.mark.parametrize(
    ("lat", "lon", "why"),
    [
        ("152.4", "4.6", "swapped"),
        ("91", "181", "outside the range"),
        ("0", "0", "latitude 0"),
        ("52.4", "", "not a pair"),
        ("52,4,1", "4", "not a pair"),
    ],
)
def test_places_that_cannot_be_are_told(lat: str, lon: str, why: str) -> None:
    where = Model("Location", {}, {"Position": [Model("Coordinate", {"Latitude": lat, "Longitude": lon})]})
    (told,) = [i for i in of(Issue, read(report(xml([where])))) if i.code == "bad-position"]
    assert why in told.message and "model 1 (Location)" in told.message


def read_message(parties: list[Model], **fields: str) -> tuple[list[Row], list[str], list[str]]:
    """Rows of a report with one SMS, who sent it and who got it as they are written."""
    told = {"Source": "Phone", "Body": "I have the gun", "TimeStamp": "2022-07-14T08:00:00.000+00:00", **fields}
    rows = list(read(report(xml([Model("SMS", told, {"Parties": parties}, id="s")]))))
    sent, got = (
        [c.original_value for c in of(Claim, rows) if c.prop == f"{side}Account"] for side in ("sender", "recipient")
    )
    return rows, sent, got


@pytest.mark.parametrize(
    ("parties", "fields", "sender"),
    [
        ([party(CARL, "Carl", "From")], {"Folder": "Inbox"}, f"{CARL} (Carl)"),
        ([party(CARL, "Carl", "To")], {"Folder": "Sent"}, MINE),
        ([party(CARL, "Carl", "To")], {"Folder": "Drafts"}, MINE),
        ([party(CARL, "Carl", "From"), party(MINE, "", "To")], {"Folder": "Inbox"}, f"{CARL} (Carl)"),
        ([party(CARL, "Carl", "From"), party(CARL, "", "From")], {"Folder": "Inbox"}, f"{CARL} (Carl)"),
        ([party(MINE, "", "From"), party(CARL, "", "To"), party(MINE, "", "To")], {"Direction": "Outgoing"}, MINE),
        ([party(CARL, "", "From")], {"Folder": "Archive", "Status": "Sent"}, CARL),
    ],
)
def test_a_message_whose_sides_agree_is_of_its_sender(
    parties: list[Model], fields: dict[str, str], sender: str
) -> None:
    rows, senders, _ = read_message(parties, **fields)
    assert senders[0].startswith(sender)
    assert not [i for i in of(Issue, rows) if i.code == "contradiction"]


@pytest.mark.parametrize(
    ("parties", "fields"),
    [
        ([party(CARL, "Carl", "From")], {"Folder": "Sent"}),
        ([party(CARL, "Carl", "To")], {"Folder": "Inbox"}),
        ([party(CARL, "Carl", "To"), party(MINE, "", "From")], {"Direction": "Incoming"}),
        ([party(CARL, "Carl", "From"), party(DORA, "Dora", "From")], {"Folder": "Inbox"}),
        ([party(CARL, "Carl", "From")], {"Folder": "Inbox", "Direction": "Outgoing"}),
    ],
)
def test_a_message_that_contradicts_itself_is_of_nobody_and_says_so(
    parties: list[Model], fields: dict[str, str]
) -> None:
    rows, senders, recipients = read_message(parties, **fields)
    assert (senders, recipients) == ([], [])
    (issue,) = (i for i in of(Issue, rows) if i.code == "contradiction")
    assert "model 1 (SMS)" in issue.message
    assert any(f"Parties Identifier: {CARL}" in p.text for p in of(Passage, rows))


def test_an_account_that_is_marked_as_the_owners_beside_another_is_not_the_owners() -> None:
    both = [OWN, party(ROSA, "Rosa Blum", owner=True)]
    one = message(both[1], "I did it", "2022-07-13T12:24:24.000+00:00", "m1")
    chat = Model("Chat", {"Source": "WhatsApp", "Id": ROSA}, {"Participants": both, "Messages": [one]}, id="k1")
    rows = list(read(report(xml([chat]))))
    held = {held for _, held, basis in attributions(rows) if basis in ("custodian", "account on the device")}
    assert identifiers.build_account_key(ROSA).entity_id not in held
    assert identifiers.build_account_key(ADA).entity_id in held
    assert [c.original_value for c in of(Claim, rows) if c.prop == "senderAccount"] == [f"{ROSA} (Rosa Blum)"]
    (issue,) = (i for i in of(Issue, rows) if i.code == "contradiction")
    assert "account of the phone owner" in issue.message


TWO_FIELDS = '<field name="{0}" type="String"><value>{1}</value></field><field name="{0}" type="String">'
TWO_VALUES = '<field name="{0}" type="String"><value>{1}</value>'


@pytest.mark.parametrize("form", [TWO_FIELDS, TWO_VALUES])
@pytest.mark.parametrize(
    ("name", "value"), [("TimeStamp", "2020-01-01T00:00:00.000+00:00"), ("Identifier", "+447700900777")]
)
def test_a_field_with_two_values_has_none_and_says_so(form: str, name: str, value: str) -> None:
    sms = Model(
        "SMS",
        {"Body": "x", "TimeStamp": "2022-07-14T08:00:00.000+00:00"},
        {"Parties": [party(CARL, "Carl", "From")]},
        id="s",
    )
    data = xml([sms]).replace(f'<field name="{name}" type="String">', form.format(name, value), 1)
    rows = list(read(report(data)))
    claimed = {c.value for c in of(Claim, rows)} | {d.at for d in of(Document, rows)}
    assert value not in claimed and (CARL if name == "Identifier" else "2022-07-14T08:00:00+00:00") not in claimed
    (issue,) = (i for i in of(Issue, rows) if i.code == "conflict")
    assert name in issue.message and value in issue.message
    assert any(value in p.text for p in of(Passage, rows))


@pytest.mark.parametrize(
    ("name", "is_other"),
    [
        ("+31 6 12345678", True),
        ("31612345678@s.whatsapp.net", True),
        ("+44 7700 900123", False),
        ("447700900123", False),
        ("Rosa", False),
    ],
)
def test_a_name_that_is_the_number_of_another_is_no_number(name: str, *, is_other: bool) -> None:
    sent = message(party(ROSA, name), "I did it", "2022-07-13T12:24:24.000+00:00", "m1")
    rows = list(read(report(xml([sent]))))
    other = identifiers.build_telephone_key("+31612345678").entity_id
    assert other not in {c.value for c in of(Claim, rows)} | {c.entity_id for c in of(Claim, rows)}
    assert bool([i for i in of(Issue, rows) if i.code == "sender-unknown" and repr(name) in i.message]) == is_other
    assert not is_other or name in {c.value for c in of(Claim, rows) if c.prop == "alias"}
