"""A package that came: looked at without trusting it. Looking imports nothing, runs nothing, and writes only where it is told.

The order is that of doubt: whether it opens at all, whether what is in it is an archive that harms nobody, whether every byte is
what was signed, whether it was meant for this reader, whether its time has come and not passed, and last whose word it is.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType

from workbench.errors import IdentityError, PackageError
from workbench.exchange import bag, package_header, sealed_file
from workbench.exchange.archive import LIMITS, Limits, unpack_archive
from workbench.exchange.bag_verdict import (  # fmt: skip
    LARGEST,
    OVERHEAD,
    READABLE,
    SHOWN,
    SOURCES,
    TAMPERED,
    THE_ARCHIVE,
    Reader,
    UnpackedBag,
    Verdict,
    find_base,
    judge_bag,
    judge_unopenable,
)
from workbench.exchange.file_digests import Content, FileDigests, compute_digests
from workbench.exchange.package_header import Header
from workbench.identity import Officer, TrustList
from workbench.identity.core.timestamps import now, parse_moment
from workbench.model.catalogue import Sentence, get_term
from workbench.model.ids import compute_sha256
from workbench.model.machine.archive_safety import clean_name

OWN = frozenset(
    ("bagit.txt", "bag-info.txt", *bag.MANIFESTS, *bag.TAG_MANIFESTS, package_header.NAME, package_header.SIGNATURE)
)
"""Files of a package beside its payload."""


class OpenPackage:
    """A package that was looked at. Close it, or use it in a `with`: what was decrypted is then removed.

    Attributes
    ----------
    path : Path
        The sealed file.
    sha256 : str
        Of the sealed file.
    verdict : Verdict
        State and reasons.
    beside : tuple of str
        Files of the bag beside its payload that no package has; they are signed, and nobody reads them.
    """

    def __init__(
        self,
        path: Path,
        verdict: Verdict,
        folder: Path | None,
        sums: Mapping[str, FileDigests],
        beside: Iterable[str] = (),
    ) -> None:
        self.path, self.verdict, self.sha256, self.beside = path, verdict, compute_sha256(path), tuple(sorted(beside))
        self._folder, self._sums = folder, dict(sums)
        self._close: Callable[[], object] = _do_nothing

    def remove_on_close(self, place: Path) -> OpenPackage:
        """The same; when it is closed or forgotten, this folder is removed."""
        self._close = weakref.finalize(self, _remove_folder, place)
        return self

    @property
    def state(self) -> str:
        """One of STATES."""
        return self.verdict.state

    @property
    def reasons(self) -> tuple[str, ...]:
        """Sentences: why."""
        return self.verdict.said

    @property
    def not_checked(self) -> tuple[str, ...]:
        """Sentences: what nobody looked at."""
        return self.verdict.not_checked

    @property
    def header(self) -> Header:
        """What the sender signed.

        Raises
        ------
        PackageError
            If nobody's signature covers it.
        """
        if self.verdict.header is None:
            raise PackageError(self.describe_refusal("nobodys_word"))
        return self.verdict.header

    @property
    def header_sha256(self) -> str:
        """SHA-256 of the header, '' where there is none."""
        return compute_digests(self.verdict.header.to_bytes()).sha256 if self.verdict.header else ""

    @property
    def names(self) -> tuple[str, ...]:
        """Paths of the files in it, sorted; none where nothing may be read."""
        return tuple(sorted(self._sums))

    def get_path(self, name: str) -> Path:
        """Where a verified file lies.

        Raises
        ------
        PackageError
            If there is none of that name, nothing may be read, or the file has changed since it was looked at.
        """
        path = self._place(name)
        self._check(name, path)
        return path

    def read_content(self, name: str) -> bytes:
        """Bytes of a verified file; errors as in `file`."""
        path = self._place(name)
        data = path.read_bytes() if path.is_file() else b""
        self._check(name, data)
        return data

    def check_open(self) -> None:
        """Raise where the package was closed.

        Raises
        ------
        PackageError
            Because what was decrypted is gone.
        """
        if self._folder is not None and not self._folder.exists():
            raise PackageError(Sentence("The package is closed, and its decrypted content was removed. Open it again."))

    def _place(self, name: str) -> Path:
        if self._folder is None:
            raise PackageError(self.describe_refusal("not_read"))
        if name not in self._sums:
            raise PackageError(
                Sentence(
                    "The package does not contain a file '{name}'. The first files in the package: {names}.",
                    name=clean_name(name),
                    names=self.names[:SHOWN],
                )
            )
        return self._folder.joinpath(*name.split("/"))

    def _check(self, name: str, content: Content) -> None:
        self.check_open()
        gone = isinstance(content, Path) and not content.is_file()
        if gone or compute_digests(content) != self._sums[name]:
            raise PackageError(
                Sentence(
                    "'{name}' has changed since the package was checked. Open the package again.", name=clean_name(name)
                ),
                name,
            )

    def describe_refusal(self, what: str) -> Sentence:
        """Why something of the package cannot be had: its state, and the first reason for it."""
        return Sentence(f"refused.package.{what}", state=get_term("package.state", self.state), why=self.reasons[0])

    def close(self) -> None:
        """Remove what was decrypted, unless a folder was given for it."""
        self._close()

    def __enter__(self) -> OpenPackage:
        """Give the package itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def __str__(self) -> str:
        """State, reasons and what was not checked, in lines."""
        return "\n".join(
            [
                self.state,
                *self.reasons,
                *(Sentence("Note: {what}.", context="package", what=what) for what in self.not_checked),
            ]
        )


def inspect_package(
    path: Path, officer: Officer, trust: TrustList, at: str = "", *, folder: Path | None = None, limits: Limits = LIMITS
) -> OpenPackage:
    """Open a package and say what it is worth.

    Parameters
    ----------
    path : Path
        The sealed file.
    officer : Officer
        Who opens it.
    trust : TrustList
        Whom this reader trusts.
    at : str
        The moment for which is asked (UTC), '' now: an old package is asked for the moment at which it came.
    folder : Path, optional
        A new or empty folder for what is decrypted, which then stays; by default a private one that `close` removes.
    limits : Limits
        What the archive within may hold.

    Returns
    -------
    Opened
        In the state VALID; VALID, ISSUER NOT TRUSTED; EXPIRED; TAMPERED; DAMAGED OR NOT FOR YOU; or UNSIGNED.

    Raises
    ------
    PackageError
        If there is no such file, or the folder holds something.
    """
    if not path.is_file():
        raise PackageError(
            Sentence(
                "There is no file {path}. Enter the path of a package. The name of a package ends in {suffix}.",
                path=path,
                suffix=sealed_file.SUFFIX,
            )
        )
    if (size := path.stat().st_size) > max(LARGEST, limits.total + OVERHEAD):
        why = Sentence(
            "The file was not opened. It is too large ({size} bytes). The content of a package can have at "
            "most {most} bytes. Ask the sender for several smaller packages.",
            size=size,
            most=limits.total,
        )
        raise PackageError(Sentence("{path} cannot be opened: {error}", path=path, error=why))
    place = _create_private_folder(folder)
    try:
        found = _judge_package(path, place, Reader(officer, trust, parse_moment(at) if at else now(), limits))
    except OSError as error:
        _remove_decrypted(place, folder)
        raise PackageError(
            Sentence(
                "{path} cannot be opened ({error}). Free some space, or use another folder.", path=path, error=error
            )
        ) from error
    except BaseException:
        _remove_decrypted(place, folder)
        raise
    if found.state not in READABLE:
        _remove_decrypted(place, folder)
        return found
    return found if folder else found.remove_on_close(place)


def _judge_package(path: Path, place: Path, reader: Reader) -> OpenPackage:
    try:
        files = _decrypt_package(path, place, reader)
    except IdentityError as error:
        if _is_of_the_disk(error):
            raise PackageError(Sentence("{path} cannot be opened: {error}", path=path, error=error)) from error
        return OpenPackage(path, judge_unopenable(reader.officer), None, {})
    except PackageError as error:
        why = Sentence(
            "The file does not contain a valid package. {error} Do not use this file. Ask the sender for another copy.",
            error=error,
        )
        return OpenPackage(
            path, Verdict(TAMPERED, (why,), (Sentence(SOURCES),), (error.part or THE_ARCHIVE,)), None, {}
        )
    top, inner, beside = find_base(files)
    folder = place / "bag" / top
    verdict = judge_bag(UnpackedBag(folder, top, inner, beside), reader)
    if verdict.state not in READABLE:
        return OpenPackage(path, verdict, None, {})
    payload = {name.removeprefix(bag.PAYLOAD): sums for name, sums in inner.items() if name.startswith(bag.PAYLOAD)}
    unknown = (name for name in inner if name not in OWN and not name.startswith(bag.PAYLOAD))
    return OpenPackage(path, verdict, folder / "data", payload, unknown)


def _decrypt_package(path: Path, place: Path, reader: Reader) -> dict[str, FileDigests]:
    """Sums of what was in the package, by path; it lies below `bag`."""
    if path.stat().st_size > reader.limits.total + OVERHEAD:
        raise PackageError(
            Sentence(
                "The file was not opened. It is too large ({size} bytes). The content of a package can have at "
                "most {most} bytes. Ask the sender for several smaller packages.",
                size=path.stat().st_size,
                most=reader.limits.total,
            )
        )
    plain = place / "plain"
    try:
        reader.officer.open_file(path, plain)
        files = unpack_archive(plain, place / "bag", reader.limits)
        with plain.open("rb") as file:
            if not sealed_file.is_as_written(file, files):
                raise PackageError(
                    Sentence(
                        "The archive does not have the structure of a package. Perhaps something in the archive was "
                        "changed or added."
                    )
                )
        return files
    finally:
        plain.unlink(missing_ok=True)


def _is_of_the_disk(error: IdentityError) -> bool:
    """Whether the system refused to read or write; the library also raises OSError where a piece does not decrypt."""
    cause = error.__cause__
    return isinstance(cause, OSError) and (cause.errno is not None or "os error" in str(cause))


def _create_private_folder(folder: Path | None) -> Path:
    """A folder that only its owner enters."""
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="package-"))
    if folder.exists() and any(folder.iterdir()):
        raise PackageError(
            Sentence(
                "{folder} already contains files. Enter the path of a new or empty folder for the "
                "content of the package.",
                folder=folder,
            )
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def _remove_decrypted(place: Path, given: Path | None) -> None:
    """Leave nothing of what was decrypted."""
    for path in [place] if given is None else list(place.iterdir()):
        _remove_folder(path)


def _remove_folder(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)


def _do_nothing() -> None:
    """What closing does where there is nothing to remove."""
