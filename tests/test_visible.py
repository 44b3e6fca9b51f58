"""Texts of strangers in messages and on the terminal: no control character acts, no override turns the line around."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from workbench.case.case import open_case
from workbench.cli import main
from workbench.errors import CaseError, PackageError
from workbench.model.text.bidi import FIRST, POP, isolate_name
from workbench.visible import HIDDEN, escape_hidden

CLEAR = "\x1b[2J\x1b[1;1H"
NAMES = (
    f"{CLEAR}all is well.txt",
    "ann\u202efdp.exe.txt",
    "bell\x07.txt",
    "\x9b31m.txt",
    "link\x1b]8;;evil.example\x07x.txt",
)


def test_messages_show_what_they_hold() -> None:
    for kind in (CaseError, PackageError):
        assert str(kind(f"{CLEAR}gone\u202e\r")) == "⟨U+001B⟩[2J⟨U+001B⟩[1;1Hgone⟨U+202E⟩\n"
    assert str(CaseError("line\nline\ttab – أ")) == "line\nline\ttab – أ"


def test_an_uncaught_error_moves_no_cursor() -> None:
    program = "from workbench.errors import CaseError; raise CaseError('\\x1b[2Jall is well\\u202e')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "⟨U+001B⟩[2Jall is well⟨U+202E⟩" in done.stderr and "\x1b" not in done.stderr


def test_a_name_does_not_end_the_isolate_around_it() -> None:
    assert isolate_name("\u2069محمد\u202e") == f"{FIRST}⟨U+2069⟩محمد\u202e{POP}"
    assert escape_hidden(isolate_name("محمد\u202e")) == f"{FIRST}محمد⟨U+202E⟩{POP}"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows takes no such names")
def test_the_command_line_prints_no_control_character(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / f"mat{CLEAR}erial"
    place.mkdir()
    for name in NAMES:
        (place / name).write_text("Call +44 7700 900123", "utf-8")
    out = tmp_path / "out\x1b[31m"
    with closing(open_case(out, officer=f"ada{CLEAR}", purpose=CLEAR, title=CLEAR)) as case:
        case.add(place)
    assert main(["verify", str(out)]) == 0
    assert main(["backup", str(out), str(tmp_path / f"{CLEAR}.backup")]) == 0
    victim = next(path for path in (out / "sources").iterdir() if path.is_file())
    victim.chmod(0o600)
    victim.write_bytes(b"other")
    assert main(["verify", str(out)]) == 1
    assert main(["doctor", str(out)]) == 1
    assert main(["verify", str(tmp_path / CLEAR)]) == 1
    said = capfd.readouterr()
    for text in (said.out, said.err):
        assert HIDDEN.findall(text.replace("\r", "")) == []
    assert "⟨U+001B⟩[2J" in said.err and "⟨U+001B⟩[2J" in said.out
