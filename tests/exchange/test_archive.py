from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cost import TRIES
from tests.exchange import wicked
from workbench.errors import PackageError
from workbench.exchange.archive import Limits, list_members, unpack_archive
from workbench.exchange.file_digests import compute_digests
from workbench.model.machine.archive_safety import find_path_fault

WICKED = wicked.all_of_them()
SECONDS, BYTES = 1.0, 64 * 1024**2
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
FILES = st.dictionaries(NAMES, st.binary(max_size=5_000), max_size=6).filter(
    lambda files: not find_path_fault(files, 16)[1] and not any(name.endswith("/") for name in files)
)


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return buffer.getvalue()


def tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(FILES, st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
def test_what_others_pack_honestly_is_read(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes], method: int
) -> None:
    folder = tmp_path_factory.mktemp("honest")
    (folder / "a.zip").write_bytes(zipped(files, method))
    found = unpack_archive(folder / "a.zip", folder / "out")
    assert found == {name: compute_digests(data) for name, data in files.items()}
    assert {name: (folder / "out" / name).read_bytes() for name in files} == files


def test_what_is_streamed_by_other_programs_is_read(tmp_path: Path) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.data += bytes(data)  # type: ignore[call-overload]
            return len(data)  # type: ignore[arg-type]

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("data/a.txt", b"text " * 500)
        made.writestr("data/", b"")
        made.writestr("b.txt", b"")
    (tmp_path / "a.zip").write_bytes(pipe.data)
    assert set(unpack_archive(tmp_path / "a.zip", tmp_path / "out")) == {"data/a.txt", "b.txt"}
    assert tree(tmp_path / "out") == ["b.txt", "data", "data/a.txt"]


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"data/run.sh": b"#!/bin/sh"}))
    unpack_archive(tmp_path / "a.zip", tmp_path / "out")
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("out", "out/data", "out/data/run.sh")]
    assert os.name == "nt" or modes == [0o700, 0o700, 0o600]
    with pytest.raises(PackageError, match="out already contains files"):
        unpack_archive(tmp_path / "a.zip", tmp_path / "out")


@pytest.mark.parametrize("name", sorted(WICKED))
def test_each_wicked_archive_is_refused_and_writes_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / "room" / "wicked.zip"
    path.parent.mkdir()
    path.write_bytes(WICKED[name])
    before = tree(tmp_path)
    with pytest.raises(PackageError) as refused:
        unpack_archive(path, tmp_path / "room" / "out")
    assert [found for found in tree(tmp_path) if found != "room/out"] == before
    assert len(str(refused.value)) > 20
    assert str(refused.value).isprintable()
    assert not Path("/tmp/slipped").exists()


def test_there_are_enough_of_them() -> None:
    assert len(WICKED) >= 80


def test_limits_are_the_callers(tmp_path: Path) -> None:
    data = zipped({"a/b/c.txt": b"x" * 500, "d": b""})
    list_members(io.BytesIO(data))
    for limits in (Limits(members=1), Limits(total=499), Limits(deep=2)):
        with pytest.raises(PackageError):
            list_members(io.BytesIO(data), limits)


def test_large_archives_with_64_bit_ends_are_read(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made, made.open("a.txt", "w", force_zip64=True) as file:
        file.write(b"text")
    data = buffer.getvalue()
    [member] = list_members(io.BytesIO(data))
    assert (member.name, member.size) == ("a.txt", 4)


CHILD = """
import json, resource, sys, time
from pathlib import Path
from workbench.errors import PackageError
from workbench.exchange.archive import unpack_archive
found = {}
started, message = time.process_time(), ""
try:
    unpack_archive(Path(sys.argv[1]), Path(sys.argv[2]))
except PackageError as error:
    message = str(error)
seconds = time.process_time() - started
status = Path("/proc/self/status")
peak = int(status.read_text().split("VmHWM:")[1].split()[0]) * 1024 if status.exists() else 0
print(json.dumps({"seconds": seconds, "peak": peak, "message": message}))
"""


@pytest.mark.faults
def test_each_is_refused_within_a_second_and_64_mib(tmp_path: Path) -> None:
    figures = {}
    for name, data in WICKED.items():
        (tmp_path / "wicked.zip").write_bytes(data)
        command = [sys.executable, "-c", CHILD, str(tmp_path / "wicked.zip"), str(tmp_path / "out")]
        for _ in range(TRIES):
            figures[name] = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=600).stdout)
            assert tree(tmp_path) in (["wicked.zip"], ["out", "wicked.zip"]), name
            if figures[name]["seconds"] < SECONDS:
                break
    slowest = max(figures, key=lambda name: figures[name]["seconds"])
    largest = max(figures, key=lambda name: figures[name]["peak"])
    print(f"{len(figures)} refused; slowest {slowest!r} {figures[slowest]['seconds']:.3f} s;", end=" ")
    print(f"largest {largest!r} {figures[largest]['peak'] / 1024**2:.1f} MiB")
    assert all(figure["message"] for figure in figures.values())
    assert all(figure["seconds"] < SECONDS and figure["peak"] < BYTES for figure in figures.values())
