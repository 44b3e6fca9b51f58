"""What is done at the desk beside writing: files attached, drafts put away, a second signature, pages that go out."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import pytest

from tests.case.desk.test_deliveries import ready
from tests.case.desk.test_showing import SAMPLE, came, told
from tests.case.packages.conftest import Side
from workbench.case.case import Case, open_case
from workbench.identity import Officer
from workbench.ledger.records import consultations, drafts
from workbench.messages import Message
from workbench.views.desk import LARGEST

PAPERS = b"Forged papers of a van."


def encoded(data: bytes) -> str:
    return b64encode(data).decode()


def test_a_file_is_attached_under_the_mark_of_its_source(case: Case) -> None:
    case.access.grant("rita", "EXERCISE RESTRICTED", because="vetted")
    rita = open_case(case.context.folder.path, officer="rita", purpose="training")
    desk, draft = rita.desk.show(), rita.desk.draft("request", to="XB-NCB", confidentiality="CONFIDENTIAL")
    found = told(desk, "attach", draft.id, "C:\\papers\\papers.txt", "RESTRICTED", encoded(PAPERS))
    (attached,) = found["values"]["attachments"]
    assert (attached["name"], attached["sha256"]) == ("papers.txt", sha256(PAPERS).hexdigest())
    assert (attached["confidentiality"], attached["media_type"]) == ("RESTRICTED", "text/plain")
    assert "RESTRICTED" in rita.sources.list()["mark"].iloc[0] and case.sources.list().empty
    told(desk, "change", draft.id, {"attachments": []})
    assert rita.desk.drafts.open(draft.id).message.attachments == () and len(rita.sources.list()) == 1, (
        "the file stays in the case"
    )
    rita.close()


def test_a_file_that_is_too_large_or_of_no_mark_is_not_taken(case: Case) -> None:
    desk, draft = case.desk.show(), case.desk.draft("request", to="XB-NCB")
    assert "larger than 8 MB" in told(desk, "attach", draft.id, "a.txt", "FOUO", encoded(b"x" * (LARGEST + 1)))
    for mark, data in (("", PAPERS), ("SECRET", PAPERS), ("FOUO", b"")):
        assert "was not attached. The file is empty, or '" in told(
            desk, "attach", draft.id, "a.txt", mark, encoded(data)
        )
    assert "would not be able to see it" in told(desk, "attach", draft.id, "a.txt", "RESTRICTED", encoded(PAPERS))
    assert case.sources.list().empty and case.desk.drafts.open(draft.id).message.attachments == ()


def test_a_draft_is_put_away_with_its_reason(case: Case) -> None:
    desk, draft = case.desk.show(), case.desk.draft("request", to="XB-NCB")
    told(desk, "discard", draft.id, "asked by telephone")
    assert desk.rows == [] and case.desk.drafts.list().empty
    assert [one.state for one in drafts.list_drafts(case.context.ledger)] == [drafts.DISCARDED], "its row stays"
    assert consultations.list_entries(case.context.ledger)["detail"].str.contains("asked by telephone").sum() == 1
    assert "no draft" in told(desk, "draft", draft.id) and "no draft" in told(
        desk, "change", draft.id, {"subject": "x"}
    )


@pytest.mark.slow
def test_what_an_officer_is_done_with_leaves_the_inbox_of_the_desk(case: Case) -> None:
    message = came(case)
    desk = case.desk.show()
    assert [row["folder"] for row in desk.rows] == ["inbox"]
    assert "Nothing was changed. Enter the reason" in told(desk, "done", message, " ")
    told(desk, "done", message, "settled by telephone")
    assert [row["folder"] for row in desk.rows] == ["done"] and case.desk.inbox().empty
    assert told(desk, "read", message)["settles"] == "reopen"
    assert "Nothing was changed. Enter the reason" in told(desk, "reopen", message, " ")
    told(desk, "reopen", message, "the wrong one")
    assert [row["folder"] for row in desk.rows] == ["inbox"] and told(desk, "read", message)["settles"] == "done"


def test_what_went_out_otherwise_is_filed_at_the_desk_and_the_rest_is_told(case: Case) -> None:
    desk, draft = case.desk.show(), ready(case)
    assert told(desk, "draft", draft.id)["left"] == ["QN-NCB", "QO-NCB"]
    assert "Enter how it was sent, for example by post or e-mail" in told(desk, "went", draft.id, " ", ["QN-NCB"])
    said = told(desk, "went", draft.id, "by post", ["QN-NCB"])
    assert said == (
        "The message was marked as sent to QN-NCB (by post). No reply has arrived yet. "
        "The message has not been sent to QO-NCB yet. It stays in the drafts."
    )
    found = told(desk, "draft", draft.id)
    assert found["closed"] and found["left"] == ["QO-NCB"] and found["issues"] == []
    assert found["addressees"] == [["QN-NCB", "sent (by post)"], ["QO-NCB", "not sent"]]
    assert {row["folder"] for row in desk.rows} == {"drafts", "waiting"}
    told(desk, "went", draft.id, "by e-mail", ["QO-NCB"])
    (row,) = desk.rows
    assert row["folder"] == "waiting" and case.desk.drafts.list().empty
    read = told(desk, "read", row["id"])
    assert read["addressees"] == [["QN-NCB", "sent (by post)"], ["QO-NCB", "sent (by e-mail)"]]
    assert read["settles"] == "done" and not read["replies"]
    desk.language = "ar"
    assert "أُرسلت" in told(desk, "read", row["id"])["addressees"][0][1]


def test_a_line_tells_the_crime_area_as_its_sender_says_it(case: Case) -> None:
    came(case, crime_area=("fraud",))
    (row,) = case.desk.show().rows
    assert row["stated"] == "fraud" and not row["decided"]


def test_a_page_of_the_desk_is_a_disclosure_of_its_messages(case: Case) -> None:
    message = came(case)
    page = case.desk.show().to_html()
    (row,) = case.privacy.disclosures().itertuples()
    assert (row.kind, row.name, row.sha256) == ("export", "message-desk.html", sha256(page.encode()).hexdigest())
    (entry,) = consultations.list_entries(case.context.ledger).query("operation == 'disclosure'").itertuples()
    assert entry.count == 1 and "message desk" in entry.detail and row.told > 1 and message


@pytest.mark.slow
def test_a_second_officer_signs_at_a_desk_of_their_own(ada: Side, second: Officer) -> None:
    case = ada.case()
    draft = case.desk.draft(
        "information", to="QN-NCB", from_bureau="QM-NCB", crime_area=["fraud"], clearance="EXERCISE RESTRICTED"
    )
    same = ("persons", "purpose", "legal_basis", "conditions_of_use")
    facts = SAMPLE.summary_of_facts.replace("the criminal ", "")
    given = {name: getattr(SAMPLE, name) for name in same} | {
        "summary_of_facts": facts,
        "subject": "FRAUD / INFORMATION",
    }
    draft.change(**given, confidentiality="RESTRICTED", handling="H1", tlp="TLP:AMBER")
    warned = draft.check().query("severity == 'warning'")
    draft.waive(warned, because="seen")
    mine = case.desk.show()
    assert told(mine, "draft", draft.id)["approvable"] is False, "nobody signs what is their own"
    assert "wrote part of the message. Officers are not allowed to sign their own text as second officer" in told(
        mine, "approve", draft.id
    )
    case.access.grant("eve", "EXERCISE RESTRICTED", because="vetted")
    other = open_case(ada.folder, officer=second, purpose="training")
    desk = other.desk.show(trust=ada.trust)
    assert told(desk, "draft", draft.id)["approvable"] is True
    draft.change(reply_by="2099-01-01")
    assert "Somebody changed the draft after you opened it" in told(desk, "approve", draft.id)
    told(desk, "draft", draft.id)
    found = told(desk, "approve", draft.id)
    assert "eve" in found["approver"] and not found["approvable"]
    assert not any("second officer must sign it" in text for text in found["waits"])
    signed = case.desk.drafts.open(draft.id).message
    assert isinstance(signed, Message) and signed.approver == "eve" and signed.signature
    assert consultations.list_entries(case.context.ledger)["detail"].str.contains("approved by").sum() == 1
    other.close()
    case.close()
