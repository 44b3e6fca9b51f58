"""The set-up: what it states, what it refuses, when it does nothing."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import bootstrap
import bundle
import installer
import locking
import pipconfig
import pytest

from tests.cost import measured


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "tools/bootstrap.py", *arguments],
        cwd=installer.ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_every_command_is_in_the_makefile_and_in_the_help() -> None:
    makefile = (installer.ROOT / "Makefile").read_text()
    said = command("--help").stdout
    for name in bootstrap.COMMANDS:
        assert name in said
        assert name in makefile


@pytest.mark.parametrize("arguments", [["no-such-command"], ["setup", "--no-such-option"], ["bundle"], []])
def test_a_wrong_command_line_ends_with_code_2_and_starts_nothing(arguments: list[str]) -> None:
    result = command(*arguments)
    assert result.returncode == 2
    assert "usage:" in result.stderr
    assert "setting up" not in result.stdout


def test_a_fresh_environment_is_left_alone_in_under_a_second() -> None:
    if not installer.is_fresh():
        pytest.skip("these tests do not run from a set-up .venv")

    def ready() -> float:
        before = sum(os.times()[2:4])
        result = command("setup")
        assert result.returncode == 0
        assert result.stdout.startswith("ready")
        return sum(os.times()[2:4]) - before  # CPU seconds of processes that were started

    measured(1, ready)


def test_the_fingerprint_follows_what_is_installed() -> None:
    assert installer.compute_fingerprint() == installer.compute_fingerprint()
    assert installer.compute_fingerprint() != installer.compute_fingerprint(gpu=True)


def test_the_size_is_stated_for_every_supported_machine() -> None:
    text = installer.SIZES.read_text()
    assert all(f"[{target.name}]" in text for target in locking.TARGETS)
    assert "MB" in installer.format_sizes()


def test_the_lines_of_one_pin_come_with_all_their_hashes() -> None:
    lines = installer.read_locked_lines("uv").splitlines()
    assert lines[0].startswith("uv==")
    assert len(lines) > 10
    assert all("--hash=sha256:" in line for line in lines[1:])


def test_a_missing_pin_says_what_to_do() -> None:
    with pytest.raises(installer.SetupError, match="make lock"):
        installer.read_locked_lines("no-such-package")


def test_torch_stays_a_range() -> None:
    assert installer.read_torch_range().startswith("torch>=")


def test_a_failing_program_is_named_with_its_words_and_a_way_out() -> None:
    program = "import sys; print('disk is full'); sys.exit(3)"
    with pytest.raises(installer.SetupError) as caught:
        installer.run_program([sys.executable, "-c", program], "the locked packages", "free some space.")
    for part in ("the locked packages failed (exit code 3)", "disk is full", "What to do: free some space."):
        assert part in str(caught.value)


def test_pip_settings_are_read_from_every_level_once() -> None:
    listing = (
        ":env:.find-links='wheels more'\nglobal.constraint='caps.txt'\nglobal.find-links='wheels'\n"
        "global.index-url='mirror'\nglobal.timeout='60'\nnot a setting\n"
    )
    sources = pipconfig.parse_listing(listing)
    assert sources == pipconfig.Sources(("wheels", "more"), ("caps.txt",), "mirror")
    assert sources.list_link_options() == ["--find-links", "wheels", "--find-links", "more", "--constraint", "caps.txt"]
    assert sources.list_index_options() == ["--index-url", "mirror"]


def test_the_pip_of_this_python_is_asked() -> None:
    assert isinstance(pipconfig.read_sources(Path(sys.executable)), pipconfig.Sources)


def wheelhouse(folder: Path) -> Path:
    (folder / "wheels").mkdir()
    (folder / "wheels/one.whl").write_bytes(b"wheel")
    (folder / "caseledger").mkdir()
    (folder / "caseledger/README.md").write_bytes(b"read")
    return folder


def test_a_carried_folder_is_taken_as_it_was_made(tmp_path: Path) -> None:
    digest = bundle.write_sums(wheelhouse(tmp_path))
    assert digest == hashlib.sha256((tmp_path / "SHA256SUMS").read_bytes()).hexdigest()
    installer.check_bundle(tmp_path)


def test_a_changed_or_added_wheel_is_refused(tmp_path: Path) -> None:
    bundle.write_sums(wheelhouse(tmp_path))
    (tmp_path / "wheels/two.whl").write_bytes(b"not listed")
    with pytest.raises(installer.SetupError, match=r"two\.whl differs"):
        installer.check_bundle(tmp_path)
    (tmp_path / "wheels/two.whl").unlink()
    (tmp_path / "wheels/one.whl").write_bytes(b"whee1")
    with pytest.raises(installer.SetupError, match=r"one\.whl differs"):
        installer.check_bundle(tmp_path)


def test_a_folder_that_is_no_bundle_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(installer.SetupError, match="SHA256SUMS"):
        installer.check_bundle(tmp_path)


def test_a_bundle_inside_the_project_is_refused() -> None:
    with pytest.raises(installer.SetupError, match="inside the project"):
        bundle.build_bundle(installer.ROOT / "stick", installer.Progress())


def test_the_carried_project_holds_no_environment_and_no_case(tmp_path: Path) -> None:
    bundle.copy_project(tmp_path / "copy")
    names = {path.name for path in (tmp_path / "copy").iterdir()}
    assert {"pyproject.toml", "tools", "requirements.lock"} <= names
    assert not names & {".git", ".venv", "out", "cases"}


def test_the_largest_wheel_is_counted() -> None:
    assert locking.compute_largest_size([{"size": 2}, {"size": 5}]) == 5
    assert locking.compute_largest_size([]) == 0
