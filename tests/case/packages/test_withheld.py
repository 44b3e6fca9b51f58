"""What a package holds, and what stays at home: by mark, country, handling and what is set aside."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from tests.case.packages.conftest import Side, everything, packed, source
from workbench.case.case import Case


@pytest.mark.slow
def test_what_is_in_a_package(sent: Case, ada: Side, bo: Side) -> None:
    with bo.open(packed(sent, ada, bo, report=True)) as package:
        assert b"Dara Finch" in package.opened.read_content("reports/report.html")
        assert {"ro-crate-metadata.json", "withheld.json", "ledger/evidence.jsonl"} <= set(package.opened.names)
        crate = json.loads(package.opened.read_content("ro-crate-metadata.json"))
    actions = [entity for entity in crate["@graph"] if entity["@type"] == "CreateAction"]
    assert len(actions) >= 5
    assert {entity["name"] for entity in crate["@graph"] if entity["@type"] == "Person"} == {"ada (NCB Valdora)"}


@pytest.mark.slow
def test_a_selection_takes_what_belongs_to_it(sent: Case, ada: Side, bo: Side) -> None:
    path = packed(sent, ada, bo, what="note.md")
    with bo.open(path) as package:
        assert package.documents()["title"].tolist() == ["note.md"]
        assert [name for name in package.opened.names if name.startswith("sources/")] == [
            f"sources/{source(sent, 'note.md')}"
        ]
        assert set(package.entities()["schema"]) <= set(sent.entities()["schema"])
        assert package.notes().empty and package.judgements().empty


def test_what_is_above_the_addressee_stays(sent: Case, ada: Side, bo: Side) -> None:
    sent.handling.mark("note.md", level="EXERCISE RESTRICTED", because="of a partner")
    sent.access.grant("zelda", "EXERCISE RESTRICTED", because="vetted")
    with bo.open(packed(sent, ada, bo)) as package:
        data = everything(package)
        assert b"grey van" not in data and b"note.md" not in data and b"AB12" not in data
        assert package.header.cover.mark == "EXERCISE – FOR TRAINING ONLY"
        assert b"zelda" not in data


@pytest.mark.slow
@pytest.mark.parametrize(("barred", "seen"), [("QN", False), ("QX", True)])
def test_a_country_with_no_access_gets_nothing(sent: Case, ada: Side, bo: Side, barred: str, seen: bool) -> None:
    sent.handling.mark("note.md", barred=[barred], because="its source asks so")
    with bo.open(packed(sent, ada, bo)) as package:
        assert (b"grey van" in everything(package)) == seen


@pytest.mark.slow
def test_h2_needs_permission(sent: Case, ada: Side, bo: Side) -> None:
    sent.handling.mark("note.md", handling=["H2"], because="its source asks so")
    with bo.open(packed(sent, ada, bo)) as package:
        assert b"grey van" not in everything(package)
        assert package.header.cover.withheld["no permission for handling code H2"] == 1
    sent.handling.permit("note.md", "H2", by="NCB Osterland", because="letter of 3 May")
    with bo.open(packed(sent, ada, bo)) as package:
        assert b"grey van" in everything(package)
        assert "H2" in package.header.cover.handling
        assert b"Osterland" not in everything(package)


@pytest.mark.slow
def test_a_part_that_is_withheld_keeps_the_original_back(sent: Case, ada: Side, bo: Side) -> None:
    passages = sent.context.passages
    secret = passages[passages["text"].str.contains("IBAN")][["passage_id"]]
    sent.handling.mark(secret, handling=["H2"], because="its source asks so")
    mine = bo.case()
    with bo.open(packed(sent, ada, bo)) as package:
        data = everything(package)
        assert b"GB82" not in data and b"Friday night" in data
        assert f"sources/{source(sent, 'chats.txt')}" not in package.opened.names
        assert package.header.cover.withheld["original files that were not sent"] == 1
        package.add_to(mine)
    [told] = mine.sources.issues().loc[lambda i: i["code"] == "original-kept", "message"]
    assert told.startswith("NCB Valdora did not send the original file: a part of it is withheld.")
    assert mine.search("Friday", limit=1)["text"].str.contains("Friday").all()
    assert "bad" not in set(mine.log.verify()["state"])
    assert "fix" not in set(mine.storage.check()["state"])
    mine.close()


@pytest.mark.slow
def test_a_file_that_was_kept_back_and_came_later_is_missed_when_it_is_gone(sent: Case, ada: Side, bo: Side) -> None:
    """And of a file that its receiver has, no sender says that it was kept back."""
    passages = sent.context.passages
    secret = passages[passages["text"].str.contains("IBAN")][["passage_id"]]
    key = source(sent, "chats.txt")
    with closing(bo.case()) as mine:
        sent.handling.mark(secret, handling=["H2"], because="its source asks so")
        with bo.open(packed(sent, ada, bo)) as package:
            package.add_to(mine)
        sent.handling.permit(secret, "H2", by="NCB Osterland", because="letter of 3 May")
        with bo.open(packed(sent, ada, bo)) as package:
            package.add_to(mine)
        file = mine.context.folder.get_source_path(key)
        assert (
            file.is_file()
            and "bad" not in set(mine.log.verify()["state"])
            and "fix" not in set(mine.storage.check()["state"])
        )
        file.unlink()
        assert mine.log.verify().loc[lambda v: v["state"] == "bad", "said"].str.contains("chats.txt").any()
        assert "fix" in set(mine.storage.check()["state"])


def test_what_is_set_aside_goes_to_nobody(sent: Case, ada: Side, bo: Side) -> None:
    sent.sources.exclude(term="grey van", because="advice of counsel")
    with bo.open(packed(sent, ada, bo)) as package:
        assert b"grey van" not in everything(package)
        assert package.header.cover.withheld["documents set aside"] == 1


@pytest.mark.slow
def test_a_withheld_number_is_in_no_mass_row(sent: Case, ada: Side, bo: Side) -> None:
    sent.handling.mark("+447700900203", level="EXERCISE RESTRICTED", because="a source's telephone")
    with bo.open(packed(sent, ada, bo)) as package:
        assert b"900203" not in everything(package)
        assert not any(name.startswith("sources/" + source(sent, "calls.csv")) for name in package.opened.names)
        mine = bo.case()
        package.add_to(mine)
    assert len(mine.calls.summary().records()) == len(sent.calls.summary().records()) == 4
    mine.close()
