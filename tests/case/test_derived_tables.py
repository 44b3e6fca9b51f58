"""What is derived from the rows follows what is written: nothing is made again in vain, and every answer is as in a case opened anew."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, tzinfo
from operator import attrgetter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.case import material
from tests.case.walking import TABLES, flat
from tests.scale import times
from workbench.case.case import Case, open_case
from workbench.case.context import derived_cache
from workbench.errors import CaseError
from workbench.ledger.access import access_filter
from workbench.ledger.storage import table_cache

Made = Counter[str]
MOVING = {
    "log.entries",
    "log.decisions",
    "log.verify",
    "privacy.disclosures",
    "storage.backups",
    "storage.check",
    "review.updates",
}
"""Tables that tell of what was asked, or of the disk."""
RESTRICTED = "EXERCISE RESTRICTED"
MARKS = {"marks", "counting", "visible mark", "marks of few", "known ids"}
"""Marks, which notes have too, and what they rest on."""


def tell(asked: Callable[[], object]) -> str:
    """What a question shows, or the words with which it is refused; not what the session has seen before (`counted`)."""
    try:
        answer = asked()
    except CaseError as error:
        return str(error)
    return answer.to_csv() if isinstance(answer, pd.DataFrame) else flat(answer)


def ask(case: Case) -> dict[str, str]:
    """What an analyst asks again and again."""
    found = {name: tell(attrgetter(name)(case)) for name in TABLES if name not in {*MOVING, "sources.issues"}}
    found["sources.issues"] = tell(
        lambda: case.sources.issues().drop(columns="mark")
    )  # marked by what the session has seen
    for words in ("container", "Cleo", '"money arrive"'):
        found[f"search {words}"] = tell(lambda words=words: case.search(words))
    found["graph"] = tell(lambda: case.graph(accounts="apart", services=True))
    found["why"] = tell(lambda: case.why("Ada Brook", "Ben Carver"))
    return found


@pytest.fixture(autouse=True)
def keep_small_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tables of any size on the disk."""
    monkeypatch.setattr(table_cache, "SMALLEST", 1)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """How often each derived table was made."""
    counted: Made = Counter()
    get = derived_cache.Cache.get

    def count(
        cache: derived_cache.Cache, name: str, rests_on: object, compute: Callable[[], object], **how: bool
    ) -> object:
        def compute_counted() -> object:
            counted[name] += 1
            return compute()

        return get(cache, name, rests_on, compute_counted, **how)

    monkeypatch.setattr(derived_cache.Cache, "get", count)
    return counted


def write_note(case: Case) -> object:
    return case.review.note("The container is worth a look.")


def place_chart(case: Case) -> object:
    return case.chart(name="of mine")


def begin_draft(case: Case) -> object:
    return case.desk.draft("request")


@pytest.mark.slow
@pytest.mark.parametrize("write", [write_note, place_chart, begin_draft])
def test_what_is_written_beside_the_material_makes_nothing_again(
    case: Case, made: Made, write: Callable[[Case], object]
) -> None:
    write(case)
    before = [flat(case.search("container")), flat(case.network.ranking()), repr(case)]
    made.clear()
    write(case)
    assert [flat(case.search("container")), flat(case.network.ranking()), repr(case)] == before
    assert made.keys() <= MARKS


def test_a_judgement_makes_again_what_rests_on_it_alone(case: Case, made: Made) -> None:
    case.search("container")
    case.network.ranking()
    made.clear()
    case.judgements.judge(["Ada Brook", "AB"], same=True, because="the same number")
    assert "AB" not in set(case.entities()["caption"])
    case.search("container")
    assert not made.keys() & {
        "stated evidence",
        "documents",
        "passages",
        "traces",
        "spoken",
        "search-mode",
        "vectors",
        "first-passages",
    }


@pytest.mark.slow
def test_a_mark_that_hides_nothing_makes_only_marks_again(case: Case, made: Made) -> None:
    case.handling.mark(["Ada Brook"], tlp="green", because="x")
    case.search("container")
    case.network.ranking()
    made.clear()
    case.handling.mark(["Cleo Dunn"], tlp="green", because="x")
    case.search("container")
    case.network.ranking()
    assert made.keys() <= MARKS
    assert (case.handling.marks()["facet"] == "tlp").sum() == 2


@pytest.mark.slow
def test_a_mark_of_another_notebook_hides_and_taken_back_shows_what_came_meanwhile(case: Case, tmp_path: Path) -> None:
    def find(asking: Case) -> set[str]:
        return set(asking.search("zeppelin")["text"])

    (tmp_path / "first.txt").write_text("A zeppelin at noon.")
    (tmp_path / "second.txt").write_text("Another zeppelin at one.")
    case.add(tmp_path / "first.txt")
    case.access.grant("eve", RESTRICTED, because="vetted")
    case.access.hand_over("eve", because="on leave")
    with closing(open_case(case.context.folder.path, officer="eve", purpose="test")) as eve:
        assert find(case) == {"A zeppelin at noon."}
        eve.handling.mark("first.txt", level=RESTRICTED, because="x")
        assert find(case) == set()
        eve.add(tmp_path / "second.txt")
        assert find(case) == {"Another zeppelin at one."}
        eve.handling.unmark("first.txt", because="x")
        assert find(case) == find(eve) == {"A zeppelin at noon.", "Another zeppelin at one."}
        assert case.evidence.list().to_csv() == eve.evidence.list().to_csv()


@pytest.mark.slow
def test_an_issue_about_no_document_keeps_the_mark_of_what_the_session_has_seen(case: Case) -> None:
    case.sources.exclude(term="container", ground="out of scope", because="x")
    case.handling.mark(["note.md"], level=RESTRICTED, because="x")
    assert RESTRICTED in case.sources.issues()["mark"].tolist()
    with closing(open_case(case.context.folder.path, officer="ada", purpose="test")) as anew:
        assert RESTRICTED not in anew.sources.issues()["mark"].tolist()


def test_a_note_of_another_notebook_makes_nothing_again(case: Case, made: Made) -> None:
    case.search("container")
    with closing(open_case(case.context.folder.path, officer="bob", purpose="test")) as other:
        other.review.note("Seen by bob.")
    made.clear()
    case.search("container")
    assert made.keys() <= MARKS
    assert "Seen by bob." in set(case.review.notes()["text"])


def test_a_file_of_another_notebook_is_found(case: Case, tmp_path: Path) -> None:
    assert case.search("zeppelin").empty
    with closing(open_case(case.context.folder.path, officer="bob", purpose="test")) as other:
        (tmp_path / "later.txt").write_text("The zeppelin was late.")
        other.add(tmp_path / "later.txt")
    assert len(case.search("zeppelin")) == 1


STEPS: dict[str, Callable[[Case], object]] = {
    "note": write_note, "draft": begin_draft, "chart": place_chart,
    "judge": lambda case: case.judgements.judge(["Ada Brook", "Cleo Dunn"], same=True, because="x"),
    "part": lambda case: case.judgements.judge(["Ada Brook", "Cleo Dunn"], same=False, because="x"),
    "mark": lambda case: case.handling.mark(["note.md"], level=RESTRICTED, because="x"),
    "unmark": lambda case: case.handling.unmark("note.md", because="x"),
    "withdraw": lambda case: case.sources.withdraw("note.md", because="x"),
    "restore": lambda case: case.sources.restore("note.md", because="x"),
    "exclude": lambda case: case.sources.exclude(term="container", ground="out of scope", because="x"),
    "state": lambda case: case.evidence.add("Person", name="Dora Finch", source="officer's knowledge", because="x"),
    "correct": lambda case: case.evidence.correct("Cleo Dunn", "name", "Cleo Dunne", source="officer's knowledge", because="x"),
    "erase": lambda case: case.privacy.erase("note.md", because="x", sure=True),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.validation
@settings(
    max_examples=times(25, 4),
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), min_size=2, max_size=5))
def test_every_answer_is_as_in_a_case_opened_anew(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    """Of an officer who may see all, and of one from whom the marks hide."""
    place = tmp_path_factory.mktemp("derived")
    with closing(open_case(place / "case", officer="zoe", purpose="test")) as first:
        first.access.grant("ada", RESTRICTED, because="vetted")
        first.access.hand_over("ada", because="on leave")
    with closing(open_case(place / "case", officer="ada", purpose="test")) as case:
        case.add(material.write(place))
        with closing(open_case(place / "case", officer="bob", purpose="test")) as other:
            ask(case)
            ask(other)
            for step in steps:
                tell(lambda step=step: STEPS[step](case))
                answers = {"ada": ask(case), "bob": ask(other)}
            for is_kept in (True, False):
                if not is_kept:
                    shutil.rmtree(place / "case/derived", ignore_errors=True)
                for officer, told in answers.items():
                    with closing(open_case(place / "case", officer=officer, purpose="test")) as anew:
                        assert ask(anew) == told, (officer, steps, is_kept)


def test_what_passes_its_review_date_at_midnight_is_in_no_answer_of_a_session_that_stays_open(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old.txt").write_text("A zeppelin at noon.")
    (tmp_path / "other.txt").write_text("Cleo Dunn is ill.")
    case.add(tmp_path / "old.txt")
    case.add(tmp_path / "other.txt")
    case.handling.mark("other.txt", special=["health"], because="x")  # something is withheld before as well
    case.privacy.retain("old.txt", until=(datetime.now(UTC).date() + timedelta(2)).isoformat(), because="x")

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Later:
            return cls.fromtimestamp((datetime.now(tz) + timedelta(5)).timestamp(), tz)

    with closing(open_case(case.context.folder.path, officer="eve", purpose="test")) as eve:
        assert set(eve.search("zeppelin")["text"]) == {"A zeppelin at noon."}
        monkeypatch.setattr(access_filter, "datetime", Later)
        assert eve.search("zeppelin").empty and "old.txt" not in set(eve.documents()["title"])
