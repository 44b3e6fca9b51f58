"""Two bureaux on one machine, each with a home, an identity and a case: a case travels from A to B, is reviewed, taken in, answered."""

from __future__ import annotations

from contextlib import closing
from operator import attrgetter
from pathlib import Path

import pytest

import workbench as wb
from tests.case.everywhere import Needles, anywhere
from tests.case.packages.conftest import PHRASE, UNTIL, Side, packed, source, table
from tests.catalogued import left, plain
from workbench import identity
from workbench.case.access.preview_log import FOLDER, REASON
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity
from workbench.case.packages import package_import
from workbench.case.packages.preview import open_package
from workbench.errors import CaseError, PackageError
from workbench.identity import Bureau, Officer, TrustList
from workbench.identity.core import key_store
from workbench.ledger.erasure.erased_remarks import Barring
from workbench.ledger.records import consultations, row_tables
from workbench.model.catalogue import LANGUAGES, Translator


@pytest.mark.slow
def test_a_case_travels_is_reviewed_and_taken_in(sent: Case, ada: Side, bo: Side) -> None:
    path = packed(sent, ada, bo)
    mine = bo.case(title="Harbour, from Valdora")
    arrived = sent.packages.send(path, bo.folder / "inbox")
    waiting = mine.packages.inbox()
    assert (waiting["name"].tolist(), waiting["state"].tolist()) == ([path.name], [""])
    with bo.open(arrived) as package:
        assert package.state == "VALID"
        assert table(package.documents()) == table(sent.documents())
        assert table(package.entities()) == table(sent.entities())
        assert package.judgements()["officer"].tolist() == ["ada (NCB Valdora)"]
        assert "EXERCISE – ada, NCB Valdora (QM)" in package._repr_html_()
        assert mine.documents().empty
        added = package.add_to(mine).set_index("rows")["new"]
        assert package.add_to(mine).empty
    for name in ("documents", "entities", "sources.list"):
        assert table(attrgetter(name)(mine)()) == table(attrgetter(name)(sent)()), name
    assert added["documents"] == len(sent.documents())
    assert set(mine.evidence.list()["evidence_id"]) == set(sent.evidence.list()["evidence_id"])
    assert mine.review.notes()["officer"].tolist() == ["ada (NCB Valdora)"]
    assert "H1" in mine.documents().set_index("title").loc["note.md", "mark"]
    assert "B2" in set(mine.evidence.list()["grade"].str[:2])
    assert mine.search("container", limit=3)["text"].str.contains("container").any()
    assert mine.calls.summary().table.astype(str).equals(sent.calls.summary().table.astype(str))
    assert mine.packages.inbox()["state"].tolist() == ["VALID"]
    mine.close()


@pytest.mark.slow
def test_it_is_acknowledged_and_answered(sent: Case, ada: Side, bo: Side) -> None:
    mine = bo.case()
    with bo.open(packed(sent, ada, bo)) as package:
        package.add_to(mine)
        receipt = mine.packages.acknowledge(package, note="Thank you.")
    checked = sent.packages.check_receipt(mine.packages.send(receipt, ada.folder / "inbox"), trust=ada.trust)
    assert (checked.state, checked.arrived) == ("VALID", True)
    assert sent.packages.list()["receipts"].tolist() == [1]

    pair = [find_entity(mine.context, "Ben Carver"), find_entity(mine.context, "Dara Finch")]
    mine.judgements.judge(pair, same=True, because="same voice")
    mine.review.note("Dara is Ben.", passages=[mine.context.passages["passage_id"].iloc[0]])
    back = mine.packages.pack(to=[ada.card], reason="answer", trust=bo.trust)
    before = table(sent.evidence.list())
    with ada.open(mine.packages.send(back, ada.folder / "inbox")) as package:
        assert package.state == "VALID"
        package.add_to(sent)
    assert table(sent.evidence.list()) == before
    assert len(sent.documents()) == len(mine.documents())
    assert sorted(sent.review.notes()["officer"]) == ["ada"]
    assert set(sent.review.remarks()["kind"]) == {"judgement", "note"}
    judged = row_tables.list_judgements(sent.context.ledger)
    assert judged["officer"].tolist() == ["ada"]
    [remark] = sent.sources.issues().loc[lambda i: i["code"] == "remarks", "message"]
    assert remark.startswith("Remarks by NCB Nordreich about items that did not come only from this bureau: 2.")
    mine.close()


def keep(home: Path, name: str, bureau: str, country: str) -> tuple[Officer, Officer]:
    """A home with a bureau and an officer for whom it vouches."""
    chief, _ = identity.create_identity(
        bureau, bureau=bureau, country=country, role="bureau", passphrase=PHRASE, home=home
    )
    officer, _ = identity.create_identity(name, bureau=bureau, country=country, passphrase=PHRASE, home=home)
    identity.install_card(
        identity.issue(officer.card, chief, until=UNTIL), TrustList((Bureau.from_card(chief.card),)), home=home
    )
    return chief, identity.unlock(name, home=home)


@pytest.mark.slow
def test_what_is_read_before_it_is_taken_in_is_logged(sent: Case, ada: Side, bo: Side) -> None:
    path = packed(sent, ada, bo)
    with bo.open(path) as package:
        shown = package.evidence("Ada Brook")
        for _ in range(3):
            package.documents()
        kept = consultations.list_entries(_home(bo).context.ledger)
        read = kept[kept["kind"].str.endswith("of a package")]
        assert read["kind"].tolist() == ["evidence of a package", "documents of a package"]
        assert read["count"].iloc[0] == len(shown) and set(read["reason"]) == {REASON} and set(read["query"]) == {""}
        mine = bo.case(title="Harbour", reason="joint case")
        package.add_to(mine)
    told = consultations.list_entries(mine.context.ledger)
    told = told[told["kind"].str.endswith("of a package")]
    assert told[["operation", "query", "reason", "mark"]].to_numpy().tolist() == [
        ["consultation", "Ada Brook", "joint case", package.header.cover.mark],
        ["consultation", "", "joint case", package.header.cover.mark],
    ]
    assert anywhere(key_store.folder() / FOLDER, Needles(["Ada Brook"])) == []
    assert _home(bo).log.verify()["state"].ne("bad").all()
    mine.close()


def test_what_is_read_of_a_package_for_a_case_stands_in_its_log_alone(sent: Case, ada: Side, bo: Side) -> None:
    path = packed(sent, ada, bo)
    mine = bo.case(title="Harbour", reason="joint case")
    with open_package(path, officer=bo.officer, trust=bo.trust, case=mine, reason="request 12") as package:
        package.notes()
        package.add_to(mine)
    told = consultations.list_entries(mine.context.ledger)
    assert told.loc[told["kind"] == "notes of a package", "reason"].tolist() == ["request 12"]
    assert not (key_store.folder() / FOLDER).exists()
    mine.context.ledger.session.reason = ""
    with (
        open_package(path, officer=bo.officer, trust=bo.trust, case=mine) as package,
        pytest.raises(CaseError, match="You need a reason to view this material"),
    ):
        package.notes()
    mine.close()


def _home(side: Side) -> Case:
    return open_case(key_store.folder() / FOLDER, officer=side.officer, purpose="look")


def test_two_homes_on_one_machine(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    homes = {"ada": tmp_path / "home-ada", "bo": tmp_path / "home-bo"}
    valdora, ada = keep(homes["ada"], "ada", "NCB Valdora", "QM")
    nordreich, bo = keep(homes["bo"], "bo", "NCB Nordreich", "QN")
    identity.save_trust_list(TrustList((Bureau.from_card(nordreich.card),)), ada, homes["ada"])
    identity.save_trust_list(TrustList((Bureau.from_card(valdora.card),)), bo, homes["bo"])
    monkeypatch.setenv("WORKBENCH_HOME", str(homes["ada"]))
    case = wb.open_case(tmp_path / "a", officer=identity.unlock("ada"), purpose="training")
    case.add(files)
    (tmp_path / "bo.json").write_text(bo.card.to_json())
    path = case.packages.pack(to=[tmp_path / "bo.json"], reason="joint case", valid_until="2098-01-01")
    monkeypatch.setenv("WORKBENCH_HOME", str(homes["bo"]))
    mine = wb.open_case(tmp_path / "b", officer=identity.unlock("bo"), purpose="training")
    with wb.open_package(case.packages.send(path, tmp_path / "b/inbox"), officer="bo") as package:
        assert package.state == "VALID"
        assert package.header.cover.valid_until == "2098-01-01T23:59:59Z"
        package.add_to(mine)
        receipt = mine.packages.send(mine.packages.acknowledge(package), tmp_path / "a/inbox")
    assert len(mine.documents()) == len(case.documents())
    monkeypatch.setenv("WORKBENCH_HOME", str(homes["ada"]))
    assert case.packages.check_receipt(receipt).arrived
    case.close()
    mine.close()


@pytest.mark.slow
@pytest.mark.parametrize("held", ["with its file", "without"])
def test_what_was_erased_here_stays_erased_when_a_package_brings_it_back(
    sent: Case, ada: Side, bo: Side, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, held: str
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    if held == "without":
        secret = sent.documents().loc[lambda d: d["title"].str.startswith("Done"), "document_id"].item()
        sent.handling.mark(secret, level="EXERCISE CONFIDENTIAL", because="of the source")
    mine = bo.case()
    first, second = packed(sent, ada, bo), packed(sent, ada, bo)
    with bo.open(first) as package:
        package.add_to(mine)
    documents = mine.documents()
    gone = documents.loc[documents["title"].str.contains("Call"), "document_id"].item()
    mine.privacy.erase(gone, because="request 7", sure=True)
    assert gone not in set(mine.documents()["document_id"])
    with bo.open(second) as package:
        package.add_to(mine)
    assert gone not in set(mine.documents()["document_id"])
    assert Needles(["ben@carver.example"]).found(" ".join(mine.context.passages["text"])) == set()
    assert anywhere(bo.folder / "sources", Needles(["write to ben@carver"]), open_ledger=False) == []
    assert len(mine.documents()) == len(documents) - 1
    mine.close()


@pytest.mark.slow
@pytest.mark.parametrize("kept", ["never", "by an older workbench"])
def test_what_was_erased_here_does_not_come_back_as_a_remark(
    ada: Side, bo: Side, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kept: str
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    (files := tmp_path / "both").mkdir()
    (files / "gate.txt").write_text("Olga Wren bought a boat from Kurt Sand.\n\nKurt Sand sold nothing else.", "utf-8")
    (files / "list.csv").write_text(
        "name,birthDate,phone\nOlga Wren,1990-09-09,+4722115555\nKurt Sand,1991-01-01,", "utf-8"
    )
    mine, theirs = bo.case(), ada.case()
    for case in (mine, theirs):
        case.add(files)
        case.extract()
    passages = theirs.context.passages.set_index("text")["passage_id"]
    her, him = (next(key for text, key in passages.items() if said in text) for said in ("a boat", "1991-01-01"))
    theirs.review.note("Olga Wren is meant.", passages=[her])
    theirs.review.note("Kurt is armed.", passages=[him])
    theirs.evidence.add("Person", entity="Olga Wren", source=her, because="Olga told", nationality="gb")
    claim = theirs.evidence.list("Olga Wren")["evidence_id"].iloc[0]
    theirs.review.reject(claim, because="Olga Wren was elsewhere")
    theirs.judgements.judge(
        [find_entity(theirs.context, "Olga Wren"), find_entity(theirs.context, "Kurt Sand")],
        same=False,
        because="Olga is not he",
    )
    mine.privacy.erase(find_entity(mine.context, "Olga Wren"), because="request 7", sure=True)
    with monkeypatch.context() as patch, bo.open(packed(theirs, ada, bo)) as package:
        if kept != "never":
            patch.setattr(Barring, "is_about_erased", lambda *_: False)
        package.add_to(mine)
    mine.close()
    with closing(bo.case()) as mine:
        assert mine.review.remarks()["text"].tolist() == ["Kurt is armed."]
        assert [line for line in mine.context.ledger.connection.iterdump() if "Olga" in line] == []
        assert "bad" not in set(mine.log.verify()["state"])
    theirs.close()


@pytest.mark.slow
def test_words_that_an_erasure_struck_come_with_no_later_package(
    ada: Side, bo: Side, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    (files := tmp_path / "both").mkdir()
    (files / "list.csv").write_text("name,birthDate\nOlga Wren,1990-09-09\nKurt Sand,1991-01-01\n", "utf-8")
    (files / "gate.txt").write_text("The barge left at dawn.", "utf-8")
    mine, theirs = bo.case(), ada.case(title="On Olga Wren")
    for case in (mine, theirs):
        case.add(files)
    note = theirs.review.note("A loose note on Olga Wren.")
    theirs.handling.mark("gate.txt", conditions=["not for Olga Wren"], because="asked by Olga Wren")
    for _ in range(2):
        with bo.open(packed(theirs, ada, bo)) as package:
            package.add_to(mine)
        if not mine.privacy.erasures().size:
            mine.privacy.erase("Olga Wren", because="request 7", sure=True)
        assert [line for line in mine.context.ledger.connection.iterdump() if "Olga" in line] == []
        assert mine.review.notes()["text"].tolist() == ["A loose note on [erased]."]
        assert all(mark.endswith("· not for [erased]") for mark in mine.review.remarks()["mark"])
    mine.privacy.erase(note, because="request 8", sure=True)
    theirs.review.note("Kurt is armed.")
    with bo.open(packed(theirs, ada, bo)) as package:
        package.add_to(mine)
    assert mine.review.notes()["text"].tolist() == ["Kurt is armed."]
    assert "loose" not in "".join(mine.context.ledger.connection.iterdump())
    assert "bad" not in set(mine.log.verify()["state"])
    for case in (mine, theirs):
        case.close()


@pytest.mark.slow
def test_an_erasure_reaches_the_reasons_for_which_a_package_was_read(
    ada: Side, bo: Side, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    (tmp_path / "list.csv").write_text("name,birthDate\nOlga Wren,1990-09-09\nKurt Sand,1991-01-01\n", "utf-8")
    mine, theirs = bo.case(), ada.case()
    theirs.add(tmp_path / "list.csv")
    path = packed(theirs, ada, bo)
    for reason in ("about Olga Wren", "about Kurt Sand"):
        with open_package(path, officer=bo.officer, trust=bo.trust, reason=reason) as package:
            package.documents()
    with bo.open(path) as package:
        package.add_to(mine)
    told = [mine.privacy.erase("Olga Wren", because="request 7", sure=sure) for sure in (False, True)]
    assert [each.set_index("what").at["texts of your log of packages read", "number"] for each in told] == [1, 1]
    assert anywhere(tmp_path / "home" / FOLDER, Needles(["Olga", "Wren"])) == []
    with closing(_home(bo)) as log:
        assert "about Kurt Sand" in set(consultations.list_entries(log.context.ledger)["reason"])
        assert log.log.verify()["state"].ne("bad").all()
    for case in (mine, theirs):
        case.close()


@pytest.mark.slow
def test_what_both_have_is_not_doubled(sent: Case, ada: Side, bo: Side, files: Path) -> None:
    mine = bo.case()
    mine.add(files / "chats.txt", options={"region": "GB"})
    mine.extract()
    own, documents = set(mine.evidence.list()["evidence_id"]), len(mine.documents())
    with bo.open(packed(sent, ada, bo)) as package:
        package.add_to(mine)
    assert own <= set(mine.evidence.list()["evidence_id"])
    assert len(mine.documents()) == len(sent.documents()) > documents
    assert not mine.evidence.list()["evidence_id"].duplicated().any()
    assert "bad" not in set(mine.log.verify()["state"])
    key = source(mine, "note.md")
    (ours := mine.context.folder.get_source_path(key)).chmod(0o600)
    ours.unlink()
    assert any(said.startswith(f"The source 'note.md' ({key}) is missing.") for said in mine.log.verify()["said"])
    chats = mine.sources.list().set_index("name").loc["chats.txt"]
    assert (chats["officer"], mine.sources.list().set_index("name").loc["note.md", "officer"]) == (
        "bo",
        "ada (NCB Valdora)",
    )
    mine.close()


def test_only_a_valid_package_is_taken_in(sent: Case, ada: Side, bo: Side) -> None:
    path, mine = packed(sent, ada, bo), bo.case()
    with open_package(path, officer=bo.officer, trust=TrustList()) as package:
        assert package.state == "VALID, ISSUER NOT TRUSTED"
        with pytest.raises(CaseError, match=r"The package was not imported\. It is VALID, ISSUER NOT TRUSTED"):
            package.add_to(mine)
        assert len(package.add_to(mine, unknown_sender=True))
    with open_package(path, officer=bo.officer, trust=bo.trust, at="2100-01-01T00:00:00Z") as package:
        with pytest.raises(CaseError, match=r"The package was not imported\. It is EXPIRED"):
            package.add_to(mine, unknown_sender=True)
        with pytest.raises(PackageError, match="Its content was not shown"):
            package.documents()
    with open_package(path, officer=ada.officer, trust=ada.trust) as package:
        assert package.state == "DAMAGED OR NOT FOR YOU"
        assert mine.packages.acknowledge(package).exists()
    mine.close()


def test_a_package_that_expires_while_it_is_open_is_not_taken_in(
    sent: Case, ada: Side, bo: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed(sent, ada, bo, valid_until="2099-01-01")
    mine = bo.case()
    with open_package(path, officer=bo.officer, trust=bo.trust) as package:
        assert package.state == "VALID"
        monkeypatch.setattr(package_import, "now", lambda: "2100-01-01T00:00:00Z")
        with pytest.raises(CaseError, match=r"The package was not imported\. It is EXPIRED"):
            package.add_to(mine)
    monkeypatch.undo()
    with open_package(path, officer=bo.officer, trust=bo.trust) as package:
        assert len(package.add_to(mine))
    mine.close()


def test_a_package_needs_a_reason_a_key_and_somebody(sent: Case, ada: Side, bo: Side, tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="A package needs a reason"):
        sent.packages.pack(to=[bo.card], reason=" ", trust=ada.trust)
    with pytest.raises(CaseError, match="A package needs at least one addressee"):
        sent.packages.pack(to=[], reason="x", trust=ada.trust)
    other = open_case(tmp_path / "other", officer="ada", purpose="training")
    with closing(other), pytest.raises(CaseError, match="no key is unlocked"):
        other.packages.pack(to=[bo.card], reason="x", trust=ada.trust)


@pytest.mark.slow
def test_a_package_is_shown_in_the_language_of_the_case(sent: Case, ada: Side, bo: Side, tmp_path: Path) -> None:
    path, cut = packed(sent, ada, bo), tmp_path / "cut.case.age"
    cut.write_bytes(path.read_bytes()[:-1])
    for language in LANGUAGES[1:]:
        say = Translator(language)
        with closing(bo.case(language=language)) as mine:
            for file, state in ((path, "VALID"), (cut, "DAMAGED OR NOT FOR YOU")):
                with open_package(file, officer=bo.officer, trust=bo.trust, case=mine) as package:
                    page = package._repr_html_()
                    assert say("package.title", state=say.term("package.state", state)) in page
                    assert left(plain(page), language, own=["training"]) == []
                    assert (say("package.part.documents") in page) == (state == "VALID")
            with pytest.raises(PackageError) as refused:
                package.documents()
        assert str(say.translate_value(package.said[0])) in refused.value.translate_to(language)
