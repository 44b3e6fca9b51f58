"""Bureaux that pose as others, answer for others or take back what others wrote; and what came unsealed before it came sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.case.desk.conftest import of_bureau
from tests.case.packages.conftest import Side
from workbench.case.case import Case
from workbench.case.desk.messages import bureau_names, filing
from workbench.exchange import package
from workbench.exchange.package_header import Cover
from workbench.identity import Bureau, Officer, TrustList, create_temporary
from workbench.messages import Message, Notice, to_json

ASKS = Message(
    type="request", our_ref="F-1", from_bureau="FR-NCB", to=("QM-NCB",), subject="FRAUD / REQUEST", confidentiality="FOUO", language="en",
    summary_of_facts="On 14 February 2026 in Lyon a van was found.", date_time="2026-03-02T09:30:00+01:00",
)  # fmt: skip
CANCELS = replace(
    ASKS, type="cancellation", our_ref="C-1", your_ref="F-1", other_refs=("F-1",), date_time="2026-03-04T09:30:00+01:00"
)
OURS = replace(ASKS, our_ref="V-1", from_bureau="QM-NCB", to=("FR-NCB",))
REPLY = replace(CANCELS, type="reply", our_ref="R-1", your_ref="V-1", other_refs=())
BUREAUX = {"luc": ("NCB France", "FR"), "dan": ("BKA Wiesbaden", "DE"), "eva": ("Europol", "NL")}
Send = Callable[..., str]


@pytest.fixture(scope="module")
def strangers() -> dict[str, tuple[Bureau, Officer]]:
    """Officers of further bureaux, each with the bureau that vouches for them."""
    made = {}
    for name, (bureau, country) in BUREAUX.items():
        chief = create_temporary(bureau, bureau=bureau, country=country, role="bureau")
        made[name] = (Bureau.from_card(chief.card), of_bureau(name, chief))
    return made


@pytest.fixture
def case(ada: Side) -> Iterator[Case]:
    with closing(ada.case()) as made:
        yield made


@pytest.fixture
def send(case: Case, ada: Side, bo: Side, strangers: dict[str, tuple[Bureau, Officer]], tmp_path: Path) -> Send:
    """Have an officer seal a message to Ada, who takes it in; the state in which it came."""
    trust = TrustList((*ada.trust.bureaux, *(bureau for bureau, _ in strangers.values())))
    officers = {"bo": bo.officer, **{name: officer for name, (_, officer) in strangers.items()}}

    def sealed(message: Message, sender: str, **cover: object) -> str:
        told = Cover(message.type, purpose="p", reason="r", **cover)  # type: ignore[arg-type]
        path = package.write_package(
            {"message.json": to_json(message).encode()}, told, officers[sender], [ada.card], tmp_path
        )
        return str(case.desk.receive(path.path, trust=trust)["state"].item())

    return sealed


def by_file(case: Case, folder: Path, message: Message) -> None:
    path = folder / f"{message.our_ref}.json"
    path.write_text(to_json(message), "utf-8")
    case.desk.imports.add(path)


def refs(case: Case) -> set[str]:
    return set(case.desk.inbox()["our_ref"])


def owes(case: Case) -> list[str]:
    return sorted(case.desk.waiting()["owes"])


@pytest.mark.parametrize(
    ("one", "other"),
    [("DE-Europol", "Europol"), ("DE Europol", "Europol"), ("LA-Europol", "Europol"), ("IN-Lyon", "IP Lyon"),
     ("AU-NCB Valdora", "NCB Valdora"), ("FR-LEON", "FR LEON X"), ("FR-LEON", "fr leon"), ("", "")],
)  # fmt: skip
def test_a_code_is_part_of_a_name_and_no_word_that_joins(one: str, other: str) -> None:
    assert not bureau_names.is_same_bureau(one, other) and not bureau_names.is_same_bureau(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("DE-NCB", "IP BERLIN"), ("DE-NCB", "de-ncb"), ("IN-NCB", "NCB India"), ("AU-NCB", "NCB Canberra"), ("LA-NCB", "BCN Laos"),
     ("BCN de Valdorra", "IP VALDORRA"), ("OCN La Paz", "IP La Paz")],
)  # fmt: skip
def test_a_national_bureau_is_the_same_by_a_code_that_is_a_word(one: str, other: str) -> None:
    assert bureau_names.is_same_bureau(one, other)


def test_a_message_is_not_sealed_to_a_bureau_that_is_called_like_the_code_of_another_country() -> None:
    named = create_temporary("x", bureau="QN", country="FR").card
    assert bureau_names.select_cards([named], ["QN-NCB"]) == [] and bureau_names.select_cards([named], ["FR-NCB"]) == [
        named
    ]


@pytest.mark.slow
@pytest.mark.parametrize("bureau", ["DE-Europol", "DE Europol", "de-europol"])
def test_a_bureau_that_writes_its_code_before_the_name_of_another_one_takes_nothing_from_it(
    case: Case, send: Send, bureau: str
) -> None:
    filing.file_message(case.context, replace(OURS, to=("Europol", "FR-NCB")), direction="outgoing")
    assert send(replace(ASKS, from_bureau="Europol"), "eva") == "read"
    assert send(replace(CANCELS, from_bureau=bureau), "dan") == "read"
    assert send(replace(REPLY, from_bureau=bureau), "dan") == "read"
    assert "F-1" in refs(case) and owes(case) == ["Europol", "FR-NCB", "NCB Valdora"]


def test_a_message_that_names_no_sender_is_of_who_signed_it(case: Case, send: Send) -> None:
    filing.file_message(case.context, OURS, direction="outgoing")
    assert send(replace(REPLY, from_bureau=""), "luc") == send(replace(ASKS, from_bureau=""), "luc") == "read"
    assert set(case.desk.messages().query("direction == 'incoming'")["from_bureau"]) == {"NCB France"}
    assert owes(case) == ["NCB Valdora"], "its reply settles our request"
    send(replace(CANCELS, from_bureau="", your_ref="R-1", other_refs=("R-1", "F-1")), "bo")
    assert owes(case) == ["NCB Valdora"] and "F-1" in refs(case), "nobody else takes either back"
    send(replace(CANCELS, our_ref="C-2"), "luc")
    assert case.desk.waiting().empty and "F-1" not in refs(case)


@pytest.mark.slow
def test_messages_of_files_that_name_no_sender_cancel_nothing(case: Case, tmp_path: Path) -> None:
    by_file(case, tmp_path, replace(ASKS, from_bureau=""))
    by_file(case, tmp_path, replace(CANCELS, from_bureau=""))
    assert "F-1" in refs(case)


@pytest.mark.parametrize("bureau", ["QN-NCB", ""])
def test_a_stranger_answers_for_nobody(case: Case, send: Send, bureau: str) -> None:
    filing.file_message(case.context, replace(OURS, cc=("QN-NCB",)), direction="outgoing")
    send(replace(REPLY, from_bureau=bureau), "bo")
    assert owes(case) == ["FR-NCB"], "one that had a copy for information neither"


@pytest.mark.parametrize(
    ("to", "sender", "bureau"),
    [("FR-NCB", "luc", "FR-LYON"), ("BCN Paris", "luc", "FR-LYON"), ("NCB Nordreich", "bo", "QN-NCB"), ("QN-NCB", "bo", "NCB Nordreich")],
)  # fmt: skip
def test_another_desk_of_the_country_answers_for_its_only_addressee(
    case: Case, send: Send, to: str, sender: str, bureau: str
) -> None:
    filing.file_message(case.context, replace(OURS, to=(to, "QR-NCB")), direction="outgoing")
    send(replace(REPLY, from_bureau=bureau), sender)
    assert owes(case) == ["QR-NCB"]


def test_of_several_addressees_in_a_country_each_answers_for_itself(case: Case, send: Send) -> None:
    filing.file_message(case.context, replace(OURS, to=("FR-NCB", "FR-LYON")), direction="outgoing")
    send(replace(REPLY, from_bureau="FR-NICE"), "luc")
    assert owes(case) == ["FR-LYON", "FR-NCB"]
    send(replace(REPLY, from_bureau="FR-LYON", our_ref="R-2"), "luc")
    assert owes(case) == ["FR-NCB"]


def test_anybody_answers_a_notice_that_is_published_to_all(case: Case, send: Send) -> None:
    notice = Notice(color="red", our_ref="V-1", from_bureau="QM-NCB", to=("IPSG",), date_time=OURS.date_time)
    filing.file_message(case.context, notice, direction="outgoing")
    assert owes(case) == ["IPSG"]
    send(replace(REPLY, from_bureau="QN-NCB"), "bo")
    assert case.desk.waiting().empty


def test_what_came_in_a_file_first_and_then_sealed_is_sealed(case: Case, send: Send, tmp_path: Path) -> None:
    by_file(case, tmp_path, ASKS)
    assert send(ASKS, "luc") == "read"
    by_file(case, tmp_path, replace(CANCELS, our_ref="X-1"))
    assert "F-1" in refs(case) and owes(case) == ["NCB Valdora"], "a forged file takes nothing back"
    by_file(case, tmp_path, CANCELS)
    assert "F-1" in refs(case)
    send(CANCELS, "luc")
    assert "F-1" not in refs(case) and case.desk.waiting().empty, "the same from its sender does"


def test_what_came_without_a_sender_in_a_file_is_of_who_seals_it_then(case: Case, send: Send, tmp_path: Path) -> None:
    by_file(case, tmp_path, replace(ASKS, from_bureau=""))
    send(replace(ASKS, from_bureau=""), "luc")
    assert case.desk.messages()["from_bureau"].tolist() == ["NCB France"]


COVERS: dict[str, tuple[dict[str, object], str]] = {
    "codes": ({"handling": ("H1", "TLP:RED"), "conditions": ("Tell nobody",)}, "· H1 · TLP:RED · Tell nobody"),
    "codes in the mark alone": ({"mark": "EXERCISE – FOR TRAINING ONLY · H2 · TLP:AMBER"}, "· H2 · TLP:AMBER"),
    "codes that there are not": ({"handling": ("H9", "TLP:REDD")}, "· H1 · H2 · H3 · TLP:RED"),
}


@pytest.mark.slow
@pytest.mark.parametrize("cover", COVERS)
@pytest.mark.parametrize("first", ["", "by file", "sealed"])
def test_the_mark_on_the_cover_of_a_message_counts(
    case: Case, send: Send, tmp_path: Path, cover: str, first: str
) -> None:
    said, shown = COVERS[cover]
    if first == "by file":
        by_file(case, tmp_path, ASKS)
    elif first:
        send(ASKS, "luc")
    send(ASKS, "luc", **said)
    marks = case.sources.list().set_index("name")["mark"]
    assert any(mark.endswith(shown) for mark in marks), marks.to_dict()


@pytest.mark.slow
@pytest.mark.parametrize("level", ["EXERCISE RESTRICTED", "RESTRICTED", "TOP SECRET"])
def test_a_level_on_the_cover_above_the_own_clearance_closes_a_message(case: Case, send: Send, level: str) -> None:
    assert send(ASKS, "luc", mark=level) == "closed" and case.desk.messages().empty


@pytest.mark.slow
@pytest.mark.parametrize("level", ["", "EXERCISE – FOR TRAINING ONLY", "EXERCISE", "FOR OFFICIAL USE ONLY"])
def test_the_lowest_level_on_a_cover_closes_nothing(case: Case, send: Send, level: str) -> None:
    assert send(ASKS, "luc", mark=level) == "read" and case.desk.messages()["our_ref"].tolist() == ["F-1"]
