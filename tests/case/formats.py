"""An analyst's Monday: a folder with a file of every format that is read, shaped as the tools of the field write them.

What a library writes is written by that library; the rest is made by the small writers of the readers' own tests. Nothing in
it is real.
"""

from __future__ import annotations

import io
import json
import mailbox
import tarfile
import tempfile
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path

from tests.ingest.banking.writer import Account, Line, camt, swift
from tests.ingest.charts import test_anx as anx
from tests.ingest.chats.test_signal import EXPORTED, FRAMES, lines
from tests.ingest.chats.test_telegram import CHAT, PAGE
from tests.ingest.chats.test_whatsapp import ANDROID, IOS, zipped
from tests.ingest.office.files import compound, item, opendocument, paragraph, word
from tests.ingest.phones.test_cards import FOUR, OLD, THREE
from tests.ingest.phones.writer import MODELS, Model, party, ufdr, workbook, xml
from tests.ingest.places.test_places import FEATURES, GPX, KML, kmz
from tests.ingest.registers import test_entities as ftm
from tests.ingest.registers.test_notices import RED, UN, YELLOW
from tests.ingest.tables.sheets import CALLS
from tests.ingest.tables.sheets import workbook as sheets
from tests.ingest.tables.test_sources import HEAD, as_parquet
from tests.ingest.tables.writers import ods, xls
from tests.ingest.test_chat import EXPORT
from tests.ingest.test_mail import letter
from tests.ingest.test_pdf import portable

PEOPLE = {
    "csv": ["Nadia Frost", "+447700900201", "1981-03-01"],
    "tsv": ["Otto Vale", "+447700900202", "1982-03-02"],
    "xlsx": ["Petra Quill", "+447700900203", "1983-03-03"],
    "xls": ["Quentin Marsh", "+447700900204", "1984-03-04"],
    "ods": ["Runa Birch", "+447700900205", "1985-03-05"],
    "parquet": ["Silas Thorn", "+447700900206", "1986-03-06"],
    "jsonl": ["Tilda Hawke", "+447700900207", "1987-03-07"],
}
"""Who is in which table: name, telephone, date of birth."""
CELLS = """Cell Global ID,Site Name,Site Address,Latitude,Longitude,Azimuth,Beam Width,Range (m),Technology,Valid From,Valid To
234-10-1-2,Harbour North,1 Quay,51.9012,4.4811,120,65,1500,LTE,2022-01-01,2022-12-31
234-10-1-3,Harbour South,2 Quay,51.8950,4.4822,240,65,1200,LTE,2022-01-01,2022-12-31
"""
TRANSFERS = Account([
    Line(Decimal("25.50"), "Rosa Blum", "NL02RABO0123456789", "rent july"),
    Line(Decimal("-10.00"), "Bee & Co", "12345678", "tea"),
])  # fmt: skip


def saved(document: object) -> bytes:
    """Bytes of a document of python-docx or python-pptx."""
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def docx() -> bytes:
    import docx as library

    made = library.Document()
    made.core_properties.author = "Zoë Lind"
    made.add_heading("Findings", 1)
    made.add_paragraph("The container left berth four at night.")
    return saved(made)


def pptx() -> bytes:
    from pptx import Presentation

    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text = "Briefing", "Two cranes on the night shift"
    return saved(made)


def office() -> dict[str, bytes]:
    """Texts of every kind, a page of the web, an item of Outlook."""
    mail = item(
        {"0037": "Meeting", "1000": "See you at nine.", "0C1A": "Ada Winter", "5D01": "ada@outlook.example"},
        numbers={0x0039: 133_000_000_000_000_000},
    )
    mail |= item({"3001": "Bob", "39FE": "bob@outlook.example"}, "__recip_version1.0_#00000000/", numbers={0x0C15: 1})
    body = "<office:text><text:p>The grey van waits behind the mill.</text:p></office:text>"
    page = "<!DOCTYPE html><html><head><title>Harbour news</title></head><body><p>A crane fell on the quay.</p></body></html>"
    rich = r"{\rtf1\ansi\ansicpg1252{\info{\author Zo\'eb}}\pard Meet \b tonight\b0  at \'91nine\'92.\par}"
    return {
        "office/report.docx": docx(),
        "office/report.odt": opendocument(body),
        "office/report.rtf": rich.encode(),
        "office/slides.pptx": pptx(),
        "office/meeting.msg": compound(mail),
        "office/news.html": page.encode(),
        "office/report.pdf": portable("The seal of the container was broken.", "Second page."),
        "office/scan.pdf": portable(""),
        "office/note.txt": "Café Blue closes at two; the lamp goes out at one.\n".encode(),
        "office/note.md": b"# Report 7\n\nA lorry was seen at the dry dock.\n",
    }


def post() -> dict[str, bytes]:
    """A letter with two files, a box of letters, an archive in an archive."""
    outer = letter(Subject="With papers", Message_ID="<papers@x>")
    contract = word(paragraph("The contract of the warehouse."))
    kind = "vnd.openxmlformats-officedocument.wordprocessingml.document"
    outer.add_attachment(contract, maintype="application", subtype=kind, filename="contract.docx")
    outer.add_attachment(
        b"Name,Telephone\nUrsula Pike,+447700900208\n", maintype="text", subtype="csv", filename="list.csv"
    )
    roll = io.BytesIO()
    with tarfile.open(fileobj=roll, mode="w:gz") as archive:
        note = b"The spare key hangs in the boiler room.\n"
        member = tarfile.TarInfo("deep/note.txt")
        member.size = len(note)
        archive.addfile(member, io.BytesIO(note))
    boxed = letter(Subject="In a parcel", Message_ID="<parcel@x>")
    return {
        "post/papers.eml": outer.as_bytes(),
        "post/box.mbox": box([letter(Subject=f"Letter {n}", Message_ID=f"<{n}@box>") for n in (1, 2, 3)]),
        "post/parcel.zip": zipped({"letters/one.eml": boxed.as_bytes(), "roll.tar.gz": roll.getvalue()}),
    }  # fmt: skip


def box(messages: list[EmailMessage]) -> bytes:
    """An MBOX file of Python's own writer."""
    with tempfile.TemporaryDirectory() as folder:
        made = mailbox.mbox(Path(folder) / "box")
        for message in messages:
            made.add(message)
        made.close()
        return (Path(folder) / "box").read_bytes()


def tables() -> dict[str, bytes]:
    """The same table in seven forms, each with a person of its own."""
    rows = {kind: [HEAD, person] for kind, person in PEOPLE.items()}
    cells = {(r, c): text for r, line in enumerate(rows["xls"]) for c, text in enumerate(line)}
    return {
        "tables/people.csv": "".join(";".join(line) + "\n" for line in rows["csv"]).encode(),
        "tables/people.tsv": "".join("\t".join(line) + "\n" for line in rows["tsv"]).encode(),
        "tables/people.xlsx": sheets({"Persons": [list(line) for line in rows["xlsx"]]}),
        "tables/people.xls": xls({"Persons": cells}),
        "tables/people.ods": ods({"Persons": [list(line) for line in rows["ods"]]}),
        "tables/people.parquet": as_parquet([PEOPLE["parquet"]]),
        "tables/people.jsonl": json.dumps(dict(zip(HEAD, PEOPLE["jsonl"], strict=True))).encode(),
    }


def registers() -> dict[str, bytes]:
    """FollowTheMoney in its two forms, and notices."""
    from followthemoney import Dataset, StatementEntity
    from followthemoney.statement.serialize import write_statements

    data = {"id": "p9", "schema": "Person", "properties": {"name": ["Viggo Stern"], "nationality": ["nl"]}}
    entity = StatementEntity.from_dict(data, default_dataset=Dataset.make({"name": "demo", "title": "Demo"}))
    statements = {form: ftm.Kept() for form in ("csv", "json")}
    for form, out in statements.items():
        write_statements(out, form, sorted(entity.statements, key=lambda one: (one.prop, one.value)))
    return {
        "registers/entities.ftm.json": "\n".join(map(json.dumps, (ftm.ADA, ftm.FIRM, ftm.OWNS))).encode(),
        **{f"registers/statements.{form}": out.getvalue() for form, out in statements.items()},
        "registers/notices.json": json.dumps([RED, YELLOW, UN]).encode(),
    }


def maps() -> dict[str, bytes]:
    """Places and tracks, and a chart of i2."""
    link = anx.link(1, 2, "Uses", "uses", DateSet="true", DateTime="2022-07-01T00:00:00.000")
    return {
        "maps/harbour.kml": KML.encode(),
        "maps/yard.kmz": kmz(doc_kml=KML.replace("Café Blue", "Café Red")),
        "maps/track.gpx": GPX.encode(),
        "maps/places.geojson": json.dumps(FEATURES).encode(),
        "maps/chart.anx": anx.chart(anx.ADA, anx.PHONE, link).data or b"",
    }


def phones() -> dict[str, bytes]:
    """Reports of telephones, the address book of one, call records and where their cells are."""
    call = {
        "Source": "Phone",
        "Direction": "Outgoing",
        "TimeStamp": "2022-07-19T12:00:00.000+00:00",
        "Duration": "00:00:09",
    }
    more = Model("Call", call, {"Parties": [party("+447700900999", "Wim", "To")]}, id="c9")
    return {
        "phones/report.xml": xml(MODELS).encode(),
        "phones/handset.ufdr": ufdr(xml([*MODELS, more]), {"files/Document/contract.pdf": portable("Signed by Rosa.")}),
        "phones/handset.xlsx": workbook(),
        "phones/book.vcf": (OLD + THREE + FOUR).encode(),
        "phones/records.csv": CALLS.encode(),
        "phones/cells.csv": CELLS.encode(),
    }  # fmt: skip


def chats() -> dict[str, bytes]:
    """Exports of conversations."""
    return {
        "chats/forensic.txt": EXPORT.encode(),
        "chats/WhatsApp Chat with Rosa Blum.txt": ANDROID.encode(),
        "chats/WhatsApp Chat - Rosa Blum.zip": zipped({"_chat.txt": IOS.encode(), "contract.pdf": portable("Ten thousand.")}),
        "chats/signal/main.jsonl": lines(FRAMES),
        "chats/signal/Rosa Blum/data.json": EXPORTED,
        "chats/signal/Rosa Blum/chat.md": b"[2022-07-13 12:00:00] Rosa Blum: The ferry is late.\n\n[2022-07-13 12:01:00] Me: so be it\n",
        "chats/telegram/result.json": json.dumps(CHAT, indent=1).encode(),
        "chats/telegram/messages.html": PAGE.encode(),
    }  # fmt: skip


def banking() -> dict[str, bytes]:
    """Statements of one account in three forms."""
    head = "Date;Amount;Currency;Payer;Payer account;Beneficiary;Beneficiary account;Description\n"
    row = "13/07/2022;25,50;EUR;Vera Lake;GB82WEST12345698765432;Harbour Trading;NL91ABNA0417164300;rent july\n"
    return {
        "bank/statement.xml": camt(TRANSFERS).encode(),
        "bank/statement.sta": swift(TRANSFERS).encode(),
        "bank/statement.csv": (head + row).encode(),
    }


def unread() -> dict[str, bytes]:
    """What no reader takes: a picture, and a file that is locked."""
    return {
        "unread/photo.jpg": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 2,
        "unread/locked.docx": compound({"EncryptionInfo": bytes(64), "EncryptedPackage": bytes(range(256)) * 20}),
    }  # fmt: skip


def folder(place: Path) -> Path:
    """Write all of it below a folder; returns the folder."""
    for family in (office, post, tables, registers, maps, phones, chats, banking, unread):
        for name, data in family().items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return place
