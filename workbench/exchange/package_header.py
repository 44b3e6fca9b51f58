"""The header of a package: who sends what to whom, under which mark and until when; signed, and the root of every check.

It names the sums of the tag manifests, those name the manifests, those name the files: one signature covers every byte. Whoever
signs first and encrypts afterwards must say within to whom, so that a recipient cannot seal it to a third party as if it had been
sent there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields

from workbench.errors import IdentityError, PackageError
from workbench.exchange.bag import TAG_MANIFESTS
from workbench.identity import Card, Officer, signed_by
from workbench.identity.core import canonical_json
from workbench.identity.core.card import TYPE as CARD_TYPE
from workbench.identity.core.card import from_fields
from workbench.identity.core.timestamps import is_moment
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_digest

TYPE = "caseledger/package/1"
NAME, SIGNATURE = "header.json", "header.sig"
LARGEST = 1 << 20
MOST = 200
"""Addressees, kinds of things, codes, at most."""
SHORT, LONG = 500, 20_000


@dataclass(frozen=True, slots=True)
class Cover:
    """What the sender says of a package.

    Attributes
    ----------
    title, reference : str
        Of the case.
    mark : str
        Handling mark as it is shown on everything inside.
    handling : tuple of str
        Codes of handling: 'H1', 'TLP:AMBER', ...
    conditions : tuple of str
        Conditions of use in words.
    purpose : str
        What it may be used for.
    reason : str
        Why it is sent.
    created, valid_until : str
        UTC, '2027-12-31T23:59:59Z'; '' open.
    inside, withheld : mapping
        How many things of each kind are in it, and how many the addressees may not have.
    checkpoint : str
        Checkpoint of the sender's audit log at that moment, as text; '' none.
    """

    title: str
    reference: str = ""
    mark: str = ""
    handling: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    purpose: str = ""
    reason: str = ""
    created: str = ""
    valid_until: str = ""
    inside: Mapping[str, int] = field(default_factory=dict)
    withheld: Mapping[str, int] = field(default_factory=dict)
    checkpoint: str = ""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who may open a package: name, bureau and country as on the card, and the card's fingerprint."""

    name: str
    bureau: str
    country: str
    fingerprint: str

    @staticmethod
    def from_card(card: Card) -> Addressee:
        """The holder of a card."""
        return Addressee(card.name, card.bureau, card.country, card.fingerprint)


@dataclass(frozen=True, slots=True)
class Header:
    """What is signed.

    Attributes
    ----------
    package : str
        Name of the package, by its content, sender, time and addressees.
    tag_manifests : mapping
        SHA-256 of each tag manifest, by file name.
    """

    package: str
    sender: Card
    addressees: tuple[Addressee, ...]
    cover: Cover
    tag_manifests: Mapping[str, str]

    def to_bytes(self) -> bytes:
        """Canonical JSON in UTF-8."""
        sender = {"type": CARD_TYPE, **asdict(self.sender)}
        return canonical_json.encode_object({**asdict(self), "type": TYPE, "sender": sender}).encode()

    def is_for(self, card: Card) -> bool:
        """Whether the holder of the card is an addressee, or the sender."""
        known = {addressee.fingerprint for addressee in self.addressees} | {self.sender.fingerprint}
        return card.fingerprint in known


def compute_package_name(manifest: str, sender: Card, created: str, addressees: tuple[Addressee, ...]) -> str:
    """Name of a package.

    Parameters
    ----------
    manifest : str
        SHA-256 of the payload manifest by SHA-512.
    """
    to = sorted(addressee.fingerprint for addressee in addressees)
    return "package-" + compute_digest("package", manifest, sender.fingerprint, created, *to)


def sign_header(header: bytes, officer: Officer) -> bytes:
    """Content of the detached signature file."""
    return canonical_json.encode_b64(officer.sign(header)).encode() + b"\n"


def is_signed(header: bytes, signature: bytes, sender: Card) -> bool:
    """Whether the sender signed these bytes; the signature file has one spelling only."""
    try:
        text = signature.decode("ascii")
        return text.endswith("\n") and signed_by(sender, header, canonical_json.decode_b64(text[:-1]))
    except (UnicodeDecodeError, IdentityError):
        return False


def parse_header(data: bytes) -> Header:
    """The header that a stranger's bytes hold; its signature is another matter.

    Raises
    ------
    PackageError
        If it is not of its form.
    """
    try:
        values = canonical_json.decode_object(data.decode("utf-8"), "header", largest=LARGEST)
        _check_field_names(values, {"type", *(one.name for one in fields(Header))})
        _check_condition(values["type"] == TYPE and not data.endswith(b"\n"), "kind")
        sender = from_fields(_parse_object(values["sender"]))
        addressees = tuple(map(_parse_addressee, _parse_list(values["addressees"])))
        sums = {name: _parse_text(value, 64) for name, value in _parse_object(values["tag_manifests"]).items()}
        _check_condition(set(sums) == set(TAG_MANIFESTS), "manifests")
        return Header(
            _parse_text(values["package"], SHORT),
            sender,
            addressees,
            _parse_cover(_parse_object(values["cover"])),
            sums,
        )
    except (UnicodeDecodeError, IdentityError) as error:
        raise PackageError(Sentence("The header of the package cannot be read: {why}", why=error), NAME) from error


def _parse_cover(values: dict[str, object]) -> Cover:
    _check_field_names(values, {one.name for one in fields(Cover)})
    texts = {
        name: _parse_text(values[name], SHORT if name in ("created", "valid_until") else LONG)
        for name in ("title", "reference", "mark", "purpose", "reason", "created", "valid_until", "checkpoint")
    }
    for name in ("created", "valid_until"):
        _check_condition(not texts[name] or is_moment(texts[name]), "moment", field=name)
    _check_condition(bool(texts["created"]), "no_moment")
    lists = {
        name: tuple(_parse_text(value, LONG) for value in _parse_list(values[name]))
        for name in ("handling", "conditions")
    }
    counts = {name: _parse_counts(_parse_object(values[name])) for name in ("inside", "withheld")}
    return Cover(**texts, **lists, **counts)  # type: ignore[arg-type]


def _parse_addressee(value: object) -> Addressee:
    values = _parse_object(value)
    _check_field_names(values, {one.name for one in fields(Addressee)})
    return Addressee(**{name: _parse_text(text, SHORT) for name, text in values.items()})


def _parse_counts(values: dict[str, object]) -> dict[str, int]:
    _check_condition(len(values) <= MOST and all(len(name) <= SHORT for name in values), "kinds")
    found = {name: value for name, value in values.items() if isinstance(value, int) and not isinstance(value, bool)}
    _check_condition(len(found) == len(values) and all(value >= 0 for value in found.values()), "count")
    return found


def _check_field_names(values: dict[str, object], wanted: set[str]) -> None:
    _check_condition(set(values) == wanted, "fields")


def _parse_object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _build_error("object")
    return value


def _parse_list(value: object) -> list[object]:
    if not isinstance(value, list) or len(value) > MOST:
        raise _build_error("list", most=MOST)
    return value


def _parse_text(value: object, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise _build_error("text", most=longest)
    return value


def _check_condition(holds: bool, otherwise: str, **values: object) -> None:  # noqa: FBT001
    if not holds:
        raise _build_error(otherwise, **values)


def _build_error(what: str, **values: object) -> PackageError:
    why = Sentence(f"refused.package.part.{what}", **values)
    return PackageError(Sentence("The header of the package cannot be read: {why}", why=why), NAME)
