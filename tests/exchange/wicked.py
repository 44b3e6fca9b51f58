"""Archives made to harm whoever unpacks them, written field by field. Nothing in them is real."""

from __future__ import annotations

import io
import os
import stat
import struct
import tarfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

MIB = 1 << 20
UTF8 = 0x800
FILE = stat.S_IFREG | 0o644


@dataclass
class Part:
    """A member. What is None is as it should be."""

    name: str | bytes
    data: bytes = b"x"
    packed: bytes | None = None
    method: int | None = None
    flags: int = UTF8
    mode: int = FILE
    size: int | None = None
    crc: int | None = None
    extra: bytes = b""
    inner_name: bytes | None = None
    inner_size: int | None = None
    told: int | None = None
    listed: bool = True
    at: int | None = None
    before: bytes = b""
    after: bytes = b""


def deflated(data: bytes) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return engine.compress(data) + engine.flush()


def raw(name: str | bytes) -> bytes:
    return name.encode("utf-8", "surrogatepass") if isinstance(name, str) else name


def fields(part: Part, *, inner: bool) -> tuple[bytes, bytes, bytes]:
    packed = part.data if part.packed is None else part.packed
    method = (0 if part.packed is None else 8) if part.method is None else part.method
    size = len(part.data) if part.size is None else part.size
    crc = zlib.crc32(part.data) if part.crc is None else part.crc
    name = raw(part.name)
    if inner:
        name = name if part.inner_name is None else part.inner_name
        size = size if part.inner_size is None else part.inner_size
    told = len(packed) if part.told is None else part.told
    head = struct.pack("<HHHHHIIIHH", 20, part.flags, method, 0, 33, crc, told, size, len(name), len(part.extra))
    return head, name, packed


def archive(
    parts: Sequence[Part], *, count: int | None = None, size: int | None = None, start: int | None = None, disk: int = 0,
    before: bytes = b"", comment: bytes = b"", after: bytes = b"", middle: bytes = b"",
) -> bytes:  # fmt: skip
    """A ZIP archive of these members, with an end that may lie."""
    out, table = io.BytesIO(), b""
    out.write(before)
    for part in parts:
        out.write(part.before)
        place = out.tell() if part.at is None else part.at
        if part.at is None:
            head, name, packed = fields(part, inner=True)
            out.write(b"PK\x03\x04" + head + name + part.extra + packed + part.after)
        if part.listed:
            head, name, _ = fields(part, inner=False)
            rest = struct.pack("<HHHII", 0, 0, 0, part.mode << 16, place)
            table += b"PK\x01\x02" + struct.pack("<BB", 20, 3) + head + rest + name + part.extra
    listed = sum(part.listed for part in parts)
    begins = out.tell()
    number = min(listed if count is None else count, 0xFFFF)
    told = (disk, disk, number, number, len(table) if size is None else size, begins if start is None else start)
    out.write(table + middle + b"PK\x05\x06" + struct.pack("<HHHHIIH", *told, len(comment)) + comment + after)
    return out.getvalue()


def quoted(files: int, size: int = 5 * MIB) -> bytes:
    """A bomb whose members lie over each other: each quotes the headers of the next ones and ends in the same kernel."""
    kernel = deflated(bytes(size))
    out, parts, table = b"", [f"{number}.txt".encode() for number in range(files)], b""
    heads, body = [], kernel
    for name in reversed(parts):
        head = struct.pack("<HHHHHIIIHH", 20, UTF8, 8, 0, 33, 0, len(body), size, len(name), 0)
        local = b"PK\x03\x04" + head + name
        heads.append((head, name, len(local)))
        body = struct.pack("<BHH", 0, len(local), len(local) ^ 0xFFFF) + local + body
    out = body[5:]
    at = 0
    for head, name, length in reversed(heads):
        table += b"PK\x01\x02" + b"\x14\x03" + head + struct.pack("<HHHII", 0, 0, 0, FILE << 16, at) + name
        at += length + 5
    return out + table + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, files, files, len(table), len(out), 0)


def wide(size: int) -> bytes:
    """The field of 64-bit values, with one size."""
    return struct.pack("<HHQ", 1, 8, size)


def second_name(name: bytes) -> bytes:
    return struct.pack("<HHBI", 0x7075, 5 + len(name), 1, zlib.crc32(b"a.txt")) + name


def names() -> dict[str, bytes]:
    """Archives with one harmless member and one whose name leads astray."""
    wicked: dict[str, str | bytes] = {
        "slip": "../slipped", "slip within": "a/../../slipped", "slip by backslash": "..\\..\\slipped",
        "absolute": "/tmp/slipped", "drive": "C:/slipped", "drive and file": "C:slipped", "unc": "//server/share/slipped",
        "unc by backslash": "\\\\server\\share\\slipped", "backslash": "a\\b", "dot": "a/./b", "nothing between": "a//b",
        "home": "a/~/..", "no name": "", "null": "a\0.txt", "line break": "a\nb", "escape": "a\x1b[2Jb", "turned": "a\u202efdp.exe",
        "isolate": "a\u2066b", "zero width": "a\u200bb", "soft hyphen": "a\u00adb", "separator": "a\u2028b",
        "device": "CON", "device with suffix": "data/aux.txt", "device with superscript": "COM¹.log", "stream": "a.txt:hidden",
        "wildcard": "a*?.txt", "quotes": 'a"b', "dot at end": "a.", "space at end": "a ", "long": "a" * 5_000,
        "long part": "\u00e9" * 200, "deep": "/".join("a" * 40), "not utf-8": b"a\xff.txt", "half a character": "a\ud800.txt",
    }  # fmt: skip
    made = {name: archive([Part("good.txt"), Part(wicked[name])]) for name in wicked}
    made["not utf-8, not said"] = archive([Part("good.txt"), Part(b"a\x8b.txt", flags=0)])
    return made


def clashes() -> dict[str, bytes]:
    """Archives whose members are one file on some system."""
    pairs = {
        "case": ("data/A.txt", "data/a.txt"), "case of folders": ("Data/a", "data/b"), "sharp s": ("straße", "STRASSE"),
        "forms": ("caf\u00e9", "cafe\u0301"), "forms and case": ("CAFE\u0301", "caf\u00e9"), "kelvin": ("\u212a", "k"),
        "twice": ("a.txt", "a.txt"), "file and folder": ("a", "a/b"), "folder and file": ("a/b", "a"),
    }  # fmt: skip
    return {name: archive([Part(name, data=name.encode()) for name in pair]) for name, pair in pairs.items()}


def kinds() -> dict[str, bytes]:
    """Archives that hold something else than files."""
    return {
        "link": archive([Part("l", b"/etc/passwd", mode=stat.S_IFLNK | 0o777)]),
        "link and a file through it": archive([Part("l", b"/tmp", mode=stat.S_IFLNK | 0o777), Part("l/slipped")]),
        "device file": archive([Part("d", b"", mode=stat.S_IFBLK | 0o666)]),
        "pipe": archive([Part("p", b"", mode=stat.S_IFIFO | 0o666)]),
        "socket": archive([Part("s", b"", mode=stat.S_IFSOCK | 0o666)]),
        "folder with content": archive([Part("f/", b"hidden", mode=stat.S_IFDIR | 0o755)]),
        "folder called a file": archive([Part("f", b"", mode=stat.S_IFDIR | 0o755)]),
        "locked": archive([Part("a.txt", flags=UTF8 | 1)]), "locked strongly": archive([Part("a.txt", flags=UTF8 | 0x41)]),
        "masked": archive([Part("a.txt", flags=UTF8 | 0x2000)]), "unknown method": archive([Part("a.txt", method=14)]),
        "patch": archive([Part("a.txt", flags=UTF8 | 0x20)]),
    }  # fmt: skip


def bombs() -> dict[str, bytes]:
    """Archives that unpack to more than they should."""
    zeros = bytes(9 * MIB)
    nine, large = deflated(zeros), bytes(100 * MIB)
    crc = zlib.crc32(zeros)
    return {
        "bomb": archive([Part("b", large, packed=deflated(large))]),
        "bomb of small ones": archive([Part(f"{n}", zeros, packed=nine, crc=crc) for n in range(20)]),
        "bomb of many": archive([Part(f"{n}", b"", packed=nine + bytes(40_000), size=9 * MIB, crc=crc) for n in range(260)]),
        "bomb that lies": archive([Part("b", large, packed=deflated(large), size=10, inner_size=10)]),
        "bomb in the 64-bit field": archive([Part("b", b"x", size=0xFFFFFFFF, extra=wide(1 << 62))]),
        "quoted overlap": quoted(250), "quoted overlap, small": quoted(3, 500),
        "overlap": archive([Part("a", b"xyz"), *(Part(f"{n}", b"xyz", at=0) for n in range(5))]),
        "over the table": archive([Part("a", b"x" * 40, packed=deflated(b"x" * 40), told=80)]),
        "10,001 files": archive([Part(f"{n}", b"") for n in range(10_001)]),
        "60,000 files that say they are ten": archive([Part(f"{n}", b"") for n in range(60_000)], count=10),
        "endless table": archive([Part("a")], middle=bytes(17 * MIB), size=17 * MIB + 47),
        "two sizes": archive([Part("a", b"xyz", size=4, inner_size=4)]),
    }  # fmt: skip


def lies() -> dict[str, bytes]:
    """Archives whose parts contradict each other, or that are damaged."""
    good = [Part("a.txt", b"text " * 50), Part("b.txt", b"more " * 50)]
    whole = archive(good)
    squeezed = deflated(b"text " * 50)
    return {
        "count too small": archive(good, count=1), "count too large": archive(good, count=3), "count of nothing": archive(good, count=0),
        "size of the table too small": archive(good, size=50), "size of the table too large": archive(good, size=150),
        "place of the table too early": archive(good, start=10), "place of the table too late": archive(good, start=10_000),
        "several disks": archive(good, disk=1), "comment": archive(good, comment=b"hello"),
        "end in a comment": archive(good, comment=b"PK\x05\x06" + bytes(18)),
        "something before": archive(good, before=b"#!/bin/sh\nrm -rf ~\n"), "something after": archive(good, after=b"more"),
        "something between": archive([good[0], Part("b.txt", b"more", before=b"hidden")]),
        "something before the table": archive([good[0], Part("b.txt", b"more", after=b"hidden")]),
        "two archives": archive(good) + archive(good), "hidden member": archive([good[0], Part("h.txt", listed=False)]),
        "two names": archive([Part("a.txt", inner_name=b"b.txt")]), "two sizes told": archive([Part("a.txt", b"xyz", inner_size=2)]),
        "second name in a field": archive([Part("a.txt", extra=second_name(b"../x"))]),
        "field cut off": archive([Part("a.txt", extra=b"\x01\x00\xff\x00")]), "wide without values": archive([Part("a", size=0xFFFFFFFF)]),
        "wide end that is not there": archive(good, count=0xFFFF), "wrong sum": archive([Part("a.txt", crc=5)]),
        "cut off": whole[:-30], "cut in half": whole[: len(whole) // 2], "empty": b"", "only an end": b"PK\x05\x06",
        "noise": os.urandom(5_000),
        "damaged": archive([Part("a.txt", b"text " * 50, packed=b"\xff" + squeezed[1:])]),
        "stream that goes on": archive([Part("a.txt", b"text " * 50, packed=squeezed + b"hidden")]),
        "stream that stops": archive([Part("a.txt", b"text " * 50, packed=squeezed[:-3])]),
        "no header": whole.replace(b"PK\x03\x04", b"PK\x03\x05", 1), "another kind": tarred(),
    }  # fmt: skip


def tarred() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as made:
        made.addfile(tarfile.TarInfo("../slipped"))
    return buffer.getvalue()


def all_of_them() -> dict[str, bytes]:
    return {**names(), **clashes(), **kinds(), **bombs(), **lies()}
