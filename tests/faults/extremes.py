"""Files of every reader whose values are beyond what anybody can reckon with: times, numbers, positions and texts.

Each is a sound file of the reader's own tests in which values are replaced where they stand, so that the file stays one of its
format: a date by one near the end of the calendar or beyond it, a number by one that no machine holds, a name by a text of a
megabyte, a text by signs that are none.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from tests.case import formats
from tests.ingest.office.files import compound
from workbench.ingest import READERS, SourceFile, detect
from workbench.ingest.documents import police_message
from workbench.messages import Message, Notice, to_json
from workbench.messages.model.message import Item, Person

LONGEST = 150_000
OFFSETS = ("", "Z", "-23:59", "+23:59")
YEARS = ("9999", "0001", "0000", "10000", "-0044", "1447", "9998", "29999")
"""First and last of the calendar and beyond it, one before it began, one of another calendar, and years that have five digits."""
NUMBERS = (
    "inf",
    "-inf",
    "nan",
    "1e400",
    "-1e400",
    str(1 << 63),
    str(1 << 64),
    "-" + "9" * 40,
    "0." + "0" * 60 + "1",
    "91",
    "-181.5",
    "",
)
WHOLE = (str(1 << 63), str((1 << 63) - 1), "-1", "9" * 60, "0", str(-(1 << 63)), "253402300800", "-62135596801", "")
MOMENTS = ("253402300799", "253402300800", "9" * 19, "-62135596801000", "32536850399", "-1", "0", "9" * 400)
"""Seconds or thousandths since 1970: of the last second of the calendar, one more, and some that no clock has."""
TEXTS = (
    "",
    " ",
    "\x00",
    "Marta\x00Oliveira",
    "\ud800",
    "\u202eaviM",
    "\u0301" * 50,
    "\U0001f480",
    "=1+1",
    "x" * 5_000,
    "1e400",
    "nan",
)
LETTER = "Fri, 31 Dec 9999 23:59:59 -2359"
VALUES = re.compile(
    r"(?P<mail>\w{3}, \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4})"
    r"|(?P<iso>\b\d{4}(?P<day>-\d\d-\d\d)(?P<clock>[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?P<offset>Z|[+-]\d\d:?\d\d)?)"
    r"|(?P<slash>\b\d{1,2}[/.]\d{1,2}[/.]\d{4}\b)"
    r"|(?P<moment>\b1[3-9]\d{8}(?:\d{3})?\b)"
    r"|(?P<real>-?\b\d+[.,]\d+\b)"
    r"|(?P<whole>\b\d{2,8}\b)"
    r"|(?P<name>\b(?:Marta|Rosa|Nadia|Ada|Bob|Vera|Viggo|Café|Harbour|Ursula|Otto|Petra|Silas|Tilda|Wim|Ben)\b(?: [A-Z]\w+)?)"
)
LONG = {"mail": "Marta Oliveira " * 200, **dict.fromkeys(("", "json", "xml"), "Marta Oliveira " * (LONGEST // 15))}
"""A name longer than any passage; in a mail a shorter one: the standard library's parser of addresses takes the square of it."""
Choose = Callable[[Sequence[str]], str]
"""Gives one of some values."""


@dataclass(frozen=True)
class Sample:
    """A sound file, and the reader that takes it."""

    name: str
    data: bytes
    reader: str


def samples() -> dict[str, list[Sample]]:
    """Sound files by reader; every reader has one."""
    found: dict[str, list[Sample]] = {name: [] for name in READERS}
    families = (
        formats.office,
        formats.post,
        formats.tables,
        formats.registers,
        formats.maps,
        formats.phones,
        formats.chats,
        formats.banking,
    )
    for family in families:
        for name, data in family().items():
            reader = detect(SourceFile(formats.Path("/nowhere"), "0" * 64, name, data)).reader
            found[reader].append(Sample(name.replace("/", "-"), data, reader))
    found["office-binary"].append(Sample("old.doc", compound({"WordDocument": bytes(2_000)}), "office-binary"))
    found[police_message.METHOD] += [
        Sample(f"message-{number}.json", data, police_message.METHOD) for number, data in enumerate(_messages())
    ]
    return found


def _messages() -> Iterator[bytes]:
    person = Person(family_name="Oliveira", forename="Marta", date_of_birth="1980-02-01", nationalities=("PT",))
    item = Item(kind="phone", number="+447700900123")
    for message in (
        Message(
            our_ref="A-1",
            subject="Harbour",
            date_time="2024-03-01T09:00:00+01:00",
            from_bureau="Lisbon",
            persons=(person,),
            objects=(item,),
        ),
        Notice(
            our_ref="A-2", subject="Marta Oliveira", date_time="2024-03-01T09:00:00Z", persons=(person,), color="red"
        ),
    ):
        yield to_json(message).encode()


def spiced(sample: Sample, choose: Choose) -> bytes:
    """The file with extreme values in place of its own."""
    return _spiced(sample.name, sample.data, choose)


def _spiced(name: str, data: bytes, choose: Choose) -> bytes:
    if data[:4] == b"PK\x03\x04":
        return _packed(data, choose)
    if data[:4] == b"PAR1":
        return _columns(data, choose)
    if data[:4] in (b"\xd0\xcf\x11\xe0", b"%PDF") or data[:2] == b"\x1f\x8b":
        return _same_length(data)
    code = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        text = data.decode(code)
    except UnicodeDecodeError:
        return _same_length(data)
    form = (
        "mail"
        if re.match(r"From |[\w-]+: ", text)
        else "json"
        if text.lstrip()[:1] in "[{"
        else "xml"
        if text.lstrip()[:1] == "<"
        else ""
    )
    return VALUES.sub(lambda match: _extreme(match, choose, form), text).encode(code, "surrogatepass")


def _extreme(match: re.Match[str], choose: Choose, form: str) -> str:
    """What stands in place of a value; of a form that cannot hold a sign as it is, in its own way of writing it.

    Half of the values stay, so that a file is still read where its first value is refused.
    """
    if choose(("stays", "goes")) == "stays":
        return match[0]
    kind = match.lastgroup if match.lastgroup in ("mail", "slash", "moment", "real", "whole", "name") else "iso"
    if kind == "mail":
        return choose(
            (
                LETTER,
                "Sat, 01 Jan 0001 00:00:00 +2359",
                "Fri, 31 Dec 9999 23:59:59 +0000",
                "Fri, 01 Jan 10000 00:00:00 +0000",
                match[0],
            )
        )
    if kind == "iso":
        clock = match["clock"] or ""
        return f"{choose(YEARS)}{match['day']}{clock}{choose(OFFSETS) if clock else ''}"
    if kind == "slash":
        return f"31/12/{choose(YEARS)}"
    values = {"moment": MOMENTS, "real": NUMBERS, "whole": (*WHOLE, match[0], match[0])}.get(kind)
    if values and form == "json":
        values = tuple(
            value
            for value in values
            if re.fullmatch(r"-?\d+(?:\.\d+)?(?:e\d+)?", value) and not re.match(r"-?0\d", value)
        )
    return _written(choose(values or (*TEXTS, LONG[form])), form)


def _written(text: str, form: str) -> str:
    if form == "json":
        return "".join(f"\\u{ord(sign):04x}" if sign < " " or "\ud800" <= sign < "\ue000" else sign for sign in text)
    return re.sub("[\x00-\x08\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text) if form == "xml" else text


def _packed(data: bytes, choose: Choose) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            inner = given.read(name)
            untouched = name.startswith("[Content") or name.endswith(
                (".rels", "styles.xml", "workbook.xml", "mimetype", "manifest.xml")
            )
            made.writestr(
                name,
                inner
                if untouched
                else _between(inner, choose)
                if name.endswith(".xml")
                else _spiced(name, inner, choose),
            )
    return out.getvalue()


def _between(data: bytes, choose: Choose) -> bytes:
    """XML of an office file: what stands between its tags alone, for their attributes are its skeleton."""
    text = data.decode("utf-8")
    made = re.sub(
        r">([^<]+)<", lambda part: f">{VALUES.sub(lambda match: _extreme(match, choose, 'xml'), part[1])}<", text
    )
    return made.encode()


def _columns(data: bytes, choose: Choose) -> bytes:
    table = pq.read_table(io.BytesIO(data))
    rows = [
        [VALUES.sub(lambda match: _extreme(match, choose, "xml"), str(value)) for value in column.to_pylist()]
        for column in table.columns
    ]
    out = io.BytesIO()
    pq.write_table(pa.table(rows, names=table.column_names), out)
    return out.getvalue()


def _same_length(data: bytes) -> bytes:
    """Of a format whose parts are counted, the years and the figures with other digits in their place."""
    made = re.sub(rb"(?<!\d)(?:19|20)\d\d(?=-)", b"9999", data)
    return re.sub(rb"(?<=\d)\.\d\d(?=\D)", b".99", made)
