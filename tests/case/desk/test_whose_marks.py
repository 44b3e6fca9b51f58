"""A bureau marks the copy that it has brought: its mark hides no message of another bureau and no file of ours, whatever comes first."""

from __future__ import annotations

import zipfile
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from tests.case.desk.test_attached import GUESTS, MESSAGE, mail, sealed
from tests.case.packages.conftest import Side, packed
from workbench import identity
from workbench.case.access import brought_marks
from workbench.case.case import Case, open_case
from workbench.case.desk.messages import filing
from workbench.errors import CaseError
from workbench.exchange import package
from workbench.exchange.package_header import Cover
from workbench.identity import Bureau, TrustList
from workbench.ledger.access import message_marks
from workbench.ledger.records import packages
from workbench.messages import to_json

MARKS: dict[str, dict[str, str]] = {
    "level": {"attached": "RESTRICTED"}, "tlp": {"tlp": "TLP:RED", "handling": "H1"}, "whole": {"confidentiality": "RESTRICTED"},
}  # fmt: skip
THEIRS = replace(
    MESSAGE, type="request", our_ref="F-1", from_bureau="FR-NCB", to=("QN-NCB", "QM-NCB"), urgency="immediate",
    urgency_reason="The hostage will be shot.",
)  # fmt: skip


def zipped() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo("guests.csv"), GUESTS)
    return made.getvalue()


FILES = {"plain": ("g.csv", GUESTS), "in an archive": ("b.zip", zipped())}


@pytest.fixture
def luc(bo: Side, tmp_path: Path) -> Side:
    """An officer of a third bureau, which Bo trusts as well."""
    chief = identity.create_temporary("NCB France", bureau="NCB France", country="FR", role="bureau")
    officer = identity.create_temporary("luc", bureau="NCB France", country="FR")
    officer = officer.replace_card(identity.issue(officer.card, chief, until="2099-12-31T23:59:59Z"))
    trust = TrustList((*bo.trust.bureaux, Bureau.from_card(chief.card)))
    return Side(officer, trust, tmp_path / "case-luc")


@pytest.fixture
def place(tmp_path: Path, bo: Side) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "guests.csv").write_bytes(GUESTS)
    open_case(bo.folder, officer="carla", purpose="training").close()  # Bo is not the controller
    return tmp_path


def receive(case: Case, path: Path, luc: Side) -> str:
    return str(case.desk.receive(path, trust=luc.trust)["state"].iloc[0])


def message(luc: Side, bo: Side, folder: Path) -> Path:
    cover = Cover("m", purpose="p", reason="r")
    return package.write_package({"message.json": to_json(THEIRS).encode()}, cover, luc.officer, [bo.card], folder).path


def shown(case: Case) -> tuple[object, ...]:
    listed = case.sources.list().set_index("source")["mark"]
    return (
        listed.get(sha256(GUESTS).hexdigest()),
        len(case.search("Marta")),
        "Marta Oliveira" in set(case.entities()["caption"]),
    )


PLAIN = ("EXERCISE – FOR TRAINING ONLY", 1, True)


@pytest.mark.parametrize("said", MARKS)
def test_a_copy_of_a_message_hides_no_message_of_its_sender(
    ada: Side, bo: Side, luc: Side, place: Path, said: str
) -> None:
    with closing(bo.case()) as case:
        copy = sealed(ada.officer, bo, place / "in", {"note.json": to_json(THEIRS).encode()}, **MARKS[said])
        receive(case, copy, luc)
        assert receive(case, message(luc, bo, place / "in"), luc) == "read"
        filed = case.desk.messages().set_index("our_ref")
        assert "F-1" in set(case.desk.inbox()["our_ref"]) and filed.loc["F-1", "mark"] == "EXERCISE – FOR TRAINING ONLY"
        assert case.log.verify().query("state == 'bad'").empty


@pytest.mark.slow
@pytest.mark.parametrize("said", MARKS)
@pytest.mark.parametrize("form", FILES)
def test_a_mark_of_others_hides_no_file_that_we_add_later(
    ada: Side, bo: Side, luc: Side, place: Path, said: str, form: str
) -> None:
    name, data = FILES[form]
    with closing(bo.case()) as case:
        receive(case, sealed(ada.officer, bo, place / "in", {name: data}, **MARKS[said]), luc)
        was_hidden = shown(case)[0] is None
        assert was_hidden == (said != "tlp")
        assert case.add(place / "guests.csv")["state"].tolist() == ["read" if was_hidden else "known"]
        assert shown(case) == PLAIN and case.log.verify().query("state == 'bad'").empty
    for officer in ("zoe", "carla"):
        with closing(open_case(bo.folder, officer=officer, purpose="training")) as case:
            assert shown(case) == PLAIN


@pytest.mark.slow
@pytest.mark.parametrize("way", ["a message", "a mail", "a package"])
def test_a_mark_of_others_hides_no_file_that_a_third_bureau_sends(
    ada: Side, bo: Side, luc: Side, place: Path, way: str
) -> None:
    with closing(bo.case()) as case:
        receive(case, sealed(ada.officer, bo, place / "in", {"g.csv": GUESTS}, tlp="TLP:RED", handling="H1"), luc)
        assert "TLP:RED" in str(shown(case)[0])
        assert set(case.handling.marks().query("id == @sha256(@GUESTS).hexdigest()")["officer"]) == {
            "ada (NCB Valdora)"
        }
        if way == "a message":
            receive(case, sealed(luc.officer, bo, place / "in", {"g.csv": GUESTS}, from_bureau="FR-NCB"), luc)
        elif way == "a mail":
            case.desk.imports.add(mail(place / "in", {"g.csv": GUESTS}, mark="FOUO", tlp="TLP:CLEAR"))
        else:
            with closing(luc.case(title="Tip")) as theirs:
                theirs.add(place / "guests.csv")
                path = packed(theirs, luc, bo)
            with Side(bo.officer, luc.trust, bo.folder).open(path) as opened:
                opened.add_to(case)
        assert "TLP:RED" not in str(shown(case)[0]) and "H1" not in str(shown(case)[0])
        assert case.review.remarks()["text"].str.contains("TLP:RED").any()
        assert case.log.verify().query("state == 'bad'").empty


def test_what_all_its_senders_say_of_a_file_holds(ada: Side, bo: Side, luc: Side, place: Path) -> None:
    with closing(bo.case()) as case:
        receive(case, sealed(ada.officer, bo, place / "in", {"g.csv": GUESTS}, tlp="TLP:RED"), luc)
        theirs = sealed(
            luc.officer, bo, place / "in", {"g.csv": GUESTS}, tlp="TLP:AMBER", from_bureau="FR-NCB", our_ref="F-1"
        )
        receive(case, theirs, luc)
        assert "TLP:AMBER" in str(shown(case)[0])


def test_our_own_mark_stays_whoever_brings_the_file(ada: Side, bo: Side, luc: Side, place: Path) -> None:
    with closing(bo.case()) as case:
        receive(case, sealed(ada.officer, bo, place / "in", {"g.csv": GUESTS}, tlp="TLP:GREEN"), luc)
        case.handling.mark("g.csv", tlp="TLP:RED", because="of the source")
        receive(case, sealed(luc.officer, bo, place / "in", {"g.csv": GUESTS}, from_bureau="FR-NCB"), luc)
        case.add(place / "guests.csv")
        assert "TLP:RED" in str(shown(case)[0])


@pytest.mark.slow
@pytest.mark.parametrize("said", MARKS)
def test_a_mark_stays_where_its_bureau_brings_the_file_again_within_another_one(
    ada: Side, bo: Side, luc: Side, place: Path, said: str
) -> None:
    with closing(bo.case()) as case:
        receive(case, sealed(ada.officer, bo, place / "in", {"g.csv": GUESTS}, **MARKS[said]), luc)
        before = shown(case)
        receive(case, sealed(ada.officer, bo, place / "in", {"b.zip": zipped()}, our_ref="V-2"), luc)
        assert shown(case) == before != PLAIN
        theirs = {"c.zip": zipped() + b" "}
        receive(case, sealed(luc.officer, bo, place / "in", theirs, from_bureau="FR-NCB", our_ref="F-1"), luc)
        assert shown(case) == PLAIN, "another bureau brings it too, and says nothing of it"
        assert case.log.verify().query("state == 'bad'").empty


def test_a_mark_stays_where_a_file_of_its_bureau_is_read_again(ada: Side, bo: Side, luc: Side, place: Path) -> None:
    with closing(bo.case()) as case:
        receive(case, sealed(ada.officer, bo, place / "in", {"b.zip": zipped()}), luc)
        receive(case, sealed(ada.officer, bo, place / "in", {"g.csv": GUESTS}, tlp="TLP:RED", our_ref="V-2"), luc)
        outer, inner = (sha256(data).hexdigest() for data in (zipped(), GUESTS))
        brought_marks.keep_common_mark_within(case.context, inner, outer)
        assert "TLP:RED" in str(shown(case)[0])


@pytest.mark.slow
def test_a_word_of_ours_is_not_said_by_another_bureau(ada: Side, bo: Side, luc: Side, place: Path) -> None:
    conditions = {"handling": "H3", "conditions_of_use": "Tell nobody."}
    with closing(bo.case()) as case:
        receive(case, sealed(ada.officer, bo, place / "in", {"g.csv": GUESTS}, tlp="TLP:GREEN"), luc)
        case.handling.mark("g.csv", conditions=["Ask us first."], because="of the source")
        receive(case, sealed(ada.officer, bo, place / "in", {"g.csv": GUESTS}, our_ref="V-2", **conditions), luc)
        both = str(shown(case)[0])
        assert "Ask us first." in both and "Tell nobody." in both
        said = message_marks.list_said(case.context.ledger, sha256(GUESTS).hexdigest())
        assert [row["value"] for row in said if row["facet"] == "conditions"] == ['["Tell nobody."]']
        case.add(place / "guests.csv")
        assert "Ask us first." in str(shown(case)[0]) and "Tell nobody." not in str(shown(case)[0])
        remarks = case.review.remarks()["text"]
        assert remarks.str.contains("Tell nobody.").any() and not remarks.str.contains("Ask us first.").any()


def test_a_message_that_is_not_filed_frees_no_copy_of_it(
    ada: Side, bo: Side, luc: Side, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise CaseError("It was erased.")

    form = to_json(THEIRS).encode()
    with closing(bo.case()) as case:
        receive(case, sealed(ada.officer, bo, place / "in", {"note.json": form}, tlp="TLP:RED"), luc)
        monkeypatch.setattr(filing, "file_message", refuse)
        assert receive(case, message(luc, bo, place / "in"), luc) == "quarantined"
        assert message_marks.list_said(case.context.ledger, sha256(form).hexdigest())


def test_who_sends_is_looked_up_once_for_all_that_is_attached(
    ada: Side, bo: Side, luc: Side, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []
    found = packages.list_bureau_packages
    monkeypatch.setattr(packages, "list_bureau_packages", lambda *asked: looked.append(asked) or found(*asked))
    with closing(bo.case()) as case:
        files = {f"{number}.txt": f"Note {number}.".encode() for number in range(4)}
        assert receive(case, sealed(ada.officer, bo, place / "in", files), luc) == "read"
    assert len(looked) == 1
