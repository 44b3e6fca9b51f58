"""Cards: one form, signed; whatever is changed is refused; what is shown cannot deceive."""

from __future__ import annotations

import copy
import json
import logging
import pickle  # noqa: TID251 - to see that it is refused
import traceback
from collections.abc import Callable
from dataclasses import asdict, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import identity
from workbench.errors import IdentityError
from workbench.identity import Card, Officer, TrustList
from workbench.identity.core import canonical_json
from workbench.identity.core.card import LARGEST, TYPE
from workbench.identity.core.display import escape_invisible

UNTIL = "2090-12-31T23:59:59Z"
JSON = st.recursive(
    st.booleans() | st.integers(0, 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def text_of(**changed: object) -> str:
    """JSON of a card with other fields, unsigned."""
    whole = {"type": TYPE, **asdict(identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM").card)}
    return canonical_json.encode_object({**whole, **changed})


def refused(data: bytes, trust: TrustList) -> bool:
    """Whether a card is not taken, or not trusted."""
    try:
        return trust.assess_card(Card.from_json(data.decode())).state != "valid"
    except (IdentityError, UnicodeDecodeError):
        return True


def inside(refused: Callable[[], object]) -> list[str]:
    """What a traceback with the values of all variables shows of a refused call, without its caller's own."""
    with pytest.raises(IdentityError) as caught:
        refused()
    here = caught.value.__traceback__
    assert here and here.tb_next and here.tb_next.tb_next
    shown_ = traceback.TracebackException(type(caught.value), caught.value, here.tb_next.tb_next, capture_locals=True)
    return [str(caught.value), *shown_.format()]


def test_a_card_comes_back_the_same(ada: Officer) -> None:
    assert Card.from_json(ada.card.to_json()) == ada.card
    assert Card.from_json(ada.card.to_json() + "\n") == ada.card


def test_a_fingerprint_is_what_openssl_gives(ada: Officer) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.hashes import SHA256, Hash
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = Ed25519PublicKey.from_public_bytes(canonical_json.decode_b64(ada.card.key))
    digest = Hash(SHA256())
    digest.update(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    assert ada.card.fingerprint == "SHA256:" + canonical_json.encode_b64(digest.finalize()).rstrip("=")


@pytest.mark.slow
def test_every_flipped_bit_of_a_card_is_refused(ada: Officer, bureau: Officer, trust: TrustList) -> None:
    card = identity.issue(ada.card, bureau, until=UNTIL, clearance="EXERCISE")
    assert trust.assess_card(card).state == "valid"
    whole = card.to_json().encode()
    for at in range(len(whole)):
        for bit in range(8):
            changed = bytearray(whole)
            changed[at] ^= 1 << bit
            assert refused(bytes(changed), trust), (at, bit)


@given(st.data())
def test_every_changed_byte_of_a_self_signed_card_is_no_longer_that_card(ada: Officer, data: st.DataObject) -> None:
    whole = bytearray(ada.card.to_json().encode())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    try:
        read = Card.from_json(whole.decode())
    except (IdentityError, UnicodeDecodeError):
        return
    assert not read.self_signed


@pytest.mark.slow
@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_canonical_json_is_read_back_and_no_other_spelling_is(value: dict[str, object]) -> None:
    text = canonical_json.encode_object(value)
    if canonical_json.count_depth(text) <= canonical_json.DEPTH:
        assert canonical_json.decode_object(text, "it", largest=10_000) == value
    spaced = json.dumps(value, sort_keys=True, ensure_ascii=False)
    if spaced != text:
        with pytest.raises(IdentityError, match="does not have the required JSON form"):
            canonical_json.decode_object(spaced, "it", largest=10_000)


@given(st.text(max_size=300))
def test_any_text_is_a_card_or_refused(text: str) -> None:
    with pytest.raises(IdentityError):
        Card.from_json(text)


@given(
    st.sampled_from([one.name for one in fields(Card)]),
    JSON | st.none() | st.floats(allow_nan=False, allow_infinity=False),
)
def test_any_value_in_any_field_is_a_card_or_refused(field: str, value: object) -> None:
    text = text_of(**{field: value})
    try:
        told = Card.from_json(text).to_json()
    except IdentityError as error:
        told = str(error)
    assert told == text or len(told) < 600


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[" * 100_000, "larger"),
        ("[" * 10_000, "does not have the required JSON form"),
        ('{"a":' * 10_000, "does not have the required JSON form"),
        ('{"a":NaN}', "does not have the required JSON form"),
        ('{"a":1,"a":1}', "does not have the required JSON form"),
        ('{"a":' + "9" * 5000 + "}", "does not have the required JSON form"),
        ('{"a":"\\ud800"}', "does not have the required JSON form"),
        ("{}", "does not contain bureau, chain"),
        ("x" * (LARGEST + 1), "larger"),
    ],
)
def test_what_is_no_card_is_refused_with_a_reason(text: str, told: str) -> None:
    with pytest.raises(IdentityError, match=told):
        Card.from_json(text)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"more": "x"}, "unknown fields: more"),
        ({"type": "caseledger/card/2"}, "has the type 'caseledger/card/2'"),
        ({"exercise": "yes"}, "neither true nor false"),
        ({"exercise": False}, "invented country"),
        ({"country": "UK"}, "is not a country code"),
        ({"country": "qm"}, "is not a country code"),
        ({"name": " "}, "has no name or no bureau"),
        ({"name": "x" * 201}, "200 characters"),
        ({"kind": "passkey"}, "Known types: key"),
        ({"key": "AAAA"}, "32"),
        ({"key": "AAAB="}, "base64"),
        ({"recipient": "age1qqq"}, "is not an encryption address"),
        ({"valid_until": "2027-02-30T00:00:00Z"}, "is not a time in UTC"),
        ({"valid_from": "2030-01-01T00:00:00Z", "valid_until": "2029-01-01T00:00:00Z"}, "before it begins"),
        ({"chain": "AAAA"}, "A card has a certificate chain but no certificate"),
        ({"name": "Eve"}, "was changed"),
    ],
)
def test_a_field_of_a_wrong_form_is_named(changed: dict[str, object], told: str) -> None:
    with pytest.raises(IdentityError, match=told):
        Card.from_json(text_of(**changed))


def test_base64_has_one_spelling(ada: Officer) -> None:
    signature = ada.card.signature
    last = signature[-3]
    other = next(one for one in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if one != last)
    for spelt in (signature[:-3] + other + "==", signature + "=", signature[:-2], signature + "\n", " " + signature):
        with pytest.raises(IdentityError):
            Card.from_json(replace(ada.card, signature=spelt).to_json())


@pytest.mark.parametrize(
    ("name", "visible"),
    [
        ("Ada Lind", "Ada Lind"),
        ("Zoë Škvorecký", "Zoë Škvorecký"),
        ("علی‌رضا", "علی‌رضا"),  # a joiner that Persian needs
        ("क्‍ष", "क्‍ष"),
        ("Ada\u202eLind", "Ada\\u{202e}Lind"),
        ("A\u200dda", "A\\u{200d}da"),
        ("Ada\nLind", "Ada\\u{a}Lind"),
        ("Ada\x1b[2JLind", "Ada\\u{1b}[2JLind"),
        ("Ada\u00a0Lind", "Ada\\u{a0}Lind"),
        ("\u2028", "\\u{2028}"),
        ("\u200c", "\\u{200c}"),
    ],
)
def test_what_is_not_seen_is_shown_as_its_number(name: str, visible: str) -> None:
    assert escape_invisible(name) == visible
    card = Card(name, "NCB Valdora", "QM", key=identity.create_temporary("A", bureau="B", country="QM").card.key)
    assert card.label == f"EXERCISE – {visible}, NCB Valdora (QM)"


@given(st.text())
def test_what_is_shown_stays_in_one_line_and_in_its_direction(text: str) -> None:
    assert len(escape_invisible(text).splitlines()) <= 1
    assert not set(escape_invisible(text)) & set(
        "\x00\x1b\r\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
    )


def test_an_own_name_has_no_unseen_characters() -> None:
    with pytest.raises(IdentityError, match="characters that are not visible"):
        identity.create_temporary("Ada\u202eLind", bureau="NCB Valdora", country="QM")
    with pytest.raises(IdentityError, match="200 characters"):
        identity.create_temporary("Ada" * 100, bureau="NCB Valdora", country="QM")


def test_a_name_is_composed() -> None:
    made = identity.create_temporary("Zoe\u0308", bureau="NCB Valdora", country="QM")
    assert made.card.name == "Zoë"


def test_whoever_says_alone_that_it_is_no_exercise_is_marked_all_the_same(bureau: Officer) -> None:
    alone = identity.create_temporary("Ada Lind", bureau="NCB France", country="FR", exercise=False)
    above = identity.create_temporary("NCB France", bureau="NCB France", country="FR", role="bureau", exercise=False)
    assert alone.card.label == "EXERCISE – Ada Lind, NCB France (FR)"
    assert above.card.label == "NCB France, NCB France (FR)"
    assert identity.issue(alone.card, above, until=UNTIL).label == "Ada Lind, NCB France (FR)"


def test_a_signature_is_of_one_officer_and_one_text(ada: Officer, bureau: Officer) -> None:
    signature = ada.sign(b"text")
    assert identity.signed_by(ada.card, b"text", signature)
    assert not identity.signed_by(ada.card, b"Text", signature)
    assert not identity.signed_by(bureau.card, b"text", signature)
    assert not identity.signed_by(ada.card, b"text", b"")
    assert not identity.signed_by(replace(ada.card, key="nonsense"), b"text", signature)


def test_private_keys_are_shown_nowhere(ada: Officer, caplog: pytest.LogCaptureFixture) -> None:
    from workbench.identity.core import key_files

    caplog.set_level(logging.DEBUG)
    officer, keys = key_files.generate_keys(ada.card)
    secrets = [
        keys.receiving,
        canonical_json.encode_b64(keys.signing_key),
        repr(keys.signing_key),
        keys.signing_key.hex(),
    ]
    told = [repr(officer), str(officer), f"{officer}", repr(keys), str(keys), repr({"who": officer, "keys": keys})]
    told += inside(lambda: officer.open(b"nothing"))
    told += inside(lambda: officer.replace_card(ada.card))
    told += inside(lambda: key_files.build_self_signed(replace(ada.card, name=" "), keys))
    told += [record.getMessage() for record in caplog.records]
    assert not [one for one in told for secret in secrets if secret in one]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_officer_is_neither_pickled_nor_copied(ada: Officer, protocol: int) -> None:
    from workbench.identity.core import key_files

    for held in (ada, key_files.generate_keys(ada.card)[1]):
        with pytest.raises(TypeError, match="pickled"):
            pickle.dumps(held, protocol)
        for way in (copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="pickled"):
                way(held)


def test_an_officer_has_no_dict_and_is_no_json(ada: Officer) -> None:
    with pytest.raises(TypeError):
        vars(ada)
    with pytest.raises(TypeError):
        json.dumps({"officer": ada})  # nor by default=str more than its label
    assert "AGE-SECRET" not in json.dumps({"officer": ada}, default=str)
