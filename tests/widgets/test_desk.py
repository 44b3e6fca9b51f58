"""The Python half of the message desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from workbench_widgets.desk import Blank, Draft, Field, Issue, Line, Links, MessageDesk, Reading, Section

BLANK = Blank("Message", [Section("Envelope", [Field(name="subject", label="Subject")])])


class Office:
    """Keeps messages in memory."""

    has_more = False

    def __init__(self, *lines: Line) -> None:
        self.kept = {line.id: line for line in lines}
        self.values: dict[str, Any] = {}
        self.gone: list[tuple[str, list[str]]] = []

    def lines(self) -> list[Line]:
        return [*self.kept.values()]

    def watch(self, messages: Sequence[str]) -> Sequence[str]:
        return messages

    def more(self) -> str:
        return ""

    def read(self, message: str) -> Reading:
        line = self.kept[message]
        self.kept[message] = Line(id=line.id, subject=line.subject)
        return Reading(
            id=message, form="message", values={"subject": line.subject, "text": "a\u202eb"}, mark="FO\u202eUO"
        )

    def links(self, entity: str) -> Links:
        raise ValueError(f"{entity} is closed to you.")

    def compose(self, form: str) -> Draft:
        self.kept = {"d1": Line(id="d1", folder="drafts", direction="out"), **self.kept}
        return Draft(id="d1", form=form)

    def reply(self, message: str, kind: str) -> Draft:
        del message, kind
        return self.compose("message")

    def draft(self, draft: str) -> Draft:
        return Draft(id=draft, form="message", values=self.values)

    def change(self, draft: str, values: Mapping[str, Any]) -> Draft:
        self.values |= values
        self.kept[draft] = Line(id=draft, folder="drafts", subject=self.values.get("subject", ""), direction="out")
        return Draft(
            id=draft,
            form="message",
            values=self.values,
            issues=[Issue(id="x", rule="X-1", severity="error", message="wrong")],
        )

    def mend(self, draft: str, issue: str) -> Draft:
        del issue
        return self.draft(draft)

    def acknowledge(self, draft: str, issues: Sequence[str], reason: str) -> Draft:
        del issues, reason
        return self.draft(draft)

    def preview(self, draft: str) -> Reading:
        return Reading(id=draft, form="message", values=self.values)

    def attach(self, draft: str, name: str, mark: str, data: str) -> Draft:
        self.values["attachments"] = [{"name": name, "confidentiality": mark, "sha256": data}]
        return self.draft(draft)

    def approve(self, draft: str) -> Draft:
        return Draft(id=draft, form="message", approver="eve")

    def discard(self, draft: str, because: str) -> str:
        del self.kept[draft]
        return because

    def record_release(self, page: str, messages: Sequence[str]) -> None:
        self.gone = [*self.gone, (page, [*messages])]

    def send(self, draft: str) -> str:
        del self.kept[draft]
        return "Sent."

    def done(self, message: str, because: str) -> str:
        return message or because

    def correct(self, message: str, category: str) -> Line:
        return Line(id=message, category=category)


def made(*lines: Line, **traits: Any) -> tuple[MessageDesk, list[dict[str, Any]]]:
    """A desk, and all that it says to its browser half."""
    desk = MessageDesk(
        Office(*lines), lambda language: {"message": Blank(f"{BLANK.label} {language}", BLANK.sections)}, **traits
    )
    told: list[dict[str, Any]] = []
    desk.send = lambda content, _=None: told.append(content)  # type: ignore[method-assign,misc]
    return desk, told


def ask(desk: MessageDesk, question: str, *given: object) -> None:
    """A question as it comes from the browser."""
    desk._answer_question(None, {"ask": question, "given": [*given], "number": 1}, [])


def test_only_lines_that_changed_are_sent_again() -> None:
    desk, told = made(Line(id="a", unread=True, subject="one"), Line(id="b", unread=True))
    ask(desk, "read", "a")
    assert [*told[0]["rows"]] == ["a"] and told[0]["order"] is None
    assert told[0]["rows"]["a"]["unread"] is False and desk.rows[0]["unread"] is False
    ask(desk, "read", "a")
    assert len(told) == 3, "nothing but the answer"


def test_new_and_sent_messages_change_the_order() -> None:
    desk, told = made(Line(id="a"))
    ask(desk, "compose", "message")
    assert told[0]["order"] == ["d1", "a"] and told[1]["found"]["id"] == "d1"
    ask(desk, "send", "d1")
    assert told[2]["order"] == ["a"] and told[3]["found"] == "Sent."


def test_a_change_answers_with_issues_and_not_with_what_was_typed() -> None:
    desk, told = made()
    ask(desk, "compose", "message")
    ask(desk, "change", "d1", {"our_ref": "1"})
    assert told[-1]["found"]["values"] == {} and told[-1]["found"]["issues"][0]["rule"] == "X-1"
    ask(desk, "change", "d1", {"subject": "typed"})
    assert told[-2]["rows"]["d1"]["subject"] == "typed"


def test_what_the_office_refuses_and_what_nobody_answers_is_told() -> None:
    desk, told = made()
    ask(desk, "links", "Marta")
    ask(desk, "erase", "everything")
    assert told[0]["problem"] == "Marta is closed to you." and "does not answer 'erase'" in told[1]["problem"]


def test_what_is_shown_hides_nothing_and_what_comes_back_stays_exact() -> None:
    desk, told = made(Line(id="a\u202e", subject="x\u202ey"))
    assert desk.rows[0]["id"] == "a\u202e" and desk.rows[0]["subject"] == "x⟨U+202E⟩y"
    ask(desk, "read", "a\u202e")
    assert told[-1]["found"]["values"]["text"] == "a\u202eb" and told[-1]["found"]["mark"] == "FO⟨U+202E⟩UO"


def test_a_draft_is_put_away_and_its_line_goes() -> None:
    desk, told = made()
    ask(desk, "compose", "message")
    ask(desk, "discard", "d1", "not needed")
    assert told[-2]["order"] == [] and told[-1]["found"] == "not needed"


def test_a_file_is_attached_and_a_second_officer_signs() -> None:
    desk, told = made()
    ask(desk, "compose", "message")
    ask(desk, "attach", "d1", "papers.txt", "FOUO", "aGk=")
    assert told[-1]["found"]["values"]["attachments"][0]["name"] == "papers.txt"
    ask(desk, "approve", "d1")
    assert told[-1]["found"]["approver"] == "eve" and told[-1]["found"]["approvable"] is False


def test_a_page_that_goes_out_is_told_to_the_office() -> None:
    desk, _ = made(Line(id="a"), Line(id="d1", folder="drafts"))
    page = desk.to_html()
    assert desk.office.gone == [(page, ["a"])]  # type: ignore[attr-defined]
    assert desk.to_svg() and len(desk.office.gone) == 1, "a picture in the notebook stays in it"  # type: ignore[attr-defined]


def test_the_language_brings_its_forms() -> None:
    desk, _ = made(words={"en": {"Send": "Dispatch"}})
    assert desk.blanks["message"]["label"] == "Message en" and desk.words["en"] == {"verb\x04Send": "Dispatch"}
    desk.language = "ar"
    assert desk.blanks["message"]["label"] == "Message ar"


def test_picture_line_and_saved_page_need_no_kernel_and_carry_no_draft() -> None:
    desk, _ = made(
        Line(id="a", subject="<script>", unread=True),
        Line(id="d", folder="drafts", subject="half a sentence"),
        mark="EXERCISE",
    )
    assert "&lt;script&gt;" in desk.to_svg() and "EXERCISE" in desk.to_svg() and "<script>" not in desk.to_svg()
    assert repr(desk) == "Message desk: inbox 1, unread 1, drafts 1, sent 0"
    assert "half a sentence" not in desk.to_html() and made()[0].to_svg() == ""


def test_a_field_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="'date' is of the kind 'calendar'; it can be text"):
        Field(name="date", label="Date", kind="calendar")
