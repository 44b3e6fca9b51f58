"""The language models on this machine: a list, a check of their files, and models that a user brings."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from workbench.errors import ModelError
from workbench.model.catalogue import Translator
from workbench.model.machine import model_registry, user_models
from workbench.model.stored_sentences import translate_lines

USES = {"ner": "names", "embedding": "meaning", "part": "part of another"}
COLUMNS = ("name", "use", "languages", "package", "version", "licence", "mb", "state", "told")


def build_model_table(*, check: bool = False) -> pd.DataFrame:
    """Models that the workbench knows, one row each.

    Columns: name, use ('names', 'meaning', 'part of another'), languages (ISO 639-1), package ('' where the user has added it),
    version, licence, mb (megabytes on this machine), state ('installed', 'missing'; with `check` also 'checked', 'changed'),
    told (what it is good for, what it is not, and in a state that is not well what to do).
    """
    return pd.DataFrame(
        [_build_row(name, check=check) for name in model_registry.load_models()], columns=pd.Index(COLUMNS)
    )


def _build_row(name: str, *, check: bool) -> tuple[str, str, str, str, str, str, float, str, str]:
    card = model_registry.get_model(name)
    state, told = ("installed" if model_registry.is_installed(name) else "missing"), card.use
    if check and state == "installed":
        try:
            model_registry.check_model(name)
            state = "checked"
        except ModelError as error:
            state, told = "changed", str(error)
    size = round(model_registry.compute_model_size(name) / 1e6, 1)
    return name, USES[card.task], " ".join(card.languages), card.package, card.version, card.licence, size, state, told


def print_models(say: Translator, *, check: bool = False) -> int:
    """Print the table in a language, and how a model is added; 0, or 1 if a file was changed or a model is missing."""
    rows = build_model_table(check=check)
    shown = rows.assign(
        use=[say.term("models.kind", use) for use in rows["use"]],
        state=[say.term("models.state", state) for state in rows["state"]],
        told=[translate_lines(told, "models.good_for", say.language) for told in rows["told"]],
    )
    heads = {name: say(f"models.head.{name}").upper() for name in COLUMNS[:-1]}
    width = {name: max(len(head), int(shown[name].astype(str).str.len().max())) for name, head in heads.items()}
    _print_line("  ".join(head.ljust(width[name]) for name, head in heads.items()))
    for row in shown.itertuples(index=False):
        _print_line("  ".join(str(getattr(row, name)).ljust(width[name]) for name in heads).rstrip())
        _print_line(f"    {row.told}")
    _print_line("")
    _print_line(say("Added models are in {folder}.", folder=model_registry.get_own_folder()))
    _print_line(f"{say('models.how')}\n{user_models.HOW}\n{say('models.only')}")
    bad = rows["state"].isin(["missing", "changed"])
    return int(check and bool(bad.any()))


def add_model(
    folder: Path, name: str, languages: Sequence[str], task: str, say: Translator, *, licence: str = ""
) -> int:
    """Add a model and print what was taken; 0 when done."""
    card = user_models.add_model(folder, name, languages, task, licence=licence)
    told = {"model": card.label, "count": len(card.files), "folder": model_registry.get_own_folder() / name}
    _print_line(
        say("{model} was added. Files copied to {folder}: {count}. The hash of each file was recorded.", **told)
    )
    if task == "ner":
        _print_line(
            say(
                "Extraction now uses this model for passages in {languages}. Run `case.extract()` again.",
                languages=" ".join(languages),
            )
        )
    else:
        _print_line(
            say(
                'To search a case with this model, add `mode = "{name}"` under `[search]` in the `case.toml` of '
                "the case.",
                name=name,
            )
        )
    return 0


def remove_model(name: str, say: Translator) -> int:
    """Take an added model out; 0 when done."""
    user_models.remove_model(name)
    _print_line(
        say(
            "{name} was removed. The results of this model stay in each case until the material is read again.",
            name=name,
        )
    )
    return 0


def _print_line(text: str) -> None:
    sys.stdout.write(f"{text}\n")
