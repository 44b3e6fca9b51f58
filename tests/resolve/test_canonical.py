"""Judgements to canonical ids: laws."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from workbench.resolve import compute_canonical_ids, find_contradictions

IDS = st.sampled_from("abcdefgh")
JUDGEMENT = st.tuples(IDS, IDS, st.sampled_from(["same", "not same", "unsure", "open"])).filter(
    lambda row: row[0] < row[1]
)
LATEST = st.lists(JUDGEMENT, unique_by=lambda row: row[:2], max_size=15)


def table(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=pd.Index(["left_id", "right_id", "judgement"]))


@given(LATEST, st.randoms(use_true_random=False))
def test_the_order_of_judgements_does_not_matter(rows: list[tuple[str, str, str]], dice: object) -> None:
    shuffled = list(rows)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert compute_canonical_ids(table(rows)) == compute_canonical_ids(table(shuffled))


@given(LATEST)
def test_a_canonical_id_stands_for_itself_and_is_the_smallest(rows: list[tuple[str, str, str]]) -> None:
    joined = compute_canonical_ids(table(rows))
    assert all(joined[value] == value and value <= key for key, value in joined.items())


@given(LATEST)
def test_only_same_joins(rows: list[tuple[str, str, str]]) -> None:
    other = [row for row in rows if row[2] != "same"]
    assert compute_canonical_ids(table(other)) == {}


def test_a_contradiction_is_named_and_not_settled() -> None:
    rows = [("a", "b", "same"), ("b", "c", "same"), ("a", "c", "not same")]
    issue = find_contradictions(table(rows))[0]
    assert issue.code == "contradiction" and "a and c" in issue.message
    assert compute_canonical_ids(table(rows))["c"] == "a"
