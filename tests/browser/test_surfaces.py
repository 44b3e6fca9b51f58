"""Everything that the workbench shows of a case full of hostile texts, in a real browser: nothing of it runs, all of it is seen."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import chromium
import ipywidgets as w
import pandas as pd
import pytest
from IPython.core.formatters import DisplayFormatter
from waiting import still
from watching import LIVE, UNSEEN, Seen

from tests.case import hostile_texts as hostile
from workbench import identity
from workbench.app import recent_cases, start_page
from workbench.case import case_panel
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity
from workbench.case.packages.preview import open_package
from workbench.errors import WorkbenchError
from workbench.identity import Bureau, Officer, TrustList
from workbench.views import html_tables
from workbench.views.case_page import KINDS, Front
from workbench.views.table_display import register_formats
from workbench.visible import escape_hidden

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e]")
"""What must stand as its code point."""


@pytest.fixture(scope="module")
def chief() -> Officer:
    """A bureau whose names are payloads."""
    return identity.create_temporary(hostile.BUREAU, bureau=hostile.BUREAU, country="QM", role="bureau")


def officer_of(chief: Officer, name: str) -> Officer:
    made = identity.create_temporary(name, bureau=hostile.BUREAU, country="QM", role=hostile.OFFICER)
    return made.replace_card(identity.issue(made.card, chief, until="2099-12-31T23:59:59Z"))


@pytest.fixture(scope="module")
def officer(chief: Officer) -> Officer:
    return officer_of(chief, hostile.OFFICER)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, officer: Officer) -> Iterator[Case]:
    with contextlib.closing(hostile.filled(tmp_path_factory.mktemp("surfaces"), officer)) as made:
        yield made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    made = chromium.window(browser, viewport={"width": 1300, "height": 900})
    yield made
    made.context.close()


def looked_at(page: Page, file: Path, *, ours: str = "") -> str:
    """Open a file, touch it all over, and say that nothing ran; returns its text. `ours`: selector of elements that belong there."""
    seen = Seen()
    seen.watch(page)
    page.goto(file.as_uri())
    title = page.title()
    if ours:
        page.eval_on_selector_all(ours, "all => all.forEach(e => { e.dataset.ours = 1 })")
    page.eval_on_selector_all("details", "all => all.forEach(e => { e.open = true })")
    page.mouse.move(300, 300)
    page.keyboard.press("Tab")
    still(page)
    assert seen.dialogs == []
    assert {url for url in seen.requests if not url.startswith("blob:null/")} <= {
        file.as_uri()
    }  # parts of the page itself
    assert page.evaluate("[window.pwned, Object.prototype.caption].map(x => x ?? null)") == [None, None]
    assert page.url.partition("#")[0] == file.as_uri() and page.title() == title
    assert page.evaluate(LIVE) == []
    assert page.evaluate(UNSEEN) == []
    return str(page.evaluate("document.documentElement.textContent"))


def put(folder: Path, *parts: str) -> Path:
    """Parts as a notebook shows them: on one page without any policy that would help."""
    file = folder / "page.html"
    file.write_text(f"<!doctype html><meta charset=utf-8><title>notebook</title>{''.join(parts)}", "utf-8", "replace")
    return file


def widgets(top: w.Widget) -> Iterator[w.Widget]:
    """A widget and everything in it."""
    yield top
    for child in getattr(top, "children", ()):
        yield from widgets(child)


def shown(top: w.Widget) -> str:
    """What a tree of widgets puts on a page as markup; what it has besides is shown as text by the controls themselves."""
    found = []
    for one in widgets(top):
        assert not getattr(one, "description_allow_html", False)
        if isinstance(one, w.HTML):
            found.append(one.value)
        label = getattr(one, "description", "") + str(getattr(one, "tooltip", "") or "")
        found.append(f"<p title='{escape(label)}'>{escape(label)}</p>")
    return "".join(found)


def test_there_are_enough() -> None:
    assert len(hostile.EVERY) >= 100 and len(hostile.LINES) >= 100 and len(hostile.NAMES + hostile.SPOOFED) >= 60


def test_tables_as_a_notebook_shows_them(case: Case, page: Page, tmp_path: Path) -> None:
    with pd.option_context("display.max_rows", 400, "display.max_colwidth", None, "display.max_columns", 60):
        frames = [
            case.sources.list(), case.documents(), case.entities(), case.sources.issues(), case.review.notes(),
            case.log.decisions(), case.log.entries(),
            case.sources.exclusions(), case.network.ranking(), case.judgements.duplicates().head(60), case.search("alert"),
            case.evidence.list().head(300),
        ]  # fmt: skip
        notebook = DisplayFormatter()
        register_formats(notebook)
        printed = [notebook.format(frame)[0] for frame in frames]
        assert [one["text/plain"] for one in printed if RAW.search(one["text/plain"])] == []
        text = looked_at(page, put(tmp_path, *(one["text/html"] for one in printed)))
    for payload in hostile.LINES[:40]:
        assert payload in text


def test_panel_cards_and_wizard(case: Case, page: Page, tmp_path: Path) -> None:
    panel = case_panel.build_panel(case)
    parts = [shown(panel), panel._repr_mimebundle_()["text/html"]]
    for _ in range(12):
        panel.reviewer.pairs.show_next()
        parts.append(panel.reviewer.pairs.card.value)
    for query in hostile.LINES[::12]:
        panel.finder.text.value = query
        parts.append(panel.finder.out.value)
    wizard = panel.children[2].children[3]
    files = [(name, content) for name, content in hostile.uploads()]
    for name, content in files:
        wizard.inspect_file(name, content)
        parts.append(wizard.said.value)
    for card in wizard.files.children:
        card._toggle_editor()
        card._trial()
        parts.append(shown(card))
    parts += [
        html_tables.build_page(html_tables.build_hits(case.search(text, limit=3)))
        for text in ("alert", "evil.example", "onerror")
    ]
    text = looked_at(page, put(tmp_path, *parts))
    assert "⟨U+202E⟩" in text and all(payload in text for payload in hostile.LINES[:20])


def test_start_page(case: Case, page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    for number, text in enumerate(hostile.LINES[:20]):
        case.chart(name=text)
        recent_cases.add_case(
            recent_cases.Recent(str(tmp_path / str(number)), text, text, "2026-01-01T00:00:00Z"), text
        )
    parts = [shown(start_page.start())]
    with contextlib.closing(open_case(case.context.folder.path, officer="bo", purpose="test", reason="test")) as other:
        front = Front(start_page._Room(other), lambda: None)
        for kind in KINDS:
            front.news.toggle_rows(kind)
            parts.append(shown(front.news))
        parts.append(shown(front))
    text = looked_at(page, put(tmp_path, *parts))
    assert "⟨U+202E⟩" in text and all(payload in text for payload in hostile.LINES[:6])


_ASKED = (
    lambda case, text: find_entity(case.context, text),
    lambda case, text: case.export(text),
    lambda case, text: case.review.note(text, kind=text),
    lambda case, text: case.evidence.add(text, name=text, because=text),
    lambda case, text: case.judgements.judge([text, text], same=True, because=text),
)


def refused(ask: Callable[[Case, str], object], case: Case, text: str) -> WorkbenchError | None:
    """The error with which it is refused; None if it is not."""
    try:
        ask(case, text)
    except WorkbenchError as error:
        return error
    return None


def test_errors_of_verbs_say_what_was_asked_and_run_nothing(case: Case, page: Page, tmp_path: Path) -> None:
    errors = [error for text in hostile.TEXTS for ask in _ASKED if (error := refused(ask, case, text or " "))]
    assert [error for error in errors if RAW.search(str(error))] == []
    parts = [html_tables.format_sentence(error, "warn") for error in errors]
    assert len(parts) > 200
    looked_at(page, put(tmp_path, *parts))


def test_report_chart_and_forms(case: Case, page: Page, tmp_path: Path) -> None:
    name = hostile.EVERY[0]
    made = case.report(tmp_path / "report.html", question=hostile.everything(), to=name)
    frame = "iframe[sandbox='allow-scripts'][srcdoc]"
    assert "⟨U+202E⟩" in looked_at(page, made, ours=frame)
    net = case.graph()
    chart = case.chart(net.subgraph(list(net)[:150]).copy())
    looked_at(page, chart.save(tmp_path / "chart.html"), ours="script, form")
    page.wait_for_function("document.querySelector('.wb-chart')?.wbChart?.surface")
    svg = put(tmp_path, chart.svg)
    assert "⟨U+202E⟩" in looked_at(page, svg)
    for form in case.privacy.forms(tmp_path / "forms"):
        assert "<script>" in looked_at(page, form)


def test_a_package_and_its_sender(case: Case, chief: Officer, page: Page, tmp_path: Path) -> None:
    trust, bo = TrustList((Bureau.from_card(chief.card),)), officer_of(chief, f"bo {hostile.OFFICER}")
    path = case.packages.pack(to=[bo.card], reason=hostile.everything()[:450], trust=trust, clearance="EXERCISE")
    with open_package(path, officer=bo, trust=trust) as package:
        parts = [
            package._repr_html_(),
            escape_hidden(package.documents()._repr_html_()),
            html_tables.build_page(html_tables.format_sentence(repr(package))),
        ]
        assert RAW.search(repr(package)) is None
    assert "alert(1)" in looked_at(page, put(tmp_path, *parts))
    bad = tmp_path / hostile.NAMES[2]
    bad.write_bytes(b"no package")
    with open_package(bad, officer=bo, trust=trust) as package:
        looked_at(page, put(tmp_path, package._repr_html_()))
