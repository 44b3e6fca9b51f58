"""The message desk as a person works with it: real messages, the real rules, a real browser; no notebook and no case."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import piped
import practice
import pytest
from playwright.sync_api import expect
from standalone import opened
from waiting import becomes, settled, until

from workbench.messages import from_json
from workbench.views import desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FACTS = "On 14 February 2026 in Port Valdorra the criminal OLIVEIRA Marta sold three cars that she did not own."


def field(page: Page, place: str) -> Locator:
    """The control of a field."""
    box = page.locator(f'[data-place="{place}"]')
    return box.locator(":scope > .wd-input, :scope > .wd-grow > textarea, :scope > .wd-chosen > select").first


def notes(page: Page, place: str) -> Locator:
    """What the rules say at a field."""
    return page.locator(f'[data-place="{place}"] > .wd-at-field > li')


def fill(page: Page) -> None:
    """A request, field by field, with a word in it that calls somebody guilty."""
    lines = {
        "to": "XB-NCB", "our_ref": "XA-2026-0117", "subject": "FRAUD / IDENTIFICATION / OLIVEIRA",
        "legal_basis": "Code of criminal procedure of XA, section 12", "reply_by": "2099-03-09", "summary_of_facts": FACTS,
        "conditions_of_use": "For this investigation only.",
    }  # fmt: skip
    codes = {
        "type": "request",
        "purpose": "person_info",
        "confidentiality": "FOUO",
        "handling": "H1",
        "tlp": "TLP:AMBER",
    }
    for place, text in lines.items():
        field(page, place).fill(text)
    for place, code in (*codes.items(), ("requested_action", "identify"), ("crime_area", "fraud")):
        field(page, place).select_option(code)
    page.locator('[data-place="persons"] .wd-add').first.click()
    person = {
        "family_name": "OLIVEIRA",
        "forename": "Marta",
        "date_of_birth": "1988-06-21",
        "nationalities": "XA",
        "source_grade": "B",
        "information_grade": "2",
    }
    for name, text in person.items():
        field(page, f"persons[0].{name}").fill(text)
    for name, code in {"sex": "F", "status": "suspect", "scale": "4x4"}.items():
        field(page, f"persons[0].{name}").select_option(code)


def test_compose_see_an_error_come_and_go_mend_by_click_and_send(browser: Browser, tmp_path: Path) -> None:
    office = tmp_path / "office"
    with piped.live(browser, tmp_path, practice.opened(office, 6)) as (page, _):
        page.locator(".wd-list").focus()
        page.keyboard.press("c")
        expect(page.locator(".wd-send")).to_have_text(re.compile(r"\d+ errors block sending"))
        expect(notes(page, "subject")).to_have_count(1)
        field(page, "subject").fill("FRAUD")
        expect(notes(page, "subject").filter(has_text="The subject is missing")).to_have_count(0)
        fill(page)
        guilt = notes(page, "summary_of_facts").filter(has_text="states guilt")
        expect(guilt).to_have_count(1)
        expect(page.locator(".wd-under.wd-warning", has_text="the criminal")).to_have_count(1)
        guilt.get_by_role("button", name="Fix").click()
        expect(field(page, "summary_of_facts")).to_have_value(FACTS.replace("the criminal", "the suspect"))
        expect(guilt).to_have_count(0)
        settle(page)
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("status")).to_have_text("Sent; the acknowledgement is awaited.")
        expect(page.locator(".wd-folder[aria-pressed=true]")).to_have_text(re.compile("Waiting"))
        expect(page.locator(".wd-line .wd-subject")).to_have_text("FRAUD / IDENTIFICATION / OLIVEIRA")
        expect(page.locator(".wd-line")).to_have_attribute("aria-selected", "true")
        expect(page.locator(".wd-reading")).to_contain_text("OLIVEIRA")
    (sent,) = office.glob("*.sent")
    message = from_json(sent.read_text("utf-8"))
    assert (message.to, message.persons[0].family_name, message.persons[0].status) == (
        ("XB-NCB",),
        "OLIVEIRA",
        "suspect",
    )


def settle(page: Page) -> None:
    """Let all warnings stand, with a reason where one is asked for."""
    expect(page.locator(".wd-state")).to_have_text("Saved")
    allow, reason = page.locator(".wd-allow"), page.locator(".wd-why input[type=text]")
    while open_ones := allow.count():
        several = page.locator(".wd-all")
        (several if several.count() else allow.first).click()
        until(page, lambda before=open_ones: reason.count() or allow.count() < before)
        if reason.count():
            reason.press_sequentially("Agreed with the head of unit.")
            page.locator(".wd-why .wd-primary").click()
        until(page, lambda before=open_ones: allow.count() < before)


def test_one_reason_answers_for_several_warnings(browser: Browser, tmp_path: Path) -> None:
    office = tmp_path / "office"
    with piped.live(browser, tmp_path, practice.opened(office, 0)) as (page, _):
        page.locator(".wd-new").select_option("message")
        for action in ("search", "arrest"):
            field(page, "requested_action").select_option(action)
        asked = page.locator(".wd-issue .wd-allow", has_text="Keep warning…")
        expect(asked).to_have_count(2)
        asked.first.click()
        page.locator(".wd-why .wd-primary").click()
        expect(page.locator(".wd-why")).to_be_visible()
        page.locator(".wd-also input").check()
        page.locator(".wd-why input[type=text]").fill("It matters for the search.")
        page.keyboard.press("Enter")
        expect(asked).to_have_count(0)
        expect(page.locator(".wd-issue.wd-stands")).to_have_count(2)
    (stands,) = office.glob("*.stands")
    assert stands.read_text("utf-8").count("It matters for the search.") == 2


def test_to_send_what_is_blocked_goes_to_the_first_thing_that_blocks(browser: Browser, tmp_path: Path) -> None:
    with piped.live(browser, tmp_path, practice.opened(tmp_path / "office", 0)) as (page, _):
        page.locator(".wd-new").select_option("message")
        field(page, "summary_of_facts").fill("The 🚢 came. The criminal is known.")
        expect(page.locator(".wd-under")).to_have_text("The criminal")
        page.locator(".wd-issue .wd-what", has_text="states guilt").click()
        chosen = "() => { const e = document.activeElement; return e.value?.slice(e.selectionStart, e.selectionEnd); }"
        becomes(page, chosen, "The criminal")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".wd-issue.wd-error").first).to_be_attached()
        becomes(page, "document.activeElement.closest('[data-worst=error]') !== null", value=True)
        before = page.evaluate("document.activeElement.id")
        page.keyboard.press("F8")
        page.keyboard.press("F8")
        until(page, lambda: page.evaluate("document.activeElement.id") != before)


def test_read_follow_an_entity_correct_the_category_and_reply(browser: Browser, tmp_path: Path) -> None:
    with piped.live(browser, tmp_path, practice.opened(tmp_path / "office", 40)) as (page, _):
        expect(page.locator(".wd-folder").first).to_contain_text("40/40")
        page.locator(".wd-line").nth(1).click()
        page.locator("button.wd-named").first.click()
        expect(page.locator(".wd-links")).to_contain_text(
            re.compile(r"in \d+ other messages? from \d+ (country|countries)")
        )
        page.keyboard.press("Escape")
        expect(page.locator(".wd-links")).to_have_count(0)
        expect(page.locator(".wd-reading")).to_be_visible()
        expect(page.locator(".wd-reading .wd-guess")).to_contain_text("82 %")
        page.locator(".wd-reading .wd-select").select_option("missing")
        expect(page.locator(".wd-line").nth(1).locator(".wd-category")).to_have_text("missing persons")
        expect(page.locator(".wd-folder").first).to_contain_text("39/40")
        page.get_by_role("button", name="Ask for details").click()
        expect(field(page, "type")).to_have_value("request")
        expect(field(page, "your_ref")).not_to_have_value("")
        expect(page.locator(".wd-folder").nth(1)).to_contain_text("1")


def test_everything_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    with piped.live(browser, tmp_path, practice.opened(tmp_path / "office", 40)) as (page, _):
        page.evaluate("window.heard = []; document.addEventListener('keydown', e => heard.push(e.key))")
        page.locator(".wd-list").focus()
        for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Enter"):
            page.keyboard.press(key)
        expect(page.locator(".wd-reading")).to_be_visible()
        active = page.locator(".wd-list").get_attribute("aria-activedescendant")
        expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
        page.keyboard.press("r")
        expect(page.locator(".wd-form")).to_be_visible()
        expect(field(page, "type")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(".wd-list")).to_be_focused()
        page.keyboard.press("/")
        page.keyboard.type("re ")
        expect(page.locator(".wd-line")).to_have_count(1)
        assert page.evaluate("heard").count("r") == 1, "keys that the desk takes go no further; letters in a field do"


def test_a_draft_outlives_the_kernel_and_what_was_typed_meanwhile_is_kept(browser: Browser, tmp_path: Path) -> None:
    office = tmp_path / "office"
    with piped.live(browser, tmp_path, practice.opened(office, 0)) as (page, _):
        page.locator(".wd-new").select_option("message")
        field(page, "subject").fill("kept before")
        expect(page.locator(".wd-state")).to_have_text("Saved")
        page.evaluate("window.kept = window.pipe; comm.cut()")
        field(page, "our_ref").fill("typed while it was gone")
        expect(page.locator(".wd-state")).to_contain_text("only on this page")
        expect(field(page, "our_ref")).to_have_value("typed while it was gone")
    with piped.live(browser, tmp_path, practice.opened(office, 0)) as (page, _):
        page.locator(".wd-folder").nth(1).click()
        page.locator(".wd-line").click()
        expect(field(page, "subject")).to_have_value("kept before")


def test_the_preview_is_what_is_sent_between_two_marks(browser: Browser, tmp_path: Path) -> None:
    with piped.live(browser, tmp_path, practice.opened(tmp_path / "office", 0)) as (page, _):
        page.locator(".wd-new").select_option("message")
        field(page, "summary_of_facts").fill("A car was sold.\nبيعت سيارة في الميناء.")
        field(page, "confidentiality").select_option("RESTRICTED")
        page.get_by_role("button", name="As the addressee sees it").click()
        expect(page.locator(".wd-preview > .wd-mark")).to_have_text(["RESTRICTED", "RESTRICTED"])
        lines = page.locator(".wd-preview .wd-text p")
        expect(lines).to_have_text(["A car was sold.", "بيعت سيارة في الميناء."])
        assert [line.evaluate("e => getComputedStyle(e).direction") for line in lines.all()] == ["ltr", "rtl"]
        assert page.locator(".wd-preview button, .wd-preview input").count() == 0
        page.get_by_role("button", name="Form", exact=True).click()
        expect(field(page, "summary_of_facts")).to_be_visible()


def test_a_file_goes_with_the_message_under_the_mark_of_its_source_and_is_removed_again(
    browser: Browser, tmp_path: Path
) -> None:
    papers = tmp_path / "papers.txt"
    papers.write_text("Forged papers.", "utf-8")
    with piped.live(browser, tmp_path, practice.opened(tmp_path / "office", 0)) as (page, _):
        page.locator(".wd-new").select_option("message")
        page.locator(".wd-attach").click()
        asked = page.locator(".wd-asking")
        expect(asked).to_contain_text("maximum file size is 8 MB")
        asked.locator("input[type=file]").set_input_files(papers)
        asked.get_by_role("button", name="Attach", exact=True).click()
        expect(asked.locator("select")).to_be_focused()
        asked.locator("select").select_option("RESTRICTED")
        asked.get_by_role("button", name="Attach", exact=True).click()
        expect(field(page, "attachments[0].name")).to_have_value("papers.txt")
        expect(field(page, "attachments[0].sha256")).to_have_value(hashlib.sha256(papers.read_bytes()).hexdigest())
        expect(field(page, "attachments[0].confidentiality")).to_have_value("RESTRICTED")
        expect(asked).to_be_empty()
        page.locator('[data-place="attachments[0]"] .wd-remove').click()
        expect(page.locator('[data-place="attachments[0]"]')).to_have_count(0)


def test_a_file_that_is_too_large_is_told_before_it_travels(browser: Browser, tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    large.write_bytes(bytes(desk.LARGEST + 1))
    with piped.live(browser, tmp_path, practice.opened(tmp_path / "office", 0)) as (page, _):
        page.locator(".wd-new").select_option("message")
        page.locator(".wd-attach").click()
        page.locator(".wd-asking input[type=file]").set_input_files(large)
        page.locator(".wd-asking select").select_option("FOUO")
        page.locator(".wd-asking .wd-primary").click()
        expect(page.locator(".wd-problem")).to_contain_text("larger than 8 MB")


def test_a_draft_is_put_away_after_a_reason(browser: Browser, tmp_path: Path) -> None:
    office = tmp_path / "office"
    with piped.live(browser, tmp_path, practice.opened(office, 0)) as (page, _):
        page.locator(".wd-new").select_option("message")
        expect(page.locator(".wd-line")).to_have_count(1)
        page.locator(".wd-discard").click()
        why = page.locator(".wd-asking input")
        expect(why).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".wd-line")).to_have_count(1)
        why.fill("Asked by telephone.")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("The draft was discarded.")
        expect(page.locator(".wd-line")).to_have_count(0)
        expect(page.locator(".wd-form")).to_have_count(0)
    assert [path.suffix for path in office.iterdir()] == [".discarded"]


def test_a_second_officer_signs_where_it_is_asked_for(browser: Browser, tmp_path: Path) -> None:
    with piped.live(browser, tmp_path, practice.opened(tmp_path / "office", 0)) as (page, _):
        page.locator(".wd-new").select_option("message")
        expect(page.locator(".wd-approve")).to_be_hidden()
        field(page, "confidentiality").select_option("RESTRICTED")
        page.locator(".wd-approve").click()
        expect(page.locator(".wd-asking")).to_contain_text("You sign the message as it is now.")
        page.get_by_role("button", name="Sign", exact=True).click()
        expect(page.locator(".wd-wait")).to_have_text(re.compile("Signed by a second officer: officer-02"))
        expect(page.locator(".wd-approve")).to_be_hidden()


def test_another_language_turns_the_desk_and_loses_nothing(browser: Browser, tmp_path: Path) -> None:
    with piped.live(browser, tmp_path, practice.opened(tmp_path / "office", 3)) as (page, _):
        page.locator(".wd-new").select_option("message")
        field(page, "subject").fill("half a subj")
        page.locator(".wd-head .wd-select").last.select_option("ar")
        expect(page.locator(".wd")).to_have_attribute("dir", "rtl")
        expect(page.locator(".wd-form")).to_contain_text("الموضوع")
        expect(field(page, "subject")).to_have_value("half a subj")
        box, inbox = settled(page, lambda: [page.locator(one).bounding_box() for one in (".wd-pane", ".wd-inbox")])
        assert box and inbox and inbox["x"] > box["x"], "the list is on the right"


def test_of_many_lines_only_those_that_are_seen_are_in_the_page(browser: Browser, tmp_path: Path) -> None:
    with piped.live(browser, tmp_path, many(tmp_path, 5000)) as (page, _):
        assert 0 < page.locator(".wd-line").count() < 40
        page.locator(".wd-list").focus()
        page.keyboard.press("End")
        expect(page.locator(".wd-line").last.locator(".wd-subject")).to_have_text("Subject 4999")
        expect(page.locator(".wd-line").last).to_have_attribute("aria-setsize", "5000")
        page.locator(".wd-filter").fill("subject 4711")
        expect(page.locator(".wd-line")).to_have_count(1)


def test_an_inbox_beyond_what_is_shown_says_so_and_goes_on(browser: Browser, tmp_path: Path) -> None:
    made = many(tmp_path, 20)
    made.office.has_more = True
    made.refresh()
    with piped.live(browser, tmp_path, made) as (page, _):
        more = page.get_by_role("button", name="Show more messages")
        expect(more).to_be_visible()
        page.locator(".wd-folder", has_text="Drafts").click()
        expect(more).to_be_hidden()
        page.locator(".wd-folder", has_text="Inbox").click()
        more.click()
        expect(page.locator(".wd-folder", has_text="Inbox")).to_contain_text("40")
        expect(more).to_be_hidden()


def many(folder: Path, initial: int) -> desk.MessageDesk:
    """A desk with so many lines."""

    class Full(practice.Practice):
        count = initial

        def lines(self) -> list[desk.Line]:
            return [desk.Line(id=f"m{at}", subject=f"Subject {at}", sender="XB-NCB") for at in range(self.count)]

        def more(self) -> str:
            self.count, self.has_more = 2 * self.count, False
            return ""

    (folder / "many").mkdir()
    return desk.build_desk(Full(folder / "many"), practice.forms)


@pytest.mark.parametrize("width", [420, 700, 1440])
def test_a_saved_page_is_read_without_a_kernel_and_nothing_can_be_written(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    made = practice.opened(tmp_path / "office", 20)
    made.office.compose("message")
    made.refresh()
    with opened(browser, tmp_path, made.to_html(), check=False, viewport={"width": width, "height": 900}) as (
        page,
        seen,
    ):
        page.locator(".wd-line").nth(2).click()
        expect(page.locator(".wd-reading .wd-text").first).to_be_visible()
        assert page.locator(".wd-new, .wd-form, .wd-reading button:not(.wd-link), .wd-reading select").count() == 0
        expect(page.locator(".wd-folder").nth(1)).to_have_text("Drafts0")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.errors == [] and seen.dialogs == []


def test_a_line_that_is_drawn_again_under_the_pointer_opens_all_the_same(browser: Browser, tmp_path: Path) -> None:
    with piped.live(browser, tmp_path, practice.opened(tmp_path / "office", 6)) as (page, _):
        line = page.locator(".wd-line").nth(2)
        name = line.locator(".wd-subject").inner_text()
        line.hover()
        page.mouse.down()
        page.evaluate("document.querySelector('.wd').wbView.refresh()")
        page.mouse.up()
        expect(page.locator(".wd-reading")).to_contain_text(name)


def test_what_the_office_refuses_is_told_at_the_desk(browser: Browser, tmp_path: Path) -> None:
    class Closed(practice.Practice):
        def read(self, message: str) -> desk.Reading:
            raise ValueError(f"<b>{message}</b> is closed to you.")

    (tmp_path / "closed").mkdir()
    made = desk.build_desk(Closed(tmp_path / "closed", practice.traffic(3)), practice.forms)
    with piped.live(browser, tmp_path, made) as (page, _):
        page.locator(".wd-line").first.click()
        expect(page.locator(".wd-problem")).to_have_text("<b>m0</b> is closed to you.")
