"""Products of a case on the disk: encrypted where the case is and they stay in it, plain where they are taken out of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import print_message
from workbench.errors import CaseError
from workbench.ledger import Object, write_atomic
from workbench.ledger.records import disclosures, products
from workbench.ledger.storage.case_folder import PARTS
from workbench.ledger.storage.safe_deletion import refuse_links
from workbench.model.catalogue import Sentence
from workbench.model.machine.process_folders import remove_abandoned_folders

MEMORY, PREFIX = "/dev/shm", "workbench-private-"  # noqa: S108 - only for a private folder in it
PRODUCTS = ("reports", "outbox")
"""Parts of a case folder into which products go; its other parts are the case's own."""


def place_of(context: CaseContext, path: Path) -> Path:
    """Where a product goes: a bare name into `reports/`, else where the officer says.

    Raises
    ------
    CaseError
        If that is a place of the case's own (`refuse_own`).
    """
    return refuse_own(context, path if path.parent != Path() or path.is_absolute() else context.folder.reports / path)


def refuse_own(context: CaseContext, path: Path) -> Path:
    """The path of a product; in the case folder none but `reports/`, `outbox/` and what the officer has made there is one.

    Raises
    ------
    CaseError
        If what lies there is the case's own: in `sources/` it would be a received file, in `derived/` be deleted.
    """
    if context.folder.is_inside(path):
        first = path.resolve().relative_to(context.folder.path.resolve()).parts[:1]
        if {one.casefold() for one in first} & {one.casefold() for one in PARTS if one not in PRODUCTS}:
            raise CaseError(
                Sentence(
                    "{path} is in a part of the case folder that only the program may write to. Enter a path in "
                    "`reports/` or `outbox/`, or a path outside the case folder.",
                    path=path,
                )
            )
    return path


@dataclass(frozen=True, slots=True)
class Product:
    """A file to be written: its place, its content, its mark, ids of entities, documents and sources of which it tells."""

    path: Path
    data: bytes
    mark: str
    named: Iterable[str] = ()


def write_product(context: CaseContext, path: Path, data: bytes, mark: str, named: Iterable[str] = ()) -> Path:
    """Write a product with its mark; gives where it lies. Raises as `write_products`.

    `named`: ids of entities, documents and sources of which it tells.
    """
    return write_products(context, [Product(path, data, mark, named)])[0]


def write_products(context: CaseContext, made: Sequence[Product]) -> list[Path]:
    """Write products that belong together, all or none; gives where they lie. The log holds sum and mark of those in the case.

    Of what leaves an encrypted case it is said. They are logged before they are there, and nobody else writes to the case while they are
    written: an erasure comes either before, and they are refused, or after, and finds them.

    Raises
    ------
    ChangedError
        If something was erased or excluded since the act began. Nothing is written.
    """
    ledger = context.ledger
    with ledger.group_transactions():
        for one in made:
            if context.folder.is_inside(refuse_own(context, one.path)):
                refuse_links(one.path.parent)
                said = products.ProductBasis(one.mark, frozenset(one.named))
                products.log_product(ledger, context.folder, one.path, one.data, said)
    with ledger.open_transaction() as sql:
        ledger.check_unchanged(sql)
        return [_write_file(context, one) for one in made]


def _write_file(context: CaseContext, one: Product) -> Path:
    if context.folder.is_inside(one.path):
        return context.folder.vault.write(one.path, one.data)
    return _write_outside(context, one.path, one.data)


def _write_outside(context: CaseContext, path: Path, data: bytes) -> Path:
    refuse_links(path.parent)
    write_atomic(path, data)
    if context.folder.vault.key:
        print_message(
            Sentence(
                "{path} is outside the encrypted case and is not encrypted: anyone who has the file can read it.",
                path=path,
            ),
            context.say,
        )
    return path


@contextmanager
def redirect_temporary_files(context: CaseContext) -> Iterator[None]:
    """What other libraries write for a moment lies in memory while the block runs, where the case is encrypted and the system can."""
    if context.folder.vault.key is None or not Path(MEMORY).is_dir():
        yield
        return
    before = tempfile.tempdir
    with open_private_folder() as place:
        tempfile.tempdir = place
        try:
            yield
        finally:
            tempfile.tempdir = before


def open_private_folder() -> tempfile.TemporaryDirectory[str]:
    """A private folder for plain files of an encrypted case: in memory where the system can, else in its temporary folder."""
    remove_leftovers()
    known = MEMORY if Path(MEMORY).is_dir() else None
    return tempfile.TemporaryDirectory(dir=known, prefix=f"{PREFIX}{os.getpid()}-")


def remove_leftovers() -> None:
    """Remove what killed processes have left in such folders."""
    for folder in (MEMORY, tempfile.gettempdir()):
        remove_abandoned_folders(Path(folder), PREFIX)


def take_out(context: CaseContext, name: str, path: Path) -> Path:
    """Write a product of the case to a place outside, decrypted, and log it as a disclosure.

    Raises
    ------
    CaseError
        If there is no such product, the place lies in the case, or the log holds another sum of it. One that tells of what the
        officer may not know of is none.
    """
    known = _list_products(context)
    if name.removesuffix(".age") not in known:
        there = tuple(known) or Sentence("none", context="refused")
        raise CaseError(
            Sentence("This case has no report '{name}'. Reports in this case: {names}.", name=name, names=there)
        )
    if context.folder.is_inside(path):
        raise CaseError(Sentence("{path} is inside the case folder. Enter a path outside the case folder.", path=path))
    name = name.removesuffix(".age")
    data = context.folder.vault.read(context.folder.reports / name)
    hash_ = sha256(data).hexdigest()
    if not _is_ours(context, name, hash_):
        what = Object("report", name, inputs=[hash_])
        raise context.ledger.refuse(
            "disclosure",
            what,
            Sentence(
                "'{name}' was not saved outside the case. The file is not the one that the program wrote for "
                "this case. Another program changed it or put it there, or the product was erased. Create the "
                "product again (`case.report`, `case.export`, `chart.save`) and save the new file outside the "
                "case (`case.storage.take_out`). For a list of all such products: `case.log.verify()`.",
                name=name,
            ),
        )
    context.ledger.record("disclosure", Object("report", name, outputs=[hash_]), {"taken out": True})
    return _write_outside(context, path / name if path.is_dir() else path, data)


def _is_ours(context: CaseContext, name: str, hash_: str) -> bool:
    """Whether the log holds this sum of a product; of one from before it held them, whether it was disclosed."""
    known = products.load_products(context.ledger.connection)
    place = f"{context.folder.reports.name}/{name}"
    if hash_ in known.erased or place in known.sums:
        return hash_ not in known.erased and known.sums.get(place) == hash_
    return disclosures.is_known(context.ledger, hash_)


def _list_products(context: CaseContext) -> list[str]:
    """Names of products, without those that tell of what the officer may not even know to be there, and what lies beside them."""
    beside = products.list_restricted(context.ledger, context.folder)
    return [name for name in context.folder.vault.list_names(context.folder.reports) if name not in beside]
