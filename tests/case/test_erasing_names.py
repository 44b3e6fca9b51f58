"""Names in scripts that write no word boundaries are erased, replaced in copies and blacked out wherever their signs stand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.case.case import Case, open_case
from workbench.case.privacy import data_subject
from workbench.case.privacy.redaction import BLACK, Black
from workbench.errors import ModelError
from workbench.extract.names import lexicon

Opens = Callable[..., Case]
NAMES = ("王小明", "李明", "田中春樹", "田中 夏樹", "ทักษิณ ดวงใจ", "ສົມສັກ ພົມມະຈັນ", "សុខា ចាន់", "အောင်မင်း")
PERSONS = "name,birth_date\n" + "".join(f"{name},198{at}-02-03\n" for at, name in enumerate(NAMES))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_signs_without_word_boundaries_stands_nowhere_any_more(
    opened: Opens, tmp_path: Path, name: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "persons.csv").write_text(PERSONS, "utf-8")
    bare = name.replace(" ", "")
    said = f"{name}\n\nSeen: {bare}.\n\n今日は{bare}さんと{bare[:1]} {bare[1:]}\n"
    (tmp_path / "in" / "note.txt").write_text(said, "utf-8")
    (tmp_path / "in" / "rows.csv").write_text(f"no,remark\n1,met {bare} here\n", "utf-8")
    case = opened()
    case.add(tmp_path / "in")
    case.privacy.erase(name, because="request", sure=True)
    left = "".join(path.read_text("utf-8") for path in case.context.folder.sources.iterdir()).replace(" ", "")
    assert bare not in left and left.count("[erased]") >= 5
    assert all(other.replace(" ", "") in left for other in NAMES if other != name)


def test_a_name_is_erased_although_no_model_can_be_read(
    opened: Opens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "persons.csv").write_text("name,birth_date\nVera Oltmann,1980-02-03\n", "utf-8")
    (tmp_path / "note.txt").write_text("Oltmann was seen. Vera Oltmann left.\n", "utf-8")
    case = opened()
    case.add(tmp_path / "persons.csv")
    case.add(tmp_path / "note.txt")

    def refuse(name: str) -> Path:
        raise ModelError(f"{name} is damaged")

    monkeypatch.setattr(lexicon, "check_model", refuse)
    for kept in (lexicon.list_ordinary_words, lexicon._read_english, lexicon.list_everyday_words):
        kept.cache_clear()
    case.privacy.erase("Vera Oltmann", because="request", sure=True)
    left = "".join(path.read_text("utf-8") for path in case.context.folder.sources.iterdir())
    assert "Oltmann" not in left and "was seen" in left
    assert not lexicon.find_unusual(["oltmann"]) and lexicon.find_ordinary(["the", "oltmann"]) == {"the"}


def test_a_name_within_the_name_of_another_keeps_hers(opened: Opens, tmp_path: Path) -> None:
    (tmp_path / "persons.csv").write_text("name,birth_date\n李明,1980-02-03\n李明華,1981-02-03\n", "utf-8")
    (tmp_path / "note.txt").write_text("今日は李明華さん\n", "utf-8")
    case = opened()
    case.add(tmp_path / "persons.csv")
    case.add(tmp_path / "note.txt")
    case.privacy.erase("李明", because="request", sure=True)
    left = sorted(path.read_text("utf-8") for path in case.context.folder.sources.iterdir())
    assert left == ["name,birth_date\n[erased],[erased]\n李明華,1981-02-03\n", "今日は李明華さん\n"]


def test_a_copy_without_names_has_none_in_signs_of_han(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="zed", purpose="test")
    (tmp_path / "note.md").write_text("今日は李明さんと王小明さんと田中さん", "utf-8")
    case.add(tmp_path / "note.md")
    for name in ("李明", "王小明", "田中 夏樹"):
        case.evidence.add("Person", source="officer's knowledge", name=name)
    words = {"because": "course", "key": tmp_path / "k", "passphrase": "a long phrase of words"}
    copy = open_case(case.subjects.pseudonymise(tmp_path / "copy", **words).folder, officer="zed", purpose="training")
    text = "".join(copy.context.passages["text"])
    assert text.startswith("今日は") and not any(name in text for name in ("李明", "王小明", "小明", "田中"))
    copy.close()
    case.close()


def test_beside_ones_own_name_in_signs_of_han_others_are_blacked_out(opened: Opens) -> None:
    case = opened()
    for name in ("王小明", "李明"):
        case.evidence.add("Person", source="officer's knowledge", name=name, because="seen")
    black = Black(case.context, data_subject.find_subject(case.context, "王小明"))
    assert black.redact_text("王小明和张伟 met 小李") == f"王小明{BLACK} met {BLACK}"
    assert black.redact_names("李明.csv") == f"{BLACK}.csv" and black.redact_names("王小明.csv") == "王小明.csv"
