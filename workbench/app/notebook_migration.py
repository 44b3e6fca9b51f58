"""Notebooks and scripts of version 0.1 rewritten to the verbs of today: `workbench migrate-notebook FILE`.

Code is parsed, so that a text which looks like a verb stays as it is; only names that hold a case, its desk or a draft count.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.case.guide.renames import RENAMED
from workbench.errors import CaseError
from workbench.model.catalogue import Sentence
from workbench.model.machine.atomic_write import write_atomic

OPENS = frozenset({"open_case"})
"""Functions that give a case."""
DRAFTS = frozenset({"draft", "query", "open", "approve"})
"""Verbs that give a draft."""
CALLED = frozenset(name for name, path in RENAMED.items() if path.startswith(f"{name}."))
"""Verbs whose name is a subject now: only a call is the old verb."""
NOT_PYTHON = re.compile(r"^(\s*)[%!?].*$", re.MULTILINE)
NOTE = re.compile(r"""\(\s*["']note-""")


@dataclass(frozen=True, slots=True)
class Change:
    """A line that was rewritten: in which cell (1, 2, …; 0 of a script), how it read and how it reads."""

    cell: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _Edit:
    line: int
    start: int
    end: int
    text: str


def migrate(path: Path) -> list[Change]:
    """Rewrite a notebook (.ipynb) or script (.py) in place; what was changed. The old one is kept beside it as `<name>.bak`.

    Raises
    ------
    CaseError
        If the file is neither, cannot be read, or its backup exists already. Then nothing is written.
    """
    try:
        text = path.read_text("utf-8")
        new, changes = migrate_notebook(text) if path.suffix == ".ipynb" else migrate_script(text)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CaseError(Sentence("refused.migration.unreadable", path=path, error=error)) from error
    if changes:
        backup = path.with_name(f"{path.name}.bak")
        if backup.exists():
            raise CaseError(Sentence("refused.migration.backup", path=backup))
        write_atomic(backup, text.encode("utf-8"))
        write_atomic(path, new.encode("utf-8"))
    return changes


def migrate_notebook(text: str) -> tuple[str, list[Change]]:
    """A notebook with its code cells rewritten, and what was changed. Outputs stay as they are."""
    book = json.loads(text)
    changes: list[Change] = []
    cases, drafts = {"case"}, {"draft"}
    for number, cell in enumerate(book["cells"], 1):
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            new, found = _rewritten(source, number, cases, drafts)
            if found:
                cell["source"] = new.splitlines(keepends=True)
                changes += found
    return json.dumps(book, ensure_ascii=False, indent=1) + "\n", changes


def migrate_script(text: str) -> tuple[str, list[Change]]:
    """A script rewritten, and what was changed."""
    return _rewritten(text, 0, {"case"}, {"draft"})


def _rewritten(source: str, cell: int, cases: set[str], drafts: set[str]) -> tuple[str, list[Change]]:
    """Code with new names; `cases` and `drafts`, the names that hold such, grow by those that it binds."""
    tree = ast.parse(NOT_PYTHON.sub(r"\1pass", source))
    for node in ast.walk(tree):
        _learn(node, cases, drafts)
    lines = source.splitlines(keepends=True)
    edits = sorted(_edits(tree, lines, cases, drafts), key=lambda one: (one.line, one.start), reverse=True)
    old = list(lines)
    for one in edits:
        line = lines[one.line].encode("utf-8")
        lines[one.line] = (line[: one.start] + one.text.encode("utf-8") + line[one.end :]).decode("utf-8")
    touched = sorted({one.line for one in edits})
    return "".join(lines), [Change(cell, old[at].strip(), lines[at].strip()) for at in touched]


def _learn(node: ast.AST, cases: set[str], drafts: set[str]) -> None:
    """Take note of names to which a case or a draft is bound."""
    if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
        return
    named = node.value.func
    called = named.attr if isinstance(named, ast.Attribute) else named.id if isinstance(named, ast.Name) else ""
    names = {one.id for one in node.targets if isinstance(one, ast.Name)}
    if called in OPENS:
        cases |= names
    elif called in DRAFTS and isinstance(named, ast.Attribute) and _is_of_case(named.value, cases):
        drafts |= names


def _is_of_case(node: ast.expr, cases: set[str]) -> bool:
    """Whether an expression is a case, or something that is reached from one by its attributes."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in cases


def _edits(tree: ast.AST, lines: list[str], cases: set[str], drafts: set[str]) -> Iterator[_Edit]:
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (old := _old_path(node, cases, drafts)):
            if old in CALLED and id(node) not in called:
                continue
            yield _edit(node, old, lines)


def _old_path(node: ast.Attribute, cases: set[str], drafts: set[str]) -> str:
    """Path of the verb of 0.1 that an attribute is, '' if it is none."""
    owner, path = node.value, node.attr
    if isinstance(owner, ast.Attribute) and owner.attr in ("desk", "calls"):
        path, owner = f"{owner.attr}.{path}", owner.value
    elif isinstance(owner, ast.Name) and owner.id in drafts:
        return f"draft.{path}" if f"draft.{path}" in RENAMED else ""
    is_case = isinstance(owner, ast.Name) and owner.id in cases
    return path if is_case and path in RENAMED else ""


def _edit(node: ast.Attribute, old: str, lines: list[str]) -> _Edit:
    new = RENAMED[old]
    line, end = (node.end_lineno or 1) - 1, node.end_col_offset or 0
    rest = lines[line].encode("utf-8")[end:].decode("utf-8")
    if old in ("withdraw", "restore") and NOTE.match(rest):
        new = f"review.{old}"
    prefix = old.rpartition(".")[0]
    text = new.removeprefix(f"{prefix}.") if prefix else new
    return _Edit(line, end - len(node.attr.encode("utf-8")), end, text)


def list_lines(changes: Iterable[Change]) -> Iterator[str]:
    """The changes, two lines each."""
    for one in changes:
        yield f"- {one.old}"
        yield f"+ {one.new}"
