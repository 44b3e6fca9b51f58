"""Small writers for formats that no library of the project writes: ODS, and Excel's binary format of before 2007."""

from __future__ import annotations

import io
import struct
import zipfile
from html import escape
from typing import NamedTuple

OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = " ".join(f'xmlns:{name}="{OFFICE}:{name}:1.0"' for name in ("office", "table", "text"))
TYPE = "application/vnd.oasis.opendocument.spreadsheet"
SECTOR = 512
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def ods(sheets: dict[str, list[list[object]]]) -> bytes:
    """A spreadsheet of texts, numbers and empty cells."""
    return ods_of(
        "".join(
            f'<table:table table:name="{escape(name)}">{build_rows(rows)}</table:table>'
            for name, rows in sheets.items()
        )
    )


def ods_of(tables: str, manifest: str = "", head: str = "") -> bytes:
    """A spreadsheet with this XML for its tables."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", TYPE, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", manifest or "<manifest/>")
        body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        archive.writestr("content.xml", f"{head}<office:document-content {NAMES}>{body}</office:document-content>")
    return out.getvalue()


def cell(value: object, times: int = 1) -> str:
    repeated = f' table:number-columns-repeated="{times}"' if times > 1 else ""
    if value is None or value == "":
        return f"<table:table-cell{repeated}/>"
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"{repeated}><text:p>~</text:p></table:table-cell>'
    text = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
    return f'<table:table-cell office:value-type="string"{repeated}>{text}</table:table-cell>'


def build_rows(rows: list[list[object]]) -> str:
    return "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)


class Formed(NamedTuple):
    """A number in a cell of a style; several numbers: cells beside one another."""

    style: int
    values: tuple[float, ...]


def xls_formats(*codes: str) -> bytes:
    """Records of number formats, and of a cell style for each; style 0 has none."""
    formats = b"".join(
        _record(0x041E, struct.pack("<HHB", 164 + n, len(code), 1) + code.encode("utf-16-le"))
        for n, code in enumerate(codes)
    )
    return formats + b"".join(
        _record(0x00E0, struct.pack("<HH16x", 0, number)) for number in (0, *range(164, 164 + len(codes)))
    )


def xls(sheets: dict[str, dict[tuple[int, int], object]], extra: bytes = b"") -> bytes:
    """A workbook: for each sheet its cells by row and column; text, number, `Formed`, or None for the error #N/A."""
    bodies = [_sheet(cells) for cells in sheets.values()]
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + extra
    names = [name.encode("utf-16-le") for name in sheets]
    at = len(head) + sum(12 + len(name) for name in names) + 4
    places = [at + sum(map(len, bodies[:index])) for index in range(len(bodies))]
    bounds = b"".join(
        _record(0x0085, struct.pack("<IBBBB", place, 0, 0, len(name) // 2, 1) + name)
        for place, name in zip(places, names, strict=True)
    )
    return compound("Workbook", head + bounds + _record(0x000A, b"") + b"".join(bodies))


def _sheet(cells: dict[tuple[int, int], object]) -> bytes:
    out = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for (row, column), value in cells.items():
        where = struct.pack("<HHH", row, column, 0)
        if value is None:
            out += _record(0x0205, where + b"\x2a\x01")
        elif isinstance(value, int | float):
            out += _record(0x0203, where + struct.pack("<d", value))
        elif isinstance(value, Formed) and len(value.values) == 1:
            out += _record(0x0203, struct.pack("<HHHd", row, column, value.style, value.values[0]))
        elif isinstance(value, Formed):
            cells_of = b"".join(struct.pack("<Hi", value.style, int(number) << 2 | 2) for number in value.values)
            out += _record(
                0x00BD, struct.pack("<HH", row, column) + cells_of + struct.pack("<H", column + len(value.values) - 1)
            )
        else:
            text = str(value)
            out += _record(0x0204, where + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))
    return out + _record(0x000A, b"")


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def compound(name: str, stream: bytes) -> bytes:
    """A compound file with one stream."""
    data = stream.ljust(4096, b"\x00")
    data += b"\x00" * (-len(data) % SECTOR)
    sectors = len(data) // SECTOR
    tables = -(-(sectors + 2) // 127)
    first = tables + 1
    chain = [TABLE] * tables + [END] + [*range(first + 1, first + sectors), END]
    chain += [FREE] * (tables * SECTOR // 4 - len(chain))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\x00")
    head += struct.pack("<HHHHHHIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, tables, tables, 0, 4096, END, 0, END, 0)
    head += struct.pack("<109I", *range(tables), *([FREE] * (109 - tables)))
    directory = _entry("Root Entry", 5, 1, END, 0) + _entry(name, 2, FREE, first, len(data))
    return head + struct.pack(f"<{len(chain)}I", *chain) + directory.ljust(SECTOR, b"\x00") + data


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    out = text.ljust(64, b"\x00") + struct.pack("<HBBIII", len(text), kind, 1, FREE, FREE, child)
    return out.ljust(116, b"\x00") + struct.pack("<IQ", start, size)
