"""What a verb of a case refuses is told in the language of the case, and so is what is printed under a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from html import escape
from io import StringIO
from pathlib import Path

import networkx as nx
import pytest

from tests.refused import words
from workbench.case.case import Case, open_case
from workbench.case.verbs import unlock
from workbench.cli import main
from workbench.errors import CaseError, WorkbenchError
from workbench.graph import neighbourhoods
from workbench.model.catalogue import LANGUAGES, Sentence, Translator

REFUSED: dict[str, Callable[[Case], object]] = {
    (
        "Nothing was excluded. State what to exclude. Give at least one of these: `sender=`, `number=`, "
        "`term=`, `folder=`, `since=`, `until=`."
    ): lambda case: case.sources.exclude(ground="privilege", because="letter"),
    (
        "The case was not handed over. Give the officer and the reason, for example: "
        "`case.access.hand_over('eve', because='order of 3 May')`. You can give the officer's card "
        "instead of the name."
    ): lambda case: case.access.hand_over("", because=""),
    "The case is not encrypted. To encrypt it: `case.storage.encrypt('a passphrase')`.": lambda case: (
        case.storage.recovery_key()
    ),
    "`{where}` must be {wanted}, not {value}.": lambda case: case.graph("memo", hops="two"),  # type: ignore[arg-type]
    "`hops`: {hops} is not valid. Enter 1 or more.": lambda case: case.graph("memo", hops=0),
    "'{kind}' is not a kind of note. Use one of these: {kinds}.": lambda case: case.review.note(
        "seen twice", kind="rumour"
    ),
    "Nothing was marked. Give at least one of these: `level=`, `tlp=`, `handling=`, `conditions=`, "
    "`barred=`, …": lambda case: case.handling.mark("memo.txt", because="letter"),
    (
        "A package must be signed, but no key is unlocked. Create a key (`workbench identity new`), then "
        "open the case with `officer=identity.unlock('name', passphrase)`."
    ): lambda case: case.packages.pack(to=[], reason="joint case"),
    "This case has no report '{name}'. Reports in this case: {names}.": lambda case: case.storage.take_out(
        "memo.html", "memo.html"
    ),
    "`until`: '{value}' is not a date. Write the date in the form 2027-05-03.": lambda case: case.privacy.retain(
        "memo.txt", until="next year", because="letter"
    ),
}


@pytest.fixture(params=LANGUAGES)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test", language=request.param)) as made:
        yield made


@pytest.mark.slow
@pytest.mark.parametrize("key", REFUSED)
def test_a_refusal_is_told_in_the_language_of_the_case(case: Case, key: str) -> None:
    with pytest.raises(CaseError) as error:
        REFUSED[key](case)
    assert words(key, case.context.say.language) in escape(error.value.translate_to(case.context.say.language))


def test_another_officer_is_told_who_the_controller_is(tmp_path: Path) -> None:
    open_case(tmp_path / "case", officer="ada", purpose="test").close()
    with (
        closing(open_case(tmp_path / "case", officer="eve", purpose="test")) as case,
        pytest.raises(CaseError) as error,
    ):
        case.access.hand_over("eve", because="please")
    who, deed = "ada, identifié par son nom seulement", "transmettre le dossier"
    assert error.value.translate_to("fr") == Translator("fr")(
        "You cannot {does}. Only the controller of the case ({controller}) can do this.", controller=who, does=deed
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_case_toml_says_in_vain_is_told_as_the_case_opens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    open_case(tmp_path / "case", officer="ada", purpose="test", language=language).close()
    settings = tmp_path / "case" / "case.toml"
    settings.write_text(f'colour = "red"\n{settings.read_text("utf-8")}', "utf-8")
    open_case(tmp_path / "case", officer="ada", purpose="test").close()
    assert capsys.readouterr().out.strip() == Translator(language)(
        "The program does not know these settings in `case.toml`: {names}. The program ignores them and "
        "uses the default values. Check the spelling.",
        names="'colour'",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_not_in_a_graph_is_told_with_those_of_like_names(language: str) -> None:
    with pytest.raises(WorkbenchError) as error:
        neighbourhoods.find_paths(nx.MultiDiGraph([("ada-1", "eve-2")]), "ada-2", "eve-2")
    assert words("refused.graph.near", language) in escape(
        error.value.translate_to(language)
    ) and "ada-1" in error.value.translate_to(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_folder_that_is_no_case_is_told_in_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
    assert main(["doctor", str(tmp_path)]) == 1
    assert words("{folder} is not a case: it has no `case.toml`. Enter the path of a case folder.", language) in escape(
        capsys.readouterr().err
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_passphrase_that_nobody_can_give_is_told_with_the_question(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())
    with pytest.raises(CaseError) as error:
        unlock.ask_secret(Sentence("Passphrase of {name}", name="harbour"))
    assert Sentence("Passphrase of {name}", name="harbour").translate_to(language) in error.value.translate_to(language)
