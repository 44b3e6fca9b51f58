"""Whom this user trusts: a signed list of bureaux. Everything is checked offline."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from workbench.errors import IdentityError
from workbench.identity.core import canonical_json, field_checks
from workbench.identity.core import key_store as homes
from workbench.identity.core.bureau import Bureau
from workbench.identity.core.card import TYPE as CARD_TYPE
from workbench.identity.core.card import Card, from_fields, signed_by
from workbench.identity.core.display import escape_invisible
from workbench.identity.core.officer import Officer
from workbench.identity.core.timestamps import now
from workbench.identity.trust_status import Standing, assess_card
from workbench.model.catalogue import Sentence
from workbench.model.machine.atomic_write import parse_nested

TYPE = "caseledger/trust/1"
LARGEST = 1 << 20
"""Bytes of a trust list; a larger one is none."""
MOST = 1000
"""Bureaux in a list."""
FILE, SEEN = "trust.json", "seen.json"


@dataclass(frozen=True, slots=True)
class TrustList:
    """Bureaux that a signer trusts. An empty one trusts nobody.

    Attributes
    ----------
    bureaux : tuple of Bureau
        Each key once.
    issued_at : str
        UTC.
    sequence : int
        Grows with each issue; a reader that has seen a later one refuses an earlier.
    signer : Card or None
        Who signed; None for a list that was never signed.
    signature : str
        Base64, over `signed_bytes`.
    """

    bureaux: tuple[Bureau, ...] = ()
    issued_at: str = ""
    sequence: int = 0
    signer: Card | None = None
    signature: str = ""

    def assess_card(self, card: Card, at: str = "") -> Standing:
        """What the list says of a card at a moment (UTC as on cards; '' now)."""
        return assess_card(card, self.bureaux, at)

    def get_bureau(self, name: str) -> Bureau:
        """The bureau of that name or fingerprint.

        Raises
        ------
        IdentityError
            If the list has none, or several of the name.
        """
        found = [bureau for bureau in self.bureaux if name in {bureau.name, bureau.fingerprint}]
        if len(found) != 1:
            listed = ", ".join(
                f"{escape_invisible(bureau.name)} {bureau.fingerprint}" for bureau in found or self.bureaux
            )
            known = listed or Sentence("none", context="refused trust_list")
            raise IdentityError(
                Sentence(
                    "'{name}' matches {count} bureaux on the trust list. It must match exactly one. Give the full "
                    "name of one bureau, or the fingerprint of its key. Bureaux: {known}.",
                    name=escape_invisible(name),
                    count=len(found),
                    known=known,
                )
            )
        return found[0]

    def add_bureau(self, bureau: Bureau) -> TrustList:
        """An unsigned list with one more; a bureau of the same key is replaced."""
        kept = tuple(one for one in self.bureaux if one.fingerprint != bureau.fingerprint)
        return replace(self, bureaux=(*kept, bureau), signature="")

    def remove_bureau(self, name: str) -> TrustList:
        """An unsigned list without the bureau of that name or fingerprint."""
        gone = self.get_bureau(name)
        return replace(self, bureaux=tuple(one for one in self.bureaux if one is not gone), signature="")

    def sign_list(self, officer: Officer, *, after: int = 0) -> TrustList:
        """The list signed by an officer now, under the next sequence number (greater than `after` too)."""
        made = replace(self, issued_at=now(), sequence=max(self.sequence, after) + 1, signer=officer.card, signature="")
        return replace(made, signature=canonical_json.encode_b64(officer.sign(made.signed_bytes)))

    @property
    def signed_bytes(self) -> bytes:
        """What the signer signs: the canonical JSON of all but the signature."""
        return canonical_json.encode_object(self._to_fields()).encode()

    def to_json(self) -> str:
        """Canonical JSON."""
        return canonical_json.encode_object({**self._to_fields(), "signature": self.signature})

    def _to_fields(self) -> dict[str, object]:
        signer = {"type": CARD_TYPE, **asdict(self.signer)} if self.signer else {}
        bureaux = [bureau.to_fields() for bureau in self.bureaux]
        return {
            "type": TYPE,
            "bureaux": bureaux,
            "issued_at": self.issued_at,
            "sequence": self.sequence,
            "signer": signer,
        }

    @staticmethod
    def from_json(text: str, *, root: Card | Sequence[Card]) -> TrustList:
        """A list out of what a stranger sent, if one of the roots signed it.

        Raises
        ------
        IdentityError
            If it is not of its form, not signed, signed by another, or changed.
        """
        made = _parse_list(text)
        signer = made.signer
        roots = [root] if isinstance(root, Card) else list(root)
        known = next((one for one in roots if signer and one.fingerprint == signer.fingerprint), None)
        if signer is None:
            raise IdentityError(
                Sentence("The trust list does not state who signed it. Ask your bureau for a signed trust list.")
            )
        if known is None:
            by = {"who": signer.label, "key": signer.fingerprint}
            raise IdentityError(
                Sentence(
                    "{who} ({key}) signed the trust list. You do not accept lists from this signer. Ask your "
                    "bureau for its trust list.",
                    **by,
                )
            )
        good = signed_by(known, made.signed_bytes, canonical_json.decode_b64(made.signature))
        field_checks.require(
            good,
            "The signature on the trust list of {who} does not match. The list was changed, or {who} did not "
            "sign it. Ask {who} for the list again.",
            who=signer.label,
        )
        return made

    @staticmethod
    def read(path: Path, *, root: Card | Sequence[Card], home: Path | None = None) -> TrustList:
        """The list in a file, if one of the roots signed it and no later one of that signer was seen in this home.

        Parameters
        ----------
        path : Path
            The file.
        root : Card or sequence of Card
            Whose list is taken.
        home : Path, optional
            Where the latest sequence number is remembered; by default the user's.

        Raises
        ------
        IdentityError
            If it cannot be read, is not of its form, not signed, signed by another, changed, or older than one seen before.
        """
        made = TrustList.from_json(canonical_json.read_text(path, "trust_list", largest=LARGEST), root=root)
        _record_sequence(made, homes.folder(home) / SEEN)
        return made


def load_trust_list(home: Path | None = None) -> TrustList:
    """The user's own list: signed by an identity of the home; an empty one where there is no file.

    Raises
    ------
    IdentityError
        If the file was changed, is older than one seen before, or is signed by nobody of the home.
    """
    path = homes.folder(home) / FILE
    return TrustList.read(path, root=homes.cards(home), home=home) if path.exists() else TrustList()


def save_trust_list(made: TrustList, officer: Officer, home: Path | None = None) -> TrustList:
    """Sign a list anew as the user's own and keep it in the home."""
    seen = _load_known_versions(homes.folder(home) / SEEN)
    signed = made.sign_list(officer, after=seen.get(officer.card.fingerprint, (0, ""))[0])
    read = TrustList.from_json(signed.to_json(), root=officer.card)
    homes.replace_file(homes.folder(home) / FILE, signed.to_json().encode() + b"\n")
    _record_sequence(read, homes.folder(home) / SEEN)
    return read


def _parse_list(text: str) -> TrustList:
    what = "trust_list"
    fields = canonical_json.decode_object(text, what, largest=LARGEST)
    field_checks.names(fields, {"type", *TrustList.__dataclass_fields__}, what)
    field_checks.check_type(fields, TYPE, what)
    listed, signer = fields["bureaux"], fields["signer"]
    if not isinstance(listed, list) or len(listed) > MOST or not isinstance(signer, dict):
        raise IdentityError(
            Sentence(
                "{what} has no signer, no list of bureaux, or more than {most} bureaux. Ask the signer for a "
                "correct file.",
                what=field_checks.describe_file_type(what),
                most=MOST,
            )
        )
    bureaux = tuple(map(Bureau.from_fields, listed))
    if len({one.fingerprint for one in bureaux}) < len(bureaux):
        raise IdentityError(
            Sentence(
                "{what} contains the same key twice. Ask its signer for a correct list.",
                what=field_checks.describe_file_type(what),
            )
        )
    issued_at = field_checks.get_text(fields, "issued_at", what)
    field_checks.check_period(issued_at, "")
    card = from_fields(signer) if signer else None
    return TrustList(
        bureaux,
        issued_at,
        field_checks.get_number(fields, "sequence", what),
        card,
        field_checks.get_text(fields, "signature", what),
    )


def _record_sequence(made: TrustList, path: Path) -> None:
    """Refuse a list older than one seen before, or another one under the same number; remember this one."""
    if made.signer is None:
        return
    known, signer = _load_known_versions(path), made.signer.fingerprint
    own_hash = hashlib.sha256(made.to_json().encode()).hexdigest()
    latest, seen_hash = known.get(signer, (-1, ""))
    who = made.signer.label
    field_checks.require(
        made.sequence >= latest,
        "The trust list of {who} has the number {number}, but you already received number "
        "{latest}. An older list is not accepted. Ask the signer for the newest list.",
        who=who,
        number=str(made.sequence),
        latest=str(latest),
    )
    field_checks.require(
        made.sequence > latest or own_hash == seen_hash,
        "Two different trust lists of {who} have the number {latest}. Somebody forged one of "
        "them, or the signer made a mistake. Ask the signer which list is correct.",
        who=who,
        latest=str(latest),
    )
    if made.sequence > latest:
        homes.replace_file(path, json.dumps({**known, signer: (made.sequence, own_hash)}).encode())


def _load_known_versions(path: Path) -> dict[str, tuple[int, str]]:
    """Number and hash of the latest list of every signer, by fingerprint."""
    if not path.exists():
        return {}
    try:
        read = parse_nested(homes.read_keys(path).decode("utf-8"), json.loads)
        return {str(signer): (int(number), str(sha256)) for signer, (number, sha256) in read.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise IdentityError(
            Sentence(
                "{path} is damaged. The program cannot distinguish an old trust list from a new one. "
                "Check your trust list (`workbench identity trust list`). Then delete the damaged "
                "file.",
                path=path,
            )
        ) from error
