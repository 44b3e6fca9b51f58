"""Which languages a case speaks, and how that decides the way it is searched."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from workbench import search
from workbench.case.case import Case, open_case
from workbench.case.context import search_languages
from workbench.errors import ModelError
from workbench.extract import languages
from workbench.ledger import Folder, Settings

TEXTS = Path(__file__).parents[1] / "quality" / "cross_language.json"


def said(code: str, number: int) -> list[str]:
    made = json.loads(TEXTS.read_text("utf-8"))
    return [*(matter["passages"][code] for matter in made["matters"]), *made["others"][code]][:number]


def a_case(folder: Path, texts: Sequence[str]) -> Case:
    (folder / "notes").mkdir()
    for number, text in enumerate(texts):
        (folder / "notes" / f"{number:03}.txt").write_text(text, encoding="utf-8")
    case = open_case(folder / "case", officer="ada", purpose="test")
    case.add(folder / "notes")
    return case


@pytest.mark.slow
@pytest.mark.parametrize(
    ("english", "french", "chosen"),
    [(20, 0, "english"), (20, 4, "english"), (20, 6, "multilingual"), (60, 6, "english")],
)
def test_what_is_spoken_decides(tmp_path: Path, english: int, french: int, chosen: str) -> None:
    case = a_case(tmp_path, said("en", english) + said("fr", french))
    assert search_languages.get_search_mode(case.context) == chosen
    assert case.context.folder.load_settings().search == ""
    assert sorted(set(search_languages.list_passage_languages(case.context).values())) == (
        ["en", "fr"] if french else ["en"]
    )
    case.close()


FRENCH = "Le conteneur part vendredi soir vers Rotterdam."
SPANISH = "El contenedor sale el viernes por la noche."


def count_looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Texts whose language is looked at from now on."""
    looked: list[str] = []
    detect = languages.detect_language
    monkeypatch.setattr(languages, "detect_language", lambda text: looked.append(text) or detect(text))
    return looked


def test_languages_are_kept_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = count_looks(monkeypatch)
    with closing(a_case(tmp_path, [FRENCH, SPANISH])) as case:
        spoken = search_languages.list_passage_languages(case.context)
        assert sorted(spoken.values()) == ["es", "fr"] and sorted(looked) == [SPANISH, FRENCH]
    looked.clear()
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as case:
        assert search_languages.list_passage_languages(case.context) == spoken and looked == []
        (tmp_path / "notes" / "later.txt").write_text("Der Container geht am Freitagabend nach Hamburg.", "utf-8")
        case.add(tmp_path / "notes")
        assert sorted(search_languages.list_passage_languages(case.context).values()) == ["de", "es", "fr"]
        assert len(looked) == 1
    for path in (tmp_path / "case" / "derived").rglob("*.safetensors"):
        path.unlink()
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as case:
        assert sorted(search_languages.list_passage_languages(case.context).values()) == ["de", "es", "fr"]


def test_no_language_of_what_was_erased_is_kept(tmp_path: Path) -> None:
    with closing(a_case(tmp_path, [FRENCH, SPANISH])) as case:
        case.search("container")
        assert len(search_languages.open_language_index(case.context)) == 2
        case.privacy.erase("000.txt", because="a mistake", sure=True)
        left = search_languages.open_language_index(case.context).get_all()[0]
        assert left == list(case.context.passages["passage_id"])


def test_numbers_that_are_no_language_are_passed_over(tmp_path: Path) -> None:
    with closing(a_case(tmp_path, [FRENCH, SPANISH, "Nothing here."])) as case:
        ids, index = list(case.context.passages["passage_id"]), search_languages.open_language_index(case.context)
        index.add(ids, np.array([[np.nan], [-1.0], [999.0]], dtype=np.float32))
        assert sorted(search_languages.list_passage_languages(case.context).values()) == ["en", "es", "fr"]


@pytest.mark.slow
def test_from_some_size_on_the_choice_stays_and_a_change_is_told(tmp_path: Path) -> None:
    case = a_case(tmp_path, said("en", 100) + [f"{text} It was so." for text in said("en", 100)])
    assert search_languages.get_search_mode(case.context) == "english"
    assert 'mode = "english"' in (tmp_path / "case" / "case.toml").read_text("utf-8")
    for number, text in enumerate(said("ar", 60)):
        (tmp_path / "notes" / f"ar-{number}.txt").write_text(text, encoding="utf-8")
    case.add(tmp_path / "notes")
    assert search_languages.get_search_mode(case.context) == "english"
    told = list(search_languages.find_language_issues(case.context))
    assert [issue.code for issue in told] == ["search-language"]
    assert "Arabic" in told[0].message
    assert "search-language" in set(case.sources.issues()["code"])
    case.close()


@pytest.mark.slow
def test_a_case_is_searched_across_languages(tmp_path: Path) -> None:
    case = a_case(tmp_path, [*said("en", 30), *said("fr", 30), *said("es", 30), *said("ar", 30)])
    hits = case.search(like="encrypted telephones seized during a house search", limit=10)
    assert {"ar", "es", "fr"} <= {
        search_languages.list_passage_languages(case.context)[key] for key in hits["passage_id"].head(6)
    }
    again = case.search(like=hits["passage_id"].iloc[0], limit=3)
    assert again["passage_id"].iloc[0] == hits["passage_id"].iloc[0]
    case.close()


def test_case_toml_is_filled_in_and_otherwise_left_alone(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "case")
    folder.create(Settings(title='A [search] for "mode"'))
    before = (folder.path / "case.toml").read_text("utf-8")
    folder.fix_search("multilingual")
    after = (folder.path / "case.toml").read_text("utf-8")
    assert folder.load_settings().search == "multilingual"
    assert folder.load_settings().title == 'A [search] for "mode"'
    assert len(set(before.splitlines()) ^ set(after.splitlines())) == 2
    folder.fix_search("english")
    assert folder.load_settings().search == "multilingual"


@pytest.mark.parametrize("text", ['title = "old"\n', "", '[search]\n# mine\nmode = "english"\n'])
def test_an_older_case_toml_is_filled_in(tmp_path: Path, text: str) -> None:
    folder = Folder(tmp_path)
    (tmp_path / "case.toml").write_text(text)
    folder.fix_search("multilingual")
    assert folder.load_settings().search == ("english" if "english" in text else "multilingual")


def test_an_unknown_way_is_refused_with_the_known(tmp_path: Path) -> None:
    case = a_case(tmp_path, said("en", 3))
    (tmp_path / "case" / "case.toml").write_text('[search]\nmode = "klingon"\n')
    case.close()
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    with pytest.raises(ModelError, match=r"klingon.*english, multilingual"):
        case.search("container")
    case.close()


def test_the_ways_are_named_once() -> None:
    assert (search.ENGLISH, search.MULTILINGUAL) == ("english", "multilingual")
