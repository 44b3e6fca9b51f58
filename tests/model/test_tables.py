"""Whole columns at once: the same answers as pandas gives, for names and values of any kind."""

from __future__ import annotations

import pandas as pd
import pytest

from workbench.model.table_schemas import is_among, iterate_rows

FRAME = pd.DataFrame({
    "document_id": ["a", "b", "c"], "count": [1, 2, 3], "share": [0.5, float("nan"), 1.0], "with space": ["x", "", None],
    "at": pd.to_datetime(["2024-01-01", "2024-01-02", None]), "listed": [["a"], [], ["b", "c"]], "is_directed": [True, False, True],
}, index=pd.Index(["k", "l", "m"]))  # fmt: skip


@pytest.mark.parametrize("values", [{"a", "c"}, ["a", "c"], {"a": 1, "c": 2}, [], ("c", "c", "other"), frozenset("b")])
def test_whether_a_column_is_among_values_is_as_isin_says(values: list[str]) -> None:
    pd.testing.assert_series_equal(
        is_among(FRAME["document_id"], values), FRAME["document_id"].isin(list(values)), check_names=False
    )
    assert is_among(FRAME["document_id"].head(0), values).empty


def test_rows_are_as_itertuples_gives_them() -> None:
    for frame in (FRAME, FRAME.head(0), FRAME.reset_index(drop=True), FRAME[["count"]]):
        made, known = list(iterate_rows(frame)), list(frame.itertuples())
        assert [repr(row) for row in made] == [repr(row).replace("Pandas(", "Row(") for row in known]
        assert [[type(one) for one in row] for row in made] == [[type(one) for one in row] for row in known]
