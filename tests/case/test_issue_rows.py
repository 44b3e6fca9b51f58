"""Issue rows read English in the ledger, and are told in the language of the case wherever they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest

from tests.catalogued import left, plain, shown
from workbench.case.case import Case, open_case
from workbench.ingest.tables.table_rows import VERSION
from workbench.model.issue_codes import translate_fix, translate_message

FILES = {
    "sms.xml": b"no element here, only words of the harbour",
    "names.txt": "Zo\xeb Roos\n".encode("cp1252"),
    "empty.txt": b"",
    "places.geojson": b'{"type": "FeatureCollection", "features": [7, {"type": "Feature", "properties": {}, "geometry": '
    b'{"type": "Point", "coordinates": [200, 400]}}]}',
    "table.csv": b"when,who\n31/31/2026,ada\n31/31/2026,ada\n",
}
OWN = {"ada", "test", "case", "table", f"table {VERSION}", "text"}
"""What the case itself says: its title, who works, and codes of readers."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with files in which much is wrong."""
    place = tmp_path_factory.mktemp("rows")
    for name, data in FILES.items():
        (place / name).write_bytes(data)
    with closing(open_case(place / "case", officer="ada", purpose="test")) as made:
        for name in FILES:
            made.add(place / name)
    return place / "case"


@pytest.fixture(params=["fr", "es", "ar"])
def case(request: pytest.FixtureRequest, folder: Path) -> Iterator[Case]:
    with closing(open_case(folder, officer="ada", purpose="test", language=request.param)) as made:
        yield made


def test_rows_read_english_and_each_is_known_again(case: Case) -> None:
    rows, language = case.sources.issues(), case.context.settings.language
    assert {"other-form", "bad-encoding", "bad-position", "bad-row"} <= set(rows["code"])
    assert all(translate_message(text, language) != text for text in rows["message"])
    assert all(translate_fix(text, language) != text for text in rows["fix"] if text)


@pytest.mark.slow
def test_the_panel_tells_them(case: Case) -> None:
    found = [*shown(case.charts.panel())]  # type: ignore[arg-type]
    message = case.sources.issues()["message"].iloc[0]
    assert any(translate_message(message, case.context.settings.language) in unescape(text) for text in found)
    assert left(found, case.context.settings.language, OWN) == []


@pytest.mark.slow
def test_the_report_tells_them_and_what_to_do(case: Case, tmp_path: Path) -> None:
    found = [*plain(case.report(tmp_path / "report.html").read_text("utf-8"))]
    row = case.sources.issues().query("code == 'other-form'").iloc[0]
    page = " ".join(found).replace("\u2068", "").replace("\u2069", "")
    assert translate_fix(row["fix"], case.context.settings.language) in page
    assert left(found, case.context.settings.language, OWN) == []
