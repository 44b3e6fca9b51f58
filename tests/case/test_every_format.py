"""A folder with a file of every format: one call reads it, and what stands in the files stands in the case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.case.formats import PEOPLE, folder
from workbench.case.case import Case, open_case
from workbench.ingest import READERS
from workbench.ledger.duckdb import Analytics, open_engine
from workbench.ledger.parquet_rows import list_live_files

if TYPE_CHECKING:
    import pandas as pd

OPTIONS = {"region": "GB"}


class Held(NamedTuple):
    """What the case must hold of one file: documents by schema, a piece of text, a claim, rows of mass tables."""

    reader: str
    documents: dict[str, int]
    text: str = ""
    claim: tuple[str, str, str] = ("", "", "")
    mass: dict[str, int] = {}  # noqa: RUF012 - a tuple's default is never changed


def table(text: str, claim: tuple[str, str, str], reader: str = "table", **mass: int) -> Held:
    return Held(reader, {"Table": 1}, text, claim, mass)


def phone(reader: str, **documents: int) -> Held:
    calls = 3 if documents.pop("more", 0) else 2
    mass = {"calls": calls, "positions": 1}
    return Held(reader, documents, "Where are you?", ("Handset", "imei", "490154203237518"), mass)


ROSA = ("Person", "name", "Rosa Blum")
REPORT = {"Message": 6, "Email": 1, "PlainText": 3, "Table": 7}
EXPECTED = {
    "office/report.docx": Held("docx", {"Document": 1}, "left berth four at night", ("Document", "author", "Zoë Lind")),
    "office/report.odt": Held("odt", {"Document": 1}, "The grey van waits behind the mill."),
    "office/report.rtf": Held("rtf", {"Document": 1}, "Meet tonight at ‘nine’.", ("Document", "author", "Zoë")),
    "office/slides.pptx": Held("pptx", {"Document": 1}, "Two cranes on the night shift"),
    "office/meeting.msg": Held("msg", {"Email": 1}, "See you at nine.", ("Email", "subject", "Meeting")),
    "office/news.html": Held("html", {"HyperText": 1}, "A crane fell on the quay.", ("HyperText", "title", "Harbour news")),
    "office/report.pdf": Held("pdf", {"Pages": 1}, "The seal of the container was broken."),
    "office/scan.pdf": Held("pdf", {"Pages": 1}),
    "office/note.txt": Held("text", {"PlainText": 1}, "Café Blue closes at two"),
    "office/note.md": Held("text", {"PlainText": 1}, "A lorry was seen at the dry dock."),
    "post/papers.eml": Held("mail", {"Email": 1}, "The container is there.", ("Email", "subject", "With papers")),
    "post/papers.eml/contract.docx": Held("docx", {"Document": 1}, "The contract of the warehouse."),
    "post/papers.eml/list.csv": table("Name: Ursula Pike", ("TelephoneNumber", "number", "+447700900208")),
    "post/box.mbox": Held("mail", {"Email": 3}, "Letter 3", ("Email", "messageId", "<3@box>")),
    "post/parcel.zip": Held("archive", {"Package": 1}),
    "post/parcel.zip/letters/one.eml": Held("mail", {"Email": 1}, "In a parcel", ("Email", "subject", "In a parcel")),
    "post/parcel.zip/roll.tar.gz": Held("archive", {"Package": 1}),
    "post/parcel.zip/roll.tar.gz/deep/note.txt": Held("text", {"PlainText": 1}, "The spare key hangs in the boiler room."),
    **{
        f"tables/people.{kind}": table(f"Date of birth: {person[2]}", ("Person", "name", person[0]))
        for kind, person in PEOPLE.items()
    },
    "registers/entities.ftm.json": table("id: o1", ("Company", "registrationNumber", "B-12 34"), "ftm-entities"),
    "registers/statements.csv": table("dataset: demo", ("Person", "name", "Viggo Stern"), "ftm-statements"),
    "registers/statements.json": table("dataset: demo", ("Person", "nationality", "nl"), "ftm-statements"),
    "registers/notices.json": Held("notice", {"PlainText": 3}, "Burla qualificada", ("Person", "birthDate", "1980-02-01")),
    "maps/harbour.kml": Held("kml", {"Table": 2, "Document": 1}, "Café Blue", ("Address", "latitude", "51.9"), {"positions": 1}),
    "maps/yard.kmz": Held("kml", {"Table": 2, "Document": 1}, "Café Red", ("Address", "longitude", "4.5"), {"positions": 1}),
    "maps/track.gpx": Held("gpx", {"Table": 2}, "Café Blue", ("Address", "latitude", "51.9"), {"positions": 2}),
    "maps/places.geojson": Held("geojson", {"Table": 2}, "informant", ("Address", "latitude", "51.9"), {"positions": 2}),
    "maps/chart.anx": table("strength: Tentative", ("TelephoneNumber", "number", "+31644891202"), "anx"),
    "phones/report.xml": phone("ufed", **REPORT),
    "phones/handset.ufdr": phone("ufed", **REPORT, more=1),
    "phones/handset.ufdr/files/Document/contract.pdf": Held("pdf", {"Pages": 1}, "Signed by Rosa."),
    "phones/handset.xlsx": phone("ufed-workbook", Message=5, PlainText=1, Table=4),
    "phones/book.vcf": table("Dr. Ada Winter", ("Person", "name", "Éva Müller"), "contact-cards"),
    "phones/records.csv": table("Total 4", ("Handset", "imei", "490154203237518"), calls=4, call_marks=1),
    "phones/cells.csv": table("", ("", "", ""), cells=2),
    "chats/forensic.txt": Held("chat-export", {"Message": 5}, "Your login code is 482911", ROSA),
    "chats/WhatsApp Chat with Rosa Blum.txt": Held("whatsapp", {"Message": 6}, "At the port: gate 4", ROSA),
    "chats/WhatsApp Chat - Rosa Blum.zip": Held("whatsapp", {"Message": 4}, "midnight", ROSA),
    "chats/WhatsApp Chat - Rosa Blum.zip/contract.pdf": Held("pdf", {"Pages": 1}, "Ten thousand."),
    "chats/signal/main.jsonl": Held("signal", {"Message": 8, "PlainText": 1}, "To all", ("Person", "name", "Bee")),
    "chats/signal/Rosa Blum/data.json": Held("signal", {"Message": 2}, "Attachment: plan.pdf", ROSA),
    "chats/signal/Rosa Blum/chat.md": Held("signal", {"Message": 2}, "The ferry is late.", ROSA),
    "chats/telegram/result.json": Held("telegram", {"Message": 6}, "See https://example.org tonight", ("Person", "name", "Ada Winter")),
    "chats/telegram/messages.html": Held("telegram-page", {"Message": 4, "Document": 1}, "I <wait> at the port", ROSA),
    "bank/statement.xml": table("rent july", ("Payment", "amount", "25.50"), "camt", transfers=2),
    "bank/statement.sta": table("rent july", ("Payment", "amount", "10.00"), "mt940", transfers=2),
    "bank/statement.csv": table("Payer: Vera Lake", ("Payment", "amount", "25.50")),
}  # fmt: skip
UNREAD = {"unread/photo.jpg": "The program cannot read the file", "unread/locked.docx": "password"}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    made = open_case(tmp_path_factory.mktemp("every") / "case", officer="ada", purpose="test")
    yield made
    made.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder(tmp_path_factory.mktemp("material"))


@pytest.fixture(scope="module")
def added(case: Case, files: Path) -> pd.DataFrame:
    return case.add(files, options=OPTIONS).set_index("name")


@pytest.fixture(scope="module")
def evidence(case: Case, added: pd.DataFrame) -> pd.DataFrame:
    """Evidence with the name of the file that it comes from."""
    return case.evidence.list().merge(case.context.traces[["trace_id", "source_name"]], on="trace_id")


@pytest.fixture(scope="module")
def engine(case: Case, added: pd.DataFrame) -> Iterator[Analytics]:
    names = case.sources.list()[["source", "name"]].rename(columns={"name": "file"})
    found = [
        (row.kind, case.context.folder.rows / row.path) for row in list_live_files(case.context.ledger).itertuples()
    ]
    with open_engine(found, frames={"files": names}) as made:
        yield made


def rows(engine: Analytics, table: str, name: str, *columns: str) -> list[tuple[object, ...]]:
    """Rows of one file in a mass table, in its order."""
    query = f"SELECT {', '.join(columns)} FROM {table} JOIN files USING (source) WHERE file = $name ORDER BY row"
    return list(engine.query_frame(query, {"name": name}).itertuples(index=False, name=None))


def contents(case: Case) -> list[int]:
    tables = (
        case.documents(),
        case.evidence.list(),
        case.sources.issues(),
        case.sources.list(),
        case.context.passages,
        list_live_files(case.context.ledger),
    )
    return [len(one) for one in tables]


@pytest.mark.slow
def test_one_call_reads_the_folder(added: pd.DataFrame) -> None:
    assert set(added.index) == {*EXPECTED, *UNREAD}
    assert dict(added.loc[list(EXPECTED), "state"]) == dict.fromkeys(EXPECTED, "read")
    assert dict(added.loc[list(EXPECTED), "reader"]) == {name: held.reader for name, held in EXPECTED.items()}


@pytest.mark.slow
def test_what_no_reader_takes_says_why(added: pd.DataFrame) -> None:
    assert dict(added.loc[list(UNREAD), "state"]) == dict.fromkeys(UNREAD, "quarantined")
    for name, word in UNREAD.items():
        assert word in added.loc[name, "why"]


def test_no_reader_is_left_out() -> None:
    """The desk alone says that a file is a message; old office files need a program beside."""
    assert {held.reader for held in EXPECTED.values()} | {"office-binary", "police-message"} == set(READERS)


CHILDREN = {"registers/notices.json": {"PlainText": 1}}
"""Documents that are hidden until somebody reveals minors: the yellow notice is about a child."""


@pytest.mark.parametrize("name", EXPECTED)
def test_documents_and_text(case: Case, added: pd.DataFrame, name: str) -> None:
    traces = case.context.traces
    ids = set(traces.loc[traces["source_name"] == name, "document_id"])
    documents = case.documents()
    shown = Counter(documents.loc[documents["document_id"].isin(ids), "schema"])
    assert shown + Counter(CHILDREN.get(name, {})) == EXPECTED[name].documents
    assert added.loc[name, "documents"] == sum(EXPECTED[name].documents.values())
    passages = case.context.passages
    texts = passages.loc[passages["document_id"].isin(ids), "text"]
    assert not EXPECTED[name].text or texts.str.contains(EXPECTED[name].text, regex=False).any()


@pytest.mark.parametrize("name", [name for name, held in EXPECTED.items() if held.claim[0]])
def test_claims(evidence: pd.DataFrame, name: str) -> None:
    said = evidence[evidence["source_name"] == name]
    assert EXPECTED[name].claim in set(zip(said["schema"], said["prop"], said["value"], strict=True))


def test_mass_rows_are_counted(case: Case, added: pd.DataFrame) -> None:
    found = list_live_files(case.context.ledger).merge(case.sources.list()[["source", "name"]], on="source")
    counted = {
        (name, kind): count for name, kind, count in zip(found["name"], found["kind"], found["rows"], strict=True)
    }
    assert counted == {(name, kind): count for name, held in EXPECTED.items() for kind, count in held.mass.items()}


def test_values_of_call_records(engine: Analytics) -> None:
    columns = ("a", "b", "direction", "CAST(start AS VARCHAR)", "duration", "imei", "first_cell")
    ada, ben, cell = "+447700900123", "+447700900456", "234-10-1-2"
    first, second, third, fourth = rows(engine, "calls", "phones/records.csv", *columns)
    assert first == (ada, ben, "out", "2022-07-13 10:11:12", 63, "49015420323751", cell)
    assert second == fourth == (ben, ada, "in", "2022-07-14 10:11:12", 63, "49015420323751", cell)
    assert third[0] == "", "a number that a spreadsheet has damaged is refused"
    assert rows(engine, "call_marks", "phones/records.csv", "rule", "counts") == [("C-06", False)]


@pytest.mark.parametrize("name", ["phones/report.xml", "phones/handset.ufdr", "phones/handset.xlsx"])
def test_values_of_calls_and_places_of_a_telephone(engine: Analytics, name: str) -> None:
    columns = ("a", "b", "direction", "CAST(start_utc AS VARCHAR)", "duration", "event")
    found = rows(engine, "calls", name, *columns)
    assert found[0] == ("+447700900456", "+447700900123", "out", "2022-07-13 12:00:00", 62, "voice")
    assert found[1] == ("+447700900789", "+447700900456", "in", "2022-07-13 10:10:00", 0, "voice")
    assert [row[1] for row in found[2:]] == (["+447700900999"] if name.endswith("ufdr") else [])
    assert rows(engine, "positions", name, "lat", "lon") == [(52.4, 4.6)]


@pytest.mark.parametrize("name", ["bank/statement.xml", "bank/statement.sta"])
def test_values_of_transfers(engine: Analytics, name: str) -> None:
    columns = ("payer_account", "beneficiary_account", "CAST(amount AS VARCHAR)", "currency", "date", "purpose")
    own = "NL91ABNA0417164300"
    assert rows(engine, "transfers", name, *columns) == [
        ("NL02RABO0123456789", own, "25.50", "EUR", "2022-07-13", "rent july"),
        (own, "12345678", "10.00", "EUR", "2022-07-13", "tea"),
    ]
    assert engine.query_frame("SELECT sum(amount) AS whole FROM transfers")["whole"].item() == 71


def test_values_of_cells_and_tracks(engine: Analytics) -> None:
    columns = ("cell", "name", "lat", "lon", "azimuth", "range", "valid_to")
    assert rows(engine, "cells", "phones/cells.csv", *columns) == [
        ("234-10-1-2", "Harbour North", 51.9012, 4.4811, 120, 1500, "2022-12-31"),
        ("234-10-1-3", "Harbour South", 51.8950, 4.4822, 240, 1200, "2022-12-31"),
    ]
    assert rows(engine, "positions", "maps/track.gpx", '"at"', "lat", "lon") == [
        ("2022-07-01T10:00:00Z", 51.9, 4.5), ("2022-07-01T11:00:00Z", 51.8, 4.4),
    ]  # fmt: skip


def test_one_telephone_is_one_thing_in_every_format(case: Case, evidence: pd.DataFrame) -> None:
    """The number 07700 900123 is called in records, reports and chats: one entity, whatever the form."""
    number = evidence[(evidence["schema"] == "TelephoneNumber") & (evidence["value"] == "+447700900123")]
    assert len(set(number["entity_id"])) == 1
    assert {"phones/records.csv", "phones/report.xml", "phones/handset.xlsx"} <= set(number["source_name"])


def test_what_is_wrong_is_told(case: Case, added: pd.DataFrame) -> None:
    issues = case.sources.issues()
    told = set(zip(issues["source_name"], issues["code"], strict=True))
    assert {
        ("office/scan.pdf", "no-text"), ("phones/records.csv", "C-15"), ("phones/records.csv", "C-06"),
        ("maps/harbour.kml", "outside"), ("maps/track.gpx", "bad-position"), ("chats/forensic.txt", "sender-conflict"),
        ("unread/photo.jpg", "unknown-format"), ("unread/locked.docx", "unreadable"),
    } <= told  # fmt: skip
    clean = {name for name in EXPECTED if name.startswith(("tables/", "registers/", "post/", "bank/"))}
    assert not clean & set(issues["source_name"])


@pytest.mark.slow
def test_a_second_add_adds_nothing(case: Case, files: Path, added: pd.DataFrame) -> None:
    before = contents(case)
    again = case.add(files, options=OPTIONS).set_index("name")
    assert dict(again["state"]) == {**dict.fromkeys(EXPECTED, "known"), **dict.fromkeys(UNREAD, "quarantined")}
    assert dict(again.loc[list(UNREAD), "why"]) == dict(added.loc[list(UNREAD), "why"])
    assert contents(case) == before


@pytest.mark.slow
def test_all_of_it_is_read_for_names(case: Case, added: pd.DataFrame) -> None:
    passages = len(case.context.passages)
    table = case.extract().set_index("method")
    assert table.loc["identifiers", "passages"] == passages
    assert table["suggestions"].sum() > 0
    assert case.extract()["suggestions"].sum() == 0
    found = case.search("grey van behind the mill")
    assert found.iloc[0]["source_name"] == "office/report.odt"
