"""Each sentence that the code makes is given the values that stand in it: one that is rarely told does not fail when it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from workbench.model.catalogue import HERE, load_catalogue

ROOT = HERE.parents[1]
NAMED = re.compile(r"(?<!\{)\{(\w+)\}")
MAKERS = {"Sentence": 0}
"""What makes a sentence -> where it stands among what is given to it."""


def made() -> Iterator[tuple[str, list[str], set[str], bool]]:
    """Place, texts and names of values of each sentence that is written out, and whether a mapping gives more of them."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and called in MAKERS:
                said = [str(one.value) for one in node.args[MAKERS[called] :] if isinstance(one, ast.Constant)]
                if said:
                    names = {one.arg for one in node.keywords if one.arg} - {"context"}
                    yield f"{path.name}:{node.lineno}", said, names, any(not one.arg for one in node.keywords)


@pytest.mark.slow
def test_each_sentence_is_given_the_values_that_stand_in_it() -> None:
    told, found = load_catalogue("en"), list(made())
    assert len(found) > 500
    for place, said, given, more in found:
        forms = [f"{key}.{form}" for key in said for form in ("one", "other") if f"{key}.{form}" in told]
        wanted = {name for text in (*said, *forms) for name in NAMED.findall(told.get(text, text))}
        assert given <= wanted | {"n"} and (more or wanted <= given), (place, said)
