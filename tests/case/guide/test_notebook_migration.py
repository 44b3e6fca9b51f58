"""Notebooks of version 0.1 are rewritten to the verbs of today; texts, other objects and outputs stay as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.app.notebook_migration import migrate_file, migrate_script
from workbench.cli import main
from workbench.errors import CaseError

OLD = """import workbench as wb
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
NEW = """import workbench as wb
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


MORE = {
    "x = 1\n\x0c\ncase.ranking()\n": "x = 1\n\x0c\ncase.network.ranking()\n",
    's = "a\u2028b"\ncase.ranking()\n': 's = "a\u2028b"\ncase.network.ranking()\n',
    'print(\n    "%d"\n    % len(case.issues())\n)\n': 'print(\n    "%d"\n    % len(case.sources.issues())\n)\n',
    "desk = case.desk\ndesk.drafts()\n": "desk = case.desk\ndesk.drafts.list()\n",
    "with open_case('x') as mine:\n    mine.issues()\n": "with open_case('x') as mine:\n    mine.sources.issues()\n",
    "mine: object = wb.open_case('x')\nmine.issues()\n": "mine: object = wb.open_case('x')\nmine.sources.issues()\n",
    "wb.open_case('x').issues()\n": "wb.open_case('x').sources.issues()\n",
    "case.desk.draft('request').mend(0).acknowledge(1)\n": "case.desk.draft('request').fix(0).waive(1)\n",
    "n = case.note('x')\ncase.withdraw(n, because='y')\n": "n = case.review.note('x')\ncase.review.withdraw(n, because='y')\n",
    "case.issues()\r\n": "case.sources.issues()\r\n",
}
"""Code of 0.1 -> of today."""


@pytest.mark.parametrize("old", MORE)
def test_a_verb_is_found_wherever_a_case_is(old: str) -> None:
    assert migrate_script(old)[0] == MORE[old]


@pytest.mark.parametrize("code", ["case.withdraw(what, because='x')\n", "case.restore('0f3a', because='x')\n"])
def test_what_may_be_a_file_or_a_note_is_to_be_looked_at(code: str) -> None:
    _, [change] = migrate_script(code)
    assert not change.is_certain and ".sources." in change.new


def test_a_cell_that_is_no_python_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "old.ipynb"
    path.write_bytes(
        b"\xef\xbb\xbf"
        + notebook("%%bash\nfor f in *; do wc $f; done", "%matplotlib inline\ncase.search?\n!ls\ncase.audit()").encode(
            "utf-8"
        )
    )
    before = path.read_bytes()
    assert main(["migrate-notebook", str(path)]) == 0
    assert "case.log.entries()" in path.read_text("utf-8-sig") and path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert path.with_name("old.ipynb.bak").read_bytes() == before
    assert "? %%bash" in capsys.readouterr().out


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
    assert migrate_file(path) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [("x.ipynb", "{"), ("x.ipynb", "[]"), ("x.ipynb", '{"cells": 3}'), ("x.py", "for"), ("x.md", "case.audit()")],
)
def test_what_is_no_notebook_is_left_alone(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(CaseError, match="was not changed"):
        migrate_file(path)
    assert path.read_text("utf-8") == text and list(tmp_path.iterdir()) == [path]


def test_an_earlier_backup_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text("case.audit()\n", "utf-8")
    path.with_name("x.py.bak").write_text("mine", "utf-8")
    with pytest.raises(CaseError, match="already exists"):
        migrate_file(path)
    assert path.read_text("utf-8") == "case.audit()\n" and path.with_name("x.py.bak").read_text("utf-8") == "mine"


def test_names_of_identities_are_rewritten() -> None:
    old = "\n".join(
        (
            "from workbench import identity",
            "ada = identity.unkept('ada')",
            "trust = identity.TrustList().adding(one)",
            "ada.holding(card)",
            "trust.standing(card)",
        )
    )
    new, changes = migrate_script(old)
    assert "identity.create_temporary('ada')" in new and "TrustList().add_bureau(one)" in new
    assert "ada.replace_card(card)" in new and "trust.assess_card(card)" in new and len(changes) == 4
