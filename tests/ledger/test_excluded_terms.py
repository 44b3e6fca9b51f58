"""Words of exclusions take of mass rows what they take of passages: the same texts, in each column by itself."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from workbench.ledger.duckdb import open_engine
from workbench.ledger.exclusions.exclusion_rules import Hidden, Rule
from workbench.ledger.exclusions.struck_words import has_term, mark_term
from workbench.model.table_schemas import build_arrow_schema

SECRET = "secret of the case"
TEXTS = (
    "Hauptstraße 7", "hauptstrasse", "Ａｃｍｅ Ltd", "ﬁsch", "محـمد", "مُحَمَّد", "ﻣﺤﻤﺪ", "हिन्दी समाचार", "quay\u200b house", "Quay House 7",
    "the quayhouse", "O'Brien-Hall", "İstanbul", "STRAẞE", "٠٧٧", "foo_bar baz", "AT&T fee", "[erased] Quxley", "quay [erased] house",
    "Σίσυφος", "ünïted", "Ǆ", "½ share", "", "    ", "---", "fee 100%", "a\tb\nc",
)  # fmt: skip
TERMS = (
    "Hauptstraße", "HAUPTSTRASSE", "Acme", "Ａｃｍｅ", "fisch", "محمد", "हिन्दी",
    "quay house", "QUAY HÔUSE", "house", "o'brien", "hall", "istanbul", "strasse", "077", "bar", "at t", "AT&T",
    "erased", "quxley", "quay", "ΣΊΣΥΦΟΣ",
    "united", "ǆ", "1⁄2", "---", "fee 100", "b c", "'", "zzz",
)  # fmt: skip


def write_rows(folder: Path, table: str, **columns: list[object]) -> Path:
    """A file of mass rows with these texts; nothing is in the other columns."""
    schema = build_arrow_schema(table).append(pa.field("source", pa.string()))
    count = len(next(iter(columns.values())))
    rows: dict[str, list[object]] = {name: [None] * count for name in schema.names}
    rows |= {"row": list(range(count)), "document_id": ["d"] * count, "source": ["s"] * count, **columns}
    path = folder / f"{table}.parquet"
    pq.write_table(pa.Table.from_pydict(rows, schema=schema), path)
    return path


def list_left(path: Path, *rules: Rule) -> list[int]:
    """Numbers of the rows that rules leave."""
    table = path.stem
    with open_engine([(table, path)], aside=Hidden(rules, secret=SECRET)) as engine:
        return sorted(engine.query_frame(f"SELECT row FROM {table}")["row"].tolist())


@pytest.mark.parametrize("mark", [False, True], ids=["word", "hash"])
def test_words_take_the_rows_whose_texts_have_them(tmp_path: Path, *, mark: bool) -> None:
    path = write_rows(tmp_path, "transfers", purpose=list(TEXTS))
    for term in TERMS:
        expected = [number for number, text in enumerate(TEXTS) if not has_term(text, term)]
        assert list_left(path, Rule(term=mark_term(SECRET, term) if mark else term)) == expected, term


def test_several_rules_take_what_each_takes(tmp_path: Path) -> None:
    path = write_rows(tmp_path, "transfers", purpose=list(TEXTS))
    rules = [Rule(term="fisch"), Rule(term=mark_term(SECRET, "Acme")), Rule(term="zzz"), Rule(term="[erased]")]
    expected = [number for number, text in enumerate(TEXTS) if text not in ("ﬁsch", "Ａｃｍｅ Ltd")]
    assert list_left(path, *rules) == expected


def test_words_are_not_looked_for_across_two_columns(tmp_path: Path) -> None:
    path = write_rows(tmp_path, "transfers", payer=["foo bar", "bar baz"], beneficiary=["baz qux", "qux"])
    assert list_left(path, Rule(term="bar baz")) == [0]


def test_words_may_stand_without_blanks_in_the_identifier_of_a_cell(tmp_path: Path) -> None:
    path = write_rows(tmp_path, "calls", first_cell=["QuayHouse7", "Quay House7", "Mill"], b_raw=["", "", "quayhouse"])
    assert list_left(path, Rule(term="quay house 7")) == [2]
    assert list_left(path, Rule(term="quay house")) == [2]


@pytest.mark.parametrize(
    ("table", "column"),
    [("call_marks", "rule"), ("calls", "zone"), ("calls", "event"), ("calls", "source"), ("positions", "holder")],
)
def test_words_of_the_program_are_no_words_of_a_row(tmp_path: Path, table: str, column: str) -> None:
    path = write_rows(tmp_path, table, **{column: ["voice twice"]})
    assert list_left(path, Rule(term="voice")) == [0]
