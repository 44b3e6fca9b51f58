from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest

from tests.ingest.claimed import of, values
from tests.ingest.office.test_word import saved
from workbench.ingest import SourceFile, detect, read
from workbench.model.rows import Document, Enclosure, Issue, Passage

Make = Callable[[str, str | bytes], SourceFile]


@pytest.fixture(scope="module")
def show() -> bytes:
    from pptx import Presentation
    from pptx.util import Inches

    made = Presentation()
    made.core_properties.author = "Ada Winter"
    first = made.slides.add_slide(made.slide_layouts[1])
    first.shapes.title.text, first.placeholders[1].text = "Harbour", "Night shift\nTwo cranes"
    first.notes_slide.notes_text_frame.text = "Say nothing of the crane."
    second = made.slides.add_slide(made.slide_layouts[6])
    table = second.shapes.add_table(2, 2, 0, 0, Inches(4), Inches(2)).table
    for row, cells in enumerate((("Name", "Phone"), ("Zoë", "+31 6 4489 1202"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    box = second.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame
    run = box.paragraphs[0].add_run()
    run.text, run.hyperlink.address = "site", "https://example.org/x"
    second.shapes.add_ole_object(BytesIO(b"name,phone"), "list.csv", 0, 0, Inches(1), Inches(1))
    made.slides.add_slide(made.slide_layouts[6])._element.set("show", "0")
    return saved(made)


def test_a_slide_is_a_page(made: Make, show: bytes) -> None:
    file = made("show.pptx", show)
    assert detect(file).reason == "The file is a presentation (PPTX)."
    rows = list(read(file))
    assert (of(Document, rows)[0].schema, of(Document, rows)[0].title) == ("Document", "show.pptx")
    assert [(p.page, p.text) for p in of(Passage, rows)] == [
        (1, "Harbour\n\nNight shift\n\nTwo cranes"),
        (1, "Notes: Say nothing of the crane."),
        (2, "Name | Phone\nZoë | +31 6 4489 1202\n\nsite"),
        (0, "Links: https://example.org/x"),
    ]
    assert values(rows, "Document", "author") == {"Ada Winter"}
    assert {i.code: i.message for i in of(Issue, rows)} == {
        "hidden": "Hidden slides, which the presentation does not show: 3. They were read.",
        "left-out": "Pictures in 'show.pptx' that were counted but not read: 1.",
    }
    [inside] = of(Enclosure, rows)
    assert b"name,phone" in inside.data
    assert rows == list(read(file))
