"""Words that are planted in material of several formats, and whoever looks for them in every file of a folder."""

from __future__ import annotations

import gzip
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.case.formats import saved

WORDS = ("Quellwasser", "Zanzibarkontor", "+447700900177", "quellwasser@kontor.example")
CALLS = (
    "Calling Number,Called Number,Start Time,Duration,Cell Name\n"
    "+447700900177,+447700900102,2024-03-01T09:00:00,60,Zanzibarkontor\n"
    "+447700900177,+447700900102,2024-03-02T23:30:00,30,Zanzibarkontor\n"
)
TEXT = (
    "Quellwasser was seen at the Zanzibarkontor on Friday with a grey van.\n\n"
    "Call +44 7700 900177 or write to quellwasser@kontor.example about the Zanzibarkontor.\n"
)


def write(folder: Path) -> Path:
    """Write the material below a folder; returns where it lies."""
    import docx

    place = folder / "planted"
    place.mkdir()
    (place / "Quellwasser.md").write_text(TEXT, "utf-8")
    (place / "calls.csv").write_text(CALLS, "utf-8")
    letter = docx.Document()
    letter.add_paragraph(TEXT)
    (place / "letter.docx").write_bytes(saved(letter))
    with zipfile.ZipFile(place / "more.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", TEXT.replace("Friday", "Monday"))
    return place


def found(folder: Path) -> dict[str, set[str]]:
    """Words that stand in a file or its name, by file; in every encoding and inside what is packed."""
    return {path.relative_to(folder).as_posix(): hits for path in sorted(folder.rglob("*")) if (hits := _hits(path))}


def _hits(path: Path) -> set[str]:
    texts = [path.name.encode(), *(_unpacked(path.read_bytes()) if path.is_file() else ())]
    return {word for word in WORDS for text in texts if _has(text, word)}


def _has(data: bytes, word: str) -> bool:
    low = data.lower()
    return any(word.lower().encode(code) in low for code in ("utf-8", "utf-16-le", "utf-16-be"))


def _unpacked(data: bytes) -> Iterator[bytes]:
    """The bytes themselves, and what any ZIP, gzip, zlib, Parquet or SQLite in them holds."""
    yield data
    if data.startswith(b"PAR1"):
        yield pq.read_table(pa.BufferReader(data)).to_pandas().to_csv().encode()
    if data.startswith(b"SQLite format 3"):
        yield _rows(data)
    for mark in (b"PK\x03\x04", b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"):
        start = data.find(mark)
        while start >= 0:
            yield from _stream(data[start:], mark)
            start = data.find(mark, start + 1)


def _stream(data: bytes, mark: bytes) -> Iterator[bytes]:
    try:
        if mark == b"PK\x03\x04":
            with zipfile.ZipFile(BytesIO(data)) as archive:
                for name in archive.namelist():
                    yield from _unpacked(archive.read(name))
        elif mark == b"\x1f\x8b":
            yield gzip.decompress(data)
        else:
            yield zlib.decompressobj().decompress(data, 1 << 22)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        return


def _rows(data: bytes) -> bytes:
    sql = sqlite3.connect(":memory:")
    sql.deserialize(data[:18] + b"\1\1" + data[20:])  # a log beside it is looked at by itself
    tables = [name for (name,) in sql.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return repr([sql.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables]).encode()


def open_files(folder: Path) -> Path:
    """Material that everybody may see: a letter and a register."""
    place = folder / "open"
    place.mkdir()
    letter = "From: Bob Stevedore <bob@example.org>\nTo: team@example.org\nDate: Fri, 1 Mar 2024 09:00:00 +0000\nSubject: boat\n\n"
    (place / "b.eml").write_text(
        f"{letter}The boat leaves at nine, says Marta Oliveira. Write to bob@example.org.\n", "utf-8"
    )
    (place / "register.csv").write_text(
        "name,birthDate\nMarta Oliveira,1980-02-01\nBob Stevedore,1971-01-05\n", "utf-8"
    )
    return place


def hidden_files(folder: Path) -> Path:
    """Material to be hidden: text, an archive, a table with a minor, calls, and what nobody can read."""
    place = folder / "hidden"
    place.mkdir()
    (place / "memo.txt").write_text(
        "Memo on Rodolfo Quillfeather. Marta Oliveira knows. The van was seen near Lisbon.", "utf-8"
    )
    (place / "people.csv").write_text(
        "name,birthDate\nRodolfo Quillfeather,1980-02-01\nPim Quillfeather,2015-01-01\n,\n", "utf-8"
    )
    (place / "hidden-calls.csv").write_text(CALLS, "utf-8")
    (place / "broken.bin").write_bytes(bytes(range(256)) * 4)
    with zipfile.ZipFile(place / "more.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", "Rodolfo Quillfeather took the boat to Lisbon.")
    return place


SHARED = {
    "boat.txt": b"The plan of the boat by Marta Oliveira, for Bob Stevedore.\n",
    "staff.csv": b"name,phone\nMarta Oliveira,+447700900177\nBob Stevedore,+447700900102\n",
    "broken.xlsx": b"PK\x03\x04 no workbook",
    "photo.kml": b"<kml><Document><Placemark><name>quay</name><Point><coordinates>-9.1,38.7</coordinates></Point></Placemark></Document>"
    b"</kml>",
}
"""Files that lie in something hidden and in something open."""
CODED = {name: f"Nightjar/informant-7-{number}{Path(name).suffix}" for number, name in enumerate(SHARED)}
"""What they are called in what is hidden."""


def zipped(files: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 3, 1, 0, 0, 0)), data)
    return made.getvalue()


def mailed(files: dict[str, bytes], subject: str = "boat") -> bytes:
    """A mail with files attached."""
    mail = EmailMessage()
    for name, value in {
        "From": "Bob S <bob@example.org>",
        "To": "t@example.org",
        "Subject": subject,
        "Message-ID": "<b@x.org>",
    }.items():
        mail[name] = value
    mail["Date"] = "Fri, 1 Mar 2024 09:00:00 +0000"
    mail.set_content("See the enclosed.")
    for name, data in files.items():
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return re.sub(rb"={15}\d+==", b"===============1==", mail.as_bytes())


def coded_files(folder: Path) -> Path:
    """An archive to be hidden, with all of SHARED and an archive of them under other names."""
    place = folder / "coded"
    place.mkdir()
    inner = {CODED[name]: data for name, data in SHARED.items()}
    deep = zipped({f"deep-{name}": data.replace(b"Bob Stevedore", b"Ana Ek") + b"\n" for name, data in SHARED.items()})
    (place / "Operation-Nightjar.zip").write_bytes(zipped(inner | {"Nightjar/deep.zip": deep, "o.txt": b"o"}))
    return place


def shared_files(folder: Path) -> Path:
    """Open mails with the same files under plain names."""
    place = folder / "shared"
    place.mkdir()
    deep = zipped({f"deep-{name}": data.replace(b"Bob Stevedore", b"Ana Ek") + b"\n" for name, data in SHARED.items()})
    (place / "enclosed.eml").write_bytes(mailed(SHARED))
    (place / "packed.zip").write_bytes(zipped({"plain.zip": deep}))
    return place
