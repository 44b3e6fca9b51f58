"""Models that a user brings: what is taken is hashed and read; what could run something is refused with its reason."""

from __future__ import annotations

import json
import os
import pickle  # noqa: TID251 - the file that must be refused
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import spacy
from safetensors.numpy import save_file

from workbench.errors import ModelError
from workbench.model.machine import model_registry, user_models


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv(model_registry.OWN_VARIABLE, str(tmp_path / "own"))
    model_registry.clear_cache()
    yield tmp_path / "own"
    model_registry.clear_cache()


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    nlp = spacy.blank("ar")
    names = nlp.add_pipe("ner")
    for label in ("PER", "ORG", "LOC"):
        names.add_label(label)
    nlp.initialize()
    folder = tmp_path_factory.mktemp("made") / "pipeline"
    nlp.to_disk(folder)
    return folder


@pytest.fixture
def sentence(tmp_path: Path) -> Path:
    folder = tmp_path / "sentence"
    folder.mkdir()
    save_file({"weights": np.zeros(3, np.float32)}, folder / "model.safetensors")
    (folder / "config.json").write_text('{"model_type": "bert"}')
    (folder / "modules.json").write_text('[{"type": "sentence_transformers.models.Transformer"}]')
    (folder / "tokenizer.json").write_text("{}")
    return folder


def test_a_spacy_pipeline_is_copied_hashed_and_checked(pipeline: Path, own: Path) -> None:
    card = user_models.add_model(pipeline, "my-arabic", ["ar"], "ner", licence="MIT")
    assert model_registry.get_model("my-arabic") == card
    assert model_registry.check_model("my-arabic") == own / "my-arabic"
    assert user_models.list_user_models("ner") == {"ar": "my-arabic"}
    assert card.label.startswith("my-arabic-")
    assert "ner/model" in card.files
    (own / "my-arabic" / "ner" / "model").write_bytes(b"other")
    model_registry.clear_cache()
    with pytest.raises(ModelError, match=r"changed or damaged.*models add FOLDER --name my-arabic"):
        model_registry.check_model("my-arabic")


def test_the_same_files_have_the_same_version_and_a_model_can_be_removed(pipeline: Path, sentence: Path) -> None:
    first = user_models.add_model(pipeline, "one", ["ar"], "ner")
    assert user_models.add_model(pipeline, "one", ["ar"], "ner").version == first.version
    assert user_models.add_model(sentence, "two", ["es", "ar"], "embedding").task == "embedding"
    assert set(user_models.list_user_models("embedding")) == {"es", "ar"}
    user_models.remove_model("one")
    assert "one" not in model_registry.load_models()
    with pytest.raises(ModelError, match="Added models: two"):
        user_models.remove_model("one")


def test_a_model_takes_the_place_of_no_other(pipeline: Path, sentence: Path, own: Path) -> None:
    first = user_models.add_model(pipeline, "one", ["ar"], "ner")
    with pytest.raises(ModelError, match="A different model called 'one' is already on this computer"):
        user_models.add_model(sentence, "one", ["ar"], "embedding")
    with pytest.raises(ModelError, match="'one' already reads text in the language 'ar'"):
        user_models.add_model(pipeline, "two", ["ar"], "ner")
    assert (model_registry.get_model("one"), user_models.list_user_models("ner")) == (first, {"ar": "one"})
    assert sorted(path.name for path in own.iterdir() if path.is_dir()) == ["one"]


def link(folder: Path) -> None:
    (folder / "vocab.txt").symlink_to(folder / "config.json")


def pickled(folder: Path) -> None:
    (folder / "vocab.json").write_bytes(pickle.dumps([1]))


def archive(folder: Path) -> None:
    with zipfile.ZipFile(folder / "vocab.json", "w") as file:
        file.writestr("data.pkl", b"")


def code(folder: Path) -> None:
    (folder / "modeling.py").write_text("print()")


def torch_weights(folder: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(b"weights")


def foreign(folder: Path) -> None:
    (folder / "modules.json").write_text('[{"type": "evil.Module"}]')


def own_code(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps({"auto_map": {"AutoModel": "modeling.Model"}}))


def torn(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"\xff" * 20)


def none(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


@pytest.mark.parametrize(
    ("harm", "reason"),
    [(link, "is a link"), (pickled, "can contain program code"),
     (archive, "can contain program code"), (code, "is program code"),
     (torch_weights, r"may contain Python pickle data\. Such data can run code when the file is opened"), (foreign, "evil.Module"),
     (own_code, "auto_map"), (torn, "is not a complete safetensors file"),
     (none, "does not contain a `.safetensors` file")],
)  # fmt: skip
def test_what_could_run_something_is_refused(
    sentence: Path, own: Path, harm: Callable[[Path], None], reason: str
) -> None:
    harm(sentence)
    with pytest.raises(ModelError, match=reason):
        user_models.add_model(sentence, "bad", ["ar"], "embedding")
    assert not (own / "bad").exists()
    assert "bad" not in model_registry.load_models()


def test_what_is_checked_is_the_copy_and_not_the_folder_that_may_change(
    sentence: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copyfile

    def change_then_copy(source: Path, target: Path, **said: bool) -> object:
        foreign(sentence)
        return copy(source, target, **said)

    monkeypatch.setattr(shutil, "copyfile", change_then_copy)
    with pytest.raises(ModelError, match=r"evil\.Module"):
        user_models.add_model(sentence, "bad", ["ar"], "embedding")
    assert not (own / "bad").exists()


def test_a_file_that_becomes_a_link_meanwhile_is_refused(sentence: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = shutil.copyfile

    def link_then_copy(source: Path, target: Path, **said: bool) -> object:
        if source.name == "tokenizer.json":
            source.unlink()
            source.symlink_to("/etc/hostname")
        return copy(source, target, **said)

    monkeypatch.setattr(shutil, "copyfile", link_then_copy)
    with pytest.raises(ModelError, match="is a link"):
        user_models.add_model(sentence, "bad", ["ar"], "embedding")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('factory = "ner"', 'factory = "transformer"', "transformer"),
        ("before_creation = null", 'before_creation = {"@callbacks":"x"}', "asks the program to run a function"),
        ("spacy.TransitionBasedParser.v2", "evil.Parser.v1", "evil.Parser"),
        ('lang = "ar"', 'lang = "de"', "--languages de"),
        ('factory = "ner"', 'source = "/media/stick/x"', "components.ner.source"),
        ("moves = null", 'moves = {"@readers":"srsly.read_json.v1","path":"x.json"}', "components.ner.moves.@readers"),
        ("moves = null", 'moves = [{"@misc":"spacy.KBFromFile.v1"}]', "spacy.KBFromFile"),
        ("moves = null", "moves = ${paths.train}", "components.ner.moves"),
        ("moves = null", 'moves = "/media/stick/x.json"', "/media/stick"),
        ("moves = null", "kb_path = null", "kb_path"),
        ("train = null", 'train = "/home/ada/corpus"', "paths.train contains the path"),
        ("train = null", 'train = "http://stick.example/x"', "paths.train contains the path"),
        ("before_init = null", 'before_init = {"@callbacks":"x"}', "asks the program|asks for a function"),
        ('factory = "ner"', 'factory = {"a":"ner"}', "component 'ner'"),
        (
            "[components.ner.model]",
            "[components.ner.model.@architectures]\na = 1\n\n[components.ner.more]",
            "architectures",
        ),
        ("[nlp]\n", '[nlp]\ntokenizer = {"@tokenizers":"spacy.other.v1"}\n', "nlp.tokenizer.@tokenizers"),
        ("[system]", "[evil]\nx = 1\n\n[system]", "evil"),
        ("[system]", "[DEFAULT]\nx = 1\n\n[system]", "no spaCy configuration|not a spaCy configuration"),
    ],
)
def test_a_pipeline_may_name_only_what_spacy_has(
    pipeline: Path, tmp_path: Path, old: str, new: str, reason: str
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(pipeline, folder)
    text = (folder / "config.cfg").read_text()
    assert old in text
    (folder / "config.cfg").write_text(text.replace(old, new))
    with pytest.raises(ModelError, match=reason):
        user_models.add_model(folder, "bad", ["ar"], "ner")


@pytest.mark.parametrize("name", ["spacy-en", "../out", "Big", "", "a" * 50])
def test_a_name_is_a_plain_word_and_no_shipped_one(sentence: Path, name: str) -> None:
    with pytest.raises(ModelError, match="is not a valid model name"):
        user_models.add_model(sentence, name, ["ar"], "embedding")


@pytest.mark.parametrize(("languages", "task"), [([], "embedding"), (["arabic"], "embedding"), (["ar"], "chat")])
def test_use_and_languages_are_asked_for(sentence: Path, languages: list[str], task: str) -> None:
    with pytest.raises(ModelError):
        user_models.add_model(sentence, "x", languages, task)


@pytest.mark.parametrize("name", [b"README\x7f.md", b"README\xff.md", b"README\n.md", "README\u2028.md".encode()])
def test_a_file_whose_name_cannot_be_printed_is_refused(pipeline: Path, tmp_path: Path, name: bytes) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(pipeline, folder)
    (folder / os.fsdecode(name)).write_text("x")
    with pytest.raises(ModelError, match="cannot be printed"):
        user_models.add_model(folder, "bad", ["ar"], "ner")


def test_the_list_is_read_again_whatever_its_texts_hold(pipeline: Path) -> None:
    licence = 'a\x7f"\\b\n\x85\u2028\x00ü'
    card = user_models.add_model(pipeline, "one", ["ar"], "ner", licence=licence)
    assert model_registry.get_model("one") == card and card.licence == licence


def test_a_model_is_removed_from_a_list_that_cannot_be_read(pipeline: Path, sentence: Path, own: Path) -> None:
    user_models.add_model(pipeline, "one", ["ar"], "ner")
    user_models.add_model(sentence, "two", ["es"], "embedding")
    path = own / "models.toml"
    path.write_text(path.read_text("utf-8").replace('"ner/model"', '"ner/mo\x7fdel"'), "utf-8")
    model_registry.clear_cache()
    with pytest.raises(ModelError, match=re.escape(str(path))):
        model_registry.load_models()
    user_models.remove_model("one")
    assert list(model_registry.load_added()) == ["two"] and not (own / "one").exists()


def test_a_list_that_cannot_be_read_is_named(own: Path) -> None:
    own.mkdir()
    (own / "models.toml").write_text("[")
    with pytest.raises(ModelError, match="add the models again"):
        model_registry.load_models()
