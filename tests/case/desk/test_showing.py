"""The desk of a case as a widget: what it shows, what is done there, and what it keeps to itself."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from workbench_widgets import words

from tests.case.packages.conftest import Side
from workbench.case.case import Case, open_case
from workbench.case.desk import widget_rows
from workbench.case.desk.messages import filing
from workbench.ledger.records import consultations, messages
from workbench.messages.model.message_json import from_dict
from workbench.messages.rules.rule_check import load_samples
from workbench.messages.templates.draft_templates import list_draft_kinds

if TYPE_CHECKING:
    from workbench_widgets.desk import MessageDesk

ARABIC = re.compile("[\u0600-\u06ff]")
FACTS = "On 14 February 2026 in Lyon, the criminal OLIVEIRA Marta is alleged to have sold three cars. Her number is +447700900123."
FRAUD = (
    "An investment fraud: the victims paid invoices that a swindler had forged, and lost 41 000 EUR to a bogus company."
)
SAMPLE = from_dict({**load_samples()["message"], "summary_of_facts": FACTS})


def came(case: Case, ref: str = "XB-1", **more: Any) -> str:
    """A message that came in."""
    message = replace(
        SAMPLE, our_ref=ref, message_id=f"M-{ref}", thread_id=f"T-{ref}", from_bureau="XB-NCB", to=("XA-NCB",), **more
    )
    return filing.file_message(case.context, message, direction="incoming")


def told(desk: MessageDesk, question: str, *given: object) -> Any:
    """What the browser half is answered, or the problem that it is told."""
    said: list[dict[str, Any]] = []
    desk.send = lambda content, _=None: said.append(content)  # type: ignore[method-assign,misc]
    desk._answer_question(None, {"ask": question, "given": [*given], "number": 1}, [])
    return said[-1].get("found", said[-1].get("problem"))


def test_messages_stand_by_danger_and_term_and_drafts_by_themselves(case: Case) -> None:
    calm, urgent = (
        came(case, "XB-1"),
        came(case, "XB-2", urgency="immediate", urgency_reason="a child is held by force"),
    )
    case.desk.draft("request", to="XB-NCB", subject="CARS")
    rows = case.desk.show().rows
    assert [row["id"] for row in rows if row["folder"] == "inbox"] == [urgent, calm]
    assert [(row["folder"], row["subject"], row["unread"]) for row in rows if row["direction"] == "out"] == [
        ("drafts", "CARS", False)
    ]
    assert rows[1]["band"] == "danger to life" and rows[1]["deadline"] and rows[1]["unread"]


@pytest.mark.slow
def test_a_draft_tells_what_it_is_linked_with_and_what_it_discloses_to_whom(case: Case) -> None:
    came(case)
    case.extract()
    desk = case.desk.show(language="fr")
    before = told(desk, "outgoing", case.desk.draft("request", to="XB-NCB", subject="CARS").id)
    assert before == {"links": [], "discloses": []}
    number = {"kind": "phone", "number": "+447700900123"}
    draft = case.desk.draft("request", to="XB-NCB", objects=[number], summary_of_facts="Sold three cars. " * 9)
    found = told(desk, "outgoing", draft.id)
    ((heading, places),) = found["links"]
    assert heading.startswith("+447700900123: ") and [why for _, why in places] == ["le même identifiant"]
    ((addressee, parts),) = found["discloses"]
    assert addressee == "XB-NCB" and ["phone +447700900123", "saisi manuellement"] in [[*part] for part in parts]
    assert max(len(what) for what, _ in parts) <= 90


def test_an_inbox_beyond_what_is_shown_goes_on_when_asked(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widget_rows, "MOST", 2)
    keys = {came(case, f"XB-{number}") for number in range(3)}
    desk = case.desk.show()
    assert desk.beyond and len(desk.rows) == 2
    told(desk, "more")
    assert not desk.beyond and {row["id"] for row in desk.rows} == keys


def test_reading_is_logged_and_stays_read_after_a_restart(case: Case, tmp_path: Path) -> None:
    key = came(case)
    desk = case.desk.show()
    found = told(desk, "read", key)
    assert found["values"]["our_ref"] == "XB-1" and found["replies"] and found["thread"] == [key]
    assert not desk.rows[0]["unread"]
    log = consultations.list_entries(case.context.ledger)
    assert ((log["operation"] == "consultation") & (log["query"] == key)).any()
    case.close()
    again = open_case(tmp_path / "case", officer="ada", purpose="training")
    assert not again.desk.show().rows[0]["unread"]
    again.close()


def test_a_text_names_things_of_the_case_and_their_links_are_told(case: Case) -> None:
    key = came(case)
    other = came(case, "XC-9", summary_of_facts="Another matter.")
    desk = case.desk.show()
    named = told(desk, "read", key)["mentions"]["summary_of_facts"]
    words = {FACTS[one["start"] : one["end"]]: one for one in named}
    assert words["OLIVEIRA"]["kind"] == "Person" and words["+447700900123"]["kind"] == "TelephoneNumber"
    links = told(desk, "links", words["+447700900123"]["id"])
    assert (links["messages"], links["countries"], set(links["lines"])) == (1, ["XB"], {other})


def test_what_no_link_is_about_is_told_with_the_other_documents_that_say_it_and_a_day_is_nothing(case: Case) -> None:
    text = "On 4 October 2026 the page https://lagoon.example/boats offered three cars."
    key, other = came(case, summary_of_facts=text), came(case, "XC-9", summary_of_facts=text)
    case.extract()
    desk = case.desk.show()
    named = told(desk, "read", key)["mentions"]["summary_of_facts"]
    words = {text[one["start"] : one["end"]]: one["id"] for one in named}
    assert not any("October" in said for said in words)
    links = told(desk, "links", words["https://lagoon.example/boats"])
    assert (links["messages"], links["countries"], links["lines"]) == (1, ["XB"], [other])


def test_a_person_of_the_same_name_is_a_suggestion_in_words(case: Case) -> None:
    key, other = came(case), came(case, "XC-9", summary_of_facts="Another matter.")
    desk = case.desk.show()
    named = told(desk, "read", key)["mentions"]["summary_of_facts"]
    person = next(one for one in named if one["kind"] == "Person")
    links = told(desk, "links", person["id"])
    assert not person["sure"] and "may mention this person" in links["said"] and links["lines"] == [other]


def test_what_nobody_read_at_the_desk_has_no_links(case: Case) -> None:
    assert "Open the message again" in told(case.desk.show(), "links", "TelephoneNumber\t+447700900123")


def test_why_it_stands_there_is_told_and_a_category_is_accepted_and_corrected(case: Case) -> None:
    key = came(case, reply_by="2020-01-01", summary_of_facts=FRAUD)
    desk = case.desk.show()
    found = told(desk, "read", key)
    assert found["priority"] and all(counts.startswith("+") for _, counts in found["priority"])
    first = desk.rows[0]
    assert first["category"] in desk.categories and 0.5 <= first["confidence"] < 1 and not first["decided"]
    assert told(desk, "correct", key, first["category"])["decided"]
    assert told(desk, "correct", key, "drug_trafficking")["category"] == "drug_trafficking"
    assert (desk.rows[0]["category"], desk.rows[0]["decided"]) == ("drug_trafficking", True)
    assert (case.desk.why(key)["by"] == "officer").any()


def test_a_draft_is_changed_mended_and_let_stand_at_the_desk_and_kept_by_the_case(case: Case, tmp_path: Path) -> None:
    desk = case.desk.show()
    draft = told(desk, "compose", "message")
    found = told(
        desk,
        "change",
        draft["id"],
        {"summary_of_facts": FACTS, "persons": [{"family_name": "OLIVEIRA", "forename": "Marta"}]},
    )
    guilt = next(one for one in found["issues"] if one["rule"] == "TXT-06")
    mended = told(desk, "mend", draft["id"], guilt["id"])
    assert "the suspect OLIVEIRA" in mended["values"]["summary_of_facts"]
    assert "This draft no longer has the issue" in told(desk, "mend", draft["id"], guilt["id"])
    warning = next(one for one in mended["issues"] if one["severity"] == "warning" and not one["reason"])
    stands = told(desk, "acknowledge", draft["id"], [warning["id"]], "")
    assert [one["acknowledged"] for one in stands["issues"] if one["id"] == warning["id"]] == [True]
    case.close()
    again = open_case(tmp_path / "case", officer="ada", purpose="training")
    kept = told(again.desk.show(), "draft", draft["id"])
    assert kept["values"]["persons"][0]["family_name"] == "OLIVEIRA"
    assert [one["acknowledged"] for one in kept["issues"] if one["id"] == warning["id"]] == [True]
    again.close()


def test_a_query_asks_for_what_a_message_lacks_and_a_reply_follows_it(case: Case) -> None:
    key = came(case, legal_basis="")
    desk = case.desk.show()
    query, reply = (told(desk, "reply", key, kind) for kind in ("query", "reply"))
    assert query["values"]["your_ref"] == reply["values"]["your_ref"] == "XB-1"
    assert "legal" in query["values"]["summary_of_facts"].lower() or "law" in query["values"]["summary_of_facts"]
    assert reply["values"]["type"] == "reply" and len(case.desk.drafts.list()) == 2


def test_the_desk_answers_in_the_language_that_it_speaks(case: Case) -> None:
    key = came(case, reply_by="2020-01-01", legal_basis="", urgency="immediate", urgency_reason="رهينة")
    came(case, "XC-9", summary_of_facts="Another matter.")
    desk = case.desk.show(language="ar")
    draft = told(desk, "compose", "message")
    found = told(desk, "read", key)
    words = next(one for one in found["mentions"]["summary_of_facts"] if one["kind"] == "Person")
    texts = [
        *(one[part] for shown in (found, draft) for one in shown["issues"] for part in ("message", "fix")),
        *draft["waits"], *(reason for reason, _ in found["priority"]), told(desk, "links", words["id"])["said"],
        *desk.categories.values(),
    ]  # fmt: skip
    assert len(texts) > 30 and all(ARABIC.search(text) for text in texts)
    desk.language = "es"
    again = told(desk, "read", key)
    assert [one["id"] for one in again["issues"]] == [one["id"] for one in found["issues"]]
    assert "base jurídica" in next(one["message"] for one in again["issues"] if one["rule"] == "MSG-19")
    assert desk.categories["fraud"] == "Estafa"
    gone = told(desk, "mend", draft["id"], "MSG-19\tlegal_basis\t\t9")
    assert "MSG-19" in gone and "borrador" in gone


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "asked"), [("en", "legal"), ("fr", "légale"), ("es", "jurídica"), ("ar", "قانوني")]
)
def test_a_query_is_in_the_language_of_the_message(case: Case, language: str, asked: str) -> None:
    came(case, legal_basis="", language=language)
    query = case.desk.drafts.query("XB-1").message
    rule = next(row for row in case.desk.rules.check("XB-1", language=language).itertuples() if row.rule == "MSG-19")
    assert f"– {rule.message} {rule.fix}" in query.summary_of_facts and asked in rule.message


def test_what_does_not_fit_a_field_is_told_and_nothing_is_lost(case: Case) -> None:
    desk = case.desk.show()
    draft = told(desk, "compose", "notice")
    assert "'charges[0].maximum_years' is 'ten'" in told(
        desk, "change", draft["id"], {"charges": [{"maximum_years": "ten"}]}
    )
    assert told(desk, "draft", draft["id"])["values"]["charges"] == []


def test_it_says_what_a_draft_waits_for_and_sends_it_to_whom_it_names(ada: Side, bo: Side) -> None:
    case = ada.case()
    draft = case.desk.draft("information", to="QN-NCB", from_bureau="QM-NCB", subject="CARS", crime_area=["fraud"])
    sample = replace(SAMPLE, summary_of_facts=FACTS.replace("the criminal ", ""))
    given = {
        name: getattr(sample, name)
        for name in ("summary_of_facts", "persons", "purpose", "legal_basis", "conditions_of_use")
    }
    draft.change(**given, confidentiality="RESTRICTED", handling="H1", tlp="TLP:AMBER")
    closed, desk = case.desk.show(), case.desk.show(to_cards=[bo.card, ada.card], trust=ada.trust)
    assert any("The card of an addressee is missing" in text for text in told(closed, "draft", draft.id)["waits"])
    waits = told(desk, "draft", draft.id)["waits"]
    assert any("second officer" in text for text in waits) and not any(
        "The card of an addressee is missing" in text for text in waits
    )
    assert "cannot be sent yet" in told(desk, "send", draft.id) or "second officer" in told(desk, "send", draft.id)
    found = told(desk, "change", draft.id, {"confidentiality": "FOUO"})
    assert [one["message"] for one in found["issues"] if one["blocks"]] == []
    left = [one["id"] for one in found["issues"] if one["severity"] == "warning"]
    assert not left or told(desk, "acknowledge", draft.id, left, "seen with the head of unit")["ready"]
    assert "is in the outbox" in told(desk, "send", draft.id)
    assert [row["folder"] for row in desk.rows] == ["sent"] and case.desk.drafts.list().empty
    case.close()


@pytest.mark.slow
def test_who_may_not_see_a_message_has_no_line_no_link_and_no_text_of_it(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="training")
    case.access.grant("rita", "EXERCISE RESTRICTED", because="vetted")
    rita = open_case(tmp_path / "case", officer="rita", purpose="training")
    secret, plain = came(rita, "SECRET-1", confidentiality="RESTRICTED"), came(rita, "XB-2", subject="OPEN")
    assert {row["id"] for row in rita.desk.show().rows} == {secret, plain}
    rita.close()
    desk = case.desk.show()
    assert [row["id"] for row in desk.rows] == [plain] and "SECRET-1" not in desk.to_html() + desk.to_svg()
    assert "There is no message" in told(desk, "read", secret)
    number = next(
        one for one in told(desk, "read", plain)["mentions"]["summary_of_facts"] if one["kind"] == "TelephoneNumber"
    )
    found = told(desk, "links", number["id"])
    assert (found["messages"], found["said"], found["lines"]) == (0, "", [])
    case.close()


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_what_a_message_is_has_a_word_in_the_list(language: str) -> None:
    known = words.Translator(language).terms("types")
    assert [kind for kind in list_draft_kinds() if not known.get(kind)] == []


@pytest.mark.slow
def test_a_message_is_read_without_looking_at_all_others(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, *_ = [came(case, f"XB-{number}") for number in range(40)]
    office = case.desk.show().office
    office.read(first)
    made, looked = messages._parse_row, list[object]()
    monkeypatch.setattr(messages, "_parse_row", lambda row: (looked.append(row), made(row))[1])
    assert office.read(second).id == second
    assert len(looked) < 20
