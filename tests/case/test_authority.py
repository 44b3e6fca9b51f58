"""Who grants: nobody to himself, the controller by the key that was recorded, a bureau that the controller trusts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.case.conftest import Opens
from workbench import identity
from workbench.case.access import clearances, controller
from workbench.case.case import Case
from workbench.errors import CaseError
from workbench.identity import Bureau, Officer, TrustList, trust_status
from workbench.identity.core import key_store as homes
from workbench.ledger.access.access_filter import AccessFilter
from workbench.model.catalogue import translate

RESTRICTED, CONFIDENTIAL = "EXERCISE RESTRICTED", "EXERCISE CONFIDENTIAL"
UNTIL = "2099-12-31T23:59:59Z"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="module")
def valdora() -> Officer:
    return identity.create_temporary("NCB Valdora", bureau="NCB Valdora", country="QM", role="bureau")


def officer(name: str) -> Officer:
    return identity.create_temporary(name, bureau="NCB Valdora", country="QM")


def cleared(who: Officer, by: Officer, level: str = RESTRICTED) -> Officer:
    return who.replace_card(identity.issue(who.card, by, until=UNTIL, clearance=level))


def trusts(who: Officer, *bureaux: Officer) -> None:
    """The own trust list of the home: it lets these grant everything."""
    homes.write_identity(who.card.name, {"card.json": who.card.to_json().encode()})
    listed = TrustList(tuple(Bureau.from_card(one.card, grants=(RESTRICTED, CONFIDENTIAL)) for one in bureaux))
    identity.save_trust_list(listed, who)


def refused(case: Case) -> str:
    """What the log says of this officer's refusals."""
    log = case.log.entries()
    return "\n".join(log.loc[log["result"] == "refused", "detail"])


def level(case: Case) -> int:
    return clearances.build_reader(case.context).level


@pytest.mark.parametrize(
    "name", ["ada lind", "ADA  LIND", "Áda Lind", "Lind, Ada", "Аda Lind", "Ada\u200b Lind", "Ada-Lind"]
)
def test_no_spelling_of_the_own_name_is_cleared(opened: Opens, name: str) -> None:
    case = opened("Ada Lind")
    with pytest.raises(CaseError, match="You cannot grant clearance to yourself"):
        case.access.grant(name, RESTRICTED, because="vetted")
    assert "You cannot grant clearance to yourself" in refused(case)
    assert case.access.list().empty
    case.access.grant("Ida Lind", RESTRICTED, because="vetted")
    assert case.access.list()["value"].tolist() == [[RESTRICTED]]


def test_neither_the_own_key_nor_the_own_label_is_cleared(opened: Opens) -> None:
    ada = officer("Ada Lind")
    case = opened(ada)
    for name in (ada.card.fingerprint, f" {ada.card.fingerprint}", ada.card.label):
        with pytest.raises(CaseError, match="You cannot grant clearance to yourself"):
            case.access.grant(name, RESTRICTED, because="vetted")
    assert refused(case).count("You cannot grant clearance to yourself") == 3


def test_a_bureau_that_the_controller_trusts_clears(opened: Opens, valdora: Officer) -> None:
    ada, eve = officer("ada"), cleared(officer("eve"), valdora)
    trusts(eve, valdora)
    case = opened(ada)
    assert level(opened(eve)) == 0
    case.access.trust(valdora.card, RESTRICTED, because="fingerprint by telephone")
    assert level(opened(eve)) == 1
    high = cleared(officer("max"), valdora, CONFIDENTIAL)
    assert level(opened(high)) == 0, "more than the bureau may grant here counts as nothing"
    assert "the bureau may not grant EXERCISE CONFIDENTIAL" in refused(opened(high))
    case.access.distrust(valdora.card.fingerprint, because="key lost")
    assert level(opened(eve)) == 0


def test_a_card_that_expires_while_a_case_is_open_clears_no_longer(
    opened: Opens, valdora: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, eve = officer("ada"), cleared(officer("eve"), valdora)
    trusts(eve, valdora)
    opened(ada).access.trust(valdora.card, RESTRICTED, because="fingerprint by telephone")
    case = opened(eve)

    def get_level() -> int:
        case.documents()
        gate = case.context.ledger.gate
        return gate.readers[0].level if isinstance(gate, AccessFilter) else -1

    assert get_level() == 1
    for module in (trust_status, clearances):
        monkeypatch.setattr(module, "now", lambda: "2100-01-01T00:00:00Z")
    assert get_level() == 0


def test_nobody_vouches_for_himself(opened: Opens, home: Path, tmp_path: Path) -> None:
    opened(officer("ada"))
    eve, own = (
        officer("eve"),
        identity.create_temporary("NCB Valdora", bureau="NCB Valdora", country="QM", role="bureau"),
    )
    trusts(eve, own)
    vain = cleared(eve, own)
    case = opened(vain)
    assert level(case) == 0
    assert "the case trusts no bureau of the key" in refused(case)
    with pytest.raises(CaseError, match="Only the controller of the case"):
        case.access.trust(own.card, RESTRICTED, because="mine")
    toml = tmp_path / "case" / "case.toml"
    line = f'bureaux = ["{own.card.fingerprint}", "{eve.card.fingerprint}"]'
    toml.write_text(toml.read_text("utf-8").replace("[access]", f"[access]\n{line}"), "utf-8")
    assert level(opened(vain)) == 0, "a line in case.toml names no bureau"


def test_the_controller_trusts_no_key_of_his_own(opened: Opens, home: Path) -> None:
    ada, own = (
        officer("ada"),
        identity.create_temporary("NCB Valdora", bureau="NCB Valdora", country="QM", role="bureau"),
    )
    homes.write_identity("NCB Valdora", {"card.json": own.card.to_json().encode()})
    trusts(ada, own)
    case = opened(cleared(ada, own))
    for key in (own.card, own.card.fingerprint, ada.card):
        with pytest.raises(CaseError, match="is your own key, and you cannot confirm yourself"):
            case.access.trust(key, RESTRICTED, because="mine")
    assert level(case) == 0
    assert refused(case).count("is your own key, and you cannot confirm yourself") == 3, "three times asked"
    assert refused(case).count(controller.NOBODY) == 1, "once claimed at opening"


def test_the_controller_is_known_by_key(opened: Opens) -> None:
    ada, other = officer("ada"), officer("ada")
    case = opened(ada)
    case.access.grant("eve", RESTRICTED, because="vetted")
    for who in ("ada", other, "ADA"):
        stranger = opened(who)
        with pytest.raises(CaseError, match=r"Only the controller of the case \(ada, identified by the key SHA256:"):
            stranger.access.grant("bob", RESTRICTED, because="vetted")
        assert not clearances.build_reader(stranger.context).controller
        assert "but not the key" in refused(stranger)
    assert list(case.access.list()["officer"].drop_duplicates()) == ["case", "eve"]
    assert "by the key" in case.storage.check().set_index("part").at["controller", "found"]
    assert case.access.list().attrs["note"] == ""


def test_another_name_in_case_toml_makes_no_other_controller(opened: Opens, tmp_path: Path) -> None:
    opened(officer("ada"))
    toml = tmp_path / "case" / "case.toml"
    toml.write_text(toml.read_text("utf-8").replace('controller = "ada"', 'controller = "bob"'), "utf-8")
    with pytest.raises(CaseError, match="Only the controller of the case \\(ada, identified by the key"):
        opened("bob").handling.unmark("x", because="y")


def test_the_first_key_under_the_name_is_recorded_and_handed_over_by_it(opened: Opens) -> None:
    case = opened("ada")
    assert case.access.list().attrs == {"controller": "ada, identified by name only", "note": controller.BY_NAME}
    assert "controller identified by name only" in case.storage.check().set_index("part").at["controller", "found"]
    ada, eve = officer("ada"), officer("eve")
    keyed = opened(ada)
    with pytest.raises(CaseError, match="Only the controller of the case"):
        opened("ada").access.grant("bob", RESTRICTED, because="vetted")
    keyed.access.hand_over(eve.card, because="order of 3 May")
    with pytest.raises(CaseError, match="Only the controller of the case \\(eve, identified by the key"):
        keyed.access.grant("bob", RESTRICTED, because="vetted")
    opened(eve).access.grant("bob", RESTRICTED, because="vetted")


@pytest.mark.slow
def test_the_report_says_that_a_name_is_not_verified(opened: Opens, tmp_path: Path) -> None:
    said = translate(
        "A controller who is known only by name decided the marks and clearances. The name was not verified."
    )
    assert "The name was not verified" in said
    assert said in opened("ada").report(tmp_path / "r.html").read_text("utf-8")
    opened(officer("ada"))
    assert said not in opened(officer("bob")).report(tmp_path / "s.html").read_text("utf-8")
