"""Two bureaux on one machine, each with a home, an identity and a case: a case travels from A to B, is reviewed, taken in, answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import workbench as wb
from tests.case import material
from tests.case.everywhere import Needles, anywhere
from workbench.case.case import Case, open_case
from workbench.case.readings import FOLDER, REASON
from workbench.case.reviewing import Package, open_package
from workbench.errors import CaseError, PackageError
from workbench.exchange.package import pack as make_package
from workbench.ledger import entries, frames
from workbench.model import identity
from workbench.model.identity import Bureau, Card, Officer, TrustList

if TYPE_CHECKING:
    import pandas as pd

PHRASE = "four words and a comma"
UNTIL = "2099-12-31T23:59:59Z"
CALLS = "calling number;called number;start time;duration\n" + "".join(
    f"0770090010{n};0770090020{n};2024-03-0{day}T10:00:00;{n * 7}\n" for day, n in enumerate((2, 5, 1, 4, 3), 1)
)


@dataclass
class Side:
    """One bureau: its officer, whom it trusts, and where its case lies."""

    officer: Officer
    trust: TrustList
    folder: Path

    @property
    def card(self) -> Card:
        return self.officer.card

    def case(self, **options: str) -> Case:
        return open_case(self.folder, officer=self.officer, purpose="training", **options)

    def open(self, path: Path) -> Package:
        return open_package(path, officer=self.officer, trust=self.trust)


def vouched(make: Callable[..., Officer]) -> dict[str, tuple[Officer, Officer]]:
    """Name of an officer -> the bureau, and the officer for whom it vouches."""
    made = {}
    for name, bureau, country in (("ada", "NCB Valdora", "QM"), ("bo", "NCB Nordreich", "QN")):
        chief = make(bureau, bureau=bureau, country=country, role="bureau")
        officer = make(name, bureau=bureau, country=country)
        made[name] = (chief, officer.holding(identity.issue(officer.card, chief, until=UNTIL)))
    return made


@pytest.fixture(scope="module")
def officers() -> dict[str, tuple[Officer, Officer]]:
    return vouched(identity.unkept)


@pytest.fixture
def sides(officers: dict[str, tuple[Officer, Officer]], tmp_path: Path) -> dict[str, Side]:
    trust = TrustList(tuple(Bureau.of(chief.card) for chief, _ in officers.values()))
    return {name: Side(officer, trust, tmp_path / f"case-{name}") for name, (_, officer) in officers.items()}


@pytest.fixture
def ada(sides: dict[str, Side]) -> Side:
    return sides["ada"]


@pytest.fixture
def bo(sides: dict[str, Side]) -> Side:
    return sides["bo"]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    place = material.write(tmp_path)
    (place / "calls.csv").write_text(CALLS, "utf-8")
    return place


@pytest.fixture
def sent(ada: Side, files: Path) -> Iterator[Case]:
    """Ada's case, with something of everything."""
    case = ada.case(title="Harbour")
    case.add(files, options={"region": "GB"}, exhibit="AB/1")
    case.extract()
    case.judge([case.book.find("Ada Brook"), case.book.find("Cleo Dunn")], same=False, because="seen together")
    first = case.book.passages["passage_id"].iloc[0]
    case.note("The van matters.", passages=[first])
    case.state("Person", source=first, because="said so", name="Dara Finch", nationality="gb")
    case.mark("note.md", handling=["H1"], because="of the source")
    case.grade("chats.txt", "B2", because="two phones")
    yield case
    case.close()


def table(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    kept = [name for name in frame.columns if name not in ("officer", "received_at", "mark", "parameters")]
    return sorted(frame[kept].astype(str).itertuples(index=False, name=None))


def packed(case: Case, ada: Side, bo: Side, **options: object) -> Path:
    return case.pack(to=[bo.card], reason="joint case", trust=ada.trust, **options)  # type: ignore[arg-type]


# A to B and back --------------------------------------------------------------------------------------------------------


def test_a_case_travels_is_reviewed_and_taken_in(sent: Case, ada: Side, bo: Side) -> None:
    path = packed(sent, ada, bo)
    mine = bo.case(title="Harbour, from Valdora")
    arrived = sent.send(path, bo.folder / "inbox")
    waiting = mine.inbox()
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
    for name in ("documents", "entities", "sources"):
        assert table(getattr(mine, name)()) == table(getattr(sent, name)()), name
    assert added["documents"] == len(sent.documents())
    assert set(mine.evidence()["evidence_id"]) == set(sent.evidence()["evidence_id"])
    assert mine.notes()["officer"].tolist() == ["ada (NCB Valdora)"]
    assert "H1" in mine.documents().set_index("title").loc["note.md", "mark"]
    assert "B2" in set(mine.evidence()["grade"].str[:2])
    assert mine.search("container", limit=3)["text"].str.contains("container").any()
    assert mine.calls.summary().table.astype(str).equals(sent.calls.summary().table.astype(str))
    assert mine.inbox()["state"].tolist() == ["VALID"]
    mine.close()


def test_it_is_acknowledged_and_answered(sent: Case, ada: Side, bo: Side) -> None:
    mine = bo.case()
    with bo.open(packed(sent, ada, bo)) as package:
        package.add_to(mine)
        receipt = mine.acknowledge(package, note="Thank you.")
    checked = sent.receipt(mine.send(receipt, ada.folder / "inbox"), trust=ada.trust)
    assert (checked.state, checked.arrived) == ("VALID", True)
    assert sent.packages()["receipts"].tolist() == [1]

    pair = [mine.book.find("Ben Carver"), mine.book.find("Dara Finch")]
    mine.judge(pair, same=True, because="same voice")
    mine.note("Dara is Ben.", passages=[mine.book.passages["passage_id"].iloc[0]])
    back = mine.pack(to=[ada.card], reason="answer", trust=bo.trust)
    before = table(sent.evidence())
    with ada.open(mine.send(back, ada.folder / "inbox")) as package:
        assert package.state == "VALID"
        package.add_to(sent)
    assert table(sent.evidence()) == before
    assert len(sent.documents()) == len(mine.documents())
    assert sorted(sent.notes()["officer"]) == ["ada", "bo (NCB Nordreich)"]
    judged = frames.judgements(sent.book.ledger)
    assert judged["officer"].tolist() == ["ada"]
    [remark] = sent.issues().loc[lambda i: i["code"] == "remarks", "message"]
    assert remark == "NCB Nordreich judges or decides 1 times on what this case has of its own."
    mine.close()


def keep(home: Path, name: str, bureau: str, country: str) -> tuple[Officer, Officer]:
    """A home with a bureau and an officer for whom it vouches."""
    chief, _ = identity.new(bureau, bureau=bureau, country=country, role="bureau", passphrase=PHRASE, home=home)
    officer, _ = identity.new(name, bureau=bureau, country=country, passphrase=PHRASE, home=home)
    identity.take(identity.issue(officer.card, chief, until=UNTIL), TrustList((Bureau.of(chief.card),)), home=home)
    return chief, identity.unlock(name, home=home)


@pytest.mark.slow
def test_what_is_read_before_it_is_taken_in_is_logged(sent: Case, ada: Side, bo: Side) -> None:
    path = packed(sent, ada, bo)
    with bo.open(path) as package:
        shown = package.evidence("Ada Brook")
        for _ in range(3):
            package.documents()
        kept = entries.table(_home(bo).book.ledger)
        read = kept[kept["kind"].str.endswith("of a package")]
        assert read["kind"].tolist() == ["evidence of a package", "documents of a package"]
        assert read["count"].iloc[0] == len(shown) and set(read["reason"]) == {REASON} and set(read["query"]) == {""}
        mine = bo.case(title="Harbour", reason="joint case")
        package.add_to(mine)
    told = entries.table(mine.book.ledger)
    told = told[told["kind"].str.endswith("of a package")]
    assert told[["operation", "query", "reason", "mark"]].to_numpy().tolist() == [
        ["consultation", "Ada Brook", "joint case", package.header.cover.mark],
        ["consultation", "", "joint case", package.header.cover.mark],
    ]
    assert anywhere(identity.home.folder() / FOLDER, Needles(["Ada Brook"])) == []
    assert _home(bo).verify()["state"].ne("bad").all()
    mine.close()


def test_what_is_read_of_a_package_for_a_case_stands_in_its_log_alone(sent: Case, ada: Side, bo: Side) -> None:
    path = packed(sent, ada, bo)
    mine = bo.case(title="Harbour", reason="joint case")
    with open_package(path, officer=bo.officer, trust=bo.trust, case=mine, reason="request 12") as package:
        package.notes()
        package.add_to(mine)
    told = entries.table(mine.book.ledger)
    assert told.loc[told["kind"] == "notes of a package", "reason"].tolist() == ["request 12"]
    assert not (identity.home.folder() / FOLDER).exists()
    mine.book.ledger.session.reason = ""
    with (
        open_package(path, officer=bo.officer, trust=bo.trust, case=mine) as package,
        pytest.raises(CaseError, match="needs a reason"),
    ):
        package.notes()
    mine.close()


def _home(side: Side) -> Case:
    return open_case(identity.home.folder() / FOLDER, officer=side.officer, purpose="look")


def test_two_homes_on_one_machine(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    homes = {"ada": tmp_path / "home-ada", "bo": tmp_path / "home-bo"}
    valdora, ada = keep(homes["ada"], "ada", "NCB Valdora", "QM")
    nordreich, bo = keep(homes["bo"], "bo", "NCB Nordreich", "QN")
    identity.keep(TrustList((Bureau.of(nordreich.card),)), ada, homes["ada"])
    identity.keep(TrustList((Bureau.of(valdora.card),)), bo, homes["bo"])
    monkeypatch.setenv("WORKBENCH_HOME", str(homes["ada"]))
    case = wb.open_case(tmp_path / "a", officer=identity.unlock("ada"), purpose="training")
    case.add(files)
    (tmp_path / "bo.json").write_text(bo.card.to_json())
    path = case.pack(to=[tmp_path / "bo.json"], reason="joint case", valid_until="2098-01-01")
    monkeypatch.setenv("WORKBENCH_HOME", str(homes["bo"]))
    mine = wb.open_case(tmp_path / "b", officer=identity.unlock("bo"), purpose="training")
    with wb.open_package(case.send(path, tmp_path / "b/inbox"), officer="bo") as package:
        assert package.state == "VALID"
        assert package.header.cover.valid_until == "2098-01-01T23:59:59Z"
        package.add_to(mine)
        receipt = mine.send(mine.acknowledge(package), tmp_path / "a/inbox")
    assert len(mine.documents()) == len(case.documents())
    monkeypatch.setenv("WORKBENCH_HOME", str(homes["ada"]))
    assert case.receipt(receipt).arrived
    case.close()
    mine.close()


@pytest.mark.parametrize("held", ["with its file", "without"])
def test_what_was_erased_here_stays_erased_when_a_package_brings_it_back(
    sent: Case, ada: Side, bo: Side, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, held: str
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    if held == "without":
        secret = sent.documents().loc[lambda d: d["title"].str.startswith("Done"), "document_id"].item()
        sent.mark(secret, level="EXERCISE CONFIDENTIAL", because="of the source")
    mine = bo.case()
    first, second = packed(sent, ada, bo), packed(sent, ada, bo)
    with bo.open(first) as package:
        package.add_to(mine)
    documents = mine.documents()
    gone = documents.loc[documents["title"].str.contains("Call"), "document_id"].item()
    mine.erase(gone, because="request 7", sure=True)
    assert gone not in set(mine.documents()["document_id"])
    with bo.open(second) as package:
        package.add_to(mine)
    assert gone not in set(mine.documents()["document_id"])
    assert Needles(["ben@carver.example"]).found(" ".join(mine.book.passages["text"])) == set()
    assert anywhere(bo.folder / "sources", Needles(["write to ben@carver"]), open_ledger=False) == []
    assert len(mine.documents()) == len(documents) - 1
    mine.close()


def test_what_is_in_a_package(sent: Case, ada: Side, bo: Side) -> None:
    with bo.open(packed(sent, ada, bo, report=True)) as package:
        assert b"Dara Finch" in package.opened.content("reports/report.html")
        assert {"ro-crate-metadata.json", "withheld.json", "ledger/evidence.jsonl"} <= set(package.opened.names)
        crate = json.loads(package.opened.content("ro-crate-metadata.json"))
    actions = [entity for entity in crate["@graph"] if entity["@type"] == "CreateAction"]
    assert len(actions) >= 5
    assert {entity["name"] for entity in crate["@graph"] if entity["@type"] == "Person"} == {"ada (NCB Valdora)"}


def test_what_both_have_is_not_doubled(sent: Case, ada: Side, bo: Side, files: Path) -> None:
    mine = bo.case()
    mine.add(files / "chats.txt", options={"region": "GB"})
    mine.extract()
    own, documents = set(mine.evidence()["evidence_id"]), len(mine.documents())
    with bo.open(packed(sent, ada, bo)) as package:
        package.add_to(mine)
    assert own <= set(mine.evidence()["evidence_id"])
    assert len(mine.documents()) == len(sent.documents()) > documents
    assert not mine.evidence()["evidence_id"].duplicated().any()
    assert "bad" not in set(mine.verify()["state"])
    key = source(mine, "note.md")
    (ours := mine.book.folder.source(key)).chmod(0o600)
    ours.unlink()
    assert f"The source 'note.md' ({key}) is gone." in set(mine.verify()["said"])
    chats = mine.sources().set_index("name").loc["chats.txt"]
    assert (chats["officer"], mine.sources().set_index("name").loc["note.md", "officer"]) == ("bo", "ada (NCB Valdora)")
    mine.close()


def test_a_selection_takes_what_belongs_to_it(sent: Case, ada: Side, bo: Side) -> None:
    path = packed(sent, ada, bo, what="note.md")
    with bo.open(path) as package:
        assert package.documents()["title"].tolist() == ["note.md"]
        assert [name for name in package.opened.names if name.startswith("sources/")] == [
            f"sources/{source(sent, 'note.md')}"
        ]
        assert set(package.entities()["schema"]) <= set(sent.entities()["schema"])
        assert package.notes().empty and package.judgements().empty


def source(case: Case, name: str) -> str:
    return str(case.sources().set_index("name").loc[name, "source"])


def everything(package: Package) -> bytes:
    return b"\n".join(package.opened.content(name) for name in package.opened.names)


# Only what the addressee may have ---------------------------------------------------------------------------------------


def test_what_is_above_the_addressee_stays(sent: Case, ada: Side, bo: Side) -> None:
    sent.mark("note.md", level="EXERCISE RESTRICTED", because="of a partner")
    sent.clear("zelda", "EXERCISE RESTRICTED", because="vetted")
    with bo.open(packed(sent, ada, bo)) as package:
        data = everything(package)
        assert b"grey van" not in data and b"note.md" not in data and b"AB12" not in data
        assert package.header.cover.mark == "EXERCISE – FOR TRAINING ONLY"
        assert b"zelda" not in data


@pytest.mark.parametrize(("barred", "seen"), [("QN", False), ("QX", True)])
def test_a_country_with_no_access_gets_nothing(sent: Case, ada: Side, bo: Side, barred: str, seen: bool) -> None:
    sent.mark("note.md", barred=[barred], because="its source asks so")
    with bo.open(packed(sent, ada, bo)) as package:
        assert (b"grey van" in everything(package)) == seen


def test_h2_needs_permission(sent: Case, ada: Side, bo: Side) -> None:
    sent.mark("note.md", handling=["H2"], because="its source asks so")
    with bo.open(packed(sent, ada, bo)) as package:
        assert b"grey van" not in everything(package)
        assert package.header.cover.withheld["H2 without permission"] == 1
    sent.permit("note.md", "H2", by="NCB Osterland", because="letter of 3 May")
    with bo.open(packed(sent, ada, bo)) as package:
        assert b"grey van" in everything(package)
        assert "H2" in package.header.cover.handling
        assert b"Osterland" not in everything(package)


def test_a_part_that_is_withheld_keeps_the_original_back(sent: Case, ada: Side, bo: Side) -> None:
    passages = sent.book.passages
    secret = passages[passages["text"].str.contains("IBAN")][["passage_id"]]
    sent.mark(secret, handling=["H2"], because="its source asks so")
    mine = bo.case()
    with bo.open(packed(sent, ada, bo)) as package:
        data = everything(package)
        assert b"GB82" not in data and b"Friday night" in data
        assert f"sources/{source(sent, 'chats.txt')}" not in package.opened.names
        assert package.header.cover.withheld["original files of which a part is withheld"] == 1
        package.add_to(mine)
    [told] = mine.issues().loc[lambda i: i["code"] == "original-kept", "message"]
    assert told.startswith("NCB Valdora kept the original file back: a part of it is withheld.")
    assert mine.search("Friday", limit=1)["text"].str.contains("Friday").all()
    assert "bad" not in set(mine.verify()["state"])
    assert "mend" not in set(mine.doctor()["state"])
    mine.close()


def test_what_is_set_aside_goes_to_nobody(sent: Case, ada: Side, bo: Side) -> None:
    sent.set_aside(term="grey van", because="advice of counsel")
    with bo.open(packed(sent, ada, bo)) as package:
        assert b"grey van" not in everything(package)
        assert package.header.cover.withheld["documents set aside"] == 1


def test_a_withheld_number_is_in_no_mass_row(sent: Case, ada: Side, bo: Side) -> None:
    sent.mark("+447700900203", level="EXERCISE RESTRICTED", because="a source's telephone")
    with bo.open(packed(sent, ada, bo)) as package:
        assert b"900203" not in everything(package)
        assert not any(name.startswith("sources/" + source(sent, "calls.csv")) for name in package.opened.names)
        mine = bo.case()
        package.add_to(mine)
    assert len(mine.calls.summary().records()) == len(sent.calls.summary().records()) == 4
    mine.close()


# What is not taken in ---------------------------------------------------------------------------------------------------


def test_only_a_valid_package_is_taken_in(sent: Case, ada: Side, bo: Side) -> None:
    path, mine = packed(sent, ada, bo), bo.case()
    with open_package(path, officer=bo.officer, trust=TrustList()) as package:
        assert package.state == "VALID, ISSUER NOT TRUSTED"
        with pytest.raises(CaseError, match="is not taken in"):
            package.add_to(mine)
        assert len(package.add_to(mine, unknown_sender=True))
    with open_package(path, officer=bo.officer, trust=bo.trust, at="2100-01-01T00:00:00Z") as package:
        with pytest.raises(CaseError, match="the package is EXPIRED"):
            package.add_to(mine, unknown_sender=True)
        with pytest.raises(PackageError, match="nothing in it is to be read"):
            package.documents()
    with open_package(path, officer=ada.officer, trust=ada.trust) as package:
        assert package.state == "DAMAGED OR NOT FOR YOU"
        assert mine.acknowledge(package).exists()
    mine.close()


def test_a_package_needs_a_reason_a_key_and_somebody(sent: Case, ada: Side, bo: Side, tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="a package needs a reason"):
        sent.pack(to=[bo.card], reason=" ", trust=ada.trust)
    with pytest.raises(CaseError, match="a package needs an addressee"):
        sent.pack(to=[], reason="x", trust=ada.trust)
    other = open_case(tmp_path / "other", officer="ada", purpose="training")
    with closing(other), pytest.raises(CaseError, match="no key is unlocked"):
        other.pack(to=[bo.card], reason="x", trust=ada.trust)


# A sender who lies -------------------------------------------------------------------------------------------------------

Payload = dict[str, bytes]


def bad_json(payload: Payload, _: Case) -> None:
    payload["ledger/documents.jsonl"] += b"{nothing\n"


def no_object(payload: Payload, _: Case) -> None:
    payload["ledger/documents.jsonl"] += b"[1]\n"


def no_about(payload: Payload, _: Case) -> None:
    payload["ledger/about.json"] = b"[]"


def newer(payload: Payload, _: Case) -> None:
    payload["ledger/about.json"] = payload["ledger/about.json"].replace(b'"format": 1', b'"format": 2')


def other_original(payload: Payload, case: Case) -> None:
    payload[f"sources/{source(case, 'note.md')}"] = b"# Another report"


def no_parquet(payload: Payload, _: Case) -> None:
    name = next(name for name in payload if name.endswith(".parquet"))
    payload[name] = b"PAR1" + bytes(500) + b"PAR1"


def missing_parquet(payload: Payload, _: Case) -> None:
    del payload[next(name for name in payload if name.endswith(".parquet"))]


def other_source(payload: Payload, case: Case) -> None:
    """Mass rows that say of themselves that they are of another source."""
    told = json.loads(payload["ledger/row_files.jsonl"])
    told["source"] = source(case, "note.md")
    payload["ledger/row_files.jsonl"] = json.dumps(told).encode()


def more_rows(payload: Payload, _: Case) -> None:
    told = json.loads(payload["ledger/row_files.jsonl"])
    payload["ledger/row_files.jsonl"] = json.dumps({**told, "rows": told["rows"] + 1}).encode()


def climbing(payload: Payload, _: Case) -> None:
    told = json.loads(payload["ledger/row_files.jsonl"])
    payload["ledger/row_files.jsonl"] = json.dumps({**told, "path": "../ledger.db"}).encode()


LIES = [
    bad_json,
    no_object,
    no_about,
    newer,
    other_original,
    no_parquet,
    missing_parquet,
    other_source,
    more_rows,
    climbing,
]


def tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if ".db" not in path.name}


def test_of_a_sender_who_lies_nothing_is_taken_in(sent: Case, ada: Side, bo: Side, tmp_path: Path) -> None:
    with bo.open(packed(sent, ada, bo)) as package:
        honest = {name: package.opened.content(name) for name in package.opened.names}
        cover = package.header.cover
    mine = bo.case()
    version = mine.book.ledger.version()
    for lie in LIES:
        payload = dict(honest)
        lie(payload, sent)
        made = make_package(payload, cover, ada.officer, [bo.card], tmp_path / lie.__name__)
        with bo.open(made.path) as package:
            assert package.state == "VALID", lie.__name__
            with pytest.raises(PackageError):
                package.add_to(mine)
        assert mine.documents().empty and mine.sources().empty and mine.book.ledger.version() == version, lie.__name__
        assert {path for path in tree(mine.book.folder.path) if not path.startswith(("sources/", "rows/"))} <= {
            ".lock",
            "case.toml", "derived", "reports", "rows", "sources", "inbox", "outbox",
        }  # fmt: skip
    with bo.open(make_package(honest, cover, ada.officer, [bo.card], tmp_path / "honest").path) as package:
        package.add_to(mine)
    assert len(mine.documents()) == len(sent.documents())
    mine.close()
