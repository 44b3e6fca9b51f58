"""Every way by which a file or a table of somebody else enters, found in the code: readers, verbs, commands, widgets, parsers."""

from __future__ import annotations

import argparse
import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import workbench
from workbench.case.case import Case
from workbench.case.guide.help import list_all_verbs
from workbench.case.sources.import_plan import Plan
from workbench.cli import build_parser
from workbench.ingest import READERS
from workbench.views.linked_views import LinkChart

TREE = Path(workbench.__file__).parent
GIVEN = ("Path", "DataFrame", "Card", "TrustList", "bytes", "Mapping", "Officer")
"""What an annotation names that somebody else may have made."""
PARSING = frozenset({"load", "loads", "safe_load", "scan", "read_string"})
PARSERS = frozenset({"json", "tomllib", "yaml", "config"})
READ_HERE = frozenset({"ledger", "ingest", "search", "report"})
"""Folders whose parsers read rows of the ledger, files of the readers, or what the workbench has derived itself."""


def ways() -> set[str]:
    """Names of all ways in."""
    verbs = {"plan": Plan, "chart": LinkChart}
    return {
        *(f"reader {name}" for name in READERS),
        *(
            f"case.{one.path}"
            for one in list_all_verbs(Case(cast("Any", None)))
            if _is_given(inspect.unwrap(one.target))
        ),
        *(f"{name}.{verb}" for name, owner in verbs.items() for verb in _verbs(owner)),
        *(f"workbench.{name}" for name in workbench.__all__ if _is_given(getattr(workbench, name))),
        *(f"workbench {' '.join(words)}" for words in _commands(build_parser(), ())),
        *(f"upload {name}" for name in _uploads()),
        *(f"parser {name}" for name in _parsers()),
    }


def _verbs(owner: type) -> Iterator[str]:
    for name in dir(owner):
        verb = inspect.getattr_static(owner, name)
        verb = getattr(verb, "__func__", verb)
        if not name.startswith("_") and inspect.isfunction(verb) and _is_given(inspect.unwrap(verb)):
            yield name


def _is_given(verb: object) -> bool:
    """Whether one of what a function is given may be of somebody else's making."""
    if not inspect.isroutine(verb):
        return False
    return any(
        any(word in str(one.annotation) for word in GIVEN) for one in inspect.signature(verb).parameters.values()
    )


def _commands(given: argparse.ArgumentParser, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Commands that name a file or folder."""
    actions = given._actions
    if any(action.type is Path for action in actions):
        yield words
    for action in actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield from _commands(inner, (*words, name))


def _uploads() -> Iterator[str]:
    """Functions of the views that are handed the content of a file which somebody dropped."""
    for path in sorted((TREE / "views").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and any("bytes" in ast.unparse(one) for one in node.args.args):
                yield f"{path.stem}.{node.name}"


def _parsers() -> Iterator[str]:
    """Modules that parse text, beside those that read the ledger and the received files."""
    for path in sorted(TREE.rglob("*.py")):
        name = path.relative_to(TREE).with_suffix("").as_posix()
        if name.partition("/")[0] not in READ_HERE and any(
            map(_is_parsing, ast.walk(ast.parse(path.read_text("utf-8"))))
        ):
            yield name


def _is_parsing(node: ast.AST) -> bool:
    """Whether a parser is called, or handed to what calls it."""
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
        return False
    return node.attr in PARSING and node.value.id in PARSERS
