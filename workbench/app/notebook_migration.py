"""Notebooks and scripts of version 0.1 rewritten to the verbs of today: `workbench migrate-notebook FILE`.

Code is parsed, so that a text which looks like a verb stays as it is; only what holds a case, its desk, its calls or a draft counts.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from workbench.case.guide.renames import IDENTITIES, RENAMED
from workbench.errors import CaseError
from workbench.model.catalogue import Sentence
from workbench.model.machine.atomic_write import write_atomic

OPENS = "open_case"
"""The function that gives a case."""
NEW_NAMES = {**RENAMED, **IDENTITIES}
SPACES = frozenset({"desk", "calls"})
"""Subjects that there were in 0.1."""
BEGINS = frozenset({"draft", "query", "open", "approve"})
"""Verbs of a case or its desk that give a draft."""
GOES_ON = frozenset({"change", "mend", "acknowledge", "attach", "fix", "waive"})
"""Verbs of a draft that give it back."""
GIVES = {
    "unkept": "officer",
    "unlock": "officer",
    "holding": "officer",
    "own": "trust",
    "TrustList": "trust",
    "adding": "trust",
    "without": "trust",
}
"""Calls of `workbench.identity`, of an officer or of a trust list, and what they give."""
CALLED = frozenset(name for name, path in RENAMED.items() if path.startswith(f"{name}."))
"""Verbs whose name is a subject now: only a call is the old verb."""
SHARED = frozenset({"withdraw", "restore"})
"""Verbs that were one for files and for notes, statements and flags."""
NOT_PYTHON = re.compile(r"^(\s*)(?:[%!].*|[^#'\"\n]*\?\s*)$", re.MULTILINE)
"""Lines of a notebook that only a notebook understands."""
LINE = re.compile(r"[^\n]*\n|[^\n]+")
"""A line as Python counts them."""
FILE_NAME = re.compile(r"[^\n]*\.\w{1,8}")
MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Change:
    """A line that was rewritten, or is to be looked at: in which cell (1, 2, …; 0 of a script), how it read and how it reads."""

    cell: int
    old: str
    new: str
    is_certain: bool = True


@dataclass(frozen=True, slots=True)
class _Edit:
    line: int
    start: int
    old: str
    new: str
    is_certain: bool


@dataclass
class _Names:
    """Names that code has bound so far, and what they hold: 'case', 'desk', 'calls', 'draft', 'note', 'identity', 'officer' or 'trust'."""

    known: dict[str, str] = field(default_factory=lambda: {name: name for name in ("case", "draft", "identity")})

    def find_kind(self, node: ast.expr | None) -> str:
        """What an expression holds, '' for anything else."""
        if isinstance(node, ast.Name):
            return self.known.get(node.id, "")
        if isinstance(node, ast.Attribute) and node.attr == "identity" and isinstance(node.value, ast.Name):
            return "identity"
        if isinstance(node, ast.Attribute):
            return node.attr if node.attr in SPACES and self.find_kind(node.value) == "case" else ""
        if isinstance(node, ast.Call):
            return self._find_call_kind(node.func)
        return ""

    def _find_call_kind(self, called: ast.expr) -> str:
        if isinstance(called, ast.Name):
            return "case" if called.id == OPENS else GIVES["TrustList"] if called.id == "TrustList" else ""
        if not isinstance(called, ast.Attribute):
            return ""
        owner = self.find_kind(called.value)
        if called.attr == OPENS or owner in ("identity", "officer", "trust"):
            return "case" if called.attr == OPENS else GIVES.get(called.attr, "")
        if called.attr == "note" and (owner == "case" or _is_review(called.value)):
            return "note"
        if owner in ("case", "desk") and called.attr in BEGINS:
            return "draft"
        return "draft" if owner == "draft" and called.attr in GOES_ON else ""

    def learn(self, node: ast.AST) -> None:
        """Take note of what a statement binds."""
        pairs: list[tuple[ast.expr | None, ast.expr | None]] = []
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
            pairs = [(node.target, node.value)]
        elif isinstance(node, ast.With):
            pairs = [(one.optional_vars, one.context_expr) for one in node.items]
        for target, value in pairs:
            if isinstance(target, ast.Name) and (kind := self.find_kind(value)):
                self.known[target.id] = kind


def _is_review(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "review"


def migrate_file(path: Path) -> list[Change]:
    """Rewrite a notebook (.ipynb) or script (.py) in place; what was changed. The old one is kept beside it as `<name>.bak`.

    Raises
    ------
    CaseError
        If the file is neither, cannot be read, or its backup exists already. Then nothing is written.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
        new, changes = _migrate_text(path.suffix, text.removeprefix(MARK))
    except (OSError, ValueError, SyntaxError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise CaseError(
            Sentence("{path} cannot be rewritten: {error}. It was not changed.", path=path, error=error)
        ) from error
    if any(one.old != one.new for one in changes):
        backup = path.with_name(f"{path.name}.bak")
        if backup.exists():
            raise CaseError(
                Sentence("{path} already exists. Move it first, so that no earlier copy is lost.", path=backup)
            )
        write_atomic(backup, data)
        write_atomic(path, (MARK + new if text.startswith(MARK) else new).encode("utf-8"))
    return changes


def _migrate_text(suffix: str, text: str) -> tuple[str, list[Change]]:
    if suffix == ".ipynb":
        return migrate_notebook(text)
    if suffix == ".py":
        return migrate_script(text)
    raise ValueError(suffix)


def migrate_notebook(text: str) -> tuple[str, list[Change]]:
    """A notebook with its code cells rewritten, and what was changed. Outputs stay as they are.

    A cell that is no Python (`%%bash`) stays as it is; where it has old verbs, its first line is told as one to look at.
    """
    book = json.loads(text)
    changes: list[Change] = []
    names = _Names()
    for number, cell in enumerate(book["cells"], 1):
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            try:
                new, found = _rewrite_code(source, number, names, NOT_PYTHON.sub(r"\1pass", source))
            except SyntaxError:
                first = source.strip().partition("\n")[0]
                new, found = source, [Change(number, first, first, is_certain=False)]
            if new != source:
                cell["source"] = LINE.findall(new)
            changes += found
    return json.dumps(book, ensure_ascii=False, indent=1) + "\n", changes


def migrate_script(text: str) -> tuple[str, list[Change]]:
    """A script rewritten, and what was changed."""
    return _rewrite_code(text, 0, _Names(), text)


def _rewrite_code(source: str, cell: int, names: _Names, python: str) -> tuple[str, list[Change]]:
    """Code with new names; `python` is the same line by line, as Python understands it."""
    tree = ast.parse(python)
    for node in ast.walk(tree):
        names.learn(node)
    lines = LINE.findall(source)
    edits = sorted(_list_edits(tree, names), key=lambda one: (one.line, one.start), reverse=True)
    old = list(lines)
    for one in edits:
        line = lines[one.line].encode("utf-8")
        end = one.start + len(one.old.encode("utf-8"))
        if line[one.start : end].decode("utf-8", "replace") != one.old:
            raise ValueError(lines[one.line].strip())
        lines[one.line] = (line[: one.start] + one.new.encode("utf-8") + line[end:]).decode("utf-8")
    doubtful = {one.line for one in edits if not one.is_certain}
    touched = sorted({one.line for one in edits})
    changes = [Change(cell, old[at].strip(), lines[at].strip(), is_certain=at not in doubtful) for at in touched]
    return "".join(lines), changes


def _list_edits(tree: ast.AST, names: _Names) -> Iterator[_Edit]:
    calls = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (old := _find_old_path(node, names)):
            call = calls.get(id(node))
            if call or old not in CALLED:
                yield _build_edit(node, old, call, names)


def _find_old_path(node: ast.Attribute, names: _Names) -> str:
    """Path of the verb of 0.1 that an attribute is, '' if it is none."""
    kind = names.find_kind(node.value)
    path = node.attr if kind == "case" else f"{kind}.{node.attr}"
    return path if kind and path in NEW_NAMES else ""


def _build_edit(node: ast.Attribute, old: str, call: ast.Call | None, names: _Names) -> _Edit:
    owner, _, new = NEW_NAMES[old].rpartition(".")
    is_certain = True
    if old in SHARED:
        owner, is_certain = _find_subject(call, names)
    given = old.rpartition(".")[0]
    path = f"{owner}.{new}".removeprefix(f"{given}.") if given else f"{owner}.{new}"
    line, end = (node.end_lineno or 1) - 1, node.end_col_offset or 0
    return _Edit(line, end - len(node.attr.encode("utf-8")), node.attr, path, is_certain)


def _find_subject(call: ast.Call | None, names: _Names) -> tuple[str, bool]:
    """Where `withdraw` or `restore` is now, by what it is given, and whether that is certain."""
    given = call.args[0] if call and call.args else None
    if names.find_kind(given) == "note":
        return "review", True
    text = given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""
    if text.startswith("note-"):
        return "review", True
    return "sources", FILE_NAME.fullmatch(text) is not None


def list_lines(changes: Iterable[Change]) -> Iterator[str]:
    """The changes, two lines each; one to look at begins with a question mark."""
    for one in changes:
        if one.old != one.new:
            yield f"- {one.old}"
        yield f"{'+' if one.is_certain else '?'} {one.new}"
