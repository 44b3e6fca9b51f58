"""Texts of officers and of the case itself in a pseudonymised copy: no column of any table takes a real name or number along."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.case.copies import make_copy, open_copy
from tests.case.everywhere import Needles, anywhere
from workbench.case.case import open_case
from workbench.case.privacy.pseudonyms.row_rewriter import HOW, NOT_COPIED, OWN
from workbench.ledger.access import terms
from workbench.ledger.records.package_tables import TABLES, TEXT

NAME, NUMBER = "Marta Vexwright", "+447911123321"
SAID = f"for {NAME}, {NUMBER}"
OWN_OF_A_LEDGER = frozenset(
    "audit audit_texts row_salts row_marks case_facts words words_idx words_docsize words_data words_config".split()
)
"""Tables that a ledger fills itself: its log, its index of words, its own facts."""


@pytest.mark.parametrize("table", [name for name in TABLES if name not in NOT_COPIED])
def test_of_every_column_of_texts_of_every_table_is_said_what_becomes_of_it(table: str) -> None:
    said: Mapping[str, str] = {**OWN, **HOW}[table]
    assert set(said) == {name for name, kind in TABLES[table].columns.items() if kind is TEXT}


def test_no_table_is_copied_of_which_nothing_is_said() -> None:
    assert {*OWN, *HOW, *NOT_COPIED} == set(TABLES) and not OWN.keys() & HOW.keys()


@pytest.mark.slow
def test_nothing_that_officers_have_said_stands_in_the_copy(tmp_path: Path) -> None:
    (tmp_path / "doc.md").write_text("Marta Vexwright came.\n", "utf-8")
    case = open_case(tmp_path / "case", officer="zed", purpose="test", title=f"Case of {NAME}")
    case.add(tmp_path / "doc.md")
    case.evidence.add("Person", source="officer's knowledge", name=NAME)
    case.handling.mark("doc.md", conditions=[SAID], because="as received")
    terms.add_facets(
        case.context.ledger, [("case", "")], {"conditions": [f"case {SAID}"], "purpose": [SAID]}, "as received"
    )
    case.privacy.restrict("doc.md", because=SAID)
    case.context.ledger.describe_source(case.sources.list()["source"].iloc[0], {"provider": SAID}, "as received")
    made = case.subjects.pseudonymise(
        tmp_path / "copy",
        because=f"course of {NAME}",
        key=tmp_path / "k",
        passphrase="correct horse battery staple",
        title=f"Course of {NAME}",
    )
    case.close()
    assert anywhere(made.folder, Needles(["Marta", "Vexwright"], ["7911123321"])) == []
    with sqlite3.connect(made.folder / "ledger.db") as sql:
        filled = {
            name
            for (name,) in sql.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith("sqlite_") and sql.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()
        }
        (first,) = sql.execute("SELECT text FROM audit_texts WHERE seq = 1 AND field = 'tool.params'").fetchone()
    assert filled - {*OWN, *HOW} <= OWN_OF_A_LEDGER
    assert "conditions" in first and "case for" not in first


@pytest.mark.slow
def test_a_text_that_names_people_who_are_hidden_from_the_officer_names_them_no_more(tmp_path: Path) -> None:
    (tmp_path / "minors.csv").write_text("name,birthDate,phone\nPim Quorrkidd,2019-01-02,+447911123777\n", "utf-8")
    (tmp_path / "doc.md").write_text(f"{NAME} saw pim quorrkidd, then Quorrkidd called from 07911 123777.\n", "utf-8")
    case = open_case(tmp_path / "case", officer="zed", purpose="test")
    case.add(tmp_path / "minors.csv")
    case.add(tmp_path / "doc.md")
    assert "quorrkidd" not in case.evidence.list().to_csv().casefold()
    made = make_copy(case, tmp_path)
    copy = open_copy(made)
    assert " saw " in copy.context.passages.to_csv()
    copy.close()
    assert not anywhere(made.folder, Needles(["quorrkidd"], ["7911123777"]))
