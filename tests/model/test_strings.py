"""What people see can be translated: no key is unused, and no prose is shown that is not said as a sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
import strings

from workbench.model.catalogue import HERE, encode_word, load_catalogue

ROOT = HERE.parents[1]
SHOWN = [
    *sorted((ROOT / "views").glob("*.py")),
    *sorted((ROOT / "report").rglob("*.py")),
    *(
        ROOT / f"{name}.py"
        for name in (
            "case/reports/case_report",
            "case/evidence/case_record",
            "case/case_panel",
            "case/privacy/subject_extract",
        )
    ),
    *(ROOT / f"{name}.py" for name in ("app/start_page", "app/pipeline")),
]
TEMPLATES = sorted((ROOT / "report").rglob("*.html.j2"))
GROUPS = (
    "report",
    "reporting",
    "views",
    "wizard",
    "ranking",
    "forms",
    "export",
    "run",
    "refused",
    "row",
    "fault",
    "fix",
)
"""Groups of the catalogue whose keys are looked up by name."""
WORDS = re.compile(r"[A-Za-z]{2,}[,;:]? [a-zA-Z]{2,}")
"""Prose: two words."""
EXCEPT = {
    "set aside",
    "left out",
    "dict[str, Json]",
    "Mapping[str, object]",
    "img-src data:",
    "font-src data:",
    " skin tone",
    " (as given)",
}
"""Code words of rows, a type, rules of a page, names that Unicode gives to emoji, and the name of a second field in a file."""
CODE = {
    "STYLE", "MISSING", "PHIA", "ELEMENTS", "PROPERTIES", "ATTRIBUTES", "FORMS", "DATES", "TONGUES", "KINDS", "ACTS", "ZONES",
}  # fmt: skip
"""Constants that hold style sheets, patterns, code words, languages by their own names, and forms that are not translated."""


def written() -> str:
    paths = [path for path in ROOT.rglob("*") if path.suffix in (".py", ".j2", ".typ")]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def test_no_string_is_unused() -> None:
    source = written()
    literal = set(re.findall(r"[\"']([a-z]+(?:\.\w+)+)[\"']", source))
    heads = set(
        chain.from_iterable(re.findall(r"f[\"']([a-z]+\.(?:\w+\.)*\w*)\{|[\"']([a-z]+\.(?:\w+\.)*\w*)[\"'] ~", source))
    ) - {""}
    terms = {f"{group}." for group in {*re.findall(r"term\([\"']([a-z_.]+)[\"']", source), *literal}}
    for key in load_catalogue("en"):
        whole = re.sub(r"\.(zero|one|two|few|many|other)$", "", key)
        made = any(whole.startswith(head) and "." not in whole[len(head) :] for head in heads | terms)
        assert not key.startswith(tuple(f"{group}." for group in GROUPS)) or whole in literal or made, key


def said(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Strings of a module that are neither sentences nor docstrings nor of an exception, a name of CODE or a pattern."""
    hidden: set[int] = set()
    for node in ast.walk(tree):
        named = {target.id for target in getattr(node, "targets", ()) if isinstance(target, ast.Name)}
        if isinstance(node, ast.FunctionDef) and node.name == "__repr__":
            hidden |= set(map(id, ast.walk(node)))
        if (
            isinstance(node, ast.Raise)
            or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
            or (isinstance(node, ast.Assign) and named & CODE)
        ):
            hidden |= set(map(id, ast.walk(node)))
        elif isinstance(node, ast.AnnAssign):
            hidden |= set(map(id, ast.walk(node.annotation)))
        elif isinstance(node, ast.Call) and strings.find_sentence(node)[0] is not None:
            hidden |= {
                id(one) for one in (*node.args, *(given.value for given in node.keywords if given.arg == "context"))
            }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in hidden:
            yield node.lineno, node.value


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_string_is_written_into_the_code(path: Path) -> None:
    terms = {
        key.rpartition(".")[2]
        for key in load_catalogue("en")
        if key.startswith(("head.", "views.fact.", "property.", "forms.value.", "export."))
    }
    found = said(ast.parse(path.read_text(encoding="utf-8")))
    prose = [(line, text) for line, text in found if WORDS.search(text) and "<" not in text and ";" not in text]
    visible = [(line, text) for line, text in prose if text not in EXCEPT and encode_word(text) not in terms]
    assert not visible, visible


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_says_anything_of_its_own(path: Path) -> None:
    text = re.sub(
        r"{[{%].*?[}%]}|<style.*?</style>|<[^>]*>|&\w+;", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    assert not re.search(r"[A-Za-z]{2}", text), text
