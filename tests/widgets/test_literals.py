"""Texts for people stand in calls of `say`, where they are collected, and nowhere else in the sources of the widgets."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import strings
import workbench_widgets

SOURCES = Path(workbench_widgets.__file__).parent
SCRIPTS = sorted(
    path for path in SOURCES.rglob("*.js") if "static" not in path.parts and not path.name.endswith(".test.js")
)
MODULES = sorted(path for path in SOURCES.rglob("*.py") if "static" not in path.parts)
TEMPLATES = [SOURCES / "portable" / "template.html", SOURCES / "portable" / "print.typ"]

COMMENT = re.compile(r"^\s*(//|\*|/\*\*?|import ).*$|/\*\*.*?\*/|\s// .*$", re.MULTILINE)
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
INSIDE = re.compile(r"\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
SENTENCE = re.compile(r"\b[A-Za-z][a-z]+,? [a-z]+\b|^[A-Z][a-z]{2,}$|^[A-Z][a-z]+ [a-z]")
"""Two words of prose, or one word that begins with a capital letter."""
SAID = {text for one in strings.collect_widgets(strings.ROOT).found for text in one}
KEYS = {"Enter", "Escape", "Home", "End", "Delete", "Backspace", "Shift"}
"""Names of keys, as events have them."""
NO_PROSE = {
    "use strict", "translate(${Math.round(x)}px, ${Math.round(y)}px)", "input, textarea, select", ".wd-form input, .wd-form select",
    ".wv-says, dd", "card suggested", "tie suggested", "no WebGL 2",
    "WebGL: ${gl.getProgramInfoLog(made)}", "There is no command ${name} without the notebook's kernel",
    "${group.members.length} entities", "${members.length} entities",
}  # fmt: skip
"""What nobody reads on a screen: errors for programmers, and the name by which a state knows that a group was not named."""
CODE = re.compile(r"[<>{}=;#]|\bvar\(|^wb-|^w[a-z]-|minmax|^\w+ \w+-|-\w+ w[a-z]-|px |^M\d")


def literals(script: str) -> Iterator[str]:
    """Texts in JavaScript that read like prose."""
    for found in LITERAL.finditer(COMMENT.sub("", script)):
        text = found[1] if found[1] is not None else found[2]
        plain = INSIDE.sub("", text).strip()
        if (
            text not in NO_PROSE
            and re.sub(r"\s*\n\s*", " ", text) not in SAID
            and plain not in KEYS
            and SENTENCE.search(plain)
            and not CODE.search(plain)
        ):
            yield text


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(SOURCES)))
def test_no_script_says_anything_of_its_own(path: Path) -> None:
    assert [*literals(path.read_text(encoding="utf-8"))] == []


TWO = re.compile(r"\b[a-z]+ [a-z]+\b")
ELSEWHERE = ("exchange", "model/actions/command_checks.py", "words/__init__.py")
"""What i2 writes and reads in English, what is raised, and what tells what each list is."""
NAMING = {"check_whole_number", "check_names", "check_frame", "cast", "split"}
"""Calls whose texts are names of arguments, types or lists of names."""
UNSEEN = {
    "other value",
    "There is no layout", ". Choose one of:", "not stated", "This graph has",
    ", because a larger one is slow to open and nobody can read it. Cut it first, for instance to the neighbourhood of one entity.",
}  # fmt: skip
"""Parts of what is raised, put together before; and the name by which a state knows a class."""


def said(module: Path) -> Iterator[str]:
    """Texts in Python that read like prose and are neither documentation, nor raised, nor names."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    silent = {id(part) for node in ast.walk(tree) if is_silent(node) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            text = node.value.strip()
            if TWO.search(text) and not CODE.search(text) and text not in UNSEEN and node.value not in SAID:
                yield text


def is_silent(node: ast.AST) -> bool:
    """Documentation, what is raised, and texts that name something to the program."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return name in NAMING or name.endswith("Error")
    return isinstance(node, ast.Raise)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_no_module_says_anything_of_its_own(path: Path) -> None:
    if not path.relative_to(SOURCES).as_posix().startswith(ELSEWHERE):
        assert [*said(path)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_says_anything_of_its_own(path: Path) -> None:
    text = re.sub(
        r"{[{%].*?[}%]}|<style.*?</style>|<script.*?</script>|//.*|<[^>]*>", "", path.read_text(encoding="utf-8")
    )
    texts = [text] if path.suffix == ".html" else re.findall(r'"([^"]*)"', text)
    assert [text for text in texts if re.search(r"[a-z]+ [a-z]+", text)] == []
