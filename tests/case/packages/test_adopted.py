"""What is adopted bears all that the remark bears: every kind of remark, every facet of a mark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.case import material
from tests.case.packages.conftest import Side
from tests.case.packages.test_remarks import (
    AT,
    HIGH,
    SENDER,
    SIGNED,
    Made,
    Send,
    claims,
    decision,
    fact,
    note_on,
    send,
    term,
    theirs,
)
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity
from workbench.errors import CaseError
from workbench.ledger.access import terms
from workbench.ledger.foreign import remarks
from workbench.model.ids import compute_digest

__all__ = ["send", "theirs"]
BORNE = {
    "level": ["EXERCISE RESTRICTED"], "tlp": ["TLP:AMBER"], "handling": ["H1", "H3"], "conditions": ["ask first"], "barred": ["QX"],
    "channel": ["INTERPOL"], "purpose": ["training"], "special": ["minors"], "restricted": ["a court asks so"],
}  # fmt: skip
NOT_BORNE = {"grade": ["B2 4x4"], "nature": ["fact"], "review": ["2099-01-01"], "language": ["en"]}


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


def said_of(person: str, other: str, source: str, passage: str) -> dict[str, list[Made]]:
    """One word of every kind about what is ours."""
    note = note_on(passage)
    ends = sorted((person, other))
    return {
        **claims((person, "alias", "Adder")), "notes": [note | {"officer": SENDER, "at": AT}],
        "judgements": [{"id": compute_digest(*ends), "left_id": ends[0], "right_id": ends[1], "judgement": "not same", **SIGNED}],
        "decisions": [decision("entity", person, "accepted")], "source_facts": [fact(source, "exhibit", "VA/1")],
        "terms": [term("passage", passage, "handling", "H0")],
    }  # fmt: skip


def things(case: Case) -> tuple[str, str, str, str]:
    """A person, another one, a source and a passage that are ours."""
    context = case.context
    source = case.sources.list().loc[lambda s: s["name"].str.endswith("chats.txt"), "source"].iloc[0]
    return (
        find_entity(context, "Ada Brook"),
        find_entity(context, "Cleo Dunn"),
        str(source),
        str(context.passages["passage_id"].iloc[0]),
    )


def bear(case: Case, marks: dict[str, list[str]]) -> None:
    """Let every remark bear these marks, as if its sender had sent it under them."""
    with case.context.ledger.open_transaction() as sql:
        sql.execute("UPDATE remarks SET marks = ?", (json.dumps(marks),))


def test_every_facet_is_borne_by_what_is_adopted_or_is_for_this_case_to_say() -> None:
    assert set(BORNE) == remarks.HELD
    assert set(terms.FACETS) - remarks.HELD == set(NOT_BORNE) | {"hold", "permission"}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["claim", "note", "judgement", "decision", "fact", "mark"])
def test_what_is_adopted_bears_all_that_the_remark_bears(mine: Case, send: Send, kind: str) -> None:
    chosen = things(mine)
    send(mine, said_of(*chosen))
    key = mine.review.remarks().loc[lambda r: r["kind"] == kind, "remark_id"].iloc[0]
    bear(mine, BORNE | NOT_BORNE | {"special": [], "permission": ["H1"]})
    mine.handling.mark("Ada Brook", conditions=["ours"], because="our own")
    before = {target for target, facets in terms.list_current_terms(mine.context.ledger).items() if "level" in facets}
    mine.review.adopt(key, because="confirmed")
    held = {
        target: facets
        for target, facets in terms.list_current_terms(mine.context.ledger).items()
        if "level" in facets and target not in before
    }
    person, other, source, passage = chosen
    expected = {
        "judgement": {("entity", person), ("entity", other)}, "decision": {("entity", person)}, "fact": {("source", source)},
        "mark": {("passage", passage)},
    }  # fmt: skip
    assert (
        set(held) == expected[kind]
        if kind in expected
        else [name for name, _ in held] == ["evidence" if kind == "claim" else "note"]
    )
    for target, facets in held.items():
        for facet, values in BORNE.items():
            assert facet == "special" or set(values) <= set(facets[facet]), (target, facet)
        assert not {*NOT_BORNE, "permission"} & set(facets)
        assert target != ("entity", person) or "ours" in facets["conditions"]
    assert not (mine.log.verify()["state"] == "bad").any()


@pytest.mark.slow
def test_what_is_adopted_of_a_minor_is_hidden_like_the_remark(mine: Case, send: Send) -> None:
    send(mine, said_of(*things(mine)))
    key = mine.review.remarks().loc[lambda r: r["kind"] == "note", "remark_id"].iloc[0]
    mine.handling.reveal("minors", because="to look after it")
    bear(mine, {"special": ["minors"]})
    mine.review.adopt(key, because="confirmed")
    [(_, facets)] = [
        (target, facets)
        for target, facets in terms.list_current_terms(mine.context.ledger).items()
        if target[0] == "note"
    ]
    assert facets == {"special": ["minors"]}


@pytest.mark.slow
def test_an_officer_who_may_not_see_a_remark_sees_nothing_of_its_adoption(bo: Side, mine: Case, send: Send) -> None:
    send(mine, said_of(*things(mine)))
    plain = mine.log.decisions()
    bear(mine, {"level": [HIGH]})
    found = mine.review.remarks()
    mine.review.adopt(found[found["kind"].isin(["claim", "note", "judgement", "decision"])], because="SECRETWORD")
    mine.review.reject(found[found["kind"] == "fact"], because="SECRETWORD")
    with closing(open_case(bo.folder, officer="eve", purpose="training")) as eve:
        for told in (
            eve.review.notes(),
            eve.evidence.list(),
            eve.log.decisions(),
            eve.review.remarks(),
            eve.entities(),
            eve.review.updates("2020-01-01"),
        ):
            assert (
                "SECRETWORD" not in told.to_csv() and "Adder" not in told.to_csv() and "Known here" not in told.to_csv()
            )
        assert len(eve.log.decisions()) <= len(plain)


def test_a_mark_on_what_can_bear_none_is_not_adopted(mine: Case, send: Send) -> None:
    send(mine, {"decisions": [decision("flag", find_entity(mine.context, "Ada Brook"), "dismissed")]})
    bear(mine, {"level": [HIGH]})
    with pytest.raises(CaseError, match="cannot have marks"):
        mine.review.adopt(mine.review.remarks(), because="confirmed")


def test_of_two_purposes_none_opens_what_the_other_closes() -> None:
    from workbench.ledger.foreign.remarks import merge_facets

    assert merge_facets({"purpose": ["a", "b"]}, {"purpose": ["b", "c"]}) == {"purpose": ["b"]}
    assert merge_facets({"purpose": ["a"]}, {"purpose": ["c"]}) == {"purpose": ["a"]}
    assert merge_facets({}, {"purpose": ["c"]}) == {"purpose": ["c"]}
