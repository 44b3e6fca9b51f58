"""A conclusion rests on passages: its mark is the join of theirs, and who may not see one of them sees nothing of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.case.conftest import Opens
from tests.case.walking import flat
from workbench.case.case import Case
from workbench.errors import CaseError
from workbench.ledger.transfer.row_export import Parcel

RESTRICTED = "EXERCISE RESTRICTED"
TEXTS = {
    "open.txt": "A van stood at the gate.",
    "level.txt": "Rosalind paid the guard.",
    "handled.txt": "The guard was ill.",
}
SAID = "so the guard was bribed"
WAYS = ("passages", "supporting", "opposing")


@pytest.fixture
def case(opened: Opens, tmp_path: Path) -> Case:
    made = opened("ada")
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text)
    made.add(folder)
    return made


def passage(case: Case, name: str) -> str:
    text = TEXTS[name]
    return str(case.context.passages.set_index("text").at[text, "passage_id"])


def conclude(case: Case, way: str, name: str) -> str:
    """A conclusion tied to what is open, and in that way to a passage of that file."""
    cited = {"passages": [passage(case, "open.txt")], "supporting": [], "opposing": []}
    cited[way] = [*cited[way], passage(case, name)]
    return case.review.note(SAID, kind="conclusion", nature="assessment", **cited)


@pytest.mark.parametrize("way", WAYS)
def test_its_mark_is_the_join_of_what_it_rests_on(case: Case, way: str) -> None:
    key = conclude(case, way, "handled.txt")
    case.handling.mark("handled.txt", handling=["H1"], because="of a partner")
    case.handling.mark("open.txt", tlp="green", because="of a partner")
    assert case.review.notes().set_index("note_id").at[key, "mark"] == "EXERCISE – FOR TRAINING ONLY · H1 · TLP:GREEN"


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_who_may_not_see_one_ground_sees_nothing_of_it(case: Case, opened: Opens, way: str, tmp_path: Path) -> None:
    key, hidden = conclude(case, way, "level.txt"), passage(case, "level.txt")
    case.review.withdraw(key, because="doubtful")
    case.review.restore(key, because="looked at again")
    case.handling.mark("level.txt", level=RESTRICTED, because="of a partner")
    case.access.grant("eve", RESTRICTED, because="vetted")
    bob = opened("bob")
    tables = [bob.review.notes(), bob.log.decisions(), bob.handling.withheld(), bob.handling.marks(), bob.log.entries()]
    seen = " ".join(
        [
            *map(flat, tables),
            flat(bob.report(tmp_path / "bob.html")),
            flat(bob.export(tmp_path / "n.csv", bob.review.notes())),
        ]
    )
    assert SAID not in seen and hidden not in seen and key not in seen
    with Parcel(bob.context.ledger, "NCB Valdora") as parcel:
        assert [*parcel.list_rows("notes")] == []
        assert SAID not in repr([*parcel.list_rows("decisions")])
    eve = opened("eve")
    assert SAID in flat(eve.review.notes()) and SAID in flat(eve.report(tmp_path / "eve.html"))


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_it_is_in_no_product_for_whom_one_ground_is_not(case: Case, way: str, tmp_path: Path) -> None:
    conclude(case, way, "handled.txt")
    case.review.note("a van is a van", passages=[passage(case, "open.txt")])
    case.handling.mark("handled.txt", handling=["H1"], because="of a partner")
    table = case.review.notes()
    for path in (case.report(tmp_path / "r.html", to="court"), case.export(tmp_path / "n.csv", table, to="court")):
        assert SAID not in flat(path) and "a van is a van" in flat(path)
    assert SAID in flat(case.export(tmp_path / "own.csv", table)) and SAID in flat(case.report(tmp_path / "own.html"))


@pytest.mark.parametrize("way", WAYS)
def test_part_of_a_case_takes_no_conclusion_on_the_rest(case: Case, way: str) -> None:
    key = conclude(case, way, "handled.txt")
    sources = case.sources.list().set_index("name")["source"]
    with Parcel(case.context.ledger, "NCB Valdora", [sources["open.txt"]]) as parcel:
        assert [*parcel.list_rows("notes")] == []
    with Parcel(case.context.ledger, "NCB Valdora", [sources["open.txt"], sources["handled.txt"]]) as parcel:
        assert [row["id"] for row in parcel.list_rows("notes")] == [key]


@pytest.mark.parametrize("way", WAYS)
def test_it_goes_with_the_last_of_its_grounds(case: Case, way: str) -> None:
    key = case.review.note(SAID, kind="conclusion", **{way: [passage(case, "level.txt")]})
    case.privacy.erase("level.txt", because="request 7", sure=True)
    assert key not in set(case.review.notes()["note_id"])


def test_it_rests_on_passages_of_the_case_only(case: Case) -> None:
    for way in WAYS:
        with pytest.raises(CaseError, match="is not in this case"):
            case.review.note(SAID, kind="conclusion", **{way: ["passage-of-elsewhere"]})


def exclude(case: Case) -> None:
    case.sources.exclude(folder="level.txt", because="of counsel")


def reopen(case: Case) -> None:
    key = case.sources.exclusions()["set_aside_id"].iloc[0]
    case.sources.reopen(key, role="independent counsel", because="order of the court")


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_it_is_nowhere_while_one_of_its_grounds_is_excluded(case: Case, way: str, tmp_path: Path) -> None:
    key, table = conclude(case, way, "level.txt"), case.review.notes()
    exclude(case)
    assert case.review.notes().empty and SAID not in flat(case.review.updates())
    with pytest.raises(CaseError, match="out of date"):
        case.export(tmp_path / "n.csv", table)
    assert SAID not in flat(case.report(tmp_path / "r.html"))
    with Parcel(case.context.ledger, "NCB Valdora") as parcel:
        assert [*parcel.list_rows("notes")] == []
    case.sources.withdraw("level.txt", because="handed in by mistake")
    assert case.review.notes().empty
    case.sources.restore("level.txt", because="looked at again")
    reopen(case)
    assert case.review.notes()["note_id"].tolist() == [key] and SAID in flat(case.report(tmp_path / "again.html"))


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_it_stays_with_the_officers_and_is_in_no_product_when_a_source_was_withdrawn(
    case: Case, way: str, tmp_path: Path
) -> None:
    key = conclude(case, way, "level.txt")
    case.review.note("a van is a van", passages=[passage(case, "open.txt")])
    case.sources.withdraw("level.txt", because="handed in by mistake")
    table = case.review.notes().set_index("note_id")
    assert table["source_withdrawn"].to_dict() == {key: True, table.index[table.index != key][0]: False}
    left = "Notes left out because a source was withdrawn: 1."
    for to in ("", "court"):
        told = flat(case.report(tmp_path / f"r{to}.html", to=to))
        assert SAID not in told and "a van is a van" in told and left in told
        written = case.export(tmp_path / f"n{to}.csv", case.review.notes(), to=to)
        assert SAID not in flat(written) and "a van is a van" in flat(written)
        assert left in written.with_name(f"{written.name}.about.json").read_text()
    with Parcel(case.context.ledger, "NCB Valdora") as parcel:
        assert [row["text"] for row in parcel.list_rows("notes")] == ["a van is a van"]
    case.sources.restore("level.txt", because="looked at again")
    assert not case.review.notes()["source_withdrawn"].any() and SAID in flat(case.report(tmp_path / "again.html"))
