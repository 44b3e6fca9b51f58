"""Files whose documents are marked: nothing is told of them to whoever may not see it, and no new reading brings it out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.case.walking import flat
from workbench.case.case import Case
from workbench.errors import CaseError

RESTRICTED = "EXERCISE RESTRICTED"
TRAFFIC = (
    "FROM: NCB Nordreich\nTO: NCB Valdora\nOUR REF: XB-2026-2\nYOUR REF: XB-1\nDATE: 2026-03-02\nSUBJECT: Threat\n"
    "URGENCY: urgent\n\nKESTREL tells of the informant.\n"
)


def letter(number: int, subject: str, text: str) -> str:
    head = f"From: A <a@x.example>\nTo: B <b@x.example>\nSubject: {subject}\nMessage-ID: <{number}@x>\n"
    return f"{head}Date: Mon, 02 Mar 2026 1{number}:00:00 +0000\n\n{text}\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """An open letter, one to be hidden, and a box with one of each."""
    place = tmp_path / "in"
    place.mkdir()
    (place / "open.eml").write_text(letter(0, "plain", "nothing"))
    (place / "quill.eml").write_text(letter(1, "quill", "KESTREL speaks"))
    box = [
        f"From a@x Mon Mar  2 10:00:00 2026\n{letter(n, f'box{n}', text)}\n"
        for n, text in ((2, "KESTREL"), (3, "boat"))
    ]
    (place / "box.mbox").write_text("".join(box))
    (tmp_path / "m2.txt").write_text(TRAFFIC)
    return place


def hide(case: Case, *titles: str) -> None:
    """Mark documents by the end of their title."""
    found = case.documents()
    for title in titles:
        case.handling.mark(
            found[found["title"].str.endswith(title)]["document_id"].iloc[0], level=RESTRICTED, because="x"
        )


def cleared(opened: Callable[[str], Case], files: Path) -> Case:
    """The case with all the files, open for an officer who may see all of it."""
    case = opened("cara")
    case.add(files)
    case.desk.imports.add(files.parent / "m2.txt")
    case.access.grant("ada", RESTRICTED, because="vetted")
    return opened("ada")


@pytest.mark.slow
def test_a_file_whose_documents_are_hidden_is_not_told_of(opened: Callable[[str], Case], files: Path) -> None:
    ada = cleared(opened, files)
    hide(ada, "quill", "box2", "Threat")
    bo = opened("bo")
    assert set(bo.documents()["title"]) == {"plain", "box3"}
    assert bo.sources.list().set_index("name")["documents"].to_dict() == {"box.mbox": 1, "open.eml": 1}
    assert not bo.search("boat", limit=1).empty
    told = flat(bo.review.updates()) + flat(bo.sources.issues()) + flat(bo.handling.withheld())
    assert not any(name in told for name in ("quill", "box2", "m2.txt", "XB-2026-2"))
    assert len(ada.sources.list()) == 5


@pytest.mark.slow
def test_a_file_that_holds_what_is_hidden_is_read_again_by_nobody_who_may_not_see_it(
    opened: Callable[[str], Case], files: Path
) -> None:
    hide(cleared(opened, files), "quill", "box2", "Threat")
    bo = opened("bo")
    verbs: tuple[Callable[[str], object], ...] = (
        lambda name: bo.sources.remap(name, because="x"),
        lambda name: bo.sources.remap(name, because="x", reader="text"),
        lambda name: bo.sources.withdraw(name, because="x"),
        lambda name: bo.sources.restore(name, because="x"),
        lambda name: bo.sources.describe(name, because="x", exhibit="E/1"),
    )
    for name in ("quill.eml", "box.mbox", "m2.txt", "m2.txt/XB-2026-2.json", "XB-2026-2.json"):
        for verb in verbs:
            with pytest.raises(
                CaseError, match=r"matches 0 sources of this case\..* Sources in this case include: open\.eml\."
            ):
                verb(name)
    assert bo.search('"KESTREL"').empty


def test_a_new_reading_bears_the_marks_of_the_old_ones(opened: Callable[[str], Case], files: Path) -> None:
    ada = cleared(opened, files)
    hide(ada, "quill", "box2", "Threat")
    for name in ("quill.eml", "box.mbox", "m2.txt"):
        ada.sources.remap(name, because="as text", reader="text")
    assert "KESTREL" in flat(ada.search('"KESTREL"'))
    found = ada.documents()
    assert set(found.loc[~found["title"].isin(["plain", "box3"]), "mark"]) == {RESTRICTED}
    assert "m2.txt" in set(found["title"]) and set(opened("bo").documents()["title"]) == {"plain", "box3"}


def test_messages_bear_the_mark_of_what_add_made_of_their_file(opened: Callable[[str], Case], files: Path) -> None:
    case = opened("cara")
    case.add(files.parent / "m2.txt")
    case.access.grant("ada", RESTRICTED, because="vetted")
    ada = opened("ada")
    hide(ada, "m2.txt")
    ada.desk.imports.add(files.parent / "m2.txt")
    assert set(ada.documents()["mark"]) == {RESTRICTED} and len(ada.documents()) == 2
    assert opened("bo").documents().empty


def test_an_own_copy_of_a_hidden_file_stays_when_it_is_read_again(opened: Callable[[str], Case], files: Path) -> None:
    hide(cleared(opened, files), "quill")
    bo = opened("bo")
    bo.add(files / "quill.eml")
    assert "quill" in set(bo.documents()["title"]) and "quill.eml" in set(bo.sources.list()["name"])
    bo.sources.remap("quill.eml", because="as text", reader="text")
    assert "KESTREL" in flat(bo.search('"KESTREL"'))
