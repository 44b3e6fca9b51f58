"""A participant of a chat that is known from hidden, excluded or erased messages alone is no recipient of the others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.case.everywhere import Needles, anywhere
from tests.case.walking import read
from workbench.case.case import Case, open_case

SAID = (
    ("Marta Oliveira", "is the boat ready"),
    ("Bob Stevedore", "yes at nine"),
    ("Ophelia Grimsditch", "ring me at the well"),
    ("Marta Oliveira", "bring the crate"),
)
NAME = "Ophelia Grimsditch"
Said = tuple[tuple[str, str], ...]


def write_whatsapp(place: Path, said: Said) -> Path:
    path = place / "chat.txt"
    path.write_text("".join(f"[01/03/2024, 09:0{n}:00] {who}: {text}\n" for n, (who, text) in said_at(said)), "utf-8")
    return path


def write_telegram(place: Path, said: Said) -> Path:
    path = place / "result.json"
    messages = [
        {
            "id": n + 1, "type": "message", "date": f"2024-03-01T09:0{n}:00", "date_unixtime": str(1709283600 + 60 * n),
            "from": who, "from_id": f"user{sum(map(ord, who))}", "text": text,
        }
        for n, (who, text) in said_at(said)
    ]  # fmt: skip
    path.write_text(json.dumps({"name": "Boats", "type": "private_group", "id": 7, "messages": messages}), "utf-8")
    return path


def said_at(said: Said) -> list[tuple[int, tuple[str, str]]]:
    return [(SAID.index(one) if one in SAID else len(SAID), one) for one in said]


FORMS = {"whatsapp": write_whatsapp, "telegram": write_telegram}
TWIN = tuple(one for one in SAID if one[0] != NAME)


def bring(place: Path, form: str, said: Said) -> Case:
    place.mkdir(exist_ok=True)
    ada = open_case(place / "case", officer="ada", purpose="test")
    ada.access.grant("eve", "EXERCISE RESTRICTED", because="vetted")
    ada.add(FORMS[form](place, said))
    return ada


def two_others(recipients: list[str]) -> bool:
    return len(recipients) == 2


def find_message(case: Case) -> str:
    return str(case.search("well", limit=1)["document_id"].iloc[0])


def mark(case: Case) -> None:
    case.handling.mark(find_message(case), level="EXERCISE RESTRICTED", because="a source in danger")


def exclude(case: Case) -> None:
    case.sources.exclude(term="well", because="counsel")


def erase(case: Case) -> None:
    case.privacy.erase(find_message(case), because="no ground", sure=True)


def tell(case: Case, place: Path) -> list[str]:
    """What an officer reads of the chat, without what has the hash of the file in it."""
    messages = case.messages()[["sender", "recipients", "text"]].to_csv()
    captions = [one for one in case.entities()["caption"] if not one.startswith("attribution-")]
    values = case.evidence.statements()[["schema", "prop", "value"]]
    named = sorted(values[values["prop"].isin(["name", "username"])].itertuples(index=False, name=None))
    products = [read(case.report(place / "report.html")), read(case.export(place / "all.ftm.json"))]
    graph = [str(data.get("caption", "")) for _, data in case.graph().nodes(data=True)]
    assert not any("Grimsditch" in one for one in products)
    return [messages, repr(sorted(captions)), repr(named), repr(sorted(graph))]


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("how", [mark, exclude, erase])
def test_who_is_known_from_hidden_messages_alone_is_no_recipient(
    tmp_path: Path, form: str, how: Callable[[Case], None]
) -> None:
    told = {}
    for name, said in (("whole", SAID), ("twin", TWIN)):
        ada = bring(tmp_path / name, form, said)
        if name == "whole":
            assert NAME in ada.evidence.statements()["value"].tolist()
            assert all(map(two_others, ada.messages()["recipients"]))
            how(ada)
        ada.close()
        bob = open_case(tmp_path / name / "case", officer="bob", purpose="test")
        told[name] = tell(bob, tmp_path / name)
        bob.close()
    assert "Grimsditch" not in "".join(told["whole"]) and str(sum(map(ord, NAME))) not in "".join(told["whole"])
    assert told["whole"] == told["twin"] or form == "telegram"  # which shows names otherwise in a chat of two
    if how is erase:
        (tmp_path / "whole" / FORMS[form](tmp_path, SAID).name).unlink()
        assert anywhere(tmp_path / "whole" / "case", Needles(["grimsditch"])) == []


@pytest.mark.slow
@pytest.mark.parametrize("how", [mark, exclude, erase])
def test_who_wrote_another_message_that_shows_stays_a_recipient(tmp_path: Path, how: Callable[[Case], None]) -> None:
    ada = bring(tmp_path, "whatsapp", (*SAID, (NAME, "thank you")))
    how(ada)
    bob = open_case(tmp_path / "case", officer="bob", purpose="test")
    told = bob.messages()
    assert len(told) == 4
    assert all(NAME in (who, *to) for who, to in zip(told["sender"], told["recipients"], strict=True))
    bob.close()
    ada.close()


@pytest.mark.slow
def test_what_is_reopened_and_unmarked_names_its_sender_again(tmp_path: Path) -> None:
    ada = bring(tmp_path, "whatsapp", SAID)
    whole = ada.messages()["recipients"].tolist()
    exclude(ada)
    assert NAME not in repr(ada.messages()["recipients"].tolist())
    assert "Grimsditch" not in repr(ada.entities()["caption"].tolist())
    rule = ada.sources.exclusions()
    assert len(rule) == 1
    ada.sources.reopen(str(rule.iloc[0, 0]), role="independent counsel", because="not counsel")
    assert ada.messages()["recipients"].tolist() == whole
    ada.close()


@pytest.mark.slow
def test_two_reasons_together_leave_nothing_of_a_sender(tmp_path: Path) -> None:
    """One of the two messages is marked, the other excluded."""
    ada = bring(tmp_path, "whatsapp", (*SAID, (NAME, "the van waits")))
    mark(ada)
    ada.sources.exclude(term="van", because="counsel")
    bob = open_case(tmp_path / "case", officer="bob", purpose="test")
    assert len(bob.messages()) == 3 and "Grimsditch" not in bob.messages().to_csv() + repr(
        bob.entities()["caption"].tolist()
    )
    bob.close()
    ada.close()


@pytest.mark.slow
@pytest.mark.parametrize("how", [mark, exclude])
def test_who_gives_the_chat_its_name_stays_its_other_side(tmp_path: Path, how: Callable[[Case], None]) -> None:
    """A chat between two is called by the other side, also where what the other side wrote is hidden."""
    ada = open_case(tmp_path / "case", officer="ada", purpose="test")
    write_whatsapp(tmp_path, (SAID[0], SAID[2])).rename(tmp_path / f"WhatsApp Chat with {NAME}.txt")
    ada.add(tmp_path / f"WhatsApp Chat with {NAME}.txt")
    how(ada)
    bob = open_case(tmp_path / "case", officer="bob", purpose="test")
    assert bob.messages()["recipients"].tolist() == [[NAME]]
    bob.close()
    ada.close()
