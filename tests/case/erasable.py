"""A case with one person and one message in every form in which they can stand, for tests of erasure."""

from __future__ import annotations

import io
import json
import zipfile
from email.message import EmailMessage
from pathlib import Path

from tests.case.formats import saved
from tests.ingest.test_pdf import portable

PERSON = "Quillón Brandywine"
WORDS = ("Quillón", "Brandywine", "quillon.b@brandy.example", "4 Fernloop Yard")
NUMBERS = ("+447700900321", "7700900321", "GB82WEST12345698765432", "XK772211", "QZ-7788-K")
SECRET = "the marzipan crates travel under tarpaulin"
"""Stands in one message, in its copy on another device, and where others quote it."""
ACCOUNT = "447700900321@s.whatsapp.net"
CHAT = f"""
Conversations found on device 01 Phone A (evidence trace aaaa-1) used by custodian Ada Brook (evidence trace aaaa-1:0-1)
WhatsApp conversation about {ACCOUNT} containing 5 messages between 2 participants (evidence trace aaaa-1:0-2)
2024-03-01T09:00:00 | From: {ACCOUNT} ({PERSON}) | To: Ada Brook | Message: Tell Ben that {SECRET}
and nobody looks
2024-03-01T09:05:00 | From: Ada Brook | To: {ACCOUNT} ({PERSON}) | Message: Fine, Quillon. Call me on +44 (0)7700 900444
2024-03-02T21:10:00 | From: {ACCOUNT} ({PERSON}) | To: Ada Brook | Message: My IBAN is GB82 WEST 1234 5698 7654 32
2024-03-02T21:12:00 | From: Ada Brook | To: Ben Carver | Message: Brandywine talks too much
2024-03-03T08:00:00 | From: Ada Brook | To: Ben Carver | Message: Meet me at the lighthouse
Conversations found on device 02 Phone B (evidence trace bbbb-2) used by custodian Ben Carver (evidence trace bbbb-2:0-1)
WhatsApp conversation about Ada containing 2 messages between 2 participants (evidence trace bbbb-2:0-2)
2024-03-01T09:00:00 | From: {ACCOUNT} ({PERSON}) | To: Ada Brook | Message: Tell Ben that {SECRET}
and nobody looks
2024-03-03T08:00:00 | From: Ada Brook | To: Ben Carver | Message: Meet me at the lighthouse
"""
REGISTER = f"""name;birthDate;phone;email;address;idNumber
{PERSON};14.05.1971;07700900321;quillon.b@brandy.example;4 Fernloop Yard, Bay;XK772211
Ada Brook;03.02.1980;07700900444;ada@brook.example;9 Mole Lane, Bay;XA100200
Ben Carver;14.05.1971;07700900555;ben@carver.example;11 Mole Lane, Bay;XB300400
"""
CALLS = """Calling Number,Called Number,Start Time,Duration
+447700900321,+447700900444,2024-03-01T09:00:00,60
+447700900444,+447700900555,2024-03-01T10:00:00,30
+447700900444,+447700900321,2024-03-02T11:00:00,45
"""
RECORDS = (
    {"name": PERSON, "phone": "+447700900321", "note": "seen with the caf\u00e9 owner"},
    {"name": "Dora Finch", "phone": "+447700900666", "note": f"says {PERSON.upper()} drives QZ 7788 K"},
)


def letter(sender: str, text: str, *, attached: bytes = b"", name: str = "") -> EmailMessage:
    """A letter; its text goes as base64 or quoted-printable."""
    made = EmailMessage()
    made["From"], made["To"], made["Date"] = sender, "ada@brook.example", "Fri, 01 Mar 2024 09:00:00 +0100"
    made["Subject"], made["Message-ID"] = f"Note of {sender.partition(' ')[0]}", f"<{abs(hash(text))}@brandy.example>"
    made.set_content(text, cte="base64")
    made.add_alternative(
        f"<html><body><p>{text.replace(' ', '&nbsp;')}</p></body></html>", subtype="html", cte="quoted-printable"
    )
    if attached:
        made.add_attachment(attached, maintype="application", subtype="octet-stream", filename=name)
    return made


def packed() -> bytes:
    """A ZIP with two files, one of which is about the person."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("who.txt", f"{PERSON} rents the cellar.")
        archive.writestr("where.txt", "The cellar lies under the lighthouse.")
    return out.getvalue()


def write(folder: Path) -> Path:
    """Write the material below a folder; returns where it lies."""
    import docx
    from openpyxl import Workbook

    place = folder / "material"
    place.mkdir()
    (place / "chats.txt").write_text(CHAT, "utf-8")
    (place / "register.csv").write_bytes(REGISTER.encode("cp1252"))
    (place / "calls.csv").write_text(CALLS, "utf-8")
    (place / "records.jsonl").write_text("".join(json.dumps(one) + "\n" for one in RECORDS), "ascii")
    (place / "memo.txt").write_text(
        f"Memo.\r\n\r\n{PERSON} was seen.\r\n\r\nThe van was grey.\r\n", "utf-16", newline=""
    )
    (place / "quote.md").write_text(f"# Quoted\n\nHe wrote: > {SECRET.upper()}.\n\nNothing more.\n", "utf-8")
    (place / "note.eml").write_bytes(
        letter(f"{PERSON} <quillon.b@brandy.example>", f"I am {PERSON}. Ask Dora Finch.").as_bytes()
    )
    (place / "papers.eml").write_bytes(
        letter("Dora Finch <dora@finch.example>", "Papers of the cellar.", attached=packed(), name="p.zip").as_bytes()
    )
    letters = [letter("Dora Finch <dora@finch.example>", text) for text in ("One.", f"Two, of {PERSON}.", "Three.")]
    (place / "box.mbox").write_bytes(
        b"".join(b"From x Fri Mar  1 09:00:00 2024\n" + one.as_bytes() + b"\n\n" for one in letters)
    )
    (place / "scan.pdf").write_bytes(portable("The quay was empty.", "Quillon Brandywine came at nine."))
    document = docx.Document()
    document.core_properties.author = PERSON
    document.add_paragraph("The crane was broken.")
    (place / "crane.docx").write_bytes(saved(document))
    book = Workbook()
    for row in (("keeper", "plate"), (PERSON, "QZ-7788-K"), ("Dora Finch", "QZ-1111-A")):
        book.active.append(row)
    book.save(place / "cars.xlsx")
    return place
