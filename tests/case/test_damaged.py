"""One damaged row takes nothing away but itself, and is told; what withholds is never left out."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from workbench.case.case import Case
from workbench.errors import CaseError
from workbench.ledger.records import chart_annotations, drafts

REGISTER = "name,phone\nMarta Oliveira,+31970140002\nBo Ek,+31970140003\n"


def damage(folder: Path, *changes: str) -> None:
    """Change rows as another program would."""
    with closing(sqlite3.connect(folder / "ledger.db", isolation_level=None)) as sql:
        for change in changes:
            sql.execute(change)


def begun(opened: Callable[..., Case], tmp_path: Path) -> Case:
    case = opened()
    (tmp_path / "register.csv").write_text(REGISTER, "utf-8")
    case.add(tmp_path / "register.csv")
    return case


@pytest.mark.slow
@pytest.mark.parametrize("places", ['{"a":[[[', '{"a": 5}', '{"a": ["x", "y"]}', "[]"])
def test_a_damaged_chart_is_left_out_named_and_replaced(
    opened: Callable[..., Case], tmp_path: Path, places: str, capsys: pytest.CaptureFixture[str]
) -> None:
    case = begun(opened, tmp_path)
    net = case.graph("Marta Oliveira", accounts="apart")
    for name in ("one", "two"):
        case.chart(net, name=name)
    case.close()
    damage(tmp_path / "case", f"UPDATE charts SET positions = '{places}' WHERE name = 'one'")
    again = opened()
    capsys.readouterr()
    assert list(again.charts.list()["name"]) == ["two"]
    assert "Charts with damaged positions are not shown: one." in capsys.readouterr().out
    assert len(again.chart("two").graph)
    with pytest.raises(CaseError, match=r"Charts with damaged positions are not shown: one\."):
        again.chart("one")
    again.chart(net, name="one")
    assert set(again.charts.list()["name"]) == {"one", "two"} and "fix" not in set(again.storage.check()["state"])


def test_one_damaged_row_takes_no_other_away(opened: Callable[..., Case], tmp_path: Path) -> None:
    case = begun(opened, tmp_path)
    for text in ("one", "two"):
        case.review.note(text)
    case.close()
    damage(
        tmp_path / "case",
        "UPDATE notes SET detail = '{', passages = '5' WHERE text = 'one'",
        "UPDATE runs SET counts = '[' WHERE source != ''",
        "INSERT INTO drawings VALUES ('one', 'k', 'group', '{', '[]', 'ada', '')",
        "INSERT INTO drafts VALUES ('d', '{', '{}', '[]', 'draft', 'ada', '')",
    )
    again = opened()
    assert set(again.review.notes()["text"]) == {"one", "two"}
    assert list(again.sources.list()["name"]) == ["register.csv"]
    assert (
        drafts.list_drafts(again.context.ledger) == [] and chart_annotations.list_drawings(again.context.ledger) == []
    )
    told = " ".join(again.storage.check()["found"])
    assert "message of drafts" in told and "body of drawings" in told


def test_a_damaged_rule_that_withholds_is_not_left_out(opened: Callable[..., Case], tmp_path: Path) -> None:
    case = begun(opened, tmp_path)
    case.handling.mark("register.csv", conditions=["x"], because="of a partner")
    case.close()
    damage(tmp_path / "case", "UPDATE terms SET value = '[['")
    with pytest.raises(CaseError, match="restore the case from a backup"):
        opened()
