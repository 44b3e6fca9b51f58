"""The trust list: signed, in order, of one form; and what it says of a card."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import identity
from workbench.errors import IdentityError
from workbench.identity import Bureau, Card, Officer, TrustList
from workbench.identity.core import canonical_json
from workbench.identity.core.bureau import list_levels_to
from workbench.identity.trust_list import LARGEST

UNTIL = "2090-12-31T23:59:59Z"
AT = "2089-06-01T12:00:00Z"


@pytest.fixture(scope="module")
def issued(ada: Officer, bureau: Officer) -> Card:
    return identity.issue(ada.card, bureau, until=UNTIL, clearance="EXERCISE RESTRICTED", training="foundations")


def put(text: str, folder: Path, name: str = "list.json") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def test_a_list_comes_back_the_same(trust: TrustList, bureau: Officer, tmp_path: Path) -> None:
    assert TrustList.from_json(trust.to_json(), root=bureau.card) == trust
    assert TrustList.read(put(trust.to_json() + "\n", tmp_path), root=[bureau.card], home=tmp_path) == trust


@pytest.mark.slow
def test_every_flipped_bit_of_a_list_is_refused(trust: TrustList, bureau: Officer) -> None:
    whole = trust.to_json().encode()
    for at in range(len(whole)):
        for bit in range(8):
            changed = bytearray(whole)
            changed[at] ^= 1 << bit
            with pytest.raises((IdentityError, UnicodeDecodeError)):
                TrustList.from_json(changed.decode(), root=bureau.card)


@given(st.data())
def test_any_removed_or_doubled_bureau_is_refused(trust: TrustList, bureau: Officer, data: st.DataObject) -> None:
    fields = json.loads(trust.to_json())
    fields["bureaux"] = data.draw(st.sampled_from([[], fields["bureaux"] * 2, [{}], [1], "x", None]))
    with pytest.raises(IdentityError):
        TrustList.from_json(canonical_json.encode_object(fields), root=bureau.card)


def test_an_unsigned_list_and_one_of_a_stranger_are_refused(trust: TrustList, ada: Officer, bureau: Officer) -> None:
    for unsigned in (replace(trust, signature=""), replace(trust, signer=None), TrustList()):
        with pytest.raises(IdentityError):
            TrustList.from_json(unsigned.to_json(), root=bureau.card)
    with pytest.raises(IdentityError, match="You do not accept lists from this signer"):
        TrustList.from_json(trust.to_json(), root=ada.card)
    with pytest.raises(IdentityError, match="You do not accept lists from this signer"):
        TrustList.from_json(trust.sign_list(ada).to_json(), root=bureau.card)
    forged = replace(trust.sign_list(ada), signer=bureau.card)
    with pytest.raises(IdentityError, match=r"The signature on the trust list of .* does not match"):
        TrustList.from_json(forged.to_json(), root=bureau.card)


def test_an_old_list_is_refused_and_so_is_a_second_of_one_number(
    trust: TrustList, bureau: Officer, tmp_path: Path
) -> None:
    first, second = trust.sign_list(bureau), trust.sign_list(bureau).sign_list(bureau)
    other = trust.add_bureau(Bureau.from_card(bureau.card, grants=["EXERCISE"])).sign_list(bureau)
    paths = [put(one.to_json(), tmp_path, f"{at}.json") for at, one in enumerate((first, second, other))]
    home = tmp_path / "home"
    assert TrustList.read(paths[0], root=bureau.card, home=home).sequence == 2
    assert TrustList.read(paths[0], root=bureau.card, home=home).sequence == 2
    with pytest.raises(IdentityError, match="have the number 2"):
        TrustList.read(paths[2], root=bureau.card, home=home)
    assert TrustList.read(paths[1], root=bureau.card, home=home).sequence == 3
    with pytest.raises(IdentityError, match="number 2, but you already received number 3"):
        TrustList.read(paths[0], root=bureau.card, home=home)
    assert TrustList.read(paths[0], root=bureau.card, home=tmp_path / "another").sequence == 2
    (home / "seen.json").write_text("[]")
    with pytest.raises(IdentityError, match="Then delete the damaged file"):
        TrustList.read(paths[1], root=bureau.card, home=home)


@pytest.mark.parametrize("text", ["", "{}", "[" * 1000, "x" * (LARGEST + 9), '{"a":' * 50 + "1" + "}" * 50])
def test_what_is_no_list_is_refused(text: str, bureau: Officer, tmp_path: Path) -> None:
    with pytest.raises(IdentityError):
        TrustList.read(put(text, tmp_path), root=bureau.card, home=tmp_path)


def test_a_file_that_is_not_there_or_not_text_is_said(bureau: Officer, tmp_path: Path) -> None:
    with pytest.raises(IdentityError, match="cannot be read"):
        TrustList.read(tmp_path / "none", root=bureau.card, home=tmp_path)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(IdentityError, match="UTF-8"):
        TrustList.read(tmp_path / "bytes", root=bureau.card, home=tmp_path)


def test_a_card_that_a_trusted_bureau_issued_is_valid(trust: TrustList, issued: Card) -> None:
    found = trust.assess_card(issued, AT)
    assert (found.state, found.clearance) == ("valid", "EXERCISE RESTRICTED")
    assert "confirms EXERCISE – Ada Lind" in found.said[0]
    assert "grants the clearance EXERCISE RESTRICTED" in found.said[1]
    assert [what.split()[0] for what in found.not_checked] == ["revocation", "time", "it"]
    assert str(found).startswith("VALID\n")


def test_a_bureau_of_the_list_is_valid_itself(trust: TrustList, bureau: Officer) -> None:
    assert trust.assess_card(bureau.card, AT).state == "valid"


def test_a_self_signed_clearance_is_none(trust: TrustList, ada: Officer) -> None:
    boasting = replace(ada.card, clearance="EXERCISE CONFIDENTIAL", signature="")
    boasting = boasting.add_signature(ada.sign(boasting.signed_bytes))
    found = trust.assess_card(Card.from_json(boasting.to_json()), AT)
    assert (found.state, found.clearance) == ("not trusted", "")
    assert "only the holder of the card states it" in str(found)


def test_a_bureau_grants_no_more_than_it_may(trust: TrustList, ada: Officer, bureau: Officer) -> None:
    card = identity.issue(ada.card, bureau, until=UNTIL, clearance="EXERCISE CONFIDENTIAL")
    found = trust.assess_card(card, AT)
    assert (found.state, found.clearance) == ("valid", "")
    assert (
        f"The clearance EXERCISE CONFIDENTIAL is not accepted: {bureau.card.label} is not allowed to grant it."
        in str(found)
    )


def test_a_card_counts_in_its_time_only(trust: TrustList, issued: Card) -> None:
    late, early = trust.assess_card(issued, "2091-01-01T00:00:00Z"), trust.assess_card(issued, "2001-01-01T00:00:00Z")
    assert (late.state, late.clearance, "was valid until" in str(late)) == ("expired", "", True)
    assert (early.state, early.clearance, "is valid only from" in str(early)) == (
        "not trusted",
        "",
        True,
    )  # nor was its bureau yet
    assert trust.assess_card(issued, UNTIL).state == trust.assess_card(issued, "2090-12-31").state == "valid"
    with pytest.raises(IdentityError, match="is not a date"):
        trust.assess_card(issued, "tomorrow")


def test_an_unknown_issuer_is_not_trusted(issued: Card) -> None:
    found = TrustList().assess_card(issued, AT)
    assert (found.state, found.clearance) == ("not trusted", "")
    assert "not on your trust list" in found.said[0]


def test_a_changed_card_is_bad(trust: TrustList, issued: Card, ada: Officer, bureau: Officer) -> None:
    for changed in ({"clearance": "EXERCISE"}, {"name": "Eve"}, {"recipient": bureau.card.recipient}, {"exercise": False},
                    {"key": bureau.card.key}, {"valid_until": "2040-01-01T00:00:00Z"}, {"signature": "x"}, {"kind": "?"}):  # fmt: skip
        found = trust.assess_card(replace(issued, **changed), AT)  # type: ignore[arg-type]
        assert (found.state, found.clearance) == ("bad", ""), changed
    assert TrustList().assess_card(replace(ada.card, name="Eve"), AT).state == "bad"


def test_a_bureau_vouches_for_its_own_officers_only_in_its_time_and_in_exercises(
    trust: TrustList, issued: Card, bureau: Officer
) -> None:
    own = trust.bureaux[0]
    for listed, told in (
        (replace(own, name="NCB Norland"), "is not allowed to confirm officers of NCB Valdora"),
        (replace(own, country="QN"), "is not allowed to confirm officers of"),
        (replace(own, valid_until="2027-01-01T00:00:00Z"), "is allowed to confirm cards only in this period"),
        (replace(own, valid_from="2088-01-01T00:00:00Z"), "is allowed to confirm cards only in this period"),
    ):
        found = TrustList((listed,)).assess_card(issued, AT)
        assert (found.state, found.clearance) == ("not trusted", "")
        assert told in str(found)
    real = replace(issued, country="FR", bureau="NCB France", exercise=False, signature="")
    real = real.add_signature(bureau.sign(real.signed_bytes))
    found = TrustList((replace(own, country="FR", name="NCB France"),)).assess_card(real, AT)
    assert (found.state, "for exercises" in str(found)) == ("not trusted", True)


def test_whoever_is_no_bureau_issues_nothing(ada: Officer, bureau: Officer) -> None:
    other = identity.create_temporary("Bo", bureau="NCB Valdora", country="QM")
    with pytest.raises(IdentityError, match="is not a bureau"):
        identity.issue(other.card, ada, until=UNTIL)
    with pytest.raises(IdentityError, match="is not signed with the officer's own key"):
        identity.issue(identity.issue(other.card, bureau, until=UNTIL), bureau, until=UNTIL)
    with pytest.raises(IdentityError, match=r"Cy, NCB Norland .* does not belong to .*NCB Valdora"):
        identity.issue(identity.create_temporary("Cy", bureau="NCB Norland", country="QM").card, bureau, until=UNTIL)
    with pytest.raises(IdentityError, match="The end date of the card is missing"):
        identity.issue(other.card, bureau, until="")
    ending = bureau.replace_card(replace(bureau.card, valid_until="2088-01-01T00:00:00Z"))
    with pytest.raises(IdentityError, match="The end date of the card is missing or too late"):
        identity.issue(other.card, ending, until=UNTIL)
    with pytest.raises(IdentityError, match="A bureau does not issue cards for other bureaux"):
        identity.issue(other.card, bureau, until=UNTIL, role="bureau")
    with pytest.raises(IdentityError, match="was changed"):
        identity.issue(replace(other.card, name="Eve"), bureau, until=UNTIL)
    with pytest.raises(IdentityError, match="is not a bureau"):
        Bureau.from_card(ada.card)
    with pytest.raises(IdentityError, match="is not signed with the bureau's own key"):
        Bureau.from_card(replace(bureau.card, issuer=ada.card.fingerprint))


def test_bureaux_are_named_by_name_or_fingerprint(trust: TrustList, bureau: Officer) -> None:
    second = identity.create_temporary("NCB Valdora", bureau="NCB Valdora", country="QM", role="bureau")
    both = trust.add_bureau(Bureau.from_card(second.card))
    assert both.get_bureau(second.card.fingerprint).key == second.card.key
    with pytest.raises(IdentityError, match="matches 2 bureaux"):
        both.get_bureau("NCB Valdora")
    with pytest.raises(IdentityError, match="matches 0 bureaux"):
        both.remove_bureau("NCB Norland")
    assert both.remove_bureau(second.card.fingerprint).bureaux == trust.bureaux
    assert len(both.add_bureau(Bureau.from_card(second.card, grants=["EXERCISE"])).bureaux) == 2


def test_the_own_list_is_signed_anew_with_each_change(bureau: Officer, ada: Officer, home: Path) -> None:
    assert identity.load_trust_list() == TrustList()
    homes_card = {"card.json": ada.card.to_json().encode()}
    from workbench.identity.core import key_store as homes

    homes.write_identity("Ada Lind", homes_card)
    first = identity.save_trust_list(identity.load_trust_list().add_bureau(Bureau.from_card(bureau.card)), ada)
    assert identity.load_trust_list() == first
    old = (home / "trust.json").read_bytes()
    second = identity.save_trust_list(identity.load_trust_list().remove_bureau("NCB Valdora"), ada)
    assert (second.sequence, second.bureaux) == (2, ())
    (home / "trust.json").write_bytes(old)
    with pytest.raises(IdentityError, match="An older list is not accepted"):
        identity.load_trust_list()
    (home / "trust.json").unlink()
    assert identity.save_trust_list(TrustList(), ada).sequence == 3


def test_an_issued_card_is_taken_once_its_bureau_is_trusted(
    bureau: Officer, ada: Officer, trust: TrustList, home: Path
) -> None:
    from workbench.identity.core import key_store as homes

    card = identity.issue(ada.card, bureau, until=UNTIL, clearance="EXERCISE")
    with pytest.raises(IdentityError, match="another officer’s card, give it to that officer"):
        identity.install_card(card, trust)
    homes.write_identity("Ada Lind", {"card.json": ada.card.to_json().encode()})
    with pytest.raises(IdentityError, match="is not on your trust list, add it"):
        identity.install_card(card, TrustList())
    with pytest.raises(IdentityError, match="was changed"):
        identity.install_card(replace(card, clearance="EXERCISE RESTRICTED"), trust)
    with pytest.raises(IdentityError, match="is not the same as on your card"):
        identity.install_card(replace(card, recipient=bureau.card.recipient), trust)
    assert identity.install_card(card, trust) == identity.card("ada lind") == card
    early = replace(card, valid_from="2020-01-01T00:00:00Z", clearance="")
    early = early.add_signature(bureau.sign(early.signed_bytes))
    with pytest.raises(IdentityError, match="An older card cannot replace your card"):
        identity.install_card(early, trust)
    assert identity.card("ada lind") == card


def test_a_grant_reaches_down_from_its_level() -> None:
    assert list_levels_to("exercise restricted") == ("EXERCISE", "EXERCISE RESTRICTED")
    assert list_levels_to("a level of our own") == ("a level of our own",)
