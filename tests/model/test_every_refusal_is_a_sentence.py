"""What a person meets at work is raised with a sentence of the catalogue, so that it is told in their language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.model.catalogue import HERE

ROOT = HERE.parents[1]
ROOMS: dict[str, dict[str, str]] = {
    "app": {},
    "case": {
        "access.controller.record_controller": "for the log only",
        "access.controller._log_unheeded_card": "for the log only",
        "desk.inbox.receiving.receive_message": "the reason in the log; the officer is told it in the language of the case",
        "packages.package_import.take_in": "for the log; the officer is told the error itself",
    },
    "exchange": {},
    "extract": {},
    "graph": {},
    "identity": {},
    "ledger": {},
    "messages": {},
    "model": {"catalogue.__init__.find_template": "a key that the code has wrong"},
    "patterns": {},
    "report": {},
    "resolve": {},
    "search": {},
    "views": {},
}
"""Rooms (or modules) that are held -> what is exempt in them, `module.function`, and why."""
Scope = ast.Module | ast.FunctionDef


def _files(room: str) -> list[Path]:
    place = ROOT / room
    return sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]


def _base(node: ast.expr) -> str:
    """The last name of a class or function: `CaseError` of `errors.CaseError`."""
    return getattr(node, "attr", getattr(node, "id", ""))


def _errors() -> frozenset[str]:
    """Names of the errors of the workbench, those that a room derives as well."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.rglob("*.py")))
    classes = re.findall(r"^class (\w+)\((\w+)", source, re.MULTILINE)
    known = {"WorkbenchError"}
    while more := {name for name, base in classes if base in known} - known:
        known |= more
    return frozenset(known)


ERRORS = _errors()


def _scopes(tree: ast.Module) -> Iterator[tuple[str, Scope]]:
    """Functions by name, and what stands outside them by ''."""
    yield "", tree
    yield from ((node.name, node) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _own(scope: Scope) -> Iterator[ast.AST]:
    """What stands in a scope and in no function of it."""
    waiting: list[ast.AST] = list(scope.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef):
            waiting += ast.iter_child_nodes(node)


def _message(call: ast.Call) -> ast.expr | None:
    """What an error, or `refuse`, which logs and makes one, is told with."""
    if _base(call.func) in ERRORS:
        return call.args[0] if call.args else None
    return call.args[-1] if _base(call.func) == "refuse" and call.args else None


def _plain(told: ast.expr, named: dict[str, list[ast.expr]]) -> bool:
    """Whether a message is text that is written here: itself, as a branch, or by a name that was given it."""
    if isinstance(told, ast.JoinedStr | ast.BinOp):
        return True
    if isinstance(told, ast.Constant):
        return isinstance(told.value, str) and bool(told.value)
    if isinstance(told, ast.IfExp):
        return _plain(told.body, named) or _plain(told.orelse, named)
    if isinstance(told, ast.Call):
        return _base(told.func) in {"str", "format", "join", "strip"}
    return isinstance(told, ast.Name) and any(_plain(said, {}) for said in named.get(told.id, ()))


def _named(tree: ast.Module, scope: Scope) -> dict[str, list[ast.expr]]:
    """What names are given in a scope and in its module."""
    given = [
        (target, node.value)
        for node in (*tree.body, *_own(scope))
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    return {
        name: [value for target, value in given if isinstance(target, ast.Name) and target.id == name and value]
        for name in {target.id for target, _ in given if isinstance(target, ast.Name)}
    }


def _written(path: Path) -> Iterator[str]:
    """`module.function` and line of the errors of a file that are raised with plain text."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts[1:]) or path.stem
    for name, scope in _scopes(tree):
        named = _named(tree, scope)
        calls = [node for node in _own(scope) if isinstance(node, ast.Call)]
        for call in calls:
            if (told := _message(call)) is not None and _plain(told, named):
                yield f"{module}.{name}:{call.lineno}"


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_every_refusal_is_a_sentence(room: str) -> None:
    """An error with plain text is told in English to somebody who works in Arabic: `raise CaseError(Sentence("…"))`."""
    exempt = ROOMS[room]
    found = [place for path in _files(room) for place in _written(path)]
    assert [place for place in found if place.partition(":")[0] not in exempt] == []
    assert set(exempt) <= {place.partition(":")[0] for place in found}, "what is exempt is still there"


def test_plain_text_is_found_wherever_it_is_written(tmp_path: Path) -> None:
    raised = (
        'CaseError("x")', 'CaseError(f"{x} y")', 'CaseError("x" if y else z)', 'errors.PackageError(str(error), "part")',
        "CaseError(AGAIN.format(1))", "CaseError(why)", 'ledger.refuse("alteration", what, "say why")',
    )  # fmt: skip
    kept = (
        'CaseError(Sentence("a.b"))',
        "CaseError(said)",
        "ValueError('x')",
        "ledger.refuse('alteration', what, said)",
    )
    assert [_count(one) for one in (*raised, *kept)] == [1] * len(raised) + [0] * len(kept)


def _count(raised: str) -> int:
    tree = ast.parse(f"def f(said):\n    why = f'{{said}} is bad'\n    raise {raised}\n")
    scope = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    calls = [node for node in _own(scope) if isinstance(node, ast.Call)]
    return sum(bool(told) and _plain(told, _named(tree, scope)) for told in map(_message, calls))
