"""Notebooks of version 0.1 are rewritten to the verbs of today; texts, other objects and outputs stay as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.app.notebook_migration import migrate, migrate_script
from workbench.cli import main
from workbench.errors import CaseError

OLD = """%matplotlib inline
import workbench as wb
mine = wb.open_case("x", officer="ada", purpose="test")
mine.set_aside(sender="Dana", because="counsel")
rows = mine.sources().merge(mine.evidence("Ada"))
ask = mine.evidence
calls = mine.calls
mine.calls.rhythm()
words = "mine.set_aside and case.audit()"
other.audit(); text.split("x"); {}.keys()
mine.withdraw("note-12", because="wrong"); mine.withdraw("a.csv", because="wrong")
mine.desk.take_in("é"); mine.desk.drafts(); mine.desk.inbox()
reply = mine.draft("reply", reply_to="XB-1").change(subject="CARS")
begun = mine.desk.draft("request")
begun.mend(0)
begun.acknowledge([1], because="seen")
"""
NEW = """%matplotlib inline
import workbench as wb
mine = wb.open_case("x", officer="ada", purpose="test")
mine.sources.exclude(sender="Dana", because="counsel")
rows = mine.sources.list().merge(mine.evidence.list("Ada"))
ask = mine.evidence
calls = mine.calls
mine.calls.hours()
words = "mine.set_aside and case.audit()"
other.audit(); text.split("x"); {}.keys()
mine.review.withdraw("note-12", because="wrong"); mine.sources.withdraw("a.csv", because="wrong")
mine.desk.imports.add("é"); mine.desk.drafts.list(); mine.desk.inbox()
reply = mine.desk.draft("reply", reply_to="XB-1").change(subject="CARS")
begun = mine.desk.draft("request")
begun.fix(0)
begun.waive([1], because="seen")
"""


def notebook(*cells: str) -> str:
    made = [{"cell_type": "code", "source": cell.splitlines(keepends=True), "outputs": ["é"]} for cell in cells]
    return json.dumps({"cells": [{"cell_type": "markdown", "source": ["case.audit()"]}, *made], "nbformat": 4})


def test_old_verbs_become_new_ones_and_nothing_else_does() -> None:
    new, changes = migrate_script(OLD)
    assert new == NEW
    assert len(changes) == len([a for a, b in zip(OLD.splitlines(), NEW.splitlines(), strict=True) if a != b])
    assert migrate_script(NEW) == (NEW, [])


def test_a_notebook_keeps_its_outputs_and_the_old_one_lies_beside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "old.ipynb"
    path.write_text(notebook(OLD, 'case.audit()\nmine.remap("a.csv", because="x")'), "utf-8")
    before = path.read_text("utf-8")
    assert main(["migrate-notebook", str(path)]) == 0
    cells = json.loads(path.read_text("utf-8"))["cells"]
    assert ["".join(cell["source"]) for cell in cells] == [
        "case.audit()", NEW, 'case.log.entries()\nmine.sources.remap("a.csv", because="x")',
    ]  # fmt: skip
    assert cells[1]["outputs"] == ["é"]
    assert path.with_name("old.ipynb.bak").read_text("utf-8") == before
    out = capsys.readouterr().out
    assert "- case.audit()\n+ case.log.entries()\n" in out and "old.ipynb: " in out
    assert migrate(path) == []


@pytest.mark.parametrize("text", ["{", "[]", '{"cells": 3}', '{"cells": [{"cell_type": "code", "source": ["for"]}]}'])
def test_what_is_no_notebook_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text(text, "utf-8")
    with pytest.raises(CaseError, match="Nothing was changed"):
        migrate(path)
    assert path.read_text("utf-8") == text and list(tmp_path.iterdir()) == [path]


def test_an_earlier_backup_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text("case.audit()\n", "utf-8")
    path.with_name("x.py.bak").write_text("mine", "utf-8")
    with pytest.raises(CaseError, match="is there already"):
        migrate(path)
    assert path.read_text("utf-8") == "case.audit()\n" and path.with_name("x.py.bak").read_text("utf-8") == "mine"
