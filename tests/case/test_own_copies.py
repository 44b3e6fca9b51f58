"""An officer who brings a file that is hidden from that officer: the case answers as if it were new, and nobody else sees more."""

from __future__ import annotations

import time
import zipfile
from email.message import EmailMessage
from io import BytesIO
from operator import attrgetter
from pathlib import Path

import pandas as pd
import pytest

from tests.case.planted import CALLS
from tests.case.walking import flat
from tests.matrices import first_quick
from workbench.case.case import Case, open_case
from workbench.errors import CaseError
from workbench.ledger.access import own_copies, terms
from workbench.ledger.records.package_tables import TABLES
from workbench.ledger.transfer.row_export import Parcel

RESTRICTED = "EXERCISE RESTRICTED"
TEXT = "Memo on Rodolfo Quillfeather. Marta Oliveira knows. The van was seen near Lisbon.\n"
HOW = {"level": {"level": RESTRICTED}, "country": {"barred": ["QM"]}, "purpose": {"purpose": "counter-terrorism"}}
FILES = ("guess.txt", "guess.zip", "guess-calls.csv", "guess.bin")


def write(folder: Path, names: dict[str, str]) -> Path:
    """The same files under any names."""
    folder.mkdir(parents=True)
    (folder / names["guess.txt"]).write_text(TEXT, "utf-8")
    (folder / names["guess-calls.csv"]).write_text(CALLS, "utf-8")
    (folder / names["guess.bin"]).write_bytes(bytes(range(256)) * 4)
    with zipfile.ZipFile(folder / names["guess.zip"], "w") as archive:
        archive.writestr(zipfile.ZipInfo("inner.txt"), "Rodolfo Quillfeather took the boat to Lisbon.")
    return folder


def made(place: Path, how: dict[str, object]) -> Path:
    """A case; with `how`, ada brought the files before under other names and hid them."""
    place.mkdir()
    (place / "open.txt").write_text("Marta Oliveira met Bob Stevedore at the crane.", "utf-8")
    ada = open_case(place / "case", officer="ada", purpose="test", title="Harbour")
    ada.add(place / "open.txt")
    ada.access.grant("bob", country="QM", because="seconded")
    ada.access.grant("carl", country="QM", because="seconded")
    if how:
        hidden = write(place / "hidden", {name: name.replace("guess", "zorv") for name in FILES})
        ada.add(hidden, exhibit="ADA/1", options={"region": "GB"})
        for name in FILES:
            ada.handling.mark(name.replace("guess", "zorv"), because="of a partner", **how)  # type: ignore[arg-type]
    ada.close()
    write(place / "mine", {name: name for name in FILES})
    return place / "case"


def asked(case: Case, place: Path) -> dict[str, str]:
    """What bob is told when he adds his files, and afterwards."""
    given = {"region": "US"}
    found = {f"add {name}": flat(case.add(place / "mine" / name, exhibit="BOB/1", options=given)) for name in FILES}
    found["add again"] = flat(case.add(place / "mine", options=given))
    for name in (
        "sources.list",
        "documents",
        "sources.issues",
        "evidence.statements",
        "entities",
        "evidence.list",
        "handling.marks",
        "handling.withheld",
        "review.notes",
        "charts.list",
        "network.ranking",
    ):
        found[name] = flat(attrgetter(name)(case)())
    for words in ("Lisbon", "Rodolfo", "boat", "crane", "zorv"):
        found[f"search {words}"] = flat(case.search(words))
    found["calls"] = flat(case.calls.summary().table)
    found["graph"] = flat(case.graph(accounts="apart", services=True))
    found["mapping"] = flat(case.sources.mapping("guess-calls.csv"))
    found["report"] = flat(case.report(place / "report.html", to="the prosecutor"))
    found["export"] = flat(case.export(place / "sources.csv", case.sources.list()))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("how", HOW)
def test_a_hidden_file_that_an_officer_brings_is_new_to_that_officer(tmp_path: Path, how: str) -> None:
    from tests.case.test_untold import plain

    answers = {}
    for name, said in (("hiding", HOW[how]), ("plain", {})):
        place = made(tmp_path / name, dict(said))
        bob = open_case(place, officer="bob", purpose="test")
        before = len(bob.documents())
        answers[name] = {verb: plain(answer) for verb, answer in asked(bob, tmp_path / name).items()}
        assert len(bob.documents()) > before
        bob.close()
    for verb, answer in answers["plain"].items():
        assert answers["hiding"][verb] == answer, verb
    assert "guess.txt,read," in answers["hiding"]["add guess.txt"] and "known" in answers["hiding"]["add again"]
    assert "zorv" not in "".join(answer for verb, answer in answers["hiding"].items() if verb != "search zorv")


@pytest.mark.slow
@pytest.mark.parametrize("how", HOW)
def test_nobody_else_sees_more_or_less_for_it(tmp_path: Path, how: str) -> None:
    place = made(tmp_path / "one", dict(HOW[how]))
    carl = open_case(place, officer="carl", purpose="test")
    before = {
        name: flat(attrgetter(name)(carl)())
        for name in ("sources.list", "documents", "evidence.list", "handling.marks", "sources.issues")
    }
    hits = flat(carl.search('"Lisbon"'))
    ada = open_case(place, officer="ada", purpose="test")
    marks_of_ada = terms.list_current_terms(ada.context.ledger, whole=True)
    bob = open_case(place, officer="bob", purpose="test")
    bob.add(tmp_path / "one" / "mine", exhibit="BOB/1")
    bob.handling.mark("guess.txt", tlp="green", because="mine")
    for name, answer in before.items():
        assert flat(attrgetter(name)(carl)()) == answer, name
    assert flat(carl.search('"Lisbon"')) == hits and carl.search('"Lisbon"').empty
    kept = terms.list_current_terms(ada.context.ledger, whole=True)
    assert all(kept[target][facet] == values for target, said in marks_of_ada.items() for facet, values in said.items())
    eve = open_case(place, officer="ada", purpose="counter-terrorism 1")
    assert "BOB/1" not in flat(eve.sources.list()) and "guess" not in flat(eve.sources.list())
    for case in (ada, bob, carl, eve):
        case.close()


def to_zip(files: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def to_mail(name: str, content: bytes) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Dora <dora@x.example>", "a@b.example", "papers"
    made["Date"], made["Message-ID"] = "Fri, 01 Mar 2024 09:00:00 +0100", "<1@x.example>"
    made.set_content("See the papers.")
    made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    made.set_boundary("B")
    return made.as_bytes()


MEMO, OPEN = TEXT.encode(), b"The crane stands still."
AROUND = {
    "both.zip": to_zip({"copy.txt": MEMO, "open.txt": OPEN}),
    "one.zip": to_zip({"copy.txt": MEMO}),
    "nest.zip": to_zip({"in.zip": to_zip({"copy.txt": MEMO})}),
    "side.zip": to_zip({"in.zip": to_zip({"copy.txt": MEMO, "open.txt": OPEN}), "open.txt": OPEN}),
    "papers.eml": to_mail("copy.txt", MEMO),
    "zip.eml": to_mail("in.zip", to_zip({"copy.txt": MEMO})),
}
"""Files in which a copy of a hidden file comes."""


def bring(place: Path, how: dict[str, object], name: str, *, before: bool) -> dict[str, str]:
    """What bob is told of a file of AROUND; with `how`, ada hid what lies in it, and with `before` bob has it already."""
    ada = open_case(made(place, how), officer="ada", purpose="test")
    ada.access.grant("eve", RESTRICTED, because="vetted")
    ada.close()
    bob = open_case(place / "case", officer="bob", purpose="test")
    file = place / name
    file.write_bytes(AROUND[name])
    found = {}
    if before:
        found["before"] = flat(bob.add(place / "mine" / "guess.txt"))
    found["add"], found["again"] = flat(bob.add(file, exhibit="BOB/1")), flat(bob.add(file))
    verbs = "sources.list documents sources.issues evidence.list entities handling.marks handling.withheld log.decisions".split()
    found |= {verb: flat(attrgetter(verb)(bob)()) for verb in verbs}
    found |= {f"search {word}": flat(bob.search(word)) for word in ("Quillfeather", "crane", "zorv")}
    found["attached"] = flat(bob.context.traces) + flat(bob.context.passages)
    found["withdraw"] = str(bob.sources.withdraw(name, because="x")) + flat(bob.search("crane"))
    found["gone"] = str(name in set(bob.sources.list().query("state == 'read'")["name"]))
    bob.close()
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("name", "how", "before"), first_quick(5, AROUND, HOW, [False, True]))
def test_a_hidden_file_within_a_new_file_is_an_own_copy_too(tmp_path: Path, name: str, how: str, before: bool) -> None:
    from tests.case.test_untold import plain

    answers = {
        place: bring(tmp_path / place, dict(said), name, before=before)
        for place, said in (("hiding", HOW[how]), ("plain", {}))
    }
    for verb, answer in answers["plain"].items():
        assert plain(answers["hiding"][verb]) == plain(answer), verb
    assert "copy.txt,read," in answers["hiding"]["add"] or before
    eve = open_case(tmp_path / "hiding" / "case", officer="eve", purpose="counter-terrorism 1")
    assert "zorv.txt" in set(eve.sources.list()["name"]) and len(eve.search('"van"')) == 1
    eve.close()


@pytest.mark.slow
def test_an_archive_of_others_around_an_own_copy_stays_hidden(tmp_path: Path) -> None:
    place = made(tmp_path / "one", dict(HOW["level"]))
    ada = open_case(place, officer="ada", purpose="test")
    ada.access.grant("eve", RESTRICTED, because="vetted")
    ada.close()
    for officer, name in (("eve", "theirs"), ("bob", "mine")):
        case = open_case(place, officer=officer, purpose="test")
        (tmp_path / f"{name}.zip").write_bytes(to_zip({f"{name}.txt": MEMO}))
        case.add(tmp_path / f"{name}.zip")
        case.close()
    bob = open_case(place, officer="bob", purpose="test")
    assert set(bob.sources.list()["name"]) == {"mine.zip", "mine.zip/mine.txt", "open.txt"}
    assert "theirs" not in "".join(flat(table) for table in (bob.sources.list(), bob.documents(), bob.context.traces))
    bob.close()
    carl = open_case(place, officer="carl", purpose="test")
    assert set(carl.sources.list()["name"]) == {"open.txt"} and carl.search('"van"').empty
    carl.close()


@pytest.mark.slow
def test_a_mark_after_the_copy_came_hides_the_copy_too(tmp_path: Path) -> None:
    place = made(tmp_path / "one", dict(HOW["level"]))
    bob = open_case(place, officer="bob", purpose="test")
    bob.add(tmp_path / "one" / "mine")
    assert "guess.txt" in set(bob.sources.list()["name"])
    ada = open_case(place, officer="ada", purpose="test")
    ada.access.grant("eve", RESTRICTED, because="vetted")
    eve = open_case(place, officer="eve", purpose="test")
    eve.handling.mark("zorv.txt", barred=["QM"], because="theirs")
    assert "guess.txt" not in set(bob.sources.list()["name"])
    assert not (bob.sources.list()["name"] == "zorv.txt").any()
    for case in (ada, bob, eve):
        case.close()


@pytest.mark.slow
def test_what_an_officer_withdraws_goes_from_that_officer_alone(tmp_path: Path) -> None:
    place = made(tmp_path / "one", dict(HOW["purpose"]))
    bob = open_case(place, officer="bob", purpose="test")
    bob.add(tmp_path / "one" / "mine")
    bob.sources.withdraw("guess.txt", because="wrong file")
    assert "guess.txt" not in set(bob.sources.list()["name"]) and bob.search('"van"').empty
    other = open_case(place, officer="ada", purpose="counter-terrorism 1")
    assert (other.sources.list()["state"] == "read").sum() >= 3 and len(other.search('"van"')) == 1
    bob.add(tmp_path / "one" / "mine" / "guess.txt")
    assert len(bob.search('"van"')) == 1
    bob.close()
    other.close()


FACTS = {
    "exhibit": "BOB/2",
    "authority": "warrant 9",
    "examiner": "Bob",
    "tool": "XYZ",
    "zone": "Asia/Tokyo",
    "verified": "2026-11-01",
}


@pytest.mark.slow
@pytest.mark.parametrize("way", ["describe", "add again"])
def test_what_an_officer_tells_of_an_own_copy_changes_the_file_for_nobody_else(tmp_path: Path, way: str) -> None:
    place = made(tmp_path / "one", {})
    ada = open_case(place, officer="ada", purpose="test")
    ada.add(tmp_path / "one" / "mine" / "guess-calls.csv", exhibit="ADA/1", zone="Europe/London")
    ada.handling.mark("guess-calls.csv", because="of a partner", level=RESTRICTED)
    ada.access.grant("eve", RESTRICTED, because="vetted")
    ada.close()

    def seen() -> list[str]:
        eve = open_case(place, officer="eve", purpose="test")
        said = [flat(eve.sources.list()), flat(eve.documents()), flat(eve.calls.summary().table)]
        runs = "SELECT id, verdict FROM runs LEFT JOIN ruling ON target_id = id ORDER BY id"
        said.append(str(eve.context.ledger.connection.execute(runs).fetchall()))
        with Parcel(eve.context.ledger, "NCB Valdora") as parcel:
            said.append(str(list(parcel.list_rows("source_facts"))))
        eve.close()
        return said

    before = seen()
    bob = open_case(place, officer="bob", purpose="test")
    file = tmp_path / "one" / "mine" / "guess-calls.csv"
    bob.add(file, exhibit="BOB/1")
    if way == "describe":
        bob.sources.describe(file.name, because="mine", **FACTS)
    else:
        bob.add(file, **{name: value for name, value in FACTS.items() if name != "verified"})  # type: ignore[arg-type]
    mine = bob.sources.list().set_index("name").loc[file.name]
    told = FACTS if way == "describe" else {**FACTS, "verified": ""}
    assert {name: mine[name] for name in FACTS} == told and not mine["before"]
    with Parcel(bob.context.ledger, "NCB Valdora") as parcel:
        rows = [row for row in parcel.list_rows("source_facts") if row["source"] == mine["source"]]
    assert {row["name"]: row["value"] for row in rows} == {name: value for name, value in told.items() if value}
    bob.close()
    assert seen() == before


@pytest.mark.slow
def test_no_package_brings_or_holds_an_own_copy(tmp_path: Path) -> None:
    place = made(tmp_path / "one", dict(HOW["level"]))
    bob = open_case(place, officer="bob", purpose="test")
    bob.add(tmp_path / "one" / "mine")
    with Parcel(bob.context.ledger, "NCB Valdora") as parcel:
        rows = {table: pd.DataFrame(parcel.list_rows(table)).to_csv() for table in TABLES}
    assert (
        "arrival" not in rows["terms"]
        and "zorv" not in "".join(rows.values())
        and "ADA/1" not in "".join(rows.values())
    )
    assert "arrival" not in terms.MATERIAL  # `vetting` takes no term of another kind
    bob.close()


@pytest.mark.slow
def test_a_copy_whose_reading_is_hidden_is_refused_under_no_other_name(tmp_path: Path) -> None:
    place = made(tmp_path / "one", dict(HOW["level"]))
    bob = open_case(place, officer="bob", purpose="test")
    bob.add(tmp_path / "one" / "mine")
    for verb in (bob.sources.mapping, bob.evidence.statements):
        with pytest.raises(CaseError) as refused:
            verb("zorv.txt")
        assert "guess.txt" in str(refused.value) or "zorv" in str(refused.value)
    bob.close()


@pytest.mark.slow
def test_what_others_said_of_a_file_before_the_copy_came_stays_hidden(tmp_path: Path) -> None:
    (tmp_path / "open.csv").write_text("name,birth_date\nBorin Takkel,1975-01-01\n", "utf-8")
    (tmp_path / "memo.txt").write_text("The informant said: Borin Takkel was born on 2 January 1975.\n", "utf-8")
    ada = open_case(tmp_path / "case", officer="ada", purpose="test")
    ada.add(tmp_path / "open.csv")
    ada.add(tmp_path / "memo.txt")
    passage = ada.search("informant")["passage_id"].iloc[0]
    ada.evidence.correct(
        "Borin Takkel", "birthDate", "1975-01-02", source=passage, old="1975-01-01", because="he knows"
    )
    ada.review.note("He is reliable", passages=[passage])
    ada.sources.exclude(term="informant", because="privileged")
    ada.sources.reopen(
        ada.sources.exclusions()["set_aside_id"].iloc[0], role=ada.context.settings.reopened_by[0], because="cleared"
    )
    ada.report(tmp_path / "case" / "reports" / "page.html", to="police north", judicial=False)
    ada.handling.mark("memo.txt", barred=["QM"], because="of a partner")
    ada.access.grant("bob", country="QM", because="seconded")
    bob = open_case(tmp_path / "case", officer="bob", purpose="test")
    bob.add(tmp_path / "memo.txt")
    assert "informant" in bob.search("informant")["text"].iloc[0]
    dates = bob.evidence.list("Borin Takkel").query("prop == 'birthDate'")["value"]
    assert dates.tolist() == ["1975-01-01"] and bob.log.decisions().empty and bob.sources.exclusions().empty
    assert bob.review.notes().empty and bob.privacy.disclosures().empty and bob.charts.list().empty
    assert "he knows" not in flat(bob.review.updates("2020")) and "reliable" not in flat(bob.review.updates("2020"))
    bob.review.note("Mine", passages=[passage])
    ada.review.note("Seen by both", passages=[passage])
    assert set(bob.review.notes()["text"]) == {"Mine", "Seen by both"}
    (tmp_path / "other.txt").write_text("Nothing of interest.\n", "utf-8")
    bob.add(tmp_path / "other.txt")
    assert set(bob.review.notes()["text"]) == {"Mine", "Seen by both"} and len(ada.review.notes()) == 3
    for case in (ada, bob):
        case.close()


@pytest.mark.slow
def test_what_is_said_of_a_copy_in_the_words_of_others_is_kept_as_ones_own(tmp_path: Path) -> None:
    made(tmp_path / "hiding", {**HOW["level"], "handling": ["H1"]})
    time.sleep(1.1)
    bob = open_case(tmp_path / "hiding" / "case", officer="bob", purpose="test")
    bob.add(tmp_path / "hiding" / "mine" / "guess.txt")
    bob.sources.describe("guess.txt", exhibit="ADA/1", because="found so")
    bob.handling.mark("guess.txt", handling=["H1"], because="mine")
    assert bob.sources.list().set_index("name").at["guess.txt", "exhibit"] == "ADA/1"
    assert "mine" in bob.handling.marks()["because"].tolist()
    bob.close()


@pytest.mark.slow
def test_the_first_question_of_a_session_is_answered_as_every_other(tmp_path: Path) -> None:
    place = made(tmp_path / "hiding", dict(HOW["level"]))
    bob = open_case(place, officer="bob", purpose="test")
    bob.add(tmp_path / "hiding" / "mine" / "guess.txt")
    verbs = ("sources.list", "documents", "handling.marks", "sources.issues", "handling.withheld", "review.notes")
    answers = {}
    for verb in verbs:
        bob.close()
        bob = open_case(place, officer="bob", purpose="test")
        first, later = (flat(attrgetter(verb)(bob)()) for _ in range(2))
        assert first == later, verb
        answers[verb] = first
    assert "guess.txt" in answers["sources.list"] and "ADA/1" not in answers["sources.list"]
    bob.close()


@pytest.mark.parametrize("clock", ["2020-01-01T00:00:00Z", "2050-01-01T00:00:00Z"])
def test_what_was_said_before_a_copy_came_is_told_by_the_log_and_no_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: str
) -> None:
    (tmp_path / "memo.txt").write_text("The informant said: Borin Takkel lives at the quay.\n", "utf-8")
    ada = open_case(tmp_path / "case", officer="ada", purpose="test")
    ada.add(tmp_path / "memo.txt", exhibit="ADA/1")
    passage = ada.search("informant")["passage_id"].iloc[0]
    ada.review.note("He is reliable", passages=[passage])
    ada.evidence.grade("memo.txt", "B2", because="he knows")
    ada.handling.mark("memo.txt", barred=["QM"], because="of a partner")
    ada.access.grant("bob", country="QM", because="seconded")
    bob = open_case(tmp_path / "case", officer="bob", purpose="test")
    with monkeypatch.context() as patch:
        for module in (terms, own_copies):
            patch.setattr(module, "now", lambda: clock)
        bob.add(tmp_path / "memo.txt")
    bob.sources.describe("memo.txt", exhibit="BOB/1", because="found so")
    assert (
        bob.review.notes().empty
        and "reliable" not in flat(bob.review.updates("2019"))
        and "he knows" not in flat(bob.evidence.grades())
    )
    ada.review.note("Seen by both", passages=[passage])
    assert bob.review.notes()["text"].tolist() == ["Seen by both"]
    assert bob.sources.list()["exhibit"].tolist() == ["BOB/1"]
    for case in (ada, bob):
        case.close()
