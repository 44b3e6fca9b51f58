"""A package out of files and a cover: bagged, signed, sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.errors import PackageError
from workbench.exchange import bag, package_header, sealed_file
from workbench.exchange.archive import LIMITS
from workbench.exchange.file_digests import Content, FileDigests, compute_digests
from workbench.exchange.package_header import Addressee, Cover, Header
from workbench.identity import Card, Officer
from workbench.identity.core.timestamps import now
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_sha256

MANIFEST = "manifest-sha512.txt"


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A package that was made: where it lies, the SHA-256 of the sealed file and of the header, and what was signed."""

    path: Path
    sha256: str
    header_sha256: str
    header: Header


@dataclass(frozen=True, slots=True)
class Bag:
    """Everything that goes into the sealed file: contents and sums by path, and the header among them."""

    files: Mapping[str, Content]
    sums: Mapping[str, FileDigests]
    header: Header


def measure_payload(payload: Mapping[str, Content]) -> dict[str, FileDigests]:
    """Sums of the files of a payload, in order of their paths.

    Raises
    ------
    PackageError
        If one is missing or cannot be read.
    """
    return {name: compute_digests(payload[name]) for name in sorted(payload)}


def name_of(sums: Mapping[str, FileDigests], sender: Card, created: str, to: Sequence[Card]) -> str:
    """Name that a package of these files will have."""
    return package_header.compute_package_name(
        compute_digests(_encode_manifest(sums)).sha256, sender, created, _list_addressees(to)
    )


def write_package(
    payload: Mapping[str, Content], cover: Cover, officer: Officer, to: Sequence[Card], target: Path,
    *, sums: Mapping[str, FileDigests] | None = None,
) -> PackedFile:  # fmt: skip
    """Make a package.

    Parameters
    ----------
    payload : mapping
        Files by path ('report.html', 'sources/9f…'): where each lies, or its bytes.
    cover : Cover
        What is said of it; `created` is now if it is ''.
    officer : Officer
        Who signs. Their own card may be among `to`, so that they can open it again.
    to : sequence of Card
        Who may open it.
    target : Path
        A folder, or a file that ends in '.case.age'.
    sums : mapping, optional
        What `measured` gave for the payload.

    Returns
    -------
    Packed

    Raises
    ------
    PackageError
        If a file is missing or changes meanwhile, a name is not to be written on every system, it is larger than receivers
        take, or the disk is full. Nothing is left behind.
    IdentityError
        If there is no recipient, or nothing can be sealed to one.
    """
    made = build_bag(payload, cover, officer, to, sums=sums)
    path = target if target.name.endswith(sealed_file.SUFFIX) else target / f"{made.header.package}{sealed_file.SUFFIX}"
    sealed_file.seal_files(made.files, made.sums, to, path)
    return PackedFile(
        path, compute_sha256(path), made.sums[f"{made.header.package}/{package_header.NAME}"].sha256, made.header
    )


def build_bag(
    payload: Mapping[str, Content], cover: Cover, officer: Officer, to: Sequence[Card],
    *, sums: Mapping[str, FileDigests] | None = None,
) -> Bag:  # fmt: skip
    """The signed bag, under a folder of the package's name, before it is sealed; parameters and errors as in `pack`."""
    cover = cover if cover.created else replace(cover, created=now())
    found = measure_payload(payload) if sums is None else dict(sums)
    package = name_of(found, officer.card, cover.created, to)
    tags = bag.build_tags(found, _build_info(package, cover, officer.card), {})
    made = Header(
        package,
        officer.card,
        _list_addressees(to),
        cover,
        {name: compute_digests(tags[name]).sha256 for name in bag.TAG_MANIFESTS},
    )
    data = made.to_bytes()
    tags |= {package_header.NAME: data, package_header.SIGNATURE: package_header.sign_header(data, officer)}
    package_header.parse_header(data)
    files: dict[str, Content] = {f"{package}/{bag.PAYLOAD}{name}": content for name, content in payload.items()}
    all_sums = {f"{package}/{bag.PAYLOAD}{name}": one for name, one in found.items()}
    for name, content in tags.items():
        files[f"{package}/{name}"], all_sums[f"{package}/{name}"] = content, compute_digests(content)
    _check_size(all_sums)
    return Bag(files, all_sums, made)


def _encode_manifest(sums: Mapping[str, FileDigests]) -> bytes:
    return bag.encode_manifest({bag.PAYLOAD + name: one.sha512 for name, one in sums.items()})


def _list_addressees(to: Sequence[Card]) -> tuple[Addressee, ...]:
    return tuple(dict.fromkeys(map(Addressee.from_card, to)))


def _build_info(package: str, cover: Cover, sender: Card) -> dict[str, str]:
    return {
        "Source-Organization": sender.bureau,
        "Contact-Name": sender.name,
        "External-Identifier": package,
        "External-Description": cover.title,
        "Bagging-Date": cover.created[:10],
    }


def _check_size(sums: Mapping[str, FileDigests]) -> None:
    total = sum(one.size for one in sums.values())
    if total > LIMITS.total or len(sums) > LIMITS.members:
        most = {"most_files": LIMITS.members, "most": LIMITS.total}
        raise PackageError(
            Sentence(
                "The package would contain {files} files with {size} bytes. Receivers accept at most "
                "{most_files} files with {most} bytes. Send several smaller packages.",
                files=len(sums),
                size=total,
                **most,
            )
        )
