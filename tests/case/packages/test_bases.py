"""A remark bears the marks of all that it stood on in the sender's case: of its passages, their documents and files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.case import material
from tests.case.packages.conftest import Side
from tests.case.packages.test_adopted import HIGH, things
from tests.case.packages.test_remarks import AT, SENDER, SIGNED, Made, Send, decision, note_on, send, term, theirs
from workbench.case.case import Case, open_case
from workbench.model.ids import compute_digest

__all__ = ["send", "theirs"]


@pytest.fixture
def mine(bo: Side, tmp_path: Path) -> Iterator[Case]:
    """Bo's own case, of which he is the controller, cleared by the one before him."""
    with closing(open_case(bo.folder, officer="chief", purpose="training", title="Quay")) as chief:
        chief.access.grant("bo", HIGH, because="his task")
        chief.access.hand_over("bo", because="his task")
    (tmp_path / "mine").mkdir()
    case = bo.case()
    case.add(material.write(tmp_path / "mine"))
    case.extract()
    yield case
    case.close()


def build_words(case: Case) -> tuple[dict[str, list[Made]], dict[str, str]]:
    """A note on a passage of ours, one that a program is said to have made of it, a word on evidence in it; and where that lies."""
    passage = things(case)[3]
    places = case.context.passages.set_index("passage_id")
    document = str(places.loc[passage, "document_id"])
    traces, evidence = case.context.traces, case.context.evidence
    lying = {
        "passage": passage,
        "document": document,
        "source": str(traces.loc[traces["document_id"] == document, "source"].iloc[0]),
    }
    note = note_on(passage) | {"officer": SENDER, "at": AT}
    drawn = note | {
        "id": "note-2",
        "passages": "[]",
        "detail": json.dumps({"passages": [passage]}),
        "text": "Drawn here.",
    }
    found = evidence.loc[evidence["passage_id"] == passage, "evidence_id"].tolist()
    words: dict[str, list[Made]] = {"notes": [note, drawn]}
    if found:
        words["decisions"] = [decision("evidence", found[0], "rejected")]
    return words, lying


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["passage", "document", "source"])
@pytest.mark.parametrize("later", [False, True])
def test_a_remark_has_the_mark_of_what_it_stands_on(bo: Side, mine: Case, send: Send, kind: str, later: bool) -> None:
    words, lying = build_words(mine)
    mark = {"terms": [term(kind, lying[kind], "level", HIGH)]}
    for sent in (words, mark) if later else ({**words, **mark},):
        send(mine, sent)
    found = mine.review.remarks()
    assert set(found["kind"]) >= {"note", "mark"}
    assert set(found["mark"]) == {HIGH}
    with closing(open_case(bo.folder, officer="eve", purpose="training")) as eve:
        assert not len(eve.review.remarks())


@pytest.mark.slow
def test_a_word_on_an_entity_has_the_mark_of_all_that_states_it(mine: Case, send: Send) -> None:
    person, other, *_ = things(mine)
    ends = sorted((person, other))
    word = {"id": compute_digest(*ends), "left_id": ends[0], "right_id": ends[1], "judgement": "not same", **SIGNED}
    evidence = mine.context.evidence
    documents = sorted(set(evidence.loc[evidence["entity_id"] == person, "document_id"]))
    send(mine, {"judgements": [word]})
    [held] = mine.review.remarks().loc[lambda r: r["kind"] == "judgement", "mark"]
    assert held != HIGH
    send(mine, {"terms": [term("document", key, "level", HIGH) for key in documents]})
    [held] = mine.review.remarks().loc[lambda r: r["kind"] == "judgement", "mark"]
    assert held == HIGH
