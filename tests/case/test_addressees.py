"""Products for others: what is not known of an addressee closes, what the officer says plainly opens and stands in the log."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.case.conftest import Opens
from tests.case.walking import flat
from workbench import identity
from workbench.case.access import clearances
from workbench.case.case import Case
from workbench.case.packages import package_export
from workbench.case.packages.preview import open_package
from workbench.errors import CaseError
from workbench.identity import Bureau, Officer, TrustList
from workbench.identity.core import key_store as homes
from workbench.ledger.access.access_filter import UNKNOWN, Reader

NAMES = {"plain.txt": "Rosalind", "handled.txt": "Wolfram", "closed.txt": "Thessaly", "kept.txt": "Bartholomew"}
CLOSED = "not allowed for the reader's country"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))


@pytest.fixture
def ada() -> Officer:
    return identity.create_temporary("ada", bureau="NCB Valdora", country="QM")


@pytest.fixture
def case(opened: Opens, tmp_path: Path, ada: Officer) -> Case:
    """One file that nobody minds, one with H1, one closed to QN, one that TLP keeps within the service."""
    made = opened(ada)
    folder = tmp_path / "files"
    folder.mkdir()
    for name, word in NAMES.items():
        (folder / name).write_text(f"{word} was at the harbour.")
    made.add(folder)
    made.handling.mark("handled.txt", handling=["H1"], because="of a partner")
    made.handling.mark("closed.txt", barred=["QN"], because="the partner's wish")
    made.handling.mark("kept.txt", tlp="red", because="the partner's wish")
    return made


def names(text: str) -> set[str]:
    return {name for name in NAMES.values() if name in text}


def sent(case: Case, tmp_path: Path, to: str, country: str = "", judicial: bool | None = None) -> set[str]:
    """Which of the names stand in what the addressee gets; report and export agree."""
    (tmp_path / "out").mkdir(exist_ok=True)
    exported = case.export(tmp_path / "out" / "x.csv", case.documents(), to=to, country=country, judicial=judicial)
    quoted = case.search("harbour").merge(case.documents()[["document_id", "title"]], on="document_id")
    hits = case.export(tmp_path / "out" / "y.csv", quoted, to=to, country=country, judicial=judicial)
    titles = {NAMES[name] for name in NAMES if name in exported.read_text("utf-8-sig")}
    assert titles == names(hits.read_text("utf-8-sig")), "the same in all of it"
    report = flat(case.report(tmp_path / "out" / "r.html", to=to, country=country, judicial=judicial))
    assert {NAMES[name] for name in NAMES if name in report} == titles
    return titles


@pytest.mark.slow
def test_a_prosecutor_in_any_language_gets_no_h1(case: Case, tmp_path: Path) -> None:
    for to in ("Public Prosecutor", "النيابة العامة", "Fiscalía", "le parquet"):
        assert sent(case, tmp_path, to, "QN") == {"Rosalind"}, to


@pytest.mark.slow
def test_who_is_not_told_is_treated_strictly_until_it_is_said(case: Case, tmp_path: Path) -> None:
    assert sent(case, tmp_path, "R. Vale", "QP") == {"Rosalind", "Thessaly"}
    assert sent(case, tmp_path, "R. Vale", "QP", judicial=False) == {"Rosalind", "Thessaly", "Wolfram"}
    assert sent(case, tmp_path, "NCB Nordreich", "QP") == {"Rosalind", "Thessaly", "Wolfram"}
    assert sent(case, tmp_path, "NCB Nordreich", "QN") == {"Rosalind", "Wolfram"}
    assert sent(case, tmp_path, "NCB Nordreich", "QN", judicial=True) == {"Rosalind"}
    detail = case.log.entries().set_index("operation").loc["disclosure", "detail"]
    assert "not in judicial proceedings, as the officer says" in detail.iloc[3]
    assert "in judicial proceedings, kind not told" in detail.iloc[0]


@pytest.mark.slow
def test_an_unknown_country_closes_and_is_asked_for(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sent(case, tmp_path, "NCB Nordreich") == {"Rosalind", "Wolfram"}
    assert capsys.readouterr().out.count("Give the country: `country='FR'`") == 3
    left = case.handling.withheld(to="NCB Nordreich")
    assert left.set_index("why")["items"].to_dict() == {CLOSED: 1, "not allowed outside the service (TLP)": 1}
    assert "Give the country" in left.attrs["say"]
    assert case.handling.withheld(to="NCB Nordreich", country="QP").attrs["say"] == ""
    with pytest.raises(CaseError, match="If the country of the addressee is not known, give it: `country='FR'`"):
        case.export(tmp_path / "z.csv", case.documents()[["title"]], to="NCB Nordreich")
    assert case.handling.withheld().empty


@pytest.mark.slow
def test_nothing_tells_the_addressee_of_what_is_closed_to_them(case: Case, tmp_path: Path) -> None:
    page = flat(case.report(tmp_path / "r.html", to="NCB Nordreich", country="QN"))
    beside = (
        (case.export(tmp_path / "x.csv", to="NCB Nordreich", country="QN"))
        .with_name("x.csv.about.json")
        .read_text("utf-8")
    )
    for text in (page, beside):
        assert CLOSED not in text
        assert "1 item is left out: not allowed outside the service (TLP)." in text


# On cards ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def valdora() -> Officer:
    return identity.create_temporary("NCB Valdora", bureau="NCB Valdora", country="QM", role="bureau")


@pytest.mark.slow
def test_an_unvouched_card_opens_nothing_that_is_closed(case: Case, opened: Opens, valdora: Officer) -> None:
    eve = identity.create_temporary("eve", bureau="NCB Valdora", country="QP")
    assert clearances.build_reader(case.context).country == "", "the controller is of the case's own service"
    assert "Thessaly" in flat(opened("eve").search("harbour"))
    stranger = opened(eve)
    assert clearances.build_reader(stranger.context).country == UNKNOWN
    assert "Thessaly" not in flat(stranger.search("harbour")) + flat(stranger.documents()) + flat(
        stranger.handling.withheld()
    )
    case.access.grant(eve.card.fingerprint, country="QP", because="seconded")
    assert "Thessaly" in flat(opened(eve).search("harbour"))
    case.access.grant(eve.card.fingerprint, country="QN", because="transferred")
    assert "Thessaly" not in flat(opened(eve).search("harbour"))


@pytest.mark.slow
def test_the_country_on_a_vouched_card_counts(case: Case, opened: Opens, valdora: Officer) -> None:
    eve = identity.create_temporary("eve", bureau="NCB Valdora", country="QM")
    vouched = eve.replace_card(identity.issue(eve.card, valdora, until="2099-12-31T23:59:59Z"))
    homes.write_identity("eve", {"card.json": eve.card.to_json().encode()})
    identity.save_trust_list(TrustList((Bureau.from_card(valdora.card),)), eve)
    assert clearances.build_reader(opened(vouched).context).country == UNKNOWN
    case.access.trust(valdora.card, because="by telephone")
    assert clearances.build_reader(opened(vouched).context).country == "QM"


def addressee(case: Case, officer: Officer, trust: TrustList, **wish: object) -> Reader:
    return package_export.build_addressee(
        case.context, officer.card, trust, replace(package_export.PackageRequest("joint case"), **wish)
    )  # type: ignore[arg-type]


def test_a_recipient_is_of_the_country_that_a_trusted_bureau_says(case: Case) -> None:
    nordreich = identity.create_temporary("NCB Nordreich", bureau="NCB Nordreich", country="QP", role="bureau")
    bo = identity.create_temporary("bo", bureau="NCB Nordreich", country="QP")
    own = identity.create_temporary("bo", bureau="NCB Valdora", country="QM")
    grants = ("EXERCISE RESTRICTED",)
    trust = TrustList((Bureau.from_card(nordreich.card, grants=grants),))
    alone = addressee(case, bo, trust)
    assert (alone.country, alone.level, alone.outside) == (UNKNOWN, 0, True)
    assert addressee(case, own, trust).outside, "its bureau is its own word"
    assert addressee(case, bo, trust, country="QP").country == "QP"
    vouched = bo.replace_card(identity.issue(bo.card, nordreich, until="2099-12-31T23:59:59Z", clearance=grants[0]))
    known = addressee(case, vouched, trust, country="QN", clearance="EXERCISE CONFIDENTIAL")
    assert (known.country, known.level, known.judicial) == ("QP", 1, False), (
        "the bureau's word goes before the sender's"
    )
    assert addressee(case, vouched, trust, judicial=True).judicial


@pytest.mark.slow
def test_a_package_to_an_unknown_country_leaves_it_out(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bo = identity.create_temporary("bo", bureau="NCB Nordreich", country="QP")
    trust = TrustList()
    for country, there in (("", False), ("QP", True)):
        path = case.packages.pack(
            to=[bo.card], reason="joint case", trust=trust, country=country, unknown_addressee="known"
        )
        with open_package(path, officer=bo, trust=trust) as package:
            assert ("closed.txt" in set(package.sources()["name"])) is there
            assert CLOSED not in str(package.header.cover.withheld)
        assert ("Give the country" in capsys.readouterr().out) is not there
    assert "as the officer says" not in case.log.entries()["detail"].iloc[-1]
