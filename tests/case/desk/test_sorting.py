"""The inbox: its order, its suggestions, what corrections teach, links, and what a draft discloses."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest

from workbench.case.case import Case, open_case
from workbench.case.desk import widget_backend
from workbench.case.desk.inbox import awaiting_reply, triage
from workbench.case.desk.messages import cross_references, filing
from workbench.case.desk.widget_rows import DeskLines
from workbench.errors import CaseError
from workbench.ledger.records import references, row_tables
from workbench.messages.model.message import Item, Message, Notice, Person
from workbench.messages.triage import category, priority

PHONE, IMEI = "+441632960123", "490154203237518"


def message(ref: str, text: str = "", bureau: str = "XB-NCB", **more: object) -> Message:
    made: dict[str, object] = {
        "message_id": f"M-{ref}", "our_ref": ref, "type": "request", "from_bureau": bureau, "to": ("QM-NCB",), "language": "en",
        "date_time": (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="seconds"), "summary_of_facts": text,
        "subject": f"MATTER / {ref}",
    }  # fmt: skip
    return Message(**(made | more))  # type: ignore[arg-type]


def received(case: Case, *messages: Message) -> list[str]:
    return [filing.file_message(case.context, one, direction="incoming") for one in messages]


def test_bands_stand_before_points_and_points_before_age(case: Case) -> None:
    now = datetime.now(UTC)
    received(
        case,
        message("plain", "41 kg of cocaine and heroin were seized. Please check your databases."),
        message(
            "old",
            "A car was stolen. Please check.",
            date_time=(now - timedelta(days=9)).isoformat(),
            reply_by=now.isoformat(),
        ),
        message("minor", "A 14-year-old girl was abducted."),
        message("life", "The hostage will be shot."),
        message("sender", "Please call us.", urgency="immediate", urgency_reason="a threat to life"),
    )
    found = case.desk.inbox()
    assert list(found["our_ref"][:2]) in (["life", "sender"], ["sender", "life"])
    assert list(found["our_ref"][2:]) == ["minor", "old", "plain"]
    assert list(found["band"]) == ["danger to life"] * 2 + ["minors at risk", "other", "other"]
    assert found.set_index("our_ref")["suggested"].to_dict() == {
        "life": True, "sender": False, "minor": True, "old": False, "plain": False,
    }  # fmt: skip
    assert found.set_index("our_ref").loc["plain", "category"] == "drug_trafficking"
    assert len(case.desk.inbox(limit=2)) == 2


def test_every_line_of_a_priority_is_told_and_sums_up(case: Case) -> None:
    received(case, message("late", "The hostage will be shot.", reply_by=datetime.now(UTC).isoformat()))
    row = case.desk.inbox().iloc[0]
    told = case.desk.why("late")
    assert told.loc[told["about"] == "priority", "weight"].sum() == row["points"]
    assert (told.loc[told["about"] == "priority", "what"] == row["band"]).all()


def test_what_is_answered_waits_no_longer(case: Case) -> None:
    received(case, message("A-1", "Please check."))
    filing.file_message(
        case.context,
        message("B-1", "No record.", "QM-NCB", to=("XB-NCB",), type="reply", your_ref="A-1"),
        direction="outgoing",
    )
    assert case.desk.inbox().empty
    assert list(case.desk.inbox(answered=True)["our_ref"]) == ["A-1"]


def test_a_number_in_three_messages_from_two_countries(case: Case, tmp_path: Path) -> None:
    (tmp_path / "note.csv").write_text(f"name,phone\nMarta Oliveira,{PHONE}\n")
    case.add(tmp_path / "note.csv")
    phone = Item(kind="phone", number=PHONE)
    received(
        case,
        message("1", objects=(phone,)),
        message("2", bureau="XC-NCB", objects=(Item(kind="phone", number="+44 1632 960123"),)),
        message("3", bureau="XC-LEON", persons=(Person(family_name="OLIVEIRA", forename="Marta", phones=(PHONE,)),)),
        message("4", f"He called {PHONE} from a telephone with the IMEI {IMEI}.", "XD-NCB"),
    )
    found = case.desk.links("4")
    numbers = found[found["schema"] == "TelephoneNumber"]
    assert set(numbers["said"]) == {"in 3 messages from 2 countries and in 1 other document"}
    assert set(numbers["by"]) == {"suggested"} and set(numbers["bureaux"]) == {3}
    assert len(numbers) == 4 and found[found["schema"] == "Handset"].empty
    names = case.desk.links("3")
    names = names[names["schema"] == "Person"]
    assert set(names["why"]) == {"the same name"} and set(names["by"]) == {"suggested"}
    inbox = case.desk.inbox().set_index("our_ref")
    assert (inbox["links"] > 0).all() and "The message mentions persons or items that are in the case." in set(
        case.desk.why("1")["reason"]
    )


def test_a_preview_tells_the_links_of_a_draft_before_it_is_sent(case: Case) -> None:
    received(case, message("1", objects=(Item(kind="handset", number=IMEI),)))
    draft = case.desk.draft("request", to=["XB-NCB"], objects=[Item(kind="handset", number=IMEI)])
    assert list(case.desk.drafts.links(draft)["said"]) == ["in 1 message from 1 country"]


@pytest.mark.slow
def test_hits_are_those_of_the_door(case: Case) -> None:
    """What is looked up by the thing is what the whole table of evidence has, also after a withdrawal and a rejection."""
    keys = received(
        case,
        *(
            message(str(n), objects=(Item(kind="phone", number=PHONE),), bureau=f"X{c}-NCB")
            for n, c in enumerate("ABC")
        ),
    )
    case.extract()
    named = case.context.evidence.loc[lambda e: e["kind"] != "suggested"]
    case.review.reject(str(named["statement_id"].iloc[0]), because="misread")
    case.review.reject(str(named["entity_id"].iloc[-1]), because="nobody of ours")
    run = row_tables.list_sources(case.context.ledger)
    case.sources.withdraw(str(run["name"].iloc[0]), because="sent by mistake")
    rows = case.context.evidence
    rows = rows[(rows["verdict"] != "rejected") & (rows["document_id"] != "")]
    for entity, chosen in rows.groupby("entity_id"):
        assert {hit.document_id for hit in references.find_documents(case.context.ledger, [str(entity)])} == set(
            chosen["document_id"]
        )
    assert len(set(rows["document_id"])) <= len(keys) - 1
    gone = case.context.evidence.loc[lambda e: (e["verdict"] == "rejected") & (e["document_id"] != ""), "entity_id"]
    for entity in set(gone) - set(rows["entity_id"]):
        assert not list(references.find_documents(case.context.ledger, [str(entity)]))
    assert not (set(gone) - set(rows["entity_id"])) & references.list_outside_messages(case.context.ledger)


def test_hits_that_the_reader_may_not_see_are_not_even_counted(case: Case, tmp_path: Path) -> None:
    case.access.grant("rita", "EXERCISE RESTRICTED", because="vetted")
    phone = (Item(kind="phone", number=PHONE),)
    received(case, message("open", objects=phone), message("also", bureau="XC-NCB", objects=phone))
    rita = open_case(tmp_path / "case", officer="rita", purpose="training")
    received(rita, message("secret", bureau="XD-NCB", objects=phone, confidentiality="RESTRICTED"))
    assert set(rita.desk.links("open")["said"]) == {"in 2 messages from 2 countries"}
    rita.desk.inbox()
    rita.close()
    assert set(case.desk.links("open")["said"]) == {"in 1 message from 1 country"}
    assert set(case.desk.inbox()["our_ref"]) == {"open", "also"}


def test_a_correction_is_a_decision_and_teaches_the_next_suggestion(case: Case) -> None:
    text = "Pallets with untaxed cigarettes were found behind tiles. Please check your databases for the haulier."
    received(case, *(message(str(n), text) for n in range(6)))
    before = case.desk.inbox().set_index("our_ref")
    for ref in "012":
        case.desk.correct(ref, crime_area=["fraud"], because="excise fraud")
    after = case.desk.inbox().set_index("our_ref")
    assert after.loc["0", "category"] == "fraud" and after.loc["0", "sure"] == 1
    assert after.loc["5", "category"] == "fraud" != before.loc["5", "category"]
    assert set(case.log.decisions()["target_kind"]) >= {"message category"}
    with pytest.raises(CaseError, match="not known"):
        case.desk.correct("1", crime_area=["piracy of books"], because="so it is")
    with pytest.raises(CaseError, match="Enter the right value and the reason"):
        case.desk.correct("1", crime_area=["fraud"])


def test_what_was_learnt_can_be_thrown_away_and_comes_back(case: Case, tmp_path: Path) -> None:
    received(case, *(message(str(n), "Cigarettes were found. Please check.") for n in range(3)))
    case.desk.correct("0", crime_area=["fraud"], type="information", because="excise fraud")
    first = case.desk.inbox()
    case.close()
    shutil.rmtree(tmp_path / "case" / "derived")
    again = open_case(tmp_path / "case", officer="ada", purpose="training")
    assert again.desk.inbox().equals(first)
    again.close()


def test_a_draft_tells_what_it_discloses_to_whom(case: Case, tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text("name,birthDate\nMarta Oliveira,1980-02-01\n")
    case.add(tmp_path / "register.csv")
    draft = case.desk.draft("request", to=["XB-NCB", "XC-NCB"], about=["Marta Oliveira"])
    case.handling.mark("register.csv", barred=["XC"], because="of a partner")
    found = case.desk.drafts.disclosure(draft)
    persons = found[found["field"] == "persons[0]"]
    assert persons.set_index("addressee")["closed"].to_dict() == {
        "XB-NCB": "",
        "XC-NCB": "not allowed for their country",
    }
    assert set(persons["what"]) == {"OLIVEIRA Marta"} and (persons["document_id"] != "").all()


def test_bureaux_that_are_called_by_their_cities_have_their_countries(case: Case, tmp_path: Path) -> None:
    received(case, message("union", "Who drove it?", bureau="IP PARIS", to=("IP BERLIN",)))
    assert case.desk.inbox()["due"].item()[:19] == case.desk.waiting()["due"].item()[:19] != ""
    assert case.desk.waiting()["by"].item().endswith("(EU) 2023/977")
    (tmp_path / "register.csv").write_text("name,phone\nMarta Oliveira,+447700900124\n")
    case.add(tmp_path / "register.csv")
    case.handling.mark("register.csv", barred=["FR"], because="of a partner")
    draft = case.desk.draft("request", to=["OCN París", "XB-NCB"], summary_of_facts="Who uses +447700900124?")
    assert draft.check().query("rule == 'TXT-19'")[["field", "quote"]].values.tolist() == [["to[0]", "OCN París"]]


def test_a_notice_has_no_type_and_what_its_sender_says_of_the_crime_is_told(case: Case) -> None:
    received(case, message("plain", "Please see the file.", crime_area=("fraud",)))
    yellow = Notice(
        color="yellow", diffusion=True, our_ref="Y-1", message_id="M-Y", from_bureau="XB-NCB", to=("QM-NCB",), language="en",
        crime_area=("missing_person",), summary_of_facts="The correct date is 3 May 2026: CHILD Lea did not come home.",
    )  # fmt: skip
    filing.file_message(case.context, yellow, direction="incoming")
    found = case.desk.inbox().set_index("our_ref")
    assert tuple(found.loc["Y-1", ["type", "type_sure", "crime_area", "kind"]]) == (
        "",
        1.0,
        "missing_person",
        "yellow diffusion",
    )
    assert found.loc["plain", "crime_area"] == "fraud" and found.loc["plain", "type"]


def test_what_is_written_by_hand_is_held_against_the_sources_of_the_case(case: Case, tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text("name,phone\nMarta Oliveira,+447700900124\n")
    case.add(tmp_path / "register.csv")
    case.handling.mark("register.csv", barred=["XC"], because="of a partner")
    draft = case.desk.draft("request", to=["XB-NCB", "XC-NCB"], summary_of_facts="Who uses +447700900124?")
    found = case.desk.drafts.disclosure(draft)
    of_number = found[found["what"] == "+447700900124"].set_index("addressee")["closed"].to_dict()
    assert of_number == {"XB-NCB": "", "XC-NCB": "not allowed for their country"}
    assert "TXT-19" in set(draft.check()["rule"])
    (tmp_path / "open.csv").write_text("name,phone\nMarta Oliveira,+447700900124\n\n")
    case.add(tmp_path / "open.csv")
    assert "TXT-19" not in set(draft.check()["rule"])  # another source has it too


@pytest.mark.slow
@pytest.mark.parametrize(
    "value", ["0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31", "9999-12-31T23:59:59-12:00"]
)
def test_a_date_at_an_end_of_the_calendar_leaves_the_desk_as_it_is(case: Case, value: str) -> None:
    born = (Person(family_name="DOE", forename="Jan", status="victim", date_of_birth=value),)
    received(
        case, message("good"), message("term", reply_by=value), message("sent", date_time=value), message("born", persons=born),
        message("custody", f"He is in custody. The detention ends on {value}."),
    )  # fmt: skip
    assert set(case.desk.inbox()["our_ref"]) == {"good", "term", "sent", "born", "custody"}
    assert len(case.desk.waiting()) == 5 and case.desk.show().to_html()
    for ref in ("term", "sent", "born", "custody"):
        assert "defect" not in set(case.desk.why(ref)["reason"]) and len(case.desk.rules.check(ref))
        assert len(case.desk.drafts.query(ref).check())


def test_a_message_that_cannot_be_judged_is_listed_with_the_reason(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(one: Message, *_: object, **__: object) -> list[object]:
        if one.our_ref == "bad":
            raise ZeroDivisionError("by a text")
        return []

    for module, name in (
        (priority, "find_due"), (triage, "find_due"), (awaiting_reply, "find_due"), (cross_references, "_read_items"),
        (widget_backend, "find_mentions"), (triage, "find_cue_language"), (category, "build_text"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, fail)
    received(case, message("good"), message("bad", "A car was stolen."))
    found = case.desk.inbox()
    assert list(found["our_ref"]) == ["bad", "good"] and set(found["band"]) == {"other"}
    why = case.desk.why("bad").query("about == 'priority'")
    assert why["reason"].str.contains("could not assess part of this message").any()
    assert why["words"].str.contains("ZeroDivisionError: by a text").any()
    assert "ZeroDivisionError: by a text" in case.desk.show().to_html()
    assert set(case.desk.waiting()["our_ref"]) == {"good", "bad"}


@pytest.mark.slow
def test_a_page_checks_so_many_characters_and_says_what_it_did_not_check(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(widget_backend, "CHECKED", 1_500)
    first, long, last = received(
        case, message("1", "A car was stolen. " * 40), message("2", "A van was sold. " * 200), message("3", "A car was stolen. " * 20)
    )  # fmt: skip
    carried = case.desk.show().build_copy().carried
    unchecked = {key for key, read in carried.items() if "not checked" in read["issues"][0]["message"]}
    assert unchecked == {long} and "in a notebook" in carried[long]["issues"][0]["fix"]
    assert set(carried) == {first, long, last} and carried[long]["priority"] is not None
    desk = case.desk.show(language="fr")
    assert len(desk.office.read(last).issues) > 1 and len(desk.office.read(long).issues) == 1


@pytest.mark.slow
def test_a_check_of_a_long_text_costs_what_its_length_does(case: Case) -> None:
    text = "On 14 February 2026 in Lyon a van was taken in 2026. "
    short, long = (check_time(case, text * count) for count in (200, 1_600))
    assert long < 40 * max(short, 0.02), (short, long)


def check_time(case: Case, text: str) -> float:
    one = message("x", text)
    case.desk.rules.check(replace(one, our_ref="y", summary_of_facts="A car was stolen."))
    start = perf_counter()
    case.desk.rules.check(one)
    return perf_counter() - start


MEMO = "quagga-memo.txt"
CLEARED = "EXERCISE RESTRICTED"
HIDDEN = (
    f"See {MEMO}: the hostage will be shot. 41 kg of cocaine were seized. Call +44 1632 960123. Reply by 1 May 2026."
)
OTHER = ("document_id", "thread_id")
"""Columns that are never the same in two cases."""


def _build_mail(folder: Path, ref: str, text: str, *, attach: bool = False) -> Path:
    file = (
        f"--B\nContent-Type: text/plain; name={MEMO}\nContent-Disposition: attachment; filename={MEMO}\n\nThe handler met the source.\n"
        if attach
        else ""
    )
    (folder / f"{ref}.eml").write_text(
        f"From: ncb@qm.example\nTo: ncb@qn.example\nSubject: request\nDate: Tue, 1 Dec 2026 09:3{ref[-1]}:00 +0100\nMessage-ID: <{ref}@x>\n"
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nFROM: QM-NCB\nTO: QN-NCB\n"
        f"Our ref: {ref}\nConfidentiality: FOUO\nType: request\nSubject: Guests\n{text}\n{file}--B--\n",
        "utf-8",
    )
    return folder / f"{ref}.eml"


def _tell_desk(folder: Path, text: str, *, attach: bool) -> dict[str, object]:
    """What the desk tells an officer of two messages, one of which has a text; an attachment that it names is closed to that officer."""
    folder.mkdir()
    with (
        closing(open_case(folder / "case", officer="ada", purpose="training")) as ada,
        closing(open_case(folder / "case", officer="zoe", purpose="training")) as zoe,
    ):
        ada.access.grant("eve", CLEARED, because="vetted")
        ada.desk.imports.add(_build_mail(folder, "E-1", text, attach=attach))
        ada.desk.imports.add(_build_mail(folder, "E-2", "Cocaine: please tell us who has +44 1632 960123."))
        ada.desk.correct("E-1", crime_area=["fraud"], because="so it is")
        zoe.desk.inbox()
        if attach:
            assert zoe.desk.inbox().set_index("our_ref").loc["E-1", "band"] == "danger to life"
            ada.handling.mark(MEMO, level=CLEARED, because="of the source")
            with closing(open_case(folder / "case", officer="eve", purpose="training")) as eve:
                assert eve.desk.inbox().set_index("our_ref").loc["E-1", "band"] == "danger to life"
        desk = zoe.desk
        shown = [desk.inbox(), desk.inbox(answered=True), desk.waiting()]
        shown += [table for ref in ("E-1", "E-2") for table in (desk.why(ref), desk.links(ref))]
        lines = DeskLines(desk, zoe.context).list_messages()
        return {
            "tables": [table.drop(columns=list(OTHER), errors="ignore").to_csv() for table in shown],
            "lines": [{**asdict(line), "id": ""} for line in lines],
        }


@pytest.mark.parametrize("more", ["", pytest.param(" Nothing more is known." * 9, marks=pytest.mark.slow)])
def test_what_is_hidden_of_a_message_has_no_part_in_the_inbox(tmp_path: Path, more: str) -> None:
    hidden = _tell_desk(tmp_path / "hidden", HIDDEN + more, attach=True)
    assert hidden == _tell_desk(tmp_path / "twin", "", attach=False)
