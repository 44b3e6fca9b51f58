"""Drafts: what the case fills in and may not, where it comes from, saved at every change, checked, mended, let stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity, find_named
from workbench.case.desk.drafts.draft import Draft, record_of
from workbench.case.desk.messages import filing
from workbench.errors import CaseError, SchemaError, SourceError
from workbench.ledger.records import consultations
from workbench.messages import Message, Notice
from workbench.messages.model.message import Identity, Person
from workbench.messages.templates.draft_templates import list_draft_kinds

REGISTER = """name,alias,gender,birthDate,nationality,phone
Marta Oliveira,Tita,female,1988-06-21,pt,+447700900123
Bo Ekman,,male,1984-11-09,se,+447700900124
"""
FACTS = (
    "On 14 February 2026 in Lyon, OLIVEIRA Marta is alleged to have sold three cars that she did not own, by means of forged "
    "papers. The buyers paid into an account in your country. The investigation has not found who opened that account."
)


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = open_case(tmp_path / "case", officer="ada", purpose="training")
    (tmp_path / "register.csv").write_text(REGISTER, "utf-8")
    made.add(tmp_path / "register.csv")
    made.evidence.classify("Marta Oliveira", "suspect", because="the register")
    made.evidence.grade("register.csv", "B2", because="known to the source")
    yield made
    made.close()


def drafted(case: Case, **fields: object) -> Draft:
    said = {
        "summary_of_facts": FACTS,
        "crime_area": ["fraud"],
        "purpose": "person_info",
        "requested_action": ["identify"],
    }
    head = {"legal_basis": "Code, section 12", "from_bureau": "XA-NCB"}
    return case.desk.draft("request", to="XB-NCB", about="Marta Oliveira", **{**said, **head, **fields})  # type: ignore[arg-type]


def test_a_draft_is_filled_with_what_the_case_knows(case: Case) -> None:
    person = drafted(case).message.persons[0]
    assert (person.family_name, person.forename, person.sex) == ("OLIVEIRA", "Marta", "F")
    assert (person.date_of_birth, person.nationalities, person.status) == ("1988-06-21", ("PT",), "suspect")
    assert person.aliases == ("Tita",)
    assert person.phones == ("+447700900123",)
    assert (person.scale, person.source_grade, person.information_grade) == ("4x4", "B", "2")


def test_it_says_which_evidence_each_field_comes_from(case: Case) -> None:
    draft = drafted(case)
    rows = draft.sources()
    birth = rows[rows["field"] == "persons[0].date_of_birth"].iloc[0]
    assert birth["value"] == "1988-06-21" and birth["title"] == "register.csv"
    assert birth["evidence_id"] in set(case.evidence.list("Marta Oliveira")["evidence_id"])
    draft.change(**{"persons[0].date_of_birth": "1988-06-22"})
    assert "persons[0].date_of_birth" not in set(draft.sources()["field"])


def test_it_tells_the_addressee_of_its_sources_without_who_told_it(case: Case) -> None:
    case.sources.describe("register.csv", exhibit="V/7", authority="the informant", because="as received")
    source, stated = drafted(case).message.sources
    assert (stated.document, stated.name) == ("", "XA-NCB"), "her status is what an officer of this bureau stated"
    assert (source.name, source.country, source.document, source.confidentiality) == ("XA-NCB", "XA", "V/7", "FOUO")
    assert source.locator == "row 2" and len(source.received) == 10
    assert "informant" not in repr(source) and "register" not in repr(source)


def test_a_source_without_an_exhibit_number_is_found_again_by_its_hash(case: Case) -> None:
    source = drafted(case).message.sources[0]
    key = case.sources.list()["source"].iloc[0]
    assert source.document.startswith("SHA-256 ") and key.startswith(source.document.removeprefix("SHA-256 "))


def test_what_an_officer_stated_has_the_bureau_as_its_source(case: Case) -> None:
    case.evidence.add("Person", name="Oleg Barinov", status="witness", source="officer's knowledge")
    draft = case.desk.draft("request", to="XB-NCB", about="Oleg Barinov", from_bureau="XA-NCB")
    (source,) = draft.message.sources
    assert (source.name, source.country, source.document) == ("XA-NCB", "XA", "") and source.received
    assert "REC-15" not in set(draft.check()["rule"])


@pytest.mark.slow
def test_a_draft_whose_bureau_is_named_later_has_it_as_the_source_of_what_officers_stated(case: Case) -> None:
    case.evidence.add("Person", name="Oleg Barinov", status="witness", source="officer's knowledge")
    draft = case.desk.draft("request", to="XB-NCB", about="Oleg Barinov")
    assert {"MSG-05"} == {"MSG-05", "REC-15"} & set(draft.check()["rule"]), "no bureau is named: one fault, not two"
    draft.change(from_bureau="XA-NCB")
    (source,) = draft.message.sources
    assert (source.name, source.country) == ("XA-NCB", "XA") and "REC-15" not in set(draft.check()["rule"])
    draft.change(from_bureau="XC-NCB")
    assert draft.message.sources[0].name == "XC-NCB"


@pytest.mark.parametrize("name", ["Interpol", "everybody", "NCB"])
def test_a_draft_to_what_is_no_bureau_is_refused_with_the_form_of_a_code(case: Case, name: str) -> None:
    with pytest.raises(CaseError, match=rf"No bureau has the name '{name}'.*FR-NCB.*IPSG"):
        case.desk.draft("request", to=name)
    for known in ("FR-NCB", "BCN Paris", "IPSG", "XB-NCB"):
        assert case.desk.draft("request", to=["XB-NCB", known]).message.to[-1] == known


@pytest.mark.slow
def test_it_says_when_the_oldest_of_its_sources_was_verified(case: Case) -> None:
    received = case.sources.list()["received_at"].iloc[0][:10]
    assert drafted(case).message.last_verified == received, "on the day it came it was what its source has"
    case.evidence.add("Person", name="Oleg Barinov", status="witness", source="officer's knowledge")
    assert case.desk.draft("request", to="XB-NCB").message.last_verified == "", "nothing is filled"
    for day in ("yesterday", "2999-01-01"):
        with pytest.raises(CaseError, match="is not valid as the day on which a source was checked"):
            case.sources.describe("register.csv", verified=day)
    case.sources.describe("register.csv", verified="2020-01-01", because="an older comparison tells nothing new")
    draft = drafted(case)
    assert draft.message.last_verified == received and not {"REC-15", "REC-16"} & set(draft.check()["rule"])


def test_the_name_in_its_own_script_goes_beside_the_one_in_latin_letters(case: Case) -> None:
    case.evidence.add("Person", name="Олег Баринов", status="witness", source="officer's knowledge")
    person = case.desk.draft("request", to="XB-NCB", about="Олег Баринов").message.persons[0]
    assert (person.family_name, person.forename) == ("BARINOV", "Oleg")
    assert person.name_in_original_script == "Олег Баринов" and not person.aliases


@pytest.mark.slow
def test_what_an_addressee_may_not_have_fills_nothing(case: Case, tmp_path: Path) -> None:
    (tmp_path / "closed.csv").write_text("name,birthPlace\nBo Ekman,Uppsala\n", "utf-8")
    case.add(tmp_path / "closed.csv")
    case.judgements.judge(
        list(find_named(case.context, "Bo Ekman")["canonical_id"]), same=True, because="same name and place"
    )
    case.handling.mark("closed.csv", barred=["XB"], because="the source says so")
    assert case.desk.draft("request", to="XC-NCB", about="Bo Ekman").message.persons[0].place_of_birth == "Uppsala"
    closed = case.desk.draft("request", to="XB-NCB", about="Bo Ekman")
    assert closed.message.persons[0].place_of_birth == ""
    case.handling.mark("register.csv", handling=["H2"], because="the source says so")
    with pytest.raises(
        CaseError, match="There is no data about 'Marta Oliveira' that all of these addressees may receive"
    ):
        case.desk.draft("request", to="XC-NCB", about="Marta Oliveira")


@pytest.mark.slow
def test_a_machine_s_reading_fills_nothing_before_an_officer_accepts_it(case: Case, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("The van AB12 CDE, plate AB12CDE, stood at the quay.", "utf-8")
    case.add(tmp_path / "note.txt")
    case.extract()
    plate = case.entities("Vehicle")["canonical_id"].iloc[0]
    with pytest.raises(CaseError, match="Accept the suggestion first"):
        case.desk.draft("request", to="XB-NCB", about=plate)
    case.review.accept(plate)
    assert case.desk.draft("request", to="XB-NCB", about=plate).message.objects[0].kind == "vehicle"


@pytest.mark.slow
def test_drafts_survive_a_restart(case: Case) -> None:
    draft = drafted(case)
    draft.change(subject="FRAUD / IDENTIFICATION / OLIVEIRA", reply_by="2099-01-01")
    sources = draft.sources()
    case.close()
    again = open_case(case.context.folder.path, officer="ada", purpose="training")
    assert again.desk.drafts.list()["draft_id"].tolist() == [draft.id]
    opened = again.desk.drafts.open(draft.id)
    assert opened.message == draft.message and opened.message.reply_by == "2099-01-01"
    assert opened.sources().equals(sources) and len(sources) > 7
    with pytest.raises(CaseError, match=r"Nothing was changed\. Enter the reason"):
        case.desk.drafts.discard(opened, because="  ")
    case.desk.drafts.discard(opened, because="not needed")
    assert again.desk.drafts.list().empty
    with pytest.raises(CaseError, match="no draft"):
        again.desk.drafts.open(draft.id)
    again.close()


def test_a_desk_of_a_closed_case_says_so(case: Case) -> None:
    desk = case.desk
    assert repr(desk).startswith("0 messages came in")
    case.close()
    assert repr(desk).startswith("closed\n")


def test_a_change_that_does_not_fit_changes_nothing(case: Case) -> None:
    draft = drafted(case)
    before = draft.message
    with pytest.raises(SchemaError, match="'colour' is not a field of Message"):
        draft.change(colour="red")
    with pytest.raises(SourceError, match=r"'subject' is \['a', 'b'\]\. It must be text"):
        draft.change(subject=["a", "b"])
    assert draft.message is before and case.desk.drafts.open(draft.id).message == before


def test_who_may_not_see_a_source_of_a_draft_does_not_see_the_draft(case: Case, tmp_path: Path) -> None:
    draft = drafted(case)
    case.access.grant("rita", "EXERCISE RESTRICTED", because="vetted")
    case.handling.mark("register.csv", level="EXERCISE RESTRICTED", because="of a partner")
    assert case.desk.drafts.list().empty
    rita = open_case(tmp_path / "case", officer="rita", purpose="training")
    assert rita.desk.drafts.list()["draft_id"].tolist() == [draft.id]
    assert "RESTRICTED" in rita.desk.drafts.open(draft.id).mark
    rita.close()


def test_a_draft_has_the_level_of_its_sources(case: Case, tmp_path: Path) -> None:
    case.access.grant("rita", "EXERCISE RESTRICTED", because="vetted")
    case.handling.mark("register.csv", level="EXERCISE RESTRICTED", because="of a partner")
    rita = open_case(tmp_path / "case", officer="rita", purpose="training")
    draft = rita.desk.draft("request", to="XB-NCB", about="Marta Oliveira", clearance="EXERCISE RESTRICTED")
    assert draft.message.confidentiality == "RESTRICTED"
    rita.close()


def test_faults_are_told_mended_and_let_stand(case: Case) -> None:
    draft = drafted(case, summary_of_facts=FACTS + " She was seen on 03/04/2026.", confidentiality="")
    table = draft.check()
    assert {"MSG-24", "TXT-03"} <= set(table["rule"]) | {"TXT-03"} and table["blocks"].any()
    assert not draft.ready
    with pytest.raises(CaseError, match="is an error and must be fixed:"):
        draft.waive(int(table.index[table["blocks"]][0]))
    draft.fix(int(table.index[table["rule"] == "MSG-24"][0]))
    assert draft.message.confidentiality == "FOUO"
    left = draft.check()
    assert not left["blocks"].any()
    draft.waive(left, because="seen by the head of desk")
    assert draft.ready and set(draft.check()["stands"]) == {"seen by the head of desk"}
    draft.change(summary_of_facts=FACTS + " She was seen on 05/06/2026.")
    assert not draft.ready, "another date is another warning"


def test_a_reason_is_asked_for_where_the_rule_asks(case: Case) -> None:
    draft = drafted(case, requested_action=["bank_records"])
    table = draft.check()
    wanted = table[table["rule"] == "MSG-33"]
    with pytest.raises(CaseError, match="Give a reason to keep the warning"):
        draft.waive(wanted)
    assert "because" in str(draft.waive(wanted, because="because the bank agreed").check()["stands"].tolist())


@pytest.mark.slow
def test_danger_to_life_lets_content_pass_and_handling_not(case: Case) -> None:
    draft = drafted(
        case, requested_action=["bank_records"], urgency="immediate", urgency_reason="hostage", confidentiality=""
    )
    open_rules = {fault.rule.id for fault in record_of(draft).open_faults()}
    assert "MSG-33" not in open_rules and "MSG-24" in open_rules


def test_attachments_come_from_the_case_with_hash_kind_and_level(case: Case, tmp_path: Path) -> None:
    (tmp_path / "tool.pdf").write_bytes(b"MZ\x90\x00 no document at all")
    (tmp_path / "papers.txt").write_text("Forged papers of a van.", "utf-8")
    case.add(tmp_path / "tool.pdf")
    case.add(tmp_path / "papers.txt")
    draft = drafted(case).attach("papers.txt").attach("tool.pdf")
    rules = set(draft.check().loc[draft.check()["field"].str.startswith("attachments[1]"), "rule"])
    assert (
        draft.message.attachments[0].media_type == "text/plain"
        and draft.message.attachments[0].confidentiality == "FOUO"
    )
    assert draft.message.attachments[1].media_type == "application/x-msdownload" and rules
    draft.change(
        attachments=[{"name": "papers.txt", "sha256": "0" * 64, "media_type": "text/plain", "confidentiality": "FOUO"}]
    )
    assert "TXT-20" in set(draft.check()["rule"]), "another hash than the file has here"


@pytest.mark.slow
def test_every_kind_can_be_drafted_in_every_language(case: Case) -> None:
    for kind in list_draft_kinds():
        for language in ("en", "fr", "es", "ar"):
            draft = case.desk.draft(kind, to="XB-NCB", language=language)
            assert draft.message.language == language and draft.message.conditions_of_use
            page = draft._repr_html_()
            assert ('dir="rtl"' in page.partition(">")[2]) == (language == "ar")
    with pytest.raises(CaseError, match="is not a message type"):
        case.desk.draft("un notice")


def test_a_message_is_shown_as_text_only(case: Case) -> None:
    page = drafted(case, subject="<img src=x onerror=alert(1)>", crime_area=["<b>"])._repr_html_()
    assert "<img" not in page and "<b>" not in page and "&lt;img" in page


def test_what_follows_a_message_takes_its_references(case: Case) -> None:
    asked = Message(
        type="request", our_ref="B-7", from_bureau="XB-NCB", to=("XA-NCB",), subject="FRAUD / REQUEST / OLIVEIRA", language="fr",
        confidentiality="FOUO", crime_area=("fraud",), date_time="2026-03-02T09:30:00+01:00",
    )  # fmt: skip
    filing.file_message(case.context, asked, direction="incoming")
    reply = case.desk.draft("reply", reply_to="B-7", about="Marta Oliveira").message
    assert isinstance(reply, Message)
    assert (reply.to, reply.your_ref, reply.language, reply.crime_area) == (("XB-NCB",), "B-7", "fr", ("fraud",))
    assert "B-7" in reply.summary_of_facts and reply.persons[0].family_name == "OLIVEIRA"
    assert reply.subject == "ESCROQUERIE / RÉPONSE / OLIVEIRA"


def test_notices_have_their_colour_purpose_and_addressee(case: Case) -> None:
    red = case.desk.draft("red notice", about="Bo Ekman").message
    assert isinstance(red, Notice) and (red.color, red.to, red.purpose) == ("red", ("IPSG",), "wanted")
    blue = case.desk.draft("blue diffusion", to=["XB-NCB"]).message
    assert isinstance(blue, Notice) and blue.diffusion and blue.to == ("XB-NCB",)


def test_what_is_done_to_a_draft_is_in_the_log(case: Case) -> None:
    before = len(consultations.list_entries(case.context.ledger))
    draft = drafted(case)
    draft.change(reply_by="2099-01-01")
    draft.check()
    log = consultations.list_entries(case.context.ledger)[["operation", "kind"]].iloc[before:]
    assert list(log.itertuples(index=False, name=None)) == [
        ("alteration", "draft"),
        ("alteration", "draft"),
        ("consultation", "draft"),
    ]


@pytest.mark.slow
def test_a_person_who_is_erased_is_out_of_drafts(case: Case) -> None:
    draft = drafted(case)
    case.privacy.erase("Marta Oliveira", because="request 7", sure=True)
    text = case.context.ledger.connection.execute("SELECT message || told FROM drafts").fetchone()[0]
    assert "liveira" not in text.lower() and "1988-06-21" not in text and draft.id


def test_a_notice_that_is_not_for_the_general_secretariat_is_told_and_mended(case: Case) -> None:
    for kind, to, rule in (("blue notice", ["QN-NCB"], "NOT-03"), ("blue diffusion", ["IPSG"], "NOT-04")):
        draft = case.desk.draft(kind, to=to)
        fault = draft.check().query(f"rule == '{rule}'").iloc[0]
        assert fault["blocks"] and fault["mendable"]
        notice = draft.fix(int(fault.name)).message
        assert isinstance(notice, Notice) and (notice.to, notice.diffusion) == (("IPSG",), False)
        assert rule not in set(draft.check()["rule"])


def test_a_subject_says_nothing_twice(case: Case) -> None:
    draft = case.desk.draft("yellow diffusion", to="XB-NCB", crime_area=["missing_person"])
    assert draft.message.subject == "MISSING PERSON"


def test_the_level_of_a_file_is_taken_over_at_a_click(case: Case, tmp_path: Path) -> None:
    case.access.grant("rita", "EXERCISE RESTRICTED", because="vetted")
    seen = open_case(case.context.folder.path, officer="rita", purpose="training")
    (tmp_path / "warrant.txt").write_text("Warrant W-88/2025 of the court.", "utf-8")
    seen.add(tmp_path / "warrant.txt")
    seen.handling.mark("warrant.txt", level="EXERCISE RESTRICTED", because="the court says so")
    draft = seen.desk.draft("request", to="XB-NCB").attach("warrant.txt")
    fault = draft.check().query("rule == 'MSG-35'").iloc[0]
    assert draft.fix(int(fault.name)).message.confidentiality == "RESTRICTED"
    assert "MSG-35" not in set(draft.check()["rule"])
    seen.close()


@pytest.mark.parametrize("officer", ["ada", "rita"])
def test_a_file_that_is_marked_higher_once_it_is_attached_is_told(case: Case, tmp_path: Path, officer: str) -> None:
    case.access.grant("rita", "EXERCISE RESTRICTED", because="vetted")
    (tmp_path / "warrant.txt").write_text("Warrant W-88/2025 of the court.", "utf-8")
    case.add(tmp_path / "warrant.txt")
    with closing(open_case(case.context.folder.path, officer=officer, purpose="training")) as seen:
        draft, high = (
            seen.desk.draft("request", to="XB-NCB", confidentiality=level).attach("warrant.txt")
            for level in ("FOUO", "RESTRICTED")
        )
        assert "MSG-35" not in set(draft.check()["rule"])
        seen.handling.mark("warrant.txt", level="EXERCISE RESTRICTED", because="the court says so")
        (fault,) = draft.check().query("rule == 'MSG-35'").itertuples()
        message = draft.fix(fault.Index).message
        assert (fault.quote, message.confidentiality) == ("RESTRICTED", "RESTRICTED")
        taken = (*message.attachments, *high.change(subject="CARS").message.attachments)
        assert [one.confidentiality for one in taken] == ["RESTRICTED", "RESTRICTED"]
        assert "MSG-35" not in {*draft.check()["rule"], *high.check()["rule"]}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_who_a_name_can_be_is_told_with_kind_fact_and_source(case: Case, tmp_path: Path, language: str) -> None:
    (tmp_path / "port.csv").write_text("name,birthDate\nMarta Oliveira,1991-05-05\n", "utf-8")
    case.add(tmp_path / "port.csv")
    case.evidence.add("Person", name="Marta Oliveira", source="officer's knowledge", because="heard")
    with pytest.raises(CaseError) as refused:
        find_entity(case.context.to_language(language), "Marta Oliveira")
    *choices, advice = refused.value.translate_to(language).splitlines()[1:]
    told = {
        re.findall(r"register\.csv|port\.csv|ada", line)[-1]: re.search(r"id (person-[0-9a-f]{24})", line)
        for line in choices
    }
    assert {*told} == {"register.csv", "port.csv", "ada"}
    keys = {key[1] for key in told.values() if key}
    assert len(keys) == 3 and any(key in advice for key in keys)
    key = told["port.csv"]
    assert (
        key and case.desk.draft("request", to="XB-NCB", about=key[1]).message.persons[0].date_of_birth == "1991-05-05"
    )  # type: ignore[union-attr]


def test_a_draft_about_an_ambiguous_name_lists_who_is_meant(case: Case) -> None:
    case.evidence.add("Person", name="Marta Oliveira", source="officer's knowledge", because="heard")
    with pytest.raises(CaseError, match=r"2 entities in this case have the name 'Marta Oliveira':[\s\S]*register\.csv"):
        case.desk.draft("request", to="XB-NCB", about="Marta Oliveira")


def test_papers_and_accounts_go_into_a_draft_under_their_codes(case: Case, tmp_path: Path) -> None:
    (tmp_path / "cards.csv").write_text("name,id number\nAnna Kuhn,C0123456\n", "utf-8")
    case.add(tmp_path / "cards.csv")
    case.evidence.add("UserAccount", username="anna_k", source="officer's knowledge")
    draft = case.desk.draft("request", to="XB-NCB", about=["Anna Kuhn", "anna_k"])
    (paper,), (account,) = draft.message.persons[0].documents, draft.message.objects
    assert (paper.kind, paper.number) == ("identity_card", "C0123456")
    assert (account.kind, account.number) == ("other", "anna_k")
    assert not {"REC-24", "REC-28"} & set(draft.check()["rule"])


def test_a_paper_of_a_message_that_came_in_keeps_its_kind(case: Case) -> None:
    papers = tuple(
        Identity(kind=kind, number=f"C{n}123456") for n, kind in enumerate(("driving_licence", "library ticket"))
    )
    person = Person(family_name="KUHN", forename="Anna", status="witness", documents=papers)
    filing.file_message(
        case.context, Message(our_ref="B-8", from_bureau="XB-NCB", persons=(person,)), direction="incoming"
    )
    told = case.desk.draft("request", to="XB-NCB", about="Anna Kuhn").message.persons[0].documents
    assert {(one.kind, one.number) for one in told} == {("driving_licence", "C0123456"), ("other", "C1123456")}
