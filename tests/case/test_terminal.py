"""The command helps, refuses and tells what it found in the language of whoever types."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from html import escape
from pathlib import Path

import pytest

from tests.catalogued import sentences
from tests.refused import words
from workbench import identity
from workbench.case.case import open_case
from workbench.cli import build_parser, main
from workbench.errors import CaseError
from workbench.ledger.storage.case_folder import LONGEST
from workbench.model.catalogue import KEY, LANGUAGES, Sentence, Translator
from workbench.model.machine import model_registry
from workbench.model.stored_sentences import find_sentence

OTHERS = LANGUAGES[1:]
ENGLISH = re.compile("[A-Za-z]{3,} [a-z]{2,}")
"""Two words of Latin letters."""
TAMPERED = "UPDATE audit SET entry = '{}' WHERE seq = 1"


def english(group: str, language: str) -> list[str]:
    """English texts of a group that the language writes otherwise."""
    own = sentences(language)
    told = {
        one: text
        for one, text in sentences("en").items()
        if "{" not in text and (not KEY.fullmatch(one.context) or one.context.startswith(group))
    }
    return [text for one, text in told.items() if own[one] != text and len(text) > 6]


@pytest.mark.slow
@pytest.mark.parametrize("language", OTHERS)
def test_help_of_every_command_is_in_the_language(language: str) -> None:
    def texts(one: object) -> list[str]:
        below = [action.choices for action in one._actions if hasattr(action, "add_parser")]  # type: ignore[attr-defined]
        parts = {id(part): part for choices in below for part in choices.values()}
        return [one.format_help(), *(text for part in parts.values() for text in texts(part))]  # type: ignore[attr-defined]

    told = [re.sub(r"\s+", " ", text) for text in texts(build_parser(Translator(language)))]
    assert len(told) > 25
    assert [
        text for text in english("cli.", language) for one in told if re.search(rf"\b{re.escape(text)}(?!\w)", one)
    ] == []


@pytest.mark.parametrize(
    "given", [["run"], ["walk"], ["lab", "--port", "x"], ["verify", "a", "--other"], ["backup", "--officer"]]
)
def test_what_is_wrong_with_a_line_is_told_in_the_language(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    said = {}
    for language in LANGUAGES:
        with pytest.raises(SystemExit) as ended:
            main([*given, "--language", language])
        said[language] = capsys.readouterr().err.splitlines()[-1]
        assert ended.value.code == 2
    assert len(set(said.values())) == len(LANGUAGES) and said["en"].startswith("workbench") and "error: " in said["en"]


@pytest.mark.slow
def test_the_doctor_and_the_check_speak_the_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_case(tmp_path / "case", officer="ada", purpose="test").close()
    monkeypatch.setenv("WORKBENCH_LANGUAGE", "es")
    assert main(["doctor", str(tmp_path / "case")]) == 0
    found = capsys.readouterr().out
    assert Translator("es")("checkup.is_well") in found
    assert [text for text in english("checkup.", "es") if text in found] == []
    assert main(["verify", str(tmp_path / "case"), "--language", "ar"]) == 0
    checked = capsys.readouterr().out.splitlines()
    assert checked[-1] == Translator("ar")("verify.right") and checked[0].startswith(
        Translator("ar")("verify.state.ok")
    )
    assert [line for line in checked if ENGLISH.search(line)] == []


def test_what_the_check_finds_is_told_in_the_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place, say = tmp_path / "case", Translator("ar")
    with closing(open_case(place, officer="ada", purpose="test", language="ar")) as case:
        assert str(say("verified.checkpoints.none")) in list(case.log.verify()["said"])
    with closing(sqlite3.connect(place / "ledger.db", isolation_level=None)) as sql:
        guards = dict(sql.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
        for statement in (*(f'DROP TRIGGER "{name}"' for name in guards), TAMPERED, *guards.values()):
            sql.execute(statement)
    assert main(["verify", str(place), "--language", "ar"]) == 1
    checked = capsys.readouterr().out.splitlines()
    said = [say("verified.entries.changed", entry="1"), say("verify.state.bad")]
    assert [words for words in said if not any(words in line for line in checked)] == []
    assert [line for line in checked if ENGLISH.search(line)] == []
    with pytest.raises(CaseError) as refused:
        open_case(place, officer="ada", purpose="test")
    assert refused.value.translate_to("ar") == say("refused.log.changed")


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_wrong_with_a_backup_or_a_setting_is_told_in_the_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    def told(*given: str) -> str:
        assert main([*given, "--language", language]) == 1
        return capsys.readouterr().err.strip()

    none, made, say = tmp_path / "none.zip", tmp_path / "case", Translator(language)
    none.write_text("nothing", "utf-8")
    open_case(made, officer="ada", purpose="test").close()
    said = Sentence(
        "{path} is damaged or is not a backup: {error}. Use another backup.", path=none, error="File is not a zip file"
    ).translate_to(language)
    assert told("restore", str(none), str(tmp_path / "new")) == f"workbench: {said}"
    (made / "case.toml").write_text("title = 7\n", "utf-8")
    wrong = str(say("refused.setting.text", name="title", most=say.figure(LONGEST), value="7"))
    assert wrong in told("backup", str(made), str(tmp_path / "kept.zip"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_command_refuses_is_told_in_the_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))
    (tmp_path / "card.json").write_text("{}")
    add = ["models", "add", str(tmp_path), "--name", "ours", "--languages", "ar", "--use", "ner"]
    asked = {
        "refused.added.other_file": add,
        ("No model was removed. '{name}' is not a model that was added on this computer. Added models: {known}."): [
            "models",
            "remove",
            "nothing",
        ],
        (
            "{what} does not contain {fields}. The file is damaged or is another kind of file. "
            "Ask the sender for the file again."
        ): ["identity", "take", str(tmp_path / "card.json")],
        ("The {what} {path} cannot be read: {error}. Check the path and your permission to read the file."): [
            "identity",
            "take",
            str(tmp_path / "no.json"),
        ],
        (
            "'{name}' matches {count} bureaux on the trust list. It must match exactly one. Give the full "
            "name of one bureau, or the fingerprint of its key. Bureaux: {known}."
        ): ["identity", "trust", "remove", "nobody"],
    }
    for key, given in asked.items():
        assert main([*given, "--language", language]) == 1
        assert words(key, language) in escape(capsys.readouterr().err), key


@pytest.mark.slow
@pytest.mark.parametrize("language", OTHERS)
def test_the_models_and_the_identities_are_told_in_the_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    ada = identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM", role="analyst")
    (tmp_path / "ada.json").write_text(ada.card.to_json(), "utf-8")
    say = Translator(language)
    for command, key in (
        (["models"], "models.only"),
        (["identity", "show", str(tmp_path / "ada.json")], "identity.state.not_trusted"),
        (["identity", "trust", "list"], "Trusted bureaux: {count}"),
    ):
        main([*command, "--language", language])
        said = capsys.readouterr().out
        assert say(key, **({"count": 0} if "{count}" in key else {})) in said
        left = [
            text
            for group in ("models.", "identity.")
            for text in english(group, language)
            if " " in text and text in said
        ]
        assert left == []


def test_what_a_model_is_good_for_is_a_sentence_of_the_catalogue() -> None:
    shipped = [card for card in model_registry.load_models().values() if not card.is_user_added]
    assert shipped and all(isinstance(find_sentence(card.use, "models.good_for"), Sentence) for card in shipped)
