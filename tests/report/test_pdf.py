"""PDF: marked on each page, literal, archived by standard, the same twice."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import re
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from tests.cost import within
from tests.report.large import large
from tests.report.payloads import PAYLOADS, flood
from tests.report.sample import report
from workbench.report import (
    Chart,
    Event,
    Finding,
    Link,
    Mark,
    Person,
    Quotation,
    Report,
    SourceFile,
    report_pdf,
    to_html,
    to_pdf,
)
from workbench.report.page_builder import encode_content, parse_moment
from workbench.visible import escape_hidden

FOOT = 60  # points from the lower edge: the footer stands below
BARE = Report(Mark("EXERCISE – FOR TRAINING ONLY"), "Title", "2026-03-14")


def read(report_: Report) -> PdfReader:
    return PdfReader(io.BytesIO(to_pdf(report_)))


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def words(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


@pytest.mark.slow
def test_mark_reference_date_and_number_stand_on_each_page() -> None:
    reader = read(report())
    assert len(reader.pages) > 3
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        assert text.count("EXERCISE – FOR TRAINING ONLY · RESTRICTED") >= 2
        assert "GRH-2026-0117 · data as of 2026-03-14" in text
        assert f"{number} / {len(reader.pages)}" in text


def test_metadata_are_those_of_the_report() -> None:
    reader = read(report())
    assert reader.metadata.title == "Harbour: night removal of a container at berth 14"
    assert reader.metadata.author == "Det. Sgt Ada Lindqvist (4471)"
    assert reader.metadata.creation_date == datetime(2026, 3, 14, tzinfo=UTC)
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"


def test_it_claims_the_archive_and_the_accessibility_standard() -> None:
    xmp = read(report()).trailer["/Root"]["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part>3<", xmp)
    assert re.search(r"pdfaid:conformance>A<", xmp)
    assert re.search(r"pdfuaid:part>1<", xmp)


def test_the_attached_content_has_the_printed_digest() -> None:
    reader = read(report())
    attached = reader.attachments["report.json"][0]
    digest = hashlib.sha256(attached).hexdigest()
    assert digest in squeeze(reader.pages[-1].extract_text())
    assert digest in squeeze(re.sub("<wbr>", "", to_html(report())))
    assert json.loads(attached)["page"]["title"] == report().title


@pytest.mark.slow
def test_the_same_report_gives_the_same_bytes() -> None:
    assert to_pdf(report()) == to_pdf(report())
    assert to_pdf(BARE) == to_pdf(BARE)


def test_nothing_runs_and_nothing_leaves() -> None:
    made = to_pdf(report())
    assert not re.search(rb"/(JavaScript|JS|Launch|URI|SubmitForm|OpenAction|AA)\b", made)


@pytest.mark.parametrize(
    "payload", [*[p for p in PAYLOADS if p[0] in "#$=*/\\"][:10], "ABC\u202eDEF", "lone � half", "你好"]
)
@pytest.mark.slow
def test_hostile_text_in_every_field_is_printed_as_written(payload: str) -> None:
    text, shown = squeeze(words(read(flood(report(), payload)))), squeeze(escape_hidden(payload))
    assert not shown.isascii() or text.count(shown) > 60


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"links": (Link("word " * 1500, "r", "x" * 1500),)},
        {"findings": (Finding("word " * 1500),)},
        {"passages": (Quotation("a", "word " * 1500),)},
        {"persons": (Person("word " * 1500),)},
    ],
)
def test_what_is_longer_than_a_page_runs_on(changes: dict[str, object]) -> None:
    reader = read(dataclasses.replace(BARE, **changes))
    lowest: list[float] = []
    for page in reader.pages:
        page.extract_text(
            visitor_text=lambda text, cm, tm, *_: lowest.append(cm[5] + tm[5] * cm[3]) if "word" in text else None
        )
    assert words(reader).count("word") >= 1500
    assert min(lowest) > FOOT


def test_hostile_text_stays_literal_in_one_passage() -> None:
    ascii_only = [p for p in PAYLOADS if escape_hidden(p).isascii() and len(p) < 200]
    assert len(ascii_only) >= 60
    quotes = tuple(Quotation(str(n), p) for n, p in enumerate(ascii_only))
    text = squeeze(words(read(Report(Mark("EXERCISE"), "T", "2026-01-01", passages=quotes))))
    assert [p for p in ascii_only if squeeze(escape_hidden(p)) not in text] == []


def test_arabic_emoji_and_rare_scripts_are_set() -> None:
    quotes = tuple(
        Quotation(str(n), t)
        for n, t in enumerate(("مرحبا بالعالم", "👍🏽 ok", "Привет Ελλάδα", "กรุงเทพ", "\U0001f9d1\u200d\U0001f33e"))
    )
    text = words(read(Report(Mark("EXERCISE"), "نص", "2026-01-01", passages=quotes)))
    assert "Привет" in text
    assert "ok" in text


def test_names_in_other_scripts_stand_with_how_they_read() -> None:
    people = (Person("محمد بن سلمان", aliases=("سالم",)), Person("Олег Баринов"), Person("בנימין"))
    quotes = (Quotation("a", "text", sender="محمد بن سلمان", recipients=("Олег Баринов",)),)
    value = dataclasses.replace(BARE, persons=people, passages=quotes)
    text = squeeze(words(read(value)))
    for name in ("MuhammadbinSalman", "(Salem)", "ОлегБаринов", "OlegBarinov", "(MuhammadbinSalman)→"):
        assert name in text
    assert "U+2068" not in text and "U+2069" not in text


def bare(value: Report) -> bytes | frozenset[str]:
    """What a machine without any font of its own makes of it: the PDF, or what it cannot print."""
    inputs = {"page": json.dumps(report_pdf._build_data(value, "")), "svg": "", "content": encode_content(value)}
    return report_pdf._compile_template(
        inputs, parse_moment("2026-03-14"), report_pdf.EMBEDDED, report_pdf.STANDARDS[0]
    )


@pytest.mark.slow
def test_a_machine_without_fonts_prints_arabic_and_what_it_cannot_is_named_beside_its_reading() -> None:
    people = (Person("محمد بن سلمان", aliases=("سالم",)), Person("בנימין"), Person("Олег Баринов"))
    made = bare(dataclasses.replace(BARE, persons=people))
    assert isinstance(made, bytes)
    assert "Muhammad bin Salman" in words(PdfReader(io.BytesIO(made)))
    value = dataclasses.replace(BARE, persons=(Person("\ue123习"),))
    assert bare(value) in (frozenset("\ue123习"), frozenset("\ue123"), frozenset("习"))
    assert "⟨U+E123⟩" in words(read(value)) and "Xi" in words(read(value))


@pytest.mark.parametrize(
    "name",
    ["mail/folder/06_slot_change.eml", "ledger_of_calls-2025-09.xlsx", "выписка_операторская_2025.xlsx", "W" * 24],
)
def test_a_long_name_is_broken_inside_its_column_and_nothing_is_added_to_it(name: str) -> None:
    event = Event("2026-02-13T08:40:00+01:00", "what", "who", source=name)
    text = words(read(dataclasses.replace(BARE, timeline=(event,))))
    assert name not in text
    assert name in text.replace("\n", "")


def test_a_name_that_fits_its_column_is_not_broken() -> None:
    files = (SourceFile("mail/06_slot_change.eml", "0" * 64),)
    assert "mail/06_slot_change.eml" in words(read(dataclasses.replace(BARE, sources=files)))


def test_an_emoji_without_a_font_is_printed_as_its_name_and_stays_itself_in_the_page() -> None:
    value = Report(Mark("EXERCISE"), "T", "2026-01-01", passages=(Quotation("a", "see you \U0001f9ff soon"),))
    reader = read(value)
    assert "see you [nazar amulet] soon" in words(reader) or "\U0001f9ff" in words(reader)
    assert "\\ud83e\\uddff" in reader.attachments["report.json"][0].decode()
    assert "see you \U0001f9ff soon" in to_html(value)


def test_a_character_without_a_font_is_printed_as_its_code_point() -> None:
    quotes = (Quotation("a", "price \ue123 and \U000f0000"),)
    reader = read(Report(Mark("EXERCISE"), "T", "2026-01-01", passages=quotes))
    assert "price⟨U+E123⟩and⟨U+F0000⟩" in squeeze(words(reader))
    assert "The attached `report.json` and the HTML of this report" in words(reader)
    assert "\\ue123" in reader.attachments["report.json"][0].decode()


@pytest.mark.slow
def test_a_chart_with_text_of_every_kind_is_set() -> None:
    chart = Chart('<svg viewBox="0 0 100 50"><text x="5" y="20" font-family="Nowhere">Ada مرحبا 你好</text></svg>')
    assert to_pdf(report(chart=chart))


def test_an_empty_report_is_a_report() -> None:
    text = words(read(BARE))
    assert "No conclusions were written." in text
    assert "No sources are listed." in text


@pytest.mark.slow
def test_a_large_report_is_quick() -> None:
    made = to_pdf(large())
    reader = PdfReader(io.BytesIO(made))
    assert all("EXERCISE – FOR TRAINING ONLY" in page.extract_text() for page in reader.pages[:5])
    within(5, lambda: to_pdf(large()))  # quadratic work would take minutes
