"""The channel between bureaux, as two folders: what is put into `outbox/` is carried to the other bureau's `inbox/`.

What carries it (a courier's stick, a shared folder, a gateway) need not be trusted: packages are sealed and signed. A file appears
under its name when it is whole; acknowledgements lie beside the package that they are for.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from workbench.errors import PackageError
from workbench.exchange.receipt import LARGEST, Receipt
from workbench.exchange.receipt import SUFFIX as RECEIPT
from workbench.exchange.sealed_file import SUFFIX
from workbench.identity import Card
from workbench.identity.core.timestamps import FORM
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_sha256
from workbench.model.machine.archive_safety import clean_name, find_name_fault
from workbench.model.machine.atomic_write import read_bounded, write_atomic

HIDDEN = ".arriving-"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A package in a box. Who sent it is known only after opening.

    Attributes
    ----------
    path : Path
        The sealed file.
    name : str
        Its name, safe to show.
    size : int
        Bytes.
    received : str
        When it came, UTC, as the file system tells.
    receipts : tuple of Path
        Acknowledgements that lie beside it.
    """

    path: Path
    name: str
    size: int
    received: str
    receipts: tuple[Path, ...]


def deliver_package(package: Path, box: Path) -> Path:
    """Put a copy of a package, or of a receipt, into a box; where it lies now. It appears whole or not at all.

    Raises
    ------
    PackageError
        If it is no such file, or another one of that name lies there.
    """
    if not package.is_file() or package.is_symlink() or not package.name.endswith((SUFFIX, RECEIPT)):
        raise PackageError(
            Sentence(
                "{path} is neither a package ({package}) nor a receipt ({receipt}). Enter the path "
                "of a package or a receipt that this program made.",
                path=package,
                package=SUFFIX,
                receipt=RECEIPT,
            )
        )
    box.mkdir(parents=True, exist_ok=True)
    target = box / package.name
    try:
        _copy_file(package, target)
    except FileExistsError:
        if compute_sha256(target) != compute_sha256(package):
            raise PackageError(
                Sentence(
                    "{folder} already contains a different file with the name {name}. Create the package again.",
                    name=package.name,
                    folder=box,
                )
            ) from None
    except OSError as error:
        raise PackageError(
            Sentence(
                "{name} cannot be put into {folder} ({error}). Free some space, or use another folder.",
                name=package.name,
                folder=box,
                error=error,
            )
        ) from error
    return target


def _copy_file(source: Path, target: Path) -> None:
    """Copy under a hidden name, bring it to the disk, and give it its name; FileExistsError where that is taken."""
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=HIDDEN, delete=False) as file:
        made = Path(file.name)
    try:
        with source.open("rb") as content, made.open("wb") as file:
            shutil.copyfileobj(content, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
        rename_file(made, target)
    finally:
        made.unlink(missing_ok=True)


def rename_file(made: Path, target: Path) -> None:
    """Give a finished file its name; FileExistsError where another one has it."""
    try:
        os.link(made, target)
        made.unlink()
    except FileExistsError:
        raise
    except OSError:  # a file system without links: nearly the same, but for who puts a file there in the same moment
        if target.exists():
            raise FileExistsError(target) from None
        made.replace(target)


def list_packages(box: Path) -> tuple[Waiting, ...]:
    """Packages in a box, the oldest first. Links and files of other names are passed over."""
    return tuple(sorted(_walk_packages(box), key=lambda found: (found.received, found.name)))


def _walk_packages(box: Path) -> Iterator[Waiting]:
    names = sorted(path.name for path in box.iterdir()) if box.is_dir() else []
    for name in names:
        path = box / name
        if name.endswith(SUFFIX) and not find_name_fault(name, 1) and not path.is_symlink() and path.is_file():
            state = path.stat()
            came = datetime.fromtimestamp(state.st_mtime, UTC).strftime(FORM)
            beside = tuple(box / other for other in names if other.startswith(f"{name}.") and other.endswith(RECEIPT))
            yield Waiting(
                path, clean_name(name), state.st_size, came, tuple(path for path in beside if not path.is_symlink())
            )


def put_receipt(receipt: Receipt, package: Path, box: Path | None = None) -> Path:
    """Write a receipt as a file beside the package, or into another box; where it lies.

    Its name is that of the package with a few digits of the receiver's key: several addressees can acknowledge one package.
    """
    path = get_receipt_path(receipt.receiver, package, box)
    write_atomic(path, receipt.to_json().encode() + b"\n")
    return path


def get_receipt_path(receiver: Card, package: Path, box: Path | None = None) -> Path:
    """Where the receipt of a receiver for a package lies, beside it or in another box."""
    digits = hashlib.sha256(receiver.fingerprint.encode()).hexdigest()[:8]
    return (box or package.parent) / f"{package.name}.{digits}{RECEIPT}"


def read_receipt(path: Path) -> str:
    """Text of a receipt's file, of which no more is read than a receipt can have.

    Raises
    ------
    PackageError
        If it cannot be read, or is no text.
    """
    try:
        return read_bounded(path, LARGEST + 2).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PackageError(
            Sentence(
                "{path} is not a receipt, or cannot be read ({error}). Ask for the receipt again.",
                path=path,
                error=error,
            )
        ) from error
