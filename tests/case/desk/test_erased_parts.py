"""What is erased of a message, and no more: the rest stays to be read, and the desk works on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256

import pytest

from tests.case.packages.conftest import Side
from workbench.case.case import Case

NAME, TEXT = "quagga-memo.txt", b"The handler met the source at the harbour.\n"
KEY = sha256(TEXT).hexdigest()
FACTS = "On 14 February 2026 at about 10:00 in Lyon a van was seen."


@pytest.fixture
def case(ada: Side) -> Iterator[Case]:
    with closing(ada.case()) as opened:
        (ada.folder.parent / NAME).write_bytes(TEXT)
        opened.add(ada.folder.parent / NAME)
        yield opened


def _send(case: Case, ada: Side, bo: Side, facts: str, *, attach: bool) -> str:
    """Send a message; its reference."""
    draft = case.desk.draft(
        "information", to=["QN-NCB"], from_bureau="QM-NCB", purpose="person_info", legal_basis="Police act, section 3",
        crime_area=["fraud"], subject="FRAUD / INFORMATION", summary_of_facts=facts,
    )  # fmt: skip
    if attach:
        draft.attach(NAME)
    draft.waive(draft.check().query("severity == 'warning'"), because="seen")
    case.desk.drafts.send(draft, [bo.card], trust=ada.trust)
    return str(case.desk.messages()["our_ref"].iloc[0])


@pytest.mark.parametrize("more", [0, 40], ids=["short", "long"])
def test_erasing_a_file_leaves_a_text_that_ends_with_its_hash(case: Case, ada: Side, bo: Side, more: int) -> None:
    facts = f"{FACTS} " * (more + 1) + f"We have the image of the telephone. SHA-256: {KEY}"
    sent = _send(case, ada, bo, facts, attach=False)
    case.privacy.erase(KEY, because="order", sure=True)
    assert case.desk.message(sent).summary_of_facts == facts and len(case.search("Lyon"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("begin", "gone", "kept"),
    [
        ("type: ", "Police act", NAME),
        ("attachments 1", NAME, "Lyon"),
        ("summary_of_facts", "summary_of_facts", "Police act"),
    ],
)
def test_the_desk_works_on_when_a_passage_of_a_message_of_ours_is_erased(
    case: Case, ada: Side, bo: Side, begin: str, gone: str, kept: str
) -> None:
    more = 40 if begin == "summary_of_facts" else 1
    sent = _send(case, ada, bo, f"{FACTS} " * more, attach=True)
    passages = case.context.passages
    row = passages[passages["text"].str.startswith(begin)].iloc[0]
    case.privacy.erase(str(row["passage_id"]), because="order", sure=True)
    document = str(case.desk.messages()["document_id"].iloc[0])
    shown = repr(case.desk.message(document))
    assert kept in shown and gone not in shown.replace("summary_of_facts=", "")
    assert case.desk.show().to_html() and len(case.desk.why(document))
    assert case.desk.draft("information", to=["QN-NCB"], from_bureau="QM-NCB").check() is not None
    assert case.log.verify().query("state == 'bad'").empty and sent
