from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingest.office.files import compound as written
from tests.ingest.office.files import native
from workbench.ingest.office import ole_file

NAMES = st.text(
    st.characters(codec="utf-16-le", exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=10
)
STREAMS = st.dictionaries(NAMES, st.binary(max_size=200) | st.integers(0, 9000).map(lambda n: b"x" * n), max_size=6)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(STREAMS, STREAMS)
def test_streams_come_back_as_they_were_written(top: dict[str, bytes], below: dict[str, bytes]) -> None:
    streams = {f"s-{name}": data for name, data in top.items()}
    streams |= {f"d/s-{name}": data for name, data in below.items()}
    read = ole_file.open_compound(BytesIO(written(streams)))
    assert set(read.streams) == set(streams)
    assert read.storages == (["d"] if below else [])
    assert {path: read.read(path) for path in streams} == streams


def test_a_packaged_file_is_taken_out() -> None:
    inside = native("../photo report.pdf", b"%PDF-1.4")
    assert ole_file.parse_package(inside) == ("photo report.pdf", b"%PDF-1.4")
    data = written({"\x01Ole10Native": inside, "\x01CompObj": b"x"})
    assert ole_file.unwrap_object("oleObject1.bin", data) == [("oleObject1.bin/photo report.pdf", b"%PDF-1.4")]
    assert ole_file.unwrap_object("plain.bin", b"as it is") == [("plain.bin", b"as it is")]
    held = written({"Package": b"PK\x03\x04" + bytes(5000)})
    assert ole_file.unwrap_object("o", held)[0][0] == "o/Package.zip"


@pytest.mark.parametrize("cut", [0, 8, 100, 511, 512, 600, 1100])
def test_damage_is_no_crash(cut: int) -> None:
    whole = written({"a": b"x" * 100, "b": b"y" * 5000})
    data = whole[:cut]
    assert isinstance(ole_file.list_streams(BytesIO(data)), dict)
    for at in range(44, 90, 4):
        broken = bytearray(whole)
        broken[at : at + 4] = b"\x03\0\0\0"
        try:
            read = ole_file.open_compound(BytesIO(bytes(broken)))
            [read.read(path) for path in read.streams]
        except ole_file.CompoundError:
            pass


def test_a_chain_that_turns_back_is_found() -> None:
    data = bytearray(written({"big": b"x" * 6000}))
    table = data.rfind(b"\x01\0\0\0\x02\0\0\0\x03\0\0\0")
    data[table + 4 : table + 8] = b"\0\0\0\0"
    read = ole_file.open_compound(BytesIO(bytes(data)))
    with pytest.raises(ole_file.CompoundError, match="turns back"):
        read.read("big")
