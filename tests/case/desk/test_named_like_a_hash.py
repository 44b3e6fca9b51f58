"""The hash of a file is that file, whatever others are called; and two files of one name both go with a message."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tests.case.desk.test_attached import MESSAGE, sealed
from tests.case.packages.conftest import Side
from workbench.case.case import Case
from workbench.case.desk.drafts.draft import Draft
from workbench.errors import CaseError

MINUTES = b"Minutes of the port meeting about a van.\n"
KEY = sha256(MINUTES).hexdigest()
FIELDS = {
    "from_bureau": "QM-NCB", "purpose": "person_info", "legal_basis": "Police act, section 3", "crime_area": ["fraud"],
    "subject": "FRAUD / INFORMATION", "summary_of_facts": MESSAGE.summary_of_facts,
}  # fmt: skip


def drafted(case: Case, *files: str) -> Draft:
    draft = case.desk.draft("information", to="QN-NCB", **FIELDS)
    for file in files:
        draft.attach(file)
    draft.waive(draft.check().query("severity == 'warning'"), because="seen")
    return draft


def _receive(case: Case, ada: Side, bo: Side, folder: Path, name: str) -> None:
    case.desk.receive(
        sealed(bo.officer, ada, folder, {name: b"Holiday greetings.\n"}, from_bureau="QN-NCB"), trust=ada.trust
    )


def _add_archive(case: Case, ada: Side, bo: Side, folder: Path, name: str) -> None:
    with zipfile.ZipFile(folder / "export.zip", "w") as zipped:
        zipped.writestr(f"files/{name}", "another thing")
    case.add(folder / "export.zip")


@pytest.fixture
def case(ada: Side, tmp_path: Path) -> Iterator[Case]:
    (tmp_path / "minutes.txt").write_bytes(MINUTES)
    with closing(ada.case()) as made:
        made.add(tmp_path / "minutes.txt")
        yield made


@pytest.mark.slow
@pytest.mark.parametrize("come", [_receive, _add_archive])
@pytest.mark.parametrize("name", [KEY, KEY[:16], KEY.upper()])
def test_a_file_named_like_the_hash_of_another_blocks_nothing(
    case: Case, ada: Side, bo: Side, tmp_path: Path, come: Callable[..., None], name: str
) -> None:
    draft = drafted(case, "minutes.txt")
    come(case, ada, bo, tmp_path, name)
    assert drafted(case, name).message.attachments[0].sha256 == KEY
    case.desk.drafts.export(draft, tmp_path / "draft.eml", trust=ada.trust)
    assert case.desk.drafts.send(draft, [bo.card], trust=ada.trust).is_file()
    assert case.handling.mark(name, tlp="TLP:AMBER", because="x")["id"].tolist() == [KEY]
    case.sources.withdraw(name, because="x")
    states = case.sources.list().set_index("source")["state"]
    assert states[KEY] == "withdrawn" and set(states.drop(KEY)) == {"read"}


def test_a_file_with_that_name_does_not_stand_for_one_that_may_not_go(
    case: Case, ada: Side, bo: Side, tmp_path: Path
) -> None:
    draft = drafted(case, "minutes.txt")
    _receive(case, ada, bo, tmp_path, KEY)
    case.sources.exclude(term="port meeting", because="her solicitor")
    with pytest.raises(CaseError, match="cannot be attached, sent or exported"):
        case.desk.drafts.send(draft, [bo.card], trust=ada.trust)


@pytest.mark.parametrize("names", [("scan.txt", "scan.txt"), ("scan.txt", "Scan.txt"), ("e\u0301.txt", "\u00e9.txt")])
def test_two_files_of_one_name_both_go(case: Case, ada: Side, bo: Side, tmp_path: Path, names: tuple[str, str]) -> None:
    keys = []
    for number, name in enumerate(names):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / name).write_text(f"Scan {number} of a van.", "utf-8")
        case.add(tmp_path / str(number) / name)
        keys.append(sha256((tmp_path / str(number) / name).read_bytes()).hexdigest())
    draft = drafted(case, *keys, keys[0])
    stem, _, suffix = names[1].rpartition(".")
    assert {one.sha256: one.name for one in draft.message.attachments} == {
        keys[0]: names[0], keys[1]: f"{stem} (2).{suffix}"
    }  # fmt: skip
    assert draft.check().query("severity == 'error'").empty
    path = case.desk.drafts.send(draft, [bo.card], trust=ada.trust)
    with closing(bo.case()) as other:
        assert other.desk.receive(path, trust=bo.trust)["state"].tolist() == ["read"]
        assert set(keys) <= set(other.sources.list()["source"])


def test_a_name_that_the_officer_gives_takes_the_place_of_that_file(case: Case, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("New minutes.", "utf-8")
    case.add(tmp_path / "new.txt")
    draft = drafted(case, "minutes.txt").attach("new.txt", "minutes.txt")
    assert [(one.name, one.sha256 == KEY) for one in draft.message.attachments] == [("minutes.txt", False)]
