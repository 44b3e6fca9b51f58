"""A file that bears the name of a person or thing takes no verb that was meant for them: the word is refused, with the ids to use."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from workbench.case.case import Case, open_case
from workbench.errors import CaseError

NAME, NUMBER = "Marta Oliveira", "+33612345678"
VERBS: dict[str, Callable[[Case, str], object]] = {
    "mark": lambda case, what: case.handling.mark(what, level="EXERCISE RESTRICTED", because="x"),
    "hold": lambda case, what: case.privacy.hold(what, because="x"),
    "restrict": lambda case, what: case.privacy.restrict(what, because="x"),
    "erase": lambda case, what: case.privacy.erase(what, because="x"),
    "grade": lambda case, what: case.evidence.grade(what, "B2", because="x"),
    "permit": lambda case, what: case.handling.permit(what, "H1", by="NCB", because="x"),
}


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    (tmp_path / "people.csv").write_text(f"name,phone\n{NAME},{NUMBER}\nRosa Blum,+33612345679\n")
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as zipped:
        for name in (NAME, NUMBER, "Rosa Blum.txt"):
            zipped.writestr(f"files/{name}", f"Greetings, {name}")
    with closing(open_case(tmp_path / "case", officer="ada", purpose="training")) as made:
        made.add(tmp_path / "people.csv")
        made.add(tmp_path / "export.zip")
        yield made


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("word", [NAME, NUMBER])
def test_a_word_for_a_file_and_for_something_else_is_refused_with_the_ids(case: Case, verb: str, word: str) -> None:
    with pytest.raises(CaseError, match="also of an entity") as refused:
        VERBS[verb](case, word)
    source, *others = re.findall(r"`(\w[\w-]*)`", str(refused.value))
    assert case.sources.list().set_index("source").loc[source, "name"].endswith(word) and others
    if verb == "mark":
        assert set(VERBS[verb](case, source)["kind"]) == {"source"}
        assert all(set(VERBS[verb](case, other)["kind"]) == {"entity"} for other in others)


@pytest.mark.parametrize(
    ("word", "kind"), [("Rosa Blum", "entity"), ("Rosa Blum.txt", "source"), ("people.csv", "source")]
)
def test_a_word_for_one_of_them_is_that_one(case: Case, word: str, kind: str) -> None:
    assert set(VERBS["mark"](case, word)["kind"]) == {kind}


def test_the_id_of_an_entity_is_that_entity_whatever_files_are_called(case: Case, tmp_path: Path) -> None:
    key = str(case.context.canonical_entities.query("caption == @NAME")["canonical_id"].iloc[0])
    (tmp_path / key).write_text("Greetings")
    case.add(tmp_path / key)
    assert set(VERBS["mark"](case, key)["kind"]) == {"entity"}
