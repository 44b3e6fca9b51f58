"""Functions of scripts are named as those in Python: a verb with its object, `is…`, `has…` or `can…`, `on…` or `handle…`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.imports import ROOT
from tests.house.script_names import Function, list_functions, split_words
from tests.house.test_names import FUNCTIONS

HERE = Path(__file__).parent
VERBS = {
    line.partition(":")[0] for line in (HERE / "script_verbs.txt").read_text("utf-8").splitlines() if line[:1] != "#"
}
OLD = FUNCTIONS | {*(HERE / "old_script_words.txt").read_text("utf-8").split("\n", 1)[1].split()}
"""Names that functions had before they said what they do."""
GETTERS = FUNCTIONS | {"alive", "blocks", "opened", "settles"}
"""What a getter is not called: it is a noun, or a predicate."""
OTHERS = frozenset({"render", "initialize", "setup", "on", "off", "style", "pointToLayer", "comm_live_update", "say"})
"""What anywidget, Jupyter, esbuild and Leaflet call by these names; and `say`, which stands around every text of a page."""
SAY = frozenset({"word", "term"})
"""Members of `say`: translators know them by these names, as Python's `say.word` and `say.term`; `say.count` is a verb."""
ROOMS = ("widgets/workbench_widgets", "benchmarks", "tests/widgets")


def list_scripts() -> Iterator[Path]:
    """Our scripts, those that build, test and measure too."""
    yield ROOT / "widgets" / "build.mjs"
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in {".js", ".mjs"} and not {"static", "node_modules"} & {*path.parts}:
                yield path


def is_named(function: Function) -> bool:
    """Tell whether a function is named by the rule; for a member its object may be whose member it is."""
    name, words = function.name, split_words(function.name)
    if name in OTHERS or (name in SAY and function.kind == "member"):
        return True
    if function.kind == "getter":
        return name not in GETTERS
    if name in OLD:
        return False
    if name.startswith("on") and name.islower():
        return True  # the page's own
    if words[0] in {"is", "has", "can", "on", "handle"}:
        return len(words) > 1
    return words[0] in VERBS and (len(words) > 1 or function.kind != "function")


def test_every_function_of_a_script_is_a_verb_with_its_object() -> None:
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{function.line} {function.name}"
        for path in list_scripts()
        for function in list_functions(path.read_text("utf-8"))
        if not is_named(function)
    ]
    assert found == [], (
        "a verb of tests/house/script_verbs.txt with its object; a new verb goes there, with its one meaning"
    )


def test_every_verb_has_one_meaning() -> None:
    lines = [line for line in (HERE / "script_verbs.txt").read_text("utf-8").splitlines() if line[:1] != "#"]
    assert lines == sorted(lines) and len(lines) == len(VERBS)
    assert all(line.partition(": ")[2] for line in lines)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("function drawn(table) {}", ["drawn"]),
        ("export async function told(at) {}", ["told"]),
        ("const label = (/** @type {(x: number) => string} */ node) => node;", ["label"]),
        ("const tally = (\n  seen,\n  names,\n) => {\n};", ["tally"]),
        (
            "class A {\n  shown = (node) => node;\n  static of(model) {\n  }\n  get gone() {\n  }\n}",
            ["gone", "of", "shown"],
        ),
        ("const acts = {\n  lasso: () => 1,\n  width: 3,\n};", ["lasso"]),
        ("/** @type {Record<string, () => void>} */\nconst keys = {\n  f: () => 1,\n};", []),
        ("/** @param {(node: number) => boolean} shown @param {(() => void)[]} rows */", ["shown"]),
        ("/** @property {(ids: string[]) => Promise<{ passages: Passage[] }>} passages of them */", ["passages"]),
        ("  if (open(issue)) {\n  }\n  for (const one of all()) {\n  }", []),
    ],
)
def test_the_names_of_functions_are_found(text: str, found: list[str]) -> None:
    assert sorted(function.name for function in list_functions(text)) == found
    assert not any(map(is_named, list_functions(text)))
