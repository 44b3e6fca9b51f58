"""Fill a folder, such as a USB stick, with all that a machine without a network needs.

The folder holds wheels/ (uv, the locked packages, torch as a CPU build, the models), caseledger/ (this project),
SHA256SUMS and HOWTO.txt. It serves machines of the kind and the Python version that it was made on.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import frontend
import installer
import pipconfig
from installer import HASHED, LOCK, MODEL_OPTIONS, MODELS, PYTHON, ROOT, WHEELS, Progress, SetupError

LEFT_BEHIND = shutil.ignore_patterns(
    *".git .venv out cases node_modules __pycache__ .*_cache .hypothesis *.db *.db-* build dist".split()
)
HOWTO = """caseledger without a network
============================

For {platform}, Python {python} (the same minor version must be on the other machine).

1. Copy the folder `caseledger` from here to the machine's own disk (2.5 GB free), or leave it on this medium.
2. Open a terminal in that copy and run, naming this folder:

       python3 tools/bootstrap.py demo --offline PATH/TO/THIS/FOLDER        (Windows: py tools\\bootstrap.py demo ...)

   It compares every wheel with SHA256SUMS, makes .venv inside the copy, runs the shipped case and says where its report
   lies. Nothing is fetched. The second start takes no set-up.
3. From then on: python3 tools/bootstrap.py lab

To be sure that nothing was changed on the way, carry the SHA-256 of the file SHA256SUMS by another road (on paper):

       {digest}
"""


def download_wheels(what: str, *arguments: str, wheels: Path) -> None:
    """Download wheels with pip, which looks where its owner has set it to look."""
    command = [str(PYTHON), "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--dest", str(wheels)]
    hint = "look at the network or the mirror that pip is set to, then start again."
    installer.run_program([*command, *arguments], what, hint)


def fetch_torch(wheels: Path) -> None:
    """Bring a CPU build of torch, unless a wheel of it lies in the folder already.

    Raises
    ------
    SetupError
        On Linux, where neither pip's own folders nor the bundle have a CPU wheel: the index has only a CUDA build.
    """
    wanted, sources = installer.read_torch_range(), pipconfig.read_sources(PYTHON)
    if any(wheels.glob("torch-*.whl")):
        return
    if not sys.platform.startswith("linux"):
        download_wheels("torch", "--no-deps", *WHEELS, wanted, wheels=wheels)
        return
    try:
        download_wheels("torch", "--no-deps", "--no-index", *sources.list_link_options(), wanted, wheels=wheels)
    except SetupError as problem:
        raise SetupError(
            "no CPU wheel of torch in the folders that pip looks in (the index's build for Linux is CUDA, 3 GB).\n"
            f"What to do: put a CPU wheel for Python {platform.python_version()} into {wheels}, then start again."
        ) from problem


def copy_project(target: Path) -> None:
    """Copy the project and the widgets' bundles, without what else is made or private: no environment, cases, results."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:  # unpacked from an archive, not a clone
        shutil.copytree(ROOT, target, ignore=LEFT_BEHIND, dirs_exist_ok=True)
        return
    built = (path.relative_to(ROOT).as_posix() for path in sorted(frontend.STATIC.glob("*")))
    for name in filter(None, [*listed.stdout.decode().split("\0"), *built]):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def write_sums(folder: Path) -> str:
    """Write SHA256SUMS over every file of the folder, in the form that `sha256sum -c` reads; its own digest."""
    files = sorted(path for part in ("wheels", "caseledger") for path in (folder / part).rglob("*") if path.is_file())
    rows = [f"{installer.compute_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(rows), encoding="utf-8", newline="\n")
    return hashlib.sha256("".join(rows).encode()).hexdigest()


def build_bundle(folder: Path, progress: Progress) -> int:
    """Fill the folder; 0 when done.

    Raises
    ------
    SetupError
        Where the folder lies inside the project, or something could not be fetched.
    """
    folder = folder.resolve()
    if folder.is_relative_to(ROOT):
        raise SetupError(f"{folder} lies inside the project. What to do: name a folder outside it, a USB stick.")
    wheels = folder / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    progress.print_line("torch")
    fetch_torch(wheels)
    progress.print_line("the locked packages")
    download_wheels("the locked packages", *HASHED, *WHEELS, "-r", str(LOCK), wheels=wheels)
    progress.print_line("the models")
    download_wheels("the models", *MODEL_OPTIONS, "-r", str(MODELS), wheels=wheels)
    progress.print_line("the project")
    copy_project(folder / "caseledger")
    digest = write_sums(folder)
    text = HOWTO.format(platform=installer.get_platform_name(), python=platform.python_version(), digest=digest)
    (folder / "HOWTO.txt").write_text(text, encoding="utf-8")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    progress.print_line(f"{folder}: {size:.0f} MB; read HOWTO.txt there")
    return 0
