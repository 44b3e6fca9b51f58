"""Certificates that officers bring, made here by real authorities of every kind that is taken."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

from tests.model.identity.conftest import PHRASE
from workbench import identity
from workbench.errors import IdentityError
from workbench.identity import Bureau, Card, Officer, TrustList
from workbench.identity.core import canonical_json, key_files
from workbench.identity.credentials import certificates

NOW = datetime.now(UTC).replace(microsecond=0)
SOON = (NOW + timedelta(30)).strftime("%Y-%m-%dT%H:%M:%SZ")
KEYS = {
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "rsa2048": lambda: rsa.generate_private_key(65537, 2048),
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
}
USAGE = dict.fromkeys(
    ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign",
     "crl_sign", "encipher_only", "decipher_only"), False
)  # fmt: skip


@dataclass
class Made:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: object


def subject(name: str, bureau: str = "NCB Valdora", country: str = "QM") -> x509.Name:
    parts = ((NameOID.COUNTRY_NAME, country), (NameOID.ORGANIZATION_NAME, bureau), (NameOID.COMMON_NAME, name))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])


def make(
    name: str, by: Made | None = None, *, key: object = None, days: tuple[int, int] = (-10, 365), **more: object
) -> Made:
    """A certificate by another (or by itself). more: ca, path, usage, critical, hash, bureau, country."""
    key = key or KEYS["p256"]()
    who = subject(name, str(more.get("bureau", "NCB Valdora")), str(more.get("country", "QM")))
    ca = bool(more.get("ca"))
    usage = {**USAGE, str(more.get("usage", "key_cert_sign" if ca else "digital_signature")): True}
    builder = (
        x509.CertificateBuilder().subject_name(who).issuer_name(by.certificate.subject if by else who)
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days[0])).not_valid_after(NOW + timedelta(days[1]))
        .add_extension(x509.BasicConstraints(ca, more.get("path") if ca else None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
    )  # fmt: skip
    if more.get("critical"):
        builder = builder.add_extension(
            x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), critical=True
        )
    signer = by.key if by else key
    used = more.get("hash", None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256())
    return Made(builder.sign(signer, used), key)


def bundle(path: Path, own: Made, *above: Made, phrase: bytes = b"of the file") -> Path:
    """A PKCS#12 file."""
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"own", own.key, own.certificate, [one.certificate for one in above], BestAvailableEncryption(phrase)
        )
    )
    return path


def listed(*tops: Made) -> TrustList:
    """A list that trusts these authorities."""
    made = TrustList()
    for top in tops:
        der = canonical_json.encode_b64(top.certificate.public_bytes(Encoding.DER))
        made = made.add_bureau(Bureau("NCB Valdora", "QM", der, "x509", ("EXERCISE",)))
    return made


def officer(own: Made, *above: Made, tmp_path: Path) -> Officer:
    """An officer of a certificate, kept nowhere."""
    brought = certificates.read_pkcs12(bundle(tmp_path / "own.p12", own, *above), "of the file")
    return key_files.build_self_signed(certificates.card(brought), brought.keys)


@pytest.fixture(scope="module")
def root() -> Made:
    return make("Root of Valdora", ca=True)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("above", KEYS)
def test_every_kind_of_key_signs_and_is_traced_to_its_authority(kind: str, above: str, tmp_path: Path) -> None:
    top = make("Root", key=KEYS[above](), ca=True)
    who = officer(make("Ada Lind", top, key=KEYS[kind]()), tmp_path=tmp_path)
    signature = who.sign(b"text")
    assert identity.signed_by(who.card, b"text", signature)
    assert not identity.signed_by(who.card, b"texT", signature)
    assert not identity.signed_by(who.card, b"text", signature[:-1] + bytes([signature[-1] ^ 1]))
    found = listed(top).assess_card(Card.from_json(who.card.to_json()))
    assert found.state == "valid", found
    assert found.not_checked[0].startswith("revocation was not checked")
    assert "purposes and policies" in found.not_checked[-1]


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl on this machine")
@pytest.mark.parametrize("kind", KEYS)
def test_openssl_confirms_what_is_signed(kind: str, root: Made, tmp_path: Path) -> None:
    who = officer(make("Ada Lind", root, key=KEYS[kind]()), tmp_path=tmp_path)
    (tmp_path / "text").write_bytes(b"text")
    (tmp_path / "signature").write_bytes(who.sign(b"text"))
    cert = x509.load_der_x509_certificate(canonical_json.decode_b64(who.card.key))
    (tmp_path / "cert.pem").write_bytes(cert.public_bytes(Encoding.PEM))
    subprocess.run("openssl x509 -in cert.pem -pubkey -noout > key.pem", shell=True, cwd=tmp_path, check=True)  # noqa: S602
    ways = {
        "ed25519": [
            "pkeyutl",
            "-verify",
            "-rawin",
            "-in",
            "text",
            "-sigfile",
            "signature",
            "-pubin",
            "-inkey",
            "key.pem",
        ],
        "rsa2048": ["dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"],
        "p256": ["dgst", "-sha256"],
        "p384": ["dgst", "-sha384"],
    }
    rest = [] if kind == "ed25519" else ["-verify", "key.pem", "-signature", "signature", "text"]
    subprocess.run(["openssl", *ways[kind], *rest], cwd=tmp_path, check=True, capture_output=True)


def test_the_identity_is_kept_and_unlocked_like_any_other(root: Made, home: Path, tmp_path: Path) -> None:
    path = bundle(tmp_path / "ada.p12", make("Ada Lind", root), root)
    made, recovery = certificates.import_certificate(certificates.read_pkcs12(path, "of the file"), passphrase=PHRASE)
    assert (made.card.name, made.card.bureau, made.card.country, made.card.kind) == (
        "Ada Lind",
        "NCB Valdora",
        "QM",
        "x509",
    )
    identity.lock()
    again = identity.unlock("Ada Lind", PHRASE)
    assert identity.signed_by(made.card, b"text", again.sign(b"text"))
    assert again.open(identity.seal(b"text", [made.card])) == b"text"
    identity.lock()
    assert identity.recover("Ada Lind", recovery, "a new passphrase").card == made.card
    whole = b"".join(one.read_bytes() for one in home.rglob("*.age"))
    assert made._receiving.encode() not in whole
    with pytest.raises(IdentityError, match="already"):
        certificates.import_certificate(certificates.read_pkcs12(path, "of the file"), passphrase=PHRASE)


def test_authorities_between_lead_to_the_trusted_one(root: Made, tmp_path: Path) -> None:
    upper = make("Upper", root, ca=True, path=1)
    lower = make("Lower", upper, ca=True, path=0)
    own = make("Ada Lind", lower)
    for chain in ((upper, lower), (lower, upper), (root, lower, upper)):
        assert listed(root).assess_card(officer(own, *chain, tmp_path=tmp_path).card).state == "valid"
    assert listed(upper).assess_card(officer(own, lower, tmp_path=tmp_path).card).state == "valid"
    found = listed(root).assess_card(officer(own, lower, tmp_path=tmp_path).card)
    assert (found.state, "cannot be traced to an authority on your trust list" in str(found)) == (
        "not trusted",
        True,
    )


def test_what_speaks_against_a_way_is_said(root: Made, tmp_path: Path) -> None:
    def standing(own: Made, *above: Made, top: Made = root) -> tuple[str, str]:
        found = listed(top).assess_card(officer(own, *above, tmp_path=tmp_path).card)
        return found.state, str(found)

    narrow = make("Narrow", ca=True, path=0)
    below = make("Below", narrow, ca=True)
    nobody = make("Nobody", root)
    old = make("Old", root, ca=True, days=(-900, -30))
    for own, above, top, state, told in (
        (
            make("Ada Lind", below),
            [below],
            narrow,
            "not trusted",
            "allows fewer authorities below it (0) than there are (1)",
        ),
        (
            make("Ada Lind", nobody),
            [nobody],
            root,
            "not trusted",
            "the certificate does not belong to a certification authority",
        ),
        (
            make("Ada Lind", root, usage="key_agreement"),
            [],
            root,
            "not trusted",
            "the certificate cannot be used for signatures",
        ),
        (make("Ada Lind", root, critical=True), [], root, "not trusted", "something that this program does not check"),
        (
            make("Ada Lind", make("Weak", root, ca=True, usage="crl_sign")),
            [],
            root,
            "not trusted",
            "cannot be traced to an authority on your trust list",
        ),
        (make("Ada Lind", root, days=(-900, -30)), [], root, "expired", "was valid until"),
        (make("Ada Lind", root, days=(30, 60)), [], root, "expired", "is valid only from"),
        (make("Ada Lind", old), [old], root, "expired", "Old: valid only from"),
        (
            make("Ada Lind"),
            [],
            root,
            "not trusted",
            "cannot be traced to an authority on your trust list",
        ),
        (
            make("Ada Lind", make("Root of Valdora", ca=True)),
            [],
            root,
            "not trusted",
            "cannot be traced to an authority on your trust list",
        ),
    ):
        found = standing(own, *above, top=top)
        assert found[0] == state, found
        assert told in found[1], found


def test_a_weak_hash_leads_nowhere(root: Made, tmp_path: Path) -> None:
    own = make("Ada Lind", root, hash=hashes.SHA224())
    assert listed(root).assess_card(officer(own, tmp_path=tmp_path).card).state == "not trusted"


def test_a_card_says_no_more_than_its_certificate(root: Made, tmp_path: Path) -> None:
    who = officer(make("Ada Lind", root), tmp_path=tmp_path)

    def signed(**changed: object) -> Card:
        card = replace(who.card, signature="", **changed)  # type: ignore[arg-type]
        return card.add_signature(who.sign(card.signed_bytes))

    trust = listed(root)
    assert trust.assess_card(signed(name="Eve")).state == "bad"
    assert trust.assess_card(signed(bureau="NCB Norland")).state == "not trusted"
    assert trust.assess_card(signed(country="FR")).state == "not trusted"
    assert trust.assess_card(signed(country="FR", exercise=False)).state == "not trusted"
    boasting = trust.assess_card(signed(clearance="EXERCISE"))
    assert (boasting.state, boasting.clearance) == ("valid", "")
    assert "only the holder of the card states it" in str(boasting)
    assert trust.assess_card(replace(who.card, role="chief")).state == "bad"


def test_a_bureau_may_vouch_for_an_officer_with_a_certificate(
    root: Made, bureau: Officer, trust: TrustList, tmp_path: Path
) -> None:
    who = officer(make("Ada Lind", root), tmp_path=tmp_path)
    card = identity.issue(who.card, bureau, until=SOON, clearance="EXERCISE")
    found = trust.assess_card(card)
    assert (found.state, found.clearance) == ("valid", "EXERCISE")
    assert identity.signed_by(card, b"text", who.sign(b"text"))


def test_whoever_certifies_themselves_is_marked_exercise(root: Made, tmp_path: Path) -> None:
    real = {"bureau": "NCB France", "country": "FR"}
    above = make("Root", ca=True, **real)
    alone = officer(make("Ada Lind", **real), tmp_path=tmp_path)
    vouched = officer(make("Ada Lind", above, **real), tmp_path=tmp_path)
    assert replace(alone.card, exercise=False).label.startswith("EXERCISE")
    assert replace(vouched.card, exercise=False).label == "Ada Lind, NCB France (FR)"


def test_files_that_are_not_taken_say_why(root: Made, tmp_path: Path) -> None:
    own = make("Ada Lind", root)
    good = bundle(tmp_path / "good.p12", own)
    with pytest.raises(IdentityError, match="cannot be opened: it is not a PKCS#12 file") as caught:
        certificates.read_pkcs12(good, "another")
    assert caught.value.__cause__ is None
    for data in (b"", b"nothing", good.read_bytes()[:-20]):
        (tmp_path / "bad.p12").write_bytes(data)
        with pytest.raises(IdentityError, match="cannot be opened: it is not a PKCS#12 file"):
            certificates.read_pkcs12(tmp_path / "bad.p12", "of the file")
    with pytest.raises(IdentityError, match="cannot be read"):
        certificates.read_pkcs12(tmp_path / "none.p12", "")
    (tmp_path / "large.p12").write_bytes(bytes(certificates.LARGEST + 1))
    with pytest.raises(IdentityError, match="larger"):
        certificates.read_pkcs12(tmp_path / "large.p12", "")
    only = pkcs12.serialize_key_and_certificates(b"x", None, own.certificate, None, NoEncryption())
    (tmp_path / "only.p12").write_bytes(only)
    with pytest.raises(IdentityError, match="does not contain both a key and its certificate"):
        certificates.read_pkcs12(tmp_path / "only.p12", "")


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (lambda: rsa.generate_private_key(65537, 1024), "1024"),  # noqa: S505 - to see it refused
        (lambda: ec.generate_private_key(ec.SECP521R1()), "521"),
        (lambda: dsa.generate_private_key(2048), "is not accepted"),
    ],
)
def test_keys_that_are_not_taken_say_why(key: object, told: str, root: Made, tmp_path: Path) -> None:
    with pytest.raises(IdentityError, match=told):
        officer(make("Ada Lind", root, key=key()), tmp_path=tmp_path)  # type: ignore[operator]


def test_a_certificate_without_a_country_names_none(root: Made, tmp_path: Path) -> None:
    with pytest.raises(IdentityError, match="is not a country code"):
        officer(make("Ada Lind", root, country=""), tmp_path=tmp_path)


def test_an_authority_enters_the_list_by_its_certificate(root: Made, tmp_path: Path) -> None:
    for name, encoding in (("root.pem", Encoding.PEM), ("root.der", Encoding.DER)):
        (tmp_path / name).write_bytes(root.certificate.public_bytes(encoding))
        made = certificates.read_authority(tmp_path / name, grants=["EXERCISE"], valid_until=SOON)
        assert (made.name, made.country, made.kind, made.grants) == ("NCB Valdora", "QM", "x509", ("EXERCISE",))
        assert made.valid_until == SOON
        assert Bureau.from_fields(made.to_fields()) == made
    (tmp_path / "leaf.pem").write_bytes(make("Ada Lind", root).certificate.public_bytes(Encoding.PEM))
    with pytest.raises(IdentityError, match="the certificate does not belong to a certification authority"):
        certificates.read_authority(tmp_path / "leaf.pem")
    (tmp_path / "bad.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    with pytest.raises(IdentityError, match="is not a certificate"):
        certificates.read_authority(tmp_path / "bad.pem")


@pytest.mark.slow
def test_every_flipped_byte_of_a_card_with_a_certificate_is_refused(root: Made, tmp_path: Path) -> None:
    who, trust = officer(make("Ada Lind", root), tmp_path=tmp_path), listed(root)
    whole = who.card.to_json().encode()
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1
        try:
            state = trust.assess_card(Card.from_json(changed.decode())).state
        except (IdentityError, UnicodeDecodeError):
            continue
        assert state != "valid", at
