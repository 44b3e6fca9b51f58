"""One search over everything in the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from workbench import search as rooms
from workbench.case.case import Case, open_case
from workbench.errors import CaseError


@pytest.fixture
def read(case: Case) -> Iterator[Case]:
    """The case with its text read."""
    case.extract()
    return case


def test_words_are_found_with_the_match_marked_and_every_trace(read: Case) -> None:
    hit = read.search("container").iloc[0]
    start, end = hit["marked"][0]
    assert hit["text"][start:end] == "container"
    assert hit["traces"] == ["aaaa-1:0-2", "bbbb-2:0-2"]
    assert hit["at"] == "2024-03-01T09:00:00"


def test_meaning_finds_what_shares_no_word(read: Case) -> None:
    hits = read.search(like="has the payment come in?")
    assert "Did the money arrive?" in set(hits["text"].head(3))


def test_a_sentence_in_the_case_can_be_asked_for_its_like(read: Case) -> None:
    first = read.search("container").iloc[0]
    assert read.search(like=first["passage_id"]).iloc[0]["passage_id"] == first["passage_id"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"since": "2024-03-03"}, {"2024-03-03T08:00:00"}),
        ({"until": "2024-03-01", "kind": "Message"}, {"2024-03-01T09:00:00", "2024-03-01T09:05:00"}),
        ({"sender": "Ada Brook"}, {"2024-03-01T09:00:00", "2024-03-02T21:12:00"}),
        ({"kind": "PlainText"}, {""}),
    ],
)
def test_bounds_hold_for_every_hit(read: Case, bounds: dict[str, str], expected: set[str]) -> None:
    hits = read.search("money OR container OR done OR harbour OR call OR pay", **bounds)  # type: ignore[arg-type]
    assert set(hits["at"]) <= expected
    assert len(hits)


def test_a_long_passage_with_all_words_is_found_beside_short_ones(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    rows = [f"word{n}," for n in range(1_200)]
    rows[1_100] = "Zorvana Quell,"
    (folder / "list.csv").write_text("\n".join(["x,y", *rows]), "utf-8")
    for number in range(3):
        (folder / f"{number}.txt").write_text(f"Zorvana Quell {number}", "utf-8")
    case.add(folder)
    assert set(case.search("Zorvana Quell")["source_name"]) == {"0.txt", "1.txt", "2.txt", "list.csv"}


@pytest.mark.slow
def test_as_many_passages_with_all_words_are_found_as_are_asked_for(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(450):
        (folder / f"{number}.txt").write_text(f"Zorvana {number}", "utf-8")
    case.add(folder)
    assert len(case.search("Zorvana", limit=440)) == 440
    assert len(case.search("Zorvana")) == 20


def test_what_is_withdrawn_is_not_found(read: Case) -> None:
    read.sources.withdraw("chats.txt", because="wrong exhibit")
    assert "chats.txt" not in set(read.search("container").get("source_name", []))


@pytest.mark.slow
@pytest.mark.parametrize("query", ['"', "AND OR NOT", "a*b(c", "'; DROP TABLE passages; --", "NEAR(", "-", "^x:y"])
def test_no_text_breaks_the_search(read: Case, query: str) -> None:
    assert len(read.search(query)) >= 0


def test_nothing_to_search_for_is_said(read: Case) -> None:
    with pytest.raises(CaseError, match="nothing to search for"):
        read.search("  ")


def test_the_index_comes_back_after_it_was_deleted(read: Case) -> None:
    before = list(read.search("money")["passage_id"])
    for path in sorted((read.context.folder.derived / "vectors").iterdir()):
        path.unlink()
    again = open_case(read.context.folder.path, officer="ada", purpose="test")
    assert list(again.search("money")["passage_id"]) == before
    again.close()


def test_each_search_is_in_the_audit_log(read: Case) -> None:
    read.search("container")
    last = read.log.entries().iloc[-1]
    assert last["operation"] == "consultation"
    assert last["query"] == "container" and last["reason"] == "test"


def test_a_second_extract_adds_nothing(read: Case, files: Path) -> None:
    table = read.extract()
    assert table["passages"].sum() == 0
    assert table["suggestions"].sum() == 0
    read.add(files)
    assert read.extract()["suggestions"].sum() == 0


def test_a_word_is_found_before_an_emoji(case: Case, files: Path) -> None:
    (files / "glued.txt").write_text("That was easy🤩 and so🫠 quick", "utf-8")
    case.add(files / "glued.txt")
    assert "glued.txt" in set(case.search('"easy"')["source_name"])


@pytest.mark.parametrize("bound", ["16-09-2025", "yesterday", "2025/09/14"])
def test_a_bound_that_is_no_date_is_refused(read: Case, bound: str) -> None:
    with pytest.raises(CaseError, match="is not a date"):
        read.search("container", since=bound)


def test_equal_texts_are_encoded_once(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[str] = []
    encode = rooms.Engine.encode

    def note(engine: rooms.Engine, texts: Iterable[str], **how: bool) -> object:
        texts = list(texts)
        encoded.extend(texts)
        return encode(engine, texts, **how)

    monkeypatch.setattr(rooms.Engine, "encode", note)
    for number in range(3):
        (tmp_path / f"same-{number}.txt").write_text("The zeppelin leaves at noon." + " " * number, "utf-8")
        case.add(tmp_path / f"same-{number}.txt")
    hits = case.search("zeppelin")
    assert encoded.count("The zeppelin leaves at noon.") == 1
    assert len(hits) + hits["copies"].str.len().sum() == 3
