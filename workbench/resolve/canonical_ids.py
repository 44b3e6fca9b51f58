"""Judgements to canonical ids. State is a pure function of the judgements: withdrawing one takes its effect back."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import TYPE_CHECKING

from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue

if TYPE_CHECKING:
    import pandas as pd


def compute_canonical_ids(judgements: pd.DataFrame) -> dict[str, str]:
    """Canonical id of each entity that some judgement joins to another.

    Parameters
    ----------
    judgements : DataFrame
        The latest judgement on each pair: left_id, right_id, judgement. Only 'same' joins. Order does not matter.

    Returns
    -------
    dict
        entity id -> canonical id, the smallest id of its cluster. Entities that stand alone are not in it.
    """
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for left, right in _select_pairs(judgements, "same"):
        low, high = sorted((root(left), root(right)))
        parent[high] = low
    return {key: root(key) for key in parent}


def find_contradictions(judgements: pd.DataFrame) -> list[Issue]:
    """An issue for each pair judged 'not same' whose ends other judgements join: for an officer to settle, never settled here."""
    joined = compute_canonical_ids(judgements)
    return [
        build_issue(
            "contradiction",
            Sentence("row.derived.contradiction", left=left, right=right),
            fix=Sentence("fix.settle.pairs"),
            place=f"{left} {right}",
        )
        for left, right in _select_pairs(judgements, "not same")
        if left in joined and joined.get(right) == joined[left]
    ]


def find_disagreements(opinions: pd.DataFrame) -> list[Issue]:
    """An issue for each pair on which officers judge against each other; the latest judgement counts until they settle it.

    Parameters
    ----------
    opinions : DataFrame
        The latest judgement of each officer on each pair: left_id, right_id, judgement, officer.
    """
    told = opinions[opinions["judgement"].isin(["same", "not same"])]
    found = []
    for (left, right), rows in told.groupby(["left_id", "right_id"], sort=True):
        if len(set(rows["judgement"])) > 1:
            said = "; ".join(
                f"{officer}: {judgement}" for officer, judgement in rows[["officer", "judgement"]].to_numpy()
            )
            text = Sentence("row.derived.disagreement", left=left, right=right, said=said)
            fix = Sentence("fix.settle.officers")
            found.append(build_issue("disagreement", text, fix=fix, place=f"{left} {right}"))
    return found


def list_all_pairs(ids: Iterable[str]) -> list[tuple[str, str]]:
    """Each unordered pair of the ids once, both ways sorted."""
    return list(combinations(sorted(set(ids)), 2))


def _select_pairs(judgements: pd.DataFrame, wanted: str) -> list[tuple[str, str]]:
    chosen = judgements[judgements["judgement"] == wanted]
    return sorted(zip(chosen["left_id"], chosen["right_id"], strict=True))
