"""Configurations of spaCy pipelines of strangers: only spaCy's own parts are named, and nothing that lies outside the folder.

What is built when a pipeline is opened ([nlp], [components]) may name functions of a closed list alone; what served its training
is never built, and points to no place either.
"""

from __future__ import annotations

import configparser
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from workbench.errors import ModelError
from workbench.model.catalogue import Sentence

LARGEST = 1 << 20
FACTORIES = frozenset(
    "tok2vec tagger parser senter sentencizer attribute_ruler lemmatizer trainable_lemmatizer morphologizer ner "
    "entity_ruler span_ruler merge_entities".split()
)
"""Parts of a spaCy pipeline whose files hold numbers and tables. Transformers are not among them: theirs hold pickles."""
CALLBACKS = (
    "before_creation",
    "after_creation",
    "after_pipeline_creation",
    "before_init",
    "after_init",
    "before_to_disk",
    "before_update",
)
BUILT = ("nlp", "components")
TRAINED = ("paths", "system", "corpora", "training", "pretraining", "initialize")
"""Sections that are built when a pipeline is opened, and those that are not."""
FUNCTIONS: Mapping[str, tuple[str, ...]] = {
    "@architectures": ("spacy.",),
    "@tokenizers": ("spacy.",),
    "@scorers": ("spacy.",),
    "@vectors": ("spacy.Vectors.",),
    "@misc": (
        "spacy.levenshtein_compare.",
        "spacy.prioritize_existing_ents_filter.",
        "spacy.prioritize_new_ents_filter.",
        "spacy.first_longest_spans_filter.",
    ),
}
"""Registry -> how the names begin of those of its functions that open nothing."""
AWAY = re.compile(r"\s*(?:[/\\~]|[A-Za-z]:[\\/]|(?:.*[/\\])?\.\.(?:[/\\]|\s*$))|.*://", re.DOTALL)
"""A place outside the folder."""
REFERENCE = re.compile(r"\$\{(?:nlp|components|system)[.:][\w.:-]+\}")
"""What takes the value of another line that is looked at, or a plain one."""

Line = tuple[tuple[str, ...], object]
"""Names of the sections and the key, and the value."""


def check_config(path: Path, languages: Sequence[str]) -> None:
    """Refuse a configuration that names parts, functions or places beyond spaCy's own, or another language.

    Raises
    ------
    ModelError
    """
    if path.stat().st_size > LARGEST:
        raise ModelError(
            Sentence(
                "The model cannot be used. {file} is larger than 1 MiB. A spaCy configuration is never that "
                "large. Select another model.",
                file=path.name,
            )
        )
    found: dict[tuple[str, ...], object] = {}
    for keys, value in _read_lines(path):
        _check_line(path.name, keys, value)
        if found.setdefault(keys, value) != value:  # who reads it may take the other one
            raise ModelError(
                Sentence(
                    "The model cannot be used. {file}: '{key}' is not accepted. A model can use only its own files "
                    "and spaCy's own parts. Select another model.",
                    file=path.name,
                    key=".".join(keys),
                )
            )
    parts = {keys[1] for keys in found if keys[0] == "components" and len(keys) > 1}
    for part in sorted(parts):
        factory = found.get(("components", part, "factory"))
        if factory not in FACTORIES:
            known = ", ".join(sorted(FACTORIES))
            raise ModelError(
                Sentence(
                    "The model cannot be used. {file}: the component '{part}' is not accepted. Known components: "
                    "{known}. Select another model.",
                    file=path.name,
                    part=factory or part,
                    known=known,
                )
            )
    spoken = found.get(("nlp", "lang"), "")
    if spoken not in (*languages, "xx"):
        raise ModelError(
            Sentence(
                "The model was not added. The language of the model is '{found}', but you entered '{spoken}'. "
                "Use `--languages {found}`.",
                found=spoken,
                spoken=" ".join(languages),
            )
        )


def _read_lines(path: Path) -> Iterator[Line]:
    """Every value of the file that holds no others, with the sections and keys that lead to it."""
    config = configparser.RawConfigParser()
    config.optionxform = str  # type: ignore[method-assign, assignment] # as spaCy reads them
    try:
        config.read_string(path.read_text("utf-8"))
        if config.defaults():
            raise ValueError(config.default_section)
        for section in config.sections():
            yield tuple(section.split(".")), None
            for key, raw in config.items(section):
                yield from _walk_values((*section.split("."), key), _parse_value(raw))
    except (configparser.Error, ValueError, RecursionError) as error:
        raise ModelError(
            Sentence(
                "The model cannot be used. {file} is not a spaCy configuration ({error}). Select another model.",
                file=path.name,
                error=error,
            )
        ) from error


def _parse_value(raw: str) -> object:
    try:
        return json.loads(raw, object_pairs_hook=_unite_pairs)
    except json.JSONDecodeError:
        return raw


def _unite_pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError(", ".join(key for key, _ in pairs))
    return made


def _walk_values(keys: tuple[str, ...], value: object) -> Iterator[Line]:
    if isinstance(value, Mapping):
        yield keys, None
        for key, one in value.items():
            yield from _walk_values((*keys, str(key)), one)
    elif isinstance(value, list):
        for at, one in enumerate(value):
            yield from _walk_values((*keys, str(at)), one)
    else:
        yield keys, value


def _check_line(file: str, keys: tuple[str, ...], value: object) -> None:
    shown, key = ".".join(keys), keys[-1]
    if keys[0] not in (*BUILT, *TRAINED) or any(part.casefold() == "source" or "$" in part for part in keys):
        raise ModelError(
            Sentence(
                "The model cannot be used. {file}: '{key}' is not accepted. A model can use only its own files "
                "and spaCy's own parts. Select another model.",
                file=file,
                key=shown,
            )
        )
    if set(CALLBACKS) & set(keys) and value is not None:
        raise ModelError(
            Sentence(
                "The model cannot be used. In {file}, {key} asks the program to run a function ({value}). Select "
                "another model.",
                file=file,
                key=key,
                value=value,
            )
        )
    if isinstance(value, str) and AWAY.match(value):
        raise ModelError(
            Sentence(
                "The model cannot be used. {file}: {key} contains the path '{value}'. A model can use only its "
                "own files. Write `null` instead.",
                file=file,
                key=shown,
                value=value,
            )
        )
    if keys[0] in BUILT:
        _check_built(file, keys, value)
    elif keys[0] == "system" and (len(keys) > 2 or (isinstance(value, str) and not value.replace("_", "").isalnum())):
        raise ModelError(
            Sentence(
                "The model cannot be used. {file}: '{key}' is not accepted. A model can use only its own files "
                "and spaCy's own parts. Select another model.",
                file=file,
                key=shown,
            )
        )


def _check_built(file: str, keys: tuple[str, ...], value: object) -> None:
    """Refuse what would be built out of anything but spaCy's own functions."""
    shown = ".".join(keys)
    for key in keys:
        allowed = FUNCTIONS.get(key)
        if allowed and isinstance(value, str) and not value.startswith(allowed):
            raise ModelError(
                Sentence(
                    "The model cannot be used. {file}: the function '{name}' is not accepted. A model can use only "
                    "its own files and spaCy's own parts. Select another model.",
                    file=file,
                    name=value,
                )
            )
        odd = key.startswith("@") and not (allowed and key == keys[-1] and isinstance(value, str))
        if odd or "path" in key.casefold() or "url" in key.casefold():
            raise ModelError(
                Sentence(
                    "The model cannot be used. {file}: '{key}' is not accepted. A model can use only its own files "
                    "and spaCy's own parts. Select another model.",
                    file=file,
                    key=shown,
                )
            )
    if isinstance(value, str) and ("$" in value or "{" in value) and not REFERENCE.fullmatch(value.strip()):
        raise ModelError(
            Sentence(
                "The model cannot be used. {file}: '{key}' is not accepted. A model can use only its own files "
                "and spaCy's own parts. Select another model.",
                file=file,
                key=shown,
            )
        )
