"""Models that a user brings: a folder is looked through, copied, and listed with the hash of each file. Nothing is run.

What may lie in it is listed here, by kind; all else is refused with its reason. Weights of an embedding are safetensors,
those of a spaCy pipeline its own format (numbers in msgpack). Pickles, and torch's files that hold them, run code when they
are opened; so do modules.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from workbench.errors import ModelError
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_digest, compute_sha256
from workbench.model.machine.model_registry import (
    CARD,
    Model,
    clear_cache,
    get_own_folder,
    load_added,
    load_models,
    load_readable,
    load_shipped,
)
from workbench.model.machine.pipeline_config import check_config
from workbench.visible import escape_unprintable

TASKS = ("ner", "embedding")
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LANGUAGE = re.compile(r"[a-z]{2,3}")
MAX_FILES = 200
MAX_BYTES = 8 << 30
SMALL = 64 << 20
"""Bytes of a text file (JSON, configuration) at most."""
CODE = (".py", ".pyc", ".pyd", ".so", ".dll", ".dylib", ".exe", ".sh", ".bat", ".cmd", ".js", ".jar", ".ipynb", ".whl")
PICKLES = (
    ".pkl",
    ".pickle",
    ".joblib",
    ".pt",
    ".pth",
    ".ckpt",
    ".bin",
    ".npy",
    ".npz",
    ".h5",
    ".msgpack",
    ".onnx",
    ".gguf",
)
SPACY_FILES = frozenset("config.cfg meta.json tokenizer model cfg moves patterns key2row vectors vectors.cfg".split()) | {
    "lookups.bin", "strings.json", "patterns.jsonl", "labels.json", "accuracy.json",
}  # fmt: skip
SENTENCE_FILES = frozenset({
    "config.json", "modules.json", "sentence_bert_config.json", "config_sentence_transformers.json", "tokenizer.json",
    "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.txt", "vocab.json", "merges.txt",
    "sentencepiece.bpe.model", "spiece.model", "tokenizer.model", "unigram.json", "data_config.json",
})  # fmt: skip
SPOKEN = (".md", ".txt")
"""Files that a person reads: kept with the model."""
HOW = """  names (spaCy):     python -m spacy download NAME, then in Python: spacy.load("NAME").to_disk("FOLDER")
  embedding:         hf download OWNER/MODEL --local-dir FOLDER --include "*.safetensors" "*.json" "*.txt" "*.model"
  then here:         workbench models add FOLDER --name my-arabic --languages ar --use ner --licence MIT"""
"""What is typed to add a model."""


def add_model(
    folder: Path, name: str, languages: Sequence[str], task: str, *, licence: str = "", use: str = ""
) -> Model:
    """Copy a model folder into the user's own folder and list it with the hash of each file.

    Parameters
    ----------
    folder : Path
        A spaCy pipeline as `nlp.to_disk` writes it (`task` 'ner'), or a sentence-transformers folder ('embedding').
    name : str
        How it will be called: small letters, digits, hyphens; none that another model has.
    languages : sequence of str
        ISO 639-1 codes. Extraction reads passages of these languages with it.
    licence, use : str
        For its card.

    Raises
    ------
    ModelError
        Says which file or word is refused, and why. A model takes the place of none that was added before.
    """
    _check_name(name, languages, task)
    _check_languages(name, languages, task)
    paths = list(_list_files(folder))
    _check_names(folder, paths, task)
    place = get_own_folder()
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix=".adding-") as made:
        copy = Path(made) / "model"
        for path in paths:
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / path, copy / path, follow_symlinks=False)
        files = _check_copy(copy, languages, task)
        version = compute_digest(*(f"{path}={sha256}" for path, sha256 in sorted(files.items())))[:12]
        if (there := load_added().get(name)) and there.version != version:
            raise ModelError(
                Sentence(
                    "The model was not added. A different model called '{name}' is already on this computer. Remove "
                    "that model first (`workbench models remove {name}`), or give the new model another name.",
                    name=name,
                )
            )
        shutil.rmtree(place / name, ignore_errors=True)
        copy.replace(place / name)
    told = use or f"{'Names in text' if task == 'ner' else 'Meaning of texts'}; added by the user, not measured here."
    card = Model(name, "", "", version, name, licence or "not stated", task, tuple(languages), told, str(folder), files)
    _write_cards({**load_added(), name: card})
    clear_cache()
    return card


def remove_model(name: str) -> None:
    """Take a model that the user added out of the list and delete its folder.

    A list that cannot be read is written anew with the models of it that can.

    Raises
    ------
    ModelError
        If the user has added none of that name.
    """
    try:
        own, is_known = load_added(), False
    except ModelError:
        own, is_known = load_readable(), bool(NAME.fullmatch(name)) and (get_own_folder() / name).is_dir()
    if name not in own and not is_known:
        known = ", ".join(own) or Sentence("none", context="refused added")
        raise ModelError(
            Sentence(
                "No model was removed. '{name}' is not a model that was added on this computer. Added models: {known}.",
                name=name,
                known=known,
            )
        )
    _write_cards({key: card for key, card in own.items() if key != name})
    shutil.rmtree(get_own_folder() / name, ignore_errors=True)
    clear_cache()


def list_user_models(task: str) -> dict[str, str]:
    """Language -> name of the model that the user has added for it."""
    return {
        code: name
        for name, card in load_models().items()
        if card.is_user_added and card.task == task
        for code in card.languages
    }


def _check_name(name: str, languages: Sequence[str], task: str) -> None:
    if not NAME.fullmatch(name) or name in load_shipped():
        raise ModelError(
            Sentence(
                "The model was not added. '{name}' is not a valid model name. Use at most 40 lowercase letters, "
                "digits and hyphens. The first character must not be a hyphen. These names are already used: "
                "{known}.",
                name=name,
                known=", ".join(load_shipped()),
            )
        )
    if task not in TASKS:
        raise ModelError(
            Sentence(
                "The model was not added. A model cannot be used for '{task}'. Known uses: {known}.",
                task=task,
                known=", ".join(TASKS),
            )
        )
    if not languages or not all(LANGUAGE.fullmatch(code) for code in languages):
        raise ModelError(
            Sentence(
                "The model was not added. The languages '{spoken}' are not valid. Enter one or more language "
                "codes, for example `ar es`.",
                spoken=" ".join(languages),
            )
        )


def _check_languages(name: str, languages: Sequence[str], task: str) -> None:
    """Refuse a second model that would read the text of a language, in the place of the one that the user has added for it."""
    readers = {code: other for code, other in list_user_models(task).items() if other != name} if task == "ner" else {}
    if taken := [code for code in languages if code in readers]:
        raise ModelError(
            Sentence(
                "The model was not added. The model '{name}' already reads text in the language '{spoken}'. "
                "Remove '{name}' first (`workbench models remove {name}`), or add the new model without this "
                "language.",
                spoken=taken[0],
                name=readers[taken[0]],
            )
        )


def _list_files(folder: Path) -> Iterator[Path]:
    """Paths of the files in a folder, relative to it, in order; none of them a link, none but files."""
    if not folder.is_dir() or folder.is_symlink():
        raise ModelError(
            Sentence(
                "The model was not added. {folder} is a link, or is not a folder. Enter the path of the folder "
                "that contains the model.",
                folder=folder,
            )
        )
    total = number = 0
    for root, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(folders + names):
            path = Path(root, name)
            shown = path.relative_to(folder).as_posix()
            if not shown.isprintable():
                raise ModelError(
                    Sentence(
                        "The model was not added. The file name '{file}' contains characters that cannot be printed. "
                        "Rename the file, or remove it from the folder.",
                        file=escape_unprintable(shown),
                    )
                )
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                raise ModelError(
                    Sentence(
                        "The model was not added. {file} is a link, or is not a file. A link can point to "
                        "any file. Copy the model as plain files.",
                        file=shown,
                    )
                )
        for name in sorted(names):
            path = Path(root, name)
            number, total = number + 1, total + path.stat().st_size
            if number > MAX_FILES or total > MAX_BYTES:
                most = {"files": MAX_FILES, "size": MAX_BYTES >> 30}
                raise ModelError(
                    Sentence(
                        "The model was not added. {folder} is too large for a model. A model can have at "
                        "most {files} files and {size} GiB. Select another model.",
                        folder=folder,
                        **most,
                    )
                )
            if not name.startswith("."):
                yield path.relative_to(folder)


def _check_names(folder: Path, paths: Sequence[Path], task: str) -> None:
    """Refuse files by their names, and a folder in which what is needed is missing."""
    known = SPACY_FILES if task == "ner" else SENTENCE_FILES
    for path in paths:
        suffix = path.suffix.lower()
        if suffix in CODE:
            raise ModelError(
                Sentence(
                    "The model was not added. {file} is program code. A model must contain only data. Remove the "
                    "file, or use a model that needs no code.",
                    file=path.as_posix(),
                )
            )
        spoken = suffix in SPOKEN or path.stem.upper().startswith(("LICENSE", "LICENCE", "NOTICE", "README"))
        if path.name in known or spoken or (task == "embedding" and suffix in (".safetensors", ".json")):
            continue
        why = "refused.added.pickle" if suffix in PICKLES else "refused.added.other_file"
        raise ModelError(Sentence(why, file=path.as_posix()))
    names = {path.as_posix() for path in paths}
    needed = (
        ("config.cfg", "meta.json", "ner/model") if task == "ner" else ("config.json", "modules.json", "tokenizer.json")
    )
    missing = [name for name in needed if name not in names]
    if task == "embedding" and not any(name.endswith(".safetensors") for name in names):
        missing.append(Sentence("a `.safetensors` file with the weights"))
    if missing:
        lacking = "refused.added.lacks_ner" if task == "ner" else "refused.added.lacks_embedding"
        raise ModelError(Sentence(lacking, folder=folder, missing=tuple(missing)))


def _check_copy(copy: Path, languages: Sequence[str], task: str) -> dict[str, str]:
    """SHA-256 of each file of the copy, which is what will be loaded; what the user's folder holds may change meanwhile."""
    files = {}
    for path in _list_files(copy):
        _check_content(copy / path, path.as_posix(), task)
        files[path.as_posix()] = compute_sha256(copy / path)
    if task == "ner":
        check_config(copy / "config.cfg", languages)
    else:
        _check_sentence_model(copy)
    return files


def _check_content(path: Path, shown: str, task: str) -> None:
    """Refuse a copied file that is a pickle or an archive, whatever it is called."""
    with path.open("rb") as file:
        head = file.read(4)
    pickled = head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05")
    if pickled or head[:4] == b"PK\x03\x04" or head[:4] == b"\x7fELF" or head[:2] == b"MZ":
        raise ModelError(
            Sentence(
                "The model was not added. {file} can contain program code: it is a pickle file, an archive or a "
                "program. Use the safetensors file of the model instead.",
                file=shown,
            )
        )
    if path.suffix == ".safetensors":
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="numpy") as tensors:
                if not tensors.keys():
                    raise ModelError(
                        Sentence(
                            "The model was not added. {file} contains no weights. Get the model again.", file=shown
                        )
                    )
        except (SafetensorError, OSError) as error:
            raise ModelError(
                Sentence(
                    "The model was not added. {file} is not a complete safetensors file ({error}). Get "
                    "the model again.",
                    file=shown,
                    error=error,
                )
            ) from error
    elif path.suffix in (".json", ".cfg") and path.stat().st_size > SMALL and task == "embedding":
        raise ModelError(
            Sentence(
                "The model was not added. {file} is larger than {most} MiB. A model description is never that "
                "large. Select another model.",
                file=shown,
                most=SMALL >> 20,
            )
        )


def _check_sentence_model(folder: Path) -> None:
    """Refuse a sentence-transformers description that names modules beyond its own, or code of its own."""
    modules, config = (_read_json(folder / name) for name in ("modules.json", "config.json"))
    for module in modules if isinstance(modules, list) else [modules]:
        kind = str(module.get("type", "")) if isinstance(module, dict) else ""
        if not kind.startswith("sentence_transformers."):
            raise ModelError(
                Sentence(
                    "The model was not added. `modules.json` contains '{kind}', which is not a part of "
                    "`sentence-transformers`. Select another model.",
                    kind=kind,
                )
            )
    if not isinstance(config, dict) or "auto_map" in config:
        raise ModelError(
            Sentence(
                "The model was not added. `config.json` needs code that comes with the model (`auto_map`). Use a "
                "model that needs no code."
            )
        )


def _read_json(path: Path) -> object:
    if path.stat().st_size > SMALL:
        raise ModelError(
            Sentence(
                "The model was not added. {file} is larger than {most} MiB. A model description is never that "
                "large. Select another model.",
                file=path.name,
                most=SMALL >> 20,
            )
        )
    with suppress(ValueError, RecursionError):
        return json.loads(path.read_text("utf-8"))
    raise ModelError(Sentence("The model was not added. {file} is not JSON. Get the model again.", file=path.name))


def _write_cards(cards: Mapping[str, Model]) -> None:
    """Write the list of the user's models, whole or not at all."""
    lines = ["# Models that were added with `workbench models add`. `files` are SHA-256."]
    for name, card in cards.items():
        texts = ("package", "module", "version", "folder", "licence", "task", "use", "origin")
        lines += ["", f"[{name}]", *(f"{key} = {_encode_toml(getattr(card, key))}" for key in texts)]
        lines += [f"languages = [{', '.join(map(_encode_toml, card.languages))}]", "", f"[{name}.files]"]
        lines += [f"{_encode_toml(path)} = {_encode_toml(sha256)}" for path, sha256 in card.files.items()]
    path = get_own_folder() / CARD.name
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".list-", delete=False) as target:
        target.write("\n".join(lines) + "\n")
        target.flush()
        os.fsync(target.fileno())
    Path(target.name).replace(path)


def _encode_toml(text: str) -> str:
    """A string of TOML: that of JSON, except for one sign that JSON leaves as it is and TOML has in no string."""
    plain = text.encode("utf-8", "replace").decode()
    return json.dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007f")
