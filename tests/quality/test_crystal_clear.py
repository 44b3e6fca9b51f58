"""Accuracy on a real police-training case that the code knows no word of.

Source: Netherlands Forensic Institute, local-llm-chat-report-benchmark (Apache-2.0). Its truth is read here only.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from workbench.case.case import Case
from workbench.search import merge_answers

if TYPE_CHECKING:
    import pandas as pd

pytestmark = pytest.mark.quality
HERE = Path(__file__).parent
LIST = 50
"""Hits of all searches together that an analyst looks through."""


def asked() -> dict[str, object]:
    return tomllib.loads((HERE / "crystal_clear.toml").read_text("utf-8"))


def places(case: Case, hits: pd.DataFrame) -> set[tuple[str, str]]:
    """Trace and time of every document that the hits show: the hit itself and the copies listed with it."""
    documents = set(hits["document_id"]) | {copy for copies in hits["copies"] for copy in copies}
    times = case.documents().set_index("document_id")["at"]
    traces = case.context.traces
    chosen = traces[traces["document_id"].isin(documents)]
    return {
        (trace, str(times[document])) for trace, document in zip(chosen["trace"], chosen["document_id"], strict=True)
    }


def found(case: Case, hits: pd.DataFrame, data_dir: Path) -> list[int]:
    """Numbers of the events of which a hit matches trace and time."""
    events = json.loads((data_dir / "cases/crystal-clear/truth/truth.json").read_text("utf-8"))["events"]
    shown = places(case, hits)
    return [
        int(event["ref"])
        for event in events
        if any((trace, event["time"].replace(" ", "T")) in shown for trace in {event["trace"], *event["equivalent"]})
    ]


def test_traces_fall_into_messages(crystal: Case) -> None:
    documents = crystal.documents()
    messages = documents[documents["schema"] == "Message"]
    assert len(messages) == 917 and messages["traces"].sum() == 2897
    assert (crystal.sources.issues()["code"] == "sender-conflict").sum() > 0


def test_the_users_of_the_seven_phones_lead_and_are_marked(crystal: Case) -> None:
    ranks = crystal.network.ranking()
    assert ranks["custodian"].head(7).all() and ranks["custodian"].sum() == 7
    assert "ranked separately" in ranks.attrs["warning"]
    assert ranks.loc[~ranks["custodian"], "rank_among_others"].notna().all()


def test_julia_sheila_is_found_with_every_passage(crystal: Case) -> None:
    """Sixteen messages, counted by hand: fifteen by and to her in one conversation, and one of the case file's paragraphs about her."""
    by_hand = tomllib.loads((HERE / "julia_sheila.toml").read_text("utf-8"))
    rows = crystal.why("Quan Xiuan", "Julia Sheila")
    contacted = rows[rows["relation"] == "contacted"]
    assert list(contacted["at"]) == by_hand["by_or_to"]
    about = crystal.search('"Julia Sheila"', limit=50)
    assert set(about["source_name"]) >= set(by_hand["about"])


@pytest.mark.parametrize(
    ("one", "other"),
    [("Liss", "Lizz"), ("Liss", "Lizzie"), ("Liss", "Lizzard"), ("Lizz", "Lizzie"), ("Lizz", "Lizzard"), ("Lizzie", "Lizzard"),
     ("Rosie", "Rosie Boudica"), ("NB", "Nerijus Bos")],
)  # fmt: skip
def test_nicknames_are_offered_with_a_reason(crystal: Case, one: str, other: str) -> None:
    pairs = crystal.judgements.duplicates("Person", about=one)
    both = pairs[
        (pairs["left"].isin([one, other])) & (pairs["right"].isin([one, other])) & (pairs["left"] != pairs["right"])
    ]
    assert len(both) and both["reasons"].str.len().min() > 0


def test_twelve_searches_find_twelve_of_fourteen_events(crystal: Case, data_dir: Path) -> None:
    searches = asked()["search"]
    assert isinstance(searches, list) and len(searches) <= 12
    answers = [crystal.search(search["text"], limit=LIST, services=False) for search in searches]
    events = found(crystal, merge_answers(answers, LIST), data_dir)
    print(f"\nsearches: {len(events)} of 14 events: {events}")
    assert len(events) >= 12


def test_the_facts_of_the_case_file_alone_find_five_events(crystal: Case, data_dir: Path) -> None:
    events = found(crystal, crystal.search(str(asked()["facts"]), limit=LIST, services=False), data_dir)
    print(f"\nfacts alone: {len(events)} of 14 events: {events}")
    assert len(events) >= 5
