"""Short names in a pseudonymised copy: replaced where they stand as they are written, and else told in what is left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.case.copies import make_copy, open_copy
from workbench.case.case import open_case

pytestmark = pytest.mark.slow

GO = ("Bo", "Ng", "K9", "🦊", "Ωμ", "J. R.", "김", "阿明")
STAY = ("Q", "No")
"""A letter, and an ordinary word."""


def test_a_short_name_goes_where_it_stands_and_else_is_told(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="zed", purpose="test")
    for name in (*GO, *STAY):
        case.evidence.add("Person", source="officer's knowledge", name=name)
    text = (
        "".join(f"Then <{name}> came.\n\n" for name in (*GO, *STAY, "BO", "bo"))
        + "Bob met Bonnie at NG7 in Bo-ville.\n"
    )
    (tmp_path / "n.md").write_text(text, "utf-8")
    case.add(tmp_path / "n.md")
    made = make_copy(case, tmp_path)
    copy = open_copy(made)
    found = re.findall(r"<([^>]*)>", "\n".join(copy.context.passages.sort_values("number")["text"]))
    assert len(found) == len(GO) + 4 and not [old for old, new in zip(GO, found, strict=False) if old == new]
    assert found[len(GO) :] == [*STAY, "BO", "bo"]
    assert {*STAY, "BO"} <= set(made.left["word"])
    assert "Bob met Bonnie at NG7" in "\n".join(copy.context.passages["text"])
    stated = set(copy.evidence.list()["value"])
    assert not stated & set(GO) and set(found[: len(GO)]) <= stated
    copy.close()
