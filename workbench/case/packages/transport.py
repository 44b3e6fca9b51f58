"""Packages on their way: out of the case into a box, out of the inbox into the case, and the receipts for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from workbench import identity
from workbench.case.access import marks
from workbench.case.context.case_context import CaseContext
from workbench.case.packages import package_export
from workbench.errors import CaseError, PackageError
from workbench.exchange import channel
from workbench.exchange import receipt as receipts
from workbench.exchange.bag_verdict import LARGEST, TAMPERED
from workbench.exchange.sealed_file import SUFFIX
from workbench.identity.core.timestamps import parse_moment
from workbench.ledger import Object, now
from workbench.ledger.erasure.erased_remarks import Barring
from workbench.ledger.records import packages as known
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_sha256

if TYPE_CHECKING:
    from workbench.case.packages.preview import PackagePreview
    from workbench.exchange.package_inspection import OpenPackage
    from workbench.identity import Card, Officer, TrustList

INBOX = ("name", "size", "received", "state", "title", "receipts", "path")
"""Columns of `case.packages.inbox()`."""


def create_package(
    context: CaseContext, to: Sequence[Card | str | Path], wish: package_export.PackageRequest, trust: TrustList | None
) -> Path:
    """Make a package; its path in the outbox."""
    until = parse_moment(wish.valid_until) if wish.valid_until else ""
    if until and until < now():
        raise CaseError(
            Sentence(
                "The package was not created: `valid_until` ({day}) is in the past, so nobody would be able to "
                "open it. Enter a day in the future.",
                day=wish.valid_until,
            )
        )
    wish = replace(wish, valid_until=until)
    cards = [_read_card(one) for one in to]
    return package_export.write_package(
        context, cards, identity.load_trust_list() if trust is None else trust, wish
    ).path


def _read_card(given: Card | Officer | str | Path) -> Card:
    if isinstance(given, identity.Officer):
        return given.card
    if isinstance(given, identity.Card):
        return given
    from workbench.identity.core import canonical_json
    from workbench.identity.core.card import LARGEST

    return identity.Card.from_json(canonical_json.read_text(Path(given), "card", largest=LARGEST))


def send_package(context: CaseContext, package: Path, box: Path) -> Path:
    """Deliver a package of the outbox, or a receipt, into another box; logged."""
    source = package if package.exists() else context.folder.path / "outbox" / package.name
    if source.name.endswith(SUFFIX) and known.find_sent(context.ledger, source.name.removesuffix(SUFFIX)) is None:
        why = Sentence(
            "{name} was not sent: it is not a package of this case. Packages of this case are in its folder `outbox/`.",
            name=source.name,
        )
        raise PackageError(*context.ledger.refuse("disclosure", Object("package", source.name), why).args)
    if not box.is_dir() and not box.parent.is_dir():
        raise PackageError(
            Sentence(
                "The folder {folder} does not exist. Enter the path of a folder that the other "
                "bureau reads, or connect the disk.",
                folder=box,
            )
        )
    target = channel.deliver_package(source, box)
    kind = "package" if source.name.endswith(SUFFIX) else "receipt"
    what = Object(kind, id=source.name.partition(".")[0], outputs=[compute_sha256(source)])
    context.ledger.record("disclosure", what, {"delivered into": box.name})
    return target


def list_inbox(context: CaseContext) -> pd.DataFrame:
    """What waits in the case's inbox (INBOX)."""
    found = channel.list_packages(context.folder.path / "inbox")
    hashes = [compute_sha256(one.path) if one.size <= LARGEST else "" for one in found]
    states = known.list_states(context.ledger, hashes)
    rows = [
        (
            one.name,
            one.size,
            one.received,
            *states.get(sha256, ("" if sha256 else TAMPERED, "")),
            len(one.receipts),
            str(one.path),
        )
        for one, sha256 in zip(found, hashes, strict=True)
    ]
    return marks.add_case_mark(context, pd.DataFrame(rows, columns=pd.Index(INBOX)))


def acknowledge_package(context: CaseContext, package: PackagePreview, note: str) -> Path:
    """Write the receipt for a package beside it; logged as disclosure to the sender.

    Raises
    ------
    CaseError
        For what is no package that `open_package` has opened.
    """
    if not hasattr(package, "opened"):
        raise CaseError(
            Sentence("Open a package before you acknowledge it: `workbench.open_package(path, officer=…)`.")
        )
    made = build_receipt(context, package.opened, package.officer, note)
    path = channel.put_receipt(made, package.opened.path)
    to = [package.header.sender.label] if package.opened.verdict.header else []
    what = Object("receipt", id=made.package, outputs=[compute_sha256(path)])
    context.ledger.record("disclosure", what, {"state": made.state}, to=to)
    return path


def build_receipt(
    context: CaseContext, opened: OpenPackage, officer: Officer, note: str = "", *, is_filed: bool = True
) -> receipts.Receipt:
    """The receipt for a package; under the head of a log that is not the sender's nobody signs, and the log says so.

    `is_filed`: False of a message that is quarantined.
    """
    header = opened.verdict.header
    theirs = header is None or known.is_of_sender(context.ledger, header.cover.checkpoint, header.sender, opened.state)
    if header and header.cover.checkpoint and not theirs:
        why = Sentence(
            "The checkpoint in the package does not belong to a log of {who}. The checkpoint was "
            "not countersigned. Tell the sender.",
            who=header.sender.label,
        )
        context.ledger.refuse("disclosure", Object("receipt", id=header.package), why)
    return receipts.build_receipt(opened, officer, note=note, countersign=theirs, is_filed=is_filed)


def record_receipt(context: CaseContext, path: Path, trust: TrustList | None) -> receipts.ReceiptCheck:
    """Check a receipt against what was sent, keep it, and put the counter-signature under the log.

    Raises
    ------
    CaseError
        If it is for no package of this case, or what it counter-signs is no head of its log; then nothing of it is kept.
    """
    text = channel.read_receipt(path)
    sent = _get_sent_package(context, path, text)
    found = receipts.check_receipt(text, sent, identity.load_trust_list() if trust is None else trust)
    if found.receipt is not None and found.state != TAMPERED:
        try:
            with context.ledger.group_transactions():
                _save_receipt(context, sent.package, found, found.receipt, text)
        except CaseError as error:
            raise context.ledger.refuse(
                "collection", Object("receipt", path.name, id=sent.package), error.args[0]
            ) from None
    return found


def _save_receipt(
    context: CaseContext, package: str, found: receipts.ReceiptCheck, made: receipts.Receipt, text: str
) -> None:
    """Keep a receipt and its counter-signature."""
    text = Barring(context.ledger.connection).clean_json(text)
    new = known.add_receipt(context.ledger, package, made.receiver.fingerprint, (found.state, found.arrived, text))
    if new and found.arrived and made.countersigned:
        context.ledger.add_countersignature(made.countersigned, made.receiver)


def _get_sent_package(context: CaseContext, path: Path, text: str) -> receipts.SentPackage:
    """What this case remembers of the package that a receipt is for: by the name in it, else by the name of its file."""
    try:
        told = receipts.parse_receipt(text)
        name, sha256 = told.package, told.package_sha256
    except PackageError:
        name = sha256 = ""
    made = known.find_sent(context.ledger, name or path.name.partition(".")[0], sha256)
    if made is None:
        why = Sentence(
            "{name} is not a receipt for a package of this case. To list packages: `case.packages.list()`.",
            name=path.name,
        )
        raise context.ledger.refuse("collection", Object("receipt", path.name), why)
    return receipts.SentPackage(
        made.package, made.sha256, made.header_sha256, known.list_addressees(made), made.checkpoint
    )


def list_packages(context: CaseContext) -> pd.DataFrame:
    """Packages of the case (`ledger.records.packages.list_packages`)."""
    return marks.add_case_mark(context, known.list_packages(context.ledger))
