"""Tables of rows follow the files that are read: they are as in a case opened anew, and nothing of before is read again."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.case import material
from tests.case.planted import mailed, zipped
from tests.scale import times
from workbench.case.case import Case, open_case
from workbench.errors import CaseError
from workbench.ledger.ledger import Ledger
from workbench.ledger.records import appended_rows, row_tables

FRAMES = ("evidence", "documents", "passages", "passage_places", "traces", "entities", "captions", "canonical")
PEOPLE = ("Ada Brook", "Ben Carver", "Cleo Dunn", "Dora Finch")
TEXTS = tuple(f"The {thing} leaves on {day}." for thing in ("boat", "van", "container") for day in ("Monday", "Friday"))


@pytest.fixture(autouse=True)
def _any_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appended_rows, "SHARE", 1e9)


@pytest.fixture
def grown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the tables that followed."""
    told: list[str] = []
    put = appended_rows._put_among

    def note(before: pd.DataFrame, new: pd.DataFrame, order: tuple[str, ...]) -> pd.DataFrame:
        told.append(order[0])
        return put(before, new, order)

    monkeypatch.setattr(appended_rows, "_put_among", note)
    return told


def write_chat(folder: Path, seed: int) -> Path:
    """A chat of four messages among few people and texts, so that two chats have some of them in common."""
    chance = random.Random(seed)
    lines = [
        f"0{chance.randint(1, 3)}/03/2024, 09:0{chance.randint(0, 2)} - {chance.choice(PEOPLE)}: {chance.choice(TEXTS)}"
        for _ in range(4)
    ]
    path = folder / f"WhatsApp Chat with Group {seed}.txt"
    path.write_text("\n".join(sorted(lines)), "utf-8")
    return path


def list_frames(case: Case) -> dict[str, object]:
    return {name: getattr(case.context, name) for name in FRAMES}


def check_as_anew(case: Case) -> None:
    """Each table of an open case is as in one opened anew."""
    mine = list_frames(case)
    with closing(open_case(case.context.folder.path, officer=case.context.ledger.officer, purpose="test")) as anew:
        for name, found in list_frames(anew).items():
            kept = mine[name]
            if isinstance(found, pd.DataFrame) and isinstance(kept, pd.DataFrame):
                pd.testing.assert_frame_equal(kept, found, obj=name)
            else:
                assert kept == found, name


def add_chat(case: Case, folder: Path, seed: int) -> object:
    return case.add(write_chat(folder, seed))


def add_with_facts(case: Case, folder: Path, seed: int) -> object:
    return case.add(write_chat(folder, seed), exhibit=f"EX-{seed}", zone=("Europe/Lisbon", "UTC")[seed % 2])


def add_mail(case: Case, folder: Path, seed: int) -> object:
    chat = write_chat(folder, seed).read_bytes()
    (folder / f"{seed}.zip").write_bytes(zipped({f"chat {seed}.txt": chat, "letter.eml": mailed({"plan.txt": chat})}))
    return case.add(folder / f"{seed}.zip")


def withdraw(case: Case, _: Path, seed: int) -> None:
    case.sources.withdraw(_pick_source(case, seed), because="x")


def restore(case: Case, _: Path, seed: int) -> None:
    case.sources.restore(_pick_source(case, seed), because="x")


def _pick_source(case: Case, seed: int) -> str:
    names = case.sources.list()["name"].tolist()
    return str(names[seed % len(names)])


STEPS: dict[str, Callable[[Case, Path, int], object]] = {
    "chat": add_chat, "facts": add_with_facts, "mail": add_mail, "withdraw": withdraw, "restore": restore,
    "describe": lambda case, _, seed: case.sources.describe(_pick_source(case, seed), exhibit="Z-9", zone="Asia/Tokyo"),
    "extract": lambda case, _folder, _seed: case.extract(),
    "state": lambda case, _, seed: case.evidence.add("Person", name=f"Eva {seed}", source="officer's knowledge", because="x"),
    "judge": lambda case, _folder, seed: case.judgements.judge(list(PEOPLE[seed % 3 : seed % 3 + 2]), same=bool(seed % 2), because="x"),
    "exclude": lambda case, _, seed: case.sources.exclude(term=("boat", "van")[seed % 2], ground="out of scope", because="x"),
    "note": lambda case, _folder, _seed: case.review.note("Worth a look."),
    "mark": lambda case, _, seed: case.handling.mark(_pick_source(case, seed), level="EXERCISE RESTRICTED", because="x"),
    "erase": lambda case, _, seed: case.privacy.erase(_pick_source(case, seed), because="x", sure=True),
}  # fmt: skip
Taken = tuple[str, int]


@pytest.mark.slow
@pytest.mark.validation
@settings(
    max_examples=times(25, 4),
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 9)), min_size=3, max_size=8))
def test_tables_are_as_in_a_case_opened_anew(tmp_path_factory: pytest.TempPathFactory, steps: list[Taken]) -> None:
    place = tmp_path_factory.mktemp("case")
    with closing(open_case(place / "case", officer="ada", purpose="test")) as case:
        case.add(material.write(place))
        list_frames(case)
        for name, seed in [("chat", 1), *steps, ("mail", 2)]:
            with suppress(CaseError):
                STEPS[name](case, place, seed)
            check_as_anew(case)


def test_a_further_file_is_put_among_the_rows_of_before(case: Case, tmp_path: Path, grown: list[str]) -> None:
    list_frames(case)
    asked: list[object] = []
    read = row_tables.list_evidence

    def note(ledger: Ledger, ids: Sequence[str] | None = None) -> pd.DataFrame:
        asked.append(ids)
        return read(ledger, ids)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_tables, "list_evidence", note)
        add_with_facts(case, tmp_path, 1)
        list_frames(case)
        add_mail(case, tmp_path, 2)
        list_frames(case)
    assert len(asked) == 2
    assert None not in asked
    assert grown.count("entity_id") == grown.count("at") == 2
    check_as_anew(case)


def test_messages_of_another_notebook_are_put_among_the_rows_of_before(
    case: Case, tmp_path: Path, grown: list[str]
) -> None:
    list_frames(case)
    with closing(open_case(case.context.folder.path, officer="bob", purpose="test")) as other:
        add_chat(other, tmp_path, 3)
    check_as_anew(case)
    assert grown.count("entity_id") == 1


def test_what_changes_earlier_rows_has_all_read_anew(case: Case, tmp_path: Path, grown: list[str]) -> None:
    """The zone of a file that was there moves the times of its messages."""
    add_chat(case, tmp_path, 4)
    list_frames(case)
    case.sources.describe("WhatsApp Chat with Group 4.txt", zone="Asia/Tokyo")
    add_chat(case, tmp_path, 5)
    list_frames(case)
    assert not {"at", "document_id"} & set(grown)
    check_as_anew(case)


def test_a_row_that_is_not_found_has_all_read_anew(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grown: list[str]
) -> None:
    list_frames(case)
    read = row_tables.list_evidence
    monkeypatch.setattr(
        row_tables, "list_evidence", lambda ledger, ids=None: read(ledger, ids).iloc[0 if ids is None else 1 :]
    )
    add_chat(case, tmp_path, 6)
    list_frames(case)
    assert "entity_id" not in grown
    check_as_anew(case)


def test_what_is_hidden_is_in_no_table_that_follows(case: Case, tmp_path: Path, grown: list[str]) -> None:
    case.access.grant("eve", "EXERCISE RESTRICTED", because="vetted")
    case.access.hand_over("eve", because="on leave")
    list_frames(case)
    with closing(open_case(case.context.folder.path, officer="eve", purpose="test")) as eve:
        add_chat(eve, tmp_path, 7)
        eve.handling.mark("WhatsApp Chat with Group 7.txt", level="EXERCISE RESTRICTED", because="x")
        add_chat(eve, tmp_path, 8)
    check_as_anew(case)
    assert not grown
    with closing(open_case(case.context.folder.path, officer="eve", purpose="test")) as eve:
        eve.handling.unmark("WhatsApp Chat with Group 7.txt", because="x")
    check_as_anew(case)
