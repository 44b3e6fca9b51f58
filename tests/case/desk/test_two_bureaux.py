"""Two bureaux exchange a red notice: a draft with errors, mended, approved, sent, received, acknowledged, answered with a hit."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.case.desk.conftest import clear
from tests.case.packages.conftest import Side
from workbench.case.case import Case, open_case
from workbench.case.desk.drafts.draft import Draft, record_of
from workbench.case.desk.messages import validation
from workbench.errors import CaseError
from workbench.identity import Officer
from workbench.ledger.records import consultations, messages
from workbench.messages import Message, Notice

REGISTER = "name,gender,birthDate,nationality,passport\nErik Halvorsen,male,1984-11-09,qm,QM4471902\n"
GUESTS = "name,birthDate,phone\nErik Halvorsen,1984-11-09,+447700900123\n"
FACTS = (
    "On 3 May 2025 at about 22:40 in Lyon, HALVORSEN Erik is alleged to have entered a jeweller's shop with two other men, to have "
    "threatened the keeper with a pistol and to have taken watches worth 210 000 EUR. He was recognised on the pictures of the shop's "
    "camera by two police officers. He left the country the day after by ferry."
)


def added(case: Case, folder: Path, name: str, text: str) -> Case:
    (folder / name).write_text(text, "utf-8")
    case.add(folder / name)
    return case


def wanted(case: Case) -> Draft:
    """A red diffusion with errors: guilt wording, no confidentiality, a penalty and a warrant missing."""
    return case.desk.draft(
        "red diffusion", to="QN-NCB", about="Erik Halvorsen", from_bureau="QM-NCB", legal_basis="Code of criminal procedure, section 40",
        crime_area=["property_crime"], summary_of_facts=FACTS.replace("HALVORSEN Erik", "the criminal HALVORSEN Erik"), confidentiality="",
        date_of_facts="2025-05-03", serious_crime_reason="Armed robbery with a firearm, by three persons.",
        charges=[{"text": "Armed robbery", "language": "en", "law": "Penal code, section 242(2)"}],
    )  # fmt: skip


def mended(draft: Draft) -> Draft:
    """The same with every error mended, and the warnings that are left standing for a reason."""
    while len(table := draft.check().query("mendable and (severity != 'info')")):
        draft.fix(int(table.index[0]))
    draft.change(
        charges=[{
            "text": "Armed robbery", "language": "en", "law": "Penal code, section 242(2)", "maximum_years": 12.0,
            "limitation_date": "2045-05-03",
        }],
        decisions=[{
            "reference": "W-88/2025", "date": "2025-06-01", "authority": "Court of first instance", "country": "QM",
            "confirmed_on": "2026-02-20",
        }],
        extradition_assured=True, extradition_from=["QN"], in_absentia=False,
        **{"persons[0].description": "1.84 m, fair hair, scar on the left hand"},
    )  # fmt: skip
    left = draft.check()
    assert not left["blocks"].any(), left[left["blocks"]][["rule", "message"]].to_string()
    return draft.waive(left.query("severity == 'warning'"), because="looked at with the prosecutor")


def ready(case: Case, tmp_path: Path) -> Draft:
    added(case, tmp_path, "register.csv", REGISTER).evidence.classify(
        "Erik Halvorsen", "wanted", because="warrant W-88/2025"
    )
    return mended(wanted(case))


@pytest.mark.slow
def test_a_red_notice_goes_out_is_acknowledged_and_answered_with_a_hit(ada: Side, bo: Side, tmp_path: Path) -> None:
    valdora, nordreich = ada.case(), bo.case()
    added(valdora, tmp_path, "register.csv", REGISTER).evidence.classify(
        "Erik Halvorsen", "wanted", because="warrant W-88/2025"
    )

    draft = wanted(valdora)
    assert [one.number for one in draft.message.persons[0].documents] == ["QM4471902"]
    found = draft.check()
    assert found["blocks"].any() and (found["rule"] == "TXT-09").any() | (found["severity"] == "warning").any()
    with pytest.raises(CaseError, match="The message cannot be sent yet"):
        valdora.desk.drafts.send(draft, [bo.card], trust=ada.trust)
    mended(draft)
    assert "the criminal" not in draft.message.summary_of_facts
    path = valdora.desk.drafts.send(draft, [bo.card], trust=ada.trust, reason="arrest warrant W-88/2025")
    assert path.parent == valdora.context.folder.path / "outbox"
    sent = valdora.desk.messages().iloc[0]
    assert (sent["direction"], sent["kind"], sent["state"]) == ("outgoing", "red diffusion", "sent")
    assert valdora.desk.drafts.list().empty

    arrived = valdora.packages.send(path, nordreich.context.folder.path / "inbox")
    added(nordreich, tmp_path, "guests.csv", GUESTS).evidence.classify(
        "Erik Halvorsen", "suspect", because="named in a notice"
    )
    came = nordreich.desk.receive(arrived, trust=bo.trust).iloc[0]
    assert (came["state"], came["kind"], came["our_ref"]) == ("read", "red diffusion", draft.message.our_ref)
    assert nordreich.desk.message(came["document_id"]) == draft.message
    assert not nordreich.desk.rules.check(came["document_id"])["blocks"].any()

    receipt = nordreich.packages.send(came["receipt"], valdora.context.folder.path / "inbox")
    assert valdora.packages.check_receipt(receipt, trust=ada.trust).arrived
    assert valdora.desk.messages()["state"].tolist() == ["acknowledged"]

    pairs = nordreich.judgements.duplicates("Person").head(1)
    assert len(pairs) == 1, "the guest and the person of the notice"
    guest = next(
        key for key in pairs.iloc[0][["left_id", "right_id"]]
        if "guests.csv" in set(nordreich.context.traces.merge(nordreich.evidence.list(key), on="document_id")["source_name"])
    )  # fmt: skip
    hit = nordreich.desk.draft(
        "reply", reply_to=came["document_id"], about=guest, from_bureau="QN-NCB", legal_basis="Police act, section 3",
        crime_area=["property_crime"],
    )  # fmt: skip
    assert hit.message.persons[0].phones == ("+447700900123",) and hit.message.your_ref == draft.message.our_ref
    hit.waive(hit.check().query("severity == 'warning'"), because="a hit, to be verified")
    answer = nordreich.desk.drafts.send(hit, [ada.card], trust=bo.trust, reason="a hit")
    back = valdora.desk.receive(
        nordreich.packages.send(answer, valdora.context.folder.path / "inbox"), trust=ada.trust
    ).iloc[0]
    thread = valdora.desk.messages(thread=back["thread_id"])
    assert thread["kind"].tolist() == ["red diffusion", "reply"]
    assert not valdora.search("+447700900123").empty, "what came is found"
    for case in (valdora, nordreich):
        assert set(case.log.verify()["state"]) <= {"ok", "not checked"}
        case.close()


@pytest.mark.slow
def test_what_is_restricted_goes_out_with_a_second_signature_only(
    ada: Side, bo: Side, second: Officer, tmp_path: Path
) -> None:
    clear(ada)
    case = ada.case()
    draft = ready(case, tmp_path).change(confidentiality="RESTRICTED")
    with pytest.raises(CaseError, match="a second officer must sign it"):
        case.desk.drafts.send(draft, [bo.card], trust=ada.trust, clearance="EXERCISE RESTRICTED")
    with pytest.raises(
        CaseError,
        match=r"wrote part of the message\. Officers are not allowed to sign their own text as second officer",
    ):
        case.desk.drafts.approve(draft)
    case.desk.drafts.approve(draft, officer=second, trust=ada.trust)
    draft.change(subject="ROBBERY / ARREST / HALVORSEN")
    with pytest.raises(CaseError, match="a second officer must sign it"):
        case.desk.drafts.send(draft, [bo.card], trust=ada.trust, clearance="EXERCISE RESTRICTED")
    path = case.desk.drafts.send(draft, [bo.card], approver=second, trust=ada.trust, clearance="EXERCISE RESTRICTED")
    other = bo.case()
    came = other.desk.receive(path, trust=bo.trust).iloc[0]
    assert came["state"] == "closed" and came["approver"].startswith("EXERCISE – eve") | ("eve" in came["approver"])
    assert other.documents().empty, "nobody there is cleared for it"
    case.close()
    other.close()


@pytest.mark.slow
def test_what_is_not_for_who_would_have_it_stays(ada: Side, bo: Side, tmp_path: Path) -> None:
    case = ada.case()
    draft = ready(case, tmp_path)
    draft.change(to=["QZ-NCB"])
    with pytest.raises(CaseError, match="but the message is addressed to QZ-NCB"):
        case.desk.drafts.send(draft, [bo.card], trust=ada.trust)
    draft.change(to=["QN-NCB"])
    case.handling.mark("register.csv", barred=["QN"], because="the source says so")
    with pytest.raises(CaseError, match="closed to QN"):
        case.desk.drafts.send(draft, [bo.card], trust=ada.trust)
    assert not (case.context.folder.path / "outbox").exists() or not list(
        (case.context.folder.path / "outbox").iterdir()
    )
    assert consultations.list_entries(case.context.ledger)["result"].iloc[-1] == "refused"
    case.close()


@pytest.mark.slow
def test_letters_of_request_are_never_sent_as_police_messages(ada: Side, bo: Side) -> None:
    case = ada.case()
    letter = case.desk.draft("letter of request", to="QN-CENTRAL-AUTHORITY")
    with pytest.raises(CaseError, match="You cannot send a letter of request as a police message"):
        case.desk.drafts.send(letter, [bo.card], trust=ada.trust)
    case.close()


@pytest.mark.slow
def test_what_is_broken_or_lies_is_quarantined_and_nothing_of_it_filed(ada: Side, bo: Side, tmp_path: Path) -> None:
    case, other = ada.case(), bo.case()
    path = case.desk.drafts.send(ready(case, tmp_path), [bo.card], trust=ada.trust)
    flipped = tmp_path / path.name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    flipped.write_bytes(data)
    stranger = case.packages.pack(to=[bo.card], reason="joint", trust=ada.trust)
    for broken, why in ((flipped, "DAMAGED OR NOT FOR YOU"), (stranger, "The package contains no message")):
        came = other.desk.receive(broken, trust=bo.trust).iloc[0]
        assert came["state"] == "quarantined" and why in came["why"] and Path(came["receipt"]).is_file()
    assert other.documents().empty and other.desk.messages().empty and other.sources.list().empty
    assert other.desk.receive(path, trust=bo.trust)["state"].tolist() == ["read"]
    assert other.desk.receive(path, trust=bo.trust)["state"].tolist() == ["known"]
    case.close()
    other.close()


@pytest.mark.slow
def test_attachments_go_along_and_are_read_where_they_arrive(ada: Side, bo: Side, tmp_path: Path) -> None:
    case, other = ada.case(), bo.case()
    draft = ready(case, tmp_path)
    added(case, tmp_path, "warrant.txt", "Warrant W-88/2025 of the court.")
    draft.attach("warrant.txt")
    draft.waive(draft.check().query("severity == 'warning'"), because="seen")
    came = other.desk.receive(case.desk.drafts.send(draft, [bo.card], trust=ada.trust), trust=bo.trust).iloc[0]
    assert came["state"] == "read"
    assert (
        set(other.search("Warrant of the court")["source_name"]) >= {f"{draft.message.our_ref}.json/warrant.txt"}
        or len(other.sources.list()) == 2
    )
    case.close()
    other.close()


@pytest.mark.slow
def test_a_poor_message_is_asked_about(ada: Side, bo: Side, tmp_path: Path) -> None:
    from workbench.case.desk.messages import filing

    case = ada.case()
    poor = Message(type="request", our_ref="N-1", from_bureau="QN-NCB", to=("QM-NCB",), subject="help", language="fr",
                   summary_of_facts="Merci.", date_time="2026-03-02T09:30:00+01:00")  # fmt: skip
    document = filing.file_message(case.context, poor, direction="incoming")
    query = case.desk.drafts.query(document).message
    assert isinstance(query, Message) and (query.to, query.your_ref, query.type) == (("QN-NCB",), "N-1", "request")
    assert (
        query.summary_of_facts.startswith("Nous avons bien reçu votre message N-1") and "\n– " in query.summary_of_facts
    )
    assert case.desk.waiting()["waits"].tolist() == ["for this bureau"]
    case.close()


def test_notices_and_messages_have_their_own_fields() -> None:
    assert Notice(color="red").form == "notice" and Message().form == "message"


@pytest.mark.slow
def test_a_message_is_of_the_moment_at_which_it_goes_out(ada: Side, bo: Side, second: Officer, tmp_path: Path) -> None:
    clear(ada, bo)
    case = ada.case()
    draft = ready(case, tmp_path).change(date_time="2026-01-05T09:00:00+01:00", confidentiality="RESTRICTED")
    draft.waive(draft.check().query("severity == 'warning'"), because="seen")
    case.desk.drafts.approve(draft, officer=second, trust=ada.trust)
    assert draft.message.date_time.startswith("2026-01-05"), "a draft tells when it was begun"
    begun = datetime.now().astimezone().replace(microsecond=0)
    path = case.desk.drafts.send(draft, [bo.card], trust=ada.trust, clearance="EXERCISE RESTRICTED")
    moment = datetime.fromisoformat(draft.message.date_time)
    assert begun <= moment <= datetime.now().astimezone()
    (source,) = messages.list_sent_sources(case.context.ledger, draft.message.message_id)
    assert validation.load_message(case.context, source) == draft.message, "and the message when it went out"
    came = bo.case().desk.receive(path, trust=bo.trust).iloc[0]
    assert came["state"] == "read" and "eve" in came["approver"]
    case.close()


@pytest.mark.slow
def test_danger_to_life_is_logged_with_what_it_lets_pass(ada: Side, bo: Side, tmp_path: Path) -> None:
    case = ada.case()
    draft = ready(case, tmp_path).change(
        urgency="immediate",
        urgency_reason="a hostage is held",
        summary_of_facts=FACTS.replace("HALVORSEN Erik", "the criminal"),
    )
    assert any(fault.overridden for fault in record_of(draft).faults())
    draft.waive(
        [
            n
            for n, one in enumerate(record_of(draft).faults())
            if one in record_of(draft).open_faults() and not one.blocks
        ],
        because="seen",
    )
    case.desk.drafts.send(draft, bo.card, trust=ada.trust)
    log = (
        consultations.list_entries(case.context.ledger)
        .query("operation == 'disclosure' and kind == 'package'")
        .iloc[-1]
    )
    assert (
        "danger to life overrides" in log["detail"]
        and "TXT-06" in log["detail"]
        and "looked at with the prosecutor" in log["detail"]
    )
    case.close()


@pytest.mark.slow
def test_an_encrypted_case_sends_and_receives_and_keeps_nothing_plain(ada: Side, bo: Side, tmp_path: Path) -> None:
    case = open_case(
        ada.folder, officer=ada.officer, purpose="training", encrypted=True, passphrase="five words that nobody knows"
    )
    other = open_case(
        bo.folder, officer=bo.officer, purpose="training", encrypted=True, passphrase="five words that nobody knows"
    )
    draft = ready(case, tmp_path)
    path = case.desk.drafts.send(draft, [bo.card], trust=ada.trust)
    assert other.desk.receive(path, trust=bo.trust)["state"].tolist() == ["read"]
    assert not other.search("jeweller's shop").empty
    for one in (case, other):
        one.close()
        assert not [
            file for file in one.context.folder.path.rglob("*") if file.is_file() and b"jeweller" in file.read_bytes()
        ]
