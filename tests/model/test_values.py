"""Each sentence that the code makes is given the values that stand in it: one that is rarely told does not fail when it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from workbench.model.catalogue import HERE, catalogue

ROOT = HERE.parents[1]
NAMED = re.compile(r"(?<!\{)\{(\w+)\}")
MAKERS = {"Sentence": 0, "that": 1}
"""What makes a sentence -> where its key stands among what is given to it."""


def made() -> Iterator[tuple[str, str, set[str], bool]]:
    """Place, key and names of values of each sentence whose key is written out, and whether a mapping gives more of them."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and called in MAKERS:
                key = node.args[MAKERS[called]] if len(node.args) > MAKERS[called] else None
                if isinstance(key, ast.Constant):
                    names = {one.arg for one in node.keywords if one.arg}
                    yield f"{path.name}:{node.lineno}", str(key.value), names, any(not one.arg for one in node.keywords)


def test_each_sentence_is_given_the_values_that_stand_in_it() -> None:
    told, found = catalogue("en"), list(made())
    assert len(found) > 500
    for place, key, given, more in found:
        forms = [key] if key in told else [f"{key}.one", f"{key}.other"]
        wanted = {name for form in forms for name in NAMED.findall(told[form])}
        assert given <= wanted | {"n"} and (more or wanted <= given), (place, key)
