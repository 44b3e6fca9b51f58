"""Claims to occurrences of links."""

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graph.rows import documents, evidence, holds, mark, relation, thing
from workbench.graph import list_links
from workbench.model.rows import Claim
from workbench.model.table_schemas import LINKS

DOCUMENTS = documents(("d1", "Message", "2024-05-01T10:00", ""), ("d2", "Message", "2024-05-02T10:00", "bot"))


def short(frame: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    return list(frame[["source", "relation", "target", "layer"]].itertuples(index=False, name=None))


def test_message_links_sender_to_each_recipient_once_however_many_traces() -> None:
    claims = [
        Claim("m1", "Message", prop, value, document_id="d1", trace_id=trace)
        for prop, value in (("senderAccount", "a"), ("recipientAccount", "b"), ("recipientAccount", "c"))
        for trace in ("t1", "t2", "t3")
    ]
    frame = list_links(evidence(claims + thing("UserAccount", "a", "b", "c")), DOCUMENTS)
    assert tuple(frame.columns) == LINKS
    assert short(frame) == [("a", "contacted", "b", "received"), ("a", "contacted", "c", "received")]
    assert frame["count"].tolist() == [1, 1]
    assert frame["at"].tolist() == ["2024-05-01T10:00"] * 2
    assert frame["service"].tolist() == [False, False]


def test_conflicting_senders_give_a_link_each() -> None:
    claims = relation("Message", "m1", "a", "c", "d2") + relation("Message", "m1", "b", "c", "d2")
    frame = list_links(evidence(claims), DOCUMENTS)
    assert [row[0] for row in short(frame)] == ["a", "b"]
    assert frame["service"].all()


def test_a_call_in_two_documents_counts_once_and_keeps_both_places() -> None:
    claims = relation("Call", "k", "a", "b", "d1") + relation("Call", "k", "a", "b", "d2")
    frame = list_links(evidence([*claims, Claim("k", "Call", "date", "2024-04-30T09:00", document_id="d1")]), DOCUMENTS)
    assert frame["document_id"].tolist() == ["d1", "d2"]
    assert frame["count"].tolist() == [1, 0]
    assert set(frame["at"]) == {"2024-04-30T09:00"}


def test_two_documents_that_state_one_end_each_make_a_link() -> None:
    claims = [
        Claim("o", "Ownership", "owner", "a", document_id="d1"),
        Claim("o", "Ownership", "asset", "b", document_id="d2"),
    ]
    assert {row[:3] for row in short(list_links(evidence(claims), DOCUMENTS))} == {("a", "owns", "b")}


def test_value_links_run_from_the_value() -> None:
    claims = [Claim("car", "Vehicle", "owner", "a", document_id="d1"), *thing("Person", "a")]
    assert short(list_links(evidence(claims), DOCUMENTS)) == [("a", "owns", "car", "received")]


def test_named_with_and_names_are_suggestions() -> None:
    claims = [*relation("Message", "m1", "a", "b", "d1"), mark("Zed", "d1", 0, "decided"), mark("Amy", "d1", 9)]
    frame = list_links(evidence(claims), DOCUMENTS)
    assert set(short(frame)) == {
        ("Amy", "named with", "Zed", "suggested"),
        ("a", "names", "Amy", "suggested"),
        ("a", "names", "Zed", "suggested"),
        ("a", "contacted", "b", "received"),
    }
    assert frame.set_index("relation").loc["named with", "passage_id"] == "p-d1"


def test_a_long_list_of_names_makes_no_pairs_and_says_so() -> None:
    frame = list_links(evidence([mark(f"n{i}", "d1", 10 * i) for i in range(30)]), DOCUMENTS)
    assert frame.empty
    assert frame.attrs["lists"] == 1


def test_rejected_gives_nothing_and_accepted_is_decided() -> None:
    claims = relation("Family", "f", "b", "a", "d1", kind="suggested") + thing("Person", "a", "b")
    assert short(list_links(evidence(claims), DOCUMENTS)) == [("a", "related to", "b", "suggested")]
    one = {claims[0].statement_id: "rejected"}
    assert list_links(evidence(claims, one), DOCUMENTS).empty
    both = {claim.statement_id: "accepted" for claim in claims[:2]}
    assert short(list_links(evidence(claims, both), DOCUMENTS)) == [("a", "related to", "b", "decided")]


def test_a_link_is_no_stronger_than_a_suggested_end() -> None:
    claims = relation("Associate", "x", "a", "b", "d1") + thing("Person", "a") + thing("Person", "b", kind="suggested")
    assert short(list_links(evidence(claims), DOCUMENTS)) == [("a", "associated with", "b", "suggested")]


def test_canonical_ids_join_links() -> None:
    claims = relation("Message", "m1", "a", "b", "d1") + relation("Message", "m2", "a2", "b", "d2")
    frame = list_links(evidence(claims), DOCUMENTS, {"a2": "a"})
    assert set(frame["source"]) == {"a"}
    assert len(frame) == 2


def test_empty_evidence_gives_an_empty_table() -> None:
    frame = list_links(evidence([]), documents())
    assert tuple(frame.columns) == LINKS
    assert frame.empty


NODES = st.sampled_from("abcde")
LAYER = st.sampled_from(["received", "suggested", "decided"])


@st.composite
def cases(draw: st.DrawFn) -> list[Claim]:
    claims: list[Claim] = []
    for number in range(draw(st.integers(1, 6))):
        schema = draw(st.sampled_from(["Message", "Call", "Family", "Ownership"]))
        document = draw(st.sampled_from(["d1", "d2"]))
        claims += relation(schema, f"{schema}-{number}", draw(NODES), draw(NODES), document, kind=draw(LAYER))
    claims += [
        mark(draw(NODES).upper(), draw(st.sampled_from(["d1", "d2"])), 10 * i, draw(LAYER))
        for i in range(draw(st.integers(0, 4)))
    ]
    for number in range(draw(st.integers(0, 3))):
        claims += holds(
            f"h{number}",
            draw(NODES).upper(),
            draw(NODES),
            draw(st.sampled_from(["custodian", "label of the export", "x"])),
            draw(LAYER),
        )
    return claims


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(cases(), st.randoms())
def test_order_of_rows_changes_nothing(claims: list[Claim], random: object) -> None:
    mixed = claims.copy()
    random.shuffle(mixed)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(list_links(evidence(claims), DOCUMENTS), list_links(evidence(mixed), DOCUMENTS[::-1]))


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(cases())
def test_every_link_hangs_on_a_live_row_of_evidence(claims: list[Claim]) -> None:
    rows = evidence(claims)
    frame = list_links(rows, DOCUMENTS)
    assert set(frame["evidence_id"]) <= set(rows["evidence_id"])
    assert set(frame["statement_id"]) <= set(rows["statement_id"])
    assert set(itertools.chain(frame["source"], frame["target"])) <= set("abcdeABCDE")
