"""Files that are seen whole or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.model.machine.atomic_write import parse_nested, read_bounded, read_settings, write_atomic

FULL = """
import resource, signal, sys
from pathlib import Path
from workbench.model.machine.atomic_write import write_atomic
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_atomic(Path(sys.argv[1]), b"x" * 5000)
except OSError as error:
    print(error.errno)
"""


def test_the_new_content_takes_the_place_of_the_old(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file"
    for data in (b"old", b"", b"new" * 1000):
        write_atomic(path, data)
        assert path.read_bytes() == data
    assert [one.name for one in path.parent.iterdir()] == ["file"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the permissions of the folder")
def test_its_permissions_are_as_said_or_as_the_mask_leaves(tmp_path: Path) -> None:
    write_atomic(tmp_path / "own", b"", mode=0o600)
    write_atomic(tmp_path / "plain", b"")
    (tmp_path / "made").touch()
    assert (tmp_path / "own").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "plain").stat().st_mode == (tmp_path / "made").stat().st_mode


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file sizes to reach")
def test_of_a_full_disk_nothing_stays_and_the_old_is_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    command = [sys.executable, "-c", FULL, str(tmp_path / "file")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "27"
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"file": b"old"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among the files")
def test_a_pipe_and_a_device_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(OSError, match="pipe or a device"):
            read_bounded(path, 10)
    (tmp_path / "file").write_bytes(b"more than ten bytes")
    assert read_bounded(tmp_path / "file", 10) == b"more than "


def test_settings_that_are_nested_without_end_or_too_large_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "deep").write_text("[" * 100_000, "utf-8")
    with pytest.raises(ValueError, match="too many nested levels"):
        read_settings(tmp_path / "deep", json.loads)
    (tmp_path / "large").write_bytes(b" " * (5 << 20))
    with pytest.raises(ValueError, match="larger than 4 MiB"):
        read_settings(tmp_path / "large", json.loads)
    assert parse_nested("[1]", json.loads) == [1]
