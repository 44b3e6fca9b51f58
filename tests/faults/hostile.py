"""Broken and hostile files, made by hand: what a case folder may hold by accident or by intent. Nothing in them is real."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable

LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(10)
)  # a thousand million 'ha'
OUTSIDE = '<!ENTITY out SYSTEM "file:///etc/passwd">'
SCRIPT = '<img src=x onerror="alert(1)">'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MIB = 1 << 20


def packed(members: dict[str, bytes], *, squeeze: bool = True) -> bytes:
    """A ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED if squeeze else zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            squeezed = squeeze and name != "mimetype"
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED if squeezed else zipfile.ZIP_STORED)
    return buffer.getvalue()


def rolled(members: dict[str, bytes | tarfile.TarInfo], mode: str = "w") -> bytes:
    """A TAR archive; a TarInfo is a member of its own kind."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = data if isinstance(data, tarfile.TarInfo) else tarfile.TarInfo(name)
            if isinstance(data, bytes):
                info.size = len(data)
            archive.addfile(info, io.BytesIO(data) if isinstance(data, bytes) else None)
    return buffer.getvalue()


def special(name: str, kind: bytes, link: str = "") -> tarfile.TarInfo:
    """A link or device as a member of a TAR archive."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def locked(data: bytes) -> bytes:
    """A ZIP archive whose members say that they are encrypted."""
    out = bytearray(data)
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.find(magic)
        while at >= 0:
            out[at + offset] |= 1
            at = out.find(magic, at + 4)
    return bytes(out)


def nested(depth: int) -> bytes:
    """Archives in archives."""
    data = b"the innermost note of a Russian doll\n"
    for number in range(depth):
        data = packed({f"doll{number}.zip" if number else "note.txt": data}, squeeze=False)
    return data


def word(body: str, **more: bytes) -> bytes:
    """A DOCX of one document part."""
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    kinds = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        "</Relationships>"
    )
    return packed({
        "[Content_Types].xml": kinds.encode(), "_rels/.rels": links.encode(),
        "word/document.xml": body.replace("{names}", names).encode(), **more,
    })  # fmt: skip


def text_document(content: str, kind: str = "text") -> bytes:
    """An ODT or ODS."""
    return packed({
        "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(), "content.xml": content.encode(),
        "META-INF/manifest.xml": b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
    })  # fmt: skip


def endless_sheet() -> bytes:
    """An ODS that says of one cell that it is repeated through the whole sheet."""
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    rows = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    body = f'<office:body><office:spreadsheet><table:table table:name="s">{rows}</table:table></office:spreadsheet></office:body>'
    return text_document(f"<office:document-content {names}>{body}</office:document-content>", "spreadsheet")


def document_type(entities: str, root: str, body: str) -> bytes:
    """XML with entities of its own."""
    return f'<?xml version="1.0"?><!DOCTYPE x [{entities}]>{root.replace("BODY", body)}'.encode()


KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>BODY</name></Placemark></Document></kml>'
GPX = '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="x"><wpt lat="1" lon="1"><name>BODY</name></wpt></gpx>'
ANX = '<Chart><ChartItemCollection><ChartItem Label="BODY"/></ChartItemCollection></Chart>'
CAMT = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Id>BODY</Id></BkToCstmrStmt></Document>'
UFED = '<project xmlns="http://pa.cellebrite.com/report/2.0" name="BODY"><decodedData/></project>'
ROOTS = {"kml": KML, "gpx": GPX, "anx": ANX, "xml": UFED, "camt.xml": CAMT}


def bombs() -> dict[str, bytes]:
    """Files that unpack, or would expand, to more than a machine holds."""
    zeros = bytes(64 * MIB)
    found = {
        "bomb.zip": packed({f"{n}.txt": zeros for n in range(8)}),
        "bomb.gz": gzip.compress(bytes(300 * MIB), 9),
        "bomb.bz2": bz2.compress(bytes(200 * MIB)),
        "bomb.xz": lzma.compress(bytes(200 * MIB), preset=1),
        "bomb.tar.gz": gzip.compress(rolled({"a.txt": bytes(300 * MIB)}), 9),
        "doll.zip": nested(60),
        "many.zip": packed({f"{n}": b"" for n in range(600)}),
        "bomb.docx": word(
            "<w:document {names}><w:body>" + "<w:p/>" * 10 + "</w:body></w:document>" + " " * (200 * MIB)
        ),
        "bomb.xlsx": packed(
            {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": zeros, "xl/worksheets/sheet1.xml": zeros}
        ),
        "bomb.ods": endless_sheet(),
        "laughs.docx": word(document_type(LAUGHS, "<w:document {names}>BODY</w:document>", "&l9;").decode()),
        "laughs.odt": text_document(document_type(LAUGHS, "<x>BODY</x>", "&l9;").decode()),
        "deep.json": b"[" * 200_000 + b"]" * 200_000,
        "deep.geojson": b'{"type":"FeatureCollection","features":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "deep.html": b"<div>" * 200_000 + b"text",
        "deep.rtf": rb"{\rtf1 " + b"{" * 200_000 + b"text" + b"}" * 200_000 + b"}",
        "deep.eml": b"".join(
            b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(3_000)
        ),
    }
    for suffix, root in ROOTS.items():
        found[f"laughs.{suffix}"] = document_type(LAUGHS, root, "&l9;")
        found[f"outside.{suffix}"] = document_type(OUTSIDE, root, "&out;")
        found[f"deep.{suffix}"] = root.split("BODY")[0].encode() + b"<a>" * 100_000
    return found


def disguises() -> dict[str, bytes]:
    """Files that are not what they are called, or are locked, or try to leave their place."""
    program = b"MZ\x90\x00" + bytes(range(256)) * 8
    note = {"note.txt": b"The crane is out of order."}
    return {
        "program.docx": program, "program.pdf": program, "program.csv": program, "program.eml": program,
        "picture.xlsx": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "picture.jpg": b"\xff\xd8\xff\xe0" + bytes(500),
        "zeros.csv": bytes(5_000), "zeros.pdf": b"%PDF-1.7\n" + bytes(5_000), "zeros.zip": b"PK\x03\x04" + bytes(5_000),
        "noise.parquet": b"PAR1" + bytes(range(256)) * 4 + b"PAR1", "noise.db": b"SQLite format 3\x00" + bytes(2_000),
        "huge.parquet": b"PAR1" + struct.pack("<I", 0x7FFFFFFF) + b"PAR1",
        "locked.zip": locked(packed(note)), "locked.docx": OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(2_000),
        "locked.xlsx": OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(2_000),
        "old.doc": OLE + bytes(2_000), "old.msg": OLE + bytes(2_000), "packed.7z": b"7z\xbc\xaf\x27\x1c" + bytes(400),
        "packed.rar": b"Rar!\x1a\x07\x01\x00" + bytes(400),
        "slip.zip": packed({"../../../slipped.bin": program, "/etc/slipped.bin": program, "C:\\slipped.bin": program}),
        "links.tar": rolled({
            "up": special("up", tarfile.SYMTYPE, "/etc/passwd"), "hard": special("hard", tarfile.LNKTYPE, "../../x"),
            "disk": special("disk", tarfile.BLKTYPE), "pipe": special("pipe", tarfile.FIFOTYPE),
        }),
    }  # fmt: skip


def stumps() -> dict[str, bytes]:
    """Beginnings of files whose rest is missing, and files without anything in them."""
    whole = {
        "cut.zip": packed({"a.txt": b"text " * 500}, squeeze=False), "cut.docx": word("<w:document {names}/>"),
        "cut.odt": text_document("<x/>"), "cut.tar": rolled({"a.bin": bytes(range(256)) * 40}),
        "cut.gz": gzip.compress(bytes(range(256)) * 40), "cut.xz": lzma.compress(bytes(range(256)) * 40),
        "cut.kml": KML.encode(), "cut.gpx": GPX.encode(), "cut.anx": ANX.encode("utf-16"), "cut.xml": UFED.encode(),
        "cut.geojson": json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature"}] * 9}).encode(),
    }  # fmt: skip
    empty = ("csv", "txt", "eml", "pdf", "docx", "xlsx", "zip", "json", "kml", "vcf", "parquet", "html")
    return {name: data[: len(data) // 2] for name, data in whole.items()} | {f"empty.{kind}": b"" for kind in empty}


def all_of_it() -> dict[str, bytes]:
    """Every hostile file by name."""
    return {**disguises(), **stumps(), **bombs()}


HARMLESS = frozenset({"deep.html", "many.zip"})
"""What a reader that keeps its head reads in full."""
MAKERS: dict[str, Callable[[], dict[str, bytes]]] = {"disguises": disguises, "stumps": stumps, "bombs": bombs}
