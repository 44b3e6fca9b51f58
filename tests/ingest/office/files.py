"""Writers of office files for tests: packages part by part, compound files stream by stream, items of Outlook."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from io import BytesIO
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

SECTOR = 512
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def package(parts: Mapping[str, str | bytes], first: tuple[str, bytes] | None = None) -> bytes:
    """A ZIP file of these members, the same bytes each time; `first` lies uncompressed at the start."""
    out = BytesIO()
    with ZipFile(out, "w") as zipped:
        if first:
            zipped.writestr(ZipInfo(first[0]), first[1], ZIP_STORED)
        for name, data in parts.items():
            zipped.writestr(ZipInfo(name), data, ZIP_DEFLATED)
    return out.getvalue()


def relations(*rows: tuple[str, str, str]) -> str:
    """A part of relationships: (id, last word of the type, target); an address is outside."""
    made = "".join(
        f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}"'
        + (' TargetMode="External"' if "://" in target or ":" in target[:8] else "")
        + "/>"
        for key, kind, target in rows
    )
    return f'<Relationships xmlns="{RELATIONS}">{made}</Relationships>'


def word(body: str, parts: Mapping[str, str | bytes] | None = None, ties: Iterable[tuple[str, str, str]] = ()) -> bytes:
    """A DOCX file with this body of WordprocessingML."""
    return package(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": relations(("r1", "officeDocument", "word/document.xml")),
            "word/document.xml": f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>',
            "word/_rels/document.xml.rels": relations(*ties),
            **(parts or {}),
        }
    )


def paragraph(text: str) -> str:
    """A paragraph of WordprocessingML."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def opendocument(body: str, kind: str = "text", parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """An OpenDocument file with this body."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
        for name, full in {
            "office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style",
            "presentation": "presentation", "meta": "meta",
        }.items()
    )  # fmt: skip
    spaces += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
    content = f"<office:document-content {spaces}><office:body>{body}</office:body></office:document-content>"
    mime = f"application/vnd.oasis.opendocument.{kind}".encode()
    return package({"content.xml": content, **(parts or {})}, first=("mimetype", mime))


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (OLE, version 3) with these streams, each by its path."""
    names = sorted({"/".join(path.split("/")[:depth]) for path in streams for depth in range(1, path.count("/") + 2)})
    small = [path for path in names if path in streams and len(streams[path]) < 4096]
    ministream, minifat, starts = b"", [], {}
    for path in small:
        starts[path] = len(minifat) if streams[path] else END
        count = -(-len(streams[path]) // 64)
        minifat += [*range(len(minifat) + 1, len(minifat) + count), END][:count]
        ministream += streams[path].ljust(count * 64, b"\0")
    chains: list[bytes] = []
    for path in names:
        if path in streams and path not in small:
            starts[path] = len(chains)
            chains.append(streams[path])
    return _laid_out(names, streams, small, (ministream, minifat))


def _laid_out(names: list[str], streams: Mapping[str, bytes], small: list[str], mini: tuple[bytes, list[int]]) -> bytes:
    data, fat = b"", list[int]()

    def put(content: bytes) -> int:
        nonlocal data
        count = -(-len(content) // SECTOR)
        start = len(fat)
        fat.extend([*range(start + 1, start + count), END][:count])
        data += content.ljust(count * SECTOR, b"\0")
        return start if count else END

    starts, place = {}, 0
    for path in small:
        starts[path] = place
        place += -(-len(streams[path]) // 64)
    for path in names:
        if path in streams and path not in small:
            starts[path] = put(streams[path])
    root = put(mini[0])
    table = put(b"".join(struct.pack("<I", number) for number in mini[1]).ljust(SECTOR, b"\xff")) if mini[1] else END
    directory = put(_directory(names, streams, starts, (root, len(mini[0]))))
    sectors = 1
    while (len(fat) + sectors) * 4 > sectors * SECTOR:
        sectors += 1
    at = len(fat)
    fat += [TABLE] * sectors
    data += struct.pack(f"<{len(fat)}I", *fat).ljust(sectors * SECTOR, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIII", sectors, directory, 0, 4096, table, 1 if mini[1] else 0) + struct.pack("<II", END, 0)
    return head + struct.pack("<109I", *[*range(at, at + sectors), *[FREE] * (109 - sectors)]) + data


def _directory(
    names: list[str], streams: Mapping[str, bytes], starts: Mapping[str, int], root: tuple[int, int]
) -> bytes:
    numbers = {path: number for number, path in enumerate(names, 1)}
    levels: dict[str, list[str]] = {}
    for path in names:
        levels.setdefault(path.rpartition("/")[0] if "/" in path else "", []).append(path)
    following = {path: numbers[after] for level in levels.values() for path, after in pairwise(level)}

    def entry(name: str, kind: int, place: tuple[int, int, int], start: int, size: int) -> bytes:
        raw = (name + "\0").encode("utf-16-le")
        head = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1) + struct.pack("<III", *place)
        return head + bytes(36) + struct.pack("<IQ", start, size)

    first = numbers[levels[""][0]] if levels.get("") else FREE
    made = entry("Root Entry", 5, (FREE, FREE, first), *root)
    for path in names:
        name, right = path.rpartition("/")[2], following.get(path, FREE)
        if path in streams:
            made += entry(name, 2, (FREE, right, FREE), starts[path], len(streams[path]))
        else:
            made += entry(name, 1, (FREE, right, numbers[levels[path][0]]), 0, 0)
    return made + bytes(-len(made) % SECTOR)


def native(name: str, data: bytes) -> bytes:
    """The stream of a file that was put into a document as a package."""
    path = f"C:\\temp\\{name}".encode() + b"\0"
    held = b"\x02\0" + name.encode() + b"\0" + path + struct.pack("<II", 0x30000, len(path)) + path
    held += struct.pack("<I", len(data)) + data
    return struct.pack("<I", len(held)) + held


def item(texts: Mapping[str, str], at: str = "", *, numbers: Mapping[int, int] | None = None) -> dict[str, bytes]:
    """Streams of an Outlook item, a recipient or an attachment: texts and numbers by their tag."""
    head = {"": 32}.get(at, 24 if at.endswith("000D/") else 8)
    rows = b"".join(
        struct.pack("<HHIQ", 0x40 if tag == 0x0039 else 3, tag, 6, value) for tag, value in (numbers or {}).items()
    )
    made = {f"{at}__properties_version1.0": bytes(head) + rows}
    for tag, text in texts.items():
        made[f"{at}__substg1.0_{tag}001F"] = text.encode("utf-16-le")
    return made
