"""Acknowledgement: the receiver signs what came, in which state, and under the checkpoint of the sender's audit log that came with it.

With that counter-signature the sender can no longer rewrite the log up to the sending without the receiver's help.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime

from workbench.errors import CaseError, IdentityError, PackageError
from workbench.exchange.bag_verdict import EXPIRED, NOT_TRUSTED, READABLE, STATES, TAMPERED, VALID
from workbench.exchange.package import PackedFile
from workbench.exchange.package_inspection import OpenPackage
from workbench.identity import Card, Officer, TrustList, signed_by
from workbench.identity.core import canonical_json
from workbench.identity.core.card import TYPE as CARD_TYPE
from workbench.identity.core.card import from_fields
from workbench.identity.core.timestamps import FORM, is_moment, now
from workbench.ledger.log import checkpoints
from workbench.model.catalogue import Sentence, get_term
from workbench.model.handling_marks import EXERCISE
from workbench.model.machine.archive_safety import clean_name

TYPE = "caseledger/receipt/1"
SUFFIX = ".receipt.json"
LARGEST = 1 << 18
QUARANTINED = "QUARANTINED"
"""State of a message in a package that was whole, of which nothing was filed."""
SHORT, LONG = 500, 100_000
LONGEST = {"checkpoint": LONG, "countersigned": LONG, "note": 5_000}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receiver signs.

    Attributes
    ----------
    package : str
        Name of the package; '' where it did not open.
    package_sha256, header_sha256 : str
        Of the sealed file as it came, and of its header; '' where nobody's signature covers one.
    receiver : Card
        Who signs.
    at : str
        When, UTC.
    state : str
        What was found: one of `bag_verdict.STATES`, or QUARANTINED.
    checkpoint, countersigned : str
        Checkpoint of the sender's audit log as it came, and the same with the receiver's line under it; '' none.
    note : str
        A word to the sender.
    signature : str
        Base64, over `signed_bytes`.
    """

    package: str
    package_sha256: str
    header_sha256: str
    receiver: Card
    at: str
    state: str
    checkpoint: str = ""
    countersigned: str = ""
    note: str = ""
    signature: str = ""

    @property
    def signed_bytes(self) -> bytes:
        """Canonical JSON of all but the signature."""
        return canonical_json.encode_object(
            {name: value for name, value in self._to_dict().items() if name != "signature"}
        ).encode()

    def to_json(self) -> str:
        """Canonical JSON: the content of the file."""
        return canonical_json.encode_object(self._to_dict())

    def _to_dict(self) -> dict[str, object]:
        return {**asdict(self), "type": TYPE, "receiver": {"type": CARD_TYPE, **asdict(self.receiver)}}


@dataclass(frozen=True, slots=True)
class SentPackage:
    """What the sender remembers of a package: its name, the hashes of file and header, addressees' fingerprints, checkpoint."""

    package: str
    sha256: str
    header_sha256: str
    addressees: Collection[str]
    checkpoint: str = ""

    @staticmethod
    def from_packed(made: PackedFile) -> SentPackage:
        """Of a package that was just made."""
        to = tuple(addressee.fingerprint for addressee in made.header.addressees)
        return SentPackage(made.header.package, made.sha256, made.header_sha256, to, made.header.cover.checkpoint)


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """What a receipt is worth.

    Attributes
    ----------
    state : str
        VALID; VALID, ISSUER NOT TRUSTED; EXPIRED (the receiver's card); TAMPERED.
    arrived : bool
        Whether an addressee says that the very package came, whole, and can be read; of a message, that it was filed.
    said, not_checked : tuple of str
        Sentences.
    receipt : Receipt or None
        None where it cannot be read.
    """

    state: str
    arrived: bool
    said: tuple[str, ...]
    not_checked: tuple[str, ...] = ()
    receipt: Receipt | None = None


def build_receipt(
    opened: OpenPackage, officer: Officer, *, at: str = "", note: str = "", countersign: bool = True, is_filed: bool = True
) -> Receipt:  # fmt: skip
    """The receipt for a package that was looked at, in whatever state it was found.

    Parameters
    ----------
    opened : Opened
        The package.
    officer : Officer
        Who received it.
    at : str
        When, UTC; '' now.
    note : str
        A word to the sender. An identity for exercises says EXERCISE before it.
    countersign : bool
        Sign under the checkpoint that came: only where it is of the sender's log (`ledger.records.packages.is_of_sender`).
    is_filed : bool
        Of a message: False where it is quarantined, though the package may be whole.
    """
    if officer.card.is_watermarked:
        note = " – ".join(filter(None, (EXERCISE, note)))
    moment, told = at or now(), opened.verdict.header
    checkpoint = told.cover.checkpoint if told else ""
    state = opened.state if is_filed or opened.state not in READABLE else QUARANTINED
    made = Receipt(
        told.package if told else "", opened.sha256, opened.header_sha256, officer.card, moment, state,
        checkpoint, countersign_checkpoint(checkpoint, officer, moment) if countersign else "", note,
    )  # fmt: skip
    made = replace(made, signature=canonical_json.encode_b64(officer.sign(made.signed_bytes)))
    parse_receipt(made.to_json())
    return made


def countersign_checkpoint(checkpoint: str, officer: Officer, at: str) -> str:
    """The checkpoint with this officer's line under it; '' where it is none (it is a stranger's text)."""
    moment = int(datetime.strptime(at, FORM).replace(tzinfo=UTC).timestamp())
    try:
        return f"{checkpoint.rstrip()}\n{checkpoints.build_countersignature(checkpoint, officer, moment)}\n"
    except CaseError:
        return ""


def parse_receipt(text: str) -> Receipt:
    """A receipt out of a stranger's text; its signature is another matter.

    Raises
    ------
    PackageError
        If it is none.
    """
    try:
        values = canonical_json.decode_object(text, "receipt", largest=LARGEST)
        if set(values) != {"type", *(one.name for one in fields(Receipt))} or values["type"] != TYPE:
            raise PackageError(
                Sentence(
                    "The receipt has missing or unknown fields, or the file is not a receipt. Ask for the receipt "
                    "again."
                )
            )
        card = values.pop("receiver")
        if not isinstance(card, dict):
            raise PackageError(Sentence("The receipt does not state who signed it. Ask for it again."))
        texts = {name: _parse_text(name, value) for name, value in values.items() if name != "type"}
        made = Receipt(receiver=from_fields(card), **texts)
    except IdentityError as error:
        raise PackageError(Sentence("The receipt cannot be read: {error}", error=error)) from error
    if made.state not in (*STATES, QUARANTINED) or not is_moment(made.at):
        raise PackageError(Sentence("The receipt contains an invalid state or time. Ask for the receipt again."))
    return made


def check_receipt(text: str, sent: SentPackage, trust: TrustList, at: str = "") -> ReceiptCheck:
    """Whether a receipt is for what was sent, by an addressee.

    Parameters
    ----------
    text : str
        Content of the file.
    sent : Sent
        What was sent.
    trust : TrustList
        Whom the sender trusts.
    at : str
        The moment for which is asked (UTC), '' now.
    """
    try:
        found = parse_receipt(text)
        signed = signed_by(found.receiver, found.signed_bytes, canonical_json.decode_b64(found.signature))
    except (PackageError, IdentityError) as error:
        return ReceiptCheck(TAMPERED, arrived=False, said=(error.sentence,))
    standing = trust.assess_card(found.receiver, at)
    if not signed or standing.state == "bad":
        why = Sentence("receipt.changed", who=found.receiver.label)
        return ReceiptCheck(TAMPERED, arrived=False, said=(why, *(standing.said if signed else ())), receipt=found)
    state = {"valid": VALID, "expired": EXPIRED}.get(standing.state, NOT_TRUSTED)
    wrong = _find_differences(found, sent)
    word = Sentence("receipt.came", who=found.receiver.label, at=found.at, state=get_term("package.state", found.state))
    said = (
        word,
        *wrong,
        *([Sentence("receipt.note", note=clean_name(found.note))] if found.note else []),
        *standing.said,
    )
    return ReceiptCheck(state, not wrong, said, standing.not_checked, found)


def _find_differences(found: Receipt, sent: SentPackage) -> tuple[str, ...]:
    """What in a receipt is not as it was sent, in sentences."""
    opened = bool(found.package)
    checkpoint = found.checkpoint == sent.checkpoint
    tests = {
        "stranger": found.receiver.fingerprint in sent.addressees,
        "other_file": found.package_sha256 == sent.sha256,
        "unread": opened,
        "unusable": not opened or found.state in (*READABLE, QUARANTINED),
        "quarantined": found.state != QUARANTINED,
        "other_package": not opened or (found.package, found.header_sha256) == (sent.package, sent.header_sha256),
        "other_checkpoint": not opened or checkpoint,
        "not_countersigned": not opened or not checkpoint or _is_countersigned(found),
    }
    return tuple(Sentence(f"receipt.{what}") for what, holds in tests.items() if not holds)


def _is_countersigned(found: Receipt) -> bool:
    """Whether the receiver's line under the checkpoint is theirs; where none went out, whether they sign under none."""
    if not found.checkpoint:
        return not found.countersigned
    try:
        made = checkpoints.parse_checkpoint(found.countersigned)
    except CaseError:
        return False
    own = found.countersigned.startswith(found.checkpoint.rstrip())
    return own and any(checkpoints.is_signed_by(found.receiver, made.body, line) for line in made.signatures)


def _parse_text(name: str, value: object) -> str:
    longest = LONGEST.get(name, SHORT)
    if not isinstance(value, str) or len(value) > longest:
        raise PackageError(
            Sentence(
                "In the receipt, {field} is not text or has more than {most} characters. Ask for the receipt again.",
                field=name,
                most=longest,
            )
        )
    return value
