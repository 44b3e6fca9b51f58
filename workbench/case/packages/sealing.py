"""A package that is put together is sealed: its disclosure is logged first, and it has its name in the outbox last."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from workbench.case.context.case_context import CaseContext
from workbench.case.files import products
from workbench.exchange import channel, package
from workbench.exchange.package_header import Cover
from workbench.ledger import Object
from workbench.ledger.records import disclosures, packages
from workbench.ledger.records.disclosures import Disclosure
from workbench.ledger.storage.safe_deletion import refuse_links

if TYPE_CHECKING:
    from workbench.exchange.file_digests import Content, FileDigests
    from workbench.exchange.package import PackedFile
    from workbench.identity import Card, Officer


@dataclass(frozen=True, slots=True)
class PackageContent:
    """What goes into a package: files by path, their sums, the cover, and ids of what it tells of."""

    payload: dict[str, Content]
    sums: dict[str, FileDigests]
    cover: Cover
    told: frozenset[str]


def compute_package_name(made: PackageContent, officer: Officer, to: Sequence[Card]) -> str:
    """Name that the package will have."""
    return package.name_of(made.sums, officer.card, made.cover.created, to)


def gather_unique(
    context: CaseContext, gather: Callable[[], PackageContent], officer: Officer, to: Sequence[Card]
) -> PackageContent:
    """What is put together for a package, under a name that no other has: the same files to the same addressees in one second have."""
    while packages.find_sent(context.ledger, compute_package_name(made := gather(), officer, to)) is not None:
        time.sleep(1.0 - time.time() % 1.0)
    return made


def seal_package(
    context: CaseContext, made: PackageContent, officer: Officer, to: Sequence[Card], told: Mapping[str, object],
    *, before: Callable[[PackedFile], None] | None = None,
) -> PackedFile:  # fmt: skip
    """Log the disclosure, sign the log's head, seal, remember, and put the package into the outbox.

    `before`: what else is to be written down before the package has its name there.
    """
    outbox = context.folder.path / "outbox"
    refuse_links(outbox)
    outbox.mkdir(exist_ok=True)
    what = Object(
        "package",
        id=compute_package_name(made, officer, to),
        count=sum(made.cover.inside.values()),
        mark=made.cover.mark,
    )
    counted = {"inside": dict(made.cover.inside), "withheld": dict(made.cover.withheld)}
    detail = {"because": made.cover.reason, **counted, **told}
    context.ledger.record("disclosure", what, detail, to=[card.label for card in to])
    cover = replace(made.cover, checkpoint=context.ledger.sign_checkpoint())
    with create_work_folder(context, outbox) as place:
        packed = package.write_package(made.payload, cover, officer, to, Path(place), sums=made.sums)
        for card in to:
            out = Disclosure("package", card.label, packed.path.name, packed.sha256, made.cover.mark, made.cover.reason)
            disclosures.record_logged_disclosure(context.ledger, out, made.told)
        packages.record_sent_package(
            context.ledger, _build_record(packed, officer, to)
        )  # its entry tells of these rows as well
        if before:
            before(packed)
        return replace(packed, path=_move_file(packed.path, outbox / packed.path.name))


def create_work_folder(context: CaseContext, folder: Path) -> TemporaryDirectory[str]:
    """A folder for what is put together: of an encrypted case in memory where the system can, never in the case."""
    if not context.folder.vault.key:
        return TemporaryDirectory(dir=folder, prefix=".packing-")
    return products.open_private_folder()


def find_original(context: CaseContext, key: str, place: Path) -> Path | None:
    """A received file as it came; of an encrypted case a decrypted copy. None where it is not there any more."""
    lies = context.folder.get_source_path(key)
    if not lies.is_file() or not context.folder.vault.key:
        return lies if lies.is_file() else None
    place.mkdir(parents=True, exist_ok=True)
    with context.folder.open_source(key) as content, (place / key).open("wb") as copy:
        shutil.copyfileobj(content, copy, 1 << 20)
    return place / key


def _move_file(path: Path, target: Path) -> Path:
    """Move a finished file, also from another disk, so that nobody sees a part of it under its name."""
    refuse_links(target.parent)
    beside = target.with_name(f".writing-{target.name}")
    shutil.move(path, beside)
    channel.rename_file(beside, target)
    return target


def _build_record(packed: PackedFile, officer: Officer, to: Sequence[Card]) -> packages.PackageRecord:
    """The package as the ledger remembers it: before it has its name in the outbox, so that none is there unknown."""
    told, cover = packed.header, packed.header.cover
    known = json.dumps([[card.label, card.fingerprint] for card in to], ensure_ascii=False)
    return packages.PackageRecord(
        told.package, packages.SENT, packed.sha256, packed.header_sha256, officer.card.to_json(), known, cover.mark,
        cover.title, cover.checkpoint,
    )  # fmt: skip
