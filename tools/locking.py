"""Make requirements.lock from pyproject.toml: every version and hash, for every system and Python at once.

torch stays out of the lock: its builds differ by machine (docs/decisions/0002). What torch itself needs is in, so that
torch can be installed later without a network.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import installer
import pipconfig
from installer import LOCK, MODELS, PYTHON, ROOT, SIZES, UV, Progress, SetupError

HEADER = "# Made by `make lock` from pyproject.toml. torch is apart: docs/decisions/0002. Models: models.lock.\n"
# Never installed: torch is apart, pyicu has no wheels and pyicu-wheels gives the same module (docs/decisions/0003).
LEFT_OUT = ("torch", "pyicu")
# Beside what pyproject.toml names: the stand-in for pyicu, the installer, the build back end, what torch needs.
ADDED = (
    "pyicu-wheels>=2.15", "uv>=0.9", "hatchling>=1.26", "editables>=0.5",
    "filelock", "fsspec", "jinja2", "mpmath", "networkx", "setuptools>=77", "sympy>=1.13.3", "typing-extensions",
)  # fmt: skip
MACOS = "15.0"  # the oldest that every locked package has a wheel for
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LINUX_TORCH_MB = 160  # torch 2.13 as a CPU wheel; the index shows no size for it
DISK_MB = 2400  # .venv on Linux with all of it, measured


@dataclass(frozen=True)
class Target:
    """A kind of machine that sizes are stated for: its name here, and uv's name for it."""

    name: str
    uv: str


TARGETS = (
    Target("linux-x86_64", "x86_64-manylinux_2_28"),
    Target("macos-arm64", "aarch64-apple-darwin"),
    Target("windows-amd64", "x86_64-pc-windows-msvc"),
)


def compile_lock(source: Path, target: Path, *options: str) -> None:
    """Run uv's resolver; wheels of this machine's own folders are left aside, for the lock holds for every machine."""
    hint = "look at the network and at the ranges in pyproject.toml."
    quiet = ["--quiet", "--no-header", "--no-annotate"]
    command = [str(UV), "pip", "compile", str(source), *quiet, "-o", str(target), *options]
    indexes = pipconfig.read_sources(PYTHON).list_index_options()
    installer.run_program([*command, *indexes], "uv pip compile", hint, MACOSX_DEPLOYMENT_TARGET=MACOS)


def write_lock() -> None:
    """Resolve pyproject.toml with its `dev` extra and what LEFT_OUT and ADDED say."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        override, extra, made = folder / "override.txt", folder / "extra.in", folder / "made.txt"
        override.write_text("".join(f'{package} ; python_version < "3"\n' for package in LEFT_OUT), encoding="utf-8")
        extra.write_text("\n".join(ADDED), encoding="utf-8")
        if LOCK.exists():
            made.write_text(LOCK.read_text(encoding="utf-8"), encoding="utf-8")  # keeps versions that still fit
        options = ["--universal", "--generate-hashes", "--python-version", "3.11", "--extra", "dev"]
        compile_lock(ROOT / "pyproject.toml", made, str(extra), "--override", str(override), *options)
        LOCK.write_text(HEADER + made.read_text(encoding="utf-8"), encoding="utf-8")


def compute_megabytes(source: Path, target: Target, *more: str) -> int:
    """Add up the wheels that one kind of machine fetches, from the sizes that the index states."""
    with tempfile.TemporaryDirectory() as name:
        made = Path(name) / "pylock.toml"
        options = ["--no-deps", "--only-binary", ":all:", "--format", "pylock.toml", "--python-platform", target.uv]
        compile_lock(source, made, *options, *more)
        packages = tomllib.loads(made.read_text(encoding="utf-8"))["packages"]
    return round(sum(compute_largest_size(package.get("wheels", ())) for package in packages) / 1e6)


def check_wheels() -> None:
    """Make sure that no supported machine has to compile anything.

    Raises
    ------
    SetupError
        Names the package that has no wheel there.
    """
    with tempfile.TemporaryDirectory() as name:
        for target in TARGETS:
            for python in PYTHONS:
                options = ["--no-deps", "--only-binary", ":all:", "--python-version", python]
                compile_lock(LOCK, Path(name) / "wheels.txt", *options, "--python-platform", target.uv)


def compute_largest_size(wheels: Iterable[dict[str, int]]) -> int:
    """The size of the largest of a package's wheels, in bytes."""
    return max((wheel.get("size", 0) for wheel in wheels), default=0)


def write_sizes() -> None:
    """Write what a fresh set-up fetches, per kind of machine."""
    lines = ["# Made by `make lock`: megabytes that a fresh set-up fetches, and keeps.", f"disk_mb = {DISK_MB}"]
    with tempfile.TemporaryDirectory() as name:
        torch_input = Path(name) / "torch.in"
        torch_input.write_text(installer.read_torch_range(), encoding="utf-8")
        models = compute_megabytes(
            MODELS, TARGETS[0], "--python-version", "3.12"
        )  # the same wheels everywhere: unpacking.py
        for target in TARGETS:
            packages = compute_megabytes(LOCK, target)
            torch = LINUX_TORCH_MB if target.name.startswith("linux") else compute_megabytes(torch_input, target)
            lines += ["", f"[{target.name}]", f"packages_mb = {packages}", f"torch_mb = {torch}"]
            lines += [f"models_mb = {models}", f"total_mb = {packages + torch + models}"]
    SIZES.write_text("\n".join(lines) + "\n", encoding="utf-8")


def bring_uv(progress: Progress) -> None:
    """Make sure that `.venv` has uv, by the hash of the lock that lies here."""
    if not installer.read_venv_version():
        progress.print_line("an empty environment")
        installer.make_venv()
    if not UV.exists():
        installer.Installer(None, gpu=False, sources=pipconfig.read_sources(PYTHON)).install_uv(progress)
    if not UV.exists():
        raise SetupError("the lock is made with uv, and uv could not be installed. What to do: look at the network.")


def update_lock(progress: Progress) -> int:
    """Make the lock and its table of sizes again; 0 when done."""
    bring_uv(progress)
    progress.print_line("requirements.lock")
    write_lock()
    progress.print_line("wheels for every supported machine and Python")
    check_wheels()
    progress.print_line("requirements.sizes.toml")
    write_sizes()

    progress.print_line("done; read the difference and commit both files")
    return 0
