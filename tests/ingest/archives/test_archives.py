from __future__ import annotations

import bz2
import gzip
import lzma
import re
import stat
import struct
import tarfile
import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingest.claimed import of
from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.archives import archive_limits, archive_reader, compressed_streams, tar_members, zip_members
from workbench.model.rows import Document, Enclosure, Issue, Passage, Trace

Make = Callable[[str, str | bytes], SourceFile]
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\\\0"), min_size=1, max_size=150)
FILES = st.dictionaries(NAMES.filter(lambda n: n not in (".", "..")), st.binary(max_size=2000), max_size=5)
MEMBERS = {"chats/a.txt": b"hello", "b.csv": b"x" * 5000, "none.txt": b""}


def zipped(members: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(ZipInfo(name), data, ZIP_DEFLATED)
    return out.getvalue()


def tarred(members: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, BytesIO(data))
    return out.getvalue()


def inside(source: SourceFile) -> dict[str, bytes]:
    return {row.name: row.data for row in of(Enclosure, read(source))}


def codes(source: SourceFile) -> list[str]:
    return [row.code for row in of(Issue, read(source))]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.zip", zipped(MEMBERS), "The file begins with the ZIP file signature."),
        ("a.tar", tarred(MEMBERS), "The file begins with the header of a TAR archive."),
        ("a.tar", tarred(MEMBERS, tarfile.GNU_FORMAT), "The file begins with the header of a TAR archive."),
        ("a.tar", tarred(MEMBERS, tarfile.USTAR_FORMAT), "The file begins with the header of a TAR archive."),
        (
            "a.tgz",
            gzip.compress(tarred(MEMBERS)),
            "The file begins with the gzip file signature. It is a compressed TAR archive.",
        ),
        (
            "a.tbz",
            bz2.compress(tarred(MEMBERS)),
            "The file begins with the bzip2 file signature. It is a compressed TAR archive.",
        ),
        (
            "a.txz",
            lzma.compress(tarred(MEMBERS)),
            "The file begins with the xz file signature. It is a compressed TAR archive.",
        ),
    ],
)
def test_members_are_files_within(made: Make, name: str, data: bytes, reason: str) -> None:
    for given_name in (name, "without-suffix"):
        file = made(given_name, data)
        assert detect(file).reader == "archive"
        assert detect(file).reason == reason
        rows = list(read(file))
        [document] = of(Document, rows)
        assert (document.schema, document.title) == ("Package", given_name)
        assert [t.document_id for t in of(Trace, rows)] == [document.id]
        assert {e.name: e.data for e in of(Enclosure, rows)} == MEMBERS
        assert {e.document_id for e in of(Enclosure, rows)} == {document.id}
        assert of(Issue, rows) == []
        assert rows == list(read(file))


@pytest.mark.parametrize(
    ("name", "data", "inner"),
    [
        ("calls.csv.gz", gzip.compress(b"a,b", mtime=0), "calls.csv"),
        ("calls.csv.bz2", bz2.compress(b"a,b"), "calls.csv"),
        ("up/calls.csv.xz", lzma.compress(b"a,b"), "calls.csv"),
        (
            "x.gz",
            b"\x1f\x8b\x08\x08" + bytes(6) + b"real name.csv\0" + gzip.compress(b"a,b", mtime=0)[10:],
            "real name.csv",
        ),
        (".gz", gzip.compress(b"a,b", mtime=0), "content"),
    ],
)
def test_one_file_compressed(made: Make, name: str, data: bytes, inner: str) -> None:
    assert detect(made(name, data)).reason.endswith("It is a compressed file.")
    assert inside(made(name, data)) == {inner: b"a,b"}


@settings(max_examples=60, deadline=None)
@given(FILES, st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]))
def test_tars_come_back_as_they_were_written(members: dict[str, bytes], form: int) -> None:
    data = tarred(members, form)
    stream = compressed_streams.Stream(BytesIO(data), "", len(data))
    found = {}
    for member in tar_members.read_members(stream):
        found[member.name] = stream.read(member.size)
        stream.skip(tar_members.compute_padding(member.size))
        assert member.kind == "file"
    assert found == members


@settings(max_examples=60, deadline=None)
@given(FILES)
def test_zips_come_back_as_they_were_written(members: dict[str, bytes]) -> None:
    with ZipFile(BytesIO(zipped(members))) as archive:
        assert {zip_members.decode_member_name(info): archive.read(info) for info in archive.infolist()} == members


def entry(raw: bytes, extra: bytes = b"") -> bytes:
    """A ZIP file of one empty member whose name is these bytes, without the flag of UTF-8."""
    head = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, 0, 0, 0, len(raw), len(extra))
    local = b"PK\x03\x04" + head + raw + extra
    central = b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, 0) + raw + extra
    return local + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)


@pytest.mark.parametrize(
    ("raw", "extra", "name"),
    [
        (b"na\x8bve.txt", b"", "naïve.txt"),
        ("naïve-مرحبا.txt".encode(), b"", "naïve-مرحبا.txt"),
        (
            b"x.txt",
            struct.pack("<HHBI", 0x7075, 14, 1, zlib.crc32(b"x.txt")) + "naïve.txt"[:9].encode()[:9],
            "naïve.tx",
        ),
        (b"x.txt", struct.pack("<HHBI", 0x7075, 14, 1, 5) + b"other.txt", "x.txt"),
    ],
)
def test_names_are_decoded_as_they_were_meant(made: Make, raw: bytes, extra: bytes, name: str) -> None:
    assert list(inside(made("a.zip", entry(raw, extra)))) == [name]


def test_hostile_names_are_text(made: Make) -> None:
    names = [
        "../../etc/passwd",
        "/etc/passwd",
        "C:\\x.txt",
        "a\u202efdp.exe",
        "line\nbreak.txt",
        "<script>alert(1)</script>",
    ]
    for data in (zipped(dict.fromkeys(names, b"x")), tarred(dict.fromkeys(names, b"x"))):
        rows = list(read(made("a", data)))
        assert [e.name for e in of(Enclosure, rows)] == [
            "../../etc/passwd", "/etc/passwd", "C:\\x.txt", "a\ufffdfdp.exe", "line\ufffdbreak.txt",
            "<script>alert(1)</script>",
        ]  # fmt: skip
        [found] = of(Issue, rows)
        assert (found.code, found.message[:20]) == ("odd-name", "The names of 5 files")


def test_links_devices_and_files_of_systems_are_counted(made: Make) -> None:
    out = BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (
            ("l", tarfile.SYMTYPE),
            ("h", tarfile.LNKTYPE),
            ("d", tarfile.CHRTYPE),
            ("p", tarfile.FIFOTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        archive.addfile(tarfile.TarInfo("__MACOSX/._a"))
        folder = tarfile.TarInfo("folder")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        archive.addfile(tarfile.TarInfo("kept.txt"))
    [found] = of(Issue, read(made("a.tar", out.getvalue())))
    assert (found.code, found.message[:7]) == ("left-out", "5 files")
    assert inside(made("a.tar", out.getvalue())) == {"kept.txt": b""}
    link = ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = BytesIO()
    with ZipFile(out, "w") as written:
        written.writestr(link, "/etc/passwd")
        written.writestr(ZipInfo("kept.txt"), "x")
    assert inside(made("b.zip", out.getvalue())) == {"kept.txt": b"x"}
    assert codes(made("b.zip", out.getvalue())) == ["left-out"]


def locked(data: bytes, count: int) -> bytes:
    """The archive with the flag of encryption set on its first members."""
    out = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        for _ in range(count):
            place = data.index(mark, place + 1)
            out[place + at] |= 1
    return bytes(out)


def test_locked_members_are_reported_and_locked_archives_refused(made: Make) -> None:
    data = zipped(MEMBERS)
    file = made("a.zip", locked(data, 1))
    assert set(inside(file)) == {"b.csv", "none.txt"}
    [found] = of(Issue, read(file))
    assert (found.code, found.place) == ("encrypted", "chats/a.txt")
    assert found.message == "1 file is protected by a password. It was not read: 'chats/a.txt'."
    with pytest.raises(SourceError, match="is protected by a password"):
        list(read(made("b.zip", locked(data, 3))))


def test_what_is_packed_otherwise_says_what_to_do(made: Make) -> None:
    for name, mark in (
        ("a.7z", b"7z\xbc\xaf\x27\x1c"),
        ("a.rar", b"Rar!\x1a\x07\x01\x00"),
        ("a.zst", b"\x28\xb5\x2f\xfd"),
    ):
        file = made(name, mark + bytes(50))
        assert detect(file).reason.endswith("The program does not unpack files of this type.")
        with pytest.raises(SourceError, match="Unpack it with an archive program and add the folder"):
            list(read(file))


def test_damage_costs_what_is_damaged_only(made: Make) -> None:
    data = bytearray(zipped({"a.txt": b"a" * 100, "b.txt": b"b" * 100}))
    data[40] ^= 0xFF
    assert inside(made("a.zip", bytes(data))) == {"b.txt": b"b" * 100}
    assert codes(made("a.zip", bytes(data))) == ["bad-row"]
    whole = tarred({"a.txt": b"a" * 100, "b.txt": b"b" * 5000})
    for cut in (whole[:2000], whole[:1500]):
        assert list(inside(made("a.tar", cut))) == ["a.txt"]
        assert codes(made("a.tar", cut)) == ["truncated"]
    half = gzip.compress(bytes(range(256)) * 100, mtime=0)[:-20]
    assert codes(made("a.gz", half)) == ["truncated"]
    assert len(inside(made("a.gz", half))["a"]) > 0
    with pytest.raises(SourceError, match="looks like a ZIP file, but the file is damaged or incomplete"):
        list(read(made("a.zip", zipped(MEMBERS)[:-30])))


def test_an_empty_archive_is_an_issue(made: Make) -> None:
    assert codes(made("a.zip", zipped({}))) == ["empty"]
    assert detect(made("a.zip", zipped({}))).reader == "archive"


# Bombs ------------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_zeros_are_not_unpacked(made: Make) -> None:
    zeros = bytes(100 * 1024**2)
    for name, data in (
        ("a.zip", zipped({"zeros.txt": zeros, "kept.txt": b"x"})),
        ("zeros.txt.gz", gzip.compress(zeros, 1)),
    ):
        rows = list(read(made(name, data)))
        assert [e.data for e in of(Enclosure, rows)] in ([], [b"x"])
        assert [(i.code, i.place) for i in of(Issue, rows)] == [("too-large", "zeros.txt")]
    packed = made("a.tgz", gzip.compress(tarred({"kept.txt": b"x", "zeros": zeros}), 1))
    assert inside(packed) == {"kept.txt": b"x"}
    [found] = of(Issue, read(packed))
    assert found.code == "truncated" and "it unpacks to more than" in found.message


def test_a_size_that_lies_is_not_believed(made: Make) -> None:
    data = zipped({"a.txt": bytes(5000)}).replace(struct.pack("<I", 5000), struct.pack("<I", 10))
    assert codes(made("a.zip", data)) == ["bad-row"]
    block = bytearray(tarred({"a.txt": b"x"}))
    block[124:136] = b"77777777777\0"
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + 256 + sum(block[156:512]))
    assert codes(made("a.tar", bytes(block))) == ["truncated", "too-large"]


def test_the_number_of_members_is_bounded(made: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_limits, "MEMBERS", 3)
    members = {f"{number}.txt": b"x" for number in range(10)}
    for data in (zipped(members), tarred(members)):
        rows = list(read(made("a", data)))
        assert len(of(Enclosure, rows)) == 3
        assert [i.code for i in of(Issue, rows)] == ["too-large"]


def test_a_table_of_contents_without_end_is_not_read(made: Make) -> None:
    data = zipped(MEMBERS)
    data = data[:-10] + struct.pack("<I", zip_members.CONTENTS + 1) + data[-6:]
    with pytest.raises(SourceError, match="table of contents of"):
        list(read(made("a.zip", data)))


def test_headers_that_hang_other_readers_do_not(made: Make) -> None:
    held = b"1" * 500_000
    block = bytearray(tarred({"x": held})[:512])
    block[156:157] = b"x"
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + 256 + sum(block[156:512]))
    data = bytes(block) + held + bytes(-len(held) % 512)
    assert codes(made("a.tar", data)) == ["truncated", "empty"]


def test_reader_is_asked_last(made: Make) -> None:
    from workbench.ingest import READERS

    assert list(READERS)[-2:] == [archive_reader.METHOD, "text"]


def told(source: SourceFile) -> list[str]:
    return [row.message for row in of(Issue, read(source)) if row.code == "unclaimed"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (zipped({"a": b"the plan"}) + zipped(MEMBERS), f".* not read: {len(zipped({'a': b'the plan'}))} \\(the first is byte 0\\)\\."),
        (zipped(MEMBERS) + b"secret", f".* not read: 6 \\(the first is byte {len(zipped(MEMBERS))}\\)\\."),
        (tarred(MEMBERS) + tarred(MEMBERS), r"Bytes of .* not read: [\d,]+ \(the first is byte [\d,]+\)\."),
        (
            tarred({"a": b"x" * 500}).replace(b"x" * 500 + bytes(12), b"x" * 500 + b"secret" + bytes(6)),
            r".* not read: 6 \(the first is byte 1,012\)\.",
        ),
    ],
)  # fmt: skip
def test_bytes_that_no_entry_names_are_told(made: Make, data: bytes, said: str) -> None:
    assert [bool(re.match(said, one)) for one in told(made("a.zip", data))] == [True]


def test_honest_archives_have_no_unclaimed_bytes(made: Make) -> None:
    noted = zipped(MEMBERS)[:-2] + b"\x05\x00notes"
    for data in (zipped(MEMBERS), streamed(MEMBERS), noted, tarred(MEMBERS), tarred(MEMBERS, tarfile.GNU_FORMAT)):
        assert codes(made("a.zip", data)) == []


def streamed(members: dict[str, bytes]) -> bytes:
    """A ZIP archive written to where nobody can go back: sizes stand after the data."""

    class Pipe(BytesIO):
        def seekable(self) -> bool:
            return False

    out = Pipe()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in members.items():
            with archive.open(name, "w", force_zip64=len(data) > 9) as member:
                member.write(data)
    return out.getvalue()


def test_data_of_folders_and_comments_are_read(made: Make) -> None:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("a.txt", b"a")
        archive.writestr("secret/", b"the plan")
        archive.comment = b"pay on Friday"
    file = made("a.zip", out.getvalue())
    assert inside(file) == {"a.txt": b"a", "secret": b"the plan"}
    assert [row.text for row in of(Passage, read(file))] == ["pay on Friday"]


@pytest.mark.parametrize("packed", [bz2.compress(b"one") + bz2.compress(b"two"), lzma.compress(b"one") + bytes(8) + lzma.compress(b"two"),
                                    gzip.compress(b"one") + gzip.compress(b"two")], ids=("bz2", "xz", "gz"))  # fmt: skip
def test_what_follows_compressed_data_is_told(made: Make, packed: bytes) -> None:
    assert list(inside(made("a", packed)).values()) == [b"onetwo"]
    assert codes(made("a", packed)) == []
    assert codes(made("a", packed + b"something else")) == ["truncated"]
