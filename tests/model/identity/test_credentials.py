"""SD-JWT credentials, issued and presented by the library's own issuer and holder."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer

from workbench import identity
from workbench.errors import IdentityError
from workbench.identity import Bureau, Card, Officer, TrustList
from workbench.identity.core import canonical_json
from workbench.identity.credentials import sd_jwt

CLAIMS = {
    "name": "Ada Lind", "bureau": "NCB Valdora", "country": "QM", "role": "analyst", "clearance": "EXERCISE",
    "training": "foundations", "valid_until": "2090-12-31", "home_address": "1 Quay Street",
}  # fmt: skip
SHOWN = ("name", "bureau", "country", "role", "clearance", "training", "valid_until")


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def key_pair() -> tuple[JWK, str]:
    """A key as the library takes it, and its public part as a card has it."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    return JWK(
        kty="OKP", crv="Ed25519", x=b64url(public), d=b64url(key.private_bytes_raw())
    ), canonical_json.encode_b64(public)


@dataclass(frozen=True)
class Issuer:
    """A bureau with the key that the library signs with, and whoever trusts it."""

    jwk: JWK
    trust: TrustList

    def issue(self, holder: JWK | None, alg: str = "EdDSA", **claims: Any) -> str:
        given_ = {SDObj(name): value for name, value in {**CLAIMS, **claims}.items()}
        return str(SDJWTIssuer({"iss": "NCB Valdora", **given_}, self.jwk, holder, sign_alg=alg).sd_jwt_issuance)


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    jwk, public = key_pair()
    return Issuer(jwk, TrustList((Bureau("NCB Valdora", "QM", public, grants=("EXERCISE",)),)))


@pytest.fixture(scope="module")
def held() -> tuple[JWK, str]:
    return key_pair()


def present(issued: str, *names: str, nonce: str | None = None, aud: str | None = None, by: JWK | None = None) -> str:
    holder = SDJWTHolder(issued)
    holder.create_presentation(dict.fromkeys(names, True), nonce, aud, by, sign_alg="EdDSA")
    return str(holder.sd_jwt_presentation)


def test_a_credential_becomes_a_card_that_others_can_check(issuer: Issuer, held: tuple[JWK, str]) -> None:
    shown = present(issuer.issue(held[0]), *SHOWN)
    card = sd_jwt.read_credential(shown, issuer.trust.bureaux)
    assert (card.name, card.bureau, card.country, card.role) == ("Ada Lind", "NCB Valdora", "QM", "analyst")
    assert (card.training, card.valid_until, card.kind, card.key) == (
        "foundations",
        "2090-12-31T23:59:59Z",
        "sd-jwt",
        held[1],
    )
    assert card.label == "EXERCISE – Ada Lind, NCB Valdora (QM)"
    assert "Quay" not in card.to_json()
    read = Card.from_json(card.to_json())
    found = issuer.trust.assess_card(read, "2029-01-01T00:00:00Z")
    assert (read, found.state, found.clearance) == (card, "valid", "EXERCISE")
    assert issuer.trust.assess_card(read, "2091-01-01T00:00:00Z").state == "expired"
    assert TrustList().assess_card(read).state == "not trusted"


def test_what_is_not_disclosed_is_not_on_the_card(issuer: Issuer, held: tuple[JWK, str]) -> None:
    card = sd_jwt.read_credential(present(issuer.issue(held[0]), "bureau", "country"), issuer.trust.bureaux)
    assert (card.role, card.clearance, card.training, card.valid_until) == ("", "", "", "")
    assert card.name == f"holder of the key {held[1][:8]}"
    with pytest.raises(IdentityError, match="A card has no name or no bureau"):
        sd_jwt.read_credential(present(issuer.issue(held[0]), "role"), issuer.trust.bureaux)


def test_a_card_says_no_more_than_its_credential(issuer: Issuer, held: tuple[JWK, str], ada: Officer) -> None:
    card = sd_jwt.read_credential(present(issuer.issue(held[0]), *SHOWN), issuer.trust.bureaux)
    for changed in (
        {"clearance": "EXERCISE RESTRICTED"},
        {"name": "Eve"},
        {"key": ada.card.key},
        {"valid_until": ""},
        {"recipient": ada.card.recipient},
        {"exercise": False},
        {"signature": ""},
        {"valid_from": "2020-01-01T00:00:00Z"},
    ):
        found = issuer.trust.assess_card(replace(card, **changed))  # type: ignore[arg-type]
        assert (found.state, found.clearance) == ("bad", ""), changed
    assert issuer.trust.assess_card(replace(card, issuer=ada.card.fingerprint)).state == "not trusted"


def test_the_holder_signs_what_was_asked(issuer: Issuer, held: tuple[JWK, str]) -> None:
    issued = issuer.issue(held[0])
    shown = present(issued, *SHOWN, nonce="asked-1", aud="NCB Norland", by=held[0])
    card = sd_jwt.read_credential(shown, issuer.trust.bureaux, nonce="asked-1", audience="NCB Norland")
    assert card == sd_jwt.read_credential(present(issued, *SHOWN), issuer.trust.bureaux)
    for wanted in ({"nonce": "asked-2"}, {"audience": "NCB Valdora"}):
        with pytest.raises(IdentityError, match="The key binding of the credential is not from its holder,"):
            sd_jwt.read_credential(shown, issuer.trust.bureaux, **wanted)
    with pytest.raises(IdentityError, match="The credential has no key binding, so its holder cannot be verified"):
        sd_jwt.read_credential(present(issued, *SHOWN), issuer.trust.bureaux, nonce="asked-1")
    thief = present(issued, *SHOWN, nonce="asked-1", aud="NCB Norland", by=key_pair()[0])
    for wanted in ({"nonce": "asked-1"}, {}):
        with pytest.raises(IdentityError, match="The key binding of the credential is not from its holder,"):
            sd_jwt.read_credential(thief, issuer.trust.bureaux, **wanted)
    fewer = present(issued, "bureau", "country", nonce="asked-1", aud="NCB Norland", by=held[0])
    mixed = shown.rpartition("~")[0] + "~" + fewer.rpartition("~")[2]
    with pytest.raises(IdentityError, match="The key binding of the credential is not from its holder,"):
        sd_jwt.read_credential(mixed, issuer.trust.bureaux, nonce="asked-1")


def test_a_credential_for_nobody_in_particular_is_refused(issuer: Issuer) -> None:
    with pytest.raises(IdentityError, match="Ask for a credential that is bound to a key"):
        sd_jwt.read_credential(present(issuer.issue(None), *SHOWN), issuer.trust.bureaux)
    with pytest.raises(IdentityError, match="Ask for a credential that is bound to a key"):
        sd_jwt.read_credential(present(issuer.issue(JWK.generate(kty="EC", crv="P-256")), *SHOWN), issuer.trust.bureaux)


def test_a_stranger_and_another_algorithm_are_refused(issuer: Issuer, held: tuple[JWK, str]) -> None:
    other = Issuer(key_pair()[0], TrustList())
    with pytest.raises(
        IdentityError, match=r"issuer NCB Valdora\).*the bureau that signed it is not on your trust list"
    ):
        sd_jwt.read_credential(present(other.issue(held[0]), *SHOWN), issuer.trust.bureaux)
    weak = Issuer(JWK.generate(kty="EC", crv="P-256"), TrustList())
    with pytest.raises(IdentityError, match=r"signed with ES256\. Only EdDSA is accepted"):
        sd_jwt.read_credential(present(weak.issue(held[0], "ES256"), *SHOWN), issuer.trust.bureaux)
    signed, *rest = present(issuer.issue(held[0]), *SHOWN).split("~")
    header, body, _ = signed.split(".")
    none = ".".join([b64url(json.dumps({"alg": "none"}).encode()), body, b64url(b"x")])
    with pytest.raises(IdentityError, match="signed with none"):
        sd_jwt.read_credential("~".join([none, *rest]), issuer.trust.bureaux)
    assert header


def test_every_changed_byte_of_a_credential_is_refused(issuer: Issuer, held: tuple[JWK, str]) -> None:
    shown = present(issuer.issue(held[0]), *SHOWN, nonce="asked-1", aud="NCB Norland", by=held[0])
    letters = "ABab01-_~.= \n"
    for at in range(len(shown)):
        other = letters[at % len(letters)] if shown[at] != letters[at % len(letters)] else "x"
        with pytest.raises(IdentityError):
            sd_jwt.read_credential(
                shown[:at] + other + shown[at + 1 :], issuer.trust.bureaux, nonce="asked-1", audience="NCB Norland"
            )


def test_a_disclosure_of_ones_own_is_refused(issuer: Issuer, held: tuple[JWK, str]) -> None:
    shown = present(issuer.issue(held[0]), "bureau", "country")
    own = b64url(json.dumps(["salt", "clearance", "EXERCISE"]).encode())
    with pytest.raises(IdentityError, match="did not sign"):
        sd_jwt.read_credential(f"{shown}{own}~", issuer.trust.bureaux)
    first = shown.split("~")[1]
    with pytest.raises(IdentityError, match="changed or is damaged"):
        sd_jwt.read_credential(f"{shown}{first}~", issuer.trust.bureaux)


@given(st.text(max_size=200) | st.text("abc.~=", max_size=40))
def test_any_text_is_a_credential_or_refused(text: str) -> None:
    with pytest.raises(IdentityError):
        sd_jwt.read_credential(text, ())


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"exp": "soon"}, "A credential has a time that is not valid:"),
        ({"exp": 1e300}, "A credential has a time that is not valid:"),
        ({"valid_until": "tomorrow"}, "is not a date"),
        ({"country": "Valdora"}, "is not a country code"),
        ({"role": "x" * 300}, "longer than 200"),
        ({"recipient": "age1nobody"}, "is not an encryption address"),
        ({"exercise": False}, "invented country"),
    ],
)
def test_claims_of_a_wrong_form_are_named(
    issuer: Issuer, held: tuple[JWK, str], claims: dict[str, Any], told: str
) -> None:
    with pytest.raises(IdentityError, match=told):
        sd_jwt.read_credential(present(issuer.issue(held[0], **claims), *SHOWN, *claims), issuer.trust.bureaux)


def test_the_sooner_end_counts(issuer: Issuer, held: tuple[JWK, str]) -> None:
    end = int(datetime(2028, 1, 1, tzinfo=UTC).timestamp())
    card = sd_jwt.read_credential(present(issuer.issue(held[0], exp=end), *SHOWN, "exp"), issuer.trust.bureaux)
    assert card.valid_until == "2028-01-01T00:00:00Z"


def test_nested_and_large_credentials_are_refused(issuer: Issuer, held: tuple[JWK, str]) -> None:
    deep: object = "x"
    for _ in range(40):
        deep = [deep]
    with pytest.raises(IdentityError):
        sd_jwt.read_credential(present(issuer.issue(held[0], role=deep), *SHOWN), issuer.trust.bureaux)
    with pytest.raises(IdentityError, match="too large and was not accepted"):
        sd_jwt.read_credential(present(issuer.issue(held[0]), *SHOWN) + "A" * 40_000, issuer.trust.bureaux)


def test_an_officer_takes_a_credential_that_was_issued_to_their_key(issuer: Issuer, ada: Officer, home: object) -> None:
    from workbench.identity.core import key_store as homes

    homes.write_identity("Ada Lind", {"card.json": ada.card.to_json().encode()})
    issued = issuer.issue(JWK(**sd_jwt.to_jwk(ada.card)), recipient=ada.card.recipient)
    card = sd_jwt.read_credential(present(issued, *SHOWN, "recipient"), issuer.trust.bureaux)
    assert identity.install_card(card, issuer.trust) == identity.card("Ada Lind") == card
    held = ada.replace_card(card)
    assert identity.signed_by(card, b"text", held.sign(b"text"))
    assert held.open(identity.seal(b"text", [card])) == b"text"


WITHOUT = """
import sys

class Without:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.split(".")[0] in {"sd_jwt", "jwcrypto"}:
            raise ModuleNotFoundError(name)
        return None

sys.meta_path.insert(0, Without)
from workbench.errors import IdentityError
from workbench.identity import Bureau, Card, TrustList
from workbench.identity.credentials import sd_jwt
trust = TrustList((Bureau("NCB Valdora", "QM", sys.argv[1]),))
try:
    sd_jwt.read_credential(sys.argv[2], trust.bureaux)
except IdentityError as error:
    print(error)
print(trust.assess_card(Card.from_json(sys.argv[3])))
"""


def test_where_the_library_is_missing_it_is_said_how_to_install_it(issuer: Issuer, held: tuple[JWK, str]) -> None:
    shown = present(issuer.issue(held[0]), *SHOWN)
    card = sd_jwt.read_credential(shown, issuer.trust.bureaux)
    command = [sys.executable, "-c", WITHOUT, issuer.trust.bureaux[0].key, shown, card.to_json()]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.count("pip install 'caseledger[credentials]'") == 2
    assert "NOT TRUSTED" in said
